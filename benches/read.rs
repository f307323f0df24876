//! What reading costs: text and facts of a page, parsing included, beside parsing alone.
//!
//! `cargo bench --bench read`

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use divan::{Bencher, black_box};
use lingzheng::adapter::{Families, Office};
use lingzheng::crawl::read::Reader;
use lingzheng::model::{Catalog, Page, Source, Timestamp};
use std::sync::Arc;

fn main() {
    divan::main();
}

/// A recorded notice with a city table, of about 30 KB.
const PAGE: &str = include_str!("../fixtures/gx/1/t32741.html");

/// The page with its body `times` as long.
fn page(times: usize) -> String {
    let (start, end) = (
        PAGE.find("<table").unwrap(),
        PAGE.rfind("</table>").unwrap() + 8,
    );
    let table = &PAGE[start..end];
    format!("{}{}{}", &PAGE[..start], table.repeat(times), &PAGE[end..])
}

fn reader() -> (Arc<Office>, Reader) {
    let source = Source {
        id: "any".into(),
        family: "trs".into(),
        ..Source::default()
    };
    let office = Arc::new(Office::compile(&source, &Families::builtin()).unwrap());
    (
        office.clone(),
        Reader::new(office, &Catalog::default(), None),
    )
}

fn answer(body: &str) -> Page {
    Page {
        url: "https://www.gxpta.com.cn/ksxm/zyzglks/t32741.html".into(),
        status: 200,
        content_type: Some("text/html; charset=utf-8".into()),
        etag: None,
        last_modified: None,
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
        fetched_at: Timestamp::UNIX_EPOCH,
        plain_http: false,
    }
}

#[divan::bench(args = [1, 4, 16])]
fn parse_alone(bencher: Bencher, times: usize) {
    let page = page(times);
    bencher
        .counter(divan::counter::BytesCount::of_str(&page))
        .bench(|| scraper::Html::parse_document(black_box(&page)));
}

#[divan::bench(args = [1, 4, 16])]
fn text(bencher: Bencher, times: usize) {
    let (office, _) = reader();
    let page = answer(&page(times));
    bencher
        .counter(divan::counter::BytesCount::new(page.body.len()))
        .bench(|| office.article(black_box(&page), &page.url, None).unwrap());
}

#[divan::bench(args = [1, 4, 16])]
fn text_and_facts(bencher: Bencher, times: usize) {
    let (office, reader) = reader();
    let page = answer(&page(times));
    bencher
        .counter(divan::counter::BytesCount::new(page.body.len()))
        .bench(|| {
            let article = office.article(black_box(&page), &page.url, None).unwrap();
            reader.facts(&article)
        });
}
