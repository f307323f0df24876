//! What changed, with the old and new words marked inside their clauses.

use super::Html;
use crate::model::event::Tag;
use crate::model::{Board, Change, Delta, Event, TextChange, Window, china_date};
use crate::render::{Lang, parts};

/// Most events on a page.
const EVENTS: usize = 20;
/// Most changed clauses of one event.
const CLAUSES: usize = 6;

/// The events, newest first.
pub(super) fn list(out: &mut Html, board: &Board, lang: Lang) {
    if board.events.is_empty() {
        out.element("<p class=\"note\">", lang.board().label.no_changes, "</p>");
        return;
    }
    out.raw("<ol>");
    for event in board.events.iter().take(EVENTS) {
        one(out, board, event, lang);
    }
    out.raw("</ol>");
}

fn one(out: &mut Html, board: &Board, event: &Event, lang: Lang) {
    let words = lang.words();
    out.raw("<li><p class=\"when\">");
    out.element("<time>", &china_date(event.at).to_string(), "</time> ");
    out.element(
        "<span class=\"kind\">",
        (words.change)(&event.change),
        "</span> ",
    );
    if let Some(source) = board.source(&event.source) {
        let name = parts::region_name(board, &source.region, lang);
        let place = match &source.city {
            Some(city) => format!("{name} · {city}"),
            None if board.regions.contains_key(&source.region) => name.to_string(),
            None => source.name.clone(),
        };
        out.text(&place);
    }
    out.raw("</p><p class=\"what\">")
        .link(&event.url, &event.title)
        .raw("</p>");
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
        Change::Gone { verdict } => {
            out.element("<p class=\"delta\">", (words.verdict)(*verdict), "</p>");
        }
        _ => {}
    }
    out.raw("</li>");
}

fn sentences(out: &mut Html, deltas: &[Delta], windows: &[Window], lang: Lang) {
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
