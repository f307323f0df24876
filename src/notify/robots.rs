//! Chat services: the rows of `robots.toml`. They answer 200 with an error inside; only the word
//! that the row names means "taken".

use super::sign::hmac;
use super::{Message, SendError, cut, judged, ports, quiet, schedule};
use crate::model::{Secret, Sink, SinkKind, Timestamp};
use crate::net::{Client, Request};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;

/// Most bytes of an answer.
const ANSWER: usize = 64 * 1024;
/// Most bytes of a title beside a body.
const TITLE: usize = 96;

/// A service. See `robots.toml` for the words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    url: String,
    body: Value,
    pub(super) limit: usize,
    pub(super) per_minute: u32,
    #[serde(default)]
    sign: Option<Signing>,
    #[serde(default)]
    bearer: bool,
    #[serde(default)]
    markdown: bool,
    ok: Good,
    slow: Vec<i64>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Signing {
    /// `timestamp` in milliseconds and `sign` in the address; the secret is the key.
    Dingtalk,
    /// `timestamp` in seconds and `sign` in the body; timestamp and secret are the key of nothing.
    Feishu,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Good {
    at: String,
    #[serde(default)]
    is: Value,
}

// A broken table is no table, and a test reads it.
static ROWS: LazyLock<BTreeMap<String, Row>> =
    LazyLock::new(|| toml::from_str(include_str!("robots.toml")).unwrap_or_default());

/// The service of this kind; None for those that are no robots.
pub(super) fn row(kind: SinkKind) -> Option<&'static Row> {
    ROWS.get(kind.word())
}

pub(super) async fn send(
    client: &Client,
    sink: &Sink,
    message: &Message,
    now: Timestamp,
) -> Result<(), SendError> {
    let row = row(sink.kind).ok_or_else(|| SendError::permanent("no such service"))?;
    let secret = sink.secret.as_ref().map_or("", Secret::expose);
    let (url, body) = filled(row, sink, message, now)
        .ok_or_else(|| SendError::permanent("the sink's address or secret cannot be used"))?;
    let mut request = Request::post(&url, "application/json; charset=utf-8", body.into_bytes());
    request.ports = ports(&url);
    request.max_bytes = Some(ANSWER);
    request.cut = true;
    if row.bearer && !secret.is_empty() {
        request
            .headers
            .push(("authorization".into(), format!("Bearer {secret}")));
    }
    let page = client.send(request).await?;
    judged(&page)?;
    understood(row, &page.body)
}

/// Address and body.
fn filled(row: &Row, sink: &Sink, message: &Message, now: Timestamp) -> Option<(String, String)> {
    let secret = sink.secret.as_ref().map_or("", Secret::expose);
    let own = sink.url.as_ref().map(Secret::expose);
    // A row's own address is a default; where it holds the secret, a sink's address takes its
    // place whole.
    let mut url = match own {
        Some(own) => own.to_owned(),
        None => row.url.replace("{secret}", &path_safe(secret)),
    };
    let mut body = row.body.clone();
    if let (Some(signing), false) = (row.sign, secret.is_empty()) {
        match signing {
            Signing::Dingtalk => {
                let at = now.as_millisecond().to_string();
                let sign = hmac(secret.as_bytes(), &[format!("{at}\n{secret}").as_bytes()])?;
                let mut signed = url::Url::parse(&url).ok()?;
                signed
                    .query_pairs_mut()
                    .append_pair("timestamp", &at)
                    .append_pair("sign", &sign);
                url = signed.into();
            }
            Signing::Feishu => {
                let at = now.as_second().to_string();
                let sign = hmac(format!("{at}\n{secret}").as_bytes(), &[])?;
                let body = body.as_object_mut()?;
                body.insert("timestamp".into(), at.into());
                body.insert("sign".into(), sign.into());
            }
        }
    }
    let words = Words::of(row, message);
    fill(&mut body, &|name| match name {
        "{title}" => Some(words.title.clone()),
        "{text}" => Some(format!("{}\n{}", words.title, words.body)),
        "{body}" => Some(words.body.clone()),
        "{url}" => Some(message.url.clone()),
        "{chat}" => Some(sink.chat.clone().unwrap_or_default()),
        "{secret}" => Some(secret.to_owned()),
        _ => None,
    });
    Some((url, body.to_string()))
}

/// Title and body as a service may show them, within its limit.
struct Words {
    title: String,
    body: String,
}

impl Words {
    fn of(row: &Row, message: &Message) -> Words {
        let title = cut(&quiet(&message.title), TITLE.min(row.limit));
        let mark = |text: &str| match row.markdown {
            true => escaped(text),
            false => text.to_owned(),
        };
        // The address is ours, checked by whoever made the message, and is never cut.
        let address = match (message.url.is_empty(), row.markdown) {
            (true, _) => String::new(),
            (false, true) => format!("<{}>", message.url),
            (false, false) => message.url.clone(),
        };
        let room = row.limit.saturating_sub(title.len() + address.len() + 2);
        let text = cut(&mark(&quiet(message.text.trim_end())), room);
        let parts = [text, address];
        let parts: Vec<&str> = parts
            .iter()
            .map(String::as_str)
            .filter(|p| !p.is_empty())
            .collect();
        Words {
            title,
            body: parts.join("\n"),
        }
    }
}

