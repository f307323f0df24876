//! `crawl`: look at the offices. Quiet when nothing happened.

use super::args::{CrawlArgs, Format};
use super::session::Session;
use super::signals::asked_to_end;
use super::{
    BUSY, DATABASE, Failure, NEWS, NEWS_SOME_FAILED, NOTHING, Output, SOME_FAILED, USAGE, WELL,
    complain, document,
};
use crate::adapter::Office;
use crate::crawl::warn::Warning;
use crate::crawl::{self, Ended, Job, Progress, Report, RunError};
use crate::deliver;
use crate::fetch::{Fetcher, Files, Recorded};
use crate::meant::nearest;
use crate::model::source::Kind;
use crate::model::{Change, Source};
use crate::render::terminal;
use crate::store::{RunLock, Store, StoreError};
use std::io::{IsTerminal, Write};
use std::sync::Arc;

pub(super) fn run(session: &Session, args: &CrawlArgs) -> Result<Output, Failure> {
    let result = work(session, args);
    let code = match &result {
        // Some office is always down: a run that did its work is well, as for systemd.
        Ok(output) if output.code != NOTHING => WELL,
        Ok(output) => output.code,
        Err(failure) => failure.code,
    };
    // Where another run holds the lock, that one will tell.
    if code != BUSY
        && let Err(error) = deliver::ping(&session.settings, code)
    {
        complain(&format!("[ping]: {error}"));
    }
    result
}

