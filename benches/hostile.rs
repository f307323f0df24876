//! The largest pages that are read (8 MB), of shapes that nobody writes: none may take more than
//! 1.5 s, as a notice down to its facts or as a list.
//!
//! `cargo bench --bench hostile` for all of them, `… -- notice` for one way to read.

#![allow(clippy::unwrap_used)]

#[path = "../tests/support/shapes.rs"]
mod shapes;

use divan::{Bencher, black_box};
use lingzheng::adapter::{Families, Office};
use lingzheng::crawl::read::Reader;
use lingzheng::diff;
use lingzheng::model::source::Kind;
use lingzheng::model::{Catalog, Page, Shape, Source, Timestamp};
use std::sync::Arc;

fn main() {
    divan::main();
}

const SIZE: usize = 8 << 20;
const URL: &str = "https://rsks.example.gov.cn/tzgg/202603/t20260305_1.html";
const TITLE: &str = "关于领取证书的通知";

fn names() -> impl Iterator<Item = &'static str> {
    shapes::SHAPES.iter().map(|s| s.name)
}

fn page(name: &str) -> Page {
    let shape = shapes::SHAPES.iter().find(|s| s.name == name).unwrap();
    Page {
        url: URL.into(),
        status: 200,
        content_type: Some("text/html".into()),
        etag: None,
        last_modified: None,
        headers: Vec::new(),
        body: shape.bytes(SIZE),
        fetched_at: Timestamp::UNIX_EPOCH,
        plain_http: false,
    }
}

fn office(family: &str, kind: Kind, entry: Option<&str>) -> Arc<Office> {
    let source = Source {
        id: "x".into(),
        family: family.into(),
        kind,
        list: URL.into(),
        shape: Shape {
            entry: entry.map(str::to_string),
            ..Shape::default()
        },
        ..Source::default()
    };
    Arc::new(Office::compile(&source, &Families::builtin()).unwrap())
}

/// Decoded, parsed, judged, read down to its facts.
#[divan::bench(args = names(), sample_count = 1, sample_size = 1)]
fn notice(bencher: Bencher, name: &str) {
    let (page, office) = (page(name), office("auto", Kind::List, None));
    let reader = Reader::new(office.clone(), &Catalog::default(), None);
    bencher.bench_local(|| {
        let article = office.article(black_box(&page), URL, Some(TITLE)).ok();
        article.map(|a| reader.facts(&a))
    });
}

#[divan::bench(args = names(), sample_count = 1, sample_size = 1)]
fn list(bencher: Bencher, name: &str) {
    let (page, office) = (page(name), office("trs", Kind::List, Some("li, tr")));
    bencher.bench_local(|| office.list(black_box(&page), "2026-03-05".parse().unwrap()));
}

#[divan::bench(args = names(), sample_count = 1, sample_size = 1)]
fn home(bencher: Bencher, name: &str) {
    let (page, office) = (page(name), office("auto", Kind::Home, None));
    bencher.bench_local(|| office.list(black_box(&page), "2026-03-05".parse().unwrap()));
}

/// What changed between a notice and the same one with every second line gone.
#[divan::bench(args = names(), sample_count = 1, sample_size = 1)]
fn change(bencher: Bencher, name: &str) {
    let (page, office) = (page(name), office("auto", Kind::List, None));
    let Ok((new, _)) = office.article_by_hand(&page, URL, None) else {
        return;
    };
    let lines: Vec<&str> = new.text.lines().step_by(2).collect();
    let old = lines.join("\n");
    bencher.bench_local(|| diff::text_change(black_box(&old), black_box(&new.text)));
}
