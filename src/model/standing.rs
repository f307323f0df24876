//! Where a region stands with a sitting of an exam: what `outlook` derives and reports show.

use super::{Date, NoticeId, Timestamp, Window, event};
use serde::{Deserialize, Serialize};

/// How far the paper certificates of a sitting have come in a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The sitting was called off there (停考).
    NotHeld,
    /// Nothing can be said: no office is watched, or none has answered of late.
    Unknown,
    /// No notice yet; one may be expected.
    Expected,
    /// No notice although the region's own past says that it should be out.
    Late,
    /// A notice is out: its windows are to come, or it states no dates.
    Announced,
    /// A window is open.
    Open,
    /// A window is open and has seven days or fewer left.
    Closing,
    /// Every stated window is over.
    Closed,
}

impl Stage {
    /// Every stage, most in need of action first.
    pub const BY_ACTION: [Stage; 8] = [
        Stage::Closing,
        Stage::Open,
        Stage::Announced,
        Stage::Late,
        Stage::Expected,
        Stage::Closed,
        Stage::Unknown,
        Stage::NotHeld,
    ];

    /// The stable word of the stage.
    pub fn word(self) -> &'static str {
        match self {
            Stage::NotHeld => "not_held",
            Stage::Unknown => "unknown",
            Stage::Expected => "expected",
            Stage::Late => "late",
            Stage::Announced => "announced",
            Stage::Open => "open",
            Stage::Closing => "closing",
            Stage::Closed => "closed",
        }
    }

    /// Whether a notice has brought it.
    pub fn told(self) -> bool {
        matches!(
            self,
            Stage::Announced | Stage::Open | Stage::Closing | Stage::Closed
        )
    }
}

/// Where one region stands with one sitting of one exam.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Region id.
    pub region: String,
    /// Exam id.
    pub exam: String,
    /// Sitting id.
    pub sitting: String,
    /// Of the paper certificates, all ways and cities together: the most urgent.
    pub stage: Stage,
    /// The paper certificate, way by way.
    pub paper: Paper,
    /// The electronic certificate.
    pub electronic: Electronic,
    /// First and last day on which the first notice may be expected; None = no ground for a
    /// guess, or a notice is out.
    pub expected: Option<(Date, Date)>,
    /// What `expected` rests on.
    pub basis: Grounds,
    /// By what the nation moved `expected`; None = it is as the past says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
    /// Days until the last day of the open window that ends next (0 = today is the last);
    /// None = none is open, or none states its end.
    pub days_left: Option<i32>,
    /// Days until the next window opens; None where one is open, or none is to come.
    pub days_to_open: Option<i32>,
    /// Day until which an uncollected certificate is kept: five years from the end of the exam
    /// (人社厅发〔2017〕141号). None where the calendar ends.
    pub kept_until: Option<Date>,
    /// The windows in force, soonest end first; a correction's replace those that it corrects.
    pub windows: Vec<StandingWindow>,
    /// The notices that belong to it, newest first.
    pub notices: Vec<NoticeId>,
    /// City by city, where cities hand out.
    pub cities: Vec<CityStanding>,
    /// Some place that hands out is not watched: the whole region, or cities of it.
    pub unwatched: bool,
    /// What is not known, most important first.
    pub unknown: Vec<Gap>,
}

/// The paper certificate, way by way; None = no notice offers that way.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Paper {
    /// At a counter.
    pub onsite: Option<Way>,
    /// By post.
    pub mail: Option<Way>,
    /// The notice does not say which way.
    pub any: Option<Way>,
    /// May a deputy collect? None = not said.
    pub deputy: Option<bool>,
    /// The employer may collect for its staff.
    pub employer: bool,
}

/// One way to a paper certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// Announced, open, closing or closed.
    pub stage: Stage,
    /// First day of what is open or to come; None = not stated.
    pub from: Option<Date>,
    /// Last day of what is open or to come; None = not stated.
    pub to: Option<Date>,
}

/// The electronic certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "stage")]
pub enum Electronic {
    /// No ground for a guess.
    Unknown,
    /// Not told yet.
    Expected {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// It can be had.
    Available {
        /// Since when; None = the notice has no date.
        since: Option<Date>,
        /// The notice that says so; None = the national signal.
        notice: Option<NoticeId>,
    },
}

/// What an expected range rests on. A lag = days from the first exam day to the first notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "basis")]
pub enum Grounds {
    /// Nothing: no lag is known.
    None,
    /// The region's own lags.
    Own {
        /// How many (at least two).
        points: usize,
    },
    /// One lag of its own, within those of other regions.
    Mixed {
        /// How many of others.
        others: usize,
    },
    /// Lags of other regions only.
    Pooled {
        /// How many.
        points: usize,
        /// The region's tier, which widened the range; None = not known.
        tier: Option<u8>,
    },
}

/// What the national dates of a sitting do to an expected range: they come before the notices of
/// every region, and where they come early or late, so will those.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// What came early or late: the electronic certificate or, as long as that is not out, the scores.
    pub by: event::Signal,
    /// Days later than ever; negative = earlier.
    pub days: i32,
}

/// A window of a notice that belongs to a standing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingWindow {
    /// Its notice.
    pub notice: NoticeId,
    /// The notice's source.
    pub source: String,
    /// The city whose office published it; None = the region's own office.
    pub city: Option<String>,
    /// The window as read.
    pub window: Window,
    /// Announced, open, closing or closed.
    pub stage: Stage,
}

/// A city that hands out by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CityStanding {
    /// Short name (`枣庄`).
    pub city: String,
    /// Its source; None = known from the province's notice only.
    pub source: Option<String>,
    /// Whether that source is visited by itself; what the city changes is else not noticed.
    #[serde(default)]
    pub watched: bool,
    /// How far it has come.
    pub stage: Stage,
    /// First day of what is open or to come; None = not stated.
    pub from: Option<Date>,
    /// Last day of what is open or to come; None = not stated.
    pub to: Option<Date>,
}

/// Something that a standing does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "gap")]
pub enum Gap {
    /// No office of the region is watched.
    NoSource,
    /// Its cities hand out, and not every city is watched.
    Cities,
    /// No visit has been good of late.
    Silent {
        /// Source id.
        source: String,
        /// Last good visit; None = never.
        since: Option<Timestamp>,
    },
    /// No lag is known to reckon with.
    NoForecast,
    /// The expected range is over; too little is known of the region to call that late.
    RangeOver,
    /// A notice is out that states no dates.
    NoDates,
    /// The collection was put off; no new dates are told.
    PutOff,
    /// Only a row of the list is known, its page could not be read.
    RowOnly,
    /// The reading of a date is doubtful: see the office's words.
    Doubtful,
}

/// National dates of a sitting: they come before any region's notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// Exam id.
    pub exam: String,
    /// Sitting id.
    pub sitting: String,
    /// Day on which scores came out; None = not yet, or not known.
    pub scores: Option<Date>,
    /// Day from which the electronic certificate can be had; None = not yet, or not known.
    pub e_file: Option<Date>,
}
