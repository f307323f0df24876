//! How to be told: feeds, calendar, API.

use super::{At, Names, frame};
use crate::render::html::{Form, Html, Place, To};

/// The page.
pub fn feeds(names: Names, at: At) -> String {
    let words = at.lang.site();
    let mut out = frame::begin(at, words.feeds, To::Feeds);
    frame::heading(&mut out, words.feeds, words.feeds_about);
    out.raw("<main id=\"main\"><section class=\"feeds\"><dl><dt>")
        .text(words.feed_reader)
        .raw("</dt><dd>");
    at.to(&mut out, To::Feed(Form::Atom, None), "Atom");
    out.raw(" · ");
    at.to(&mut out, To::Feed(Form::Json, None), "JSON Feed");
    out.raw("</dd><dt>").text(words.calendar).raw("</dt><dd>");
    at.to(&mut out, To::Feed(Form::Calendar, None), "iCalendar");
    out.raw("</dd>");
    if at.place == Place::Server {
        out.element("<dt>", words.programs, "</dt>").raw(
            "<dd><a href=\"/api/v1/openapi.json\">OpenAPI</a> · \
             <a href=\"/api/v1/board\">/api/v1/board</a> · \
             <a href=\"/api/v1/events\">/api/v1/events</a> · \
             <a href=\"/metrics\">/metrics</a></dd>",
        );
    }
    out.raw("</dl></section>");
    regions(&mut out, names, at);
    out.raw("</main>");
    frame::end(out, at)
}

/// The same of each region, for those who wait for one.
fn regions(out: &mut Html, names: Names, at: At) {
    let (words, all) = (at.lang.site(), &names.catalog.regions);
    let lacks = |id| at.place.lacks(To::Feed(Form::Atom, Some(id)));
    if all.iter().any(|r| lacks(r.id.as_str())) {
        return;
    }
    out.raw("<section class=\"feeds\">").element(
        "<h2>",
        words.one_region,
        "</h2><ul class=\"three\">",
    );
    for region in all {
        let name = names.region(&region.id);
        out.element("<li><b>", &name, "</b> ");
        for (form, label) in [(Form::Atom, "Atom"), (Form::Calendar, "iCalendar")] {
            let address = at.place.href(To::Feed(form, Some(&region.id)), at.lang);
            out.raw("<a href=\"").text(address.as_str()).raw("\"");
            out.attr("aria-label", &format!("{name} {label}"));
            out.raw(">").text(label).raw("</a> ");
        }
        out.raw("</li>");
    }
    out.raw("</ul></section>");
}
