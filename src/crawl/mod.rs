//! A run: which sources, visited side by side, settled one by one.
//!
//! `run` owns the runtime; visits finish into a small channel, and this plain thread settles
//! them: one office, one transaction. [`mod@visit`] never sees the store,
//! [`mod@settle`] never the network.

mod ask;
pub mod by_hand;
mod carried;
mod due;
pub mod files;
mod going;
pub mod health;
pub mod kept;
pub mod probe;
pub mod read;
mod report;
pub mod settle;
mod signals;
mod standing;
mod state;
pub mod visit;
pub mod warn;

pub use going::Ended;
pub use report::{Outcome, Report};

use crate::adapter::Office;
use crate::fetch::{Fetcher, Memory};
use crate::model::source::Kind;
use crate::model::{Catalog, Change, Event, Exam, Fault, Settings, Timestamp};
use crate::store::{Store, StoreError};
use going::{Done, Visits};
use read::Reader;
use settle::{Context, Settled, settle};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use visit::{Task, Visit};

/// A running fault is reminded of once in so many hours.
const REMIND: i64 = 24;

/// What a run is to do.
pub struct Job<'a> {
    /// Exams, regions, sources.
    pub catalog: &'a Catalog,
    /// The sources to visit, compiled.
    pub offices: Vec<Arc<Office>>,
    /// The user's settings.
    pub settings: &'a Settings,
    /// The run's moment.
    pub now: Timestamp,
}

/// Where a run stands, for a progress bar.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// Sources settled.
    pub done: usize,
    /// Sources in all.
    pub total: usize,
    /// The source that was settled last.
    pub source: &'a str,
}

/// Visits and settles. `door` makes the fetcher from what earlier runs left.
///
/// # Errors
/// What the store says before the first visit, or what the fetcher's making refuses. A store that
/// fails later is in [`Report::failure`].
pub fn run(
    job: &Job,
    store: &mut Store,
    door: impl FnOnce(Memory) -> Result<Fetcher, Fault>,
    progress: impl FnMut(Progress),
) -> Result<Report, RunError> {
    run_until(job, store, door, progress, std::future::pending())
}

/// The same, until `stop` completes with a signal's number: what was visited by then is settled,
/// the other sources are as they were.
///
/// # Errors
/// As [`run`].
pub fn run_until(
    job: &Job,
    store: &mut Store,
    door: impl FnOnce(Memory) -> Result<Fetcher, Fault>,
    mut progress: impl FnMut(Progress),
    stop: impl Future<Output = u8>,
) -> Result<Report, RunError> {
    let exams: Vec<Exam> = watched(job.catalog, job.settings);
    let mut report = Report::default();
    let mut readers = BTreeMap::new();
    let mut tasks = Vec::new();
    for office in oldest_first(job, store)? {
        let source = &office.source;
        let reader = Reader::new(office.clone(), job.catalog, None);
        let (known, events) = read::known(store, &reader, &exams, job.now)?;
        report.events.extend(events);
        // No list: it is visited for what a person entered, if anything.
        if source.kind == Kind::Manual && known.notices.is_empty() {
            continue;
        }
        let by_hand = known.notices.iter().filter(|n| n.by_hand);
        tasks.push(Task {
            office: office.clone(),
            site: by_hand::site(source, by_hand.map(|n| n.url.as_str())),
            known,
            exams: exams.clone(),
            now: job.now,
        });
        readers.insert(source.id.clone(), reader);
    }
    let fetcher = Arc::new(door(memory(store)?).map_err(RunError::Door)?);
    let total = tasks.len();
    let mut waiting: BTreeSet<String> = readers.keys().cloned().collect();
    let time = Duration::try_from_secs_f64(job.settings.net.run_deadline).unwrap_or(Duration::MAX);
    let stop = std::pin::pin!(stop);
    let mut visits =
        Visits::start(tasks, fetcher.clone(), time, stop).map_err(RunError::Runtime)?;
    while let Some(done) = visits.next() {
        let outcome = match done {
            Done::Home(visit, ms) => {
                let Some(reader) = readers.get(&visit.source) else {
                    continue;
                };
                let cx = Context {
                    reader,
                    exams: &exams,
                    now: job.now,
                    ms,
                };
                let mut fault = visit.fault.clone();
                match keep(store, &visit, &cx, job.catalog) {
                    Ok(settled) => {
                        report.events.extend(settled.events);
                        fault = fault.or(settled.fault);
                    }
                    Err(error) => {
                        report.failure = Some(error);
                        break;
                    }
                }
                Outcome {
                    source: visit.source,
                    fault,
                    requests: visit.requests,
                }
            }
            Done::Panicked(source) => {
                let what = "lingzheng itself failed on its pages: please report it";
                Outcome::without_visit(source, "internal", what)
            }
        };
        waiting.remove(&outcome.source);
        progress(Progress {
            done: report.outcomes.len() + 1,
            total,
            source: &outcome.source,
        });
        report.outcomes.push(outcome);
    }
    report.ended = visits.ended();
    drop(visits);
    report.left(waiting);
    if report.failure.is_none() {
        let rest = remember(store, &fetcher.memory()).and_then(|()| {
            report.events.extend(due::tell(store, job)?);
            report.warnings = warn::tell(store, job, &report, &fetcher.certificates())?;
            reminders(store, job.now, &report)
        });
        match rest {
            Ok(reminders) => report.reminders = reminders,
            Err(error) => report.failure = Some(error),
        }
    }
    report.events.sort_by_key(|e| e.id.seq);
    Ok(report)
}

