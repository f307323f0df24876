//! An office that nobody has described yet: `probe` names the make of its site, writes a block and
//! a fixture folder, and the office can be crawled with them, from the network and from the folder.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use lingzheng::model::Event;
use std::path::PathBuf;
use support::server::page;
use support::site::Site;

const NOW: &str = "2026-12-08T09:00:00+08:00";
const BODY: &str = "<p>各位考生：</p><p>2026年下半年计算机技术与软件专业技术资格（水平）考试合格证书已到我市，现将领取事项通知如下。</p>\
    <p>领取时间：2026年12月10日至12月20日（工作日），领取地点：市人事考试中心一楼大厅。</p>";

/// Titles of the rows of every site below; the first and the third are worth fetching.
const TITLES: [&str; 5] = [
    "关于领取2026年下半年计算机技术与软件专业技术资格证书的通知",
    "2026年度二级建造师执业资格考试成绩公布",
    "关于开展资格证书邮寄服务的通告",
    "2027年度专业技术人员资格考试计划",
    "关于做好冬季考务工作的通知",
];

fn html(title: &str, rest: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{title}-某市人事考试网</title></head><body>\
         <div class=\"nav\"><a href=\"/\">首页</a><a href=\"/xxgk/\">信息公开</a><a href=\"/zscx/\">证书查询</a></div>{rest}\
         <div class=\"foot\">主办单位：某市人事考试中心 桂ICP备05550001号</div></body></html>"
    )
}

/// A site: the address of its list, all its pages.
struct Make {
    name: &'static str,
    list: &'static str,
    pages: Vec<(String, String)>,
    family: &'static str,
    guessed: bool,
}

