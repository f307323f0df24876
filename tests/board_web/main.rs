//! The web board from outside: who may read, what is refused, what every answer carries.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test"
)]

mod feeds;
mod files;
mod hostile;
mod support;
mod tied;

use lingzheng::serve::ROUTES;
use lingzheng::store::Store;
use std::io::BufRead;
use std::time::{Duration, Instant};
use support::{Server, TOKEN};

/// A path for every route, with real values in its places.
fn paths(server: &Server) -> Vec<String> {
    let store = Store::open_existing(&server.db).unwrap();
    let digest = store.versions(server.notice).unwrap().pop().unwrap().page;
    let fill = |route: &&str| {
        let id = if route.contains("region") { "gx" } else { "1" };
        route
            .replace("{id}", id)
            .replace("{from}", "1")
            .replace("{to}", "2")
            .replace("{digest}", &digest)
    };
    ROUTES.iter().map(fill).collect()
}

const METHODS: [&str; 8] = [
    "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE",
];

#[test]
fn the_api_document_names_every_route() {
    let text = include_str!("../../src/serve/openapi.json");
    let document: serde_json::Value = serde_json::from_str(text).unwrap();
    let mut named: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    let mut routes: Vec<&str> = ROUTES.to_vec();
    named.sort();
    routes.sort_unstable();
    assert_eq!(named, routes);
}

