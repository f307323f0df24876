//! One message as one mail: text and HTML, the same bytes at every attempt.

use super::smtp::{Mail, submit};
use super::{Message, SendError};
use crate::model::{Secret, Sink};
use crate::net::Client;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, MultiPartKind, SinglePart};
use sha2::{Digest, Sha256};
use std::time::{Duration, SystemTime};

/// Longest subject, in bytes.
const SUBJECT: usize = 200;

pub(super) async fn send(client: &Client, sink: &Sink, message: &Message) -> Result<(), SendError> {
    let (data, from, to) = written(sink, message)?;
    let password = sink.secret.as_ref().map_or("", Secret::expose);
    let mail = Mail {
        host: sink.host.as_deref().unwrap_or_default(),
        port: sink.port,
        login: sink.user.as_deref().map(|user| (user, password)),
        from: &from,
        to: &to,
        data: &data,
    };
    submit(client, &mail).await
}

/// The mail, its sender's address and its receivers'.
fn written(sink: &Sink, message: &Message) -> Result<(Vec<u8>, String, Vec<String>), SendError> {
    let bad = |what: &str| SendError::permanent(format!("the mail cannot be written: {what}"));
    let mailbox = |text: &str| text.parse::<Mailbox>().map_err(|_| bad("an address"));
    let from = mailbox(sink.from.as_deref().unwrap_or_default())?;
    let address = from.email.to_string();
    // Both come from the id alone: a mail that arrives twice can be told by its Message-ID.
    let digest = Sha256::digest(message.id.as_bytes());
    let digest: String = digest.iter().take(12).map(|b| format!("{b:02x}")).collect();
    let id: String = message
        .id
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '.' })
        .collect();
    let seconds = u64::try_from(message.learned.as_second()).unwrap_or(0);
    let mut builder = lettre::Message::builder()
        .message_id(Some(format!("<{id}.lingzheng@{}>", from.email.domain())))
        .date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
        .subject(subject(&message.title))
        .from(from);
    let mut to = Vec::new();
    for receiver in &sink.to {
        let receiver = mailbox(receiver)?;
        to.push(receiver.email.to_string());
        builder = builder.to(receiver);
    }
    // RFC 3834: out-of-office replies are not wanted.
    let name = HeaderName::new_from_ascii_str("Auto-Submitted");
    let builder = builder.raw_header(HeaderValue::new(name, "auto-generated".into()));
    let text = format!("{}\n\n{}\n{}\n", message.title, message.text, message.url);
    let parts = MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        .boundary(format!("lingzheng-{digest}"))
        .singlepart(SinglePart::plain(text.trim_end().to_owned() + "\n"))
        .singlepart(SinglePart::html(message.html.clone()));
    let mail = builder.multipart(parts).map_err(|e| bad(&e.to_string()))?;
    Ok((mail.formatted(), address, to))
}

/// One line, whatever the title holds.
fn subject(title: &str) -> String {
    let line: String = title
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    super::cut(&line, SUBJECT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_adds_no_header() {
        let sink = Sink {
            from: Some("领证 <me@example.org>".into()),
            to: vec!["a@example.org".into(), "B <b@example.org>".into()],
            ..Sink::default()
        };
        let message = Message {
            id: "1f2e3d4c:7".into(),
            learned: "2026-03-05T02:00:00Z".parse().unwrap(),
            title: "领取\r\nBcc: evil@example.com\r\n\r\n<b>x".into(),
            text: "· 时间\n.\n".into(),
            html: "<p>时间</p>".into(),
            url: "https://www.example.cn/1".into(),
            json: String::new(),
            media: "",
        };
        let (data, from, to) = written(&sink, &message).unwrap();
        let mail = String::from_utf8(data).unwrap();
        assert!(mail.is_ascii());
        assert_eq!((from.as_str(), to.len()), ("me@example.org", 2));
        let (head, _) = mail.split_once("\r\n\r\n").unwrap();
        let names: Vec<&str> = head
            .split("\r\n")
            .filter(|l| !l.starts_with([' ', '\t']))
            .filter_map(|l| l.split(':').next())
            .collect();
        assert_eq!(
            names,
            [
                "Message-ID",
                "Date",
                "Subject",
                "From",
                "To",
                "Auto-Submitted",
                "MIME-Version",
                "Content-Type"
            ]
        );
        assert!(
            head.contains("Message-ID: <1f2e3d4c.7.lingzheng@example.org>"),
            "{head}"
        );
        assert_eq!(
            written(&sink, &message).unwrap().0,
            mail.as_bytes(),
            "the same bytes again"
        );
    }
}
