//! What a person may get wrong: one line that says what and what to do, exit code 2, nothing done.

use super::*;

#[test]
fn unknown_names_bring_their_neighbours() {
    let home = Home::with_demo();
    for (args, line) in [
        (&["crawl", "gxx"][..], "no source `gxx`; did you mean gx"),
        (
            &["crawl", "火星"],
            "no source `火星`; `lingzheng sources` lists them",
        ),
        (
            &["crawl", "--region", "guandong"],
            "no region `guandong`; did you mean guangdong",
        ),
        (&["status", "广冬"], "no region `广冬`; did you mean 广东"),
        (
            &["notices", "--region", "nowhere-at-all"],
            "no region `nowhere-at-all`; ",
        ),
        (
            &["notices", "--source", "gxx"],
            "no source `gxx`; did you mean gx",
        ),
        (
            &["show", "99999"],
            "no notice `99999`: give its number or its address; `lingzheng notices`",
        ),
        (
            &["diff", "https://no.example/"],
            "no notice `https://no.example/`: give its number",
        ),
    ] {
        home.run_now(args).says(2, &[&format!("lingzheng: {line}")]);
    }
}

#[test]
fn moments_and_cursors_that_are_none() {
    let home = Home::with_demo();
    for now in ["tomorrow", "2026-13-01T00:00:00Z", "2026-12-14", ""] {
        home.run(&["--now", now, "status"]).fails(
            2,
            &format!("--now {now}: give a moment like 2026-12-14T09:00:00+08:00"),
        );
    }
    for since in ["yesterday", "-3d", "2026-02-30", ""] {
        home.run_now(&["changes", &format!("--since={since}")])
            .says(
                2,
                &[&format!(
                    "--since {since}: give a day (2026-12-01), a moment"
                )],
            );
    }
    for cursor in [
        "garbage",
        "",
        ":",
        "zzzzzzzz:1",
        "0a1b2c3d:-1",
        "0a1b2c3d:99999999999999999999",
    ] {
        home.run_now(&["changes", &format!("--after={cursor}")])
            .says(2, &["cursor"]);
    }
    home.run_now(&["changes", "--after", "00000000:3"]).says(
        2,
        &["cursor 00000000:3 is not of this journal, which stands at "],
    );
    home.run_now(&["changes", "--after", "00000000:3", "--since", "1d"])
        .ends(2);
}

#[test]
fn settings_that_do_not_hold_are_shown_in_their_place() {
    let home = Home::new();
    let path = home.at("config/lingzheng/config.toml");
    for (text, at, words) in [
        ("[net]\npuase = 3\n", "2:1", "pause"),
        ("[net]\npause = \"3\"\n", "2:9", "pause"),
        ("[net\n", "1:5", ""),
        ("[watch]\nregions = [\"guangdon\"]\n", "", "guangdong"),
    ] {
        home.settings(text);
        let ran = home.run(&["status"]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        if !at.is_empty() {
            let place = format!("{}:{at}", path.display());
            assert!(ran.err.contains(&place), "{place} not in {}", ran.err);
        }
        assert!(ran.err.contains(words), "{text}: {}", ran.err);
    }
    home.run(&["--config", "missing.toml", "status"])
        .says(2, &["missing.toml"]);
}

#[test]
fn sources_that_do_not_hold_are_shown_in_their_place() {
    let home = Home::new();
    home.write(
        "mine.toml",
        "format = 1\n[[source]]\nid = \"x\"\nlsit = \"https://x.gov.cn/\"\n",
    );
    let ran = home.run(&["--sources", "mine.toml", "sources"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("mine.toml:4:1"), "{}", ran.err);
    home.write("bom.toml", "\u{feff}format = 1\n");
    let bom = home.run(&["--sources", "bom.toml", "sources"]);
    assert!(
        bom.code == Some(2)
            && bom
                .err
                .contains("bom.toml:1:1: begins with a byte-order mark"),
        "{bom:?}"
    );
    home.write("big.toml", vec![b'#'; 10 << 20]);
    home.run(&["--sources", "big.toml", "sources"])
        .says(2, &["larger than"]);
    home.write("deep.toml", format!("a = {}", "[".repeat(400_000)));
    home.run(&["--sources", "deep.toml", "sources"]).ends(2);
    home.write("gbk.toml", b"format = 1\n# \xb9\xe3\xb6\xab\n");
    home.run(&["--sources", "gbk.toml", "sources"])
        .says(2, &["line 2", "UTF-8"]);
}

#[test]
fn a_first_run_with_nothing_says_what_is_missing() {
    let home = Home::new();
    // No database.
    for command in [
        &["status"][..],
        &["changes"],
        &["notices"],
        &["show", "1"],
        &["doctor"],
    ] {
        home.run(command).fails(
            4,
            &format!(
                "{}: no database yet: run `lingzheng crawl` first",
                home.db().display()
            ),
        );
    }
    // No settings, so no contact: nobody is asked.
    home.run(&["crawl", "gx"])
        .says(2, &["contact", "address", "lingzheng init"]);
    // No network: recordings that are not there.
    let ran = home.run(&["crawl", "gx", "--recorded", "nowhere", "--round", "1"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.out.contains("no recording of gx"), "{ran:?}");
}

#[test]
fn a_page_that_cannot_be_read_is_refused() {
    let home = Home::new();
    home.run(&["extract", "--url", "https://x.gov.cn/", "no-such-file"])
        .says(2, &["cannot read no-such-file"]);
    home.run(&["extract", "--url", "not an address", "x"])
        .says(2, &["--url not an address"]);
    home.write("empty.html", "");
    home.run(&["extract", "--url", "https://x.gov.cn/", "empty.html"])
        .says(3, &[]);
}

#[test]
fn exit_codes_tell_how_a_run_went() {
    let home = Home::new();
    let crawl = |round: usize, more: &[&str]| finished(home.crawl(round).args(more));
    assert_eq!(crawl(1, &["--exit-code"]).well(), "");
    assert_eq!(crawl(2, &["--exit-code"]).well(), "");
    assert_eq!(crawl(3, &["--exit-code"]).code, Some(10));
    // The firewall in front of one of the four.
    assert_eq!(crawl(4, &[]).code, Some(1));
    assert_eq!(crawl(5, &[]).code, Some(0));
    let only = |round: &str, now: &str, id: &str| {
        home.run(&[
            "--now",
            now,
            "crawl",
            "--recorded",
            fixtures(),
            "--round",
            round,
            id,
        ])
    };
    assert_eq!(only("4", ROUNDS[3], "nm").code, Some(3));
    // New and failing at once: an older database that sees rounds 3 and 4 as one.
    let late = Home::new();
    finished(&mut late.crawl(1)).well();
    assert_eq!(finished(late.crawl(4).arg("--exit-code")).code, Some(11));
}
