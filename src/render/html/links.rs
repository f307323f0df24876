//! Where the pages of the board lie for one another: in one page, on a server, or as files.

use crate::model::NoticeId;
use crate::render::Lang;

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum To<'a> {
    /// The whole board.
    Board,
    /// A region in full, by id.
    Region(&'a str),
    /// A notice with its evidence and history.
    Notice(NoticeId),
    /// What the office changed from one version to another.
    Diff(NoticeId, u32, u32),
    /// The journal.
    Changes,
    /// Search.
    Search,
    /// The sources and their health.
    Sources,
    /// Feeds and the JSON API.
    Feeds,
    /// What a reader or a calendar subscribes to: of everything, or of a region, by id.
    Feed(Form, Option<&'a str>),
}

/// What can be subscribed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Atom.
    Atom,
    /// JSON Feed.
    Json,
    /// iCalendar.
    Calendar,
}

impl Form {
    fn file(self) -> &'static str {
        match self {
            Form::Atom => "feed.atom",
            Form::Json => "feed.json",
            Form::Calendar => "calendar.ics",
        }
    }
}

/// What kind of place the pages lie in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Everything is one page: links lead within it.
    OnePage,
    /// A server: `/region/gx?lang=en`.
    Server,
    /// Files with relative links: `region/gx.html`, English below `en/`. The page that links lies
    /// in this language's tree, `depth` folders below its top.
    Files {
        /// Language of the page that links.
        lang: Lang,
        /// Folders between the page that links and the top of its language's tree.
        depth: usize,
    },
}

/// An address of our own, safe in an attribute: made of this file's words, numbers, and ids with
/// everything but letters, digits, `-` and `_` encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Href(String);

impl Href {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Place {
    /// The address of a page in a language.
    pub fn href(self, to: To, lang: Lang) -> Href {
        Href(match self {
            Place::OnePage => match to {
                To::Region(id) => format!("#r-{}", plain(id)),
                _ => "#top".into(),
            },
            Place::Server => {
                let path = path(to);
                match (lang, path.contains('?')) {
                    (Lang::Zh, _) => path,
                    (Lang::En, false) => path + "?lang=en",
                    (Lang::En, true) => path + "&lang=en",
                }
            }
            Place::Files { lang: from, depth } => {
                let up = "../".repeat(depth + usize::from(from == Lang::En && lang == Lang::Zh));
                let down = match (from, lang) {
                    (Lang::Zh, Lang::En) => "en/",
                    _ => "",
                };
                format!("{up}{down}{}", file(to))
            }
        })
    }

    /// Where there is no such page, for want of a server.
    pub fn lacks(self, to: To) -> bool {
        match self {
            Place::OnePage => !matches!(to, To::Board | To::Region(_)),
            Place::Server => false,
            Place::Files { .. } => matches!(to, To::Search | To::Feed(_, Some(_))),
        }
    }
}

/// The path on a server.
fn path(to: To) -> String {
    match to {
        To::Board => "/".into(),
        To::Region(id) => format!("/region/{}", plain(id)),
        To::Notice(id) => format!("/notice/{id}"),
        To::Diff(id, a, b) => format!("/notice/{id}/diff/{a}/{b}"),
        To::Changes => "/changes".into(),
        To::Search => "/search".into(),
        To::Sources => "/sources".into(),
        To::Feeds => "/feeds".into(),
        To::Feed(form, None) => format!("/{}", form.file()),
        To::Feed(form, Some(region)) => format!("/{}?region={}", form.file(), plain(region)),
    }
}

/// The file of a page, from the top of its language's tree.
pub fn file(to: To) -> String {
    match to {
        To::Board => "index.html".into(),
        To::Region(id) => format!("region/{}.html", plain(id)),
        To::Notice(id) => format!("notice/{id}.html"),
        To::Diff(id, a, b) => format!("notice/{id}-{a}-{b}.html"),
        To::Changes => "changes.html".into(),
        To::Search => "search.html".into(),
        To::Sources => "sources.html".into(),
        To::Feeds => "feeds.html".into(),
        To::Feed(form, None) => form.file().into(),
        To::Feed(form, Some(region)) => format!("region/{}.{}", plain(region), form.file()),
    }
}

/// An id as a part of a path.
fn plain(id: &str) -> String {
    let mut out = String::new();
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => out.push(char::from(byte)),
            other => out.push_str(&format!("~{other:02x}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_knows_its_way_to_every_other() {
        let files = |lang, depth| Place::Files { lang, depth };
        for (place, to, lang, want) in [
            (Place::OnePage, To::Region("gx"), Lang::Zh, "#r-gx"),
            (
                Place::Server,
                To::Region("gx"),
                Lang::En,
                "/region/gx?lang=en",
            ),
            (
                Place::Server,
                To::Feed(Form::Calendar, Some("gx")),
                Lang::En,
                "/calendar.ics?region=gx&lang=en",
            ),
            (
                files(Lang::Zh, 1),
                To::Feed(Form::Atom, None),
                Lang::En,
                "../en/feed.atom",
            ),
            (
                Place::Server,
                To::Diff(NoticeId(7), 1, 2),
                Lang::Zh,
                "/notice/7/diff/1/2",
            ),
            (
                files(Lang::Zh, 0),
                To::Region("gx"),
                Lang::Zh,
                "region/gx.html",
            ),
            (files(Lang::Zh, 1), To::Board, Lang::Zh, "../index.html"),
            (
                files(Lang::Zh, 1),
                To::Notice(NoticeId(7)),
                Lang::En,
                "../en/notice/7.html",
            ),
            (
                files(Lang::En, 1),
                To::Notice(NoticeId(7)),
                Lang::Zh,
                "../../notice/7.html",
            ),
            (files(Lang::En, 0), To::Changes, Lang::En, "changes.html"),
            (
                files(Lang::Zh, 0),
                To::Region("../\"x"),
                Lang::Zh,
                "region/~2e~2e~2f~22x.html",
            ),
        ] {
            assert_eq!(place.href(to, lang).as_str(), want);
        }
    }
}
