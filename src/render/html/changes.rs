//! What changed, with the old and new words marked inside their clauses.

use super::{Html, Place, To};
use crate::model::event::Tag;
use crate::model::{Board, Change, Delta, Event, Subject, TextChange, Window, china_date};
use crate::render::{Lang, parts};

/// Most events on a page.
const EVENTS: usize = 20;
/// Most changed clauses of one event.
const CLAUSES: usize = 6;

/// The events, newest first.
pub(super) fn list(out: &mut Html, board: &Board, lang: Lang, page: Place) {
    if board.events.is_empty() {
        out.element("<p class=\"note\">", lang.board().label.no_changes, "</p>");
        return;
    }
    out.raw("<ol>");
    for event in board.events.iter().take(EVENTS) {
        one(out, event, &place(board, event, lang), lang, page);
    }
    out.raw("</ol>");
}

/// The region, and the city, of an event's source.
fn place(board: &Board, event: &Event, lang: Lang) -> String {
    let Some(source) = board.source(&event.source) else {
        return String::new();
    };
    let name = parts::region_name(board, &source.region, lang);
    match &source.city {
        Some(city) => format!("{name} · {city}"),
        None if board.regions.contains_key(&source.region) => name.to_string(),
        None => source.name.clone(),
    }
}

/// One event.
pub(super) fn one(out: &mut Html, event: &Event, place: &str, lang: Lang, page: Place) {
    let words = lang.words();
    out.raw("<li><p class=\"when\">");
    out.element("<time>", &china_date(event.at).to_string(), "</time> ");
    out.element(
        "<span class=\"kind\">",
        (words.change)(&event.change),
        "</span> ",
    );
    out.text(place);
    out.raw("</p><p class=\"what\">");
    match &event.subject {
        Subject::Notice(id) if !page.lacks(To::Notice(*id)) => {
            out.to(&page.href(To::Notice(*id), lang), &event.title)
        }
        _ => out.link(&event.url, &event.title),
    };
    out.raw("</p>");
    let facts = event.reading.as_deref().map(|r| &r.facts);
    match &event.change {
        Change::Facts { deltas, text } => {
            sentences(out, deltas, facts.map_or(&[], |f| &f.windows), lang);
            clauses(out, text);
        }
        Change::Text { text } => clauses(out, text),
        Change::Attachment { deltas } | Change::Reread { deltas } => {
            sentences(out, deltas, facts.map_or(&[], |f| &f.windows), lang);
        }
        Change::New => {
            for window in facts.map_or(&[][..], |f| &f.windows).iter().take(4) {
                let head = parts::window_head(window, lang);
                let line = parts::window_line(window, lang);
                out.element("<p class=\"delta\">", &format!("{head} {line}"), "</p>");
            }
        }
        Change::Moved { to, .. } => {
            out.raw("<p class=\"delta\">").link(to, to).raw("</p>");
        }
        Change::Broken { fault } => {
            out.element(
                "<p class=\"delta\">",
                (words.verdict)(fault.verdict),
                "</p>",
            );
        }
        Change::Gone { verdict } => {
            out.element("<p class=\"delta\">", (words.verdict)(*verdict), "</p>");
        }
        Change::Late { .. } => {
            let said = (words.about)(&event.change).unwrap_or_default();
            out.element("<p class=\"delta\">", &said, "</p>");
        }
        _ => {}
    }
    out.raw("</li>");
}

pub(super) fn sentences(out: &mut Html, deltas: &[Delta], windows: &[Window], lang: Lang) {
    for delta in deltas {
        let id = delta
            .path
            .strip_prefix("/windows/")
            .and_then(|p| p.split('/').next());
        let window = windows
            .iter()
            .find(|w| id.is_some() && w.id.as_deref() == id);
        let sentence = (lang.words().delta)(delta, window);
        out.element("<p class=\"delta\">", &sentence, "</p>");
    }
}

fn clauses(out: &mut Html, text: &TextChange) {
    for hunk in text.hunks.iter().take(CLAUSES) {
        out.raw("<p class=\"clause\">");
        for piece in &hunk.pieces {
            match piece.tag {
                Tag::Same => out.text(&piece.text),
                Tag::Old => out.element("<del>", &piece.text, "</del>"),
                Tag::New => out.element("<ins>", &piece.text, "</ins>"),
            };
        }
        out.raw("</p>");
    }
    let more = text.hunks.len().saturating_sub(CLAUSES);
    if more > 0 {
        out.element("<p class=\"note\">", &format!("+{more}"), "</p>");
    }
}
