//! `sources.toml` and a user's overlay to a [`Catalog`].

use super::blocks::Blocks;
use super::fill::{fill, names, nearest, unknown};
use super::node::{Node, Table};
use super::records::{exam, lacks, region, sitting};
use super::report::{ConfigError, Report, show};
use super::{parse, shape};
use crate::model::source::{Basis, Confidence, Http, JsonShape, NATIONAL, Pager};
use crate::model::{Catalog, Kind, Shape, Source};
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
    let catalog = read(&blocks, families, &mut report);
    report.finish()?;
    Ok(catalog)
}

/// Most regular expressions in all blocks; each may cost milliseconds to compile.
const MOST_EXPRESSIONS: usize = 100;

fn read(blocks: &Blocks, families: &[String], report: &mut Report<'_>) -> Catalog {
    let mut catalog = Catalog {
        exams: blocks
            .tables("exam")
            .map(|(n, t)| exam(n, t, report))
            .collect(),
        sittings: blocks
            .tables("sitting")
            .map(|(n, t)| sitting(n, t, report))
            .collect(),
        regions: blocks
            .tables("region")
            .map(|(n, t)| region(n, t, report))
            .collect(),
        sources: Vec::new(),
    };
    let is_expression =
        |(_, t): &(&Node, &Table)| shape::EXPRESSIONS.iter().any(|k| t.contains_key(*k));
    if let Some((node, _)) = blocks
        .tables("source")
        .filter(is_expression)
        .nth(MOST_EXPRESSIONS)
    {
        let why = format!("more than {MOST_EXPRESSIONS} sources with expressions");
        report.add(node.file, node.span.clone(), why, "");
        return catalog;
    }
    let sources: Vec<Source> = blocks
        .tables("source")
        .map(|(n, t)| source(n, t, &catalog, families, report))
        .collect();
    catalog.sources = sources;
    references(blocks, &catalog, report);
    serve(&mut catalog);
    catalog
}

/// Ids that name nothing.
fn references(blocks: &Blocks, catalog: &Catalog, report: &mut Report<'_>) {
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
        for (node, _) in blocks.tables(kind) {
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
