//! What is kept and for how long: records of visits go when their time is over, what was told and
//! every notice's latest versions never.

use super::*;
use lingzheng::store::Store;

fn visits(home: &Home) -> Vec<String> {
    let store = Store::open_existing(home.db()).unwrap();
    let visits = store.visits("gx", 9999).unwrap();
    visits.iter().map(|v| v.at.to_string()).collect()
}

#[test]
fn a_year_of_runs_keeps_all_that_was_told() {
    let home = Home::new();
    home.settings("[keep]\nvisits = 60\nversions = 60\n");
    finished(&mut home.crawl(1)).ends(0);
    finished(&mut home.crawl(2)).ends(0);
    finished(&mut home.crawl(3)).ends(0);
    let events = |home: &Home| home.run(&["--format", "jsonl", "changes", "--all"]).well();
    let (told, known) = (events(&home), state::told(&home.db()));
    // Every 29 days, for 400 days, the same pages.
    let first: jiff::Timestamp = ROUNDS[2].parse().unwrap();
    let mut now = first;
    let mut runs = Vec::new();
    while now.duration_since(first).as_hours() < 400 * 24 {
        now += jiff::SignedDuration::from_hours(29 * 24);
        runs.push(now.to_string());
        let (fixtures, at) = (fixtures(), now.to_string());
        home.run(&[
            "--now",
            &at,
            "crawl",
            "--recorded",
            fixtures,
            "--round",
            "3",
            "gx",
            "gd",
            "he",
            "nm",
        ])
        .ends(0);
    }
    let kept: Vec<String> = runs.iter().rev().take(3).cloned().collect();
    assert_eq!(visits(&home), kept, "two months, and the run itself");
    assert!(events(&home).starts_with(&told), "what was told stays told");
    let after = state::told(&home.db());
    let lost: Vec<_> = known
        .iter()
        .filter(|row| row.starts_with("version ") && !after.contains(row))
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
    home.run(&["doctor"]).well();

    // A clock that is five years ahead throws nothing away.
    let ahead = "2033-01-01T09:00:00+08:00";
    home.run(&[
        "--now",
        ahead,
        "crawl",
        "--recorded",
        fixtures(),
        "--round",
        "3",
        "gx",
    ])
    .ends(0);
    assert_eq!(visits(&home).len(), 4);
}

#[test]
fn less_than_a_month_is_refused() {
    let home = Home::new();
    home.settings("[keep]\nvisits = 7\n");
    let ran = home.run(&["crawl", "gx"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.contains("`visits` is 30 days or more"), "{ran:?}");
}
