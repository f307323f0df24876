//! What readers and calendars subscribe to, and where the board's links lead.

use super::support::Server;
use scraper::{Html, Selector};
use std::collections::{BTreeSet, VecDeque};

#[test]
fn a_reader_and_a_calendar_get_their_documents() {
    let server = Server::start("2026年下半年软考证书领取通知", false);
    for (path, kind, begins, holds) in [
        (
            "/feed.atom",
            "application/atom+xml; charset=utf-8",
            "<?xml ",
            "<title>[广西] 2026年下半年软考证书领取通知</title>",
        ),
        (
            "/feed.json",
            "application/feed+json; charset=utf-8",
            "{",
            "[广西] 2026年下半年软考证书领取通知",
        ),
        (
            "/calendar.ics",
            "text/calendar; charset=utf-8",
            "BEGIN:VCALENDAR\r\n",
            "DTSTART;VALUE=DATE:20261211\r\nDTEND;VALUE=DATE:20261219\r\n",
        ),
    ] {
        for query in [
            "",
            "?region=guangxi",
            "?region=广西&sitting=2026H2&exam=软考",
            "?exam=all",
        ] {
            let query = query.replace("广西", "%E5%B9%BF%E8%A5%BF");
            let path = format!("{path}{}", query.replace("软考", "%E8%BD%AF%E8%80%83"));
            let reply = server.get(&path);
            assert_eq!(
                (reply.status, reply.header("content-type")),
                (200, Some(kind))
            );
            assert!(reply.body.starts_with(begins), "{path}: {}", reply.body);
            assert!(reply.body.contains(holds), "{path}: {}", reply.body);
        }
        let elsewhere = server.get(&format!("{path}?region=hebei"));
        assert_eq!(
            (elsewhere.status, elsewhere.body.contains(holds)),
            (200, false)
        );
        let earlier = server.get(&format!("{path}?sitting=2026H1"));
        assert_eq!((earlier.status, earlier.body.contains(holds)), (200, false));
        let english = server.get(&format!("{path}?lang=en"));
        assert_ne!(english.body, server.get(path).body, "{path}");
        for (query, words) in [
            ("region=guangxy", "did you mean guangxi"),
            ("region=%3Cb%3E", "no region `<b>`"),
            ("sitting=2026H3", "known are 2022H1"),
            ("exam=all&sitting=2026H2", "beside one exam"),
            ("exam=ruankoa", "known are ruankao"),
        ] {
            let reply = server.get(&format!("{path}?{query}"));
            assert_eq!(reply.status, 400, "{path}?{query}");
            assert_eq!(reply.body.lines().count(), 1, "{}", reply.body);
            assert!(reply.body.contains(words), "{}", reply.body);
        }
    }
}

/// Every page that a reader of `/` can come to by links: none is missing.
#[test]
fn every_link_leads_somewhere() {
    let server = Server::start("2026年下半年软考证书领取通知", false);
    let links = Selector::parse("[href], [src], [action]").unwrap();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut ways = VecDeque::from([("/".to_string(), "itself".to_string())]);
    while let Some((path, from)) = ways.pop_front() {
        if !known.insert(path.clone()) {
            continue;
        }
        let reply = server.get(&path);
        assert_eq!(reply.status, 200, "{path} on {from}");
        if !reply
            .header("content-type")
            .unwrap()
            .starts_with("text/html")
        {
            continue;
        }
        let page = Html::parse_document(&reply.body);
        for element in page.select(&links) {
            for name in ["href", "src", "action"] {
                let Some(target) = element.attr(name) else {
                    continue;
                };
                if target.starts_with('/') {
                    ways.push_back((target.to_string(), path.clone()));
                } else {
                    let outside = ["#", "http://", "https://", "data:"];
                    assert!(outside.iter().any(|o| target.starts_with(o)), "{target}");
                }
            }
        }
    }
    for path in [
        "/feed.atom",
        "/feed.json",
        "/calendar.ics",
        "/calendar.ics?region=gx",
        "/feed.atom?region=gx&lang=en",
        "/notice/1/diff/1/2",
        "/changes?lang=en",
    ] {
        assert!(known.contains(path), "{path} of {known:?}");
    }
}
