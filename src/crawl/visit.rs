//! The half that talks to the network and never to the store: one source, its list, the notices
//! that are due.

use super::ask::{Ask, get, known_ask, look, role, stands, unsteady};
use super::carried::{carried_again, within_reach};
use super::files::{File, FileLook, look_at_files};
use super::health;
use super::standing::standing_page;
use crate::adapter::{Before, ListPage, Office, after_rows, pager};
use crate::fetch::{Fetcher, Site};
use crate::model::source::Kind;
use crate::model::{Article, Entry, Exam, Fault, NoticeId, Page, Timestamp, Verdict, china_date};
use crate::plan;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// One source to look at, with what is known of it.
#[derive(Debug, Clone)]
pub struct Task {
    /// The source and its rules.
    pub office: Arc<Office>,
    /// Where its pages may be.
    pub site: Site,
    /// What is known.
    pub known: Known,
    /// Watched exams; empty = all.
    pub exams: Vec<Exam>,
    /// The run's moment.
    pub now: Timestamp,
}

/// What a visit must know of a source.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Validators of the list page: `ETag`, `Last-Modified`.
    pub validators: (Option<String>, Option<String>),
    /// Rows of the last good list; None = first sight.
    pub rows: Option<u32>,
    /// How many of them had a date; None = not known.
    pub dated: Option<u32>,
    /// Since when the source has failed; None = it does not.
    pub failing_since: Option<Timestamp>,
    /// Sketch of the list that the last visit could not believe ([`health::sketch`]).
    pub doubted: Option<String>,
    /// The notices.
    pub notices: Vec<Item>,
}

/// A known notice.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its id.
    pub id: NoticeId,
    /// Its aliases.
    pub keys: Vec<String>,
    /// Address.
    pub url: String,
    /// Title.
    pub title: String,
    /// Title that its page bore when last read; None = never read, or it bears none.
    pub heading: Option<String>,
    /// Validators of its page.
    pub validators: (Option<String>, Option<String>),
    /// Digest of its article as read by today's rules; None = never read.
    pub digest: Option<String>,
    /// A person entered it.
    pub by_hand: bool,
    /// Its row leads to a file or another site.
    pub external: bool,
    /// Believed gone.
    pub gone: bool,
    /// Its files are looked at: a window is open or to come, or it is young.
    pub live: bool,
    /// Its files; empty where they are not looked at.
    pub files: Vec<File>,
    /// What decides whether it is due.
    pub plan: plan::Known,
}

impl Item {
    /// Its row as last seen.
    pub(super) fn row(&self) -> Entry {
        Entry {
            keys: Vec::new(),
            url: self.url.clone(),
            title: self.title.clone(),
            title_cut: false,
            published: Some(self.plan.published),
            external: self.external,
        }
    }
}

/// What a visit brings home.
#[derive(Debug)]
pub struct Visit {
    /// Source id.
    pub source: String,
    /// When it began.
    pub at: Timestamp,
    /// The list's answer where it is to be kept; None where it was not modified or not usable.
    pub page: Option<Page>,
    /// Rows, the watched ones and the others.
    pub entries: Vec<Entry>,
    /// The list's first page in numbers.
    pub listed: Listed,
    /// What became of the list.
    pub verdict: Verdict,
    /// Why the source as a whole could not be used; None = it could.
    pub fault: Option<Fault>,
    /// The list that could not be believed, in short; None = it could.
    pub doubted: Option<String>,
    /// No row of the list was known, and the visit before saw the same rows: the site is rebuilt.
    pub rebuilt: bool,
    /// Rows that could not be read.
    pub row_faults: Vec<Fault>,
    /// Notices that were asked for.
    pub looks: Vec<Look>,
    /// Files that were asked for.
    pub files: Vec<FileLook>,
    /// Requests made.
    pub requests: u32,
    /// Pages of notices that the list itself brought (a feed's items), by address.
    pub carried: HashMap<String, Page>,
    /// A person named the notice; nothing was learned of the source itself.
    pub by_hand: bool,
}

impl Visit {
    /// A visit of a source that has not brought anything yet.
    pub fn new(source: &str, at: Timestamp) -> Visit {
        Visit {
            source: source.to_string(),
            at,
            page: None,
            entries: Vec::new(),
            listed: Listed::default(),
            verdict: Verdict::Ok,
            fault: None,
            doubted: None,
            rebuilt: false,
            row_faults: Vec::new(),
            looks: Vec::new(),
            files: Vec::new(),
            requests: 0,
            carried: HashMap::new(),
            by_hand: false,
        }
    }
}

