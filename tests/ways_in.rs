//! Ways in beside lists: feeds, home pages, WeChat articles, lists of unnamed families, and what
//! national sites say of whole sittings.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use lingzheng::adapter::{Families, Office};
use lingzheng::model::source::Kind;
use lingzheng::model::{Change, Event, Page, Source, Subject, Timestamp, china_date};
use support::site::{Site, article, words};

const MON: &str = "2026-12-07T09:00:00+08:00";
const TUE: &str = "2026-12-08T09:00:00+08:00";
const WED: &str = "2026-12-09T09:00:00+08:00";

/// The changes of a crawl that went well: word and title.
fn crawl(site: &Site, now: &str, sources: &str, id: &str) -> Vec<String> {
    let (events, faults) = site.crawl(now, sources, id);
    assert_eq!(faults, []);
    let word = |e: &Event| format!("{} {}", e.change.word(), e.title);
    events.iter().map(word).collect()
}

/// Why a crawl failed.
fn failed(site: &Site, now: &str, sources: &str, id: &str) -> String {
    let (_, faults) = site.crawl(now, sources, id);
    assert_eq!(faults.len(), 1);
    faults[0].reason.clone()
}

fn rss(items: &[(&str, &str, &str, &str)]) -> String {
    let item = |(id, title, link, content): &(&str, &str, &str, &str)| {
        format!(
            "<item><guid isPermaLink=\"false\">{id}</guid><title>{title}</title><link>{link}</link>\
             <pubDate>Sat, 05 Dec 2026 09:00:00 +0800</pubDate><description><![CDATA[{content}]]></description></item>"
        )
    };
    let items: String = items.iter().map(item).collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>号</title>{items}</channel></rss>"
    )
}

#[test]
fn a_feed_is_a_list_and_its_items_are_notices() {
    let site = Site::new();
    let block = format!(
        "format = 1\n[[source]]\nid = \"x-feed\"\nregion = \"广西\"\nname = \"某市考试办\"\nkind = \"feed\"\n\
         list = \"{}\"\nbasis = \"seen\"\nfamily = \"auto\"\n",
        site.server.url("/feed")
    );
    let own = (
        "a",
        "关于领取软考证书的通知",
        "http://{addr}/n/1.html",
        "摘要",
    );
    let elsewhere = |until: &str| words(until);
    let feed = |until: &str, more: &[(&str, &str, &str, &str)]| {
        let body = elsewhere(until);
        let other = (
            "b",
            "软考证书邮寄通知",
            "https://other.example.com/1",
            body.as_str(),
        );
        rss(&[&[own, other], more].concat())
    };
    site.page("/n/1.html", article("关于领取软考证书的通知", "12月20日"));
    site.answer("/feed", "application/rss+xml", feed("12月20日", &[]));
    let first = crawl(&site, MON, &block, "x-feed");
    assert_eq!(first, ["baseline 某市考试办"]);
    let kept = site.run(MON, None, &["--format", "json", "notices", "--all"]);
    let kept = kept.data();
    assert_eq!(kept.as_array().unwrap().len(), 2);
    assert!(
        kept.as_array()
            .unwrap()
            .iter()
            .all(|n| !n["latest"].is_null()),
        "{kept}"
    );
    // The item of another site is never asked for at its address; the feed brings it.
    assert_eq!(site.server.paths(), ["/robots.txt", "/feed", "/n/1.html"]);

    let news = rss(&[("c", "补办软考证书的通知", "http://{addr}/n/2.html", "")]);
    site.page("/n/2.html", article("补办软考证书的通知", "12月20日"));
    site.answer("/feed", "application/rss+xml", news);
    assert_eq!(
        crawl(&site, TUE, &block, "x-feed"),
        ["new 补办软考证书的通知"]
    );

    // The carried item is back with other words, under the same id.
    site.answer("/feed", "application/rss+xml", feed("12月25日", &[]));
    let changed = crawl(&site, WED, &block, "x-feed");
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert!(changed[0].ends_with("软考证书邮寄通知"), "{changed:?}");

    site.answer("/feed", "text/html", "<html><body>系统维护中</body></html>");
    let why = failed(&site, "2026-12-10T09:00:00+08:00", &block, "x-feed");
    assert_eq!(why, "maintenance");
}

fn home(name: &str) -> Vec<String> {
    let body = std::fs::read(format!(
        "{}/fixtures/_home/{name}.html",
        env!("CARGO_MANIFEST_DIR")
    ));
    let source = Source {
        id: "x".into(),
        kind: Kind::Home,
        list: "https://home.example.gov.cn/".into(),
        hosts: vec!["home.example.gov.cn".into()],
        family: "auto".into(),
        ..Source::default()
    };
    let page = Page {
        url: source.list.clone(),
        status: 200,
        content_type: Some("text/html".into()),
        etag: None,
        last_modified: None,
        headers: Vec::new(),
        body: body.unwrap(),
        fetched_at: Timestamp::UNIX_EPOCH,
        plain_http: false,
    };
    let office = Office::compile(&source, &Families::builtin()).unwrap();
    let today = china_date(WED.parse().unwrap());
    let list = office.list(&page, today).unwrap();
    assert_eq!(list.faults, []);
    let row = |e: &lingzheng::model::Entry| {
        let day = e.published.map_or("-".into(), |d| d.to_string());
        let known = if e.external { "known " } else { "" };
        format!("{known}{day} {}", e.title)
    };
    list.entries.iter().map(row).collect()
}

