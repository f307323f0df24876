//! `export atom` and its kin: what is known as a feed, a calendar or a table.

use super::args::ExportWhat;
use super::session::Session;
use super::{Failure, Output, files};
use crate::feed::{self, NEWEST, Selection, Wanted};
use crate::render::{atom, csv, ical, json_feed, jsonl};

pub(super) fn run(session: &Session, what: &ExportWhat) -> Result<Output, Failure> {
    let select = match what {
        ExportWhat::Atom(s) | ExportWhat::Jsonfeed(s) | ExportWhat::Ics(s) => s,
        ExportWhat::Csv(s) | ExportWhat::Jsonl(s) => s,
        ExportWhat::Site { .. } => return Ok(Output::default()),
    };
    if let Some(path) = &select.out {
        files::check(path)?;
    }
    let wanted = Wanted {
        region: select.region.as_deref(),
        exam: select.exam.as_deref(),
        sitting: select.sitting.as_deref(),
    };
    let watched = &session.settings.watch.exams;
    let mut selection =
        Selection::of(&session.catalog, watched, &wanted).map_err(Failure::usage)?;
    selection.kinds.clone_from(&select.kind);
    selection.self_url.clone_from(&select.self_url);
    if matches!(what, ExportWhat::Atom(_) | ExportWhat::Jsonfeed(_)) {
        selection.most = Some(NEWEST);
    }
    let feed = feed::build(&session.store()?, &session.catalog, &selection, session.now)?;
    let cannot = |e: &dyn std::fmt::Display| Failure::usage(format!("cannot be written: {e}"));
    let text = match what {
        ExportWhat::Atom(_) => atom::atom(&feed, session.lang).map_err(|e| cannot(&e))?,
        ExportWhat::Jsonfeed(_) => json_feed::json_feed(&feed, session.lang),
        ExportWhat::Ics(_) => ical::ical(&feed, session.lang),
        ExportWhat::Csv(_) => csv::csv(&feed).map_err(|e| cannot(&e))?,
        ExportWhat::Jsonl(_) => jsonl::jsonl(&feed.events),
        ExportWhat::Site { .. } => return Ok(Output::default()),
    };
    match &select.out {
        Some(path) => files::write(path, text.as_bytes()).map(|_| Output::default()),
        None => Ok(Output::text(text)),
    }
}
