//! The half that talks to the store and never to the network: what a visit brought becomes
//! versions, events and the source's state, in one transaction.

use super::read::{Reader, number_windows, told};
use super::visit::{Look, Outcome, Visit, Who};
use crate::model::event::Subject;
use crate::model::source::Kind;
use crate::model::{
    Article, Change, Entry, Event, Exam, NoticeId, Page, Reading, SourceState, Timestamp, Verdict,
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

/// Settles a visit. Returns the events that it wrote, in order.
///
/// # Errors
/// What the store says; then nothing of the visit is kept.
pub fn settle(store: &mut Store, visit: &Visit, cx: &Context) -> Result<Vec<Event>, StoreError> {
    let known = store.known(&visit.source)?;
    let mut old_articles = HashMap::new();
    for look in &visit.looks {
        if let (Who::Known(id), Outcome::Read(..)) = (&look.who, &look.outcome)
            && let Some(notice) = known.notices.iter().find(|n| n.notice.id == *id)
            && let Some(version) = &notice.notice.latest
            && let Some(raw) = store.raw(&version.page)?
        {
            old_articles.insert(*id, cx.reader.stored(&raw, version, &notice.notice));
        }
    }
    // What a person enters is told at once; it says nothing of the source's list.
    let manual = visit.by_hand || cx.reader.office().source.kind == Kind::Manual;
    let first_sight = !known.state.baseline_done && !manual;
    let state = known.state.clone();
    let tx = store.begin(&visit.source)?;
    let mut work = Work {
        tx,
        cx,
        visit,
        events: Vec::new(),
        first_sight,
    };
    let by_id: HashMap<NoticeId, &KnownNotice> =
        known.notices.iter().map(|n| (n.notice.id, n)).collect();
    let ids = work.rows(&known.notices)?;
    for id in ids.iter().filter(|_| visit.by_hand) {
        work.tx.set_by_hand(*id)?;
    }
    for look in &visit.looks {
        match &look.who {
            Who::Row(i) => {
                if let Some(id) = ids.get(*i).copied() {
                    work.first(id, look)?;
                }
            }
            Who::Known(id) => {
                if let Some(known) = by_id.get(id) {
                    work.again(known, look, old_articles.remove(id).flatten())?;
                }
            }
        }
    }
    work.source(state)
}

struct Work<'a> {
    tx: Settling<'a>,
    cx: &'a Context<'a>,
    visit: &'a Visit,
    events: Vec<Event>,
    first_sight: bool,
}

impl Work<'_> {
    /// Keeps every row of the list; gives each its notice.
    fn rows(&mut self, known: &[KnownNotice]) -> Result<Vec<NoticeId>, StoreError> {
        let by_id: HashMap<NoticeId, &KnownNotice> =
            known.iter().map(|n| (n.notice.id, n)).collect();
        let keys = known.iter().map(|n| (n.notice.id, n.keys.as_slice()));
        let mut ids = Vec::new();
        for (entry, id) in self
            .visit
            .entries
            .iter()
            .zip(plan::recognise(&self.visit.entries, keys))
        {
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
    fn first(&mut self, id: NoticeId, look: &Look) -> Result<(), StoreError> {
        if self.first_sight {
            // What was there before lingzheng came is never news, even if read later.
            self.tx.set_told(id)?;
        }
        if let Outcome::Read(page, article) = &look.outcome {
            let reading = self.keep(id, page, article, &[])?;
            if !self.first_sight && told(&reading.facts, self.cx.exams) {
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
                self.present(known)
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
            if reading.is_some_and(|r| told(&r.facts, self.cx.exams)) {
                let change = Change::Gone { verdict };
                self.event(notice.id, &notice.title, &notice.url, change, reading)?;
            }
        }
        Ok(())
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
        let windows = before.map_or(&[][..], |r| r.facts.windows.as_slice());
        let reading = self.keep(notice.id, page, article, windows)?;
        let (Some(before), Some(old)) = (before, old) else {
            // Its row was known, its page is read for the first time.
            if !notice.told && told(&reading.facts, self.cx.exams) {
                self.tx.set_told(notice.id)?;
                let (title, url) = (&article.title, &article.url);
                self.event(notice.id, title, url, Change::New, Some(&reading))?;
            }
            return Ok(());
        };
        let Some(change) = diff::compare((&old, before), (article, &reading)) else {
            return Ok(());
        };
        if !told(&before.facts, self.cx.exams) && !told(&reading.facts, self.cx.exams) {
            return Ok(());
        }
        if notice
            .unsteady_until
            .is_some_and(|until| self.cx.now < until)
        {
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
        self.event(
            notice.id,
            &article.title,
            &article.url,
            change,
            Some(&reading),
        )
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

    fn tell(
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

    /// An event about the source itself.
    fn about_source(&mut self, change: Change) -> Result<(), StoreError> {
        let office = self.cx.reader.office().clone();
        let subject = Subject::Source(office.source.id.clone());
        self.tell(
            subject,
            &office.source.name,
            &office.source.list,
            change,
            None,
        )
    }

    /// The source's own state, and the end of the transaction.
    fn source(mut self, mut state: SourceState) -> Result<Vec<Event>, StoreError> {
        let visit = self.visit;
        let now = self.cx.now;
        if visit.by_hand {
            self.tx.commit()?;
            return Ok(self.events);
        }
        state.last_visit = Some(now);
        match &visit.fault {
            Some(fault) => {
                if state.fault.is_none() {
                    state.fault_since = Some(now);
                    state.fault_told_at = Some(now);
                    self.about_source(Change::Broken {
                        fault: fault.clone(),
                    })?;
                }
                state.fault = Some(fault.clone());
            }
            None => {
                if let (Some(_), Some(since)) = (state.fault.take(), state.fault_since.take()) {
                    self.about_source(Change::Recovered { since })?;
                }
                state.fault_told_at = None;
                state.last_good = Some(now);
                if self.first_sight {
                    state.baseline_done = true;
                    self.about_source(Change::Baseline {
                        notices: visit.entries.len(),
                    })?;
                }
            }
        }
        if let Some(page) = &visit.page {
            state.list_etag = page.etag.clone();
            state.list_last_modified = page.last_modified.clone();
            state.list_rows = u32::try_from(visit.entries.len()).ok();
            let kind = page.content_type.as_deref();
            self.tx.keep_list_page(&page.url, kind, &page.body, now)?;
        }
        self.tx.set_source_state(&state)?;
        let changed = self.events.len();
        self.tx.record_visit(&crate::store::Visit {
            at: now,
            verdict: visit.verdict,
            rows: visit.entries.len() as u32,
            fetched: visit.looks.len() as u32,
            changed: changed as u32,
            ms: self.cx.ms,
        })?;
        self.tx.commit()?;
        Ok(self.events)
    }
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
