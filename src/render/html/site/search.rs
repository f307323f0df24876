//! Search: the field, and what it found.

use super::{At, Names, frame};
use crate::model::Notice;
use crate::render::html::To;

/// The page. `words` as they were typed; empty = nothing was asked for yet.
pub fn search(typed: &str, found: &[Notice], names: Names, at: At) -> String {
    let (words, kinds) = (at.lang.site(), at.lang.words().kind);
    let mut out = frame::begin(at, words.search, To::Search);
    let count = match typed.is_empty() {
        true => String::new(),
        false => (words.found)(found.len()),
    };
    out.raw("<header>").element("<h1>", words.search, "</h1>");
    out.raw("<form class=\"big\" action=\"/search\" method=\"get\">");
    frame::search_field(&mut out, at, typed);
    out.raw("</form>")
        .element("<p class=\"sub\" role=\"status\">", &count, "</p></header>");
    out.raw("<main id=\"main\"><section class=\"found\"><ol>");
    for notice in found {
        out.raw("<li><p class=\"what\">");
        at.to(&mut out, To::Notice(notice.id), &notice.title);
        out.raw("</p><p class=\"by\">")
            .text(&names.place(&notice.source));
        if let Some(day) = notice.published {
            out.text(&format!(" · {day}"));
        }
        if let Some(kind) = notice.kind {
            out.text(" · ").text(kinds(kind));
        }
        if notice.gone {
            out.text(" · ").text(at.lang.words().label.gone);
        }
        out.raw("</p></li>");
    }
    out.raw("</ol></section></main>");
    frame::end(out, at)
}
