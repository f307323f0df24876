//! Articles of WeChat's public accounts (mp.weixin.qq.com): what the shape of the family cannot
//! say. Links that expire, shared copies that only point to the original, posts made of pictures.

use super::article::{self, ArticleRules};
use super::pattern::{pattern, selector};
use super::{dates, text};
use crate::model::{Article, Fault, Verdict};
use regex::Regex;
use scraper::{Html, Selector};
use std::sync::LazyLock;
use url::Url;

/// The host of all articles.
pub(super) const HOST: &str = "mp.weixin.qq.com";
/// Characters below which the body is an empty frame.
const SHORTEST: usize = 80;
/// Most pictures of a post that are kept; the editor allows twenty.
const PICTURES: usize = 50;

static BODY: LazyLock<Selector> = LazyLock::new(|| selector("#js_content"));
static SHARED: LazyLock<Selector> = LazyLock::new(|| selector("#js_share_source[data-url]"));
static NAME: LazyLock<Selector> =
    LazyLock::new(|| selector("#js_name, .wx_follow_nickname, .account_nickname_inner"));
static META: LazyLock<Selector> = LazyLock::new(|| selector("meta[property][content]"));
/// `item_show_type` 8: pictures with a caption; 10: a caption alone.
static SHOW: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"item_show_type\s*=\s*["']?(\d{1,2})\b"#));
static PICTURE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"\bcdn_url\s*:\s*(?:JsDecode\()?\s*['"](https?:[^'"]{5,1000})['"]"#)
});

/// Whether an address is WeChat's.
pub(super) fn is_ours(url: &str) -> bool {
    Url::parse(url).is_ok_and(|u| u.host_str() == Some(HOST))
}

/// The fault of an address that works for some hours only (search results, the desktop client):
/// it carries `timestamp` and `signature` in place of `sn`.
pub fn temporary(url: &str) -> Option<Fault> {
    let parsed = Url::parse(url)
        .ok()
        .filter(|u| u.host_str() == Some(HOST))?;
    let has = |key: &str| parsed.query_pairs().any(|(k, _)| k == key);
    let detail = "a temporary WeChat link, which expires within hours: open it in WeChat and copy \
                  the article's own link (mp.weixin.qq.com/s/…)";
    (has("signature") && has("timestamp"))
        .then(|| Fault::new(Verdict::Moved, "wechat_temporary", detail).at(url))
}

/// Reads a WeChat article.
///
/// # Errors
/// [`Verdict::Moved`] for a shared copy, with the original's address; else as [`article::read`].
pub(super) fn read(
    html: &Html,
    raw: &str,
    url: &str,
    rules: &ArticleRules,
) -> Result<Article, Fault> {
    let body: String = html.select(&BODY).flat_map(|b| b.text()).collect();
    let length = body.chars().filter(|c| !c.is_whitespace()).count();
    if length < SHORTEST
        && let Some(original) = html
            .select(&SHARED)
            .find_map(|e| e.value().attr("data-url"))
    {
        let detail = format!("a shared copy; the original is {original}");
        return Err(Fault::new(Verdict::Moved, "wechat_shared", detail).at(url));
    }
    let show = SHOW
        .captures(raw)
        .and_then(|c| c.get(1))
        .map(|m| m.as_str());
    let post = matches!(show, Some("8" | "10")) && length < SHORTEST;
    let mut article = match post {
        true => post_of(html, raw, url, rules)?,
        false => article::read(html, raw, url, rules)?,
    };
    let name = || {
        html.select(&NAME)
            .map(|e| text::inline(*e))
            .find(|n| !n.is_empty())
    };
    article.source = article.source.or_else(name);
    Ok(article)
}

