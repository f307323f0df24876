//! The journal to the sinks: expand, render, send, remember; each sink for itself.
//!
//! At least once: an event's row stays until its sink has said that it took it, and a lost answer
//! brings the same message, with the same id and the same body, again. In order for each notice:
//! while one event of it waits for a further try, later ones wait behind it, and events of other
//! notices do not. A sink that is down is left alone after a few failures and delays no other.
//!
//! A message that was refused ten times in some three days is given up: a dead letter, shown by
//! `Store::dead` and sent again by [`replay`]. A receiver that answers 410 is asked no more until
//! [`enable`]; what comes meanwhile waits for it.
//!
//! Two runs at a time would send twice: the caller holds `store::RunLock`.

mod compose;
mod ping;
mod wants;

pub use ping::ping;

use crate::model::{Catalog, Event, Fault, Settings, Sink, Subject, Timestamp};
use crate::net::Client;
use crate::notify::{self, Message, SendError};
use crate::store::{Delivery, Store, StoreError};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tracing::Instrument;

/// Most events of one sink in one run: what memory should hold at a time.
const LIMIT: u32 = 1000;
/// More waiting events than this are told to people in fewer messages.
const FLOOD: usize = 5;
/// After so many failures in a row a sink is left alone for this run.
const PATIENCE: usize = 3;
/// Longest run; longer than any sink's time limit, so that a sink that hangs is noted as failed.
const DEADLINE: Duration = Duration::from_secs(180);
/// How a dead letter's detail begins where its sink wants nothing more.
const DISABLED: &str = "disabled: ";

/// What came of a run, sink by sink in the order of the settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DeliveryReport {
    /// One for each sink.
    pub sinks: Vec<SinkReport>,
}

impl DeliveryReport {
    /// Whether something needs a person: a failure, a dead letter, a disabled sink.
    pub fn troubled(&self) -> bool {
        self.sinks.iter().any(|s| s.problem.is_some())
    }
}

/// What came of one sink.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SinkReport {
    /// Its name.
    pub name: String,
    /// Events that it took in this run.
    pub sent: usize,
    /// Events whose attempt failed in this run, those given up included.
    pub failed: usize,
    /// Events given up in this run.
    pub given_up: usize,
    /// Events that still wait, for whatever reason.
    pub waiting: u32,
    /// Dead letters, of this and earlier runs.
    pub dead: u32,
    /// Why nothing is sent now although all is well: `quiet`, `digest` or `rate`.
    pub held: Option<&'static str>,
    /// What went wrong last, in one line without secrets; None = nothing.
    pub problem: Option<String>,
}

/// Why a run could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// What the store says.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The network settings cannot be used.
    #[error("{}", .0.detail)]
    Net(Fault),
    /// The runtime could not be started.
    #[error("cannot start: {0}")]
    Runtime(std::io::Error),
    /// No sink has this name.
    #[error("no [[sink]] is named `{0}`")]
    Unknown(String),
    /// A message for a trial was not taken.
    #[error("{0}")]
    Refused(SendError),
}

/// One message and the events that it tells.
struct Job {
    message: Message,
    events: Vec<(i64, u32)>,
    subjects: Vec<Subject>,
}

/// What came of one message.
struct Outcome {
    sink: usize,
    events: Vec<(i64, u32)>,
    id: String,
    result: Result<(), SendError>,
}

/// Sends what waits. `settings.sinks` have their filters resolved to ids
/// (`config::resolve_sinks`); `now` is the run's moment.
///
/// # Errors
/// What the store says, and settings that cannot be used. A sink that fails is no error: its
/// report says so.
pub fn run(
    store: &mut Store,
    settings: &Settings,
    catalog: &Catalog,
    now: Timestamp,
) -> Result<DeliveryReport, DeliverError> {
    if settings.sinks.is_empty() {
        return Ok(DeliveryReport::default());
    }
    let client = Client::new(settings).map_err(DeliverError::Net)?;
    let mut report = DeliveryReport::default();
    let mut work = Vec::new();
    for (index, sink) in settings.sinks.iter().enumerate() {
        store.expand(&sink.name, now, |e| wants::wants(sink, e, catalog, now))?;
        let mut line = SinkReport {
            name: sink.name.clone(),
            ..SinkReport::default()
        };
        let jobs = jobs(store, sink, catalog, now, &mut line)?;
        report.sinks.push(line);
        if !jobs.is_empty() {
            work.push((index, sink.clone(), jobs));
        }
    }
    if !work.is_empty() {
        send_all(store, settings, client, work, now, &mut report)?;
    }
    let states = store.sinks()?;
    let states: BTreeMap<&str, _> = states.iter().map(|s| (s.name.as_str(), s)).collect();
    for line in &mut report.sinks {
        if let Some(state) = states.get(line.name.as_str()) {
            (line.waiting, line.dead) = (state.waiting, state.dead);
        }
    }
    Ok(report)
}

