//! The journal to the sinks: everything once at least, in order, and nobody waits for another.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../support/mod.rs"]
mod support;
mod worst;

use lingzheng::deliver::{self, DeliveryReport};
use lingzheng::model::facts::NoticeKind;
use lingzheng::model::sink::Quiet;
use lingzheng::model::{
    Catalog, Change, Entry, Facts, NoticeId, Reading, Secret, Settings, Sink, SinkKind, Subject,
    Timestamp,
};
use lingzheng::store::Store;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use support::receiver::{Post, Receiver, Reply};

const KEY: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const OK: Reply = Reply::Say("200 OK", "", "{\"errcode\":0}");

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn start() -> Timestamp {
    at("2026-11-25T04:00:00Z")
}

fn after(hours: u64) -> Timestamp {
    start()
        .checked_add(Duration::from_secs(hours * 3600))
        .unwrap()
}

struct Place {
    _dir: tempfile::TempDir,
    db: PathBuf,
    store: Store,
    notices: Vec<NoticeId>,
}

/// A database with a few notices.
fn place(notices: u32) -> Place {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("lingzheng.db");
    let mut store = Store::open(&db).unwrap();
    let mut settling = store.begin("gx").unwrap();
    let entry = |n: u32| Entry {
        keys: vec![format!("trs:{n}")],
        url: format!("https://www.example.cn/{n}.html"),
        title: format!("通知{n}"),
        title_cut: false,
        published: None,
        external: false,
    };
    let notices = (0..notices)
        .map(|n| settling.new_notice(&entry(n), start()).unwrap())
        .collect();
    settling.commit().unwrap();
    Place {
        _dir: dir,
        db,
        store,
        notices,
    }
}

impl Place {
    /// Appends so many events, going round the notices.
    fn append(&mut self, count: usize) {
        let facts = Facts {
            kind: NoticeKind::Pickup,
            ..Facts::default()
        };
        let reading = Reading {
            facts,
            ..Reading::default()
        };
        let mut settling = self.store.begin("gx").unwrap();
        for i in 0..count {
            let id = self.notices[i % self.notices.len()];
            let (title, url) = (
                format!("通知 @all {i}"),
                format!("https://www.example.cn/{id}.html"),
            );
            let about = Subject::Notice(id);
            settling
                .append_event(
                    start(),
                    about,
                    "gx",
                    &title,
                    &url,
                    Change::Back,
                    Some(reading.clone()),
                )
                .unwrap();
        }
        settling.commit().unwrap();
    }

    fn run(&mut self, settings: &Settings, now: Timestamp) -> DeliveryReport {
        deliver::run(&mut self.store, settings, &Catalog::default(), now).unwrap()
    }
}

fn settings(allow: &[SocketAddr], sinks: Vec<Sink>) -> Settings {
    let mut settings = Settings {
        sinks,
        ..Settings::default()
    };
    settings.contact.address = Some("me@example.org".into());
    settings.net.allow = allow.to_vec();
    settings
}

fn sink(name: &str, receiver: &Receiver) -> Sink {
    Sink {
        name: name.into(),
        url: Some(Secret::new(receiver.url("/canary-path"))),
        secret: Some(Secret::new(KEY)),
        timeout: 1.0,
        ..Sink::default()
    }
}

fn ids(posts: &[Post]) -> Vec<String> {
    posts
        .iter()
        .map(|p| p.header("webhook-id").to_owned())
        .collect()
}

