//! Files laid over each other, block by block, before any block is read.

use super::fill::unknown;
use super::node::{Node, Table, Value};
use super::report::Report;
use std::collections::BTreeMap;

/// The kinds of block, and the keys by which one is known.
const KINDS: [(&str, &[&str]); 4] = [
    ("exam", &["id"]),
    ("sitting", &["exam", "id"]),
    ("region", &["id"]),
    ("source", &["id"]),
];

/// Most blocks of one kind in a file: a bound on the work, many times what the country has.
const MOST_BLOCKS: usize = 1000;

/// Blocks of one kind in the order of the files.
#[derive(Default)]
pub(super) struct Blocks {
    nodes: BTreeMap<&'static str, Vec<Node>>,
    places: BTreeMap<(&'static str, String), usize>,
}

impl Blocks {
    /// Takes a file's blocks in, over those that are there.
    pub(super) fn lay(&mut self, mut root: Node, report: &mut Report<'_>) {
        if !format_is_known(&root, report) {
            return;
        }
        let Value::Table(tables) = &mut root.value else {
            return;
        };
        let known: Vec<String> = std::iter::once("format")
            .chain(KINDS.map(|k| k.0))
            .map(String::from)
            .collect();
        unknown(tables, &known, "the file", report);
        for (kind, keys) in KINDS {
            let Some(entry) = tables.remove(kind) else {
                continue;
            };
            let Value::List(items) = entry.node.value else {
                let why = format!("`{kind}` must be written [[{kind}]]");
                report.add(entry.node.file, entry.key, why, "");
                continue;
            };
            if items.len() > MOST_BLOCKS {
                let why = format!("more than {MOST_BLOCKS} [[{kind}]]");
                report.add(entry.node.file, entry.key, why, "");
                continue;
            }
            let mut seen = BTreeMap::new();
            for item in items {
                self.lay_block(kind, keys, item, &mut seen, report);
            }
        }
    }

    fn lay_block(
        &mut self,
        kind: &'static str,
        keys: &[&str],
        item: Node,
        seen: &mut BTreeMap<String, usize>,
        report: &mut Report<'_>,
    ) {
        let mut id = String::new();
        for key in keys {
            let Some(word) = item.get(key).and_then(Node::text).filter(|w| is_id(w)) else {
                let at = item.get(key).unwrap_or(&item);
                let why = format!("[[{kind}]] needs `{key}`: letters, digits and `-`");
                report.add(at.file, at.span.clone(), why, "");
                return;
            };
            id = if id.is_empty() {
                word.to_owned()
            } else {
                format!("{id} {word}")
            };
        }
        let at = item.get("id").map_or(item.span.clone(), |n| n.span.clone());
        if let Some(first) = seen.insert(id.clone(), at.start) {
            let line = report.line(item.file, first);
            let why = format!("[[{kind}]] `{id}` stands twice");
            report.add(item.file, at, why, format!("first in line {line}"));
            return;
        }
        let nodes = self.nodes.entry(kind).or_default();
        match self
            .places
            .get(&(kind, id.clone()))
            .and_then(|n| nodes.get_mut(*n))
        {
            Some(old) => old.overlay(item),
            None => {
                self.places.insert((kind, id), nodes.len());
                nodes.push(item);
            }
        }
    }

    /// The blocks of a kind.
    pub(super) fn tables(&self, kind: &str) -> impl Iterator<Item = (&Node, &Table)> {
        let nodes = self.nodes.get(kind).map_or(&[][..], Vec::as_slice);
        nodes.iter().filter_map(|n| Some((n, n.table()?)))
    }
}

fn format_is_known(root: &Node, report: &mut Report<'_>) -> bool {
    match root.get("format").map(|n| (&n.value, n.span.clone())) {
        Some((Value::Int(Some(1)), _)) => return true,
        Some((_, span)) => report.add(root.file, span, "this version reads `format = 1` only", ""),
        None => report.add(root.file, 0..0, "the file must say `format = 1`", ""),
    }
    false
}

fn is_id(word: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    !word.is_empty() && word.len() <= 40 && word.bytes().all(fits) && !word.starts_with('-')
}
