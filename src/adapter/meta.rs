//! What a page says about its notice: title, date, source, site, column.

use super::article::ArticleRules;
use super::dates::{date_in, labelled};
use super::markup;
use super::survey::{Around, Survey};
use super::text::{self, Body};
use crate::model::{BlockKind, Date};
use ego_tree::NodeRef;
use regex::Regex;
use scraper::{Html, Node, Selector};
use std::sync::LazyLock;

pub use super::dates::{date_in_address, date_or_moment};

/// The facts of a page outside its body.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Meta {
    pub(crate) title: String,
    pub(crate) published: Option<Date>,
    pub(crate) source: Option<String>,
    pub(crate) site: Option<String>,
    pub(crate) column: String,
}

/// Longest title in characters; longer is a paragraph.
const LONGEST_TITLE: usize = 150;

static TAGS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"</?[A-Za-z][^<>]*>").ok());
static GLUED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\s*[\[（(【]?\s*20\d{2}[-./]\d{1,2}[-./]\d{1,2}(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s*[\]）)】]?\s*$").ok()
});
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

fn title(
    html: &Html,
    survey: &Survey<'_>,
    around: &Around<'_>,
    body: &Body,
    bare: &str,
    rules: &ArticleRules,
) -> String {
    let fits = |t: &String| is_title(t);
    let from_meta = survey
        .meta(&["articletitle", "pagetitle", "og:title", "title"])
        .map(clean_title);
    if let Some(title) = from_meta.filter(fits) {
        return title;
    }
    if let Some(title) = first(html, &rules.heading)
        .map(|n| clean_title(&heading(n)))
        .filter(fits)
    {
        return title;
    }
    let heads: Vec<(bool, String)> = around
        .heads
        .iter()
        .rev()
        .take(24)
        .filter(|n| !holds_link(**n))
        .map(|n| {
            (
                n.value().as_element().is_some_and(|e| e.name() == "h1"),
                clean_title(&heading(*n)),
            )
        })
        .filter(|(_, t)| fits(t))
        .collect();
    let whole = squeeze(&survey.title);
    let confirmed = heads
        .iter()
        .map(|(_, t)| t)
        .find(|t| t.chars().count() >= 6 && whole.contains(&squeeze(t)));
    let nearest = || {
        heads
            .iter()
            .find(|(h1, _)| *h1)
            .or(heads.first())
            .map(|(_, t)| t)
    };
    if let Some(title) = confirmed {
        return title.clone();
    }
    let bare = clean_title(bare);
    // A `<title>` that is more than the site's name is surer than an unconfirmed heading.
    if is_title(&bare) && heads.is_empty() {
        return bare;
    }
    let inside = || {
        let mut lines = body
            .blocks
            .iter()
            .take(3)
            .filter(|b| b.kind == BlockKind::Heading);
        lines.find_map(|b| Some(clean_title(b.span.of(&body.text))).filter(fits))
    };
    nearest()
        .cloned()
        .or_else(|| is_title(&bare).then_some(bare))
        .or_else(inside)
        .unwrap_or_default()
}

/// A title as people read it: entities that were escaped twice, markup, dates and marks of the
/// list (`NEW`, `·`) that are glued to it taken off, its lines joined.
pub fn clean_title(raw: &str) -> String {
    let mut words = raw.to_owned();
    for _ in 0..2 {
        if !words.contains('&') {
            break;
        }
        for (entity, c) in [
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&nbsp;", " "),
            ("&quot;", "\""),
            ("&ldquo;", "“"),
            ("&rdquo;", "”"),
            ("&middot;", "·"),
            ("&mdash;", "—"),
            ("&amp;", "&"),
        ] {
            words = words.replace(entity, c);
        }
    }
    if let Some(tags) = TAGS.as_ref() {
        words = tags.replace_all(&words, "").into_owned();
    }
    let mut line = text::one_line(&words);
    if let Some(m) = GLUED
        .as_ref()
        .and_then(|r| r.find(&line))
        .filter(|m| m.start() > 0)
    {
        line.truncate(m.start());
    }
    let line = line.trim_start_matches(['·', '•', '▪', '►', ' ']);
    let line = line
        .strip_suffix("NEW")
        .or(line.strip_suffix("new!"))
        .unwrap_or(line);
    line.trim().to_owned()
}

