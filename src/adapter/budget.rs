//! Parsing within bounds. html5ever looks up its stack of open elements for most tags and
//! compares every attribute of a tag with those before it: half a megabyte of `<div>` takes half
//! a minute. A clock would make the answer depend on the machine, so the work is counted instead.
//!
//! The page is fed in small pieces, and after each the tree that has really grown is measured.
//! Nothing is guessed from the markup, so unclosed `<p>`, `<li>` or `<font>` count for what the
//! parser makes of them.

use super::pattern::pattern;
use crate::model::{Fault, Verdict};
use html5ever::driver;
use html5ever::tendril::{StrTendril, TendrilSink};
use regex::Regex;
use scraper::{Html, HtmlTreeSink};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Largest page, in bytes of text. Notices have 10–300 KB; some pages carry pictures inside.
const BYTES: usize = 8 * 1024 * 1024;
/// Most nodes of a tree. A list of names with 20,000 rows has some 300,000.
const NODES: usize = 600_000;
/// Deepest nesting. Office pages reach 40, Word paste with unclosed formatting some 150.
const DEPTH: usize = 512;
/// Most tags × depth: less than a second's work. A page of 300,000 tags and 40 levels needs a
/// quarter.
const WORK: usize = 60_000_000;
/// What a tag costs whatever its depth, in levels: a bare `<` is an error of its own to the parser.
const TAG: usize = 10;
/// Most comparisons of attribute names. Ordinary markup of 8 MB needs less than a tenth.
const COMPARISONS: usize = 300_000_000;
/// Bytes fed at once: small enough that one piece alone can do no harm.
const PIECE: usize = 4096;
/// Longest run of base64 that stays in the page: longer ones are pictures, which nobody reads here.
const INLINE: usize = 512;

/// Where a picture begins that is written into the page.
static PICTURE: LazyLock<Regex> = LazyLock::new(|| pattern(";base64,"));

/// Parses a page.
///
/// # Errors
/// [`Verdict::Layout`] with reason `too_large`, `too_many_nodes`, `too_deep`, `too_costly` or
/// `too_many_attributes`. No page made for people comes near the bounds.
pub fn parse(html: &str) -> Result<Html, Fault> {
    if html.len() > BYTES {
        return Err(refused(
            "too_large",
            format!("page of {} bytes", html.len()),
        ));
    }
    let html = without_pictures(html);
    let sink = HtmlTreeSink::new(Html::new_document());
    let mut parser = driver::parse_document(sink, Default::default());
    let mut meter = Meter::default();
    let mut rest = &*html;
    while !rest.is_empty() {
        let mut cut = PIECE.min(rest.len());
        while !rest.is_char_boundary(cut) {
            cut += 1;
        }
        let (piece, tail) = rest.split_at(cut);
        rest = tail;
        parser.process(StrTendril::from_slice(piece));
        meter.check(&parser.tokenizer.sink.sink.0.borrow(), piece)?;
    }
    Ok(parser.finish())
}

/// The page without the bytes of pictures that are written into it (`data:…;base64,…`). They are
/// most of the largest pages, and their slashes look like attributes to the meter.
fn without_pictures(html: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut kept = 0;
    for mark in PICTURE.find_iter(html) {
        let start = mark.end();
        let run = html
            .as_bytes()
            .get(start..)
            .unwrap_or_default()
            .iter()
            .take_while(|b| {
                b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'\r' | b'\n')
            })
            .count();
        if run > INLINE {
            out.push_str(html.get(kept..start).unwrap_or(""));
            kept = start + run;
        }
    }
    if kept == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(html.get(kept..).unwrap_or(""));
    Cow::Owned(out)
}

fn refused(reason: &str, detail: String) -> Fault {
    Fault::new(
        Verdict::Layout,
        reason,
        format!("refused to parse: {detail}"),
    )
}

/// What has been spent so far.
#[derive(Default)]
struct Meter {
    nodes: usize,
    /// Length of the newest node's text, to see whether a long run of script still moves.
    text: usize,
    deepest: usize,
    work: usize,
    /// Attribute separators since the tree last grew: in the worst case all in one tag.
    separators: usize,
    comparisons: usize,
}