/// Makes sinks known that are not yet: they start with what comes now.
///
/// # Errors
/// What the store says.
pub fn enrol(store: &mut Store, settings: &Settings, now: Timestamp) -> Result<(), StoreError> {
    let known: HashSet<String> = store.sinks()?.into_iter().map(|s| s.name).collect();
    for sink in settings.sinks.iter().filter(|s| !known.contains(&s.name)) {
        store.expand(&sink.name, now, |_| false)?;
    }
    Ok(())
}

/// The messages that a sink shall get now, in order.
fn jobs(
    store: &Store,
    sink: &Sink,
    catalog: &Catalog,
    now: Timestamp,
    line: &mut SinkReport,
) -> Result<Vec<Job>, StoreError> {
    let dead = store.dead(&sink.name, u32::MAX)?;
    if let Some(why) = dead
        .iter()
        .filter_map(|d| d.detail.as_deref())
        .find(|d| d.starts_with(DISABLED))
    {
        line.problem = Some(why.to_owned());
        return Ok(Vec::new());
    }
    let ready = ready(store, sink, now)?;
    let Some(oldest) = ready.iter().map(|d| d.event.at).min() else {
        return Ok(Vec::new());
    };
    let age = now.duration_since(oldest).as_secs();
    let untried = ready.iter().all(|d| d.attempts == 0);
    let rate = notify::per_minute(sink);
    let since_last = || -> Result<Option<i64>, StoreError> {
        let states = store.sinks()?;
        let last = states
            .iter()
            .find(|s| s.name == sink.name)
            .and_then(|s| s.last_done_at);
        Ok(last.map(|at| now.duration_since(at).as_secs()))
    };
    line.held = if sink
        .quiet
        .is_some_and(|q| q.holds(crate::model::CHINA.to_datetime(now).time()))
    {
        Some("quiet")
    } else if untried && (0..i64::from(sink.digest) * 60).contains(&age) {
        // An age below zero is a clock's that was ahead: nothing waits for it.
        Some("digest")
    } else if rate.is_some() && since_last()?.is_some_and(|s| (0..60).contains(&s)) {
        Some("rate")
    } else {
        None
    };
    if line.held.is_some() {
        return Ok(Vec::new());
    }
    let gather = sink.digest > 0 || (ready.len() > FLOOD && !sink.kind.for_programs());
    let events: Vec<&Event> = ready.iter().map(|d| &d.event).collect();
    let mut jobs = Vec::new();
    let mut rest = ready.as_slice();
    for size in compose::groups(sink, &events, catalog, gather) {
        let (group, after) = rest.split_at(size.min(rest.len()));
        rest = after;
        let events: Vec<&Event> = group.iter().map(|d| &d.event).collect();
        if let Some(message) = compose::message(sink, &events, catalog) {
            jobs.push(Job {
                message,
                events: group.iter().map(|d| (d.event.id.seq, d.attempts)).collect(),
                subjects: group.iter().map(|d| d.event.subject.clone()).collect(),
            });
        }
        if rate.is_some_and(|most| jobs.len() >= most as usize) {
            break;
        }
    }
    Ok(jobs)
}

/// The events that are due and have no earlier event of the same subject still waiting.
fn ready(store: &Store, sink: &Sink, now: Timestamp) -> Result<Vec<Delivery>, StoreError> {
    let due = store.due(&sink.name, now, LIMIT)?;
    let due: HashSet<i64> = due.iter().map(|d| d.event.id.seq).collect();
    let mut behind = HashSet::new();
    let mut ready = Vec::new();
    for delivery in store.waiting(&sink.name, LIMIT)? {
        let subject = &delivery.event.subject;
        if behind.contains(subject) || !due.contains(&delivery.event.id.seq) {
            behind.insert(subject.clone());
        } else {
            ready.push(delivery);
        }
    }
    Ok(ready)
}

/// Sends in the background, all sinks side by side; this thread writes down what came of it.
fn send_all(
    store: &mut Store,
    settings: &Settings,
    client: Client,
    work: Vec<(usize, Sink, Vec<Job>)>,
    now: Timestamp,
    report: &mut DeliveryReport,
) -> Result<(), DeliverError> {
    let runtime = runtime()?;
    // Hardly more than one outcome ahead of what is written down: a run that is killed repeats
    // little.
    let (done, mut outcomes) = mpsc::channel(1);
    for (index, sink, jobs) in work {
        let moment = (now, Instant::now());
        let sending = send_in_order(index, client.clone(), sink, jobs, moment, done.clone());
        runtime.spawn(sending.in_current_span());
    }
    drop(done);
    let end = Instant::now() + DEADLINE;
    let result = loop {
        let left = end.saturating_duration_since(Instant::now());
        let next = runtime.block_on(async { tokio::time::timeout(left, outcomes.recv()).await });
        match next {
            Ok(Some(outcome)) => {
                if let Err(error) = note(store, settings, outcome, now, report) {
                    break Err(error.into());
                }
            }
            Ok(None) | Err(_) => break Ok(()),
        }
    };
    runtime.shutdown_background();
    result
}

