//! The same for programs: JSON in the envelope of the command line.

use super::answer::{Answer, Trouble};
use super::live;
use super::query::Query;
use super::state::{Shared, Site};
use crate::board::told_changes;
use crate::model::facts::NoticeKind;
use crate::model::{Cursor, Date, NoticeId, Timestamp};
use crate::render::envelope;
use crate::store::{EventFilter, Filter};
use crate::tied::tied;
use axum::extract::{Path, RawQuery, State};
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

type Asked = State<Arc<Shared>>;
type Json = Result<Answer, Trouble>;

/// Longest wait for an event, in seconds.
const WAIT: u32 = 30;

fn wrap(kind: &str, now: Timestamp, data: impl Serialize) -> Json {
    let value = envelope(kind, now, data);
    let value = value.map_err(|e| Trouble::Bad(format!("cannot write JSON: {e}")))?;
    Ok(Answer::json(&value))
}

/// `/api/v1/board`
pub(super) async fn board(State(shared): Asked) -> Json {
    shared
        .read(|site, store, now| wrap("board", now, site.board(store, now)?))
        .await
}

/// `/api/v1/regions/{id}`
pub(super) async fn region(State(shared): Asked, Path(id): Path<String>) -> Json {
    shared
        .read(move |site, store, now| {
            let region = site.catalog.region(&id).ok_or(Trouble::NotFound)?;
            let mut board = site.board(store, now)?;
            board.keep_region(&region.id);
            wrap("region", now, board)
        })
        .await
}

/// `/api/v1/notices?region=&source=&kind=&since=&q=&limit=`
pub(super) async fn notices(State(shared): Asked, RawQuery(query): RawQuery) -> Json {
    let query = Query::new(query.as_deref())?;
    let limit = query.number("limit", 50, 1..=1000)?;
    let since = query.value::<Date>("since", "2026-12-01")?;
    let kinds = match query.get("kind") {
        None => Vec::new(),
        Some("told") => NoticeKind::ALL.into_iter().filter(|k| k.told()).collect(),
        Some(word) => {
            let kind = NoticeKind::ALL.into_iter().find(|k| k.word() == word);
            vec![kind.ok_or_else(|| Trouble::Bad("kind: give told, or a kind like pickup".into()))?]
        }
    };
    shared
        .read(move |site, store, now| {
            let filter = Filter {
                sources: sources_of(site, &query)?,
                kinds,
                since,
                search: query.get("q").map(String::from),
                limit,
                ..Filter::default()
            };
            wrap("notices", now, store.notices(&filter)?)
        })
        .await
}

/// The sources that a query names, by `source` or by `region`; empty = all.
fn sources_of(site: &Site, query: &Query) -> Result<Vec<String>, Trouble> {
    if let Some(id) = query.get("source") {
        let source = site.catalog.source(id);
        let source =
            source.ok_or_else(|| Trouble::Bad("source: there is none of this id".into()))?;
        return Ok(vec![source.id.clone()]);
    }
    let Some(word) = query.get("region") else {
        return Ok(Vec::new());
    };
    let region = site.catalog.region(word);
    let region = region.ok_or_else(|| Trouble::Bad("region: there is none of this name".into()))?;
    let serves =
        |s: &&crate::model::Source| s.region == region.id || region.served_by.contains(&s.id);
    let mut ids: Vec<String> = site
        .catalog
        .sources
        .iter()
        .filter(serves)
        .map(|s| s.id.clone())
        .collect();
    if ids.is_empty() {
        // An empty list would mean all.
        ids.push(String::new());
    }
    Ok(ids)
}

/// `/api/v1/notices/{id}`
pub(super) async fn notice(State(shared): Asked, Path(id): Path<String>) -> Json {
    shared
        .read(move |_, store, now| {
            let id = id.parse().map(NoticeId).map_err(|_| Trouble::NotFound)?;
            let notice = store.notice(id)?.ok_or(Trouble::NotFound)?;
            let (versions, events) = (store.versions(id)?, store.events_of(id)?);
            let tied = tied(store, &notice)?;
            let data = json!({
                "notice": notice, "versions": versions, "events": events,
                "corrects": tied.corrects.map(|n| n.id),
                "corrected_by": tied.corrected_by.iter().map(|n| n.id).collect::<Vec<_>>(),
            });
            wrap("notice", now, data)
        })
        .await
}

/// `/api/v1/changes?since=&limit=`: newest first.
pub(super) async fn changes(State(shared): Asked, RawQuery(query): RawQuery) -> Json {
    let query = Query::new(query.as_deref())?;
    let limit = query.number("limit", 50, 1..=1000)?;
    let filter = EventFilter {
        changes: told_changes(),
        since: query.value::<Timestamp>("since", "2026-12-01T00:00:00Z")?,
        ..EventFilter::default()
    };
    shared
        .read(move |_, store, now| {
            let cursor = store.cursor()?;
            let events = store.latest_events(None, limit, &filter)?;
            wrap(
                "changes",
                now,
                json!({ "cursor": cursor, "events": events }),
            )
        })
        .await
}

/// `/api/v1/events?after=&limit=&wait=`: every event once, oldest first. `cursor` is where to go on.
pub(super) async fn events(State(shared): Asked, RawQuery(query): RawQuery) -> Json {
    let query = Query::new(query.as_deref())?;
    let limit = query.number("limit", 100, 1..=1000)?;
    let wait = query.number("wait", 0, 0..=WAIT)?;
    let after: Option<Cursor> = match query.get("after") {
        Some(text) => Some(text.parse().map_err(Trouble::Bad)?),
        None => None,
    };
    let all = EventFilter::default();
    let (after, found) = live::after(&shared, after, limit, all.clone()).await?;
    let found = match (found.is_empty(), wait) {
        (true, 1..) => {
            live::wait(&shared, after.seq, Duration::from_secs(wait.into())).await;
            live::after(&shared, Some(after.clone()), limit, all)
                .await?
                .1
        }
        _ => found,
    };
    let cursor = found.last().map_or(after, |e| e.id.clone());
    let now = (shared.site.clock)();
    wrap("events", now, json!({ "cursor": cursor, "events": found }))
}

/// `/api/v1/sources`
pub(super) async fn sources(State(shared): Asked) -> Json {
    shared
        .read(|site, store, now| {
            let states = store.source_states()?;
            let list = site.catalog.sources.iter().map(|s| {
                json!({
                    "id": s.id, "region": s.region, "city": s.city, "name": s.name,
                    "kind": s.kind, "list": s.list, "home": s.home, "phone": s.phone,
                    "state": states.get(&s.id),
                })
            });
            wrap("sources", now, list.collect::<Vec<_>>())
        })
        .await
}

/// `/api/v1/openapi.json`
pub(super) async fn openapi() -> Answer {
    Answer::file("application/json", include_str!("openapi.json"))
}
