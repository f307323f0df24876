//! A correction and what it corrects lead to one another, wherever either is shown.

use super::files::run;
use super::support::{Server, now};
use lingzheng::model::facts::NoticeKind;
use lingzheng::model::{Entry, Facts, NoticeId, Reading};
use lingzheng::store::{NewVersion, Store};

const TITLE: &str = "2026年下半年软考证书领取通知";
const LATER: &str = "关于2026年下半年软考证书领取通知的更正";

/// The office corrects its first notice two days later.
fn correct(server: &Server) -> NoticeId {
    let mut store = Store::open(&server.db).unwrap();
    let mut tx = store.begin("gx").unwrap();
    let url = "https://www.gxpta.com.cn/ksxm/zyzglks/t32742.html";
    let entry = Entry {
        keys: vec!["www.gxpta.com.cn/ksxm/zyzglks/t32742.html".into()],
        url: url.into(),
        title: LATER.into(),
        title_cut: false,
        published: Some("2026-12-12".parse().unwrap()),
        external: false,
    };
    let id = tx.new_notice(&entry, now()).unwrap();
    let reading = Reading {
        facts: Facts {
            title: LATER.into(),
            kind: NoticeKind::Correction,
            ..Facts::default()
        },
        ..Reading::default()
    };
    let version = NewVersion {
        seen_at: now(),
        url,
        content_type: None,
        plain_http: false,
        body: b"x",
        article_digest: "x",
        text: "x",
        reading: &reading,
        revision: 1,
    };
    tx.add_version(id, &version).unwrap();
    tx.commit().unwrap();
    id
}

#[test]
fn each_shows_the_other() {
    let server = Server::start(TITLE, false);
    let (first, later) = (server.notice, correct(&server));
    for (at, path, word, other) in [
        (first, later, "后有更正：", LATER),
        (later, first, "更正的是：", TITLE),
    ] {
        let page = server.get(&format!("/notice/{at}")).body;
        let link = format!("{word}<a href=\"/notice/{path}\">{other}</a>");
        assert!(page.contains(&link), "{page}");
        let (code, shown, error) = run(&server.db, &["show", &at.to_string()]);
        assert_eq!(code, 0, "{error}");
        let line = format!("{} #{path} {other}", word.trim_end_matches('：'));
        assert!(shown.contains(&line), "{shown}");
    }
    let data = |id: NoticeId| -> serde_json::Value {
        let reply = server.get(&format!("/api/v1/notices/{id}"));
        let document: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
        document["data"].clone()
    };
    let none = serde_json::Value::Null;
    let (a, b) = (data(first), data(later));
    assert_eq!(
        (&a["corrects"], &a["corrected_by"][0]),
        (&none, &later.0.into())
    );
    assert_eq!(
        (&b["corrects"], &b["corrected_by"]),
        (&first.0.into(), &serde_json::json!([]))
    );
    let region = server.get("/region/gx").body;
    assert!(
        region.contains("后有更正：") && region.contains("更正的是："),
        "{region}"
    );
}
