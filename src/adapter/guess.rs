//! Where the rows of an unknown list and the body of an unknown article are: a proposal for a
//! block, which a person corrects.
//!
//! A list is what repeats: siblings of one name that each lead somewhere, most of them with a date.

use super::article::{self, ArticleRules};
use super::pattern::{pattern, selector};
use super::row::{self, Row};
use super::rows::{self, ListInput};
use super::rules::ListRules;
use super::{budget, charset, density, fingerprint, list_dates as dates, pager};
use crate::model::source::Pager;
use crate::model::{Date, Page, Shape};
use ego_tree::NodeId;
use regex::Regex;
use scraper::{ElementRef, Html, Node, Selector};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Fewest siblings that make a list.
const FEWEST: usize = 3;
/// Shorter link words are names of columns and pages (首页, 下一页).
const SHORTEST: usize = 6;
/// Most links that are looked at.
const MOST: usize = 2000;
/// How far above a link its row may be.
const UP: usize = 6;
/// Most groups of siblings that are read as rows.
const GROUPS: usize = 12;
/// Most rows of a group that are read.
const ROWS: usize = 60;
/// Classes that say nothing of what an element is.
const STATES: [&str; 12] = [
    "clearfix", "clear", "cl", "fl", "fr", "on", "active", "cur", "odd", "even", "first", "last",
];

static LINK: LazyLock<Selector> = LazyLock::new(|| selector("a[href]"));
/// `京ICP备05550001号`, `网站标识码：1100000555`.
static SITE_NUMBER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\p{Han}ICP备\d{6,10}号?|网站标识码[:：]?\s*[a-z]{0,2}\d{8,10}"));
static HEADING: LazyLock<Selector> = LazyLock::new(|| selector("a :is(h1, h2, h3, h4, h5, h6)"));

/// The family that made a page; None where it is not known.
pub fn family_of(page: &Page) -> Option<&'static str> {
    fingerprint::detect(&raw_of(page)?, &page.url, &page.headers)
}

/// [`list()`] for an answer as it came.
pub fn list_of(page: &Page, today: Date) -> Option<Shape> {
    let raw = raw_of(page)?;
    let html = budget::parse(&raw).ok()?;
    list(&ListInput {
        raw: &raw,
        html: Some(&html),
        url: &page.url,
        today,
    })
}

/// [`body()`] for an answer as it came.
pub fn body_of(page: &Page) -> Option<String> {
    let raw = raw_of(page)?;
    body(&budget::parse(&raw).ok()?, &raw, &page.url)
}

/// How the list goes on, as its own script or links say.
pub fn pager_of(page: &Page) -> Option<Pager> {
    pager::guess(&raw_of(page)?, &page.url)
}

/// Words that every page of a site shows and nobody else's: the number of its ICP record, or its
/// number among government sites. None where the pages do not share one.
pub fn signature(pages: &[&Page]) -> Option<String> {
    let texts: Vec<String> = pages.iter().map(|p| raw_of(p)).collect::<Option<_>>()?;
    let found = SITE_NUMBER.find(texts.first()?)?.as_str();
    let shared = texts.len() > 1 && texts.iter().all(|t| t.contains(found));
    shared.then(|| found.to_owned())
}

fn raw_of(page: &Page) -> Option<String> {
    let decoded = charset::decode(&page.body, page.content_type.as_deref(), None);
    decoded.ok().map(|d| d.text)
}

