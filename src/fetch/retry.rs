//! Trying again what may pass.

use crate::model::{Fault, Verdict};
use crate::net::Answer;
use backon::{ExponentialBuilder, Retryable};
use std::future::Future;
use std::time::Duration;

/// Longest pause between two tries.
const MAX_DELAY: Duration = Duration::from_secs(30);
/// Shortest, for a test that runs without pauses.
const MIN_DELAY: Duration = Duration::from_millis(20);

/// Why a try is not the last word.
enum Failed {
    /// A page that says "not now".
    Busy(Box<Answer>),
    Fault(Fault),
}

/// Asks up to `retries` more times, with pauses that double from `pause` and are spread by seeded
/// jitter. `Retry-After` is not looked at here: the gate holds the host back.
pub(super) async fn patiently<F, Fut>(
    once: F,
    retries: u32,
    pause: Duration,
    seed: u64,
) -> Result<Answer, Fault>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<Answer, Fault>>,
{
    let schedule = ExponentialBuilder::new()
        .with_min_delay(pause.max(MIN_DELAY))
        .with_max_delay(MAX_DELAY.max(pause))
        .with_max_times(retries as usize)
        .with_jitter()
        .with_jitter_seed(seed);
    let attempt = || async {
        match once().await {
            Ok(answer) if busy(answer.page.status) => Err(Failed::Busy(Box::new(answer))),
            Ok(answer) => Ok(answer),
            Err(fault) => Err(Failed::Fault(fault)),
        }
    };
    let mut last_busy = None;
    let outcome = attempt
        .retry(schedule)
        .when(|failed| match failed {
            Failed::Busy(answer) => {
                last_busy = Some(answer.clone());
                true
            }
            Failed::Fault(fault) => transient(fault),
        })
        .await;
    match outcome {
        Ok(answer) => Ok(answer),
        Err(Failed::Busy(answer)) => Ok(*answer),
        // The host asked for rest: what it said is more than that we did not ask again.
        Err(Failed::Fault(fault)) if fault.reason == "retry_later" => {
            last_busy.map_or(Err(fault), |answer| Ok(*answer))
        }
        Err(Failed::Fault(fault)) => Err(fault),
    }
}

/// Statuses that speak of the moment and not of the page (RFC 9110 §15.6, RFC 6585 §4).
fn busy(status: u16) -> bool {
    matches!(status, 429 | 500 | 502 | 503 | 504)
}

/// Whether another try may end otherwise.
fn transient(fault: &Fault) -> bool {
    match fault.verdict {
        Verdict::Partial => true,
        Verdict::Transport => WIRE.contains(&fault.reason.as_str()),
        _ => false,
    }
}

/// The reasons that come from the wire, and pass or stay with the host.
const WIRE: [&str; 9] = [
    "timeout",
    "connect_timeout",
    "connect",
    "refused",
    "reset",
    "closed",
    "unreachable",
    "dns",
    "http",
];

/// Whether a fault says that the host itself is in trouble, so that its other pages will fail too.
/// A page that breaks off or is no HTTP may be the only one.
pub(super) fn host_trouble(fault: &Fault) -> bool {
    fault.verdict == Verdict::Transport
        && fault.reason != "http"
        && (transient(fault) || fault.reason.starts_with("tls"))
}
