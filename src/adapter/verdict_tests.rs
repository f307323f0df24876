//! What no fixture of `fixtures/_bad` shows: statuses, titles, and texts that cannot be decoded.

use super::*;

fn page(status: u16, url: &str, body: &str) -> Page {
    Page {
        url: url.into(),
        status,
        content_type: None,
        etag: None,
        last_modified: None,
        headers: Vec::new(),
        body: body.into(),
        fetched_at: "2026-11-20T08:00:00Z".parse().unwrap(),
        plain_http: false,
    }
}

fn word(judged: Judged) -> String {
    match judged.1 {
        Some(f) => format!("{}/{}", f.verdict.word(), f.reason),
        None => judged.0.word().to_owned(),
    }
}

#[test]
fn statuses() {
    for (status, role, want) in [
        (304, Role::List, "not_modified"),
        (304, Role::Robots, "not_modified"),
        (301, Role::List, "moved/redirect"),
        (206, Role::List, "partial/status_206"),
        (401, Role::Article, "login/status_401"),
        (403, Role::List, "blocked/status_403"),
        (404, Role::Article, "gone/status_404"),
        (404, Role::Attachment, "gone/status_404"),
        (410, Role::List, "moved/scheme"),
        (410, Role::Article, "gone/status_410"),
        (412, Role::List, "blocked/status_412"),
        (418, Role::List, "blocked/huawei"),
        (429, Role::List, "blocked/rate"),
        (500, Role::List, "transport/status_500"),
        (503, Role::Robots, "transport/status_503"),
        (521, Role::List, "blocked/jsl"),
        (400, Role::List, "transport/status_400"),
    ] {
        let p = page(status, "https://a.cn/tzgg/", "<p>words</p>");
        // Even a contract that holds does not make a refusal good.
        let expect = Expect {
            contract_ok: true,
            ..Expect::default()
        };
        assert_eq!(
            word(judge(&p, Some("<p>words</p>"), role, &expect)),
            want,
            "{status} {role:?}"
        );
    }
}

#[test]
fn a_text_that_cannot_be_decoded() {
    let p = page(200, "https://a.cn/", "x");
    let expect = Expect {
        contract_ok: true,
        ..Expect::default()
    };
    assert_eq!(
        word(judge(&p, None, Role::List, &expect)),
        "encoding/mojibake"
    );
}

#[test]
fn titles() {
    let listed = "关于领取2025年下半年软考证书的通知";
    let filler = "<p>证书领取</p>".repeat(700);
    for (head, found, want) in [
        ("<h1>关于领取2025年下半年软考证书的通知</h1>", None, "ok"),
        (
            "<h1>关于领取2025年下半年软考证书的通知（6月12日更新）</h1>",
            None,
            "ok",
        ),
        (
            "<title>某省人事考试网</title><div>关于领取2025年下半年软考证书的通知</div>",
            None,
            "ok",
        ),
        ("<title>某省人事考试网</title>", None, "moved/title"),
        ("<title>某省人事考试网</title>", Some(listed), "ok"),
        (
            "<meta name='ArticleTitle' content='报名公告'>",
            None,
            "layout/title",
        ),
        // a page that names itself nowhere proves nothing
        ("", None, "ok"),
    ] {
        let raw = format!("<html>{head}<body>{filler}</body></html>");
        let p = page(200, "https://a.cn/1.html", &raw);
        let expect = Expect {
            title: Some(listed),
            found,
            contract_ok: true,
            ..Expect::default()
        };
        assert_eq!(
            word(judge(&p, Some(&raw), Role::Article, &expect)),
            want,
            "{head}"
        );
    }
}

#[test]
fn rubbish_is_dense() {
    let good = "证书领取的通知，请携带身份证。".repeat(20);
    for (text, want) in [
        (good.clone(), false),
        (format!("{good}\u{fffd}"), false),
        (
            "鍏充簬璇佷功棰嗗彇鐨勯€氱煡锛岃鎼哄甫锛屽嚟璇侊紝鍏憡锛".to_owned(),
            true,
        ),
        ("\u{fffd}\u{fffd}\u{fffd}\u{fffd}".to_owned(), true),
        ("plain".to_owned(), false),
    ] {
        assert_eq!(is_rubbish(&text), want, "{text}");
    }
}

#[test]
fn hostile_pages_cost_no_more_than_their_length() {
    // Unclosed elements and half markers, as often as they fit: quadratic work would not end.
    for piece in [
        "<script <a x></a>",
        "<record><![CDATA[x</record>",
        "<h1>",
        "href=\"",
        "document.cookie",
        "<li><a href",
    ] {
        let raw = piece.repeat(1_000_000 / piece.len());
        let p = page(200, "https://a.cn/1.html", &raw);
        let expect = Expect {
            title: Some("关于领取证书的通知"),
            ..Expect::default()
        };
        let _ = judge(&p, Some(&raw), Role::Article, &expect);
        let _ = super::super::unwrap::datastore(&format!("<datastore>{raw}"));
        let _ = super::super::pager::more(
            &raw,
            "https://a.cn/x.htm",
            &crate::model::source::Pager {
                style: "script".into(),
                address: None,
                pages: Some(9),
            },
        );
        let _ = super::super::fingerprint::detect(&raw, "https://a.cn/", &[]);
    }
}