fn work(session: &Session, args: &CrawlArgs) -> Result<Output, Failure> {
    let offices: Vec<Arc<Office>> = chosen(session, args)?
        .into_iter()
        .map(|s| session.office(s))
        .collect::<Result<_, _>>()?;
    if args.recorded.is_none() {
        contact(session, &offices)?;
    }
    let db = session.db()?;
    if db.exists() {
        // What is not ours gets no lock file beside it.
        drop(Store::open_existing(&db)?);
    }
    // What one run logs is told apart from what another does.
    let run = tracing::info_span!("run", id = %format_args!("{:016x}", seed()));
    let _entered = run.enter();
    // Before the store is opened for writing: opening may bring an older schema forward.
    let _lock = RunLock::take(&db)?;
    let mut store = Store::open(&db)?;
    deliver::enrol(&mut store, &session.settings, session.now)?;
    match store.prune(session.now, session.settings.keep) {
        // Before the visits: they would make a clock that is years ahead look right.
        Ok(_) | Err(StoreError::Clock { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let job = Job {
        catalog: &session.catalog,
        offices,
        settings: &session.settings,
        now: session.now,
    };
    let door = |memory| match (&args.recorded, args.round) {
        (Some(dir), Some(round)) => {
            let files = Files::Folder(dir.clone());
            Ok(Fetcher::recorded(Recorded::new(files, round, session.now)))
        }
        _ => Fetcher::live(&session.settings, memory, session.now, seed()),
    };
    let bar = std::io::stderr().is_terminal() && !session.quiet;
    let report = crawl::run_until(
        &job,
        &mut store,
        door,
        |p| show_progress(bar, p),
        asked_to_end(),
    );
    if bar {
        let _ = write!(std::io::stderr(), "\r\x1b[2K");
    }
    let report = report.map_err(|error| match error {
        RunError::Store(error) => error.into(),
        RunError::Door(fault) => Failure::usage(fault.detail),
        other => Failure::with(NOTHING, other.to_string()),
    })?;
    if !args.no_deliver {
        send(session, &mut store);
    }
    finish(session, args, &report, bar)
}

/// Whether the offices can tell who asks them. One clear refusal in place of a fault at every
/// source, and before anything is kept.
fn contact(session: &Session, offices: &[Arc<Office>]) -> Result<(), Failure> {
    let own = |office: &Arc<Office>| {
        // Without a list it is only visited for what a person entered, and `net` asks again.
        if office.source.list.is_empty() {
            return true;
        }
        // A literal address is let through by `net.allow` only: a person's own machine.
        let url: Option<url::Url> = office.source.list.parse().ok();
        url.is_some_and(|u| matches!(u.host(), Some(url::Host::Ipv4(_) | url::Host::Ipv6(_))))
    };
    let address = session.settings.contact.address.as_deref();
    if address.is_some_and(|a| !a.trim().is_empty()) || offices.iter().all(own) {
        return Ok(());
    }
    Err(Failure::usage(
        "no contact is set, and nobody is asked without one: offices must be able to reach whoever \
         fetches their pages. `lingzheng init` writes the settings; put an e-mail address or URL \
         under [contact] address",
    ))
}

/// Sends the news. A sink that fails is a line of warning, and only in a run that tried it.
fn send(session: &Session, store: &mut Store) {
    let now = session.moment();
    match deliver::run(store, &session.settings, &session.catalog, now) {
        Ok(report) => {
            for sink in report.sinks.iter().filter(|s| s.failed > 0) {
                complain(&format!("sink {}", super::deliver::line(sink)));
            }
        }
        Err(error) => complain(&format!("nothing was sent: {error}")),
    }
}

/// The sources that the person named, or all.
fn chosen<'a>(session: &'a Session, args: &CrawlArgs) -> Result<Vec<&'a Source>, Failure> {
    let sources = &session.catalog.sources;
    for id in &args.ids {
        if session.catalog.source(id).is_none() {
            let near = nearest(id, sources.iter().map(|s| s.id.as_str()));
            return Err(Failure::with(USAGE, format!("no source `{id}`; {near}")));
        }
    }
    let mut ids: Vec<String> = args.ids.clone();
    if let Some(word) = &args.region {
        ids.extend(session.serving(session.region(word)?));
    } else if ids.is_empty() {
        let regions = &session.settings.watch.regions;
        for region in session
            .catalog
            .regions
            .iter()
            .filter(|r| regions.contains(&r.id))
        {
            ids.extend(session.serving(region));
        }
        // What a person entered is watched, wherever it holds.
        if !ids.is_empty() {
            ids.extend(session.by_hand.iter().cloned());
        }
    }
    let all = ids.is_empty();
    let fetched = |s: &&Source| {
        let visited = s.kind != Kind::Manual || session.by_hand.contains(&s.id);
        visited && (all || ids.contains(&s.id))
    };
    let chosen: Vec<&Source> = sources.iter().filter(fetched).collect();
    if chosen.is_empty() {
        return Err(Failure::usage(
            "none of these sources has a page that a program can fetch; \
             `lingzheng sources` says how each is watched",
        ));
    }
    Ok(chosen)
}

/// Jitter's seed: the process id and the clock's nanoseconds differ from run to run.
pub(super) fn seed() -> u64 {
    let nanos = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .map_or(0, |d| d.subsec_nanos());
    u64::from(std::process::id()) << 32 | u64::from(nanos)
}

fn show_progress(bar: bool, progress: Progress) {
    if bar {
        let Progress {
            done,
            total,
            source,
        } = progress;
        let filled = (done * 24).checked_div(total).unwrap_or(0);
        let line = format!(
            "[{}{}]",
            "█".repeat(filled),
            "░".repeat(24 - filled.min(24))
        );
        let _ = write!(std::io::stderr(), "\r\x1b[2K{line} {done}/{total} {source}");
        let _ = std::io::stderr().flush();
    }
}

fn finish(
    session: &Session,
    args: &CrawlArgs,
    report: &Report,
    terminal: bool,
) -> Result<Output, Failure> {
    let code = exit_code(report, args.exit_code, session);
    let complaint = complaint(session, report);
    if session.format != Format::Text {
        let outcomes: Vec<_> = report
            .outcomes
            .iter()
            .map(|o| {
                serde_json::json!({
                    "source": o.source, "ok": o.fault.is_none(), "fault": o.fault,
                    "requests": o.requests,
                })
            })
            .collect();
        let data = serde_json::json!({
            "events": report.events, "sources": outcomes, "warnings": report.warnings, "complete": complaint.is_none(),
        });
        return Ok(document(session, "crawl", data)?
            .code(code)
            .complain(complaint));
    }
    let mut text = told(session, report);
    if terminal {
        let news = report.news(session.now).count();
        text.push_str(&format!(
            "{} sources, {} failed, {} to tell\n",
            report.outcomes.len(),
            report.failed(),
            news
        ));
    }
    Ok(Output::text(text).code(code).complain(complaint))
}

/// Why the run was not done to the end; None = it was.
fn complaint(session: &Session, report: &Report) -> Option<String> {
    if let Some(error) = &report.failure {
        return Some(error.to_string());
    }
    let left = report.outcomes.iter().filter(|o| o.skipped()).count();
    let left = format!("{left} of {} sources", report.outcomes.len());
    Some(match report.ended? {
        Ended::Deadline => format!(
            "the run's time ({} s, net.run_deadline) was over with {left} to visit; \
             they are first in the next run",
            session.settings.net.run_deadline
        ),
        Ended::Signal(number) => format!(
            "ended by signal {number} with {left} to visit; what was visited is stored, \
             the others are first in the next run"
        ),
    })
}

/// What a run says to a person: its news, and once a day what still fails.
pub(super) fn told(session: &Session, report: &Report) -> String {
    let news: Vec<_> = report.news(session.now).cloned().collect();
    let mut text = terminal::events(&news, |id| session.place(id), session.lang);
    for (source, fault, since) in &report.reminders {
        text.push_str(&terminal::reminder(
            &session.place(source),
            fault,
            *since,
            session.lang,
        ));
    }
    let words = session.lang.words();
    for warning in &report.warnings {
        let (source, what) = match warning {
            Warning::Stale { source, days } => (source, (words.stale)(*days)),
            Warning::Certificate {
                source,
                host,
                until,
            } => (source, (words.certificate)(host, *until)),
        };
        text.push_str(&terminal::warning(&session.place(source), &what));
    }
    text
}

fn exit_code(report: &Report, by_news: bool, session: &Session) -> u8 {
    if report.failure.is_some() {
        return DATABASE;
    }
    if let Some(Ended::Signal(number)) = report.ended {
        // As a shell reports it.
        return 128 + number;
    }
    let failed = report.failed();
    let about_notices = |c: &Change| !matches!(c, Change::Broken { .. } | Change::Recovered { .. });
    let news = report.news(session.now).any(|e| about_notices(&e.change));
    // A list that fails leaves its known notices to be looked at: with news, something succeeded.
    if failed == report.outcomes.len() && !news {
        return NOTHING;
    }
    match (by_news && news, failed > 0) {
        (true, false) => NEWS,
        (true, true) => NEWS_SOME_FAILED,
        (false, true) => SOME_FAILED,
        (false, false) => WELL,
    }
}
