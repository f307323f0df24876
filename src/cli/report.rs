//! `report`: a sitting to publish, in the form that is asked for.

use super::args::{AnyFormat, Drawing, Format, ReportArgs};
use super::changes::moment;
use super::session::Session;
use super::{Failure, Output, files};
use crate::board::told_changes;
use crate::model::{Board, Subject, Timestamp};
use crate::render::{envelope, html, markdown, svg, terminal};
use crate::store::EventFilter;

/// Most changes of a report.
const EVENTS: u32 = 1000;

pub(super) fn run(
    session: &Session,
    form: AnyFormat,
    args: &ReportArgs,
) -> Result<Output, Failure> {
    let since = args.since.as_deref();
    let since = since.map(|w| moment(w, session.now)).transpose()?;
    let usual = usual(form, args.what);
    let out = args.out.as_deref();
    let target = out.map(|out| files::target(out, usual)).transpose()?;
    if let Some(path) = &target {
        files::check(path)?;
    }
    let store = session.store()?;
    let mut board = session.board(&store, &args.which)?;
    if let Some(since) = since {
        // The board holds only the newest: here all of them are wanted.
        let told = EventFilter {
            changes: told_changes(),
            since: Some(since),
            ..EventFilter::default()
        };
        board.events = store.latest_events(None, EVENTS, &told)?;
        board.events.retain(|e| match &e.subject {
            Subject::Notice(id) => board.notices.contains_key(id),
            Subject::Source(_) => false,
            Subject::Standing { sitting, .. } => *sitting == board.sitting.id,
        });
        if matches!(form, AnyFormat::Text | AnyFormat::Markdown) {
            board.keep_since(since);
        }
    }
    let text = render(session, form, args, &board, since)?;
    let Some(path) = target else {
        return Ok(Output::text(text));
    };
    let plain = match form {
        AnyFormat::Text => anstream::adapter::strip_str(&text).to_string(),
        _ => text,
    };
    let word = match files::write(&path, plain.as_bytes())? {
        true => "written",
        false => "unchanged",
    };
    Ok(Output::text(format!("{} {word}\n", path.display())))
}

fn render(
    session: &Session,
    form: AnyFormat,
    args: &ReportArgs,
    board: &Board,
    since: Option<Timestamp>,
) -> Result<String, Failure> {
    let lang = session.lang;
    Ok(match form {
        AnyFormat::Text => {
            let mut out = terminal::board(board, session.verbose, lang);
            if since.is_some() {
                out.push('\n');
                out.push_str(&terminal::events(
                    &board.events,
                    |id| session.place(id),
                    lang,
                ));
            }
            out
        }
        AnyFormat::Markdown => markdown::round_up(board, lang),
        AnyFormat::Html => html::page(board, lang),
        AnyFormat::Svg => match args.what {
            Drawing::Map => svg::map(board, lang),
            Drawing::Timeline => svg::timeline(board, lang),
        },
        AnyFormat::Json | AnyFormat::Jsonl => {
            let value = envelope("report", session.now, board);
            let value = value.map_err(|e| Failure::usage(format!("cannot write JSON: {e}")))?;
            let format = form.common().unwrap_or(Format::Json);
            super::json(&value, format)?.text
        }
    })
}

/// The name of a file that is given no name.
fn usual(form: AnyFormat, what: Drawing) -> &'static str {
    match (form, what) {
        (AnyFormat::Text, _) => "board.txt",
        (AnyFormat::Json, _) => "board.json",
        (AnyFormat::Jsonl, _) => "board.jsonl",
        (AnyFormat::Markdown, _) => "board.md",
        (AnyFormat::Html, _) => "board.html",
        (AnyFormat::Svg, Drawing::Map) => "map.svg",
        (AnyFormat::Svg, Drawing::Timeline) => "timeline.svg",
    }
}
