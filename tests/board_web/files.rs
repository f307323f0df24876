//! The same board as files, and `report`: run as a person runs them.

use super::support::{NOW, fill};
use scraper::{Html, Selector};
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) fn run(db: &Path, args: &[&str]) -> (i32, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_lingzheng"))
        .env_remove("LINGZHENG_TOKEN")
        .arg("--db")
        .arg(db)
        .args(["--now", NOW])
        .args(args)
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        done.status.code().unwrap(),
        text(&done.stdout),
        text(&done.stderr),
    )
}

fn pages(dir: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => out.extend(pages(&path)),
            false => out.push(path),
        }
    }
    out
}

#[test]
fn the_site_as_files_leads_everywhere_and_is_written_once() {
    let dir = tempfile::tempdir().unwrap();
    let (db, site) = (dir.path().join("x.db"), dir.path().join("site"));
    fill(&db, "2026年下半年软考证书领取通知");
    let out = site.to_str().unwrap();
    let (code, first, _) = run(&db, &["export", "site", out]);
    assert_eq!(code, 0, "{first}");
    let all = pages(&site);
    for path in all.iter().filter(|p| p.extension().unwrap() == "html") {
        let page = Html::parse_document(&std::fs::read_to_string(path).unwrap());
        let links = Selector::parse("[href]").unwrap();
        for link in page.select(&links) {
            let href = link.attr("href").unwrap();
            if !href.starts_with('#') && !href.starts_with("http") {
                let target = path.parent().unwrap().join(href);
                assert!(target.is_file(), "{} in {}", href, path.display());
            }
        }
        assert_eq!(
            page.select(&Selector::parse("script,form,img").unwrap())
                .count(),
            0
        );
    }
    assert!(
        all.iter().any(|p| p.ends_with("en/notice/1-1-2.html")),
        "{all:?}"
    );
    for (file, words) in [
        ("feed.atom", "2026年下半年软考证书领取通知"),
        ("feed.json", "2026年下半年软考证书领取通知"),
        ("calendar.ics", "DTSTART;VALUE=DATE:20261211"),
    ] {
        for tree in ["", "en/"] {
            let text = std::fs::read_to_string(site.join(tree).join(file)).unwrap();
            assert!(text.contains(words), "{tree}{file}: {text}");
        }
    }
    let (_, again, _) = run(&db, &["export", "site", out]);
    assert!(again.contains(" 0 pages written"), "{again}");
}

#[test]
fn a_report_has_its_own_forms() {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("x.db");
    fill(&db, "2026年下半年软考证书领取通知");
    for (form, begins) in [
        ("markdown", "# "),
        ("html", "<!DOCTYPE html>"),
        ("svg", "<svg "),
        ("json", "{\n"),
        ("text", "全国各地"),
    ] {
        let (code, text, error) = run(&db, &["report", "--format", form]);
        assert_eq!(code, 0, "{form}: {error}");
        assert!(text.starts_with(begins), "{form}: {text}");
    }
    let folder = dir.path().join("out/");
    let folder = format!("{}/", folder.to_str().unwrap().trim_end_matches('/'));
    let args = [
        "report", "--format", "svg", "--what", "timeline", "--out", &folder,
    ];
    assert!(run(&db, &args).1.ends_with("out/timeline.svg written\n"));
    assert!(run(&db, &args).1.ends_with("out/timeline.svg unchanged\n"));
    let later = run(
        &db,
        &["report", "--format", "markdown", "--since", "2026-12-17"],
    )
    .1;
    assert!(!later.contains("广西"), "{later}");
}

#[test]
fn what_cannot_be_done_is_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("x.db");
    fill(&db, "通知");
    let missing = dir.path().join("no/such/board.html");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for (args, words) in [
        (vec!["status", "--format", "html"], "only `report`"),
        (vec!["status", "--sitting", "1999H1"], "known are 2022H1"),
        (vec!["status", "--exam", "驾照"], "known are ruankao"),
        (vec!["status", "光西"], "did you mean"),
        (
            vec!["report", "--out", missing.to_str().unwrap()],
            "cannot write",
        ),
        (vec!["report", "--since", "tomorrow"], "--since tomorrow"),
        (
            vec!["export", "site", missing.to_str().unwrap()],
            "cannot write",
        ),
        (vec!["serve", "--listen", "0.0.0.0:0"], "a token is needed"),
        (
            vec![
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--token-file",
                "/nowhere",
            ],
            "--token-file",
        ),
        (
            vec!["serve", "--listen", &taken],
            "another program listens there",
        ),
    ] {
        let (code, _, error) = run(&db, &args);
        assert_eq!(code, 2, "{args:?}: {error}");
        assert_eq!(error.lines().count(), 1, "{args:?}: {error}");
        assert!(error.contains(words), "{args:?}: {error}");
    }
    for word in ["网络工程师", "软考", "ruankao"] {
        let (code, text, error) = run(&db, &["status", "--exam", word]);
        assert_eq!(code, 0, "{word}: {error}");
        assert!(text.contains("2026 年下半年软考"), "{word}");
    }
}
