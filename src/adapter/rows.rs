//! A list page to entries.
//!
//! A page that cannot be read is an `Err`; a row that cannot be read is told in
//! [`ListPage::faults`] and the rest goes on. A selector that matches nothing is a fault, never
//! an empty list: only an explicit zero of the office itself makes a list empty.

use super::address;
use super::pattern::selector;
use super::row::{self, Draft, Row};
pub use super::rules::ListRules;
use super::rules::RowsAre;
use super::{budget, json, pager, script, unwrap};
use super::{list_dates as dates, list_title as title};
use crate::model::{Date, Entry, Fault, Page, Verdict};
use scraper::{ElementRef, Html, Selector};
use std::collections::HashMap;
use std::sync::LazyLock;
use url::Url;

/// One list page, decoded.
pub struct ListInput<'a> {
    /// The decoded text.
    pub raw: &'a str,
    /// The same text parsed; None for answers that are not HTML.
    pub html: Option<&'a Html>,
    /// Address after redirects.
    pub url: &'a str,
    /// Today in China: dates without a year, and dates to come, are judged by it.
    pub today: Date,
}

/// What a list page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPage {
    /// [`Verdict::Ok`], or [`Verdict::Empty`] where the office says itself that there is nothing.
    pub verdict: Verdict,
    /// Notices in the page's order; a notice that stands there twice comes once.
    pub entries: Vec<Entry>,
    /// Rows, or parts of the page, that could not be read.
    pub faults: Vec<Fault>,
    /// Addresses of further pages, in order.
    pub more: Vec<String>,
    /// How many rows the whole list has, where the page says so.
    pub total: Option<u32>,
    /// How many entries have a date.
    pub dated: usize,
    /// Pages of notices that the list itself brought (a feed's items), by address.
    pub carried: HashMap<String, Page>,
}

static BASE: LazyLock<Selector> = LazyLock::new(|| selector("base[href]"));
static BODY: LazyLock<Selector> = LazyLock::new(|| selector("body"));

/// Words with which lists of many makes say that they are empty; a block's own words replace them.
const EMPTY_WORDS: [&str; 4] = ["暂无信息", "暂无数据", "暂无内容", "暂无相关信息"];

/// Endings of addresses that are files, not pages.
const FILES: [&str; 17] = [
    "doc", "docx", "xls", "xlsx", "ppt", "pptx", "pdf", "wps", "et", "dps", "zip", "rar", "7z",
    "txt", "csv", "ofd", "jpg",
];

/// Rows before their addresses are resolved.
#[derive(Default)]
struct Rows {
    /// Row number (from 1) and what became of it.
    rows: Vec<(usize, Row)>,
    faults: Vec<Fault>,
}

impl Rows {
    fn select(&mut self, html: &Html, entry: &Selector, rules: &ListRules, base: &str) {
        for element in html.select(entry) {
            let place = self.rows.len() + 1;
            self.rows.push((place, row::read(element, rules, base)));
        }
    }
}

/// Reads a list page.
///
/// # Errors
/// A fault where the page as a whole is not the list that `rules` describe: no row matches, every
/// row is broken, the page is filled by script, the answer says that it failed.
pub fn read(input: &ListInput<'_>, rules: &ListRules) -> Result<ListPage, Fault> {
    page(input, rules).map_err(|f| match f.url {
        Some(_) => f,
        None => f.at(input.url),
    })
}

fn page(input: &ListInput<'_>, rules: &ListRules) -> Result<ListPage, Fault> {
    let base = input.html.and_then(|h| base_of(h, input.url));
    let base = base.as_deref().unwrap_or(input.url);
    let mut said_total = None;
    let rows = match rules.rows {
        RowsAre::Html => html_rows(input, rules, base)?,
        RowsAre::Datastore => {
            let store = unwrap::datastore(input.raw).ok_or_else(|| {
                layout(
                    "datastore",
                    "the page has no <datastore>: check the column's address",
                )
            })?;
            unwrap::same_column(&store, input.url)?;
            said_total = store.total;
            fragments(&store.records, rules, base)
        }
        RowsAre::Script => {
            let value = script::assigned(input.raw, &rules.json.rows).ok_or_else(|| {
                layout("script", format!("no script assigns `{}`", rules.json.rows))
            })?;
            let (rows, total) = json::rows(&value, rules)?;
            said_total = total;
            numbered(rows)
        }
        RowsAre::Json => {
            let value = json::parse(input.raw, input.url)?;
            json::check(&value, &rules.json)?;
            match &rules.json.html {
                None => {
                    let (rows, total) = json::rows(&value, rules)?;
                    said_total = total;
                    numbered(rows)
                }
                Some(path) => {
                    let html = json::text(&value, path).ok_or_else(|| {
                        layout("api", format!("the answer has no text at `{path}`"))
                    })?;
                    said_total = pager::total(&html);
                    inner_html(&html, rules, base)?
                }
            }
        }
    };
    finish(input, rules, base, rows, said_total)
}