fn runtime() -> Result<tokio::runtime::Runtime, DeliverError> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(DeliverError::Runtime)
}

async fn send_in_order(
    index: usize,
    client: Client,
    sink: Sink,
    jobs: Vec<Job>,
    (now, begun): (Timestamp, Instant),
    done: mpsc::Sender<Outcome>,
) {
    let mut behind: HashSet<Subject> = HashSet::new();
    let mut in_a_row = 0;
    for job in jobs {
        if job.subjects.iter().any(|s| behind.contains(s)) {
            behind.extend(job.subjects);
            continue;
        }
        // A receiver refuses what was signed too long ago, and a run may take minutes.
        let moment = now.checked_add(begun.elapsed()).unwrap_or(now);
        let result = notify::send(&client, &sink, &job.message, moment).await;
        let leave = match &result {
            Ok(()) => {
                in_a_row = 0;
                false
            }
            Err(error) => {
                in_a_row += 1;
                if !error.permanent {
                    behind.extend(job.subjects);
                }
                error.disable || error.retry_after.is_some() || in_a_row >= PATIENCE
            }
        };
        let outcome = Outcome {
            sink: index,
            events: job.events,
            id: job.message.id,
            result,
        };
        if done.send(outcome).await.is_err() || leave {
            return;
        }
    }
}

/// Writes down what came of one message.
fn note(
    store: &mut Store,
    settings: &Settings,
    outcome: Outcome,
    now: Timestamp,
    report: &mut DeliveryReport,
) -> Result<(), StoreError> {
    let Outcome {
        sink: index,
        events,
        id,
        result,
    } = outcome;
    let (Some(sink), Some(line)) = (settings.sinks.get(index), report.sinks.get_mut(index)) else {
        return Ok(());
    };
    match result {
        Ok(()) => {
            for (seq, _) in &events {
                store.delivered(&sink.name, *seq, now)?;
            }
            line.sent += events.len();
        }
        Err(error) => {
            tracing::warn!(sink = %sink.name, id, detail = %error.detail, "not delivered");
            line.failed += events.len();
            let detail = match error.disable {
                true => format!("{DISABLED}{}", error.detail),
                false => error.detail.clone(),
            };
            for (seq, attempts) in &events {
                // Events of one message are tried together again: one seed, one moment.
                let seed = format!("{}/{id}", sink.name);
                let wait = notify::next_try(attempts + 1, error.retry_after, &seed)
                    .filter(|_| !error.disable && !error.permanent);
                let next = wait.and_then(|w| now.checked_add(w).ok());
                line.given_up += usize::from(next.is_none());
                store.put_off(&sink.name, *seq, next, &detail)?;
            }
            line.problem = Some(detail);
        }
    }
    Ok(())
}

/// Sends events `first..=last` to a sink again, whatever became of them, if it wants them. Returns
/// how many will be sent by the next [`run`].
///
/// # Errors
/// What the store says, and a name that no sink has.
pub fn replay(
    store: &mut Store,
    settings: &Settings,
    catalog: &Catalog,
    name: &str,
    (first, last): (i64, i64),
    now: Timestamp,
) -> Result<usize, DeliverError> {
    let sink = named(settings, name)?;
    // A sink that was never expanded has no row to replay into.
    store.expand(name, now, |e| wants::wants(sink, e, catalog, now))?;
    Ok(store.replay(name, first, last, now, |e| {
        wants::wants(sink, e, catalog, now)
    })?)
}

/// Asks a sink again that answered 410; what it refused then is sent first. Returns how many
/// events that are.
///
/// # Errors
/// What the store says, and a name that no sink has.
pub fn enable(
    store: &mut Store,
    settings: &Settings,
    name: &str,
    now: Timestamp,
) -> Result<usize, DeliverError> {
    named(settings, name)?;
    let mut count = 0;
    for letter in store.dead(name, u32::MAX)? {
        if letter.detail.is_some_and(|d| d.starts_with(DISABLED)) {
            let seq = letter.event.id.seq;
            count += store.replay(name, seq, seq, now, |_| true)?;
        }
    }
    Ok(count)
}

/// Sends an event to one sink at once and once, to try its settings. The store knows nothing of it.
///
/// # Errors
/// [`DeliverError::Refused`] with what the sink said; settings that cannot be used.
pub fn trial(
    settings: &Settings,
    catalog: &Catalog,
    name: &str,
    event: &Event,
    now: Timestamp,
) -> Result<(), DeliverError> {
    let sink = named(settings, name)?;
    let client = Client::new(settings).map_err(DeliverError::Net)?;
    let Some(message) = compose::message(sink, &[event], catalog) else {
        return Ok(());
    };
    let sent = runtime()?.block_on(notify::send(&client, sink, &message, now));
    sent.map_err(DeliverError::Refused)
}

fn named<'a>(settings: &'a Settings, name: &str) -> Result<&'a Sink, DeliverError> {
    let found = settings.sinks.iter().find(|s| s.name == name);
    found.ok_or_else(|| DeliverError::Unknown(name.to_owned()))
}
