//! The facts of a notice and the words that prove them.
//!
//! [`Facts`] is the JSON contract: its keys and meanings are fixed, new keys may be added without
//! raising `schema`. A value that the notice does not state is `null` or `[]`: "not stated", never
//! "none needed". Dates are calendar dates in China (UTC+08:00).

use super::{Date, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A value read from a notice, with the place that proves it and the rule that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T> {
    /// The reading.
    pub value: T,
    /// The words, in [`super::Article::text`]; None for what the page states outside its body
    /// (title, publication date, breadcrumb).
    pub span: Option<Span>,
    /// Name of the rule.
    pub rule: &'static str,
    /// None = certain; else the reason for doubt, a short sentence for people.
    pub doubt: Option<String>,
}

impl<T> Found<T> {
    /// A certain finding in the body.
    pub fn new(value: T, span: Span, rule: &'static str) -> Found<T> {
        Found {
            value,
            span: Some(span),
            rule,
            doubt: None,
        }
    }
    /// A certain finding outside the body.
    pub fn outside(value: T, rule: &'static str) -> Found<T> {
        Found {
            value,
            span: None,
            rule,
            doubt: None,
        }
    }
    /// The same finding, with a reason for doubt.
    pub fn doubted(mut self, why: impl Into<String>) -> Found<T> {
        self.doubt = Some(why.into());
        self
    }
    /// Another value with the same evidence.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Found<U> {
        Found {
            value: f(self.value),
            span: self.span,
            rule: self.rule,
            doubt: self.doubt,
        }
    }
}

/// The proof of one fact, as stored and exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Place in the article's text; None for what stands outside the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// The words at the span, or the outside words.
    pub quote: String,
    /// Name of the rule.
    pub rule: String,
    /// False where two readings compete or an anchor is missing.
    pub certain: bool,
    /// Why it is not certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Facts with their evidence, keyed by JSON pointer (RFC 6901) into the facts (`/windows/0`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reading {
    /// The contract's keys, at the top level of the JSON.
    #[serde(flatten)]
    pub facts: Facts,
    /// Pointer → proof.
    #[serde(default)]
    pub evidence: BTreeMap<String, Evidence>,
    /// Dates that look like windows but cannot be read (an end before its start, a half-lost
    /// date): the words, so that a person can look.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Unread>,
}

/// Words that should hold a fact and could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// The words.
    pub quote: String,
    /// Place in the text.
    pub span: Span,
    /// Why: `end_before_start`, `half_lost_date`, … `too_long`: the text is longer than any notice,
    /// and nothing from these words on is read.
    pub reason: String,
}

/// What a notice says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Version of the contract: 1.
    pub schema: u32,
    /// Full title, site name and suffix removed.
    pub title: String,
    /// Publication date from the page, not from the crawl.
    pub published: Option<Date>,
    /// The office that signs or is named as 来源, as written.
    pub issuer: Option<String>,
    /// Where it holds.
    pub region: Whereabouts,
    /// What it is about.
    pub kind: NoticeKind,
    /// Exams and sittings.
    pub exams: Vec<ExamRef>,
    /// Ways that are open or to come, in the order of [`Method`].
    pub methods: Vec<Method>,
    /// When.
    pub windows: Vec<Window>,
    /// Where.
    pub places: Vec<Place>,
    /// By post; None = mailing is not offered.
    pub mail: Option<Mail>,
    /// Papers to bring.
    pub materials: Materials,
    /// May a deputy collect? None = not said.
    pub proxy_allowed: Option<bool>,
    /// Whole years that an uncollected certificate is kept; None = not said, or given in months.
    pub custody_years: Option<u32>,
    /// Custody in the notice's own words.
    #[serde(default)]
    pub custody: Option<Custody>,
    /// What else a holder should know.
    #[serde(default)]
    pub notes: Vec<Note>,
    /// Enquiry numbers of the body, as written.
    pub phones: Vec<String>,
    /// Files of the body.
    pub attachments: Vec<FileRef>,
}

impl Default for Facts {
    fn default() -> Facts {
        Facts {
            schema: 1,
            title: String::new(),
            published: None,
            issuer: None,
            region: Whereabouts::default(),
            kind: NoticeKind::Other,
            exams: Vec::new(),
            methods: Vec::new(),
            windows: Vec::new(),
            places: Vec::new(),
            mail: None,
            materials: Materials::default(),
            proxy_allowed: None,
            custody_years: None,
            custody: None,
            notes: Vec::new(),
            phones: Vec::new(),
            attachments: Vec::new(),
        }
    }
}

/// Province and city, short names (`山东`, `青岛`); 全国 for the national bodies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Whereabouts {
    /// None where nothing tells.
    pub province: Option<String>,
    /// Only where the notice is that city's.
    pub city: Option<String>,
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Certificates may be collected or mailed.
    Pickup,
    /// 补办, 补发, 更换.
    Reissue,
    /// An exam or a collection is put off or suspended.
    Postponement,
    /// 更正, 补充.
    Correction,
    /// Electronic certificate.
    ECertificate,
    /// Scores, pass lines; no collection told.
    Results,
    /// 报名, 资格审核.
    Registration,
    /// Anything else.
    Other,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [NoticeKind; 8] = [
        NoticeKind::Pickup,
        NoticeKind::Reissue,
        NoticeKind::Postponement,
        NoticeKind::Correction,
        NoticeKind::ECertificate,
        NoticeKind::Results,
        NoticeKind::Registration,
        NoticeKind::Other,
    ];

    /// The kinds that are told by default.
    pub const TOLD: [NoticeKind; 5] = [
        NoticeKind::Pickup,
        NoticeKind::Reissue,
        NoticeKind::Postponement,
        NoticeKind::Correction,
        NoticeKind::ECertificate,
    ];

    /// The contract's word.
    pub fn word(self) -> &'static str {
        match self {
            NoticeKind::Pickup => "pickup",
            NoticeKind::Reissue => "reissue",
            NoticeKind::Postponement => "postponement",
            NoticeKind::Correction => "correction",
            NoticeKind::ECertificate => "e_certificate",
            NoticeKind::Results => "results",
            NoticeKind::Registration => "registration",
            NoticeKind::Other => "other",
        }
    }
    /// Kinds that are told by default; the rest of a list is only known by its row.
    pub fn told(self) -> bool {
        !matches!(
            self,
            NoticeKind::Results | NoticeKind::Registration | NoticeKind::Other
        )
    }
}

