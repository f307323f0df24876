//! What a person waits for with a large database: 500 sources, 50,000 notices, 500,000 visits.
//! The program itself is run, from its start to its end. Goals: `status` and `changes` within
//! 100 ms, `report` within a second.
//!
//! `cargo bench --bench board`; the database is built once and kept below `target/`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use jiff::ToSpan;
use lingzheng::model::facts::{ExamRef, Method, NoticeKind, Place, Whereabouts, WindowMethod};
use lingzheng::model::{
    Catalog, Change, Date, Entry, Evidence, Facts, Reading, SourceState, Subject, Timestamp,
    Verdict, Window,
};
use lingzheng::store::{NewVersion, Store, Visit};
use std::path::{Path, PathBuf};
use std::process::Command;

const SOURCES: usize = 500;
const NOTICES: usize = 100;
const VISITS: usize = 1000;
const NOW: &str = "2026-12-16T01:00:00Z";

fn main() {
    build();
    divan::main();
}

fn dir() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("board-bench-1")
}

fn run(args: &[&str]) {
    let dir = dir();
    let done = Command::new(env!("CARGO_BIN_EXE_lingzheng"))
        .arg("--db")
        .arg(dir.join("lingzheng.db"))
        .arg("--sources")
        .arg(dir.join("sources.toml"))
        .args(["--now", NOW])
        .args(args)
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&done.stderr);
    assert!(
        done.status.success() && !done.stdout.is_empty(),
        "{args:?}: {error}"
    );
}

#[divan::bench]
fn status() {
    run(&["status"]);
}

#[divan::bench]
fn status_of_one_region() {
    run(&["status", "广东"]);
}

#[divan::bench]
fn changes() {
    run(&["changes"]);
}

#[divan::bench]
fn changes_of_a_week() {
    run(&["changes", "--since", "7d", "--limit", "1000"]);
}

#[divan::bench]
fn search() {
    run(&["notices", "--search", "证书 邮寄"]);
}

#[divan::bench(args = ["markdown", "html", "svg", "json"])]
fn report(form: &str) {
    run(&["report", "--format", form]);
}

/// Builds the database, unless it is there.
fn build() {
    let dir = dir();
    if dir.join("done").exists() {
        return;
    }
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    let catalog = catalog();
    std::fs::write(dir.join("sources.toml"), overlay(&catalog)).unwrap();
    let mut store = Store::open(dir.join("lingzheng.db")).unwrap();
    for n in 0..SOURCES {
        let region = &catalog.regions[n % catalog.regions.len()].name;
        settle(&mut store, n, region);
    }
    std::fs::write(dir.join("done"), "").unwrap();
}

fn catalog() -> Catalog {
    let families = lingzheng::adapter::Families::builtin();
    let names: Vec<String> = families.names().iter().map(|n| n.to_string()).collect();
    lingzheng::config::load_catalog(lingzheng::config::BUILTIN, None, &names).unwrap()
}

fn overlay(catalog: &Catalog) -> String {
    let mut out = "format = 1\n".to_string();
    for n in 0..SOURCES {
        let region = &catalog.regions[n % catalog.regions.len()].name;
        out.push_str(&format!(
            "\n[[source]]\nid = \"b-{n}\"\nregion = \"{region}\"\nname = \"{region}第{n}考试院\"\n\
             list = \"https://b{n}.example.gov.cn/list/\"\nfamily = \"trs\"\n"
        ));
    }
    out
}

