//! Few resources, odd names, planted links, days without power: a run ends well or says in one line
//! why not, and touches nothing but what is its own.

use super::support::receiver::{Receiver, Reply};
use super::support::server::{Server, page};
use super::*;
use std::collections::BTreeSet;

#[cfg(unix)]
#[test]
fn little_memory_few_files_one_process() {
    for limit in [
        "ulimit -n 64",
        "ulimit -v 1048576",
        "ulimit -c 0; ulimit -s 512",
    ] {
        let home = Home::new();
        let crawl = home.crawl(1);
        let mut shell = Command::new("sh");
        shell
            .envs(crawl.get_envs().filter_map(|(k, v)| Some((k, v?))))
            .current_dir(home.dir.path())
            .args(["-c", &format!("{limit} && exec \"$@\""), "sh"])
            .arg(crawl.get_program())
            .args(crawl.get_args());
        let ran = finished(&mut shell);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{limit}");
        home.run(&["doctor"]).well();
    }
}

/// Everything below a folder, by its path in it.
fn tree(root: &Path) -> BTreeSet<String> {
    let mut folders = vec![root.to_path_buf()];
    let mut found = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            found.insert(path.strip_prefix(root).unwrap().display().to_string());
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    found
}

const TITLE: &str = "关于领取2026年上半年计算机软件资格考试证书的通知";

/// A site with one notice whose files have these names and addresses.
fn with_files(files: &[(String, String)]) -> Server {
    let links: String = files
        .iter()
        .map(|(href, name)| format!("<p><a href=\"{href}\">附件：{name}</a></p>"))
        .collect();
    Server::start(move |hit, _| {
        let html = |text: String| {
            page(
                "200 OK",
                "Content-Type: text/html; charset=utf-8\r\n",
                text.as_bytes(),
            )
        };
        match hit.path.as_str() {
            "/robots.txt" => site::missing(),
            "/x/" => html(site::list(&[(
                "/x/n1.html".into(),
                "2026-12-01",
                TITLE.into(),
            )])),
            "/x/n1.html" => html(site::notice(
                TITLE,
                &format!("领取时间：2026年12月7日至25日。</p>{links}<p>"),
            )),
            _ => page(
                "200 OK",
                "Content-Disposition: attachment; filename=\"../../evil.sh\"\r\n",
                b"\xd0\xcf\x11\xe0 a file",
            ),
        }
    })
}

#[test]
fn names_of_files_lead_nowhere() {
    let names = [
        "../../x.doc",
        "..\\..\\x.doc",
        "C:\\x.doc",
        "/etc/passwd.doc",
        "con.doc",
        ".doc",
        "a&#0;b.doc",
        "a&#10;b.doc",
        "\u{202e}cod.exe.doc",
        "%2e%2e%2fx.doc",
        "&quot;&gt;x.doc",
    ];
    let mut files: Vec<(String, String)> = names
        .iter()
        .enumerate()
        .map(|(n, name)| (format!("/x/f{n}.doc"), (*name).to_string()))
        .collect();
    files.push(("/x/../../../../x.doc".into(), "长".repeat(4096)));
    files.push(("/x/%2e%2e/%2e%2e/x.doc".into(), "x.doc".into()));
    let server = with_files(&files);
    let home = Home::new();
    home.settings(&site::settings(&server, ""));
    home.write("mine.toml", site::sources(&server, &["x"]));
    let run = |args: &[&str]| home.run(&[&["--sources", "mine.toml"][..], args].concat());
    run(&["crawl", "x"]).ends(0);
    run(&["export", "site", "www"]).ends(0);
    run(&["export", "csv", "--out", "table.csv"]).ends(0);
    let own = tree(home.dir.path());
    let stray: Vec<_> = own
        .iter()
        .filter(|p| !["config", "data", "www"].iter().any(|d| p.starts_with(d)))
        .collect();
    assert_eq!(stray, ["mine.toml", "table.csv"]);
    assert!(
        !own.iter()
            .any(|p| p.contains("evil") || p.ends_with(".doc")),
        "{own:?}"
    );
}

#[test]
fn of_a_thousand_files_a_few_are_looked_at() {
    let files: Vec<(String, String)> = (0..1000)
        .map(|n| (format!("/x/f{n}.doc"), format!("{n}.doc")))
        .collect();
    let server = with_files(&files);
    let home = Home::new();
    home.settings(&site::settings(&server, ""));
    home.write("mine.toml", site::sources(&server, &["x"]));
    home.run(&["--sources", "mine.toml", "crawl", "x"]).ends(0);
    let asked = server
        .paths()
        .iter()
        .filter(|p| p.ends_with(".doc"))
        .count();
    assert!(asked <= 8, "{asked} files");
    let notices = home.run(&[
        "--sources",
        "mine.toml",
        "--format",
        "json",
        "notices",
        "--all",
    ]);
    assert!(
        notices.json().to_string().contains("f7.doc"),
        "they are named all the same"
    );
}

