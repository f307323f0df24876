//! One request, one answer, within its limits.

use super::address::check_url;
use super::connect::{Guard, Pinned, lookup};
use super::decode::{Body, Coding, Took};
use super::redirect::{Answer, Trail};
use super::request::{Method, Request};
use super::{fault, tls};
use crate::model::{Fault, Page, Settings, Timestamp, Verdict};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// The reason word of the fault that says that `contact.address` is missing.
pub const NO_CONTACT: &str = "no_contact";

/// Most bytes that are kept of one header's value.
const MAX_HEADER: usize = 1024;

/// The door. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    tls: Arc<rustls::ClientConfig>,
    agent: HeaderValue,
    named: bool,
    allow: Arc<[SocketAddr]>,
    proxy: Option<reqwest::Proxy>,
    connect: Duration,
    total: Duration,
    max_bytes: usize,
}

impl Client {
    /// A client that keeps to these settings. Opens nothing.
    ///
    /// # Errors
    /// `settings` where the contact cannot stand in a header or the proxy is no address.
    pub fn new(settings: &Settings) -> Result<Client, Fault> {
        let bad = |detail: String| Fault::new(Verdict::Transport, "settings", detail);
        let contact = settings.contact.address.as_deref().map(str::trim);
        let contact = contact.filter(|c| !c.is_empty());
        let version = env!("CARGO_PKG_VERSION");
        let agent = match contact {
            Some(contact) => format!("lingzheng/{version} (+{contact})"),
            None => format!("lingzheng/{version}"),
        };
        let agent = HeaderValue::from_str(&agent).map_err(|_| {
            bad("contact.address must be an e-mail address or URL in plain ASCII".into())
        })?;
        let proxy = match settings.net.proxy.as_deref() {
            // The error's text holds the address, which may hold a password.
            Some(url) => Some(
                reqwest::Proxy::all(url)
                    .map_err(|_| bad("net.proxy is no address of a proxy".into()))?,
            ),
            None => None,
        };
        Ok(Client {
            tls: Arc::new(tls::config()?),
            agent,
            named: contact.is_some(),
            allow: settings.net.allow.clone().into(),
            proxy,
            connect: seconds(settings.net.connect_timeout),
            total: seconds(settings.net.total_timeout),
            max_bytes: settings.net.max_bytes,
        })
    }

    /// The `ip:port` pairs that may be asked although they are not public.
    pub fn allow(&self) -> &[SocketAddr] {
        &self.allow
    }

    /// What a connection keeps to: addresses that are permitted, the time limit, and whether a
    /// proxy stands between.
    pub(super) fn ways(&self) -> (&[SocketAddr], Duration, bool) {
        (&self.allow, self.connect, self.proxy.is_some())
    }

    /// Asks, and follows redirects.
    ///
    /// # Errors
    /// [`Verdict::Transport`] where no usable answer came, [`Verdict::Partial`] where it broke
    /// off, [`Verdict::Moved`] where it leads to a foreign host. Every complete answer, whatever
    /// its status, is a [`Page`].
    pub async fn send(&self, mut request: Request) -> Result<Page, Fault> {
        let deadline = request.deadline.unwrap_or(self.total);
        let first = request.url.clone();
        let secret = request.secret;
        let way = async {
            let mut trail = Trail::new(&request, &self.allow);
            loop {
                let answer = self.exchange(&request, &trail).await?;
                if !trail.follow(&mut request, &answer)? {
                    return Ok(answer.page);
                }
            }
        };
        let result = match tokio::time::timeout(deadline, way).await {
            Ok(result) => result,
            Err(_) => Err(late(deadline).at(first)),
        };
        result.map_err(|fault| match secret {
            true => Fault { url: None, ..fault },
            false => fault,
        })
    }

