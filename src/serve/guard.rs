//! What every request passes before it is answered, and what every answer carries.

use super::answer::{Answer, Trouble};
use super::login;
use super::state::Shared;
use crate::render::html::site;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use http::header::{
    ALLOW, AUTHORIZATION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, ETAG, HOST, IF_NONE_MATCH,
    REFERRER_POLICY, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use std::sync::atomic::Ordering;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

/// Longest query, in bytes.
const QUERY: usize = 2000;
/// Longest time for an answer, beyond the longest wait for an event.
const LONGEST: Duration = Duration::from_secs(45);
/// Where the token is given.
pub(super) const LOGIN: &str = "/login";

/// What a page may load: its own style by digest, the one script, data of this server.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let digest = Sha256::digest(site::style().as_bytes());
    let digest = base64::engine::general_purpose::STANDARD.encode(digest);
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{digest}'; script-src 'self'; connect-src 'self'; \
         img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static(SEALED))
});
/// For everything that is no page: may load nothing, run nothing, show nothing.
const SEALED: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// The middleware around all routes.
pub(super) async fn guard(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let asked_for = request.headers().get(IF_NONE_MATCH).cloned();
    let mut response = match check(&shared, &request) {
        Ok(()) => match tokio::time::timeout(LONGEST, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Trouble::Stopping.into_response(),
        },
        Err(response) => *response,
    };
    if let Some(unchanged) = not_modified(asked_for.as_ref(), &response) {
        response = unchanged;
    }
    finish(&mut response);
    let class = usize::from(response.status().as_u16() / 100);
    if let Some(counter) = shared.answers.get(class) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
    response
}

/// Size, Host, token, method: in this order.
fn check(shared: &Shared, request: &Request) -> Result<(), Box<Response>> {
    let refuse = |status, line| Err(Box::new(Trouble::Refused(status, line).into_response()));
    let uri = request.uri();
    if uri.query().is_some_and(|q| q.len() > QUERY) {
        return refuse(StatusCode::URI_TOO_LONG, "the query is too long");
    }
    if !host_is_ours(shared, request) {
        return refuse(
            StatusCode::MISDIRECTED_REQUEST,
            "this server has another name; see --host",
        );
    }
    let (method, headers) = (request.method(), request.headers());
    let login = method == Method::POST && uri.path() == LOGIN && shared.site.token.is_some();
    if let Some(token) = &shared.site.token
        && !login
    {
        let bearer = text(headers, &AUTHORIZATION)
            .and_then(|v| v.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .is_some_and(|(_, given)| token.is(given.trim()));
        let mut cookies = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|v| v.to_str().ok());
        if !bearer && !cookies.any(|v| token.in_cookies(v)) {
            return Err(Box::new(unauthorized(headers, request.uri().query())));
        }
    }
    if !login && method != Method::GET && method != Method::HEAD {
        let mut response = Trouble::Refused(
            StatusCode::METHOD_NOT_ALLOWED,
            "this board is for reading only",
        )
        .into_response();
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return Err(Box::new(response));
    }
    Ok(())
}

/// The page that asks for the token, for a browser; a line for a program.
fn unauthorized(headers: &HeaderMap, query: Option<&str>) -> Response {
    let browser = text(headers, &http::header::ACCEPT).is_some_and(|v| v.contains("text/html"));
    let mut response = match browser {
        true => login::page(false, query),
        false => {
            Answer::text("a token is needed: Authorization: Bearer …\n".into()).into_response()
        }
    };
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    response.headers_mut().remove(ETAG);
    response
        .headers_mut()
        .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

pub(super) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Whether the name by which the board was called is one of its own: a page elsewhere that lets
/// its name lead here (DNS rebinding) gets nothing.
fn host_is_ours(shared: &Shared, request: &Request) -> bool {
    let mut all = request.headers().get_all(HOST).iter();
    let (Some(host), None) = (all.next().and_then(|h| h.to_str().ok()), all.next()) else {
        return false;
    };
    let target = request.uri().authority().map(|a| a.as_str());
    ours(shared, host) && target.is_none_or(|t| ours(shared, t))
}

fn ours(shared: &Shared, authority: &str) -> bool {
    let Ok(authority) = authority.parse::<http::uri::Authority>() else {
        return false;
    };
    if authority.as_str().contains('@') {
        return false;
    }
    let name = authority.host();
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    if let Ok(ip) = bare.parse::<IpAddr>() {
        return !shared.loopback || ip.is_loopback();
    }
    let named = shared
        .site
        .hosts
        .iter()
        .any(|h| h.eq_ignore_ascii_case(name));
    named || name.eq_ignore_ascii_case("localhost")
}

/// 304 where the browser has this very body (RFC 9110 §13.1.2).
fn not_modified(asked_for: Option<&HeaderValue>, response: &Response) -> Option<Response> {
    let tag = response.headers().get(ETAG)?.to_str().ok()?;
    let asked_for = asked_for?.to_str().ok()?;
    let same = asked_for
        .split(',')
        .any(|t| t.trim().trim_start_matches("W/") == tag);
    if response.status() != StatusCode::OK || !same {
        return None;
    }
    let mut unchanged = StatusCode::NOT_MODIFIED.into_response();
    for name in [ETAG, http::header::CACHE_CONTROL] {
        if let Some(value) = response.headers().get(&name) {
            unchanged.headers_mut().insert(name, value.clone());
        }
    }
    Some(unchanged)
}

/// The headers of every answer.
fn finish(response: &mut Response) {
    let page = text(response.headers(), &CONTENT_TYPE).is_some_and(|t| t.starts_with("text/html"));
    let headers = response.headers_mut();
    let policy = match page {
        true => POLICY.clone(),
        false => HeaderValue::from_static(SEALED),
    };
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "same-origin"),
        (http::header::X_FRAME_OPTIONS, "DENY"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
