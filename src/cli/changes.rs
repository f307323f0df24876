//! `changes`: the journal.

use super::args::{ChangesArgs, Format};
use super::session::Session;
use super::{Failure, Output, document};
use crate::model::{Cursor, Date, Timestamp};
use crate::render::terminal;
use crate::store::EventFilter;
use jiff::ToSpan;

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
    let events = match &args.after {
        Some(text) => {
            let after: Cursor = text.parse().map_err(Failure::usage)?;
            store.events_after(&after, args.limit, &filter)?
        }
        None => store.latest_events(None, args.limit, &filter)?,
    };
    let cursor = store.cursor()?;
    match session.format {
        Format::Jsonl => {
            let lines: Result<Vec<String>, _> = events.iter().map(serde_json::to_string).collect();
            let lines = lines.map_err(|e| Failure::usage(e.to_string()))?;
            Ok(Output::text(
                lines.iter().map(|l| format!("{l}\n")).collect::<String>(),
            ))
        }
        Format::Json => document(
            session,
            "changes",
            serde_json::json!({ "cursor": cursor, "events": events }),
        ),
        Format::Text if events.is_empty() => Ok(Output::text(format!(
            "{}\n",
            session.lang.words().label.nothing
        ))),
        Format::Text => Ok(Output::text(terminal::events(
            &events,
            |id| session.place(id),
            session.lang,
        ))),
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
