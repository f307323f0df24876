//! Whatever a page says, places, numbers and papers are read without a panic and within the text.

#![cfg(test)]

use super::{Doc, material, phone, place};
use crate::model::{Article, Block, BlockKind, Cell, Span, Table};
use proptest::prelude::*;

fn check(article: &Article) {
    let doc = Doc::new(article);
    let inside = |span: Option<Span>| {
        let span = span.expect("found in the body");
        assert!(article.text.get(span.start..span.end).is_some(), "{span:?}");
    };
    place::read(&doc).iter().for_each(|f| inside(f.span));
    phone::read(&doc).iter().for_each(|f| inside(f.span));
    let papers = material::read(&doc);
    let all = [&papers.own, &papers.proxy, &papers.batch];
    all.iter()
        .flat_map(|l| l.iter())
        .for_each(|f| inside(f.span));
}

/// A table of words, one cell each, four to a row.
fn tabled(words: &[String]) -> Article {
    let mut article = Article::default();
    let mut table = Table::default();
    for (row, cells) in words.chunks(4).enumerate() {
        let start = article.text.len();
        let mut spans = Vec::new();
        for (i, cell) in cells.iter().enumerate() {
            article.text += if i > 0 { "\t" } else { "" };
            let from = article.text.len();
            article.text += cell;
            spans.push(Cell {
                span: Span::new(from, article.text.len()),
            });
        }
        article.blocks.push(Block {
            span: Span::new(start, article.text.len()),
            kind: BlockKind::Row { table: 0, row },
        });
        article.text.push('\n');
        table.rows.push(spans);
    }
    article.tables.push(table);
    article
}

const PIECES: &str = "地点|：|（|）|到|市人事考试中心|领取|电话|0531-67876297|中山路5号|、|，|。|\n|\t|身份证|和|携带|原件|《|》|“|”|①|1.|代领|领取地点|地址|材料|３号|證|😀|é| ";

fn phrase() -> impl Strategy<Value = String> {
    let pieces: Vec<&str> = PIECES.split('|').collect();
    prop::collection::vec(prop::sample::select(pieces), 0..60).prop_map(|p| p.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text(text in any::<String>()) {
        check(&super::plain(&text));
    }

    #[test]
    fn pieces_of_notices(text in phrase()) {
        check(&super::plain(&text));
    }

    #[test]
    fn any_table(cells in prop::collection::vec(phrase(), 0..16)) {
        let cells: Vec<String> = cells.iter().map(|c| c.replace(['\n', '\t'], " ")).collect();
        check(&tabled(&cells));
    }
}
