//! `sources.toml`: it loads, it is whole, and what does not hold is told with its place.

use lingzheng::config::{
    BUILTIN, MAX_BYTES, Severity, check, load_catalog, load_settings, resolve_watch,
};
use lingzheng::model::source::{Basis, NATIONAL};
use lingzheng::model::{Catalog, Kind, settings::Watch};
use std::path::Path;

fn families() -> Vec<String> {
    [
        "trs",
        "hanweb_jpage",
        "hanweb_jpaas",
        "ucap",
        "nfcms",
        "gkmlpt",
        "vsb",
        "webplus",
        "ls",
        "ncms",
        "aspnet",
        "asp_classic",
        "cpta",
        "ruankao",
        "scpta",
        "hebpta",
        "zjgwy",
        "shandong_hrss",
        "bingtuan",
        "lnrsks",
        "henan_do",
        "wechat",
    ]
    .map(String::from)
    .to_vec()
}

fn builtin() -> Catalog {
    load_catalog(BUILTIN, None, &families()).unwrap_or_else(|e| panic!("{e}"))
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

/// A good source after which a row's lines follow: they begin in line 7.
const GOOD: &str = "format = 1\n[[source]]\nid = \"x\"\nregion = \"广西\"\nname = \"某院\"\nlist = \"https://www.x.cn/\"\n";

#[test]
fn what_does_not_hold_is_told_with_its_place() {
    for (lines, message) in [
        (
            "entri = \"li\"",
            "my.toml:7:1: unknown key `entri` in [[source]]",
        ),
        (
            "http = { plane = true }",
            "my.toml:7:10: unknown key `plane` in [source.http]",
        ),
        (
            "[source.pager]\nstil = \"none\"",
            "my.toml:8:1: unknown key `stil` in [source.pager]",
        ),
        (
            "pager = { style = \"index\" }",
            "my.toml:7:19: unknown pager style `index`",
        ),
        ("rows = \"htlm\"", "my.toml:7:8: unknown rows `htlm`"),
        ("family = \"trss\"", "my.toml:7:10: unknown family `trss`"),
        (
            "kind = \"lst\"",
            "my.toml:7:8: `kind`: unknown variant `lst`, expected one of `list`, `page`, `feed`, `home`, `manual`",
        ),
        (
            "exams = [\"ruankao\", \"jisuanji\"]",
            "my.toml:7:21: unknown exam `jisuanji`",
        ),
        (
            "entry = \"li:contains(软考)\"",
            "my.toml:7:9: `entry` is no CSS selector: ",
        ),
        (
            "date = [\"span\", \"#123\"]",
            "my.toml:7:17: `date` is no CSS selector: ",
        ),
        (
            "key = '/art_(\\d+'",
            "my.toml:7:7: `key` is no regular expression: unclosed group",
        ),
        (
            "link_pattern = '(?:\\w{50}){50}'",
            "my.toml:7:16: `link_pattern` is no regular expression: Compiled regex exceeds size limit of 524288 bytes.",
        ),
        (
            "min_rows = \"5\"",
            "my.toml:7:12: `min_rows`: invalid type: string \"5\", expected usize",
        ),
        (
            "body = \"#zoom\"",
            "my.toml:7:8: `body`: invalid type: string \"#zoom\", expected a sequence",
        ),
        (
            "between = [\"<!--a-->\"]",
            "my.toml:7:11: `between` holds two marks",
        ),
        (
            "http = { pause = -1.0 }",
            "my.toml:7:18: `pause` lies between 0 and 3600 seconds",
        ),
        ("http = 5", "my.toml:7:8: `http` is a table: [source.http]"),
        (
            "home = \"www.x.cn\"",
            "my.toml:7:8: `home` is no address: relative URL without a base",
        ),
        (
            "home = \"ftp://www.x.cn\"",
            "my.toml:7:8: `home` must begin with https:// or http://",
        ),
        (
            "home = \"https://www.x.cn@evil.com/\"",
            "my.toml:7:8: `home` must not hold a user name",
        ),
        (
            "hosts = [\"www.y.cn\"]",
            "my.toml:6:8: `list`: the host www.x.cn is not among `hosts` of x",
        ),
        (
            "hosts = [\"https://www.x.cn/\"]",
            "my.toml:6:8: `list`: the host www.x.cn is not among `hosts` of x",
        ),
        (
            "retired = [\"WWW.Y.CN\"]",
            "my.toml:7:12: `WWW.Y.CN` is no bare host name",
        ),
        (
            "retired = [\"www.x.cn\"]",
            "my.toml:7:12: a host is either among `hosts` or `retired`",
        ),
        (
            "note = \"广西\", 5",
            "my.toml:7:12: unexpected key or value, expected newline, `#`",
        ),
        ("id = \"y\"", "my.toml:7:1: duplicate key"),
        (
            "[[source]]\nid = \"x\"",
            "my.toml:8:6: [[source]] `x` stands twice",
        ),
        (
            "[[source]]\nid = \"y\"",
            "my.toml:7:1: [[source]] lacks `region`",
        ),
        (
            "[[source]]\nregion = \"gx\"",
            "my.toml:7:1: [[source]] needs `id`: letters, digits and `-`",
        ),
        (
            "[[source]]\nid = \"a b\"",
            "my.toml:8:6: [[source]] needs `id`: letters, digits and `-`",
        ),
        (
            "[[source]]\nid = \"gx\"\nregion = \"广东省省\"",
            "my.toml:9:10: unknown region `广东省省`",
        ),
        (
            "[[source]]\nid = \"gx\"\nlist = \"https://www.gxpta.cn/\"",
            "my.toml:9:8: `list`: the host www.gxpta.cn is not among `hosts` of gx",
        ),
        (
            "[[sitting]]\nexam = \"ruankao\"\nid = \"2026H2\"\nfirst = 2026-13-24",
            "my.toml:10:9: ",
        ),
        (
            "[[sitting]]\nexam = \"ruankao\"\nid = \"2026H2\"\nlast = 2026-10-20",
            "my.toml:10:8: `last` lies before `first`",
        ),
        (
            "[[region]]\nid = \"gx\"\ntier = 4",
            "my.toml:9:8: `tier` is 1, 2 or 3",
        ),
        (
            "[[region]]\nid = \"gx\"\nserved_by = [\"gxx\"]",
            "my.toml:9:14: unknown source `gxx`",
        ),
        (
            "[[region]]\nid = \"gx\"\nlags = [{ sitting = \"2025H1\", day = 5 }]",
            "my.toml:9:9: a lag lacks `days`",
        ),
        (
            "[[sources]]",
            "my.toml:7:3: unknown key `sources` in the file",
        ),
        (
            "[source.json]\nrows = 5",
            "my.toml:8:8: `rows`: invalid type: integer `5`, expected a string",
        ),
        ("name", "my.toml:7:5: key with no value, expected `=`"),
    ] {
        let error = overlaid(&format!("{GOOD}{lines}\n")).expect_err(lines);
        let first = error.lines().next().unwrap();
        if message.ends_with(": ") {
            assert!(first.starts_with(message), "{lines}\n{error}");
        } else {
            assert_eq!(first, message, "{lines}\n{error}");
        }
    }
}

#[test]
fn whole_files_that_are_refused() {
    for (text, message) in [
        ("", "my.toml:1:1: the file must say `format = 1`"),
        (
            "format = 2\n",
            "my.toml:1:10: this version reads `format = 1` only",
        ),
        (
            "\u{feff}format = 1\n",
            "my.toml:1:1: begins with a byte-order mark (BOM); save it as UTF-8 without one",
        ),
        (
            "format = 1\nsource = 5\n",
            "my.toml:2:1: `source` must be written [[source]]",
        ),
        (
            &"# ten megabytes\n".repeat(655_360),
            "my.toml: larger than 512 KiB",
        ),
    ] {
        let error = overlaid(text).unwrap_err();
        assert_eq!(error.lines().next(), Some(message));
    }
}

#[test]
fn the_caret_stands_under_wide_text() {
    let error = overlaid(&format!(
        "{GOOD}phone = \"1\"\nname2 = 5\n[source.http]\nreferer = \"广西\""
    ))
    .unwrap_err();
    assert_eq!(
        error,
        "my.toml:8:1: unknown key `name2` in [[source]]\n  \
           |\n\
         8 | name2 = 5\n  \
           | ^^^^^ did you mean `name`?\n\
         my.toml:10:11: `referer` is no address: relative URL without a base\n   \
            |\n\
         10 | referer = \"广西\"\n   \
            |           ^^^^^^"
    );
    let wide = overlaid("format = 1\nsource = [{ id = \"w\", region = \"广西\", name = \"人事考试院\", kind = \"lost\" }]\n").unwrap_err();
    assert!(
        wide.contains("\nmy.toml:2:61: `kind`: unknown variant"),
        "{wide}"
    );
    assert!(
        wide.contains(&format!("\n  | {}^^^^^^", " ".repeat(67))),
        "{wide}"
    );
}

#[test]
fn ten_problems_are_told_and_the_rest_is_counted() {
    let many: String = (0..5000).map(|n| format!("key{n} = 1\n")).collect();
    let error = overlaid(&format!("{GOOD}{many}")).unwrap_err();
    assert_eq!(error.matches("unknown key").count(), 10, "{error}");
    assert!(error.ends_with("\n… and 4990 more"), "{error}");
    let line = format!("{GOOD}note = \"{}\"\nsignatur = 1", "长".repeat(150_000));
    let long = overlaid(&line).unwrap_err();
    assert!(
        long.len() < 2000 && long.starts_with("my.toml:8:1: unknown key"),
        "{long}"
    );
    let key = overlaid(&format!("{GOOD}\"{}\\u001b[31m\" = 1", "k".repeat(50_000))).unwrap_err();
    assert!(key.len() < 2000 && !key.contains('\u{1b}'), "{key}");
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
