//! A notice's page to an [`Article`].

use super::survey::{self, Around, Survey};
use super::text::{Body, Walk};
use super::{attach, budget, density, meta};
use crate::model::{Article, Fault, Shape, Verdict};
use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Html, Node, Selector};
use std::collections::HashSet;

/// A body with fewer characters, and without pictures or files, is no body but an empty frame.
const SHORTEST: usize = 40;
/// Most bytes of [`Article::around`].
const AROUND: usize = 4096;
/// How many levels above the body its files may stand. More would reach the side bar.
const LEVELS: usize = 5;

/// Comment marks that content systems put around a body: beginning, end.
const MARKS: [(&str, &str); 3] = [
    ("ZJEG_RSS.content.begin", "ZJEG_RSS.content.end"),
    ("<$[信息内容]>begin", "<$[信息内容]>end"),
    ("信息内容begin", "信息内容end"),
];

/// A [`Shape`]'s word on articles, compiled once per source.
#[derive(Debug, Clone)]
pub struct ArticleRules {
    body: Vec<Selector>,
    pub(crate) heading: Vec<Selector>,
    pub(crate) published: Vec<Selector>,
    pub(crate) origin: Vec<Selector>,
    drop: Vec<Selector>,
    between: Option<(String, String)>,
}

impl ArticleRules {
    /// Compiles the selectors of a shape.
    ///
    /// # Errors
    /// One line that names the field and the selector which is no CSS.
    pub fn compile(shape: &Shape) -> Result<ArticleRules, String> {
        let between = match shape.between.as_slice() {
            [] => None,
            [begin, end] => Some((begin.clone(), end.clone())),
            _ => return Err("between: give two marks, the beginning and the end".to_owned()),
        };
        Ok(ArticleRules {
            body: compile("body", &shape.body)?,
            heading: compile("heading", &shape.heading)?,
            published: compile("published", &shape.published)?,
            origin: compile("origin", &shape.origin)?,
            drop: compile("drop", &shape.drop)?,
            between,
        })
    }
}

fn compile(field: &str, selectors: &[String]) -> Result<Vec<Selector>, String> {
    selectors
        .iter()
        .map(|s| Selector::parse(s).map_err(|e| format!("{field}: `{s}` is no CSS selector: {e}")))
        .collect()
}

/// Where a body stands.
enum Place<'a> {
    Element(ElementRef<'a>),
    /// Between two comments that are siblings.
    Marks(NodeRef<'a, Node>, NodeId),
}

impl<'a> Place<'a> {
    fn read(&self, rules: &ArticleRules) -> Body {
        let walk = Walk::new(&rules.drop);
        match self {
            Place::Element(element) => walk.element(*element),
            Place::Marks(begin, end) => walk.between(*begin, *end),
        }
    }

    /// The topmost nodes of the body.
    fn nodes(&self) -> Vec<NodeRef<'a, Node>> {
        match self {
            Place::Element(element) => vec![**element],
            Place::Marks(begin, end) => begin
                .next_siblings()
                .take_while(|n| n.id() != *end)
                .collect(),
        }
    }
}

/// Reads a page. `raw` is the decoded page itself, for marks that are no comments.
///
/// # Errors
/// [`Verdict::Layout`] where no body is found, or one that is too short to be a notice.
pub fn read(html: &Html, raw: &str, url: &str, rules: &ArticleRules) -> Result<Article, Fault> {
    let survey = survey::survey(html);
    let found = places(html, &survey, rules)
        .into_iter()
        .find_map(|(place, by)| {
            let body = place.read(rules);
            suffices(&body).then_some((Some(place), body, by))
        })
        .or_else(|| between_raw(raw, rules).map(|body| (None, body, "marker")))
        .or_else(|| {
            let place = Place::Element(density::densest(html)?);
            let body = place.read(rules);
            suffices(&body).then_some((Some(place), body, "density"))
        });
    let Some((place, mut body, by)) = found else {
        let detail = "no body found: no known container and no running text";
        return Err(Fault::new(Verdict::Layout, "no_body", detail).at(url));
    };
    let nodes = place.map(|p| p.nodes()).unwrap_or_default();
    let ids: HashSet<NodeId> = nodes.iter().map(|n| n.id()).collect();
    let around = survey::around(html, &ids);
    files_after(&nodes, &survey, &around, &mut body);
    let base = survey
        .base
        .and_then(|b| super::address::join(url, b))
        .map(String::from);
    attach::resolve(base.as_deref().unwrap_or(url), &mut body.attachments);
    let found = meta::read(html, &survey, &around, &body, url, rules);
    Ok(Article {
        url: url.to_owned(),
        title: found.title,
        published: found.published,
        source: found.source,
        site: found.site,
        column: found.column,
        around: footer(&around),
        found_by: by.to_owned(),
        ..article_of(body)
    })
}

/// Reads a body that came inside JSON, with the fields that came beside it.
///
/// # Errors
/// [`Verdict::Layout`] where the body is too short to be a notice, or cannot be parsed.
pub fn read_fragment(
    html_body: &str,
    title: &str,
    published: Option<&str>,
    origin: Option<&str>,
    url: &str,
    rules: &ArticleRules,
) -> Result<Article, Fault> {
    let html = budget::parse(html_body).map_err(|f| f.at(url))?;
    let mut body = Place::Element(html.root_element()).read(rules);
    if !suffices(&body) {
        return Err(
            Fault::new(Verdict::Layout, "short_body", "the answer's body is empty").at(url),
        );
    }
    attach::resolve(url, &mut body.attachments);
    Ok(Article {
        url: url.to_owned(),
        title: meta::clean_title(title),
        published: published
            .and_then(meta::date_or_moment)
            .or_else(|| meta::date_in_address(url)),
        source: origin
            .map(str::trim)
            .filter(|o| !o.is_empty())
            .map(str::to_owned),
        found_by: "selector".to_owned(),
        ..article_of(body)
    })
}

