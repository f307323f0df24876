//! Atom (RFC 4287): one entry per notice. Its id never changes; when the office edits the notice,
//! `updated` moves and what changed stands on top of the content.

use super::brief::{self, clean, escape, link};
use super::ids;
use super::safe::short;
use super::words::Lang;
use crate::model::{Feed, NoticeView};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::io;

/// Longest title, in characters.
const TITLE: usize = 200;
/// Most changes shown of one notice; a standing page gathers them for years.
const HISTORY: usize = 20;

/// The feed as an XML document.
///
/// # Errors
/// None in practice: the writer writes to memory.
pub fn atom(feed: &Feed, lang: Lang) -> io::Result<String> {
    let mut xml = Xml(Writer::new_with_indent(Vec::new(), b' ', 2));
    xml.0
        .write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    xml.open("feed", &[("xmlns", "http://www.w3.org/2005/Atom")])?;
    xml.text("id", &ids::feed(feed))?;
    xml.text("title", &clean(&feed.title))?;
    let updated = feed
        .notices
        .iter()
        .map(NoticeView::updated)
        .max()
        .unwrap_or(feed.generated);
    xml.text("updated", &updated.to_string())?;
    xml.open("author", &[])?;
    xml.text("name", "lingzheng")?;
    xml.close("author")?;
    xml.text("generator", "lingzheng")?;
    if let Some(url) = feed.self_url.as_deref().and_then(link) {
        xml.empty(
            "link",
            &[
                ("rel", "self"),
                ("type", "application/atom+xml"),
                ("href", url),
            ],
        )?;
    }
    for view in &feed.notices {
        entry(&mut xml, feed, view, lang)?;
    }
    xml.close("feed")?;
    let bytes = xml.0.into_inner();
    Ok(String::from_utf8_lossy(&bytes).into_owned() + "\n")
}

fn entry(xml: &mut Xml, feed: &Feed, view: &NoticeView, lang: Lang) -> io::Result<()> {
    let notice = &view.notice;
    xml.open("entry", &[])?;
    xml.text("id", &ids::notice(&feed.epoch, notice.id))?;
    xml.text("title", &title(view, lang))?;
    xml.text("updated", &view.updated().to_string())?;
    xml.text("published", &published(view))?;
    if let Some(url) = link(&notice.url) {
        xml.empty(
            "link",
            &[("rel", "alternate"), ("type", "text/html"), ("href", url)],
        )?;
    }
    if let Some(issuer) = view.facts().and_then(|f| f.issuer.as_deref()) {
        xml.open("author", &[])?;
        xml.text("name", &clean(issuer))?;
        xml.close("author")?;
    }
    if let Some(kind) = notice.kind {
        let label = (lang.words().kind)(kind);
        xml.empty("category", &[("term", kind.word()), ("label", label)])?;
    }
    // Text of type html is escaped twice: once as HTML by `brief`, once as XML by the writer.
    xml.open("content", &[("type", "html")])?;
    xml.0
        .write_event(Event::Text(BytesText::new(&content(view, lang))))?;
    xml.close("content")?;
    xml.close("entry")
}

/// `[place] title`, and a word where it was withdrawn.
pub(super) fn title(view: &NoticeView, lang: Lang) -> String {
    let title = short(&clean(&view.notice.title), TITLE);
    let place = clean(&view.place);
    match view.notice.gone {
        true => format!("[{place}] [{}] {title}", lang.words().label.gone),
        false => format!("[{place}] {title}"),
    }
}

/// The day of publication, midnight in China; the first sight where the page shows none.
pub(super) fn published(view: &NoticeView) -> String {
    let day = view
        .facts()
        .and_then(|f| f.published)
        .or(view.notice.published);
    match day {
        Some(day) => format!("{day}T00:00:00+08:00"),
        None => view.notice.first_seen.to_string(),
    }
}

/// What changed, newest first, then the facts, then the address.
pub(super) fn content(view: &NoticeView, lang: Lang) -> String {
    let changes = view.news().filter_map(|e| brief::change(e, lang));
    let mut sections: Vec<_> = changes.take(HISTORY).collect();
    sections.extend(
        view.reading()
            .map(|r| brief::facts(r, lang))
            .unwrap_or_default(),
    );
    let mut html = brief::html(&sections);
    if let Some(url) = link(&view.notice.url) {
        let url = escape(url);
        html.push_str(&format!(
            "<p><a href=\"{url}\" rel=\"noopener noreferrer\">{url}</a></p>\n"
        ));
    }
    html
}

struct Xml(Writer<Vec<u8>>);

impl Xml {
    fn tag<'a>(name: &'a str, attributes: &[(&str, &str)]) -> BytesStart<'a> {
        BytesStart::new(name).with_attributes(attributes.iter().copied())
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.0.write_event(Event::Start(Xml::tag(name, attributes)))
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.0.write_event(Event::Empty(Xml::tag(name, attributes)))
    }

    fn close(&mut self, name: &str) -> io::Result<()> {
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.open(name, &[])?;
        self.0.write_event(Event::Text(BytesText::new(text)))?;
        self.close(name)
    }
}
