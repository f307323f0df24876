//! What all pages of the site share: head, navigation, search, footer.

use super::At;
use crate::render::Lang;
use crate::render::html::{Form, Html, Place, STYLE, To};
use crate::render::svg;
use std::sync::LazyLock;

const SITE_STYLE: &str = include_str!("site.css");

/// What a file may load: its own style, and nothing else.
const FILE_POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
    style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\"/>\
    <meta name=\"referrer\" content=\"no-referrer\"/>";
const META: &str = "<meta charset=\"utf-8\"/>\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\
    <meta name=\"color-scheme\" content=\"light dark\"/>";

/// The style that stands in every page: a server allows exactly this text by its digest.
pub fn style() -> &'static str {
    static ALL: LazyLock<String> = LazyLock::new(|| [svg::STYLE, STYLE, SITE_STYLE].concat());
    &ALL
}

/// Begins a page up to `<main>`; `here` is the page itself.
pub(super) fn begin(at: At, title: &str, here: To) -> Html {
    let words = at.lang.site();
    let mut out = head(at, title, here);
    out.raw("<body id=\"top\" class=\"site\">");
    out.element("<a class=\"skip\" href=\"#main\">", words.skip, "</a>");
    out.raw("<div class=\"bar\"><nav")
        .attr("aria-label", words.navigation)
        .raw(">");
    for (to, label) in [
        (To::Board, words.board),
        (To::Changes, words.changes),
        (To::Sources, words.sources),
        (To::Feeds, words.feeds),
    ] {
        if !at.place.lacks(to) {
            let current = to == here;
            out.raw("<span").raw(if current {
                " class=\"here\" aria-current=\"page\">"
            } else {
                ">"
            });
            at.to(&mut out, to, label);
            out.raw("</span>");
        }
    }
    out.raw("</nav>");
    if !at.place.lacks(To::Search) {
        out.raw("<form role=\"search\" action=\"/search\" method=\"get\">");
        search_field(&mut out, at, "");
        out.raw("</form>");
    }
    let (other, tag) = match at.lang {
        Lang::Zh => (Lang::En, "en"),
        Lang::En => (Lang::Zh, "zh-CN"),
    };
    out.raw("<nav class=\"other\" aria-label=\"Language\"")
        .attr("lang", tag)
        .raw(">");
    out.to(&at.place.href(here, other), words.other_language);
    out.raw("</nav></div>");
    out
}

/// The field, its hidden language, its button.
pub(super) fn search_field(out: &mut Html, at: At, value: &str) {
    let words = at.lang.site();
    out.raw("<input type=\"search\" name=\"q\" maxlength=\"200\"")
        .attr("value", value)
        .attr("aria-label", words.search)
        .attr("placeholder", words.search_hint)
        .raw("/>");
    if at.lang == Lang::En {
        out.raw("<input type=\"hidden\" name=\"lang\" value=\"en\"/>");
    }
    out.element("<button>", words.search, "</button>");
}

/// `<head>`. A region's page names the feeds of that region, where there are such.
pub(super) fn head(at: At, title: &str, here: To) -> Html {
    let mut out = Html::new();
    out.raw("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"")
        .attr("lang", at.lang.board().tag)
        .raw("><head>")
        .raw(META);
    let name = at.lang.site().name;
    out.element("<title>", &format!("{title} · {name}"), "</title>");
    let region = match here {
        To::Region(id) if !at.place.lacks(To::Feed(Form::Atom, Some(id))) => Some(id),
        _ => None,
    };
    for (form, kind) in [
        (Form::Atom, "application/atom+xml"),
        (Form::Json, "application/feed+json"),
    ] {
        let address = at.place.href(To::Feed(form, region), at.lang);
        out.raw("<link rel=\"alternate\"").attr("type", kind);
        out.attr("title", name).raw(" href=\"");
        out.text(address.as_str()).raw("\"/>");
    }
    out.raw("<style>").raw(style()).raw("</style>");
    out.raw(match at.place {
        Place::Server => {
            "<link rel=\"icon\" href=\"/icon.svg\"/><script src=\"/app.js\" defer=\"defer\"></script></head>"
        }
        _ => FILE_POLICY,
    });
    if at.place != Place::Server {
        out.raw("</head>");
    }
    out
}

/// The heading, and what stands under it.
pub(super) fn heading(out: &mut Html, title: &str, under: &str) {
    out.raw("<header>").element("<h1>", title, "</h1>");
    if !under.is_empty() {
        out.element("<p class=\"sub\">", under, "</p>");
    }
    out.raw("</header>");
}

/// Ends a page after `</main>`.
pub(super) fn end(mut out: Html, at: At) -> String {
    let label = &at.lang.board().label;
    out.raw("<footer>").element("<p>", label.disclaimer, "</p>");
    out.element(
        "<p><a href=\"#top\">",
        label.top,
        "</a></p></footer></body></html>\n",
    );
    out.into_string()
}
