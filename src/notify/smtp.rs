//! Mail submission (RFC 6409) over TLS, and over nothing else: port 465 speaks TLS from the first
//! byte, on every other port STARTTLS (RFC 3207) is required before anything is said.
//!
//! Our own, because the connection must come through `net`: lettre, which writes the mail, can
//! start TLS over a connection of ours only with roots of its own, and not at all on port 465.

use super::SendError;
use crate::net::{Client, Stream};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Longest answer: some twenty full lines.
const ANSWER: usize = 16 * 1024;
/// What we call ourselves: an address literal, as clients without a name of their own do.
const NAME: &str = "[127.0.0.1]";

/// A mail and how to hand it over.
pub(super) struct Mail<'a> {
    pub(super) host: &'a str,
    pub(super) port: u16,
    /// User and password.
    pub(super) login: Option<(&'a str, &'a str)>,
    pub(super) from: &'a str,
    pub(super) to: &'a [String],
    /// As it goes over the wire, with CRLF, ASCII only.
    pub(super) data: &'a [u8],
}

/// Hands a mail over: Ok once the server has taken the responsibility for it.
pub(super) async fn submit(client: &Client, mail: &Mail<'_>) -> Result<(), SendError> {
    let stream = client.stream(mail.host, mail.port).await?;
    let stream = if mail.port == 465 {
        stream.secure().await?
    } else {
        stream
    };
    let mut talk = Talk {
        stream,
        read: Vec::new(),
    };
    talk.expect("greeting", 220).await?;
    let mut offers = talk.hello().await?;
    if !talk.stream.is_secure() {
        if !offers.iter().any(|o| o == "STARTTLS") {
            let why = "the mail server offers no STARTTLS; nothing is sent in the clear";
            return Err(SendError::passing(why));
        }
        talk.say("STARTTLS").await?;
        talk.expect("STARTTLS", 220).await?;
        if !talk.read.is_empty() {
            // Words that came before TLS would be taken for words within it.
            return Err(SendError::passing(
                "the mail server speaks out of turn before TLS",
            ));
        }
        talk = Talk {
            stream: talk.stream.secure().await?,
            read: Vec::new(),
        };
        offers = talk.hello().await?;
    }
    if let Some((user, password)) = mail.login {
        talk.login(&offers, user, password).await?;
    }
    talk.say(&format!("MAIL FROM:<{}>", mail.from)).await?;
    talk.expect("sender", 250).await?;
    talk.receivers(mail.to).await?;
    talk.say("DATA").await?;
    talk.expect("DATA", 354).await?;
    talk.write(&stuffed(mail.data)).await?;
    talk.expect("mail", 250).await?;
    // Taken. Whether the farewell arrives does not matter.
    let _ = talk.say("QUIT").await;
    Ok(())
}

struct Talk {
    stream: Stream,
    read: Vec<u8>,
}

impl Talk {
    async fn hello(&mut self) -> Result<Vec<String>, SendError> {
        self.say(&format!("EHLO {NAME}")).await?;
        let (_, lines) = self.expect("EHLO", 250).await?;
        Ok(lines
            .into_iter()
            .skip(1)
            .map(|l| l.to_ascii_uppercase())
            .collect())
    }

    async fn login(
        &mut self,
        offers: &[String],
        user: &str,
        password: &str,
    ) -> Result<(), SendError> {
        let auth = offers
            .iter()
            .find_map(|o| o.strip_prefix("AUTH "))
            .unwrap_or_default();
        let offered = |way: &str| auth.split_whitespace().any(|w| w == way);
        // A refused login is a matter of the settings, not of this mail: never permanent.
        let refused = |e: SendError| SendError {
            permanent: false,
            ..e
        };
        if offered("PLAIN") {
            let word = STANDARD.encode(format!("\0{user}\0{password}"));
            self.say(&format!("AUTH PLAIN {word}")).await?;
        } else if offered("LOGIN") {
            self.say("AUTH LOGIN").await?;
            self.expect("AUTH", 334).await.map_err(refused)?;
            self.say(&STANDARD.encode(user)).await?;
            self.expect("user name", 334).await.map_err(refused)?;
            self.say(&STANDARD.encode(password)).await?;
        } else {
            return Err(SendError::passing(
                "the mail server offers neither PLAIN nor LOGIN",
            ));
        }
        self.expect("login", 235).await.map(drop).map_err(refused)
    }

