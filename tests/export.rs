//! `export`, `changes` as a stream, `notify` and the ping, through the program itself.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use support::receiver::{Receiver, Reply};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");

fn lingzheng(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lingzheng"));
    command.current_dir(dir).args(["--db", "l.db"]).args(args);
    command.env("XDG_CONFIG_HOME", dir);
    command
}

fn run(dir: &Path, args: &[&str]) -> Output {
    lingzheng(dir, args).output().unwrap()
}

/// A recorded crawl of 河北 at a round.
fn crawl(dir: &Path, round: u32, more: &[&str]) -> Output {
    let now = format!("2026-12-{:02}T09:00:00+08:00", 10 + round);
    let round = round.to_string();
    let args = [
        "crawl",
        "he",
        "--recorded",
        FIXTURES,
        "--round",
        &round,
        "--now",
        &now,
    ];
    run(dir, &[&args[..], more].concat())
}

fn said(output: &Output) -> (Option<i32>, String) {
    let text = [&output.stdout[..], &output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

#[test]
fn a_file_is_written_whole_and_only_when_it_changes() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let (code, why) = said(&run(dir, &["export", "ics", "--out", "no/such/place.ics"]));
    assert_eq!(code, Some(2));
    assert!(
        why.starts_with("lingzheng: cannot write no/such/place.ics: "),
        "{why}"
    );
    assert_eq!(why.lines().count(), 1);
    // No database: said only now, for the place was looked at first.
    let (_, why) = said(&run(dir, &["export", "ics", "--out", "place.ics"]));
    assert!(why.contains("no database yet"), "{why}");
    std::fs::create_dir(dir.join("folder")).unwrap();
    let (code, why) = said(&run(dir, &["export", "ics", "--out", "folder"]));
    assert_eq!(
        (code, why.contains("is a folder")),
        (Some(2), true),
        "{why}"
    );

    crawl(dir, 1, &[]);
    for what in ["atom", "jsonfeed", "ics", "csv", "jsonl"] {
        let file = format!("out.{what}");
        let args = ["export", what, "--exam", "all", "--out", &file];
        assert_eq!(said(&run(dir, &args)), (Some(0), String::new()));
        let bytes = std::fs::read(dir.join(&file)).unwrap();
        assert_eq!(
            run(dir, &args[..4]).stdout,
            bytes,
            "the same as on standard output"
        );
        let stamp = || {
            std::fs::metadata(dir.join(&file))
                .unwrap()
                .modified()
                .unwrap()
        };
        let before = stamp();
        run(dir, &args);
        assert_eq!(stamp(), before, "{what}");
    }
    let names = std::fs::read_dir(dir).unwrap();
    let names = names.map(|f| f.unwrap().file_name().into_string().unwrap());
    assert!(!names.into_iter().any(|n| n.ends_with(".new")));
}

#[test]
fn a_selection_has_its_own_id_and_words_that_are_not_known_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    crawl(dir, 1, &[]);
    let id = |args: &[&str]| {
        let (code, text) = said(&run(dir, &[&["export", "atom"], args].concat()));
        assert_eq!(code, Some(0), "{text}");
        let line = text.lines().find(|l| l.contains("<id>")).unwrap();
        line.trim().rsplit_once(':').unwrap().1.replace("</id>", "")
    };
    assert_eq!(id(&["--exam", "all"]), "all");
    assert_eq!(id(&[]), "ruankao");
    assert_eq!(
        id(&[
            "--region",
            "河北",
            "--sitting",
            "2026H1",
            "--kind",
            "pickup"
        ]),
        "ruankao.hebei.2026H1.pickup"
    );
    for (args, hint) in [
        (["--region", "hebai"], "hebei"),
        (["--sitting", "2026H3"], "2026H1"),
        (["--kind", "rumour"], "pickup"),
        (["--exam", "ruankoa"], "ruankao"),
    ] {
        let (code, why) = said(&run(dir, &[&["export", "csv"], &args[..]].concat()));
        assert_eq!((code, why.contains(hint)), (Some(2), true), "{why}");
    }
}

