//! One office's story against a real server, from the first sight to the recovery: what each visit
//! reports, and what the server sees of it.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use lingzheng::adapter::{Families, Office};
use lingzheng::config;
use lingzheng::crawl::{self, Job, Report};
use lingzheng::fetch::Fetcher;
use lingzheng::model::source::{Kind, Shape};
use lingzheng::model::{Catalog, Change, Settings, Source, Timestamp};
use lingzheng::store::Store;
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use support::server::{Act, Hit, Server, page};

/// What one path answers.
#[derive(Clone)]
enum Says {
    /// A page under a tag; a request that names the tag gets 304.
    Page(String),
    /// After so many requests: the one, then the other, in turn.
    InTurn(usize, String, String),
    /// Whatever bytes, or none.
    Raw(Act),
}

type Web = Arc<Mutex<BTreeMap<String, Says>>>;

/// A server, an office on it, a database, a clock.
struct Story {
    web: Web,
    server: Server,
    catalog: Catalog,
    settings: Settings,
    store: Store,
    now: Timestamp,
    _home: tempfile::TempDir,
}

const LIST: &str = "/tzgg/";
const NOTICE: &str = "/tzgg/t20261201_31.html";

fn html(body: &str) -> Act {
    page(
        "200 OK",
        "Content-Type: text/html; charset=utf-8\r\n",
        body.as_bytes(),
    )
}

fn answer(web: &Web, hit: &Hit, before: usize) -> Act {
    match web.lock().unwrap().get(&hit.path) {
        None => page("404 Not Found", "", b"<html><body>404</body></html>"),
        Some(Says::Raw(act)) => act.clone(),
        Some(Says::InTurn(from, a, b)) => html(if (before - from).is_multiple_of(2) {
            a
        } else {
            b
        }),
        Some(Says::Page(body)) => {
            let sum = body
                .bytes()
                .fold(7u32, |h, b| h.wrapping_mul(31) ^ u32::from(b));
            let tag = format!("\"{sum:x}\"");
            if hit.header("if-none-match") == Some(&tag) {
                return page("304 Not Modified", &format!("ETag: {tag}\r\n"), b"");
            }
            let headers = format!("Content-Type: text/html; charset=utf-8\r\nETag: {tag}\r\n");
            page("200 OK", &headers, body.as_bytes())
        }
    }
}

impl Story {
    fn new() -> Story {
        let web: Web = Arc::default();
        let script = web.clone();
        let server = Server::start(move |hit, before| answer(&script, hit, before));
        let mut settings = Settings::default();
        settings.contact.address = Some("tests@example.org".into());
        settings.net.allow = vec![server.addr];
        settings.net.pause = 0.0;
        settings.net.total_timeout = 1.0;
        settings.net.retries = 1;
        settings.watch.exams.clear();
        let families = Families::builtin();
        let names: Vec<String> = families.names().iter().map(|n| n.to_string()).collect();
        let home = tempfile::tempdir().unwrap();
        let mut story = Story {
            store: Store::open(home.path().join("a.db")).unwrap(),
            catalog: config::load_catalog(config::BUILTIN, None, &names).unwrap(),
            now: "2026-12-09T01:00:00Z".parse().unwrap(),
            web,
            server,
            settings,
            _home: home,
        };
        story.put(LIST, &list(&rows()));
        for (path, title, _) in rows() {
            story.put(&path, &notice(&title, "12月14日至12月25日"));
        }
        story
    }

    fn put(&mut self, path: &str, body: &str) {
        self.say(path, Says::Page(body.into()));
    }

    fn say(&mut self, path: &str, says: Says) {
        self.web.lock().unwrap().insert(path.into(), says);
    }

    fn gone(&mut self, path: &str) {
        self.web.lock().unwrap().remove(path);
    }

    fn source(&self, list: &str) -> Source {
        Source {
            id: "x-story".into(),
            region: "gx".into(),
            name: "示例人事考试院".into(),
            kind: Kind::List,
            list: list.into(),
            family: "trs".into(),
            shape: Shape {
                entry: Some("ul.articles > li".into()),
                ..Shape::default()
            },
            ..Source::default()
        }
    }