/// The words of a block with which the page can be read as a list: `entry`, and `date` and `title`
/// where they help. None where nothing repeats.
pub fn list(input: &ListInput<'_>) -> Option<Shape> {
    let html = input.html?;
    let mut groups: HashMap<(NodeId, &str), Vec<NodeId>> = HashMap::new();
    let mut order = Vec::new();
    for link in html.select(&LINK).take(MOST) {
        let words: usize = link.text().map(|t| t.trim().chars().count()).sum();
        let title = link
            .value()
            .attr("title")
            .map_or(0, |t| t.trim().chars().count());
        if words.max(title) < SHORTEST {
            continue;
        }
        let own = std::iter::once(link).chain(link.ancestors().filter_map(ElementRef::wrap));
        for row in own.take(UP) {
            let Some(parent) = row.parent() else { break };
            let rows = groups
                .entry((parent.id(), row.value().name()))
                .or_insert_with(|| {
                    order.push((parent.id(), row.value().name()));
                    Vec::new()
                });
            if rows.last() != Some(&row.id()) {
                rows.push(row.id());
            }
        }
    }
    // The largest first; of equals the innermost that came first.
    order.sort_by_key(|key| std::cmp::Reverse(groups.get(key).map_or(0, Vec::len)));
    let plain = ListRules::compile(&with_entry("li")).ok()?;
    let best = order
        .iter()
        .take(GROUPS)
        .filter_map(|key| {
            let rows: Vec<ElementRef<'_>> = groups
                .get(key)?
                .iter()
                .take(ROWS)
                .filter_map(|id| ElementRef::wrap(html.tree.get(*id)?))
                .collect();
            let score = score(&rows, &plain, input.url);
            (rows.len() >= FEWEST && score > 0).then_some((score, rows))
        })
        .reduce(|best, next| if next.0 > best.0 { next } else { best });
    let (_, rows) = best?;
    Some(refine(input, html, &rows))
}

/// How much the elements look like rows of notices: one link each, with a date.
fn score(rows: &[ElementRef<'_>], plain: &ListRules, url: &str) -> usize {
    let of_row = |row: &ElementRef<'_>| {
        if row.select(&LINK).take(5).count() > 4 {
            return 0;
        }
        let Row::Draft(draft) = row::read(*row, plain, url) else {
            return 0;
        };
        let address = draft.href.as_deref().unwrap_or("");
        match (draft.dates.is_empty(), dates::address(address).is_some()) {
            (false, _) => 4,
            (true, true) => 3,
            // Long titles alone may be a list whose dates stand in the articles.
            (true, false) => usize::from(draft.visible.chars().count() >= 12),
        }
    };
    let sum: usize = rows.iter().map(of_row).sum();
    // Most rows must look alike.
    if sum < rows.len() { 0 } else { sum }
}

fn with_entry(entry: &str) -> Shape {
    Shape {
        entry: Some(entry.to_owned()),
        ..Shape::default()
    }
}

/// Selectors for the rows, and for their dates and titles where the list reads as well with them.
fn refine(input: &ListInput<'_>, html: &Html, rows: &[ElementRef<'_>]) -> Shape {
    let mut shape = with_entry(&entry(html, rows));
    let read = |shape: &Shape| {
        let rules = ListRules::compile(shape).ok()?;
        rows::read(input, &rules)
            .ok()
            .map(|l| (l.dated, l.entries.len()))
    };
    let base = read(&shape);
    let half = rows.len().div_ceil(2);
    let date = common(rows.iter().filter_map(|r| date_cell(*r)), half);
    let title = common(
        rows.iter().filter_map(|r| {
            let heading = r.select(&HEADING).next()?;
            Some(heading.value().name().to_owned())
        }),
        half,
    );
    for further in [
        Shape {
            date: date.into_iter().collect(),
            ..shape.clone()
        },
        Shape {
            title,
            ..shape.clone()
        },
    ] {
        if further != shape && read(&further) >= base {
            shape = Shape {
                date: [shape.date, further.date].concat(),
                title: further.title.or(shape.title),
                ..shape
            };
        }
    }
    shape
}

/// What at least `least` of the words agree on.
fn common(words: impl Iterator<Item = String>, least: usize) -> Option<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    let (word, count) = counts.into_iter().max()?;
    (count >= least).then_some(word)
}

