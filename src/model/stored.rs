//! What the store gives back and reports show: notices with their versions, the state of sources.

use super::facts::NoticeKind;
use super::page::Fault;
use super::{Date, NoticeId, Reading, Timestamp};
use serde::Serialize;

/// A notice as its list shows it, with the latest version of its page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Notice {
    /// Surrogate id.
    pub id: NoticeId,
    /// Source id.
    pub source: String,
    /// Address for people.
    pub url: String,
    /// Title as last seen in the list.
    pub title: String,
    /// Date in the list; None where it shows none.
    pub published: Option<Date>,
    /// The row leads straight to a file or to another site: known, not fetched.
    pub external: bool,
    /// What its latest reading is about; None = never read.
    pub kind: Option<NoticeKind>,
    /// When its row was first seen.
    pub first_seen: Timestamp,
    /// When its row was last seen.
    pub last_seen: Timestamp,
    /// When its page last answered (200 or 304); None = never asked for.
    pub last_fetched: Option<Timestamp>,
    /// Validator of its page (`ETag`).
    pub etag: Option<String>,
    /// Validator of its page (`Last-Modified`).
    pub last_modified: Option<String>,
    /// Runs in a row in which its own address answered "not there".
    pub gone_suspect: u32,
    /// Believed gone, and told so.
    pub gone: bool,
    /// Its page goes to and fro: changes are kept quiet until then.
    pub unsteady_until: Option<Timestamp>,
    /// Entered by a person.
    pub by_hand: bool,
    /// Something about it was told.
    pub told: bool,
    /// Its page as last stored; None = only its row is known.
    pub latest: Option<Version>,
}

/// Notices that speak of one another.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tied {
    /// What a correction or a postponement corrects; None = nothing that is kept.
    pub corrects: Option<Notice>,
    /// What corrects it, in the order in which it was learned.
    pub corrected_by: Vec<Notice>,
}

/// One stored state of a notice's page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Version {
    /// 1, 2, … within the notice.
    pub n: u32,
    /// When it was first seen.
    pub seen_at: Timestamp,
    /// Address after redirects.
    pub url: String,
    /// `Content-Type` as sent.
    pub content_type: Option<String>,
    /// Fetched over plain http.
    pub plain_http: bool,
    /// SHA-256 of the raw body, for the store.
    pub page: String,
    /// Digest of the article that was read from it.
    pub article_digest: String,
    /// The facts.
    pub reading: Reading,
    /// Revision of the rules that made them.
    pub revision: u32,
}

/// How a source stands after its last visit. The default is that of one never visited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SourceState {
    /// Last visit, good or not.
    pub last_visit: Option<Timestamp>,
    /// Last visit whose list could be used.
    pub last_good: Option<Timestamp>,
    /// Why the last visit failed; None = it did not.
    pub fault: Option<Fault>,
    /// First visit of the present row of failures.
    pub fault_since: Option<Timestamp>,
    /// When that was told; None = not yet.
    pub fault_told_at: Option<Timestamp>,
    /// Its notices of the first sight are stored: what comes now is news.
    pub baseline_done: bool,
    /// Validator of the list (`ETag`).
    pub list_etag: Option<String>,
    /// Validator of the list (`Last-Modified`).
    pub list_last_modified: Option<String>,
    /// Digest of the list as last read.
    pub list_digest: Option<String>,
    /// Rows of the list's first page as last read.
    pub list_rows: Option<u32>,
    /// How many of them had a date; None = not known.
    pub list_dated: Option<u32>,
    /// The server asked to be left alone until then (`Retry-After`).
    pub not_before: Option<Timestamp>,
}
