//! The board as one self-contained page: no script, nothing from elsewhere, readable on a phone
//! and on paper, light and dark.

mod changes;
mod door;
mod links;
mod region;
pub mod site;

pub use door::Html;
pub use links::{Form, Href, Place, To, file};

use super::{Lang, parts, svg};
use crate::model::{Board, Stage};

const STYLE: &str = include_str!("style.css");

/// What the page may load: nothing but its own style.
const HEAD: &str = "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"";
const POLICY: &str = "<meta charset=\"utf-8\"/>\
    <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
    base-uri 'none'; form-action 'none'\"/>\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\
    <meta name=\"color-scheme\" content=\"light dark\"/>\
    <meta name=\"referrer\" content=\"no-referrer\"/>";

/// Where this page's links lead.
const PAGE: Place = Place::OnePage;

/// The whole page.
pub fn page(board: &Board, lang: Lang) -> String {
    let (words, label) = (lang.board(), &lang.board().label);
    let title = (words.title)(board);
    let mut out = Html::new();
    out.raw(HEAD)
        .attr("lang", words.tag)
        .raw("><head>")
        .raw(POLICY);
    out.element("<title>", &title, "</title>");
    out.raw("<style>")
        .raw(svg::STYLE)
        .raw(STYLE)
        .raw("</style></head><body id=\"top\"><header>");
    out.element("<h1>", &title, "</h1>");
    out.element("<p class=\"sub\">", &(words.subtitle)(board), "</p>");
    chips(&mut out, board, lang);
    out.raw("</header><main>");
    action(&mut out, board, lang, PAGE);
    out.raw("<section class=\"map\">")
        .element("<h2>", label.map, "</h2>");
    out.push(&svg::map_inline(board, lang, PAGE));
    out.element("<p class=\"note\">", label.map_note, "</p></section>");
    out.raw("<section class=\"changes\">")
        .element("<h2>", label.changes, "</h2>");
    changes::list(&mut out, board, lang, PAGE);
    out.raw("</section>");
    out.raw("<section class=\"time\">")
        .element("<h2>", label.timeline, "</h2>");
    out.raw("<div class=\"wide\" tabindex=\"0\">")
        .push(&svg::timeline_inline(board, lang, PAGE));
    out.raw("</div>")
        .element("<p class=\"note\">", label.timeline_note, "</p></section>");
    out.raw("<section class=\"regions\">")
        .element("<h2>", label.regions, "</h2>");
    for s in parts::told(board) {
        region::told(&mut out, board, s, lang, PAGE);
    }
    region::waiting(&mut out, board, lang, PAGE);
    out.raw("</section>");
    sources(&mut out, board, lang);
    out.raw("</main><footer>")
        .element("<p>", label.disclaimer, "</p>");
    out.element(
        "<p><a href=\"#top\">",
        label.top,
        "</a></p></footer></body></html>\n",
    );
    out.into_string()
}

/// So many regions at each stage.
fn chips(out: &mut Html, board: &Board, lang: Lang) {
    out.raw("<ul class=\"chips\">");
    for (stage, list) in parts::by_stage(board) {
        out.raw("<li><span class=\"dot ")
            .raw(svg::class(stage))
            .raw("\"></span>");
        out.element("<b>", &list.len().to_string(), "</b> ");
        out.text((lang.board().stage)(stage)).raw("</li>");
    }
    out.raw("</ul>");
}

/// What the reader can or should do now.
fn action(out: &mut Html, board: &Board, lang: Lang, page: Place) {
    let words = lang.board();
    let now = |s: &Stage| {
        matches!(
            s,
            Stage::Closing | Stage::Open | Stage::Announced | Stage::Late
        )
    };
    let groups = parts::by_stage(board);
    let groups: Vec<_> = groups.into_iter().filter(|(s, _)| now(s)).collect();
    if groups.is_empty() {
        return;
    }
    out.raw("<section class=\"action\">");
    for (stage, list) in groups {
        out.raw("<div><h2><span class=\"badge ")
            .raw(svg::class(stage))
            .raw("\">");
        out.text((words.stage)(stage)).raw("</span> ");
        out.element("<small>", (words.advice)(stage), "</small></h2><ul>");
        for s in list {
            out.raw("<li>");
            let name = parts::region_name(board, &s.region, lang);
            out.to(&page.href(To::Region(&s.region), lang), name);
            out.element("<b>", &(words.phrase)(s), "</b>");
            out.raw("<span>");
            for (name, way) in parts::ways(&s.paper, lang) {
                out.element("<i>", &format!("{name} {}", (words.way)(&way)), "</i>");
            }
            out.raw("</span></li>");
        }
        out.raw("</ul></div>");
    }
    out.raw("</section>");
}

/// Sources that fail, and how many do well.
fn sources(out: &mut Html, board: &Board, lang: Lang) {
    let (words, label) = (lang.board(), &lang.board().label);
    let (well, failing, unvisited) = parts::health(board);
    out.raw("<section class=\"sources\">")
        .element("<h2>", label.sources, "</h2>");
    let mut line = Vec::new();
    for (n, word) in [
        (well, label.answering),
        (failing, label.failing),
        (unvisited, label.unvisited),
    ] {
        if n > 0 {
            line.push(format!("{n} {word}"));
        }
    }
    out.element("<p>", &line.join(" · "), "</p>");
    if failing > 0 {
        out.raw("<ul>");
        for source in board.sources.iter().filter(|s| s.fault.is_some()) {
            out.raw("<li>")
                .link(&source.url, &source.name)
                .text(words.label.colon);
            if let Some(fault) = &source.fault {
                out.text((lang.words().verdict)(fault.verdict));
            }
            if let Some(since) = source.fault_since {
                let since = crate::model::china_date(since);
                out.text(&format!(" · {} {since}", lang.words().label.since));
            }
            out.raw("</li>");
        }
        out.raw("</ul>");
    }
    out.raw("</section>");
}
