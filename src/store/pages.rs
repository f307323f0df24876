//! Raw bytes: each body once, compressed, under the SHA-256 of what it holds.

use super::text::At;
use super::{Settling, Store, StoreError};
use crate::model::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

/// Notice pages are written once and read seldom: small counts more than quick.
const LEVEL: i32 = 9;
/// Most bytes that a stored body may say to hold; far above what is ever fetched, it stops a
/// forged size from reserving the memory.
const MOST: usize = 256 * 1024 * 1024;

/// The latest raw page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPage {
    /// Address after redirects.
    pub url: String,
    /// `Content-Type` as sent.
    pub content_type: Option<String>,
    /// When these bytes came.
    pub seen_at: Timestamp,
    /// SHA-256 of the body, for [`Store::raw`].
    pub page: String,
}

impl Store {
    /// The bytes with this SHA-256 (lower-case hex); None where they are not kept.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where the bytes are no longer those that were stored.
    pub fn raw(&self, digest: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.run(|c| load(c, digest))?;
        let Some((packed, size)) = found else {
            return Ok(None);
        };
        match unpack(&packed, size, digest) {
            Some(bytes) => Ok(Some(bytes)),
            None => Err(StoreError::damaged(
                &self.path,
                format!("page {digest} is not what was stored"),
            )),
        }
    }

    /// The latest raw pages of a source's list.
    ///
    /// # Errors
    /// What the database says.
    pub fn list_pages(&self, source: &str) -> Result<Vec<ListPage>, StoreError> {
        self.run(|c| {
            c.prepare_cached(
                "SELECT url, content_type, seen_at, page FROM list_page
                 WHERE source = ?1 ORDER BY url",
            )?
            .query_map([source], |r| {
                Ok(ListPage {
                    url: r.get(0)?,
                    content_type: r.get(1)?,
                    seen_at: r.get::<_, At>(2)?.0,
                    page: r.get(3)?,
                })
            })?
            .collect()
        })
    }
}

impl Settling<'_> {
    /// Keeps the raw bytes of a page of the list in place of those kept before. The same bytes
    /// change nothing. Returns their SHA-256.
    ///
    /// # Errors
    /// What the database says.
    pub fn keep_list_page(
        &mut self,
        url: &str,
        content_type: Option<&str>,
        body: &[u8],
        at: Timestamp,
    ) -> Result<String, StoreError> {
        self.write(|c, source| {
            let old: Option<String> = c
                .prepare_cached("SELECT page FROM list_page WHERE source = ?1 AND url = ?2")?
                .query_row((source, url), |r| r.get(0))
                .optional()?;
            let page = digest(body);
            if old.as_ref() == Some(&page) {
                return Ok(page);
            }
            keep(c, &page, body)?;
            c.prepare_cached(
                "INSERT OR REPLACE INTO list_page (source, url, content_type, seen_at, page)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((source, url, content_type, At(at), &page))?;
            if let Some(old) = old {
                release(c, &old)?;
            }
            Ok(page)
        })
    }
}

/// SHA-256 as lower-case hex.
pub(super) fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// Stores bytes under their digest; bytes that are there already are not stored again.
pub(super) fn keep(c: &Connection, digest: &str, body: &[u8]) -> rusqlite::Result<()> {
    let there: bool = c
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM blob WHERE digest = ?1)")?
        .query_row([digest], |r| r.get(0))?;
    if there {
        return Ok(());
    }
    let packed = zstd::bulk::compress(body, LEVEL)
        .map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    let size = i64::try_from(body.len()).unwrap_or(i64::MAX);
    c.prepare_cached("INSERT INTO blob (digest, size, zstd) VALUES (?1, ?2, ?3)")?
        .execute((digest, size, packed))?;
    Ok(())
}

/// Removes bytes that nothing uses any more.
pub(super) fn release(c: &Connection, digest: &str) -> rusqlite::Result<()> {
    c.prepare_cached(
        "DELETE FROM blob WHERE digest = ?1
         AND NOT EXISTS (SELECT 1 FROM version WHERE page = ?1)
         AND NOT EXISTS (SELECT 1 FROM list_page WHERE page = ?1)",
    )?
    .execute([digest])?;
    Ok(())
}

fn load(c: &Connection, digest: &str) -> rusqlite::Result<Option<(Vec<u8>, usize)>> {
    c.prepare_cached("SELECT zstd, size FROM blob WHERE digest = ?1")?
        .query_row([digest], |r| {
            let size: i64 = r.get(1)?;
            Ok((r.get(0)?, usize::try_from(size).unwrap_or(usize::MAX)))
        })
        .optional()
}

/// None where the bytes are not those that the digest names.
pub(super) fn unpack(packed: &[u8], size: usize, want: &str) -> Option<Vec<u8>> {
    if size > MOST {
        return None;
    }
    let bytes = zstd::bulk::decompress(packed, size).ok()?;
    (digest(&bytes) == want).then_some(bytes)
}
