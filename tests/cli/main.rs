//! The program as a person runs it: the binary, an empty folder as its home, no network.

// Helpers outside `#[test]` functions may fail a test as well.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod clock;
mod commands;
mod database;
mod demo;
#[cfg(target_os = "linux")]
mod disk;
mod environment;
mod help;
mod hostile;
#[cfg(target_os = "linux")]
mod inject;
mod keep;
mod kills;
mod limits;
mod locks;
mod migrate;
mod refusals;
mod run;
mod secrets;
mod signals;
mod site;
mod state;
#[cfg(target_os = "linux")]
mod worst;

#[path = "../support/mod.rs"]
mod support;

use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::time::Duration;

/// The day after the demo's last round.
const NOW: &str = "2026-12-17T09:00:00+08:00";
/// The rounds of `fixtures/rounds.toml`.
const ROUNDS: [&str; 5] = [
    "2026-12-09T09:00:00+08:00",
    "2026-12-10T09:00:00+08:00",
    "2026-12-14T09:00:00+08:00",
    "2026-12-15T09:00:00+08:00",
    "2026-12-16T09:00:00+08:00",
];

/// What a command did.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            err: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
        }
    }
}

impl Ran {
    /// Asserts that all went well, and gives the text.
    #[track_caller]
    fn well(self) -> String {
        assert_eq!(
            (self.code, self.err.as_str()),
            (Some(0), ""),
            "{}",
            self.out
        );
        self.out
    }

    /// Asserts the exit code, whatever was said.
    #[track_caller]
    fn ends(self, code: i32) {
        assert_eq!(self.code, Some(code), "{self:?}");
    }

    /// Asserts the exit code and that standard error is this line and nothing else.
    #[track_caller]
    fn fails(self, code: i32, line: &str) {
        let want = format!("lingzheng: {line}\n");
        assert_eq!((self.code, self.err.as_str()), (Some(code), want.as_str()));
        assert_eq!(self.out, "");
    }

    /// Asserts the exit code and one line on standard error that holds all these words.
    #[track_caller]
    fn says(self, code: i32, words: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert_eq!(self.err.lines().count(), 1, "{self:?}");
        for word in words {
            assert!(self.err.contains(word), "{word:?} not in {}", self.err);
        }
    }

    /// The JSON document on standard output.
    #[track_caller]
    fn json(self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }
}

/// A person's folder.
struct Home {
    dir: tempfile::TempDir,
}

impl Home {
    fn new() -> Home {
        Home {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    /// With a database as the demo leaves it.
    fn with_demo() -> Home {
        static DEMO: OnceLock<Vec<u8>> = OnceLock::new();
        let bytes = DEMO.get_or_init(|| {
            let home = Home::new();
            home.run(&["demo", "--keep", home.at("demo").to_str().unwrap()])
                .well();
            // A copy of the file alone holds everything once the log is written back.
            home.run(&["--db", "demo/lingzheng.db", "backup", "copy.db"]);
            std::fs::read(home.at("copy.db")).unwrap()
        });
        let home = Home::new();
        std::fs::create_dir_all(home.db().parent().unwrap()).unwrap();
        std::fs::write(home.db(), bytes).unwrap();
        home
    }

    fn at(&self, name: impl AsRef<Path>) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Where the database is by default.
    fn db(&self) -> PathBuf {
        self.at("data/lingzheng/lingzheng.db")
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.at(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    fn settings(&self, text: &str) {
        self.write("config/lingzheng/config.toml", text);
    }

    fn command(&self) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("lingzheng"));
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.dir.path())
            .env("TMPDIR", self.dir.path())
            .env("XDG_CONFIG_HOME", self.at("config"))
            .env("XDG_DATA_HOME", self.at("data"))
            .current_dir(self.dir.path())
            .stdin(std::process::Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        finished(self.command().args(args))
    }

    /// On the demo's last day but one.
    fn run_now(&self, args: &[&str]) -> Ran {
        finished(self.command().args(["--now", NOW]).args(args))
    }

    /// A crawl over the demo's recordings.
    fn crawl(&self, round: usize) -> Command {
        let mut command = self.command();
        command
            .args(["--now", ROUNDS[round - 1], "crawl", "--round"])
            .arg(round.to_string())
            .args(["--recorded", fixtures(), "gx", "gd", "he", "nm"]);
        command
    }
}

fn fixtures() -> &'static str {
    concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures")
}

/// Runs a command to its end. One that does not end within a minute fails the test.
#[track_caller]
fn finished(command: &mut Command) -> Ran {
    Ran::from(ended(command, Duration::from_secs(60)))
}

#[track_caller]
fn ended(command: &mut Command, limit: Duration) -> Output {
    assert_cmd::Command::from_std(std::mem::replace(command, Command::new("true")))
        .timeout(limit)
        .output()
        .unwrap()
}

fn sum(path: &Path) -> String {
    format!("{:?}", Sha256::digest(std::fs::read(path).unwrap()))
}

/// A word where something cannot be tried here.
fn skipped(why: &str) {
    println!("skipped: {why}");
}
