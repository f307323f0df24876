//! The files of notices: what they were when last looked at. The bytes are not kept.

use super::text::At;
use super::{Settling, Store, StoreError};
use crate::model::{NoticeId, Timestamp};

/// A file of a notice, as last fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAttachment {
    /// Its identity within the notice: its address in one spelling.
    pub href: String,
    /// Absolute address.
    pub url: String,
    /// Its name.
    pub name: String,
    /// Validator (`ETag`).
    pub etag: Option<String>,
    /// Validator (`Last-Modified`).
    pub last_modified: Option<String>,
    /// SHA-256 of the file; None = never downloaded.
    pub digest: Option<String>,
    /// Its size in bytes; None = not known.
    pub size: Option<u64>,
    /// When it was last seen.
    pub seen_at: Timestamp,
}

impl Store {
    /// The files of a notice.
    ///
    /// # Errors
    /// What the database says.
    pub fn attachments(&self, notice: NoticeId) -> Result<Vec<KeptAttachment>, StoreError> {
        self.run(|c| {
            c.prepare_cached(
                "SELECT href, url, name, etag, last_modified, digest, size, seen_at
                 FROM attachment WHERE notice = ?1 ORDER BY href",
            )?
            .query_map([notice.0], |r| {
                Ok(KeptAttachment {
                    href: r.get(0)?,
                    url: r.get(1)?,
                    name: r.get(2)?,
                    etag: r.get(3)?,
                    last_modified: r.get(4)?,
                    digest: r.get(5)?,
                    size: r
                        .get::<_, Option<i64>>(6)?
                        .and_then(|n| u64::try_from(n).ok()),
                    seen_at: r.get::<_, At>(7)?.0,
                })
            })?
            .collect()
        })
    }
}

impl Settling<'_> {
    /// Keeps what is known of a file of the notice, in place of what was known of that `href`.
    ///
    /// # Errors
    /// What the database says.
    pub fn keep_attachment(
        &mut self,
        notice: NoticeId,
        file: &KeptAttachment,
    ) -> Result<(), StoreError> {
        self.write(|c, _| {
            c.prepare_cached(
                "INSERT OR REPLACE INTO attachment
                    (notice, href, url, name, etag, last_modified, digest, size, seen_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute((
                notice.0,
                &file.href,
                &file.url,
                &file.name,
                &file.etag,
                &file.last_modified,
                &file.digest,
                file.size.map(|n| i64::try_from(n).unwrap_or(i64::MAX)),
                At(file.seen_at),
            ))?;
            Ok(())
        })
    }
}
