//! A table of rules: a row is a name, a pattern over folded text, and what it makes.

use regex::{Match, Regex};

/// One rule. `make` is what a match means; what the match's words are is the reader's business.
pub(super) struct Row<T: 'static> {
    /// Stable name, shown with the evidence.
    pub name: &'static str,
    /// Regular expression over folded text.
    pub pattern: &'static str,
    /// What a match means.
    pub make: T,
}

/// Most matches of one rule that are looked at: no notice says a thing more often, and a page that
/// repeats it a million times is read in linear time.
pub(super) const MOST: usize = 64;

/// Compiled rows, in the order of the table.
pub(super) struct Rules<T: 'static> {
    rows: Vec<(Regex, &'static Row<T>)>,
}

impl<T> Rules<T> {
    /// Compiles a table.
    pub(super) fn new(rows: &'static [Row<T>]) -> Rules<T> {
        let rows = rows.iter().map(|r| (super::regex(r.pattern), r)).collect();
        Rules { rows }
    }

    /// Every match, row by row, [`MOST`] of each.
    pub(super) fn matches<'t>(
        &self,
        text: &'t str,
    ) -> impl Iterator<Item = (&'static Row<T>, Match<'t>)> {
        self.rows
            .iter()
            .flat_map(move |(regex, row)| regex.find_iter(text).take(MOST).map(move |m| (*row, m)))
    }

    /// The first row that matches anywhere.
    pub(super) fn first<'t>(&self, text: &'t str) -> Option<(&'static Row<T>, Match<'t>)> {
        self.rows
            .iter()
            .find_map(|(regex, row)| regex.find(text).map(|m| (*row, m)))
    }

    /// Rows with their expressions, for readers that need capture groups.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&'static Row<T>, &Regex)> {
        self.rows.iter().map(|(regex, row)| (*row, regex))
    }

    /// Names of all rules, for the corpora.
    #[cfg(test)]
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.rows.iter().map(|(_, row)| row.name)
    }
}