/// Words of a heading without the small print inside it (`<small>（2023-02-08）</small>`).
fn heading(node: NodeRef<'_, Node>) -> String {
    fn collect(node: NodeRef<'_, Node>, out: &mut String) {
        for child in node.children() {
            match child.value() {
                Node::Text(t) => out.push_str(t),
                Node::Element(e) if e.name() == "br" => out.push('\n'),
                Node::Element(e)
                    if markup::is_skipped(e.name())
                        || markup::is_hidden(e)
                        || e.name() == "small" => {}
                Node::Element(e)
                    if e.attr("class")
                        .is_some_and(|c| c.contains("time") || c.contains("date")) => {}
                Node::Element(_) => collect(child, out),
                _ => {}
            }
        }
    }
    let mut out = String::new();
    collect(node, &mut out);
    out
}

fn holds_link(node: NodeRef<'_, Node>) -> bool {
    node.descendants()
        .take(200)
        .any(|n| n.value().as_element().is_some_and(|e| e.name() == "a"))
}

fn squeeze(words: &str) -> String {
    words.chars().filter(|c| !c.is_whitespace()).collect()
}

fn is_title(words: &str) -> bool {
    let length = words.chars().count();
    (4..=LONGEST_TITLE).contains(&length) && !is_site(words)
}

/// Whether words name an office or its site rather than a notice.
fn is_site(words: &str) -> bool {
    const ENDS: [&str; 24] = [
        "网",
        "局",
        "厅",
        "院",
        "中心",
        "委员会",
        "政府",
        "网站",
        "办公室",
        "部",
        "学会",
        "协会",
        "处",
        "大学",
        "学院",
        "门户",
        "站",
        "平台",
        "频道",
        "公司",
        "集团",
        "会",
        "公众号",
        "委",
    ];
    let words = words.trim();
    let bare = words
        .strip_suffix('）')
        .and_then(|w| w.rsplit_once('（'))
        .map_or(words, |(w, _)| w);
    let notice = [
        "通知", "公告", "关于", "领取", "证书", "须知", "办法", "说明",
    ]
    .iter()
    .any(|w| words.contains(w));
    !notice && (2..=40).contains(&words.chars().count()) && ENDS.iter().any(|e| bare.ends_with(e))
}

/// `<title>` without the site's name, and that name.
fn split_site(survey: &Survey<'_>) -> (String, Option<String>) {
    let mut rest = survey.title.trim();
    let mut site: Option<String> = None;
    let known: Vec<String> = [
        survey.meta(&["sitename"]),
        survey.meta(&["columnname", "lanmu"]),
    ]
    .into_iter()
    .flatten()
    .map(str::to_owned)
    .collect();
    for _ in 0..4 {
        let named = |part: &str| is_site(part) || known.iter().any(|k| k == part);
        let column = |part: &str| {
            part.chars().count() <= 8
                && matches!(
                    part,
                    "通知公告"
                        | "公示公告"
                        | "公告公示"
                        | "通知"
                        | "公告"
                        | "考试动态"
                        | "正文"
                        | "首页"
                )
        };
        let ends: [Option<(&str, &str)>; 6] = [
            rest.rsplit_once("__"),
            rest.rsplit_once('_'),
            rest.rsplit_once(" - "),
            rest.rsplit_once(['|', '｜']),
            rest.rsplit_once('-'),
            rest.rsplit_once(" – "),
        ];
        if let Some((head, tail)) = ends
            .into_iter()
            .flatten()
            .find(|(h, t)| !h.trim().is_empty() && (named(t.trim()) || column(t.trim())))
        {
            if !column(tail.trim()) {
                site.get_or_insert(tail.trim().to_owned());
            }
            rest = head.trim_end_matches(['_', ' ', '-']);
            continue;
        }
        let starts = [
            rest.split_once(" - "),
            rest.split_once('_'),
            rest.split_once('-'),
            rest.split_once(['|', '｜']),
            rest.split_once(' '),
        ];
        if let Some((head, tail)) = starts
            .into_iter()
            .flatten()
            .find(|(h, t)| named(h.trim()) && !t.trim().is_empty())
        {
            site.get_or_insert(head.trim().to_owned());
            rest = tail.trim_start_matches([' ', '-', '_']);
            continue;
        }
        break;
    }
    if site.is_none() && is_site(rest) {
        site = Some(rest.to_owned());
    }
    (rest.to_owned(), site)
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
        .or_else(|| {
            survey
                .scripts
                .iter()
                .find_map(|s| super::dates::date_in_script(s))
        })
        .or_else(|| super::dates::under_heading(&around.before))
}

