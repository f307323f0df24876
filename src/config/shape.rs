//! What must hold inside a `[[source]]`: addresses, hosts, selectors, expressions, closed words.

use super::fill::nearest;
use super::node::Node;
use super::report::{Report, show};
use crate::model::source::Pager;
use crate::model::{Kind, Source};
use regex::RegexBuilder;
use scraper::Selector;
use url::Url;

/// Longest address, selector or expression.
const LONGEST: usize = 2000;

/// Most bytes of a compiled expression: far more than any address needs, far less than hurts.
const COMPILED: usize = 1 << 19;

/// Keys whose values are CSS selectors.
const SELECTORS: [&str; 10] = [
    "entry",
    "link",
    "title",
    "date",
    "skip",
    "body",
    "heading",
    "published",
    "origin",
    "drop",
];

/// Keys whose values are regular expressions.
pub(super) const EXPRESSIONS: [&str; 2] = ["link_pattern", "key"];

/// How rows come.
const ROWS: [&str; 4] = ["html", "datastore", "json", "script"];

/// Checks a source's block and completes its hosts.
pub(super) fn check(node: &Node, source: &mut Source, report: &mut Report<'_>) {
    for key in SELECTORS {
        for item in node.get(key).map_or(&[][..], Node::items) {
            selector(item, key, report);
        }
    }
    for key in EXPRESSIONS {
        if let Some(item) = node.get(key) {
            expression(item, key, report);
        }
    }
    word(node.get("rows"), "rows", &ROWS, report);
    word(
        node.get("pager").and_then(|n| n.get("style")),
        "pager style",
        &Pager::STYLES,
        report,
    );
    if let Some(item) = node.get("between")
        && !matches!(source.shape.between.len(), 0 | 2)
    {
        bad(item, "`between` holds two marks", report);
    }
    if let Some(pause) = node.get("http").and_then(|n| n.get("pause"))
        && !source
            .http
            .pause
            .is_some_and(|p| (0.0..=3600.0).contains(&p))
    {
        bad(pause, "`pause` lies between 0 and 3600 seconds", report);
    }
    addresses(node, source, report);
}

fn addresses(node: &Node, source: &mut Source, report: &mut Report<'_>) {
    let http = node.get("http");
    for list in [
        node.get("hosts"),
        node.get("retired"),
        http.and_then(|n| n.get("also")),
    ] {
        hosts(list, report);
    }
    if let Some(home) = node.get("home") {
        address(home, "home", report);
    }
    if let Some(referer) = http.and_then(|n| n.get("referer"))
        && referer.text() != Some("list")
    {
        address(referer, "referer", report);
    }
    let Some(list) = node.get("list").filter(|n| n.text() != Some("")) else {
        if source.kind != Kind::Manual {
            let why = "[[source]] lacks `list`; only `kind = \"manual\"` goes without an address";
            bad(node, why, report);
        }
        return;
    };
    let Some(host) = address(list, "list", report) else {
        return;
    };
    if source.hosts.is_empty() {
        source.hosts.push(host);
    } else if !source.hosts.contains(&host) {
        let why = format!(
            "`list`: the host {} is not among `hosts` of {}",
            show(&host),
            source.id
        );
        bad(list, &why, report);
    }
    for item in node.get("retired").map_or(&[][..], Node::items) {
        if item
            .text()
            .is_some_and(|t| source.hosts.iter().any(|h| h == t))
        {
            bad(item, "a host is either among `hosts` or `retired`", report);
        }
    }
}

/// Checks an address; its host where it holds.
fn address(node: &Node, key: &str, report: &mut Report<'_>) -> Option<String> {
    let text = node.text()?;
    let why = match Url::parse(text) {
        _ if text.len() > LONGEST => "is too long".to_owned(),
        Err(error) => format!("is no address: {error}"),
        Ok(url) if !matches!(url.scheme(), "http" | "https") => {
            "must begin with https:// or http://".to_owned()
        }
        Ok(url) if !url.username().is_empty() || url.password().is_some() => {
            "must not hold a user name".to_owned()
        }
        Ok(url) => match url.host_str() {
            Some(host) => return Some(host.to_owned()),
            None => "is no address: no host".to_owned(),
        },
    };
    bad(node, &format!("`{key}` {why}"), report);
    None
}

/// Checks that every item is a bare host name in the form that addresses are compared in.
pub(super) fn hosts(list: Option<&Node>, report: &mut Report<'_>) {
    for item in list.map_or(&[][..], Node::items) {
        let Some(text) = item.text() else { continue };
        let parsed = Url::parse(&format!("https://{text}/")).ok();
        let host = parsed.as_ref().and_then(Url::host_str);
        if host != Some(text) {
            let hint = match host {
                Some(host) if text.len() < LONGEST => format!("write {}", show(host)),
                _ => String::new(),
            };
            let why = format!("`{}` is no bare host name", show(text));
            report.add(item.file, item.span.clone(), why, hint);
        }
    }
}

fn selector(node: &Node, key: &str, report: &mut Report<'_>) {
    let Some(text) = node.text() else { return };
    if text.len() > LONGEST {
        bad(node, &format!("`{key}` is too long for a selector"), report);
    } else if let Err(error) = Selector::parse(text) {
        let (why, hint) = selector_fault(&error.to_string(), text);
        let message = format!("`{key}` is no CSS selector: {why}");
        report.add(node.file, node.span.clone(), message, hint);
    }
}

/// The parser's words, which speak to its developer, as words for the file's author.
fn selector_fault(error: &str, text: &str) -> (&'static str, &'static str) {
    let digit = text
        .split(['#', '.'])
        .skip(1)
        .any(|s| s.starts_with(|c: char| c.is_ascii_digit()));
    match error.lines().last().unwrap_or("") {
        _ if digit => (
            "a name begins with a digit",
            "write [id='123'] or [class~='1a']",
        ),
        "UnsupportedPseudoClassOrElement" => ("an unknown word after `:`", ""),
        "DanglingCombinator" | "Unexpected EOL" => ("it ends too early", ""),
        "EmptySelector" => ("a part of it is empty", ""),
        "ClassNeedsIdent" => ("a name must follow the dot", ""),
        _ => ("it holds a sign that does not belong there", ""),
    }
}

fn expression(node: &Node, key: &str, report: &mut Report<'_>) {
    let Some(text) = node.text() else { return };
    if text.len() > LONGEST {
        bad(
            node,
            &format!("`{key}` is too long for an expression"),
            report,
        );
        return;
    }
    if let Err(error) = RegexBuilder::new(text).size_limit(COMPILED).build() {
        // The engine draws its own caret over several lines; its last line is the reason.
        let why = error.to_string();
        let last = why
            .lines()
            .last()
            .unwrap_or("")
            .trim_start_matches("error: ");
        bad(
            node,
            &format!("`{key}` is no regular expression: {last}"),
            report,
        );
    }
}

fn word(node: Option<&Node>, what: &str, known: &[&str], report: &mut Report<'_>) {
    let Some((node, text)) = node.and_then(|n| Some((n, n.text()?))) else {
        return;
    };
    if !known.contains(&text) {
        let near = nearest(text, known.iter().copied());
        let hint = near.map_or(known.join(", "), |n| format!("did you mean `{n}`?"));
        let why = format!("unknown {what} `{}`", show(text));
        report.add(node.file, node.span.clone(), why, hint);
    }
}

fn bad(node: &Node, why: &str, report: &mut Report<'_>) {
    report.add(node.file, node.span.clone(), why, "");
}
