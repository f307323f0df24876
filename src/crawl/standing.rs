//! A standing page: the page is the notice.

use super::ask::{Ask, look, stands, unsteady};
use super::visit::{Look, Outcome, Task, Visit, Who, fail};
use crate::fetch::Fetcher;
use crate::model::Entry;

/// A standing page is its own list and its own notice.
pub(super) async fn standing_page(task: &Task, fetcher: &Fetcher, visit: &mut Visit) {
    let source = &task.office.source;
    visit.entries = vec![Entry {
        keys: vec![crate::adapter::canonical(&source.list)],
        url: source.list.clone(),
        title: source.name.clone(),
        title_cut: true,
        published: None,
        external: false,
    }];
    let item = task.known.notices.first();
    // Its block's name is no title; what the page bore before is.
    let heading = item.and_then(|i| i.heading.as_deref());
    let ask = Ask {
        validators: item.map(|i| i.validators.clone()).unwrap_or_default(),
        digest: item.and_then(|i| i.digest.clone()),
        ..Ask::first(
            &source.list,
            heading.unwrap_or(&source.name),
            heading.is_none(),
        )
    };
    let mut outcome = look(task, fetcher, visit, &ask).await;
    if let (Outcome::Read(_, article), Some(_)) = (&outcome, &ask.digest) {
        let digest = article.digest();
        let again = look(task, fetcher, visit, &ask.unconditional()).await;
        if !stands(&again, &digest) {
            outcome = unsteady(ask.url);
        }
    }
    // A standing page that does not answer is a source that fails, not a withdrawn notice.
    if let Outcome::Failed(fault) | Outcome::NotThere(fault) = &outcome {
        let fault = fault.clone();
        visit.entries.clear();
        return fail(visit, fault);
    }
    let who = item.map_or(Who::Row(0), |item| Who::Known(item.id));
    visit.looks.push(Look { who, outcome });
}
