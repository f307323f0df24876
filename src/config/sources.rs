//! `sources.toml` and a user's overlay to a [`Catalog`].

use super::fill::{fill, names, nearest, unknown};
use super::node::{Node, Table, Value};
use super::report::{ConfigError, Report, show};
use super::{parse, shape};
use crate::model::source::{Basis, Confidence, Http, JsonShape, Lag, NATIONAL, Pager};
use crate::model::{Catalog, Exam, Kind, Region, Shape, Sitting, Source};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Reads the built-in catalog and lays a user's file over it, block by block and key by key.
/// `families` are the family names that a block may use beside `auto`.
///
/// # Errors
/// Every key, address, selector and expression that does not hold, with its place.
pub fn load_catalog(
    builtin: &str,
    overlay: Option<(&Path, &str)>,
    families: &[String],
) -> Result<Catalog, ConfigError> {
    let over_name = overlay.map(|(path, _)| path.display().to_string());
    let mut report = Report::new();
    let mut blocks = Blocks::default();
    if let Some(root) = parse("sources.toml", builtin, &mut report)? {
        blocks.lay(root, &mut report);
    }
    if let (Some((_, text)), Some(name)) = (overlay, &over_name)
        && let Some(root) = parse(name, text, &mut report)?
    {
        blocks.lay(root, &mut report);
    }
    // A file that does not parse leaves gaps, whose consequences would only hide the cause.
    if !report.is_clean() {
        report.finish()?;
        return Ok(Catalog::default());
    }
    let catalog = blocks.catalog(families, &mut report);
    report.finish()?;
    Ok(catalog)
}

/// The kinds of block, and the keys by which one is known.
const KINDS: [(&str, &[&str]); 4] = [
    ("exam", &["id"]),
    ("sitting", &["exam", "id"]),
    ("region", &["id"]),
    ("source", &["id"]),
];

/// Most blocks of one kind in a file: a bound on the work, many times what the country has.
const MOST_BLOCKS: usize = 1000;

/// Most regular expressions in all blocks; each may cost milliseconds to compile.
const MOST_EXPRESSIONS: usize = 200;

