//! A small invented country.

use lingzheng::model::facts::{ExamRef, Method, NoticeKind, WindowMethod};
use lingzheng::model::source::{Kind, Lag};
use lingzheng::model::{
    CHINA, Catalog, Date, Exam, Facts, Notice, NoticeId, Reading, Region, Sitting, Source,
    SourceState, Standing, Timestamp, Version, Window,
};
use lingzheng::outlook::{Known, standings};
use std::collections::BTreeMap;

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn at(text: &str) -> Timestamp {
    CHINA.to_timestamp(day(text).at(9, 0, 0, 0)).unwrap()
}

fn region(id: &str, name: &str, tier: u8, lags: &[(&str, i32)]) -> Region {
    Region {
        id: id.into(),
        name: name.into(),
        full: name.into(),
        pinyin: id.into(),
        tier: Some(tier),
        lags: lags
            .iter()
            .map(|(sitting, days)| Lag {
                sitting: sitting.to_string(),
                days: *days,
                basis: "notice".into(),
            })
            .collect(),
        ..Region::default()
    }
}

fn source(id: &str, region: &str, city: Option<&str>) -> Source {
    Source {
        id: id.into(),
        region: region.into(),
        city: city.map(String::from),
        name: format!("{id} office"),
        list: format!("https://{id}.example/list/"),
        ..Source::default()
    }
}

fn sitting(id: &str, first: &str, last: &str, not_held: &[&str]) -> Sitting {
    Sitting {
        exam: "ruankao".into(),
        id: id.into(),
        first: day(first),
        last: Some(day(last)),
        basis: "test".into(),
        not_held: not_held.iter().map(|s| s.to_string()).collect(),
    }
}

/// cq knows itself well, fj a little, gx not at all; xm and sz live on their province's office;
/// sd hands out by city; zj lives on a national site; hn has no office that is watched; nb was
/// called off.
pub(crate) fn catalog() -> Catalog {
    let mut regions = vec![
        region("gx", "广西", 3, &[]),
        region(
            "cq",
            "重庆",
            2,
            &[
                ("2022H2", 104),
                ("2024H2", 45),
                ("2025H2", 48),
                ("2026H1", 47),
            ],
        ),
        region("fj", "福建", 1, &[("2025H1", 54)]),
        region("xm", "厦门", 1, &[]),
        region("gd", "广东", 1, &[]),
        region("sz", "深圳", 1, &[]),
        region("sd", "山东", 2, &[]),
        region("zj", "浙江", 1, &[]),
        region("hn", "湖南", 2, &[]),
        region("nb", "宁波", 1, &[]),
    ];
    for (child, parent) in [("xm", "fj"), ("sz", "gd")] {
        let r = regions.iter_mut().find(|r| r.id == child).unwrap();
        r.parent = Some(parent.into());
        r.served_by = vec![parent.into()];
    }
    for r in regions.iter_mut() {
        r.by_city = r.id == "sd";
        if r.id == "zj" {
            r.served_by = vec!["cn-ruankao".into()];
        }
    }
    Catalog {
        exams: vec![Exam {
            id: "ruankao".into(),
            name: "计算机技术与软件专业技术资格（水平）考试".into(),
            aliases: vec!["软考".into(), "计算机技术与软件专业技术资格".into()],
            qualifications: vec![],
        }],
        sittings: vec![
            sitting("2025H2", "2025-11-08", "2025-11-11", &[]),
            sitting("2026H1", "2026-05-23", "2026-05-26", &[]),
            sitting("2026H2", "2026-10-24", "2026-10-27", &["nb"]),
        ],
        sources: vec![
            source("gx", "gx", None),
            source("cq", "cq", None),
            source("fj", "fj", None),
            source("gd", "gd", None),
            source("sd", "sd", None),
            source("sd-zaozhuang", "sd", Some("枣庄")),
            source("cn-ruankao", "cn", None),
            source("nb", "nb", None),
            Source {
                kind: Kind::Manual,
                ..source("hn", "hn", None)
            },
        ],
        regions,
    }
}

