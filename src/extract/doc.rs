//! A notice as a tree of numbered pieces: rules ask it under which headings a word stands.

use super::fold::Fold;
use super::phone;
use super::table::Tables;
use crate::model::{Article, BlockKind, Found, Span};
use regex::Regex;
use std::cell::OnceCell;
use std::sync::LazyLock;

/// An article prepared for reading. All spans are offsets into [`Article::text`].
pub struct Doc<'a> {
    /// The article.
    pub article: &'a Article,
    /// Its text, folded for matching.
    pub fold: Fold,
    /// Numbered pieces, headings, paragraphs and rows in the order of the text; together they
    /// cover every line.
    pub units: Vec<Unit>,
    tables: OnceCell<Tables<'a>>,
    phones: OnceCell<Vec<Found<String>>>,
}

/// The smallest numbered piece of a notice: a heading, `（一）…`, `1.…` in the midst of a
/// paragraph, a plain paragraph, a table row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// From its number to the next unit.
    pub span: Span,
    /// Depth: 1 一、 2 （一） 3 1. 4 （1） 5 ①; 0 = not numbered.
    pub level: u8,
    /// Its heading words without the number: the whole of a short line, else what stands before
    /// the first full stop or colon, if that is short. None where it has no such words.
    pub label: Option<Span>,
    /// Index of the unit under which it stands.
    pub parent: Option<usize>,
    /// What the markup says of its line.
    pub kind: BlockKind,
}

/// Numbers in front of a piece, deepest meaning last: index + 1 is the level.
static NUMBER: LazyLock<[Regex; 5]> = LazyLock::new(|| {
    [
        r"^(?:第?[一二三四五六七八九十]{1,3}[、.:]|第[一二三四五六七八九十]{1,3}条\s*)",
        r"^\([一二三四五六七八九十]{1,3}\)[、.:]?",
        r"^\d{1,2}(?:、|\.(?:[^\d]|$))",
        r"^(?:\(\d{1,2}\)|\d{1,2}\))[、.]?",
        r"^[①-⑳][、.]?",
    ]
    .map(super::regex)
});

/// Where a number may begin in the midst of a paragraph.
static INLINE: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"(?:[。;!)]|[^\d]:)\s*(\([一二三四五六七八九十]{1,2}\)|\d{1,2}(?:、|\.[^\d])|\(\d{1,2}\)|[①-⑳])|([①-⑳])|[^\d(第](\([1-9]\))",
    )
});

/// Most of a text that is read, in bytes: ten times the longest notice. A list of thirty thousand
/// names fits; what is longer tells nothing behind it that would be worth seconds of every run.
pub(super) const MOST_TEXT: usize = 2 << 20;

/// Longest heading, in characters.
const LABEL: usize = 28;

