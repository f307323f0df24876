//! Where a body may stand in a page.

use super::article::ArticleRules;
use super::body::Body;
use super::survey::Survey;
use super::text::Walk;
use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Html, Node};

/// Comment marks that content systems put around a body: beginning, end.
const MARKS: [(&str, &str); 3] = [
    ("ZJEG_RSS.content.begin", "ZJEG_RSS.content.end"),
    ("<$[信息内容]>begin", "<$[信息内容]>end"),
    ("信息内容begin", "信息内容end"),
];

/// Where a body stands.
pub(crate) enum Place<'a> {
    Element(ElementRef<'a>),
    /// Between two comments that are siblings.
    Marks(NodeRef<'a, Node>, NodeId),
}

impl<'a> Place<'a> {
    pub(crate) fn read(&self, rules: &ArticleRules) -> Body {
        let walk = Walk::new(&rules.drop);
        match self {
            Place::Element(element) => walk.element(*element),
            Place::Marks(begin, end) => walk.between(*begin, *end),
        }
    }

    /// The topmost nodes of the body.
    pub(crate) fn nodes(&self) -> Vec<NodeRef<'a, Node>> {
        match self {
            Place::Element(element) => vec![**element],
            Place::Marks(begin, end) => begin
                .next_siblings()
                .take_while(|n| n.id() != *end)
                .collect(),
        }
    }
}

/// Places to try, best first; each is looked for when those before it did not do.
pub(crate) fn places<'a>(
    html: &'a Html,
    survey: &Survey<'a>,
    rules: &ArticleRules,
) -> impl Iterator<Item = (Place<'a>, &'static str)> {
    let shaped = rules.body.iter().flat_map(|s| html.select(s).take(4));
    let own = rules.between.iter().map(|(b, e)| (bare(b), bare(e)));
    let marks = own.chain(MARKS);
    let marks = marks.filter_map(|(begin, end)| marked(survey, begin, end));
    let usual = || {
        let mut containers: Vec<_> = survey.containers.iter().collect();
        containers.sort_by_key(|(rank, _)| *rank);
        containers.into_iter().take(40).map(|(_, e)| *e)
    };
    let usual = std::iter::once_with(usual).flatten();
    shaped
        .map(|e| (Place::Element(e), "selector"))
        .chain(marks.map(|place| (place, "marker")))
        .chain(usual.map(|e| (Place::Element(e), "selector")))
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
