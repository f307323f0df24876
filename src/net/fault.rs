//! What went wrong on the wire, as a stable word and a line of advice.

use super::connect::{Blocked, blocked};
use super::tls;
use crate::model::{Fault, Verdict};
use std::error::Error;
use std::io;

/// A failure before the answer's headers were complete. The address never enters the text: it
/// may hold a secret.
pub(super) fn before_answer(error: &reqwest::Error) -> Fault {
    let transport = |reason: &str, detail: String| Fault::new(Verdict::Transport, reason, detail);
    for cause in causes(error) {
        if let Some(Blocked(address)) = cause.downcast_ref() {
            return blocked(*address);
        }
        if let Some(error) = cause.downcast_ref() {
            let (reason, detail) = tls::class(error);
            return transport(reason, detail);
        }
        if let Some(error) = cause.downcast_ref::<hyper::Error>() {
            if error.is_parse_too_large() {
                return transport("too_large", "the headers are too large".into());
            }
            if error.is_parse() {
                return transport("http", format!("not an HTTP answer: {error}"));
            }
            if error.is_incomplete_message() {
                return transport(
                    "closed",
                    "the server closed the connection without an answer".into(),
                );
            }
        }
        if let Some(error) = cause.downcast_ref::<io::Error>() {
            use io::ErrorKind as K;
            let reason = match error.kind() {
                K::ConnectionRefused => "refused",
                K::ConnectionReset | K::BrokenPipe | K::ConnectionAborted => "reset",
                K::UnexpectedEof => "closed",
                K::NetworkUnreachable | K::HostUnreachable => "unreachable",
                K::TimedOut => "connect_timeout",
                _ => continue,
            };
            return transport(reason, words(error));
        }
    }
    if error.is_timeout() {
        return transport(
            "connect_timeout",
            "no connection within the time limit".into(),
        );
    }
    let reason = if error.is_connect() {
        "connect"
    } else {
        "http"
    };
    transport(reason, words(error))
}

/// A failure while the body came: whatever it was, the page is not whole.
pub(super) fn in_body(error: &reqwest::Error) -> Fault {
    Fault::new(
        Verdict::Partial,
        "incomplete",
        format!("the answer broke off: {}", words(error)),
    )
}

/// The deepest cause says most.
fn words(error: &(dyn Error + 'static)) -> String {
    let deepest = causes(error).last().map(ToString::to_string);
    deepest.unwrap_or_else(|| "unknown failure".into())
}

/// The causes from the outside in. An `io::Error` hides what it wraps from `source`, so it is
/// opened by hand.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(error.source(), |&cause| {
        let wrapped = cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
            .map(|inner| inner as &(dyn Error + 'static));
        wrapped.or_else(|| cause.source())
    })
    // A chain of causes has no business being longer; a cycle must not hang us.
    .take(32)
}
