//! `notify`: the sinks, one by one: how they stand, a trial, another try.

use super::args::{Format, NotifyAction, NotifyArgs, RetryArgs};
use super::deliver::failure;
use super::session::Session;
use super::{Failure, Output, SOME_FAILED, WELL, document};
use crate::deliver;
use crate::model::{Change, Cursor, Event, Subject, china_date};
use crate::render::{safe, terminal};
use crate::store::{EventFilter, SinkState, Store};
use base64::Engine;
use std::collections::BTreeMap;

pub(super) fn run(session: &Session, args: &NotifyArgs) -> Result<Output, Failure> {
    match &args.action {
        NotifyAction::Status => status(session),
        NotifyAction::Test { sink } => test(session, sink),
        NotifyAction::Retry(args) => retry(session, args),
        NotifyAction::Enable { sink } => {
            let mut store = writing(session)?;
            let count = deliver::enable(&mut store, &session.settings, sink, session.now)
                .map_err(|e| failure(session, e))?;
            Ok(Output::text(format!("{sink}: {count} to send again\n")))
        }
        NotifyAction::Forget { sink } => {
            let mut store = writing(session)?;
            if !store.sinks()?.iter().any(|s| s.name == *sink) {
                return Err(Failure::usage(format!(
                    "the database knows no sink `{sink}`; `lingzheng notify status` lists them"
                )));
            }
            store.forget_sink(sink)?;
            Ok(Output::text(format!(
                "{sink} is forgotten; while it stands in the settings it starts anew with what comes\n"
            )))
        }
        NotifyAction::Secret => secret(),
    }
}

/// The database for writing, which `crawl` has made.
fn writing(session: &Session) -> Result<Store, Failure> {
    drop(session.store()?);
    Ok(Store::open(session.db()?)?)
}

fn status(session: &Session) -> Result<Output, Failure> {
    let store = session.store()?;
    let states: BTreeMap<String, SinkState> = store
        .sinks()?
        .into_iter()
        .map(|s| (s.name.clone(), s))
        .collect();
    let sinks = &session.settings.sinks;
    let mut rows = Vec::new();
    let mut data = Vec::new();
    let mut dead = false;
    let configured = sinks.iter().map(|s| (s.name.as_str(), s.kind.word()));
    let others = states
        .keys()
        .filter(|n| !sinks.iter().any(|s| s.name == **n));
    for (name, kind) in configured.chain(others.map(|n| (n.as_str(), "not in the settings"))) {
        let state = states.get(name);
        let last = store.dead(name, u32::MAX)?.pop();
        let why = last.and_then(|d| d.detail).unwrap_or_default();
        dead |= state.is_some_and(|s| s.dead > 0);
        let count = |n: Option<u32>| n.map_or("—".into(), |n| n.to_string());
        let day = |at: Option<_>| at.map_or("—".into(), |at| china_date(at).to_string());
        rows.push(vec![
            safe::terminal(name),
            kind.to_owned(),
            count(state.map(|s| s.waiting)),
            day(state.and_then(|s| s.oldest)),
            count(state.map(|s| s.dead)),
            day(state.and_then(|s| s.last_done_at)),
            safe::short(&safe::terminal(&why), 60),
        ]);
        data.push(serde_json::json!({
            "name": name, "kind": kind,
            "waiting": state.map(|s| s.waiting), "oldest": state.and_then(|s| s.oldest),
            "dead": state.map(|s| s.dead), "last_done_at": state.and_then(|s| s.last_done_at),
            "why": why,
        }));
    }
    let code = if dead { SOME_FAILED } else { WELL };
    if session.format != Format::Text {
        return Ok(document(session, "sinks", data)?.code(code));
    }
    if rows.is_empty() {
        return Ok(Output::text(
            "no [[sink]] in the settings; `lingzheng init` writes examples\n",
        ));
    }
    let header = [
        "sink",
        "kind",
        "waiting",
        "oldest",
        "given up",
        "last taken",
        "why",
    ];
    let mut text = terminal::table(&header, rows);
    if dead {
        text.push_str("`lingzheng notify retry` shows what was given up and sends it again\n");
    }
    Ok(Output::text(text).code(code))
}

/// Sends one message at once: the latest of the journal, marked as a trial.
fn test(session: &Session, name: &str) -> Result<Output, Failure> {
    let event = trial(session)?;
    deliver::trial(
        &session.settings,
        &session.catalog,
        name,
        &event,
        session.now,
    )
    .map_err(|e| failure(session, e))?;
    Ok(Output::text(format!("{name} took it\n")))
}

fn trial(session: &Session) -> Result<Event, Failure> {
    let latest = match session.store() {
        Ok(store) => {
            let filter = EventFilter {
                changes: vec!["new".into(), "facts".into()],
                ..EventFilter::default()
            };
            store.latest_events(None, 1, &filter)?.pop()
        }
        Err(_) if !session.db()?.exists() => None,
        Err(failure) => return Err(failure),
    };
    let mut event = latest.unwrap_or_else(|| Event {
        id: Cursor {
            epoch: "00000000".into(),
            seq: 0,
        },
        at: session.now,
        subject: Subject::Source(String::new()),
        source: String::new(),
        title: "lingzheng".into(),
        url: String::new(),
        change: Change::Baseline { notices: 0 },
        reading: None,
    });
    // Number 0 is no event's: a receiver that knows what it has seen takes nothing for it.
    event.id.seq = 0;
    event.title = format!("[TEST] {}", event.title);
    Ok(event)
}

/// What was given up: shown, or sent again by the next pass.
fn retry(session: &Session, args: &RetryArgs) -> Result<Output, Failure> {
    let mut store = writing(session)?;
    let sinks = session.settings.sinks.iter().map(|s| s.name.clone());
    let names: Vec<String> = match &args.sink {
        Some(name) => vec![name.clone()],
        None => sinks.collect(),
    };
    let mut text = String::new();
    for name in names {
        let letters = store.dead(&name, u32::MAX)?;
        let wanted: Vec<i64> = match (args.id, args.all) {
            (Some(id), _) => vec![id],
            (None, true) => letters.iter().map(|d| d.event.id.seq).collect(),
            (None, false) => {
                for letter in letters {
                    let why = letter.detail.as_deref().unwrap_or_default();
                    let event = &letter.event;
                    let line = format!("{name} --id {}  {}  ({why})", event.id.seq, event.title);
                    text.push_str(&format!("{}\n", safe::terminal(&line)));
                }
                continue;
            }
        };
        let mut count = 0;
        for seq in wanted {
            count += deliver::replay(
                &mut store,
                &session.settings,
                &session.catalog,
                &name,
                (seq, seq),
                session.now,
            )
            .map_err(|e| failure(session, e))?;
        }
        text.push_str(&format!("{name}: {count} will be sent by the next pass\n"));
    }
    let shown = args.id.is_none() && !args.all;
    text.push_str(match (shown, text.is_empty()) {
        (true, true) => "nothing was given up\n",
        (true, false) => "--all sends all of it again, --id N one event\n",
        (false, _) => "",
    });
    Ok(Output::text(text))
}

/// A fresh signing secret: 32 random bytes, as Standard Webhooks asks.
fn secret() -> Result<Output, Failure> {
    let mut key = [0; 32];
    getrandom::fill(&mut key)
        .map_err(|e| Failure::usage(format!("the system gives no random bytes: {e}")))?;
    let text = base64::engine::general_purpose::STANDARD.encode(key);
    Ok(Output::text(format!("whsec_{text}\n")))
}
