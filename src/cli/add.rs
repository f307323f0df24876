//! `add` and `import`: one notice that a person found, fetched now or saved from the browser.

use super::args::{AddArgs, Format, ImportArgs};
use super::crawl::seed;
use super::session::Session;
use super::{Failure, NOTHING, Output, USAGE, document};
use crate::adapter::{self, Office};
use crate::crawl::by_hand::{self, Kept, keep};
use crate::crawl::read::Reader;
use crate::fetch::Memory;
use crate::meant::nearest;
use crate::model::source::{Kind, NATIONAL};
use crate::model::{Page, Source, Tied};
use crate::net::check_url;
use crate::official::{Standing, Trick};
use crate::render::terminal;
use crate::store::{RunLock, Store, StoreError};
use crate::{crawl, official};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use url::Url;

/// Whose notice it is.
struct Target {
    url: Url,
    office: Arc<Office>,
}

pub(super) fn add(mut session: Session, args: &AddArgs) -> Result<Output, Failure> {
    let (region, source) = (args.region.as_deref(), args.source.as_deref());
    let target = target(&mut session, &args.url, region, source)?;
    let memory = match session.store() {
        Ok(store) => crawl::memory(&store)?,
        Err(_) if !session.db()?.exists() => Memory::default(),
        Err(failure) => return Err(failure),
    };
    let address = target.office.article_address(target.url.as_str());
    let page = by_hand::fetch(
        &session.settings,
        memory,
        &target.office.source,
        &address,
        seed(),
        session.now,
    )
    .map_err(|fault| Failure::with(NOTHING, fault.to_string()))?;
    kept(&session, target, page, args.title.as_deref())
}

pub(super) fn import(mut session: Session, args: &ImportArgs) -> Result<Output, Failure> {
    let (region, source) = (args.region.as_deref(), args.source.as_deref());
    let target = target(&mut session, &args.url, region, source)?;
    let body = saved(&args.file, session.settings.net.max_bytes)?;
    let page = Page {
        url: target.url.to_string(),
        status: 200,
        content_type: None,
        etag: None,
        last_modified: None,
        headers: Vec::new(),
        body,
        fetched_at: session.now,
        plain_http: target.url.scheme() == "http",
    };
    kept(&session, target, page, args.title.as_deref())
}

/// The saved page's bytes, if they can be a page.
fn saved(file: &Path, most: usize) -> Result<Vec<u8>, Failure> {
    let shown = file.display();
    let cannot = |e: std::io::Error| Failure::usage(format!("cannot read {shown}: {e}"));
    let mut body = Vec::new();
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    let read = match file.as_os_str() == "-" {
        true => std::io::stdin()
            .lock()
            .take(most + 1)
            .read_to_end(&mut body),
        false => std::fs::File::open(file).and_then(|f| f.take(most + 1).read_to_end(&mut body)),
    };
    let length = read.map_err(cannot)?;
    if u64::try_from(length).is_ok_and(|n| n > most) {
        return Err(Failure::usage(format!(
            "{shown} is larger than {most} bytes"
        )));
    }
    let start = body.get(..2048).unwrap_or(&body);
    let text = String::from_utf8_lossy(start).to_ascii_lowercase();
    if text.contains("mime-version:") && text.contains("multipart/related") {
        return Err(Failure::usage(format!(
            "{shown} is an MHTML archive; save the page as \"Webpage, HTML only\""
        )));
    }
    if body.is_empty() || start.contains(&0) || !text.contains('<') {
        return Err(Failure::usage(format!(
            "{shown} is not a page; save the page as \"Webpage, HTML only\""
        )));
    }
    Ok(body)
}

/// Checks the address and finds the source that keeps the notice.
fn target(
    session: &mut Session,
    url: &str,
    region: Option<&str>,
    id: Option<&str>,
) -> Result<Target, Failure> {
    let allow = &session.settings.net.allow;
    let ports: Vec<u16> = session.catalog.sources.iter().filter_map(port).collect();
    let url = check_url(url.trim(), allow, &ports).map_err(|f| Failure::usage(f.to_string()))?;
    if let Some(fault) = adapter::temporary(url.as_str()) {
        return Err(Failure::usage(fault.to_string()));
    }
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    let whole = session.catalog.sources.iter().find(|s| {
        !s.list.is_empty() && adapter::canonical(&s.list) == adapter::canonical(url.as_str())
    });
    if let Some(source) = whole.filter(|s| s.kind != Kind::Manual) {
        return Err(Failure::usage(format!(
            "{url} is the list of {}, which `crawl` looks at; give the address of one notice",
            source.id
        )));
    }
    let region = region
        .map(|word| session.region(word).map(|r| r.id.clone()))
        .transpose()?;
    let source = match id.or(kept_under(session, &url)?.as_deref()) {
        Some(id) => named(session, id)?.clone(),
        None => match owner(session, &url, region.as_deref()) {
            Some(source) => source.clone(),
            None => {
                honest(session, &url)?;
                let guessed = official::region_of_host(&host, &session.catalog);
                let region = region.as_deref().or(guessed).unwrap_or(NATIONAL);
                by_hand::pseudo(region)
            }
        },
    };
    if session.catalog.source(&source.id).is_none() {
        session.catalog.sources.push(source.clone());
    }
    Ok(Target {
        office: session.office(&source)?,
        url,
    })
}

