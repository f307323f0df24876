//! Outgoing formats, whole: one selection of notices written in each, compared to the byte.
//!
//! `UPDATE_FEEDS=1 cargo test --test feeds` writes the expected files anew; read the difference
//! before it is kept.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod sample;

use lingzheng::model::event::{Hunk, Piece, Tag};
use lingzheng::model::facts::NoticeKind;
use lingzheng::model::{Change, Delta, Feed, NoticeView, TextChange, Verdict};
use lingzheng::render::{Lang, atom, csv, ical, json_feed, jsonl, message, schema};
use sample::{at, event, facts, feed, notice};
use serde_json::{Value, json};

/// Compares with the file in `tests/data/feeds`.
fn same(name: &str, got: &str) {
    let path = format!("{}/tests/data/feeds/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_FEEDS").is_some() {
        std::fs::write(&path, got).unwrap();
    }
    let want = std::fs::read_to_string(&path).unwrap();
    for (n, (got, want)) in got.lines().zip(want.lines()).enumerate() {
        assert_eq!(got, want, "{name}, line {}", n + 1);
    }
    assert_eq!(got, want, "{name}");
}

#[test]
fn every_format_as_a_whole() {
    let feed = feed();
    same("atom.xml", &atom::atom(&feed, Lang::Zh).unwrap());
    same("feed.json", &json_feed::json_feed(&feed, Lang::En));
    same("events.jsonl", &jsonl::jsonl(&feed.events));
    // Kept with plain line ends, so that no checkout can change them.
    for (name, text) in [
        ("windows.ics", ical::ical(&feed, Lang::Zh)),
        ("table.csv", csv::csv(&feed).unwrap()),
    ] {
        assert!(
            text.split_inclusive('\n')
                .all(|line| line.ends_with("\r\n")),
            "{name}"
        );
        same(name, &text.replace("\r\n", "\n"));
    }
}

/// Readers that were not written here: feed-rs, and the parser of the icalendar crate.
#[test]
fn parsers_of_others_read_the_same() {
    let feed = feed();
    let (title, link) = (
        "[广西] 关于领取2025年下半年软考证书的通知",
        "https://www.example.cn/notice/12.html?a=1&b=2",
    );
    let texts = [
        atom::atom(&feed, Lang::Zh).unwrap(),
        json_feed::json_feed(&feed, Lang::Zh),
    ];
    for text in texts {
        let read = feed_rs::parser::parse(text.as_bytes()).unwrap();
        assert_eq!(read.entries.len(), feed.notices.len());
        let entry = &read.entries[0];
        assert_eq!(entry.id, "urn:lingzheng:notice:1f2e3d4c:12");
        assert_eq!(entry.title.as_ref().unwrap().content, title);
        assert_eq!(entry.links[0].href, link);
        let updated = entry.updated.unwrap().to_rfc3339();
        assert_eq!(updated, "2026-03-12T02:00:00+00:00");
    }

    let text = icalendar::parser::unfold(&ical::ical(&feed, Lang::Zh));
    let calendar = icalendar::parser::read_calendar(&text).unwrap();
    let windows: Vec<[String; 3]> = calendar
        .components
        .iter()
        .map(|event| {
            assert_eq!(event.name.as_str(), "VEVENT");
            ["UID", "DTSTART", "SEQUENCE"]
                .map(|name| event.find_prop(name).unwrap().val.as_str().to_owned())
        })
        .collect();
    let want = ical::ical(&feed, Lang::Zh).matches("BEGIN:VEVENT").count();
    assert_eq!(windows.len(), want);
    assert_eq!(windows[0], ["12-w1@1f2e3d4c.lingzheng", "20260310", "1"]);
    let first = &calendar.components[0];
    assert_eq!(first.components[0].name.as_str(), "VALARM");
    let place = first.find_prop("LOCATION").unwrap().val.clone();
    assert_eq!(
        place.unescape_text().as_str(),
        "人事考试中心一楼, 3号窗口，某路1号"
    );
}

