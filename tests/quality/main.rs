//! Quality is pinned and may only rise: facts read from the labelled notices of
//! `fixtures/notices`, field by field, against the floors of `fixtures/floors.toml`.
//!
//! `LINGZHENG_CORPUS=DIR` reads a labelled corpus outside as well (its floors are under
//! `[outside]`); `LINGZHENG_SHOW=windows` lists every miss of one field.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod score;

use lingzheng::adapter::{Families, Office};
use lingzheng::crawl::read::Reader;
use lingzheng::model::{Article, Catalog, Page, Reading, Source, Timestamp};
use lingzheng::{config, official};
use score::Scores;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

struct Notice {
    id: String,
    gold: Value,
    url: String,
    /// The page in the charset that the office would serve.
    body: Vec<u8>,
}

fn notices(dir: &Path) -> Vec<Notice> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let dir = entry.unwrap().path();
        let Ok(gold) = std::fs::read_to_string(dir.join("gold.json")) else {
            continue;
        };
        let meta = std::fs::read_to_string(dir.join("meta.json")).unwrap();
        let meta: Value = serde_json::from_str(&meta).unwrap();
        let page = std::fs::read_to_string(dir.join("page.html")).unwrap();
        let gb = meta["charset"]
            .as_str()
            .unwrap_or("")
            .to_lowercase()
            .starts_with("gb");
        let body = match gb {
            true => encoding_rs::GB18030.encode(&page).0.into_owned(),
            false => page.into_bytes(),
        };
        out.push(Notice {
            id: dir.file_name().unwrap().to_string_lossy().into_owned(),
            gold: serde_json::from_str(&gold).unwrap(),
            url: meta["url"].as_str().unwrap().to_string(),
            body,
        });
    }
    out.sort_by(|a, b| a.id.cmp(&b.id));
    assert!(!out.is_empty(), "no notices in {}", dir.display());
    out
}

/// Reads as `lingzheng extract` does for an address of no known list.
fn read(catalog: &Catalog, families: &Families, notice: &Notice) -> (Article, Reading) {
    let source = Source {
        id: "any".into(),
        family: "auto".into(),
        ..Source::default()
    };
    let office = Arc::new(Office::compile(&source, families).unwrap());
    let page = Page {
        url: notice.url.clone(),
        status: 200,
        content_type: None,
        etag: None,
        last_modified: None,
        headers: Vec::new(),
        body: notice.body.clone(),
        fetched_at: Timestamp::UNIX_EPOCH,
        plain_http: false,
    };
    let article = office
        .article(&page, &notice.url, None)
        .unwrap_or_else(|fault| panic!("{}: {fault}", notice.id));
    let host = url::Url::parse(&notice.url)
        .ok()
        .and_then(|u| u.host_str().map(str::to_string));
    let region = host.and_then(|h| official::region_of_host(&h, catalog).map(str::to_string));
    let reading = Reader::new(office, catalog, region.as_deref()).facts(&article);
    (article, reading)
}

fn corpora() -> Vec<(&'static str, PathBuf)> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/notices");
    let outside = std::env::var_os("LINGZHENG_CORPUS").map(|dir| ("outside", PathBuf::from(dir)));
    std::iter::once(("own", own)).chain(outside).collect()
}

fn catalog(families: &Families) -> Catalog {
    let names: Vec<String> = families.names().iter().map(|n| n.to_string()).collect();
    config::load_catalog(config::BUILTIN, None, &names).unwrap()
}

#[test]
fn facts_are_as_good_as_they_were() {
    let families = Families::builtin();
    let catalog = catalog(&families);
    let floors = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/floors.toml");
    let floors: BTreeMap<String, BTreeMap<String, f64>> =
        toml::from_str(&std::fs::read_to_string(floors).unwrap()).unwrap();
    let show = std::env::var("LINGZHENG_SHOW").ok();
    let mut low = Vec::new();
    for (name, dir) in corpora() {
        let mut scores = Scores::default();
        for notice in notices(&dir) {
            let (article, reading) = read(&catalog, &families, &notice);
            let got = serde_json::to_value(&reading).unwrap();
            scores.add(&notice.id, &notice.gold, &got, &article);
        }
        println!("{name}\n{scores}");
        if let Some(field) = &show {
            scores
                .misses(field)
                .iter()
                .for_each(|miss| println!("{miss}"));
        }
        for (field, floor) in &floors[name] {
            let got = scores
                .figure(field)
                .unwrap_or_else(|| panic!("no field {field}"));
            if got + 0.0005 < *floor {
                low.push(format!("{name} {field}: {got:.3} < {floor}"));
            }
        }
    }
    assert!(low.is_empty(), "below the floor:\n{}", low.join("\n"));
}

#[test]
fn every_fact_shows_the_words_that_prove_it() {
    let families = Families::builtin();
    let catalog = catalog(&families);
    for (_, dir) in corpora() {
        for notice in notices(&dir) {
            let (article, reading) = read(&catalog, &families, &notice);
            let facts = serde_json::to_value(&reading.facts).unwrap();
            for (pointer, proof) in &reading.evidence {
                assert!(
                    facts.pointer(pointer).is_some(),
                    "{}: {pointer} leads nowhere",
                    notice.id
                );
                if let Some(span) = proof.span {
                    assert_eq!(
                        span.of(&article.text),
                        proof.quote,
                        "{}: {pointer}",
                        notice.id
                    );
                    assert!(
                        !proof.quote.is_empty(),
                        "{}: {pointer} proves nothing",
                        notice.id
                    );
                }
            }
            for (i, window) in reading.facts.windows.iter().enumerate() {
                let proof = reading.evidence.get(&format!("/windows/{i}"));
                let proof = proof.unwrap_or_else(|| panic!("{}: window {i} unproven", notice.id));
                assert_eq!(proof.quote, window.quote, "{}: window {i}", notice.id);
            }
        }
    }
}

/// What is read from the labelled notices, pinned together with the revision of the rules.
#[derive(serde::Deserialize)]
struct Pinned {
    revision: u32,
    digest: String,
}

#[test]
fn another_reading_has_another_revision() {
    use sha2::{Digest, Sha256};
    let families = Families::builtin();
    let catalog = catalog(&families);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let pinned = std::fs::read_to_string(fixtures.join("revision.toml")).unwrap();
    let pinned: Pinned = toml::from_str(&pinned).unwrap();
    let mut hash = Sha256::new();
    for notice in notices(&fixtures.join("notices")) {
        let (_, reading) = read(&catalog, &families, &notice);
        hash.update(serde_json::to_vec(&reading.facts).unwrap());
    }
    let digest: String = hash
        .finalize()
        .iter()
        .take(8)
        .map(|b| format!("{b:02x}"))
        .collect();
    assert_eq!(
        (pinned.revision, pinned.digest.as_str()),
        (lingzheng::extract::REVISION, digest.as_str()),
        "the facts are read otherwise: raise extract::REVISION, so that nobody is told that a \
         notice changed, and write both into fixtures/revision.toml"
    );
}
