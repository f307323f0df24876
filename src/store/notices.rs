//! Notices and their versions, for reading.

use super::sources::{self, SourceState};
use super::text::{At, Day, Json, Word};
use super::{Store, StoreError, search};
use crate::model::facts::NoticeKind;
use crate::model::{Date, NoticeId, Reading, Timestamp};
use rusqlite::{Connection, OptionalExtension, Params, Row};
use std::collections::HashMap;

/// A notice as its list shows it, with the latest version of its page.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Surrogate id.
    pub id: NoticeId,
    /// Source id.
    pub source: String,
    /// Address for people.
    pub url: String,
    /// Title as last seen in the list.
    pub title: String,
    /// Date in the list; None where it shows none.
    pub published: Option<Date>,
    /// The row leads straight to a file or to another site: known, not fetched.
    pub external: bool,
    /// What its latest reading is about; None = never read.
    pub kind: Option<NoticeKind>,
    /// When its row was first seen.
    pub first_seen: Timestamp,
    /// When its row was last seen.
    pub last_seen: Timestamp,
    /// When its page last answered (200 or 304); None = never asked for.
    pub last_fetched: Option<Timestamp>,
    /// Validator of its page (`ETag`).
    pub etag: Option<String>,
    /// Validator of its page (`Last-Modified`).
    pub last_modified: Option<String>,
    /// Runs in a row in which its own address answered "not there".
    pub gone_suspect: u32,
    /// Believed gone, and told so.
    pub gone: bool,
    /// Its page goes to and fro: changes are kept quiet until then.
    pub unsteady_until: Option<Timestamp>,
    /// Entered by a person.
    pub by_hand: bool,
    /// Something about it was told.
    pub told: bool,
    /// Its page as last stored; None = only its row is known.
    pub latest: Option<Version>,
}

/// One stored state of a notice's page.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// 1, 2, … within the notice.
    pub n: u32,
    /// When it was first seen.
    pub seen_at: Timestamp,
    /// Address after redirects.
    pub url: String,
    /// `Content-Type` as sent.
    pub content_type: Option<String>,
    /// Fetched over plain http.
    pub plain_http: bool,
    /// SHA-256 of the raw body, for [`Store::raw`].
    pub page: String,
    /// Digest of the article that was read from it.
    pub article_digest: String,
    /// The facts.
    pub reading: Reading,
    /// Revision of the rules that made them.
    pub revision: u32,
}

/// What `crawl` must know of a source before it visits it.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// How the source stands.
    pub state: SourceState,
    /// All its notices, by id.
    pub notices: Vec<KnownNotice>,
}

/// A notice with what is needed to recognise it.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownNotice {
    /// The notice.
    pub notice: Notice,
    /// Its aliases within the source.
    pub keys: Vec<String>,
    /// Its last three versions, newest first: a page that returns to one of them is unsteady.
    pub recent: Vec<Seen>,
}

/// Which article was seen when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Digest of the article.
    pub article_digest: String,
    /// When it was first seen.
    pub at: Timestamp,
}

/// A file of a notice, as last fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAttachment {
    /// Address as in the page: its identity within the notice.
    pub href: String,
    /// Absolute address.
    pub url: String,
    /// Its name.
    pub name: String,
    /// Validator (`ETag`).
    pub etag: Option<String>,
    /// Validator (`Last-Modified`).
    pub last_modified: Option<String>,
    /// SHA-256 of the file; None = never downloaded.
    pub digest: Option<String>,
    /// Its size in bytes; None = not known.
    pub size: Option<u64>,
    /// When it was last seen.
    pub seen_at: Timestamp,
}

/// Which notices. The default is all of them, without a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Source ids (those that serve a region, for a region); empty = all.
    pub sources: Vec<String>,
    /// Kinds of the latest reading; empty = all, those never read too.
    pub kinds: Vec<NoticeKind>,
    /// Words of an exam (name, aliases): the title or an exam of the reading holds one of them,
    /// or the reading names no exam at all; empty = all.
    pub exam_words: Vec<String>,
    /// Published on this day or later (first seen, where no date is known).
    pub since: Option<Date>,
    /// Words that title and text hold, all of them; see [`Store::search`].
    pub search: Option<String>,
    /// At most so many.
    pub limit: u32,
}

impl Default for Filter {
    fn default() -> Filter {
        Filter {
            sources: Vec::new(),
            kinds: Vec::new(),
            exam_words: Vec::new(),
            since: None,
            search: None,
            limit: u32::MAX,
        }
    }
}

const VERSION: &str = "v.n, v.seen_at, v.url, v.content_type, v.plain_http, v.page,
    v.article_digest, v.reading, v.revision";

