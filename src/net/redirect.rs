//! Redirects, hop by hop: how many, where to, and what is carried along.

use super::address::{MAX_URL, check_url};
use super::request::{Hosts, Method, Request};
use crate::model::{Fault, Page, Timestamp, Verdict};
use std::net::SocketAddr;
use url::Url;

/// Most redirects that are followed: what RFC 9309 asks for robots.txt, and more than an honest
/// site needs.
pub const MAX_HOPS: usize = 5;

/// Cookies that one visit keeps; a browser allows some 50 a host.
const MAX_COOKIES: usize = 50;
/// Bytes of one cookie (RFC 6265 §6.1).
const MAX_COOKIE: usize = 4096;

/// The answer of one hop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What was answered; a redirect's body is not read.
    pub page: Page,
    /// `Location` of a redirect, bytes above ASCII percent-encoded.
    pub location: Option<String>,
    /// `Set-Cookie` values.
    pub cookies: Vec<String>,
    /// `Retry-After` as sent (RFC 9110 §10.2.3).
    pub retry_after: Option<String>,
    /// Until when the server's certificate is valid; None = plain http, or not told.
    pub certificate_until: Option<Timestamp>,
}

/// The way of one request through its redirects.
#[derive(Debug, Clone)]
pub struct Trail {
    hosts: Hosts,
    allow: Vec<SocketAddr>,
    ports: Vec<u16>,
    plain_http: bool,
    left: usize,
    chain: Vec<String>,
    /// Host, name, value: only ever sent back to the host that set them, and forgotten at the end.
    cookies: Vec<(String, String, String)>,
}

impl Trail {
    /// At the start of a request.
    pub fn new(request: &Request, allow: &[SocketAddr]) -> Trail {
        Trail {
            hosts: request.hosts.clone(),
            allow: allow.to_vec(),
            ports: request.ports.clone(),
            plain_http: request.plain_http,
            left: request.redirects,
            chain: Vec::new(),
            cookies: Vec::new(),
        }
    }

    /// Looks at an answer: true = `request` now asks for the next hop, false = this is the end.
    ///
    /// # Errors
    /// [`Verdict::Moved`] with `off_host` where the redirect leaves the source's hosts;
    /// [`Verdict::Transport`] with `redirects` (loop, too many, no or bad `Location`),
    /// `downgrade`, or what [`check_url`] refuses.
    pub fn follow(&mut self, request: &mut Request, answer: &Answer) -> Result<bool, Fault> {
        let status = answer.page.status;
        if !matches!(status, 301 | 302 | 303 | 307 | 308) || request.redirects == 0 {
            return Ok(false);
        }
        let from = check_url(&request.url, &self.allow, &self.ports)?;
        let fault = |reason: &str, detail: String| {
            Fault::new(Verdict::Transport, reason, detail).at(from.as_str())
        };
        self.chain.push(request.url.clone());
        let Some(location) = answer.location.as_deref().filter(|l| !l.is_empty()) else {
            return Err(fault(
                "redirects",
                format!("status {status} without a Location"),
            ));
        };
        if location.len() > MAX_URL {
            return Err(fault("redirects", "the Location is too long".into()));
        }
        let mut to = from
            .join(location)
            .map_err(|e| fault("redirects", format!("the Location is no address: {e}")))?;
        to.set_fragment(None);
        let to = check_url(to.as_str(), &self.allow, &self.ports)?;
        let fresh = self.keep_cookies(&from, &answer.cookies);
        let looped = !fresh && self.chain.iter().any(|seen| seen == to.as_str());
        if looped || self.left == 0 {
            let chain = self.chain.join(" → ");
            let chain: String = chain.chars().take(600).collect();
            return Err(fault(
                "redirects",
                format!("redirects without end: {chain} → {to}"),
            ));
        }
        self.left -= 1;
        if from.scheme() == "https" && to.scheme() == "http" && !self.plain_http {
            return Err(fault(
                "downgrade",
                format!(
                    "the redirect leads from https to plain http ({to}); if the site knows no better, its block may say http.plain"
                ),
            ));
        }
        let host = to.host_str().unwrap_or_default();
        if from.host_str() != Some(host)
            && let Hosts::Listed(listed) = &self.hosts
            && !listed.iter().any(|h| h.eq_ignore_ascii_case(host))
        {
            return Err(Fault::new(
                Verdict::Moved,
                "off_host",
                format!("the address leads to {host}, which is not one of the source's hosts; if the office has moved, add it to the block"),
            )
            .at(to.as_str()));
        }
        if from.origin() != to.origin() {
            request.headers.clear();
            request.referer = None;
            request.etag = None;
            request.last_modified = None;
        }
        if !matches!(status, 307 | 308) {
            request.method = Method::Get;
        } else if from.origin() != to.origin() && request.method != Method::Get {
            return Err(fault(
                "redirects",
                format!("a form would be sent on to {host}"),
            ));
        }
        request.url = to.into();
        Ok(true)
    }

