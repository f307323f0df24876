//! What is known of a source before it is visited.

use super::notices::select;
use super::sources;
use super::text::At;
use super::{Store, StoreError};
use crate::model::{Notice, SourceState, Timestamp};
use rusqlite::Connection;
use std::collections::HashMap;

/// What `crawl` must know of a source before it visits it.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// How the source stands.
    pub state: SourceState,
    /// All its notices, by id.
    pub notices: Vec<KnownNotice>,
}

/// A notice with what is needed to recognise it.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownNotice {
    /// The notice.
    pub notice: Notice,
    /// Its aliases within the source.
    pub keys: Vec<String>,
    /// Its last three versions, newest first: a page that returns to one of them is unsteady.
    pub recent: Vec<Seen>,
}

/// Which article was seen when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Digest of the article.
    pub article_digest: String,
    /// When it was first seen.
    pub at: Timestamp,
}

impl Store {
    /// What is known of a source: its state and all its notices, with their latest versions. Three
    /// queries, however many notices there are.
    ///
    /// # Errors
    /// What the database says.
    pub fn known(&self, source: &str) -> Result<Known, StoreError> {
        self.run(|c| {
            let notices = select(c, "WHERE n.source = ?1 ORDER BY n.id", [source])?;
            let mut keys: HashMap<i64, Vec<String>> = HashMap::new();
            let mut statement = c.prepare_cached(
                "SELECT k.notice, k.key FROM notice n JOIN notice_key k ON k.notice = n.id
                 WHERE n.source = ?1 AND k.source = ?1",
            )?;
            let mut rows = statement.query([source])?;
            while let Some(r) = rows.next()? {
                keys.entry(r.get(0)?).or_default().push(r.get(1)?);
            }
            let mut recent = recent(c, source)?;
            Ok(Known {
                state: sources::state(c, source)?,
                notices: notices
                    .into_iter()
                    .map(|notice| KnownNotice {
                        keys: keys.remove(&notice.id.0).unwrap_or_default(),
                        recent: recent.remove(&notice.id.0).unwrap_or_default(),
                        notice,
                    })
                    .collect(),
            })
        })
    }
}

/// The last three versions of each notice of a source, newest first.
fn recent(c: &Connection, source: &str) -> rusqlite::Result<HashMap<i64, Vec<Seen>>> {
    let mut statement = c.prepare_cached(
        "SELECT v.notice, v.article_digest, v.seen_at FROM notice n
         JOIN version l ON l.id = n.latest
         JOIN version v ON v.notice = n.id AND v.n > l.n - 3
         WHERE n.source = ?1 ORDER BY v.n DESC",
    )?;
    let mut rows = statement.query([source])?;
    let mut recent: HashMap<i64, Vec<Seen>> = HashMap::new();
    while let Some(r) = rows.next()? {
        recent.entry(r.get(0)?).or_default().push(Seen {
            article_digest: r.get(1)?,
            at: r.get::<_, At>(2)?.0,
        });
    }
    Ok(recent)
}