const NOTICE: &str = "n.id, n.source, n.url, n.title, n.published, n.external, n.kind,
    n.first_seen, n.last_seen, n.last_fetched, n.etag, n.last_modified, n.gone_suspect, n.gone,
    n.unsteady_until, n.by_hand, n.told";
/// How many columns [`NOTICE`] names: where those of [`VERSION`] begin.
const NOTICE_COLUMNS: usize = 17;

/// The day by which a notice is sorted and found; the index `notice_by_day` holds it.
const DAY: &str = "coalesce(n.published, substr(n.first_seen, 1, 10))";

impl Store {
    /// What is known of a source: its state and all its notices, with their latest versions. Three
    /// queries, however many notices there are.
    ///
    /// # Errors
    /// What the database says.
    pub fn known(&self, source: &str) -> Result<Known, StoreError> {
        self.read(|c| {
            let notices = select(c, "WHERE n.source = ?1 ORDER BY n.id", [source])?;
            let mut keys: HashMap<i64, Vec<String>> = HashMap::new();
            let mut statement = c.prepare_cached(
                "SELECT k.notice, k.key FROM notice n JOIN notice_key k ON k.notice = n.id
                 WHERE n.source = ?1 AND k.source = ?1",
            )?;
            let mut rows = statement.query([source])?;
            while let Some(r) = rows.next()? {
                keys.entry(r.get(0)?).or_default().push(r.get(1)?);
            }
            let mut recent = recent(c, source)?;
            Ok(Known {
                state: sources::state(c, source)?,
                notices: notices
                    .into_iter()
                    .map(|notice| KnownNotice {
                        keys: keys.remove(&notice.id.0).unwrap_or_default(),
                        recent: recent.remove(&notice.id.0).unwrap_or_default(),
                        notice,
                    })
                    .collect(),
            })
        })
    }

    /// One notice by its id.
    ///
    /// # Errors
    /// What the database says.
    pub fn notice(&self, id: NoticeId) -> Result<Option<Notice>, StoreError> {
        self.read(|c| Ok(select(c, "WHERE n.id = ?1", [id.0])?.pop()))
    }

    /// One notice by one of its keys (a canonical URL, a document id), whatever its source.
    ///
    /// # Errors
    /// What the database says.
    pub fn notice_by_url(&self, key: &str) -> Result<Option<Notice>, StoreError> {
        self.read(|c| {
            let which = "WHERE n.id = (SELECT min(notice) FROM notice_key WHERE key = ?1)";
            Ok(select(c, which, [key])?.pop())
        })
    }

    /// Notices that pass the filter, newest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn notices(&self, filter: &Filter) -> Result<Vec<Notice>, StoreError> {
        let query = match filter.search.as_deref().map(search::query) {
            Some(None) => return Ok(Vec::new()),
            Some(query) => query,
            None => None,
        };
        let kinds: Vec<&str> = filter.kinds.iter().map(|k| k.word()).collect();
        let which = format!(
            "WHERE (?1 IS NULL OR n.source IN (SELECT value FROM json_each(?1)))
             AND (?2 IS NULL OR n.kind IN (SELECT value FROM json_each(?2)))
             AND (?3 IS NULL OR json_array_length(v.reading, '$.exams') = 0
                OR EXISTS (SELECT 1 FROM json_each(?3) w WHERE instr(n.title, w.value) > 0
                    OR EXISTS (SELECT 1 FROM json_each(v.reading, '$.exams') x
                        WHERE instr(x.value ->> '$.name', w.value) > 0)))
             AND (?4 IS NULL OR {DAY} >= ?4)
             AND (?5 IS NULL OR n.id IN (SELECT rowid FROM search WHERE search MATCH ?5))
             ORDER BY {DAY} DESC, n.id DESC LIMIT ?6"
        );
        self.read(|c| {
            let params = (
                list(&filter.sources),
                list(&kinds),
                list(&filter.exam_words),
                filter.since.map(Day),
                query,
                filter.limit,
            );
            select(c, &which, params)
        })
    }

    /// Notices of the kinds that are told, published since that day (first seen, where no date
    /// is known), newest first, with their latest readings.
    ///
    /// # Errors
    /// What the database says.
    pub fn in_force(&self, since: Date) -> Result<Vec<Notice>, StoreError> {
        let kinds = [
            NoticeKind::Pickup,
            NoticeKind::Reissue,
            NoticeKind::Postponement,
            NoticeKind::Correction,
            NoticeKind::ECertificate,
            NoticeKind::Results,
            NoticeKind::Registration,
            NoticeKind::Other,
        ];
        self.notices(&Filter {
            kinds: kinds.into_iter().filter(|k| k.told()).collect(),
            since: Some(since),
            ..Filter::default()
        })
    }

    /// All stored versions of a notice, newest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn versions(&self, notice: NoticeId) -> Result<Vec<Version>, StoreError> {
        self.read(|c| {
            c.prepare_cached(&format!(
                "SELECT {VERSION} FROM version v WHERE v.notice = ?1 ORDER BY v.n DESC"
            ))?
            .query_map([notice.0], |r| version_at(r, 0))?
            .collect()
        })
    }

    /// The files of a notice.
    ///
    /// # Errors
    /// What the database says.
    pub fn attachments(&self, notice: NoticeId) -> Result<Vec<KeptAttachment>, StoreError> {
        self.read(|c| {
            c.prepare_cached(
                "SELECT href, url, name, etag, last_modified, digest, size, seen_at
                 FROM attachment WHERE notice = ?1 ORDER BY href",
            )?
            .query_map([notice.0], |r| {
                Ok(KeptAttachment {
                    href: r.get(0)?,
                    url: r.get(1)?,
                    name: r.get(2)?,
                    etag: r.get(3)?,
                    last_modified: r.get(4)?,
                    digest: r.get(5)?,
                    size: r
                        .get::<_, Option<i64>>(6)?
                        .and_then(|n| u64::try_from(n).ok()),
                    seen_at: r.get::<_, At>(7)?.0,
                })
            })?
            .collect()
        })
    }
}

