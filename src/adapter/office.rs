//! One source with its rules ready: the door through which the rest of lingzheng reads pages.

use super::article::{self, ArticleRules};
use super::family::Families;
use super::rows::{self, ListInput, ListPage, ListRules};
use super::verdict::{Expect, Judged, Role, judge};
use super::{budget, charset, feed, fingerprint, home, json, wechat};
use crate::model::page::TITLE_KEY;
use crate::model::source::{Kind, Shape};
use crate::model::{Article, Date, Entry, Fault, Page, Source, Verdict};
use scraper::Selector;
use std::borrow::Cow;
use url::Url;

/// A source, its shape (block over family) and its compiled rules.
#[derive(Debug)]
pub struct Office {
    /// The block.
    pub source: Source,
    shape: Shape,
    list: ListRules,
    article: ArticleRules,
    /// For `family = "auto"`: rules by the family that a page turns out to be of.
    families: Option<Families>,
    /// The block itself says how rows come; else an `auto` source's family says it.
    own_rows: bool,
    /// The part of a home page that the block narrows the look to.
    inside: Option<Selector>,
    /// Hosts whose pages are fetched, lower case.
    hosts: Vec<String>,
    revision: u32,
}

impl Office {
    /// Compiles a source's rules.
    ///
    /// # Errors
    /// One line that names the selector or pattern that cannot be used.
    pub fn compile(source: &Source, families: &Families) -> Result<Office, String> {
        let mut shape = families.merge(&source.family, &source.shape);
        let auto = source.family == "auto";
        if shape.entry.is_none() && (auto || source.kind != Kind::List) {
            shape.entry = Some("a[href]".into());
        }
        let own = &source.shape;
        let inside = own.entry.as_deref().filter(|_| source.kind == Kind::Home);
        let inside = inside.map(Selector::parse).transpose();
        Ok(Office {
            list: ListRules::compile(&shape)?.with_hosts(&source.hosts),
            article: ArticleRules::compile(&shape)?,
            families: auto.then(|| families.clone()),
            own_rows: own.entry.is_some() || own.rows.is_some(),
            inside: inside.map_err(|_| "entry is no CSS selector".to_string())?,
            hosts: hosts(source),
            revision: checksum(&format!("{shape:?}")),
            shape,
            source: source.clone(),
        })
    }

    /// Changes whenever the shape does: what was read by another shape is read again.
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// Whether lists and articles are JSON answers rather than pages.
    pub fn speaks_json(&self) -> bool {
        self.list.speaks_json()
    }

    /// Where the data of a notice is fetched: its own address, or the interface that fills it.
    pub fn article_address(&self, url: &str) -> String {
        let Some(template) = &self.shape.article else {
            return url.to_string();
        };
        let found = self.list.key.as_ref().and_then(|key| key.captures(url));
        let id = found
            .as_ref()
            .and_then(|c| c.iter().skip(1).flatten().next());
        id.map_or_else(
            || url.to_string(),
            |id| template.replace("{id}", id.as_str()),
        )
    }

    /// Reads a list page, a feed or a home page.
    ///
    /// # Errors
    /// Whatever is wrong with the page, as a verdict with its reason.
    pub fn list(&self, page: &Page, today: Date) -> Result<ListPage, Fault> {
        let raw = self.decode(page, Role::List, None)?;
        let read = match self.source.kind {
            Kind::Feed => feed::read(page, &self.hosts),
            _ => self.rows(page, &raw, today),
        };
        let expect = Expect {
            asked: Some(&self.source.list),
            contract_ok: read.is_ok(),
            ..self.expect()
        };
        // A page that a judge refuses was never a list, whatever could be read from it.
        judged(judge(page, Some(&raw), Role::List, &expect), read).map(with_title_keys)
    }

    fn rows(&self, page: &Page, raw: &str, today: Date) -> Result<ListPage, Fault> {
        let rules = self.list_rules(page, raw)?;
        let parsed = match rules.speaks_json() && is_json(raw) {
            false => Some(budget::parse(raw).map_err(|f| f.at(&page.url))?),
            true => None,
        };
        let input = ListInput {
            raw,
            html: parsed.as_ref(),
            url: &page.url,
            today,
        };
        match self.source.kind {
            Kind::Home => home::read(&input, &rules, self.inside.as_ref()),
            _ => rows::read(&input, &rules),
        }
    }