impl Meter {
    fn check(&mut self, page: &Html, piece: &str) -> Result<(), Fault> {
        let nodes = page.tree.nodes();
        let count = nodes.len();
        let fresh = count.saturating_sub(self.nodes);
        if count > NODES {
            return Err(refused(
                "too_many_nodes",
                format!("more than {NODES} nodes"),
            ));
        }
        // Every sixteenth new node and the last: a nest is a chain, so a deep one is met.
        for node in page.tree.nodes().rev().take(fresh).step_by(16) {
            let depth = node.ancestors().take(DEPTH + 1).count();
            self.deepest = self.deepest.max(depth);
        }
        if self.deepest > DEPTH {
            return Err(refused("too_deep", format!("nested deeper than {DEPTH}")));
        }
        let tags = piece.bytes().filter(|b| *b == b'<').count();
        self.work += tags * (self.deepest + TAG);
        if self.work > WORK {
            return Err(refused(
                "too_costly",
                "too many tags for their nesting".to_owned(),
            ));
        }
        let text = page
            .tree
            .nodes()
            .next_back()
            .and_then(|n| n.value().as_text().map(|t| t.text.len()))
            .unwrap_or(0);
        self.separators += separators(piece);
        let most = self.separators.saturating_mul(self.separators) / 2;
        if self.comparisons.saturating_add(most) > COMPARISONS {
            return Err(refused(
                "too_many_attributes",
                "a flood of attributes".to_owned(),
            ));
        }
        if fresh > 0 || text != self.text {
            self.comparisons += most;
            self.separators = 0;
        }
        self.nodes = count;
        self.text = text;
        Ok(())
    }
}

/// Most attributes that the piece can begin: each needs a blank, a slash or a quote before it.
fn separators(piece: &str) -> usize {
    // Without a branch and in numbers that cannot run over, so that many bytes are done at once.
    let separates = |b: u8| {
        let blank = (b == b' ') | (b == b'\t') | (b == b'\n') | (b == b'\r') | (b == 0x0c);
        blank | (b == b'/') | (b == b'"') | (b == b'\'')
    };
    let bytes = piece.as_bytes();
    let begins = |(before, b): (&u8, &u8)| u8::from(separates(*before) & !separates(*b));
    let next = bytes.get(1..).unwrap_or_default();
    let part = |(a, b): (&[u8], &[u8])| usize::from(a.iter().zip(b).map(begins).sum::<u8>());
    bytes.chunks(128).zip(next.chunks(128)).map(part).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(html: &str) -> String {
        parse(html).map_or_else(|f| f.reason, |_| "ok".to_owned())
    }

    #[test]
    fn refuses_what_would_take_for_ever() {
        let colours: String = (0..3000)
            .map(|n| format!("<p><font color={n}></p>"))
            .collect();
        let names: String = (0..200_000).map(|n| format!(" a{n}")).collect();
        for (html, want) in [
            ("<div>".repeat(1000), "too_deep"),
            ("<table><tr><td>".repeat(1000), "too_deep"),
            ("<b><i><u>".repeat(1000), "too_deep"),
            (colours, "too_deep"),
            (format!("<div{names}>"), "too_many_attributes"),
            (format!("</b{names}>"), "too_many_attributes"),
            ("x".repeat(BYTES + 1), "too_large"),
        ] {
            assert_eq!(reason(&html), want, "{}", html.get(..40).unwrap_or(&html));
        }
    }

    #[test]
    fn lets_ordinary_pages_pass() {
        let style = "<p class=\"MsoNormal\" style=\"text-indent:32.0pt;line-height:28.0pt\"><span lang=\"EN-US\">2026</span></p>";
        let comment = format!("<!-- {} -->", "a b c ".repeat(3000));
        let script = format!(
            "<script>{}</script>",
            "if (a < b) { c = 'd'; }\n".repeat(20_000)
        );
        let picture = format!(
            "<img src=\"data:image/png;base64,{}\">",
            "QU/D".repeat(500_000)
        );
        for html in [
            "<p>x".repeat(50_000),
            "<li>x<br>".repeat(30_000),
            format!("<table>{}</table>", "<tr><td>x<td>y".repeat(20_000)),
            format!("{}x", "<font size=2>".repeat(150)),
            style.repeat(20_000),
            comment,
            script,
            picture,
        ] {
            assert_eq!(reason(&html), "ok", "{}", html.get(..60).unwrap_or(&html));
        }
    }

    #[test]
    fn gives_the_same_tree_as_one_piece() {
        let html = "<!DOCTYPE html><title>证书领取</title><p>第一段<p>第二段".repeat(400);
        assert_eq!(
            parse(&html).expect("parses").html(),
            Html::parse_document(&html).html()
        );
    }
}