/// A list as a JSON parameter; None, which asks for nothing, where it is empty.
pub(super) fn list<T: serde::Serialize>(values: &[T]) -> Option<Json<&[T]>> {
    (!values.is_empty()).then_some(Json(values))
}

fn select(c: &Connection, which: &str, params: impl Params) -> rusqlite::Result<Vec<Notice>> {
    c.prepare_cached(&format!(
        "SELECT {NOTICE}, {VERSION} FROM notice n LEFT JOIN version v ON v.id = n.latest {which}"
    ))?
    .query_map(params, notice_of)?
    .collect()
}

/// The last three versions of each notice of a source, newest first.
fn recent(c: &Connection, source: &str) -> rusqlite::Result<HashMap<i64, Vec<Seen>>> {
    let mut statement = c.prepare_cached(
        "SELECT v.notice, v.article_digest, v.seen_at FROM notice n
         JOIN version l ON l.id = n.latest
         JOIN version v ON v.notice = n.id AND v.n > l.n - 3
         WHERE n.source = ?1 ORDER BY v.n DESC",
    )?;
    let mut rows = statement.query([source])?;
    let mut recent: HashMap<i64, Vec<Seen>> = HashMap::new();
    while let Some(r) = rows.next()? {
        recent.entry(r.get(0)?).or_default().push(Seen {
            article_digest: r.get(1)?,
            at: r.get::<_, At>(2)?.0,
        });
    }
    Ok(recent)
}

/// The title of a notice, for the writer.
pub(super) fn title(c: &Connection, notice: i64) -> rusqlite::Result<Option<String>> {
    c.prepare_cached("SELECT title FROM notice WHERE id = ?1")?
        .query_row([notice], |r| r.get(0))
        .optional()
}

fn notice_of(r: &Row<'_>) -> rusqlite::Result<Notice> {
    let at =
        |i| -> rusqlite::Result<Option<Timestamp>> { Ok(r.get::<_, Option<At>>(i)?.map(|t| t.0)) };
    let latest = match r.get_ref(NOTICE_COLUMNS)? {
        rusqlite::types::ValueRef::Null => None,
        _ => Some(version_at(r, NOTICE_COLUMNS)?),
    };
    Ok(Notice {
        id: NoticeId(r.get(0)?),
        source: r.get(1)?,
        url: r.get(2)?,
        title: r.get(3)?,
        published: r.get::<_, Option<Day>>(4)?.map(|d| d.0),
        external: r.get(5)?,
        kind: r.get::<_, Option<Word<_>>>(6)?.map(|k| k.0),
        first_seen: r.get::<_, At>(7)?.0,
        last_seen: r.get::<_, At>(8)?.0,
        last_fetched: at(9)?,
        etag: r.get(10)?,
        last_modified: r.get(11)?,
        gone_suspect: r.get(12)?,
        gone: r.get(13)?,
        unsteady_until: at(14)?,
        by_hand: r.get(15)?,
        told: r.get(16)?,
        latest,
    })
}

/// A version from the columns that [`VERSION`] names, the first of them at `first`.
fn version_at(r: &Row<'_>, first: usize) -> rusqlite::Result<Version> {
    Ok(Version {
        n: r.get(first)?,
        seen_at: r.get::<_, At>(first + 1)?.0,
        url: r.get(first + 2)?,
        content_type: r.get(first + 3)?,
        plain_http: r.get(first + 4)?,
        page: r.get(first + 5)?,
        article_digest: r.get(first + 6)?,
        reading: r.get::<_, Json<Reading>>(first + 7)?.0,
        revision: r.get(first + 8)?,
    })
}
