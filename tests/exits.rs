//! What `crawl` says and with which code it ends: who is down, times whether there is news.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use assert_cmd::Command;
use std::path::Path;
use support::recording::{Answer, Watched, Web, save};

const EDITED: &str = "https://www.gxpta.com.cn/ksxm/zyzglks/t32790.html";

/// `crawl` over recorded answers of two offices, at a moment.
fn crawl(home: &Path, web: &[(&str, &Web)], now: &str, code: bool) -> (i32, String, String) {
    let dir = home.join(now.replace(':', ""));
    for (id, web) in web {
        save(&dir, id, web);
    }
    let mut command = Command::cargo_bin("lingzheng").unwrap();
    command
        .env("XDG_CONFIG_HOME", home)
        .arg("--db")
        .arg(home.join("a.db"))
        .args(["--now", now, "crawl", "gx", "nm"])
        .arg("--recorded")
        .arg(&dir)
        .args(["--round", "1"]);
    if code {
        command.arg("--exit-code");
    }
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let status = output.status.code().unwrap();
    (status, text(&output.stdout), text(&output.stderr))
}

fn down(web: &Web) -> Web {
    let answer = |url: &String| (url.clone(), Answer::page("").with_status(502));
    web.keys().map(answer).collect()
}

fn edited(web: &Web) -> Web {
    let mut web = web.clone();
    let page = web.get_mut(EDITED).unwrap();
    let text = String::from_utf8(page.body.clone()).unwrap();
    let new = text.replace("环桂路88号", "环桂路86号");
    assert_ne!(text, new);
    page.body = new.into_bytes();
    web
}

#[test]
fn the_exit_code_tells_who_is_down_and_whether_there_is_news() {
    let (gx, nm) = (Watched::recorded("gx").web, Watched::recorded("nm").web);
    let (gx_down, nm_down, gx_edited) = (down(&gx), down(&nm), edited(&gx));
    for (name, gx_then, nm_then, plain, by_news) in [
        ("all well, no news", &gx, &nm, 0, 0),
        ("all well, news", &gx_edited, &nm, 0, 10),
        ("one down, no news", &gx, &nm_down, 1, 1),
        ("one down, news", &gx_edited, &nm_down, 1, 11),
        ("all down", &gx_down, &nm_down, 3, 3),
    ] {
        for (flag, want) in [(false, plain), (true, by_news)] {
            let home = tempfile::tempdir().unwrap();
            let path = home.path();
            let first = crawl(
                path,
                &[("gx", &gx), ("nm", &nm)],
                "2026-12-09T01:00:00Z",
                flag,
            );
            assert_eq!(
                first,
                (0, String::new(), String::new()),
                "{name}: first sight"
            );
            let (code, said, errors) = crawl(
                path,
                &[("gx", gx_then), ("nm", nm_then)],
                "2026-12-17T01:00:00Z",
                flag,
            );
            assert_eq!((code, errors.as_str()), (want, ""), "{name}: {said}");
            assert_eq!(
                said.is_empty(),
                name == "all well, no news",
                "{name}: {said}"
            );
            // What was told is not told again.
            let (_, again, _) = crawl(
                path,
                &[("gx", gx_then), ("nm", nm_then)],
                "2026-12-17T02:00:00Z",
                flag,
            );
            assert_eq!(again, "", "{name}");
        }
    }
}
