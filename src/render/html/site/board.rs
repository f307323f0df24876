//! The board's front page, and one region.

use super::{At, frame};
use crate::model::{Board, Cursor, Standing};
use crate::render::html::{Html, To, action, changes, chips, region as parts_of_region, sources};
use crate::render::{parts, svg};

/// The front page. `live` is the place in the journal up to which the page is true: a script asks
/// for what comes after it. None for files.
pub fn board(board: &Board, live: Option<&Cursor>, at: At) -> String {
    let (words, label) = (at.lang.board(), &at.lang.board().label);
    let title = (words.title)(board);
    let mut out = frame::begin(at, &title, To::Board);
    out.raw("<header>").element("<h1>", &title, "</h1>");
    out.element("<p class=\"sub\">", &(words.subtitle)(board), "</p>");
    chips(&mut out, board, at.lang);
    out.raw("</header><main id=\"main\">");
    action(&mut out, board, at.lang, at.place);
    out.raw("<section class=\"map\">")
        .element("<h2>", label.map, "</h2>");
    out.push(&svg::map_inline(board, at.lang, at.place));
    out.element("<p class=\"note\">", label.map_note, "</p></section>");
    out.raw("<section class=\"changes\"");
    if let Some(cursor) = live {
        out.attr("data-after", &cursor.to_string());
        out.attr("data-arrived", at.lang.site().arrived);
    }
    out.raw(">").element("<h2>", label.changes, "</h2>");
    out.raw("<p class=\"live\" role=\"status\"></p>");
    changes::list(&mut out, board, at.lang, at.place);
    out.raw("</section>");
    out.raw("<section class=\"time\">")
        .element("<h2>", label.timeline, "</h2>");
    out.raw("<div class=\"wide\" tabindex=\"0\" role=\"group\"")
        .attr("aria-label", label.timeline)
        .raw(">")
        .push(&svg::timeline_inline(board, at.lang, at.place));
    out.raw("</div>")
        .element("<p class=\"note\">", label.timeline_note, "</p></section>");
    regions(&mut out, board, at);
    sources(&mut out, board, at.lang);
    out.raw("</main>");
    frame::end(out, at)
}

/// Every region in a row, those that need action first.
fn regions(out: &mut Html, board: &Board, at: At) {
    out.raw("<section class=\"regions\">").element(
        "<h2>",
        at.lang.site().all_regions,
        "</h2><div class=\"rows\">",
    );
    for (_, standings) in parts::by_stage(board) {
        for s in standings {
            row(out, board, s, at);
        }
    }
    out.raw("</div></section>");
}

fn row(out: &mut Html, board: &Board, s: &Standing, at: At) {
    let words = at.lang.board();
    out.raw("<div class=\"row\"><b>");
    at.to(
        out,
        To::Region(&s.region),
        parts::region_name(board, &s.region, at.lang),
    );
    out.raw("</b>");
    parts_of_region::badge(out, s.stage, at.lang);
    out.element("<span>", &(words.phrase)(s), "</span>");
    let ways = parts::ways_line(&s.paper, at.lang);
    let note = match ways.is_empty() {
        false => ways,
        true => {
            let gap = parts::gaps(board, s, at.lang).into_iter().next();
            gap.unwrap_or_else(|| (words.grounds)(s))
        }
    };
    out.element("<small>", &note, "</small><small>");
    if let Some(newest) = parts::notices(board, s).first() {
        at.to(out, To::Notice(newest.id), &newest.title);
    }
    out.raw("</small></div>");
}

/// One region in full; None where the board does not hold it.
pub fn region(board: &Board, region: &str, at: At) -> Option<String> {
    let s = board.standing(region)?;
    let words = at.lang.board();
    let name = parts::region_name(board, region, at.lang);
    let sitting = format!("{} {}", board.exam_short, (words.sitting)(&board.sitting));
    let title = format!("{name}{}{sitting}", words.label.colon);
    let mut out = frame::begin(at, &title, To::Region(region));
    frame::heading(&mut out, &title, &(words.subtitle)(board));
    out.raw("<main id=\"main\"><section class=\"regions one\">")
        .element("<h2>", words.label.paper, "</h2>");
    match s.notices.is_empty() {
        false => parts_of_region::told(&mut out, board, s, at.lang, at.place),
        true => parts_of_region::untold(&mut out, board, s, at.lang, at.place),
    }
    out.raw("</section>");
    let own: Vec<_> = board
        .events
        .iter()
        .filter(
            |e| matches!(&e.subject, crate::model::Subject::Notice(id) if s.notices.contains(id)),
        )
        .collect();
    if !own.is_empty() {
        out.raw("<section class=\"changes\">")
            .element("<h2>", words.label.changes, "</h2><ol>");
        for event in own {
            changes::one(&mut out, event, "", at.lang, at.place);
        }
        out.raw("</ol></section>");
    }
    out.raw("</main>");
    Some(frame::end(out, at))
}
