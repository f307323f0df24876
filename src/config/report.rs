//! What is wrong with a file, told with its line, its column and a caret.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::fmt;
use std::ops::Range;

/// Most problems that are told at once; the rest is counted.
const MOST: usize = 10;

/// Characters shown before and after the place on a long line.
const AROUND: usize = 60;

/// Everything that is wrong with a file (at most ten places are told). Its `Display` is ready to
/// print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    problems: Vec<Problem>,
    further: usize,
}

impl ConfigError {
    /// The places, in the order of the files.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// An error that concerns no line of a file.
    pub(super) fn plain(file: impl Into<String>, message: impl Into<String>) -> ConfigError {
        ConfigError {
            problems: vec![Problem {
                file: file.into(),
                place: None,
                message: message.into(),
                excerpt: String::new(),
            }],
            further: 0,
        }
    }
}

/// One place that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file's name as given.
    pub file: String,
    /// Line and column, both from 1, the column in characters; None where the file as a whole is
    /// meant.
    pub place: Option<(usize, usize)>,
    /// One line.
    pub message: String,
    /// The line of the file with a caret, or empty.
    pub excerpt: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some((line, column)) = self.place {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.message)?;
        if !self.excerpt.is_empty() {
            write!(f, "\n{}", self.excerpt)?;
        }
        Ok(())
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, problem) in self.problems.iter().enumerate() {
            if n > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        if self.further > 0 {
            write!(f, "\n… and {} more", self.further)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

/// Collects problems while files are read.
pub(super) struct Report<'a> {
    files: Vec<(String, &'a str)>,
    found: Vec<Raw>,
    further: usize,
}

struct Raw {
    file: usize,
    span: Range<usize>,
    message: String,
    label: String,
}

impl<'a> Report<'a> {
    /// A report without files.
    pub(super) fn new() -> Report<'a> {
        Report {
            files: Vec::new(),
            found: Vec::new(),
            further: 0,
        }
    }

    /// Adds a file; its index is what nodes carry.
    pub(super) fn file(&mut self, name: impl Into<String>, text: &'a str) -> usize {
        self.files.push((name.into(), text));
        self.files.len() - 1
    }

    /// Whether nothing is wrong so far.
    pub(super) fn is_clean(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether further problems are only counted.
    pub(super) fn is_full(&self) -> bool {
        self.found.len() >= 10 * MOST
    }

    /// Notes a problem; `label` stands beside the caret and may be empty.
    pub(super) fn add(
        &mut self,
        file: usize,
        span: Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
    ) {
        // A file can hold more mistakes than anybody reads; those that are told are the first of
        // the file as far as it was read, and a hundred are enough to sort.
        if self.is_full() {
            self.further += 1;
            return;
        }
        self.found.push(Raw {
            file,
            span,
            message: message.into(),
            label: label.into(),
        });
    }

    /// Line number of a place, from 1.
    pub(super) fn line(&self, file: usize, at: usize) -> usize {
        let text = self.files.get(file).map_or("", |f| f.1);
        let before = text.get(..at).unwrap_or("");
        before.matches('\n').count() + 1
    }

    /// The error, where anything was noted.
    ///
    /// # Errors
    /// All that was noted.
    pub(super) fn finish(mut self) -> Result<(), ConfigError> {
        if self.found.is_empty() {
            return Ok(());
        }
        self.found.sort_by_key(|r| (r.file, r.span.start));
        let told = self.found.iter().take(MOST).map(|r| self.told(r)).collect();
        Err(ConfigError {
            problems: told,
            further: self.further + self.found.len().saturating_sub(MOST),
        })
    }

    fn told(&self, raw: &Raw) -> Problem {
        let (name, text) = self.files.get(raw.file).map_or(("", ""), |f| (&f.0, f.1));
        let start = floor(text, raw.span.start.min(text.len()));
        let before = text.get(..start).unwrap_or("");
        let line_start = before.rfind('\n').map_or(0, |n| n + 1);
        let rest = text.get(line_start..).unwrap_or("");
        let line = rest.lines().next().unwrap_or("");
        let number = before.matches('\n').count() + 1;
        let at = (start - line_start).min(line.len());
        let end =
            (raw.span.end.max(raw.span.start) - line_start.min(raw.span.start)).min(line.len());
        Problem {
            file: name.to_owned(),
            place: Some((number, line.get(..at).unwrap_or("").chars().count() + 1)),
            message: raw.message.clone(),
            excerpt: excerpt(number, &unnamed(line), at..end.max(at), &raw.label),
        }
    }
}

/// The line without the name and password of an address in it (`http://me:secret@host`): an error
/// is copied into mails and reports. Every byte keeps its place.
fn unnamed(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find("://").map(|n| n + 3) {
        let (before, address) = rest.split_at(at);
        let end = address.find(|c: char| c.is_whitespace() || "\"'".contains(c));
        let (address, after) = address.split_at(end.unwrap_or(address.len()));
        let (user, host) = address.split_at(address.rfind('@').unwrap_or(0));
        out.push_str(before);
        out.extend(user.bytes().map(|_| '*'));
        out.push_str(host);
        rest = after;
    }
    out + rest
}

/// The largest character border that is not beyond `at`.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The line with a caret under `span`; of a long line only the neighbourhood.
fn excerpt(number: usize, line: &str, span: Range<usize>, label: &str) -> String {
    let end = floor(line, span.end);
    let before = line.get(..span.start).unwrap_or("");
    let from = before
        .char_indices()
        .rev()
        .nth(AROUND - 1)
        .map_or(0, |(n, _)| n);
    let after = line.get(span.start..).unwrap_or("");
    let until = after
        .char_indices()
        .nth(2 * AROUND)
        .map_or(line.len(), |(n, _)| span.start + n);
    let shown = line.get(from..until).unwrap_or("");
    let mark = (span.start - from)..(end.clamp(span.start, until) - from);
    let mut caret = AnnotationKind::Primary.span(mark);
    if !label.is_empty() {
        caret = caret.label(label);
    }
    let snippet = Snippet::source(shown).line_start(number).annotation(caret);
    Renderer::plain().render(&[Group::with_level(Level::ERROR).element(snippet)])
}

/// A word of a file as it may be shown in a message: short, without control characters.
pub(super) fn show(word: &str) -> String {
    let mut shown: String = word.chars().take(40).filter(|c| !c.is_control()).collect();
    if word.chars().nth(40).is_some() {
        shown.push('…');
    }
    shown
}
