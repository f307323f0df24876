//! What a national site's rows say of whole sittings, kept once per sitting and signal.
//!
//! A transaction of its own: the rows say the same on the next visit, so nothing is lost where it
//! fails.

use super::visit::{Outcome, Visit};
use crate::model::event::Subject;
use crate::model::source::{Kind, NATIONAL};
use crate::model::{Catalog, Change, Date, Entry, Event, Timestamp, china_date};
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
    let offered = match source.kind {
        Kind::Page => offered(visit),
        _ => Vec::new(),
    };
    let mut found: Vec<_> = visit
        .entries
        .iter()
        .chain(&offered)
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

/// Longest line of a page that may be a period which its form offers.
const PERIOD: usize = 24;

/// Periods that a standing page's form offers (2026年上半年), each as a row that says what the page
/// is for: 2026年上半年证书查询.
fn offered(visit: &Visit) -> Vec<Entry> {
    let articles = visit.looks.iter().filter_map(|look| match &look.outcome {
        Outcome::Read(_, article) => Some(article),
        _ => None,
    });
    let periods = articles.flat_map(|article| {
        let short = |line: &&str| line.chars().count() <= PERIOD && line.ends_with("半年");
        let row = |line: &str| Entry {
            keys: Vec::new(),
            url: article.url.clone(),
            title: format!("{line}{}", article.title),
            title_cut: false,
            published: None,
            external: false,
        };
        article.text.lines().map(str::trim).filter(short).map(row)
    });
    periods.collect()
}
