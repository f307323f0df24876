//! A source's pages read by today's adapter and rules, fresh or from the store.

use super::kept;
use super::visit::{Item, Known};
use crate::adapter::Office;
use crate::diff;
use crate::extract::{self, Hint};
use crate::model::event::Subject;
use crate::model::facts::{Facts, Whereabouts};
use crate::model::source::{Kind, NATIONAL};
use crate::model::{
    Article, Catalog, Change, Date, Event, Exam, Notice, NoticeId, Page, Reading, Timestamp,
    Version, Window, china_date,
};
use crate::plan;
use crate::store::{Settling, Store, StoreError};
use jiff::ToSpan;
use std::sync::Arc;

/// Days after publication in which a notice's files are looked at, whatever its windows.
const YOUNG: i32 = 60;

/// Reads pages of one source.
#[derive(Debug, Clone)]
pub struct Reader {
    office: Arc<Office>,
    hint: Hint,
}

impl Reader {
    /// For a source of the catalog. `region` is the region's id, where the source does not tell
    /// it: a page of no known list.
    pub fn new(office: Arc<Office>, catalog: &Catalog, region: Option<&str>) -> Reader {
        let id = region.unwrap_or(&office.source.region);
        let region = whereabouts(catalog, id, office.source.city.as_deref());
        let exams = catalog
            .exams
            .iter()
            .flat_map(|e| std::iter::once(&e.name).chain(&e.aliases));
        let mut exams: Vec<String> = exams.cloned().collect();
        exams.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
        Reader {
            office,
            hint: Hint {
                region,
                published: None,
                exams,
            },
        }
    }

    /// The source and its rules.
    pub fn office(&self) -> &Arc<Office> {
        &self.office
    }

    /// Revision of everything that makes a reading: rules, text layout, this source's shape.
    pub fn revision(&self) -> u32 {
        extract::REVISION.wrapping_mul(0x9E37_79B1) ^ self.office.revision()
    }

    /// The facts of an article.
    pub fn facts(&self, article: &Article) -> Reading {
        extract::read(article, &self.hint)
    }

    /// Whether changes of a notice are told. A standing page is watched for its own sake, whatever
    /// it speaks of.
    pub fn tells(&self, facts: &Facts, exams: &[Exam]) -> bool {
        match self.office.source.kind {
            Kind::Page => watched(facts, exams),
            _ => told(facts, exams),
        }
    }

    /// The article of a stored page; None where today's rules cannot read it.
    pub fn stored(&self, raw: &[u8], version: &Version, notice: &Notice) -> Option<Article> {
        let page = Page {
            url: version.url.clone(),
            status: 200,
            content_type: version.content_type.clone(),
            etag: None,
            last_modified: None,
            headers: Vec::new(),
            body: raw.to_vec(),
            fetched_at: version.seen_at,
            plain_http: version.plain_http,
        };
        self.office.stored(&page, &notice.url).ok()
    }
}

/// Province and city of a region: a city that is counted by itself (青岛) lies in its province.
fn whereabouts(catalog: &Catalog, id: &str, city: Option<&str>) -> Option<Whereabouts> {
    if id == NATIONAL {
        return Some(Whereabouts {
            province: Some("全国".into()),
            city: None,
        });
    }
    let region = catalog.region(id)?;
    let parent = region.parent.as_deref().and_then(|id| catalog.region(id));
    let city = city
        .map(str::to_string)
        .or(parent.map(|_| region.name.clone()));
    Some(Whereabouts {
        province: Some(parent.unwrap_or(region).name.clone()),
        city,
    })
}

/// Whether a notice's files matter: it is told, and a window is open or to come, or it is young.
fn lives(
    reading: &Reading,
    published: Option<Date>,
    reader: &Reader,
    exams: &[Exam],
    now: Timestamp,
) -> bool {
    let young = published.is_some_and(|day| day.saturating_add(YOUNG.days()) >= china_date(now));
    reader.tells(&reading.facts, exams) && (young || still_matters(Some(reading), now))
}

/// Whether a notice is told by default: its kind, and a watched exam or none by name.
pub fn told(facts: &Facts, exams: &[Exam]) -> bool {
    facts.kind.told() && watched(facts, exams)
}

/// Whether it names a watched exam, or none. `exams` empty = all are watched.
pub fn watched(facts: &Facts, exams: &[Exam]) -> bool {
    let names = |exam: &Exam, written: &str| {
        std::iter::once(&exam.name).chain(&exam.aliases).any(|n| {
            let (n, w) = (extract::fold(n), extract::fold(written));
            w.contains(&n) || (w.chars().count() >= 6 && n.contains(&w))
        })
    };
    exams.is_empty()
        || facts.exams.is_empty()
        || facts
            .exams
            .iter()
            .any(|x| exams.iter().any(|e| names(e, &x.name)))
}

