//! Two versions of a notice side by side.

use super::{At, frame};
use crate::model::event::Tag;
use crate::model::{Delta, Notice, Reading, TextChange, Version, china_date};
use crate::render::html::{Html, To, changes};

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct Diff<'a> {
    /// The notice.
    pub notice: &'a Notice,
    /// The earlier version.
    pub old: &'a Version,
    /// The later version.
    pub new: &'a Version,
    /// Facts that differ.
    pub deltas: &'a [Delta],
    /// Words that differ.
    pub text: &'a TextChange,
    /// Facts of the later version.
    pub reading: &'a Reading,
}

/// The page.
pub fn diff(page: &Diff, at: At) -> String {
    let words = at.lang.site();
    let (old, new) = (page.old, page.new);
    let title = (words.differences)(old.n, new.n);
    let mut out = frame::begin(at, &title, To::Diff(page.notice.id, old.n, new.n));
    out.raw("<header>")
        .element("<h1>", &title, "</h1><p class=\"sub\">");
    at.to(&mut out, To::Notice(page.notice.id), &page.notice.title);
    out.raw("</p></header><main id=\"main\">");
    let (deltas, text) = (page.deltas, page.text);
    if !deltas.is_empty() || text.hunks.is_empty() {
        out.raw("<section class=\"changes\">");
        changes::sentences(&mut out, deltas, &page.reading.facts.windows, at.lang);
        if deltas.is_empty() {
            out.element("<p class=\"note\">", words.same, "</p>");
        }
        out.raw("</section>");
    }
    if !text.hunks.is_empty() {
        table(&mut out, page, at);
    }
    out.raw("</main>");
    frame::end(out, at)
}

fn table(out: &mut Html, page: &Diff, at: At) {
    let words = at.lang.site();
    out.raw("<section class=\"sides\"><table>");
    out.element("<caption>", words.clauses, "</caption><thead><tr>");
    for (name, version) in [(words.before, page.old), (words.after, page.new)] {
        let seen = china_date(version.seen_at);
        let head = format!("{name} · {} · {seen}", (words.version)(version.n));
        out.element("<th scope=\"col\">", &head, "</th>");
    }
    out.raw("</tr></thead><tbody>");
    for hunk in &page.text.hunks {
        out.raw("<tr>");
        for (side, tag) in [(Tag::Old, "<del>"), (Tag::New, "<ins>")] {
            out.raw("<td>");
            for piece in &hunk.pieces {
                match piece.tag {
                    Tag::Same => drop(out.text(&piece.text)),
                    t if t == side => {
                        let close = if side == Tag::Old { "</del>" } else { "</ins>" };
                        out.element(tag, &piece.text, close);
                    }
                    _ => {}
                }
            }
            out.raw("</td>");
        }
        out.raw("</tr>");
    }
    out.raw("</tbody></table></section>");
}
