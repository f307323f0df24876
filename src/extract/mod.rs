//! Text to facts: everything that knows how notices are written. Pure: the published date and
//! what is known of the source are arguments.
//!
//! A rule is a row `{ name, pattern, make }` with lines in a `.corpus` file beside it; a better
//! rule raises [`REVISION`], so that `crawl` never takes it for a change of a notice.

mod address;
mod apply;
mod attach;
mod bringer;
mod bringing;
mod calendar;
mod context;
mod corpus;
mod custody;
mod date;
mod deny;
mod doc;
mod doubt;
mod exam;
mod files;
mod fold;
#[cfg(test)]
mod hostile;
mod hours;
mod issuer;
mod kind;
mod lexicon;
mod listed;
mod mail;
mod material;
mod merge;
mod method;
mod note;
mod paper;
mod phone;
mod place;
mod proxy;
mod purpose;
mod read;
mod region;
mod rule;
mod scope;
mod serves;
mod shape;
mod sieve;
mod sitting;
mod spots;
mod table;
mod title;
mod token;
mod traditional;
mod walk;
mod way;
mod window;
mod words;

pub use doc::{Doc, Unit};
pub use fold::{Fold, fold};
pub use read::read;

use crate::model::facts::Whereabouts;
use crate::model::{Article, Date};

/// Raised with every change of a rule, a family or the text layout that changes any reading.
pub const REVISION: u32 = 2;

/// What is known before reading, from the source's block and the list.
#[derive(Debug, Clone, Default)]
pub struct Hint {
    /// Region of the source; None for an address of no known office.
    pub region: Option<Whereabouts>,
    /// Date in the list, where the page itself has none.
    pub published: Option<Date>,
    /// Names of the watched exams, longest first: a name in the text is recognised by them.
    pub exams: Vec<String>,
}

/// Compiles a pattern of ours; a pattern that does not compile is a bug that the tests find.
fn regex(pattern: &str) -> regex::Regex {
    #[allow(
        clippy::expect_used,
        reason = "patterns are constants, each compiled by a test"
    )]
    regex::Regex::new(pattern).expect("a constant pattern")
}

/// Patterns of ours in one automaton: a match tells its pattern. As in an alternation, an earlier
/// pattern is preferred.
fn regexes<P: AsRef<str>>(patterns: impl Iterator<Item = P>) -> regex_automata::meta::Regex {
    let patterns: Vec<P> = patterns.collect();
    #[allow(
        clippy::expect_used,
        reason = "patterns are constants, each compiled by a test"
    )]
    regex_automata::meta::Regex::new_many(&patterns).expect("constant patterns")
}

/// An article of plain lines, for corpora and tests.
pub fn plain(text: &str) -> Article {
    use crate::model::{Block, BlockKind, Span};
    let mut at = 0;
    let blocks = text
        .split('\n')
        .map(|line| {
            let span = Span::new(at, at + line.len());
            at = span.end + 1;
            Block {
                span,
                kind: BlockKind::Para,
            }
        })
        .collect();
    Article {
        text: text.to_string(),
        blocks,
        ..Article::default()
    }
}