fn article_of(body: Body) -> Article {
    Article {
        text: body.text,
        blocks: body.blocks,
        tables: body.tables,
        links: body.links,
        images: body.images,
        attachments: body.attachments,
        ..Article::default()
    }
}

/// Places to try, best first.
fn places<'a>(
    html: &'a Html,
    survey: &Survey<'a>,
    rules: &ArticleRules,
) -> Vec<(Place<'a>, &'static str)> {
    let mut out = Vec::new();
    for selector in &rules.body {
        out.extend(
            html.select(selector)
                .take(4)
                .map(|e| (Place::Element(e), "selector")),
        );
    }
    let own = rules.between.iter().map(|(b, e)| (bare(b), bare(e)));
    for (begin, end) in own.chain(MARKS) {
        out.extend(marked(survey, begin, end).map(|place| (place, "marker")));
    }
    let mut containers: Vec<_> = survey.containers.iter().collect();
    containers.sort_by_key(|(rank, _)| *rank);
    out.extend(
        containers
            .into_iter()
            .take(40)
            .map(|(_, e)| (Place::Element(*e), "selector")),
    );
    out
}

/// A mark without its comment brackets.
fn bare(mark: &str) -> &str {
    let mark = mark.trim();
    mark.strip_prefix("<!--")
        .and_then(|m| m.strip_suffix("-->"))
        .unwrap_or(mark)
        .trim()
}

fn marked<'a>(survey: &Survey<'a>, begin: &str, end: &str) -> Option<Place<'a>> {
    let holds = |node: &NodeRef<'a, Node>, mark: &str| {
        node.value().as_comment().is_some_and(|c| c.trim() == mark)
    };
    let begin = survey.comments.iter().find(|n| holds(n, begin))?;
    match begin.next_siblings().find(|n| holds(n, end)) {
        Some(end) => Some(Place::Marks(*begin, end.id())),
        None => begin
            .parent()
            .and_then(ElementRef::wrap)
            .map(Place::Element),
    }
}

/// Marks that are no comments are looked for in the page as it came.
fn between_raw(raw: &str, rules: &ArticleRules) -> Option<Body> {
    let (begin, end) = rules.between.as_ref()?;
    let (_, rest) = raw.split_once(begin.as_str())?;
    let (inside, _) = rest.split_once(end.as_str())?;
    let html = budget::parse(inside).ok()?;
    let body = Place::Element(html.root_element()).read(rules);
    suffices(&body).then_some(body)
}

fn suffices(body: &Body) -> bool {
    !body.images.is_empty()
        || !body.attachments.is_empty()
        || body.text.chars().filter(|c| !c.is_whitespace()).count() >= SHORTEST
}

/// Files beside the body: after it inside the same article, in scripts, or, where the words speak
/// of 附件 and none is found, anywhere before the next notice's link.
fn files_after(
    nodes: &[NodeRef<'_, Node>],
    survey: &Survey<'_>,
    around: &Around<'_>,
    body: &mut Body,
) {
    let mut level = nodes.last().copied();
    for _ in 0..LEVELS {
        let Some(node) = level.filter(|n| !is_page(*n)) else {
            break;
        };
        for sibling in node.next_siblings() {
            if is_end_of_article(sibling) {
                break;
            }
            attach::below(sibling, &mut body.attachments);
        }
        level = node.parent();
    }
    for script in &survey.scripts {
        attach::in_script(script, &mut body.attachments);
    }
    let _ = around;
}

/// Whether a node is the page itself, above which nothing belongs to the article.
fn is_page(node: NodeRef<'_, Node>) -> bool {
    node.value()
        .as_element()
        .is_none_or(|e| matches!(e.name(), "body" | "html"))
}

/// Footers, side bars: where the article is over.
fn is_end_of_article(node: NodeRef<'_, Node>) -> bool {
    let Some(element) = node.value().as_element() else {
        return false;
    };
    let named = |value: &str| {
        let lower = value.to_ascii_lowercase();
        [
            "foot",
            "copyright",
            "side",
            "related",
            "right",
            "left",
            "recommend",
        ]
        .iter()
        .any(|w| lower.contains(w))
    };
    matches!(element.name(), "footer" | "aside" | "nav")
        || element.attr("class").is_some_and(named)
        || element.attr("id").is_some_and(named)
}

/// Lines outside the body that speak of the office: its name, address, phone.
fn footer(around: &Around<'_>) -> String {
    const WORDS: [&str; 12] = [
        "主办",
        "承办",
        "版权",
        "地址",
        "邮编",
        "邮政编码",
        "电话",
        "ICP备",
        "备案",
        "标识码",
        "技术支持",
        "Copyright",
    ];
    let mut out = String::new();
    for line in around.after.lines().rev().take(60) {
        if WORDS.iter().any(|w| line.contains(w)) && out.len() + line.len() < AROUND {
            out.insert_str(0, &format!("{}\n", line.trim()));
        }
    }
    out.truncate(out.trim_end().len());
    out
}
