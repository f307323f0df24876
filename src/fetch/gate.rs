//! The gate before each host: one request at a time, a pause after it, a budget, a circuit, and
//! the rest that a host asked for.

use super::retry::host_trouble;
use crate::model::settings::Net;
use crate::model::{Fault, Timestamp, Verdict};
use crate::net::Answer;
use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Failures in a row after which a host is left alone for the rest of the run.
const CIRCUIT: u32 = 3;
/// Longest wait for a host's next turn; a host that wants more is asked again in the next run.
const MAX_WAIT: Duration = Duration::from_secs(60);
/// Longest rest that a host may ask for (`Retry-After`), in seconds: a day.
const MAX_REST: i64 = 24 * 60 * 60;

/// All hosts of one run.
pub(super) struct Gate {
    hosts: Mutex<HashMap<String, Arc<Host>>>,
    pause: Duration,
    budget: u32,
    started: Instant,
    run: Duration,
    now: Timestamp,
    dice: AtomicU64,
}

#[derive(Default)]
struct Host {
    turn: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    ready: Option<Instant>,
    failures: u32,
    used: u32,
    hold: Option<Timestamp>,
}

impl Gate {
    pub(super) fn new(
        net: &Net,
        holds: BTreeMap<String, Timestamp>,
        now: Timestamp,
        seed: u64,
    ) -> Gate {
        let hosts = holds
            .into_iter()
            .filter(|(_, until)| *until > now)
            .map(|(host, until)| {
                let state = State {
                    // A rest longer than a day was noted under another clock.
                    hold: Some(until.min(later(now, MAX_REST))),
                    ..State::default()
                };
                let host_state = Host {
                    state: Mutex::new(state),
                    ..Host::default()
                };
                (host, Arc::new(host_state))
            })
            .collect();
        Gate {
            hosts: Mutex::new(hosts),
            pause: Duration::try_from_secs_f64(net.pause).unwrap_or_default(),
            budget: net.per_host,
            started: Instant::now(),
            run: Duration::try_from_secs_f64(net.run_deadline).unwrap_or_default(),
            now,
            dice: AtomicU64::new(seed),
        }
    }

    /// The settings' pause.
    pub(super) fn pause(&self) -> Duration {
        self.pause
    }

    /// Hosts that asked for rest beyond this run.
    pub(super) fn holds(&self) -> BTreeMap<String, Timestamp> {
        let hosts = open(&self.hosts);
        let held = hosts
            .iter()
            .filter_map(|(name, host)| Some((name.clone(), open(&host.state).hold?)));
        held.collect()
    }

    /// Waits for the host's turn and asks; `ask` is told how much time the run has left.
    pub(super) async fn pass<F>(
        &self,
        name: &str,
        pause: Duration,
        ask: impl FnOnce(Duration) -> F,
    ) -> Result<Answer, Fault>
    where
        F: Future<Output = Result<Answer, Fault>>,
    {
        let host = open(&self.hosts)
            .entry(name.to_owned())
            .or_default()
            .clone();
        let _turn = host.turn.lock().await;
        let wait = self.admit(name, &mut open(&host.state))?;
        tokio::time::sleep(wait).await;
        let left = self.run.saturating_sub(self.started.elapsed());
        let result = ask(left).await;
        let mut state = open(&host.state);
        state.ready = Some(Instant::now() + self.jittered(pause));
        match &result {
            Err(fault) if host_trouble(fault) => state.failures += 1,
            Err(_) => {}
            Ok(answer) => {
                state.failures = 0;
                self.heed(answer, &mut state);
            }
        }
        result
    }

