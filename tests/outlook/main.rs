//! `outlook`: where a region stands, as rows.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test"
)]

mod forecast;
mod support;

use lingzheng::model::facts::Place as Counter;
use lingzheng::model::source::Kind;
use lingzheng::model::{Electronic, Gap, Grounds, Notice, NoticeId, Signal, Stage, event};
use lingzheng::outlook::{Known, board, due, standings, ties};
use lingzheng::render::html::{Place, site};
use lingzheng::render::{Lang, terminal};
use std::collections::BTreeMap;
use support::{GX, at, catalog, day, notice, stand, well};

/// Rows as in the file, with their notices.
fn rows() -> Vec<(&'static str, Vec<&'static str>)> {
    let mut out: Vec<(&str, Vec<&str>)> = Vec::new();
    let lines = include_str!("standings.txt").lines();
    for line in lines.filter(|l| !l.starts_with('#') && !l.is_empty()) {
        match (line.strip_prefix("  "), out.last_mut()) {
            (Some(notice), Some((_, notices))) => {
                notices.push(if notice == "GX" { GX } else { notice })
            }
            _ => out.push((line, Vec::new())),
        }
    }
    out
}

#[test]
fn a_region_stands_where_its_notices_say() {
    let rows = rows();
    assert!(rows.len() >= 25);
    for (row, notices) in rows {
        let [region, today, stage, left, to_open] = row.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{row}")
        };
        let s = stand(region, today, &notices);
        assert_eq!(
            (s.stage.word(), s.days_left, s.days_to_open),
            (stage, left.parse().ok(), to_open.parse().ok()),
            "{row} {notices:?}: {s:#?}"
        );
    }
}

#[test]
fn it_says_what_it_rests_on_and_what_it_does_not_know() {
    let s = stand("gx", "2026-11-25", &[]);
    assert_eq!(
        s.basis,
        Grounds::Pooled {
            points: 4,
            tier: Some(3)
        }
    );
    assert_eq!(s.expected, Some((day("2026-12-08"), day("2026-12-31"))));
    assert_eq!(s.kept_until, Some(day("2031-10-27")));
    assert_eq!(
        s.electronic,
        Electronic::Expected {
            from: day("2026-11-27"),
            to: day("2026-12-04")
        }
    );
    assert_eq!(s.unknown, vec![]);
    assert_eq!(stand("gx", "2027-03-01", &[]).unknown, vec![Gap::RangeOver]);
    assert_eq!(stand("hn", "2026-11-25", &[]).unknown, vec![Gap::NoSource],);
    assert!(stand("hn", "2026-11-25", &[]).unwatched);
    assert_eq!(
        stand("cq", "2026-11-25", &[]).basis,
        Grounds::Own { points: 3 }
    );
    assert_eq!(
        stand("fj", "2026-11-25", &[]).basis,
        Grounds::Mixed { others: 3 }
    );
    let told = stand("gx", "2026-12-10", &[GX]);
    assert_eq!((told.expected, told.basis), (None, Grounds::None));
    assert_eq!(told.paper.mail.unwrap().to, Some(day("2026-12-31")));
    assert_eq!(told.paper.onsite, None);
    assert_eq!(
        stand(
            "gx",
            "2026-12-11",
            &["gx pickup 2026-12-10 | t | 软考 2026H2 |"]
        )
        .unknown,
        vec![Gap::NoDates]
    );
    let off = [
        GX,
        "gx postponement 2026-12-18 | 关于暂停2026年下半年软考证书领取的通知 | 软考 2026H2 |",
    ];
    assert_eq!(stand("gx", "2026-12-20", &off).unknown, vec![Gap::PutOff]);
    let e = "cn-ruankao e_certificate 2026-12-01 | 电子证书 | 软考 2026H2 |";
    assert_eq!(
        stand("gx", "2026-12-02", &[e]).electronic,
        Electronic::Available {
            since: Some(day("2026-12-01")),
            notice: Some(NoticeId(1)),
        }
    );
    let none = stand("nb", "2026-12-20", &[]);
    assert_eq!((none.expected, none.kept_until), (None, None));
}

