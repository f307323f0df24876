//! The journal: events in the order in which they were learned. Written with the change that they
//! tell, never edited; report, board, feeds and sinks are all views of it.

use super::filter::list;
use super::text::{At, Json, whole};
use super::{Settling, Store, StoreError};
use crate::model::{Change, Cursor, Event, NoticeId, Reading, Subject, Timestamp};
use rusqlite::{Connection, Params, Row};
use serde::{Deserialize, Serialize};

/// Which events. The default is all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Source ids; empty = all.
    pub sources: Vec<String>,
    /// Words of [`Change::word`]; empty = all.
    pub changes: Vec<String>,
    /// Only those at or after this moment; None = all.
    pub since: Option<Timestamp>,
}

/// What an event holds beyond its columns.
#[derive(Serialize)]
struct Body<'a> {
    change: &'a Change,
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<&'a Reading>,
}

#[derive(Deserialize)]
struct OwnedBody {
    change: Change,
    #[serde(default)]
    reading: Option<Box<Reading>>,
}

/// The columns that [`event_of`] reads, from the first on.
pub(super) const EVENT: &str = "SELECT e.seq, e.at, e.notice, e.region, e.exam, e.sitting,
    e.source, e.title, e.url, e.body";
/// The conditions of an [`EventFilter`]; parameters 1 to 3. They are asked of rows that come in the
/// journal's order (`+` keeps the indexes out of it); nothing before the first event of a moment is
/// looked at.
const PASSES: &str = "(?1 IS NULL OR +e.source IN (SELECT value FROM json_each(?1)))
    AND (?2 IS NULL OR +e.change IN (SELECT value FROM json_each(?2)))
    AND (?3 IS NULL OR +e.at >= ?3)
    AND e.seq >= CASE WHEN ?3 IS NULL THEN 0
        ELSE coalesce((SELECT min(seq) FROM event WHERE at >= ?3), 9223372036854775807) END";

impl Store {
    /// The end of the journal.
    ///
    /// # Errors
    /// What the database says.
    pub fn cursor(&self) -> Result<Cursor, StoreError> {
        let seq = self.run(|c| {
            c.prepare_cached("SELECT coalesce(max(seq), 0) FROM event")?
                .query_row([], |r| r.get(0))
        })?;
        Ok(Cursor {
            epoch: self.epoch.clone(),
            seq,
        })
    }

    /// At most `limit` events that come after the cursor, oldest first. To go on where a filter
    /// lets nothing through, take [`Store::cursor`] as it was before the call.
    ///
    /// # Errors
    /// [`StoreError::WrongEpoch`] where the cursor belongs to another journal or lies beyond the
    /// end of this one: going on from it would skip events without a word.
    pub fn events_after(
        &self,
        cursor: &Cursor,
        limit: u32,
        filter: &EventFilter,
    ) -> Result<Vec<Event>, StoreError> {
        let latest = self.cursor()?;
        if cursor.epoch != latest.epoch || cursor.seq > latest.seq {
            return Err(StoreError::WrongEpoch {
                cursor: cursor.clone(),
                latest,
            });
        }
        self.passing(filter, "e.seq > ?4 ORDER BY e.seq", cursor.seq, limit)
    }

    /// At most `limit` events that pass the filter, newest first; those before the event number
    /// `before` where one is given.
    ///
    /// # Errors
    /// What the database says.
    pub fn latest_events(
        &self,
        before: Option<i64>,
        limit: u32,
        filter: &EventFilter,
    ) -> Result<Vec<Event>, StoreError> {
        let before = before.unwrap_or(i64::MAX);
        self.passing(filter, "e.seq < ?4 ORDER BY e.seq DESC", before, limit)
    }

    /// At most `limit` events of some notices, newest first, that pass the filter.
    ///
    /// # Errors
    /// What the database says.
    pub fn latest_about(
        &self,
        notices: &[NoticeId],
        limit: u32,
        filter: &EventFilter,
    ) -> Result<Vec<Event>, StoreError> {
        let notices: Vec<i64> = notices.iter().map(|id| id.0).collect();
        let params = (
            list(&filter.sources),
            list(&filter.changes),
            filter.since.map(At),
            Json(notices),
            limit,
        );
        let which = format!(
            "WHERE {PASSES} AND +e.notice IN (SELECT value FROM json_each(?4))
             ORDER BY e.seq DESC LIMIT ?5"
        );
        self.events(&which, params)
    }