/// A post of pictures: caption and addresses stand in meta and script.
fn post_of(html: &Html, raw: &str, url: &str, rules: &ArticleRules) -> Result<Article, Fault> {
    let meta = |name: &str| {
        let named = |e: &scraper::ElementRef<'_>| e.value().attr("property") == Some(name);
        let found = html.select(&META).find(named);
        found
            .and_then(|e| e.value().attr("content"))
            .unwrap_or("")
            .trim()
    };
    let mut pictures: Vec<&str> = Vec::new();
    for found in PICTURE.captures_iter(raw).take(PICTURES) {
        if let Some(picture) = found.get(1).map(|m| m.as_str())
            && !pictures.contains(&picture)
        {
            pictures.push(picture);
        }
    }
    // The caption keeps its line ends as \x0a.
    let caption = meta("og:description")
        .replace("\\x0a", "\n")
        .replace("\\n", "\n");
    let escape = |t: &str| {
        t.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('"', "&quot;")
    };
    let lines = caption.lines().map(|l| format!("<p>{}</p>", escape(l)));
    let images = pictures
        .iter()
        .map(|p| format!("<img src=\"{}\">", escape(p)));
    let body: String = lines.chain(images).collect();
    let published = dates::date_in_script(raw).map(|d| d.to_string());
    let title = meta("og:title");
    article::read_fragment(&body, title, published.as_deref(), None, url, rules)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::{budget, family::Families};
    use crate::model::Date;

    const URL: &str = "https://mp.weixin.qq.com/s/AbCdEfGhIjKl";
    const TEXT: &str = "各位考生：2026年上半年计算机技术与软件专业技术资格（水平）考试合格证书已到我市，请于9月1日至9月30日到市人事考试中心三楼大厅领取，领取时须出示本人有效身份证件原件，过期不候。";

    fn of(page: &str, url: &str) -> Result<Article, Fault> {
        let families = Families::builtin();
        let rules = ArticleRules::compile(families.shape("wechat").unwrap()).unwrap();
        read(&budget::parse(page).unwrap(), page, url, &rules)
    }

    #[test]
    fn an_article_names_its_account() {
        let page = format!(
            "<meta property='og:title' content='证书领取通知'><h1 id=activity-name>证书领取通知</h1>\
             <a id=js_name></a><div id=js_content style='visibility:hidden'><p>{TEXT}</p></div>\
             <div class=wx_follow_nickname>某市人事考试</div><script>var ct = \"1788220800\";var item_show_type = \"0\";</script>"
        );
        let article = of(&page, URL).unwrap();
        assert_eq!(article.title, "证书领取通知");
        assert_eq!(article.source.as_deref(), Some("某市人事考试"));
        assert_eq!(article.published, Date::new(2026, 9, 1).ok());
        assert_eq!(article.text, TEXT);
    }

    #[test]
    fn a_post_of_pictures_keeps_caption_and_pictures() {
        let page = "<meta property='og:title' content='领证啦'>\
             <meta property='og:description' content='9月1日起领证\\x0a地点见图'><div id=js_content></div>\
             <script>window.item_show_type = '8'; var ct = '1788220800';\
             picture_page_info_list = [{cdn_url: 'https://mmbiz.qpic.cn/a/1'},{cdn_url: 'https://mmbiz.qpic.cn/a/2'},\
             {cdn_url: 'https://mmbiz.qpic.cn/a/1'}]</script>";
        let article = of(page, URL).unwrap();
        assert_eq!(article.title, "领证啦");
        assert_eq!(article.published, Date::new(2026, 9, 1).ok());
        assert!(
            article.text.starts_with("9月1日起领证\n地点见图"),
            "{}",
            article.text
        );
        let pictures: Vec<_> = article.images.iter().map(|i| i.src.as_str()).collect();
        assert_eq!(
            pictures,
            ["https://mmbiz.qpic.cn/a/1", "https://mmbiz.qpic.cn/a/2"]
        );
    }

    #[test]
    fn a_temporary_link_is_known_by_its_signature() {
        for (url, want) in [
            (
                "https://mp.weixin.qq.com/s?src=11&timestamp=179&ver=1&signature=abc",
                true,
            ),
            (
                "https://mp.weixin.qq.com/s?__biz=A&mid=1&idx=1&sn=b&scene=27",
                false,
            ),
            (URL, false),
            ("https://other.example.com/s?timestamp=1&signature=2", false),
        ] {
            assert_eq!(temporary(url).is_some(), want, "{url}");
        }
    }

    #[test]
    fn links_that_are_no_articles_come_with_advice() {
        let shared = "<div id=js_content></div><span id=js_share_source data-url='https://mp.weixin.qq.com/s/Original0001'></span>";
        for (page, url, reason, words) in [
            (shared, URL, "wechat_shared", "s/Original0001"),
            ("<div id=js_content></div>", URL, "no_body", "body"),
        ] {
            let fault = of(page, url).unwrap_err();
            assert_eq!(fault.reason, reason);
            assert!(fault.detail.contains(words), "{}", fault.detail);
        }
    }
}
