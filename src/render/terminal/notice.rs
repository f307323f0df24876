//! One notice in full, its history, and the difference of two of its versions.

use super::{BOLD, DIM, LINK, clauses, paint, sentences, summary};
use crate::model::{Delta, Event, Notice, Reading, TextChange, Tied, Version, china_date};
use crate::render::Lang;
use crate::render::safe::{short, terminal};
use std::fmt::Write;

/// A notice with the facts of its latest version, and what it corrects or is corrected by.
pub fn notice(notice: &Notice, place: &str, tied: &Tied, lang: Lang) -> String {
    let words = lang.words();
    let label = &words.label;
    let mut out = String::new();
    let head = format!("#{} {}", notice.id, terminal(&notice.title));
    let _ = writeln!(out, "{}", paint(BOLD, &head));
    let _ = writeln!(
        out,
        "    {} · {}",
        terminal(place),
        paint(LINK, &terminal(&notice.url))
    );
    if notice.gone {
        let _ = writeln!(out, "    [{}]", label.gone);
    }
    if notice.by_hand {
        let _ = writeln!(out, "    [{}]", label.by_hand);
    }
    let label = &lang.board().label;
    let corrects = tied.corrects.iter().map(|n| (label.corrects, n));
    let corrected_by = tied.corrected_by.iter().map(|n| (label.corrected_by, n));
    for (word, other) in corrects.chain(corrected_by) {
        let _ = writeln!(out, "    {word} #{} {}", other.id, terminal(&other.title));
    }
    match &notice.latest {
        Some(version) => {
            summary(&mut out, &version.reading, lang);
            rest(&mut out, &version.reading, lang);
        }
        None => {
            let _ = writeln!(out, "    {}", words.label.row_only);
        }
    }
    out
}

/// What the summary leaves out.
pub(super) fn rest(out: &mut String, reading: &Reading, lang: Lang) {
    let label = &lang.words().label;
    let facts = &reading.facts;
    let mut line = |name: &str, text: &str| {
        let _ = writeln!(out, "    {} {}", paint(DIM, name), terminal(text));
    };
    if let Some(issuer) = &facts.issuer {
        line(label.issuer, issuer);
    }
    for exam in &facts.exams {
        let half = match exam.half {
            Some(1) => "上半年",
            Some(_) => "下半年",
            None => "",
        };
        let year = exam
            .year
            .map(|y| format!("{y}{} ", if half.is_empty() { "" } else { "年" }));
        line(
            label.exams,
            &format!("{}{half}{}", year.unwrap_or_default(), exam.name),
        );
    }
    if let Some(years) = facts.custody_years {
        line(label.custody, &years.to_string());
    }
    for note in &facts.notes {
        line(label.notes, &note.quote);
    }
    for file in &facts.attachments {
        line(label.attachments, &file.name);
    }
    let why = lang.words().doubt;
    for (pointer, proof) in reading.evidence.iter().filter(|(_, p)| !p.certain) {
        let reason = proof.reason.as_deref().map(why).unwrap_or_default();
        line(label.doubt, &format!("{pointer} {reason}"));
    }
    for unread in &reading.unread {
        line(
            label.doubt,
            &format!("“{}”（{}）", unread.quote, why(&unread.reason)),
        );
    }
}

/// A notice's versions and what was told of it, newest first.
pub fn history(versions: &[Version], events: &[Event], lang: Lang) -> String {
    let words = lang.words();
    let mut out = format!("{}\n", paint(BOLD, words.label.history));
    for version in versions {
        let http = if version.plain_http { " (http)" } else { "" };
        let day = china_date(version.seen_at);
        let digest = version.article_digest.get(..8).unwrap_or("");
        let _ = writeln!(out, "    v{} {day} {}{http}", version.n, paint(DIM, digest));
    }
    for event in events {
        let change = (words.change)(&event.change);
        let _ = writeln!(
            out,
            "    {} [{change}] {}",
            china_date(event.at),
            paint(DIM, &event.id.to_string())
        );
    }
    out
}

/// What changed between two versions.
pub fn versions_diff(
    notice: &Notice,
    (old, new): (&Version, &Version),
    deltas: &[Delta],
    text: &TextChange,
    reading: &Reading,
    lang: Lang,
) -> String {
    let label = &lang.words().label;
    let mut out = String::new();
    let title = short(&terminal(&notice.title), 80);
    let _ = writeln!(out, "{}", paint(BOLD, &format!("#{} {title}", notice.id)));
    let (a, b) = (china_date(old.seen_at), china_date(new.seen_at));
    let _ = writeln!(out, "    v{} ({a}) → v{} ({b})", old.n, new.n);
    sentences(&mut out, deltas, Some(&reading.facts), lang);
    clauses(&mut out, text);
    if deltas.is_empty() && text.hunks.is_empty() {
        let _ = writeln!(out, "    {}", label.nothing);
    }
    out
}
