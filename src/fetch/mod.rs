//! Pages, politely: robots.txt, pauses, retries, conditional requests, recordings.
//!
//! [`Fetcher::get`] is the only way to a page of an office. Each hop of it passes, in this order:
//! the source's own hosts, robots.txt of the hop's origin, the gate of the hop's host (one request
//! at a time, a pause, a budget, a circuit), and then [`crate::net`]. Failures that may pass are
//! tried again; the rest of the run leaves a host alone that is down or asks for rest.

mod gate;
mod recorded;
mod retry;
mod robots;

pub use recorded::{Files, Recorded};
pub use robots::{RobotsCache, RobotsCopy};

use crate::model::source::Http;
use crate::model::{Fault, Page, Settings, Source, Timestamp, Verdict};
use crate::net::{Answer, Client, FORM, Hosts, Method, Request, Trail, check_url};
use gate::Gate;
use robots::{Book, Rules};
use std::collections::BTreeMap;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use url::Url;

/// What the fetcher must know of a source.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Source id: names the folder of recordings.
    pub id: String,
    /// Address of its list.
    pub list: String,
    /// Hosts that its pages and redirects may be on, lower case.
    pub hosts: Vec<String>,
    /// Hosts that are never asked.
    pub retired: Vec<String>,
    /// Transport quirks.
    pub http: Http,
}

impl From<&Source> for Site {
    fn from(source: &Source) -> Site {
        let own = Url::parse(&source.list).ok();
        let own = own.and_then(|u| u.host_str().map(str::to_owned));
        let named = source.hosts.iter().chain(&source.http.also).cloned();
        Site {
            id: source.id.clone(),
            list: source.list.clone(),
            hosts: own
                .into_iter()
                .chain(named)
                .map(|h| h.to_ascii_lowercase())
                .collect(),
            retired: source.retired.clone(),
            http: source.http.clone(),
        }
    }
}

impl Site {
    /// The port of the configured list, where it is not a usual one.
    fn ports(&self) -> Vec<u16> {
        let list = Url::parse(&self.list).ok();
        list.and_then(|u| u.port()).into_iter().collect()
    }

    fn admits(&self, url: &Url) -> Result<(), Fault> {
        let host = url.host_str().unwrap_or_default();
        let is = |h: &String| h.eq_ignore_ascii_case(host);
        if self.retired.iter().any(is) {
            let detail = format!("{host} is a retired host of this office");
            return Err(Fault::new(Verdict::Moved, "retired", detail).at(url.as_str()));
        }
        if !self.hosts.iter().any(is) {
            let detail = format!(
                "{host} is not one of the source's hosts; known, not fetched (http.also in its block lists further hosts)"
            );
            return Err(Fault::new(Verdict::Moved, "off_host", detail).at(url.as_str()));
        }
        Ok(())
    }
}

/// What a page is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// A list or an article for people.
    #[default]
    Page,
    /// JSON, XML or a feed.
    Data,
    /// A file, of at most [`MAX_DOCUMENT`] bytes.
    Document,
}

/// Largest file of a notice that is fetched: forms and lists of names are far smaller.
pub const MAX_DOCUMENT: usize = 4 * 1024 * 1024;

impl Role {
    fn accept(self) -> &'static str {
        match self {
            Role::Page => "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
            Role::Data => "application/json,application/xml;q=0.9,*/*;q=0.8",
            Role::Document => "*/*",
        }
    }

    fn max_bytes(self) -> Option<usize> {
        (self == Role::Document).then_some(MAX_DOCUMENT)
    }
}

/// One wish. Validators belong to a stored body: without one, leave them out.
#[derive(Debug, Clone, Copy)]
pub struct Want<'a> {
    /// Whose page.
    pub site: &'a Site,
    /// Absolute address.
    pub url: &'a str,
    /// `ETag` of the stored copy.
    pub etag: Option<&'a str>,
    /// `Last-Modified` of the stored copy.
    pub last_modified: Option<&'a str>,
    /// What for.
    pub role: Role,
}

impl<'a> Want<'a> {
    /// An unconditional wish for a page.
    pub fn page(site: &'a Site, url: &'a str) -> Want<'a> {
        Want {
            site,
            url,
            etag: None,
            last_modified: None,
            role: Role::Page,
        }
    }
}

