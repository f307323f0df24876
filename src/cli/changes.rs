//! `changes`: the journal.

use super::args::{ChangesArgs, Format};
use super::session::Session;
use super::{Failure, Output, document, print};
use crate::model::{Cursor, Date, Event, Timestamp};
use crate::render::{jsonl, terminal};
use crate::store::{EventFilter, Store, StoreError};
use jiff::ToSpan;
use std::time::Duration;

/// How often `--follow` looks.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) fn run(session: &Session, args: &ChangesArgs) -> Result<Output, Failure> {
    let store = session.store()?;
    let since = args
        .since
        .as_deref()
        .map(|w| moment(w, session.now))
        .transpose()?;
    let changes = match args.all {
        true => Vec::new(),
        false => crate::board::told_changes(),
    };
    let filter = EventFilter {
        sources: Vec::new(),
        changes,
        since,
    };
    let after = args.after.as_deref().map(str::parse).transpose();
    let after: Option<Cursor> = after.map_err(Failure::usage)?;
    let stream = args.follow || session.format == Format::Jsonl;
    // Taken before the events are read: what comes in between is read twice rather than never.
    let cursor = store.cursor()?;
    let mut events = match &after {
        Some(after) => store.events_after(after, args.limit, &filter)?,
        None => store.latest_events(None, args.limit, &filter)?,
    };
    if stream && after.is_none() {
        events.reverse();
    }
    if args.follow {
        if session.format == Format::Json {
            return Err(Failure::usage(
                "--follow gives lines: --format jsonl or text",
            ));
        }
        drop(store);
        let next = next(after.as_ref(), &events, cursor, args.limit);
        return follow(session, &filter, args.limit, events, next);
    }
    match session.format {
        Format::Json => {
            let cursor = next(after.as_ref(), &events, cursor, args.limit);
            let data = serde_json::json!({ "cursor": cursor, "events": events });
            document(session, "changes", data)
        }
        Format::Text if events.is_empty() => Ok(Output::text(format!(
            "{}\n",
            session.lang.words().label.nothing
        ))),
        _ => Ok(Output::text(lines(session, &events))),
    }
}

fn lines(session: &Session, events: &[Event]) -> String {
    match session.format {
        Format::Jsonl => jsonl::jsonl(events),
        _ => terminal::events(events, |id| session.place(id), session.lang),
    }
}

/// Where to go on: after the last event of a full page, else at the end as it was before.
fn next(after: Option<&Cursor>, events: &[Event], end: Cursor, limit: u32) -> Cursor {
    match events.last() {
        Some(last) if after.is_some() && events.len() == limit as usize => last.id.clone(),
        Some(last) if last.id.seq > end.seq => last.id.clone(),
        _ => end,
    }
}

/// Prints what there is, then what comes, until the reader or a signal ends it. The database is
/// opened anew each time, so that one put in its place is noticed, and nobody is kept waiting.
fn follow(
    session: &Session,
    filter: &EventFilter,
    limit: u32,
    mut events: Vec<Event>,
    mut after: Cursor,
) -> Result<Output, Failure> {
    let db = session.db()?;
    loop {
        if print(&lines(session, &events)).is_err() {
            // The reader has gone.
            return Ok(Output::default());
        }
        if events.len() < limit as usize {
            std::thread::sleep(PAUSE);
        }
        let look = || -> Result<_, StoreError> {
            let store = Store::open_existing(&db)?;
            let end = store.cursor()?;
            let events = store.events_after(&after, limit, filter)?;
            Ok((next(Some(&after), &events, end, limit), events))
        };
        (after, events) = match look() {
            Ok(found) => found,
            Err(StoreError::Locked { .. }) => (after, Vec::new()),
            Err(error) => return Err(error.into()),
        };
    }
}

/// A day, a moment, or a number of days back (`7d`).
pub(super) fn moment(text: &str, now: Timestamp) -> Result<Timestamp, Failure> {
    let days = text.strip_suffix('d').and_then(|n| n.parse::<i64>().ok());
    if let Some(back) = days.filter(|d| (0..=36_500).contains(d)) {
        let back = now.checked_sub((back * 24).hours());
        return back.map_err(|_| Failure::usage(format!("--since {text}: too long ago")));
    }
    // A date alone: jiff would also take the date out of a moment.
    if let Some(day) = Some(text)
        .filter(|t| t.len() == 10)
        .and_then(|t| t.parse::<Date>().ok())
    {
        let midnight = day.to_datetime(jiff::civil::Time::midnight());
        if let Ok(at) = crate::model::CHINA.to_timestamp(midnight) {
            return Ok(at);
        }
    }
    text.parse().map_err(|_| {
        Failure::usage(format!(
            "--since {text}: give a day (2026-12-01), a moment (2026-12-01T08:00:00+08:00) or days back (7d)"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_day_in_china_an_instant_or_days_back() {
        let now: Timestamp = "2026-12-10T00:00:00Z".parse().unwrap();
        for (text, want) in [
            ("2026-12-01", "2026-11-30T16:00:00Z"),
            ("2026-12-01T08:00:00+08:00", "2026-12-01T00:00:00Z"),
            ("2d", "2026-12-08T00:00:00Z"),
        ] {
            assert_eq!(moment(text, now).unwrap().to_string(), want);
        }
        for bad in ["yesterday", "-1d", "2026-13-01", ""] {
            assert!(moment(bad, now).is_err(), "{bad}");
        }
    }
}