#[test]
fn every_page_is_there_without_a_token_on_this_machine() {
    let server = Server::start("2026年下半年软考证书领取通知", false);
    for path in paths(&server)
        .iter()
        .filter(|p| !["/events", "/login"].contains(&p.as_str()))
    {
        let reply = server.get(path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        let head = server.ask("HEAD", path, &[]);
        assert_eq!((head.status, head.body.as_str()), (200, ""), "{path}");
        assert_eq!(
            head.header("content-length"),
            reply.header("content-length"),
            "{path}"
        );
        for method in METHODS.iter().skip(2) {
            let reply = server.ask(method, path, &["Content-Length: 0"]);
            assert_eq!(reply.status, 405, "{method} {path}");
            assert_eq!(reply.header("allow"), Some("get, head"), "{method} {path}");
        }
    }
    assert_eq!(
        server.ask("POST", "/login", &[]).status,
        405,
        "nothing to log in to"
    );
    for missing in [
        "/nothing",
        "//x",
        "/%2e/",
        "/region/nowhere",
        "/notice/999",
        "/notice/x",
        "/notice/1/diff/1/9",
        "/raw/0000",
        "/api/v1",
        "/api/v1/regions/nowhere",
    ] {
        let reply = server.get(missing);
        assert_eq!(reply.status, 404, "{missing}");
        assert!(
            reply
                .header("content-type")
                .unwrap()
                .starts_with("text/plain"),
            "{missing}"
        );
    }
    assert!(
        server
            .get("/region/guangxi?lang=en")
            .body
            .contains("Guangxi")
    );
}

#[test]
fn with_a_token_nothing_is_open() {
    let server = Server::start("通知", true);
    let mut paths = paths(&server);
    paths.extend(
        [
            "/nothing",
            "//x",
            "/%2e/",
            "/calendar.ics?region=gx",
            "/region/gx?lang=en",
            &format!("/?token={TOKEN}"),
            "*",
        ]
        .map(String::from),
    );
    let wrong = [
        "X-Nothing: 1".to_string(),
        "Authorization: Bearer".into(),
        "Authorization: Bearer 00000000000000000000000000000000".into(),
        format!("Authorization: Basic {TOKEN}"),
        format!("Authorization: Bearer {}", &TOKEN[1..]),
        format!("Cookie: lingzheng={TOKEN}"),
        "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Host: localhost\r\nRemote-User: root".into(),
    ];
    for path in &paths {
        for method in METHODS {
            if (method, path.as_str()) == ("POST", "/login") || path == "*" && method != "OPTIONS" {
                continue;
            }
            for line in &wrong {
                let reply = server.ask(method, path, &[line, "Content-Length: 0"]);
                assert_eq!(reply.status, 401, "{method} {path} {line}");
                assert!(!reply.body.contains("通知"), "{method} {path}");
            }
        }
        if !path.starts_with("/events") && path != "*" {
            let bearer = format!("authorization: bearer {TOKEN}");
            assert_ne!(server.ask("GET", path, &[&bearer]).status, 401, "{path}");
        }
    }
    let page = server.ask("GET", "/", &["Accept: text/html"]);
    assert_eq!(page.status, 401);
    assert!(page.body.contains("type=\"password\"") && page.header("etag").is_none());
}

fn login(server: &Server, lines: &[&str], body: &str) -> support::Reply {
    let length = format!("Content-Length: {}\r\n\r\n{body}", body.len());
    let lines: Vec<&str> = lines.iter().copied().chain([length.as_str()]).collect();
    server.ask("POST", "/login", &lines)
}

#[test]
fn a_browser_gives_the_token_once() {
    let server = Server::start("通知", true);
    let form = "Content-Type: application/x-www-form-urlencoded";
    let origin = format!("Origin: http://{}", server.address);
    let right = format!("token={TOKEN}");
    let reply = login(
        &server,
        &[form, &origin, "Sec-Fetch-Site: same-origin"],
        &right,
    );
    assert_eq!((reply.status, reply.header("location")), (303, Some("/")));
    let cookie = reply.header("set-cookie").unwrap();
    assert!(
        cookie.contains("httponly") && cookie.contains("samesite=strict"),
        "{cookie}"
    );
    assert!(!cookie.contains(TOKEN));
    let pair = format!("Cookie: a=b; {}", cookie.split(';').next().unwrap());
    assert_eq!(server.ask("GET", "/", &[&pair]).status, 200);

    let long = format!("token={}", "x".repeat(4000));
    for (lines, body, status) in [
        (vec![form, &origin], "token=wrong", 401),
        (vec![form, &origin], "", 401),
        (vec![form], right.as_str(), 403),
        (vec![form, "Origin: null"], &right, 403),
        (vec![form, "Origin: https://evil.example"], &right, 403),
        (
            vec![form, &origin, "Sec-Fetch-Site: cross-site"],
            &right,
            403,
        ),
        (vec!["Content-Type: text/plain", &origin], &right, 415),
        (vec![form, &origin], &long, 413),
    ] {
        let reply = login(&server, &lines, body);
        assert_eq!(reply.status, status, "{lines:?}");
        assert_eq!(reply.header("set-cookie"), None, "{lines:?}");
    }
}

#[test]
fn a_strange_name_gets_nothing() {
    let server = Server::start("通知", false);
    let port = server.address.port();
    let ask = |host: &str| {
        let request = format!("GET / HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
        server.send(request.as_bytes()).status
    };
    for good in [
        "127.0.0.1",
        "localhost",
        "LocalHost:1",
        "[::1]:80",
        "board.example",
    ] {
        assert_eq!(ask(&format!("Host: {good}\r\n")), 200, "{good}");
    }
    for bad in [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "user@localhost",
        "",
        "localhost localhost",
    ] {
        let status = ask(&format!("Host: {bad}\r\n"));
        assert!([400, 421].contains(&status), "{bad}: {status}");
    }
    assert_eq!(ask(""), 421, "none at all");
    assert_eq!(ask("Host: localhost\r\nHost: evil.example\r\n"), 421, "two");
    let target = format!(
        "GET http://evil.example:{port}/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(server.send(target.as_bytes()).status, 421, "in the target");
}

#[test]
fn every_answer_carries_its_armour() {
    let server = Server::start("通知", false);
    let mut all = paths(&server);
    all.retain(|p| p != "/events");
    all.extend(["/nothing".into(), "/api/v1/events?limit=0".into()]);
    for path in all {
        let reply = server.get(&path);
        assert_eq!(
            reply.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
        assert_eq!(
            reply.header("referrer-policy"),
            Some("same-origin"),
            "{path}"
        );
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        let page = reply
            .header("content-type")
            .is_some_and(|t| t.starts_with("text/html"));
        assert_eq!(page, policy.contains("script-src 'self'"), "{path}");
        assert_eq!(!page, policy.contains("sandbox"), "{path}");
    }
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let server = Server::start("通知", false);
    for path in [
        "/",
        "/notice/1",
        "/app.js",
        "/api/v1/sources",
        "/feed.atom",
        "/feed.json",
        "/calendar.ics?region=gx",
    ] {
        let tag = server.get(path).header("etag").unwrap().to_string();
        for asked in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}")] {
            let again = server.ask("GET", path, &[&format!("If-None-Match: {asked}")]);
            assert_eq!(
                (again.status, again.body.as_str()),
                (304, ""),
                "{path} {asked}"
            );
            assert_eq!(again.header("etag"), Some(tag.as_str()));
            assert!(again.header("cache-control").unwrap().contains("no-cache"));
        }
        assert_eq!(
            server.ask("GET", path, &["If-None-Match: \"x\""]).status,
            200
        );
    }
    let raw = paths(&server)
        .into_iter()
        .find(|p| p.starts_with("/raw/"))
        .unwrap();
    let raw = server.get(&raw);
    assert_eq!(
        raw.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert!(
        raw.header("content-disposition")
            .unwrap()
            .starts_with("attachment")
    );
    assert!(
        raw.header("content-security-policy")
            .unwrap()
            .starts_with("sandbox")
    );
}

#[test]
fn what_cannot_be_understood_is_refused_politely() {
    let server = Server::start("2026年软考证书", false);
    let epoch = Store::open_existing(&server.db)
        .unwrap()
        .epoch()
        .to_string();
    let other = if epoch == "00000000" {
        "00000001"
    } else {
        "00000000"
    };
    for bad in [
        "/api/v1/events?limit=-1",
        "/api/v1/events?limit=0",
        "/api/v1/events?limit=1001",
        "/api/v1/events?limit=1e3",
        "/api/v1/events?wait=31",
        "/api/v1/events?wait=-1",
        "/api/v1/events?after=x",
        "/api/v1/events?after=1:2:3",
        "/events?after=zzzzzzzz:1",
        "/api/v1/events?after=%3Cscript%3E",
        "/api/v1/notices?kind=x",
        "/api/v1/notices?region=x",
        "/api/v1/notices?source=x",
        "/api/v1/notices?since=tomorrow",
        "/api/v1/changes?since=x",
        "/changes?before=x",
        &format!("/api/v1/events?after={other}:0"),
        &format!("/api/v1/events?after={epoch}:99999"),
        &format!("/search?q={}", "a".repeat(300)),
    ] {
        let reply = server.get(bad);
        assert_eq!(reply.status, 400, "{bad}: {}", reply.body);
        assert!(
            reply
                .header("content-type")
                .unwrap()
                .starts_with("text/plain"),
            "{bad}"
        );
        assert_eq!(reply.body.lines().count(), 1, "{bad}: {}", reply.body);
    }
    for odd in [
        "%22",
        "%22%22",
        "NEAR(",
        "NEAR(a%20b)",
        "a%20OR%20b",
        "*",
        "^a",
        "title:x",
        "-a",
        "%25%25%25",
        "'%20OR%201=1--",
        "%00",
        "%ff",
        "(((((",
        "a%20AND",
        "{x}",
        "%F0%9F%92%A9",
    ] {
        for path in ["/search?q=", "/api/v1/notices?q="] {
            let reply = server.get(&format!("{path}{odd}"));
            assert_eq!(reply.status, 200, "{path}{odd}: {}", reply.body);
        }
    }
    assert_eq!(
        server
            .get(&format!("/search?q={}", "a".repeat(3000)))
            .status,
        414
    );
    let long = format!("X-Long: {}", "a".repeat(100_000));
    assert!([0, 400, 431].contains(&server.ask("GET", "/", &[&long]).status));
    let many: Vec<String> = (0..200).map(|n| format!("X-{n}: 1")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(server.ask("GET", "/", &many).status, 431);
    assert_eq!(server.send(b"\x16\x03\x01 hello\r\n\r\n").status, 400);
    assert_eq!(server.get("/").status, 200, "it still answers");
}

#[test]
fn a_writer_locks_nobody_out() {
    let server = Server::start("通知", false);
    let mut store = Store::open(&server.db).unwrap();
    let tx = store.begin("gx").unwrap();
    for path in ["/", "/api/v1/board", "/healthz"] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }
    drop(tx);
    std::fs::remove_file(&server.db).unwrap();
    drop(store);
    let gone = server.get("/");
    assert_eq!(
        (gone.status, gone.body.as_str()),
        (503, "the database is not at hand\n")
    );
}

#[test]
fn health_and_metrics_say_what_the_database_says() {
    let server = Server::start("通知", false);
    let mut store = Store::open(&server.db).unwrap();
    let now = lingzheng::model::Timestamp::now();
    store.expand("hook", now, |_| true).unwrap();
    server.tell("一");
    server.tell("二");
    store.expand("hook", now, |_| true).unwrap();
    let end = store.cursor().unwrap().seq;
    store.put_off("hook", end, None, "no").unwrap();
    let health: serde_json::Value = serde_json::from_str(&server.get("/healthz").body).unwrap();
    let health = &health["data"];
    assert_eq!(health["events"], end);
    let sink = &health["sinks"][0];
    assert_eq!(
        (&sink["waiting"], &sink["dead"]),
        (&1.into(), &1.into()),
        "{sink}"
    );
    let states = store.source_states().unwrap();
    let failing = states.values().filter(|s| s.fault.is_some()).count();
    assert_eq!(health["sources"]["visited"], states.len());
    assert_eq!(health["sources"]["failing"], failing);
    let metrics = server.get("/metrics").body;
    for line in [
        format!("lingzheng_events_total {end}"),
        "lingzheng_sink_waiting{sink=\"hook\"} 1".into(),
        "lingzheng_sink_dead{sink=\"hook\"} 1".into(),
    ] {
        assert!(metrics.lines().any(|l| l == line), "{line}: {metrics}");
    }
    for (id, state) in &states {
        let up = u8::from(state.fault.is_none());
        let line = format!("lingzheng_source_up{{source=\"{id}\"}} {up}");
        assert!(metrics.lines().any(|l| l == line), "{line}: {metrics}");
    }
}

#[test]
fn an_event_arrives_while_one_waits_and_a_stop_ends_the_wait() {
    let mut server = Server::start("通知", false);
    let cursor = Store::open_existing(&server.db).unwrap().cursor().unwrap();
    let mut stream = server.follow(&format!("/events?after={cursor}&lang=en"));
    let waiting = std::thread::scope(|s| {
        let poll = s.spawn(|| server.get(&format!("/api/v1/events?after={cursor}&wait=20")));
        std::thread::sleep(Duration::from_millis(200));
        server.tell("<b>新的\n通知");
        poll.join().unwrap()
    });
    let document: serde_json::Value = serde_json::from_str(&waiting.body).unwrap();
    assert_eq!(document["schema"], 1);
    assert_eq!(document["data"]["events"].as_array().unwrap().len(), 1);
    let next = format!("{}:{}", cursor.epoch, cursor.seq + 1);
    assert_eq!(document["data"]["cursor"], next);
    let mut lines = Vec::new();
    while !lines.iter().any(|l: &String| l.starts_with("data:")) {
        let mut line = String::new();
        assert_ne!(stream.read_line(&mut line).unwrap(), 0, "{lines:?}");
        lines.push(line.trim().to_string());
    }
    assert!(lines.contains(&"event: change".to_string()), "{lines:?}");
    assert!(lines.contains(&format!("id: {next}")), "{lines:?}");
    let data = lines.iter().find_map(|l| l.strip_prefix("data: ")).unwrap();
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!(
        (&data["title"], &data["place"]),
        (&"<b>新的 通知".into(), &"Guangxi".into())
    );
    assert_eq!(data["href"], format!("/notice/{}?lang=en", server.notice));
    let begun = Instant::now();
    server.stop();
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
}