/// What one run leaves to the next; the caller keeps it in the store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    /// robots.txt by origin.
    pub robots: RobotsCache,
    /// Hosts that asked for rest (`Retry-After`), and until when.
    pub holds: BTreeMap<String, Timestamp>,
}

/// Brings pages for one run.
pub struct Fetcher {
    door: Door,
    gate: Option<Gate>,
    book: Book,
    allow: Vec<SocketAddr>,
    /// Further tries, and the seed of their jitter.
    retries: u32,
    seed: u64,
    total: Duration,
    /// Until when the certificates of the hosts that answered are valid.
    certificates: Mutex<BTreeMap<String, Timestamp>>,
}

enum Door {
    Live(Box<Client>),
    Recorded(Box<Recorded>),
}

impl Fetcher {
    /// Whether it asks hosts; recordings do not.
    pub fn is_live(&self) -> bool {
        matches!(self.door, Door::Live(_))
    }

    /// Over the network. `now` is the run's moment, `seed` the source of jitter.
    ///
    /// # Errors
    /// What [`Client::new`] refuses.
    pub fn live(
        settings: &Settings,
        memory: Memory,
        now: Timestamp,
        seed: u64,
    ) -> Result<Fetcher, Fault> {
        let client = Client::new(settings)?;
        Ok(Fetcher {
            door: Door::Live(Box::new(client)),
            gate: Some(Gate::new(&settings.net, memory.holds, now, seed)),
            book: Book::new(memory.robots, now),
            allow: settings.net.allow.clone(),
            retries: settings.net.retries,
            seed,
            total: Duration::try_from_secs_f64(settings.net.total_timeout).unwrap_or_default(),
            certificates: Mutex::default(),
        })
    }

    /// From a folder of recordings: no network, no pauses, no second tries.
    pub fn recorded(recorded: Recorded) -> Fetcher {
        Fetcher {
            book: Book::new(RobotsCache::new(), recorded.now()),
            door: Door::Recorded(Box::new(recorded)),
            gate: None,
            allow: Vec::new(),
            retries: 0,
            seed: 0,
            total: Duration::MAX,
            certificates: Mutex::default(),
        }
    }

    /// What the next run should know. Call it when the run's requests are done.
    pub fn memory(&self) -> Memory {
        Memory {
            robots: self.book.copies(),
            holds: self.gate.as_ref().map(Gate::holds).unwrap_or_default(),
        }
    }

    /// Until when the certificates of the hosts that answered over https are valid.
    pub fn certificates(&self) -> BTreeMap<String, Timestamp> {
        self.certificates
            .lock()
            .map(|c| c.clone())
            .unwrap_or_default()
    }

    /// Brings one page. Every complete answer is a page, whatever its status; whether it is the
    /// page that was hoped for is the verdict's business.
    ///
    /// # Errors
    /// What [`Client::send`] says, and: [`Verdict::Moved`] `off_host`, `retired`;
    /// [`Verdict::Transport`] `robots` (disallowed), `robots_unreachable`, `host_down` (three
    /// failures in a row), `budget`, `retry_later` (the host asked for rest), `crawl_delay`
    /// (longer than a run can wait), `skipped_deadline` (the run's time is over),
    /// `not_recorded`.
    pub async fn get(&self, want: Want<'_>) -> Result<Page, Fault> {
        let ports = want.site.ports();
        let url = check_url(want.url, &self.allow, &ports)?;
        want.site.admits(&url)?;
        let referer = match want.site.http.referer.as_deref() {
            Some("list") if want.url == want.site.list => None,
            Some("list") => Some(want.site.list.clone()),
            other => other.map(str::to_owned),
        };
        let request = Request {
            etag: want.etag.map(str::to_owned),
            last_modified: want.last_modified.map(str::to_owned),
            referer,
            accept: Some(want.role.accept().into()),
            hosts: Hosts::Listed(want.site.hosts.clone()),
            ports,
            plain_http: want.site.http.plain,
            max_bytes: want.role.max_bytes(),
            ..Request::get(url.as_str())
        };
        if !want.site.http.post || want.role == Role::Document {
            return self.walk(want.site, request, true).await;
        }
        let form = posted(&url, request);
        let at = form.url.clone();
        let mut page = self.walk(want.site, form, true).await?;
        // What was asked with is part of the page's address: all of such a site's notices share
        // one without it.
        if page.url == at {
            page.url = url.into();
        }
        Ok(page)
    }