    /// The rules for a list: the block's, or those of the family that an `auto` source's page turns
    /// out to be of.
    fn list_rules(&self, page: &Page, raw: &str) -> Result<Cow<'_, ListRules>, Fault> {
        if self.families.is_none() || self.own_rows {
            return Ok(Cow::Borrowed(&self.list));
        }
        let family = self.recognised(page, raw);
        let rules = family.and_then(|shape| ListRules::compile(&shape).ok());
        match (rules, self.source.kind) {
            (Some(rules), _) => Ok(Cow::Owned(rules.with_hosts(&self.source.hosts))),
            (None, Kind::Home) => Ok(Cow::Borrowed(&self.list)),
            (None, _) => {
                let detail = "no known family made this page: its block must say where the rows \
                              are; `lingzheng probe` proposes it";
                Err(Fault::new(Verdict::Layout, "family", detail).at(&page.url))
            }
        }
    }

    /// The shape of an `auto` source's page: the block over the family that made the page.
    fn recognised(&self, page: &Page, raw: &str) -> Option<Shape> {
        let families = self.families.as_ref()?;
        let name = fingerprint::detect(raw, &page.url, &page.headers)?;
        Some(families.merge(name, &self.source.shape))
    }

    /// The row that a list of this source would show for a notice: with the keys by which the
    /// list's own row will be known as the same notice.
    pub fn row(&self, page: &Page, url: &Url, title: &str, published: Option<Date>) -> Entry {
        let raw = charset::decode(&page.body, page.content_type.as_deref(), None);
        let rules = raw
            .ok()
            .and_then(|raw| self.list_rules(page, &raw.text).ok());
        let rules = rules.as_deref().unwrap_or(&self.list);
        let mut entry = Entry {
            keys: rows::keys(url, false, rules),
            url: url.to_string(),
            title: title.to_owned(),
            title_cut: false,
            published,
            external: false,
        };
        entry.keys.extend(title_key(&entry));
        entry
    }

    /// Reads a notice. `url` is its address for people, `title` what the list calls it, where
    /// the list shows it whole.
    ///
    /// # Errors
    /// As [`Office::list`].
    pub fn article(&self, page: &Page, url: &str, title: Option<&str>) -> Result<Article, Fault> {
        let asked = self.article_address(url);
        let (judgement, read) = self.look(page, url, title, Some(&asked), None)?;
        judged(judgement, read)
    }

    /// Reads a page that a person holds in hand, in a charset that the person may name. What can
    /// be read is given even where the page is doubtful, together with the doubt.
    ///
    /// # Errors
    /// Where nothing can be read.
    pub fn article_by_hand(
        &self,
        page: &Page,
        url: &str,
        charset: Option<&str>,
    ) -> Result<(Article, Option<Fault>), Fault> {
        match self.look(page, url, None, None, charset)? {
            ((_, doubt), Ok(article)) => Ok((article, doubt)),
            (judgement, read) => judged(judgement, read).map(|article| (article, None)),
        }
    }

    /// Reads a stored page, which may have been fetched from where the notice once was.
    ///
    /// # Errors
    /// As [`Office::list`].
    pub fn stored(&self, page: &Page, url: &str) -> Result<Article, Fault> {
        let (judgement, read) = self.look(page, url, None, None, None)?;
        judged(judgement, read)
    }

    /// Judges a file of a notice.
    ///
    /// # Errors
    /// Why the answer is not the file: a page in its place, a captcha, a few bytes.
    pub fn file(&self, page: &Page) -> Result<(), Fault> {
        match judge(page, None, Role::Attachment, &self.expect()) {
            (_, Some(fault)) => Err(fault),
            (_, None) => Ok(()),
        }
    }

    /// What the judge says of a page, and what could be read from it.
    fn look(
        &self,
        page: &Page,
        url: &str,
        title: Option<&str>,
        asked: Option<&str>,
        charset: Option<&str>,
    ) -> Result<(Judged, Result<Article, Fault>), Fault> {
        if let Some(fault) = wechat::temporary(&page.url) {
            return Err(fault);
        }
        let raw = self.decode(page, Role::Article, charset)?;
        let read = if feed::is_item(page) {
            feed::article(page, url, &self.article)
        } else if self.list.speaks_json() && is_json(&raw) {
            self.fragment(&raw, url)
        } else {
            self.markup(page, &raw, url)
        };
        let found = read.as_ref().ok().map(|a| a.title.as_str());
        let found = found.filter(|t| !t.is_empty());
        let expect = Expect {
            title,
            found,
            asked,
            contract_ok: read.is_ok(),
            ..self.expect()
        };
        Ok((judge(page, Some(&raw), Role::Article, &expect), read))
    }

    fn markup(&self, page: &Page, raw: &str, url: &str) -> Result<Article, Fault> {
        let html = budget::parse(raw).map_err(|f| f.at(&page.url))?;
        let auto = self
            .recognised(page, raw)
            .and_then(|shape| ArticleRules::compile(&shape).ok());
        let rules = auto.as_ref().unwrap_or(&self.article);
        let at = if self.shape.article.is_some() {
            url
        } else {
            page.url.as_str()
        };
        match wechat::is_ours(at) {
            true => wechat::read(&html, raw, at, rules),
            false => article::read(&html, raw, at, rules),
        }
    }

    /// A notice whose body came inside JSON.
    fn fragment(&self, raw: &str, url: &str) -> Result<Article, Fault> {
        let shape = self.shape.json.clone().unwrap_or_default();
        let value = json::parse(raw, url)?;
        json::check(&value, &shape)?;
        let field = |path: &Option<String>| path.as_ref().and_then(|p| json::text(&value, p));
        let missing = || Fault::new(Verdict::Layout, "no_body", "the answer has no body").at(url);
        let body = field(&shape.body).ok_or_else(missing)?;
        article::read_fragment(
            &body,
            &field(&shape.heading).unwrap_or_default(),
            field(&shape.published).as_deref(),
            field(&shape.origin).as_deref(),
            url,
            &self.article,
        )
    }

    /// Decodes; where that fails, what the status or the bytes say of the page comes first.
    fn decode(&self, page: &Page, role: Role, charset: Option<&str>) -> Result<String, Fault> {
        match charset::decode(&page.body, page.content_type.as_deref(), charset) {
            Ok(decoded) => Ok(decoded.text),
            Err(fault) => match judge(page, None, role, &self.expect()) {
                (verdict, Some(judged)) if page.status != 200 || verdict == Verdict::Transport => {
                    Err(judged)
                }
                _ => Err(fault.at(&page.url)),
            },
        }
    }

    fn expect(&self) -> Expect<'_> {
        Expect {
            signature: &self.shape.signature,
            home: self.source.home.as_deref(),
            hosts: &self.hosts,
            ..Expect::default()
        }
    }
}

