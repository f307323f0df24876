//! Dates: how the tokens of [`super::token`] combine into ranges, lists and deadlines, and which
//! calendar days they mean. A year that is left out is resolved from the published date.

use super::calendar::Frame;
use super::doc::Doc;
use super::token::{self, Partial, Token, Value, Year};
use super::{doubt, shape};
use crate::model::facts::Unread;
use crate::model::{Date, Span};
use regex::Regex;
use std::sync::LazyLock;

/// A date or stretch of time that the text states, whatever it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DateHit {
    /// The words.
    pub span: Span,
    /// First day; None = no start stated.
    pub start: Option<Date>,
    /// Last day; None = no end stated.
    pub end: Option<Date>,
    /// Clock time glued to the start, `HH:MM`.
    pub start_time: Option<String>,
    /// Clock time glued to the end, `HH:MM`.
    pub end_time: Option<String>,
    /// 预计, 左右, 底.
    pub estimate: bool,
    /// Several days that do not follow one another (25日、26日、28日).
    pub scattered: bool,
    /// No year is written where it rests on one.
    pub yearless: bool,
    /// Why the reading is not certain.
    pub doubt: Option<&'static str>,
    /// Name of the rule.
    pub rule: &'static str,
    /// How it is said.
    pub shape: Shape,
}

/// How a date is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// From–to, also a start with a length.
    Range,
    /// 起, 后, 开始.
    From,
    /// 即日起: the day of publication.
    Now,
    /// 前, 截止.
    Until,
    /// A day, or several in a row.
    Day,
    /// A whole month or a third of one.
    Month,
}

/// All that a text says of dates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Dates {
    /// In the order of the text.
    pub hits: Vec<DateHit>,
    /// Words that should be dates and cannot be read.
    pub unread: Vec<Unread>,
    /// Rules that matched and say nothing, or say that the words cannot be read.
    #[cfg(test)]
    pub(super) idle: Vec<&'static str>,
}

/// All dates of a text. `near` is the published date; where it is None, the last full date of the
/// text (the signature's) stands in for it.
pub(super) fn scan(doc: &Doc, near: Option<Date>) -> Dates {
    let tokens = token::tokens(doc.text());
    let letters: String = tokens.iter().map(|t| t.kind as char).collect();
    let signed = || {
        tokens.iter().rev().find_map(|t| match t.value {
            Value::Date(p) if t.kind == b'D' && matches!(p.year, Some(Year::Exact(_))) => {
                Frame { near: None }.days(p).ok().map(|d| d.0)
            }
            _ => None,
        })
    };
    let frame = Frame {
        near: near.or_else(signed),
    };
    let mut out = Dates::default();
    for found in shape::TABLE.find_iter(&letters) {
        let Some(row) = shape::ROWS.get(found.pattern().as_usize()) else {
            continue;
        };
        let place = found.range();
        let Some(slice) = tokens.get(place.clone()) else {
            continue;
        };
        let (Some(first), Some(last)) = (slice.first(), slice.last()) else {
            continue;
        };
        let span = doc.fold.span(first.range.start..last.range.end);
        let guess = slice.iter().any(|t| {
            t.kind == b'X'
                && !doc
                    .text()
                    .get(t.range.clone())
                    .is_some_and(|w| w.ends_with('旬'))
        }) || vague(&tokens, place.start, place.end);
        if row.name == shape::BARE
            && let Value::Date(day) = first.value
            && let Some(date) = bare(doc, span, day, &out.hits)
        {
            out.hits.push(DateHit {
                span,
                start: Some(date),
                end: Some(date),
                start_time: None,
                end_time: None,
                estimate: false,
                scattered: false,
                yearless: false,
                doubt: None,
                rule: row.name,
                shape: Shape::Day,
            });
            continue;
        }
        let made = (row.make)(&frame, slice);
        #[cfg(test)]
        if made.as_ref().map_or(true, Vec::is_empty) {
            out.idle.push(row.name);
        }
        match made {
            Ok(all) => out.hits.extend(all.into_iter().map(|m| {
                let part = m.part.and_then(|p| slice.get(p)).unwrap_or(slice);
                let from = part
                    .first()
                    .map_or(span.start, |t| doc.fold.span(t.range.clone()).start);
                let to = part
                    .last()
                    .map_or(span.end, |t| doc.fold.span(t.range.clone()).end);
                DateHit {
                    span: Span::new(from, to),
                    start: m.start,
                    end: m.end,
                    start_time: m.start_time.map(|t| token::clock(t.minutes)),
                    end_time: m.end_time.map(|t| token::clock(t.minutes)),
                    estimate: guess,
                    scattered: m.scattered,
                    yearless: yearless(slice),
                    doubt: (near.is_none() && leans(slice)).then_some(doubt::NO_PUBLISHED),
                    rule: row.name,
                    shape: m.shape,
                }
            })),
            Err(reason) => out.unread.push(Unread {
                quote: doc.words(span).to_string(),
                span,
                reason: reason.to_string(),
            }),
        }
    }
    out
}

