//! The body by guess: where the most running text stands that is no link.
//!
//! A paragraph's words speak for the element that holds the paragraphs; a cell or container with
//! its lines set by `<br>` speaks for itself. Footers, menus and link lists are left out, for the
//! footer of a short notice is longer than the notice.

use super::markup;
use ego_tree::{NodeId, NodeRef};
use scraper::node::Element;
use scraper::{ElementRef, Html, Node};
use std::collections::HashMap;

/// Shortest run of text that counts as running text, in characters.
const RUN: usize = 8;

/// The densest block of the page; None where the page has no running text.
pub(crate) fn densest(html: &Html) -> Option<ElementRef<'_>> {
    let mut scores: HashMap<NodeId, usize> = HashMap::new();
    let mut order: Vec<NodeId> = Vec::new();
    visit(html.tree.root(), &mut scores, &mut order);
    let mut best: Option<(usize, NodeId)> = None;
    // First of equals, in page order: the answer must not depend on the map's order.
    for id in order {
        let score = scores.get(&id).copied().unwrap_or(0);
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, id));
        }
    }
    best.and_then(|(_, id)| html.tree.get(id))
        .and_then(ElementRef::wrap)
}

fn visit(node: NodeRef<'_, Node>, scores: &mut HashMap<NodeId, usize>, order: &mut Vec<NodeId>) {
    if let Some(element) = node.value().as_element() {
        let name = element.name();
        if markup::is_skipped(name)
            || name == "a"
            || markup::is_frame(element)
            || markup::is_hidden(element)
        {
            return;
        }
        if is_holder(name) {
            let own = own_run(node);
            if own >= RUN {
                let holder = credited(node);
                let score = scores.entry(holder).or_insert_with(|| {
                    order.push(holder);
                    0
                });
                *score += own;
            }
        }
    }
    for child in node.children() {
        visit(child, scores, order);
    }
}

/// Elements that can hold a line of running text.
fn is_holder(name: &str) -> bool {
    markup::is_block(name) || matches!(name, "span" | "font")
}

/// Characters of the text that stands in this block and in no block below it, links left out.
fn own_run(node: NodeRef<'_, Node>) -> usize {
    let mut sum = 0;
    let inline = node
        .value()
        .as_element()
        .is_some_and(|e| !markup::is_block(e.name()));
    if inline {
        // An inline element counts with its block, unless it holds blocks itself (`<span><p>`).
        return 0;
    }
    for child in node.children() {
        sum += inline_run(child);
    }
    sum
}

fn inline_run(node: NodeRef<'_, Node>) -> usize {
    match node.value() {
        Node::Text(t) => {
            let words = t.trim();
            let frame = ["版权所有", "ICP备", "主办单位", "网站标识码", "技术支持"];
            if frame.iter().any(|w| words.contains(w)) {
                return 0;
            }
            words.chars().filter(|c| !c.is_whitespace()).count()
        }
        Node::Element(e)
            if markup::is_block(e.name()) || e.name() == "a" || markup::is_skipped(e.name()) =>
        {
            0
        }
        Node::Element(_) => node.children().map(inline_run).sum(),
        _ => 0,
    }
}

/// Which element a line speaks for: the parent of a paragraph; a cell or a container whose lines
/// are set by `<br>` itself.
fn credited(node: NodeRef<'_, Node>) -> NodeId {
    let broken = has_breaks(node);
    let name = node.value().as_element().map_or("", Element::name);
    let itself = matches!(
        name,
        "td" | "th" | "body" | "section" | "article" | "main" | "form"
    ) || (broken && name != "p")
        || node.children().any(|c| {
            c.value()
                .as_element()
                .is_some_and(|e| markup::is_block(e.name()))
        });
    if itself {
        return node.id();
    }
    node.parent()
        .filter(|p| p.value().is_element())
        .map_or(node.id(), |p| p.id())
}

fn has_breaks(node: NodeRef<'_, Node>) -> bool {
    let is_break = |n: NodeRef<'_, Node>| n.value().as_element().is_some_and(|e| e.name() == "br");
    node.children()
        .any(|c| is_break(c) || c.children().any(is_break))
}
