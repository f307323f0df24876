//! The query of an address: few names, each with its bounds; all else is a bad request.

use super::answer::Trouble;
use crate::render::Lang;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Longest value, in characters.
const LONGEST: usize = 200;

/// Names and values; of a name that comes twice the last counts.
#[derive(Debug)]
pub(super) struct Query(BTreeMap<String, String>);

impl Query {
    /// Names that this server does not know are left alone: links carry such.
    pub(super) fn new(text: Option<&str>) -> Result<Query, Trouble> {
        let pairs = url::form_urlencoded::parse(text.unwrap_or("").as_bytes());
        let own = |(k, v): (Cow<str>, Cow<str>)| (k.into_owned(), v.into_owned());
        let all: BTreeMap<String, String> = pairs.map(own).collect();
        match all.values().any(|v| v.chars().count() > LONGEST) {
            true => Err(Trouble::Bad(format!(
                "a value is longer than {LONGEST} characters"
            ))),
            false => Ok(Query(all)),
        }
    }

    /// A value; None where it is missing or empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.get(name).map(|v| v.trim());
        value.filter(|v| !v.is_empty())
    }

    /// A number within bounds; `default` where none is given.
    pub(super) fn number(
        &self,
        name: &str,
        default: u32,
        bounds: std::ops::RangeInclusive<u32>,
    ) -> Result<u32, Trouble> {
        let Some(text) = self.get(name) else {
            return Ok(default);
        };
        let number = text.parse().ok().filter(|n| bounds.contains(n));
        number.ok_or_else(|| {
            let (low, high) = bounds.into_inner();
            Trouble::Bad(format!("{name}: give a number from {low} to {high}"))
        })
    }

    /// A value of a type that reads itself.
    pub(super) fn value<T: std::str::FromStr>(
        &self,
        name: &str,
        like: &str,
    ) -> Result<Option<T>, Trouble> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        let parsed = text.parse().map(Some);
        parsed.map_err(|_| Trouble::Bad(format!("{name}: give a value like {like}")))
    }

    /// The language of the answer.
    pub(super) fn lang(&self) -> Lang {
        match self.get("lang") {
            Some("en") => Lang::En,
            _ => Lang::Zh,
        }
    }
}
