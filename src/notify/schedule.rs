//! When a message that was not taken is tried again: the schedule of Standard Webhooks 1.0.

use crate::model::Timestamp;
use std::time::Duration;

/// Waits after the first failure, the second, …: some three days in all.
const WAITS: [u64; 9] = [
    5,
    5 * 60,
    30 * 60,
    2 * 3600,
    5 * 3600,
    10 * 3600,
    14 * 3600,
    20 * 3600,
    24 * 3600,
];

/// After so many attempts a message is given up.
pub const LAST_ATTEMPT: u32 = WAITS.len() as u32 + 1;

/// What is granted where a receiver is overloaded and does not say for how long.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// Longest wait that a receiver may ask for.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// How long to wait after `attempts` failures; None = give up. `seed` names sink and event: waits
/// differ by up to a tenth between them, so that what failed together is not tried together, and
/// are the same whenever they are computed.
pub fn next_try(attempts: u32, retry_after: Option<Duration>, seed: &str) -> Option<Duration> {
    let index = usize::try_from(attempts.checked_sub(1)?).ok()?;
    let base = Duration::from_secs(*WAITS.get(index)?);
    // FNV-1a: spread, not secrecy.
    let hash = seed
        .bytes()
        .chain(attempts.to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
            (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
        });
    let factor = 0.9 + 0.2 * ((hash >> 32) % 1001) as f64 / 1000.0;
    let asked = retry_after.unwrap_or_default().min(LONGEST);
    Some(base.mul_f64(factor).max(asked))
}

/// `Retry-After` (RFC 9110 §10.2.3): seconds or a date; None where it is neither.
pub(super) fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than a number holds ask for more than is granted anyway.
        return Some(
            value
                .parse()
                .map_or(LONGEST, Duration::from_secs)
                .min(LONGEST),
        );
    }
    let at = jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(value)
        .ok()?;
    let wait = at.as_second().saturating_sub(now.as_second());
    Some(Duration::from_secs(u64::try_from(wait).unwrap_or(0)).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_attempts_in_three_days() {
        let waits = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
        for (n, want) in (1..).zip(waits) {
            for seed in ["a:1", "b:2", "c:3"] {
                let got = next_try(n, None, seed).unwrap().as_secs_f64() / f64::from(want);
                assert!((0.9..=1.1).contains(&got), "attempt {n}: {got}");
            }
        }
        assert_eq!(next_try(LAST_ATTEMPT, None, "a"), None);
        assert_eq!(next_try(0, None, "a"), None);
        assert_ne!(next_try(9, None, "a"), next_try(9, None, "b"));
        assert_eq!(next_try(3, None, "a"), next_try(3, None, "a"));
    }

    #[test]
    fn a_receiver_may_ask_for_a_day_at_most() {
        let now: Timestamp = "2026-11-25T00:00:00Z".parse().unwrap();
        for (value, want) in [
            ("120", Some(120)),
            ("0", Some(0)),
            ("1000000000", Some(86_400)),
            ("99999999999999999999999", Some(86_400)),
            ("Wed, 25 Nov 2026 00:10:00 GMT", Some(600)),
            ("Tue, 24 Nov 2026 00:00:00 GMT", Some(0)),
            ("Wed, 25 Nov 2099 00:00:00 GMT", Some(86_400)),
            ("-5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(
                retry_after(value, now),
                want.map(Duration::from_secs),
                "{value}"
            );
        }
        let asked = next_try(1, Some(Duration::from_secs(120)), "a");
        assert_eq!(asked, Some(Duration::from_secs(120)));
        assert!(
            next_try(2, Some(Duration::from_secs(1)), "a")
                .unwrap()
                .as_secs()
                > 200
        );
    }
}
