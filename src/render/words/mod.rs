//! Every sentence in one place per language. A format asks for words, it never builds its own.

mod board;
mod board_en;
mod board_zh;
mod doubt_zh;
mod en;
mod fault_zh;
mod site;
mod zh;

pub use board::{BoardLabels, BoardWords};
pub use site::SiteWords;

use crate::model::facts::{Days, Level, Method, NoticeKind, WindowMethod};
use crate::model::judged::Judgement;
use crate::model::{Change, Date, Delta, Fault, Verdict, Window};

/// Language of what is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Its words.
    pub fn words(self) -> &'static Words {
        match self {
            Lang::Zh => &zh::WORDS,
            Lang::En => &en::WORDS,
        }
    }
    /// Its words for boards and round-ups.
    pub fn board(self) -> &'static BoardWords {
        match self {
            Lang::Zh => &board_zh::WORDS,
            Lang::En => &board_en::WORDS,
        }
    }
}

/// The words of one language. Labels are without colon; sentences without full stop.
pub struct Words {
    /// What a notice is about.
    pub kind: fn(NoticeKind) -> &'static str,
    /// A way to get the certificate.
    pub method: fn(Method) -> &'static str,
    /// The way of a window.
    pub window_method: fn(WindowMethod) -> &'static str,
    /// On which days.
    pub days: fn(Days) -> &'static str,
    /// Level of an office.
    pub level: fn(Level) -> &'static str,
    /// What a verdict means to a person.
    pub verdict: fn(Verdict) -> &'static str,
    /// Why a page could not be used, and what to do.
    pub fault: fn(&Fault) -> String,
    /// Why a fact is not certain or a date cannot be read, by the reading's reason.
    pub doubt: fn(&str) -> String,
    /// What happened, in a word or two.
    pub change: fn(&Change) -> &'static str,
    /// One difference as a sentence. The window that the path names is given where it is known.
    pub delta: fn(&Delta, Option<&Window>) -> String,
    /// A window's dates as a phrase.
    pub window: fn(&Window) -> String,
    /// What is found of an address; the office that it belongs to or imitates.
    pub judged: fn(&Judgement, &str) -> String,
    /// A list that has given nothing new for so many days, although one waits for something.
    pub stale: fn(i32) -> String,
    /// A host's certificate and its last day.
    pub certificate: fn(&str, Date) -> String,
    /// A region whose cities hand out, and how many of them are watched.
    pub cities: fn(&str, usize) -> String,
    /// So many sources have not been visited yet.
    pub unseen: fn(usize) -> String,
    /// A standing's own event as a sentence; None for other events.
    pub about: fn(&Change) -> Option<String>,
    /// So many events in one message.
    pub news: fn(usize) -> String,
    /// A crawl that has nothing to say (the demo only; cron gets silence).
    pub quiet: &'static str,
    /// After the demo: what to try next, and for what `demo --keep`, `init`, `crawl` and `--help` are.
    pub next: [&'static str; 5],
    /// What a recorded day of the demo shows, by its key in `fixtures/rounds.toml`.
    pub round: fn(&str) -> String,
    /// Field labels, in a fixed order of use.
    pub label: Labels,
}

/// Labels of fields and columns.
pub struct Labels {
    /// Region.
    pub region: &'static str,
    /// Source (office).
    pub source: &'static str,
    /// Notice.
    pub notice: &'static str,
    /// Kind of notice.
    pub kind: &'static str,
    /// No longer on the site.
    pub gone: &'static str,
    /// How a source is watched.
    pub watched: &'static str,
    /// How its address is known.
    pub basis: &'static str,
    /// Only the list's row is known.
    pub row_only: &'static str,
    /// Published.
    pub published: &'static str,
    /// Issuer.
    pub issuer: &'static str,
    /// Exams.
    pub exams: &'static str,
    /// Ways.
    pub methods: &'static str,
    /// Windows.
    pub windows: &'static str,
    /// Places.
    pub places: &'static str,
    /// By post.
    pub mail: &'static str,
    /// Where one applies.
    pub apply: &'static str,
    /// Postage.
    pub fee: &'static str,
    /// Carrier.
    pub carrier: &'static str,
    /// Papers of the person.
    pub own_papers: &'static str,
    /// Papers of a deputy.
    pub proxy_papers: &'static str,
    /// Papers of an employer.
    pub batch_papers: &'static str,
    /// May a deputy collect.
    pub proxy: &'static str,
    /// Yes.
    pub yes: &'static str,
    /// No.
    pub no: &'static str,
    /// Kept for N years.
    pub custody: &'static str,
    /// Phones.
    pub phones: &'static str,
    /// Files.
    pub attachments: &'static str,
    /// Notes.
    pub notes: &'static str,
    /// History.
    pub history: &'static str,
    /// Rows of a list.
    pub rows: &'static str,
    /// When something was last told.
    pub last_change: &'static str,
    /// Last good visit.
    pub last_good: &'static str,
    /// Running fault.
    pub fault: &'static str,
    /// State.
    pub state: &'static str,
    /// Since.
    pub since: &'static str,
    /// The page's words.
    pub quote: &'static str,
    /// Not certain.
    pub doubt: &'static str,
    /// Fees, in the order collect, prepaid, free.
    pub fees: [&'static str; 3],
    /// Nothing to show.
    pub nothing: &'static str,
    /// Never.
    pub never: &'static str,
    /// All well.
    pub well: &'static str,
    /// Address known, watched by home page only.
    pub home_only: &'static str,
    /// Entered by hand.
    pub by_hand: &'static str,
}

/// The JSON value as plain words: lists joined, null as a dash.
fn plain(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Null => "—".into(),
        Value::String(s) => s.clone(),
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => n.to_string(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join("、"),
        Value::Object(map) => ["scope", "name", "address", "phones", "year", "half", "href"]
            .iter()
            .filter_map(|k| map.get(*k))
            .filter(|v| !v.is_null() && v.as_array().is_none_or(|a| !a.is_empty()))
            .map(plain)
            .collect::<Vec<_>>()
            .join(" "),
    }
}

/// Whole days from the old to the new date of a delta; None where one is no date.
fn moved_by(delta: &Delta) -> Option<i32> {
    let date = |v: &serde_json::Value| v.as_str()?.parse::<crate::model::Date>().ok();
    Some(date(&delta.old)?.until(date(&delta.new)?).ok()?.get_days())
}

/// The window that a delta brings or takes away, and the field's name.
fn window_of(value: &serde_json::Value) -> Option<Window> {
    serde_json::from_value(value.clone()).ok()
}

/// Last part of a window's path: `end` of `/windows/12-w1/end`; empty for the window itself.
fn window_field(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/windows/")?;
    Some(rest.split_once('/').map_or("", |(_, field)| field))
}