fn seq(id: &str) -> i64 {
    id.split(':').nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_sink_that_hangs_delays_no_other_and_is_tried_again() {
    let mut place = place(2);
    let hanging = Receiver::start(|_, before| if before < 2 { Reply::Hang } else { OK });
    let good = Receiver::start(|_, _| OK);
    let settings = settings(
        &[hanging.addr, good.addr],
        vec![sink("hangs", &hanging), sink("good", &good)],
    );
    place.append(1);
    let report = place.run(&settings, start());
    assert!(
        !report.troubled(),
        "a new sink starts at the end: {report:?}"
    );
    place.append(4);

    let begun = Instant::now();
    let report = place.run(&settings, start());
    assert!(begun.elapsed() < Duration::from_secs(10));
    let [hangs, fine] = &report.sinks[..] else {
        panic!("{report:?}")
    };
    assert_eq!(
        (fine.sent, fine.waiting, fine.problem.as_deref()),
        (4, 0, None)
    );
    // One event of each notice was tried; what comes later waits behind it.
    assert_eq!((hangs.sent, hangs.failed, hangs.waiting), (0, 2, 4));
    assert_eq!(hangs.problem.as_deref(), Some("not done within 1 s"));
    assert_eq!(ids(&hanging.posts()).len(), 2);

    assert_eq!(
        place.run(&settings, start()).sinks[0].failed,
        0,
        "its time has not come"
    );
    assert_eq!(hanging.posts().len(), 2);
    let report = place.run(&settings, after(1));
    assert_eq!((report.sinks[0].sent, report.sinks[0].waiting), (4, 0));
    let posts = hanging.posts();
    let first: Vec<i64> = ids(&posts[2..]).iter().map(|id| seq(id)).collect();
    assert_eq!(first, [2, 3, 4, 5]);
    for retry in &posts[2..4] {
        let before = posts[..2]
            .iter()
            .find(|p| p.header("webhook-id") == retry.header("webhook-id"));
        let before = before.unwrap();
        assert_eq!(before.body, retry.body, "one id, one body");
        assert_ne!(
            before.header("webhook-timestamp"),
            retry.header("webhook-timestamp")
        );
    }

    // What the sinks were told in confidence is nowhere on the disk.
    let bytes = std::fs::read(&place.db).unwrap();
    let holds = |word: &str| bytes.windows(word.len()).any(|w| w == word.as_bytes());
    assert!(holds("not done within") || place.store.sinks().unwrap()[0].waiting == 0);
    assert!(!holds("canary") && !holds("whsec_") && !holds(&hanging.addr.to_string()));
    assert!(!format!("{report:?} {settings:?}").contains("canary"));
}

#[test]
fn ten_attempts_and_then_a_dead_letter() {
    let mut place = place(2);
    let receiver = Receiver::start(|post, _| match post.body.contains("notice/1") {
        true => Reply::Say("400 Bad", "", ""),
        false => OK,
    });
    let settings = settings(&[receiver.addr], vec![sink("hook", &receiver)]);
    place.run(&settings, start());
    place.append(2);
    let report = place.run(&settings, start());
    assert_eq!(
        (report.sinks[0].sent, report.sinks[0].failed),
        (1, 1),
        "one poison, one letter"
    );
    for attempt in 1..=9 {
        let report = place.run(&settings, after(attempt * 30));
        assert_eq!(
            report.sinks[0].given_up,
            usize::from(attempt == 9),
            "attempt {attempt}"
        );
    }
    let report = place.run(&settings, after(400));
    assert_eq!(
        (
            report.sinks[0].failed,
            report.sinks[0].dead,
            report.sinks[0].waiting
        ),
        (0, 1, 0)
    );
    let dead = place.store.dead("hook", 9).unwrap();
    assert_eq!(dead[0].detail.as_deref(), Some("HTTP 400"));
    assert_eq!(receiver.posts().len(), 11);
    let catalog = Catalog::default();
    let again = deliver::replay(
        &mut place.store,
        &settings,
        &catalog,
        "hook",
        (1, 99),
        after(400),
    );
    assert_eq!(again.unwrap(), 2);
    let none = deliver::replay(
        &mut place.store,
        &settings,
        &catalog,
        "hok",
        (1, 99),
        after(400),
    );
    assert_eq!(none.unwrap_err().to_string(), "no [[sink]] is named `hok`");
}

#[test]
fn a_receiver_that_is_gone_is_asked_no_more() {
    let mut place = place(3);
    let receiver = Receiver::start(|_, before| match before {
        0 => Reply::Say("410 Gone", "", ""),
        _ => OK,
    });
    let settings = settings(&[receiver.addr], vec![sink("hook", &receiver)]);
    place.run(&settings, start());
    place.append(3);
    let report = place.run(&settings, start());
    assert!(report.troubled());
    assert_eq!((report.sinks[0].dead, report.sinks[0].waiting), (1, 2));
    place.append(1);
    let report = place.run(&settings, after(100));
    let problem = report.sinks[0].problem.as_deref();
    assert_eq!(
        problem,
        Some("disabled: HTTP 410: the receiver wants nothing more")
    );
    assert_eq!(
        (receiver.posts().len(), report.sinks[0].waiting),
        (1, 3),
        "what comes waits"
    );
    assert_eq!(
        deliver::enable(&mut place.store, &settings, "hook", after(101)).unwrap(),
        1
    );
    let report = place.run(&settings, after(101));
    assert_eq!(
        (
            report.sinks[0].sent,
            report.sinks[0].waiting,
            report.sinks[0].dead
        ),
        (4, 0, 0)
    );
}

#[test]
fn a_flood_is_gathered_within_the_limits_of_the_service() {
    let mut place = place(50);
    let receiver = Receiver::start(|_, _| OK);
    let robot = Sink {
        kind: SinkKind::Wecom,
        ..sink("group", &receiver)
    };
    let settings = settings(&[receiver.addr], vec![robot]);
    place.run(&settings, start());
    place.append(500);
    let mut runs = 0;
    loop {
        let before = receiver.posts().len();
        // Ten seconds after a message nothing is sent, a minute after it is.
        let now = start()
            .checked_add(Duration::from_secs(3600 + runs * 70))
            .unwrap();
        let report = place.run(&settings, now);
        assert!(receiver.posts().len() - before <= 18, "{report:?}");
        let soon = now.checked_add(Duration::from_secs(10)).unwrap();
        let report = place.run(&settings, soon);
        assert!(report.sinks[0].held == Some("rate") || report.sinks[0].waiting == 0);
        runs += 1;
        assert!(runs < 50);
        if report.sinks[0].waiting == 0 {
            break;
        }
    }
    let mut told = BTreeSet::new();
    for post in receiver.posts() {
        let body: serde_json::Value = serde_json::from_str(&post.body).unwrap();
        let text = body["text"]["content"].as_str().unwrap();
        assert!(
            text.len() <= 2000 && !text.contains('@') && !text.contains('…'),
            "{text}"
        );
        told.extend(
            text.lines()
                .filter_map(|l| l.rsplit_once("＠all "))
                .map(|(_, n)| n.to_owned()),
        );
    }
    assert_eq!(told.len(), 500, "nothing is lost");
}

#[test]
fn digests_and_quiet_hours() {
    let mut place = place(5);
    let receiver = Receiver::start(|_, _| OK);
    let digest = Sink {
        digest: 60,
        ..sink("digest", &receiver)
    };
    // 04:00 UTC is noon in China.
    let quiet = Quiet::try_from("11:00-13:30".to_owned()).ok();
    let quiet = Sink {
        quiet,
        ..sink("quiet", &receiver)
    };
    let settings = settings(&[receiver.addr], vec![digest, quiet]);
    place.run(&settings, start());
    place.append(5);
    let report = place.run(&settings, start());
    let held: Vec<_> = report.sinks.iter().map(|s| (s.held, s.waiting)).collect();
    assert_eq!(held, [(Some("digest"), 5), (Some("quiet"), 5)]);
    let report = place.run(&settings, after(1));
    assert_eq!(
        (report.sinks[0].sent, report.sinks[1].held),
        (5, Some("quiet"))
    );
    let post = receiver.posts().remove(0);
    assert!(
        post.header("webhook-id").contains(":batch-"),
        "{}",
        post.head
    );
    assert!(
        post.header("content-type")
            .starts_with("application/cloudevents-batch+json")
    );
    let batch: serde_json::Value = serde_json::from_str(&post.body).unwrap();
    assert_eq!(batch.as_array().unwrap().len(), 5);
    let report = place.run(&settings, after(2));
    assert_eq!((report.sinks[1].sent, receiver.posts().len()), (5, 6));
}

#[test]
fn a_trial_leaves_no_trace() {
    let mut place = place(1);
    let receiver = Receiver::start(|_, before| {
        if before == 0 {
            OK
        } else {
            Reply::Say("500 Oops", "", "")
        }
    });
    let settings = settings(&[receiver.addr], vec![sink("hook", &receiver)]);
    place.append(1);
    let event = place.store.event(1).unwrap().unwrap();
    let catalog = Catalog::default();
    let trial = || deliver::trial(&settings, &catalog, "hook", &event, start());
    assert!(trial().is_ok());
    assert_eq!(trial().unwrap_err().to_string(), "HTTP 500");
    assert_eq!(place.store.sinks().unwrap(), []);
}
