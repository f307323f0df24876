//! The tile map: one tile per region, its colour and its words tell the stage.

use super::tiles::{COLUMNS, ROWS, place};
use super::{begin, class};
use crate::model::{Board, Stage, Standing};
use crate::render::html::{Html, Place, To};
use crate::render::{Lang, parts};
use unicode_width::UnicodeWidthStr;

/// Side of a tile with its gap.
const CELL: i32 = 84;
/// Gap between tiles.
const GAP: i32 = 6;
/// By how much a small tile is smaller on each side.
const INSET: i32 = 6;
/// Height of a line of the legend.
const LEGEND: i32 = 30;

/// The drawing. Without a page around it, it carries its own style and has no links.
pub(super) fn draw(board: &Board, lang: Lang, page: Option<Place>) -> Html {
    let words = lang.board();
    let mut tiles = Html::new();
    let (mut further, mut rows) = (0, ROWS);
    for s in &board.standings {
        let (column, row, small) = place(&s.region, &mut further);
        rows = rows.max(row + 1);
        tile(
            &mut tiles,
            board,
            s,
            (column * CELL, row * CELL, small),
            lang,
            page,
        );
    }
    let stages: Vec<Stage> = parts::by_stage(board).into_iter().map(|(s, _)| s).collect();
    let (across, lines) = (4, (stages.len() as i32 + 3) / 4);
    let width = COLUMNS * CELL;
    let height = rows * CELL + 14 + lines * LEGEND;
    let title = format!("{} · {}", (words.title)(board), words.label.map);
    let mut out = begin((width, height), &title, lang, page.is_none());
    out.push(&tiles);
    out.raw("<g>");
    for (i, stage) in (0..).zip(stages) {
        let (x, y) = (
            (i % across) * (width / across),
            rows * CELL + 14 + (i / across) * LEGEND,
        );
        out.raw("<rect class=\"").raw(class(stage)).raw("\"");
        out.px("x", x + 1)
            .px("y", y)
            .px("width", 20)
            .px("height", 20)
            .px("rx", 4)
            .raw("/>");
        out.raw("<text class=\"l-text\"")
            .px("x", x + 30)
            .px("y", y + 15)
            .raw(">");
        out.text((words.stage)(stage)).raw("</text>");
    }
    out.raw("</g></svg>");
    out
}

fn tile(
    out: &mut Html,
    board: &Board,
    s: &Standing,
    at: (i32, i32, bool),
    lang: Lang,
    page: Option<Place>,
) {
    let words = lang.board();
    let (x, y, small) = at;
    let inset = if small { INSET } else { 0 };
    let side = CELL - GAP - 2 * inset;
    let name = parts::region_name(board, &s.region, lang);
    if let Some(page) = page {
        out.open(&page.href(To::Region(&s.region), lang));
    }
    out.raw("<g class=\"").raw(class(s.stage));
    out.raw(match (small, name.width()) {
        (_, 12..) => " t-longest\">",
        (false, 9..) | (true, 8..) => " t-long\">",
        (true, _) => " t-small\">",
        (false, _) => "\">",
    });
    let full = format!(
        "{name}{}{} {}",
        words.label.colon,
        (words.stage)(s.stage),
        (words.phrase)(s)
    );
    out.element("<title>", full.trim_end(), "</title>");
    out.raw("<rect")
        .px("x", x + inset + 1)
        .px("y", y + inset + 1);
    out.px("width", side)
        .px("height", side)
        .px("rx", 8)
        .raw("/>");
    let note = match (words.tile)(s) {
        note if note.is_empty() => (words.stage)(s.stage).to_string(),
        note => note,
    };
    let (middle, centre) = (x + (CELL - GAP) / 2 + 1, y + (CELL - GAP) / 2);
    out.raw("<text class=\"t-name\"")
        .px("x", middle)
        .px("y", centre)
        .raw(">");
    out.text(name).raw("</text>");
    if lang == Lang::En {
        // Latin names are too long for a phone: there the code of GB/T 2260 stands for them.
        out.raw("<text class=\"t-code\"");
        out.px("x", middle).px("y", centre + 8).raw(">");
        out.text(&s.region.to_uppercase()).raw("</text>");
    }
    out.raw("<text class=\"t-note\"")
        .px("x", middle)
        .px("y", centre + 22)
        .raw(">");
    out.text(&note).raw("</text></g>");
    if page.is_some() {
        out.raw("</a>");
    }
}
