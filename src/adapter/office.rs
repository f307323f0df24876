//! One source with its rules ready: the door through which the rest of lingzheng reads pages.

use super::article::{self, ArticleRules};
use super::family::Families;
use super::rows::{self, ListInput, ListPage, ListRules};
use super::verdict::{Expect, Role, judge};
use super::{budget, charset, fingerprint, json};
use crate::model::page::TITLE_KEY;
use crate::model::source::{Kind, Shape};
use crate::model::{Article, Date, Fault, Page, Source, Verdict};

/// A source, its shape (block over family) and its compiled rules.
#[derive(Debug)]
pub struct Office {
    /// The block.
    pub source: Source,
    shape: Shape,
    /// None where there is no list to read: a standing page, a single article.
    list: Option<ListRules>,
    article: ArticleRules,
    /// For `family = "auto"`: rules by the family that a page turns out to be of.
    families: Option<Families>,
    revision: u32,
}

impl Office {
    /// Compiles a source's rules.
    ///
    /// # Errors
    /// One line that names the selector or pattern that cannot be used.
    pub fn compile(source: &Source, families: &Families) -> Result<Office, String> {
        let mut shape = families.merge(&source.family, &source.shape);
        if source.kind == Kind::Home && shape.entry.is_none() {
            shape.entry = Some("a[href]".into());
        }
        let auto = source.family == "auto";
        Ok(Office {
            list: match ListRules::compile(&shape) {
                Ok(rules) => Some(rules.with_hosts(&source.hosts)),
                Err(_) if auto || source.kind == Kind::Page => None,
                Err(error) => return Err(error),
            },
            article: ArticleRules::compile(&shape)?,
            families: auto.then(|| families.clone()),
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
        self.shape.rows.as_deref() == Some("json")
    }

    /// Where the data of a notice is fetched: its own address, or the interface that fills it.
    pub fn article_address(&self, url: &str) -> String {
        let Some(template) = &self.shape.article else {
            return url.to_string();
        };
        let found = self
            .list
            .as_ref()
            .and_then(|list| list.key.as_ref())
            .and_then(|key| key.captures(url));
        let id = found
            .as_ref()
            .and_then(|c| c.iter().skip(1).flatten().next());
        id.map_or_else(
            || url.to_string(),
            |id| template.replace("{id}", id.as_str()),
        )
    }

    /// Reads a list page.
    ///
    /// # Errors
    /// Whatever is wrong with the page, as a verdict with its reason.
    pub fn list(&self, page: &Page, today: Date) -> Result<ListPage, Fault> {
        let raw = self.decode(page, Role::List, None)?;
        let parsed = match self.is_markup(&raw) {
            true => Some(budget::parse(&raw).map_err(|f| f.at(&page.url))?),
            false => None,
        };
        let input = ListInput {
            raw: &raw,
            html: parsed.as_ref(),
            url: &page.url,
            today,
        };
        let rules = self.list.as_ref().ok_or_else(|| {
            Fault::new(
                Verdict::Layout,
                "no_list",
                "the source's block describes no list",
            )
        })?;
        let read = rows::read(&input, rules);
        let expect = Expect {
            contract_ok: read.is_ok(),
            ..self.expect()
        };
        // A page that a judge refuses was never a list, whatever could be read from it.
        judged(judge(page, Some(&raw), Role::List, &expect), read).map(with_title_keys)
    }

    /// Reads a notice. `url` is its address for people, `title` what the list calls it, where
    /// the list shows it whole.
    ///
    /// # Errors
    /// As [`Office::list`].
    pub fn article(&self, page: &Page, url: &str, title: Option<&str>) -> Result<Article, Fault> {
        let raw = self.decode(page, Role::Article, None)?;
        let read = self.read(page, &raw, url);
        let judgement = self.judge_article(page, &raw, title, &read);
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
        let raw = self.decode(page, Role::Article, charset)?;
        let read = self.read(page, &raw, url);
        let judgement = self.judge_article(page, &raw, None, &read);
        match (judgement, read) {
            ((_, doubt), Ok(article)) => Ok((article, doubt)),
            (judgement, read) => judged(judgement, read).map(|article| (article, None)),
        }
    }

    fn read(&self, page: &Page, raw: &str, url: &str) -> Result<Article, Fault> {
        match self.is_markup(raw) {
            true => self.markup(page, raw, url),
            false => self.fragment(raw, url),
        }
    }

    fn judge_article(
        &self,
        page: &Page,
        raw: &str,
        title: Option<&str>,
        read: &Result<Article, Fault>,
    ) -> (Verdict, Option<Fault>) {
        let found = read
            .as_ref()
            .ok()
            .map(|a| a.title.as_str())
            .filter(|t| !t.is_empty());
        let expect = Expect {
            title,
            found,
            contract_ok: read.is_ok(),
            ..self.expect()
        };
        judge(page, Some(raw), Role::Article, &expect)
    }

    fn markup(&self, page: &Page, raw: &str, url: &str) -> Result<Article, Fault> {
        let html = budget::parse(raw).map_err(|f| f.at(&page.url))?;
        let auto = self.families.as_ref().and_then(|families| {
            let name = fingerprint::detect(raw, &page.url, &page.headers)?;
            ArticleRules::compile(families.shape(name)?).ok()
        });
        let rules = auto.as_ref().unwrap_or(&self.article);
        let at = if self.shape.article.is_some() {
            url
        } else {
            page.url.as_str()
        };
        article::read(&html, raw, at, rules)
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
                (_, Some(judged)) if page.status != 200 => Err(judged),
                _ => Err(fault.at(&page.url)),
            },
        }
    }

    /// Whether an answer is markup: a site that speaks JSON may answer with a page, and that is
    /// a finding of its own.
    fn is_markup(&self, raw: &str) -> bool {
        !(self.speaks_json() && raw.trim_start().starts_with(['{', '[']))
    }

    fn expect(&self) -> Expect<'_> {
        Expect {
            signature: &self.shape.signature,
            home: self.source.home.as_deref(),
            hosts: &self.source.hosts,
            ..Expect::default()
        }
    }
}

/// What was read, unless the judge refuses the page. Where reading failed and the judge knows
/// nothing worse than that, the reader says it better.
fn judged<T>(judgement: (Verdict, Option<Fault>), read: Result<T, Fault>) -> Result<T, Fault> {
    match (judgement, read) {
        ((Verdict::Ok, _), read) => read,
        ((Verdict::Layout | Verdict::Shell, _), Err(fault)) => Err(fault),
        ((verdict, fault), _) => {
            Err(fault.unwrap_or_else(|| Fault::new(verdict, "", "not the page that was asked for")))
        }
    }
}

/// Gives rows with a whole title and a date the key by which a rebuilt site is known again.
fn with_title_keys(mut list: ListPage) -> ListPage {
    for entry in list.entries.iter_mut().filter(|e| !e.title_cut) {
        if let Some(date) = entry.published {
            let title: String = entry.title.split_whitespace().collect();
            entry.keys.push(format!("{TITLE_KEY}{title}|{date}"));
        }
    }
    list
}

/// FNV-1a: stable over versions of the compiler, which the standard library's hash is not.
fn checksum(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
