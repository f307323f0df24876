//! `export`: files for others.

use super::args::{ExportArgs, ExportWhat, SittingArgs};
use super::session::Session;
use super::{Failure, Output, files};
use crate::compare::{CompareError, compare};
use crate::feed::{self, NEWEST, Selection, Wanted};
use crate::model::{Board, Event, Feed, Notice, NoticeId, Subject, Tied};
use crate::render::html::{Form, Place, To, file, site};
use crate::render::{Lang, atom, ical, json_feed};
use crate::store::{EventFilter, Store};
use crate::tied::Ties;
use std::collections::BTreeMap;
use std::path::Path;

/// Changes on the static page of changes.
const CHANGES: u32 = 200;

pub(super) fn run(session: &Session, args: &ExportArgs) -> Result<Output, Failure> {
    match &args.what {
        ExportWhat::Site { dir, which } => site(session, dir, which),
        feed => super::feeds::run(session, feed),
    }
}

/// The board as static pages, in both languages.
fn site(session: &Session, dir: &Path, which: &SittingArgs) -> Result<Output, Failure> {
    files::folder(dir)?;
    files::check(&dir.join(file(To::Board)))?;
    for top in [dir.to_path_buf(), dir.join("en")] {
        for part in ["", "region", "notice"] {
            files::folder(&top.join(part))?;
        }
    }
    let store = session.store()?;
    let board = session.board(&store, which)?;
    let (newest, all) = feeds(session, &store, which)?;
    let mut out = Tree {
        dir,
        written: 0,
        same: 0,
    };
    for lang in [Lang::Zh, Lang::En] {
        let at = |depth| site::At {
            lang,
            place: Place::Files { lang, depth },
        };
        let names = site::Names {
            catalog: &session.catalog,
            lang,
        };
        out.put(lang, To::Board, site::board(&board, None, at(0)))?;
        for region in board.regions.keys() {
            if let Some(page) = site::region(&board, region, at(1)) {
                out.put(lang, To::Region(region), page)?;
            }
        }
        let filter = EventFilter {
            changes: crate::board::told_changes(),
            ..EventFilter::default()
        };
        let events = store.latest_events(None, CHANGES, &filter)?;
        out.put(
            lang,
            To::Changes,
            site::changes(&events, names, None, at(0)),
        )?;
        out.put(
            lang,
            To::Sources,
            site::sources(&store.source_states()?, names, at(0)),
        )?;
        out.put(lang, To::Feeds, site::feeds(names, at(0)))?;
        let cannot = |e| Failure::usage(format!("cannot write Atom: {e}"));
        for (form, text) in [
            (Form::Atom, atom::atom(&newest, lang).map_err(cannot)?),
            (Form::Json, json_feed::json_feed(&newest, lang)),
            (Form::Calendar, ical::ical(&all, lang)),
        ] {
            out.put(lang, To::Feed(form, None), text)?;
        }
        for (notice, tied) in linked(&store, &board, &events)? {
            notice_pages(session, &store, &mut out, (&notice, &tied), at(1))?;
        }
    }
    Ok(Output::text(format!(
        "{}: {} pages written, {} unchanged\n",
        dir.display(),
        out.written,
        out.same
    )))
}

/// What readers get, the newest notices; and what calendars get, all of them.
fn feeds(session: &Session, store: &Store, which: &SittingArgs) -> Result<(Feed, Feed), Failure> {
    let wanted = Wanted {
        exam: which.exam.as_deref(),
        ..Wanted::default()
    };
    let watched = &session.settings.watch.exams;
    let selection = Selection::of(&session.catalog, watched, &wanted).map_err(Failure::usage)?;
    let all = feed::build(store, &session.catalog, &selection, session.now)?;
    let mut newest = all.clone();
    newest.notices.truncate(NEWEST);
    Ok((newest, all))
}

/// Every notice that a page links to, with those that these link to.
fn linked(store: &Store, board: &Board, events: &[Event]) -> Result<Vec<(Notice, Tied)>, Failure> {
    let mut ids: Vec<NoticeId> = board.notices.keys().copied().collect();
    for event in board.events.iter().chain(events) {
        if let Subject::Notice(id) = event.subject {
            ids.push(id);
        }
    }
    let mut ties = Ties::default();
    let mut out: BTreeMap<NoticeId, (Notice, Tied)> = BTreeMap::new();
    while let Some(id) = ids.pop() {
        if out.contains_key(&id) {
            continue;
        }
        let Some(notice) = store.notice(id)? else {
            continue;
        };
        let tied = ties.of(store, &notice)?;
        ids.extend(tied.corrects.iter().chain(&tied.corrected_by).map(|n| n.id));
        out.insert(id, (notice, tied));
    }
    Ok(out.into_values().collect())
}

fn notice_pages(
    session: &Session,
    store: &Store,
    out: &mut Tree,
    (notice, tied): (&Notice, &Tied),
    at: site::At,
) -> Result<(), Failure> {
    let (versions, events) = (store.versions(notice.id)?, store.events_of(notice.id)?);
    let page = site::NoticePage {
        notice,
        versions: &versions,
        events: &events,
        tied,
        names: site::Names {
            catalog: &session.catalog,
            lang: at.lang,
        },
        raw: false,
    };
    out.put(at.lang, To::Notice(notice.id), site::notice(&page, at))?;
    for new in versions.iter().filter(|v| v.n > 1) {
        let old = new.n - 1;
        let (catalog, families) = (&session.catalog, &session.families);
        let found = match compare(store, catalog, families, notice, Some(old), Some(new.n)) {
            Ok(found) => found,
            // Pruned, or not readable by today's rules: the link's target says nothing then.
            Err(CompareError::Missing(_)) => continue,
            Err(CompareError::Store(error)) => return Err(error.into()),
        };
        let page = site::Diff {
            notice,
            old: &found.old,
            new: &found.new,
            deltas: &found.deltas,
            text: &found.text,
            reading: &found.reading,
        };
        out.put(
            at.lang,
            To::Diff(notice.id, old, new.n),
            site::diff(&page, at),
        )?;
    }
    Ok(())
}

/// The folder that is written to.
struct Tree<'a> {
    dir: &'a Path,
    written: usize,
    same: usize,
}

impl Tree<'_> {
    fn put(&mut self, lang: Lang, to: To, page: String) -> Result<(), Failure> {
        let top = match lang {
            Lang::Zh => self.dir.to_path_buf(),
            Lang::En => self.dir.join("en"),
        };
        match files::write(&top.join(file(to)), page.as_bytes())? {
            true => self.written += 1,
            false => self.same += 1,
        }
        Ok(())
    }
}
