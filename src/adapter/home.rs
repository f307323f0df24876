//! A home page of which only the address is known: its links that speak of certificates.
//!
//! A link is a notice where a date stands beside it or its address is an article's. The others
//! (证书查询, 证书管理: columns that never change) are known by their row and never news.

use super::pattern::{pattern, selector};
use super::row::{self, Row};
use super::rows::{self, ListInput, ListPage};
use super::rules::ListRules;
use super::{family::Families, fingerprint, text};
use crate::model::{Entry, Fault, Verdict};
use regex::{Regex, RegexSet};
use scraper::{ElementRef, Selector};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A page with fewer links is no home page.
const FEWEST: usize = 5;
/// Most links that are looked at.
const MOST: usize = 3000;
/// Most nodes of a row: a larger element is a box of rows.
const ROW: usize = 60;
/// How far above a link its row may be.
const UP: usize = 4;
/// Titles with fewer characters are names of columns, unless a date stands beside them.
const SHORTEST: usize = 9;

/// The title of a card, which is one link from end to end.
static HEADING: LazyLock<Selector> = LazyLock::new(|| selector("h1, h2, h3, h4, h5, h6"));
static LINK: LazyLock<Selector> = LazyLock::new(|| selector("a[href]"));
static SPEAKS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "证书|證書|领取|領取|领证|領證|合格证|合格證|发证|取证|补办|补发|换发|邮寄|直邮|软考|計算機技術與軟件|计算机技术与软件|计算机软件",
    )
});
/// Addresses of single documents, of whatever make.
static DOCUMENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)/(?:19|20)\d{2}[-/]?\d{2}[-/]?(?:\d{2})?/[^/]+$|[/_-][0-9a-f]{24,36}(?:\.\w{3,5})?$|/(?:\w+_)?\d{5,}\.\w{3,5}$|/(?:article|info|content|detail|show|view|news)s?/(?:\w+/)*\d{2,}(?:\.\w{3,5})?$|[?&](?:id|aid|nid|newsid|infoid|articleid|contentid|docid)=[0-9a-f-]{3,}(?:&|$)",
    )
});
/// Addresses of columns, which may hold such numbers too.
static COLUMN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)/(?:col|column|channels?|list\w*|node|index|category|class|more)[/_.-]?\w*(?:\.\w{3,5})?(?:$|\?)|[?&](?:class|col|column|channel|cat|type|node)\w*=|/$",
    )
});
/// How the families write the addresses of their documents.
static KEYS: LazyLock<RegexSet> = LazyLock::new(|| {
    let families = Families::builtin();
    let keys = families
        .names()
        .into_iter()
        .filter_map(|n| families.shape(n)?.key.clone());
    // A test of the families holds that each of them compiles.
    RegexSet::new(keys).unwrap_or_else(|_| RegexSet::empty())
});

/// Reads a home page. `rules` give keys and hosts, `inside` the part of the page that a block
/// narrows the look to.
///
/// # Errors
/// [`Verdict::Shell`] or [`Verdict::Layout`] where the page has next to no links.
pub(super) fn read(
    input: &ListInput<'_>,
    rules: &ListRules,
    inside: Option<&Selector>,
) -> Result<ListPage, Fault> {
    let bad = |verdict, reason: &str, detail: &str| {
        Err(Fault::new(verdict, reason, detail).at(input.url))
    };
    let Some(html) = input.html else {
        return bad(
            Verdict::Layout,
            "not_html",
            "the answer is not an HTML page",
        );
    };
    if fingerprint::is_spa_shell(input.raw) {
        let detail = "the home page is filled by script: the source needs the address of a list";
        return bad(Verdict::Shell, "home", detail);
    }
    let links: Vec<ElementRef<'_>> = match inside {
        Some(part) => html
            .select(part)
            .flat_map(|p| {
                LINK.matches(&p)
                    .then_some(p)
                    .into_iter()
                    .chain(p.select(&LINK))
            })
            .take(MOST)
            .collect(),
        None => html.select(&LINK).take(MOST).collect(),
    };
    if links.len() < FEWEST {
        let detail = format!("{} links: this is no home page", links.len());
        return bad(Verdict::Layout, "few_links", &detail);
    }
    let base = rows::base_of(html, input.url);
    let base = base.as_deref().unwrap_or(input.url);
    let rules = rules.links_only();
    let mut page = ListPage {
        verdict: Verdict::Ok,
        entries: Vec::new(),
        faults: Vec::new(),
        more: Vec::new(),
        total: None,
        dated: 0,
        carried: HashMap::new(),
    };
    let mut by_key = HashMap::new();
    for link in links {
        // A link that cannot be read (a picture, a script's call) is no row of a list.
        if let Some(entry) = entry(link, input, &rules, base) {
            rows::keep(entry, &mut page.entries, &mut by_key);
        }
    }
    for entry in &mut page.entries {
        entry.external |= !is_notice(entry);
    }
    page.dated = page
        .entries
        .iter()
        .filter(|e| e.published.is_some())
        .count();
    if page.entries.is_empty() {
        page.verdict = Verdict::Empty;
    }
    Ok(page)
}

