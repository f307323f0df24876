//! Files of notices: another content under the same name and address is news; anything that comes
//! in a file's place is not.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use lingzheng::crawl::Report;
use lingzheng::model::Change;
use support::disguise::DISGUISES;
use support::recording::{Answer, Watched, Web, about_notices, about_source};

const FILE: &str = "https://rsks.gd.gov.cn/attachment/0/548/548210/4790455.docx";
const NAME: &str = "附件：各地市证书发放机构联系方式一览表.docx";

/// A file of the office's own make.
fn file(words: &str) -> Answer {
    let mut body = b"PK\x03\x04".to_vec();
    body.extend(words.repeat(200).into_bytes());
    Answer::page(body).with_type(Some("application/octet-stream"))
}

fn with(web: &Web, url: &str, answer: Answer) -> Web {
    let mut web = web.clone();
    web.insert(url.into(), answer);
    web
}

/// The office with its file, after two visits: the second knows what the file holds.
fn office() -> (Watched, Web) {
    let mut watched = Watched::recorded("gd");
    let web = with(&watched.web, FILE, file("南宁"));
    for _ in 0..2 {
        let report = watched.visit(&web);
        assert_eq!(about_notices(&report), [""; 0]);
    }
    // A server without validators is asked for the whole file once a day.
    watched.now += jiff::SignedDuration::from_hours(24);
    (watched, web)
}

/// Path, words, and whether old and new are short digests, of each attachment delta.
fn deltas(report: &Report) -> Vec<(String, String)> {
    let attachments = report.events.iter().filter_map(|e| match &e.change {
        Change::Attachment { deltas } => Some(deltas),
        _ => None,
    });
    attachments
        .flatten()
        .map(|d| (d.path.clone(), d.words.clone()))
        .collect()
}

#[test]
fn another_content_under_the_same_address_is_news_once() {
    let (mut watched, web) = office();
    let changed = with(&web, FILE, file("桂林"));
    let report = watched.visit(&changed);
    assert_eq!(
        deltas(&report),
        [("/attachments/0/content".to_owned(), NAME.to_owned())]
    );
    let Change::Attachment { deltas } = &report.events[0].change else {
        panic!("{:?}", report.events);
    };
    for digest in [&deltas[0].old, &deltas[0].new] {
        assert_eq!(digest.as_str().unwrap().len(), 12, "{digest}");
    }
    assert_ne!(deltas[0].old, deltas[0].new);
    watched.now += jiff::SignedDuration::from_hours(24);
    assert_eq!(about_notices(&watched.visit(&changed)), [""; 0]);
}

#[test]
fn what_comes_in_a_files_place_is_no_change_of_it() {
    let (mut watched, web) = office();
    let html = Answer::page("<!DOCTYPE html><html><body>系统维护中，请稍后再试</body></html>");
    for (what, answer) in [
        ("a page", html),
        ("a captcha", Answer::page("<html>请输入验证码后下载</html>")),
        (
            "a few bytes",
            Answer::page("PK").with_type(Some("application/zip")),
        ),
        ("not there", Answer::page("").with_status(404)),
        ("refused", Answer::page("").with_status(403)),
        ("down", Answer::page("").with_status(502)),
        (
            "another host",
            Answer {
                location: Some("https://evil.example.com/a.docx".into()),
                ..Answer::page("").with_status(302)
            },
        ),
    ] {
        let report = watched.visit(&with(&web, FILE, answer));
        assert_eq!(about_notices(&report), [""; 0], "{what}");
        assert_eq!(about_source(&report), [""; 0], "{what}");
        assert!(report.outcomes[0].fault.is_none(), "{what}");
        watched.now += jiff::SignedDuration::from_hours(24);
        assert_eq!(about_notices(&watched.visit(&web)), [""; 0], "{what}, back");
        watched.now += jiff::SignedDuration::from_hours(24);
    }
}

#[test]
fn a_rebuilt_site_moves_its_files_and_what_they_hold_tells() {
    let rebuilt = DISGUISES.iter().find(|d| d.0 == "rebuilt").unwrap().1;
    let moved = "https://rsks.gd.gov.cn/2027/site/c_4790455.docx";
    for (words, told) in [("南宁", 0), ("桂林", 1)] {
        let (mut watched, _) = office();
        let web = rebuilt(&watched.web, &watched.list());
        let report = watched.visit(&with(&web, moved, file(words)));
        let told_files = deltas(&report);
        assert_eq!(told_files.len(), told, "{words}: {told_files:?}");
    }
}

#[test]
fn a_file_is_asked_for_with_what_the_server_gave_and_kept_without_its_bytes() {
    let (mut watched, web) = office();
    let tagged = |words: &str, tag: &str| Answer {
        etag: Some(tag.into()),
        ..file(words)
    };
    // The tag is learned, then it decides: the same tag is the same file, whatever lies there.
    assert_eq!(
        about_notices(&watched.visit(&with(&web, FILE, tagged("南宁", "\"1\"")))),
        [""; 0]
    );
    assert_eq!(
        about_notices(&watched.visit(&with(&web, FILE, tagged("桂林", "\"1\"")))),
        [""; 0]
    );
    let report = watched.visit(&with(&web, FILE, tagged("桂林", "\"2\"")));
    assert_eq!(deltas(&report).len(), 1);
    let notice = watched
        .store
        .notice_by_url("rsks.gd.gov.cn/zwgk/gzdt/content/post_4790455.html")
        .unwrap()
        .unwrap();
    let kept = watched.store.attachments(notice.id).unwrap();
    assert_eq!(kept.len(), 1);
    let digest = kept[0].digest.clone().unwrap();
    assert_eq!(kept[0].etag.as_deref(), Some("\"2\""));
    assert_eq!(
        watched.store.raw(&digest).unwrap(),
        None,
        "the bytes are not kept"
    );
}

#[test]
fn files_on_other_hosts_are_left_alone() {
    let mut watched = Watched::recorded("gd");
    let page = "https://rsks.gd.gov.cn/zwgk/gzdt/content/post_4790455.html";
    let mut web = watched.web.clone();
    let away = "https://files.example.com/4790455.docx";
    let text = String::from_utf8(web[page].body.clone()).unwrap();
    web.get_mut(page).unwrap().body = text.replace(FILE, away).into_bytes();
    let (web, changed) = (
        with(&web, away, file("南宁")),
        with(&web, away, file("桂林")),
    );
    for web in [&web, &web, &changed] {
        assert_eq!(about_notices(&watched.visit(web)), [""; 0]);
        watched.now += jiff::SignedDuration::from_hours(24);
    }
}
