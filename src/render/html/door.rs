//! The escaping door: the only way by which text reaches HTML or SVG.
//!
//! Markup comes as `&'static str`, so it stands in this program's source; whatever is made at run
//! time goes through [`Html::text`] or [`Html::attr`], which escape. There is no other entrance.

use super::links::Href;
use crate::render::link;
use crate::render::safe::terminal;

/// Markup that is safe to send.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Html(String);

impl Html {
    /// Nothing yet.
    pub fn new() -> Html {
        Html::default()
    }

    /// Markup of the program.
    pub fn raw(&mut self, markup: &'static str) -> &mut Html {
        self.0.push_str(markup);
        self
    }

    /// Text: escaped, without control characters, marks that reorder text made visible.
    pub fn text(&mut self, text: &str) -> &mut Html {
        for c in terminal(text).chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                // Not in XML's Char (XML 1.0 §2.2).
                '\u{fffe}' | '\u{ffff}' => {}
                c => self.0.push(c),
            }
        }
        self
    }

    /// A whole number.
    pub fn int(&mut self, n: i32) -> &mut Html {
        self.0.push_str(&n.to_string());
        self
    }

    /// ` name="value"`, inside a tag that `raw` has begun. Not for addresses and not for styles
    /// or handlers: those names are refused by leaving the attribute out.
    pub fn attr(&mut self, name: &'static str, value: &str) -> &mut Html {
        let name_is_plain = !matches!(name, "href" | "src" | "style" | "xlink:href" | "action")
            && !name.starts_with("on");
        if name_is_plain {
            self.raw(" ").raw(name).raw("=\"").text(value).raw("\"");
        }
        self
    }

    /// ` name="n"`.
    pub fn px(&mut self, name: &'static str, n: i32) -> &mut Html {
        self.raw(" ").raw(name).raw("=\"").int(n).raw("\"")
    }

    /// An element with text only: `<p>text</p>` from `("<p>", text, "</p>")`.
    pub fn element(&mut self, open: &'static str, text: &str, close: &'static str) -> &mut Html {
        self.raw(open).text(text).raw(close)
    }

    /// A link to the web, opened without the right to speak to this page; the bare text where the
    /// address is none of the web.
    pub fn link(&mut self, address: &str, label: &str) -> &mut Html {
        match link::web(address) {
            Some(url) => self
                .raw("<a rel=\"noopener noreferrer\" href=\"")
                .text(&url)
                .raw("\">")
                .text(label)
                .raw("</a>"),
            None => self.text(label),
        }
    }

    /// A link to a page of our own.
    pub fn to(&mut self, href: &Href, label: &str) -> &mut Html {
        self.open(href).text(label).raw("</a>")
    }

    /// A link to an earlier page of a list: the address, and the number before which it begins.
    pub fn before(&mut self, href: &Href, before: i64, label: &str) -> &mut Html {
        let mark = if href.as_str().contains('?') {
            '&'
        } else {
            '?'
        };
        let address = format!("{}{mark}before={before}", href.as_str());
        self.raw("<a href=\"")
            .text(&address)
            .raw("\">")
            .text(label)
            .raw("</a>")
    }

    /// A link to a stored page by its digest; the bare text where that is none.
    pub fn raw_page(&mut self, digest: &str, label: &str) -> &mut Html {
        match digest.bytes().all(|b| b.is_ascii_hexdigit()) {
            true => self
                .raw("<a href=\"/raw/")
                .text(digest)
                .raw("\">")
                .text(label)
                .raw("</a>"),
            false => self.text(label),
        }
    }

    /// The opening tag of such a link; `raw("</a>")` closes it.
    pub fn open(&mut self, href: &Href) -> &mut Html {
        self.raw("<a href=\"").text(href.as_str()).raw("\">")
    }

    /// Markup that has come through the door already.
    pub fn push(&mut self, html: &Html) -> &mut Html {
        self.0.push_str(&html.0);
        self
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The markup.
    pub fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_past_the_door() {
        let mut html = Html::new();
        html.element("<p>", "<script>\"'&\u{1b}[2J\u{202e}\u{ffff}", "</p>");
        assert_eq!(
            html.into_string(),
            "<p>&lt;script&gt;&quot;&#39;&amp;[2J&lt;202E&gt;</p>"
        );
        for (address, out) in [
            ("javascript:alert(1)", "x"),
            ("data:text/html,<b>", "x"),
            (
                "https://a.example/?a=1&b=\"",
                "<a rel=\"noopener noreferrer\" href=\"https://a.example/?a=1&amp;b=%22\">x</a>",
            ),
        ] {
            let mut html = Html::new();
            html.link(address, "x");
            assert_eq!(html.into_string(), out);
        }
        let mut html = Html::new();
        html.attr("onclick", "x")
            .attr("style", "x")
            .attr("href", "x")
            .attr("id", "a\"b");
        assert_eq!(html.into_string(), " id=\"a&quot;b\"");
    }
}
