//! What is asked.

use std::time::Duration;

/// `Content-Type` of an HTML form's fields.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// How.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Method {
    /// GET.
    #[default]
    Get,
    /// POST with a body.
    Post {
        /// `Content-Type` of the body.
        content_type: String,
        /// The body as sent.
        body: Vec<u8>,
    },
}

impl Method {
    /// POST of an HTML form (`application/x-www-form-urlencoded`).
    pub fn form<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Method {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        Method::Post {
            content_type: FORM.into(),
            body: body.into_bytes(),
        }
    }
}

/// Where redirects may lead besides the host that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hosts {
    /// Only to these, lower case.
    Listed(Vec<String>),
    /// To any public host: for robots.txt (RFC 9309 §2.3.1.2).
    Any,
}

/// One request. [`Request::get`] fills in what most need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Absolute address.
    pub url: String,
    /// GET or POST.
    pub method: Method,
    /// Sent as `If-None-Match`.
    pub etag: Option<String>,
    /// Sent as `If-Modified-Since`.
    pub last_modified: Option<String>,
    /// Sent as `Referer`, to the first host only.
    pub referer: Option<String>,
    /// Sent as `Accept`; None = `*/*`.
    pub accept: Option<String>,
    /// Further headers, sent to the first origin only.
    pub headers: Vec<(String, String)>,
    /// Where redirects may lead.
    pub hosts: Hosts,
    /// Ports besides 80 and 443: that of the address the operator configured.
    pub ports: Vec<u16>,
    /// Most redirects; 0 = a redirect is the answer, with an empty body.
    pub redirects: usize,
    /// A redirect from https to http may be followed.
    pub plain_http: bool,
    /// Most bytes of the body, decompressed; None = the settings' limit.
    pub max_bytes: Option<usize>,
    /// A body over the limit is cut there instead of refused: for robots.txt.
    pub cut: bool,
    /// The address holds a secret (a webhook's token): faults do not name it.
    pub secret: bool,
    /// Until the answer must be complete, redirects included; None = the settings' limit.
    pub deadline: Option<Duration>,
}

impl Request {
    /// GET with up to [`super::MAX_HOPS`] redirects on the same host.
    pub fn get(url: impl Into<String>) -> Request {
        Request {
            url: url.into(),
            method: Method::Get,
            etag: None,
            last_modified: None,
            referer: None,
            accept: None,
            headers: Vec::new(),
            hosts: Hosts::Listed(Vec::new()),
            ports: Vec::new(),
            redirects: super::MAX_HOPS,
            plain_http: false,
            max_bytes: None,
            cut: false,
            secret: false,
            deadline: None,
        }
    }

    /// POST whose redirects are not followed and whose address is not named in faults: what a
    /// receiver of notifications is sent.
    pub fn post(url: impl Into<String>, content_type: impl Into<String>, body: Vec<u8>) -> Request {
        Request {
            method: Method::Post {
                content_type: content_type.into(),
                body,
            },
            redirects: 0,
            secret: true,
            ..Request::get(url)
        }
    }

    /// Whether the answer may be 304.
    pub fn conditional(&self) -> bool {
        self.etag.is_some() || self.last_modified.is_some()
    }
}
