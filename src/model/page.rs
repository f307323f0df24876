//! From bytes to an article: what `fetch` brings and what `adapter` makes of it.

use super::{Date, Timestamp};
use serde::{Deserialize, Serialize};

/// One answer from the wire, whole and within the size limits. Status 304 has an empty body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Address after redirects.
    pub url: String,
    /// HTTP status code.
    pub status: u16,
    /// `Content-Type` as sent.
    pub content_type: Option<String>,
    /// `ETag` as sent, a validator for the next visit (RFC 9110 §8.8.3).
    pub etag: Option<String>,
    /// `Last-Modified` as sent (RFC 9110 §8.8.2).
    pub last_modified: Option<String>,
    /// Other headers that a verdict may look at, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The decoded (decompressed) body.
    pub body: Vec<u8>,
    /// When the answer was complete.
    pub fetched_at: Timestamp,
    /// Fetched over plain http, as an exception that the source's block allows.
    pub plain_http: bool,
}

/// What a page is, judged before anything is read from it. Only [`Verdict::Ok`] and
/// [`Verdict::Empty`] may touch the stored state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A page of the expected make.
    Ok,
    /// The server says that the stored copy still holds (304).
    NotModified,
    /// A list that says itself that it holds nothing.
    Empty,
    /// Cut short, or fewer pages than promised.
    Partial,
    /// A firewall, challenge, rate limit or access rule answered in place of the office.
    Blocked,
    /// A page that is filled by script and holds no data.
    Shell,
    /// "Not found" with status 200.
    Soft404,
    /// 404, 410, deleted by its publisher.
    Gone,
    /// The address leads elsewhere.
    Moved,
    /// The page no longer has the shape that its block describes.
    Layout,
    /// A login form.
    Login,
    /// Maintenance or rebuilding notice.
    Maintenance,
    /// Text cannot be decoded, or has turned to rubbish.
    Encoding,
    /// A download that is not the document that it claims to be.
    NotDocument,
    /// No usable answer: DNS, TCP, TLS, HTTP, limits, robots.txt.
    Transport,
}

impl Verdict {
    /// The stable word used in JSON, the store and messages.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Ok => "ok",
            Verdict::NotModified => "not_modified",
            Verdict::Empty => "empty",
            Verdict::Partial => "partial",
            Verdict::Blocked => "blocked",
            Verdict::Shell => "shell",
            Verdict::Soft404 => "soft404",
            Verdict::Gone => "gone",
            Verdict::Moved => "moved",
            Verdict::Layout => "layout",
            Verdict::Login => "login",
            Verdict::Maintenance => "maintenance",
            Verdict::Encoding => "encoding",
            Verdict::NotDocument => "not_document",
            Verdict::Transport => "transport",
        }
    }
}

/// Why a page, or one row of it, could not be used. Never stored as a state of the notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}{}: {detail}{}", verdict.word(), paren(reason), at(url))]
pub struct Fault {
    /// The class.
    pub verdict: Verdict,
    /// A finer stable word within the class (`timeout`, `tls_expired`, `robots`, `jsl`), or empty.
    pub reason: String,
    /// One line for people: what was seen and, where possible, what to do.
    pub detail: String,
    /// The address concerned; None where the fault concerns the source as a whole.
    pub url: Option<String>,
}

fn paren(reason: &str) -> String {
    if reason.is_empty() {
        String::new()
    } else {
        format!(" ({reason})")
    }
}

fn at(url: &Option<String>) -> String {
    url.as_ref().map(|u| format!(" [{u}]")).unwrap_or_default()
}

impl Fault {
    /// A fault without an address yet.
    pub fn new(verdict: Verdict, reason: impl Into<String>, detail: impl Into<String>) -> Fault {
        Fault {
            verdict,
            reason: reason.into(),
            detail: detail.into(),
            url: None,
        }
    }

    /// The same fault, tied to an address.
    pub fn at(mut self, url: impl Into<String>) -> Fault {
        self.url = Some(url.into());
        self
    }
}

/// Prefix of the weakest key, made of title and date: by it a rebuilt site's notices are known
/// again. Two notices may share one, so it only counts where nothing better tells.
pub const TITLE_KEY: &str = "title:";

/// One row of a list: a notice that the office names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Identities, best first: the family's document id (`doc:12345`), the canonical URL
    /// (scheme-less, see [`super::canonical`]), and [`TITLE_KEY`] with title and date where the
    /// list shows both whole.
    pub keys: Vec<String>,
    /// Absolute address of the notice.
    pub url: String,
    /// Title as the list shows it.
    pub title: String,
    /// The list shows only the beginning of the title.
    pub title_cut: bool,
    /// Date in the list, else in the address; None where neither has one.
    pub published: Option<Date>,
    /// The row leads straight to a file or to another site, or is a home page's column and no
    /// notice: known, not fetched.
    pub external: bool,
}