impl<'a> Doc<'a> {
    /// Prepares an article.
    pub fn new(article: &'a Article) -> Doc<'a> {
        let end = floor(&article.text, MOST_TEXT);
        let fold = Fold::new(article.text.get(..end).unwrap_or(""));
        let mut doc = Doc {
            article,
            fold,
            units: Vec::new(),
            tables: OnceCell::new(),
            phones: OnceCell::new(),
        };
        let mut open: Vec<usize> = Vec::new();
        for block in article.blocks.iter().take_while(|b| b.span.start < end) {
            let row = matches!(block.kind, BlockKind::Row { .. });
            let line = Span::new(block.span.start, block.span.end.min(end));
            let pieces = if row { vec![line] } else { doc.pieces(line) };
            for piece in pieces {
                // A row that begins with `0、1` bears no number of a heading.
                let level = if row { 0 } else { doc.level(piece) };
                let heading = level == 0 && block.kind == BlockKind::Heading;
                let rank = if heading { 1 } else { level };
                if rank > 0 {
                    while open.last().is_some_and(|&u| doc.rank(u) >= rank) {
                        open.pop();
                    }
                }
                let label = doc.label(piece, block.kind);
                let parent = open.last().copied();
                doc.units.push(Unit {
                    span: piece,
                    level,
                    label,
                    parent,
                    kind: block.kind,
                });
                if rank > 0 {
                    open.push(doc.units.len() - 1);
                }
            }
        }
        doc
    }

    fn rank(&self, unit: usize) -> u8 {
        self.units
            .get(unit)
            .map_or(0, |u| if u.level == 0 { 1 } else { u.level })
    }

    /// Cuts a line where numbers begin.
    fn pieces(&self, line: Span) -> Vec<Span> {
        let range = self.fold.range(line);
        let text = self.fold.text.get(range.clone()).unwrap_or("");
        let mut cuts = vec![0];
        for found in INLINE.captures_iter(text) {
            if let Some(m) = found.iter().skip(1).flatten().next() {
                cuts.push(m.start());
            }
        }
        cuts.push(text.len());
        cuts.dedup();
        cuts.windows(2)
            .filter_map(|w| {
                Some(
                    self.fold
                        .span(range.start + w.first()?..range.start + w.get(1)?),
                )
            })
            .collect()
    }

    fn level(&self, piece: Span) -> u8 {
        let text = self.fold.of(piece);
        NUMBER
            .iter()
            .position(|n| n.is_match(text))
            .map_or(0, |i| i as u8 + 1)
    }

    fn label(&self, piece: Span, kind: BlockKind) -> Option<Span> {
        if matches!(kind, BlockKind::Row { .. }) {
            return None;
        }
        let range = self.fold.range(piece);
        let text = self.fold.text.get(range.clone())?;
        let skip = NUMBER
            .iter()
            .find_map(|n| n.find(text))
            .map_or(0, |m| m.end());
        // The third number's pattern eats one character after its dot.
        let skip = text
            .get(..skip)?
            .trim_end_matches(|c: char| !"、.:)）".contains(c) && !('①'..='⑳').contains(&c))
            .len();
        let rest = text.get(skip..)?;
        let end = heading_end(rest);
        let words = rest.get(..end)?.trim_end();
        let fits = !words.is_empty() && words.chars().count() <= LABEL;
        fits.then(|| {
            self.fold
                .span(range.start + skip..range.start + skip + words.len())
        })
    }

    /// Where reading stops in a text that is longer than any notice; None where all of it is read.
    pub fn cut(&self) -> Option<usize> {
        let end = floor(&self.article.text, MOST_TEXT);
        (end < self.article.text.len()).then_some(end)
    }

    /// The folded text.
    pub fn text(&self) -> &str {
        &self.fold.text
    }

    /// What the tables' columns hold: looked at once, asked by several rules.
    pub(super) fn tables(&self) -> &Tables<'a> {
        self.tables.get_or_init(|| Tables::new(self))
    }

    /// The notice's enquiry numbers: read once.
    pub(super) fn phones(&self) -> &[Found<String>] {
        self.phones.get_or_init(|| phone::read(self))
    }

    /// The page's words at a span.
    pub fn words(&self, span: Span) -> &'a str {
        span.of(&self.article.text)
    }

    /// Index of the unit in which an offset stands.
    pub fn unit_at(&self, offset: usize) -> usize {
        self.units
            .partition_point(|u| u.span.start <= offset)
            .saturating_sub(1)
    }

    /// The unit and those under which it stands, innermost first.
    pub fn path(&self, unit: usize) -> impl Iterator<Item = &Unit> {
        let first = self.units.get(unit);
        std::iter::successors(first, |u| u.parent.and_then(|p| self.units.get(p)))
    }

    /// Folded heading words above an offset, innermost first, its own unit's included.
    pub fn headings(&self, offset: usize) -> impl Iterator<Item = &str> {
        self.path(self.unit_at(offset))
            .filter_map(|u| u.label)
            .map(|l| self.fold.of(l))
    }

    /// The sentence around a span: to the nearest `。！？；`, line end or unit border.
    pub fn sentence(&self, span: Span) -> Span {
        self.between(span, &['。', '!', '?', ';', '\n', '\t'])
    }

    /// The clause around a span: a sentence also ends at commas here.
    pub fn clause(&self, span: Span) -> Span {
        self.between(span, &['。', '!', '?', ';', ',', '\n', '\t'])
    }

    fn between(&self, span: Span, ends: &[char]) -> Span {
        let unit = self
            .units
            .get(self.unit_at(span.start))
            .map_or(span, |u| u.span.join(span));
        let (outer, inner) = (self.fold.range(unit), self.fold.range(span));
        let text = self.text();
        let outer = clip(text, inner.start.saturating_sub(REACH)).max(outer.start)
            ..clip(text, inner.end + REACH).min(outer.end);
        let before = text.get(outer.start..inner.start).unwrap_or("");
        let start = before
            .char_indices()
            .rfind(|(_, c)| ends.contains(c))
            .map_or(0, |(i, c)| i + c.len_utf8());
        let after = text.get(inner.end..outer.end).unwrap_or("");
        let end = after.find(ends).unwrap_or(after.len());
        self.fold.span(outer.start + start..inner.end + end)
    }
}

