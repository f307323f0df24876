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