    /// Whether the host may be asked at all, and after which wait.
    fn admit(&self, name: &str, state: &mut State) -> Result<Duration, Fault> {
        let refuse = |reason: &str, why: String| Err(Fault::new(Verdict::Transport, reason, why));
        if state.failures >= CIRCUIT {
            let why = format!("{name} failed {CIRCUIT} times in a row; left alone for this run");
            return refuse("host_down", why);
        }
        let elapsed = self.started.elapsed();
        let now = later(
            self.now,
            i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX),
        );
        if let Some(until) = state.hold {
            if until > now {
                let why = format!("{name} asked not to be asked before {until}");
                return refuse("retry_later", why);
            }
            state.hold = None;
        }
        if state.used >= self.budget {
            let why = format!(
                "{} requests to {name} in one run are enough (net.per_host)",
                self.budget
            );
            return refuse("budget", why);
        }
        let ready = state.ready.unwrap_or(self.started);
        let wait = ready.saturating_duration_since(Instant::now());
        if elapsed + wait >= self.run {
            let why = "the run's time is over (net.run_deadline); first in the next run".into();
            return refuse("skipped_deadline", why);
        }
        if wait > MAX_WAIT {
            let why = format!(
                "{name} wants {} s between requests; the rest in the next run",
                wait.as_secs()
            );
            return refuse("crawl_delay", why);
        }
        state.used += 1;
        Ok(wait)
    }

    /// Notes a rest that the host asks for.
    fn heed(&self, answer: &Answer, state: &mut State) {
        if !matches!(answer.page.status, 429 | 503) {
            return;
        }
        let Some(word) = answer.retry_after.as_deref() else {
            return;
        };
        let Some(seconds) = retry_after(word, answer.page.fetched_at) else {
            return;
        };
        let rest = Duration::from_secs(seconds.unsigned_abs());
        if rest <= MAX_WAIT {
            let until = Instant::now() + rest;
            state.ready = Some(state.ready.map_or(until, |ready| ready.max(until)));
        } else {
            state.hold = Some(later(self.now, seconds));
        }
    }

    /// A pause, longer by up to a third: many installations must not ask in step.
    fn jittered(&self, pause: Duration) -> Duration {
        const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
        // splitmix64, seeded: the same run makes the same pauses.
        let mut z = self
            .dice
            .fetch_add(GOLDEN, Ordering::Relaxed)
            .wrapping_add(GOLDEN);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let share = ((z ^ (z >> 31)) % 1000) as u32;
        pause.saturating_add(pause / 3000 * share)
    }
}

/// `Retry-After` in seconds from `at`, at most a day; None for rubbish (RFC 9110 §10.2.3).
fn retry_after(word: &str, at: Timestamp) -> Option<i64> {
    let word = word.trim();
    let seconds = if !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()) {
        // A number too long for 64 bits is as good as for ever.
        word.parse().unwrap_or(MAX_REST)
    } else {
        let until = jiff::fmt::rfc2822::DateTimeParser::new()
            .parse_timestamp(word)
            .ok()?;
        until.as_second() - at.as_second()
    };
    Some(seconds.clamp(0, MAX_REST))
}

fn later(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(jiff::SignedDuration::from_secs(seconds))
        .unwrap_or(Timestamp::MAX)
}

/// A poisoned lock holds counters that are still good enough.
fn open<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_in_both_forms() {
        let at: Timestamp = "2026-11-26T04:00:00Z".parse().unwrap();
        let rows = [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("1000000000", Some(MAX_REST)),
            ("99999999999999999999999", Some(MAX_REST)),
            ("Thu, 26 Nov 2026 04:01:30 GMT", Some(90)),
            ("Thu, 26 Nov 2026 03:00:00 GMT", Some(0)),
            ("-5", None),
            ("soon", None),
            ("", None),
        ];
        for (word, want) in rows {
            assert_eq!(retry_after(word, at), want, "{word:?}");
        }
    }

    #[test]
    fn jitter_only_lengthens_and_repeats() {
        let net = Net::default();
        let pauses = |seed| -> Vec<Duration> {
            let gate = Gate::new(&net, BTreeMap::new(), Timestamp::UNIX_EPOCH, seed);
            (0..50)
                .map(|_| gate.jittered(Duration::from_secs(3)))
                .collect()
        };
        let first = pauses(7);
        assert_eq!(first, pauses(7));
        assert_ne!(first, pauses(8));
        for pause in first {
            assert!((3.0..4.0).contains(&pause.as_secs_f64()), "{pause:?}");
        }
    }
}
