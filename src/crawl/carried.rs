//! Notices that a feed brings itself: there is no page of theirs to ask for.

use super::ask::{get, role};
use super::visit::{Task, Visit};
use crate::fetch::Fetcher;
use crate::model::china_date;
use crate::model::source::Kind;

/// Whether a notice can be asked for: an item of a feed that leads to another site is only there
/// while the feed brings it.
pub(super) fn within_reach(task: &Task, visit: &Visit, url: &str) -> bool {
    task.office.source.kind != Kind::Feed
        || visit.carried.contains_key(url)
        || url::Url::parse(url).is_ok_and(|u| {
            let host = u.host_str().unwrap_or_default();
            task.site.hosts.iter().any(|h| h == host)
        })
}

/// The second look at what a feed carried is at the feed. Where that fails, nothing is confirmed.
pub(super) async fn carried_again(task: &Task, fetcher: &Fetcher, visit: &mut Visit) {
    let office = &task.office;
    visit.carried.clear();
    let (list, role) = (&office.source.list, role(task, &office.source.list));
    let again = get(task, fetcher, visit, list, &(None, None), role).await;
    if let Ok(list) = again.and_then(|page| office.list(&page, china_date(task.now))) {
        visit.carried = list.carried;
    }
}
