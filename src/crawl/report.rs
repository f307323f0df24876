//! What came of a run.

use super::warn::Warning;
use super::{Ended, read};
use crate::model::{Change, Event, Fault, Timestamp, Verdict};
use crate::store::StoreError;
use std::collections::BTreeSet;

/// Reason of a fault that is the run's and not the source's: its time was over.
pub(super) const SKIPPED: &str = "skipped_deadline";
/// The same: it was asked to end.
const INTERRUPTED: &str = "interrupted";

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
    /// What is odd of sources that answer, said once each.
    pub warnings: Vec<Warning>,
    /// Why the run ended before every source was visited; None = it did not.
    pub ended: Option<Ended>,
    /// The database failed in the middle; what is said above was stored before.
    pub failure: Option<StoreError>,
}

impl Outcome {
    pub(super) fn without_visit(source: String, reason: &str, what: &str) -> Outcome {
        Outcome {
            source,
            fault: Some(Fault::new(Verdict::Transport, reason, what)),
            requests: 0,
        }
    }

    /// Whether the source was not looked at, or not to the end, because the run was over.
    pub fn skipped(&self) -> bool {
        let over = |fault: &Fault| fault.reason == SKIPPED || fault.reason == INTERRUPTED;
        self.fault.as_ref().is_some_and(over)
    }
}

impl Report {
    /// Gives the sources that no visit came home from their outcome.
    pub(super) fn left(&mut self, waiting: BTreeSet<String>) {
        if self.outcomes.iter().any(Outcome::skipped) {
            self.ended = self.ended.or(Some(Ended::Deadline));
        }
        let (reason, what) = match self.ended {
            Some(Ended::Deadline) => (SKIPPED, "the run's time is over (net.run_deadline)"),
            _ => (INTERRUPTED, "the run ended before its turn"),
        };
        let left = waiting
            .into_iter()
            .map(|source| Outcome::without_visit(source, reason, what));
        self.outcomes.extend(left);
    }

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
