//! What is still to be sent, sink by sink. A sink's place in the journal and the rows that it gives
//! change in one transaction; a row goes when its event was taken. So every event reaches a sink
//! at least once, and one dead sink holds up no other.

use super::journal::{EVENT, event_of};
use super::text::At;
use super::{Store, StoreError};
use crate::model::{Event, Timestamp};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

/// An event that a sink shall get.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// The event.
    pub event: Event,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last attempt failed; None = not tried yet.
    pub detail: Option<String>,
}

/// How a sink stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinkState {
    /// Its name in the settings.
    pub name: String,
    /// Number of the last event that it was asked about.
    pub seq: i64,
    /// Events still to be sent.
    pub waiting: u32,
    /// Events given up.
    pub dead: u32,
    /// When the oldest event still to be sent was learned; None = nothing waits.
    pub oldest: Option<Timestamp>,
    /// When it last took an event.
    pub last_done_at: Option<Timestamp>,
}

/// Most events that are looked at in one transaction.
const BATCH: u32 = 500;

impl Store {
    /// Goes through the journal from the sink's place to its end and notes the events that it
    /// wants. A sink that is not known yet starts at the end. Returns how many were noted.
    ///
    /// # Errors
    /// What the database says.
    pub fn expand(
        &mut self,
        sink: &str,
        at: Timestamp,
        mut wanted: impl FnMut(&Event) -> bool,
    ) -> Result<usize, StoreError> {
        let mut noted = 0;
        loop {
            let Store {
                conn, path, epoch, ..
            } = self;
            let mut step = || {
                let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let step = expand_some(&tx, epoch, sink, at, &mut wanted)?;
                tx.commit()?;
                Ok(step)
            };
            let (looked_at, some) = step().map_err(|e| StoreError::sql(path, e))?;
            noted += some;
            if looked_at < BATCH as usize {
                return Ok(noted);
            }
        }
    }

