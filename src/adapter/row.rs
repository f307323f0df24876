//! One row of a list, from its markup to a draft of an entry.

use super::address;
use super::pattern::selector;
use super::rules::ListRules;
use super::{list_dates as dates, list_title as title};
use ego_tree::{NodeId, NodeRef, iter::Edge};
use regex::Captures;
use scraper::{ElementRef, Node, Selector};
use std::collections::HashSet;
use std::sync::LazyLock;

/// What a row says, addresses not yet resolved.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// Address as in the page, or as built; None where the row leads nowhere.
    pub href: Option<String>,
    /// The full wording that the row keeps in a `title` attribute; empty where it has none.
    pub attribute: String,
    /// The visible words of the title.
    pub visible: String,
    /// Cells with the date, day before year where it is split.
    pub dates: Vec<String>,
}

/// What became of a row.
#[derive(Debug)]
pub(super) enum Row {
    /// A notice.
    Draft(Draft),
    /// A spacer, a separator or a row that the block excludes.
    Skipped,
    /// A row that a script fills: `<li v-for…>`.
    Template,
}

static ANY_LINK: LazyLock<Selector> = LazyLock::new(|| {
    selector("a[href], a[onclick], a[data-href], [onclick], [data-href], [data-url]")
});

const TEMPLATE_MARKS: [&str; 8] = [
    "ms-repeat",
    "ms-for",
    "ms-attr-href",
    "v-for",
    "ng-repeat",
    ":href",
    "v-bind:href",
    "v-if",
];

/// Whether an element is a client-side template, by its own or its links' attributes or its words.
fn is_template(row: ElementRef<'_>) -> bool {
    let marked = |e: &scraper::node::Element| TEMPLATE_MARKS.iter().any(|m| e.attr(m).is_some());
    row.descendants().any(|n| match n.value() {
        Node::Element(e) => {
            marked(e)
                || e.attr("href")
                    .is_some_and(|h| h.contains("{{") || h.contains("${"))
        }
        Node::Text(t) => t.contains("{{") || t.contains("<%="),
        _ => false,
    })
}

fn is_code(node: NodeRef<'_, Node>) -> bool {
    matches!(node.value(), Node::Element(e) if matches!(e.name(), "script" | "style" | "template"))
}

/// The words below an element, without scripts and without the nodes in `drop`.
fn words(of: ElementRef<'_>, drop: &HashSet<NodeId>) -> String {
    let mut out = String::new();
    let mut muted = 0usize;
    for edge in of.traverse() {
        match edge {
            Edge::Open(node) => {
                if is_code(node) || drop.contains(&node.id()) {
                    muted += 1;
                } else if muted == 0 {
                    match node.value() {
                        Node::Text(t) => out.push_str(t),
                        Node::Element(e)
                            if matches!(e.name(), "br" | "p" | "div" | "td" | "li") =>
                        {
                            out.push(' ');
                        }
                        _ => {}
                    }
                }
            }
            Edge::Close(node) => {
                if is_code(node) || drop.contains(&node.id()) {
                    muted = muted.saturating_sub(1);
                }
            }
        }
    }
    title::collapse(&out)
}

/// The cells that hold the date, and the nodes that are therefore no title.
fn date_cells(row: ElementRef<'_>, rules: &ListRules) -> (Vec<String>, HashSet<NodeId>) {
    let none = HashSet::new();
    let mut drop = HashSet::new();
    let mut cells = Vec::new();
    for selector in &rules.date {
        if let Some(cell) = row.select(selector).find(|c| !words(*c, &none).is_empty()) {
            cells.push(words(cell, &none));
            drop.insert(cell.id());
        }
    }
    if rules.date.is_empty() {
        for node in row.descendants() {
            if let Node::Text(t) = node.value()
                && dates::is_whole(t)
            {
                if cells.is_empty() {
                    cells.push(title::collapse(t));
                }
                drop.insert(node.id());
            }
        }
    }
    (cells, drop)
}

/// `{1}` or `{name}` in a template, filled; None where a value is missing or empty.
pub(super) fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}')?;
        out.push_str(before);
        out.push_str(&value(name).filter(|v| !v.is_empty())?);
        rest = tail;
    }
    out.push_str(rest);
    Some(out)
}

fn captured(template: &str, found: &Captures<'_>) -> Option<String> {
    fill(template, |name| {
        let group = match name.parse::<usize>() {
            Ok(n) => found.get(n),
            Err(_) => found.name(name),
        };
        group.map(|m| m.as_str().to_owned())
    })
}

