//! Constant expressions of the adapter, compiled. The only place where a failure would panic: every
//! one stands in the source and is exercised by a test, none comes from a file or from the web.
#![expect(
    clippy::unwrap_used,
    reason = "constants of the source, exercised by tests"
)]

use regex::Regex;
use scraper::Selector;

/// A constant regular expression.
pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap()
}

/// A constant CSS selector.
pub(super) fn selector(text: &str) -> Selector {
    Selector::parse(text).unwrap()
}
