//! The happy path of every command over what the demo leaves behind.

use super::*;
use serde_json::Value;

fn json(home: &Home, args: &[&str]) -> Value {
    let mut all = vec!["--format", "json"];
    all.extend(args);
    home.run_now(&all).json()
}

#[test]
fn each_command_answers_people() {
    let home = Home::with_demo();
    let notices = home.run_now(&["notices", "--search", "领取"]).well();
    assert!(notices.contains("关于领取2026年下半年"), "{notices}");
    for (args, words) in [
        (&["status"][..], &["广西", "内蒙古"][..]),
        (
            &["status", "广东"],
            &["关于领取2026年下半年", "https://rsks.gd.gov.cn/"],
        ),
        (&["status", "guangdong"], &["关于领取2026年下半年"]),
        (&["changes"], &["[新] 广东"]),
        (&["changes", "--all"], &["[来源出错]", "[来源恢复]"]),
        (&["changes", "--since", "1d"], &["0311-55502748"]),
        (&["notices", "--source", "gx"], &["广西"]),
        (&["notices", "--region", "广东", "--all"], &["广东"]),
        (&["sources"], &["广西壮族自治区", "gxpta"]),
        (&["sources", "check"], &["sources, ", " regions, all well"]),
        (
            &["verify", "https://www.gxpta.com.cn/ksxm/"],
            &["gxpta.com.cn"],
        ),
        (&["doctor"], &["structure", "journal"]),
    ] {
        let text = home.run_now(args).well();
        for word in words {
            assert!(text.contains(word), "{args:?}: {word} not in\n{text}");
        }
    }
}

#[test]
fn what_did_not_happen_is_said_in_a_word() {
    let home = Home::with_demo();
    assert_eq!(
        home.run_now(&["changes", "--since", "0d"]).well(),
        "（没有）\n"
    );
    assert_eq!(
        home.run_now(&["notices", "--search", "没有这样的词"])
            .well(),
        "（没有）\n"
    );
}

#[test]
fn every_document_is_in_the_envelope() {
    let home = Home::with_demo();
    for (args, kind) in [
        (&["status"][..], "status"),
        (&["status", "广西"], "status"),
        (&["changes"], "changes"),
        (&["notices"], "notices"),
        (&["show", "1"], "notice"),
        (&["sources"], "sources"),
        (&["sources", "check"], "sources_check"),
        (&["verify", "https://www.gxpta.com.cn/"], "verify"),
        (&["doctor"], "doctor"),
    ] {
        let value = json(&home, args);
        assert_eq!(value["schema"], 1, "{args:?}");
        assert_eq!(value["kind"], kind, "{args:?}");
        assert_eq!(value["generated"], "2026-12-17T01:00:00Z", "{args:?}");
        assert!(!value["data"].is_null(), "{args:?}");
    }
}

#[test]
fn json_lines_are_one_object_a_line() {
    let home = Home::with_demo();
    for args in [&["changes", "--all"][..], &["notices", "--all"]] {
        let mut all = vec!["--format", "jsonl"];
        all.extend(args);
        let text = home.run_now(&all).well();
        assert!(text.lines().count() > 5);
        for line in text.lines() {
            let value: Value = serde_json::from_str(line).unwrap();
            assert!(value.is_object());
        }
    }
}

#[test]
fn a_cursor_reads_on_where_it_stands() {
    let home = Home::with_demo();
    let whole = json(&home, &["changes", "--all", "--limit", "1000"]);
    let end = whole["data"]["cursor"].as_str().unwrap().to_string();
    let (epoch, last) = end.split_once(':').unwrap();
    let last: usize = last.parse().unwrap();
    assert_eq!(whole["data"]["events"].as_array().unwrap().len(), last);

    // In steps of three, every event once and in order.
    let mut seen = Vec::new();
    let mut cursor = format!("{epoch}:0");
    loop {
        let step = json(
            &home,
            &["changes", "--all", "--limit", "3", "--after", &cursor],
        );
        let events = step["data"]["events"].as_array().unwrap().clone();
        let Some(event) = events.last() else { break };
        cursor = event["id"].as_str().unwrap().to_string();
        seen.extend(events.iter().map(|e| e["id"].as_str().unwrap().to_string()));
    }
    let want: Vec<String> = (1..=last).map(|n| format!("{epoch}:{n}")).collect();
    assert_eq!(seen, want);
    assert_eq!(cursor, end);
}