    /// Looks at the office; then an hour passes. Gives what is told, and what the server saw.
    fn visit(&mut self) -> (Vec<String>, Vec<Hit>) {
        let list = self.server.url(LIST);
        let before = self.server.hits().len();
        let report = self.visit_at(&list);
        let hits = self.server.hits().split_off(before);
        (self.words(&report), hits)
    }

    fn visit_at(&mut self, list: &str) -> Report {
        let office = Office::compile(&self.source(list), &Families::builtin()).unwrap();
        let job = Job {
            catalog: &self.catalog,
            offices: vec![Arc::new(office)],
            settings: &self.settings,
            now: self.now,
        };
        let (settings, now) = (&self.settings, self.now);
        let door = |memory| Fetcher::live(settings, memory, now, 1);
        let report = crawl::run(&job, &mut self.store, door, |_| {}).unwrap();
        self.now += jiff::SignedDuration::from_hours(1);
        report
    }

    /// `facts|text` both read `changed`: which of them it is, the rules decide.
    fn words(&self, report: &Report) -> Vec<String> {
        let base = self.server.url("");
        let word = |e: &lingzheng::model::Event| match &e.change {
            Change::Facts { .. } | Change::Text { .. } => "changed".to_owned(),
            Change::Broken { fault } => format!("broken {}", fault.verdict.word()),
            other => other.word().to_owned(),
        };
        let event = |e| {
            let e: &lingzheng::model::Event = e;
            format!("{} {}", word(e), e.url.replace(&base, ""))
        };
        report.events.iter().map(event).collect()
    }
}

/// Path, title, day of each row.
fn rows() -> Vec<(String, String, String)> {
    let row = |n: u32, title: &str| {
        let path = format!("/tzgg/t202612{n:02}_3{n}.html");
        (path, title.to_owned(), format!("2026-12-{n:02}"))
    };
    vec![
        row(8, "关于领取2026年度监理工程师职业资格证书的通知"),
        row(
            5,
            "关于领取2026年下半年计算机技术与软件专业技术资格考试证书的通知",
        ),
        row(3, "关于补办职业资格证书有关事项的通知"),
        (
            NOTICE.to_owned(),
            "关于领取2026年度社会工作者职业资格证书的通知".to_owned(),
            "2026-12-01".to_owned(),
        ),
    ]
}

fn list(rows: &[(String, String, String)]) -> String {
    let row = |(path, title, day): &(String, String, String)| {
        format!("<li><a href=\"{path}\" title=\"{title}\">{title}</a><span>{day}</span></li>\n")
    };
    let rows: String = rows.iter().map(row).collect();
    format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>通知公告_示例人事考试院</title></head>\
         <body><h2>通知公告</h2><ul class=\"articles\">{rows}</ul>\
         <div>版权所有：示例人事考试院</div></body></html>"
    )
}

fn notice(title: &str, when: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{title}_示例人事考试院</title>\
         <meta name=\"ArticleTitle\" content=\"{title}\"><meta name=\"PubDate\" content=\"2026-12-01 09:00\">\
         </head><body><div class=\"top\">示例人事考试院</div><h1>{title}</h1>\
         <div class=\"trs_editor_view\"><p>各位考生：</p><p>一、领取时间：2026年{when}，工作日上午9:00至11:30，\
         下午15:00至17:30。</p><p>二、领取地点：示例市人事考试服务中心一楼大厅，青秀区示例路18号。</p>\
         <p>三、领取材料：本人有效身份证件原件；委托他人代领的，还须交验代领人身份证件。</p>\
         <p>四、咨询电话：0771-5550186。</p></div><div class=\"foot\">浏览次数：17</div></body></html>"
    )
}

/// Requests for a path.
fn asked(hits: &[Hit], path: &str) -> usize {
    hits.iter().filter(|h| h.path == path).count()
}

const TITLE: &str = "关于领取2026年度社会工作者职业资格证书的通知";
const NONE: [&str; 0] = [];

