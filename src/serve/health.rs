//! How the board and what feeds it are: for a probe, and for Prometheus.

use super::answer::{Answer, Trouble};
use super::state::Shared;
use crate::model::source::Kind;
use crate::model::{SourceState, Timestamp};
use crate::render::envelope;
use crate::store::SinkState;
use axum::extract::State;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering;

struct Health {
    now: Timestamp,
    states: BTreeMap<String, SourceState>,
    sinks: Vec<SinkState>,
    events: i64,
    watched: usize,
}

async fn look(shared: &Arc<Shared>) -> Result<Health, Trouble> {
    shared
        .read(|site, store, now| {
            Ok(Health {
                now,
                states: store.source_states()?,
                sinks: store.sinks()?,
                events: store.cursor()?.seq,
                watched: site
                    .catalog
                    .sources
                    .iter()
                    .filter(|s| s.kind != Kind::Manual)
                    .count(),
            })
        })
        .await
}

/// `/healthz`: 200 while the database can be read; the rest are figures of the database.
pub(super) async fn healthz(State(shared): State<Arc<Shared>>) -> Result<Answer, Trouble> {
    let health = look(&shared).await?;
    let good = |s: &&SourceState| s.fault.is_none();
    let sinks = health.sinks.iter().map(|s| {
        json!({
            "name": s.name, "waiting": s.waiting, "dead": s.dead, "oldest": s.oldest,
            "last_done_at": s.last_done_at,
        })
    });
    let last_good: BTreeMap<&String, Option<Timestamp>> = health
        .states
        .iter()
        .map(|(id, s)| (id, s.last_good))
        .collect();
    let data = json!({
        "sources": {
            "watched": health.watched,
            "visited": health.states.len(),
            "failing": health.states.len() - health.states.values().filter(good).count(),
            "last_good": last_good,
        },
        "events": health.events,
        "sinks": sinks.collect::<Vec<_>>(),
    });
    let value = envelope("health", health.now, data);
    let value = value.map_err(|e| Trouble::Bad(format!("cannot write JSON: {e}")))?;
    Ok(Answer::json(&value))
}

/// `/metrics`: text exposition format 0.0.4 of Prometheus.
pub(super) async fn metrics(State(shared): State<Arc<Shared>>) -> Result<Answer, Trouble> {
    let health = look(&shared).await?;
    let mut out = String::new();
    let mut family = |name: &str, kind: &str, help: &str, rows: Vec<(String, i64)>| {
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
        for (labels, value) in rows {
            let _ = writeln!(out, "{name}{labels} {value}");
        }
    };
    family(
        "lingzheng_sources_watched",
        "gauge",
        "Sources that are watched.",
        vec![(String::new(), health.watched as i64)],
    );
    let of = |f: fn(&SourceState) -> Option<i64>| -> Vec<(String, i64)> {
        let rows = health.states.iter();
        rows.filter_map(|(id, s)| Some((label("source", id), f(s)?)))
            .collect()
    };
    family(
        "lingzheng_source_up",
        "gauge",
        "1 = the last visit was good.",
        of(|s| Some(i64::from(s.fault.is_none()))),
    );
    family(
        "lingzheng_source_last_good_seconds",
        "gauge",
        "Unix time of the last good visit.",
        of(|s| s.last_good.map(|t| t.as_second())),
    );
    family(
        "lingzheng_events_total",
        "counter",
        "Events in the journal.",
        vec![(String::new(), health.events)],
    );
    let sinks = |f: fn(&SinkState) -> Option<i64>| -> Vec<(String, i64)> {
        let rows = health.sinks.iter();
        rows.filter_map(|s| Some((label("sink", &s.name), f(s)?)))
            .collect()
    };
    family(
        "lingzheng_sink_waiting",
        "gauge",
        "Events still to be sent.",
        sinks(|s| Some(s.waiting.into())),
    );
    family(
        "lingzheng_sink_dead",
        "gauge",
        "Events that were given up.",
        sinks(|s| Some(s.dead.into())),
    );
    family(
        "lingzheng_sink_oldest_seconds",
        "gauge",
        "Unix time of the oldest event still to be sent.",
        sinks(|s| s.oldest.map(|t| t.as_second())),
    );
    let answers = shared.answers.iter().enumerate().skip(2);
    let answers = answers.map(|(class, n)| {
        let n = i64::try_from(n.load(Ordering::Relaxed)).unwrap_or(i64::MAX);
        (label("status", &format!("{class}xx")), n)
    });
    family(
        "lingzheng_http_answers_total",
        "counter",
        "Answers of this server.",
        answers.collect(),
    );
    Ok(Answer::text(out))
}

/// A label with its value, escaped as the format wants it.
fn label(name: &str, value: &str) -> String {
    let value = value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    format!("{{{name}=\"{value}\"}}")
}