/// Refuses a host that an office has left, or that looks like an office's and is not.
fn honest(session: &Session, url: &Url) -> Result<(), Failure> {
    let judged = official::verify(url.as_str(), &session.catalog);
    match judged.standing {
        // A bare address that the settings allow is the person's own.
        Standing::LookAlike(Trick::BareIp) => Ok(()),
        Standing::Retired | Standing::LookAlike(_) => {
            let office = judged
                .source
                .as_deref()
                .and_then(|id| session.catalog.source(id));
            let name = office.map_or("", |s| s.name.as_str());
            Err(Failure::usage((session.lang.words().judged)(&judged, name)))
        }
        _ => Ok(()),
    }
}

/// The source under which the notice is kept already.
fn kept_under(session: &Session, url: &Url) -> Result<Option<String>, Failure> {
    let Ok(store) = session.store() else {
        return Ok(None);
    };
    let notice = store.notice_by_url(&adapter::canonical(url.as_str()))?;
    Ok(notice.map(|n| n.source))
}

fn port(source: &Source) -> Option<u16> {
    Url::parse(&source.list).ok()?.port()
}

fn named<'a>(session: &'a Session, id: &str) -> Result<&'a Source, Failure> {
    let source = session.catalog.source(id).ok_or_else(|| {
        let near = nearest(id, session.catalog.sources.iter().map(|s| s.id.as_str()));
        Failure::with(USAGE, format!("no source `{id}`; {near}"))
    })?;
    match source.kind {
        Kind::Page => Err(Failure::usage(format!(
            "{id} is a standing page, which holds no notices; leave --source out"
        ))),
        _ => Ok(source),
    }
}

/// The source that owns the host; of several, one of the region, then the one whose list's address
/// has most in common with the notice's.
fn owner<'a>(session: &'a Session, url: &Url, region: Option<&str>) -> Option<&'a Source> {
    let host = url.host_str()?.to_ascii_lowercase();
    let owns = |s: &&Source| s.kind != Kind::Page && s.hosts.contains(&host);
    let fits = |s: &&Source| region.is_none_or(|r| s.region == r);
    let common = |s: &&Source| {
        let pairs = s.list.bytes().zip(url.as_str().bytes());
        pairs.take_while(|(a, b)| a == b).count()
    };
    session
        .catalog
        .sources
        .iter()
        .filter(owns)
        .filter(fits)
        .max_by_key(common)
}

/// Reads the page; only what can be read is kept.
fn kept(
    session: &Session,
    target: Target,
    page: Page,
    title: Option<&str>,
) -> Result<Output, Failure> {
    let Target { url, office } = target;
    let article = office
        .article(&page, url.as_str(), None)
        .map_err(|fault| Failure::with(NOTHING, fault.to_string()))?;
    if article.title.is_empty() && title.is_none() {
        return Err(Failure::with(
            NOTHING,
            format!("{url}: the page names no title; give one with --title"),
        ));
    }
    let id = office.source.id.clone();
    let reader = Reader::new(office, &session.catalog, None);
    let exams = crawl::watched(&session.catalog, &session.settings);
    let db = session.db()?;
    if let Some(other) = kept_under(session, &url)?.filter(|other| *other != id) {
        return Err(Failure::usage(format!(
            "{url} is kept under {other} already; leave --source out"
        )));
    }
    let _lock = RunLock::take(&db)?;
    let mut store = Store::open(&db)?;
    let brought = (page, article, &url);
    let done: Kept = keep(&mut store, &reader, &exams, brought, title, session.now)
        .map_err(|e: StoreError| Failure::from(e))?;
    shown(session, &id, &done)
}

fn shown(session: &Session, source: &str, done: &Kept) -> Result<Output, Failure> {
    if session.format != Format::Text {
        let data = serde_json::json!({
            "notice": done.notice, "events": done.events, "same": done.same,
        });
        return document(session, "added", data);
    }
    let mut text = terminal::events(&done.events, |id| session.place(id), session.lang);
    let Some(notice) = &done.notice else {
        return Ok(Output::text(text));
    };
    if done.events.is_empty() {
        text.push_str(&terminal::notice(
            notice,
            &session.place(source),
            &Tied::default(),
            session.lang,
        ));
    }
    let state = if done.same { "unchanged, " } else { "" };
    text.push_str(&format!(
        "\n#{} {state}watched by hand under {source}\n",
        notice.id
    ));
    Ok(Output::text(text))
}