#[test]
fn a_region_whose_offices_are_silent_is_unknown() {
    let catalog = catalog();
    let states = well(&catalog, day("2026-11-01"));
    let known = Known {
        catalog: &catalog,
        notices: &[],
        states: &states,
        signals: &[],
        today: day("2026-11-25"),
    };
    let all = standings(&known, "ruankao", "2026H2");
    let gx = all.iter().find(|s| s.region == "gx").unwrap();
    assert_eq!(gx.stage, Stage::Unknown);
    assert!(matches!(&gx.unknown[..], [Gap::Silent { source, since: Some(_) }] if source == "gx"));
    assert!(gx.expected.is_some());
}

#[test]
fn cities_stand_by_themselves() {
    let s = stand(
        "sd",
        "2026-12-20",
        &[
            "sd pickup 2026-12-09 | t | 软考 2026H2 | onsite 2027-01-05..2027-02-01 @济宁市",
            "sd-zaozhuang pickup 2026-12-10 | t | 软考 2026H2 | onsite 2026-12-11..2026-12-22",
        ],
    );
    let cities: Vec<_> = s
        .cities
        .iter()
        .map(|c| (c.city.as_str(), c.stage))
        .collect();
    assert_eq!(
        cities,
        [("枣庄", Stage::Closing), ("济宁", Stage::Announced)]
    );
    let watched: Vec<bool> = s.cities.iter().map(|c| c.watched).collect();
    assert_eq!(watched, [true, false]);
    assert!(s.unwatched);
    assert_eq!(s.unknown, vec![Gap::Cities]);
}

/// A table may write 济宁 for 济宁市 where its place says which city that is; another city's own
/// region is then not meant.
#[test]
fn a_table_may_leave_out_the_word_for_city() {
    let mut table = notice(
        1,
        "sd pickup 2026-12-09 | t | 软考 2026H2 | onsite 2027-01-05..2027-02-01 @济宁",
    );
    let facts = &mut table.latest.as_mut().unwrap().reading.facts;
    facts.places = vec![Counter {
        scope: Some("济宁".into()),
        name: Some("济宁市人事考试中心".into()),
        address: None,
        phones: Vec::new(),
        level: None,
    }];
    let mut elsewhere = table.clone();
    (elsewhere.id, elsewhere.source) = (NoticeId(2), "gd".into());
    let catalog = catalog();
    let known = Known {
        catalog: &catalog,
        notices: &[table, elsewhere],
        states: &well(&catalog, day("2026-12-20")),
        signals: &[],
        today: day("2026-12-20"),
    };
    let all = standings(&known, "ruankao", "2026H2");
    let of = |id: &str| all.iter().find(|s| s.region == id).unwrap();
    let cities: Vec<&str> = of("sd").cities.iter().map(|c| c.city.as_str()).collect();
    assert_eq!(cities, ["枣庄", "济宁"]);
    assert_eq!(of("gd").notices, [NoticeId(2)]);
    assert_eq!(of("sz").notices, []);
}

/// A page that an office edits in place is of no day and speaks of no sitting: it stands beside the
/// region's notices.
#[test]
fn a_standing_page_is_shown_with_its_region() {
    let mut catalog = catalog();
    for id in ["gx", "gd"] {
        let page = catalog.sources.iter_mut().find(|s| s.id == id).unwrap();
        page.kind = Kind::Page;
    }
    let known = Known {
        catalog: &catalog,
        notices: &[
            notice(1, "gx other 2020-01-01 | 证书领取指南 | |"),
            notice(
                2,
                "gd pickup 2026-12-10 | t | 软考 2026H2 | mail 2026-12-15..2026-12-31",
            ),
            notice(3, "cq other 2026-12-01 | 别的事 | |"),
        ],
        states: &well(&catalog, day("2026-12-20")),
        signals: &[],
        today: day("2026-12-20"),
    };
    let mut board = board(&known, "ruankao", "2026H2", &[], at("2026-12-20")).unwrap();
    assert_eq!(board.regions["gx"].pages, [NoticeId(1)]);
    // A notice of the sitting is shown as such.
    assert_eq!(board.regions["gd"].pages, []);
    assert_eq!(board.standing("gx").unwrap().notices, []);
    let ids: Vec<NoticeId> = board.notices.keys().copied().collect();
    assert_eq!(ids, [NoticeId(1), NoticeId(2)]);
    for lang in [Lang::Zh, Lang::En] {
        let shown = terminal::region(&board, "gx", lang).unwrap();
        assert!(shown.contains("证书领取指南"), "{shown}");
        let files = Place::Files { lang, depth: 1 };
        let page = site::region(&board, "gx", site::At { lang, place: files }).unwrap();
        assert!(page.contains("证书领取指南"), "{page}");
    }
    board.keep_region("gx");
    assert_eq!(
        board.notices.keys().copied().collect::<Vec<_>>(),
        [NoticeId(1)]
    );
}

