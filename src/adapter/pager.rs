//! Further pages of a list: read from the page's own pager, or built as the block says.
//!
//! One function name of TRS has several signatures, and the first page counts as 0 or as 1. A
//! guess may be wrong, so that a caller checks with [`same_page`] that page N is not page 1.

use super::pattern::pattern;
use super::unwrap;
use crate::model::Entry;
use crate::model::source::Pager;
use regex::Regex;
use std::sync::LazyLock;
use url::Url;

/// More pages than this are never asked for in one run, whatever a block says.
const MOST: u32 = 20;

static CREATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"createPage(?:HTML)?\(\s*(['"][\w-]+['"]\s*,)?\s*(\d+)\s*,\s*(\d+)\s*,\s*['"](\w+)['"]\s*,\s*['"](s?html?)['"](?:\s*,\s*['"][\w-]*['"])?(?:\s*,\s*(\d+))?"#,
    )
});
static COUNT_PAGE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"\bcountPage\s*[=:]\s*(?:parseInt\(\s*)?['"]?(\d+)"#));
static PAGE_NAME: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"PAGE_NAME\s*[=:]\s*['"](\w+)['"]"#));
static PAGE_EXT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"PAGE_EXT\s*[=:]\s*['"](s?html?)['"]"#));
static TOTAL_PAGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"totalPage\s*:\s*(\d+)|\.pagination\(\s*['"]setPage['"]\s*,\s*1\s*,\s*(\d+)"#)
});
static LS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?s)Ls\.pagination\(.{0,300}?['"]([^'"]*/content/column/\d+\?pageIndex=)['"].{0,300}?pageCount\s*:\s*(\d+)"#,
    )
});
static DATA_TOTAL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"dataTotal\s*=\s*(?:parseInt\(\s*)?['"]?(\d+)"#));
static ASPNET: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i)href\s*=\s*["'][^"']*[?&](?:amp;)?page=(\d+)"#));
static OF_PAGES: LazyLock<Regex> = LazyLock::new(|| pattern(r"第\s*\d+\s*/\s*(\d+)\s*页"));
static PAGE_SPAN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"class=["']?(?:pageCount|all_pages)["']?[^>]*>\s*(\d+)"#));
static INDEX_LINK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"href\s*=\s*["'][^"']*?\bindex_(\d+)\.s?html?["']"#));
static PROXY: LazyLock<Regex> = LazyLock::new(|| pattern(r#"proxyUrl\s*:\s*['"]([^'"]+)['"]"#));
static PER_PAGE: LazyLock<Regex> = LazyLock::new(|| pattern(r"perPage\s*:\s*'?(\d+)"));
static COLUMN_ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"columnid\s*:\s*'?(\d+)"));
static UNIT_ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"unitid\s*:\s*'?(\d+)"));
/// Explicit counts of a whole list.
static TOTALS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"<totalrecord>\s*(\d+)",
        r"\btotalRecord\s*:\s*'?(\d+)",
        r#"\bdataTotal\s*=\s*(?:parseInt\(\s*)?['"]?(\d+)"#,
        r"\brecordCount\s*=\s*(\d+)",
        r"\btotalCount\s*=\s*'?(\d+)",
        r#"\bcount\s*=\s*\\?["'](\d+)\\?["'][^>]*\bpageNo\b"#,
        r"共\s*(\d+)\s*[条行]",
    ]
    .map(pattern)
    .into()
});

fn number(regex: &Regex, raw: &str) -> Option<u32> {
    let c = regex.captures(raw)?;
    c.iter().skip(1).flatten().next()?.as_str().parse().ok()
}

fn word<'a>(regex: &Regex, raw: &'a str) -> Option<&'a str> {
    Some(regex.captures(raw)?.get(1)?.as_str())
}

/// How many rows the page says that the whole list has; None where it says nothing.
pub fn total(raw: &str) -> Option<u32> {
    if let Some(rows) = CREATE
        .captures(raw)
        .and_then(|c| c.get(6)?.as_str().parse().ok())
    {
        return Some(rows);
    }
    TOTALS.iter().find_map(|r| number(r, raw))
}

/// What a page's own pager says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    /// Pages in all; None where only an address is known.
    pages: Option<u32>,
    /// Address with `{n}`, relative to the list.
    address: String,
    /// What stands for the second page, and how the number goes on from there.
    second: u32,
    step: i32,
}

impl Found {
    fn rising(pages: Option<u32>, address: String, second: u32) -> Found {
        Found {
            pages,
            address,
            second,
            step: 1,
        }
    }
}

/// `html`, `shtml`, … as the list's own address ends.
fn extension(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let name = path.rsplit('/').next().unwrap_or("");
    match name.rsplit_once('.') {
        Some((_, ext)) if matches!(ext, "html" | "htm" | "shtml" | "shtm") => ext,
        _ => "html",
    }
}

