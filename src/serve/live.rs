//! Events as they come: one task looks at the journal while somebody waits for it.

use super::answer::Trouble;
use super::query::Query;
use super::state::{Shared, Site};
use crate::board::told_changes;
use crate::model::{Change, Cursor, Event, Subject, china_date};
use crate::render::html::{Place, To, site::Names};
use crate::render::{Lang, link};
use crate::store::{EventFilter, Store};
use axum::extract::{RawQuery, State};
use axum::response::sse::{Event as Sent, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::{HeaderMap, HeaderName, StatusCode};
use serde_json::json;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, watch};

/// How often the journal is looked at while somebody waits.
const LOOK: Duration = Duration::from_secs(1);
/// Most events sent at once.
const BATCH: u32 = 100;
/// Sent where nothing happens, so that a dead connection is noticed.
const KEEP: Duration = Duration::from_secs(15);

/// Looks at the journal's end and tells all that wait.
pub(super) async fn watch(shared: Arc<Shared>, sender: watch::Sender<i64>) {
    loop {
        tokio::time::sleep(LOOK).await;
        // One receiver is the shared one: nobody waits.
        if sender.receiver_count() < 2 {
            continue;
        }
        let found = shared.read(|_, store, _| Ok(store.cursor()?.seq)).await;
        if let Ok(seq) = found {
            sender.send_if_modified(|latest| {
                let moved = *latest != seq;
                *latest = seq;
                moved
            });
        }
    }
}

/// The events after a place, and the place; None = from the beginning.
pub(super) async fn after(
    shared: &Arc<Shared>,
    after: Option<Cursor>,
    limit: u32,
    filter: EventFilter,
) -> Result<(Cursor, Vec<Event>), Trouble> {
    shared
        .read(move |_, store, _| {
            let from = after.unwrap_or_else(|| Cursor {
                epoch: store.epoch().to_string(),
                seq: 0,
            });
            let found = store.events_after(&from, limit, &filter)?;
            Ok((from, found))
        })
        .await
}

/// Waits until the journal is longer than that, the time is over, or the server stops.
pub(super) async fn wait(shared: &Shared, seq: i64, longest: Duration) {
    let mut latest = shared.latest.clone();
    let grown = latest.wait_for(|now| *now > seq);
    let _ = tokio::time::timeout(longest, grown).await;
}

/// What a follower is sent next.
struct Follower {
    shared: Arc<Shared>,
    after: Cursor,
    lang: Lang,
    waiting: VecDeque<Sent>,
    latest: watch::Receiver<i64>,
    _place: OwnedSemaphorePermit,
}

/// `/events?after=&lang=`: server-sent events (WHATWG HTML §9.2) of the type `change`.
pub(super) async fn events(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let query = Query::new(query.as_deref())?;
    let again = HeaderName::from_static("last-event-id");
    let again = headers.get(&again).and_then(|v| v.to_str().ok());
    let from: Option<Cursor> = match again.or(query.get("after")) {
        Some(text) => Some(text.parse().map_err(Trouble::Bad)?),
        None => None,
    };
    let Ok(place) = Arc::clone(&shared.followers).try_acquire_owned() else {
        return Err(Trouble::Refused(
            StatusCode::SERVICE_UNAVAILABLE,
            "too many follow the journal",
        ));
    };
    let end = shared.read(|_, store, _| Ok(store.cursor()?)).await?;
    // A cursor of another journal is refused now, not in the middle of the stream.
    let (after, _) = after(
        &shared,
        Some(from.unwrap_or(end)),
        1,
        EventFilter::default(),
    )
    .await?;
    let follower = Follower {
        latest: shared.latest.clone(),
        lang: query.lang(),
        waiting: VecDeque::new(),
        after,
        shared,
        _place: place,
    };
    let stream = stream::unfold(follower, async |mut f| {
        let next = f.next().await?;
        Some((Ok::<_, Infallible>(next), f))
    });
    Ok(Sse::new(stream)
        .keep_alive(KeepAlive::new().interval(KEEP))
        .into_response())
}

impl Follower {
    /// The next event; None where the server stops or the database is gone.
    async fn next(&mut self) -> Option<Sent> {
        loop {
            if let Some(sent) = self.waiting.pop_front() {
                return Some(sent);
            }
            let (from, lang) = (self.after.clone(), self.lang);
            let found = self
                .shared
                .read(move |site, store, _| news(site, store, &from, lang))
                .await;
            let (after, sent) = found.ok()?;
            let nothing = sent.is_empty();
            self.after = after;
            self.waiting.extend(sent);
            if nothing {
                let seq = self.after.seq;
                self.latest.wait_for(|now| *now > seq).await.ok()?;
            }
        }
    }
}

/// The told events after a place, and the place up to which all were looked at.
fn news(
    site: &Site,
    store: &Store,
    from: &Cursor,
    lang: Lang,
) -> Result<(Cursor, Vec<Sent>), Trouble> {
    let told = EventFilter {
        changes: told_changes(),
        ..EventFilter::default()
    };
    let end = store.cursor()?;
    let events = store.events_after(from, BATCH, &told)?;
    let full = events.len() == BATCH as usize;
    let last = events.last().filter(|_| full).map(|e| e.id.clone());
    let names = Names {
        catalog: &site.catalog,
        lang,
    };
    let sent = events.iter().map(|e| sent(e, &names, lang)).collect();
    Ok((last.unwrap_or(end), sent))
}

/// What a page shows of an event, as plain words.
fn sent(event: &Event, names: &Names, lang: Lang) -> Sent {
    let words = lang.words();
    let href = match &event.subject {
        Subject::Notice(id) => Place::Server
            .href(To::Notice(*id), lang)
            .as_str()
            .to_string(),
        _ => link::web(&event.url).unwrap_or_default(),
    };
    let deltas = match &event.change {
        Change::Facts { deltas, .. } | Change::Attachment { deltas } => deltas.as_slice(),
        _ => &[],
    };
    let windows = event
        .reading
        .as_deref()
        .map_or(&[][..], |r| &r.facts.windows);
    let lines: Vec<String> = deltas
        .iter()
        .map(|d| {
            let id = d
                .path
                .strip_prefix("/windows/")
                .and_then(|p| p.split('/').next());
            let window = windows
                .iter()
                .find(|w| id.is_some() && w.id.as_deref() == id);
            (words.delta)(d, window)
        })
        .collect();
    let data = json!({
        "when": china_date(event.at).to_string(),
        "kind": (words.change)(&event.change),
        "place": names.place(&event.source),
        "title": crate::render::safe::terminal(&event.title),
        "href": href,
        "lines": lines,
    });
    Sent::default()
        .event("change")
        .id(event.id.to_string())
        .data(data.to_string())
}