fn layout(reason: &str, detail: impl Into<String>) -> Fault {
    Fault::new(Verdict::Layout, reason, detail)
}

fn numbered(drafts: Vec<Draft>) -> Rows {
    let rows = drafts.into_iter().enumerate();
    Rows {
        rows: rows.map(|(n, d)| (n + 1, Row::Draft(d))).collect(),
        faults: Vec::new(),
    }
}

/// The address that relative links lean on, where the page names another than its own (HTML
/// standard, `base` element).
pub(super) fn base_of(html: &Html, url: &str) -> Option<String> {
    let href = html.select(&BASE).next()?.value().attr("href")?;
    Some(address::join(url, href)?.into())
}

fn html_rows(input: &ListInput<'_>, rules: &ListRules, base: &str) -> Result<Rows, Fault> {
    let (Some(html), Some(entry)) = (input.html, &rules.entry) else {
        return Err(layout("not_html", "the answer is not an HTML page"));
    };
    let mut rows = Rows::default();
    rows.select(html, entry, rules, base);
    Ok(rows)
}

fn inner_html(text: &str, rules: &ListRules, base: &str) -> Result<Rows, Fault> {
    let html = budget::parse(&unwrap::in_table(text))?;
    let mut rows = Rows::default();
    if let Some(entry) = &rules.entry {
        rows.select(&html, entry, rules, base);
    }
    Ok(rows)
}

/// Records are parsed one by one, so that an unclosed tag spoils its own row only.
fn fragments(records: &[String], rules: &ListRules, base: &str) -> Rows {
    let mut rows = Rows::default();
    for (n, record) in records.iter().enumerate() {
        let html = match budget::parse(&unwrap::in_table(record)) {
            Ok(html) => html,
            Err(why) => {
                let detail = format!("row {}: {}", n + 1, why.detail);
                rows.faults.push(layout("row", detail));
                continue;
            }
        };
        let before = rows.rows.len();
        if let Some(entry) = &rules.entry {
            rows.select(&html, entry, rules, base);
        }
        if rows.rows.len() == before {
            let root = html.select(&BODY).next().unwrap_or(html.root_element());
            let mut children = root.children().filter_map(ElementRef::wrap);
            let only = match (children.next(), children.next()) {
                (Some(only), None) => only,
                _ => root,
            };
            rows.rows.push((before + 1, row::read(only, rules, base)));
        }
    }
    rows
}

fn finish(
    input: &ListInput<'_>,
    rules: &ListRules,
    base: &str,
    rows: Rows,
    said_total: Option<u32>,
) -> Result<ListPage, Fault> {
    let mut page = ListPage {
        verdict: Verdict::Ok,
        entries: Vec::new(),
        faults: rows.faults,
        more: Vec::new(),
        total: said_total.or_else(|| pager::total(input.raw)),
        dated: 0,
        carried: HashMap::new(),
    };
    let matched = rows.rows.len();
    let mut templates = 0usize;
    let mut by_key: HashMap<String, usize> = HashMap::new();
    let mut date_seen = false;
    for (place, row) in rows.rows {
        let draft = match row {
            Row::Draft(draft) => draft,
            Row::Skipped => continue,
            Row::Template => {
                templates += 1;
                continue;
            }
        };
        date_seen |= !draft.dates.is_empty();
        match entry(draft, input, rules, base) {
            Ok(Some(entry)) => keep(entry, &mut page.entries, &mut by_key),
            Ok(None) => {}
            Err(why) => page
                .faults
                .push(layout("row", format!("row {place}: {why}")).at(input.url)),
        }
    }
    if page.entries.is_empty() {
        return nothing(input, rules, page, matched, templates);
    }
    if !rules.date.is_empty() && !date_seen {
        let detail = "the date selector matches in no row: dates come from addresses only";
        page.faults.push(layout("date", detail).at(input.url));
    }
    let enough = page.entries.len() >= rules.min_rows
        || page.total.is_some_and(|t| t as usize <= page.entries.len());
    if !enough {
        let (have, want) = (page.entries.len(), rules.min_rows);
        return Err(layout(
            "few_rows",
            format!("{have} rows where at least {want} are expected"),
        ));
    }
    page.dated = page
        .entries
        .iter()
        .filter(|e| e.published.is_some())
        .count();
    page.more = pager::more(input.raw, input.url, &rules.pager);
    Ok(page)
}