/// The list's address with one query parameter set.
fn with_query(url: &str, pairs: &[(&str, &str)]) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let kept: Vec<&str> = url
        .query()
        .unwrap_or("")
        .split('&')
        .filter(|p| !p.is_empty())
        .filter(|p| {
            let name = p.split('=').next().unwrap_or("");
            !pairs.iter().any(|(n, _)| name.eq_ignore_ascii_case(n))
        })
        .collect();
    let set = pairs.iter().map(|(n, v)| format!("{n}={v}"));
    let query: Vec<String> = kept.into_iter().map(str::to_owned).chain(set).collect();
    Some(format!("{}?{}", url.path(), query.join("&")))
}

fn trs(raw: &str, url: &str) -> Option<Found> {
    if let Some(c) = CREATE.captures(raw) {
        let part = |n: usize| c.get(n).map_or("", |m| m.as_str());
        let one_based = c.get(1).is_some() && part(3) == "1";
        let address = format!("{}_{{n}}.{}", part(4), part(5));
        let pages = part(2).parse().ok();
        return Some(Found::rising(pages, address, if one_based { 2 } else { 1 }));
    }
    if let Some(pages) = number(&COUNT_PAGE, raw) {
        let name = word(&PAGE_NAME, raw).unwrap_or("index");
        let ext = word(&PAGE_EXT, raw).unwrap_or_else(|| extension(url));
        return Some(Found::rising(Some(pages), format!("{name}_{{n}}.{ext}"), 1));
    }
    let pages = number(&TOTAL_PAGE, raw)?;
    let address = format!("index_{{n}}.{}", extension(url));
    Some(Found::rising(Some(pages), address, 2))
}

/// 博达: the second page has the highest number, `tzgg/17.htm` beside `tzgg.htm`.
fn counting_down(raw: &str, url: &str) -> Option<Found> {
    let name = url.split(['?', '#']).next()?.rsplit('/').next()?;
    let stem = name.strip_suffix(".htm")?;
    let links = format!(
        r#"href\s*=\s*["'](?:[^"']*/)?{}/(\d+)\.htm["']"#,
        regex::escape(stem)
    );
    let links = Regex::new(&links).ok()?;
    let highest = links
        .captures_iter(raw)
        .filter_map(|c| c.get(1)?.as_str().parse::<u32>().ok())
        .max()?;
    Some(Found {
        pages: Some(highest.saturating_add(1)),
        address: format!("{stem}/{{n}}.htm"),
        second: highest,
        step: -1,
    })
}

fn script(raw: &str, url: &str) -> Option<Found> {
    if let Some(c) = LS.captures(raw) {
        let address = format!("{}{{n}}", c.get(1)?.as_str());
        return Some(Found::rising(c.get(2)?.as_str().parse().ok(), address, 2));
    }
    if let Some(rows) = number(&DATA_TOTAL, raw) {
        // `begin` counts rows and is filled in by `build`.
        let address = with_query(url, &[("begin", "{begin}"), ("pagenum", "{n}")])?;
        return Some(Found::rising(Some(rows.div_ceil(NCMS_ROWS)), address, 2));
    }
    if let Some(found) = trs(raw, url) {
        return Some(found);
    }
    if raw.contains("AspNetPager") || OF_PAGES.is_match(raw) {
        let linked = ASPNET
            .captures_iter(raw)
            .filter_map(|c| c.get(1)?.as_str().parse().ok());
        let pages = number(&OF_PAGES, raw).max(linked.max());
        // Without such links the pager posts its form back: no address asks for page two.
        ASPNET.find(raw)?;
        let address = with_query(url, &[("page", "{n}")])?;
        return Some(Found::rising(pages, address, 2));
    }
    counting_down(raw, url)
}

/// Rows of one page on `ncms` sites (甘肃, 青海).
const NCMS_ROWS: u32 = 15;

fn build(found: &Found, url: &str, pages: u32) -> Vec<String> {
    let last = found.pages.unwrap_or(pages).min(pages);
    (2..=last)
        .map_while(|page| {
            let ahead = i64::from(found.step) * i64::from(page - 2);
            let n = u32::try_from(i64::from(found.second) + ahead).ok()?;
            (n > 0 || found.step > 0).then_some(())?;
            let address = found
                .address
                .replace("{n}", &n.to_string())
                .replace("{begin}", &((page - 1) * NCMS_ROWS).to_string());
            Some(Url::parse(url).ok()?.join(&address).ok()?.to_string())
        })
        .collect()
}

fn jpage(raw: &str, url: &str, pages: u32) -> Vec<String> {
    let join = |href: &str| Some(Url::parse(url).ok()?.join(href).ok()?.to_string());
    let store = unwrap::datastore(raw).unwrap_or_default();
    let all = total(raw).unwrap_or(u32::MAX);
    if store.records.len() >= all as usize {
        return Vec::new();
    }
    if let Some(next) = store.next {
        // The site's own word for what comes next; it counts on from there.
        let numbered = pattern_page().replace(&next, "${1}{n}").into_owned();
        let first = word(pattern_page_number(), &next).and_then(|n| n.parse().ok());
        return match first {
            Some(first) if numbered.contains("{n}") => {
                build(&Found::rising(None, numbered, first), url, pages)
            }
            _ => join(&next)
                .into_iter()
                .take(pages.saturating_sub(1) as usize)
                .collect(),
        };
    }
    let (Some(proxy), Some(rows), Some(column), Some(unit)) = (
        word(&PROXY, raw),
        number(&PER_PAGE, raw),
        word(&COLUMN_ID, raw),
        word(&UNIT_ID, raw),
    ) else {
        return Vec::new();
    };
    // One answer is a block of three pages; the column's page already holds the first block.
    let block = rows.saturating_mul(3).max(1);
    (1..pages)
        .map(|n| n.saturating_mul(block))
        .take_while(|before| *before < all)
        .filter_map(|before| {
            join(&format!(
                "{proxy}?startrecord={}&endrecord={}&perpage={rows}&col=1&appid=1&columnid={column}&unitid={unit}&permissiontype=0",
                before + 1,
                before.saturating_add(block).min(all),
            ))
        })
        .collect()
}

