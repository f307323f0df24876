//! What is known about exams, sittings, regions and offices before any page is fetched.
//!
//! Everything here is data of `sources.toml` (and of a user's overlay), read by `config`.

use super::{Date, Facts};
use serde::{Deserialize, Serialize};

/// What [`Source::region`] holds for a national site: it belongs to no region.
pub const NATIONAL: &str = "cn";

/// All of `sources.toml`, overlay applied.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalog {
    /// Exams that are watched by name.
    pub exams: Vec<Exam>,
    /// Sittings with their dates.
    pub sittings: Vec<Sitting>,
    /// Regions in the order of the national code.
    pub regions: Vec<Region>,
    /// Offices.
    pub sources: Vec<Source>,
}

impl Catalog {
    /// The source with this id.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|s| s.id == id)
    }
    /// The region with this code, id, short or full name, alias or pinyin.
    pub fn region(&self, word: &str) -> Option<&Region> {
        let word = word.trim();
        self.regions.iter().find(|r| r.answers_to(word))
    }
    /// Where a notice of this source holds, for people: what its facts say, else the source's
    /// region.
    pub fn place(&self, source: &str, facts: Option<&Facts>) -> String {
        let said = facts.map(|f| &f.region);
        if let Some(province) = said.and_then(|r| r.province.as_deref()) {
            return match said.and_then(|r| r.city.as_deref()) {
                Some(city) if city != province => format!("{province}·{city}"),
                _ => province.to_owned(),
            };
        }
        let region = self.source(source).and_then(|s| self.region(&s.region));
        region.map_or_else(|| source.to_owned(), |r| r.name.clone())
    }
}

/// An exam whose certificates are watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exam {
    /// `ruankao`.
    pub id: String,
    /// Full official name.
    pub name: String,
    /// Other names that notices use (软考, 计算机软件资格考试).
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Qualifications that one can earn in it (网络工程师).
    #[serde(default)]
    pub qualifications: Vec<String>,
}

/// One sitting of an exam.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sitting {
    /// Exam id.
    pub exam: String,
    /// `2026H2`.
    pub id: String,
    /// First exam day.
    pub first: Date,
    /// Last exam day; None = one day only.
    #[serde(default)]
    pub last: Option<Date>,
    /// How the dates are known.
    pub basis: String,
    /// Region ids in which it was not held (停考).
    #[serde(default)]
    pub not_held: Vec<String>,
}

/// A region: a province, or a city that is counted by itself. Not a source: several sources may
/// serve one region and one source several regions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Short latin id (`gx`), the same as its first source's.
    pub id: String,
    /// GB/T 2260 code (`45`, `4403`).
    pub code: String,
    /// Short name (`广西`), as in facts.
    pub name: String,
    /// Full name (`广西壮族自治区`).
    pub full: String,
    /// `guangxi`.
    pub pinyin: String,
    /// Traditional form, English, other spellings that a person may type.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Registrable domains of its government (`gd.gov.cn`): the outer limit for an office's host.
    #[serde(default)]
    pub domains: Vec<String>,
    /// Province id where the region is a city counted by itself.
    #[serde(default)]
    pub parent: Option<String>,
    /// 1 = early, 3 = late: a forecast's prior only, never shown as a date. None = not known.
    #[serde(default)]
    pub tier: Option<u8>,
    /// Past lags in days from the first exam day to the notice or pickup, with their sitting.
    #[serde(default)]
    pub lags: Vec<Lag>,
    /// Ids of the sources whose notices hold for it.
    #[serde(default)]
    pub served_by: Vec<String>,
    /// Certificates are handed out by its cities, each with its own notice.
    #[serde(default)]
    pub by_city: bool,
}

impl Region {
    /// Whether a word that a person typed means this region. A code may be written in full
    /// (`450000` for `45`, GB/T 2260).
    pub fn answers_to(&self, word: &str) -> bool {
        let full = word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit());
        let word = match full {
            true => word.trim_end_matches("00"),
            false => word,
        };
        [&self.id, &self.code, &self.name, &self.full, &self.pinyin]
            .into_iter()
            .chain(&self.aliases)
            .any(|n| n.eq_ignore_ascii_case(word))
    }
}

/// One past sitting's lag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lag {
    /// `2025H1`.
    pub sitting: String,
    /// Days from the first exam day.
    pub days: i32,
    /// Where the figure comes from.
    pub basis: String,
}

/// How a source is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A list page whose rows lead to notices.
    #[default]
    List,
    /// A standing page that is edited in place: the page is the notice.
    Page,
    /// RSS, Atom or JSON Feed.
    Feed,
    /// Only the home page is known: its links that speak of certificates are watched.
    Home,
    /// No fetchable page: kept for its addresses, entered by hand.
    Manual,
}

/// How an address is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Seen in evidence.
    Seen,
    /// A column beside it was seen.
    Sibling,
    /// Only the home page is known.
    #[default]
    Home,
}

/// How far a statement about a source can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Two sources, or the page itself.
    High,
    /// One source, or a sibling.
    Medium,
    /// Not seen.
    #[default]
    Low,
}

