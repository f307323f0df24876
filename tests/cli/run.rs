//! What the binary cannot be made to show: the run itself, with a reader that breaks, in its order,
//! and ended at once.

use super::*;
use lingzheng::adapter::{Families, Office};
use lingzheng::config;
use lingzheng::crawl::{self, Ended, Job, Report};
use lingzheng::fetch::{Fetcher, Files, Recorded};
use lingzheng::model::{Catalog, Settings};
use lingzheng::store::Store;
use std::future::Future;
use std::sync::Arc;

fn catalog() -> Catalog {
    let families = Families::builtin();
    let names: Vec<String> = families.names().iter().map(|n| n.to_string()).collect();
    config::load_catalog(config::BUILTIN, None, &names).unwrap()
}

/// A recorded crawl of these sources, with `files` as the recording, until `stop`.
fn run(store: &mut Store, ids: &[&str], files: Files, stop: impl Future<Output = u8>) -> Report {
    let (catalog, families) = (catalog(), Families::builtin());
    let office = |id: &&str| {
        let source = catalog.source(id).unwrap();
        Arc::new(Office::compile(source, &families).unwrap())
    };
    let job = Job {
        catalog: &catalog,
        offices: ids.iter().map(office).collect(),
        settings: &Settings::default(),
        now: ROUNDS[0].parse().unwrap(),
    };
    let door = |_| Ok(Fetcher::recorded(Recorded::new(files, 1, job.now)));
    crawl::run_until(&job, store, door, |_| {}, stop).unwrap()
}

fn folder() -> Files {
    Files::Folder(fixtures().into())
}

fn order(report: &Report) -> Vec<&str> {
    report.outcomes.iter().map(|o| o.source.as_str()).collect()
}

/// The recording, whose every byte of one office is a fault of ours.
fn broken(path: &str) -> Option<&'static [u8]> {
    assert!(!path.starts_with("gd/"), "a fault of lingzheng");
    let bytes = std::fs::read(Path::new(fixtures()).join(path)).ok()?;
    Some(bytes.leak())
}

#[test]
fn a_panic_over_one_office_leaves_the_others_alone() {
    let home = Home::new();
    let mut store = Store::open(home.db()).unwrap();
    let ids = ["gx", "gd", "he"];
    let report = run(
        &mut store,
        &ids,
        Files::Embedded(broken),
        std::future::pending(),
    );
    assert_eq!(order(&report), ids);
    let faults: Vec<Option<&str>> = report
        .outcomes
        .iter()
        .map(|o| o.fault.as_ref().map(|f| f.reason.as_str()))
        .collect();
    assert_eq!(faults, [None, Some("internal"), None]);
    let states = store.source_states().unwrap();
    assert_eq!(states.into_keys().collect::<Vec<_>>(), ["gx", "he"]);
}

#[test]
fn who_was_left_out_goes_first() {
    let home = Home::new();
    let mut store = Store::open(home.db()).unwrap();
    let pending = std::future::pending;
    assert_eq!(
        order(&run(&mut store, &["gx"], folder(), pending())),
        ["gx"]
    );
    let report = run(&mut store, &["gx", "gd", "he"], folder(), pending());
    assert_eq!(order(&report), ["gd", "he", "gx"]);
}

#[test]
fn a_run_that_is_ended_at_once_touches_nothing() {
    let home = Home::new();
    let mut store = Store::open(home.db()).unwrap();
    let report = run(&mut store, &["gx", "gd"], folder(), std::future::ready(15));
    assert_eq!(report.ended, Some(Ended::Signal(15)));
    assert!(report.events.is_empty());
    assert_eq!(report.outcomes.len(), 2);
    assert!(report.outcomes.iter().all(|o| o.skipped()));
    assert!(store.source_states().unwrap().is_empty());
}