#[test]
fn an_offices_story() {
    let mut s = Story::new();
    let list_url = LIST.to_owned();

    // First sight: a baseline, robots.txt before all else.
    let (told, hits) = s.visit();
    assert_eq!(told, [format!("baseline {list_url}")]);
    assert_eq!(hits[0].path, "/robots.txt");
    assert!(hits.iter().all(|h| {
        let agent = h.header("user-agent").unwrap();
        agent.contains("lingzheng") && agent.contains("tests@example.org")
    }));

    // Nothing new: the server is asked whether, and says no.
    let (told, hits) = s.visit();
    assert_eq!(told, NONE);
    assert_eq!(
        hits.len(),
        5,
        "the list and its four notices, robots.txt is known"
    );
    assert!(hits.iter().all(|h| h.header("if-none-match").is_some()));

    // Served anew with another counter: no news, one look each.
    let old = notice(TITLE, "12月14日至12月25日");
    s.put(NOTICE, &old.replace("浏览次数：17", "浏览次数：1018"));
    let (told, hits) = s.visit();
    assert_eq!((told, asked(&hits, NOTICE)), (vec![], 1));

    // A new notice.
    let mut more = rows();
    let fresh = (
        "/tzgg/t20261209_77.html",
        "关于领取2026年度翻译专业资格证书的通知",
    );
    more.insert(0, (fresh.0.into(), fresh.1.into(), "2026-12-09".into()));
    s.put(LIST, &list(&more));
    s.put(fresh.0, &notice(fresh.1, "12月21日至12月25日"));
    assert_eq!(s.visit().0, [format!("new {}", fresh.0)]);

    // Another date, while the list answers 304: asked a second time, without conditions, once.
    let new = notice(TITLE, "12月14日至12月28日");
    s.put(NOTICE, &new);
    let (told, hits) = s.visit();
    assert_eq!(told, [format!("changed {NOTICE}")]);
    let looks: Vec<bool> = hits
        .iter()
        .filter(|h| h.path == NOTICE)
        .map(|h| h.header("if-none-match").is_some())
        .collect();
    assert_eq!(looks, [true, false]);
    let (told, hits) = s.visit();
    assert_eq!((told, asked(&hits, NOTICE)), (vec![], 1));

    // Two answers in one run: the state stays.
    let third = notice(TITLE, "12月14日至12月30日");
    let so_far = asked(&s.server.hits(), NOTICE);
    s.say(NOTICE, Says::InTurn(so_far, third, new.clone()));
    let (told, hits) = s.visit();
    assert_eq!((told, asked(&hits, NOTICE)), (vec![], 2));
    s.put(NOTICE, &new);
    assert_eq!(s.visit().0, NONE);

    // A new dress for the notice: same words, no news.
    let dressed = new
        .replace("trs_editor_view", "detail-2027")
        .replace("<div class=\"top\">", "<div class=\"nav9\"><div>登录</div>");
    s.put(NOTICE, &dressed);
    assert_eq!(s.visit().0, NONE);
    s.put(NOTICE, &new);
    assert_eq!(s.visit().0, NONE);

    // A new dress for the list: loud, and over when it is over.
    let good = list(&more);
    s.put(
        LIST,
        &good.replace("<ul class=\"articles\">", "<ul class=\"n27\">"),
    );
    assert_eq!(s.visit().0, [format!("broken layout {list_url}")]);
    assert_eq!(s.visit().0, NONE, "told once");
    s.put(LIST, &good);
    assert_eq!(s.visit().0, [format!("recovered {list_url}")]);

    // A firewall before everything.
    let wall = "<html><head><title>访问被拦截</title></head><body>网站防火墙：您的请求带有不合法参数，已被网站管理员设置拦截！</body></html>";
    let paths: Vec<String> = s.web.lock().unwrap().keys().cloned().collect();
    let before = s.web.lock().unwrap().clone();
    for path in &paths {
        s.say(path, Says::Raw(html(wall)));
    }
    assert_eq!(s.visit().0, [format!("broken blocked {list_url}")]);
    *s.web.lock().unwrap() = before;
    assert_eq!(s.visit().0, [format!("recovered {list_url}")]);

    // Nobody there.
    let dead = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    s.settings.net.allow.push(dead);
    let report = s.visit_at(&format!("http://{dead}{LIST}"));
    let words: Vec<&str> = report.events.iter().map(|e| e.change.word()).collect();
    assert_eq!(words, ["broken"]);
    assert_eq!(
        report.outcomes[0].fault.as_ref().unwrap().verdict.word(),
        "transport"
    );
    assert_eq!(s.visit().0, [format!("recovered {list_url}")]);

    // Too slow.
    let stuck = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<html>".to_vec();
    s.say(LIST, Says::Raw(Act::Hang(stuck)));
    let report = s.visit_at(&s.server.url(LIST));
    let fault = report.outcomes[0].fault.clone().unwrap();
    assert_eq!(
        (fault.verdict.word(), fault.reason.as_str()),
        ("transport", "timeout")
    );
    s.put(LIST, &good);
    assert_eq!(s.visit().0, [format!("recovered {list_url}")]);

    // A soft 404: believed on the second visit, its state kept, and back when it is back.
    s.put(NOTICE, "<html><head><title>404</title></head><body><h1>页面不存在</h1><a href=\"/\">返回首页</a></body></html>");
    assert_eq!(s.visit().0, NONE);
    assert_eq!(s.visit().0, [format!("gone {NOTICE}")]);
    assert_eq!(s.visit().0, NONE, "told once");
    s.put(NOTICE, &new);
    assert_eq!(s.visit().0, [format!("back {NOTICE}")]);

    // Back to the wording of the first day: a change like any other.
    s.put(NOTICE, &old);
    assert_eq!(s.visit().0, [format!("changed {NOTICE}")]);
    // To and fro within two days: unsteady, told once, then kept quiet.
    s.put(NOTICE, &new);
    assert_eq!(s.visit().0, [format!("unsteady {NOTICE}")]);
    s.put(NOTICE, &old);
    assert_eq!(s.visit().0, NONE);

    // All is well at the end, and nothing of it is left.
    let (told, hits) = s.visit();
    assert_eq!(told, NONE);
    assert_eq!(asked(&hits, LIST), 1);
}

