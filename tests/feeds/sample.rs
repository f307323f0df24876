//! The selection that is written: a notice that was extended and lost a window, and a row.

use lingzheng::model::event::{Hunk, Piece, Subject, Tag};
use lingzheng::model::facts::{
    Days, Evidence, ExamRef, Fee, FileRef, Level, Mail, Materials, Method, NoticeKind, Place,
    Window, WindowMethod,
};
use lingzheng::model::{
    Change, Cursor, Delta, Event, Facts, Feed, Notice, NoticeId, NoticeView, Reading, TextChange,
    Timestamp, Version,
};
use serde_json::{Value, json};

pub(crate) const EPOCH: &str = "1f2e3d4c";

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn window(
    id: &str,
    scope: Option<&str>,
    start: Option<&str>,
    end: Option<&str>,
) -> Window {
    Window {
        id: Some(id.into()),
        method: WindowMethod::Onsite,
        start: start.map(|d| d.parse().unwrap()),
        end: end.map(|d| d.parse().unwrap()),
        start_time: None,
        end_time: None,
        days: Some(Days::Workdays),
        hours: vec!["09:00-11:30".into(), "14:00-17:00".into()],
        scope: scope.map(Into::into),
        estimate: false,
        quote: "领取时间：3月10日至3月25日".into(),
    }
}

pub(crate) fn facts() -> Facts {
    Facts {
        title: "关于领取2025年下半年软考证书的通知".into(),
        published: Some("2026-03-05".parse().unwrap()),
        issuer: Some("某某省人事考试中心".into()),
        kind: NoticeKind::Pickup,
        exams: vec![ExamRef {
            name: "计算机技术与软件专业技术资格（水平）考试".into(),
            year: Some(2025),
            half: Some(2),
        }],
        methods: vec![Method::Onsite, Method::Mail],
        windows: vec![
            window(
                "12-w1",
                Some("南宁市"),
                Some("2026-03-10"),
                Some("2026-03-25"),
            ),
            Window {
                method: WindowMethod::Mail,
                estimate: true,
                days: None,
                hours: Vec::new(),
                ..window("12-w3", None, Some("2026-04-01"), None)
            },
        ],
        places: vec![Place {
            scope: Some("南宁市".into()),
            name: Some("人事考试中心一楼, 3号窗口".into()),
            address: Some("某路1号".into()),
            phones: vec!["0771-0000000".into()],
            level: Some(Level::Province),
        }],
        mail: Some(Mail {
            apply: Some("https://zs.example.cn/apply?a=1&b=2".into()),
            fee: Some(Fee::Collect),
            carrier: Some("EMS".into()),
        }),
        materials: Materials {
            own: vec!["身份证原件".into()],
            ..Materials::default()
        },
        proxy_allowed: Some(true),
        phones: vec!["0771-0000000".into()],
        attachments: vec![FileRef {
            name: "委托书.doc".into(),
            href: "/f/1.doc".into(),
            role: Some("proxy_form".into()),
        }],
        ..Facts::default()
    }
}

pub(crate) fn reading(facts: Facts) -> Reading {
    let proof = Evidence {
        span: Some(lingzheng::model::Span::new(10, 40)),
        quote: "领取时间：3月10日至3月25日".into(),
        rule: "range".into(),
        certain: true,
        reason: None,
    };
    Reading {
        facts,
        evidence: [("/windows/0".to_owned(), proof)].into(),
        unread: Vec::new(),
    }
}

pub(crate) fn notice(id: i64, title: &str, facts: Option<Facts>) -> Notice {
    Notice {
        id: NoticeId(id),
        source: "gx".into(),
        url: format!("https://www.example.cn/notice/{id}.html?a=1&b=2"),
        title: title.into(),
        published: Some("2026-03-05".parse().unwrap()),
        external: false,
        kind: facts.as_ref().map(|f| f.kind),
        first_seen: at("2026-03-05T02:00:00Z"),
        last_seen: at("2026-03-20T02:00:00Z"),
        last_fetched: None,
        etag: None,
        last_modified: None,
        gone_suspect: 0,
        gone: false,
        unsteady_until: None,
        by_hand: false,
        told: true,
        latest: facts.map(|facts| Version {
            n: 2,
            seen_at: at("2026-03-12T02:00:00Z"),
            url: String::new(),
            content_type: None,
            plain_http: false,
            page: String::new(),
            article_digest: String::new(),
            reading: reading(facts),
            revision: 1,
        }),
    }
}

pub(crate) fn event(seq: i64, when: &str, notice: &Notice, change: Change) -> Event {
    Event {
        id: Cursor {
            epoch: EPOCH.into(),
            seq,
        },
        at: at(when),
        subject: Subject::Notice(notice.id),
        source: notice.source.clone(),
        title: notice.title.clone(),
        url: notice.url.clone(),
        change,
        reading: notice.latest.as_ref().map(|v| Box::new(v.reading.clone())),
    }
}

/// A notice that was extended and lost a window, and one known by its row only.
pub(crate) fn feed() -> Feed {
    let edited = notice(12, "关于领取2025年下半年软考证书的通知", Some(facts()));
    let gone_window =
        serde_json::to_value(window("12-w2", Some("柳州市"), None, Some("2026-03-15"))).unwrap();
    let deltas = vec![
        Delta {
            path: "/windows/12-w1/end".into(),
            old: json!("2026-03-20"),
            new: json!("2026-03-25"),
            words: "领取时间：3月10日至3月25日".into(),
        },
        Delta {
            path: "/windows/12-w2".into(),
            old: gone_window,
            new: Value::Null,
            words: "柳州市3月15日前领取".into(),
        },
    ];
    let piece = |tag, text: &str| Piece {
        tag,
        text: text.into(),
    };
    let pieces = vec![
        piece(Tag::Same, "3月10日至3月"),
        piece(Tag::Old, "20"),
        piece(Tag::New, "25"),
        piece(Tag::Same, "日"),
    ];
    let text = TextChange {
        hunks: vec![Hunk { pieces }],
    };
    let history = vec![
        event(
            7,
            "2026-03-12T02:00:00Z",
            &edited,
            Change::Facts { deltas, text },
        ),
        event(3, "2026-03-05T02:00:00Z", &edited, Change::New),
    ];
    let events = history.iter().rev().cloned().collect();
    let row = NoticeView {
        notice: notice(9, "成绩公布", None),
        place: "广西".into(),
        history: Vec::new(),
    };
    Feed {
        epoch: EPOCH.into(),
        name: "广西".into(),
        title: "领证：广西".into(),
        self_url: Some("https://board.example.org/atom?region=gx&x=1".into()),
        generated: at("2026-03-20T00:00:00Z"),
        notices: vec![
            NoticeView {
                notice: edited,
                place: "广西".into(),
                history,
            },
            row,
        ],
        events,
    }
}