/// What a page without a single entry is: empty by its own word, a shell, or out of shape.
fn nothing(
    input: &ListInput<'_>,
    rules: &ListRules,
    mut page: ListPage,
    matched: usize,
    templates: usize,
) -> Result<ListPage, Fault> {
    if let Some(endpoint) = unwrap::endpoint(input.raw, input.url) {
        let detail = "the rows are behind the address of the column's data";
        return Err(Fault::new(Verdict::Shell, "endpoint", detail).at(endpoint));
    }
    if templates > 0 || is_template_page(input.raw) {
        let detail = "the list is filled by script: the source needs the address of its data";
        return Err(Fault::new(Verdict::Shell, "template", detail));
    }
    if let Some(first) = page.faults.into_iter().next() {
        let detail = format!("none of {matched} rows can be read; {}", first.detail);
        return Err(layout("rows", detail));
    }
    page.faults = Vec::new();
    let words = |w: &str| input.raw.contains(w);
    let says_empty = match rules.empty.is_empty() {
        true => EMPTY_WORDS.into_iter().any(words),
        false => rules.empty.iter().any(|w| words(w)),
    };
    match page.total {
        Some(0) => {}
        Some(total) => {
            return Err(layout(
                "no_rows",
                format!("no row matches, yet the list counts {total}"),
            ));
        }
        None if says_empty => {}
        None => {
            let detail = "no row matches: the list has another shape than the block describes";
            return Err(layout("no_rows", detail));
        }
    }
    page.verdict = Verdict::Empty;
    Ok(page)
}

fn is_template_page(raw: &str) -> bool {
    ["ms-repeat=", "v-for=", "ng-repeat="]
        .into_iter()
        .any(|m| raw.contains(m))
}

pub(super) fn entry(
    draft: Draft,
    input: &ListInput<'_>,
    rules: &ListRules,
    base: &str,
) -> Result<Option<Entry>, String> {
    let seen = title::visible(&draft.visible);
    let Some(href) = draft.href else {
        return match title::better(title::attribute(&draft.attribute, None), seen) {
            t if t.text.is_empty() => Ok(None),
            t => Err(format!("`{}` leads to no address", t.text)),
        };
    };
    let url = address::join(base, &href).ok_or_else(|| format!("`{href}` is no address"))?;
    let in_address =
        dates::address(url.as_str()).filter(|d| Some(*d) <= input.today.tomorrow().ok());
    let near = in_address.or_else(|| dates::address_about(url.as_str()));
    let published = dates::split(&draft.dates, near, input.today).or(in_address);
    let title = title::better(title::attribute(&draft.attribute, published), seen);
    if title.text.is_empty() {
        return Err(format!("a link without a title ({url})"));
    }
    let external = is_file(&url) || !is_home(&url, input.url, &rules.hosts);
    Ok(Some(Entry {
        keys: keys(&url, external, rules),
        url: url.into(),
        title: title.text,
        title_cut: title.cut,
        published,
        external,
    }))
}

/// The family's document id first, then the canonical address. Another site's ids are not ours.
pub(super) fn keys(url: &Url, external: bool, rules: &ListRules) -> Vec<String> {
    let document = rules.key.as_ref().filter(|_| !external).and_then(|key| {
        let found = key.captures(url.as_str())?;
        let id = found.iter().skip(1).flatten().next()?;
        (!id.is_empty()).then(|| format!("doc:{}", id.as_str()))
    });
    let canonical = crate::model::canonical(url.as_str());
    document.into_iter().chain([canonical]).collect()
}

fn is_file(url: &Url) -> bool {
    let name = url.path().rsplit('/').next().unwrap_or("");
    name.rsplit_once('.')
        .is_some_and(|(_, ext)| FILES.contains(&ext.to_ascii_lowercase().as_str()))
}

fn is_home(url: &Url, list: &str, hosts: &[String]) -> bool {
    let bare = |h: &str| h.strip_prefix("www.").unwrap_or(h).to_owned();
    let Some(host) = url.host_str().map(bare) else {
        return false;
    };
    let own = Url::parse(list).ok();
    own.iter()
        .filter_map(Url::host_str)
        .chain(hosts.iter().map(String::as_str))
        .any(|h| bare(h) == host)
}

/// Adds an entry, or what it says more to its double.
pub(super) fn keep(entry: Entry, entries: &mut Vec<Entry>, by_key: &mut HashMap<String, usize>) {
    let known = entry.keys.iter().find_map(|k| by_key.get(k).copied());
    match known.and_then(|at| entries.get_mut(at)) {
        Some(double) => {
            if double.title_cut && !entry.title_cut {
                double.title = entry.title;
                double.title_cut = false;
            }
            double.published = double.published.or(entry.published);
        }
        None => {
            for key in &entry.keys {
                by_key.insert(key.clone(), entries.len());
            }
            entries.push(entry);
        }
    }
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
