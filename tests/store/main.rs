//! The store: one story through its methods, and what must hold when something goes wrong.

// Helpers outside `#[test]` functions may fail a test as well.
#![allow(clippy::unwrap_used)]

mod faults;
mod journal;
mod older;
mod outbox;
mod readers;
mod refusals;
mod search;
mod story;
mod upkeep;

#[path = "../support/long.rs"]
mod long;

use lingzheng::model::facts::{ExamRef, NoticeKind};
use lingzheng::model::settings::Keep;
use lingzheng::model::{
    Change, Cursor, Date, Entry, Facts, Fault, Reading, SourceState, Subject, Timestamp, Verdict,
};
use lingzheng::store::{
    EventFilter, Filter, HostState, KeptAttachment, NewVersion, Robots, RunLock, Store, StoreError,
    Validators, Visit,
};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

const PAGE: &[u8] = "<html><body>证书领取时间：3月10日至20日</body></html>".as_bytes();

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn entry(n: u32) -> Entry {
    Entry {
        keys: vec![format!("trs:{n}"), format!("rsks.example.cn/n/{n}.html")],
        url: format!("https://rsks.example.cn/n/{n}.html"),
        title: format!("关于领取第{n}批资格证书的通知"),
        title_cut: false,
        published: Some(day("2026-03-05")),
        external: false,
    }
}

fn reading(title: &str, kind: NoticeKind, exams: &[&str]) -> Reading {
    Reading {
        facts: Facts {
            title: title.into(),
            kind,
            published: Some(day("2026-03-05")),
            exams: exams
                .iter()
                .map(|name| ExamRef {
                    name: (*name).into(),
                    year: Some(2025),
                    half: Some(2),
                })
                .collect(),
            ..Facts::default()
        },
        ..Reading::default()
    }
}

fn version<'a>(seen: &str, body: &'a [u8], digest: &'a str, r: &'a Reading) -> NewVersion<'a> {
    NewVersion {
        seen_at: at(seen),
        url: "https://rsks.example.cn/n/1.html",
        content_type: Some("text/html; charset=utf-8"),
        plain_http: false,
        body,
        article_digest: digest,
        text: "证书领取时间：3月10日至20日，地点在市民中心二楼。",
        reading: r,
        revision: 1,
    }
}

fn visit(seen: &str) -> Visit {
    Visit {
        at: at(seen),
        verdict: Verdict::Ok,
        rows: 20,
        fetched: 1,
        changed: 0,
        ms: 850,
    }
}

struct Place {
    _dir: tempfile::TempDir,
    db: PathBuf,
}

fn place() -> Place {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("state/lingzheng.db");
    Place { _dir: dir, db }
}

fn sum(path: &Path) -> String {
    format!("{:?}", Sha256::digest(fs::read(path).unwrap()))
}