#[test]
fn earlier_sittings_in_the_store_teach() {
    let past = [
        "gx pickup 2026-07-22 | t | 软考 2026H1 | mail 2026-07-23..2026-08-31",
        "gx pickup 2026-08-22 | a reminder | 软考 2026H1 |",
        "gx pickup 2026-01-05 | t | 软考 2025H2 |",
        // Too old, too late, of another kind: none of these is a first notice.
        "gx pickup 2023-08-20 | before the computer exam | 软考 2023H1 |",
        "fj pickup 2026-06-30 | t | 软考 2025H2 |",
        "gd reissue 2026-07-10 | t | 软考 2026H1 |",
    ];
    let s = stand("gx", "2026-11-25", &past);
    assert_eq!(s.basis, Grounds::Own { points: 2 });
    // 58 and 60 days, four to each side.
    assert_eq!(s.expected, Some((day("2026-12-17"), day("2026-12-27"))));
    assert_eq!(stand("gx", "2026-12-28", &past).stage, Stage::Late);
    assert_eq!(
        stand("gd", "2026-11-25", &past).basis,
        Grounds::Pooled {
            points: 6,
            tier: Some(1)
        }
    );
    assert_eq!(
        stand("fj", "2026-11-25", &past).basis,
        Grounds::Mixed { others: 5 }
    );
}

#[test]
fn the_national_signal_beats_the_forecast() {
    let catalog = catalog();
    let signal = |sitting: &str, e_file: &str| Signal {
        exam: "ruankao".into(),
        sitting: sitting.into(),
        scores: None,
        e_file: e_file.parse().ok(),
    };
    for (signals, electronic) in [
        (
            vec![signal("2026H2", "2026-11-30")],
            Electronic::Available {
                since: Some(day("2026-11-30")),
                notice: None,
            },
        ),
        (
            vec![signal("2026H1", "2026-07-10"), signal("2026H2", "")],
            Electronic::Expected {
                from: day("2026-11-27"),
                to: day("2026-12-11"),
            },
        ),
    ] {
        let states = BTreeMap::new();
        let known = Known {
            catalog: &catalog,
            notices: &[],
            states: &states,
            signals: &signals,
            today: day("2026-12-01"),
        };
        assert_eq!(
            standings(&known, "ruankao", "2026H2")[0].electronic,
            electronic
        );
    }
}

