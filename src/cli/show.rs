//! `show`: one notice with its facts, their evidence, and its history.

use super::args::{Format, ShowArgs};
use super::session::Session;
use super::{Failure, Output, USAGE, document};
use crate::adapter;
use crate::model::Notice;
use crate::model::NoticeId;
use crate::render::terminal;
use crate::store::Store;
use crate::tied::tied;

pub(super) fn run(session: &Session, args: &ShowArgs) -> Result<Output, Failure> {
    let store = session.store()?;
    let notice = find(&store, &args.notice)?;
    let events = store.events_of(notice.id)?;
    let versions = store.versions(notice.id)?;
    let tied = tied(&store, &notice)?;
    if session.format != Format::Text {
        let data = serde_json::json!({
            "notice": notice, "versions": versions, "events": events,
            "corrects": tied.corrects.map(|n| n.id),
            "corrected_by": tied.corrected_by.iter().map(|n| n.id).collect::<Vec<_>>(),
        });
        return document(session, "notice", data);
    }
    let place = session.place(&notice.source);
    let mut text = terminal::notice(&notice, &place, &tied, session.lang);
    text.push_str(&terminal::history(&versions, &events, session.lang));
    Ok(Output::text(text))
}

/// The notice that a person means: its number or its address.
pub(super) fn find(store: &Store, word: &str) -> Result<Notice, Failure> {
    let number = word.trim_start_matches('#').parse::<i64>().ok();
    let found = match number {
        Some(id) => store.notice(NoticeId(id))?,
        None => store.notice_by_url(&adapter::canonical(word))?,
    };
    found.ok_or_else(|| {
        Failure::with(
            USAGE,
            format!(
                "no notice `{word}`: give its number or its address; `lingzheng notices` lists them"
            ),
        )
    })
}