    /// Asks once, and leaves redirects to the caller.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn hop(&self, request: &Request, trail: &Trail) -> Result<Answer, Fault> {
        let deadline = request.deadline.unwrap_or(self.total);
        match tokio::time::timeout(deadline, self.exchange(request, trail)).await {
            Ok(result) => result,
            Err(_) => Err(late(deadline).at(&request.url)),
        }
    }

    async fn exchange(&self, request: &Request, trail: &Trail) -> Result<Answer, Fault> {
        let url = check_url(&request.url, &self.allow, &request.ports)?;
        self.exchange_checked(&url, request, trail)
            .await
            .map_err(|fault| fault.at(&request.url))
    }

    async fn exchange_checked(
        &self,
        url: &Url,
        request: &Request,
        trail: &Trail,
    ) -> Result<Answer, Fault> {
        let http = self.connector(url).await?;
        let (method, body, content_type) = match &request.method {
            Method::Get => (reqwest::Method::GET, None, None),
            Method::Post { content_type, body } => (
                reqwest::Method::POST,
                Some(body.clone()),
                Some(content_type),
            ),
        };
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, self.agent.clone());
        headers.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("gzip, deflate"),
        );
        headers.insert(
            header::ACCEPT,
            value(request.accept.as_deref().unwrap_or("*/*"))?,
        );
        let cookie = trail.cookie(url);
        let optional = [
            (header::IF_NONE_MATCH, request.etag.as_deref()),
            (header::IF_MODIFIED_SINCE, request.last_modified.as_deref()),
            (header::REFERER, request.referer.as_deref()),
            (header::CONTENT_TYPE, content_type.map(String::as_str)),
            (header::COOKIE, cookie.as_deref()),
        ];
        for (name, word) in optional {
            if let Some(word) = word {
                headers.insert(name, value(word)?);
            }
        }
        for (name, word) in &request.headers {
            let name = HeaderName::try_from(name.as_str()).map_err(|_| bad_header())?;
            headers.insert(name, value(word)?);
        }
        let mut asked = http.request(method, url.clone()).headers(headers);
        if let Some(body) = body {
            asked = asked.body(body);
        }
        let response = asked
            .send()
            .await
            .map_err(|e| fault::before_answer(&e.without_url()))?;
        self.read(url, request, response).await
    }

    /// A client for one hop, bound to the addresses that were checked for it. It shares the TLS
    /// configuration, so that sessions are resumed, and keeps no connection.
    async fn connector(&self, url: &Url) -> Result<reqwest::Client, Fault> {
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or(0);
        let name = matches!(url.host(), Some(url::Host::Domain(_)));
        if !self.named && name && host != "localhost" {
            return Err(Fault::new(
                Verdict::Transport,
                NO_CONTACT,
                "no contact is set: offices must be able to reach whoever asks; put an e-mail address or URL under contact.address in the settings",
            ));
        }
        let addresses = if name && self.proxy.is_none() {
            lookup(host, port, &self.allow, self.connect).await?
        } else {
            Vec::new()
        };
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured((*self.tls).clone())
            .tls_info(true)
            .http1_only()
            // Old servers send what browsers forgive.
            .http1_ignore_invalid_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .no_gzip()
            .no_deflate()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .pool_max_idle_per_host(0)
            .connect_timeout(self.connect)
            .dns_resolver(Pinned {
                host: host.to_owned(),
                addresses,
                proxied: self.proxy.is_some(),
            })
            .connector_layer(Guard {
                allow: self.allow.clone(),
                proxied: self.proxy.is_some(),
            })
            .no_proxy();
        let builder = match &self.proxy {
            Some(proxy) => builder.proxy(proxy.clone()),
            None => builder,
        };
        builder
            .build()
            .map_err(|e| fault::before_answer(&e.without_url()))
    }

    async fn read(
        &self,
        url: &Url,
        request: &Request,
        mut response: reqwest::Response,
    ) -> Result<Answer, Fault> {
        let status = response.status().as_u16();
        let max = request.max_bytes.unwrap_or(self.max_bytes);
        let headers = response.headers().clone();
        let tls = response.extensions().get::<reqwest::tls::TlsInfo>();
        let certificate = tls.and_then(|t| t.peer_certificate());
        let certificate_until = certificate.and_then(tls::valid_until);
        let text = |name: HeaderName| headers.get(name).map(|v| shown(v.as_bytes(), MAX_HEADER));
        let location = headers
            .get(header::LOCATION)
            .map(|v| percent_encoded(v.as_bytes()));
        if status < 200 {
            return Err(Fault::new(
                Verdict::Transport,
                "http",
                format!("status {status} is no answer to a request for a page"),
            ));
        }
        if status == 304 && !request.conditional() {
            return Err(Fault::new(
                Verdict::Transport,
                "http",
                "the server answers \"not modified\" though no copy was named",
            ));
        }
        let unread =
            matches!(status, 204 | 304) || (300..400).contains(&status) && location.is_some();
        let body = if unread {
            Vec::new()
        } else {
            let codings = headers.get_all(header::CONTENT_ENCODING).iter();
            let codings = codings.map(|v| v.to_str().unwrap_or("?"));
            let Some(coding) = Coding::of(codings) else {
                return Err(Fault::new(
                    Verdict::Transport,
                    "unsupported_encoding",
                    "the answer is packed in a way that was not asked for (Content-Encoding)",
                ));
            };
            let promised = response.content_length().unwrap_or(0);
            if coding == Coding::Identity && !request.cut && promised > max as u64 {
                return Err(too_large(max));
            }
            let mut body = Body::new(coding, max);
            loop {
                let piece = match response.chunk().await {
                    Ok(Some(piece)) => piece,
                    Ok(None) => break body.finish(),
                    Err(e) => return Err(fault::in_body(&e.without_url())),
                };
                match body.take(&piece) {
                    Took::Piece => {}
                    Took::Full if request.cut => break Ok(body.so_far()),
                    other => break Err(other),
                }
            }
            .map_err(|took| match took {
                Took::Damaged(why) => Fault::new(
                    Verdict::Partial,
                    "incomplete",
                    format!("the packed answer is damaged or cut: {why}"),
                ),
                Took::Full | Took::Piece => too_large(max),
            })?
        };
        let cookies = headers.get_all(header::SET_COOKIE).iter();
        let cookies = cookies.filter_map(|v| v.to_str().ok().map(str::to_owned));
        let page = Page {
            url: url.to_string(),
            status,
            content_type: text(header::CONTENT_TYPE),
            etag: text(header::ETAG),
            last_modified: text(header::LAST_MODIFIED),
            headers: headers
                .iter()
                .map(|(name, v)| (name.as_str().to_owned(), shown(v.as_bytes(), MAX_HEADER)))
                .collect(),
            body,
            fetched_at: Timestamp::now(),
            plain_http: url.scheme() == "http",
        };
        Ok(Answer {
            page,
            location,
            cookies: cookies.collect(),
            retry_after: text(header::RETRY_AFTER),
            certificate_until,
        })
    }
}

