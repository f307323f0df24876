//! A [`Shape`]'s words about lists, checked and compiled once.

use crate::model::Shape;
use crate::model::source::{JsonShape, Pager};
use regex::Regex;
use scraper::Selector;

/// How the rows of a list come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowsAre {
    /// In the page's own markup.
    Html,
    /// In the CDATA sections of Hanweb's `<datastore>`.
    Datastore,
    /// In a JSON answer, as objects or as HTML.
    Json,
    /// In a literal that a script of the page assigns.
    Script,
}

/// Everything that reading one list needs; made by [`ListRules::compile`].
#[derive(Debug, Clone)]
pub struct ListRules {
    pub(super) rows: RowsAre,
    pub(super) entry: Option<Selector>,
    pub(super) link: Option<Selector>,
    pub(super) link_pattern: Option<Regex>,
    pub(super) address: Option<String>,
    pub(super) title: Option<Selector>,
    pub(super) date: Vec<Selector>,
    pub(super) skip: Option<Selector>,
    pub(super) json: JsonShape,
    pub(super) key: Option<Regex>,
    pub(super) pager: Pager,
    pub(super) empty: Vec<String>,
    pub(super) min_rows: usize,
    pub(super) hosts: Vec<String>,
}

/// A selector, or one line that says which word of the block is wrong.
fn selector(word: &str, text: &str) -> Result<Selector, String> {
    Selector::parse(text).map_err(|_| {
        let hint = if text.contains(":contains(") {
            " (`:contains` is not CSS)"
        } else if text.contains('#') {
            " (an id that begins with a digit is written [id='…'])"
        } else {
            ""
        };
        format!("{word} = \"{text}\" is no CSS selector{hint}")
    })
}

fn regex(word: &str, text: &str) -> Result<Regex, String> {
    Regex::new(text).map_err(|e| {
        let why = e.to_string();
        let last = why.lines().last().unwrap_or("").trim();
        format!("{word} = \"{text}\" is no regular expression: {last}")
    })
}

fn optional<T>(
    word: &str,
    text: Option<&String>,
    make: fn(&str, &str) -> Result<T, String>,
) -> Result<Option<T>, String> {
    text.map(|t| make(word, t)).transpose()
}

impl ListRules {
    /// Checks and compiles what `shape` (family and block already merged) says about lists.
    ///
    /// # Errors
    /// One line that names the word and what is wrong with it.
    pub fn compile(shape: &Shape) -> Result<ListRules, String> {
        let rows = match shape.rows.as_deref() {
            None | Some("html") => RowsAre::Html,
            Some("datastore") => RowsAre::Datastore,
            Some("json") => RowsAre::Json,
            Some("script") => RowsAre::Script,
            Some(other) => {
                return Err(format!(
                    "rows = \"{other}\" is unknown: html, datastore, json or script"
                ));
            }
        };
        let json = shape.json.clone().unwrap_or_default();
        let html_inside = json.html.is_some();
        match rows {
            RowsAre::Html if shape.entry.is_none() => {
                return Err("entry is missing: a list of html rows needs their selector".into());
            }
            RowsAre::Json if html_inside && shape.entry.is_none() => {
                return Err("entry is missing: json.html holds rows that need a selector".into());
            }
            RowsAre::Json | RowsAre::Script if !html_inside && json.title.is_empty() => {
                return Err("json.title is missing: json rows need the path of their title".into());
            }
            RowsAre::Script if json.rows.is_empty() => {
                return Err("json.rows is missing: it begins with the script's variable".into());
            }
            _ => {}
        }
        if shape.link_pattern.is_some() && shape.address.is_none() {
            return Err("link_pattern without address: its captures build nothing".into());
        }
        if shape.date.len() > 2 {
            return Err("date has more than two selectors: one, or day and year".into());
        }
        let pager = shape.pager.clone().unwrap_or_default();
        if !pager.style.is_empty() && !Pager::STYLES.contains(&pager.style.as_str()) {
            let known = Pager::STYLES.join(", ");
            return Err(format!(
                "pager.style = \"{}\" is unknown: {known}",
                pager.style
            ));
        }
        if pager.style == "param" && !pager.address.as_ref().is_some_and(|a| a.contains("{n}")) {
            return Err("pager.style = \"param\" needs pager.address with {n}".into());
        }
        Ok(ListRules {
            rows,
            entry: optional("entry", shape.entry.as_ref(), selector)?,
            link: optional("link", shape.link.as_ref(), selector)?,
            link_pattern: optional("link_pattern", shape.link_pattern.as_ref(), regex)?,
            address: shape.address.clone(),
            title: optional("title", shape.title.as_ref(), selector)?,
            date: shape
                .date
                .iter()
                .map(|d| selector("date", d))
                .collect::<Result<_, _>>()?,
            skip: optional("skip", shape.skip.as_ref(), selector)?,
            json,
            key: optional("key", shape.key.as_ref(), regex)?,
            pager,
            empty: shape.empty.clone(),
            min_rows: shape.min_rows.unwrap_or(1),
            hosts: Vec::new(),
        })
    }

    /// Whether lists and articles are JSON answers rather than pages.
    pub(super) fn speaks_json(&self) -> bool {
        self.rows == RowsAre::Json
    }

    /// The same rules for single links: what they say of rows does not hold.
    pub(super) fn links_only(&self) -> ListRules {
        ListRules {
            link: None,
            link_pattern: None,
            address: None,
            title: None,
            date: Vec::new(),
            skip: None,
            ..self.clone()
        }
    }

    /// The same rules, knowing the office's further hosts: rows that lead there are not external.
    pub fn with_hosts(mut self, hosts: &[String]) -> ListRules {
        self.hosts = hosts.iter().map(|h| h.to_ascii_lowercase()).collect();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_word_is_named() {
        for (block, want) in [
            ("", "entry is missing"),
            ("rows = 'xml'", "rows = \"xml\" is unknown"),
            ("entry = '#212860'", "[id='…']"),
            ("entry = 'li:contains(x)'", "`:contains` is not CSS"),
            (
                "entry = 'li'\nlink = 'a['",
                "link = \"a[\" is no CSS selector",
            ),
            (
                "entry = 'li'\nkey = '('",
                "key = \"(\" is no regular expression",
            ),
            (
                "entry = 'li'\nlink_pattern = 'x'",
                "link_pattern without address",
            ),
            ("entry = 'li'\ndate = ['a', 'b', 'c']", "more than two"),
            (
                "entry = 'li'\npager = { style = 'guess' }",
                "pager.style = \"guess\"",
            ),
            (
                "entry = 'li'\npager = { style = 'param' }",
                "needs pager.address",
            ),
            ("rows = 'json'", "json.title is missing"),
            (
                "rows = 'json'\njson = { html = 'data.html' }",
                "entry is missing",
            ),
            (
                "rows = 'script'\njson = { title = 't' }",
                "json.rows is missing",
            ),
        ] {
            let shape: Shape = toml::from_str(block).unwrap();
            let said = ListRules::compile(&shape).unwrap_err();
            assert!(said.contains(want), "{block}: {said}");
            assert!(!said.contains('\n'), "{said}");
        }
    }

    #[test]
    fn numeric_and_chinese_ids_have_a_form_that_parses() {
        for entry in [
            "[id='212860'] li",
            "#信息列表 .page-content li",
            "ul:has(> li a) > li",
        ] {
            let shape = Shape {
                entry: Some(entry.into()),
                ..Shape::default()
            };
            assert!(ListRules::compile(&shape).is_ok(), "{entry}");
        }
    }
}
