//! Every office's folder below `fixtures/`: its rows, its notices' facts, and what each recorded
//! round reports. A new office needs a folder, no test code.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use lingzheng::adapter::{Families, Office};
use lingzheng::crawl::{self, Job, read::Reader};
use lingzheng::fetch::{Fetcher, Files, Recorded, Site, Want};
use lingzheng::model::{Catalog, Change, Settings, Timestamp, china_date};
use lingzheng::store::Store;
use lingzheng::{config, model};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Deserialize)]
struct Rounds {
    round: Vec<Round>,
}

#[derive(Deserialize)]
struct Round {
    n: u32,
    now: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    source: String,
    #[serde(default)]
    list: Option<List>,
    #[serde(default)]
    entry: Vec<Row>,
    #[serde(default)]
    notice: Vec<toml::Table>,
    #[serde(default)]
    change: Vec<Told>,
    #[serde(default)]
    fault: Vec<Bad>,
    #[serde(default)]
    miss: Vec<Miss>,
}

/// A fact that the program is known to read otherwise than a person does. The mark stays the
/// person's; a miss that is one no more must be struck out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Miss {
    url: String,
    key: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    /// Rows of the first page.
    rows: usize,
    /// The page after it, as the list's own pager names it.
    #[serde(default)]
    second: Option<Second>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Second {
    url: String,
    rows: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(default = "one")]
    round: u32,
    title: String,
    url: String,
    /// None = the list shows no date, nor does the address.
    #[serde(default)]
    published: Option<String>,
    #[serde(default)]
    title_cut: bool,
    #[serde(default)]
    external: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    round: u32,
    url: String,
    r#type: String,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    old: Option<String>,
    #[serde(default)]
    new: Option<String>,
    #[serde(default)]
    words: Option<String>,
}

#[derive(Deserialize)]
struct Bad {
    round: u32,
    url: String,
    verdict: String,
}

fn one() -> u32 {
    1
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Folders with an `expect.toml`: offices of the catalog, and below `_family` those that stand for
/// a make of sites.
fn folders() -> Vec<(PathBuf, Expected)> {
    let mut out = Vec::new();
    let of = |dir: PathBuf| std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path());
    for dir in of(root()).chain(of(root().join("_family"))) {
        if let Ok(text) = std::fs::read_to_string(dir.join("expect.toml")) {
            let expected =
                toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
            out.push((dir, expected));
        }
    }
    assert!(out.len() >= 6, "the recorded offices are missing");
    out.sort_by(|a, b| a.0.cmp(&b.0));
    out
}

fn rounds() -> Vec<Round> {
    let text = std::fs::read_to_string(root().join("rounds.toml")).unwrap();
    toml::from_str::<Rounds>(&text).unwrap().round
}

/// The built-in catalog, with the folder's own block where it brings one.
fn catalog(dir: &Path, families: &Families) -> Catalog {
    let names: Vec<String> = families.names().iter().map(|n| n.to_string()).collect();
    let path = dir.join("source.toml");
    let own = std::fs::read_to_string(&path).ok();
    let overlay = own.as_ref().map(|text| (path.as_path(), text.as_str()));
    config::load_catalog(config::BUILTIN, overlay, &names).unwrap()
}

fn office(catalog: &Catalog, families: &Families, id: &str) -> Arc<Office> {
    let source = catalog
        .source(id)
        .unwrap_or_else(|| panic!("fixtures/{id}: no such source"));
    Arc::new(Office::compile(source, families).unwrap())
}

/// The answer of one address at one round.
fn page(
    dir: &Path,
    office: &Office,
    url: &str,
    round: &Round,
) -> Result<model::Page, model::Fault> {
    let now: Timestamp = round.now.parse().unwrap();
    let files = Files::Folder(dir.parent().unwrap().into());
    let fetcher = Fetcher::recorded(Recorded::new(files, round.n, now));
    let site = Site::from(&office.source);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(fetcher.get(Want::page(&site, url)))
}