fn make(
    (name, list, family): (&'static str, &'static str, &'static str),
    address: impl Fn(usize) -> String,
    list_page: impl Fn(&[(String, String)]) -> String,
    article: impl Fn(&str) -> String,
) -> Make {
    let rows: Vec<(String, String)> = TITLES
        .iter()
        .enumerate()
        .map(|(n, title)| (address(n), title.to_string()))
        .collect();
    let mut pages = vec![(list.to_string(), list_page(&rows))];
    for (address, title) in &rows {
        pages.push((address.clone(), html(title, &article(title))));
    }
    Make {
        name,
        list,
        pages,
        family,
        guessed: family == "auto",
    }
}

fn day(n: usize) -> String {
    format!("2026-12-0{}", 6 - n)
}

fn makes() -> Vec<Make> {
    let items = |rows: &[(String, String)], row: &dyn Fn(usize, &str, &str) -> String| {
        let row = |(n, (url, title)): (usize, &(String, String))| row(n, url, title);
        rows.iter().enumerate().map(row).collect::<String>()
    };
    vec![
        make(
            ("trs", "/rsks/tzgg/", "trs"),
            |n| format!("/rsks/tzgg/202612/t202612{:02}_77{n}01.html", 6 - n),
            |rows| {
                let rows = items(rows, &|n, url, title| {
                    let near = url.replace("/rsks/tzgg/", "./");
                    format!(
                        "<li><span>{}</span><a href=\"{near}\" title=\"{title}\">{title}</a></li>",
                        day(n)
                    )
                });
                html(
                    "通知公告",
                    &format!(
                        "<ul class=\"list\">{rows}</ul><script>createPageHTML(1, 0, \"index\", \"html\");</script>"
                    ),
                )
            },
            |title| format!("<h1>{title}</h1><div class=\"TRS_Editor\">{BODY}</div>"),
        ),
        make(
            ("hanweb", "/col/col90210/index.html", "hanweb_jpage"),
            |n| format!("/art/2026/12/{}/art_90210_55{n}01.html", 6 - n),
            |rows| {
                let records = items(rows, &|n, url, title| {
                    format!(
                        "<record><![CDATA[<li><a href=\"{url}\" title=\"{title}\">{title}</a><span>{}</span></li>]]></record>",
                        day(n)
                    )
                });
                let data = format!(
                    "<datastore><totalrecord>5</totalrecord><totalpage>1</totalpage><recordset>{records}</recordset></datastore>"
                );
                html(
                    "通知公告",
                    &format!("<div id=\"201\"></div><script type=\"text/xml\">{data}</script>"),
                )
            },
            |title| {
                format!(
                    "<h1>{title}</h1><div id=\"zoom\"><!--ZJEG_RSS.content.begin-->{BODY}<!--ZJEG_RSS.content.end--></div>"
                )
            },
        ),
        make(
            ("ucap", "/rsks/c100201/list.shtml", "ucap"),
            |n| format!("/rsks/c100201/202612/c00_31{n}0077.shtml"),
            |rows| {
                let rows = items(rows, &|n, url, title| {
                    format!(
                        "<li><a href=\"{url}\">{title}</a><span class=\"date\">{}</span></li>",
                        day(n)
                    )
                });
                html(
                    "通知公告",
                    &format!(
                        "<ul class=\"gl\">{rows}</ul><script>createPageHTML('page_div',1, 1,'list','shtml',5);</script>"
                    ),
                )
            },
            |title| format!("<h1>{title}</h1><div id=\"UCAP-CONTENT\">{BODY}</div>"),
        ),
        make(
            ("own", "/news", "auto"),
            |n| format!("/news/read-{n}"),
            |rows| {
                let rows = items(rows, &|n, url, title| {
                    format!(
                        "<p class=\"row\"><b>·</b><a href=\"{url}\">{title}</a><em class=\"when\">{}</em></p>",
                        day(n)
                    )
                });
                html(
                    "通知公告",
                    &format!(
                        "<div class=\"main\"><div class=\"rows\">{rows}</div>\
                         <a href=\"news?page=2\">下一页</a></div>"
                    ),
                )
            },
            |title| format!("<h1>{title}</h1><div class=\"words\">{BODY}</div>"),
        ),
    ]
}

fn served(make: &Make) -> Site {
    let site = Site::new();
    for (path, body) in &make.pages {
        site.page(path, body);
    }
    site
}

fn told(events: &[Event]) -> Vec<String> {
    let word = |e: &Event| format!("{} {}", e.change.word(), e.title);
    events.iter().map(word).collect()
}

#[test]
fn an_unknown_office_is_probed_and_then_crawled() {
    for make in makes() {
        let site = served(&make);
        let dir = site.path("fixtures");
        let url = site.server.url(make.list);
        let id = format!("x-{}", make.name);
        let write = ["probe", &url, "--write", dir.to_str().unwrap(), "--id", &id];
        let said = site.run(NOW, None, &write);
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", make.name);
        let heading = said.out.lines().next().unwrap();
        let family = if make.family == "auto" {
            "not known"
        } else {
            make.family
        };
        assert_eq!(heading, format!("family: {family}"));
        assert!(said.out.contains("rows: 5, 5 with a date"), "{}", said.out);
        assert!(
            said.out.contains(TITLES[0]) && said.out.contains("[[source]]"),
            "{}",
            said.out
        );
        // Rows and the pager are guessed where no family tells them; what all pages show always is.
        let guessed = |key: &str| {
            let lines = said.out.lines().filter(|l| l.ends_with("# a guess"));
            lines.filter(|l| l.starts_with(key)).count() == 1
        };
        for key in ["entry", "date", "body", "pager"] {
            assert_eq!(guessed(key), make.guessed, "{key}: {}", said.out);
        }
        assert!(said.out.contains("signature  = [\"桂ICP备05550001号\"]"));

        let folder = dir.join(&id);
        let block = std::fs::read_to_string(folder.join("source.toml")).unwrap();
        assert!(
            block.contains(&format!("family     = \"{}\"", make.family)),
            "{block}"
        );
        let list = std::fs::read(folder.join("1/list.html")).unwrap();
        assert_eq!(list, make.pages[0].1.as_bytes(), "bytes as served");
        let expect: toml::Table =
            toml::from_str(&std::fs::read_to_string(folder.join("expect.toml")).unwrap()).unwrap();
        assert_eq!(expect["list"]["rows"].as_integer(), Some(5));
        assert_eq!(expect["entry"][0]["title"].as_str(), Some(TITLES[0]));
        assert_eq!(expect["entry"][0]["published"].as_str(), Some("2026-12-06"));

        // From the network, with the written block.
        let (events, faults) = site.crawl(NOW, &block, &id);
        assert_eq!(faults, [], "{}", make.name);
        assert_eq!(told(&events).len(), 1, "{:?}", told(&events));
        let kept = site.run(
            NOW,
            None,
            &["--format", "json", "notices", "--source", &id, "--all"],
        );
        assert_eq!(kept.code, 2, "an id that only the block knows");
        let source = folder.join("source.toml");
        let kept = site.run(
            NOW,
            Some(&source),
            &["--format", "json", "notices", "--all"],
        );
        let kept = kept.data();
        let read: Vec<&str> = kept
            .as_array()
            .unwrap()
            .iter()
            .filter(|n| !n["latest"].is_null())
            .map(|n| n["title"].as_str().unwrap())
            .collect();
        assert_eq!(kept.as_array().unwrap().len(), 5);
        assert_eq!(read, [TITLES[0], TITLES[2]], "{}", make.name);

        // And from the folder: what was recorded is all that a crawl asks for. A recording is of
        // an office with a name.
        for file in ["source.toml", "1/pages.toml"] {
            let text = std::fs::read_to_string(folder.join(file)).unwrap();
            let named = text.replace(&site.server.addr.to_string(), "rsks.example.gov.cn");
            std::fs::write(folder.join(file), named).unwrap();
        }
        let before = site.server.paths().len();
        std::fs::remove_file(site.db()).unwrap();
        let again = [
            "--format",
            "json",
            "crawl",
            &id,
            "--recorded",
            dir.to_str().unwrap(),
            "--round",
            "1",
        ];
        let said = site.run(NOW, Some(&source), &again);
        assert_eq!(said.code, 0, "{} {}", said.out, said.err);
        assert_eq!(said.data()["sources"][0]["requests"], 3, "{}", make.name);
        assert_eq!(site.server.paths().len(), before);
    }
}

#[test]
fn a_second_probe_does_not_overwrite() {
    let make = makes().remove(0);
    let site = served(&make);
    let dir = site.path("fixtures");
    std::fs::create_dir_all(dir.join("x-office")).unwrap();
    let url = site.server.url(make.list);
    let said = site.run(
        NOW,
        None,
        &["probe", &url, "--write", dir.to_str().unwrap()],
    );
    assert!(said.line().contains("x-office exists"), "{}", said.err);
    assert_eq!(said.code, 2);
    assert_eq!(
        site.server.paths(),
        [] as [&str; 0],
        "nothing is asked before that is known"
    );
}

#[test]
fn what_is_no_list_is_one_line_and_nothing_is_written() {
    let site = Site::new();
    let dir: PathBuf = site.path("fixtures");
    site.page(
        "/plain",
        html(
            "关于我们",
            "<p>本中心成立于某年，负责全市的人事考试工作，欢迎各位考生来电咨询。</p>",
        ),
    );
    site.page(
        "/shell",
        "<html><head><title>x</title></head><body><div id=\"app\"></div></body></html>",
    );
    site.page("/soft", html("页面不存在", "<p>您访问的页面不存在</p>"));
    site.act(
        "/away",
        page(
            "302 Found",
            "Location: https://www.example.com/tzgg/\r\n",
            b"",
        ),
    );
    site.act("/home", page("302 Found", "Location: /\r\n", b""));
    site.page("/", html("首页", "<p>首页</p>"));
    site.act("/closed", support::server::Act::Say(Vec::new()));
    site.act("/busy", page("503 Busy", "", b""));
    let to = |path: &str| site.server.url(path);
    for (url, want) in [
        (to("/plain"), "repeats"),
        (to("/shell"), "shell"),
        (to("/soft"), "soft404"),
        (to("/missing"), "gone"),
        (to("/away"), "www.example.com"),
        (to("/home"), "home page"),
        (to("/closed"), "closed"),
        (to("/busy"), "503"),
        ("http://192.168.1.1/tzgg/".into(), "bare IP"),
        ("http://localhost/tzgg/".into(), "localhost"),
        ("ftp://a.example.gov.cn/".into(), "only http and https"),
        ("某市人事考试网".into(), "not an address"),
        ("https://rsks.example.gov.cn/tzgg/".into(), "no contact"),
        (
            "https://www.gxpta.com.cn/ksxm/zyzglks/".into(),
            "list of gx",
        ),
    ] {
        let said = site.run(
            NOW,
            None,
            &["probe", &url, "--write", dir.to_str().unwrap()],
        );
        assert!(said.line().contains(want), "{url}: {}", said.err);
        assert!(said.code == 2 || said.code == 3, "{url}: {}", said.code);
        assert!(
            !dir.exists() && !site.db().exists(),
            "{url} wrote something"
        );
    }
    for id in ["GX 1", "../x", "", "gx"] {
        let said = site.run(NOW, None, &["probe", &to("/plain"), "--id", id]);
        assert_eq!((said.line().is_empty(), said.code), (false, 2), "{id}");
    }
}
