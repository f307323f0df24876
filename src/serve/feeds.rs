//! Feeds and calendar: the same documents as `export` writes, for whoever subscribes.

use super::answer::{Answer, Trouble};
use super::query::Query;
use super::state::Shared;
use crate::feed::{self, NEWEST, Selection, Wanted};
use crate::model::Feed;
use crate::render::{Lang, atom, ical, json_feed};
use axum::extract::{RawQuery, State};
use std::sync::Arc;

type Asked = State<Arc<Shared>>;
type Document = Result<Answer, Trouble>;

/// `/feed.atom?region=&exam=&sitting=&lang=`
pub(super) async fn atom(State(shared): Asked, RawQuery(query): RawQuery) -> Document {
    document(&shared, query, Some(NEWEST), |feed, lang| {
        let text = atom::atom(feed, lang);
        let text = text.map_err(|e| Trouble::Bad(format!("cannot write Atom: {e}")))?;
        Ok(Answer::written("application/atom+xml; charset=utf-8", text))
    })
    .await
}

/// `/feed.json?region=&exam=&sitting=&lang=`
pub(super) async fn json_feed(State(shared): Asked, RawQuery(query): RawQuery) -> Document {
    document(&shared, query, Some(NEWEST), |feed, lang| {
        let text = json_feed::json_feed(feed, lang);
        Ok(Answer::written(
            "application/feed+json; charset=utf-8",
            text,
        ))
    })
    .await
}

/// `/calendar.ics?region=&exam=&sitting=&lang=`: all windows, for what leaves a calendar that is
/// subscribed to is taken for cancelled.
pub(super) async fn calendar(State(shared): Asked, RawQuery(query): RawQuery) -> Document {
    document(&shared, query, None, |feed, lang| {
        let text = ical::ical(feed, lang);
        Ok(Answer::written("text/calendar; charset=utf-8", text))
    })
    .await
}

async fn document(
    shared: &Arc<Shared>,
    query: Option<String>,
    most: Option<usize>,
    write: impl FnOnce(&Feed, Lang) -> Document + Send + 'static,
) -> Document {
    let query = Query::new(query.as_deref())?;
    shared
        .read(move |site, store, now| {
            let wanted = Wanted {
                region: query.get("region"),
                exam: query.get("exam").or(site.exam.as_deref()),
                sitting: query.get("sitting"),
            };
            let selection = Selection::of(&site.catalog, &site.watched, &wanted);
            let selection = Selection {
                most,
                ..selection.map_err(Trouble::Bad)?
            };
            let feed = feed::build(store, &site.catalog, &selection, now)?;
            write(&feed, query.lang())
        })
        .await
}
