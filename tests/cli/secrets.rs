//! A secret in the settings shows nowhere.

use super::*;

const CANARY: &str = "k4n4r13nv0g3l";

#[test]
fn a_proxys_password_is_in_no_text_no_log_and_no_database() {
    let home = Home::new();
    let server = support::server::Server::start(|_, _| site::missing());
    for scheme in ["http", "socks5", "socks5h"] {
        home.settings(&site::settings(
            &server,
            &format!("proxy = \"{scheme}://watcher:{CANARY}@127.0.0.1:1\"\n"),
        ));
        home.write("mine.toml", site::sources(&server, &["x"]));
        let mut seen = String::new();
        for args in [
            &["-vv", "--sources", "mine.toml", "crawl", "x"][..],
            &[
                "-vv",
                "--log-json",
                "--sources",
                "mine.toml",
                "--format",
                "json",
                "crawl",
                "x",
            ],
            &["-vv", "--format", "json", "status"],
            &["-vv", "changes", "--all"],
            &["-vv", "doctor"],
            &["sources"],
        ] {
            let ran = home.run(args);
            assert!(ran.code.is_some(), "{ran:?}");
            seen.push_str(&format!("{args:?}\n{}{}\n", ran.out, ran.err));
        }
        assert!(!seen.contains(CANARY), "{seen}");
    }
    for entry in std::fs::read_dir(home.at("data/lingzheng")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let found = bytes.windows(CANARY.len()).any(|w| w == CANARY.as_bytes());
        assert!(!found, "{}", path.display());
    }
}

#[test]
fn a_setting_that_does_not_hold_is_named_without_its_secret() {
    let home = Home::new();
    for line in [
        format!("[net]\nproxy = \"gopher://watcher:{CANARY}@127.0.0.1:1\"\n"),
        format!("[net]\nproxy = \"http://watcher:{CANARY}@\"\n"),
        format!("[net]\nprxy = \"http://watcher:{CANARY}@127.0.0.1:1\"\n"),
    ] {
        home.settings(&line);
        let ran = home.run(&["status"]);
        assert_eq!(ran.code, Some(2));
        assert!(ran.err.contains("config.toml:2:"), "{}", ran.err);
        assert!(!ran.err.contains(CANARY), "{}", ran.err);
    }
}

/// Every kind of secret that the settings may hold, each with the canary in it: none shows in what
/// any command says or logs, in the database, a backup, an export or a child's environment.
#[test]
fn canaries_in_every_secret() {
    use super::support::receiver::{Receiver, Reply};
    let home = Home::new();
    let receiver = Receiver::start(|post, _| match post.path.contains("gone") {
        true => Reply::Say("410 Gone", "", ""),
        false => Reply::Say("500 Oops", "", "no"),
    });
    let proof = home.at("environment.txt");
    let at = |path: &str| receiver.url(&format!("/{path}-{CANARY}?key={CANARY}"));
    let key = "whsec_azRuNHIxM252MGczbGs0bjRyMTNudjBnM2xrNG40"; // the canary, three times
    let mut settings = format!(
        "[contact]\naddress = \"me@example.org\"\n[net]\nallow = [\"{}\"]\n[watch]\nexams = []\n\
         [ping]\nurl = \"{}\"\n",
        receiver.addr,
        at("ping")
    );
    let mut sink = |name: &str, kind: &str, more: &str| {
        settings.push_str(&format!(
            "[[sink]]\nname = \"{name}\"\nkind = \"{kind}\"\ntimeout = 1.0\n{more}\n"
        ));
    };
    let url = |path: &str| format!("url = \"{}\"", at(path));
    sink(
        "hook",
        "webhook",
        &format!("{}\nsecret = \"{key}\"", url("hook")),
    );
    sink("gone", "webhook", &url("gone"));
    for kind in ["wecom", "dingtalk", "feishu"] {
        let secret = if kind == "wecom" {
            ""
        } else {
            "\nsecret = \"k4n4r13nv0g3l\""
        };
        sink(kind, kind, &format!("{}{secret}", url(kind)));
    }
    for kind in ["serverchan", "bark", "pushplus"] {
        sink(kind, kind, &format!("{}\nsecret = \"{CANARY}\"", url(kind)));
    }
    for kind in ["telegram", "ntfy"] {
        sink(
            kind,
            kind,
            &format!("{}\nsecret = \"{CANARY}\"\nchat = \"c\"", url(kind)),
        );
    }
    sink(
        "mail",
        "email",
        &format!(
            "host = \"127.0.0.1\"\nport = {}\nuser = \"me@example.org\"\nsecret = \"{CANARY}\"\n\
             from = \"me@example.org\"\nto = [\"me@example.org\"]",
            receiver.addr.port()
        ),
    );
    sink(
        "own",
        "command",
        &format!(
            "command = [\"/bin/sh\", \"-c\", \"env > {}; cat >> {}; exit 1\"]",
            proof.display(),
            proof.display()
        ),
    );
    home.settings(&settings);
    let mut seen = String::new();
    for round in [1, 3] {
        let mut crawl = home.crawl(round);
        let ran = finished(
            crawl
                .arg("-vv")
                .env("LINGZHENG_LOG", "trace")
                .env("OTHER", CANARY),
        );
        assert_eq!(ran.code, Some(0), "{ran:?}");
        seen.push_str(&format!("{}{}", ran.out, ran.err));
    }
    assert!(
        seen.contains("HTTP 500") && seen.contains("not delivered"),
        "{seen}"
    );
    let names = [
        "hook",
        "gone",
        "wecom",
        "dingtalk",
        "feishu",
        "serverchan",
        "bark",
        "pushplus",
        "telegram",
        "ntfy",
        "mail",
        "own",
    ];
    let tests = names.map(|name| ["notify", "test", name]);
    let mut commands: Vec<&[&str]> = tests.iter().map(|t| &t[..]).collect();
    commands.extend([
        &["deliver"][..],
        &["--format", "json", "deliver"],
        &["notify", "status"],
        &["--format", "json", "notify", "status"],
        &["notify", "retry"],
        &["notify", "enable", "gone"],
        &["doctor"],
        &["sources"],
        &["status"],
        &["changes", "--all"],
        &["backup", "copy.db"],
        &["export", "atom", "--out", "feed.xml"],
        &["export", "ics", "--out", "windows.ics"],
        &["export", "site", "www"],
        &["report", "--format", "html", "--out", "report.html"],
        &["units"],
    ]);
    for args in commands {
        let mut command = home.command();
        command
            .env("LINGZHENG_LOG", "trace")
            .args(["-vv", "--now", NOW]);
        let ran = finished(command.args(args));
        assert!(ran.code.is_some_and(|c| c < 70), "{args:?}: {ran:?}");
        seen.push_str(&format!("{args:?}\n{}{}\n", ran.out, ran.err));
    }
    let place = seen
        .find(CANARY)
        .map(|at| &seen[at.saturating_sub(200).min(at)..at]);
    assert_eq!(place, None);
    assert!(!seen.contains(&key[6..]), "the key as it is written");
    let config = home.at("config");
    let mut folders = vec![home.dir.path().to_path_buf()];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path == config {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            read += 1;
            let bytes = std::fs::read(&path).unwrap();
            for word in [CANARY, &key[6..]] {
                let found = bytes.windows(word.len()).any(|w| w == word.as_bytes());
                assert!(!found, "{}", path.display());
            }
        }
    }
    assert!(read > 10 && proof.exists(), "{read} files");
}