/// A half-open range of byte offsets into [`Article::text`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// `start..end`.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }
    /// The words; empty where the span does not lie in `text` on character borders.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
    /// Whether `other` lies inside.
    pub fn covers(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
    /// The smallest span that holds both.
    pub fn join(self, other: Span) -> Span {
        Span {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// A notice as text: the border between what knows the site and what knows the language.
///
/// `text` is the body only (no navigation, no neighbours, no counters), one line per block,
/// lines separated by `\n`. White space inside a line is collapsed to single blanks (none at its
/// ends), zero-width characters are dropped, full-width forms are **kept** (a quote must be found
/// in the page), traditional characters are kept. A table row is one line whose cells are
/// separated by `\t`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Article {
    /// Address of the page, after redirects.
    pub url: String,
    /// Full title, site name and suffix removed; empty where the page has none.
    pub title: String,
    /// Publication date from the page (meta, label, address); None where it says none.
    pub published: Option<Date>,
    /// 来源 / ContentSource / author as the page states it.
    pub source: Option<String>,
    /// The site's own name (meta SiteName, title suffix, 主办).
    pub site: Option<String>,
    /// Column path, e.g. `人事考试 > 证书领取`; empty where not found.
    pub column: String,
    /// The body.
    pub text: String,
    /// Lines of `text` in order: each is one block.
    pub blocks: Vec<Block>,
    /// Tables of the body as grids.
    pub tables: Vec<Table>,
    /// Links inside the body that are no attachments.
    pub links: Vec<Link>,
    /// Pictures inside the body.
    pub images: Vec<Image>,
    /// Files that belong to the notice.
    pub attachments: Vec<Attachment>,
    /// Footer and header text outside the body, for the region only; at most a few thousand bytes.
    pub around: String,
    /// How the body was found: `selector`, `marker`, or `density` (a guess, shown as such).
    pub found_by: String,
}

impl Article {
    /// A digest of what a reader would see: title, words, files and pictures. White space, the
    /// publication date, scheme and session of a file's address and everything around the body are
    /// left out, so that an editor's resave or a moved counter changes nothing. SHA-256, 64 hexadecimal digits.
    pub fn digest(&self) -> String {
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        let mut part = |text: &str| {
            for word in text.split_whitespace() {
                hash.update(word.as_bytes());
            }
            hash.update([0]);
        };
        part(&self.title);
        part(&self.text);
        for file in &self.attachments {
            part(&file.name);
            part(&super::canonical(&file.url));
        }
        for image in &self.images {
            part(image.src.split('?').next().unwrap_or(""));
        }
        hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
    }
}

/// One line of [`Article::text`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Where the line stands (without its `\n`).
    pub span: Span,
    /// What the page made of it.
    pub kind: BlockKind,
}

/// What the page's markup says a line is; numbering words (一、) are the language's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// Plain paragraph.
    Para,
    /// `<h1>`–`<h6>`, or a paragraph that is bold from end to end.
    Heading,
    /// `<li>`.
    Item,
    /// A row of table `table`, row number `row` of its grid.
    Row {
        /// Index into [`Article::tables`].
        table: usize,
        /// Index into [`Table::rows`].
        row: usize,
    },
    /// Right-aligned line: where signatures and dates stand.
    Right,
}

/// A table as a full grid: rowspan and colspan are expanded, so that a city row knows its header.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Table {
    /// Rows of cells; an expanded cell repeats the span of the original.
    pub rows: Vec<Vec<Cell>>,
    /// Leading rows that are headers (`<th>`, or a first row without digits above rows with them).
    pub header_rows: usize,
}

/// One cell of a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Its words in [`Article::text`]; empty span for an empty cell.
    pub span: Span,
}

/// A link inside the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its words.
    pub span: Span,
    /// Address as in the page.
    pub href: String,
}

/// A picture inside the body (not decoration).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Offset in the text where it stands.
    pub at: usize,
    /// `alt` or `title`, may be empty.
    pub alt: String,
    /// Address as in the page.
    pub src: String,
}

/// A file linked from the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Link text, else the `title` attribute, else the file name.
    pub name: String,
    /// Address as in the page (not resolved).
    pub href: String,
    /// Absolute address.
    pub url: String,
    /// Its words in the text; None where the link stands outside the body's text.
    pub span: Option<Span>,
}
