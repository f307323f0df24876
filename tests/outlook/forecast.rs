//! How far the forecast would have been right.

use lingzheng::config::{BUILTIN, load_catalog};
use lingzheng::model::{Catalog, Date};
use lingzheng::outlook::expected;

/// The dated regional rows that are known, all of them past: region, sitting, day.
const PAST: &[(&str, &str, i32)] = &[
    ("sd", "2021H2", 93),
    ("sx", "2021H2", 104),
    ("sd", "2022H1", 102),
    ("gd", "2022H1", 109),
    ("sz", "2022H1", 111),
    ("cq", "2022H1", 115),
    ("dl", "2022H1", 121),
    ("sh", "2022H2", 96),
    ("cq", "2022H2", 104),
    ("tj", "2022H2", 107),
    ("bj", "2022H2", 108),
    ("gd", "2022H2", 124),
    ("sd", "2023H1", 96),
    ("sd", "2024H1", 54),
    ("cq", "2024H2", 45),
    ("fj", "2025H1", 48),
];

/// Run with `--nocapture` to see the table.
#[test]
fn the_forecast_against_the_past() {
    let families: Vec<String> = [
        "trs",
        "hanweb_jpage",
        "ucap",
        "nfcms",
        "ncms",
        "asp_classic",
        "cpta",
        "ruankao",
        "scpta",
        "hebpta",
        "shandong_hrss",
        "bingtuan",
    ]
    .map(String::from)
    .to_vec();
    let catalog = load_catalog(BUILTIN, None, &families).unwrap();
    let of = |sitting: &str| {
        let mut held = catalog.sittings[0].clone();
        if let Some(s) = catalog.sittings.iter().find(|s| s.id == sitting) {
            held = s.clone();
        }
        held.id = sitting.into();
        held
    };
    println!("region sitting  real  then  without it  tier's day");
    let (mut then, mut without, mut tiers, mut told) = (0, 0, 0, 0);
    for (id, sitting, real) in PAST {
        let held = of(sitting);
        let days = |catalog: &Catalog, as_of: &str| {
            let mut held = held.clone();
            held.id = as_of.into();
            let region = catalog.region(id).unwrap();
            let (range, _) = expected(catalog, region, &held);
            let from = |d: Date| held.first.until(d).unwrap().get_days();
            range.map(|(a, b)| (from(a), from(b)))
        };
        let forward = days(&catalog, sitting);
        let mut others = catalog.clone();
        for region in &mut others.regions {
            region
                .lags
                .retain(|l| !(region.id == *id && l.sitting == *sitting));
        }
        let left_out = days(&others, "2026H2").filter(|_| *sitting >= "2023H2");
        let tier = match catalog.region(id).unwrap().tier {
            Some(1) => 42,
            Some(2) => 63,
            _ => 99,
        };
        let hit = |r: Option<(i32, i32)>| r.is_some_and(|(a, b)| (a..=b).contains(real));
        println!("{id:6} {sitting:7} {real:5}  {forward:?}  {left_out:?}  {tier}");
        if *sitting >= "2023H2" {
            told += 1;
            then += usize::from(hit(forward));
            without += usize::from(hit(left_out));
            tiers += usize::from((tier - 7..=tier + 7).contains(real));
        } else {
            // Before the computer exam nothing is forecast: the rule knows only what came later.
            assert_eq!(forward, None, "{id} {sitting}");
        }
    }
    println!(
        "since 2023H2: {told}; range held: then {then}, with all others {without}, a week around the tier's day {tiers}"
    );
    assert_eq!((told, then, without, tiers), (3, 1, 3, 1));
}
