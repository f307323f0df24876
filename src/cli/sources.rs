//! `sources`: the offices that are watched and their health; `sources check`: the file itself.

use super::args::{Format, SourcesAction, SourcesArgs};
use super::session::Session;
use super::{Failure, Output, SOME_FAILED, document};
use crate::config;
use crate::model::SourceState;
use crate::model::source::{Basis, Confidence, Kind};
use crate::model::{Source, china_date};
use crate::render::{safe, terminal};
use std::collections::BTreeMap;

pub(super) fn run(session: &Session, args: &SourcesArgs) -> Result<Output, Failure> {
    match args.action {
        Some(SourcesAction::Check) => check(session),
        None => list(session),
    }
}

/// No network: selectors, ids, regions, hosts.
fn check(session: &Session) -> Result<Output, Failure> {
    for source in &session.catalog.sources {
        session.office(source)?;
    }
    let findings = config::check(&session.catalog);
    let bad = findings
        .iter()
        .any(|f| f.severity == config::Severity::Error);
    if session.format != Format::Text {
        return Ok(document(session, "sources_check", &findings)?.code(u8::from(bad)));
    }
    let mut text: String = findings.iter().map(|f| format!("{f}\n")).collect();
    let (regions, sources) = (session.catalog.regions.len(), session.catalog.sources.len());
    let verdict = if bad { "" } else { ", all well" };
    text.push_str(&format!("{sources} sources, {regions} regions{verdict}\n"));
    Ok(Output::text(text).code(if bad { SOME_FAILED } else { super::WELL }))
}

fn list(session: &Session) -> Result<Output, Failure> {
    let states = match session.store() {
        Ok(store) => store.source_states()?,
        Err(_) if !session.db()?.exists() => BTreeMap::new(),
        Err(failure) => return Err(failure),
    };
    if session.format != Format::Text {
        let data: Vec<_> = session
            .catalog
            .sources
            .iter()
            .map(|s| {
                serde_json::json!({
                    "id": s.id, "region": s.region, "city": s.city, "name": s.name,
                    "kind": s.kind, "list": s.list, "home": s.home, "basis": s.basis,
                    "confidence": s.confidence, "family": s.family, "hosts": s.hosts,
                    "phone": s.phone, "note": s.note, "state": states.get(&s.id),
                })
            })
            .collect();
        return document(session, "sources", data);
    }
    let words = session.lang.words();
    let label = &words.label;
    let header = [
        "id",
        label.region,
        label.source,
        label.watched,
        label.basis,
        label.last_good,
        label.state,
    ];
    let rows = session
        .catalog
        .sources
        .iter()
        .map(|s| row(session, s, states.get(&s.id)));
    Ok(Output::text(terminal::table(&header, rows.collect())))
}

fn row(session: &Session, source: &Source, state: Option<&SourceState>) -> Vec<String> {
    let words = session.lang.words();
    let label = &words.label;
    let watched = match source.kind {
        Kind::Home => label.home_only.to_string(),
        Kind::Manual => label.by_hand.to_string(),
        _ => safe::short(&source.list, 48),
    };
    let basis = match source.basis {
        Basis::Seen => "seen",
        Basis::Sibling => "sibling",
        Basis::Home => "home",
    };
    let confidence = match source.confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    };
    let good = state
        .and_then(|s| s.last_good)
        .map(|at| china_date(at).to_string());
    let health = match state {
        None => "—",
        Some(state) => state
            .fault
            .as_ref()
            .map_or(label.well, |f| (words.verdict)(f.verdict)),
    };
    vec![
        source.id.clone(),
        session.place(&source.id),
        safe::short(&source.name, 18),
        watched,
        format!("{basis}/{confidence}"),
        good.unwrap_or_else(|| "—".into()),
        health.into(),
    ]
}
