//! Cron's mail, a pipe, a bare environment: the surroundings change nothing but the colours.

use super::*;
use std::process::Stdio;

#[test]
fn escapes_go_to_terminals_only() {
    let home = Home::with_demo();
    let piped = home.run_now(&["changes", "--all"]).well();
    assert!(!piped.contains('\u{1b}'), "{piped}");
    // Forced, they are there: what is piped was stripped, not never styled.
    let coloured = finished(
        home.command()
            .env("CLICOLOR_FORCE", "1")
            .args(["--now", NOW, "changes", "--all"]),
    )
    .well();
    assert!(coloured.contains("\u{1b}[1m"), "{coloured}");
    let plain = finished(
        home.command()
            .env("NO_COLOR", "1")
            .args(["--now", NOW, "changes", "--all"]),
    )
    .well();
    assert_eq!(plain, piped);
}

#[test]
fn the_environment_does_not_change_the_words() {
    let home = Home::with_demo();
    let want = home.run_now(&["status"]).well();
    for pairs in [
        &[("LANG", "C"), ("LC_ALL", "C")][..],
        &[("LANG", "de_DE.UTF-8")],
        &[("TERM", "dumb")],
        &[("TZ", "America/New_York")],
        &[("TZ", "nonsense")],
        &[("COLUMNS", "20")],
        &[
            ("http_proxy", "http://127.0.0.1:1"),
            ("ALL_PROXY", "socks5://127.0.0.1:1"),
        ],
    ] {
        let mut command = home.command();
        command.args(["--now", NOW, "status"]);
        command.envs(pairs.iter().copied());
        assert_eq!(finished(&mut command).well(), want, "{pairs:?}");
    }
}

#[test]
fn without_home_the_places_must_be_said() {
    let home = Home::with_demo();
    let bare = || {
        let mut command = home.command();
        command
            .env_remove("HOME")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_DATA_HOME");
        command
    };
    finished(bare().arg("status")).says(2, &["HOME", "--config"]);
    home.write("s.toml", "");
    finished(bare().args(["--config", "s.toml", "status"])).says(2, &["HOME", "--db"]);
    finished(
        bare()
            .args(["--config", "s.toml", "--db", "data/lingzheng/lingzheng.db"])
            .arg("status"),
    )
    .well();
    // The demo needs neither.
    finished(bare().arg("demo")).well();
}

#[cfg(unix)]
#[test]
fn a_shell_may_do_what_shells_do() {
    let home = Home::with_demo();
    let binary = assert_cmd::cargo::cargo_bin!("lingzheng")
        .display()
        .to_string();
    let want = home.run_now(&["status"]).well();
    let shell = |script: &str| {
        let mut command = home.command();
        let mut sh = Command::new("bash");
        for (key, value) in command.get_envs() {
            if let Some(value) = value {
                sh.env(key, value);
            }
        }
        command = sh;
        command
            .current_dir(home.dir.path())
            .stdin(Stdio::null())
            .env("B", &binary)
            .env("NOW", NOW)
            .args(["-c", script]);
        finished(&mut command)
    };
    // The reader goes: no panic, no message, the program's own code.
    let head = shell(
        "set -o pipefail; \"$B\" --now $NOW --format jsonl notices --all | head -1 | wc -l; echo ${PIPESTATUS[0]}",
    );
    assert_eq!(head.well().trim(), "1\n0");
    shell("\"$B\" --now $NOW status | true; exit ${PIPESTATUS[0]}").well();
    for (script, out) in [
        ("\"$B\" --now $NOW status >&-", ""),
        ("\"$B\" --now $NOW status 2>&-", want.as_str()),
        ("\"$B\" --now $NOW status <&- 2>&-", want.as_str()),
        (
            "mkdir gone && cd gone && rmdir ../gone && \"$B\" --now $NOW status",
            want.as_str(),
        ),
        ("umask 077; \"$B\" --now $NOW status", want.as_str()),
        ("ulimit -n 32; \"$B\" --now $NOW status", want.as_str()),
    ] {
        let ran = shell(script);
        assert_eq!(
            (ran.code, ran.out.as_str(), ran.err.as_str()),
            (Some(0), out, ""),
            "{script}"
        );
    }
    // A full disk behind standard output is no success.
    let full = shell("\"$B\" --now $NOW status > /dev/full");
    full.fails(
        74,
        "cannot write to standard output: No space left on device (os error 28)",
    );
    // All three closed: the database is not opened as one of them.
    let before = sum(&home.db());
    let closed = shell("\"$B\" --now $NOW doctor <&- >&- 2>&-");
    assert_eq!(closed.code, Some(0));
    assert_eq!(sum(&home.db()), before);
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_its_owners_only() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let binary = assert_cmd::cargo::cargo_bin!("lingzheng")
        .display()
        .to_string();
    let mut sh = Command::new("sh");
    sh.envs(home.command().get_envs().filter_map(|(k, v)| Some((k, v?))))
        .current_dir(home.dir.path())
        .args(["-c", "umask 000; \"$0\" init && \"$@\"", &binary]);
    let crawl = home.crawl(1);
    sh.arg(&binary).args(crawl.get_args());
    finished(&mut sh).ends(0);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&home.at("config/lingzheng/config.toml")), 0o600);
    assert_eq!(mode(&home.at("data/lingzheng")), 0o700);
    for entry in std::fs::read_dir(home.at("data/lingzheng")).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}