#[test]
fn an_id_outlives_every_edit() {
    let before = feed();
    let mut after = before.clone();
    let view = &mut after.notices[0];
    view.notice.title = "另一个标题".into();
    view.notice.url = "https://new.example.cn/1".into();
    view.notice.gone = true;
    let gone = event(
        8,
        "2026-03-15T00:00:00Z",
        &view.notice,
        Change::Gone {
            verdict: Verdict::Gone,
        },
    );
    view.history.insert(0, gone);

    let ids = |text: &str, mark: &str| -> Vec<String> {
        let lines = text.lines().map(str::trim).filter(|l| l.starts_with(mark));
        lines.map(str::to_owned).collect()
    };
    let (old, new) = (
        atom::atom(&before, Lang::Zh).unwrap(),
        atom::atom(&after, Lang::Zh).unwrap(),
    );
    assert_eq!(ids(&old, "<id>"), ids(&new, "<id>"));
    assert_eq!(
        ids(&old, "<updated>")[0],
        "<updated>2026-03-12T02:00:00Z</updated>"
    );
    assert_eq!(
        ids(&new, "<updated>")[0],
        "<updated>2026-03-15T00:00:00Z</updated>"
    );

    let (old, new) = (ical::ical(&before, Lang::Zh), ical::ical(&after, Lang::Zh));
    assert_eq!(ids(&old, "UID"), ids(&new, "UID"));
    assert_eq!(
        ids(&old, "SEQUENCE"),
        ["SEQUENCE:1", "SEQUENCE:0", "SEQUENCE:1"]
    );
    assert_eq!(
        ids(&new, "SEQUENCE"),
        ["SEQUENCE:2", "SEQUENCE:1", "SEQUENCE:2"]
    );
    assert_eq!(
        ids(&old, "STATUS"),
        ["STATUS:CONFIRMED", "STATUS:TENTATIVE", "STATUS:CANCELLED"]
    );
    assert_eq!(ids(&new, "STATUS"), ["STATUS:CANCELLED"; 3]);
    assert_eq!(ids(&new, "BEGIN:VALARM"), [""; 0]);
}

#[test]
fn a_better_reading_is_news_while_it_matters() {
    let mut feed = feed();
    let view = &mut feed.notices[0];
    let deltas = vec![Delta {
        path: "/windows/12-w1/end".into(),
        old: json!("2026-03-24"),
        new: json!("2026-03-25"),
        words: String::new(),
    }];
    let mut reread = event(
        9,
        "2027-01-01T00:00:00Z",
        &view.notice,
        Change::Reread { deltas },
    );
    for window in &mut reread.reading.as_mut().unwrap().facts.windows {
        window.end = Some("2026-03-25".parse().unwrap());
    }
    let before = view.updated();
    view.history.insert(0, reread.clone());
    assert_eq!(view.updated(), before, "all windows were over");
    assert!(
        ical::ical(&feed, Lang::Zh).contains("SEQUENCE:2\r\n"),
        "a calendar shows the date"
    );
    reread.at = at("2026-03-25T00:00:00Z");
    feed.notices[0].history[0] = reread.clone();
    assert_eq!(feed.notices[0].updated(), reread.at);
}

/// Everything that a page could try, in every field that a page fills.
fn hostile() -> Feed {
    let all: String = (0..0x20).filter_map(char::from_u32).collect();
    let evil = format!(
        "]]><script>alert(1)</script>&amp;<a href=\"javascript:x\">\r\nX-EVIL:1\r\nEND:VCALENDAR\r\n{all}\u{fffe}\u{ffff}\u{202e}=cmd|' /C'!A0"
    );
    let mut bad = facts();
    bad.issuer = Some(evil.clone());
    bad.phones = vec![evil.clone()];
    bad.places[0].address = Some(evil.clone());
    bad.windows[0].quote = evil.clone();
    bad.windows[0].scope = Some(evil.clone());
    bad.materials.own = vec![evil.clone()];
    bad.attachments[0].name = evil.clone();
    let mut notice = notice(12, &evil, Some(bad));
    notice.url = format!("https://www.example.cn/{evil}");
    let text = TextChange {
        hunks: vec![Hunk {
            pieces: vec![Piece {
                tag: Tag::New,
                text: evil.clone(),
            }],
        }],
    };
    let history = vec![event(
        7,
        "2026-03-12T02:00:00Z",
        &notice,
        Change::Text { text },
    )];
    let mut feed = feed();
    feed.title = evil.clone();
    feed.self_url = Some(evil.clone());
    feed.events = history.clone();
    feed.notices = vec![NoticeView {
        notice,
        place: evil,
        history,
    }];
    feed
}