fn entry(
    link: ElementRef<'_>,
    input: &ListInput<'_>,
    rules: &ListRules,
    base: &str,
) -> Option<Entry> {
    let Row::Draft(mut draft) = row::read(link, rules, base) else {
        return None;
    };
    if let Some(heading) = link.select(&HEADING).next() {
        draft.visible = text::inline(*heading);
    }
    if !SPEAKS.is_match(&draft.visible) && !SPEAKS.is_match(&draft.attribute) {
        return None;
    }
    if draft.dates.is_empty()
        && let Some(beside) = row_of(link)
        && let Row::Draft(around) = row::read(beside, rules, base)
    {
        draft.dates = around.dates;
    }
    rows::entry(draft, input, rules, base).ok().flatten()
}

/// The largest element around a link that is still its row: no other link, few nodes.
fn row_of(link: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let above = link.ancestors().filter_map(ElementRef::wrap).take(UP);
    above
        .take_while(|e| {
            let name = e.value().name();
            !matches!(name, "body" | "html" | "ul" | "ol" | "table" | "tbody")
                && e.descendants().take(ROW + 1).count() <= ROW
                && e.select(&LINK).take(2).count() == 1
        })
        .last()
}

fn is_notice(entry: &Entry) -> bool {
    let document = || {
        let url = entry.url.as_str();
        (KEYS.is_match(url) || DOCUMENT.is_match(url)) && !COLUMN.is_match(url)
    };
    entry.published.is_some() || (entry.title.chars().count() >= SHORTEST && document())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_familys_key_compiles() {
        assert!(!KEYS.is_empty());
    }

    #[test]
    fn a_date_or_an_articles_address_makes_a_notice() {
        for (title, url, dated, want) in [
            ("证书查询", "https://a.cn/zscx/", false, false),
            (
                "证书领取",
                "https://a.cn/col/col82540/index.html",
                false,
                false,
            ),
            (
                "专业技术人员职业资格证书管理",
                "https://a.cn/channel/123456.html",
                false,
                false,
            ),
            (
                "证书领取",
                "https://a.cn/NewsList.aspx?ClassID=602",
                false,
                false,
            ),
            (
                "资格证书查询验证服务平台",
                "https://a.cn/list.jsp?id=1234",
                false,
                false,
            ),
            ("关于领取证书的通知", "https://a.cn/x.html", true, true),
            (
                "关于领取软考合格证书的通知",
                "https://a.cn/t20261201_3321.html",
                false,
                true,
            ),
            (
                "关于领取软考合格证书的通知",
                "https://a.cn/info/1095/6422.htm",
                false,
                true,
            ),
            (
                "关于领取软考合格证书的通知",
                "https://a.cn/show.asp?id=4512",
                false,
                true,
            ),
            (
                "关于领取软考合格证书的通知",
                "https://a.cn/news/202612/a1.html",
                false,
                true,
            ),
            (
                "关于领取软考合格证书的通知",
                "https://a.cn/detail/4512",
                false,
                true,
            ),
            ("证书领取", "https://a.cn/detail/4512", false, false),
        ] {
            let entry = Entry {
                keys: Vec::new(),
                url: url.into(),
                title: title.into(),
                title_cut: false,
                published: dated.then(|| "2026-12-01".parse().unwrap()),
                external: false,
            };
            assert_eq!(is_notice(&entry), want, "{title} {url}");
        }
    }
}
