//! What a page is, judged before anything read from it may touch the stored state.
//!
//! In order: status, kinds of bad pages (`bad_pages.toml`), where the answer came from, the
//! site's own words, the contract, the title. Words that a real notice may quote count only where
//! the contract fails.

pub use super::drift::{Before, after_rows};
use super::pattern::pattern;
use super::{bad_pages, likeness};
use crate::model::{Fault, Page, Verdict};
use regex::Regex;
use std::sync::LazyLock;
use url::Url;

/// What a page was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A list of notices, as HTML, XML or JSON.
    List,
    /// A notice or a standing page.
    Article,
    /// `robots.txt` (RFC 9309).
    Robots,
    /// A file of a notice.
    Attachment,
}

/// What is known about a page before it is judged.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expect<'a> {
    /// Words of which every good page of the site holds one; none = not known.
    pub signature: &'a [String],
    /// Title in the list, for an article.
    pub title: Option<&'a str>,
    /// Title that the adapter read from the article itself, where it did.
    pub found: Option<&'a str>,
    /// Home page of the office.
    pub home: Option<&'a str>,
    /// Address that was asked for, before redirects; None = as answered.
    pub asked: Option<&'a str>,
    /// Official hosts to which a redirect may lead.
    pub hosts: &'a [String],
    /// The page was read as its block describes (rows, body found).
    pub contract_ok: bool,
}

/// Bodies under this size are tested for bad pages even where the contract holds.
const SMALL: usize = 6 * 1024;
/// Downloads under this size are no documents.
const LEAST_DOCUMENT: usize = 300;
/// Pages without title and links up to this size are script checks.
const CHECK_PAGE: usize = 1500;

static TITLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?is)<title[^>]*>\s*[^<\s]"));
static LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)<a\s[^>]*href"));
static OPEN_TAG: LazyLock<Regex> = LazyLock::new(|| pattern(r"<[a-zA-Z/!][^<>]*\z"));
static RUBBISH: LazyLock<Regex> = LazyLock::new(|| pattern(r"Ã.|å…|鍏|锛|鐨|\u{fffd}|锟斤拷"));

/// A verdict, and what speaks against the page.
pub(super) type Judged = (Verdict, Option<Fault>);

fn fault(verdict: Verdict, reason: &str, detail: impl Into<String>) -> Option<Fault> {
    Some(Fault::new(verdict, reason, detail))
}

/// Judges an answer. `raw` is the decoded text, None where it could not be decoded; a fault comes
/// with every verdict except [`Verdict::Ok`] and [`Verdict::NotModified`].
///
/// That a list is empty is for its reader to say, not for this function. A caller reads first and
/// judges with the outcome as `contract_ok`: where reading failed and the judgement is no more than
/// [`Verdict::Layout`] or a shell, the reader's own fault says it better.
///
/// What needs more than one answer is not seen here: a 404 on a further page that the pager
/// promises means that the list is [`Verdict::Partial`], and a notice is gone only when two runs say so.
pub fn judge(page: &Page, raw: Option<&str>, role: Role, expect: &Expect<'_>) -> Judged {
    let found = match role {
        _ if page.status == 304 => return (Verdict::NotModified, None),
        Role::Attachment => attachment(page, raw),
        Role::Robots => robots(page, raw),
        Role::List | Role::Article => document(page, raw, role, expect),
    };
    match found {
        Some(f) => (f.verdict, Some(f.at(&page.url))),
        None => (Verdict::Ok, None),
    }
}

/// What a status alone says; None for 200 and 203, which say nothing yet.
fn status(page: &Page, role: Role) -> Option<Fault> {
    let code = page.status;
    let https = page.url.starts_with("https:");
    match code {
        200 | 203 => None,
        206 => fault(
            Verdict::Partial,
            "status_206",
            "only a part of the page came",
        ),
        301..=308 => fault(Verdict::Moved, "redirect", "the redirect was not followed"),
        401 | 407 => fault(Verdict::Login, "status_401", "the site asks for a login"),
        410 if https && role == Role::List => fault(
            Verdict::Moved,
            "scheme",
            "https answers 410: where plain http works, the block says so",
        ),
        404 | 410 => fault(
            Verdict::Gone,
            &format!("status_{code}"),
            "not there any more",
        ),
        403 if page.body.is_empty() => fault(
            Verdict::Blocked,
            "header",
            "403 without a body: the site may want a Referer",
        ),
        403 | 405 | 406 | 412 | 418 | 451 | 460..=499 => fault(
            Verdict::Blocked,
            &format!("status_{code}"),
            format!("the site refuses with status {code}"),
        ),
        _ => fault(
            Verdict::Transport,
            &format!("status_{code}"),
            format!("the server answers with status {code}"),
        ),
    }
}

