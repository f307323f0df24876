//! Marks of pages that are not what was asked for, as data in `bad_pages.toml`.

use crate::model::{Page, Verdict};
use regex::RegexSet;
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    page: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    verdict: Verdict,
    detail: String,
    #[serde(default)]
    status: Vec<u16>,
    #[serde(default)]
    headers: Vec<String>,
    #[serde(default)]
    urls: Vec<String>,
    #[serde(default)]
    markers: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    max_bytes: Option<usize>,
    #[serde(default)]
    weak: bool,
}

/// One kind of bad page.
pub(super) struct BadPage {
    pub name: String,
    pub verdict: Verdict,
    pub detail: String,
    /// Counts only where the page fails its contract.
    pub weak: bool,
    status: Vec<u16>,
    headers: Vec<String>,
    urls: RegexSet,
    markers: RegexSet,
    unless: RegexSet,
    max_bytes: Option<usize>,
}

impl BadPage {
    fn fits(&self, page: &Page, raw: &str, broken: bool) -> bool {
        if !(self.status.is_empty() || self.status.contains(&page.status))
            || self.max_bytes.is_some_and(|most| page.body.len() > most)
        {
            return false;
        }
        let status_alone =
            self.headers.is_empty() && self.urls.is_empty() && self.markers.is_empty();
        (status_alone
            || (broken && self.headers.iter().any(|h| has_header(page, h)))
            || self.urls.is_match(&page.url)
            || self.markers.is_match(raw))
            && !self.unless.is_match(raw)
    }
}

fn has_header(page: &Page, part: &str) -> bool {
    let (name, value) = part.split_once(':').unwrap_or((part, ""));
    page.headers
        .iter()
        .any(|(n, v)| n == name && v.to_ascii_lowercase().contains(value.trim()))
}

fn parse(text: &str) -> Result<Vec<BadPage>, String> {
    let file: File = toml::from_str(text).map_err(|e| e.message().to_owned())?;
    if file.format != 1 {
        return Err(format!(
            "format = {} where this program reads 1",
            file.format
        ));
    }
    let set = |list: &[String]| RegexSet::new(list).map_err(|e| e.to_string());
    file.page
        .into_iter()
        .map(|w| {
            Ok(BadPage {
                urls: set(&w.urls)?,
                markers: set(&w.markers)?,
                unless: set(&w.unless)?,
                name: w.name,
                verdict: w.verdict,
                detail: w.detail,
                weak: w.weak,
                status: w.status,
                headers: w.headers,
                max_bytes: w.max_bytes,
            })
        })
        .collect()
}

// A test holds that the file parses.
static PAGES: LazyLock<Vec<BadPage>> =
    LazyLock::new(|| parse(include_str!("bad_pages.toml")).unwrap_or_default());

/// The first kind that fits; weak kinds only where `broken`.
pub(super) fn find(page: &Page, raw: &str, broken: bool) -> Option<&'static BadPage> {
    PAGES
        .iter()
        .filter(|p| broken || !p.weak)
        .find(|p| p.fits(page, raw, broken))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_parses() {
        let pages = parse(include_str!("bad_pages.toml")).unwrap();
        assert!(pages.len() > 30);
        for p in &pages {
            assert!(!p.detail.is_empty() && !p.name.is_empty());
            let something = p.status.len() + p.headers.len() + p.urls.len() + p.markers.len();
            assert!(something > 0, "{} would fit every page", p.name);
        }
    }
}
