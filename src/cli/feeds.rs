//! `export atom` and its kin: what is known as a feed, a calendar or a table.

use super::args::ExportWhat;
use super::session::Session;
use super::{Failure, Output};
use crate::feed::{self, NEWEST, Selection, Wanted};
use crate::render::{atom, csv, ical, json_feed, jsonl};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

pub(super) fn run(session: &Session, what: &ExportWhat) -> Result<Output, Failure> {
    let select = match what {
        ExportWhat::Atom(s) | ExportWhat::Jsonfeed(s) | ExportWhat::Ics(s) => s,
        ExportWhat::Csv(s) | ExportWhat::Jsonl(s) => s,
        ExportWhat::Site { .. } => return Ok(Output::default()),
    };
    let target = select.out.as_deref().map(Target::new).transpose()?;
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
    match target {
        Some(target) => target.put(&text).map(|()| Output::default()),
        None => Ok(Output::text(text)),
    }
}

/// A file that gets its content at once or not at all.
pub(super) struct Target {
    path: PathBuf,
    beside: PathBuf,
    file: File,
}

impl Target {
    /// Makes sure, before the work, that the file can be written.
    pub(super) fn new(path: &Path) -> Result<Target, Failure> {
        let cannot = |why: &dyn std::fmt::Display| {
            Failure::usage(format!("cannot write {}: {why}", path.display()))
        };
        match std::fs::metadata(path) {
            Ok(meta) if !meta.is_file() => return Err(cannot(&"it is no plain file")),
            Ok(_) => {}
            Err(e) if e.kind() == ErrorKind::NotFound => {}
            Err(e) => return Err(cannot(&e)),
        }
        let Some(name) = path.file_name() else {
            return Err(cannot(&"it names no file"));
        };
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.new", std::process::id()));
        let beside = path.with_file_name(hidden);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&beside)
            .map_err(|e| cannot(&e))?;
        Ok(Target {
            path: path.to_owned(),
            beside,
            file,
        })
    }

    /// Puts the text in place of what is there, if it differs: a web server's validators and a
    /// copy program's dates say no more than is true.
    pub(super) fn put(mut self, text: &str) -> Result<(), Failure> {
        if std::fs::read(&self.path).is_ok_and(|old| old == text.as_bytes()) {
            return Ok(());
        }
        let mut put = || {
            self.file.write_all(text.as_bytes())?;
            self.file.sync_all()?;
            std::fs::rename(&self.beside, &self.path)
        };
        put().map_err(|e| Failure::usage(format!("cannot write {}: {e}", self.path.display())))
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // Gone already where it took its place.
        let _ = std::fs::remove_file(&self.beside);
    }
}