/// A number of seconds from the settings; rubbish (negative, not a number) becomes a limit that
/// fails at once rather than never.
fn seconds(of: f64) -> Duration {
    Duration::try_from_secs_f64(of).unwrap_or(Duration::ZERO)
}

fn late(deadline: Duration) -> Fault {
    let detail = format!("no complete answer within {:.1} s", deadline.as_secs_f64());
    Fault::new(Verdict::Transport, "timeout", detail)
}

fn too_large(max: usize) -> Fault {
    let detail = format!("the answer is larger than {max} bytes (net.max_bytes)");
    Fault::new(Verdict::Transport, "too_large", detail)
}

fn bad_header() -> Fault {
    Fault::new(
        Verdict::Transport,
        "settings",
        "a header to send holds a character that headers cannot hold",
    )
}

fn value(word: &str) -> Result<HeaderValue, Fault> {
    HeaderValue::from_str(word).map_err(|_| bad_header())
}

/// A header's value as text, cut.
fn shown(bytes: &[u8], max: usize) -> String {
    let head = bytes.get(..max).unwrap_or(bytes);
    String::from_utf8_lossy(head).into_owned()
}

/// `Location` with raw bytes (UTF-8 or GBK paths) made into an address, as browsers do.
fn percent_encoded(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for &b in bytes.trim_ascii() {
        if b.is_ascii() {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}
