//! The board of a sitting out of the store: everything is read once, in a few queries, and derived
//! by `outlook`.

use crate::meant;
use crate::model::facts::NoticeKind;
use crate::model::source::Kind;
use crate::model::{
    Board, Catalog, Change, Date, Event, Exam, NoticeId, Signal, Subject, Timestamp, china_date,
    event,
};
use crate::outlook;
use crate::store::{Earlier, EventFilter, Filter, ForBoard, Store, StoreError};
use jiff::ToSpan;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Days before the sitting in which notices of earlier ones teach how long offices take.
const DAYS: i32 = 400;
/// Days of the journal that a board looks at.
const RECENT: i32 = 60;
/// Most events of its notices that a board looks at.
const EVENTS: u32 = 150;
/// Changes of standings that a board shows.
const OF_STANDINGS: &[&str] = &["late", "signal"];
/// Words of a notice that speaks to every exam of the kind; `outlook` looks closer.
const GENERAL: &[&str] = &["专业技术人员", "职业资格", "专业技术资格"];
/// Changes that a board does not show.
const QUIET: &[&str] = &["baseline", "reread", "broken", "recovered", "unsteady"];

/// The words of the changes that a reader of a board wants to see.
pub fn told_changes() -> Vec<String> {
    let words = event::WORDS.iter().filter(|w| !QUIET.contains(w));
    words.map(|w| w.to_string()).collect()
}

/// The exam and the sitting that a person means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Exam id.
    pub exam: String,
    /// Sitting id.
    pub sitting: String,
}

/// Which exam (id, name, alias or one of its qualifications) and sitting are meant. None: the
/// first of the `watched` exams, and the sitting whose certificates are due.
///
/// # Errors
/// One line for people, which names what there is.
pub fn choose(
    catalog: &Catalog,
    watched: &[String],
    exam: Option<&str>,
    sitting: Option<&str>,
    now: Timestamp,
) -> Result<Choice, String> {
    let exam = match exam {
        Some(word) => meant::exam(catalog, word)?,
        None => {
            let first = watched.first();
            let first = first.and_then(|id| catalog.exams.iter().find(|e| e.id == *id));
            first
                .or(catalog.exams.first())
                .ok_or("no exam is known: add one to your sources file")?
        }
    };
    let found = match sitting {
        Some(word) => meant::sitting(catalog, &exam.id, word)?,
        None => outlook::due(catalog, &exam.id, china_date(now))
            .ok_or_else(|| meant::sittings(catalog, &exam.id))?,
    };
    Ok(Choice {
        exam: exam.id.clone(),
        sitting: found.id.clone(),
    })
}

/// The board. None where exam or sitting is not in the catalog.
///
/// # Errors
/// What the store says.
pub fn load(
    store: &Store,
    catalog: &Catalog,
    choice: &Choice,
    now: Timestamp,
) -> Result<Option<Board>, StoreError> {
    let Some(exam) = catalog.exams.iter().find(|e| e.id == choice.exam) else {
        return Ok(None);
    };
    let mut sittings = catalog.sittings.iter();
    let Some(sitting) = sittings.find(|s| s.exam == exam.id && s.id == choice.sitting) else {
        return Ok(None);
    };
    let today = china_date(now);
    let names: Vec<String> = std::iter::once(&exam.name)
        .chain(&exam.aliases)
        .cloned()
        .collect();
    let general = GENERAL.iter().map(|w| w.to_string());
    // Nothing that was told before the exam is about its certificates.
    let mut notices = store.for_board(&ForBoard {
        since: sitting.first,
        kinds: NoticeKind::ALL.into_iter().filter(|k| k.told()).collect(),
        words: names.iter().cloned().chain(general).collect(),
        titles: names.clone(),
    })?;
    let since = today.min(sitting.first).saturating_sub(DAYS.days());
    let earlier = store.earlier(&names, since, sitting.first)?;
    notices.extend(store.notices_of(&teaching(catalog, exam, &earlier))?);
    // A standing page is of no day and speaks of no sitting: it is shown beside the notices.
    let pages = catalog.sources.iter().filter(|s| s.kind == Kind::Page);
    let pages: Vec<String> = pages.map(|s| s.id.clone()).collect();
    if !pages.is_empty() {
        let seen: HashSet<NoticeId> = notices.iter().map(|n| n.id).collect();
        let mut pages = store.notices(&Filter {
            sources: pages,
            ..Filter::default()
        })?;
        pages.retain(|n| !n.gone && n.latest.is_some() && !seen.contains(&n.id));
        notices.extend(pages);
    }
    let states = store.source_states()?;
    let recent = EventFilter {
        changes: told_changes(),
        since: now.checked_sub((i64::from(RECENT) * 24).hours()).ok(),
        ..EventFilter::default()
    };
    let about: Vec<NoticeId> = notices.iter().map(|n| n.id).collect();
    let mut events = store.latest_about(&about, EVENTS, &recent)?;
    let standings = store.events_told(OF_STANDINGS)?;
    let fresh = |e: &Event| recent.since.is_none_or(|since| e.at >= since);
    events.extend(standings.into_iter().filter(fresh));
    let known = outlook::Known {
        catalog,
        notices: &notices,
        states: &states,
        signals: &signals(store)?,
        today,
    };
    Ok(outlook::board(
        &known,
        &choice.exam,
        &choice.sitting,
        &events,
        now,
    ))
}

