//! What is doubtful in a catalog that loads: for `sources check`.

use crate::model::source::{Basis, Confidence, NATIONAL};
use crate::model::{Catalog, Kind, Shape, Source};
use serde::Serialize;
use std::collections::BTreeMap;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// Something is missed or may be.
    Warning,
    /// The catalog contradicts itself.
    Error,
}

/// One doubtful point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// Id of the region, source or family concerned.
    pub subject: String,
    /// A stable word for its sort.
    pub code: &'static str,
    /// One line for people.
    pub message: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let severity = match self.severity {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(
            f,
            "{severity}: {}: {} [{}]",
            self.subject, self.message, self.code
        )
    }
}

/// All doubtful points: errors first, then in the order of the catalog.
pub fn check(catalog: &Catalog) -> Vec<Finding> {
    let mut found = Vec::new();
    regions(catalog, &mut found);
    sources(catalog, &mut found);
    retired(catalog, &mut found);
    repeated(catalog, &mut found);
    found.sort_by_key(|f| std::cmp::Reverse(f.severity));
    found
}

fn add(
    found: &mut Vec<Finding>,
    severity: Severity,
    subject: &str,
    code: &'static str,
    message: impl Into<String>,
) {
    found.push(Finding {
        severity,
        subject: subject.into(),
        code,
        message: message.into(),
    });
}

fn regions(catalog: &Catalog, found: &mut Vec<Finding>) {
    for region in &catalog.regions {
        let by: Vec<&Source> = region
            .served_by
            .iter()
            .filter_map(|id| catalog.source(id))
            .collect();
        let id = &region.id;
        if by.is_empty() {
            add(
                found,
                Severity::Error,
                id,
                "unserved",
                format!("{}: no source serves it", region.name),
            );
        } else if by.iter().all(|s| s.kind == Kind::Manual) {
            let message = format!("{}: no source that can be fetched serves it", region.name);
            add(found, Severity::Warning, id, "manual_only", message);
        } else if !by.iter().any(|s| matches!(s.kind, Kind::List | Kind::Feed)) {
            let message = format!(
                "{}: no list of notices is known, only a home or standing page",
                region.name
            );
            add(found, Severity::Note, id, "no_list", message);
        }
        if region.by_city
            && !by
                .iter()
                .any(|s| s.city.is_some() && s.kind != Kind::Manual)
        {
            let message = format!(
                "{}: its cities hand out, and no city's page is known",
                region.name
            );
            add(found, Severity::Warning, id, "no_city", message);
        }
    }
}

fn sources(catalog: &Catalog, found: &mut Vec<Finding>) {
    let mut lists: BTreeMap<&str, &str> = BTreeMap::new();
    for source in &catalog.sources {
        let id = &source.id;
        if source.region != NATIONAL && !catalog.regions.iter().any(|r| r.id == source.region) {
            add(
                found,
                Severity::Error,
                id,
                "region",
                format!("unknown region {}", source.region),
            );
        }
        for host in source.hosts.iter().filter(|h| psl::domain_str(h).is_none()) {
            let message = format!("{host} is no name under a public suffix");
            add(found, Severity::Warning, id, "host", message);
        }
        if source.kind == Kind::Manual {
            continue;
        }
        if source.list.starts_with("http://") && !source.http.plain {
            let message = "its address is plain http; try https, else say `plain = true`";
            add(found, Severity::Warning, id, "plain", message);
        }
        match source.basis {
            Basis::Sibling => add(
                found,
                Severity::Note,
                id,
                "sibling",
                "a column beside the right one is watched",
            ),
            Basis::Seen if source.confidence == Confidence::Low => {
                add(
                    found,
                    Severity::Note,
                    id,
                    "confidence",
                    "its address is seen, and trusted little",
                );
            }
            _ => {}
        }
        if let Some(other) = lists.insert(&source.list, id) {
            let message = format!("watches the same page as {other}");
            add(found, Severity::Warning, id, "same_list", message);
        }
    }
}

/// A host that one source has left and another still counts as its own.
fn retired(catalog: &Catalog, found: &mut Vec<Finding>) {
    let mut left: BTreeMap<&str, &str> = BTreeMap::new();
    for source in &catalog.sources {
        for host in &source.retired {
            left.insert(host, &source.id);
        }
    }
    for source in &catalog.sources {
        let follows = source.hosts.iter().chain(&source.http.also);
        for host in follows.filter(|h| left.contains_key(h.as_str())) {
            let by = left.get(host.as_str()).copied().unwrap_or_default();
            let message = format!("follows {host}, which {by} lists as retired");
            add(found, Severity::Error, &source.id, "retired", message);
        }
    }
}

/// What three offices of a family say alike belongs to the family.
fn repeated(catalog: &Catalog, found: &mut Vec<Finding>) {
    let unsaid = fields(&Shape::default());
    let mut said: BTreeMap<(&str, String), Vec<&str>> = BTreeMap::new();
    for source in catalog.sources.iter().filter(|s| s.family != "auto") {
        for (key, value) in fields(&source.shape) {
            if unsaid.get(&key) != Some(&value) {
                let line = format!("{key} = {value}");
                said.entry((&source.family, line))
                    .or_default()
                    .push(&source.id);
            }
        }
    }
    for ((family, line), by) in said.iter().filter(|(_, by)| by.len() >= 3) {
        let message = format!("{} say {line}: it belongs to the family", by.join(", "));
        add(found, Severity::Warning, family, "repeated", message);
    }
}

fn fields(shape: &Shape) -> serde_json::Map<String, serde_json::Value> {
    match serde_json::to_value(shape) {
        Ok(serde_json::Value::Object(map)) => map,
        _ => serde_json::Map::new(),
    }
}
