//! Settling a visit: everything that a visit of one source changes, in one transaction. Dropped
//! without [`Settling::commit`], it never was.

use super::notices;
use super::text::{At, Day, Json};
use super::{StoreError, pages, search};
use crate::model::{Entry, NoticeId, Reading, Timestamp};
use rusqlite::{Connection, Transaction};
use std::path::Path;

/// An open transaction over one source. Its other methods stand with what they write: `journal`
/// (events), `sources` (state, visits), `pages` (lists), `hosts`.
pub struct Settling<'a> {
    pub(super) tx: Transaction<'a>,
    pub(super) path: &'a Path,
    pub(super) epoch: &'a str,
    pub(super) source: String,
}

/// A new state of a notice's page.
#[derive(Debug, Clone, Copy)]
pub struct NewVersion<'a> {
    /// When it was seen.
    pub seen_at: Timestamp,
    /// Address after redirects.
    pub url: &'a str,
    /// `Content-Type` as sent.
    pub content_type: Option<&'a str>,
    /// Fetched over plain http.
    pub plain_http: bool,
    /// The raw body.
    pub body: &'a [u8],
    /// Digest of the article that was read from it.
    pub article_digest: &'a str,
    /// The article's text, for the full-text index.
    pub text: &'a str,
    /// The facts, with the ids of their windows.
    pub reading: &'a Reading,
    /// Revision of the rules that made them.
    pub revision: u32,
}

/// What a server gave to ask "has it changed?" with (RFC 9110 §8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