/// Rows of a list's first page.
#[derive(Debug, Clone, Copy, Default)]
pub struct Listed {
    /// All.
    pub rows: usize,
    /// Those with a date.
    pub dated: usize,
}

/// One notice that was asked for.
#[derive(Debug)]
pub struct Look {
    /// Which.
    pub who: Who,
    /// What came.
    pub outcome: Outcome,
}

/// A notice, known or to be.
#[derive(Debug, Clone)]
pub enum Who {
    /// Known.
    Known(NoticeId),
    /// Index into [`Visit::entries`].
    Row(usize),
}

/// What came of asking for a notice.
#[derive(Debug)]
pub enum Outcome {
    /// 304, or the same words.
    Same(Box<Page>),
    /// A first reading, or a change that stood on a second look.
    Read(Box<Page>, Box<Article>),
    /// Its address says that it is not there.
    NotThere(Fault),
    /// Two looks in one run gave two answers.
    Unsteady(Fault),
    /// It could not be read; its stored state stays.
    Failed(Fault),
}

/// Looks at one source.
pub async fn visit(task: &Task, fetcher: &Fetcher) -> Visit {
    let source = &task.office.source;
    let mut visit = Visit::new(&source.id, task.now);
    match source.kind {
        Kind::Page => {
            standing_page(task, fetcher, &mut visit).await;
            look_at_files(task, fetcher, &mut visit).await;
            return visit;
        }
        // No list: only what a person entered is looked at.
        Kind::Manual => {}
        Kind::List | Kind::Feed | Kind::Home => list(task, fetcher, &mut visit).await,
    }
    if visit
        .fault
        .as_ref()
        .is_none_or(|f| f.verdict == Verdict::Layout)
    {
        notices(task, fetcher, &mut visit).await;
        look_at_files(task, fetcher, &mut visit).await;
    }
    let failed = |l: &Look| matches!(l.outcome, Outcome::Failed(_));
    // One page that fails says nothing of the site; several, and none that answers, do.
    let listed = source.kind != Kind::Manual;
    if listed && visit.fault.is_none() && visit.looks.len() > 1 && visit.looks.iter().all(failed) {
        visit.fault = visit.looks.iter().find_map(|l| match &l.outcome {
            Outcome::Failed(fault) => Some(fault.clone()),
            _ => None,
        });
    }
    visit
}

/// Fetches the list and its further pages.
async fn list(task: &Task, fetcher: &Fetcher, visit: &mut Visit) {
    let office = &task.office;
    let asked = get(
        task,
        fetcher,
        visit,
        &office.source.list,
        &task.known.validators,
        role(task, &office.source.list),
    )
    .await;
    let mut page = match asked {
        Ok(page) if page.status == 304 => {
            visit.verdict = Verdict::NotModified;
            return;
        }
        Ok(page) => page,
        Err(fault) => return fail(visit, fault),
    };
    let today = china_date(task.now);
    let mut read = office.list(&page, today);
    // A shell that names the interface which fills it: its address changes with each rebuild of
    // the site, so it is asked for anew on each run and never stored.
    if let Some(url) = endpoint(&read) {
        match get(task, fetcher, visit, &url, &(None, None), role(task, &url)).await {
            Ok(answer) => {
                read = office.list(&answer, today);
                page = Page {
                    etag: None,
                    last_modified: None,
                    ..answer
                };
            }
            Err(fault) => return fail(visit, fault),
        }
    }
    let first = match read {
        Ok(first) => first,
        Err(fault) => return fail(visit, fault),
    };
    if let Some(fault) = suspicious(task, &first) {
        let sketch = health::sketch(&first.entries);
        let before = task.known.doubted.as_deref();
        let seen_twice = before.is_some_and(|b| health::alike(b, &sketch));
        if !(seen_twice && health::lasts(&fault, task.known.failing_since, task.now)) {
            visit.doubted = Some(sketch);
            return fail(visit, fault);
        }
        visit.rebuilt = fault.reason == "no_overlap";
    }
    visit.listed = Listed {
        rows: first.entries.len(),
        dated: first.dated,
    };
    visit.row_faults = first.faults;
    visit.entries = first.entries;
    visit.carried = first.carried;
    for url in first.more {
        let more = match get(task, fetcher, visit, &url, &(None, None), role(task, &url)).await {
            Ok(page) => office.list(&page, today),
            Err(fault) => Err(fault),
        };
        match more {
            Ok(more) if pager::same_page(&visit.entries, &more.entries) => {
                let what = "the pager's next page is the page before it";
                visit
                    .row_faults
                    .push(Fault::new(Verdict::Layout, "pager", what).at(url));
                break;
            }
            Ok(more) => {
                let seen: HashSet<String> =
                    visit.entries.iter().flat_map(|e| e.keys.clone()).collect();
                let fresh = |e: &Entry| !e.keys.iter().any(|k| seen.contains(k));
                visit.entries.extend(more.entries.into_iter().filter(fresh));
                visit.row_faults.extend(more.faults);
            }
            // Later pages that fail leave the first one's rows good: the pager promised too much.
            Err(mut fault) => {
                if fault.verdict == Verdict::Gone {
                    fault.verdict = Verdict::Partial;
                }
                visit.row_faults.push(fault);
                break;
            }
        }
    }
    if visit.entries.is_empty() {
        visit.verdict = Verdict::Empty;
    }
    visit.page = Some(page);
}