#[test]
fn home_pages_of_three_makes() {
    assert_eq!(
        home("blocks"),
        [
            "known - 证书查询",
            "known - 证书管理",
            "known - 软考专栏",
            "2026-12-08 关于2026年下半年计算机技术与软件专业技术资格（水平）考试证书领取的通知",
            "2026-11-20 关于暂停现场办理资格证书补办业务的通告",
            "known - 中国人事考试网证书查验",
            "known - 证书领取委托书",
        ]
    );
    assert_eq!(
        home("table"),
        [
            "known - 证书发放",
            "2026-12-08 2026年下半年软考合格证书领取及邮寄办法",
            "2026-11-15 关于领取2026年上半年软考证书的补充通知",
        ]
    );
    assert_eq!(
        home("cards"),
        [
            "known - 证书服务",
            "known - 证书邮寄申请",
            "2026-12-05 软考电子证书与纸质证书领取安排",
            "- 关于调整证书现场领取时间的公告",
            "known - 领取证书常见问题汇总",
        ]
    );
}

#[test]
fn a_home_page_whose_links_change_is_well() {
    let site = Site::new();
    let block = format!(
        "format = 1\n[[source]]\nid = \"x-home\"\nregion = \"广西\"\nname = \"某省考试网\"\nkind = \"home\"\n\
         list = \"{}\"\nbasis = \"home\"\n",
        site.server.url("/")
    );
    let page = |day: &str, number: u32, nav: &str| {
        let columns = "<a href='/a/'>首页</a><a href='/b/'>报名</a><a href='/c/'>政策</a><a href='/d/'>下载</a>";
        let rows: String = (0..5)
            .map(|n| {
                let number = number + n;
                format!("<li><span>{day}</span><a href='/art/2026/12/{number}.html'>第{number}号关于领取软考证书的通知</a></li>")
            })
            .collect();
        format!(
            "<html><head><title>某省考试网</title></head><body>{columns}{nav}<ul>{rows}</ul></body></html>"
        )
    };
    for number in 10..30 {
        let title = format!("第{number}号关于领取软考证书的通知");
        site.page(
            &format!("/art/2026/12/{number}.html"),
            article(&title, "12月20日"),
        );
    }
    site.page("/", page("2026-12-01", 10, "<a href='/z/'>证书查询</a>"));
    assert_eq!(crawl(&site, MON, &block, "x-home"), ["baseline 某省考试网"]);
    // A new column is no news; five new notices are, although no row is known from yesterday.
    site.page("/", page("2026-12-08", 20, "<a href='/y/'>证书邮寄</a>"));
    let news = crawl(&site, TUE, &block, "x-home");
    assert_eq!(news.len(), 5, "{news:?}");
    assert!(news.iter().all(|n| n.starts_with("new 第2")), "{news:?}");
    assert!(!site.server.paths().iter().any(|p| p == "/z/" || p == "/y/"));
    site.page("/", "<html><body><div id=app></div></body></html>");
    assert_eq!(failed(&site, WED, &block, "x-home"), "home");
}

#[test]
fn wechat_articles_come_through_the_door_of_every_office() {
    let families = Families::builtin();
    let source = Source {
        id: "x".into(),
        family: "auto".into(),
        ..Source::default()
    };
    let office = Office::compile(&source, &families).unwrap();
    let read = |url: &str, body: &str| {
        let page = Page {
            url: url.into(),
            status: 200,
            content_type: Some("text/html; charset=utf-8".into()),
            etag: None,
            last_modified: None,
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
            fetched_at: Timestamp::UNIX_EPOCH,
            plain_http: false,
        };
        office.article(&page, url, None)
    };
    let good = format!(
        "<html><head><meta property=og:title content=软考证书领取通知></head><body>\
         <div class=wx_follow_nickname>某市人事考试</div><div id=js_content style='visibility: hidden;'>{}</div>\
         <script>var ct = \"1796432400\";</script></body></html>",
        words("12月20日")
    );
    let permanent = "https://mp.weixin.qq.com/s/AbCdEfGhIjKl";
    let article = read(permanent, &good).unwrap();
    assert_eq!(article.title, "软考证书领取通知");
    assert_eq!(article.published, Some("2026-12-05".parse().unwrap()));
    assert_eq!(article.source.as_deref(), Some("某市人事考试"));
    let bad = |name: &str| {
        std::fs::read_to_string(format!(
            "{}/fixtures/_bad/{name}.html",
            env!("CARGO_MANIFEST_DIR")
        ))
        .unwrap()
    };
    for (url, body, want) in [
        (permanent, bad("wechat-check"), "blocked"),
        (permanent, bad("wechat-deleted"), "gone"),
        (permanent, good.clone(), "ok"),
        (
            "https://mp.weixin.qq.com/s?src=11&timestamp=1796432400&signature=x",
            good.clone(),
            "moved",
        ),
    ] {
        let got = read(url, &body).map_or_else(|f| f.verdict.word(), |_| "ok");
        assert_eq!(got, want, "{url} {body:.80}");
    }
}

