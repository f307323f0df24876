//! The surroundings of a date: the words before and after it, and the headings above it.

use super::date::DateHit;
use super::doc::Doc;
use crate::model::{BlockKind, Span};
use regex::Regex;
use std::sync::LazyLock;

/// The surroundings of a date, folded.
pub(super) struct Context<'a> {
    /// From the date before, or the sentence's beginning, to this date.
    pub before: &'a str,
    /// From this date to the next, or the sentence's end.
    pub after: &'a str,
    /// The words of the date itself.
    pub own: &'a str,
    /// Heading words, innermost first; a table column's header before all.
    pub headings: Vec<&'a str>,
    /// The line holds nothing but the date.
    pub alone: bool,
    /// The line above is a heading without text of its own.
    pub under_heading: bool,
    /// The date ends its line.
    pub last: bool,
    /// The title says that certificates are collected.
    pub titled: bool,
    /// The date fills a table cell.
    pub cell: bool,
}

/// The surroundings of hit `i`.
pub(super) fn context<'a>(doc: &'a Doc, hits: &[DateHit], i: usize) -> Option<Context<'a>> {
    let hit = hits.get(i)?;
    let sentence = doc.sentence(hit.span);
    let (first, last) = group(doc, hits, i);
    let previous = first.checked_sub(1).and_then(|p| hits.get(p));
    let group_start = hits.get(first).map_or(hit.span.start, |h| h.span.start);
    let group_end = hits.get(last).map_or(hit.span.end, |h| h.span.end);
    let start = previous
        .map_or(sentence.start, |p| p.span.end.max(sentence.start))
        .min(group_start);
    let end = following(doc, hits, last)
        .map_or(sentence.end, |n| n.span.start.min(sentence.end))
        .max(group_end);
    let at = doc.unit_at(hit.span.start);
    let unit = doc.units.get(at)?;
    let mut headings: Vec<&str> = Vec::new();
    headings.extend(column(doc, hit.span));
    headings.extend(row_label(doc, hit.span));
    headings.extend(
        doc.path(at)
            .filter_map(|u| u.label)
            .filter(|l| !l.covers(hit.span) && l.end <= hit.span.start)
            // A label without a number heads what follows up to the first full stop.
            .filter(|l| {
                unit.level > 0 || l.start < unit.span.start || one_breath(doc, *l, hit.span)
            })
            .map(|l| doc.fold.of(l)),
    );
    // A short line above, without a number, may be the heading of this one.
    let above = at.checked_sub(1).and_then(|a| doc.units.get(a));
    let bare = above
        .filter(|u| u.span.end - u.span.start < 120)
        .is_some_and(|u| {
            let words = doc.fold.of(u.span);
            (u.level > 0
                || u.kind == BlockKind::Heading
                || words.ends_with(':')
                || words.contains("时间")
                || words.contains("日期"))
                && u.label.is_some_and(|l| {
                    doc.fold
                        .of(Span::new(l.end, u.span.end))
                        .trim_matches([':', ' '])
                        .is_empty()
                })
                && !matches!(u.kind, BlockKind::Row { .. })
        });
    if bare && let Some(l) = above.and_then(|u| u.label) {
        let words = doc.fold.of(l);
        if !headings.contains(&words) && words.chars().count() <= 14 {
            headings.insert(0, words);
        }
    }
    match introduction(doc, at, hit.span) {
        // A piece's own label says whose it is, the introduction what it is for.
        Some(words) if unit.level == 0 => headings.insert(0, words),
        other => headings.extend(other),
    }
    let line = doc.fold.of(unit.span);
    let own = doc.fold.of(hit.span);
    let tail = doc.fold.of(Span::new(hit.span.end, unit.span.end));
    Some(Context {
        before: outside_before(doc.fold.of(Span::new(start, group_start))),
        after: outside_after(doc.fold.of(Span::new(group_end, end))),
        own,
        headings,
        alone: line.trim().len() <= own.len() + 6,
        under_heading: bare,
        last: tail.trim().is_empty(),
        cell: super::window::cell(doc, hit.span).is_some_and(|(grid, row, col)| {
            let cell = grid.rows.get(row).and_then(|r| r.get(col));
            cell.is_some_and(|c| doc.fold.of(c.span).trim().len() <= own.len() + 6)
        }),
        titled: TITLED.is_match(&super::fold(&doc.article.title)),
    })
}

/// The next date after hit `i` that does not stand in an aside opened after it.
pub(super) fn following<'h>(doc: &Doc, hits: &'h [DateHit], i: usize) -> Option<&'h DateHit> {
    let from = hits.get(i)?.span.end;
    hits.iter().skip(i + 1).take(ASIDES + 1).find(|next| {
        let words = doc.fold.of(Span::new(from, next.span.start.max(from)));
        let near = words.len() < 240;
        !near || words.matches('(').count() <= words.matches(')').count()
    })
}

