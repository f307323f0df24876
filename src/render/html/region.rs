//! One region: how far it has come, then each notice with its dates, places and papers.

use super::{Html, Place, To, svg};
use crate::model::{Board, BoardNotice, BoardSource, Facts, Stage, Standing, Way};
use crate::render::{Lang, link, parts};

/// The head of a region's article: its name, its stage, one phrase, and what is not watched.
fn head(out: &mut Html, board: &Board, s: &Standing, lang: Lang) {
    out.raw("<article")
        .attr("id", &format!("r-{}", s.region))
        .raw("><header><h3>");
    out.text(parts::region_name(board, &s.region, lang))
        .raw("</h3>");
    badge(out, s.stage, lang);
    out.element("<b>", &(lang.board().phrase)(s), "</b></header>");
    gaps(out, board, s, lang);
}

/// A region that a notice has reached.
pub(super) fn told(out: &mut Html, board: &Board, s: &Standing, lang: Lang, page: Place) {
    let (words, label) = (lang.board(), &lang.board().label);
    head(out, board, s, lang);
    out.raw("<dl>");
    for (name, way) in parts::ways(&s.paper, lang) {
        field(out, name, &(words.way)(&way));
    }
    field(out, label.electronic, &(words.electronic)(&s.electronic));
    if let Some(day) = s.kept_until {
        field(out, label.kept, &(words.kept)(day));
    }
    out.raw("</dl>");
    for n in parts::notices(board, s) {
        notice(out, board, s, n, lang, page);
    }
    pages(out, board, s, lang, page);
    cities(out, s, lang);
    if s.stage != Stage::Closed {
        out.raw("<details><summary>")
            .text(label.check)
            .raw("</summary><ul class=\"boxes\">");
        for item in words.on_certificate {
            out.element("<li>", item, "</li>");
        }
        out.raw("</ul></details>");
    }
    offices(out, board, &s.region, lang);
    out.raw("</article>");
}

/// What the region's offices always say, beside their notices.
fn pages(out: &mut Html, board: &Board, s: &Standing, lang: Lang, page: Place) {
    for n in parts::pages(board, &s.region) {
        notice(out, board, s, n, lang, page);
    }
}

fn notice(out: &mut Html, board: &Board, s: &Standing, n: &BoardNotice, lang: Lang, page: Place) {
    let (words, label) = (lang.board(), &lang.words().label);
    out.raw("<div class=\"notice\"><h4>")
        .link(&n.url, &n.title)
        .raw("</h4><p class=\"by\">");
    if parts::is_page(board, &n.source) {
        out.text(words.label.standing).text(" · ");
    }
    out.text(&n.office);
    if let Some(day) = n.published {
        out.text(&format!(" · {} {day}", label.published));
    }
    out.raw("</p>");
    for (word, other) in parts::tied(board, n.id, lang) {
        out.raw("<p class=\"by\">")
            .text(word)
            .text(words.label.colon);
        match page.lacks(To::Notice(other.id)) {
            true => out.link(&other.url, &other.title),
            false => out.to(&page.href(To::Notice(other.id), lang), &other.title),
        };
        out.raw("</p>");
    }
    out.raw("<dl>");
    for w in s.windows.iter().filter(|w| w.notice == n.id) {
        out.element("<dt>", &parts::window_head(&w.window, lang), "</dt><dd>");
        out.element("<b>", &parts::window_line(&w.window, lang), "</b> ");
        badge(out, w.stage, lang);
        out.element("<q>", &w.window.quote, "</q></dd>");
    }
    match &n.reading {
        Some(reading) => details(out, &reading.facts, lang),
        None => field(out, label.state, label.row_only),
    }
    out.raw("</dl>");
    if let Some(reading) = &n.reading {
        papers(out, &reading.facts, lang);
        for note in &reading.facts.notes {
            out.element("<blockquote>", &note.quote, "</blockquote>");
        }
    }
    let seen = n
        .seen
        .map(|at| format!(" · {} {}", words.label.seen, (words.moment)(at)));
    let changed = format!("{} {}", words.label.changed, (words.moment)(n.changed));
    out.raw("<p class=\"by\">")
        .text(&(changed + &seen.unwrap_or_default()));
    if !page.lacks(To::Notice(n.id)) {
        let more = page.href(To::Notice(n.id), lang);
        out.raw(" · ").to(&more, lang.site().evidence_and_history);
    }
    out.raw("</p></div>");
}

pub(super) fn details(out: &mut Html, facts: &Facts, lang: Lang) {
    let label = &lang.words().label;
    let comma = lang.board().label.comma;
    for place in &facts.places {
        let name = place.scope.as_deref().unwrap_or(label.places);
        let mut line = vec![parts::place_line(place, lang)];
        line.extend(place.phones.iter().cloned());
        line.retain(|p| !p.is_empty());
        field(out, name, &line.join(" · "));
    }
    if let Some(mail) = &facts.mail {
        field(out, label.mail, &parts::mail_line(mail, lang));
    }
    let answer = facts
        .proxy_allowed
        .map(|yes| if yes { label.yes } else { label.no });
    field(out, label.proxy, answer.unwrap_or(""));
    field(out, label.phones, &parts::phones(facts).join(comma));
}