fn global(page: &Page, raw: &str, broken: bool) -> Option<Fault> {
    let kind = bad_pages::find(page, raw, broken)?;
    fault(kind.verdict, &kind.name, &kind.detail)
}

fn document(page: &Page, raw: Option<&str>, role: Role, expect: &Expect<'_>) -> Option<Fault> {
    let refused = status(page, role);
    let broken = !expect.contract_ok || refused.is_some();
    let text = raw.unwrap_or("");
    if broken || page.body.len() < SMALL {
        // 404 is an answer of its own, its body is decoration; unless a firewall gave it.
        let missing = refused.as_ref().is_some_and(|f| f.verdict == Verdict::Gone);
        let bad = global(page, text, broken);
        if let Some(bad) = bad.filter(|b| !missing || b.verdict == Verdict::Blocked) {
            return Some(bad);
        }
    }
    if refused.is_some() {
        return refused;
    }
    if page.body.starts_with(&[0x1f, 0x8b]) {
        let detail = "the body is compressed although no header says so";
        return fault(Verdict::Transport, "content_encoding", detail);
    }
    if page.body.is_empty() {
        return fault(Verdict::Partial, "empty_body", "the body is empty");
    }
    if raw.is_none() || is_rubbish(text) {
        return fault(Verdict::Encoding, "mojibake", "the text cannot be decoded");
    }
    if let Some(moved) = landed_elsewhere(page, expect) {
        return Some(moved);
    }
    if is_html(text) {
        if broken && text.len() <= CHECK_PAGE && !TITLE.is_match(text) && !LINK.is_match(text) {
            let detail = "a small page without title and links: a script check";
            return fault(Verdict::Blocked, "js_check", detail);
        }
        if is_cut(text) {
            return fault(Verdict::Partial, "cut", "the page ends in the middle");
        }
        let signed = expect.signature.is_empty()
            || expect
                .signature
                .iter()
                .any(|word| text.contains(word.as_str()));
        if !signed {
            let detail = "none of the words that every page of the site holds is there";
            return fault(Verdict::Blocked, "suspect", detail);
        }
    }
    if let (Role::Article, Some(title)) = (role, expect.title)
        && let Some(other) = another_notice(title, text, expect)
    {
        // Another page may say itself what it is.
        return global(page, text, true).or(Some(other));
    }
    if expect.contract_ok {
        return None;
    }
    let what = match role {
        Role::Article => "no body where the block says that it stands",
        _ => "the list has another shape than the block describes",
    };
    fault(Verdict::Layout, "contract", what)
}

fn is_html(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    !start.starts_with(['{', '['])
        && !start.starts_with("<?xml")
        && !start.starts_with("<datastore")
}

/// More than one rubbish sign in fifty characters beyond ASCII: the wrong charset was read. A lone
/// one is an author's slip.
fn is_rubbish(text: &str) -> bool {
    let signs = RUBBISH.find_iter(text).take(10_000).count();
    signs >= 3 && signs * 50 > text.chars().filter(|c| !c.is_ascii()).count()
}

/// Whether a title is UTF-8 that was read as GBK or Latin-1.
pub(super) fn is_rubbish_title(title: &str) -> bool {
    RUBBISH.find_iter(title).count() >= 2
}

/// No end of the page, and a tag or a row that is open: the transfer broke off. Old pages without
/// `</html>` are common and whole.
fn is_cut(text: &str) -> bool {
    let lower_end = |tag: &str| {
        text.rfind(tag)
            .or_else(|| text.rfind(&tag.to_ascii_uppercase()))
    };
    if lower_end("</html").is_some() || lower_end("</body").is_some() {
        return false;
    }
    let starts = lower_end("<html").is_some() || lower_end("<body").is_some();
    let open_row = match (lower_end("<li"), lower_end("</li")) {
        (Some(open), Some(close)) => open > close,
        _ => false,
    };
    starts && (open_row || OPEN_TAG.is_match(text))
}

