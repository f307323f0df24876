//! What a page says about its notice: title, date, source, site, column.

use super::article::ArticleRules;
use super::body::Body;
use super::dates::{self, date_in, date_in_address, labelled};
use super::survey::{Around, Survey};
use super::text;
use super::title::{split_site, title};
use crate::model::Date;
use ego_tree::NodeRef;
use regex::Regex;
use scraper::{Html, Node, Selector};
use std::sync::LazyLock;

/// The facts of a page outside its body.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Meta {
    pub(crate) title: String,
    pub(crate) published: Option<Date>,
    pub(crate) source: Option<String>,
    pub(crate) site: Option<String>,
    pub(crate) column: String,
}

static SOURCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:信息来源|文章来源|来源|稿源|发布机构|发布单位|发布机关)\s*[:：]\s*([^\n|｜【\[]{1,60})").ok()
});
static NEXT_LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\s{2,}|[\s　(（]*(?:发布|作者|浏览|点击|阅读|访问|字体|字号|时间|日期|责任编辑|编辑|审核|打印|分享|信息|视力)[^:：]{0,6}[:：]|\s").ok()
});
static HOST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"主办(?:单位)?\s*[:：]\s*([^\s|｜:：]{4,40})|([^\s|｜:：]{4,40}?)\s*(?:主办|版权所有)",
    )
    .ok()
});
static SCRIPT_SOURCE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?:SourceName|wzly)\s*=\s*['"]([^'"]{2,40})['"]"#).ok());

/// Reads everything that stands outside the body.
pub(crate) fn read(
    html: &Html,
    survey: &Survey<'_>,
    around: &Around<'_>,
    body: &Body,
    url: &str,
    rules: &ArticleRules,
) -> Meta {
    let (bare, suffix) = split_site(survey);
    let site = survey
        .meta(&["sitename", "og:site_name"])
        .map(str::to_owned)
        .or(suffix)
        .or_else(|| {
            HOST.as_ref()?
                .captures(&around.after)
                .and_then(|c| c.get(1).or(c.get(2)).map(|m| m.as_str().to_owned()))
        });
    Meta {
        title: title(html, survey, around, body, &bare, rules),
        published: published(html, survey, around, body, url, rules),
        source: source(html, survey, around, rules),
        column: column(survey, around),
        site,
    }
}

fn published(
    html: &Html,
    survey: &Survey<'_>,
    around: &Around<'_>,
    body: &Body,
    url: &str,
    rules: &ArticleRules,
) -> Option<Date> {
    let shaped = rules
        .published
        .iter()
        .find_map(|s| html.select(s).find_map(|e| date_in(&text::inline(*e))));
    const NAMES: [&str; 10] = [
        "pubdate",
        "publishdate",
        "publishtime",
        "firstpublishedtime",
        "article:published_time",
        "publishedtime",
        "publish_time",
        "pubtime",
        "createdate",
        "dc.date",
    ];
    shaped
        .or_else(|| NAMES.iter().find_map(|n| date_in(survey.meta(&[n])?)))
        .or_else(|| labelled(&around.before, &around.after))
        .or_else(|| labelled_in_body(body))
        .or_else(|| date_in_address(url))
        .or_else(|| survey.scripts.iter().find_map(|s| dates::date_in_script(s)))
        .or_else(|| dates::under_heading(&around.before))
}

/// Where the body was guessed, its first lines may be the page's facts about itself.
fn labelled_in_body(body: &Body) -> Option<Date> {
    body.blocks
        .iter()
        .take(5)
        .find_map(|b| dates::strongly_labelled(b.span.of(&body.text)))
}

fn source(
    html: &Html,
    survey: &Survey<'_>,
    around: &Around<'_>,
    rules: &ArticleRules,
) -> Option<String> {
    let labelled = |words: &str| {
        let found = SOURCE
            .as_ref()?
            .captures_iter(words)
            .last()?
            .get(1)?
            .as_str();
        tidy_source(found)
    };
    first(html, &rules.origin)
        .map(|n| text::inline(n))
        .and_then(|words| labelled(&words).or_else(|| tidy_source(&words)))
        .or_else(|| {
            survey
                .meta(&["contentsource", "source"])
                .and_then(tidy_source)
        })
        .or_else(|| labelled(&around.before))
        .or_else(|| survey.meta(&["author"]).and_then(tidy_source))
        .or_else(|| {
            survey
                .scripts
                .iter()
                .find_map(|s| tidy_source(SCRIPT_SOURCE.as_ref()?.captures(s)?.get(1)?.as_str()))
        })
}

/// The source's name up to the next label on its line.
fn tidy_source(words: &str) -> Option<String> {
    let words = words.trim();
    let end = NEXT_LABEL
        .as_ref()
        .and_then(|r| r.find(words))
        .map_or(words.len(), |m| m.start());
    let name = words
        .get(..end)?
        .trim_matches([' ', '　', '-', ',', '，', ')', '）', ']', '】']);
    (!name.is_empty() && !name.starts_with("http")).then(|| name.to_owned())
}

