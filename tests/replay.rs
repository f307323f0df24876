//! Every recorded office answers with every kind of bad page, and is itself again afterwards:
//! nothing about a notice is ever reported, each bad list by its class, and the way back is quiet.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use lingzheng::model::Change;
use lingzheng::model::source::Kind;
use serde::Deserialize;
use std::collections::BTreeSet;
use support::long::measured;
use support::recording::{Answer, Watched, Web, about_notices, about_source, fixtures, offices};

#[derive(Deserialize)]
struct Index {
    page: Vec<Case>,
}

/// The keys of `fixtures/_bad/index.toml` that matter here.
#[derive(Deserialize)]
struct Case {
    file: String,
    expect: String,
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    role: Option<String>,
    #[serde(default)]
    headers: Vec<String>,
    #[serde(default)]
    asked: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    signature: Vec<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    contract: bool,
}

/// A bad answer, and the words of the classes that may name it.
struct Bad {
    name: String,
    answer: Answer,
    class: String,
}

/// The kinds that a page shows by itself, without headers, redirects or what the office says of
/// itself.
fn kinds(role: &str) -> Vec<Bad> {
    let folder = fixtures().join("_bad");
    let index = std::fs::read_to_string(folder.join("index.toml")).unwrap();
    let index: Index = toml::from_str(&index).unwrap();
    let plain = |c: &Case| {
        c.headers.is_empty()
            && c.asked.is_none()
            && c.url.is_none()
            && c.signature.is_empty()
            && c.title.is_none()
            && !c.contract
            && c.role.as_deref().unwrap_or("list") == role
            && !matches!(c.expect.as_str(), "ok" | "not_modified")
    };
    let mut seen = BTreeSet::new();
    let cases = index.page.into_iter().filter(plain);
    let bad: Vec<Bad> = cases
        .map(|c| Bad {
            name: format!("{} {}", c.file, c.status.unwrap_or(200)),
            answer: Answer::page(std::fs::read(folder.join(&c.file)).unwrap())
                .with_status(c.status.unwrap_or(200)),
            class: c.expect.split('/').next().unwrap().to_owned(),
        })
        .filter(|b| seen.insert(b.name.clone()))
        .collect();
    bad
}

/// What the office answers, but for one address.
fn with(web: &Web, url: &str, answer: &Answer) -> Web {
    let mut web = web.clone();
    web.insert(url.to_owned(), answer.clone());
    web
}

#[test]
fn a_bad_list_is_a_fault_of_the_source_and_never_a_change() {
    let kinds = kinds("list");
    assert!(kinds.len() >= 25, "{} kinds", kinds.len());
    let mut wrong = Vec::new();
    let mut replays = 0;
    for id in offices() {
        let mut watched = Watched::recorded(&id);
        let good = watched.web.clone();
        watched.visit(&good);
        replays += kinds.len();
        for bad in &kinds {
            let name = format!("{id}: {}", bad.name);
            let list = watched.list();
            let report = watched.visit(&with(&good, &list, &bad.answer));
            let told: Vec<&str> = report
                .events
                .iter()
                .filter_map(|e| match &e.change {
                    Change::Broken { fault } => Some(fault.verdict.word()),
                    _ => None,
                })
                .collect();
            // A page where data was asked for is an interposed answer, whatever it says.
            let interposed = watched.office.speaks_json() && told == ["blocked"];
            if told != [bad.class.as_str()] && !interposed {
                wrong.push(format!("{name}: said {told:?}, not {}", bad.class));
            }
            let back = watched.visit(&good);
            if about_source(&back) != ["recovered"] {
                wrong.push(format!("{name}: back {:?}", about_source(&back)));
            }
            for change in about_notices(&report).iter().chain(&about_notices(&back)) {
                wrong.push(format!("{name}: reported {change}"));
            }
        }
    }
    measured(&format!(
        "{replays} bad lists of {} offices, and as many ways back: no false news",
        offices().len()
    ));
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_bad_article_is_no_event_at_all() {
    let kinds: Vec<Bad> = kinds("list").into_iter().chain(kinds("article")).collect();
    let mut wrong = Vec::new();
    for id in offices() {
        let mut watched = Watched::recorded(&id);
        if watched.office.source.kind == Kind::Page {
            continue;
        }
        let good = watched.web.clone();
        watched.visit(&good);
        let article = watched.articles().remove(0);
        for bad in &kinds {
            let report = watched.visit(&with(&good, &article, &bad.answer));
            let back = watched.visit(&good);
            for event in report.events.iter().chain(&back.events) {
                wrong.push(format!("{id}: {}: {}", bad.name, event.change.word()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_page_bad_at_once_is_one_fault() {
    let kinds = kinds("list");
    let mut wrong = Vec::new();
    for id in offices() {
        let mut watched = Watched::recorded(&id);
        let good = watched.web.clone();
        watched.visit(&good);
        for bad in kinds.iter().take(12) {
            let web: Web = good
                .keys()
                .map(|url| (url.clone(), bad.answer.clone()))
                .collect();
            let (first, second) = (watched.visit(&web), watched.visit(&web));
            let back = watched.visit(&good);
            let got = [&first, &second, &back].map(about_source);
            if got != [vec!["broken"], vec![], vec!["recovered"]] {
                wrong.push(format!("{id}: {}: {got:?}", bad.name));
            }
            for report in [first, second, back] {
                for change in about_notices(&report) {
                    wrong.push(format!("{id}: {}: reported {change}", bad.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
