//! The pages for people.

use super::answer::{Answer, Trouble};
use super::query::Query;
use super::state::{Shared, Site};
use crate::board::told_changes;
use crate::compare::compare;
use crate::model::{Notice, NoticeId};
use crate::render::Lang;
use crate::render::html::{Place, site};
use crate::store::{EventFilter, Store};
use crate::tied::tied;
use axum::extract::{Path, RawQuery, State};
use axum::response::Redirect;
use std::sync::Arc;

/// Entries of a page of changes, and of a search.
const PAGE: u32 = 100;

type Asked = State<Arc<Shared>>;
type Page = Result<Answer, Trouble>;

fn at(query: Option<&str>) -> Result<(Query, site::At), Trouble> {
    let query = Query::new(query)?;
    let at = site::At {
        lang: query.lang(),
        place: Place::Server,
    };
    Ok((query, at))
}

fn names(site: &Site, lang: Lang) -> site::Names<'_> {
    site::Names {
        catalog: &site.catalog,
        lang,
    }
}

/// `/`
pub(super) async fn board(State(shared): Asked, RawQuery(query): RawQuery) -> Page {
    let (_, at) = at(query.as_deref())?;
    shared
        .read(move |site, store, now| {
            // First the place, then the board: an event between them comes twice, never not at all.
            let cursor = store.cursor()?;
            let board = site.board(store, now)?;
            Ok(Answer::html(site::board(&board, Some(&cursor), at)))
        })
        .await
}

/// `/region/{id}`
pub(super) async fn region(
    State(shared): Asked,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Page {
    let (_, at) = at(query.as_deref())?;
    shared
        .read(move |site, store, now| {
            let region = site.catalog.region(&id).ok_or(Trouble::NotFound)?;
            let board = site.board(store, now)?;
            let page = site::region(&board, &region.id, at).ok_or(Trouble::NotFound)?;
            Ok(Answer::html(page))
        })
        .await
}

fn find(store: &Store, id: &str) -> Result<Notice, Trouble> {
    let id = id.parse().map(NoticeId).map_err(|_| Trouble::NotFound)?;
    store.notice(id)?.ok_or(Trouble::NotFound)
}

/// `/notice/{id}`
pub(super) async fn notice(
    State(shared): Asked,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Page {
    let (_, at) = at(query.as_deref())?;
    shared
        .read(move |site, store, _| {
            let notice = find(store, &id)?;
            let (versions, events) = (store.versions(notice.id)?, store.events_of(notice.id)?);
            let page = site::NoticePage {
                notice: &notice,
                versions: &versions,
                events: &events,
                tied: &tied(store, &notice)?,
                names: names(site, at.lang),
                raw: true,
            };
            Ok(Answer::html(site::notice(&page, at)))
        })
        .await
}

/// `/notice/{id}/diff/{from}/{to}`
pub(super) async fn diff(
    State(shared): Asked,
    Path((id, from, to)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> Page {
    let (_, at) = at(query.as_deref())?;
    shared
        .read(move |site, store, _| {
            let number = |text: &str| text.parse().ok().ok_or(Trouble::NotFound);
            let (from, to) = (number(&from)?, number(&to)?);
            let notice = find(store, &id)?;
            let (catalog, families) = (&site.catalog, &site.families);
            let found = compare(store, catalog, families, &notice, Some(from), Some(to))?;
            let page = site::Diff {
                notice: &notice,
                old: &found.old,
                new: &found.new,
                deltas: &found.deltas,
                text: &found.text,
                reading: &found.reading,
            };
            Ok(Answer::html(site::diff(&page, at)))
        })
        .await
}

/// `/changes?before=`
pub(super) async fn changes(State(shared): Asked, RawQuery(query): RawQuery) -> Page {
    let (query, at) = at(query.as_deref())?;
    let before = query.value("before", "17")?;
    shared
        .read(move |site, store, _| {
            let filter = EventFilter {
                changes: told_changes(),
                ..EventFilter::default()
            };
            let events = store.latest_events(before, PAGE, &filter)?;
            let full = events.len() == PAGE as usize;
            let earlier = events.last().filter(|_| full).map(|e| e.id.seq);
            let names = names(site, at.lang);
            Ok(Answer::html(site::changes(&events, names, earlier, at)))
        })
        .await
}

/// `/search?q=`
pub(super) async fn search(State(shared): Asked, RawQuery(query): RawQuery) -> Page {
    let (query, at) = at(query.as_deref())?;
    let typed = query.get("q").unwrap_or("").to_string();
    shared
        .read(move |site, store, _| {
            let found = match typed.is_empty() {
                true => Vec::new(),
                false => store.search(&typed, PAGE)?,
            };
            let names = names(site, at.lang);
            Ok(Answer::html(site::search(&typed, &found, names, at)))
        })
        .await
}

/// `/sources`
pub(super) async fn sources(State(shared): Asked, RawQuery(query): RawQuery) -> Page {
    let (_, at) = at(query.as_deref())?;
    shared
        .read(move |site, store, _| {
            let states = store.source_states()?;
            Ok(Answer::html(site::sources(
                &states,
                names(site, at.lang),
                at,
            )))
        })
        .await
}

/// `/feeds`
pub(super) async fn feeds(State(shared): Asked, RawQuery(query): RawQuery) -> Page {
    let (_, at) = at(query.as_deref())?;
    Ok(Answer::html(site::feeds(names(&shared.site, at.lang), at)))
}

/// `/raw/{digest}`: a page as it was received, to be saved and never shown.
pub(super) async fn raw(State(shared): Asked, Path(digest): Path<String>) -> Page {
    let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    if digest.len() != 64 || !digest.bytes().all(hex) {
        return Err(Trouble::NotFound);
    }
    shared
        .read(move |_, store, _| {
            let bytes = store.raw(&digest)?.ok_or(Trouble::NotFound)?;
            Ok(Answer::foreign(bytes))
        })
        .await
}

/// `/login`, for a browser that has the cookie already.
pub(super) async fn home() -> Redirect {
    Redirect::to("/")
}

/// `/app.js`
pub(super) async fn script() -> Answer {
    Answer::file("text/javascript; charset=utf-8", include_str!("app.js"))
}

/// `/icon.svg`
pub(super) async fn icon() -> Answer {
    Answer::file("image/svg+xml", include_str!("icon.svg"))
}