    /// All events of some changes that are rare in a journal (words of [`Change::word`]), newest
    /// first.
    ///
    /// # Errors
    /// What the database says.
    pub fn events_told(&self, changes: &[&str]) -> Result<Vec<Event>, StoreError> {
        let which = "WHERE e.change IN (SELECT value FROM json_each(?1)) ORDER BY e.seq DESC";
        self.events(which, [Json(changes)])
    }

    /// At most `limit` events at or after a moment, oldest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn events_since(&self, since: Timestamp, limit: u32) -> Result<Vec<Event>, StoreError> {
        let filter = EventFilter {
            since: Some(since),
            ..EventFilter::default()
        };
        self.passing(&filter, "e.seq > ?4 ORDER BY e.seq", 0, limit)
    }

    /// The event with this number.
    ///
    /// # Errors
    /// What the database says.
    pub fn event(&self, seq: i64) -> Result<Option<Event>, StoreError> {
        Ok(self.events("WHERE e.seq = ?1", [seq])?.pop())
    }

    /// All events of a notice, oldest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn events_of(&self, notice: NoticeId) -> Result<Vec<Event>, StoreError> {
        self.events("WHERE e.notice = ?1 ORDER BY e.seq", [notice.0])
    }

    fn passing(
        &self,
        filter: &EventFilter,
        range: &str,
        seq: i64,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        let params = (
            list(&filter.sources),
            list(&filter.changes),
            filter.since.map(At),
            seq,
            limit,
        );
        self.events(&format!("WHERE {PASSES} AND {range} LIMIT ?5"), params)
    }

    fn events(&self, which: &str, params: impl Params) -> Result<Vec<Event>, StoreError> {
        self.run(|c| {
            c.prepare_cached(&format!("{EVENT} FROM event e {which}"))?
                .query_map(params, |r| event_of(r, &self.epoch))?
                .collect()
        })
    }
}

impl Settling<'_> {
    /// Appends an event and returns it with its place in the journal. It counts once the
    /// transaction is committed.
    ///
    /// # Errors
    /// What the database says.
    // One argument for each column that the caller fills; a struct would be the event itself.
    #[allow(clippy::too_many_arguments)]
    pub fn append_event(
        &mut self,
        at: Timestamp,
        subject: Subject,
        source: &str,
        title: &str,
        url: &str,
        change: Change,
        reading: Option<Reading>,
    ) -> Result<Event, StoreError> {
        let mut event = Event {
            id: Cursor {
                epoch: self.epoch.to_owned(),
                seq: 0,
            },
            at: whole(at),
            subject,
            source: source.to_owned(),
            title: title.to_owned(),
            url: url.to_owned(),
            change,
            reading: reading.map(Box::new),
        };
        event.id.seq = self.write(|c, _| insert(c, &event))?;
        Ok(event)
    }
}

fn insert(c: &Connection, event: &Event) -> rusqlite::Result<i64> {
    let (notice, standing) = match &event.subject {
        Subject::Notice(id) => (Some(id.0), None),
        Subject::Source(_) => (None, None),
        Subject::Standing {
            region,
            exam,
            sitting,
        } => (None, Some((region, exam, sitting))),
    };
    let body = Body {
        change: &event.change,
        reading: event.reading.as_deref(),
    };
    c.prepare_cached(
        "INSERT INTO event
            (at, notice, region, exam, sitting, source, change, title, url, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .insert((
        At(event.at),
        notice,
        standing.map(|s| s.0),
        standing.map(|s| s.1),
        standing.map(|s| s.2),
        &event.source,
        event.change.word(),
        &event.title,
        &event.url,
        Json(body),
    ))
}

pub(super) fn event_of(r: &Row<'_>, epoch: &str) -> rusqlite::Result<Event> {
    let source: String = r.get(6)?;
    let subject = match (r.get(2)?, r.get(3)?) {
        (Some(notice), _) => Subject::Notice(NoticeId(notice)),
        (None, Some(region)) => Subject::Standing {
            region,
            exam: r.get(4)?,
            sitting: r.get(5)?,
        },
        (None, None) => Subject::Source(source.clone()),
    };
    let body: OwnedBody = r.get::<_, Json<_>>(9)?.0;
    Ok(Event {
        id: Cursor {
            epoch: epoch.to_owned(),
            seq: r.get(0)?,
        },
        at: r.get::<_, At>(1)?.0,
        subject,
        source,
        title: r.get(7)?,
        url: r.get(8)?,
        change: body.change,
        reading: body.reading,
    })
}