/// Exams as `软考 2026H2`, `软考`, `会计 2026H2`, `专业技术人员资格`; several by comma.
fn exams(words: &str) -> Vec<ExamRef> {
    words
        .split(',')
        .filter(|w| !w.is_empty())
        .map(|w| {
            let (name, sitting) = w.split_once(' ').unwrap_or((w, ""));
            let (year, half) = sitting.split_once('H').unwrap_or((sitting, ""));
            ExamRef {
                name: name.into(),
                year: year.parse().ok(),
                half: half.parse().ok(),
            }
        })
        .collect()
}

/// Windows as `mail 2026-12-10..2026-12-20 @枣庄市`, an open side left out; several by comma.
fn windows(words: &str) -> Vec<Window> {
    words
        .split(',')
        .filter(|w| !w.is_empty())
        .map(|w| {
            let (head, scope) = w.split_once(" @").map_or((w, None), |(h, s)| (h, Some(s)));
            let (method, range) = head.split_once(' ').unwrap();
            let (start, end) = range.split_once("..").unwrap();
            Window {
                id: None,
                method: match method {
                    "mail" => WindowMethod::Mail,
                    "onsite" => WindowMethod::Onsite,
                    _ => WindowMethod::Any,
                },
                start: start.parse().ok(),
                end: end.parse().ok(),
                start_time: None,
                end_time: None,
                days: None,
                hours: vec![],
                scope: scope.map(String::from),
                estimate: false,
                quote: w.into(),
            }
        })
        .collect()
}

/// `source kind published | title | exams | windows`.
pub(crate) fn notice(id: i64, words: &str) -> Notice {
    let mut parts = words.split('|').map(str::trim);
    let mut head = parts.next().unwrap().split(' ');
    let (source, kind, published) = (
        head.next().unwrap(),
        head.next().unwrap(),
        head.next().unwrap(),
    );
    let (title, named, windows) = (
        parts.next().unwrap(),
        exams(parts.next().unwrap()),
        self::windows(parts.next().unwrap()),
    );
    let kind: NoticeKind = serde_json::from_value(kind.into()).unwrap();
    let published = Some(day(published));
    let facts = Facts {
        title: title.into(),
        published,
        kind,
        exams: named,
        methods: windows
            .iter()
            .filter_map(|w| match w.method {
                WindowMethod::Mail => Some(Method::Mail),
                WindowMethod::Onsite => Some(Method::Onsite),
                WindowMethod::Any => None,
            })
            .collect(),
        windows,
        ..Facts::default()
    };
    Notice {
        id: NoticeId(id),
        source: source.into(),
        url: format!("https://{source}.example/{id}"),
        title: title.into(),
        published,
        external: false,
        kind: Some(kind),
        first_seen: at("2026-12-01"),
        last_seen: at("2026-12-01"),
        last_fetched: Some(at("2026-12-01")),
        etag: None,
        last_modified: None,
        gone_suspect: 0,
        gone: false,
        unsteady_until: None,
        by_hand: false,
        told: true,
        latest: Some(Version {
            n: 1,
            seen_at: at("2026-12-01"),
            url: String::new(),
            content_type: None,
            plain_http: false,
            page: String::new(),
            article_digest: String::new(),
            reading: Reading {
                facts,
                ..Reading::default()
            },
            revision: 1,
        }),
    }
}

/// All sources well on that day.
pub(crate) fn well(catalog: &Catalog, today: Date) -> BTreeMap<String, SourceState> {
    let state = SourceState {
        last_good: CHINA.to_timestamp(today.at(8, 0, 0, 0)).ok(),
        ..SourceState::default()
    };
    catalog
        .sources
        .iter()
        .map(|s| (s.id.clone(), state.clone()))
        .collect()
}

pub(crate) fn stand(region: &str, today: &str, notices: &[&str]) -> Standing {
    let catalog = catalog();
    let notices: Vec<Notice> = (1..).zip(notices).map(|(i, w)| notice(i, w)).collect();
    let today = day(today);
    let states = well(&catalog, today);
    let known = Known {
        catalog: &catalog,
        notices: &notices,
        states: &states,
        signals: &[],
        today,
    };
    let all = standings(&known, "ruankao", "2026H2");
    assert_eq!(all.len(), catalog.regions.len());
    all.into_iter().find(|s| s.region == region).unwrap()
}

pub(crate) const GX: &str = "gx pickup 2026-12-10 | 2026年下半年软考证书领取通知 | 软考 2026H2 | mail 2026-12-15..2026-12-31";