/// Where a shell's rows come from, if it says so.
fn endpoint(read: &Result<ListPage, Fault>) -> Option<String> {
    let fault = read.as_ref().err().filter(|f| f.reason == "endpoint")?;
    fault.url.clone()
}

/// A list of the right make that cannot be right: another page's rows, or most of them missing.
fn suspicious(task: &Task, list: &ListPage) -> Option<Fault> {
    // A home page changes its links as it likes, and what a feed holds slides: only rubbish shows.
    if matches!(task.office.source.kind, Kind::Home | Kind::Feed) {
        return after_rows(list, None).map(|f| f.at(task.office.source.list.clone()));
    }
    let rows = task.known.rows? as usize;
    let keys = task
        .known
        .notices
        .iter()
        .flat_map(|n| n.keys.iter().cloned())
        .collect();
    let fault = after_rows(
        list,
        Some(&Before {
            keys,
            entries: rows,
            dated: task.known.dated.unwrap_or(0) as usize,
        }),
    )?;
    Some(fault.at(task.office.source.list.clone()))
}

pub(super) fn fail(visit: &mut Visit, fault: Fault) {
    visit.verdict = fault.verdict;
    visit.fault = Some(fault);
}

/// Asks for the notices that are due, and a second time for those that changed.
async fn notices(task: &Task, fetcher: &Fetcher, visit: &mut Visit) {
    let today = china_date(task.now);
    let exams: Vec<&Exam> = task.exams.iter().collect();
    let mut rows: HashMap<NoticeId, &Entry> = HashMap::new();
    let mut asks: Vec<(Who, Ask)> = Vec::new();
    let known = task.known.notices.iter().map(|n| (n.id, n.keys.as_slice()));
    let ids = plan::recognise(&visit.entries, known);
    for (i, (entry, id)) in visit.entries.iter().zip(ids).enumerate() {
        match id {
            Some(id) => {
                rows.insert(id, entry);
            }
            None if plan::wanted(entry, &exams, today) => {
                asks.push((
                    Who::Row(i),
                    Ask::first(&entry.url, &entry.title, entry.title_cut),
                ));
            }
            None => {}
        }
    }
    // An unmodified list has no rows to show; its notices may have changed all the same.
    for item in &task.known.notices {
        if let Some(ask) = known_ask(item, rows.get(&item.id).copied(), &exams, today) {
            asks.push((Who::Known(item.id), ask));
        }
    }
    let mut changed = Vec::new();
    asks.retain(|(_, ask)| within_reach(task, visit, &ask.url));
    for (who, ask) in asks {
        let outcome = look(task, fetcher, visit, &ask).await;
        if let (Who::Known(_), Outcome::Read(_, article), Some(_)) = (&who, &outcome, &ask.digest) {
            changed.push((visit.looks.len(), ask.clone(), article.digest()));
        }
        if let Outcome::Failed(fault) | Outcome::NotThere(fault) = &outcome {
            tracing::info!(url = ask.url, %fault, "not read");
        }
        visit.looks.push(Look { who, outcome });
    }
    if changed
        .iter()
        .any(|(_, ask, _)| visit.carried.contains_key(&ask.url))
    {
        carried_again(task, fetcher, visit).await;
    }
    for (at, ask, digest) in changed {
        let again = look(task, fetcher, visit, &ask.unconditional()).await;
        if !stands(&again, &digest)
            && let Some(look) = visit.looks.get_mut(at)
        {
            look.outcome = unsteady(ask.url);
        }
    }
}