#[test]
fn the_stream_goes_on_from_a_cursor_and_follows() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    crawl(dir, 1, &[]);
    let stream = ["changes", "--all", "--format", "jsonl"];
    let ids = |args: &[&str]| -> Vec<String> {
        let (code, text) = said(&run(dir, &[&stream[..], args].concat()));
        assert_eq!(code, Some(0), "{text}");
        let events = text
            .lines()
            .map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap());
        events
            .map(|e| e["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let first = ids(&[]);
    let last = first.last().unwrap().clone();
    let mut follower = lingzheng(
        dir,
        &[&stream[..], &["--after", &last, "--follow"]].concat(),
    )
    .stdout(Stdio::piped())
    .spawn()
    .unwrap();
    let mut lines = BufReader::new(follower.stdout.take().unwrap()).lines();
    crawl(dir, 3, &[]);
    let came = ids(&["--after", &last]);
    assert!(!came.is_empty());
    for id in &came {
        assert!(
            lines
                .next()
                .unwrap()
                .unwrap()
                .contains(&format!("\"id\":\"{id}\""))
        );
    }
    follower.kill().unwrap();
    follower.wait().unwrap();
    // Page by page it is the same.
    let mut paged: Vec<String> = Vec::new();
    while let Some(id) = ids(&["--limit", "1", "--after", paged.last().unwrap_or(&last)]).pop() {
        paged.push(id);
    }
    assert_eq!(paged, came);
    // A document says where to go on, too.
    let mut paged: Vec<String> = Vec::new();
    let mut cursor = last.clone();
    loop {
        let page = [
            "changes", "--all", "--format", "json", "--limit", "2", "--after",
        ];
        let (_, text) = said(&run(dir, &[&page[..], &[cursor.as_str()]].concat()));
        let page: serde_json::Value = serde_json::from_str(&text).unwrap();
        let events = page["data"]["events"].as_array().unwrap();
        if events.is_empty() {
            break;
        }
        paged.extend(events.iter().map(|e| e["id"].as_str().unwrap().to_owned()));
        cursor = page["data"]["cursor"].as_str().unwrap().to_owned();
    }
    assert_eq!(paged, came);

    let (code, why) = said(&run(dir, &["changes", "--after", "00000000:1"]));
    assert_eq!(code, Some(2));
    assert!(why.contains("then go on from"), "{why}");
}

#[test]
fn a_failing_sink_and_a_failing_ping_are_lines_of_warning() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let receiver = Receiver::start(|post, _| match post.path.as_str() {
        "/gone" => Reply::Say("410 Gone", "", ""),
        _ => Reply::Say("500 Internal Server Error", "", ""),
    });
    std::fs::create_dir(dir.join("lingzheng")).unwrap();
    let settings = format!(
        "[contact]\naddress = \"me@example.org\"\n[net]\nallow = [\"{}\"]\n[watch]\nexams = []\n\
         [ping]\nurl = \"{}\"\n[[sink]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"{}\"\n",
        receiver.addr,
        receiver.url("/canary-ping"),
        receiver.url("/gone"),
    );
    std::fs::write(dir.join("lingzheng/config.toml"), settings).unwrap();
    assert_eq!(crawl(dir, 1, &[]).status.code(), Some(0));
    let quiet = crawl(dir, 3, &["--no-deliver"]);
    assert_eq!(
        said(&quiet).1.matches("sink hook").count(),
        0,
        "nothing was sent"
    );
    let output = crawl(dir, 3, &[]);
    let (code, text) = said(&output);
    assert_eq!(code, Some(0));
    assert!(text.contains("lingzheng: sink hook: 0 sent, "), "{text}");
    assert!(text.contains("lingzheng: [ping]: HTTP 500"), "{text}");
    assert!(
        !text.contains("canary") && !text.contains("/gone"),
        "{text}"
    );

    let (code, text) = said(&run(dir, &["notify", "status"]));
    assert_eq!((code, text.contains("410")), (Some(1), true), "{text}");
    let (code, text) = said(&run(dir, &["notify", "retry", "hook"]));
    assert_eq!(
        (code, text.contains("hook --id ")),
        (Some(0), true),
        "{text}"
    );
    let (_, text) = said(&run(dir, &["notify", "enable", "hook"]));
    assert!(
        text.starts_with("hook: ") && !text.contains(": 0 to"),
        "{text}"
    );
    let (code, text) = said(&run(dir, &["notify", "test", "hock"]));
    assert_eq!(
        (code, text.contains("did you mean hook?")),
        (Some(2), true),
        "{text}"
    );
    let (code, text) = said(&run(dir, &["notify", "test", "hook"]));
    assert_eq!((code, text.contains("HTTP 410")), (Some(3), true), "{text}");
    assert_eq!(
        run(dir, &["notify", "forget", "hook"]).status.code(),
        Some(0)
    );
    assert_eq!(
        run(dir, &["notify", "forget", "hook"]).status.code(),
        Some(2)
    );
    let (_, secret) = said(&run(dir, &["notify", "secret"]));
    assert!(
        secret.starts_with("whsec_") && secret.trim_end().len() == 6 + 44,
        "{secret}"
    );
}