/// The papers as lists to tick.
pub(super) fn papers(out: &mut Html, facts: &Facts, lang: Lang) {
    let lists = parts::papers(&facts.materials, lang);
    if lists.is_empty() {
        return;
    }
    out.raw("<div class=\"papers\">");
    for (who, list) in lists {
        out.element("<div><p class=\"who\">", who, "</p><ul class=\"boxes\">");
        for paper in list {
            out.element("<li>", paper, "</li>");
        }
        out.raw("</ul></div>");
    }
    out.raw("</div>");
}

fn cities(out: &mut Html, s: &Standing, lang: Lang) {
    if s.cities.is_empty() {
        return;
    }
    let words = lang.board();
    out.element("<h4>", words.label.cities, "</h4><ul class=\"cities\">");
    for city in &s.cities {
        out.element("<li><b>", &city.city, "</b> ");
        badge(out, city.stage, lang);
        if city.from.or(city.to).is_some() {
            let way = Way {
                stage: city.stage,
                from: city.from,
                to: city.to,
            };
            out.element("<span>", &(words.way)(&way), "</span>");
        }
        if !city.watched {
            out.element(" <small>", words.label.unwatched, "</small>");
        }
        out.raw("</li>");
    }
    out.raw("</ul>");
}

pub(super) fn offices(out: &mut Html, board: &Board, region: &str, lang: Lang) {
    out.raw("<p class=\"by\">")
        .text(lang.board().label.office_page)
        .text(lang.board().label.colon);
    for (i, source) in sources(board, region).into_iter().enumerate() {
        if i > 0 {
            out.raw(" · ");
        }
        out.link(&source.url, &source.name);
        if let Some(phone) = &source.phone {
            out.text(&format!(" {phone}"));
        }
    }
    out.raw("</p>");
}

fn sources<'a>(board: &'a Board, region: &str) -> Vec<&'a BoardSource> {
    let ids = board.regions.get(region).map_or(&[][..], |r| &r.sources);
    ids.iter().filter_map(|id| board.source(id)).collect()
}

/// The regions without a notice, in one table.
pub(super) fn waiting(out: &mut Html, board: &Board, lang: Lang, page: Place) {
    let list = parts::waiting(board);
    if list.is_empty() {
        return;
    }
    let (words, label) = (lang.board(), &lang.board().label);
    out.element("<h3>", label.no_notice, "</h3><div class=\"rows\">");
    for s in list {
        out.raw("<div class=\"row\"")
            .attr("id", &format!("r-{}", s.region))
            .raw(">");
        let name = parts::region_name(board, &s.region, lang);
        out.raw("<b>");
        match page.lacks(To::Region(&s.region)) || page == Place::OnePage {
            true => out.text(name),
            false => out.to(&page.href(To::Region(&s.region), lang), name),
        };
        out.raw("</b>");
        badge(out, s.stage, lang);
        out.element("<span>", &(words.phrase)(s), "</span>");
        let gap = parts::gaps(board, s, lang).into_iter().next();
        let note = gap.unwrap_or_else(|| (words.grounds)(s));
        out.element("<small>", &note, "</small><small>");
        for source in sources(board, &s.region).into_iter().take(1) {
            match link::web(&source.url) {
                Some(url) => out.link(&source.url, &link::host(&url)),
                None => out.text(&source.name),
            };
        }
        out.raw("</small></div>");
    }
    out.raw("</div>");
}

pub(super) fn gaps(out: &mut Html, board: &Board, s: &Standing, lang: Lang) {
    for gap in parts::gaps(board, s, lang) {
        out.element("<p class=\"gap\">", &gap, "</p>");
    }
}

pub(super) fn badge(out: &mut Html, stage: Stage, lang: Lang) {
    out.raw("<span class=\"badge ")
        .raw(svg::class(stage))
        .raw("\">");
    out.text((lang.board().stage)(stage)).raw("</span>");
}

pub(super) fn field(out: &mut Html, name: &str, value: &str) {
    if !value.is_empty() {
        out.element("<dt>", name, "</dt>")
            .element("<dd>", value, "</dd>");
    }
}

/// A region that no notice has reached yet, in full.
pub(super) fn untold(out: &mut Html, board: &Board, s: &Standing, lang: Lang, page: Place) {
    let (words, label) = (lang.board(), &lang.board().label);
    head(out, board, s, lang);
    out.raw("<dl>");
    field(out, label.paper, label.no_notice);
    field(out, label.expected, &(words.grounds)(s));
    if s.stage != Stage::NotHeld {
        field(out, label.electronic, &(words.electronic)(&s.electronic));
    }
    if let Some(day) = s.kept_until {
        field(out, label.kept, &(words.kept)(day));
    }
    out.raw("</dl>");
    pages(out, board, s, lang, page);
    offices(out, board, &s.region, lang);
    out.raw("</article>");
}
