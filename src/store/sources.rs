//! How each source stands, and the record of its visits.

use super::text::{At, Day, Json, Word};
use super::{Settling, Store, StoreError};
use crate::model::{Date, Fault, SourceState, Timestamp, Verdict};
use rusqlite::{Connection, OptionalExtension, Row};
use std::collections::BTreeMap;

/// One visit, as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// When it began.
    pub at: Timestamp,
    /// What the list was.
    pub verdict: Verdict,
    /// Rows of the list.
    pub rows: u32,
    /// Pages fetched, the list's included.
    pub fetched: u32,
    /// Events that it gave.
    pub changed: u32,
    /// How long it took, in milliseconds.
    pub ms: u32,
}

const STATE: &str = "SELECT source, last_visit, last_good, fault, fault_since, fault_told_at,
    baseline_done, list_etag, list_last_modified, list_digest, list_rows, not_before,
    list_dated FROM source_state";

/// What a source has given so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Activity {
    /// Day of its newest notice: its date in the list, else that of its first sight.
    pub newest: Option<Date>,
    /// When something was last told of its notices.
    pub last_change: Option<Timestamp>,
}

impl Store {
    /// What every source has given, by id; those that gave nothing are left out.
    ///
    /// # Errors
    /// What the database says.
    pub fn activity(&self) -> Result<BTreeMap<String, Activity>, StoreError> {
        self.run(|c| {
            let mut out: BTreeMap<String, Activity> = BTreeMap::new();
            let mut newest = c.prepare_cached(
                "SELECT source, max(coalesce(dated, substr(first_seen, 1, 10)))
                 FROM notice GROUP BY source",
            )?;
            let mut rows = newest.query([])?;
            while let Some(r) = rows.next()? {
                out.entry(r.get(0)?).or_default().newest = Some(r.get::<_, Day>(1)?.0);
            }
            let mut last = c.prepare_cached(
                "SELECT source, max(at) FROM event
                 WHERE notice IS NOT NULL AND change NOT IN ('reread', 'moved') GROUP BY source",
            )?;
            let mut rows = last.query([])?;
            while let Some(r) = rows.next()? {
                out.entry(r.get(0)?).or_default().last_change = Some(r.get::<_, At>(1)?.0);
            }
            Ok(out)
        })
    }

    /// How every source stands that was ever visited, by id.
    ///
    /// # Errors
    /// What the database says.
    pub fn source_states(&self) -> Result<BTreeMap<String, SourceState>, StoreError> {
        self.run(|c| {
            c.prepare_cached(STATE)?
                .query_map([], |r| Ok((r.get(0)?, state_of(r)?)))?
                .collect()
        })
    }

    /// The last visits of a source, newest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn visits(&self, source: &str, limit: u32) -> Result<Vec<Visit>, StoreError> {
        self.run(|c| {
            c.prepare_cached(
                "SELECT at, verdict, rows, fetched, changed, ms FROM visit
                 WHERE source = ?1 ORDER BY id DESC LIMIT ?2",
            )?
            .query_map((source, limit), |r| {
                Ok(Visit {
                    at: r.get::<_, At>(0)?.0,
                    verdict: r.get::<_, Word<_>>(1)?.0,
                    rows: r.get(2)?,
                    fetched: r.get(3)?,
                    changed: r.get(4)?,
                    ms: r.get(5)?,
                })
            })?
            .collect()
        })
    }
}

impl Settling<'_> {
    /// Puts the source's state in place of the one before.
    ///
    /// # Errors
    /// What the database says.
    pub fn set_source_state(&mut self, state: &SourceState) -> Result<(), StoreError> {
        self.write(|c, source| {
            c.prepare_cached(
                "INSERT OR REPLACE INTO source_state (source, last_visit, last_good, fault,
                    fault_since, fault_told_at, baseline_done, list_etag, list_last_modified,
                    list_digest, list_rows, not_before, list_dated)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )?
            .execute((
                source,
                state.last_visit.map(At),
                state.last_good.map(At),
                state.fault.as_ref().map(Json),
                state.fault_since.map(At),
                state.fault_told_at.map(At),
                state.baseline_done,
                &state.list_etag,
                &state.list_last_modified,
                &state.list_digest,
                state.list_rows,
                state.not_before.map(At),
                state.list_dated,
            ))?;
            Ok(())
        })
    }

    /// Records the visit.
    ///
    /// # Errors
    /// What the database says.
    pub fn record_visit(&mut self, visit: &Visit) -> Result<(), StoreError> {
        self.write(|c, source| {
            c.prepare_cached(
                "INSERT INTO visit (source, at, verdict, rows, fetched, changed, ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute((
                source,
                At(visit.at),
                visit.verdict.word(),
                visit.rows,
                visit.fetched,
                visit.changed,
                visit.ms,
            ))?;
            Ok(())
        })
    }
}

/// The state of one source; the default where it was never visited.
pub(super) fn state(c: &Connection, source: &str) -> rusqlite::Result<SourceState> {
    let found = c
        .prepare_cached(&format!("{STATE} WHERE source = ?1"))?
        .query_row([source], state_of)
        .optional()?;
    Ok(found.unwrap_or_default())
}

fn state_of(r: &Row<'_>) -> rusqlite::Result<SourceState> {
    let at =
        |i| -> rusqlite::Result<Option<Timestamp>> { Ok(r.get::<_, Option<At>>(i)?.map(|t| t.0)) };
    Ok(SourceState {
        last_visit: at(1)?,
        last_good: at(2)?,
        fault: r.get::<_, Option<Json<Fault>>>(3)?.map(|f| f.0),
        fault_since: at(4)?,
        fault_told_at: at(5)?,
        baseline_done: r.get(6)?,
        list_etag: r.get(7)?,
        list_last_modified: r.get(8)?,
        list_digest: r.get(9)?,
        list_rows: r.get(10)?,
        not_before: at(11)?,
        list_dated: r.get(12)?,
    })
}