/// Text in which Markdown finds no marks; lines stay lines.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if "\\`*_{}[]()#+-.!|~>&:".contains(c) {
            out.push('\\');
        }
        match c {
            '\n' => out.push_str("  \n"),
            c => out.push(c),
        }
    }
    out
}

/// A secret in a path: whatever would leave its segment is percent-encoded.
fn path_safe(secret: &str) -> String {
    let mut out = String::new();
    for c in secret.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '.' | '_' | '~' | ':' => out.push(c),
            c => out.extend(url::form_urlencoded::byte_serialize(
                c.to_string().as_bytes(),
            )),
        }
    }
    out
}

/// Replaces strings that are placeholders as a whole, in a tree that is JSON already: no value
/// can leave its string.
fn fill(value: &mut Value, with: &dyn Fn(&str) -> Option<String>) {
    match value {
        Value::String(text) => {
            if let Some(new) = with(text) {
                *text = new;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|v| fill(v, with)),
        Value::Object(map) => map.values_mut().for_each(|v| fill(v, with)),
        _ => {}
    }
}

/// Whether the answer means "taken".
fn understood(row: &Row, answer: &[u8]) -> Result<(), SendError> {
    let Ok(answer) = serde_json::from_slice::<Value>(answer) else {
        return Err(SendError::passing("the service's answer is no JSON"));
    };
    let got = answer.pointer(&row.ok.at);
    let taken = match got {
        None => false,
        Some(got) => row.ok.is.is_null() || *got == row.ok.is,
    };
    if taken {
        return Ok(());
    }
    let code = got.and_then(Value::as_i64);
    let slow = code.is_some_and(|c| row.slow.contains(&c));
    let words = ["errmsg", "msg", "message", "description"].iter();
    let words = words
        .filter_map(|k| answer.get(k)?.as_str())
        .next()
        .unwrap_or_default();
    let words: String = words.chars().take(120).collect();
    let code = got.map_or("nothing".to_owned(), |v| cut(&v.to_string(), 40));
    Err(SendError {
        retry_after: slow.then_some(schedule::PATIENCE.max(Duration::from_secs(60))),
        ..SendError::passing(format!(
            "the service refused ({} = {code}): {words}",
            row.ok.at
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn message(text: &str) -> Message {
        Message {
            id: "1f2e3d4c:7".into(),
            learned: Timestamp::UNIX_EPOCH,
            title: "[广西] 领取 @all".into(),
            text: text.into(),
            html: String::new(),
            url: "https://www.example.cn/1.html?a_b=1".into(),
            json: String::new(),
            media: "",
        }
    }

    fn sink(kind: SinkKind, url: Option<&str>, secret: Option<&str>) -> Sink {
        Sink {
            kind,
            url: url.map(Secret::new),
            secret: secret.map(Secret::new),
            chat: Some("-100".into()),
            ..Sink::default()
        }
    }

    fn made(sink: &Sink, text: &str) -> (String, Value) {
        let now: Timestamp = "2026-11-25T00:00:00.5Z".parse().unwrap();
        let (url, body) = filled(row(sink.kind).unwrap(), sink, &message(text), now).unwrap();
        (url, serde_json::from_str(&body).unwrap())
    }

    #[test]
    fn every_robot_has_its_row() {
        let robots = SinkKind::ALL
            .into_iter()
            .filter(|k| !matches!(k, SinkKind::Webhook | SinkKind::Email | SinkKind::Command));
        assert!(robots.into_iter().all(|k| row(k).is_some()));
        assert_eq!(ROWS.len(), 8);
    }

    #[test]
    fn bodies_as_a_whole() {
        let text = "[广西] 领取 ＠all\n＜at id=all＞ 3月\nhttps://www.example.cn/1.html?a_b=1";
        let body = "＜at id=all＞ 3月\nhttps://www.example.cn/1.html?a_b=1";
        let (title, url) = ("[广西] 领取 ＠all", "https://www.example.cn/1.html?a_b=1");
        let hook = Some("https://robot.example.com/send?key=k");
        for (sink, address, want) in [
            (
                sink(SinkKind::Wecom, hook, None),
                "https://robot.example.com/send?key=k",
                json!({ "msgtype": "text", "text": { "content": text } }),
            ),
            (
                sink(SinkKind::Dingtalk, hook, Some("SEC1")),
                "https://robot.example.com/send?key=k&timestamp=1795564800500&sign=RuqIoOKC8ZcFEdPP%2B7ukyJWtE%2B%2FuM2EZedt9oL6lL%2Bs%3D",
                json!({ "msgtype": "text", "text": { "content": text }, "at": { "isAtAll": false } }),
            ),
            (
                sink(SinkKind::Feishu, hook, Some("s1")),
                "https://robot.example.com/send?key=k",
                json!({ "msg_type": "text", "content": { "text": text }, "timestamp": "1795564800", "sign": "Iy38p2QeDcwFW83UPPaQ4opwWbe77kscPdUq86rHulI=" }),
            ),
            (
                sink(SinkKind::Serverchan, None, Some("SCT/../1")),
                "https://sctapi.ftqq.com/SCT%2F..%2F1.send",
                json!({ "title": title, "desp": "＜at id=all＞ 3月\n<https://www.example.cn/1.html?a_b=1>" }),
            ),
            (
                sink(SinkKind::Bark, None, Some("device")),
                "https://api.day.app/push",
                json!({ "device_key": "device", "title": title, "body": body, "url": url, "group": "lingzheng" }),
            ),
            (
                sink(SinkKind::Pushplus, None, Some("tok")),
                "https://www.pushplus.plus/send",
                json!({ "token": "tok", "title": title, "content": body, "template": "txt" }),
            ),
            (
                sink(SinkKind::Telegram, None, Some("123:abc")),
                "https://api.telegram.org/bot123:abc/sendMessage",
                json!({ "chat_id": "-100", "text": text, "disable_web_page_preview": true }),
            ),
            (
                sink(SinkKind::Ntfy, None, None),
                "https://ntfy.sh/",
                json!({ "topic": "-100", "title": title, "message": body, "click": url }),
            ),
        ] {
            let (got, filled) = made(&sink, "<at id=all> 3月\n");
            assert_eq!(got, address, "{:?}", sink.kind);
            assert_eq!(filled, want, "{:?}", sink.kind);
        }
    }

    #[test]
    fn markdown_stays_text() {
        let (_, body) = made(
            &sink(SinkKind::Serverchan, None, Some("k")),
            "[官网](http://evil.example) # x\n* y",
        );
        let text = body["desp"].as_str().unwrap();
        assert!(
            text.starts_with("\\[官网\\]\\(http\\://evil\\.example\\) \\# x  \n\\* y"),
            "{text}"
        );
    }

    #[test]
    fn a_long_text_is_cut_and_keeps_its_address() {
        for kind in SinkKind::ALL.into_iter().filter(|k| row(*k).is_some()) {
            let (_, body) = made(
                &sink(kind, Some("https://robot.example.com/"), Some("k")),
                &"领取证书".repeat(5000),
            );
            let limit = row(kind).unwrap().limit;
            let mut longest = 0;
            for text in body.as_object().unwrap().values().flat_map(|v| match v {
                Value::Object(inner) => inner.values().filter_map(Value::as_str).collect(),
                v => v.as_str().into_iter().collect::<Vec<_>>(),
            }) {
                assert!(text.len() <= limit, "{kind:?}: {}", text.len());
                longest = longest.max(text.len());
            }
            assert!(longest > limit / 2, "{kind:?}");
            assert!(body.to_string().contains("…") && body.to_string().contains("1.html?a_b=1"));
        }
    }

    #[test]
    fn two_hundred_with_an_error_inside_is_a_failure() {
        for (kind, answer, taken, slow) in [
            (
                SinkKind::Wecom,
                r#"{"errcode":0,"errmsg":"ok"}"#,
                true,
                false,
            ),
            (
                SinkKind::Wecom,
                r#"{"errcode":93000,"errmsg":"invalid key"}"#,
                false,
                false,
            ),
            (SinkKind::Wecom, r#"{"errcode":45009}"#, false, true),
            (SinkKind::Dingtalk, r#"{"errcode":130101}"#, false, true),
            (
                SinkKind::Feishu,
                r#"{"code":11232,"msg":"too many"}"#,
                false,
                true,
            ),
            (SinkKind::Feishu, r#"{"code":0}"#, true, false),
            (
                SinkKind::Telegram,
                r#"{"ok":false,"description":"x"}"#,
                false,
                false,
            ),
            (SinkKind::Telegram, r#"{"ok":true}"#, true, false),
            (SinkKind::Ntfy, r#"{"id":"x"}"#, true, false),
            (SinkKind::Ntfy, r#"{"error":"x"}"#, false, false),
            (SinkKind::Bark, "<html>", false, false),
            (SinkKind::Bark, "", false, false),
        ] {
            let got = understood(row(kind).unwrap(), answer.as_bytes());
            assert_eq!(got.is_ok(), taken, "{kind:?} {answer}");
            assert_eq!(
                got.is_err_and(|e| e.retry_after.is_some()),
                slow,
                "{kind:?} {answer}"
            );
        }
    }
}
