//! Everything about one sitting in one value.

use super::belong::{published, sources_of};
use super::{Known, standings, ties};
use crate::model::source::Kind;
use crate::model::{
    Board, BoardNotice, BoardRegion, BoardSource, Catalog, Change, Electronic, Event, Notice,
    NoticeId, Region, Source, SourceState, Subject, Timestamp,
};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Most events that a board carries.
const EVENTS: usize = 60;

/// The board of a sitting. `events` in any order; those of other notices are left out. None where
/// exam or sitting is not in the catalog.
pub fn board(
    known: &Known,
    exam: &str,
    sitting: &str,
    events: &[Event],
    generated: Timestamp,
) -> Option<Board> {
    let catalog = known.catalog;
    let exam = catalog.exams.iter().find(|e| e.id == exam)?;
    let sitting = catalog
        .sittings
        .iter()
        .find(|s| s.exam == exam.id && s.id == sitting)?;
    let standings = standings(known, &exam.id, &sitting.id);
    let mut named: HashSet<NoticeId> = HashSet::new();
    for standing in &standings {
        named.extend(&standing.notices);
        if let Electronic::Available {
            notice: Some(id), ..
        } = standing.electronic
        {
            named.insert(id);
        }
    }
    let pages = catalog.sources.iter().filter(|s| s.kind == Kind::Page);
    let pages: HashMap<&str, &str> = pages.map(|s| (&*s.id, &*s.region)).collect();
    let standing = known.notices.iter().filter(|n| !named.contains(&n.id));
    let standing: Vec<(&str, NoticeId)> = standing
        .filter_map(|n| Some((*pages.get(n.source.as_str())?, n.id)))
        .collect();
    let regions = catalog.regions.iter();
    let regions: BTreeMap<String, BoardRegion> =
        regions.map(|r| region(catalog, r, &standing)).collect();
    named.extend(regions.values().flat_map(|r| &r.pages));
    let mut last: HashMap<NoticeId, Timestamp> = HashMap::new();
    for event in events {
        if let (Subject::Notice(id), true) = (&event.subject, tells(&event.change)) {
            let at = last.entry(*id).or_insert(event.at);
            *at = event.at.max(*at);
        }
    }
    let mut recent: Vec<Event> = events
        .iter()
        .filter(|event| match &event.subject {
            Subject::Notice(id) => named.contains(id) && tells(&event.change),
            Subject::Source(_) => false,
            // Reminders are the user's own.
            Subject::Standing {
                exam: e,
                sitting: s,
                ..
            } => {
                *e == exam.id
                    && *s == sitting.id
                    && !matches!(event.change, Change::Reminder { .. })
            }
        })
        .cloned()
        .collect();
    recent.sort_by(|a, b| b.at.cmp(&a.at).then(b.id.seq.cmp(&a.id.seq)));
    recent.truncate(EVENTS);
    let notice = |n: &Notice| (n.id, card(catalog, n, last.get(&n.id).copied()));
    let all_ties = ties(known.notices);
    Some(Board {
        generated,
        today: known.today,
        exam: exam.name.clone(),
        exam_short: exam.aliases.first().unwrap_or(&exam.name).clone(),
        sitting: sitting.clone(),
        regions,
        notices: known
            .notices
            .iter()
            .filter(|n| named.contains(&n.id))
            .map(notice)
            .collect(),
        ties: all_ties
            .into_iter()
            .filter(|(a, b)| named.contains(a) && named.contains(b))
            .collect(),
        events: recent,
        sources: catalog
            .sources
            .iter()
            .map(|s| source(s, known.states.get(&s.id)))
            .collect(),
        standings,
    })
}

/// Changes that a reader of a board wants to see.
fn tells(change: &Change) -> bool {
    matches!(
        change,
        Change::New
            | Change::Facts { .. }
            | Change::Text { .. }
            | Change::Attachment { .. }
            | Change::Moved { .. }
            | Change::Gone { .. }
            | Change::Back
    )
}

fn card(catalog: &Catalog, notice: &Notice, told: Option<Timestamp>) -> BoardNotice {
    let version = notice.latest.as_ref();
    let changed = version.map_or(notice.first_seen, |v| v.seen_at);
    BoardNotice {
        id: notice.id,
        title: notice.title.clone(),
        url: notice.url.clone(),
        published: published(notice),
        source: notice.source.clone(),
        office: catalog
            .source(&notice.source)
            .map_or_else(|| notice.source.clone(), |s| s.name.clone()),
        kind: notice.kind,
        reading: version.map(|v| v.reading.clone()),
        changed: told.map_or(changed, |at| at.max(changed)),
        seen: notice.last_fetched,
    }
}

/// A region's card. `standing` = what stands on standing pages, with their regions.
fn region(
    catalog: &Catalog,
    region: &Region,
    standing: &[(&str, NoticeId)],
) -> (String, BoardRegion) {
    let pages = standing.iter().filter(|(of, _)| *of == region.id);
    let mut letters = region.pinyin.chars();
    let latin = letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    });
    let card = BoardRegion {
        name: region.name.clone(),
        full: region.full.clone(),
        latin,
        pages: pages.map(|(_, id)| *id).collect(),
        sources: sources_of(catalog, region)
            .into_iter()
            .map(|s| s.id.clone())
            .collect(),
    };
    (region.id.clone(), card)
}

fn source(source: &Source, state: Option<&SourceState>) -> BoardSource {
    let known = [Some(&source.list), source.home.as_ref()];
    BoardSource {
        id: source.id.clone(),
        region: source.region.clone(),
        city: source.city.clone(),
        name: source.name.clone(),
        kind: source.kind,
        url: known
            .into_iter()
            .flatten()
            .find(|u| !u.is_empty())
            .cloned()
            .unwrap_or_default(),
        phone: source.phone.clone(),
        last_good: state.and_then(|s| s.last_good),
        fault: state.and_then(|s| s.fault.clone()),
        fault_since: state.and_then(|s| s.fault_since),
    }
}
