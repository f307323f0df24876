//! `sources.toml`: it loads, it is whole, and what does not hold is told with its place.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test"
)]

use lingzheng::adapter::Families;
use lingzheng::config::{
    BUILTIN, MAX_BYTES, Severity, check, load_catalog, load_settings, resolve_watch,
};
use lingzheng::model::source::{Basis, NATIONAL};
use lingzheng::model::{Catalog, Kind, settings::Watch};
use std::path::Path;

mod errors;

fn families() -> Vec<String> {
    let families = Families::builtin();
    families.names().into_iter().map(String::from).collect()
}

fn builtin() -> Catalog {
    load_catalog(BUILTIN, None, &families()).unwrap()
}

fn overlaid(text: &str) -> Result<Catalog, String> {
    let overlay = Some((Path::new("my.toml"), text));
    load_catalog(BUILTIN, overlay, &families()).map_err(|e| e.to_string())
}

/// Every office of the directory: 31 provinces, the corps, five cities, and the national sites.
const OFFICES: &str = "cn-ruankao cn-bm cn-query cn-cpta cn-cpta-cert bj tj he sx nm ln dl jl hl sh js zj \
    nb ah fj xm jx sd qd ha hb hn gd sz gx hi cq sc gz yn xz sn gs qh nx xj bt";

#[test]
fn the_built_in_catalog_is_whole() {
    let catalog = builtin();
    for id in OFFICES.split_whitespace() {
        let source = catalog
            .source(id)
            .unwrap_or_else(|| panic!("no source {id}"));
        if !id.starts_with("cn-") {
            assert_eq!(source.region, id);
            assert!(catalog.region(id).is_some(), "no region {id}");
        }
    }
    assert_eq!(catalog.regions.len(), 37);
    assert_eq!(catalog.exams[0].qualifications.len(), 27);
    assert_eq!(
        catalog.sittings.first().map(|s| s.id.as_str()),
        Some("2022H1")
    );
    assert_eq!(catalog.sittings[0].not_held.len(), 7);
    let next = catalog.sittings.last().unwrap();
    assert_eq!(
        (next.id.as_str(), next.first),
        ("2026H2", jiff::civil::date(2026, 10, 24))
    );
    let count = |basis| {
        let watched = |s: &&lingzheng::model::Source| s.kind == Kind::List && s.basis == basis;
        catalog.sources.iter().filter(watched).count()
    };
    assert_eq!(
        (
            count(Basis::Seen),
            count(Basis::Sibling),
            count(Basis::Home)
        ),
        (15, 3, 0)
    );
}

#[test]
fn regions_answer_to_their_names() {
    let catalog = builtin();
    for (word, id) in [
        ("广西", "gx"),
        ("廣西", "gx"),
        ("45", "gx"),
        ("Guangxi", "gx"),
        ("shaanxi", "sn"),
        ("陝西", "sn"),
        ("Tibet", "xz"),
        ("新疆兵团", "bt"),
        ("厦门市", "xm"),
        ("4403", "sz"),
        ("Inner Mongolia", "nm"),
        ("hlj", "hl"),
    ] {
        assert_eq!(
            catalog.region(word).map(|r| r.id.as_str()),
            Some(id),
            "{word}"
        );
    }
    let mut words: Vec<&String> = catalog
        .regions
        .iter()
        .flat_map(|r| {
            [&r.id, &r.code, &r.name, &r.full, &r.pinyin]
                .into_iter()
                .chain(&r.aliases)
        })
        .collect();
    let all = words.len();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), all, "a word means two regions");
}

#[test]
fn regions_are_served() {
    let catalog = builtin();
    let by = |id: &str| catalog.region(id).unwrap().served_by.join(" ");
    assert_eq!(by("gx"), "gx");
    assert_eq!(by("xm"), "xm fj");
    assert_eq!(by("zj"), "zj cn-ruankao");
    assert_eq!(by("sd"), "sd sd-zaozhuang sd-yantai");
    assert_eq!(by("sz"), "sz gd");
}

