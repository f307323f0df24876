//! A run: which sources, visited side by side, settled one by one.
//!
//! `run` owns the runtime; visits finish into a small channel, and this plain thread settles
//! them: one office, one transaction. [`mod@visit`] never sees the store,
//! [`mod@settle`] never the network.

mod ask;
pub mod by_hand;
mod carried;
pub mod files;
pub mod health;
pub mod kept;
pub mod probe;
pub mod read;
pub mod settle;
mod signals;
mod standing;
mod state;
pub mod visit;

use crate::adapter::Office;
use crate::fetch::{Fetcher, Memory};
use crate::model::source::Kind;
use crate::model::{Catalog, Change, Event, Exam, Fault, Settings, Timestamp};
use crate::store::{Store, StoreError};
use read::Reader;
use settle::{Context, settle};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;
use tracing::Instrument;
use visit::{Task, Visit, visit};

/// Most sources that are visited at the same time; each waits mostly for its own host.
const SIDE_BY_SIDE: usize = 16;
/// Visits that may wait to be settled: enough to keep the network busy, few enough to keep pages
/// from piling up in memory.
const WAITING: usize = 4;
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

/// What came of one source.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Source id.
    pub source: String,
    /// Why it failed; None = it did not.
    pub fault: Option<Fault>,
    /// Requests made.
    pub requests: u32,
}

/// What came of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// Events written, in the order of the journal.
    pub events: Vec<Event>,
    /// The sources that were visited, in the order of settling.
    pub outcomes: Vec<Outcome>,
    /// Sources that have failed for longer and are reminded of today: id, fault, since when.
    pub reminders: Vec<(String, Fault, Timestamp)>,
}

impl Report {
    /// How many sources failed.
    pub fn failed(&self) -> usize {
        self.outcomes.iter().filter(|o| o.fault.is_some()).count()
    }

    /// What a person is told: baselines are not news, a re-reading is while it matters.
    pub fn news(&self, now: Timestamp) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(move |e| match &e.change {
            // A notice that only moved says nothing new; `changes` shows it.
            Change::Baseline { .. } | Change::Moved { .. } => false,
            Change::Signal { baseline, .. } => !baseline,
            Change::Reread { .. } => read::still_matters(e.reading.as_deref(), now),
            _ => true,
        })
    }
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
/// What the store says (nothing of the unsettled visits is kept), or what the fetcher's making
/// refuses.
pub fn run(
    job: &Job,
    store: &mut Store,
    door: impl FnOnce(Memory) -> Result<Fetcher, Fault>,
    mut progress: impl FnMut(Progress),
) -> Result<Report, RunError> {
    let exams: Vec<Exam> = watched(job.catalog, job.settings);
    let mut report = Report::default();
    let mut readers = BTreeMap::new();
    let mut tasks = Vec::new();
    for office in &job.offices {
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
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(if fetcher.is_live() { 2 } else { 1 })
        .enable_all()
        .build()
        .map_err(RunError::Runtime)?;
    let mut visits = start(&runtime, tasks, fetcher.clone());
    while let Some((done, ms)) = visits.blocking_recv() {
        let mut fault = done.fault.clone();
        if let Some(reader) = readers.get(&done.source) {
            let cx = Context {
                reader,
                exams: &exams,
                now: job.now,
                ms,
            };
            let settled = settle(store, &done, &cx)?;
            fault = settled.fault;
            let events = settled.events;
            let baseline = |e: &Event| matches!(e.change, Change::Baseline { .. });
            let first_sight = events.iter().any(baseline);
            report.events.extend(events);
            let signals = signals::keep(store, &done, job.catalog, first_sight, job.now)?;
            report.events.extend(signals);
        }
        progress(Progress {
            done: report.outcomes.len() + 1,
            total,
            source: &done.source,
        });
        report.outcomes.push(Outcome {
            source: done.source,
            fault,
            requests: done.requests,
        });
    }
    remember(store, &fetcher.memory())?;
    report.reminders = reminders(store, job.now, &report)?;
    report.events.sort_by_key(|e| e.id.seq);
    Ok(report)
}

/// Visits in the background, each finished one into the channel. Dropping the runtime ends them.
fn start(
    runtime: &tokio::runtime::Runtime,
    tasks: Vec<Task>,
    fetcher: Arc<Fetcher>,
) -> tokio::sync::mpsc::Receiver<(Visit, u32)> {
    let (done, visits) = tokio::sync::mpsc::channel(WAITING);
    // A recording has no hosts to wait for; one after the other, its journal is the same each time.
    let side_by_side = if fetcher.is_live() { SIDE_BY_SIDE } else { 1 };
    let places = Arc::new(tokio::sync::Semaphore::new(side_by_side));
    for task in tasks {
        let (done, places, fetcher) = (done.clone(), places.clone(), fetcher.clone());
        let span = tracing::info_span!("visit", source = %task.office.source.id);
        let work = async move {
            let Ok(_place) = places.acquire().await else {
                return;
            };
            let begun = Instant::now();
            let visit = visit(&task, &fetcher).await;
            let ms = u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
            tracing::info!(
                verdict = visit.verdict.word(),
                requests = visit.requests,
                ms,
                "visited"
            );
            let _ = done.send((visit, ms)).await;
        };
        runtime.spawn(work.instrument(span));
    }
    visits
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
        if visited && now.duration_since(told).as_hours() >= REMIND {
            state.fault_told_at = Some(now);
            let mut tx = store.begin(&source)?;
            tx.set_source_state(&state)?;
            tx.commit()?;
            out.push((source, fault, since));
        }
    }
    Ok(out)
}

/// Why a run could not be done.
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