/// Of earlier notices those that lags are learned from: of each region and sitting the first. What
/// a source says that serves other regions too may hold for any of them: all of it.
fn teaching(catalog: &Catalog, exam: &Exam, earlier: &[Earlier]) -> Vec<NoticeId> {
    let region: HashMap<&str, &str> = catalog
        .sources
        .iter()
        .map(|s| (s.id.as_str(), s.region.as_str()))
        .collect();
    // A region's own sources stand among those that serve it.
    let mut serving: HashSet<&str> = HashSet::new();
    for r in &catalog.regions {
        let abroad = |id: &&String| region.get(id.as_str()).is_some_and(|of| *of != r.id);
        serving.extend(r.served_by.iter().filter(abroad).map(String::as_str));
    }
    let mut all: BTreeSet<NoticeId> = BTreeSet::new();
    let mut first: HashMap<(&str, &str), (Date, NoticeId)> = HashMap::new();
    for e in earlier {
        let Some(region) = region.get(e.source.as_str()) else {
            continue;
        };
        for sitting in outlook::teaches(catalog, exam, &e.title, e.exams.as_deref()) {
            if serving.contains(e.source.as_str()) {
                all.insert(e.id);
            }
            let known = first
                .entry((region, &sitting.id))
                .or_insert((e.dated, e.id));
            *known = (*known).min((e.dated, e.id));
        }
    }
    all.extend(first.into_values().map(|(_, id)| id));
    all.into_iter().collect()
}

/// What national sites said of sittings, as far as it is kept: of each sitting the first day.
///
/// # Errors
/// What the store says.
pub fn signals(store: &Store) -> Result<Vec<Signal>, StoreError> {
    let mut out: Vec<Signal> = Vec::new();
    // Newest first, so that what was said first stays.
    for event in store.events_told(&["signal"])? {
        let (
            Subject::Standing { exam, sitting, .. },
            Change::Signal {
                signal, published, ..
            },
        ) = (event.subject, event.change)
        else {
            continue;
        };
        let day = published.unwrap_or_else(|| china_date(event.at));
        let at = out
            .iter()
            .position(|s| s.exam == exam && s.sitting == sitting);
        let mut said = match at {
            Some(i) => out.swap_remove(i),
            None => Signal {
                exam,
                sitting,
                scores: None,
                e_file: None,
            },
        };
        match signal {
            event::Signal::Scores => said.scores = Some(day),
            event::Signal::EFile => said.e_file = Some(day),
            // A look-up tells no day: it may have been there for long.
            event::Signal::CertificateQuery => {}
        }
        out.push(said);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exam_is_found_by_every_name_and_a_sitting_by_its_id() {
        let catalog = crate::config::load_catalog(crate::config::BUILTIN, None, &[]);
        let catalog = catalog.unwrap_or_else(|_| {
            let families = crate::adapter::Families::builtin();
            let names: Vec<String> = families.names().iter().map(|n| n.to_string()).collect();
            crate::config::load_catalog(crate::config::BUILTIN, None, &names).unwrap()
        });
        let now = "2026-12-16T01:00:00Z".parse().unwrap();
        for word in ["ruankao", "软考", "网络工程师", " RUANKAO "] {
            let choice = choose(&catalog, &[], Some(word), None, now).unwrap();
            assert_eq!(
                (&*choice.exam, &*choice.sitting),
                ("ruankao", "2026H2"),
                "{word}"
            );
        }
        let earlier = choose(&catalog, &[], None, Some("2026h1"), now).unwrap();
        assert_eq!(earlier.sitting, "2026H1");
        let bad = choose(&catalog, &[], None, Some("1999H1"), now).unwrap_err();
        assert!(bad.contains("2026H1, 2026H2"), "{bad}");
        let bad = choose(&catalog, &[], Some("驾照"), None, now).unwrap_err();
        assert!(
            bad.starts_with("no exam or qualification `驾照`; known are ruankao"),
            "{bad}"
        );
    }
}