/// The sources to visit, those first that were visited least lately: what one run leaves out is
/// not left out by the next.
fn oldest_first(job: &Job, store: &Store) -> Result<Vec<Arc<Office>>, StoreError> {
    let states = store.source_states()?;
    let last = |office: &Arc<Office>| states.get(&office.source.id).and_then(|s| s.last_visit);
    let mut offices = job.offices.clone();
    offices.sort_by_key(last);
    Ok(offices)
}

/// Settles a visit. One that the run's deadline cut short says nothing about its source.
fn keep(
    store: &mut Store,
    visit: &Visit,
    cx: &Context,
    catalog: &Catalog,
) -> Result<Settled, StoreError> {
    match &visit.fault {
        Some(fault) if fault.reason == report::SKIPPED => Ok(Settled::default()),
        _ => {
            let mut settled = settle(store, visit, cx)?;
            let baseline = |e: &Event| matches!(e.change, Change::Baseline { .. });
            let first_sight = settled.events.iter().any(baseline);
            let signals = signals::keep(store, visit, catalog, first_sight, cx.now)?;
            settled.events.extend(signals);
            Ok(settled)
        }
    }
}

/// The watched exams; none = all.
pub fn watched(catalog: &Catalog, settings: &Settings) -> Vec<Exam> {
    let ids = &settings.watch.exams;
    catalog
        .exams
        .iter()
        .filter(|e| ids.contains(&e.id))
        .cloned()
        .collect()
}

/// What earlier runs left for the fetcher.
///
/// # Errors
/// What the store says.
pub fn memory(store: &Store) -> Result<Memory, StoreError> {
    let mut memory = Memory::default();
    for (host, copy) in store.robots()? {
        memory.robots.insert(
            host,
            crate::fetch::RobotsCopy {
                fetched_at: copy.fetched_at,
                body: copy.body,
            },
        );
    }
    for (host, state) in store.host_states()? {
        if let Some(until) = state.not_before {
            memory.holds.insert(host, until);
        }
    }
    Ok(memory)
}

fn remember(store: &mut Store, memory: &Memory) -> Result<(), StoreError> {
    let mut tx = store.begin("")?;
    for (host, copy) in &memory.robots {
        let robots = crate::store::Robots {
            fetched_at: copy.fetched_at,
            body: copy.body.clone(),
        };
        tx.save_robots(host, &robots)?;
    }
    for (host, until) in &memory.holds {
        let state = crate::store::HostState {
            not_before: Some(*until),
            failures: 0,
        };
        tx.save_host_state(host, &state)?;
    }
    tx.commit()
}

/// Running faults that were last told a day ago or more; each is told again once.
fn reminders(
    store: &mut Store,
    now: Timestamp,
    report: &Report,
) -> Result<Vec<(String, Fault, Timestamp)>, StoreError> {
    let mut out = Vec::new();
    for (source, mut state) in store.source_states()? {
        let visited = report.outcomes.iter().any(|o| o.source == source);
        let (Some(fault), Some(since), Some(told)) =
            (state.fault.clone(), state.fault_since, state.fault_told_at)
        else {
            continue;
        };
        // A moment to come was noted under a clock that was ahead.
        let rested = !(0..REMIND).contains(&now.duration_since(told).as_hours());
        if visited && rested {
            state.fault_told_at = Some(now);
            let mut tx = store.begin(&source)?;
            tx.set_source_state(&state)?;
            tx.commit()?;
            out.push((source, fault, since));
        }
    }
    Ok(out)
}

/// Why a run could not be begun.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The network cannot be used at all: settings, a missing contact.
    #[error("{0}")]
    Door(Fault),
    /// The machine gives no threads.
    #[error("cannot start the network runtime: {0}")]
    Runtime(std::io::Error),
}
