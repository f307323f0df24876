//! An event as a message: a title of one line, what changed and the facts as text and as HTML.

use super::brief::{self, Section, clean, escape, link};
use super::safe::short;
use super::words::Lang;
use crate::model::{Change, Event};

/// Longest title, in characters.
const TITLE: usize = 160;

/// `[place] what happened：title`.
pub fn title(event: &Event, place: &str, lang: Lang) -> String {
    let change = (lang.words().change)(&event.change);
    short(
        &clean(&format!("[{place}] {change}：{}", event.title)),
        TITLE,
    )
}

/// What changed.
pub fn details(event: &Event, lang: Lang) -> Vec<Section> {
    brief::change(event, lang).into_iter().collect()
}

/// The facts after the change, where they are of use to somebody who reads of it.
pub fn facts(event: &Event, lang: Lang) -> Vec<Section> {
    let told = matches!(
        event.change,
        Change::New | Change::Facts { .. } | Change::Text { .. } | Change::Back
    );
    let reading = event.reading.as_deref().filter(|_| told);
    reading.map(|r| brief::facts(r, lang)).unwrap_or_default()
}

/// The official address; empty where there is none that may be shown as a link.
pub fn url(event: &Event) -> &str {
    link(&event.url).unwrap_or_default()
}

/// One event as a piece of an HTML mail. `text` stands in place of details and facts where the
/// user has a template.
pub fn html(event: &Event, place: &str, text: Option<&str>, lang: Lang) -> String {
    let mut out = format!("<h3>{}</h3>\n", escape(&title(event, place, lang)));
    match text {
        Some(text) => {
            for line in text.lines() {
                out.push_str(&format!("<p>{}</p>\n", escape(&clean(line))));
            }
        }
        None => {
            out.push_str(&brief::html(&details(event, lang)));
            out.push_str(&brief::html(&facts(event, lang)));
        }
    }
    let url = escape(url(event));
    if !url.is_empty() {
        out.push_str(&format!("<p><a href=\"{url}\">{url}</a></p>\n"));
    }
    out
}
