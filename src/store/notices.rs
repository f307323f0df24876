//! Notices and their versions, for reading.

use super::text::{At, Day, OneReading, Word};
use super::{Store, StoreError};
use crate::model::{Notice, NoticeId, Timestamp, Version};
use rusqlite::{Connection, OptionalExtension, Params, Row};

const VERSION: &str = "v.n, v.seen_at, v.url, v.content_type, v.plain_http, v.page,
    v.article_digest, v.reading, v.revision";

const NOTICE: &str = "n.id, n.source, n.url, n.title, n.published, n.external, n.kind,
    n.first_seen, n.last_seen, n.last_fetched, n.etag, n.last_modified, n.gone_suspect, n.gone,
    n.unsteady_until, n.by_hand, n.told";
/// How many columns [`NOTICE`] names: where those of [`VERSION`] begin.
const NOTICE_COLUMNS: usize = 17;

/// Where the reading stands in [`VERSION`].
const READING: usize = 7;

impl Store {
    /// One notice by its id.
    ///
    /// # Errors
    /// What the database says.
    pub fn notice(&self, id: NoticeId) -> Result<Option<Notice>, StoreError> {
        self.run(|c| Ok(select(c, "WHERE n.id = ?1", [id.0])?.pop()))
    }

    /// One notice by one of its keys (a canonical URL, a document id), whatever its source.
    ///
    /// # Errors
    /// What the database says.
    pub fn notice_by_url(&self, key: &str) -> Result<Option<Notice>, StoreError> {
        self.run(|c| {
            let which = "WHERE n.id = (SELECT min(notice) FROM notice_key WHERE key = ?1)";
            Ok(select(c, which, [key])?.pop())
        })
    }

    /// Ids of the sources under which a person entered notices.
    ///
    /// # Errors
    /// What the database says.
    pub fn sources_by_hand(&self) -> Result<Vec<String>, StoreError> {
        self.run(|c| {
            c.prepare_cached("SELECT DISTINCT source FROM notice WHERE by_hand ORDER BY source")?
                .query_map([], |r| r.get(0))?
                .collect()
        })
    }

    /// All stored versions of a notice, newest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn versions(&self, notice: NoticeId) -> Result<Vec<Version>, StoreError> {
        self.run(|c| {
            c.prepare_cached(&format!(
                "SELECT {VERSION} FROM version v WHERE v.notice = ?1 ORDER BY v.n DESC"
            ))?
            .query_map([notice.0], |r| version_at(r, 0))?
            .collect()
        })
    }
}

/// Notices with their latest versions, by a condition over `n` (notice) and `v` (version).
pub(super) fn select(
    c: &Connection,
    which: &str,
    params: impl Params,
) -> rusqlite::Result<Vec<Notice>> {
    c.prepare_cached(&format!(
        "SELECT {NOTICE}, {VERSION} FROM notice n LEFT JOIN version v ON v.id = n.latest {which}"
    ))?
    .query_map(params, notice_of)?
    .collect()
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
        reading: r.get::<_, OneReading>(first + READING)?.0,
        revision: r.get(first + 8)?,
    })
}