/// The same interface asked for its further pages; `paramJson` holds number and size.
fn jpaas(raw: &str, url: &str, pages: u32) -> Vec<String> {
    let all = total(raw).unwrap_or(u32::MAX);
    let ask = |number: u32| {
        let url = Url::parse(url).ok()?;
        let (_, param) = url.query_pairs().find(|(name, _)| name == "paramJson")?;
        let mut param: serde_json::Value = serde_json::from_str(&param).ok()?;
        let size = u32::try_from(param.get("pageSize")?.as_u64()?).ok()?;
        (size.saturating_mul(number - 1) < all).then_some(())?;
        *param.get_mut("pageNo")? = number.into();
        let param = param.to_string();
        let mut next = url.clone();
        let pairs = url.query_pairs().map(|(name, value)| match &*name {
            "paramJson" => (name, param.as_str().into()),
            _ => (name, value),
        });
        next.query_pairs_mut().clear().extend_pairs(pairs);
        Some(next.into())
    };
    (2..=pages).map_while(ask).collect()
}

fn pattern_page() -> &'static Regex {
    static PAGE: LazyLock<Regex> = LazyLock::new(|| pattern(r"([?&]page=)\d+"));
    &PAGE
}

fn pattern_page_number() -> &'static Regex {
    static PAGE: LazyLock<Regex> = LazyLock::new(|| pattern(r"[?&]page=(\d+)"));
    &PAGE
}

/// Addresses of the further pages that the block asks for (`pager.pages`, the first page
/// included), in order; never more than the page's own pager promises.
pub fn more(raw: &str, url: &str, pager: &Pager) -> Vec<String> {
    let pages = pager.pages.unwrap_or(1).min(MOST);
    if pages < 2 {
        return Vec::new();
    }
    let known = || {
        number(&PAGE_SPAN, raw).or_else(|| {
            INDEX_LINK
                .captures_iter(raw)
                .filter_map(|c| c.get(1)?.as_str().parse().ok())
                .max()
        })
    };
    let template = || {
        pager
            .address
            .clone()
            .unwrap_or_else(|| format!("index_{{n}}.{}", extension(url)))
    };
    let found = match pager.style.as_str() {
        "script" => script(raw, url),
        "index0" => Some(Found::rising(
            known().map(|n| n.saturating_add(1)),
            template(),
            1,
        )),
        "index1" => Some(Found::rising(known(), template(), 2)),
        "param" => match template().strip_prefix('?').and_then(|q| q.split_once('=')) {
            // `?page={n}` joins the list's own query.
            Some((name, value)) => {
                with_query(url, &[(name, value)]).map(|a| Found::rising(None, a, 2))
            }
            None => Some(Found::rising(None, template(), 2)),
        },
        "jpage" => return jpage(raw, url, pages),
        "jpaas" => return jpaas(raw, url, pages),
        _ => None,
    };
    found.map(|f| build(&f, url, pages)).unwrap_or_default()
}

/// The pager of a list of no known family, as its script or its links name it; None where neither
/// does.
pub fn guess(raw: &str, url: &str) -> Option<Pager> {
    let style = |style: &str, address: Option<&str>| {
        Some(Pager {
            style: style.to_owned(),
            address: address.map(str::to_owned),
            pages: None,
        })
    };
    if script(raw, url).is_some() {
        return style("script", None);
    }
    let linked = INDEX_LINK.captures_iter(raw);
    match linked.filter_map(|c| c.get(1)?.as_str().parse().ok()).min() {
        Some(1u32) => return style("index0", None),
        Some(2) => return style("index1", None),
        _ => {}
    }
    let second = ASPNET
        .captures_iter(raw)
        .any(|c| c.get(1).is_some_and(|n| n.as_str() == "2"));
    if second {
        style("param", Some("?page={n}"))
    } else {
        None
    }
}

/// Whether "page N" is the page before once more: every one of its notices was there already.
pub fn same_page(prev: &[Entry], next: &[Entry]) -> bool {
    let known: std::collections::HashSet<&str> = prev
        .iter()
        .flat_map(|e| &e.keys)
        .map(String::as_str)
        .collect();
    !next.is_empty()
        && next
            .iter()
            .all(|e| e.keys.iter().any(|k| known.contains(k.as_str())))
}

#[cfg(test)]
#[path = "pager_tests.rs"]
mod tests;