/// The first page of the list at one round; where that is a shell, the data that fill it.
fn data(dir: &Path, office: &Office, round: &Round) -> model::Page {
    let list = page(dir, office, &office.source.list, round).unwrap();
    let today = china_date(round.now.parse().unwrap());
    match office.list(&list, today) {
        Err(fault) if fault.reason == "endpoint" => {
            page(dir, office, &fault.url.unwrap(), round).unwrap()
        }
        _ => list,
    }
}

#[test]
fn lists_are_read_as_a_person_reads_them() {
    let families = Families::builtin();
    for (dir, expected) in folders() {
        let catalog = catalog(&dir, &families);
        let office = office(&catalog, &families, &expected.source);
        let Some(list) = &expected.list else { continue };
        for round in rounds() {
            let today = china_date(round.now.parse().unwrap());
            let page = data(&dir, &office, &round);
            let name = format!("{} round {}", expected.source, round.n);
            if let Some(bad) = expected
                .fault
                .iter()
                .find(|f| f.round == round.n && f.url == office.source.list)
            {
                let fault = office.list(&page, today).expect_err(&name);
                assert_eq!(fault.verdict.word(), bad.verdict, "{name}: {fault}");
                continue;
            }
            let read = office
                .list(&page, today)
                .unwrap_or_else(|f| panic!("{name}: {f}"));
            assert_eq!(read.entries.len(), list.rows, "{name}: rows");
            assert_eq!(read.faults, [], "{name}: rows that cannot be read");
            for want in expected.entry.iter().filter(|e| e.round == round.n) {
                let got = read
                    .entries
                    .iter()
                    .find(|e| e.url == want.url)
                    .unwrap_or_else(|| {
                        panic!("{name}: no row {} in {:#?}", want.url, read.entries)
                    });
                assert_eq!(
                    (
                        &got.title,
                        got.published.map(|d| d.to_string()),
                        got.title_cut,
                        got.external
                    ),
                    (
                        &want.title,
                        want.published.clone(),
                        want.title_cut,
                        want.external
                    ),
                    "{name}: {}",
                    want.url
                );
            }
        }
    }
}

#[test]
fn the_second_page_is_where_the_pager_says() {
    let families = Families::builtin();
    for (dir, expected) in folders() {
        let Some(second) = expected.list.as_ref().and_then(|l| l.second.as_ref()) else {
            continue;
        };
        let catalog = catalog(&dir, &families);
        let mut source = catalog.source(&expected.source).unwrap().clone();
        let mut pager = families.merge(&source.family, &source.shape).pager;
        pager.as_mut().expect(&expected.source).pages = Some(2);
        source.shape.pager = pager;
        let office = Office::compile(&source, &families).unwrap();
        let round = &rounds()[0];
        let today = china_date(round.now.parse().unwrap());
        let first = office.list(&data(&dir, &office, round), today).unwrap();
        assert_eq!(first.more, [second.url.as_str()], "{}", expected.source);
        let page = page(&dir, &office, &second.url, round).unwrap();
        let next = office.list(&page, today).unwrap();
        assert_eq!(next.entries.len(), second.rows, "{}", expected.source);
        assert_eq!(next.faults, [], "{}", expected.source);
        let again = lingzheng::adapter::pager::same_page(&first.entries, &next.entries);
        assert!(!again, "{}: the first page once more", expected.source);
    }
}

