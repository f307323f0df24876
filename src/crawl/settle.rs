//! The half that talks to the store and never to the network: what a visit brought becomes
//! versions, events and the source's state, in one transaction.

use super::files::File;
use super::read::{Reader, number_windows};
use super::visit::{Look, Outcome, Visit, Who};
use super::{health, kept};
use crate::model::event::Subject;
use crate::model::source::Kind;
use crate::model::{
    Article, Change, Delta, Entry, Event, Exam, Fault, NoticeId, Page, Reading, SourceState,
    Timestamp, Verdict, china_date,
};
use crate::store::{KnownNotice, NewVersion, Settling, Store, StoreError, Validators};
use crate::{diff, plan};
use jiff::ToSpan;
use std::collections::HashMap;

/// Hours within which a page that returns twice to an earlier wording is "unsteady".
const UNSTEADY: i64 = 48;
/// Runs in which a notice's own address must deny it before it is told as gone.
const GONE_RUNS: u32 = 2;

/// What settling needs beside the visit.
pub struct Context<'a> {
    /// Reads pages as this source's rules do today.
    pub reader: &'a Reader,
    /// Watched exams; empty = all.
    pub exams: &'a [Exam],
    /// The run's moment.
    pub now: Timestamp,
    /// Milliseconds that the visit took.
    pub ms: u32,
}

/// What settling a visit gave.
#[derive(Debug, Default)]
pub struct Settled {
    /// The events that it wrote, in order.
    pub events: Vec<Event>,
    /// Why the source failed, with what only the store could tell; None = it did not.
    pub fault: Option<Fault>,
}

/// Settles a visit.
///
/// # Errors
/// What the store says; then nothing of the visit is kept.
pub fn settle(store: &mut Store, visit: &Visit, cx: &Context) -> Result<Settled, StoreError> {
    let known = store.known(&visit.source)?;
    let keys = known
        .notices
        .iter()
        .map(|n| (n.notice.id, n.keys.as_slice()));
    let mut recognised = plan::recognise(&visit.entries, keys);
    let renamed = health::renamed(visit, &recognised, &known.notices);
    for (row, id) in &renamed {
        if let Some(slot) = recognised.get_mut(*row) {
            *slot = Some(*id);
        }
    }
    // A notice that is found under another address is not gone from its old one.
    let anew: HashMap<usize, NoticeId> = renamed.into_iter().collect();
    let looks = visit.looks.iter().filter_map(|look| match look.who {
        Who::Row(row) => Some((
            anew.get(&row)
                .map_or(Target::Row(row), |id| Target::Known(*id)),
            look,
        )),
        Who::Known(id) if anew.values().any(|n| *n == id) => None,
        Who::Known(id) => Some((Target::Known(id), look)),
    });
    let looks: Vec<(Target, &Look)> = looks.collect();
    let by_id: HashMap<NoticeId, &KnownNotice> =
        known.notices.iter().map(|n| (n.notice.id, n)).collect();
    let mut old_articles = HashMap::new();
    for (target, look) in &looks {
        if let (Target::Known(id), Outcome::Read(..)) = (target, &look.outcome)
            && let Some(known) = by_id.get(id)
            && let Some(version) = &known.notice.latest
            && let Some(raw) = store.raw(&version.page)?
        {
            old_articles.insert(*id, cx.reader.stored(&raw, version, &known.notice));
        }
    }
    // What a person enters is told at once; it says nothing of the source's list.
    let manual = visit.by_hand || cx.reader.office().source.kind == Kind::Manual;
    let first_sight = !known.state.baseline_done && !manual;
    let state = known.state.clone();
    let mut work = Work {
        first_sight,
        tx: store.begin(&visit.source)?,
        cx,
        visit,
        events: Vec::new(),
        files: HashMap::new(),
        fault: visit
            .fault
            .clone()
            .or_else(|| health::silent(visit, &state, &known.notices, cx.now)),
        state,
    };
    let ids = work.rows(&recognised, &by_id)?;
    for id in ids.iter().filter(|_| visit.by_hand) {
        work.tx.set_by_hand(*id)?;
    }
    work.files = kept::keep(&mut work.tx, &visit.files, cx.now)?;
    for (target, look) in looks {
        match target {
            Target::Row(i) => {
                if let Some(id) = ids.get(i).copied() {
                    work.first(i, id, look)?;
                }
            }
            Target::Known(id) => {
                if let Some(known) = by_id.get(&id) {
                    work.again(known, look, old_articles.remove(&id).flatten())?;
                }
            }
        }
    }
    work.source()
}

