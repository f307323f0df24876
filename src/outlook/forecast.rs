//! When a region's first notice may be expected, from past lags.
//!
//! A lag is the days from the first exam day to the first notice. Only sittings held on computers
//! count: since then the printing takes half as long (45–54 days instead of 93–124).

use crate::model::source::Lag;
use crate::model::{Catalog, Date, Grounds, Moved, Region, Signal, Sitting, event};
use jiff::ToSpan;

/// First sitting held on computers.
const COMPUTER_ERA: &str = "2023H2";
/// Days by which each tier after the first puts off the end of a range that rests on other regions.
const TIER: i32 = 7;
/// Days from the first exam day until the electronic certificate could be had, by sitting.
const E_FILE: &[(&str, i32)] = &[("2024H2", 41), ("2025H1", 38), ("2025H2", 34)];
/// Days from the first exam day until the scores were out, by sitting.
const SCORES: &[(&str, i32)] = &[("2025H2", 27)];

/// The days that few lags leave open on either side of them: three or more make a range.
fn slack(points: usize) -> i32 {
    match points {
        0 | 1 => 7,
        2 => 4,
        _ => 0,
    }
}

/// A region's lags that count for a sitting: on computers, and of an earlier sitting. Sitting ids
/// (`2026H2`) sort by time.
pub(super) fn lags<'a>(region: &'a Region, sitting: &'a str) -> impl Iterator<Item = &'a Lag> {
    region
        .lags
        .iter()
        .filter(move |l| l.sitting.as_str() >= COMPUTER_ERA && l.sitting.as_str() < sitting)
}

/// The range of days in which a region's first notice may be expected, and what it rests on.
pub fn expected(
    catalog: &Catalog,
    region: &Region,
    sitting: &Sitting,
) -> (Option<(Date, Date)>, Grounds) {
    let own: Vec<i32> = lags(region, &sitting.id).map(|l| l.days).collect();
    let others: Vec<i32> = catalog
        .regions
        .iter()
        .filter(|r| r.id != region.id)
        .flat_map(|r| lags(r, &sitting.id))
        .map(|l| l.days)
        .collect();
    let (days, grounds) = days(&own, &others, region.tier);
    let dates = days.and_then(|(a, b)| {
        Some((
            sitting.first.checked_add(a.days()).ok()?,
            sitting.first.checked_add(b.days()).ok()?,
        ))
    });
    (dates, grounds)
}

/// The same in days from the first exam day.
fn days(own: &[i32], others: &[i32], tier: Option<u8>) -> (Option<(i32, i32)>, Grounds) {
    let range = |lags: &[i32]| Some((*lags.iter().min()?, *lags.iter().max()?));
    let wide = |(a, b): (i32, i32), by: i32| (a - by, b + by);
    match (range(own), range(others)) {
        (None, None) => (None, Grounds::None),
        (Some(mine), _) if own.len() > 1 => (
            Some(wide(mine, slack(own.len()))),
            Grounds::Own { points: own.len() },
        ),
        (Some(mine), theirs) => {
            let all = theirs.map_or(mine, |t| (mine.0.min(t.0), mine.1.max(t.1)));
            let points = own.len() + others.len();
            let others = others.len();
            (Some(wide(all, slack(points))), Grounds::Mixed { others })
        }
        (None, Some(theirs)) => {
            let (a, b) = wide(theirs, slack(others.len()));
            let late = i32::from(tier.unwrap_or(3).clamp(1, 3) - 1) * TIER;
            let points = others.len();
            (Some((a, b + late)), Grounds::Pooled { points, tier })
        }
    }
}

/// The range of days in which the electronic certificate of a sitting may be expected: as in the
/// past, and so much earlier or later as its scores were. `signals` are those of the exam.
pub(super) fn e_file(sitting: &Sitting, signals: &[(&Sitting, &Signal)]) -> Option<(Date, Date)> {
    let range = usual(sitting, E_FILE, signals, |s| s.e_file)?;
    let moved = ahead(sitting, SCORES, signals, |s| s.scores).unwrap_or(0);
    let day = |days: i32| sitting.first.checked_add((days + moved).days()).ok();
    Some((day(range.0)?, day(range.1)?))
}