#[test]
fn robots_txt_is_obeyed_and_a_new_notice_that_failed_is_asked_for_again() {
    let mut s = Story::new();
    s.say(
        "/robots.txt",
        Says::Raw(page(
            "200 OK",
            "Content-Type: text/plain\r\n",
            b"User-agent: *\nDisallow: /secret/\n",
        )),
    );
    s.visit();
    let mut more = rows();
    let secret = (
        "/secret/t20261209_1.html",
        "关于领取2026年度出版专业资格证书的通知",
    );
    let late = (
        "/tzgg/t20261209_2.html",
        "关于领取2026年度统计专业资格证书的通知",
    );
    for (path, title) in [secret, late] {
        more.insert(0, (path.into(), title.into(), "2026-12-09".into()));
        s.put(path, &notice(title, "12月21日至12月25日"));
    }
    s.put(LIST, &list(&more));
    s.say(late.0, Says::Raw(page("502 Bad Gateway", "", b"")));
    let (told, hits) = s.visit();
    assert!(!told.iter().any(|t| t.starts_with("new")), "{told:?}");
    assert_eq!(asked(&hits, secret.0), 0);
    // The list is unmodified now; the notice that could not be read is asked for all the same.
    s.put(late.0, &notice(late.1, "12月21日至12月25日"));
    let (told, hits) = s.visit();
    assert!(told.contains(&format!("new {}", late.0)), "{told:?}");
    assert_eq!(asked(&hits, secret.0), 0);
    s.gone(late.0);
}

#[test]
fn a_rebuilt_site_with_other_rows_is_believed_at_the_second_sight() {
    let mut s = Story::new();
    s.visit();
    // Every address new, every title cut and undated: nothing in a row tells which notice it is.
    let mut cut = Vec::new();
    let anew = |n: usize| format!("/2027/c/n{n}.html");
    for (n, (path, title, _)) in rows().into_iter().enumerate() {
        let new = anew(n);
        let short: String = title.chars().take(14).collect();
        s.put(&new, &notice(&title, "12月14日至12月25日"));
        s.gone(&path);
        cut.push((new, format!("{short}..."), String::new()));
    }
    s.put(LIST, &list(&cut).replace(" title=", " data-t="));
    let (told, _) = s.visit();
    assert_eq!(told, [format!("broken layout {LIST}")]);
    let (told, _) = s.visit();
    let told: Vec<&String> = told.iter().filter(|t| !t.starts_with("moved")).collect();
    assert_eq!(told, [&format!("recovered {LIST}")]);
    // And it is watched from there.
    let path = anew(3);
    s.put(&path, &notice(TITLE, "12月14日至12月28日"));
    assert_eq!(s.visit().0, [format!("changed {path}")]);
    assert_eq!(s.visit().0, NONE);
}