#[cfg(unix)]
#[test]
fn planted_links_are_not_followed() {
    let home = Home::with_demo();
    let precious = home.write("precious.txt", "mine");
    let link = |at: &str| std::os::unix::fs::symlink(&precious, home.at(at)).unwrap();
    link("copy.db");
    let ran = home.run(&["backup", "copy.db"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    link("feed.xml");
    home.run_now(&["export", "atom", "--out", "feed.xml"])
        .well();
    link("report.html");
    home.run_now(&["report", "--format", "html", "--out", "report.html"])
        .ends(0);
    assert_eq!(std::fs::read_to_string(&precious).unwrap(), "mine");
    for name in ["feed.xml", "report.html"] {
        let meta = std::fs::symlink_metadata(home.at(name)).unwrap();
        assert!(meta.is_file(), "{name} is a file of its own now");
    }
}

/// Three days without power: one run, and one message for each thing, as if it had been on.
#[test]
fn after_days_off_there_is_no_burst() {
    let told = |runs: &[&str]| -> Vec<String> {
        let receiver = Receiver::start(|_, _| Reply::Say("204 No Content", "", ""));
        let home = Home::new();
        home.settings(&format!(
            "[contact]\naddress = \"me@example.org\"\n[net]\nallow = [\"{}\"]\n\
             [[sink]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"{}\"\n\
             [[remind]]\nname = \"mine\"\nexam = \"软考\"\nsitting = \"2026H1\"\n\
             regions = [\"广西\"]\nwhen = [\"closes-3\", \"closing-day\"]\n",
            receiver.addr,
            receiver.url("/hook"),
        ));
        for now in runs {
            let args = [
                "--now",
                now,
                "crawl",
                "gx",
                "--recorded",
                fixtures(),
                "--round",
                "1",
            ];
            home.run(&args).ends(0);
        }
        let posts = receiver.posts();
        let ids: BTreeSet<String> = posts
            .iter()
            .map(|p| p.header("webhook-id").into())
            .collect();
        assert_eq!(ids.len(), posts.len(), "each once");
        posts
            .iter()
            .map(|p| {
                let event: serde_json::Value = serde_json::from_str(&p.body).unwrap();
                format!("{} {}", event["data"]["what"], event["data"]["date"])
            })
            .collect()
    };
    let day = |day: &str| format!("2026-12-{day}T09:00:00+08:00");
    let (d14, d15, d16, d17, d18) = (day("14"), day("15"), day("16"), day("17"), day("18"));
    let on = told(&[&d14, &d15, &d16, &d17, &d18]);
    let off = told(&[&d14, &d18]);
    assert_eq!(on.iter().collect::<BTreeSet<_>>().len(), on.len(), "{on:?}");
    assert!(!off.is_empty() && off.len() <= on.len(), "{off:?} {on:?}");
    assert!(off.iter().all(|o| on.contains(o)), "{off:?} {on:?}");
}

#[test]
fn every_line_of_the_log_names_its_run_and_its_source() {
    let home = Home::new();
    let mut ids = BTreeSet::new();
    for _ in 0..2 {
        let ran = finished(home.crawl(1).args(["-vv", "--log-json"]));
        let lines: Vec<serde_json::Value> = ran
            .err
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect();
        let visited: Vec<_> = lines
            .iter()
            .filter(|l| l["fields"]["message"] == "visited")
            .collect();
        assert_eq!(visited.len(), 4, "{}", ran.err);
        for line in visited {
            let spans = line["spans"].as_array().unwrap();
            assert_eq!(spans[0]["name"], "run", "{line}");
            ids.insert(spans[0]["id"].as_str().unwrap().to_owned());
            assert!(spans[1]["source"].is_string(), "{line}");
        }
    }
    assert_eq!(ids.len(), 2, "two runs, two ids: {ids:?}");
}

/// A server that answers every conditional request with "not modified", whatever has changed.
#[test]
fn not_modified_is_believed_for_a_day() {
    let until = std::sync::Arc::new(std::sync::Mutex::new("25"));
    let shown = until.clone();
    let server = Server::start(move |hit, _| {
        let tagged = |text: String| {
            let head = "ETag: \"1\"\r\nContent-Type: text/html; charset=utf-8\r\n";
            page("200 OK", head, text.as_bytes())
        };
        let asked = hit.header("if-none-match").is_some();
        match hit.path.as_str() {
            "/robots.txt" => site::missing(),
            _ if asked => page("304 Not Modified", "ETag: \"1\"\r\n", b""),
            "/x/" => tagged(site::list(&[(
                "/x/n1.html".into(),
                "2026-12-01",
                TITLE.into(),
            )])),
            _ => {
                let day = *shown.lock().unwrap();
                tagged(site::notice(
                    TITLE,
                    &format!("领取时间：2026年12月7日至{day}日。"),
                ))
            }
        }
    });
    let home = Home::new();
    home.settings(&site::settings(&server, ""));
    home.write("mine.toml", site::sources(&server, &["x"]));
    let crawl = |now: &str| {
        home.run(&["--sources", "mine.toml", "--now", now, "crawl", "x"])
            .well()
    };
    assert_eq!(crawl("2026-12-08T09:00:00+08:00"), "");
    *until.lock().unwrap() = "28";
    assert_eq!(crawl("2026-12-08T10:00:00+08:00"), "");
    let news = crawl("2026-12-09T09:00:00+08:00");
    assert!(news.contains("2026-12-25 改为 2026-12-28"), "{news}");
}