/// What was read, unless the judge refuses the page. Where reading failed and the judge knows
/// nothing worse than that, the reader says it better.
fn judged<T>(judgement: Judged, read: Result<T, Fault>) -> Result<T, Fault> {
    match (judgement, read) {
        ((Verdict::Ok, _), read) => read,
        ((Verdict::Layout, _), Err(fault)) => Err(fault),
        ((Verdict::Shell, _), Err(fault)) if fault.verdict == Verdict::Shell => Err(fault),
        ((verdict, fault), _) => {
            Err(fault.unwrap_or_else(|| Fault::new(verdict, "", "not the page that was asked for")))
        }
    }
}

/// Whether an answer is a JSON document: a site that speaks JSON may answer with a page, and that
/// is a finding of its own.
fn is_json(raw: &str) -> bool {
    raw.trim_start().starts_with(['{', '['])
}

/// Gives rows the key by which a rebuilt site is known again.
fn with_title_keys(mut list: ListPage) -> ListPage {
    for entry in &mut list.entries {
        entry.keys.extend(title_key(entry));
    }
    list
}

/// The weakest key, of a row with a whole title and a date.
fn title_key(entry: &Entry) -> Option<String> {
    let date = entry.published.filter(|_| !entry.title_cut)?;
    let title: String = entry.title.split_whitespace().collect();
    Some(format!("{TITLE_KEY}{title}|{date}"))
}

/// The hosts of a source's pages: the list's, the office's, and those that its block also allows.
fn hosts(source: &Source) -> Vec<String> {
    let list = Url::parse(&source.list).ok();
    let list = list.and_then(|u| u.host_str().map(str::to_owned));
    let named = source.hosts.iter().chain(&source.http.also).cloned();
    list.into_iter()
        .chain(named)
        .map(|h| h.to_ascii_lowercase())
        .collect()
}

/// FNV-1a: stable over versions of the compiler, which the standard library's hash is not.
fn checksum(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
