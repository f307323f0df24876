//! A clock that jumps, a host elsewhere, the turn of the year in Shanghai.

use super::*;
use lingzheng::model::settings::Keep;
use lingzheng::store::{Store, StoreError};

fn crawl_at(home: &Home, round: usize, now: &str) -> Ran {
    let round = round.to_string();
    home.run(&[
        "--now",
        now,
        "crawl",
        "--recorded",
        fixtures(),
        "--round",
        &round,
        "gx",
        "gd",
        "he",
    ])
}

#[test]
fn a_clock_that_jumps_changes_no_order_and_throws_nothing_away() {
    let home = Home::new();
    crawl_at(&home, 1, ROUNDS[0]).well();
    // Two days back, then five years ahead, then right again.
    crawl_at(&home, 3, "2026-12-07T09:00:00+08:00").ends(0);
    assert_eq!(
        crawl_at(&home, 3, "2031-12-07T09:00:00+08:00").code,
        Some(0)
    );
    let kept = home.run(&["--format", "jsonl", "changes", "--all"]).well();
    let mut store = Store::open(home.db()).unwrap();
    let pruned = store.prune(
        "2037-01-01T00:00:00Z".parse().unwrap(),
        Keep {
            visits: 30,
            versions: 30,
        },
    );
    assert!(
        matches!(pruned, Err(StoreError::Clock { .. })),
        "{pruned:?}"
    );
    drop(store);
    crawl_at(&home, 5, ROUNDS[4]).ends(0);

    let after = home.run(&["--format", "jsonl", "changes", "--all"]).well();
    let seqs: Vec<usize> = after
        .lines()
        .map(|l| {
            let event: serde_json::Value = serde_json::from_str(l).unwrap();
            let id = event["id"].as_str().unwrap().to_string();
            id.split_once(':').unwrap().1.parse().unwrap()
        })
        .collect();
    let ascending: Vec<usize> = (1..=seqs.len()).collect();
    assert_eq!(seqs, ascending, "by number, whatever the clock said");
    assert!(after.starts_with(&kept), "what was told stays told");
    home.run(&["doctor"]).well();
}

#[test]
fn days_are_chinas_wherever_the_host_stands() {
    let home = Home::with_demo();
    for zone in ["America/New_York", "Pacific/Kiritimati", "UTC", ""] {
        let mut command = home.command();
        // Two o'clock in the morning in Shanghai is the day before in New York.
        command.env("TZ", zone).args([
            "--now",
            "2026-12-17T02:00:00+08:00",
            "--format",
            "text",
            "sources",
        ]);
        assert!(
            finished(&mut command).well().contains("2026-12-16"),
            "{zone}"
        );
        let mut since = home.command();
        since
            .env("TZ", zone)
            .args(["--now", NOW, "changes", "--since", "2026-12-16"]);
        let text = finished(&mut since).well();
        assert!(
            text.contains("0311-55502748") && !text.contains("[新]"),
            "{zone}: {text}"
        );
    }
}

#[test]
fn at_the_turn_of_the_year_a_day_without_a_year_is_the_last_one() {
    let url = |n: u32| format!("https://rsks.example.gov.cn/n/{n}.html");
    let title = |n: u32| format!("关于领取第{n}批计算机软件资格考试证书的通知");
    for (now, published) in [
        ("2026-12-31T23:59:50+08:00", ["2026-12-31", "2026-01-01"]),
        ("2026-12-31T15:59:50Z", ["2026-12-31", "2026-01-01"]),
        ("2027-01-01T00:00:10+08:00", ["2026-12-31", "2027-01-01"]),
        ("2026-12-31T16:00:10Z", ["2026-12-31", "2027-01-01"]),
    ] {
        let home = Home::new();
        home.write(
            "mine.toml",
            format!(
                "format = 1\n{}",
                site::block("x", "https://rsks.example.gov.cn/l/")
            ),
        );
        let mut rows = vec![(url(1), "12-31", title(1)), (url(2), "01-01", title(2))];
        if published[1].starts_with("2026") {
            rows.reverse();
            rows.sort_by_key(|r| std::cmp::Reverse(r.1));
        } else {
            rows.reverse();
        }
        site::record(
            &home,
            "x",
            1,
            &[
                ("https://rsks.example.gov.cn/l/".into(), site::list(&rows)),
                (url(1), site::notice(&title(1), "领取时间：1月10日至20日。")),
                (url(2), site::notice(&title(2), "领取时间：1月10日至20日。")),
            ],
        );
        site::play(&home, now, 1, &[]).ends(0);
        let notices = home
            .run(&[
                "--format",
                "json",
                "--sources",
                "mine.toml",
                "notices",
                "--all",
                "--source",
                "x",
            ])
            .json();
        for (n, day) in (1..=2).zip(published) {
            let notice = notices["data"]
                .as_array()
                .unwrap()
                .iter()
                .find(|x| x["url"] == url(n));
            assert_eq!(notice.unwrap()["published"], day, "{now}: notice {n}");
        }
        // One run, one moment.
        let events = home.run(&["--format", "jsonl", "changes", "--all"]).well();
        let moments: std::collections::BTreeSet<String> = events
            .lines()
            .map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap()["at"].to_string())
            .collect();
        assert_eq!(moments.len(), 1, "{events}");
    }
}
