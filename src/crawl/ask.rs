//! One notice asked for: with which conditions, and what the answer is.

use super::visit::{Item, Outcome, Task, Visit};
use crate::fetch::{Fetcher, Role, Want};
use crate::model::source::Kind;
use crate::model::{Date, Entry, Exam, Fault, Page, Verdict};
use crate::plan;

/// Whether the second look saw the same change.
pub(super) fn stands(again: &Outcome, digest: &str) -> bool {
    matches!(again, Outcome::Read(_, article) if article.digest() == digest)
}

pub(super) fn unsteady(url: String) -> Outcome {
    let what = "two looks in one run gave two answers; the stored state stays";
    Outcome::Unsteady(Fault::new(Verdict::Partial, "unsteady", what).at(url))
}

/// What to ask of a known notice; None where it is not due.
pub(super) fn known_ask(
    item: &Item,
    row: Option<&Entry>,
    exams: &[&Exam],
    today: Date,
) -> Option<Ask> {
    let never_read = item.digest.is_none();
    if never_read {
        // Its first look failed. The list may be unmodified since, or have moved on.
        let wanted = match row {
            Some(row) => plan::wanted(row, exams, today),
            None => !item.gone && plan::wanted(&item.row(), exams, today),
        };
        if !wanted {
            return None;
        }
    }
    let url = row.map_or(&item.url, |row| &row.url);
    let known = plan::Known {
        row_changed: row.is_some_and(|row| !row.title_cut && row.title != item.title),
        ..item.plan
    };
    plan::due(&known, today).then(|| Ask {
        url: url.clone(),
        title: row.map_or(&item.title, |row| &row.title).clone(),
        title_cut: row.is_some_and(|row| row.title_cut),
        // Validators belong to one address.
        validators: match never_read || *url != item.url {
            true => (None, None),
            false => item.validators.clone(),
        },
        digest: item.digest.clone(),
    })
}

/// One request for a notice.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub(super) url: String,
    pub(super) title: String,
    pub(super) title_cut: bool,
    pub(super) validators: (Option<String>, Option<String>),
    pub(super) digest: Option<String>,
}

impl Ask {
    pub(super) fn first(url: &str, title: &str, title_cut: bool) -> Ask {
        let (url, title) = (url.to_string(), title.to_string());
        Ask {
            url,
            title,
            title_cut,
            validators: (None, None),
            digest: None,
        }
    }
    pub(super) fn unconditional(&self) -> Ask {
        Ask {
            validators: (None, None),
            digest: None,
            ..self.clone()
        }
    }
}

/// What an address of the source is asked for as.
pub(super) fn role(task: &Task, url: &str) -> Role {
    let source = &task.office.source;
    let feed = source.kind == Kind::Feed && url == source.list;
    match feed || task.office.speaks_json() {
        true => Role::Data,
        false => Role::Page,
    }
}

/// One request.
pub(super) async fn get(
    task: &Task,
    fetcher: &Fetcher,
    visit: &mut Visit,
    url: &str,
    validators: &(Option<String>, Option<String>),
    role: Role,
) -> Result<Page, Fault> {
    visit.requests += 1;
    let (etag, last_modified) = (validators.0.as_deref(), validators.1.as_deref());
    fetcher
        .get(Want {
            site: &task.site,
            url,
            etag,
            last_modified,
            role,
        })
        .await
}

pub(super) async fn look(task: &Task, fetcher: &Fetcher, visit: &mut Visit, ask: &Ask) -> Outcome {
    if let Some(page) = visit.carried.get(&ask.url).cloned() {
        return judge(task, ask, page);
    }
    let address = task.office.article_address(&ask.url);
    let role = role(task, &address);
    let page = match get(task, fetcher, visit, &address, &ask.validators, role).await {
        Ok(page) => page,
        Err(fault) => return Outcome::Failed(fault),
    };
    if page.status == 304 {
        return Outcome::Same(Box::new(page));
    }
    judge(task, ask, page)
}

/// What an answer says of the notice.
fn judge(task: &Task, ask: &Ask, page: Page) -> Outcome {
    let title = (!ask.title_cut).then_some(ask.title.as_str());
    match task.office.article(&page, &ask.url, title) {
        Ok(article) if Some(article.digest()) == ask.digest => Outcome::Same(Box::new(page)),
        Ok(article) => Outcome::Read(Box::new(page), Box::new(article)),
        Err(fault) if matches!(fault.verdict, Verdict::Gone | Verdict::Soft404) => {
            Outcome::NotThere(fault)
        }
        Err(fault) => Outcome::Failed(fault),
    }
}
