//! Many runs on a moved clock: a quiet week says nothing and hardly grows, an outage is told once,
//! reminded of daily, and its end told once.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use lingzheng::model::event::Subject;
use support::long::measured;
use support::recording::{Answer, Watched, Web, about_notices, about_source};

/// How much room everything that is stored takes.
fn size(watched: &Watched, name: &str) -> u64 {
    let copy = watched.home.path().join(name);
    watched.store.backup(&copy).unwrap();
    std::fs::metadata(copy).unwrap().len()
}

#[test]
fn an_outage_of_three_days_is_told_once_and_reminded_of_daily() {
    let mut watched = Watched::recorded("gx");
    let good = watched.web.clone();
    watched.visit(&good);
    let down: Web = good
        .keys()
        .map(|url| (url.clone(), Answer::page("").with_status(502)))
        .collect();
    let (mut broken, mut reminded) = (0, 0);
    for hour in 0..72 {
        let report = watched.visit(&down);
        assert_eq!(about_notices(&report), [""; 0], "hour {hour}");
        broken += about_source(&report).len();
        reminded += report.reminders.len();
        for (source, fault, since) in &report.reminders {
            let begun: lingzheng::model::Timestamp = "2026-12-09T02:00:00Z".parse().unwrap();
            assert_eq!(
                (source.as_str(), fault.verdict.word(), *since),
                ("gx", "transport", begun)
            );
        }
    }
    assert_eq!(broken, 1);
    assert!((2..=3).contains(&reminded), "{reminded} reminders");
    let back = watched.visit(&good);
    assert_eq!(about_source(&back), ["recovered"]);
    assert_eq!(about_notices(&back), [""; 0]);
    assert_eq!(watched.visit(&good).events, []);
}

#[test]
fn a_clock_that_was_years_ahead_stills_no_reminder() {
    let mut watched = Watched::recorded("gx");
    let good = watched.web.clone();
    watched.visit(&good);
    let down: Web = good
        .keys()
        .map(|url| (url.clone(), Answer::page("").with_status(502)))
        .collect();
    let now = watched.now;
    watched.now = "2031-12-09T01:00:00Z".parse().unwrap();
    assert_eq!(about_source(&watched.visit(&down)), ["broken"]);
    watched.now = now;
    let mut reminded = 0;
    for _ in 0..48 {
        reminded += watched.visit(&down).reminders.len();
    }
    assert!((2..=3).contains(&reminded), "{reminded} reminders");
    assert_eq!(about_source(&watched.visit(&good)), ["recovered"]);
}

#[test]
fn a_quiet_week_is_silent_and_hardly_grows() {
    let mut watched = Watched::recorded("gx");
    let good = watched.web.clone();
    for _ in 0..20 {
        watched.visit(&good);
    }
    let before = size(&watched, "before.db");
    const RUNS: u64 = 168;
    for hour in 0..RUNS {
        let report = watched.visit(&good);
        assert!(
            report.events.is_empty() && report.reminders.is_empty(),
            "hour {hour}"
        );
    }
    let grown = size(&watched, "after.db") - before;
    assert!(grown <= 300 * RUNS, "{grown} bytes in {RUNS} visits");
    measured(&format!(
        "{} bytes of growth a visit without news",
        grown / RUNS
    ));
}

#[test]
fn a_notice_that_is_silent_for_a_day_is_told_as_its_sources_fault() {
    for (id, page) in [
        (
            "gd",
            "https://rsks.gd.gov.cn/zwgk/gzdt/content/post_4790455.html",
        ),
        ("nm", "http://www.impta.com.cn/zigekaoshi/2026112715920.asp"),
    ] {
        let mut watched = Watched::recorded(id);
        let good = watched.web.clone();
        watched.visit(&good);
        let mut web = good.clone();
        web.insert(page.to_owned(), Answer::page("").with_status(403));
        let mut told = Vec::new();
        for hour in 1..=30 {
            for event in watched.visit(&web).events {
                assert!(matches!(event.subject, Subject::Source(_)), "{id}");
                told.push((hour, event.change.word()));
            }
        }
        assert_eq!(told, [(24, "broken")], "{id}");
        assert_eq!(about_source(&watched.visit(&good)), ["recovered"], "{id}");
    }
}
