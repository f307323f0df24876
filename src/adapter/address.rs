//! Links joined the way that offices write them.

use crate::model::address::slashes;
use url::Url;

/// The absolute address of a link on the page at `base`. None for what leads to no page: an empty
/// link, `#…`, `javascript:`, `mailto:` and other schemes than http(s).
pub fn join(base: &str, href: &str) -> Option<Url> {
    let href: String = href
        .trim_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}')
        .chars()
        .filter(|c| !matches!(c, '\r' | '\n' | '\t'))
        .collect();
    // `#/…` is a page drawn by script; any other fragment is a place on this page.
    if href.is_empty() || (href.starts_with('#') && !href.starts_with("#/")) {
        return None;
    }
    let joined = Url::parse(base).ok()?.join(&slashes(&href)).ok()?;
    let web = matches!(joined.scheme(), "http" | "https");
    (web && joined.host_str().is_some_and(|h| !h.is_empty())).then_some(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_links_as_offices_write_them() {
        let base = "https://h.gov.cn/a/b/";
        for (href, want) in [
            (
                "./202512/t.html",
                Some("https://h.gov.cn/a/b/202512/t.html"),
            ),
            (" /c/1.shtml \n", Some("https://h.gov.cn/c/1.shtml")),
            (
                r"\News\2018\1.shtml",
                Some("https://h.gov.cn/News/2018/1.shtml"),
            ),
            ("//g.gov.cn/x", Some("https://g.gov.cn/x")),
            (
                "m.asp?t=%B9%AB",
                Some("https://h.gov.cn/a/b/m.asp?t=%B9%AB"),
            ),
            ("javascript:void(0)", None),
            ("mailto:a@b.cn", None),
            ("#top", None),
            ("", None),
        ] {
            assert_eq!(
                join(base, href).map(String::from).as_deref(),
                want,
                "{href}"
            );
        }
        assert_eq!(
            join("https://h.gov.cn/a/b", "./t.html")
                .map(String::from)
                .as_deref(),
            Some("https://h.gov.cn/a/t.html")
        );
    }
}
