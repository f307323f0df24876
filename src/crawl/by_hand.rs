//! Notices that a person names: one page, fetched now or saved from a browser, kept and compared
//! as a visit's would be, and visited by later runs.

use super::read::{self, Reader};
use super::settle::{Context, settle};
use super::visit::{Item, Look, Outcome, Visit, Who};
use crate::fetch::{Fetcher, Memory, Site, Want};
use crate::model::source::{Kind, NATIONAL};
use crate::model::{
    Article, Catalog, Event, Exam, Fault, Notice, Page, Settings, Source, Timestamp, Verdict,
};
use crate::plan;
use crate::store::{Store, StoreError};
use url::Url;

/// Id of the source that holds notices of hosts which no office owns; `by-hand-gx` holds those of
/// a region.
const PSEUDO: &str = "by-hand";

/// The source for notices of no known office, of a region (id) or of the whole country.
pub fn pseudo(region: &str) -> Source {
    let id = match region {
        NATIONAL => PSEUDO.to_string(),
        region => format!("{PSEUDO}-{region}"),
    };
    Source {
        id,
        region: region.to_string(),
        name: "手工录入".into(),
        kind: Kind::Manual,
        family: "auto".into(),
        ..Source::default()
    }
}

/// Adds the pseudo sources among `ids` to a catalog that does not have them.
pub fn lay(catalog: &mut Catalog, ids: &[String]) {
    for id in ids.iter().filter(|id| id.starts_with(PSEUDO)) {
        let region = match id.strip_prefix(PSEUDO).and_then(|r| r.strip_prefix('-')) {
            Some(region) => catalog
                .regions
                .iter()
                .find(|r| r.id == region)
                .map(|r| r.id.clone()),
            None => Some(NATIONAL.to_string()),
        };
        if let Some(region) = region
            && catalog.source(id).is_none()
        {
            catalog.sources.push(pseudo(&region));
        }
    }
}

/// A source's site, and the hosts of the notices that a person entered under it.
pub(super) fn site<'a>(source: &Source, urls: impl Iterator<Item = &'a str>) -> Site {
    let mut site = Site::from(source);
    let hosts = urls.filter_map(|u| Url::parse(u).ok()?.host_str().map(str::to_owned));
    for host in hosts {
        if !site.hosts.contains(&host) {
            site.hosts.push(host);
        }
    }
    site
}

/// Fetches one page, politely.
///
/// # Errors
/// What the network says; an answer from another place than was asked for.
pub fn fetch(
    settings: &Settings,
    memory: Memory,
    source: &Source,
    url: &str,
    seed: u64,
    now: Timestamp,
) -> Result<Page, Fault> {
    let fetcher = Fetcher::live(settings, memory, now, seed)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Fault::new(Verdict::Transport, "runtime", e.to_string()))?;
    let site = site(source, std::iter::once(url));
    let page = runtime.block_on(fetcher.get(Want::page(&site, url)))?;
    as_asked(&page, url)?;
    Ok(page)
}

/// Refuses the front page that came where something else was asked for.
///
/// # Errors
/// [`Verdict::Moved`] `home`.
pub(super) fn as_asked(page: &Page, url: &str) -> Result<(), Fault> {
    let front = |u: &str| {
        let path = Url::parse(u)
            .map(|u| u.path().to_string())
            .unwrap_or_default();
        matches!(
            path.as_str(),
            "" | "/" | "/index.html" | "/index.htm" | "/index.shtml" | "/index.jsp"
        )
    };
    if front(&page.url) && !front(url) {
        let detail = format!("it leads to the home page {}", page.url);
        return Err(Fault::new(Verdict::Moved, "home", detail).at(url));
    }
    Ok(())
}

/// What came of keeping a notice.
#[derive(Debug)]
pub struct Kept {
    /// The notice as it stands now; None where another program removed it meanwhile.
    pub notice: Option<Notice>,
    /// What was written to the journal.
    pub events: Vec<Event>,
    /// Nothing differs from what was known.
    pub same: bool,
}

/// Keeps a page that a person brought. `title` = the person's own words for it.
///
/// # Errors
/// What the store says; then nothing is kept.
pub fn keep(
    store: &mut Store,
    reader: &Reader,
    exams: &[Exam],
    (page, article, url): (Page, Article, &Url),
    title: Option<&str>,
    now: Timestamp,
) -> Result<Kept, StoreError> {
    let office = reader.office();
    let (known, _) = read::known(store, reader, exams, now)?;
    let words = title.unwrap_or(&article.title);
    let mut entry = office.row(&page, url, words, article.published);
    let keys = known.notices.iter().map(|n| (n.id, n.keys.as_slice()));
    let id = plan::recognise(std::slice::from_ref(&entry), keys)
        .pop()
        .flatten();
    let item = known.notices.iter().find(|n| Some(n.id) == id);
    // What a list calls it stays, unless the person says otherwise.
    entry.title_cut = item.is_some() && title.is_none();
    let digest = article.digest();
    let same = item.is_some_and(|i: &Item| i.digest.as_ref() == Some(&digest));
    let outcome = match same {
        true => Outcome::Same(Box::new(page)),
        false => Outcome::Read(Box::new(page), Box::new(article)),
    };
    let keys = entry.keys.clone();
    let visit = Visit {
        entries: vec![entry],
        looks: vec![Look {
            who: id.map_or(Who::Row(0), Who::Known),
            outcome,
        }],
        by_hand: true,
        ..Visit::new(&office.source.id, now)
    };
    let cx = Context {
        reader,
        exams,
        now,
        ms: 0,
    };
    let events = settle(store, &visit, &cx)?.events;
    let mine = |n: &crate::store::KnownNotice| match id {
        Some(id) => n.notice.id == id,
        None => n.keys.iter().any(|k| keys.first() == Some(k)),
    };
    let notices = store.known(&office.source.id)?.notices;
    let notice = notices.into_iter().find(mine).map(|n| n.notice);
    Ok(Kept {
        notice,
        events,
        same,
    })
}