/// By what the nation moves every region's range; None where it says nothing yet, or is as ever.
pub(super) fn moved(sitting: &Sitting, signals: &[(&Sitting, &Signal)]) -> Option<Moved> {
    let e_file = ahead(sitting, E_FILE, signals, |s| s.e_file).map(|d| (event::Signal::EFile, d));
    let scores = || {
        Some((
            event::Signal::Scores,
            ahead(sitting, SCORES, signals, |s| s.scores)?,
        ))
    };
    let (by, days) = e_file.or_else(scores)?;
    (days != 0).then_some(Moved { by, days })
}

/// Days by which a sitting's signal came before (negative) or after the days on which it came in
/// the past; 0 = among them. None where it has not come, or no past is known.
fn ahead(
    sitting: &Sitting,
    past: &[(&str, i32)],
    signals: &[(&Sitting, &Signal)],
    of: fn(&Signal) -> Option<Date>,
) -> Option<i32> {
    let own = signals.iter().find(|(held, _)| held.id == sitting.id);
    let day = sitting.first.until(of(own?.1)?).ok()?.get_days();
    let (low, high) = usual(sitting, past, signals, of)?;
    Some(day - day.clamp(low, high))
}

/// The days after the exam on which a signal came: those that are known, and those that the signals
/// of earlier sittings add. Few leave room on either side.
fn usual(
    sitting: &Sitting,
    past: &[(&str, i32)],
    signals: &[(&Sitting, &Signal)],
    of: fn(&Signal) -> Option<Date>,
) -> Option<(i32, i32)> {
    let known = |id: &str| past.iter().any(|(sitting, _)| *sitting == id);
    let learned = signals.iter().filter(|(held, _)| !known(&held.id));
    let learned = learned.filter_map(|(held, signal)| {
        let days = held.first.until(of(signal)?).ok()?.get_days();
        Some((held.id.as_str(), days))
    });
    let days: Vec<i32> = past
        .iter()
        .copied()
        .chain(learned)
        .filter(|(id, _)| *id < sitting.id.as_str())
        .map(|(_, days)| days)
        .collect();
    let slack = slack(days.len());
    Some((days.iter().min()? - slack, days.iter().max()? + slack))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_says_what_it_rests_on() {
        for (own, others, tier, range, grounds) in [
            (vec![], vec![], Some(1), None, Grounds::None),
            (
                vec![],
                vec![45, 48, 54],
                Some(1),
                Some((45, 54)),
                Grounds::Pooled {
                    points: 3,
                    tier: Some(1),
                },
            ),
            (
                vec![],
                vec![45, 48, 54],
                Some(3),
                Some((45, 68)),
                Grounds::Pooled {
                    points: 3,
                    tier: Some(3),
                },
            ),
            (
                vec![],
                vec![45, 48, 54],
                None,
                Some((45, 68)),
                Grounds::Pooled {
                    points: 3,
                    tier: None,
                },
            ),
            (
                vec![],
                vec![54],
                Some(2),
                Some((47, 68)),
                Grounds::Pooled {
                    points: 1,
                    tier: Some(2),
                },
            ),
            (
                vec![58],
                vec![45, 54],
                Some(3),
                Some((45, 58)),
                Grounds::Mixed { others: 2 },
            ),
            (
                vec![50],
                vec![],
                Some(1),
                Some((43, 57)),
                Grounds::Mixed { others: 0 },
            ),
            (
                vec![60, 62],
                vec![45],
                Some(1),
                Some((56, 66)),
                Grounds::Own { points: 2 },
            ),
            (
                vec![60, 61, 62],
                vec![45],
                Some(3),
                Some((60, 62)),
                Grounds::Own { points: 3 },
            ),
        ] {
            assert_eq!(
                days(&own, &others, tier),
                (range, grounds),
                "{own:?} {others:?}"
            );
        }
    }
}
