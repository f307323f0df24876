//! How offices' servers are treated: robots.txt, one request at a time, rest when asked for.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use lingzheng::fetch::{Fetcher, Memory, RobotsCopy, Site, Want};
use lingzheng::model::{Settings, Source, Timestamp};
use std::time::{Duration, Instant};
use support::server::{Act, Hit, Server, page};

const NOW: &str = "2026-11-26T04:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn hours_ago(hours: i64) -> Timestamp {
    now() - jiff::SignedDuration::from_hours(hours)
}

/// A server, what it is asked by, and for whom.
struct Story {
    server: Server,
    settings: Settings,
    site: Site,
    memory: Memory,
}

impl Story {
    /// `robots` is the answer for `/robots.txt`; every other path is `rest`'s.
    fn new(robots: Act, rest: impl Fn(&Hit, usize) -> Act + Send + Sync + 'static) -> Story {
        let server = Server::start(move |hit, before| match hit.path.as_str() {
            "/robots.txt" => robots.clone(),
            _ => rest(hit, before),
        });
        let mut settings = Settings::default();
        settings.net.allow = vec![server.addr];
        settings.net.pause = 0.0;
        settings.net.total_timeout = 2.0;
        settings.net.retries = 2;
        let source = Source {
            id: "gx".into(),
            list: server.url("/list"),
            ..Source::default()
        };
        Story {
            site: Site::from(&source),
            server,
            settings,
            memory: Memory::default(),
        }
    }

    fn fetcher(&self) -> Fetcher {
        Fetcher::live(&self.settings, self.memory.clone(), now(), 1).unwrap()
    }