/// 重庆 expects its notice from 2026-12-08 to 12-11 by its own past; the electronic certificate came
/// 34 to 41 days after the exam (11-27 to 12-04), the scores 20 to 34 (11-13 to 11-27).
#[test]
fn the_nation_moves_what_every_region_expects() {
    let catalog = catalog();
    let states = well(&catalog, day("2026-12-13"));
    for (scores, e_file, expected, moved, stage) in [
        ("", "", ("2026-12-08", "2026-12-11"), None, Stage::Late),
        (
            "2026-11-20",
            "",
            ("2026-12-08", "2026-12-11"),
            None,
            Stage::Late,
        ),
        (
            "",
            "2026-12-04",
            ("2026-12-08", "2026-12-11"),
            None,
            Stage::Late,
        ),
        (
            "",
            "2026-12-09",
            ("2026-12-13", "2026-12-16"),
            Some((event::Signal::EFile, 5)),
            Stage::Expected,
        ),
        (
            "",
            "2026-11-25",
            ("2026-12-06", "2026-12-09"),
            Some((event::Signal::EFile, -2)),
            Stage::Late,
        ),
        (
            "2026-12-02",
            "",
            ("2026-12-13", "2026-12-16"),
            Some((event::Signal::Scores, 5)),
            Stage::Expected,
        ),
        // The later step says more than the earlier one.
        (
            "2026-12-02",
            "2026-12-03",
            ("2026-12-08", "2026-12-11"),
            None,
            Stage::Late,
        ),
    ] {
        let signals = [
            Signal {
                exam: "ruankao".into(),
                sitting: "2026H2".into(),
                scores: scores.parse().ok(),
                e_file: e_file.parse().ok(),
            },
            // Another exam's are its own.
            Signal {
                exam: "jzs".into(),
                sitting: "2026H2".into(),
                scores: None,
                e_file: Some(day("2027-03-01")),
            },
        ];
        let known = Known {
            catalog: &catalog,
            notices: &[],
            states: &states,
            signals: &signals,
            today: day("2026-12-13"),
        };
        let all = standings(&known, "ruankao", "2026H2");
        let s = all.iter().find(|s| s.region == "cq").unwrap();
        let about = format!("scores {scores}, electronic {e_file}");
        assert_eq!(
            s.expected,
            Some((day(expected.0), day(expected.1))),
            "{about}"
        );
        assert_eq!(s.moved.map(|m| (m.by, m.days)), moved, "{about}");
        assert_eq!(s.stage, stage, "{about}");
        if e_file.is_empty() && moved.is_some() {
            let later = Electronic::Expected {
                from: day("2026-12-02"),
                to: day("2026-12-09"),
            };
            assert_eq!(s.electronic, later, "{about}");
        }
    }
}

#[test]
fn the_sitting_that_is_due() {
    let catalog = catalog();
    for (today, id) in [
        ("2026-05-24", "2025H2"),
        ("2026-05-27", "2026H1"),
        ("2026-10-25", "2026H1"),
        ("2026-10-28", "2026H2"),
        ("2027-05-15", "2026H2"),
        ("2029-01-01", "2026H2"),
        ("2025-01-01", "2025H2"),
    ] {
        assert_eq!(
            due(&catalog, "ruankao", day(today)).unwrap().id,
            id,
            "{today}"
        );
    }
    assert_eq!(due(&catalog, "cpa", day("2026-11-25")), None);
    let known = Known {
        catalog: &catalog,
        notices: &[],
        states: &BTreeMap::new(),
        signals: &[],
        today: day("2026-11-25"),
    };
    assert_eq!(standings(&known, "ruankao", "2031H1"), vec![]);
    assert!(board(&known, "cpa", "2026H2", &[], at("2026-11-25")).is_none());
}

#[test]
fn a_correction_is_tied_to_what_it_corrects() {
    let list = [
        "gx pickup 2026-12-10 | 2026年下半年软考证书领取通知 | 软考 2026H2 |",
        "gx pickup 2026-07-10 | 2026年上半年软考证书领取通知 | 软考 2026H1 |",
        "gx pickup 2026-12-12 | 2026年度二级建造师证书领取通知 | 建造师 2026 |",
        "gx correction 2026-12-20 | 关于更正2026年下半年软考证书领取通知的公告 | 软考 2026H2 |",
        "gx postponement 2026-12-21 | 关于推迟办公的通知 | |",
        "cq correction 2026-12-20 | 关于更正2026年下半年软考证书领取通知的公告 | 软考 2026H2 |",
        "gx correction 2026-06-20 | 关于更正2026年下半年软考证书领取通知的公告 | 软考 2026H2 |",
        "gx correction 2026-12-22 | 关于软考证书邮寄的补充说明 | 软考 2026H2 |",
    ];
    let notices: Vec<Notice> = (1..).zip(list).map(|(i, w)| notice(i, w)).collect();
    let pairs: Vec<(i64, i64)> = ties(&notices)
        .into_iter()
        .map(|(a, b)| (a.0, b.0))
        .collect();
    assert_eq!(pairs, [(4, 1), (8, 1)]);
}