/// Blocks of one kind in the order of the files.
#[derive(Default)]
struct Blocks {
    nodes: BTreeMap<&'static str, Vec<Node>>,
    places: BTreeMap<(&'static str, String), usize>,
}

impl Blocks {
    /// Takes a file's blocks in, over those that are there.
    fn lay(&mut self, mut root: Node, report: &mut Report<'_>) {
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

    fn tables(&self, kind: &str) -> impl Iterator<Item = (&Node, &Table)> {
        let nodes = self.nodes.get(kind).map_or(&[][..], Vec::as_slice);
        nodes.iter().filter_map(|n| Some((n, n.table()?)))
    }

    fn catalog(&self, families: &[String], report: &mut Report<'_>) -> Catalog {
        let mut catalog = Catalog {
            exams: self
                .tables("exam")
                .map(|(n, t)| exam(n, t, report))
                .collect(),
            sittings: self
                .tables("sitting")
                .map(|(n, t)| sitting(n, t, report))
                .collect(),
            regions: self
                .tables("region")
                .map(|(n, t)| region(n, t, report))
                .collect(),
            sources: Vec::new(),
        };
        let is_expression =
            |(_, t): &(&Node, &Table)| shape::EXPRESSIONS.iter().any(|k| t.contains_key(*k));
        if let Some((node, _)) = self
            .tables("source")
            .filter(is_expression)
            .nth(MOST_EXPRESSIONS)
        {
            let why = format!("more than {MOST_EXPRESSIONS} sources with expressions");
            report.add(node.file, node.span.clone(), why, "");
            return catalog;
        }
        let sources: Vec<Source> = self
            .tables("source")
            .map(|(n, t)| source(n, t, &catalog, families, report))
            .collect();
        catalog.sources = sources;
        self.references(&catalog, report);
        serve(&mut catalog);
        catalog
    }

    /// Ids that name nothing.
    fn references(&self, catalog: &Catalog, report: &mut Report<'_>) {
        let exams: BTreeSet<&str> = catalog.exams.iter().map(|e| e.id.as_str()).collect();
        let regions: BTreeSet<&str> = catalog.regions.iter().map(|r| r.id.as_str()).collect();
        let sources: BTreeSet<&str> = catalog.sources.iter().map(|s| s.id.as_str()).collect();
        for (kind, key, what, known) in [
            ("sitting", "exam", "exam", &exams),
            ("sitting", "not_held", "region", &regions),
            ("region", "parent", "region", &regions),
            ("region", "served_by", "source", &sources),
            ("source", "exams", "exam", &exams),
        ] {
            for (node, _) in self.tables(kind) {
                for word in node.get(key).map_or(&[][..], Node::items) {
                    if let Some(text) = word.text()
                        && !known.contains(text)
                    {
                        nothing(word, what, text, known.iter().copied(), report);
                    }
                }
            }
        }
    }
}

/// Reports a word that names nothing, with the nearest that does.
fn nothing<'w>(
    node: &Node,
    what: &str,
    word: &str,
    known: impl Iterator<Item = &'w str>,
    report: &mut Report<'_>,
) {
    let near = nearest(word, known).map_or(String::new(), |n| format!("did you mean `{n}`?"));
    let why = format!("unknown {what} `{}`", show(word));
    report.add(node.file, node.span.clone(), why, near);
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

/// Reports required keys that a block lacks.
fn lacks(node: &Node, what: &str, required: &[&str], report: &mut Report<'_>) {
    for key in required {
        if !node.get(key).is_some_and(|n| n.text() != Some("")) {
            report.add(
                node.file,
                node.span.clone(),
                format!("{what} lacks `{key}`"),
                "",
            );
        }
    }
}

fn exam(node: &Node, table: &Table, report: &mut Report<'_>) -> Exam {
    let template = Exam {
        id: String::new(),
        name: String::new(),
        aliases: Vec::new(),
        qualifications: Vec::new(),
    };
    lacks(node, "[[exam]]", &["name"], report);
    unknown(table, &names(&template), "[[exam]]", report);
    fill(table, template, &[], report)
}

fn sitting(node: &Node, table: &Table, report: &mut Report<'_>) -> Sitting {
    let template = Sitting {
        exam: String::new(),
        id: String::new(),
        first: jiff::civil::Date::ZERO,
        last: None,
        basis: String::new(),
        not_held: Vec::new(),
    };
    lacks(node, "[[sitting]]", &["first", "basis"], report);
    unknown(table, &names(&template), "[[sitting]]", report);
    let sitting = fill(table, template, &[], report);
    if let (Some(last), Some(at)) = (sitting.last, node.get("last"))
        && last < sitting.first
    {
        report.add(at.file, at.span.clone(), "`last` lies before `first`", "");
    }
    sitting
}

fn region(node: &Node, table: &Table, report: &mut Report<'_>) -> Region {
    let template = Region {
        id: String::new(),
        code: String::new(),
        name: String::new(),
        full: String::new(),
        pinyin: String::new(),
        aliases: Vec::new(),
        domains: Vec::new(),
        parent: None,
        tier: None,
        lags: Vec::new(),
        served_by: Vec::new(),
        by_city: false,
    };
    lacks(
        node,
        "[[region]]",
        &["code", "name", "full", "pinyin"],
        report,
    );
    unknown(table, &names(&template), "[[region]]", report);
    let mut region = fill(table, template, &["lags"], report);
    region.lags = node
        .get("lags")
        .map_or(&[][..], Node::items)
        .iter()
        .map(|n| lag(n, report))
        .collect();
    if let Some(at) = node
        .get("tier")
        .filter(|_| !matches!(region.tier, None | Some(1..=3)))
    {
        report.add(at.file, at.span.clone(), "`tier` is 1, 2 or 3", "");
    }
    shape::hosts(node.get("domains"), report);
    region
}

fn lag(node: &Node, report: &mut Report<'_>) -> Lag {
    let template = Lag {
        sitting: String::new(),
        days: 0,
        basis: String::new(),
    };
    let Some(table) = node.table() else {
        report.add(node.file, node.span.clone(), "a lag is a table", "");
        return template;
    };
    lacks(node, "a lag", &["sitting", "days", "basis"], report);
    unknown(table, &names(&template), "a lag", report);
    fill(table, template, &[], report)
}

/// The keys of a `[[source]]` that do not describe its pages.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Head {
    id: String,
    region: String,
    city: Option<String>,
    name: String,
    kind: Kind,
    list: String,
    basis: Basis,
    confidence: Confidence,
    family: String,
    exams: Vec<String>,
    home: Option<String>,
    hosts: Vec<String>,
    retired: Vec<String>,
    wechat: Vec<String>,
    phone: Option<String>,
    note: Option<String>,
}

fn source(
    node: &Node,
    table: &Table,
    catalog: &Catalog,
    families: &[String],
    report: &mut Report<'_>,
) -> Source {
    let mut known = names(&Head::default());
    known.extend(names(&Shape::default()));
    known.push("http".into());
    unknown(table, &known, "[[source]]", report);
    lacks(node, "[[source]]", &["region", "name"], report);
    let head = fill(table, Head::default(), &[], report);
    let mut shape = fill(table, Shape::default(), &["json", "pager"], report);
    shape.json = part(node, "json", JsonShape::default(), report);
    shape.pager = part(node, "pager", Pager::default(), report);
    let mut source = Source {
        region: region_id(node, &head.region, catalog, report),
        id: head.id,
        city: head.city,
        name: head.name,
        kind: head.kind,
        list: head.list,
        basis: head.basis,
        confidence: head.confidence,
        family: if head.family.is_empty() {
            "auto".into()
        } else {
            head.family
        },
        exams: head.exams,
        home: head.home,
        hosts: head.hosts,
        retired: head.retired,
        wechat: head.wechat,
        phone: head.phone,
        note: head.note,
        shape,
        http: part(node, "http", Http::default(), report).unwrap_or_default(),
    };
    if let Some(at) = node.get("family")
        && source.family != "auto"
        && !families.contains(&source.family)
    {
        let words = families.iter().map(String::as_str).chain(["auto"]);
        nothing(at, "family", &source.family, words, report);
    }
    shape::check(node, &mut source, report);
    source
}

/// A sub-table of a source.
fn part<T>(node: &Node, key: &str, template: T, report: &mut Report<'_>) -> Option<T>
where
    T: Serialize + serde::de::DeserializeOwned,
{
    let at = node.get(key)?;
    let Some(table) = at.table() else {
        let why = format!("`{key}` is a table: [source.{key}]");
        report.add(at.file, at.span.clone(), why, "");
        return None;
    };
    unknown(table, &names(&template), &format!("[source.{key}]"), report);
    Some(fill(table, template, &[], report))
}

fn region_id(node: &Node, word: &str, catalog: &Catalog, report: &mut Report<'_>) -> String {
    if word.is_empty() || word == NATIONAL || word == "全国" {
        return NATIONAL.into();
    }
    if let Some(region) = catalog.region(word) {
        return region.id.clone();
    }
    if let Some(at) = node.get("region") {
        let words = catalog
            .regions
            .iter()
            .flat_map(|r| [&r.id, &r.name, &r.full, &r.pinyin])
            .map(String::as_str)
            .chain([NATIONAL]);
        nothing(at, "region", word, words, report);
    }
    word.into()
}

/// A region is served by the sources that name it, and by those of other regions that its block
/// adds.
fn serve(catalog: &mut Catalog) {
    let mut own: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in &catalog.sources {
        own.entry(source.region.clone())
            .or_default()
            .push(source.id.clone());
    }
    for region in &mut catalog.regions {
        let mut all = own.remove(&region.id).unwrap_or_default();
        let further: Vec<String> = region
            .served_by
            .drain(..)
            .filter(|s| !all.contains(s))
            .collect();
        all.extend(further);
        region.served_by = all;
    }
}
