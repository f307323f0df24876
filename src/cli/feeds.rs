//! `export atom` and its kin: what is known as a feed, a calendar or a table.

use super::args::{ExportWhat, SelectArgs};
use super::session::Session;
use super::{Failure, Output};
use crate::config;
use crate::feed::{self, Selection};
use crate::model::settings::Watch;
use crate::model::{Exam, Sitting};
use crate::render::{atom, csv, ical, json_feed, jsonl};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Notices in a feed: a reader remembers the older ones, and a file stays quickly read.
const NEWEST: usize = 200;

pub(super) fn run(session: &Session, what: &ExportWhat) -> Result<Output, Failure> {
    let select = match what {
        ExportWhat::Atom(s) | ExportWhat::Jsonfeed(s) | ExportWhat::Ics(s) => s,
        ExportWhat::Csv(s) | ExportWhat::Jsonl(s) => s,
        ExportWhat::Site { .. } => return Ok(Output::default()),
    };
    let target = select.out.as_deref().map(Target::new).transpose()?;
    let mut selection = selection(session, select)?;
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

/// What the options select; without `--exam` the watched exams.
fn selection<'a>(session: &'a Session, args: &SelectArgs) -> Result<Selection<'a>, Failure> {
    let region = args.region.as_deref().map(|w| session.region(w));
    let words = match args.exam.as_deref() {
        None => session.settings.watch.exams.clone(),
        Some("all") => Vec::new(),
        Some(word) => vec![word.to_owned()],
    };
    let watch = Watch {
        exams: words,
        regions: Vec::new(),
    };
    let ids = config::resolve_watch(&watch, &session.catalog).map_err(Failure::usage)?;
    let exams = session.catalog.exams.iter();
    let exams: Vec<Exam> = exams
        .filter(|e| ids.exams.contains(&e.id))
        .cloned()
        .collect();
    let sitting = args.sitting.as_deref().map(|s| sitting(session, s, &exams));
    Ok(Selection {
        region: region.transpose()?,
        sitting: sitting.transpose()?,
        exams,
        kinds: args.kind.clone(),
        most: None,
        self_url: args.self_url.clone(),
    })
}

fn sitting<'a>(session: &'a Session, word: &str, exams: &[Exam]) -> Result<&'a Sitting, Failure> {
    let [exam] = exams else {
        return Err(Failure::usage("--sitting stands beside one --exam"));
    };
    let own = || {
        session
            .catalog
            .sittings
            .iter()
            .filter(|s| s.exam == exam.id)
    };
    own().find(|s| s.id == word).ok_or_else(|| {
        let known: Vec<&str> = own().map(|s| s.id.as_str()).collect();
        Failure::usage(format!(
            "no sitting `{word}` of {}; known are {}",
            exam.id,
            known.join(", ")
        ))
    })
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