#[test]
fn show_and_diff_find_a_notice_by_number_and_by_address() {
    let home = Home::with_demo();
    let url = "https://www.gxpta.com.cn/ksxm/zyzglks/t32741.html";
    let notice = json(&home, &["show", url]);
    let id = notice["data"]["notice"]["id"].to_string();
    let by_number = home.run_now(&["show", &id]).well();
    assert_eq!(home.run_now(&["show", &format!("#{id}")]).well(), by_number);
    assert_eq!(home.run_now(&["show", url]).well(), by_number);
    let diff = home.run_now(&["diff", &id]).well();
    assert!(diff.contains("[-25-]{+28+}"), "{diff}");
    let first = home
        .run_now(&["diff", url, "--from", "1", "--to", "1"])
        .well();
    assert!(!first.contains("[-"), "{first}");
    home.run_now(&["diff", &id, "--from", "1", "--to", "9"])
        .says(2, &["has versions 1 to", "not 9"]);
}

#[test]
fn a_saved_page_is_read_without_database_and_settings() {
    let home = Home::new();
    let page = format!("{}/gx/1/t32741.html", fixtures());
    let url = "https://www.gxpta.com.cn/ksxm/zyzglks/t32741.html";
    home.run(&["extract", "--url", url, &page]).well();
    let marked = home.run(&["explain", "--url", url, &page]).well();
    assert!(marked.contains("领取"), "{marked}");
    let body = std::fs::read(&page).unwrap();
    let piped = assert_cmd::Command::from_std(home.command())
        .args(["explain", "--url", url, "-"])
        .write_stdin(body)
        .output()
        .unwrap();
    assert_eq!(Ran::from(piped).well(), marked);
    let value = home
        .run(&["--format", "json", "explain", "--url", url, &page])
        .json();
    assert_eq!(value["schema"], 1);
    assert!(!home.db().exists());
}

#[test]
fn verify_tells_by_its_exit_code() {
    let home = Home::new();
    for (text, code) in [
        ("https://www.gxpta.com.cn/ksxm/zyzglks/", 0),
        ("请看 https://www.gxpta.com.cn/ksxm/ 的通知", 0),
        ("https://www.gxpta.com.cn.evil.example/", 1),
        ("https://www.gxpta.com.cn@evil.example/", 1),
        ("https://ruankao-lingzheng.example/", 1),
        ("no address at all", 1),
    ] {
        let ran = home.run(&["verify", text]);
        assert_eq!((ran.code, ran.err.as_str()), (Some(code), ""), "{text}");
        assert_eq!(ran.out.lines().count(), 1, "{text}: {}", ran.out);
        let value = home.run(&["--format", "json", "verify", text]).json();
        assert_eq!(value["kind"], "verify");
    }
}

#[test]
fn init_writes_settings_that_hold_and_never_overwrites_them() {
    let home = Home::new();
    let path = home.at("config/lingzheng/config.toml");
    let said = home.run(&["init"]).well();
    assert!(
        said.starts_with(path.to_str().unwrap()) && said.contains("lingzheng crawl"),
        "{said}"
    );
    home.run(&["sources"]).well();
    std::fs::write(&path, "[contact]\naddress = \"me@example.org\"\n").unwrap();
    let before = sum(&path);
    home.run(&["init"]).fails(
        2,
        &format!("{} exists; --force overwrites it", path.display()),
    );
    assert_eq!(sum(&path), before);
    home.run(&["init", "--force"]).well();
    assert_ne!(sum(&path), before);
    home.run(&["--config", "deep/er/my.toml", "init"]).well();
    home.run(&["--config", "deep/er/my.toml", "sources"]).well();
}

#[test]
fn a_backup_is_a_database_with_cursors_of_its_own() {
    let home = Home::with_demo();
    let cursor = json(&home, &["changes"])["data"]["cursor"]
        .as_str()
        .unwrap()
        .to_string();
    home.run_now(&["backup", "copies/today.db"]).well();
    home.run_now(&["backup", "copies/today.db"]).fails(
        2,
        "copies/today.db: exists already: give a name that is not taken",
    );
    let copy = ["--db", "copies/today.db"];
    home.run_now(&[copy[0], copy[1], "doctor"]).well();
    assert_eq!(
        home.run_now(&[copy[0], copy[1], "status"]).well(),
        home.run_now(&["status"]).well()
    );
    home.run_now(&[copy[0], copy[1], "changes", "--after", &cursor])
        .says(2, &["is not of this journal", "go on from"]);
    // Nothing half made stays beside it.
    let names: Vec<_> = std::fs::read_dir(home.at("copies"))
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .filter(|n| !n.to_str().unwrap().starts_with("today.db"))
        .collect();
    assert!(names.is_empty(), "{names:?}");
}
