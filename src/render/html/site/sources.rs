//! The sources and their health, those that fail first.

use super::{At, Names, frame};
use crate::model::source::Kind;
use crate::model::{SourceState, Verdict, china_date};
use crate::render::html::To;
use std::collections::BTreeMap;

/// The page.
pub fn sources(states: &BTreeMap<String, SourceState>, names: Names, at: At) -> String {
    let (words, label) = (at.lang.site(), &at.lang.words().label);
    let mut out = frame::begin(at, words.sources, To::Sources);
    let mut rows: Vec<_> = names
        .catalog
        .sources
        .iter()
        .map(|s| (s, states.get(&s.id)))
        .collect();
    let failing = |state: Option<&SourceState>| state.is_some_and(|s| s.fault.is_some());
    // Stable: otherwise the catalog's order.
    rows.sort_by_key(|(_, state)| (!failing(*state), state.is_none()));
    let board = &at.lang.board().label;
    let bad = rows.iter().filter(|(_, s)| failing(*s)).count();
    let seen = rows.iter().filter(|(_, s)| s.is_some()).count();
    let under = [
        (seen - bad, board.answering),
        (bad, board.failing),
        (rows.len() - seen, board.unvisited),
    ];
    let under: Vec<String> = under
        .iter()
        .map(|(n, word)| format!("{n} {word}"))
        .collect();
    let under = under.join(" · ");
    frame::heading(&mut out, words.sources, &under);
    out.raw("<main id=\"main\"><section><div class=\"wide\" tabindex=\"0\" role=\"group\"");
    out.attr("aria-label", words.sources)
        .raw("><table class=\"health\"><thead><tr>");
    for head in [
        label.region,
        label.source,
        label.state,
        label.last_good,
        words.last_visit,
    ] {
        out.element("<th scope=\"col\">", head, "</th>");
    }
    out.raw("</tr></thead><tbody>");
    for (source, state) in rows {
        out.raw("<tr><th scope=\"row\">");
        match names.catalog.regions.iter().any(|r| r.id == source.region) {
            true => at.to(
                &mut out,
                To::Region(&source.region),
                &names.place(&source.id),
            ),
            false => drop(out.text(words.national)),
        }
        out.raw("</th><td>");
        let page = [&source.list]
            .into_iter()
            .chain(&source.home)
            .find(|u| !u.is_empty());
        out.link(page.map_or("", String::as_str), &source.name)
            .raw("</td><td>");
        let fault = state.and_then(|s| s.fault.as_ref());
        match (state, fault) {
            (_, Some(fault)) => {
                out.element(
                    "<b class=\"bad\">",
                    (at.lang.words().verdict)(fault.verdict),
                    "</b>",
                );
                out.element("<p class=\"why\">", &(at.lang.words().fault)(fault), "</p>");
                if let Some(since) = state.and_then(|s| s.fault_since) {
                    out.text(&format!(" {} {}", label.since, china_date(since)));
                }
            }
            (Some(_), None) => drop(out.text((at.lang.words().verdict)(Verdict::Ok))),
            (None, _) if source.kind == Kind::Manual => drop(out.text(label.by_hand)),
            (None, _) => drop(out.text(board.unvisited)),
        }
        for moment in [
            state.and_then(|s| s.last_good),
            state.and_then(|s| s.last_visit),
        ] {
            let text = moment.map_or("—".to_string(), at.lang.board().moment);
            out.element("</td><td>", &text, "");
        }
        out.raw("</td></tr>");
    }
    out.raw("</tbody></table></div></section></main>");
    frame::end(out, at)
}
