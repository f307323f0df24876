//! How to be told: feeds, calendar, API.

use super::{At, frame};
use crate::render::html::To;

/// The page.
pub fn feeds(at: At) -> String {
    let words = at.lang.site();
    let mut out = frame::begin(at, words.feeds, To::Feeds);
    frame::heading(&mut out, words.feeds, words.feeds_about);
    out.raw("<main id=\"main\"><section class=\"feeds\"><dl><dt>")
        .text(words.feed_reader);
    out.raw(
        "</dt><dd><a href=\"/feed.atom\">Atom</a> · <a href=\"/feed.json\">JSON Feed</a></dd><dt>",
    );
    out.text(words.calendar);
    out.raw("</dt><dd><a href=\"/calendar.ics\">iCalendar</a></dd><dt>")
        .text(words.programs);
    out.raw(
        "</dt><dd><a href=\"/api/v1/openapi.json\">OpenAPI</a> · <a href=\"/api/v1/board\">/api/v1/board</a> \
         · <a href=\"/api/v1/events\">/api/v1/events</a> · <a href=\"/metrics\">/metrics</a></dd></dl>\
         </section></main>",
    );
    frame::end(out, at)
}