/// Whether an `href` is an address at all.
fn leads(href: &str) -> bool {
    let href = href.trim();
    let scheme = href.split(':').next().unwrap_or("").to_ascii_lowercase();
    let nowhere = ["javascript", "vbscript", "mailto", "tel", "data", "about"];
    let mark = href.starts_with('#') && !href.starts_with("#/");
    let call = href.contains(':') && nowhere.contains(&scheme.as_str());
    !(href.is_empty() || mark || call)
}

/// The address behind a link: by the block's pattern over `href` and `onclick`, else its `href`,
/// else a `data-` address.
fn address_of(link: ElementRef<'_>, rules: &ListRules) -> Option<String> {
    let e = link.value();
    if let (Some(pattern), Some(template)) = (&rules.link_pattern, &rules.address) {
        return ["onclick", "href", "data-href", "data-url"]
            .into_iter()
            .filter_map(|name| e.attr(name))
            .find_map(|text| captured(template, &pattern.captures(text)?));
    }
    ["href", "data-href", "data-url"]
        .into_iter()
        .filter_map(|name| e.attr(name))
        .find(|href| leads(href))
        .map(|href| href.trim().replace('\\', "/"))
}

/// The row's link and its address. With no selector of its own, a row of several links (a column
/// label before the title) is represented by the one that looks most like a notice's.
fn best_link<'a>(
    row: ElementRef<'a>,
    rules: &ListRules,
    base: &str,
) -> (Option<ElementRef<'a>>, Option<String>) {
    let selector = rules.link.as_ref().unwrap_or(&ANY_LINK);
    let own = selector.matches(&row).then_some(row);
    let links = own.into_iter().chain(row.select(selector));
    let with_address = links.filter_map(|link| Some((link, address_of(link, rules)?)));
    if rules.link.is_some() {
        let mut with_address = with_address;
        return match with_address.next() {
            Some((link, href)) => (Some(link), Some(href)),
            None => (row.select(selector).next(), None),
        };
    }
    let none = HashSet::new();
    let rank = |link: ElementRef<'_>, href: &str| {
        let known = rules.key.as_ref().is_some_and(|key| {
            address::join(base, href).is_some_and(|url| key.is_match(url.as_str()))
        });
        let titled = link
            .value()
            .attr("title")
            .is_some_and(|t| !t.trim().is_empty());
        (known, titled, words(link, &none).chars().count())
    };
    // The first of equals, as `max_by_key` would give the last.
    let mut best: Option<((bool, bool, usize), ElementRef<'a>, String)> = None;
    for (link, href) in with_address {
        let this = rank(link, &href);
        if best.as_ref().is_none_or(|(that, ..)| this > *that) {
            best = Some((this, link, href));
        }
    }
    match best {
        Some((_, link, href)) => (Some(link), Some(href)),
        None => (row.select(selector).next(), None),
    }
}

fn attr<'a>(element: Option<ElementRef<'a>>, name: &str) -> &'a str {
    element
        .and_then(|e| e.value().attr(name))
        .unwrap_or("")
        .trim()
}

/// Reads one row. `base` is the address that its links lean on.
pub(super) fn read(row: ElementRef<'_>, rules: &ListRules, base: &str) -> Row {
    if rules.skip.as_ref().is_some_and(|s| s.matches(&row)) {
        return Row::Skipped;
    }
    if is_template(row) {
        return Row::Template;
    }
    let (mut cells, drop) = date_cells(row, rules);
    let (link, href) = best_link(row, rules, base);
    let words_at = match &rules.title {
        Some(selector) => row.select(selector).next(),
        None => link,
    };
    let visible = words_at.map(|e| words(e, &drop)).unwrap_or_default();
    let attribute = [
        attr(words_at, "title"),
        attr(link, "title"),
        attr(Some(row), "title"),
    ]
    .into_iter()
    .find(|t| !t.is_empty())
    .unwrap_or("")
    .to_owned();
    if rules.date.is_empty() && cells.is_empty() {
        // A date inside a longer cell. Without its year it would be any two numbers (第1/2期).
        let mut beside = drop;
        beside.extend(link.map(|l| l.id()));
        beside.extend(words_at.map(|e| e.id()));
        let rest = words(row, &beside);
        if dates::has_full(&rest) {
            cells.push(rest);
        } else if let Some((_, day)) = dates::tail(&visible) {
            cells.push(day.to_string());
        }
    }
    if href.is_none() && visible.is_empty() && attribute.is_empty() {
        return Row::Skipped;
    }
    Row::Draft(Draft {
        href,
        attribute,
        visible,
        dates: cells,
    })
}