/// The element of a row that holds a date and nothing else.
fn date_cell(row: ElementRef<'_>) -> Option<String> {
    let cell = row.descendants().find_map(|node| match node.value() {
        Node::Text(t) if dates::is_whole(t) => node.parent().and_then(ElementRef::wrap),
        _ => None,
    })?;
    let name = described(cell);
    (cell.id() != row.id() && cell.value().name() != "a").then_some(name)
}

/// A selector of the rows: their name below the nearest element that has a name of its own.
fn entry(html: &Html, rows: &[ElementRef<'_>]) -> String {
    let Some(row) = rows.first() else {
        return String::new();
    };
    let link = if row.value().name() == "a" {
        ""
    } else {
        ":has(a)"
    };
    let mut path = format!("{}{link}", row.value().name());
    for above in row.ancestors().filter_map(ElementRef::wrap).take(UP) {
        if above.value().name() == "html" {
            break;
        }
        let name = described(above);
        path = format!("{name} > {path}");
        let named = name.contains(['#', '.']);
        let matches = Selector::parse(&path).map_or(0, |s| html.select(&s).count());
        if named && matches <= rows.len() + rows.len() / 4 {
            break;
        }
    }
    path
}

/// An element by id, else by its first class that says something, else by its name.
fn described(element: ElementRef<'_>) -> String {
    let e = element.value();
    let digits = |s: &str| s.chars().filter(char::is_ascii_digit).count();
    let plain = |s: &&str| {
        s.starts_with(|c: char| c.is_ascii_alphabetic())
            && s.chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
            && digits(s) < 4
    };
    if let Some(id) = e.attr("id").map(str::trim).filter(plain) {
        return format!("#{id}");
    }
    let class = e.attr("class").unwrap_or("").split_whitespace();
    match class.filter(plain).find(|c| !STATES.contains(c)) {
        Some(class) => format!("{}.{class}", e.name()),
        None => e.name().to_owned(),
    }
}

/// A selector of the body where the page has no container that is known; None where it has, or
/// where the body's element has no name of its own.
pub fn body(html: &Html, raw: &str, url: &str) -> Option<String> {
    let rules = |shape: &Shape| ArticleRules::compile(shape).ok();
    let guessed = article::read(html, raw, url, &rules(&Shape::default())?).ok()?;
    if guessed.found_by != "density" {
        return None;
    }
    let mut path = String::new();
    for element in std::iter::once(density::densest(html)?)
        .chain(
            density::densest(html)?
                .ancestors()
                .filter_map(ElementRef::wrap),
        )
        .take(UP)
    {
        let name = described(element);
        if matches!(element.value().name(), "body" | "html") {
            return None;
        }
        path = match path.as_str() {
            "" => name.clone(),
            below => format!("{name} > {below}"),
        };
        let alone = Selector::parse(&path).is_ok_and(|s| html.select(&s).take(2).count() == 1);
        if name.contains(['#', '.']) && alone {
            break;
        }
    }
    let shape = Shape {
        body: vec![path.clone()],
        ..Shape::default()
    };
    let read = article::read(html, raw, url, &rules(&shape)?).ok()?;
    (read.found_by == "selector" && read.text == guessed.text).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(page: &str) -> Option<(String, Vec<String>, Option<String>)> {
        let html = budget::parse(page).unwrap();
        let input = ListInput {
            raw: page,
            html: Some(&html),
            url: "https://a.example.gov.cn/tzgg/",
            today: "2026-12-10".parse().unwrap(),
        };
        list(&input).map(|s| (s.entry.unwrap(), s.date, s.title))
    }

    fn rows(n: usize, row: impl Fn(usize) -> String) -> String {
        (1..=n).map(row).collect()
    }

    #[test]
    fn what_repeats_with_dates_is_the_list() {
        let nav = "<div class=nav><ul><li><a href=/a/>考试报名工作</a></li><li><a href=/b/>证书领取工作</a></li>\
                   <li><a href=/c/>政策法规文件</a></li><li><a href=/d/>常见问题解答</a></li></ul></div>";
        let title = "关于领取软考证书的通知";
        for (name, page, entry, date, heading) in [
            (
                "spans",
                format!(
                    "{nav}<div class='right cl'><ul>{}</ul></div>",
                    rows(5, |n| format!(
                        "<li><a href=/x/{n}.html>第{n}号{title}</a><span class=time>2026-12-0{n}</span></li>"
                    ))
                ),
                "div.right > ul > li:has(a)",
                vec!["span.time"],
                None,
            ),
            (
                "table",
                format!(
                    "{nav}<table id=list>{}</table>",
                    rows(4, |n| format!(
                        "<tr><td>·</td><td><a href=x.jsp?id={n}>第{n}号{title}</a></td><td>[2026-12-0{n}]</td></tr>"
                    ))
                ),
                "#list > tbody > tr:has(a)",
                vec!["td"],
                None,
            ),
            (
                "cards",
                format!(
                    "{nav}<section class=cards>{}</section>",
                    rows(4, |n| format!(
                        "<a href=/n/{n}><h4>第{n}号{title}</h4><p>各位考生</p><time>2026.12.0{n}</time></a>"
                    ))
                ),
                "section.cards > a",
                vec!["time"],
                Some("h4"),
            ),
            (
                "address",
                format!(
                    "{nav}<dl class=news>{}</dl>",
                    rows(6, |n| format!(
                        "<dd><a href=/2026/12/0{n}/{n}.html>第{n}号{title}</a></dd>"
                    ))
                ),
                "dl.news > dd:has(a)",
                vec![],
                None,
            ),
        ] {
            let got = guess(&page).unwrap_or_else(|| panic!("{name}: nothing"));
            let want = (
                entry.to_string(),
                date.iter().map(|d| d.to_string()).collect(),
                heading.map(str::to_string),
            );
            // A cell without a name of its own is no date selector: the first cell is the bullet.
            match name {
                "table" => assert_eq!(got.0, want.0),
                _ => assert_eq!(got, want, "{name}"),
            }
        }
        assert_eq!(guess(nav), None);
        assert_eq!(guess("<p>text</p>"), None);
    }

    #[test]
    fn the_site_is_known_by_its_number_on_every_page() {
        let page = |foot: &str| Page {
            url: "https://rsks.example.gov.cn/".into(),
            status: 200,
            content_type: None,
            etag: None,
            last_modified: None,
            headers: Vec::new(),
            body: format!("<p>通知公告</p><p>{foot}</p>").into(),
            fetched_at: crate::model::Timestamp::UNIX_EPOCH,
            plain_http: false,
        };
        let own = page("主办：某中心 桂ICP备05550001号");
        let other = page("桂ICP备05550002号");
        for (pages, want) in [
            (vec![&own, &own], Some("桂ICP备05550001号")),
            (vec![&own, &other], None),
            (vec![&own], None),
        ] {
            assert_eq!(signature(&pages).as_deref(), want);
        }
    }

    #[test]
    fn a_body_without_a_known_container_gets_a_name() {
        let text = "各位考生：二〇二六年上半年考试合格证书现已到我市，请按下列时间和地点办理领取手续，过期不候。";
        for (page, want) in [
            (
                format!(
                    "<div class=main><div class='detail_txt'><p>{text}</p><p>{text}</p></div></div>"
                ),
                Some("div.detail_txt"),
            ),
            (format!("<div id=zoom><p>{text}</p></div>"), None),
            (
                format!("<div id=box12345><div><p>{text}</p></div></div>"),
                None,
            ),
        ] {
            let html = budget::parse(&page).unwrap();
            let got = body(&html, &page, "https://a.example.gov.cn/1.html");
            assert_eq!(got.as_deref(), want, "{page}");
        }
    }
}