/// What is done on a day without its month, right behind it.
static DONE: LazyLock<Regex> =
    LazyLock::new(|| super::regex("^(?:前?来|到|再来|统一|集中|自行)[^,。;]{0,30}领"));

/// Longest gap, in days, to the date that names the month of a bare day in the same sentence.
const SOON: i32 = 15;

/// The date of a day without its month: one that fills a table cell and lies in the stretch that
/// was stated before, or one in the sentence of an earlier date, on which someone comes to collect.
fn bare(doc: &Doc, span: Span, day: Partial, before: &[DateHit]) -> Option<Date> {
    let day = day.day?;
    if let Some((grid, row, col)) = super::window::cell(doc, span) {
        let own = grid.rows.get(row)?.get(col)?;
        let fills = doc.words(own.span).trim() == doc.words(span).trim();
        let date = before.iter().rev().find_map(|h| {
            let (start, end) = (h.start?, h.end?);
            let date = Date::new(start.year(), start.month(), day).ok()?;
            (h.shape == Shape::Range && (start..=end).contains(&date)).then_some(date)
        });
        return date.filter(|_| fills);
    }
    let last = before.last()?.end?;
    let date = Date::new(last.year(), last.month(), day).ok()?;
    let gap = last.until(date).ok()?.get_days();
    let sentence = doc.sentence(span);
    let after = doc.fold.of(Span::new(span.end, sentence.end));
    let near = sentence.covers(before.last()?.span) && (1..=SOON).contains(&gap);
    (near && DONE.is_match(after)).then_some(date)
}

/// Whether the reading needs the published date.
fn leans(slice: &[Token]) -> bool {
    yearless(slice) || slice.iter().any(|t| t.kind == b'N')
}

/// Whether no year is written in a match that names days.
fn yearless(slice: &[Token]) -> bool {
    let exact = |p: &Partial| matches!(p.year, Some(Year::Exact(_)));
    !slice
        .iter()
        .any(|t| matches!(&t.value, Value::Date(p) if exact(p)))
}

/// 预计 shortly before, 左右 right after.
fn vague(tokens: &[Token], start: usize, end: usize) -> bool {
    let before = tokens
        .get(start.saturating_sub(2)..start)
        .into_iter()
        .flatten()
        .rev()
        .take_while(|t| !matches!(t.kind, b'I' | b','))
        .any(|t| t.kind == b'?');
    before || tokens.get(end).is_some_and(|t| t.kind == b'?')
}

/// How a hit stands in a corpus.
#[cfg(test)]
pub(super) fn corpus_word(hit: &DateHit) -> String {
    let side = |d: Option<Date>, t: &Option<String>| {
        let day = d.map(|d| d.to_string()).unwrap_or_default();
        t.as_ref().map_or(day.clone(), |t| format!("{day}T{t}"))
    };
    let start = side(hit.start, &hit.start_time);
    let end = side(hit.end, &hit.end_time);
    let estimate = if hit.estimate { " ~" } else { "" };
    let scattered = if hit.scattered { " scattered" } else { "" };
    format!("{start}..{end}{estimate}{scattered}")
}

#[cfg(test)]
mod tests {
    use super::super::{corpus, plain};
    use super::*;

    #[test]
    fn every_form_reads_as_its_corpus_says() {
        corpus::check(
            "date.corpus",
            include_str!("date.corpus"),
            shape::ROWS.iter().map(|r| r.name),
            |line| {
                let article = plain(&line.text);
                let found = scan(&Doc::new(&article), line.near);
                let mut all: Vec<(usize, String, &'static str)> = found
                    .hits
                    .iter()
                    .map(|h| (h.span.start, corpus_word(h), h.rule))
                    .collect();
                all.extend(
                    found
                        .unread
                        .iter()
                        .map(|u| (u.span.start, format!("? {}", u.reason), "")),
                );
                all.sort();
                let rules = all.iter().map(|(_, _, r)| *r).chain(found.idle).collect();
                (all.into_iter().map(|(_, v, _)| v).collect(), rules)
            },
        );
    }

    #[test]
    fn without_a_published_date_the_signature_gives_the_year() {
        let article = plain("领证时间：3月10日至20日\n市人事考试中心\n2026年3月5日");
        let found = scan(&Doc::new(&article), None);
        assert_eq!(corpus_word(&found.hits[0]), "2026-03-10..2026-03-20");
        assert!(found.hits[0].doubt.is_some() && found.hits[1].doubt.is_none());
        let bare = plain("领证时间：3月10日至20日");
        let found = scan(&Doc::new(&bare), None);
        assert_eq!(found.unread[0].reason, "no_year");
    }
}
