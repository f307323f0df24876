//! Notices for a board. Which they are is decided over columns that an index holds; only those
//! that remain are opened and parsed, so that the cost grows with what is shown.

use super::filter::DAY;
use super::notices::select;
use super::text::{Day, Json};
use super::{Store, StoreError};
use crate::model::facts::{ExamRef, NoticeKind};
use crate::model::{Date, Notice, NoticeId};
use aho_corasick::AhoCorasick;

/// Which notices may say where a region stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForBoard {
    /// Published on this day or later (first seen, where no date is known).
    pub since: Date,
    /// Kinds of the latest reading.
    pub kinds: Vec<NoticeKind>,
    /// Names of an exam: a notice that was never read counts where its title holds one.
    pub titles: Vec<String>,
    /// One that was read counts where it names no exam, or where its exams hold one of these.
    pub words: Vec<String>,
}

/// What an earlier notice says of a sitting, without its reading.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    /// The notice.
    pub id: NoticeId,
    /// Its source.
    pub source: String,
    /// Its own date.
    pub dated: Date,
    /// The exams of its reading; None = never read, see the title.
    pub exams: Option<Vec<ExamRef>>,
    /// Its title; empty where it was read.
    pub title: String,
}

impl Store {
    /// Notices that may say where a region stands, newest first, with their latest readings; those
    /// that are gone are left out.
    ///
    /// # Errors
    /// What the database says.
    pub fn for_board(&self, wanted: &ForBoard) -> Result<Vec<Notice>, StoreError> {
        let kinds: Vec<&str> = wanted.kinds.iter().map(|k| k.word()).collect();
        self.run(|c| {
            let (words, titles) = (Words::new(&wanted.words)?, Words::new(&wanted.titles)?);
            let mut ids: Vec<i64> = Vec::new();
            let mut read = c.prepare_cached(&format!(
                "SELECT n.id, n.exams FROM notice n WHERE n.exams IS NOT NULL AND {DAY} >= ?1
                 AND n.gone = 0 AND n.kind IN (SELECT value FROM json_each(?2))"
            ))?;
            let mut rows = read.query((Day(wanted.since), Json(&kinds)))?;
            while let Some(row) = rows.next()? {
                let exams = row.get_ref(1)?.as_str()?;
                if exams == "[]" || words.within(exams) {
                    ids.push(row.get(0)?);
                }
            }
            let mut unread = c.prepare_cached(&format!(
                "SELECT n.id, n.title FROM notice n WHERE n.exams IS NULL AND {DAY} >= ?1
                 AND n.gone = 0"
            ))?;
            let mut rows = unread.query([Day(wanted.since)])?;
            while let Some(row) = rows.next()? {
                if titles.within(row.get_ref(1)?.as_str()?) {
                    ids.push(row.get(0)?);
                }
            }
            by_id(c, &ids)
        })
    }

    /// Notices that tell of certificates of an exam, with a date of their own between two days (the
    /// first included, the second not): the pickup notices that were read, and the rows whose title
    /// holds one of the exam's names.
    ///
    /// # Errors
    /// What the database says.
    pub fn earlier(
        &self,
        names: &[String],
        since: Date,
        until: Date,
    ) -> Result<Vec<Earlier>, StoreError> {
        self.run(|c| {
            let names = Words::new(names)?;
            let mut out = Vec::new();
            let mut read = c.prepare_cached(&format!(
                "SELECT n.id, n.source, n.dated, n.exams FROM notice n
                 WHERE n.exams IS NOT NULL AND {DAY} >= ?1 AND {DAY} < ?2 AND n.gone = 0
                 AND n.kind = 'pickup' AND n.dated IS NOT NULL"
            ))?;
            let mut rows = read.query((Day(since), Day(until)))?;
            while let Some(row) = rows.next()? {
                if names.within(row.get_ref(3)?.as_str()?) {
                    out.push(Earlier {
                        id: NoticeId(row.get(0)?),
                        source: row.get(1)?,
                        dated: row.get::<_, Day>(2)?.0,
                        exams: Some(row.get::<_, Json<Vec<ExamRef>>>(3)?.0),
                        title: String::new(),
                    });
                }
            }
            let mut unread = c.prepare_cached(&format!(
                "SELECT n.id, n.source, n.dated, n.title FROM notice n
                 WHERE n.exams IS NULL AND {DAY} >= ?1 AND {DAY} < ?2 AND n.gone = 0
                 AND n.dated IS NOT NULL"
            ))?;
            let mut rows = unread.query((Day(since), Day(until)))?;
            while let Some(row) = rows.next()? {
                if names.within(row.get_ref(3)?.as_str()?) {
                    out.push(Earlier {
                        id: NoticeId(row.get(0)?),
                        source: row.get(1)?,
                        dated: row.get::<_, Day>(2)?.0,
                        exams: None,
                        title: row.get(3)?,
                    });
                }
            }
            Ok(out)
        })
    }

    /// Notices by their ids, newest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn notices_of(&self, ids: &[NoticeId]) -> Result<Vec<Notice>, StoreError> {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        self.run(|c| by_id(c, &ids))
    }
}

fn by_id(c: &rusqlite::Connection, ids: &[i64]) -> rusqlite::Result<Vec<Notice>> {
    // `+`: a few rows are sorted, not all of them walked in order.
    let which =
        format!("WHERE n.id IN (SELECT value FROM json_each(?1)) ORDER BY +{DAY} DESC, n.id DESC");
    select(c, &which, [Json(ids)])
}

/// Whether a text holds one of some words, asked of thousands of texts.
struct Words(AhoCorasick);

impl Words {
    fn new(words: &[String]) -> rusqlite::Result<Words> {
        let made = AhoCorasick::new(words);
        made.map(Words)
            .map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))
    }

    fn within(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}