/// An office's page that lingzheng watches.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Source {
    /// `gx`, `sd-zaozhuang`.
    pub id: String,
    /// Region id, or [`NATIONAL`].
    pub region: String,
    /// City short name where the office is a city's; None for a province's.
    pub city: Option<String>,
    /// The body that runs the exam or hands out the certificates.
    pub name: String,
    /// How it is watched.
    pub kind: Kind,
    /// Address of the list, standing page, feed or home page; empty only for [`Kind::Manual`].
    pub list: String,
    /// How that address is known.
    pub basis: Basis,
    /// How far to trust it.
    pub confidence: Confidence,
    /// Family name in `src/adapter/families.toml`, `auto` to recognise it.
    pub family: String,
    /// Exams that its list carries when a title names none.
    pub exams: Vec<String>,
    /// Home page for people.
    pub home: Option<String>,
    /// Official hosts; the list's host is always one.
    pub hosts: Vec<String>,
    /// Retired hosts: never followed.
    pub retired: Vec<String>,
    /// WeChat public accounts.
    pub wechat: Vec<String>,
    /// Enquiry phone as published.
    pub phone: Option<String>,
    /// A word for people about this source.
    pub note: Option<String>,
    /// What differs from the family.
    pub shape: Shape,
    /// Transport quirks.
    pub http: Http,
}

/// Transport quirks of a source.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// The site is known to work by plain http only: an exception, stored and shown.
    pub plain: bool,
    /// `Referer` to send; `list` = the list's address.
    pub referer: Option<String>,
    /// Pages are asked for by POST, with the query of their address as the form's fields; the
    /// query stays part of the address by which a notice is known.
    pub post: bool,
    /// Seconds between two requests to the host; never below the settings' own minimum.
    pub pause: Option<f64>,
    /// Further hosts that a redirect or an attachment may lead to.
    pub also: Vec<String>,
}

/// The vocabulary with which a family or a block describes pages. A block's word wins over its
/// family's; None = the family's, then the default.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Shape {
    /// How rows come: `html` (default), `datastore` (Hanweb's CDATA), `json`, `script`.
    pub rows: Option<String>,
    /// CSS selector of a row.
    pub entry: Option<String>,
    /// CSS selector of the link inside a row (default `a[href]`).
    pub link: Option<String>,
    /// Regular expression over the link's `href`/`onclick`; its captures fill `address`.
    pub link_pattern: Option<String>,
    /// Address built from captures or JSON fields: `/front/News/info/{1}`, `{id}`.
    pub address: Option<String>,
    /// CSS selector of the title inside a row (default: the link; its `title` attribute first).
    pub title: Option<String>,
    /// CSS selectors of the date inside a row; two where the date is split (day, then year).
    pub date: Vec<String>,
    /// Rows that match are no notices (template rows, separators).
    pub skip: Option<String>,
    /// Fields of JSON rows.
    pub json: Option<JsonShape>,
    /// Regular expression over the address whose first capture is the document id.
    pub key: Option<String>,
    /// Further list pages.
    pub pager: Option<Pager>,
    /// CSS selectors of the article's body, first match wins.
    pub body: Vec<String>,
    /// Body between two marks in the raw page (`<!--begin-->`, `<!--end-->`).
    pub between: Vec<String>,
    /// CSS selectors of the article's title.
    pub heading: Vec<String>,
    /// CSS selectors of the article's publication date.
    pub published: Vec<String>,
    /// CSS selectors of the article's 来源.
    pub origin: Vec<String>,
    /// CSS selectors of parts to drop from the body.
    pub drop: Vec<String>,
    /// Address of the article's data where the page itself is a shell: `{id}` = document id.
    pub article: Option<String>,
    /// Words that every good list page of the site holds; one suffices.
    pub signature: Vec<String>,
    /// Words with which the list says that it is empty.
    pub empty: Vec<String>,
    /// Fewest rows that a good list holds (default 1).
    pub min_rows: Option<usize>,
}

/// Fields of JSON rows, as dotted paths.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JsonShape {
    /// Path to the array of rows (`data.records`).
    pub rows: String,
    /// Path inside a row.
    pub title: String,
    /// Path inside a row to an address; empty where `address` builds it.
    pub link: String,
    /// Path inside a row.
    pub date: String,
    /// Path that must hold `ok_value` (`code`).
    pub ok: Option<String>,
    /// Its value as text (`200`).
    pub ok_value: Option<String>,
    /// Path to HTML that holds the rows (`data.html`), where the rows are HTML inside JSON.
    pub html: Option<String>,
    /// Article answer: path to the HTML body.
    pub body: Option<String>,
    /// Article answer: path to the title.
    pub heading: Option<String>,
    /// Article answer: path to the publication date.
    pub published: Option<String>,
    /// Article answer: path to the 来源.
    pub origin: Option<String>,
}

/// How further list pages are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pager {
    /// `none`, `script` (read `createPageHTML` and its kin), `index0`, `index1`, `param`, `jpage`,
    /// `jpaas`.
    pub style: String,
    /// Address of page N (`{n}`), relative to the list.
    pub address: Option<String>,
    /// How many pages to look at (default 1).
    pub pages: Option<u32>,
}

impl Pager {
    /// The words that `style` may be.
    pub const STYLES: [&str; 7] = [
        "none", "script", "index0", "index1", "param", "jpage", "jpaas",
    ];
}
