//! The tour: the same each time, quiet on a quiet day, nothing left behind.

use super::*;

/// One day of the demo, without its heading.
fn day(text: &str, heading: &str) -> String {
    let from = text
        .split_once(&format!("──────── {heading}"))
        .expect(heading)
        .1;
    let from = from.split_once('\n').unwrap().1;
    let to = from.split_once("\n──────── ").map_or(from, |(day, _)| day);
    to.trim_end().to_string()
}

#[test]
fn the_first_day_and_a_quiet_one_say_nothing() {
    let text = Home::new().run(&["demo"]).well();
    assert_eq!(day(&text, "2026-12-09"), "（没有消息）");
    assert_eq!(day(&text, "2026-12-10"), "（没有消息）");
    let english = Home::new().run(&["--lang", "en", "demo"]).well();
    assert_eq!(day(&english, "2026-12-10"), "(nothing to tell)");
}

#[test]
fn news_faults_and_recoveries_are_told_once_and_in_order() {
    let text = Home::new().run(&["demo"]).well();
    let told = |heading| -> Vec<String> {
        day(&text, heading)
            .lines()
            .filter(|l| l.starts_with('['))
            .map(str::to_string)
            .collect()
    };
    assert_eq!(
        told("2026-12-14"),
        [
            "[改] 广西  关于领取2026年上半年计算机技术与软件专业技术资格（水平）考试合格证书的通知",
            "[新] 广东  关于领取2026年下半年计算机技术与软件专业技术资格（水平）考试证书的通知",
            "[附件改动] 广东  关于领取2026年度监理工程师职业资格证书的公告",
            "[改] 河北  关于2026年上半年计算机软件资格考试证书发放有关事项的公告",
            "[新] 内蒙古  关于邮寄2026年下半年计算机技术与软件专业技术资格（水平）考试证书的通知",
            "[新] 江苏  关于2026年度监理工程师职业资格考试证书领取的补充通知",
        ]
    );
    let faults = told("2026-12-15");
    for line in [
        "[来源出错] 内蒙古  内蒙古自治区人事考试院",
        "[来源出错] 江苏  江苏省软件资格考试办公室（示例）",
    ] {
        assert!(faults.iter().any(|l| l == line), "{faults:?}");
    }
    let back = told("2026-12-16");
    for line in [
        "[来源恢复] 内蒙古  内蒙古自治区人事考试院",
        "[来源恢复] 江苏  江苏省软件资格考试办公室（示例）",
    ] {
        assert!(back.iter().any(|l| l == line), "{back:?}");
    }
}

#[test]
fn twice_gives_the_same_and_leaves_nothing() {
    let home = Home::new();
    let first = home.run(&["demo"]).well();
    assert_eq!(home.run(&["demo"]).well(), first);
    let left: Vec<_> = std::fs::read_dir(home.dir.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(first.ends_with("其他命令\n"), "it says what to try next");
}

#[test]
fn kept_it_lies_where_it_was_wanted_and_is_not_overwritten() {
    let home = Home::new();
    let text = home.run(&["demo", "--keep", "tour"]).well();
    assert_eq!(
        std::fs::read_to_string(home.at("tour/demo.txt")).unwrap(),
        text
    );
    home.run(&["demo", "--keep", "tour"]).fails(
        2,
        "tour/lingzheng.db exists; the demo starts with a fresh database, give another folder",
    );
    // Each command that it proposes works as it is printed.
    let proposed: Vec<&str> = text
        .lines()
        .filter_map(|l| l.trim().strip_prefix("lingzheng --db "))
        .filter(|l| !l.ends_with("serve")) // it runs until it is ended
        .collect();
    assert!(proposed.len() >= 3, "{text}");
    for line in proposed {
        let mut args = vec!["--db"];
        args.extend(line.split(' '));
        home.run(&args).well();
    }
}

/// What a person, an editor and a program read of the demo's five days, whole. A run with
/// `LINGZHENG_BLESS=1` writes the files anew, for a look at what became otherwise.
#[test]
fn the_demos_rounds_whole() {
    let home = Home::new();
    let kept = home.at("tour");
    home.run(&["demo", "--keep", kept.to_str().unwrap()]).well();
    let of = |args: &[&str]| {
        let mut all = vec!["--now", NOW, "--db", "tour/lingzheng.db"];
        all.extend(args);
        home.run(&all).well()
    };
    let changes = of(&["changes", "--format", "json"]);
    // Each database has an epoch of its own.
    let head = changes.split_once("\"cursor\": \"").unwrap().1;
    let epoch = head.split_once(':').unwrap().0;
    let report = |lang| of(&["--lang", lang, "report", "--format", "markdown"]);
    for (name, is) in [
        ("tour.zh.txt", home.run(&["demo"]).well()),
        ("tour.en.txt", home.run(&["--lang", "en", "demo"]).well()),
        ("round-up.zh.md", report("zh")),
        ("round-up.en.md", report("en")),
        ("changes.json", changes.replace(epoch, "EPOCH")),
        (
            "region.json",
            of(&["status", "内蒙古", "--format", "json"]).replace(epoch, "EPOCH"),
        ),
    ] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/cli/whole")
            .join(name);
        if std::env::var_os("LINGZHENG_BLESS").is_some() {
            std::fs::write(&file, &is).unwrap();
        }
        let should = std::fs::read_to_string(&file).unwrap();
        for (n, (is, should)) in (1..).zip(is.lines().zip(should.lines())) {
            assert_eq!(is, should, "{name}, line {n}");
        }
        assert_eq!(is, should, "{name}");
    }
}