/// An exam as named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExamRef {
    /// Name as written.
    pub name: String,
    /// Year of the sitting.
    pub year: Option<i16>,
    /// 1 or 2 only where 上半年 or 下半年 is written.
    pub half: Option<u8>,
}

/// A way to get the certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// At a counter.
    Onsite,
    /// By post.
    Mail,
    /// Someone may collect for the person.
    Proxy,
    /// The employer collects for its staff.
    Batch,
    /// E-certificate, or one to print oneself.
    Electronic,
}

impl Method {
    /// The contract's word.
    pub fn word(self) -> &'static str {
        match self {
            Method::Onsite => "onsite",
            Method::Mail => "mail",
            Method::Proxy => "proxy",
            Method::Batch => "batch",
            Method::Electronic => "electronic",
        }
    }
}

/// The way a window is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowMethod {
    /// At a counter.
    Onsite,
    /// By post.
    Mail,
    /// Both, or nothing tells.
    Any,
}

impl WindowMethod {
    /// The contract's word.
    pub fn word(self) -> &'static str {
        match self {
            WindowMethod::Onsite => "onsite",
            WindowMethod::Mail => "mail",
            WindowMethod::Any => "any",
        }
    }
}

/// On which days within the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Days {
    /// 工作日, weekends and holidays excluded.
    #[serde(rename = "workdays")]
    Workdays,
    /// Every day, holidays too.
    #[serde(rename = "daily")]
    Daily,
    /// 周一至周五.
    #[serde(rename = "mon-fri")]
    MonFri,
    /// Another rule (每周三); the quote tells.
    #[serde(rename = "other")]
    Other,
}

/// A stretch of time in which certificates can be had. At least one of `start`, `end` is stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Given by `settle`, kept over the versions of a notice (`12-w1`); None before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The way.
    pub method: WindowMethod,
    /// First day; None = no start stated.
    pub start: Option<Date>,
    /// Last day; None = no end stated.
    pub end: Option<Date>,
    /// Clock time glued to the start, `HH:MM`.
    #[serde(default)]
    pub start_time: Option<String>,
    /// Clock time glued to the end, `HH:MM` (`24:00` allowed).
    #[serde(default)]
    pub end_time: Option<String>,
    /// Which days; None = not said.
    pub days: Option<Days>,
    /// Opening hours, `HH:MM-HH:MM`, 24-hour.
    pub hours: Vec<String>,
    /// City, district, office or group of people, in the notice's words; None = everyone.
    pub scope: Option<String>,
    /// 预计 and the like.
    #[serde(default)]
    pub estimate: bool,
    /// The words of the page that state it.
    pub quote: String,
}

/// Where certificates are handed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Whom it serves; None = everyone.
    pub scope: Option<String>,
    /// Office, building, room.
    pub name: Option<String>,
    /// Street address, ends with the house number.
    pub address: Option<String>,
    /// Numbers given with it, as written.
    pub phones: Vec<String>,
    /// Level of the office; None = not told.
    #[serde(default)]
    pub level: Option<Level>,
}

/// Level of a handing-out office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The province's own office.
    Province,
    /// A prefecture-level city's.
    City,
    /// A county's or district's.
    County,
    /// A school or training body.
    Entrusted,
}

/// By post.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Mail {
    /// Where one applies: URL, else the system by name, else an e-mail address, else 二维码.
    pub apply: Option<String>,
    /// Who pays when; None = not said.
    pub fee: Option<Fee>,
    /// `EMS`, `中国邮政`, `顺丰` …; None = not named.
    pub carrier: Option<String>,
}

/// Who pays the postage, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fee {
    /// 到付.
    Collect,
    /// Paid when applying.
    Prepaid,
    /// Free of charge.
    Free,
}

/// Papers to bring, by who brings them; short noun phrases as written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Materials {
    /// The person.
    #[serde(rename = "self")]
    pub own: Vec<String>,
    /// A deputy.
    pub proxy: Vec<String>,
    /// The employer.
    pub batch: Vec<String>,
}

/// How long an uncollected certificate is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Custody {
    /// How many.
    pub n: u32,
    /// `year` or `month`.
    pub unit: String,
    /// From when, in the notice's words; None = not said.
    pub from: Option<String>,
}

/// Something that a holder should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// `check`, `after_submit`, `overdue`, `correction` or `fraud`.
    pub topic: String,
    /// The notice's words.
    pub quote: String,
}

/// A file of the body, as in the contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// Name.
    pub name: String,
    /// Address as in the page.
    pub href: String,
    /// `proxy_form`, `unit_form`, `places`, `names`; None = none of these.
    #[serde(default)]
    pub role: Option<String>,
}
