//! The title of a notice, and the site's name that pages glue to it.

use super::article::ArticleRules;
use super::body::Body;
use super::markup;
use super::meta::first;
use super::survey::{Around, Survey};
use super::text;
use crate::model::BlockKind;
use ego_tree::NodeRef;
use regex::Regex;
use scraper::{Html, Node};
use std::sync::LazyLock;

/// Longest title in characters; longer is a paragraph.
const LONGEST_TITLE: usize = 150;
/// Longest where nothing shorter is there, and the office or `<title>` itself says that it is one.
const LONGEST_NAMED: usize = 1000;

static TAGS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"</?[A-Za-z][^<>]*>").ok());
static GLUED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\s*[\[（(【]?\s*20\d{2}[-./]\d{1,2}[-./]\d{1,2}(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s*[\]）)】]?\s*$").ok()
});
/// The title: meta, the shape's selectors, a heading above the body that `<title>` confirms or that
/// stands nearest, `<title>` itself, a heading inside the body. `bare` is `<title>` without the site.
pub(crate) fn title(
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
    let named = first(html, &rules.heading).map(|n| clean_title(&heading(n)));
    if let Some(title) = named.clone().filter(fits) {
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
        .or_else(|| is_title(&bare).then_some(bare.clone()))
        .or_else(inside)
        .or_else(|| named.filter(|t| within(t, LONGEST_NAMED)))
        .or_else(|| Some(bare).filter(|t| within(t, LONGEST_NAMED)))
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

fn within(words: &str, longest: usize) -> bool {
    (4..=longest).contains(&words.chars().count()) && !is_site(words)
}

fn is_title(words: &str) -> bool {
    within(words, LONGEST_TITLE)
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
pub(crate) fn split_site(survey: &Survey<'_>) -> (String, Option<String>) {
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

#[cfg(test)]
mod tests {
    use super::clean_title;
    use crate::adapter::meta::tests::page;

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
}