/// Where the body was guessed, its first lines may be the page's facts about itself.
fn labelled_in_body(body: &Body) -> Option<Date> {
    body.blocks
        .iter()
        .take(5)
        .find_map(|b| super::dates::strongly_labelled(b.span.of(&body.text)))
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

fn first<'a>(html: &'a Html, selectors: &[Selector]) -> Option<NodeRef<'a, Node>> {
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
mod tests {
    use super::*;
    use crate::adapter::article;
    use crate::adapter::budget;
    use crate::model::{Article, Shape};

    fn page(head: &str, above: &str, url: &str) -> Article {
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
    fn titles() {
        const T: &str = "关于领取2026年证书的通知";
        for (head, above) in [
            (
                format!("<meta name=ArticleTitle content='{T}'><title>某网</title>"),
                String::new(),
            ),
            (
                format!("<META Name=pageTitle Content='{T}'><title>{T}-某市软考网</title>"),
                String::new(),
            ),
            (
                format!("<title>{T}__某市人力资源和社会保障局</title>"),
                String::new(),
            ),
            (format!("<title>{T}-某省人事考试网</title>"), String::new()),
            (
                format!("<title>{T} - 某会计网（会计之星）</title>"),
                String::new(),
            ),
            (
                format!("<title>{T}_通知公告_某市财政局</title>"),
                String::new(),
            ),
            (
                format!("<title>\n\t某市考试院 - {T}\n</title>"),
                String::new(),
            ),
            (
                format!(
                    "<meta name=SiteName content=某市财政局><meta name=ColumnName content=公告><title>某市财政局 公告 {T}</title>"
                ),
                String::new(),
            ),
            (
                "<title>某省人事考试网</title>".to_owned(),
                format!(
                    "<div class=lefttitle>站内导航栏</div><td class=newstitle><span id=lblTitle><b>{T}</b></span>"
                ),
            ),
            (
                "<title>某省人事考试网</title>".to_owned(),
                format!(
                    "<h1>某省人事考试网</h1><h2>{T}<small class=PBtime>（2026-02-08）</small></h2>"
                ),
            ),
            (
                "".to_owned(),
                "<h1>关于领取2026年<br>证书的通知</h1>".to_owned(),
            ),
            (
                "<title>x</title>".to_owned(),
                "<h1>关于领取2026年&lt;br/&gt;证书的通知 2026-02-08</h1>".to_owned(),
            ),
        ] {
            assert_eq!(
                page(&head, &above, "http://a.cn/").title,
                T,
                "{head}{above}"
            );
        }
        assert_eq!(
            page("<title>某省人事考试网</title>", "", "http://a.cn/").title,
            ""
        );
        assert_eq!(
            clean_title("· 成绩公布（6月12日更新）"),
            "成绩公布（6月12日更新）"
        );
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
