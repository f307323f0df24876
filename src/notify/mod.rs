//! Sends one message to one sink, once: [`send`]. When and what is `deliver`'s business.
//!
//! A webhook follows Standard Webhooks 1.0, mail is submitted over TLS, a command gets JSON on its
//! standard input; the chat services are rows of `robots.toml`, written by their documentation and
//! not tried against the live services. Everything but the command goes through [`Client`]. A
//! redirect is never followed, and what cannot be sent is told without addresses or secrets.

mod command;
mod email;
mod robots;
mod schedule;
mod sign;
mod smtp;
mod webhook;

pub use schedule::{LAST_ATTEMPT, next_try};
pub use webhook::signature;

use crate::model::{Fault, Page, Sink, SinkKind, Timestamp};
use crate::net::Client;
use std::time::Duration;

/// One message, in every form that a sink may want.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The event's id, or one made of all events that it tells: the same at every attempt.
    pub id: String,
    /// When the latest event in it was learned.
    pub learned: Timestamp,
    /// One line.
    pub title: String,
    /// Plain text, lines ended; without title and address.
    pub text: String,
    /// The same as HTML, with title and address.
    pub html: String,
    /// Official address; empty where there is none or more than one.
    pub url: String,
    /// For programs.
    pub json: String,
    /// Media type of `json`.
    pub media: &'static str,
}

/// Why a message was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct SendError {
    /// The receiver asks to be left alone for so long; None = it says nothing.
    pub retry_after: Option<Duration>,
    /// This message will never be taken: trying again is of no use.
    pub permanent: bool,
    /// The receiver wants nothing more at all.
    pub disable: bool,
    /// One line for people, without address or secret.
    pub detail: String,
}

impl SendError {
    /// A failure that may pass.
    fn passing(detail: impl Into<String>) -> SendError {
        SendError {
            retry_after: None,
            permanent: false,
            disable: false,
            detail: detail.into(),
        }
    }

    fn permanent(detail: impl Into<String>) -> SendError {
        SendError {
            permanent: true,
            ..SendError::passing(detail)
        }
    }
}

impl From<Fault> for SendError {
    /// The fault's words without its address.
    fn from(fault: Fault) -> SendError {
        SendError::passing(format!("{}: {}", fault.reason, fault.detail))
    }
}

/// Sends a message; `now` is the moment of the attempt. Taken means: the sink has said so.
///
/// # Errors
/// Whatever else. An error does not say that the message did not arrive: an answer may be lost.
pub async fn send(
    client: &Client,
    sink: &Sink,
    message: &Message,
    now: Timestamp,
) -> Result<(), SendError> {
    let work = async {
        match sink.kind {
            SinkKind::Webhook => webhook::send(client, sink, message, now).await,
            SinkKind::Email => email::send(client, sink, message).await,
            SinkKind::Command => command::send(sink, message).await,
            _ => robots::send(client, sink, message, now).await,
        }
    };
    let limit = Duration::try_from_secs_f64(sink.timeout).unwrap_or(Duration::from_secs(30));
    let result = match tokio::time::timeout(limit, work).await {
        Ok(result) => result,
        Err(_) => Err(SendError::passing(format!(
            "not done within {} s",
            limit.as_secs()
        ))),
    };
    result.map_err(|error| SendError {
        detail: without_secrets(&error.detail, sink),
        ..error
    })
}

/// How many messages a minute the sink's service takes; None = it names no limit.
pub fn per_minute(sink: &Sink) -> Option<u32> {
    robots::row(sink.kind).map(|row| row.per_minute)
}

/// Most bytes of title, text and address together that the sink's service takes; None = no limit.
pub fn limit(sink: &Sink) -> Option<usize> {
    robots::row(sink.kind).map(|row| row.limit)
}

/// What a status says to one who posts: 2xx only is taken; a redirect, which is not followed, is
/// a failure; 410 asks never to be asked again; 429, 502 and 504 ask for patience.
fn judged(page: &Page) -> Result<(), SendError> {
    let status = page.status;
    if (200..300).contains(&status) {
        return Ok(());
    }
    let header = page.headers.iter().find(|(name, _)| name == "retry-after");
    let asked = header.and_then(|(_, value)| schedule::retry_after(value, page.fetched_at));
    let throttled = matches!(status, 429 | 502 | 504);
    Err(SendError {
        retry_after: asked.or(throttled.then_some(schedule::PATIENCE)),
        disable: status == 410,
        ..SendError::passing(match status {
            410 => "HTTP 410: the receiver wants nothing more".to_owned(),
            300..400 => format!("HTTP {status}: redirects are not followed; write the new address"),
            _ => format!("HTTP {status}"),
        })
    })
}

/// The last line of defence for [`SendError::detail`].
fn without_secrets(detail: &str, sink: &Sink) -> String {
    let mut out: String = detail
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    for secret in [&sink.url, &sink.secret, &sink.old_secret]
        .into_iter()
        .flatten()
    {
        // A service may repeat only the part of the address that is the key.
        let whole = secret.expose();
        let parts = whole
            .split(['/', '?', '&', '=', '#'])
            .filter(|p| p.len() >= 8);
        for part in [whole].into_iter().filter(|w| w.len() >= 4).chain(parts) {
            out = out.replace(part, "***");
        }
    }
    out.chars().take(300).collect()
}

/// The port of an address where it is none that everybody may ask: the operator wrote it.
fn ports(url: &str) -> Vec<u16> {
    url::Url::parse(url)
        .ok()
        .and_then(|u| u.port())
        .into_iter()
        .collect()
}

/// Text that pings nobody and forms no markup in a chat: `@` and angle brackets in full width.
fn quiet(text: &str) -> String {
    let wide = |c| match c {
        '@' => '＠',
        '<' => '＜',
        '>' => '＞',
        c => c,
    };
    text.chars().map(wide).collect()
}

/// At most `bytes` bytes, cut between characters, with `…` where something was cut.
fn cut(text: &str, bytes: usize) -> String {
    const MARK: char = '…';
    if text.len() <= bytes {
        return text.to_owned();
    }
    let room = bytes.saturating_sub(MARK.len_utf8());
    let mut out = String::new();
    for c in text.chars() {
        if out.len() + c.len_utf8() > room {
            break;
        }
        out.push(c);
    }
    if bytes >= MARK.len_utf8() {
        out.push(MARK);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Secret;

    #[test]
    fn a_cut_is_between_characters() {
        assert_eq!(cut("领取证书", 12), "领取证书");
        assert_eq!(cut("领取证书", 11), "领取…");
        assert_eq!(cut("领取证书", 9), "领取…");
        assert_eq!(cut("领取证书", 2), "");
    }

    #[test]
    fn nothing_pings_a_group() {
        assert_eq!(
            quiet("<at user_id=\"all\">@all"),
            "＜at user_id=\"all\"＞＠all"
        );
    }

    #[test]
    fn a_detail_holds_no_secret() {
        let sink = Sink {
            secret: Some(Secret::new("token-1")),
            ..Sink::default()
        };
        assert_eq!(without_secrets("bad token-1\r\nX", &sink), "bad ***  X");
        let url = Some(Secret::new("https://a.example/send?key=1234-5678"));
        let sink = Sink {
            url,
            ..Sink::default()
        };
        assert_eq!(without_secrets("no key 1234-5678", &sink), "no key ***");
    }
}
