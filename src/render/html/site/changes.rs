//! The journal, newest first.

use super::{At, Names, frame};
use crate::model::Event;
use crate::render::html::{To, changes as list};

/// The page. `earlier` is the number before which the next page begins; None = this is all.
pub fn changes(events: &[Event], names: Names, earlier: Option<i64>, at: At) -> String {
    let (words, label) = (at.lang.site(), &at.lang.board().label);
    let mut out = frame::begin(at, words.changes, To::Changes);
    frame::heading(&mut out, words.changes, "");
    out.raw("<main id=\"main\"><section class=\"changes\">");
    if events.is_empty() {
        out.element("<p class=\"note\">", label.no_changes, "</p>");
    } else {
        out.raw("<ol>");
        for event in events {
            list::one(
                &mut out,
                event,
                &names.place(&event.source),
                at.lang,
                at.place,
            );
        }
        out.raw("</ol>");
    }
    if let (Some(before), false) = (earlier, at.place.lacks(To::Search)) {
        out.raw("<p class=\"more\">").before(
            &at.place.href(To::Changes, at.lang),
            before,
            words.earlier,
        );
        out.raw("</p>");
    }
    out.raw("</section></main>");
    frame::end(out, at)
}
