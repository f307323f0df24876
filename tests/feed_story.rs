//! A story through the program itself: an office moves a window by a day. The calendar's event
//! moves with it, the feed's entry says what changed, the reminder is planned anew, each once; and
//! a week in which nothing happens says nothing to anybody.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use support::receiver::{Receiver, Reply};

const KEY: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const NOTICE: &str = "t32741.html";

struct Story {
    dir: tempfile::TempDir,
    receiver: Receiver,
}

impl Story {
    /// Recordings of one office: as it was, and with 桂林 a day longer.
    fn new() -> Story {
        let dir = tempfile::tempdir().unwrap();
        let receiver = Receiver::start(|_, _| Reply::Say("204 No Content", "", ""));
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/gx/1");
        let (first, second) = (dir.path().join("gx/1"), dir.path().join("gx/2"));
        for round in [&first, &second] {
            std::fs::create_dir_all(round).unwrap();
        }
        for file in std::fs::read_dir(&fixtures).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), first.join(file.file_name())).unwrap();
        }
        let page = std::fs::read_to_string(first.join(NOTICE)).unwrap();
        let moved: String = page
            .split_inclusive('\n')
            .map(|line| match line.contains("桂林市人事考试院证书室") {
                true => line.replacen(">18<", ">19<", 1),
                false => line.to_owned(),
            })
            .collect();
        assert_ne!(page, moved);
        std::fs::write(second.join(NOTICE), moved).unwrap();
        let index = format!(
            "[[page]]\nurl = \"https://www.gxpta.com.cn/ksxm/zyzglks/{NOTICE}\"\nfile = \"{NOTICE}\"\n\
             content_type = \"text/html; charset=utf-8\"\netag = '\"moved\"'\n"
        );
        std::fs::write(second.join("pages.toml"), index).unwrap();
        let settings = format!(
            "[contact]\naddress = \"me@example.org\"\n\
             [net]\nallow = [\"{}\"]\n[watch]\nregions = [\"广西\"]\n\
             [ping]\nurl = \"{}\"\n\
             [[remind]]\nname = \"mine\"\nexam = \"软考\"\nsitting = \"2026H1\"\n\
             when = [\"closes-3\", \"closing-day\"]\n\
             [[sink]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"{}\"\nsecret = \"{KEY}\"\n",
            receiver.addr,
            receiver.url("/ping"),
            receiver.url("/hook"),
        );
        std::fs::write(dir.path().join("config.toml"), settings).unwrap();
        Story { dir, receiver }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn run(&self, now: &str, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_lingzheng"))
            .arg("--db")
            .arg(self.path("l.db"))
            .arg("--config")
            .arg(self.path("config.toml"))
            .args(["--now", now])
            .args(args)
            .output()
            .unwrap()
    }

    /// A catalog in which 广西 has past sittings to reckon with.
    fn with_past(&self) -> PathBuf {
        let path = self.path("sources.toml");
        let past = "format = 1\n[[region]]\nid = \"gx\"\nlags = [\n\
            { sitting = \"2025H1\", days = 60, basis = \"test\" },\n\
            { sitting = \"2025H2\", days = 62, basis = \"test\" }]\n";
        std::fs::write(&path, past).unwrap();
        path
    }

    /// A crawl; gives what it printed.
    fn crawl(&self, now: &str, round: &str) -> String {
        let dir = self.dir.path().to_str().unwrap();
        let output = self.run(now, &["crawl", "gx", "--recorded", dir, "--round", round]);
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(
            (
                output.status.code(),
                String::from_utf8_lossy(&output.stderr).as_ref()
            ),
            (Some(0), ""),
            "{now}: {said}"
        );
        said
    }

    fn export(&self, now: &str, what: &str) -> String {
        let output = self.run(now, &["export", what]);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What the webhook got: the word of the change and the day of a reminder.
    fn told(&self) -> Vec<String> {
        let posts = self.receiver.posts();
        let hooks = posts.iter().filter(|p| p.path == "/hook");
        hooks
            .map(|p| {
                let event: Value = serde_json::from_str(&p.body).unwrap();
                let data = &event["data"];
                let text = |key: &str| data[key].as_str().unwrap_or_default().to_owned();
                format!("{} {} {}", text("change"), text("what"), text("date"))
            })
            .collect()
    }
}

/// UID, SEQUENCE and DTEND of every event of a calendar.
fn events(ics: &str) -> Vec<[String; 3]> {
    let value = |block: &str, key: &str| {
        let lines: Vec<&str> = block.split("\r\n").collect();
        let at = lines.iter().position(|l| l.starts_with(key)).unwrap();
        let mut value = lines[at].to_owned();
        value.extend(lines[at + 1..].iter().map_while(|l| l.strip_prefix(' ')));
        value.rsplit_once(':').unwrap().1.to_owned()
    };
    let blocks = ics.split("BEGIN:VEVENT").skip(1);
    blocks
        .map(|b| ["UID:", "SEQUENCE:", "DTEND"].map(|key| value(b, key)))
        .collect()
}

