//! The recipes of the README as they stand there, and what lingzheng writes as read by tools that
//! were not written here. Where a tool is missing the test says so.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

const README: &str = include_str!("../README.md");
const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
const OFFICES: [&str; 4] = ["gx", "gd", "he", "nm"];

/// The fenced block of the README in a language that holds these words.
fn block(language: &str, words: &str) -> &'static str {
    let fence = format!("```{language}\n");
    let mut blocks = README.split(fence.as_str()).skip(1);
    let found = blocks.find_map(|b| b.split("\n```").next().filter(|b| b.contains(words)));
    found.unwrap_or_else(|| panic!("the README has no {language} with {words}"))
}

fn has(program: &str) -> bool {
    let ran = Command::new(program).arg("--version").output();
    let has = ran.is_ok_and(|o| o.status.success());
    if !has {
        println!("skipped: {program} is missing");
    }
    has
}

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Home {
        Home(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, program: &str) -> Command {
        let own = Path::new(env!("CARGO_BIN_EXE_lingzheng")).parent().unwrap();
        let mut places = vec![own.to_path_buf()];
        places.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
        let mut command = Command::new(program);
        command
            .current_dir(self.path())
            .env("PATH", std::env::join_paths(places).unwrap())
            .env("XDG_CONFIG_HOME", self.path())
            .env("XDG_DATA_HOME", self.path());
        command
    }

    fn lingzheng(&self, args: &[&str]) -> Output {
        self.command(env!("CARGO_BIN_EXE_lingzheng"))
            .args(args)
            .output()
            .unwrap()
    }

    fn crawl(&self, round: &str, now: &str, more: &[&str]) {
        let args = [
            "--now",
            now,
            "crawl",
            "--recorded",
            FIXTURES,
            "--round",
            round,
        ];
        let output = self.lingzheng(&[&args[..], &OFFICES, more].concat());
        assert!(output.status.success(), "{output:?}");
    }
}

#[test]
fn files_and_streams_for_other_tools() {
    if !has("jq") {
        return;
    }
    let home = Home::new();
    for (round, day) in [("1", "09"), ("2", "10"), ("3", "14")] {
        home.crawl(round, &format!("2026-12-{day}T09:00:00+08:00"), &[]);
    }
    let sh = |script: &str| -> String {
        let output = home.command("sh").args(["-euc", script]).output().unwrap();
        let failed = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && failed.is_empty(), "{failed}");
        String::from_utf8(output.stdout).unwrap()
    };
    let said = sh(block("sh", "lingzheng export atom"));
    assert!(said.contains("\"$schema\""), "{said}");
    for file in ["feed.xml", "pickup.ics", "board/index.html"] {
        assert!(home.path().join("www").join(file).exists(), "{file}");
    }
    let days = sh(block("sh", "@tsv"));
    assert!(days.lines().count() >= 5, "{days}");
    for line in days.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [day, _, url] = columns[..] else {
            panic!("{line}")
        };
        assert!(day.starts_with("202") && url.starts_with("http"), "{line}");
    }
}

/// A receiver that is ended with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_receiver_that_checks_the_signature() {
    if !has("python3") {
        return;
    }
    let script = block("python", "webhook-signature");
    assert!(script.lines().count() <= 30);
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port().to_string();
    drop(free);
    let home = Home::new();
    let secret = String::from_utf8(home.lingzheng(&["notify", "secret"]).stdout).unwrap();
    let secret = secret.trim();
    let settings = |secret: &str| {
        let text = format!(
            "[contact]\naddress = \"me@example.org\"\n[net]\nallow = [\"127.0.0.1:{port}\"]\n\
             [watch]\nexams = []\n[[sink]]\nname = \"hook\"\nkind = \"webhook\"\n\
             url = \"http://127.0.0.1:{port}/\"\nsecret = \"{secret}\"\n"
        );
        std::fs::create_dir_all(home.path().join("lingzheng")).unwrap();
        std::fs::write(home.path().join("lingzheng/config.toml"), text).unwrap();
    };
    settings(secret);
    let mut receiver = Running(
        Command::new("python3")
            .args(["-c", &script.replace("8000", &port)])
            .env("LINGZHENG_HOOK", secret)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let lines = BufReader::new(receiver.0.stdout.take().unwrap()).lines();
    let mut lines = lines.map_while(Result::ok);
    let mut tries = 0;
    while std::net::TcpStream::connect(format!("127.0.0.1:{port}")).is_err() {
        tries += 1;
        assert!(tries < 300, "the receiver does not start");
        std::thread::sleep(Duration::from_millis(100));
    }
    let trial = home.lingzheng(&["notify", "test", "hook"]);
    assert_eq!(
        String::from_utf8_lossy(&trial.stdout),
        "hook took it\n",
        "{trial:?}"
    );
    assert!(lines.next().unwrap().contains("[TEST] lingzheng"));

    home.crawl("1", "2026-12-09T09:00:00+08:00", &["--no-deliver"]);
    home.crawl("3", "2026-12-14T09:00:00+08:00", &["--no-deliver"]);
    let sent = home.lingzheng(&["--format", "json", "deliver"]);
    let report: serde_json::Value = serde_json::from_slice(&sent.stdout).unwrap();
    let count = report["data"]["sinks"][0]["sent"].as_u64().unwrap();
    assert!(count > 0, "{report}");
    for _ in 0..count {
        let line = lines.next().unwrap();
        assert!(line.starts_with("lingzheng."), "{line}");
    }
    // The same again is known; a stranger's message is refused.
    settings("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
    let trial = home.lingzheng(&["notify", "test", "hook"]);
    let said = String::from_utf8_lossy(&trial.stderr).into_owned();
    assert!(said.contains("HTTP 401"), "{said}");
}

/// feedparser, icalendar, standardwebhooks and jsonschema; see the script.
#[test]
fn tools_of_others_read_what_is_written() {
    if !has("python3") {
        return;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance.py");
    let output = Command::new("python3")
        .args([script, env!("CARGO_BIN_EXE_lingzheng")])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    println!("{said}");
    match output.status.code() {
        Some(77) => assert!(said.starts_with("skipped: "), "{said}"),
        code => {
            let failed = String::from_utf8_lossy(&output.stderr);
            assert_eq!(code, Some(0), "{said}{failed}");
            assert_eq!(said.lines().count(), 4, "{said}");
        }
    }
}
