//! What changed: the journal's entries. Ids only grow, nothing is edited.

use super::page::{Fault, Verdict};
use super::{Date, Reading, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Surrogate id of a notice; its keys are aliases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NoticeId(pub i64);

impl std::fmt::Display for NoticeId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A place in the journal: `epoch:seq`. A backup gets a fresh epoch, so that a cursor of the
/// original is refused by the copy and never skips silently.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cursor {
    /// Eight hexadecimal digits, made with the database.
    pub epoch: String,
    /// Sequence number of the last event seen; 0 = before the first.
    pub seq: i64,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.epoch, self.seq)
    }
}

impl From<Cursor> for String {
    fn from(c: Cursor) -> String {
        c.to_string()
    }
}

impl TryFrom<String> for Cursor {
    type Error = String;
    fn try_from(s: String) -> Result<Cursor, String> {
        s.parse()
    }
}

impl std::str::FromStr for Cursor {
    type Err = String;
    /// # Errors
    /// Where the text is not `epoch:seq`, eight hexadecimal digits and a whole number.
    fn from_str(s: &str) -> Result<Cursor, String> {
        let bad = || format!("`{s}` is not a cursor: it looks like 1f2e3d4c:17");
        let (epoch, seq) = s.split_once(':').ok_or_else(bad)?;
        let hex = epoch.len() == 8 && epoch.bytes().all(|b| b.is_ascii_hexdigit());
        match (hex, seq.parse::<i64>()) {
            (true, Ok(seq)) if seq >= 0 => Ok(Cursor {
                epoch: epoch.to_ascii_lowercase(),
                seq,
            }),
            _ => Err(bad()),
        }
    }
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A notice.
    Notice(NoticeId),
    /// A source, by id.
    Source(String),
    /// Where a region stands with a sitting of an exam.
    Standing {
        /// Region id.
        region: String,
        /// Exam id.
        exam: String,
        /// Sitting id.
        sitting: String,
    },
}

/// One entry of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its place, which is also its id.
    pub id: Cursor,
    /// When lingzheng learned of it.
    pub at: Timestamp,
    /// What it is about.
    pub subject: Subject,
    /// Source id; empty for a standing that no one source tells.
    pub source: String,
    /// Title of the notice or name of the source or region, as known then.
    pub title: String,
    /// Official address for people; empty where there is none.
    pub url: String,
    /// What happened.
    pub change: Change,
    /// The facts after the change; None for sources and standings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Box<Reading>>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Change {
    /// A notice not seen before.
    New,
    /// Facts changed; the text with them.
    Facts {
        /// Most important first.
        deltas: Vec<Delta>,
        /// The words around the changes.
        text: TextChange,
    },
    /// The text changed, no fact did.
    Text {
        /// The words around the changes.
        text: TextChange,
    },
    /// A file was added, removed or replaced; nothing else.
    Attachment {
        /// The changes.
        deltas: Vec<Delta>,
    },
    /// Same notice, new address.
    Moved {
        /// Old address.
        from: String,
        /// New address.
        to: String,
    },
    /// Its own address answered "not there" in two runs.
    Gone {
        /// What it answered.
        verdict: Verdict,
    },
    /// It was gone and answers again.
    Back,
    /// The page is the same, lingzheng reads it better.
    Reread {
        /// The differences of the readings.
        deltas: Vec<Delta>,
    },
    /// Two returns to an earlier wording within 48 hours: told once, then kept quiet.
    Unsteady,
    /// First sight of a source: stored and shown, told nowhere.
    Baseline {
        /// How many notices were stored.
        notices: usize,
    },
    /// A source that worked fails.
    Broken {
        /// Why.
        fault: Fault,
    },
    /// A source that failed works again.
    Recovered {
        /// Since when it had failed.
        since: Timestamp,
    },
    /// No notice although the region's own past says that it should be out: told once.
    Late {
        /// Last day of the range in which it was expected.
        due: Date,
    },
    /// A reminder that the user asked for is due.
    Reminder {
        /// Its name in the settings.
        name: String,
        /// What it reminds of, as the settings say it: `closes-3`, `out`.
        what: String,
        /// The day that it is about, not the day on which it is told: of `closes-3` the last day.
        date: Date,
    },
    /// A national site says something of a sitting as a whole; once per sitting and signal.
    Signal {
        /// What.
        signal: Signal,
        /// Sitting id, as in the subject.
        sitting: String,
        /// The row's own date; None = it shows none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        published: Option<Date>,
        /// It was so when the site was first seen, or long before: kept and shown, told nowhere.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        baseline: bool,
    },
}

/// What a national site says of a sitting: each comes before certificates are handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// Scores are out.
    Scores,
    /// The certificate's electronic file can be had.
    EFile,
    /// Certificates of the sitting can be looked up.
    CertificateQuery,
}

impl Signal {
    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Signal::Scores => "scores",
            Signal::EFile => "e_file",
            Signal::CertificateQuery => "certificate_query",
        }
    }
}

impl Change {
    /// The stable word of the change.
    pub fn word(&self) -> &'static str {
        match self {
            Change::New => "new",
            Change::Facts { .. } => "facts",
            Change::Text { .. } => "text",
            Change::Attachment { .. } => "attachment",
            Change::Moved { .. } => "moved",
            Change::Gone { .. } => "gone",
            Change::Back => "back",
            Change::Reread { .. } => "reread",
            Change::Unsteady => "unsteady",
            Change::Baseline { .. } => "baseline",
            Change::Broken { .. } => "broken",
            Change::Recovered { .. } => "recovered",
            Change::Signal { .. } => "signal",
            Change::Late { .. } => "late",
            Change::Reminder { .. } => "reminder",
        }
    }
}

/// Every stable word of a change.
pub const WORDS: &[&str] = &[
    "new",
    "facts",
    "text",
    "attachment",
    "moved",
    "gone",
    "back",
    "reread",
    "unsteady",
    "baseline",
    "broken",
    "recovered",
    "signal",
    "late",
    "reminder",
];

/// One difference between two readings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delta {
    /// JSON pointer into the facts; a window by its id: `/windows/12-w1/end`.
    pub path: String,
    /// Old value; null = was not there.
    pub old: Value,
    /// New value; null = is not there any more.
    pub new: Value,
    /// The page's words for the new value (for the old one where it was removed).
    pub words: String,
}

/// Where a text changed, clause by clause.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TextChange {
    /// The changed places in order.
    pub hunks: Vec<Hunk>,
}

/// One changed place: a clause with its old and new words marked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hunk {
    /// Pieces in order.
    pub pieces: Vec<Piece>,
}

/// A piece of a changed clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// `same`, `old` (removed) or `new` (added).
    pub tag: Tag,
    /// The words.
    pub text: String,
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tag {
    /// On both sides.
    Same,
    /// Only in the old text.
    Old,
    /// Only in the new text.
    New,
}