#[test]
fn an_unnamed_family_is_recognised_when_its_list_is_read() {
    let site = Site::new();
    let block = format!(
        "format = 1\n[[source]]\nid = \"x-auto\"\nregion = \"广西\"\nname = \"某市考试办\"\nlist = \"{}\"\nbasis = \"seen\"\n",
        site.server.url("/tzgg/")
    );
    let row = |n: u32| {
        format!(
            "<li><a href='./202612/t2026120{n}_88{n}.html'>第{n}号领取软考证书的通知</a><span>2026-12-0{n}</span></li>"
        )
    };
    let rows: String = (1..6).map(row).collect();
    site.page(
        "/tzgg/",
        format!("<html><title>通知公告</title><body><ul>{rows}</ul></body></html>"),
    );
    for n in 1..6 {
        let title = format!("第{n}号领取软考证书的通知");
        site.page(
            &format!("/tzgg/202612/t2026120{n}_88{n}.html"),
            article(&title, "12月20日"),
        );
    }
    crawl(&site, MON, &block, "x-auto");
    let kept = site.run(MON, None, &["--format", "json", "notices"]).data();
    assert_eq!(kept.as_array().unwrap().len(), 5);
    // A page of no known make says what is to be done.
    site.page(
        "/tzgg/",
        "<html><title>通知</title><body><div><a href='/x/y'>一则通知公告</a></div></body></html>",
    );
    assert_eq!(failed(&site, TUE, &block, "x-auto"), "family");
}

#[test]
fn a_national_sites_rows_are_signals_once_per_sitting() {
    let site = Site::new();
    let block = format!(
        "format = 1\n[[source]]\nid = \"x-nation\"\nregion = \"cn\"\nname = \"全国网\"\nlist = \"{}\"\nbasis = \"seen\"\n\
         family = \"ruankao\"\nexams = [\"ruankao\"]\n",
        site.server.url("/index/work")
    );
    let list = |titles: &[&str]| {
        let row = |(n, title): (usize, &&str)| {
            format!(
                "<li><label class=time>[2026-12-0{}]</label><a href='/article/content/26120{n}1656059313900690012.html'>{title}</a></li>",
                n + 1
            )
        };
        let rows: String = titles.iter().enumerate().map(row).collect();
        site.page("/index/work", format!("<html><title>x</title><body><ul class='ui-item15 newsList'>{rows}</ul></body></html>"));
    };
    let old = [
        "2026年上半年计算机软件资格考试成绩公布",
        "关于做好考务工作的通知",
        "2026年下半年考试时间调整",
        "考试大纲出版",
    ];
    list(&old);
    let signals = |now: &str| -> Vec<String> {
        let (events, faults) = site.crawl(now, &block, "x-nation");
        assert_eq!(faults, []);
        let signal = |e: &Event| match (&e.change, &e.subject) {
            (
                Change::Signal {
                    signal,
                    sitting,
                    baseline,
                    ..
                },
                Subject::Standing { sitting: s, .. },
            ) => {
                assert_eq!(sitting, s);
                Some(format!(
                    "{} {s}{}",
                    signal.word(),
                    if *baseline { " baseline" } else { "" }
                ))
            }
            _ => None,
        };
        events.iter().filter_map(signal).collect()
    };
    assert_eq!(signals(MON), ["scores 2026H1 baseline"]);
    let new = [
        "2026年下半年计算机软件资格考试成绩查询",
        "2026年下半年计算机软件资格考试成绩已公布",
        "2026年下半年电子证书开放下载",
    ];
    list(&[&old[..], &new].concat());
    assert_eq!(signals(TUE), ["scores 2026H2", "e_file 2026H2"]);
    assert_eq!(signals(WED), [] as [String; 0]);
    let file = site.file("sources.toml", &block);
    let shown = site.run(WED, Some(&file), &["--lang", "en", "changes"]);
    assert!(
        shown.out.contains("scores are out") && shown.out.contains("2026H2"),
        "{}",
        shown.out
    );
    // The board rests on them: the row's date is 44 days after the exam, three more than ever.
    let args = ["--format", "json", "status", "重庆"];
    let board = site.run(WED, Some(&file), &args).data();
    let standing = &board["standings"][0];
    assert_eq!(
        standing["moved"],
        serde_json::json!({ "by": "e_file", "days": 3 }),
        "{standing}"
    );
    assert_eq!(standing["electronic"]["since"], "2026-12-07");
    let shown = site.run(WED, Some(&file), &["status", "重庆"]).out;
    assert!(
        shown.contains("全国电子证书比往年晚 3 天，已后移"),
        "{shown}"
    );
}