#[test]
fn an_office_moves_a_window_by_a_day() {
    let story = Story::new();
    assert_eq!(
        story.crawl("2026-12-14T09:00:00+08:00", "1"),
        "",
        "a first sight is no news"
    );
    assert_eq!(story.told(), [""; 0]);

    let said = story.crawl("2026-12-15T09:00:00+08:00", "1");
    assert!(
        said.contains("广西") && said.contains("2026-12-18 截止领取（mine）"),
        "{said}"
    );
    assert_eq!(story.crawl("2026-12-15T10:00:00+08:00", "1"), "");
    assert_eq!(story.told(), ["reminder closes-3 2026-12-18"]);
    let (before, feed) = (
        events(&story.export("2026-12-15T10:00:00+08:00", "ics")),
        story.export("2026-12-15T10:00:00+08:00", "atom"),
    );

    // The office gives a day more: the news, and the reminder for the new day.
    let said = story.crawl("2026-12-16T09:00:00+08:00", "2");
    assert!(said.contains("2026-12-19 截止领取（mine）"), "{said}");
    assert_eq!(story.crawl("2026-12-16T10:00:00+08:00", "2"), "");
    assert_eq!(
        story.told()[1..],
        ["facts  ", "reminder closes-3 2026-12-19"]
    );

    let after = events(&story.export("2026-12-16T10:00:00+08:00", "ics"));
    assert_eq!(before.len(), after.len());
    let moved: Vec<_> = before.iter().zip(&after).filter(|(a, b)| a != b).collect();
    let [(old, new)] = moved.as_slice() else {
        panic!("{moved:?}")
    };
    assert_eq!(old[0], new[0], "the same event");
    assert_eq!([&old[1], &new[1]], ["0", "1"]);
    assert_eq!(
        [&old[2], &new[2]],
        ["20261219", "20261220"],
        "the day after the last"
    );

    let updated = story.export("2026-12-16T10:00:00+08:00", "atom");
    let entry = |text: &str| -> Vec<String> {
        let entries = text.split("<entry>").skip(1);
        let mut own = entries.filter(|e| e.contains(NOTICE));
        own.next()
            .unwrap()
            .lines()
            .map(|l| l.trim().to_owned())
            .collect()
    };
    let (old, new) = (entry(&feed), entry(&updated));
    assert_eq!(old[1], new[1], "its id");
    assert_eq!(new[3], "<updated>2026-12-16T01:00:00Z</updated>");
    let content = new.iter().find(|l| l.starts_with("<content")).unwrap();
    assert!(
        content.contains("改 2026-12-16"),
        "what changed stands on top: {content}"
    );

    // The last day itself, and the day after it.
    story.crawl("2026-12-19T08:00:00+08:00", "2");
    story.crawl("2026-12-19T20:00:00+08:00", "2");
    assert_eq!(story.told()[3..], ["reminder closing-day 2026-12-19"]);

    let pings: Vec<_> = story
        .receiver
        .posts()
        .into_iter()
        .filter(|p| p.path != "/hook")
        .collect();
    assert_eq!(pings.len(), 7, "one for each run");
    assert!(pings.iter().all(|p| p.path == "/ping/0"));
}

#[test]
fn a_quiet_week_says_nothing() {
    let story = Story::new();
    story.crawl("2027-01-04T00:00:00+08:00", "1");
    let before = story.told().len();
    let feed = story.path("feed.xml");
    let export = ["export", "atom", "--out", feed.to_str().unwrap()];
    assert!(
        story
            .run("2027-01-04T00:00:00+08:00", &export)
            .status
            .success()
    );
    let written = std::fs::metadata(&feed).unwrap().modified().unwrap();
    for hour in 1..=168 {
        let (day, hour) = (4 + hour / 24, hour % 24);
        let now = format!("2027-01-{day:02}T{hour:02}:00:00+08:00");
        assert_eq!(story.crawl(&now, "1"), "", "{now}");
    }
    assert_eq!(story.told().len(), before);
    assert!(
        story
            .run("2027-01-11T00:00:00+08:00", &export)
            .status
            .success()
    );
    assert_eq!(
        std::fs::metadata(&feed).unwrap().modified().unwrap(),
        written,
        "the same content is not written again"
    );
    support::long::measured("168 hourly runs without news: not a byte said or sent");
}

#[test]
fn a_region_that_becomes_late_is_told_once() {
    let story = Story::new();
    let past = story.with_past();
    let dir = story.dir.path().to_str().unwrap();
    let crawl = |now: &str| {
        let sources = ["--sources", past.to_str().unwrap()];
        let args = ["crawl", "gx", "--recorded", dir, "--round", "1"];
        let output = story.run(now, &[&sources[..], &args].concat());
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    for (now, want) in [
        ("2026-12-20T09:00:00+08:00", None),
        ("2027-01-22T09:00:00+08:00", None),
        (
            "2027-01-23T09:00:00+08:00",
            Some("[该出未出] 广西  2026年下半年软考"),
        ),
        ("2027-01-23T10:00:00+08:00", None),
        ("2027-02-23T09:00:00+08:00", None),
    ] {
        let said = anstream::adapter::strip_str(&crawl(now)).to_string();
        assert_eq!(
            said.lines().find(|l| l.contains("该出未出")),
            want,
            "{now}: {said}"
        );
    }
}