    /// At most `limit` events that the sink shall get now, oldest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn due(&self, sink: &str, now: Timestamp, limit: u32) -> Result<Vec<Delivery>, StoreError> {
        // No wait is longer than a day and a bit: what lies beyond was noted under a clock that was
        // ahead.
        let which =
            "(d.next_at <= ?2 OR d.next_at > strftime('%Y-%m-%dT%H:%M:%SZ', ?2, '+36 hours'))
             ORDER BY e.seq LIMIT ?3";
        self.deliveries(which, sink, now, limit)
    }

    /// At most `limit` events that the sink still shall get, now or later, oldest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn waiting(&self, sink: &str, limit: u32) -> Result<Vec<Delivery>, StoreError> {
        let which = "d.next_at IS NOT NULL AND ?2 IS NOT NULL ORDER BY e.seq LIMIT ?3";
        self.deliveries(which, sink, Timestamp::MIN, limit)
    }

    /// At most `limit` events that were given up, oldest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn dead(&self, sink: &str, limit: u32) -> Result<Vec<Delivery>, StoreError> {
        let which = "d.next_at IS NULL AND ?2 IS NOT NULL ORDER BY e.seq LIMIT ?3";
        self.deliveries(which, sink, Timestamp::MIN, limit)
    }

    fn deliveries(
        &self,
        which: &str,
        sink: &str,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.run(|c| {
            c.prepare_cached(&format!(
                "{EVENT}, d.attempts, d.detail FROM event e JOIN delivery d ON d.seq = e.seq
                 WHERE d.sink = ?1 AND {which}"
            ))?
            .query_map((sink, At(now), limit), |r| {
                Ok(Delivery {
                    event: event_of(r, &self.epoch)?,
                    attempts: r.get("attempts")?,
                    detail: r.get("detail")?,
                })
            })?
            .collect()
        })
    }

    /// The sink took the event.
    ///
    /// # Errors
    /// What the database says.
    pub fn delivered(&mut self, sink: &str, seq: i64, at: Timestamp) -> Result<(), StoreError> {
        let Store { conn, path, .. } = self;
        let mut done = || {
            let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            tx.prepare_cached("DELETE FROM delivery WHERE sink = ?1 AND seq = ?2")?
                .execute((sink, seq))?;
            tx.prepare_cached("UPDATE sink SET last_done_at = ?2 WHERE name = ?1")?
                .execute((sink, At(at)))?;
            tx.commit()
        };
        done().map_err(|e| StoreError::sql(path, e))
    }

    /// An attempt failed: the next one is at `next_at`, None = there is none.
    ///
    /// # Errors
    /// What the database says.
    pub fn put_off(
        &mut self,
        sink: &str,
        seq: i64,
        next_at: Option<Timestamp>,
        why: &str,
    ) -> Result<(), StoreError> {
        self.run(|c| {
            c.prepare_cached(
                "UPDATE delivery SET attempts = attempts + 1, next_at = ?3, detail = ?4
                 WHERE sink = ?1 AND seq = ?2",
            )?
            .execute((sink, seq, next_at.map(At), why))?;
            Ok(())
        })
    }

    /// Sends the events from `first` to `last` to the sink again, whatever became of them, if
    /// the sink wants them. Returns how many.
    ///
    /// # Errors
    /// What the database says; [`StoreError::Internal`] for a sink that was never expanded.
    pub fn replay(
        &mut self,
        sink: &str,
        first: i64,
        last: i64,
        at: Timestamp,
        mut wanted: impl FnMut(&Event) -> bool,
    ) -> Result<usize, StoreError> {
        let Store {
            conn, path, epoch, ..
        } = self;
        let mut replay = || {
            let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let events: Vec<Event> = tx
                .prepare_cached(&format!(
                    "{EVENT} FROM event e WHERE e.seq BETWEEN ?1 AND ?2 ORDER BY e.seq"
                ))?
                .query_map((first, last), |r| event_of(r, epoch))?
                .collect::<rusqlite::Result<_>>()?;
            let mut noted = 0;
            for event in events.iter().filter(|e| wanted(e)) {
                note(&tx, sink, event.id.seq, at)?;
                noted += 1;
            }
            tx.commit()?;
            Ok(noted)
        };
        replay().map_err(|e| StoreError::sql(path, e))
    }

    /// Forgets a sink and what it still should get.
    ///
    /// # Errors
    /// What the database says.
    pub fn forget_sink(&mut self, sink: &str) -> Result<(), StoreError> {
        self.run(|c| {
            c.execute("DELETE FROM sink WHERE name = ?1", [sink])?;
            Ok(())
        })
    }

    /// How every sink stands, by name.
    ///
    /// # Errors
    /// What the database says.
    pub fn sinks(&self) -> Result<Vec<SinkState>, StoreError> {
        self.run(|c| {
            c.prepare_cached(
                "SELECT s.name, s.seq, count(d.next_at), count(d.seq) - count(d.next_at),
                    min(CASE WHEN d.next_at IS NOT NULL THEN e.at END), s.last_done_at
                 FROM sink s LEFT JOIN delivery d ON d.sink = s.name
                 LEFT JOIN event e ON e.seq = d.seq
                 GROUP BY s.name ORDER BY s.name",
            )?
            .query_map([], |r| {
                Ok(SinkState {
                    name: r.get(0)?,
                    seq: r.get(1)?,
                    waiting: r.get(2)?,
                    dead: r.get(3)?,
                    oldest: r.get::<_, Option<At>>(4)?.map(|t| t.0),
                    last_done_at: r.get::<_, Option<At>>(5)?.map(|t| t.0),
                })
            })?
            .collect()
        })
    }
}

/// One batch; returns how many events were looked at and how many noted.
fn expand_some(
    c: &Connection,
    epoch: &str,
    sink: &str,
    at: Timestamp,
    wanted: &mut impl FnMut(&Event) -> bool,
) -> rusqlite::Result<(usize, usize)> {
    let place: Option<i64> = c
        .prepare_cached("SELECT seq FROM sink WHERE name = ?1")?
        .query_row([sink], |r| r.get(0))
        .optional()?;
    let Some(place) = place else {
        c.prepare_cached(
            "INSERT INTO sink (name, seq) SELECT ?1, coalesce(max(seq), 0) FROM event",
        )?
        .execute([sink])?;
        return Ok((0, 0));
    };
    let events: Vec<Event> = c
        .prepare_cached(&format!(
            "{EVENT} FROM event e WHERE e.seq > ?1 ORDER BY e.seq LIMIT ?2"
        ))?
        .query_map((place, BATCH), |r| event_of(r, epoch))?
        .collect::<rusqlite::Result<_>>()?;
    let mut noted = 0;
    for event in events.iter().filter(|e| wanted(e)) {
        note(c, sink, event.id.seq, at)?;
        noted += 1;
    }
    if let Some(last) = events.last() {
        c.prepare_cached("UPDATE sink SET seq = ?2 WHERE name = ?1")?
            .execute((sink, last.id.seq))?;
    }
    Ok((events.len(), noted))
}

fn note(c: &Connection, sink: &str, seq: i64, at: Timestamp) -> rusqlite::Result<()> {
    c.prepare_cached("INSERT OR REPLACE INTO delivery (sink, seq, next_at) VALUES (?1, ?2, ?3)")?
        .execute((sink, seq, At(at)))?;
    Ok(())
}