/// How far a sentence is followed to either side, in bytes: text without any stop stays linear.
const REACH: usize = 3000;

/// The nearest character border at or before an offset, at most the end.
fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The nearest character border at or after an offset, at most the end.
fn clip(text: &str, mut at: usize) -> usize {
    while at < text.len() && !text.is_char_boundary(at) {
        at += 1;
    }
    at.min(text.len())
}

/// Where heading words end: at a full stop, a semicolon, a cell border or a colon that is none
/// of a clock time's.
fn heading_end(text: &str) -> usize {
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let figure =
            before.is_ascii_digit() && chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        if matches!(c, '。' | ';' | '\t') || c == ':' && !figure {
            return at;
        }
        before = c;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(doc: &Doc, needle: &str) -> Vec<String> {
        let at = doc.article.text.find(needle).unwrap();
        doc.headings(at).map(str::to_string).collect()
    }

    #[test]
    fn a_word_knows_its_headings() {
        let article = super::super::plain(
            "二、纸质证书\n（一）邮寄领证\n需要邮寄的，扫描二维码。\n（二）现场领证\n1.领证时间：8月5日-6日。\n\
             2.领证要求：（1）本人到场的，带身份证。（2）委托他人的：①原件；②复印件。\n三、其他\n请尽早领取。",
        );
        let doc = Doc::new(&article);
        for (needle, want) in [
            (
                "扫描",
                &["需要邮寄的,扫描二维码", "邮寄领证", "纸质证书"][..],
            ),
            ("8月", &["领证时间", "现场领证", "纸质证书"]),
            (
                "带身份",
                &["本人到场的,带身份证", "领证要求", "现场领证", "纸质证书"],
            ),
            (
                "复印件",
                &["复印件", "委托他人的", "领证要求", "现场领证", "纸质证书"],
            ),
            ("尽早", &["请尽早领取", "其他"]),
        ] {
            assert_eq!(labels(&doc, needle), want, "{needle}");
        }
        let at = article.text.find("带身").unwrap();
        let span = Span::new(at, at + 3);
        assert_eq!(doc.words(doc.sentence(span)), "（1）本人到场的，带身份证");
        assert_eq!(doc.words(doc.clause(span)), "带身份证");
    }

    #[test]
    fn a_text_longer_than_any_notice_is_read_to_a_bound() {
        let line = "一、领取时间：3月1日至5日\n";
        let article = super::super::plain(&line.repeat(MOST_TEXT / line.len() + 9));
        let doc = Doc::new(&article);
        let end = doc.cut().unwrap();
        assert!(end <= MOST_TEXT && end > MOST_TEXT - 4);
        assert_eq!(doc.units.last().unwrap().span.end, end);
        assert_eq!(Doc::new(&super::super::plain(line)).cut(), None);
    }

    #[test]
    fn units_cover_every_line() {
        let article = super::super::plain("甲（1）乙；（2）丙\n2022.5.1起\n3.5元");
        let doc = Doc::new(&article);
        let joined: String = doc.units.iter().map(|u| doc.words(u.span)).collect();
        assert_eq!(joined, article.text.replace('\n', ""));
        assert_eq!(
            doc.units.iter().map(|u| u.level).collect::<Vec<_>>(),
            [0, 4, 4, 0, 0]
        );
    }
}
