//! What a handler gives: a body with its type, or a trouble in plain text.

use crate::compare::CompareError;
use crate::store::StoreError;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG};
use http::{HeaderValue, StatusCode};
use sha2::{Digest, Sha256};

/// A body that is sent as a whole.
#[derive(Debug)]
pub(super) struct Answer {
    body: Vec<u8>,
    kind: &'static str,
    cache: &'static str,
    attachment: bool,
}

/// To be asked for again each time; the `ETag` makes that cheap.
const ASK_AGAIN: &str = "private, no-cache";
/// Never to change: what is named by its digest.
const FOREVER: &str = "private, max-age=31536000, immutable";

impl Answer {
    fn of(kind: &'static str, body: impl Into<Vec<u8>>) -> Answer {
        Answer {
            body: body.into(),
            kind,
            cache: ASK_AGAIN,
            attachment: false,
        }
    }
    /// A page.
    pub(super) fn html(body: String) -> Answer {
        Answer::of("text/html; charset=utf-8", body)
    }
    /// Plain text.
    pub(super) fn text(body: String) -> Answer {
        Answer::of("text/plain; charset=utf-8", body)
    }
    /// A file of the program.
    pub(super) fn file(kind: &'static str, body: &'static str) -> Answer {
        Answer::of(kind, body)
    }
    /// A document of another type.
    pub(super) fn written(kind: &'static str, body: String) -> Answer {
        Answer::of(kind, body)
    }
    /// A JSON document in its envelope.
    pub(super) fn json(value: &serde_json::Value) -> Answer {
        Answer::of("application/json", value.to_string() + "\n")
    }
    /// Somebody else's bytes: to be saved, never shown.
    pub(super) fn foreign(body: Vec<u8>) -> Answer {
        Answer {
            cache: FOREVER,
            attachment: true,
            ..Answer::of("text/plain; charset=utf-8", body)
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let digest: String = Sha256::digest(&self.body)
            .iter()
            .take(16)
            .map(|b| format!("{b:02x}"))
            .collect();
        let mut response = Response::new(Body::from(self.body));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.kind));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(self.cache));
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{digest}\"")) {
            headers.insert(ETAG, tag);
        }
        if self.attachment {
            let name = HeaderValue::from_static("attachment; filename=\"page.txt\"");
            headers.insert(CONTENT_DISPOSITION, name);
        }
        response
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Trouble {
    /// What was asked cannot be understood; one line.
    Bad(String),
    /// There is no such thing.
    NotFound,
    /// The request is refused; one line.
    Refused(StatusCode, &'static str),
    /// What the store says.
    Store(StoreError),
    /// The server is about to stop.
    Stopping,
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Trouble {
        match error {
            StoreError::WrongEpoch { .. } => Trouble::Bad(error.to_string()),
            other => Trouble::Store(other),
        }
    }
}

impl From<CompareError> for Trouble {
    fn from(error: CompareError) -> Trouble {
        match error {
            CompareError::Missing(_) => Trouble::NotFound,
            CompareError::Store(error) => error.into(),
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let (status, line) = match self {
            Trouble::Bad(line) => (
                StatusCode::BAD_REQUEST,
                crate::render::safe::terminal(&line),
            ),
            Trouble::NotFound => (StatusCode::NOT_FOUND, "there is no such page".into()),
            Trouble::Refused(status, line) => (status, line.into()),
            Trouble::Stopping => (StatusCode::SERVICE_UNAVAILABLE, "the server stops".into()),
            Trouble::Store(error) => {
                // Paths and details are for the log, not for a visitor.
                tracing::error!("{error}");
                let busy = matches!(
                    error,
                    StoreError::Locked { .. } | StoreError::Missing { .. }
                );
                match busy {
                    true => (
                        StatusCode::SERVICE_UNAVAILABLE,
                        "the database is not at hand".into(),
                    ),
                    false => (
                        StatusCode::INTERNAL_SERVER_ERROR,
                        "the database cannot be read".into(),
                    ),
                }
            }
        };
        let mut response = Answer::text(line + "\n").into_response();
        *response.status_mut() = status;
        response.headers_mut().remove(ETAG);
        response
            .headers_mut()
            .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