/// Which notice a look turned out to be of.
#[derive(Clone, Copy)]
enum Target {
    /// A new one: the row's.
    Row(usize),
    /// A known one.
    Known(NoticeId),
}

pub(super) struct Work<'a> {
    pub(super) tx: Settling<'a>,
    pub(super) cx: &'a Context<'a>,
    pub(super) visit: &'a Visit,
    pub(super) events: Vec<Event>,
    /// Files that hold something else than before, by notice.
    files: HashMap<NoticeId, Vec<(File, Delta)>>,
    pub(super) first_sight: bool,
    /// How the source stood before.
    pub(super) state: SourceState,
    pub(super) fault: Option<Fault>,
}

impl Work<'_> {
    /// Keeps every row of the list; gives each its notice.
    fn rows(
        &mut self,
        recognised: &[Option<NoticeId>],
        by_id: &HashMap<NoticeId, &KnownNotice>,
    ) -> Result<Vec<NoticeId>, StoreError> {
        let mut ids = Vec::new();
        for (entry, id) in self.visit.entries.iter().zip(recognised) {
            let known = id.and_then(|id| by_id.get(&id).copied());
            ids.push(match known {
                Some(known) => self.row(known, entry)?,
                None => self.tx.new_notice(entry, self.cx.now)?,
            });
        }
        Ok(ids)
    }

    /// A known notice's row as it stands now: new aliases, perhaps a new address.
    fn row(&mut self, known: &KnownNotice, entry: &Entry) -> Result<NoticeId, StoreError> {
        let notice = &known.notice;
        if entry.keys.iter().any(|k| !known.keys.contains(k)) {
            self.tx.add_keys(notice.id, &entry.keys)?;
            let (from, to) = (&notice.url, &entry.url);
            let moved = crate::adapter::canonical(from) != crate::adapter::canonical(to);
            if moved && notice.told && notice.latest.is_some() {
                let change = Change::Moved {
                    from: from.clone(),
                    to: to.clone(),
                };
                self.event(notice.id, &notice.title, to, change, None)?;
            }
        }
        self.tx.update_row(notice.id, entry, self.cx.now)?;
        Ok(notice.id)
    }

    /// A notice whose page was asked for the first time.
    fn first(&mut self, row: usize, id: NoticeId, look: &Look) -> Result<(), StoreError> {
        let quiet = self.first_sight || self.was_there(row);
        if quiet {
            // What was there before lingzheng came is never news, even if read later.
            self.tx.set_told(id)?;
        }
        if let Outcome::Read(page, article) = &look.outcome {
            let reading = self.keep(id, page, article, &[])?;
            if !quiet && self.tells(&reading) {
                self.event(
                    id,
                    &article.title,
                    &article.url,
                    Change::New,
                    Some(&reading),
                )?;
                self.tx.set_told(id)?;
            }
        }
        Ok(())
    }

    /// On a rebuilt site, whether a row that nothing recognises is old all the same.
    fn was_there(&self, row: usize) -> bool {
        let published = self.visit.entries.get(row).and_then(|e| e.published);
        let good = self.state.last_good.map(china_date);
        self.visit.rebuilt && published.is_none_or(|day| Some(day) < good)
    }

    fn tells(&self, reading: &Reading) -> bool {
        self.cx.reader.tells(&reading.facts, self.cx.exams)
    }

    /// A known notice that was asked for again.
    fn again(
        &mut self,
        known: &KnownNotice,
        look: &Look,
        old: Option<Article>,
    ) -> Result<(), StoreError> {
        let notice = &known.notice;
        match &look.outcome {
            Outcome::Same(page) => {
                self.tx
                    .mark_fetched(notice.id, &validators(page), self.cx.now)?;
                self.present(known)?;
                self.only_files(known)
            }
            Outcome::Read(page, article) => {
                self.present(known)?;
                self.changed(known, page, article, old)
            }
            Outcome::NotThere(fault) => self.absent(known, fault.verdict),
            Outcome::Unsteady(_) | Outcome::Failed(_) => Ok(()),
        }
    }

    /// It answers: whatever spoke against it is over.
    fn present(&mut self, known: &KnownNotice) -> Result<(), StoreError> {
        let notice = &known.notice;
        if notice.gone_suspect > 0 {
            self.tx.set_gone_suspect(notice.id, 0)?;
        }
        if notice.gone {
            self.tx.set_gone(notice.id, false)?;
            let reading = notice.latest.as_ref().map(|v| &v.reading);
            self.event(notice.id, &notice.title, &notice.url, Change::Back, reading)?;
        }
        Ok(())
    }

    /// It is denied: told on the second run, stored state kept.
    fn absent(&mut self, known: &KnownNotice, verdict: Verdict) -> Result<(), StoreError> {
        let notice = &known.notice;
        let runs = notice.gone_suspect + 1;
        self.tx.set_gone_suspect(notice.id, runs)?;
        let reading = notice.latest.as_ref().map(|v| &v.reading);
        if runs >= GONE_RUNS && !notice.gone {
            self.tx.set_gone(notice.id, true)?;
            if reading.is_some_and(|r| self.tells(r)) {
                let change = Change::Gone { verdict };
                self.event(notice.id, &notice.title, &notice.url, change, reading)?;
            }
        }
        Ok(())
    }

    /// The page is the same, what its files hold may not be.
    fn only_files(&mut self, known: &KnownNotice) -> Result<(), StoreError> {
        let notice = &known.notice;
        let Some(reading) = notice.latest.as_ref().map(|v| &v.reading) else {
            return Ok(());
        };
        let files = self.files.remove(&notice.id).unwrap_or_default();
        let deltas = kept::placed(files, reading);
        if deltas.is_empty() || !self.tells(reading) || self.kept_quiet(known) {
            return Ok(());
        }
        let change = Change::Attachment { deltas };
        self.event(notice.id, &notice.title, &notice.url, change, Some(reading))
    }

    /// Its page goes to and fro, and that was told.
    fn kept_quiet(&self, known: &KnownNotice) -> bool {
        let until = known.notice.unsteady_until;
        let left = |until: Timestamp| until.duration_since(self.cx.now).as_hours();
        until.is_some_and(|until| self.cx.now < until && left(until) <= UNSTEADY)
    }

    fn changed(
        &mut self,
        known: &KnownNotice,
        page: &Page,
        article: &Article,
        old: Option<Article>,
    ) -> Result<(), StoreError> {
        let notice = &known.notice;
        let before = notice.latest.as_ref().map(|v| &v.reading);
        if let (Some(before), Some(old)) = (before, &old)
            && self.doubts(before, old, article)
        {
            return Ok(());
        }
        let windows = before.map_or(&[][..], |r| r.facts.windows.as_slice());
        let reading = self.keep(notice.id, page, article, windows)?;
        let (Some(before), Some(old)) = (before, old) else {
            // Its row was known, its page is read for the first time.
            if !notice.told && self.tells(&reading) {
                self.tx.set_told(notice.id)?;
                let (title, url) = (&article.title, &article.url);
                self.event(notice.id, title, url, Change::New, Some(&reading))?;
            }
            return Ok(());
        };
        let files = self.files.remove(&notice.id).unwrap_or_default();
        let files = kept::placed(files, &reading);
        let aligned = kept::aligned((&old, before), (article, &reading));
        let change = diff::compare((&old, &aligned), (article, &reading));
        let Some(change) = with_files(change, files) else {
            return Ok(());
        };
        if !(self.tells(before) || self.tells(&reading)) || self.kept_quiet(known) {
            return Ok(());
        }
        let change = match returns(known, &article.digest(), self.cx.now) {
            true => {
                let until = self.cx.now.saturating_add(UNSTEADY.hours()).ok();
                self.tx.set_unsteady(notice.id, until)?;
                Change::Unsteady
            }
            false => change,
        };
        let (title, url) = (&article.title, &article.url);
        self.event(notice.id, title, url, change, Some(&reading))
    }

    /// Whether a reading is too poor to be believed at the first sight; the source then fails, and
    /// the stored state stays.
    fn doubts(&mut self, before: &Reading, old: &Article, article: &Article) -> bool {
        let after = self.cx.reader.facts(article);
        if !health::lost(before, &old.text, &after, &article.text) {
            return false;
        }
        let fault = health::no_facts(&article.url);
        if self.state.fault.as_ref() == Some(&fault) {
            return false;
        }
        self.fault = self.fault.take().or(Some(fault));
        true
    }

    /// Stores a version with its facts; windows keep their ids.
    fn keep(
        &mut self,
        id: NoticeId,
        page: &Page,
        article: &Article,
        before: &[crate::model::Window],
    ) -> Result<Reading, StoreError> {
        let mut reading = self.cx.reader.facts(article);
        number_windows(&mut self.tx, id, before, &mut reading)?;
        self.tx.add_version(
            id,
            &NewVersion {
                seen_at: self.cx.now,
                url: &page.url,
                content_type: page.content_type.as_deref(),
                plain_http: page.plain_http,
                body: &page.body,
                article_digest: &article.digest(),
                text: &article.text,
                reading: &reading,
                revision: self.cx.reader.revision(),
            },
        )?;
        self.tx.mark_fetched(id, &validators(page), self.cx.now)?;
        Ok(reading)
    }

    fn event(
        &mut self,
        id: NoticeId,
        title: &str,
        url: &str,
        change: Change,
        reading: Option<&Reading>,
    ) -> Result<(), StoreError> {
        let subject = Subject::Notice(id);
        self.tell(subject, title, url, change, reading.cloned())
    }

    pub(super) fn tell(
        &mut self,
        subject: Subject,
        title: &str,
        url: &str,
        change: Change,
        reading: Option<Reading>,
    ) -> Result<(), StoreError> {
        let (now, source) = (self.cx.now, self.visit.source.as_str());
        let event = self
            .tx
            .append_event(now, subject, source, title, url, change, reading)?;
        self.events.push(event);
        Ok(())
    }
}

/// A change of a page together with what its files hold.
fn with_files(change: Option<Change>, mut files: Vec<Delta>) -> Option<Change> {
    if files.is_empty() {
        return change;
    }
    Some(match change {
        None => Change::Attachment { deltas: files },
        Some(Change::Text { text }) => Change::Facts {
            deltas: files,
            text,
        },
        Some(Change::Facts { mut deltas, text }) => {
            deltas.append(&mut files);
            Change::Facts { deltas, text }
        }
        Some(Change::Attachment { mut deltas }) => {
            deltas.append(&mut files);
            Change::Attachment { deltas }
        }
        Some(other) => other,
    })
}

fn validators(page: &Page) -> Validators {
    Validators {
        etag: page.etag.clone(),
        last_modified: page.last_modified.clone(),
    }
}

/// Whether this is the second return to an earlier wording within 48 hours: A, B, A, and now B.
fn returns(known: &KnownNotice, digest: &str, now: Timestamp) -> bool {
    let young = |at: Timestamp| now.duration_since(at).as_hours() <= UNSTEADY;
    match known.recent.as_slice() {
        [latest, before, third, ..] => {
            before.article_digest == digest
                && third.article_digest == latest.article_digest
                && young(third.at)
        }
        _ => false,
    }
}