/// Loads what is known of a source. What older rules read is read again first, from the stored
/// page: where the facts differ, that is a `Reread`, never a change of the notice.
///
/// # Errors
/// What the store says.
pub fn known(
    store: &mut Store,
    reader: &Reader,
    exams: &[Exam],
    now: Timestamp,
) -> Result<(Known, Vec<Event>), StoreError> {
    let id = reader.office.source.id.as_str();
    let mut known = store.known(id)?;
    let stale = |v: &Version| v.revision != reader.revision();
    let mut events = Vec::new();
    if known
        .notices
        .iter()
        .any(|n| n.notice.latest.as_ref().is_some_and(stale))
    {
        for notice in known.notices.iter().map(|n| &n.notice) {
            if let Some(version) = notice.latest.as_ref().filter(|v| stale(v)) {
                events.extend(reread(store, reader, notice, version, exams, now)?);
            }
        }
        known = store.known(id)?;
    }
    let mut notices = Vec::new();
    for k in known.notices {
        let notice = k.notice;
        let latest = notice.latest.as_ref();
        let windows = latest.map_or(&[][..], |v| v.reading.facts.windows.as_slice());
        let published = latest
            .and_then(|v| v.reading.facts.published)
            .or(notice.published);
        let live = !notice.gone
            && latest.is_some_and(|v| lives(&v.reading, published, reader, exams, now));
        let files = match live {
            true => kept::files(store, &notice)?,
            false => Vec::new(),
        };
        notices.push(Item {
            id: notice.id,
            keys: k.keys,
            by_hand: notice.by_hand,
            external: notice.external,
            gone: notice.gone,
            live,
            files,
            plan: plan::Known {
                published: published.unwrap_or_else(|| china_date(notice.first_seen)),
                last_window: windows.iter().filter_map(|w| w.end.or(w.start)).max(),
                fetched: notice.last_fetched.map(china_date),
                doubtful: notice.gone_suspect > 0 && !notice.gone,
                row_changed: false,
            },
            heading: latest
                .map(|v| v.reading.facts.title.clone())
                .filter(|t| !t.is_empty()),
            digest: latest.map(|v| v.article_digest.clone()),
            validators: for_today(notice.last_fetched, now, notice.etag, notice.last_modified),
            url: notice.url,
            title: notice.title,
        });
    }
    let state = known.state;
    Ok((
        Known {
            validators: for_today(
                state.last_visit,
                now,
                state.list_etag,
                state.list_last_modified,
            ),
            rows: state.list_rows.filter(|_| state.baseline_done),
            dated: state.list_dated,
            failing_since: state.fault_since,
            doubted: state.list_digest.filter(|_| state.fault.is_some()),
            notices,
        },
        events,
    ))
}

/// Validators hold until the end of the day: a server that says "not modified" whatever happens is
/// asked for the whole page once a day.
fn for_today(
    asked: Option<Timestamp>,
    now: Timestamp,
    etag: Option<String>,
    last_modified: Option<String>,
) -> (Option<String>, Option<String>) {
    match asked.is_some_and(|at| china_date(at) == china_date(now)) {
        true => (etag, last_modified),
        false => (None, None),
    }
}

/// Reads a stored page by today's rules and keeps what it gives.
fn reread(
    store: &mut Store,
    reader: &Reader,
    notice: &Notice,
    version: &Version,
    exams: &[Exam],
    now: Timestamp,
) -> Result<Option<Event>, StoreError> {
    let raw = store.raw(&version.page)?;
    let article = raw.and_then(|raw| reader.stored(&raw, version, notice));
    let Some(article) = article else {
        tracing::warn!(
            notice = notice.id.0,
            "stored page cannot be read by today's rules"
        );
        return Ok(None);
    };
    let mut reading = reader.facts(&article);
    let mut tx = store.begin(&notice.source)?;
    number_windows(
        &mut tx,
        notice.id,
        &version.reading.facts.windows,
        &mut reading,
    )?;
    tx.set_reading(
        notice.id,
        &reading,
        reader.revision(),
        &article.digest(),
        &article.text,
    )?;
    let deltas = diff::deltas(&version.reading, &reading);
    let mut event = None;
    if !deltas.is_empty()
        && (reader.tells(&version.reading.facts, exams) || reader.tells(&reading.facts, exams))
    {
        let (about, change) = (Subject::Notice(notice.id), Change::Reread { deltas });
        let (source, title, url) = (&notice.source, &notice.title, &notice.url);
        event = Some(tx.append_event(now, about, source, title, url, change, Some(reading))?);
    }
    tx.commit()?;
    Ok(event)
}

/// Gives the windows of a reading their ids: those of the windows that they continue, or new ones.
///
/// # Errors
/// What the store says.
pub fn number_windows(
    tx: &mut Settling,
    id: NoticeId,
    before: &[Window],
    reading: &mut Reading,
) -> Result<(), StoreError> {
    let mut failed = None;
    diff::pair_windows(before, &mut reading.facts.windows, || {
        tx.next_window_id(id).unwrap_or_else(|error| {
            failed = Some(error);
            String::new()
        })
    });
    failed.map_or(Ok(()), Err)
}

/// Whether a `Reread` matters to anybody: a window is open or to come.
pub fn still_matters(reading: Option<&Reading>, now: Timestamp) -> bool {
    let today = china_date(now);
    reading.is_some_and(|r| {
        r.facts
            .windows
            .iter()
            .any(|w| w.end.is_none_or(|end| end >= today))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::Families;
    use crate::model::Source;
    use crate::model::facts::NoticeKind;

    #[test]
    fn a_standing_page_is_told_of_whatever_it_speaks_of() {
        for (kind, of, want) in [
            (Kind::Page, NoticeKind::Other, true),
            (Kind::List, NoticeKind::Other, false),
            (Kind::List, NoticeKind::Pickup, true),
        ] {
            let source = Source {
                kind,
                family: "trs".into(),
                ..Source::default()
            };
            let office = Office::compile(&source, &Families::builtin()).unwrap();
            let reader = Reader::new(Arc::new(office), &Catalog::default(), None);
            let facts = Facts {
                kind: of,
                ..Facts::default()
            };
            assert_eq!(reader.tells(&facts, &[]), want, "{kind:?} {of:?}");
        }
    }
}
