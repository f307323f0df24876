//! Drawings of a board: the tile map and the timeline, deterministic and without scripts.

mod map;
mod tiles;
mod timeline;

use super::Lang;
use super::html::{Html, Place};
use crate::model::{Board, Stage};

/// Space around a drawing that is a file of its own.
const MARGIN: i32 = 24;

/// The style of the drawings; a page that holds them carries it once.
pub(super) const STYLE: &str = include_str!("style.css");

/// The tile map as a file.
pub fn map(board: &Board, lang: Lang) -> String {
    map::draw(board, lang, None).into_string()
}

/// The timeline as a file.
pub fn timeline(board: &Board, lang: Lang) -> String {
    timeline::draw(board, lang, None).into_string()
}

/// The tile map for a page that carries [`STYLE`].
pub(super) fn map_inline(board: &Board, lang: Lang, page: Place) -> Html {
    map::draw(board, lang, Some(page))
}

/// The timeline for a page that carries [`STYLE`].
pub(super) fn timeline_inline(board: &Board, lang: Lang, page: Place) -> Html {
    timeline::draw(board, lang, Some(page))
}

/// The opening of a drawing.
fn begin(size: (i32, i32), title: &str, lang: Lang, standalone: bool) -> Html {
    // A file of its own has a margin; in a page the page gives it.
    let margin = if standalone { MARGIN } else { 0 };
    let (width, height) = (size.0 + 2 * margin, size.1 + 2 * margin);
    let mut out = Html::new();
    out.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"group\" viewBox=\"");
    for n in [-margin, -margin, width] {
        out.int(n).raw(" ");
    }
    out.int(height).raw("\"");
    out.attr("lang", lang.board().tag);
    out.raw(match lang {
        Lang::Zh => " class=\"zh\"",
        Lang::En => " class=\"en\"",
    });
    if standalone {
        out.px("width", width).px("height", height);
    }
    out.raw(">").element("<title>", title, "</title>");
    if standalone {
        out.raw("<style>").raw(STYLE).raw("</style>");
        out.raw("<rect style=\"fill:var(--paper)\"")
            .px("x", -margin)
            .px("y", -margin);
        out.px("width", width).px("height", height).raw("/>");
    }
    out
}

/// The class of a stage in the style.
pub(super) fn class(stage: Stage) -> &'static str {
    match stage {
        Stage::NotHeld => "s-not_held",
        Stage::Unknown => "s-unknown",
        Stage::Expected => "s-expected",
        Stage::Late => "s-late",
        Stage::Announced => "s-announced",
        Stage::Open => "s-open",
        Stage::Closing => "s-closing",
        Stage::Closed => "s-closed",
    }
}
