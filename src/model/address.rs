//! Addresses: one spelling for identity.

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

/// Host of WeChat articles.
const WECHAT: &str = "mp.weixin.qq.com";

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
    let wechat = host == WECHAT && parsed.path().starts_with("/s");
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

/// The keys that name a WeChat article; the others tell where it was shared.
fn names_an_article(pair: &str) -> bool {
    let key = pair.split('=').next().unwrap_or("");
    ["__biz", "mid", "idx", "sn"].contains(&key)
}

fn is_noise(pair: &str) -> bool {
    let key = pair.split('=').next().unwrap_or("").to_ascii_lowercase();
    key.starts_with("utm_") || NOISE.contains(&key.as_str())
}

/// `\` as `/` before the query, where some editors on Windows wrote paths.
pub(crate) fn slashes(url: &str) -> String {
    match url.find(['?', '#']) {
        Some(at) => {
            let (path, rest) = url.split_at(at);
            path.replace('\\', "/") + rest
        }
        None => url.replace('\\', "/"),
    }
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
                "http://a.gov.cn/m.asp?type=%B9%AB%B8%E6",
                "a.gov.cn/m.asp?type=%B9%AB%B8%E6",
            ),
            ("https://a.com/#/article?id=304", "a.com/#/article?id=304"),
            (
                "https://mp.weixin.qq.com/s?__biz=A&mid=1&idx=2&sn=b&chksm=c&scene=27#wechat_redirect",
                "mp.weixin.qq.com/s?__biz=A&mid=1&idx=2&sn=b",
            ),
            (
                "https://mp.weixin.qq.com/s/AbCd?from=groupmessage&poc_token=x",
                "mp.weixin.qq.com/s/AbCd",
            ),
            ("http://a.gov.cn", "a.gov.cn/"),
            (" nonsense ", "nonsense"),
        ] {
            assert_eq!(canonical(url), want, "{url}");
        }
    }
}
