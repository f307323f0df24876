//! The schema: an append-only list of migrations, and a way to know a schema that is not ours.

use rusqlite::{Connection, TransactionBehavior};
use sha2::{Digest, Sha256};

/// `application_id` in the file's header (`LZng`): tells our databases from other programs'.
pub(super) const APPLICATION_ID: i64 = 0x4C5A_6E67;

/// What made the schema, in order. A released migration is never edited: a change is a new file.
/// `user_version` is how many of them a file has.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("schema/0001.sql"),
    include_str!("schema/0002.sql"),
    include_str!("schema/0003.sql"),
];

/// How many migrations there are: the newest schema that this program knows.
pub(super) fn known(migrations: &[&str]) -> i64 {
    i64::try_from(migrations.len()).unwrap_or(i64::MAX)
}

/// Which migrations the file has.
pub(super) fn version(conn: &Connection) -> rusqlite::Result<i64> {
    conn.query_row("PRAGMA user_version", [], |r| r.get(0))
}

/// Applies the missing migrations: all of them or none.
pub(super) fn migrate(conn: &mut Connection, migrations: &[&str]) -> rusqlite::Result<()> {
    if version(conn)? >= known(migrations) {
        return Ok(());
    }
    // Read again inside the transaction: another process may have migrated meanwhile.
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = usize::try_from(version(&tx)?).unwrap_or(usize::MAX);
    for step in migrations.iter().skip(done) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "user_version", known(migrations).max(version(&tx)?))?;
    tx.commit()
}

/// A digest of all tables, indexes, triggers and views. A file from elsewhere may carry triggers
/// or views that do what we never wrote; it does not get past a comparison of this.
pub(super) fn fingerprint(conn: &Connection) -> rusqlite::Result<String> {
    let mut statement = conn.prepare(
        "SELECT type || char(31) || name || char(31) || coalesce(sql, '') FROM sqlite_schema
         WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name",
    )?;
    let mut rows = statement.query([])?;
    let mut sum = Sha256::new();
    while let Some(row) = rows.next()? {
        sum.update(row.get_ref(0)?.as_bytes()?);
        sum.update([30]);
    }
    Ok(super::pages::hex(&sum.finalize()))
}

/// The fingerprint that a file with this many of our migrations has.
pub(super) fn expected_fingerprint(migrations: &[&str], version: i64) -> rusqlite::Result<String> {
    let mut model = Connection::open_in_memory()?;
    let count = usize::try_from(version).unwrap_or(0);
    migrate(&mut model, migrations.get(..count).unwrap_or(migrations))?;
    fingerprint(&model)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: [&str; 2] = [MIGRATIONS[0], "CREATE TABLE later (x INTEGER) STRICT;"];

    #[test]
    fn an_older_schema_is_brought_forward_and_keeps_its_rows() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn, &TWO[..1]).unwrap();
        conn.execute("INSERT INTO robots VALUES ('a', 'b', NULL)", [])
            .unwrap();
        migrate(&mut conn, &TWO).unwrap();
        assert_eq!(version(&conn).unwrap(), 2);
        let rows: i64 = conn
            .query_row("SELECT count(*) FROM robots", [], |r| r.get(0))
            .unwrap();
        assert_eq!(rows, 1);
        assert_eq!(
            fingerprint(&conn).unwrap(),
            expected_fingerprint(&TWO, 2).unwrap()
        );
    }

    #[test]
    fn a_failing_migration_leaves_the_schema_as_it_was() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn, &TWO[..1]).unwrap();
        let before = fingerprint(&conn).unwrap();
        let bad = [TWO[0], TWO[1], "CREATE TABLE later (x INTEGER) STRICT;"];
        assert!(migrate(&mut conn, &bad).is_err());
        assert_eq!(version(&conn).unwrap(), 1);
        assert_eq!(fingerprint(&conn).unwrap(), before);
    }

    #[test]
    fn an_added_trigger_changes_the_fingerprint() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn, MIGRATIONS).unwrap();
        let ours = fingerprint(&conn).unwrap();
        conn.execute_batch("CREATE TRIGGER t AFTER INSERT ON visit BEGIN DELETE FROM robots; END")
            .unwrap();
        assert_ne!(fingerprint(&conn).unwrap(), ours);
    }
}
