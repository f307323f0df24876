//! `sources`: the offices that are watched and their health; `sources check`: the file itself.

use super::args::{Format, SourcesAction, SourcesArgs};
use super::session::Session;
use super::{Failure, Output, SOME_FAILED, document};
use crate::config;
use crate::crawl::health;
use crate::crawl::warn::ending;
use crate::model::SourceState;
use crate::model::source::{Basis, Confidence, Kind};
use crate::model::{Region, Source, Timestamp, china_date};
use crate::render::{safe, terminal};
use crate::store::Activity;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

pub(super) fn run(session: &Session, args: &SourcesArgs) -> Result<Output, Failure> {
    match args.action {
        Some(SourcesAction::Check) => check(session),
        None => list(session),
    }
}

/// No network: selectors, ids, regions, hosts.
fn check(session: &Session) -> Result<Output, Failure> {
    for source in &session.catalog.sources {
        // What is never fetched needs no rules.
        if source.kind == Kind::Manual {
            continue;
        }
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

/// What the database knows of the sources.
#[derive(Default)]
struct Seen {
    states: BTreeMap<String, SourceState>,
    activity: BTreeMap<String, Activity>,
    certificates: BTreeMap<String, Timestamp>,
}

impl Seen {
    /// Its host, and until when the host's certificate is valid.
    fn certificate(&self, source: &Source) -> Option<(String, Timestamp)> {
        let host = Url::parse(&source.list).ok()?.host_str()?.to_owned();
        let until = *self.certificates.get(&host)?;
        Some((host, until))
    }

    /// For how many days a source has been quiet longer than it should.
    fn stale(&self, session: &Session, source: &Source) -> Option<i32> {
        let newest = self.activity.get(&source.id)?.newest?;
        health::stale(
            newest,
            session.catalog.region(&source.region),
            &session.catalog.sittings,
            &session.settings.watch.exams,
            china_date(session.now),
        )
    }
}

/// Regions whose cities hand out, with how many cities have a source of their own that is fetched.
fn cities(session: &Session) -> Vec<(&Region, usize)> {
    let regions = session.catalog.regions.iter().filter(|r| r.by_city);
    let child = |id: &str, of: &Region| {
        let region = session.catalog.region(id);
        region.is_some_and(|r| r.parent.as_ref() == Some(&of.id))
    };
    let watched = |region: &Region| {
        let fetched = session
            .catalog
            .sources
            .iter()
            .filter(|s| s.kind != Kind::Manual);
        // A city of the province, or one that is counted by itself.
        let cities = fetched.filter_map(|s| match &s.city {
            Some(city) if s.region == region.id => Some(city.as_str()),
            _ => child(&s.region, region).then_some(s.region.as_str()),
        });
        cities.collect::<BTreeSet<_>>().len()
    };
    regions.map(|r| (r, watched(r))).collect()
}

fn list(session: &Session) -> Result<Output, Failure> {
    let seen = match session.store() {
        Ok(store) => Seen {
            states: store.source_states()?,
            activity: store.activity()?,
            certificates: store.certificates()?,
        },
        Err(_) if !session.db()?.exists() => Seen::default(),
        Err(failure) => return Err(failure),
    };
    if session.format != Format::Text {
        let cities: BTreeMap<&str, usize> = cities(session)
            .into_iter()
            .map(|(r, n)| (r.id.as_str(), n))
            .collect();
        let data: Vec<_> = session
            .catalog
            .sources
            .iter()
            .map(|s| {
                let activity = seen.activity.get(&s.id);
                serde_json::json!({
                    "id": s.id, "region": s.region, "city": s.city, "name": s.name,
                    "kind": s.kind, "list": s.list, "home": s.home, "basis": s.basis,
                    "confidence": s.confidence, "family": s.family, "hosts": s.hosts,
                    "phone": s.phone, "note": s.note, "state": seen.states.get(&s.id),
                    "newest": activity.and_then(|a| a.newest),
                    "last_change": activity.and_then(|a| a.last_change),
                    "stale_days": seen.stale(session, s),
                    "certificate_until": seen.certificate(s).map(|(_, until)| until),
                    "cities_watched": s.city.is_none().then(|| cities.get(s.region.as_str())).flatten(),
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
        label.rows,
        label.last_change,
        label.last_good,
        label.state,
    ];
    let rows = session
        .catalog
        .sources
        .iter()
        .map(|s| row(session, s, &seen));
    let mut text = terminal::table(&header, rows.collect());
    text.push('\n');
    for (region, watched) in cities(session) {
        text.push_str(&format!("{}\n", (words.cities)(&region.name, watched)));
    }
    Ok(Output::text(text))
}

fn row(session: &Session, source: &Source, seen: &Seen) -> Vec<String> {
    let state = seen.states.get(&source.id);
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
    let day =
        |at: Option<Timestamp>| at.map_or_else(|| "—".to_string(), |at| china_date(at).to_string());
    let mut health = match state {
        None => "—",
        Some(state) => state
            .fault
            .as_ref()
            .map_or(label.well, |f| (words.verdict)(f.verdict)),
    }
    .to_string();
    if let Some(since) = state
        .filter(|s| s.fault.is_some())
        .and_then(|s| s.fault_since)
    {
        health.push_str(&format!(" {} {}", label.since, china_date(since)));
    } else if let Some(days) = seen.stale(session, source) {
        health = (words.stale)(days);
    }
    if let Some((host, until)) = seen
        .certificate(source)
        .filter(|c| ending(c.1, session.now))
    {
        let ends = (words.certificate)(&host, china_date(until));
        health.push_str(&format!("; {ends}"));
    }
    let rows = state.and_then(|s| s.list_rows);
    let last_change = seen.activity.get(&source.id).and_then(|a| a.last_change);
    vec![
        source.id.clone(),
        session.place(&source.id),
        safe::short(&source.name, 18),
        watched,
        format!("{basis}/{confidence}"),
        rows.map_or_else(|| "—".to_string(), |n| n.to_string()),
        day(last_change),
        day(state.and_then(|s| s.last_good)),
        health,
    ]
}
