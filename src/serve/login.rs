//! The one form: a browser gives the token and gets a cookie.

use super::answer::{Answer, Trouble};
use super::guard::text;
use super::query::Query;
use super::state::Shared;
use crate::render::Lang;
use crate::render::html::{Place, site};
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, HOST, LOCATION, ORIGIN, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use std::sync::Arc;
use std::time::Duration;

/// Most bytes of the form, and how long they may take.
const BYTES: usize = 2048;
const TIME: Duration = Duration::from_secs(10);

/// The page that asks for the token.
pub(super) fn page(wrong: bool, query: Option<&str>) -> Response {
    let lang = Query::new(query).map_or(Lang::Zh, |q| q.lang());
    let at = site::At {
        lang,
        place: Place::Server,
    };
    Answer::html(site::login(wrong, at)).into_response()
}

/// `POST /login`.
pub(super) async fn login(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let Some(token) = &shared.site.token else {
        return Trouble::NotFound.into_response();
    };
    let refuse = |status, line| Trouble::Refused(status, line).into_response();
    let headers = request.headers();
    if !same_site(headers) {
        return refuse(StatusCode::FORBIDDEN, "this form comes from elsewhere");
    }
    let form = text(headers, &CONTENT_TYPE).is_some_and(|t| {
        t.split(';').next().is_some_and(|t| {
            t.trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        })
    });
    if !form {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "a form is wanted");
    }
    let body = match tokio::time::timeout(TIME, read(request.into_body())).await {
        Ok(Some(body)) => body,
        Ok(None) => return refuse(StatusCode::PAYLOAD_TOO_LARGE, "the form is too long"),
        Err(_) => return refuse(StatusCode::REQUEST_TIMEOUT, "the form took too long"),
    };
    let given = url::form_urlencoded::parse(&body).find(|(name, _)| name == "token");
    if !given.is_some_and(|(_, value)| token.is(value.trim())) {
        let mut response = page(true, None);
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        return response;
    }
    let mut response = StatusCode::SEE_OTHER.into_response();
    response
        .headers_mut()
        .insert(LOCATION, HeaderValue::from_static("/"));
    if let Ok(cookie) = HeaderValue::from_str(&token.set_cookie()) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

async fn read(body: Body) -> Option<axum::body::Bytes> {
    to_bytes(body, BYTES).await.ok()
}

/// Whether a browser says that the form is of this very site: by `Sec-Fetch-Site`, and by an
/// `Origin` that names the host which was asked. One of them must be there.
fn same_site(headers: &HeaderMap) -> bool {
    let fetch = text(headers, &HeaderName::from_static("sec-fetch-site"));
    let origin = headers.get(ORIGIN).map(|v| v.to_str().unwrap_or("null"));
    let host = text(headers, &HOST).unwrap_or("");
    let from_here = origin.map(|o| {
        let rest = o
            .strip_prefix("http://")
            .or_else(|| o.strip_prefix("https://"));
        rest.is_some_and(|name| name.eq_ignore_ascii_case(host))
    });
    match (fetch, from_here) {
        (None, None) => false,
        (fetch, from_here) => fetch.is_none_or(|f| f == "same-origin") && from_here.unwrap_or(true),
    }
}