#[test]
fn the_built_in_catalog_contradicts_nothing() {
    let found = check(&builtin());
    let errors: Vec<_> = found
        .iter()
        .filter(|f| f.severity == Severity::Error)
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let codes = |code| {
        found
            .iter()
            .filter(|f| f.code == code)
            .map(|f| f.subject.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(codes("sibling"), ["nm", "gs", "qh"]);
    assert_eq!(codes("no_city"), ["he", "sd", "gd"]);
    assert_eq!(codes("plain"), [""; 0]);
    assert_eq!(codes("same_list"), [""; 0]);
    assert_eq!(codes("repeated"), [""; 0]);
}

#[test]
fn check_tells_what_is_doubtful() {
    let catalog = overlaid(
        r#"format = 1
        [[region]]
        id = "hk"
        code = "81"
        name = "香港"
        full = "香港特别行政区"
        pinyin = "xianggang"
        [[source]]
        id = "a1"
        region = "甘肃"
        name = "甲"
        list = "http://www.hbsoft.net/"
        family = "vsb"
        entry = "li.same"
        [[source]]
        id = "a2"
        region = "甘肃"
        name = "乙"
        list = "https://www.a2.com/"
        family = "vsb"
        entry = "li.same"
        [[source]]
        id = "a3"
        region = "甘肃"
        name = "丙"
        list = "https://www.a2.com/"
        family = "vsb"
        entry = "li.same""#,
    )
    .unwrap();
    let old = check(&builtin());
    let new: Vec<String> = check(&catalog)
        .into_iter()
        .filter(|f| !old.contains(f))
        .map(|f| format!("{:?} {} {}: {}", f.severity, f.subject, f.code, f.message))
        .collect();
    assert_eq!(
        new,
        [
            "Error hk unserved: 香港: no source serves it",
            "Error a1 retired: follows www.hbsoft.net, which hb lists as retired",
            "Warning a1 plain: its address is plain http; try https, else say `plain = true`",
            "Warning a3 same_list: watches the same page as a2",
            "Warning vsb repeated: a1, a2, a3 say entry = \"li.same\": it belongs to the family",
        ]
    );
}

#[test]
fn an_overlay_wins_key_by_key_and_freezes_nothing_else() {
    let catalog = overlaid(
        r#"format = 1
        [[source]]
        id = "gx"
        list = "https://www.gxpta.com.cn/new/"
        [[source]]
        id = "cn-cpta"
        http = { pause = 9.5 }
        [[source]]
        id = "sd-weifang"
        region = "shandong"
        city = "潍坊"
        name = "潍坊市人事考试机构"
        list = "https://weifang.example.cn/ks/"
        family = "trs"
        date = ["span"]
        [source.pager]
        style = "index0"
        [[region]]
        id = "gx"
        tier = 1"#,
    )
    .unwrap();
    let gx = catalog.source("gx").unwrap();
    assert_eq!(gx.list, "https://www.gxpta.com.cn/new/");
    assert_eq!(gx.shape.entry.as_deref(), Some("ul.articles > li"));
    let cpta = catalog.source("cn-cpta").unwrap();
    assert_eq!((cpta.http.plain, cpta.http.pause), (true, Some(9.5)));
    let city = catalog.source("sd-weifang").unwrap();
    assert_eq!(
        (city.region.as_str(), city.hosts.as_slice()),
        ("sd", &["weifang.example.cn".to_string()][..])
    );
    assert_eq!(city.shape.pager.as_ref().unwrap().style, "index0");
    assert!(
        catalog
            .region("sd")
            .unwrap()
            .served_by
            .contains(&"sd-weifang".to_string())
    );
    assert_eq!(catalog.region("gx").unwrap().tier, Some(1));
    assert_eq!(catalog.region("gx").unwrap().name, "广西");
    assert_eq!(catalog.sources.len(), builtin().sources.len() + 1);
    assert_eq!(overlaid("format = 1\n").unwrap(), builtin());
}

#[test]
fn national_sources_belong_to_no_region() {
    let catalog = builtin();
    assert_eq!(catalog.source("cn-ruankao").unwrap().region, NATIONAL);
    assert!(catalog.region(NATIONAL).is_none());
}

#[test]
fn settings_files() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config.toml");
    let missing = load_settings(Some(&path)).unwrap_err().to_string();
    assert!(
        missing.contains("config.toml: cannot be read: "),
        "{missing}"
    );
    std::fs::write(&path, b"[net]\n# \xb9\xe3\n").unwrap();
    let gbk = load_settings(Some(&path)).unwrap_err().to_string();
    assert!(
        gbk.ends_with("config.toml: line 2 is not UTF-8; save the file as UTF-8"),
        "{gbk}"
    );
    std::fs::write(&path, "x".repeat(MAX_BYTES + 1)).unwrap();
    let large = load_settings(Some(&path)).unwrap_err().to_string();
    assert!(
        large.ends_with("config.toml: larger than 512 KiB"),
        "{large}"
    );
    std::fs::write(&path, "[net]\npause = 3\n[watch]\nregions = [\"广西\"]\n").unwrap();
    let settings = load_settings(Some(&path)).unwrap();
    assert_eq!((settings.net.pause, settings.net.retries), (3.0, 2));
    let watch = resolve_watch(&settings.watch, &builtin()).unwrap();
    assert_eq!(watch.regions, ["gx"]);
    let wrong = Watch {
        exams: vec!["软考".into()],
        regions: vec!["广希".into()],
    };
    let error = resolve_watch(&wrong, &builtin()).unwrap_err();
    assert_eq!(error, "unknown region `广希`; did you mean `广东`?");
}