impl Settling<'_> {
    /// Makes all of it true.
    ///
    /// # Errors
    /// What the disk says; then nothing of it is.
    pub fn commit(self) -> Result<(), StoreError> {
        self.tx.commit().map_err(|e| StoreError::sql(self.path, e))
    }

    /// Runs statements and gives their errors the database's name.
    pub(super) fn write<T>(
        &mut self,
        f: impl FnOnce(&Connection, &str) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        f(&self.tx, &self.source).map_err(|e| StoreError::sql(self.path, e))
    }

    /// Stores a notice not seen before, with its keys.
    ///
    /// # Errors
    /// What the database says.
    pub fn new_notice(&mut self, entry: &Entry, at: Timestamp) -> Result<NoticeId, StoreError> {
        let id = self.write(|c, source| {
            c.prepare_cached(
                "INSERT INTO notice
                    (source, url, title, published, external, first_seen, last_seen, dated)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?4)",
            )?
            .execute((
                source,
                &entry.url,
                &entry.title,
                entry.published.map(Day),
                entry.external,
                At(at),
            ))?;
            let id = c.last_insert_rowid();
            search::index(c, id, Some(&entry.title), None)?;
            Ok(NoticeId(id))
        })?;
        self.add_keys(id, &entry.keys)?;
        Ok(id)
    }

    /// Adds aliases. A key that another notice of the source has stays with that one.
    ///
    /// # Errors
    /// What the database says.
    pub fn add_keys(&mut self, notice: NoticeId, keys: &[String]) -> Result<(), StoreError> {
        self.write(|c, source| {
            let mut insert = c.prepare_cached(
                "INSERT INTO notice_key (key, source, notice) VALUES (?1, ?2, ?3)
                 ON CONFLICT (key, source) DO NOTHING",
            )?;
            for key in keys {
                insert.execute((key, source, notice.0))?;
            }
            Ok(())
        })
    }

    /// The row was seen again, as it stands now. A title that the list cuts off and a missing
    /// date do not take the place of what is known.
    ///
    /// # Errors
    /// What the database says.
    pub fn update_row(
        &mut self,
        notice: NoticeId,
        entry: &Entry,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|c, _| {
            let old = notices::title(c, notice.0)?;
            let title = match &old {
                Some(old) if entry.title_cut => old,
                _ => &entry.title,
            };
            c.prepare_cached(
                "UPDATE notice SET url = ?2, title = ?3, published = coalesce(?4, published),
                    external = ?5, last_seen = ?6,
                    dated = coalesce((SELECT json_extract(v.reading, '$.published')
                        FROM version v WHERE v.id = latest), ?4, published)
                 WHERE id = ?1",
            )?
            .execute((
                notice.0,
                &entry.url,
                title,
                entry.published.map(Day),
                entry.external,
                At(at),
            ))?;
            if old.as_ref() != Some(title) {
                search::index(c, notice.0, Some(title), None)?;
            }
            Ok(())
        })
    }

    /// Stores a new state of the notice's page, which becomes the latest. Returns its number.
    ///
    /// # Errors
    /// What the database says.
    pub fn add_version(
        &mut self,
        notice: NoticeId,
        version: &NewVersion<'_>,
    ) -> Result<u32, StoreError> {
        self.write(|c, _| {
            let page = pages::digest(version.body);
            pages::keep(c, &page, version.body)?;
            let (id, n): (i64, u32) = c
                .prepare_cached(
                    "INSERT INTO version (notice, n, seen_at, url, content_type, plain_http, page,
                        article_digest, reading, revision)
                     SELECT ?1, 1 + coalesce(max(n), 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
                     FROM version WHERE notice = ?1
                     RETURNING id, n",
                )?
                .query_row(
                    (
                        notice.0,
                        At(version.seen_at),
                        version.url,
                        version.content_type,
                        version.plain_http,
                        &page,
                        version.article_digest,
                        Json(version.reading),
                        version.revision,
                    ),
                    |r| Ok((r.get(0)?, r.get(1)?)),
                )?;
            c.prepare_cached("UPDATE notice SET latest = ?2 WHERE id = ?1")?
                .execute((notice.0, id))?;
            read(c, notice, version.reading)?;
            search::index(c, notice.0, None, Some(version.text))?;
            Ok(n)
        })
    }

    /// The latest version, read again by newer rules: the page is the same, the facts are not.
    /// Does nothing where no version is stored.
    ///
    /// # Errors
    /// What the database says.
    pub fn set_reading(
        &mut self,
        notice: NoticeId,
        reading: &Reading,
        revision: u32,
        article_digest: &str,
        text: &str,
    ) -> Result<(), StoreError> {
        self.write(|c, _| {
            let updated = c
                .prepare_cached(
                    "UPDATE version SET reading = ?2, revision = ?3, article_digest = ?4
                     WHERE id = (SELECT latest FROM notice WHERE id = ?1)",
                )?
                .execute((notice.0, Json(reading), revision, article_digest))?;
            if updated > 0 {
                read(c, notice, reading)?;
                search::index(c, notice.0, None, Some(text))?;
            }
            Ok(())
        })
    }

    /// The notice's page answered, with these validators (those before are forgotten).
    ///
    /// # Errors
    /// What the database says.
    pub fn mark_fetched(
        &mut self,
        notice: NoticeId,
        validators: &Validators,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|c, _| {
            c.prepare_cached(
                "UPDATE notice SET last_fetched = ?2, etag = ?3, last_modified = ?4 WHERE id = ?1",
            )?
            .execute((
                notice.0,
                At(at),
                &validators.etag,
                &validators.last_modified,
            ))?;
            Ok(())
        })
    }

    /// In how many runs in a row its own address answered "not there"; 0 = it answers.
    ///
    /// # Errors
    /// What the database says.
    pub fn set_gone_suspect(&mut self, notice: NoticeId, runs: u32) -> Result<(), StoreError> {
        self.set(notice, "gone_suspect", runs)
    }

    /// Whether the notice is believed gone.
    ///
    /// # Errors
    /// What the database says.
    pub fn set_gone(&mut self, notice: NoticeId, gone: bool) -> Result<(), StoreError> {
        self.set(notice, "gone", gone)
    }

    /// Until when changes of the notice are kept quiet; None = they are not.
    ///
    /// # Errors
    /// What the database says.
    pub fn set_unsteady(
        &mut self,
        notice: NoticeId,
        until: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.set(notice, "unsteady_until", until.map(At))
    }

    /// Something about the notice is told: its versions are kept for ever.
    ///
    /// # Errors
    /// What the database says.
    pub fn set_told(&mut self, notice: NoticeId) -> Result<(), StoreError> {
        self.set(notice, "told", true)
    }

    /// A person entered the notice.
    ///
    /// # Errors
    /// What the database says.
    pub fn set_by_hand(&mut self, notice: NoticeId) -> Result<(), StoreError> {
        self.set(notice, "by_hand", true)
    }

    /// `column` is one of our own names, never input.
    fn set(
        &mut self,
        notice: NoticeId,
        column: &'static str,
        value: impl rusqlite::ToSql,
    ) -> Result<(), StoreError> {
        self.write(|c, _| {
            c.prepare_cached(&format!("UPDATE notice SET {column} = ?2 WHERE id = ?1"))?
                .execute((notice.0, value))?;
            Ok(())
        })
    }

    /// A fresh id for a window of the notice: `12-w1`, `12-w2`, … None is given twice.
    ///
    /// # Errors
    /// What the database says.
    pub fn next_window_id(&mut self, notice: NoticeId) -> Result<String, StoreError> {
        self.write(|c, _| {
            let n: i64 = c
                .prepare_cached(
                    "UPDATE notice SET next_window = next_window + 1 WHERE id = ?1
                     RETURNING next_window - 1",
                )?
                .query_row([notice.0], |r| r.get(0))?;
            Ok(format!("{notice}-w{n}"))
        })
    }
}

/// What a notice keeps of its latest reading beside it, for the indexes.
fn read(c: &Connection, notice: NoticeId, reading: &Reading) -> rusqlite::Result<()> {
    let facts = &reading.facts;
    c.prepare_cached(
        "UPDATE notice SET kind = ?2, exams = ?3, dated = coalesce(?4, published) WHERE id = ?1",
    )?
    .execute((
        notice.0,
        facts.kind.word(),
        Json(&facts.exams),
        facts.published.map(Day),
    ))?;
    Ok(())
}
