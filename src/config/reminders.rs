//! The `[[remind]]` blocks of the settings, and `[ping]`.

use super::fill::{fill, names, nearest, unknown};
use super::node::{Node, Value};
use super::report::Report;
use super::resolve_watch;
use super::sinks::{Outside, from_outside};
use crate::model::settings::{Ping, Watch};
use crate::model::{Catalog, Remind};
use std::collections::BTreeSet;

/// All blocks, in the file's order.
pub(super) fn reminders(root: &Node, report: &mut Report<'_>) -> Vec<Remind> {
    let Some(node) = root.get("remind") else {
        return Vec::new();
    };
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for node in node.items() {
        let mut bad = |why: &str| report.add(node.file, node.span.clone(), why, "");
        let Value::Table(table) = &node.value else {
            bad("`remind` is written as [[remind]] blocks");
            continue;
        };
        for key in ["name", "when"] {
            if node.get(key).is_none() {
                bad(&format!("[[remind]] needs `{key}`"));
            }
        }
        unknown(table, &names(&Remind::default()), "[[remind]]", report);
        let rule = fill(table, Remind::default(), &[], report);
        let mut bad = |why: &str| report.add(node.file, node.span.clone(), why, "");
        if rule.when.is_empty()
            && matches!(node.get("when").map(|n| &n.value), Some(Value::List(l)) if l.is_empty())
        {
            bad("an empty `when` reminds of nothing");
        }
        if rule.name.chars().count() > 64 || rule.name.chars().any(char::is_control) {
            bad("`name` is at most 64 characters in one line");
        }
        if rule.sitting.is_some() && rule.exam.is_none() {
            bad("`sitting` stands beside an `exam`");
        }
        if !seen.insert(rule.name.clone()) && !rule.name.is_empty() {
            bad("two [[remind]] blocks have this name");
        }
        all.push(rule);
    }
    all
}

/// `[ping]` with its address, wherever it stands.
pub(super) fn ping(
    root: &Node,
    mut ping: Ping,
    outside: &Outside<'_>,
    report: &mut Report<'_>,
) -> Ping {
    let Some(node) = root.get("ping") else {
        return ping;
    };
    let mut bad = |why: &str| report.add(node.file, node.span.clone(), why, "");
    let ways = [
        ping.url.is_some(),
        ping.url_file.is_some(),
        ping.url_env.is_some(),
    ];
    if ways.iter().filter(|w| **w).count() > 1 {
        bad("`url`, `url_file` and `url_env` exclude each other");
        return ping;
    }
    match from_outside(ping.url_file.as_deref(), ping.url_env.as_deref(), outside) {
        Some(Ok(secret)) => ping.url = Some(secret),
        Some(Err(why)) => bad(&format!("`url`: {why}")),
        None => {}
    }
    let web = |url: &str| {
        url::Url::parse(url).is_ok_and(|u| matches!(u.scheme(), "http" | "https") && u.has_host())
    };
    if ping.url.as_ref().is_some_and(|u| !web(u.expose())) {
        bad("`url` is no http or https address");
    }
    ping
}

/// Regions, exams and sittings of every reminder as ids, whatever name the settings use.
///
/// # Errors
/// A word that names none, as one line.
pub fn resolve_reminders(rules: &[Remind], catalog: &Catalog) -> Result<Vec<Remind>, String> {
    let resolve = |rule: &Remind| {
        let watch = Watch {
            exams: rule.exam.iter().cloned().collect(),
            regions: rule.regions.clone(),
        };
        let watch =
            resolve_watch(&watch, catalog).map_err(|why| format!("remind {}: {why}", rule.name))?;
        let exam = watch.exams.into_iter().next();
        if let (Some(exam), Some(word)) = (&exam, &rule.sitting) {
            let ids = || {
                let own = catalog.sittings.iter().filter(|s| s.exam == *exam);
                own.map(|s| s.id.as_str())
            };
            if !ids().any(|id| id == word) {
                let near = nearest(word, ids()).map_or_else(
                    || format!("known are {}", ids().collect::<Vec<_>>().join(", ")),
                    |n| format!("did you mean `{n}`?"),
                );
                return Err(format!(
                    "remind {}: unknown sitting `{word}`; {near}",
                    rule.name
                ));
            }
        }
        Ok(Remind {
            regions: watch.regions,
            exam,
            ..rule.clone()
        })
    };
    rules.iter().map(resolve).collect()
}
