//! What a run says of where regions stand, written once: those that are late, and the reminders
//! that the user asked for. Derived from the store alone, after all visits are settled.

use super::Job;
use crate::board;
use crate::model::{
    Catalog, Date, Event, Notice, Signal, SourceState, Standing, Subject, Timestamp, china_date,
};
use crate::outlook::{self, Known};
use crate::remind::{self, Due};
use crate::store::{EventFilter, Store, StoreError};
use jiff::ToSpan;
use std::collections::BTreeMap;

/// How far back notices are looked for: a sitting's notices come within a year of its exam.
const NOTICES: i32 = 400;
/// How far back changes are looked for: a machine that was off for a weekend still tells them.
const CHANGES: i64 = 72;

/// Appends what is due to the journal and returns it.
///
/// # Errors
/// What the store says; then nothing is appended.
pub(super) fn tell(store: &mut Store, job: &Job) -> Result<Vec<Event>, StoreError> {
    let today = china_date(job.now);
    let mut notices = store.in_force(today.saturating_sub(NOTICES.days()))?;
    notices.retain(|n| !n.gone);
    let states = store.source_states()?;
    let journal = journal(store, job.now)?;
    let mut outlook = Outlook {
        job,
        today,
        notices: &notices,
        states: &states,
        signals: &board::signals(store)?,
        made: BTreeMap::new(),
    };
    let watch = &job.settings.watch;
    let mut due = Vec::new();
    for exam in exams(job) {
        let late = remind::late(&outlook.standings(exam, None), &journal);
        due.extend(late.into_iter().filter(|d| watched(&watch.regions, d)));
    }
    for rule in &job.settings.reminders {
        let regions = match rule.regions.as_slice() {
            [] => &watch.regions,
            _ => &rule.regions,
        };
        let wanted = rule.exam.as_deref().map_or_else(|| exams(job), |e| vec![e]);
        for exam in wanted {
            let mut standings = outlook.standings(exam, rule.sitting.as_deref());
            standings.retain(|s| regions.is_empty() || regions.contains(&s.region));
            due.extend(remind::due(rule, &standings, &journal, today));
        }
    }
    append(store, job, &notices, due)
}

/// All that was told of standings, and what offices changed of late.
fn journal(store: &Store, now: Timestamp) -> Result<Vec<Event>, StoreError> {
    let mut events = store.events_told(&["late", "reminder"])?;
    let changed = EventFilter {
        changes: ["facts", "gone", "back"].map(String::from).to_vec(),
        since: now.checked_sub(CHANGES.hours()).ok(),
        ..EventFilter::default()
    };
    events.extend(store.latest_events(None, u32::MAX, &changed)?);
    Ok(events)
}

/// The watched exams by id; all where none is named.
fn exams<'a>(job: &Job<'a>) -> Vec<&'a str> {
    let watched = &job.settings.watch.exams;
    let all = job.catalog.exams.iter().map(|e| e.id.as_str());
    all.filter(|id| watched.is_empty() || watched.iter().any(|w| w == id))
        .collect()
}

fn watched(regions: &[String], due: &Due) -> bool {
    let Subject::Standing { region, .. } = &due.subject else {
        return false;
    };
    regions.is_empty() || regions.contains(region)
}

/// Standings, made once for each sitting.
struct Outlook<'a> {
    job: &'a Job<'a>,
    today: Date,
    notices: &'a [Notice],
    states: &'a BTreeMap<String, SourceState>,
    signals: &'a [Signal],
    made: BTreeMap<(String, String), Vec<Standing>>,
}

impl Outlook<'_> {
    /// Of the named sitting, else of the one that is due.
    fn standings(&mut self, exam: &str, sitting: Option<&str>) -> Vec<Standing> {
        let due = || outlook::due(self.job.catalog, exam, self.today).map(|s| s.id.as_str());
        let Some(sitting) = sitting.or_else(due) else {
            return Vec::new();
        };
        let known = Known {
            catalog: self.job.catalog,
            notices: self.notices,
            states: self.states,
            signals: self.signals,
            today: self.today,
        };
        let key = (exam.to_owned(), sitting.to_owned());
        let make = || outlook::standings(&known, exam, sitting);
        self.made.entry(key).or_insert_with(make).clone()
    }
}

fn append(
    store: &mut Store,
    job: &Job,
    notices: &[Notice],
    due: Vec<Due>,
) -> Result<Vec<Event>, StoreError> {
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = store.begin("")?;
    let mut events = Vec::new();
    for Due {
        subject,
        change,
        notice,
    } in due
    {
        let Subject::Standing {
            region,
            exam,
            sitting,
        } = &subject
        else {
            continue;
        };
        let title = title(job.catalog, exam, sitting);
        let notice = notice.and_then(|id| notices.iter().find(|n| n.id == id));
        let office = || {
            let mut own = job.catalog.sources.iter();
            own.find(|s| s.region == *region).map(|s| s.list.as_str())
        };
        let url = notice.map(|n| n.url.as_str()).or_else(office);
        let url = url.unwrap_or_default().to_owned();
        events.push(tx.append_event(job.now, subject, "", &title, &url, change, None)?);
    }
    tx.commit()?;
    Ok(events)
}

/// `2026年下半年软考`, as offices write it.
fn title(catalog: &Catalog, exam: &str, sitting: &str) -> String {
    let known = catalog.exams.iter().find(|e| e.id == exam);
    let name = known.map_or(exam, |e| e.aliases.first().unwrap_or(&e.name));
    let half = match sitting.split_once('H') {
        Some((year, "1")) => format!("{year}年上半年"),
        Some((year, "2")) => format!("{year}年下半年"),
        _ => format!("{sitting} "),
    };
    format!("{half}{name}")
}