/// The first element that one of the selectors finds.
pub(crate) fn first<'a>(html: &'a Html, selectors: &[Selector]) -> Option<NodeRef<'a, Node>> {
    selectors
        .iter()
        .find_map(|s| html.select(s).next())
        .map(|e| *e)
}

fn column(survey: &Survey<'_>, around: &Around<'_>) -> String {
    let path = around.crumb.map(crumb_words).unwrap_or_default();
    let path = split_path(&path);
    if !path.is_empty() {
        return path;
    }
    survey
        .meta(&["columnname", "lanmu", "catalog", "columnnames"])
        .map(split_path)
        .unwrap_or_default()
}

/// The words after 当前位置：, which may stand in the next elements.
fn crumb_words(label: NodeRef<'_, Node>) -> String {
    let mut node = label.parent();
    for _ in 0..3 {
        let Some(here) = node else { break };
        let words = text::inline(here);
        let after = ["位置"]
            .iter()
            .find_map(|w| words.split_once(w))
            .map_or("", |(_, rest)| rest);
        let after = after.trim_start_matches([':', '：', ' ', '>']);
        if after.chars().count() > 2 {
            return after.chars().take(120).collect();
        }
        node = here.parent();
    }
    String::new()
}

/// A path with ` > ` between its steps; 首页 and 正文 are no steps.
fn split_path(words: &str) -> String {
    let steps: Vec<&str> = words
        .split(['>', '＞', '»', '/', '→', '›', ' ', '\u{a0}', '-', '|'])
        .map(str::trim)
        .filter(|s| {
            !s.is_empty()
                && !matches!(
                    *s,
                    "首页" | "主页" | "网站首页" | "正文" | "内容" | "详情" | "文章正文"
                )
        })
        .take(8)
        .collect();
    steps.join(" > ")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::adapter::article;
    use crate::adapter::budget;
    use crate::model::{Article, Shape};

    pub(crate) fn page(head: &str, above: &str, url: &str) -> Article {
        let page = format!(
            "{head}{above}<div id=zoom><p>{}</p></div>",
            "各位考生，证书已到，请按时领取，办理时间为2026年3月10日至20日，发布时间另行通知。"
                .repeat(2)
        );
        let html = budget::parse(&page).expect("parses");
        let rules = ArticleRules::compile(&Shape::default()).expect("compiles");
        article::read(&html, &page, url, &rules).expect("reads")
    }

    #[test]
    fn publication() {
        let url = "http://a.cn/t20260101_5.html";
        for (head, above, url, want) in [
            (
                "<meta name=PubDate content='2026-09-24 16:08'>",
                "发布时间：2026-09-25",
                url,
                "2026-09-24",
            ),
            (
                "<meta name=firstpublishedtime content='2023-02-08-16:00:00'>",
                "",
                "http://a.cn/",
                "2023-02-08",
            ),
            (
                "<meta name=PubDate content=''>",
                "<td>发布时间：<span>2026/9/4 15:20:07</span>",
                url,
                "2026-09-04",
            ),
            (
                "",
                "<small>时间:</small>2022-12-13 09:30<small>来源:</small>",
                "http://a.cn/",
                "2022-12-13",
            ),
            ("", "今天是：2026年11月25日", url, "2026-01-01"),
            (
                "",
                "<script>var  pubdata='2025-06-01';</script>",
                "http://a.cn/",
                "2025-06-01",
            ),
            (
                "<script>var ct = \"1734500000\";</script>",
                "",
                "http://mp.weixin.qq.com/s/x",
                "2024-12-18",
            ),
            (
                "",
                "<h2>题目题目</h2><div>2023-06-15 09:30 来源：本网</div>",
                "http://a.cn/",
                "2023-06-15",
            ),
            (
                "",
                "今天是2026年11月25日 报名时间：2026-01-01",
                "http://a.cn/",
                "none",
            ),
            (
                "<meta name=PubDate content='2026-02-30'>",
                "",
                "http://a.cn/",
                "none",
            ),
        ] {
            let got = page(head, above, url)
                .published
                .map_or("none".to_owned(), |d| d.to_string());
            assert_eq!(got, want, "{head}{above}");
        }
    }

    #[test]
    fn sources_and_columns() {
        for (head, above, source, column) in [
            (
                "<meta name=ContentSource content=省考试中心>",
                "",
                Some("省考试中心"),
                "",
            ),
            (
                "",
                "<span>来源：会计处</span><span>浏览次数：3</span>",
                Some("会计处"),
                "",
            ),
            (
                "",
                "<small>来源:</small>某市医学会<small>作者:</small>admin",
                Some("某市医学会"),
                "",
            ),
            (
                "<meta name=ColumnName content=通知公告>",
                "",
                None,
                "通知公告",
            ),
            (
                "",
                "<div>您的位置：首页 &gt;&gt; 证书信息</div>",
                None,
                "证书信息",
            ),
            (
                "",
                "<div>当前所在的位置： <table><tr><td><a>首页</a></td><td>&gt;</td><td><a>会计管理</a></td></tr></table></div>",
                None,
                "会计管理",
            ),
        ] {
            let found = page(head, above, "http://a.cn/");
            assert_eq!(
                (found.source.as_deref(), found.column.as_str()),
                (source, column),
                "{head}{above}"
            );
        }
    }
}