    /// Names the receivers. One that is refused for good does not keep the others waiting.
    async fn receivers(&mut self, to: &[String]) -> Result<(), SendError> {
        let mut refused = None;
        let mut taken = 0;
        for address in to {
            self.say(&format!("RCPT TO:<{address}>")).await?;
            match self.answer().await? {
                (250 | 251, _) => taken += 1,
                (code @ 500..600, _) => {
                    tracing::warn!(code, "a receiver of the mail is refused");
                    refused = Some(failure("receiver", code));
                }
                (code, _) => return Err(failure("receiver", code)),
            }
        }
        match refused {
            Some(error) if taken == 0 => Err(error),
            _ => Ok(()),
        }
    }

    async fn say(&mut self, line: &str) -> Result<(), SendError> {
        if line.contains(['\r', '\n']) {
            return Err(SendError::permanent(
                "a line break in a mail address or password",
            ));
        }
        self.write(format!("{line}\r\n").as_bytes()).await
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), SendError> {
        self.stream
            .write(bytes)
            .await
            .map_err(|e| SendError::passing(format!("mail server: {e}")))
    }

    async fn expect(&mut self, what: &str, want: u16) -> Result<(u16, Vec<String>), SendError> {
        let (code, lines) = self.answer().await?;
        if code == want {
            Ok((code, lines))
        } else {
            Err(failure(what, code))
        }
    }

    /// One answer: its code and the text of its lines (RFC 5321 §4.2.1).
    async fn answer(&mut self) -> Result<(u16, Vec<String>), SendError> {
        let mut lines = Vec::new();
        let mut size = 0;
        loop {
            let line = self.line().await?;
            size += line.len();
            let code: Option<u16> = line.get(..3).and_then(|c| c.parse().ok());
            let (Some(code), true) = (code, size <= ANSWER) else {
                return Err(SendError::passing("the mail server speaks no SMTP"));
            };
            lines.push(line.get(4..).unwrap_or_default().to_owned());
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok((code, lines));
            }
        }
    }

    async fn line(&mut self) -> Result<String, SendError> {
        loop {
            if let Some(end) = self.read.iter().position(|b| *b == b'\n') {
                let line: Vec<u8> = self.read.drain(..=end).collect();
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            if self.read.len() > ANSWER {
                return Err(SendError::passing("the mail server speaks no SMTP"));
            }
            let mut buffer = [0; 2048];
            match self.stream.read(&mut buffer).await {
                Ok(0) => return Err(SendError::passing("the mail server hung up")),
                Ok(n) => self.read.extend(buffer.iter().take(n)),
                // TLS that ends without its farewell.
                Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
                    return Err(SendError::passing("the mail server hung up"));
                }
                Err(e) => return Err(SendError::passing(format!("mail server: {e}"))),
            }
        }
    }
}

/// The code says enough; the server's words may repeat what it was told.
fn failure(what: &str, code: u16) -> SendError {
    let detail = format!("the mail server answers {code} to the {what}");
    match (what, code) {
        ("mail" | "receiver", 500..600) => SendError::permanent(detail),
        _ => SendError::passing(detail),
    }
}

/// The mail with its leading dots doubled and its end marked (RFC 5321 §4.5.2).
fn stuffed(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() + 64);
    for line in data.split_inclusive(|b| *b == b'\n') {
        if line.first() == Some(&b'.') {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    if !out.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_mail_is_ours() {
        assert_eq!(stuffed(b"a\r\n.\r\n..b"), b"a\r\n..\r\n...b\r\n.\r\n");
        assert_eq!(stuffed(b""), b"\r\n.\r\n");
    }
}
