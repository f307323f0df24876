//! Notices that a person names: `add` fetches one, `import` takes a page saved from the browser.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::Value;
use support::site::{Said, Site, article};

const MON: &str = "2026-12-07T09:00:00+08:00";
const TUE: &str = "2026-12-08T09:00:00+08:00";
const WED: &str = "2026-12-09T09:00:00+08:00";

/// The changes of an entry's document: word and title.
fn told(said: &Said) -> Vec<String> {
    let data = said.data();
    let events = data["events"].as_array().unwrap();
    let word = |e: &Value| format!("{} {}", e["change"]["type"], e["title"]).replace('"', "");
    events.iter().map(word).collect()
}

#[test]
fn a_notice_named_by_hand_is_watched() {
    let site = Site::new();
    let url = site.server.url("/n/7.html");
    site.page("/n/7.html", article("软考证书领取通知", "12月20日"));
    let added = site.run(
        MON,
        None,
        &["--format", "json", "add", &url, "--region", "guangxi"],
    );
    assert_eq!((added.code, added.err.as_str()), (0, ""));
    assert_eq!(told(&added), ["new 软考证书领取通知"]);
    let notice = &added.data()["notice"];
    assert_eq!(
        (&notice["source"], &notice["by_hand"]),
        (&"by-hand-gx".into(), &true.into())
    );

    let again = site.run(MON, None, &["--format", "json", "add", &url]);
    assert_eq!(again.data()["same"], true, "{}", again.out);
    assert_eq!(told(&again), [] as [String; 0]);

    // The next crawl looks at it, and only at it.
    site.page("/n/7.html", article("软考证书领取通知", "12月25日"));
    let said = site.run(TUE, None, &["--format", "json", "crawl", "by-hand-gx"]);
    let changed = told(&said);
    assert_eq!(changed.len(), 1, "{changed:?} {}", said.err);
    assert!(changed[0].ends_with("软考证书领取通知"), "{changed:?}");
    let status = site.run(TUE, None, &["status", "广西"]);
    assert!(status.out.contains("软考证书领取通知"), "{}", status.out);
}

#[test]
fn a_saved_page_is_imported_and_compared() {
    let site = Site::new();
    let url = "https://www.gxpta.com.cn/ksxm/zyzglks/t32999.html";
    let import = |file: &std::path::Path, now: &str| {
        let file = file.to_str().unwrap();
        site.run(
            now,
            None,
            &["--format", "json", "import", "--url", url, file],
        )
    };
    let one = site.file("1.html", article("软考证书领取通知", "12月20日"));
    let two = site.file("2.html", article("软考证书领取通知", "12月25日"));
    let first = import(&one, MON);
    assert_eq!(told(&first), ["new 软考证书领取通知"], "{}", first.err);
    assert_eq!(first.data()["notice"]["source"], "gx");
    assert_eq!(told(&import(&one, TUE)), [] as [String; 0]);
    let changed = told(&import(&two, WED));
    assert_eq!(changed.len(), 1);
    assert!(changed[0].ends_with("软考证书领取通知"), "{changed:?}");
    // Nothing was asked of anybody, and the office's own first sight is still to come.
    assert_eq!(site.server.paths(), [] as [&str; 0]);
    let states = site.run(WED, None, &["--format", "json", "sources"]).data();
    let gx = states
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["id"] == "gx")
        .unwrap();
    assert!(gx["state"].is_null(), "{gx}");
}

#[test]
fn what_cannot_be_watched_is_one_line_and_leaves_nothing() {
    let site = Site::new();
    site.page(
        "/short",
        "<html><title>通知</title><body><p>短</p></body></html>",
    );
    let old = "<html><title>404</title><body>您访问的页面不存在</body></html>";
    site.page("/old", old);
    site.act(
        "/away",
        support::server::page("302 Found", "Location: https://www.example.com/\r\n", b""),
    );
    site.act(
        "/home",
        support::server::page("302 Found", "Location: /\r\n", b""),
    );
    site.page("/", article("网站首页通知公告", "12月20日"));
    let good = site.file("good.html", article("通知", "12月20日"));
    let pdf = site.file("a.pdf", b"%PDF-1.7\0\0");
    let mht = site.file("a.mhtml", "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\r\n<html>");
    let empty = site.file("empty.html", "");
    let frame = site.file(
        "frame.html",
        "<html><title>通知</title><body><div></div></body></html>",
    );
    let to = |path: &str| site.server.url(path);
    let (good, pdf, mht, empty, frame) = (
        good.to_str().unwrap(),
        pdf.to_str().unwrap(),
        mht.to_str().unwrap(),
        empty.to_str().unwrap(),
        frame.to_str().unwrap(),
    );
    let page = "https://rsks.example.gov.cn/n/1.html";
    for (args, want) in [
        (vec!["add", &to("/short")], "no body"),
        (vec!["add", &to("/missing")], "gone"),
        (vec!["add", &to("/old")], "soft404"),
        (vec!["add", &to("/away")], "www.example.com"),
        (vec!["add", &to("/home")], "home page"),
        (
            vec!["add", "ftp://a.example.gov.cn/x"],
            "only http and https",
        ),
        (vec!["add", "file:///etc/passwd"], "only http and https"),
        (
            vec![
                "add",
                "https://mp.weixin.qq.com/s?src=11&timestamp=1796432400&signature=x",
            ],
            "copy the article's own link",
        ),
        (vec!["add", "证书领取"], "not an address"),
        (vec!["add", "http://192.168.1.1/n.html"], "bare IP"),
        (vec!["add", page], "no contact"),
        (
            vec!["add", "https://www.gxpta.com.cn/ksxm/zyzglks/"],
            "list of gx",
        ),
        (
            vec!["add", "https://www.gxpta.com/ksxm/1.html"],
            "gxpta.com.cn",
        ),
        (vec!["add", page, "--source", "gxx"], "no source `gxx`"),
        (vec!["add", page, "--region", "火星"], "no region"),
        (
            vec!["import", "--url", page, "/nowhere/x.html"],
            "cannot read",
        ),
        (vec!["import", "--url", page, pdf], "not a page"),
        (vec!["import", "--url", page, mht], "MHTML"),
        (vec!["import", "--url", page, empty], "not a page"),
        (vec!["import", "--url", page, frame], "no body"),
        (
            vec!["import", "--url", "http://10.0.0.1/x", good],
            "bare IP",
        ),
        (
            vec!["import", "--url", "data:text/html,x", good],
            "only http and https",
        ),
    ] {
        let said = site.run(MON, None, &args);
        assert!(said.line().contains(want), "{args:?}: {}", said.err);
        assert!(said.code == 2 || said.code == 3, "{args:?}: {}", said.code);
        assert!(!site.db().exists(), "{args:?} wrote a database");
    }
}
