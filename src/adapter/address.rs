//! Addresses: one spelling for identity, and links joined the way that offices write them.

use regex::Regex;
use std::sync::LazyLock;
use url::Url;

static SESSION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i);jsessionid=[^/?#]*").ok());

/// Query keys that never tell two documents apart.
const NOISE: [&str; 9] = [
    "v",
    "jsessionid",
    "spm",
    "from",
    "isappinstalled",
    "scene",
    "timestamp",
    "_t",
    "_",
];

/// The identity of an address: `host[:port]/path[?query]`, without scheme. Host in lower case
/// without trailing dot, default port, fragment, cache and tracking keys (`?v=`, `utm_*`,
/// `jsessionid`) dropped, `\` written `/`. Percent bytes and `index.html` stay: they may matter.
/// A fragment that holds a path (`#/article?id=1`, a page drawn by script) stays as well. What is
/// no address comes back trimmed.
pub fn canonical(url: &str) -> String {
    let trimmed = url.trim();
    let Ok(parsed) = Url::parse(&slashes(trimmed)) else {
        return trimmed.to_owned();
    };
    let Some(host) = parsed.host_str() else {
        return trimmed.to_owned();
    };
    let mut out = host.trim_end_matches('.').to_ascii_lowercase();
    // Both schemes' default ports are dropped under either scheme, for the scheme does not count.
    if let Some(port) = parsed.port().filter(|p| *p != 80 && *p != 443) {
        out.push_str(&format!(":{port}"));
    }
    match SESSION.as_ref() {
        Some(session) => out.push_str(&session.replace_all(parsed.path(), "")),
        None => out.push_str(parsed.path()),
    }
    let wechat = host == super::wechat::HOST && parsed.path().starts_with("/s");
    let query: Vec<&str> = parsed
        .query()
        .unwrap_or("")
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_noise(pair))
        .filter(|pair| !wechat || names_an_article(pair))
        .collect();
    if !query.is_empty() {
        out.push('?');
        out.push_str(&query.join("&"));
    }
    if let Some(fragment) = parsed.fragment().filter(|f| f.starts_with(['/', '!'])) {
        out.push('#');
        out.push_str(fragment);
    }
    out
}

fn is_noise(pair: &str) -> bool {
    let key = pair.split('=').next().unwrap_or("").to_ascii_lowercase();
    key.starts_with("utm_") || NOISE.contains(&key.as_str())
}

/// The keys that name a WeChat article; the others tell where it was shared.
fn names_an_article(pair: &str) -> bool {
    let key = pair.split('=').next().unwrap_or("");
    ["__biz", "mid", "idx", "sn"].contains(&key)
}

/// `\` as `/` before the query, where some editors on Windows wrote paths.
fn slashes(url: &str) -> String {
    match url.find(['?', '#']) {
        Some(at) => {
            let (path, rest) = url.split_at(at);
            path.replace('\\', "/") + rest
        }
        None => url.replace('\\', "/"),
    }
}

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
    fn one_spelling() {
        for (url, want) in [
            (
                "http://A.gov.cn/x/t20251218_1.html",
                "a.gov.cn/x/t20251218_1.html",
            ),
            ("https://a.gov.cn:443/x/#top", "a.gov.cn/x/"),
            ("http://a.gov.cn:443/x/", "a.gov.cn/x/"),
            ("http://a.gov.cn:8090/x", "a.gov.cn:8090/x"),
            ("http://a.gov.cn./index.html", "a.gov.cn/index.html"),
            (
                r"http://a.gov.cn/News\2018\0213\57.shtml",
                "a.gov.cn/News/2018/0213/57.shtml",
            ),
            (
                "http://a.gov.cn/n.jsp;jsessionid=0AF?id=3&v=2&utm_source=x",
                "a.gov.cn/n.jsp?id=3",
            ),
            (
                "https://mp.weixin.qq.com/s?__biz=A&mid=1&idx=2&sn=b&chksm=c&scene=27#wechat_redirect",
                "mp.weixin.qq.com/s?__biz=A&mid=1&idx=2&sn=b",
            ),
            (
                "https://mp.weixin.qq.com/s/AbCd?from=groupmessage&poc_token=x",
                "mp.weixin.qq.com/s/AbCd",
            ),
            (
                "http://a.gov.cn/m.asp?type=%B9%AB%B8%E6",
                "a.gov.cn/m.asp?type=%B9%AB%B8%E6",
            ),
            ("https://a.com/#/article?id=304", "a.com/#/article?id=304"),
            ("http://a.gov.cn", "a.gov.cn/"),
            (" nonsense ", "nonsense"),
        ] {
            assert_eq!(canonical(url), want, "{url}");
        }
    }

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
