//! Families: what the sites of one CMS have in common, as data in `families.toml`.

use crate::model::Shape;
use crate::model::source::{JsonShape, Pager};
use serde::Deserialize;

/// Version of the file that this code reads.
const FORMAT: u32 = 1;

const BUILTIN: &str = include_str!("families.toml");

/// One family as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Family {
    pub name: String,
    /// What it is and where it was seen; for readers of the file.
    #[serde(rename = "about")]
    _about: String,
    /// Regular expressions over addresses that only this family has.
    #[serde(default)]
    pub url: Vec<String>,
    /// Regular expressions over raw pages that only this family has.
    #[serde(default)]
    pub fingerprint: Vec<String>,
    /// Weaker ones, asked where no family is certain.
    #[serde(default)]
    pub weak: Vec<String>,
    /// `name: value` parts of headers, lower case.
    #[serde(default)]
    pub headers: Vec<String>,
    #[serde(default)]
    pub shape: Shape,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    family: Vec<Family>,
}

/// All families, in the order in which they are recognised.
#[derive(Debug, Clone, Default)]
pub struct Families {
    pub(super) list: Vec<Family>,
}

impl Families {
    /// The families that the program carries. A test holds that the file parses and that every
    /// shape in it compiles.
    pub fn builtin() -> Families {
        Families::parse(BUILTIN).unwrap_or_default()
    }

    /// Families from the text of such a file.
    ///
    /// # Errors
    /// One line where the text is not TOML, has an unknown word, or another `format`.
    pub fn parse(text: &str) -> Result<Families, String> {
        let file: File = toml::from_str(text).map_err(|e| e.message().to_owned())?;
        if file.format != FORMAT {
            return Err(format!(
                "format = {} where this program reads {FORMAT}",
                file.format
            ));
        }
        Ok(Families { list: file.family })
    }

    /// Names, in the order of recognition.
    pub fn names(&self) -> Vec<&str> {
        self.list.iter().map(|f| f.name.as_str()).collect()
    }

    /// What a family describes; None where there is no such family.
    pub fn shape(&self, name: &str) -> Option<&Shape> {
        self.list.iter().find(|f| f.name == name).map(|f| &f.shape)
    }

    /// The block's shape laid over the family's: field by field, the block's word wins. An unknown
    /// name (`auto`, `own`) adds nothing.
    pub fn merge(&self, name: &str, block: &Shape) -> Shape {
        match self.shape(name) {
            Some(family) => over(block, family),
            None => block.clone(),
        }
    }
}

fn opt<T: Clone>(block: &Option<T>, family: &Option<T>) -> Option<T> {
    block.clone().or_else(|| family.clone())
}

fn list(block: &[String], family: &[String]) -> Vec<String> {
    if block.is_empty() {
        family.to_vec()
    } else {
        block.to_vec()
    }
}

fn text(block: &str, family: &str) -> String {
    if block.is_empty() {
        family.to_owned()
    } else {
        block.to_owned()
    }
}

// Every field is named, so that a new one cannot be forgotten.
fn over(block: &Shape, family: &Shape) -> Shape {
    let Shape {
        rows,
        entry,
        link,
        link_pattern,
        address,
        title,
        date,
        skip,
        json,
        key,
        pager,
        body,
        between,
        heading,
        published,
        origin,
        drop,
        article,
        signature,
        empty,
        min_rows,
    } = family;
    Shape {
        rows: opt(&block.rows, rows),
        entry: opt(&block.entry, entry),
        link: opt(&block.link, link),
        link_pattern: opt(&block.link_pattern, link_pattern),
        address: opt(&block.address, address),
        title: opt(&block.title, title),
        date: list(&block.date, date),
        skip: opt(&block.skip, skip),
        json: match (&block.json, json) {
            (Some(b), Some(f)) => Some(json_over(b, f)),
            (b, f) => opt(b, f),
        },
        key: opt(&block.key, key),
        pager: match (&block.pager, pager) {
            (Some(b), Some(f)) => Some(Pager {
                style: text(&b.style, &f.style),
                address: opt(&b.address, &f.address),
                pages: b.pages.or(f.pages),
            }),
            (b, f) => opt(b, f),
        },
        body: list(&block.body, body),
        between: list(&block.between, between),
        heading: list(&block.heading, heading),
        published: list(&block.published, published),
        origin: list(&block.origin, origin),
        drop: list(&block.drop, drop),
        article: opt(&block.article, article),
        signature: list(&block.signature, signature),
        empty: list(&block.empty, empty),
        min_rows: block.min_rows.or(*min_rows),
    }
}

fn json_over(b: &JsonShape, f: &JsonShape) -> JsonShape {
    JsonShape {
        rows: text(&b.rows, &f.rows),
        title: text(&b.title, &f.title),
        link: text(&b.link, &f.link),
        date: text(&b.date, &f.date),
        ok: opt(&b.ok, &f.ok),
        ok_value: opt(&b.ok_value, &f.ok_value),
        html: opt(&b.html, &f.html),
        body: opt(&b.body, &f.body),
        heading: opt(&b.heading, &f.heading),
        published: opt(&b.published, &f.published),
        origin: opt(&b.origin, &f.origin),
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::ListRules;
    use super::*;

    #[test]
    fn the_file_parses_and_every_list_shape_compiles() {
        let families = Families::parse(BUILTIN).unwrap();
        let mut names = families.names();
        names.sort_unstable();
        names.dedup();
        assert_eq!(
            names.len(),
            families.list.len(),
            "two families share a name"
        );
        for family in &families.list {
            if family.name == "wechat" {
                continue; // articles only
            }
            if let Err(why) = ListRules::compile(&family.shape) {
                panic!("{}: {why}", family.name);
            }
        }
    }

    #[test]
    fn every_selector_of_articles_parses() {
        for f in &Families::builtin().list {
            let s = &f.shape;
            for css in s
                .body
                .iter()
                .chain(&s.heading)
                .chain(&s.published)
                .chain(&s.origin)
                .chain(&s.drop)
            {
                assert!(scraper::Selector::parse(css).is_ok(), "{}: {css}", f.name);
            }
        }
    }

    #[test]
    fn the_blocks_word_wins_field_by_field() {
        let families = Families::parse(
            "format = 1\n[[family]]\nname = 'x'\nabout = ''\n[family.shape]\nentry = 'li'\ndate = ['i']\n\
             key = '(1)'\npager = { style = 'script' }\njson = { rows = 'r', title = 't' }\nmin_rows = 3",
        )
        .unwrap();
        let block: Shape = toml::from_str(
            "entry = 'p'\npager = { pages = 2 }\njson = { title = 'name' }\nempty = ['无']",
        )
        .unwrap();
        let shape = families.merge("x", &block);
        assert_eq!(shape.entry.as_deref(), Some("p"));
        assert_eq!(shape.date, ["i"]);
        assert_eq!(shape.key.as_deref(), Some("(1)"));
        assert_eq!(shape.min_rows, Some(3));
        let pager = shape.pager.unwrap();
        assert_eq!((pager.style.as_str(), pager.pages), ("script", Some(2)));
        let json = shape.json.unwrap();
        assert_eq!((json.rows.as_str(), json.title.as_str()), ("r", "name"));
        assert_eq!(families.merge("auto", &block), block);
    }

    #[test]
    fn another_format_is_refused() {
        assert!(
            Families::parse("format = 2\nfamily = []")
                .unwrap_err()
                .contains("format = 2")
        );
        assert!(
            Families::parse("format = 1\n[[family]]\nname = 'x'\nabout = ''\nwhat = 1").is_err()
        );
    }
}