/// A source's notices over three years, a third of them told and read, and its visits.
fn settle(store: &mut Store, n: usize, region: &str) {
    let now: Timestamp = NOW.parse().unwrap();
    let today: Date = "2026-12-16".parse().unwrap();
    let mut tx = store.begin(&format!("b-{n}")).unwrap();
    for i in 0..NOTICES {
        let day = today.checked_sub((11 * i as i32).days()).unwrap();
        let seen = now.checked_sub((24 * 11 * i as i64).hours()).unwrap();
        let url = format!("https://b{n}.example.gov.cn/list/t{i}.html");
        let told = i % 3 == 0;
        let exam = if i % 2 == 0 {
            "计算机技术与软件专业技术资格（水平）"
        } else {
            "一级建造师"
        };
        let title = format!(
            "{region}关于领取{}年{exam}考试证书的通知（第{n}-{i}号）",
            day.year()
        );
        let entry = Entry {
            keys: vec![format!("b{n}.example.gov.cn/list/t{i}.html")],
            url: url.clone(),
            title: title.clone(),
            title_cut: false,
            published: Some(day),
            external: false,
        };
        let id = tx.new_notice(&entry, seen).unwrap();
        if !told {
            continue;
        }
        let reading = reading(region, &title, exam, day);
        let text = format!("{title}\n证书自公告之日起可现场领取或邮寄。地址：人民路{i}号。");
        let version = NewVersion {
            seen_at: seen,
            url: &url,
            content_type: Some("text/html"),
            plain_http: false,
            body: text.as_bytes(),
            article_digest: &url,
            text: &text,
            reading: &reading,
            revision: 1,
        };
        tx.add_version(id, &version).unwrap();
        let (about, change) = (Subject::Notice(id), Change::New);
        let source = format!("b-{n}");
        tx.append_event(seen, about, &source, &title, &url, change, Some(reading))
            .unwrap();
    }
    for i in 0..VISITS {
        tx.record_visit(&Visit {
            at: now.checked_sub((i as i64).hours()).unwrap(),
            verdict: Verdict::Ok,
            rows: 20,
            fetched: 3,
            changed: 0,
            ms: 900,
        })
        .unwrap();
    }
    tx.set_source_state(&SourceState {
        last_visit: Some(now),
        last_good: Some(now),
        baseline_done: true,
        ..SourceState::default()
    })
    .unwrap();
    tx.commit().unwrap();
}

fn reading(region: &str, title: &str, exam: &str, day: Date) -> Reading {
    let window = |method| Window {
        id: None,
        method,
        start: Some(day),
        end: day.checked_add(30.days()).ok(),
        start_time: None,
        end_time: None,
        days: None,
        hours: vec!["08:30-12:00".into(), "14:00-17:30".into()],
        scope: None,
        estimate: false,
        quote: "领取时间：自即日起三十日内的工作日，上午8:30至12:00，下午14:00至17:30".into(),
    };
    let facts = Facts {
        title: title.into(),
        published: Some(day),
        issuer: Some(format!("{region}考试院")),
        region: Whereabouts {
            province: Some(region.into()),
            city: None,
        },
        kind: NoticeKind::Pickup,
        exams: vec![ExamRef {
            name: format!("{exam}考试"),
            year: Some(day.year()),
            half: Some(if day.month() > 6 { 2 } else { 1 }),
        }],
        methods: vec![Method::Onsite, Method::Mail],
        windows: vec![window(WindowMethod::Onsite), window(WindowMethod::Mail)],
        places: vec![Place {
            scope: None,
            name: Some(format!("{region}考试院一楼大厅")),
            address: Some("人民路一百二十三号".into()),
            phones: vec!["0771-1234567".into()],
            level: None,
        }],
        phones: vec!["0771-1234567".into()],
        ..Facts::default()
    };
    let proof = |quote: &str| Evidence {
        span: None,
        quote: quote.into(),
        rule: "dates/range".into(),
        certain: true,
        reason: None,
    };
    let pointers = [
        "/windows/0",
        "/windows/1",
        "/places/0",
        "/methods/0",
        "/methods/1",
        "/kind",
    ];
    let evidence = pointers.map(|p| {
        (
            p.to_string(),
            proof("领取时间：自即日起三十日内的工作日，上午8:30至12:00"),
        )
    });
    Reading {
        facts,
        evidence: evidence.into(),
        unread: Vec::new(),
    }
}