    /// The `Cookie` header for a host; None where there are none.
    pub fn cookie(&self, url: &Url) -> Option<String> {
        let host = url.host_str()?;
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .filter(|(owner, ..)| owner == host)
            .map(|(_, name, value)| format!("{name}={value}"))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Keeps what a hop set; true = something is new, so that asking the same address again may
    /// be answered otherwise.
    fn keep_cookies(&mut self, from: &Url, set: &[String]) -> bool {
        let host = from.host_str().unwrap_or_default();
        let mut fresh = false;
        for line in set {
            let Some((name, value)) = line.split(';').next().and_then(|pair| pair.split_once('='))
            else {
                continue;
            };
            let (name, value) = (name.trim(), value.trim());
            if name.is_empty() || name.len() + value.len() > MAX_COOKIE {
                continue;
            }
            let room = self.cookies.len() < MAX_COOKIES;
            let known = self
                .cookies
                .iter_mut()
                .find(|(h, n, _)| h == host && n == name);
            match known {
                Some((.., old)) => {
                    fresh |= old != value;
                    value.clone_into(old);
                }
                None if room => {
                    fresh = true;
                    self.cookies.push((host.into(), name.into(), value.into()));
                }
                None => {}
            }
        }
        fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, location: Option<&str>) -> Answer {
        Answer {
            page: Page {
                url: String::new(),
                status,
                content_type: None,
                etag: None,
                last_modified: None,
                headers: Vec::new(),
                body: Vec::new(),
                fetched_at: crate::model::Timestamp::UNIX_EPOCH,
                plain_http: false,
            },
            location: location.map(str::to_owned),
            cookies: Vec::new(),
            retry_after: None,
            certificate_until: None,
        }
    }

    fn step(from: &str, location: &str, listed: &[&str]) -> Result<String, String> {
        let mut request = Request::get(from);
        request.hosts = Hosts::Listed(listed.iter().map(|h| (*h).to_owned()).collect());
        request.ports = vec![8090];
        let mut trail = Trail::new(&request, &[]);
        match trail.follow(&mut request, &answer(302, Some(location))) {
            Ok(_) => Ok(request.url),
            Err(fault) => Err(fault.reason),
        }
    }

    #[test]
    fn where_a_redirect_may_lead() {
        let from = "https://a.gov.cn/x/list.html";
        let rows: [(&str, Result<&str, &str>); 15] = [
            ("/y", Ok("https://a.gov.cn/y")),
            ("2.html#top", Ok("https://a.gov.cn/x/2.html")),
            ("https://A.gov.cn/y", Ok("https://a.gov.cn/y")),
            ("https://b.gov.cn:8090/", Ok("https://b.gov.cn:8090/")),
            ("//b.gov.cn/z", Ok("https://b.gov.cn/z")),
            ("https://evil.com/", Err("off_host")),
            ("//evil.com/", Err("off_host")),
            ("\\\\evil.com/", Err("off_host")),
            ("https://a.gov.cn@evil.com/", Err("url")),
            ("http://a.gov.cn/y", Err("downgrade")),
            ("file:///etc/passwd", Err("scheme")),
            ("javascript:alert(1)", Err("scheme")),
            ("https://127.0.0.1/", Err("address")),
            ("https://a.gov.cn:6379/", Err("port")),
            ("https://0x7f.1/", Err("address")),
        ];
        for (location, want) in rows {
            let got = step(from, location, &["b.gov.cn"]);
            assert_eq!(got.as_deref().map_err(String::as_str), want, "{location}");
        }
    }

    #[test]
    fn nothing_private_crosses_to_another_origin() {
        let mut request = Request::get("https://a.gov.cn/");
        request.hosts = Hosts::Listed(vec!["b.gov.cn".into()]);
        request.headers = vec![("X-Key".into(), "1".into())];
        request.referer = Some("https://a.gov.cn/".into());
        let mut trail = Trail::new(&request, &[]);
        let mut hop = answer(302, Some("https://b.gov.cn/"));
        hop.cookies = vec!["sid=1; Path=/".into()];
        assert_eq!(trail.follow(&mut request, &hop), Ok(true));
        assert_eq!((request.headers.len(), request.referer), (0, None));
        let cookie = |url: &str| trail.cookie(&Url::parse(url).unwrap());
        assert_eq!(cookie("https://b.gov.cn/"), None);
        assert_eq!(cookie("https://a.gov.cn/"), Some("sid=1".into()));
    }

    #[test]
    fn the_same_address_again_only_with_a_new_cookie() {
        let mut request = Request::get("https://a.gov.cn/");
        let mut trail = Trail::new(&request, &[]);
        let mut hop = answer(302, Some("/"));
        hop.cookies = vec!["sid=1".into()];
        assert_eq!(trail.follow(&mut request, &hop), Ok(true));
        let fault = trail.follow(&mut request, &hop).unwrap_err();
        assert_eq!(fault.reason, "redirects");
    }
}