    /// Follows one request to its end. `ruled` = robots.txt is asked before each hop.
    async fn walk(&self, site: &Site, mut request: Request, ruled: bool) -> Result<Page, Fault> {
        let mut trail = Trail::new(&request, &self.allow);
        loop {
            let url = check_url(&request.url, &self.allow, &request.ports)?;
            let mut delay = None;
            if ruled {
                let rules = self.rules(site, &url).await?;
                if !rules.allow(&url) {
                    let detail = "robots.txt asks not to fetch this page; open it in a browser";
                    return Err(Fault::new(Verdict::Transport, "robots", detail).at(url));
                }
                delay = rules.delay();
            }
            let answer = self.ask(site, &url, &request, &trail, delay).await?;
            if !trail.follow(&mut request, &answer)? {
                return Ok(answer.page);
            }
        }
    }

    /// robots.txt of an address's origin, fetched at most once a run.
    fn rules<'a>(
        &'a self,
        site: &'a Site,
        url: &'a Url,
    ) -> Pin<Box<dyn Future<Output = Result<Arc<Rules>, Fault>> + Send + 'a>> {
        Box::pin(self.book.rules(url, move |address| {
            let request = Request {
                accept: Some("text/plain,*/*;q=0.5".into()),
                hosts: Hosts::Any,
                ports: site.ports(),
                plain_http: true,
                max_bytes: Some(robots::MAX_BYTES),
                cut: true,
                ..Request::get(address)
            };
            self.walk(site, request, false)
        }))
    }

    /// One hop, tried again where that may help.
    async fn ask(
        &self,
        site: &Site,
        url: &Url,
        request: &Request,
        trail: &Trail,
        delay: Option<Duration>,
    ) -> Result<Answer, Fault> {
        let (client, gate) = match (&self.door, &self.gate) {
            (Door::Recorded(recorded), _) => return recorded.answer(&site.id, request),
            (Door::Live(client), Some(gate)) => (client, gate),
            (Door::Live(_), None) => {
                return Err(Fault::new(Verdict::Transport, "settings", "no gate"));
            }
        };
        let host = url.host_str().unwrap_or_default();
        let pause = site.http.pause.unwrap_or(0.0);
        let pause = Duration::try_from_secs_f64(pause).unwrap_or_default();
        let pause = gate.pause().max(pause).max(delay.unwrap_or_default());
        let once = || {
            gate.pass(host, pause, |left| {
                let deadline = Some(left.min(self.total));
                let request = Request {
                    deadline,
                    ..request.clone()
                };
                async move { client.hop(&request, trail).await }
            })
        };
        let answer = retry::patiently(once, self.retries, gate.pause(), self.seed).await?;
        if let Some(until) = answer.certificate_until
            && let Ok(mut certificates) = self.certificates.lock()
        {
            certificates.insert(host.to_owned(), until);
        }
        Ok(answer)
    }
}

/// The same question with the address's query as a form. Validators are no part of a POST.
fn posted(url: &Url, request: Request) -> Request {
    let mut at = url.clone();
    at.set_query(None);
    Request {
        url: at.into(),
        method: Method::Post {
            content_type: FORM.into(),
            body: url.query().unwrap_or_default().into(),
        },
        etag: None,
        last_modified: None,
        ..request
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_becomes_a_form() {
        let url = Url::parse("http://a.cn/queryDetail.htm?mkxh=5&tzid=12&name=%E8%AF%81").unwrap();
        let asked = Request {
            etag: Some("1".into()),
            referer: Some("http://a.cn/".into()),
            ..Request::get(url.as_str())
        };
        let form = posted(&url, asked.clone());
        let method = Method::Post {
            content_type: FORM.into(),
            body: b"mkxh=5&tzid=12&name=%E8%AF%81".to_vec(),
        };
        let want = Request {
            url: "http://a.cn/queryDetail.htm".into(),
            method,
            etag: None,
            ..asked
        };
        assert_eq!(form, want);
    }
}
