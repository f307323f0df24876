//! Full text. Chinese is written without spaces, and an index of three-character pieces finds no
//! word of two; so each Han character is made a token, and a word is looked for as a phrase.

use super::{Filter, Store, StoreError};
use crate::model::Notice;
use rusqlite::Connection;
use unicode_normalization::UnicodeNormalization;

impl Store {
    /// Notices whose title or text holds every one of the words (separated by white space),
    /// newest first. Full-width and half-width forms are the same; Latin case does not matter.
    ///
    /// # Errors
    /// What the database says.
    pub fn search(&self, words: &str, limit: u32) -> Result<Vec<Notice>, StoreError> {
        self.notices(&Filter {
            search: Some(words.to_owned()),
            limit,
            ..Filter::default()
        })
    }
}

/// Puts title and text into the index; None leaves what is there.
pub(super) fn index(
    c: &Connection,
    notice: i64,
    title: Option<&str>,
    text: Option<&str>,
) -> rusqlite::Result<()> {
    let (title, text) = (title.map(spaced), text.map(spaced));
    let updated = c
        .prepare_cached(
            "UPDATE search SET title = coalesce(?2, title), text = coalesce(?3, text)
             WHERE rowid = ?1",
        )?
        .execute((notice, &title, &text))?;
    if updated == 0 {
        c.prepare_cached("INSERT INTO search (rowid, title, text) VALUES (?1, ?2, ?3)")?
            .execute((notice, title.unwrap_or_default(), text.unwrap_or_default()))?;
    }
    Ok(())
}

/// The words as an FTS5 query: each word a phrase, all of them wanted. Quotes inside a word
/// separate tokens as in the text, so no word can speak the query language. None = nothing to
/// look for.
pub(super) fn query(words: &str) -> Option<String> {
    let phrases: Vec<String> = words
        .split_whitespace()
        .filter(|w| w.chars().any(char::is_alphanumeric))
        .map(|w| format!("\"{}\"", spaced(w).replace(['"', '\0'], " ")))
        .collect();
    (!phrases.is_empty()).then(|| phrases.join(" AND "))
}

/// Compatibility forms made plain, a space around every Han character.
fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.nfkc() {
        if is_han(c) {
            out.push(' ');
            out.push(c);
            out.push(' ');
        } else {
            out.push(c);
        }
    }
    out
}

/// CJK ideographs: the unified block, extensions A–H and the compatibility blocks, and 〇.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_phrases() {
        let rows = [
            ("证书", Some("\" 证  书 \"")),
            ("  证书 领取 ", Some("\" 证  书 \" AND \" 领  取 \"")),
            ("２０２６年", Some("\"2026 年 \"")),
            ("\"a\" OR b*", Some("\" a \" AND \"OR\" AND \"b*\"")),
            ("。、 -", None),
            ("", None),
        ];
        for (words, want) in rows {
            assert_eq!(query(words).as_deref(), want, "{words}");
        }
    }
}