/// How many dates of an aside are passed over.
const ASIDES: usize = 4;

/// Whether no full stop stands between a label and a date.
fn one_breath(doc: &Doc, label: Span, hit: Span) -> bool {
    hit.start.saturating_sub(label.end) < 600
        && !doc.fold.of(Span::new(label.end, hit.start)).contains('。')
}

/// How many pieces back a list's introduction is looked for.
const LIST: usize = 12;

/// Longest name of a list's piece before its date, in characters.
const ITEM: usize = 24;

/// The line with a colon that introduces a list of pieces which bear a number or begin with their
/// date, or with whose date it is: `领取时间如下：`.
fn introduction<'a>(doc: &'a Doc, at: usize, hit: Span) -> Option<&'a str> {
    let unit = doc.units.get(at)?;
    let numbered = unit.level > 0 && unit.parent.is_none();
    let head = doc.fold.of(Span::new(unit.span.start, hit.start));
    let dated =
        unit.level == 0 && (head.is_empty() || head.ends_with(':') && head.chars().count() <= ITEM);
    (numbered || dated).then_some(())?;
    let before = doc.units.get(at.saturating_sub(LIST)..at)?;
    let words = before
        .iter()
        .rev()
        .filter(|u| u.span.end - u.span.start < 400)
        .map(|u| doc.fold.of(u.span).trim_end())
        .find(|w| w.ends_with(':'))?;
    let last = words.rsplit([',', '。']).next().unwrap_or(words);
    let told = ["时间", "时段", "领取", "发放"]
        .iter()
        .any(|w| last.contains(w));
    told.then_some(last)
}

/// A title about collecting certificates.
static TITLED: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        "领证|证书?(?:[^考报]{0,12})(?:领取|发放|邮寄|寄送|申领|办理|补领|直邮)|(?:领取|发放|邮寄|申领|补领|办理)[^报]{0,50}证",
    )
});

/// What may stand between days that are said in one breath.
static AND: LazyLock<Regex> =
    LazyLock::new(|| super::regex(r"^[ 、,和及或;]*(?:\((?:周|星期).\))?[ 、,和及或;]*$"));

/// Longest list of days said in one breath, to either side.
const BREATH: usize = 8;

/// First and last hit of the list in which hit `i` stands: they are for the same thing.
fn group(doc: &Doc, hits: &[DateHit], i: usize) -> (usize, usize) {
    let joined = |a: usize, b: usize| {
        let (Some(a), Some(b)) = (hits.get(a), hits.get(b)) else {
            return false;
        };
        let between = doc
            .fold
            .of(Span::new(a.span.end, b.span.start.max(a.span.end)));
        a.shape == b.shape && between.len() < 30 && !between.is_empty() && AND.is_match(between)
    };
    let (mut first, mut last) = (i, i);
    while first > 0 && i - first < BREATH && joined(first - 1, first) {
        first -= 1;
    }
    while last - i < BREATH && joined(last, last + 1) {
        last += 1;
    }
    (first, last)
}

/// Words after the last bracket that closes without having opened: what stands in it is about
/// another date.
fn outside_before(words: &str) -> &str {
    let mut depth = 0i32;
    let mut cut = 0;
    for (i, c) in words.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            ')' => cut = i + 1,
            _ => {}
        }
    }
    words.get(cut..).unwrap_or(words)
}

/// Words up to the bracket that closes around the date.
fn outside_after(words: &str) -> &str {
    let mut depth = 0i32;
    for (i, c) in words.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            // A bracket that holds nothing more: what follows it speaks of the date.
            ')' if i == 0 => {}
            ')' => return words.get(..i).unwrap_or(words),
            _ => {}
        }
    }
    words
}

/// The words in front of a table cell in its row, where the table has no header above it.
fn row_label<'a>(doc: &'a Doc, span: Span) -> Option<&'a str> {
    let (grid, row, col) = super::window::cell(doc, span)?;
    let label = grid.rows.get(row)?.get(col.checked_sub(1)?)?;
    let words = doc.fold.of(label.span);
    (words.chars().count() <= 14).then_some(words)
}

/// The header of a table cell's column.
fn column<'a>(doc: &'a Doc, span: Span) -> Option<&'a str> {
    let (grid, row, col) = super::window::cell(doc, span)?;
    let header = (0..grid.header_rows.max(1).min(row))
        .rev()
        .find_map(|r| grid.rows.get(r)?.get(col))?;
    Some(doc.fold.of(header.span))
}
