//! When a region's first notice may be expected, from past lags.
//!
//! A lag is the days from the first exam day to the first notice. Only sittings held on computers
//! count: since then the printing takes half as long (45–54 days instead of 93–124).

use crate::model::source::Lag;
use crate::model::{Catalog, Date, Grounds, Region, Signal, Sitting};
use jiff::ToSpan;

/// First sitting held on computers.
const COMPUTER_ERA: &str = "2023H2";
/// Days by which each tier after the first puts off the end of a range that rests on other regions.
const TIER: i32 = 7;
/// Days from the first exam day until the electronic certificate could be had, by sitting.
const E_FILE: [(&str, i32); 3] = [("2024H2", 41), ("2025H1", 38), ("2025H2", 34)];

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

/// The range of days in which the electronic certificate of a sitting may be expected. Signals of
/// earlier sittings add to what is known.
pub(super) fn e_file(sitting: &Sitting, past: &[(&Sitting, &Signal)]) -> Option<(Date, Date)> {
    let learned = past.iter().filter_map(|(held, signal)| {
        let days = held.first.until(signal.e_file?).ok()?.get_days();
        Some((held.id.as_str(), days))
    });
    let days: Vec<i32> = E_FILE
        .into_iter()
        .chain(learned)
        .filter(|(id, _)| *id < sitting.id.as_str())
        .map(|(_, days)| days)
        .collect();
    Some((
        sitting.first.checked_add(days.iter().min()?.days()).ok()?,
        sitting.first.checked_add(days.iter().max()?.days()).ok()?,
    ))
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