#[test]
fn hostile_text_is_inert() {
    let feed = hostile();
    let xml = atom::atom(&feed, Lang::Zh).unwrap();
    let odd = |c: char| {
        (c.is_control() && c != '\n') || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{202e}')
    };
    assert!(!xml.contains(odd));
    assert!(!xml.contains("<script") && !xml.contains("]]>") && !xml.contains("javascript:x\""));
    let mut reader = quick_xml::Reader::from_str(&xml);
    let mut content = String::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Text(t) => content.push_str(&t),
            quick_xml::events::Event::GeneralRef(r) => content.push_str(&format!("&{};", &*r)),
            _ => {}
        }
    }
    // Once unescaped it is HTML, in which the page's markup is text still.
    let html = quick_xml::escape::unescape(&content).unwrap().into_owned();
    let html = html.split("<p>").nth(1).unwrap();
    assert!(
        !html.contains("<script") && html.contains("&lt;script&gt;"),
        "{html}"
    );

    let event = &feed.events[0];
    let mail = message::html(event, &feed.notices[0].place, Some(&event.title), Lang::Zh);
    assert!(!mail.contains("<script") && !mail.contains("<a "), "{mail}");
    assert!(
        !message::title(event, "广西", Lang::Zh).contains(odd) && message::url(event).is_empty()
    );

    let json: Value = serde_json::from_str(&json_feed::json_feed(&feed, Lang::Zh)).unwrap();
    let item = &json["items"][0];
    assert!(!item["content_html"].as_str().unwrap().contains("<script"));
    assert!(item.get("url").is_none() && json.get("feed_url").is_none());

    let ics = ical::ical(&feed, Lang::Zh);
    let ends = ics.split("\r\n").filter(|line| *line == "END:VCALENDAR");
    assert_eq!(ends.count(), 1);
    for line in ics.split_terminator("\r\n") {
        assert!(line.len() <= 75 && !line.contains(odd), "{line:?}");
        assert!(!line.starts_with("X-EVIL"), "{line:?}");
    }

    let table = csv::csv(&feed).unwrap();
    let mut rows = ::csv::Reader::from_reader(table.as_bytes());
    assert_eq!(rows.headers().unwrap().get(0), Some("id"));
    assert_eq!(
        rows.records().map(|r| r.unwrap().len()).collect::<Vec<_>>(),
        [22, 22]
    );

    for line in jsonl::jsonl(&feed.events).lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        // A program gets the words as they are.
        assert_eq!(event["data"]["title"], feed.events[0].title.as_str());
    }
}

/// Keys that values have and the schema does not name, and the other way round where a value
/// holds everything.
fn differences(value: &Value, node: &Value, root: &Value, path: &str, out: &mut Vec<String>) {
    let node = match node["$ref"].as_str() {
        Some(r) if r.starts_with('#') => root.pointer(&r[1..]).unwrap(),
        Some(_) => return,
        None => node,
    };
    let branch = node["anyOf"]
        .as_array()
        .and_then(|b| b.iter().find(|b| b["type"] != "null"));
    let node = branch.unwrap_or(node);
    match value {
        Value::Object(map) if node.get("properties").is_some() => {
            let known = node["properties"].as_object().unwrap();
            for (key, value) in map {
                match known.get(key) {
                    Some(inner) => differences(value, inner, root, &format!("{path}/{key}"), out),
                    None => out.push(format!("{path}/{key} is not in the schema")),
                }
            }
            for key in node["required"].as_array().unwrap() {
                if !map.contains_key(key.as_str().unwrap()) {
                    out.push(format!("{path} lacks {key}"));
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                differences(item, &node["items"], root, &format!("{path}/*"), out);
            }
        }
        other => {
            if let Some(allowed) = node["enum"].as_array()
                && !allowed.contains(other)
            {
                out.push(format!("{path}: {other} is none of the words"));
            }
        }
    }
}

#[test]
fn the_schemas_say_what_is_written() {
    let facts_schema: Value = serde_json::from_str(schema::FACTS).unwrap();
    let event_schema: Value = serde_json::from_str(schema::EVENT).unwrap();
    let mut out = Vec::new();
    let value = serde_json::to_value(facts()).unwrap();
    differences(&value, &facts_schema, &facts_schema, "", &mut out);
    for line in jsonl::jsonl(&feed().events).lines() {
        let event = serde_json::from_str(line).unwrap();
        differences(&event, &event_schema, &event_schema, "", &mut out);
    }
    assert_eq!(out, [""; 0]);
    let known = facts_schema["properties"].as_object().unwrap().keys();
    let have = value.as_object().unwrap();
    assert_eq!(
        known.filter(|k| !have.contains_key(*k)).collect::<Vec<_>>(),
        [""; 0]
    );
    let words = |pointer: &str, of: &Value| of.pointer(pointer).unwrap().clone();
    let kinds: Vec<&str> = NoticeKind::ALL.iter().map(|k| k.word()).collect();
    assert_eq!(words("/properties/kind/enum", &facts_schema), json!(kinds));
    let changes = lingzheng::model::event::WORDS;
    assert_eq!(
        words("/properties/data/properties/change/enum", &event_schema),
        json!(changes)
    );
}
