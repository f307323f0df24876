//! What a national site's rows say of whole sittings, kept once per sitting and signal.
//!
//! A transaction of its own: the rows say the same on the next visit, so nothing is lost where it
//! fails.

use super::visit::Visit;
use crate::model::event::Subject;
use crate::model::source::NATIONAL;
use crate::model::{Catalog, Change, Date, Event, Timestamp, china_date};
use crate::signal;
use crate::store::{Store, StoreError};

/// Days after which what a row says is no news any more.
const OLD: i32 = 45;

/// Keeps what is new. `first_sight` = the site is seen for the first time by this visit.
///
/// # Errors
/// What the store says.
pub(super) fn keep(
    store: &mut Store,
    visit: &Visit,
    catalog: &Catalog,
    first_sight: bool,
    now: Timestamp,
) -> Result<Vec<Event>, StoreError> {
    let Some(source) = catalog
        .source(&visit.source)
        .filter(|s| s.region == NATIONAL)
    else {
        return Ok(Vec::new());
    };
    let mut found: Vec<_> = visit
        .entries
        .iter()
        .filter_map(|entry| {
            let sign = signal::read(entry, &catalog.exams, &source.exams, &catalog.sittings)?;
            Some((sign, entry))
        })
        .collect();
    if found.is_empty() {
        return Ok(Vec::new());
    }
    // The oldest row that says so is the one to name.
    found.sort_by_key(|(_, entry)| entry.published);
    let mut kept = store.events_told(&["signal"])?;
    let known = kept.len();
    let today = china_date(now);
    let old = |day: Date| day.until(today).is_ok_and(|span| span.get_days() > OLD);
    let mut tx = store.begin("")?;
    for (sign, entry) in found {
        let subject = Subject::Standing {
            region: NATIONAL.into(),
            exam: sign.exam,
            sitting: sign.sitting.clone(),
        };
        let same = |e: &Event| {
            let signal = match &e.change {
                Change::Signal { signal, .. } => Some(*signal),
                _ => None,
            };
            e.subject == subject && signal == Some(sign.signal)
        };
        if kept.iter().any(same) {
            continue;
        }
        let change = Change::Signal {
            signal: sign.signal,
            sitting: sign.sitting,
            published: entry.published,
            baseline: first_sight || entry.published.is_some_and(old),
        };
        let (id, title, url) = (&visit.source, &entry.title, &entry.url);
        kept.push(tx.append_event(now, subject, id, title, url, change, None)?);
    }
    tx.commit()?;
    Ok(kept.split_off(known))
}
