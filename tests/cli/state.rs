//! What a database holds, in a form that two runs can be compared by, and what must hold of it at
//! any moment.

use lingzheng::store::Store;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

fn rows(db: &Path, sql: &str) -> Vec<String> {
    let db = Connection::open_with_flags(db, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut statement = db.prepare(sql).unwrap();
    let rows = statement.query_map([], |r| r.get(0)).unwrap();
    rows.map(|row| row.unwrap()).collect()
}

/// Notices, their versions with facts, events, the sources' states: without the numbers, which
/// depend on the order of the visits, and without the times.
pub(crate) fn told(db: &Path) -> Vec<String> {
    let mut all = rows(
        db,
        "SELECT 'version ' || n.source || ' ' || n.url || ' ' || v.n || ' ' || v.article_digest
            || ' ' || v.reading FROM version v JOIN notice n ON n.id = v.notice
         UNION ALL
         SELECT 'notice ' || source || ' ' || url || ' ' || title || ' ' || told || gone
            FROM notice
         UNION ALL
         SELECT 'event ' || source || ' ' || url || ' ' || change || ' ' || title FROM event
         UNION ALL
         SELECT 'source ' || source || ' ' || baseline_done || ' ' || coalesce(fault, 'well')
            FROM source_state",
    );
    all.sort();
    all
}

/// Structure, journal, pages and versions are whole, and every visit is there with all that it
/// gave or not at all.
#[track_caller]
pub(crate) fn sound(db: &Path) {
    let store = Store::open_existing(db).unwrap();
    let bad: Vec<_> = store
        .doctor()
        .unwrap()
        .into_iter()
        .filter(|c| !c.ok)
        .collect();
    assert!(bad.is_empty(), "{bad:?}");
    // A visit is recorded in the transaction that wrote its events and versions.
    let torn = rows(
        db,
        "SELECT 'events of ' || source || ' at ' || at FROM (
            SELECT source, at, count(*) AS n FROM event GROUP BY source, at) e
         WHERE n <> (SELECT coalesce(sum(changed), 0) FROM visit v
                     WHERE v.source = e.source AND v.at = e.at)
         UNION ALL
         SELECT 'visit of ' || source || ' at ' || at FROM visit v
         WHERE changed > 0 AND NOT EXISTS (
            SELECT 1 FROM event e WHERE e.source = v.source AND e.at = v.at)
         UNION ALL
         SELECT 'version of ' || n.source || ' at ' || v.seen_at
            FROM version v JOIN notice n ON n.id = v.notice
         WHERE NOT EXISTS (SELECT 1 FROM visit w WHERE w.source = n.source AND w.at = v.seen_at)
         UNION ALL
         SELECT 'told without an event: ' || n.url FROM notice n JOIN source_state s USING (source)
         WHERE n.told = 1 AND n.latest IS NOT NULL
            AND n.first_seen > (SELECT min(at) FROM visit v WHERE v.source = n.source)
            AND NOT EXISTS (SELECT 1 FROM event e WHERE e.notice = n.id)",
    );
    assert!(torn.is_empty(), "{torn:?}");
}