/// Whether the answer came from a place that is not what was asked for.
fn landed_elsewhere(page: &Page, expect: &Expect<'_>) -> Option<Fault> {
    let asked = Url::parse(expect.asked?).ok()?;
    let got = Url::parse(&page.url).ok()?;
    if asked == got {
        return None;
    }
    let bare = |h: &str| h.strip_prefix("www.").unwrap_or(h).to_ascii_lowercase();
    let host = bare(got.host_str()?);
    let allowed = asked
        .host_str()
        .into_iter()
        .chain(expect.hosts.iter().map(String::as_str));
    if !allowed.into_iter().any(|h| bare(h) == host) {
        let detail = format!("sent on to another site, {host}");
        return fault(Verdict::Moved, "off_host", detail);
    }
    let path = got.path().to_ascii_lowercase();
    let error = ["/404", "/error", "/err/", "/notfound"];
    if error.iter().any(|e| path.starts_with(e)) || path.ends_with("/404.html") {
        return fault(Verdict::Soft404, "error_page", "sent on to an error page");
    }
    if path.contains("/login") || path.contains("/cas/") {
        return fault(Verdict::Login, "redirect", "sent on to a login");
    }
    if is_front(&got, expect.home) && !is_front(&asked, expect.home) {
        return fault(Verdict::Moved, "home", "sent on to the home page");
    }
    None
}

fn is_front(url: &Url, home: Option<&str>) -> bool {
    let plain = |u: &Url| {
        format!(
            "{}{}",
            u.host_str().unwrap_or(""),
            u.path().trim_end_matches('/')
        )
    };
    let root = matches!(
        url.path(),
        "/" | "/index.html" | "/index.htm" | "/index.shtml" | "/index.jsp" | "/index.aspx"
    );
    (root && url.query().is_none())
        || home
            .and_then(|h| Url::parse(h).ok())
            .is_some_and(|h| plain(&h) == plain(url) && h.query() == url.query())
}

/// A page whose titles are all unlike the one that the list gave is another page.
fn another_notice(title: &str, raw: &str, expect: &Expect<'_>) -> Option<Fault> {
    let own = likeness::titles(raw);
    if likeness::matches(
        title,
        expect
            .found
            .into_iter()
            .chain(own.iter().map(String::as_str)),
    ) || likeness::stands_in(title, raw)
    {
        return None;
    }
    let said = expect
        .found
        .or(own.first().map(String::as_str))
        .unwrap_or("");
    if said.is_empty() {
        return None;
    }
    let said: String = said.chars().take(60).collect();
    let detail = format!("the list says `{title}`, the page `{said}`");
    if likeness::has_article_title(raw) {
        fault(Verdict::Layout, "title", detail)
    } else {
        fault(Verdict::Moved, "title", detail)
    }
}

fn robots(page: &Page, raw: Option<&str>) -> Option<Fault> {
    if let Some(refused) = status(page, Role::Robots) {
        return Some(refused);
    }
    let html = raw.unwrap_or("").trim_start().starts_with('<');
    let detail = "robots.txt is a page, not rules: no rule is known";
    html.then(|| Fault::new(Verdict::NotDocument, "robots_html", detail))
}

fn attachment(page: &Page, raw: Option<&str>) -> Option<Fault> {
    if let Some(refused) = status(page, Role::Attachment) {
        return Some(refused);
    }
    let start = page.body.get(..512).unwrap_or(&page.body);
    let start = String::from_utf8_lossy(start)
        .trim_start()
        .to_ascii_lowercase();
    let typed = page
        .content_type
        .as_deref()
        .unwrap_or("")
        .to_ascii_lowercase();
    let markup = ["<html", "<!doctype html", "<script", "<head"];
    let html = markup.iter().any(|m| start.starts_with(m))
        || (typed.starts_with("text/html") && !is_document(&page.body));
    if html {
        let text = raw
            .map(str::to_owned)
            .unwrap_or_else(|| String::from_utf8_lossy(&page.body).into());
        if text.contains("验证码") {
            return fault(
                Verdict::NotDocument,
                "captcha",
                "the download asks for a captcha",
            );
        }
        if let Some(bad) = global(page, &text, true).filter(|b| b.verdict == Verdict::Blocked) {
            return Some(bad);
        }
        return fault(
            Verdict::NotDocument,
            "html",
            "a page came in place of the file",
        );
    }
    if page.body.len() < LEAST_DOCUMENT {
        let detail = format!("{} bytes are no document", page.body.len());
        return fault(Verdict::NotDocument, "tiny", detail);
    }
    None
}

/// Whether a body begins like one of the formats in which offices attach files: PDF, ZIP (and the
/// office formats made of it), RAR, 7z, OLE2.
fn is_document(body: &[u8]) -> bool {
    const MAGIC: [&[u8]; 5] = [b"%PDF-", b"PK", b"Rar!", b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0"];
    MAGIC.iter().any(|m| body.starts_with(m))
}

#[cfg(test)]
#[path = "verdict_tests.rs"]
mod tests;
