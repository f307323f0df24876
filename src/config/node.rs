//! A TOML file as a tree in which every value knows its file and its place, so that two files can
//! be laid over each other and an error still points at the right line.

use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Index of its file in the report.
    pub(super) file: usize,
    /// Bytes of the file; for a table its header.
    pub(super) span: Range<usize>,
    /// The value itself.
    pub(super) value: Value,
}

/// The kinds of TOML value.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// A string, or a date as it is written.
    Text(String),
    /// A whole number; None where it does not fit 64 bits.
    Int(Option<i64>),
    /// A number.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
    /// An array.
    List(Vec<Node>),
    /// A table.
    Table(Table),
}

/// Keys in order of the alphabet; reports are sorted by place.
pub(super) type Table = BTreeMap<String, Entry>;

/// A key's place and its value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Bytes of the key in the value's file.
    pub(super) key: Range<usize>,
    /// The value.
    pub(super) node: Node,
}

impl Node {
    /// The tree of a parsed file.
    pub(super) fn root(file: usize, tree: &Spanned<DeTable<'_>>) -> Node {
        Node {
            file,
            span: tree.span(),
            value: Value::Table(table(file, tree.get_ref())),
        }
    }

    /// The keys where it is a table.
    pub(super) fn table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The value of a key where it is a table that has it.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.table()?.get(key).map(|e| &e.node)
    }

    /// The elements where it is an array, else the value alone.
    pub(super) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    /// The words where it is a string.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Lays another value over this one: tables key by key, everything else as a whole.
    pub(super) fn overlay(&mut self, over: Node) {
        match (&mut self.value, over.value) {
            (Value::Table(mine), Value::Table(theirs)) => {
                for (name, entry) in theirs {
                    match mine.get_mut(&name) {
                        Some(old) => {
                            if !matches!(old.node.value, Value::Table(_)) {
                                old.key = entry.key;
                            }
                            old.node.overlay(entry.node);
                        }
                        None => {
                            mine.insert(name, entry);
                        }
                    }
                }
            }
            (mine, theirs) => {
                *mine = theirs;
                self.file = over.file;
                self.span = over.span;
            }
        }
    }

    /// The value for serde; None where a number cannot be told in JSON (`nan`, beyond 64 bits).
    pub(super) fn json(&self) -> Option<serde_json::Value> {
        use serde_json::Value as Json;
        Some(match &self.value {
            Value::Text(text) => Json::String(text.clone()),
            Value::Int(n) => Json::from((*n)?),
            Value::Float(x) => Json::Number(serde_json::Number::from_f64(*x)?),
            Value::Bool(b) => Json::Bool(*b),
            Value::List(items) => Json::Array(items.iter().map(Node::json).collect::<Option<_>>()?),
            Value::Table(table) => Json::Object(
                table
                    .iter()
                    .map(|(k, e)| Some((k.clone(), e.node.json()?)))
                    .collect::<Option<_>>()?,
            ),
        })
    }
}

fn table(file: usize, tree: &DeTable<'_>) -> Table {
    tree.iter()
        .map(|(key, value)| {
            let entry = Entry {
                key: key.span(),
                node: node(file, value),
            };
            (key.get_ref().to_string(), entry)
        })
        .collect()
}

fn node(file: usize, value: &Spanned<DeValue<'_>>) -> Node {
    Node {
        file,
        span: value.span(),
        value: match value.get_ref() {
            DeValue::String(s) => Value::Text(s.to_string()),
            DeValue::Datetime(d) => Value::Text(d.to_string()),
            DeValue::Integer(n) => Value::Int(i64::from_str_radix(n.as_str(), n.radix()).ok()),
            DeValue::Float(x) => Value::Float(x.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(b) => Value::Bool(*b),
            DeValue::Array(items) => Value::List(items.iter().map(|v| node(file, v)).collect()),
            DeValue::Table(inner) => Value::Table(table(file, inner)),
        },
    }
}