    /// Asks for the paths one after the other: the status, or the fault's reason.
    fn ask(&self, fetcher: &Fetcher, paths: &[&str]) -> Vec<String> {
        block_on(async {
            let mut said = Vec::new();
            for path in paths {
                let url = self.server.url(path);
                said.push(match fetcher.get(Want::page(&self.site, &url)).await {
                    Ok(page) => page.status.to_string(),
                    Err(fault) => fault.reason,
                });
            }
            said
        })
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

fn fine(_: &Hit, _: usize) -> Act {
    page("200 OK", "", b"ok")
}

#[test]
fn what_robots_txt_means() {
    let ok = |body: &str| page("200 OK", "", body.as_bytes());
    let huge = format!("User-agent: *\nDisallow: /a\n{}", "# x\n".repeat(1 << 20));
    let rows: [(&str, Act, &str); 16] = [
        ("allows", ok("User-agent: *\nDisallow: /b"), "200"),
        ("forbids", ok("User-agent: *\nDisallow: /a"), "robots"),
        (
            "names us",
            ok("User-agent: lingzheng\nDisallow: /"),
            "robots",
        ),
        ("empty", ok(""), "200"),
        ("4 MB", ok(&huge), "robots"),
        ("a page instead", ok("<html>404</html>"), "200"),
        ("404", page("404 Not Found", "", b""), "200"),
        ("410", page("410 Gone", "", b""), "200"),
        ("403", page("403 Forbidden", "", b""), "200"),
        ("429", page("429 Slow", "", b""), "robots_unreachable"),
        ("500", page("500 Oops", "", b""), "robots_unreachable"),
        ("503", page("503 Busy", "", b""), "robots_unreachable"),
        (
            "redirects without end",
            page("302 Found", "Location: /robots.txt\r\n", b""),
            "200",
        ),
        (
            "no HTTP",
            Act::Say(b"hello\r\n\r\n".to_vec()),
            "robots_unreachable",
        ),
        ("closes", Act::Say(Vec::new()), "robots_unreachable"),
        (
            "cut",
            Act::Say(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser".to_vec()),
            "robots_unreachable",
        ),
    ];
    for (name, robots, want) in rows {
        let story = Story::new(robots, fine);
        let said = story.ask(&story.fetcher(), &["/a"]);
        assert_eq!(said, [want], "robots.txt: {name}");
        let asked = story.server.paths().iter().any(|path| path == "/a");
        assert_eq!(asked, want == "200", "robots.txt: {name}");
    }
}

#[test]
fn robots_txt_is_asked_for_once_and_kept_a_day() {
    let mut story = Story::new(page("200 OK", "", b"User-agent: *\nDisallow: /no"), fine);
    let fetcher = story.fetcher();
    let said = story.ask(&fetcher, &["/a", "/no", "/b"]);
    assert_eq!(said, ["200", "robots", "200"]);
    assert_eq!(story.server.paths(), ["/robots.txt", "/a", "/b"]);
    story.memory = fetcher.memory();
    assert_eq!(
        story.ask(&story.fetcher(), &["/no", "/c"]),
        ["robots", "200"]
    );
    assert_eq!(story.server.paths().len(), 4);
    // A day later it is asked for again.
    for copy in story.memory.robots.values_mut() {
        copy.fetched_at = hours_ago(25);
    }
    story.ask(&story.fetcher(), &["/c"]);
    assert_eq!(story.server.paths()[4..], ["/robots.txt", "/c"]);
}

#[test]
fn an_old_copy_serves_for_a_month_while_the_host_does_not_answer() {
    for (age, want) in [
        (29 * 24, ["200", "robots"]),
        (31 * 24, ["robots_unreachable"; 2]),
    ] {
        let mut story = Story::new(page("500 Oops", "", b""), fine);
        let copy = RobotsCopy {
            fetched_at: hours_ago(age),
            body: Some("User-agent: *\nDisallow: /no".into()),
        };
        let origin = story.server.url("");
        story.memory.robots.insert(origin, copy);
        let said = story.ask(&story.fetcher(), &["/a", "/no"]);
        assert_eq!(said, want, "{age} hours old");
    }
}

#[test]
fn one_request_at_a_time_with_a_pause_between() {
    let mut story = Story::new(page("404 Not Found", "", b""), |_, _| {
        std::thread::sleep(Duration::from_millis(20));
        page("200 OK", "", b"ok")
    });
    story.settings.net.pause = 0.1;
    let fetcher = story.fetcher();
    let urls: Vec<String> = (0..5).map(|n| story.server.url(&format!("/{n}"))).collect();
    block_on(futures_util::future::join_all(
        urls.iter()
            .map(|url| fetcher.get(Want::page(&story.site, url))),
    ));
    let hits = story.server.hits();
    assert_eq!(hits.len(), 6);
    for pair in hits.windows(2) {
        let gap = pair[1].from.duration_since(pair[0].to);
        assert!(gap >= Duration::from_millis(99), "{gap:?} between requests");
    }
}

#[test]
fn visits_may_run_on_many_threads() {
    fn sent<T: Send>(value: T) -> T {
        value
    }
    let story = Story::new(page("404 Not Found", "", b""), fine);
    let fetcher = story.fetcher();
    let url = story.server.url("/a");
    let visit = sent(fetcher.get(Want::page(&story.site, &url)));
    assert_eq!(block_on(visit).unwrap().body, b"ok");
}

#[test]
fn crawl_delay_is_waited_for_or_the_page_is_left() {
    let slow = page(
        "200 OK",
        "",
        b"User-agent: *\nCrawl-delay: 3600\nDisallow: /x",
    );
    let story = Story::new(slow, fine);
    let said = story.ask(&story.fetcher(), &["/a", "/b"]);
    // The run's own deadline of 15 minutes comes before the hour.
    assert_eq!(said, ["200", "skipped_deadline"]);
    let mut story = story;
    story.settings.net.run_deadline = 1e6;
    let said = story.ask(&story.fetcher(), &["/a", "/b"]);
    assert_eq!(said, ["200", "crawl_delay"]);
}

#[test]
fn what_may_pass_is_tried_again() {
    let story = Story::new(page("404 Not Found", "", b""), |hit, before| {
        match (hit.path.as_str(), before) {
            ("/busy", 0) => page("503 Busy", "", b""),
            ("/closed", 0 | 1) => Act::Say(Vec::new()),
            ("/cut", 0) => Act::Say(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx".to_vec()),
            ("/ever", _) => page("502 Bad", "", b""),
            ("/gone", _) => page("404 Not Found", "", b""),
            ("/packed", _) => page("200 OK", "Content-Encoding: br\r\n", b"x"),
            _ => page("200 OK", "", b"ok"),
        }
    });
    let rows = [
        ("/busy", "200", 2),
        ("/closed", "200", 3),
        ("/cut", "200", 2),
        ("/ever", "502", 3),
        ("/gone", "404", 1),
        ("/packed", "unsupported_encoding", 1),
    ];
    for (path, want, times) in rows {
        assert_eq!(story.ask(&story.fetcher(), &[path]), [want], "{path}");
        let asked = story.server.paths().iter().filter(|p| *p == path).count();
        assert_eq!(asked, times, "{path}");
    }
}

#[test]
fn a_host_that_is_down_is_left_alone() {
    let story = Story::new(page("404 Not Found", "", b""), |_, _| Act::Say(Vec::new()));
    let said = story.ask(&story.fetcher(), &["/a", "/b", "/c"]);
    assert_eq!(said, ["closed", "host_down", "host_down"]);
    assert_eq!(story.server.paths(), ["/robots.txt", "/a", "/a", "/a"]);
}

#[test]
fn one_page_that_always_breaks_off_does_not_close_its_host() {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx";
    let story = Story::new(page("404 Not Found", "", b""), |hit, _| {
        match hit.path.as_str() {
            "/cut" => Act::Say(cut.to_vec()),
            _ => page("200 OK", "", b"ok"),
        }
    });
    let said = story.ask(&story.fetcher(), &["/cut", "/a"]);
    assert_eq!(said, ["incomplete", "200"]);
}

#[test]
fn a_host_that_asks_for_rest_gets_it_in_the_next_run_too() {
    let mut story = Story::new(page("404 Not Found", "", b""), |_, _| {
        page("429 Slow", "Retry-After: 7200\r\n", b"")
    });
    let fetcher = story.fetcher();
    let said = story.ask(&fetcher, &["/a", "/b"]);
    assert_eq!(said, ["429", "retry_later"]);
    story.memory = fetcher.memory();
    let until = story.memory.holds.values().next().copied().unwrap();
    assert_eq!(until, now() + jiff::SignedDuration::from_hours(2));
    let asked = story.server.paths().len();
    assert_eq!(story.ask(&story.fetcher(), &["/c"]), ["retry_later"]);
    assert_eq!(story.server.paths().len(), asked);
}

#[test]
fn a_short_rest_is_waited_for() {
    let story = Story::new(page("404 Not Found", "", b""), |_, before| match before {
        0 => page("503 Busy", "Retry-After: 1\r\n", b""),
        _ => page("200 OK", "", b"ok"),
    });
    let start = Instant::now();
    assert_eq!(story.ask(&story.fetcher(), &["/a"]), ["200"]);
    assert!(start.elapsed() >= Duration::from_millis(990));
}

#[test]
fn a_run_has_its_budget_and_its_end() {
    let mut story = Story::new(page("404 Not Found", "", b""), fine);
    story.settings.net.per_host = 3;
    let said = story.ask(&story.fetcher(), &["/a", "/b", "/c"]);
    assert_eq!(said, ["200", "200", "budget"]);
    story.settings.net.run_deadline = 0.0;
    let said = story.ask(&story.fetcher(), &["/a"]);
    assert_eq!(said, ["skipped_deadline"]);
}

#[test]
fn only_the_sources_own_hosts_are_asked() {
    let story = Story::new(page("404 Not Found", "", b""), |_, _| {
        page("302 Found", "Location: http://www.example.com/\r\n", b"")
    });
    let fetcher = story.fetcher();
    assert_eq!(story.ask(&fetcher, &["/a"]), ["off_host"]);
    let other = Want::page(&story.site, "https://www.example.com/");
    let fault = block_on(fetcher.get(other)).unwrap_err();
    assert_eq!(fault.reason, "off_host");
    let mut site = story.site.clone();
    site.retired = vec!["127.0.0.1".into()];
    let url = story.server.url("/a");
    let fault = block_on(fetcher.get(Want::page(&site, &url))).unwrap_err();
    assert_eq!(fault.reason, "retired");
}

#[test]
fn redirects_obey_robots_txt_and_carry_the_referer() {
    let robots = page("200 OK", "", b"User-agent: *\nDisallow: /no");
    let mut story = Story::new(robots, |hit, _| match hit.path.as_str() {
        "/go" => page("302 Found", "Location: /no\r\n", b""),
        _ => page("200 OK", "", b"ok"),
    });
    story.site.http.referer = Some("list".into());
    let said = story.ask(&story.fetcher(), &["/go", "/list", "/a"]);
    assert_eq!(said, ["robots", "200", "200"]);
    let hits = story.server.hits();
    let referer = |path: &str| {
        let hit = hits.iter().find(|hit| hit.path == path).unwrap();
        hit.header("referer").map(str::to_owned)
    };
    assert_eq!(referer("/list"), None);
    assert_eq!(referer("/a"), Some(story.server.url("/list")));
}
