//! One run at a time; readers at any time.

use super::support::long::{measured, rounds};
use super::support::server::{Act, Server};
use super::*;
use std::process::{Child, Stdio};
use std::time::Instant;

/// A crawl that waits for an office which does not answer. Dropping it ends it.
pub(crate) struct Waiting(pub(crate) Child);

impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a crawl over `ids`, and returns when the server was asked for `path`.
#[track_caller]
pub(crate) fn started(home: &Home, server: &Server, ids: &[&str], path: &str) -> Waiting {
    let mut command = home.command();
    command
        .args(["--sources", "mine.toml", "crawl"])
        .args(ids)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child = Waiting(command.spawn().unwrap());
    until(|| server.paths().iter().any(|p| p == path));
    child
}

/// Waits until it is so; half a minute at most.
#[track_caller]
pub(crate) fn until(so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < Duration::from_secs(30), "it never was so");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_second_run_ends_at_once_and_readers_go_on() {
    let home = Home::with_demo();
    let server = Server::start(|hit, _| match hit.path.as_str() {
        "/robots.txt" => site::missing(),
        _ => Act::Hang(Vec::new()),
    });
    home.settings(&site::settings(&server, ""));
    home.write("mine.toml", site::sources(&server, &["x-slow"]));
    let before = home.run_now(&["status"]).well();
    let _first = started(&home, &server, &["x-slow"], "/x-slow/");

    let lock = home.at("data/lingzheng/lingzheng.db.lock");
    let lock = lock.canonicalize().unwrap();
    let begun = Instant::now();
    home.run(&["--sources", "mine.toml", "crawl", "x-slow"])
        .fails(
            75,
            &format!("another run is under way ({} is locked)", lock.display()),
        );
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(
        server.paths().iter().filter(|p| *p == "/x-slow/").count(),
        1
    );

    assert_eq!(home.run_now(&["status"]).well(), before);
    home.run_now(&["changes", "--all"]).well();
    home.run_now(&["doctor"]).well();
    home.run_now(&["backup", "copy.db"]).well();
    home.run_now(&["--db", "copy.db", "doctor"]).well();
}

#[test]
fn a_lock_dies_with_its_holder() {
    let home = Home::new();
    let server = Server::start(|hit, before| match hit.path.as_str() {
        "/x-slow/" if before == 0 => Act::Hang(Vec::new()),
        path => site::office(path).unwrap_or_else(site::missing),
    });
    home.settings(&site::settings(&server, ""));
    home.write("mine.toml", site::sources(&server, &["x-slow"]));
    drop(started(&home, &server, &["x-slow"], "/x-slow/"));
    // The lock file is still there, its lock is not.
    assert!(home.at("data/lingzheng/lingzheng.db.lock").exists());
    home.run(&["--sources", "mine.toml", "crawl", "x-slow"])
        .well();
}

#[test]
fn runs_that_start_together_never_disturb_each_other() {
    let rounds = rounds(4, 50);
    for round in 0..rounds {
        let home = Home::new();
        let runs: Vec<Child> = (0..5)
            .map(|_| {
                home.crawl(1)
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped())
                    .spawn()
                    .unwrap()
            })
            .collect();
        let mut done = 0;
        for run in runs {
            let ran = Ran::from(run.wait_with_output().unwrap());
            match ran.code {
                Some(0) => {
                    done += 1;
                    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
                }
                Some(75) => ran.says(75, &["another run is under way"]),
                _ => panic!("round {round}: {ran:?}"),
            }
        }
        assert!(done >= 1);
        home.run(&["doctor"]).well();
        let baselines = home.run(&["--format", "jsonl", "changes", "--all"]).well();
        assert_eq!(baselines.lines().count(), 4, "{baselines}");
    }
    measured(&format!(
        "{rounds} times five runs at once: one worked, the others said so"
    ));
}
