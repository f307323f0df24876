//! Throwing away what is old. Never the latest version of a notice, never the three by which a page
//! that goes to and fro is known, never a version of a notice that was told, never an event.

use super::text::{At, whole};
use super::{Store, StoreError, pages};
use crate::model::Timestamp;
use crate::model::settings::Keep;
use jiff::SignedDuration;
use rusqlite::{Connection, TransactionBehavior};

/// How many were thrown away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Records of visits.
    pub visits: usize,
    /// Versions.
    pub versions: usize,
}

/// A clock that is so far ahead of the last visit is not believed.
const STALE: SignedDuration = SignedDuration::from_hours(30 * 24);

impl Store {
    /// Throws away what is older than `keep`, seen from `now`.
    ///
    /// # Errors
    /// [`StoreError::Clock`] where the last visit was more than 30 days before `now`: the clock
    /// may be wrong, and what is thrown away does not come back.
    pub fn prune(&mut self, now: Timestamp, keep: Keep) -> Result<Pruned, StoreError> {
        let last = self.run(|c| {
            c.query_row("SELECT max(at) FROM visit", [], |r| {
                r.get::<_, Option<At>>(0)
            })
        })?;
        let Some(At(last)) = last else {
            return Ok(Pruned::default());
        };
        if now.duration_since(last) > STALE {
            return Err(StoreError::Clock {
                now: whole(now).to_string(),
                last_visit: last.to_string(),
            });
        }
        let path = self.path.clone();
        let mut prune = || {
            let tx = self
                .conn
                .transaction_with_behavior(TransactionBehavior::Immediate)?;
            let pruned = Pruned {
                visits: tx.execute("DELETE FROM visit WHERE at < ?1", [ago(now, keep.visits)])?,
                versions: versions(&tx, ago(now, keep.versions))?,
            };
            tx.commit()?;
            Ok(pruned)
        };
        prune().map_err(|e| StoreError::sql(&path, e))
    }
}

fn ago(now: Timestamp, days: u16) -> At {
    let span = SignedDuration::from_hours(24 * i64::from(days));
    At(now.checked_sub(span).unwrap_or(Timestamp::MIN))
}

fn versions(c: &Connection, before: At) -> rusqlite::Result<usize> {
    let pages = c
        .prepare(
            "DELETE FROM version WHERE id IN (
                SELECT v.id FROM version v JOIN notice n ON n.id = v.notice
                JOIN version l ON l.id = n.latest
                WHERE n.told = 0 AND v.n <= l.n - 3 AND v.seen_at < ?1)
             RETURNING page",
        )?
        .query_map([before], |r| r.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    for page in &pages {
        pages::release(c, page)?;
    }
    Ok(pages.len())
}
