//! A second form of the text for matching: full-width forms narrow, dashes and colons unified,
//! traditional characters simplified. Every byte of it knows where it stands in the original, so
//! that rules match the folded form and evidence quotes the page.

use crate::model::Span;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// A label whose characters stand apart, so that its line is as long as the others.
static SPACED: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"(?m)(?:^|[、.．)）\s])(\p{Han}(?:[ \x{3000}\x{a0}\x{2002}\x{2003}]{1,8}\p{Han}){1,5})[ \x{3000}\x{a0}]*(?:[:：∶]|$)",
    )
});

/// Folded text with its way back.
#[derive(Debug, Default)]
pub struct Fold {
    /// The folded text.
    pub text: String,
    /// For each byte of `text`, and one past its end: offset in the original.
    origin: Vec<u32>,
    /// For each byte of the original, and one past its end: offset in `text` of what stands there
    /// or next.
    folded: Vec<u32>,
}

impl Fold {
    /// Folds a text, character by character; only the blanks inside a spaced-out label (`时　间：`)
    /// are dropped.
    pub fn new(original: &str) -> Fold {
        let mut text = String::with_capacity(original.len());
        let mut origin = Vec::with_capacity(original.len() + 1);
        let mut folded = Vec::with_capacity(original.len() + 1);
        let mut labels = SPACED
            .captures_iter(original)
            .filter_map(|c| Some(c.get(1)?.range()));
        let mut label = labels.next();
        for (at, c) in original.char_indices() {
            while label.as_ref().is_some_and(|l| l.end <= at) {
                label = labels.next();
            }
            folded.push(text.len() as u32);
            if !(c.is_whitespace() && label.as_ref().is_some_and(|l| l.contains(&at))) {
                text.push(fold_char(c));
                origin.resize(text.len(), at as u32);
            }
            folded.resize(at + c.len_utf8(), text.len() as u32);
        }
        origin.push(original.len() as u32);
        folded.push(text.len() as u32);
        Fold {
            text,
            origin,
            folded,
        }
    }

    /// The original's span for a range of the folded text. A range past the end is clipped.
    pub fn span(&self, range: Range<usize>) -> Span {
        let last = self.origin.len().saturating_sub(1);
        let at = |i: usize| self.origin.get(i.min(last)).copied().unwrap_or(0) as usize;
        Span::new(at(range.start), at(range.end))
    }

    /// The folded range for a span of the original; beyond the text where the span ends beyond it.
    pub fn range(&self, span: Span) -> Range<usize> {
        let beyond = self.text.len() + 1;
        let find = |at: usize| self.folded.get(at).map_or(beyond, |&i| i as usize);
        find(span.start)..find(span.end)
    }

    /// The folded words at a span of the original.
    pub fn of(&self, span: Span) -> &str {
        self.text.get(self.range(span)).unwrap_or("")
    }
}

/// Folds a text without keeping the way back.
pub fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

fn fold_char(c: char) -> char {
    match c {
        '\u{3000}' | '\u{a0}' => ' ',
        '∶' | '︰' | '﹕' => ':',
        '–' | '—' | '―' | '─' | '━' | '‐' | '‑' | '−' | '﹣' => '-',
        '〜' | '∼' => '~',
        '〔' | '﹝' | '【' => '[',
        '〕' | '﹞' | '】' => ']',
        '﹙' => '(',
        '﹚' => ')',
        '○' | '〇' | '◯' | '零' => '〇',
        '﹑' => '、',
        // The full-width block is ASCII, moved.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => super::traditional::simplified(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_ranges_lead_back_to_the_page() {
        let page = "領取時間：３月１０日—２０日，9∶00";
        let fold = Fold::new(page);
        assert_eq!(fold.text, "领取时间:3月10日-20日,9:00");
        let at = fold.text.find("3月").unwrap();
        let span = fold.span(at..at + "3月10日-20日".len());
        assert_eq!(span.of(page), "３月１０日—２０日");
        assert_eq!(fold.of(span), "3月10日-20日");
        assert_eq!(fold.span(0..9999).of(page), page);
    }
}
