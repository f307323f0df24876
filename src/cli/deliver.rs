//! `deliver`: sends what waits. Quiet when nothing went wrong.

use super::args::Format;
use super::session::Session;
use super::{Failure, NOTHING, Output, SOME_FAILED, WELL, document};
use crate::deliver::{self, DeliverError, DeliveryReport, SinkReport};
use crate::store::{RunLock, Store};
use std::io::IsTerminal;

pub(super) fn run(session: &Session) -> Result<Output, Failure> {
    if session.settings.sinks.is_empty() {
        return Err(Failure::usage(
            "no [[sink]] in the settings; `lingzheng init` writes examples",
        ));
    }
    let db = session.db()?;
    // Only `crawl` makes a database.
    drop(session.store()?);
    let mut store = Store::open(&db)?;
    let _lock = RunLock::take(&db)?;
    let report = deliver::run(&mut store, &session.settings, &session.catalog, session.now)
        .map_err(|e| failure(session, e))?;
    let code = if report.troubled() { SOME_FAILED } else { WELL };
    if session.format != Format::Text {
        return Ok(document(session, "deliver", &report)?.code(code));
    }
    let all = std::io::stdout().is_terminal();
    Ok(Output::text(lines(&report, all)).code(code))
}

/// One line for each sink in trouble; for every sink where a person looks on.
fn lines(report: &DeliveryReport, all: bool) -> String {
    let shown = report.sinks.iter().filter(|s| all || s.problem.is_some());
    shown.map(|s| format!("{}\n", line(s))).collect()
}

/// `team: 3 sent, 2 failed, 4 waiting: HTTP 500`.
pub(super) fn line(sink: &SinkReport) -> String {
    let mut text = format!("{}: {} sent", sink.name, sink.sent);
    for (count, what) in [
        (sink.failed, "failed"),
        (sink.waiting as usize, "waiting"),
        (sink.dead as usize, "given up"),
    ] {
        if count > 0 {
            text.push_str(&format!(", {count} {what}"));
        }
    }
    if let Some(why) = sink.problem.as_deref().or(sink.held) {
        text.push_str(&format!(": {why}"));
    }
    crate::render::safe::terminal(&text)
}

/// What a pass that could not be made says.
pub(super) fn failure(session: &Session, error: DeliverError) -> Failure {
    match error {
        DeliverError::Store(error) => error.into(),
        DeliverError::Unknown(name) => {
            let known = session.settings.sinks.iter().map(|s| s.name.as_str());
            let near = match crate::meant::near(&name, known.clone()) {
                Some(near) => near,
                None => format!("the settings have {}", known.collect::<Vec<_>>().join(", ")),
            };
            Failure::usage(format!("no [[sink]] is named `{name}`; {near}"))
        }
        DeliverError::Net(fault) => Failure::usage(fault.detail),
        other => Failure::with(NOTHING, other.to_string()),
    }
}