/// Why the built-in offices, families and shapes need no further folder.
#[test]
fn every_known_list_and_every_family_has_a_folder() {
    let families = Families::builtin();
    let names: Vec<String> = families.names().iter().map(|n| n.to_string()).collect();
    let builtin = config::load_catalog(config::BUILTIN, None, &names).unwrap();
    let folders = folders();
    let mut missing = Vec::new();
    let known = |s: &&model::Source| {
        use lingzheng::model::source::{Confidence, Kind};
        matches!(s.kind, Kind::List | Kind::Page | Kind::Feed) && s.confidence != Confidence::Low
    };
    for source in builtin.sources.iter().filter(known) {
        let folder = folders.iter().find(|(_, e)| e.source == source.id);
        if folder.is_none() {
            missing.push(format!("{}: no folder", source.id));
        }
    }
    let mut shown = std::collections::BTreeSet::new();
    for (dir, expected) in &folders {
        let catalog = catalog(dir, &families);
        let source = catalog.source(&expected.source).unwrap();
        shown.insert(source.family.clone());
        let notices = &expected.notice;
        let of = |kind: &str| notices.iter().any(|n| n["kind"].as_str() == Some(kind));
        let other = ["results", "registration", "other"].iter().any(|k| of(k));
        let certificate = ["pickup", "reissue", "e_certificate"].iter().any(|k| of(k));
        let page = source.kind == lingzheng::model::source::Kind::Page;
        // The standing pages are one page each.
        if !(page || certificate && other) {
            missing.push(format!(
                "{}: a certificate notice and one that is none",
                expected.source
            ));
        }
    }
    let families = names.iter().filter(|n| !shown.contains(*n));
    missing.extend(families.map(|n| format!("family {n}: no folder")));
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

#[test]
fn facts_are_read_as_a_person_reads_them() {
    let families = Families::builtin();
    let mut wrong = Vec::new();
    for (dir, expected) in folders() {
        let catalog = catalog(&dir, &families);
        let office = office(&catalog, &families, &expected.source);
        let reader = Reader::new(office.clone(), &catalog, None);
        for mut want in expected.notice {
            let url = want.remove("url").unwrap().as_str().unwrap().to_string();
            let n = want
                .remove("round")
                .map_or(1, |r| r.as_integer().unwrap() as u32);
            let round = rounds().into_iter().find(|r| r.n == n).unwrap();
            let page = page(&dir, &office, &office.article_address(&url), &round).unwrap();
            let article = office
                .article(&page, &url, None)
                .unwrap_or_else(|f| panic!("{url}: {f}"));
            let got = serde_json::to_value(reader.facts(&article).facts).unwrap();
            let lines = differences(&serde_json::to_value(&want).unwrap(), &got);
            let misses = expected.miss.iter().filter(|m| m.url == url);
            let known: Vec<&str> = misses.map(|m| m.key.as_str()).collect();
            let is = |line: &str, key: &str| line.split('\n').next() == Some(key);
            for key in known.iter().filter(|key| !lines.iter().any(|l| is(l, key))) {
                wrong.push(format!(
                    "{} {url}\n  {key} is a miss no more: strike it out",
                    expected.source
                ));
            }
            for line in lines.iter().filter(|l| !known.iter().any(|key| is(l, key))) {
                wrong.push(format!("{} {url}\n  {line}", expected.source));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} facts differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Keys that differ; a key that is left out stands for "not stated". How far a quote is cut is
/// the evidence tests' business.
fn differences(want: &serde_json::Value, got: &serde_json::Value) -> Vec<String> {
    let blank = serde_json::to_value(model::Facts::default()).unwrap();
    let keys = blank.as_object().unwrap().keys();
    let clean = |v: &serde_json::Value| without_quotes(v.clone());
    keys.filter(|k| *k != "schema" && *k != "notes" && *k != "custody")
        .filter_map(|key| {
            let none = &blank[key];
            let (w, g) = (
                clean(want.get(key).unwrap_or(none)),
                clean(got.get(key).unwrap_or(none)),
            );
            (w != g).then(|| format!("{key}\n    want {w}\n    got  {g}"))
        })
        .collect()
}

/// Drops quotes and empty values, so that both sides spell "not stated" the same way.
fn without_quotes(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Object(map) => Value::Object(
            map.into_iter()
                .filter(|(k, v)| {
                    let blank = v.is_null()
                        || v.as_array().is_some_and(Vec::is_empty)
                        || *v == Value::Bool(false) && k == "estimate";
                    k != "quote" && !blank
                })
                .map(|(k, v)| (k, without_quotes(v)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(without_quotes).collect()),
        other => other,
    }
}

#[test]
fn every_round_reports_what_happened_and_nothing_else() {
    let families = Families::builtin();
    for (dir, expected) in folders() {
        let catalog = catalog(&dir, &families);
        let office = office(&catalog, &families, &expected.source);
        let home = tempfile::tempdir().unwrap();
        let mut store = Store::open(home.path().join("a.db")).unwrap();
        let mut settings = Settings::default();
        settings.watch.exams.clear();
        for round in rounds() {
            let now: Timestamp = round.now.parse().unwrap();
            for again in [false, true] {
                let job = Job {
                    catalog: &catalog,
                    offices: vec![office.clone()],
                    settings: &settings,
                    now,
                };
                let files = Files::Folder(dir.parent().unwrap().into());
                let recorded = Recorded::new(files, round.n, now);
                let report = crawl::run(
                    &job,
                    &mut store,
                    |_| Ok(Fetcher::recorded(recorded)),
                    |_| {},
                )
                .unwrap();
                let got: Vec<Line> = report.news(now).map(line).collect();
                let name = format!("{} round {}", expected.source, round.n);
                // The same round again must say nothing.
                let want: Vec<Line> = expected
                    .change
                    .iter()
                    .filter(|c| c.round == round.n && !again)
                    .map(marked)
                    .collect();
                assert!(same(&want, &got), "{name}:\nwant {want:#?}\ngot  {got:#?}");
                if round.n == 4 {
                    // A second denial in the same round would tell round 5's news too early.
                    break;
                }
            }
        }
    }
}

/// One report, as `expect.toml` marks it.
#[derive(Debug, PartialEq)]
struct Line {
    r#type: String,
    url: String,
    /// Path, old, new of each delta that is marked.
    deltas: Vec<[String; 3]>,
    words: Vec<String>,
}

fn marked(c: &Told) -> Line {
    let text = |s: &Option<String>| s.clone().unwrap_or_default();
    let delta = c
        .path
        .as_ref()
        .map(|path| [path.clone(), text(&c.old), text(&c.new)]);
    let words = c.words.iter().filter(|_| c.path.is_some()).cloned();
    Line {
        r#type: c.r#type.clone(),
        url: c.url.clone(),
        deltas: delta.into_iter().collect(),
        words: words.collect(),
    }
}

fn line(event: &model::Event) -> Line {
    let deltas = match &event.change {
        Change::Facts { deltas, .. } | Change::Attachment { deltas } => deltas.as_slice(),
        _ => &[],
    };
    let text = |v: &serde_json::Value| v.as_str().unwrap_or("").to_string();
    Line {
        r#type: event.change.word().to_string(),
        url: event.url.clone(),
        deltas: deltas
            .iter()
            .map(|d| [ordinal(&d.path), text(&d.old), text(&d.new)])
            .collect(),
        words: deltas.iter().map(|d| d.words.clone()).collect(),
    }
}

/// The same reports; the marked words may be cut wider or closer than the evidence.
fn same(want: &[Line], got: &[Line]) -> bool {
    let words = |w: &Line, g: &Line| {
        w.words
            .iter()
            .zip(&g.words)
            .all(|(w, g)| !g.is_empty() && (w.contains(g) || g.contains(w)))
    };
    want.len() == got.len()
        && want.iter().zip(got).all(|(w, g)| {
            (&w.r#type, &w.url, &w.deltas) == (&g.r#type, &g.url, &g.deltas) && words(w, g)
        })
}

/// `/windows/12-w2/end` → `/windows/1/end`.
fn ordinal(path: &str) -> String {
    let mut parts: Vec<String> = path.split('/').map(str::to_string).collect();
    if parts.get(1).is_some_and(|p| p == "windows")
        && let Some(id) = parts.get_mut(2)
        && let Some((_, n)) = id.split_once("-w")
    {
        *id = (n.parse::<usize>().unwrap() - 1).to_string();
    }
    parts.join("/")
}

#[test]
fn a_folder_and_a_block_go_together() {
    let families = Families::builtin();
    for (dir, expected) in folders() {
        let name = dir.file_name().unwrap().to_string_lossy().into_owned();
        assert_eq!(name, expected.source, "a folder bears its source's id");
        assert!(
            catalog(&dir, &families).source(&name).is_some(),
            "{name}: no block"
        );
    }
}
