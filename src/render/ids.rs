//! Names that never change, as URNs (RFC 8141): readers know by them what they have seen.

use crate::model::{Feed, NoticeId};

/// The id of a feed: of its journal and selection, not of its address, which may move.
pub fn feed(feed: &Feed) -> String {
    format!("urn:lingzheng:feed:{}:{}", feed.epoch, escaped(&feed.name))
}

/// The id of a notice in feeds.
pub fn notice(epoch: &str, id: NoticeId) -> String {
    format!("urn:lingzheng:notice:{epoch}:{id}")
}

/// The journal itself: the `source` of CloudEvents.
pub fn journal(epoch: &str) -> String {
    format!("urn:lingzheng:{epoch}")
}

/// The UID of a window in calendars.
pub fn window(epoch: &str, window: &str) -> String {
    format!("{}@{epoch}.lingzheng", escaped(window))
}

/// Everything but RFC 3986's unreserved characters percent-encoded.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
