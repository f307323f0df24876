//! Small steps over the folded text that keep brackets together. All ranges are of that text, and
//! every step looks only so far.

use super::Doc;
use std::ops::Range;

/// Words without their brackets.
pub(super) fn outer(words: &str) -> String {
    let mut depth = 0usize;
    words
        .chars()
        .filter(|&c| {
            match c {
                '(' => depth += 1,
                ')' => {
                    let inside = depth > 0;
                    depth = depth.saturating_sub(1);
                    return !inside && depth == 0;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

/// Cuts a range at characters that stand outside brackets and quotes. `cut` is given a character
/// and what follows it.
pub(super) fn split(
    text: &str,
    range: Range<usize>,
    cut: impl Fn(char, &str) -> bool,
) -> Vec<Range<usize>> {
    let words = text.get(range.clone()).unwrap_or("");
    let (mut depth, mut from, mut out) = (0i32, range.start, Vec::new());
    for (i, c) in words.char_indices() {
        match c {
            '(' | '[' | '《' | '“' => depth += 1,
            ')' | ']' | '》' | '”' => depth = (depth - 1).max(0),
            _ => {}
        }
        let end = i + c.len_utf8();
        if depth == 0 && cut(c, words.get(end..).unwrap_or("")) {
            out.push(from..range.start + i);
            from = range.start + end;
        }
    }
    out.push(from..range.end);
    out
}

/// A range without white space and stray marks at its ends.
pub(super) fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let stray = |c: char| c.is_whitespace() || "、,.:;。\"“”'→-*•".contains(c);
    let words = text.get(range.clone()).unwrap_or("");
    let start = range.start + words.len() - words.trim_start_matches(stray).len();
    let end = range.start + words.trim_end_matches(stray).len();
    start..end.max(start)
}

/// The folded text from an offset on.
pub(super) fn tail<'d>(doc: &'d Doc, at: usize) -> &'d str {
    doc.text().get(at..).unwrap_or("")
}

/// To the end of the sentence, brackets kept together.
pub(super) fn sentence_from(doc: &Doc, at: usize) -> Range<usize> {
    let (mut depth, mut end) = (0usize, at);
    for c in tail(doc, at).chars().take(160) {
        match c {
            '(' | '“' => depth += 1,
            ')' | '”' if depth == 0 => break,
            ')' | '”' => depth -= 1,
            '\n' => break,
            '。' | ';' | '!' | '\t' if depth == 0 => break,
            _ => {}
        }
        end += c.len_utf8();
    }
    at..end
}

/// How far back a sentence is looked at, in characters.
const REACH: usize = 120;

/// What stands before an offset in its sentence, within its unit.
pub(super) fn before(doc: &Doc, at: usize) -> Range<usize> {
    let here = doc.fold.span(at..at).start;
    let unit = doc.units.get(doc.unit_at(here));
    let floor = unit.map_or(0, |u| doc.fold.range(u.span).start).min(at);
    let words = doc.text().get(floor..at).unwrap_or("");
    let from = words
        .char_indices()
        .rev()
        .take(REACH)
        .take_while(|(_, c)| !matches!(c, '。' | ';' | '!' | '?' | '\n' | '\t'))
        .last()
        .map_or(words.len(), |(i, _)| i);
    floor + from..at
}
