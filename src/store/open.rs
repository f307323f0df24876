//! From a path to a connection: what is there is looked at before anything is written.

use super::StoreError;
use super::create::create;
use super::in_use::InUse;
use super::schema::{self, APPLICATION_ID, MIGRATIONS};
use rusqlite::{Connection, OpenFlags};
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a statement waits for another process: a settled visit takes some milliseconds, a
/// backup never blocks, so this is only ever reached where something is wrong.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most bytes that the write-ahead log keeps after a checkpoint.
const WAL_KEPT: i64 = 64 * 1024 * 1024;

/// Opens for reading and writing; makes the file, and the directories above it, where there is
/// none.
pub(super) fn writer(path: &Path) -> Result<(Connection, InUse), StoreError> {
    sound_sqlite(rusqlite::version_number(), rusqlite::version())?;
    let in_use = InUse::enter(path, || {
        if !looked_at(path)? {
            create(path)?;
        }
        // SQLite would quietly read where it may not write; a run must know before it asks
        // anybody.
        let may_write = fs::OpenOptions::new().write(true).open(path);
        may_write.map(drop).map_err(|e| StoreError::io(path, &e))
    })?;
    take_back(path)?;
    // Through a read-only connection, which never writes back: with it even a database whose log
    // says something else than its header is refused untouched.
    let probe = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    check(&probe, path)?;
    sound(&probe, path)?;
    drop(probe);
    let mut conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    if conn
        .is_readonly("main")
        .map_err(|e| StoreError::sql(path, e))?
    {
        return Err(StoreError::ReadOnly {
            path: path.to_path_buf(),
        });
    }
    let set_up = |conn: &mut Connection| {
        // The answer is the mode that now holds; a disk that cannot do WAL keeps its own.
        conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        conn.query_row(
            &format!("PRAGMA journal_size_limit = {WAL_KEPT}"),
            [],
            |_| Ok(()),
        )?;
        // Every commit is on the disk before anything is told.
        conn.pragma_update(None, "synchronous", "FULL")?;
        conn.pragma_update(None, "foreign_keys", true)?;
        schema::migrate(conn, MIGRATIONS)
    };
    set_up(&mut conn).map_err(|e| StoreError::sql(path, e))?;
    Ok((conn, in_use))
}

/// Opens for reading only.
pub(super) fn reader(path: &Path) -> Result<(Connection, InUse), StoreError> {
    let in_use = InUse::enter(path, || {
        if looked_at(path)? {
            return Ok(());
        }
        Err(StoreError::Missing {
            path: path.to_path_buf(),
        })
    })?;
    take_back(path)?;
    let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    match check(&conn, path) {
        Ok(version) if version < schema::known(MIGRATIONS) => {
            drop(conn);
            drop(in_use);
            older(path, version)
        }
        Ok(_) => Ok((conn, in_use)),
        // A database in WAL mode needs files beside it; on a read-only medium or a full
        // disk there can be none.
        // Where no log is pending, the file alone is the whole truth.
        Err(StoreError::Io { .. } | StoreError::ReadOnly { .. } | StoreError::Full { .. })
            if !log_pending(path) =>
        {
            let conn = immutable(path)?;
            match check(&conn, path)? {
                version if version < schema::known(MIGRATIONS) => Err(StoreError::TooOld {
                    path: path.to_path_buf(),
                    found: version,
                }),
                _ => Ok((conn, in_use)),
            }
        }
        Err(e) => Err(e),
    }
}

/// A database of an earlier program, for a reader: brought forward first, where it may be written.
fn older(path: &Path, found: i64) -> Result<(Connection, InUse), StoreError> {
    match writer(path) {
        Ok(writer) => drop(writer),
        Err(StoreError::ReadOnly { .. } | StoreError::Io { .. }) => {
            return Err(StoreError::TooOld {
                path: path.to_path_buf(),
                found,
            });
        }
        Err(other) => return Err(other),
    }
    reader(path)
}

/// Opens the file as one that nobody can change: no locks, no log.
fn immutable(path: &Path) -> Result<Connection, StoreError> {
    let full = fs::canonicalize(path).map_err(|e| StoreError::io(path, &e))?;
    // SQLite's own escapes for URI file names: https://www.sqlite.org/uri.html
    let name = full
        .to_string_lossy()
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23");
    connect(
        Path::new(&format!("file:{name}?immutable=1")),
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI,
    )
}

pub(super) fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let open = || {
        let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_PRIVATE_CACHE)?;
        conn.busy_timeout(PATIENCE)?;
        conn.pragma_update(None, "trusted_schema", false)?;
        conn.pragma_update(None, "cell_size_check", true)?;
        conn.set_prepared_statement_cache_capacity(64);
        Ok(conn)
    };
    open().map_err(|e| StoreError::sql(path, e))
}

/// Looks at the file's first bytes. False = there is none. See "The Database Header",
/// <https://www.sqlite.org/fileformat2.html#the_database_header>.
fn looked_at(path: &Path) -> Result<bool, StoreError> {
    let meta = match fs::metadata(path) {
        Ok(meta) => meta,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(false),
        Err(e) => return Err(StoreError::io(path, &e)),
    };
    let not = |detail: &str| StoreError::NotADatabase {
        path: path.to_path_buf(),
        detail: detail.into(),
    };
    if meta.is_dir() {
        return Err(not("a directory"));
    }
    if !meta.is_file() {
        return Err(not("not a plain file"));
    }
    let mut head = Vec::with_capacity(100);
    fs::File::open(path)
        .and_then(|f| f.take(100).read_to_end(&mut head))
        .map_err(|e| StoreError::io(path, &e))?;
    let Some(head) = head.first_chunk::<100>() else {
        return Err(not(&format!("{} bytes long", meta.len())));
    };
    if !head.starts_with(b"SQLite format 3\0") {
        return Err(not("no SQLite header"));
    }
    let word = |at: usize| -> u64 {
        let bytes = head.iter().skip(at).take(4);
        bytes.fold(0, |sum, b| (sum << 8) | u64::from(*b))
    };
    if word(68) != APPLICATION_ID as u64 {
        return Err(StoreError::NotOurs {
            path: path.to_path_buf(),
        });
    }
    newer(path, i64::try_from(word(60)).unwrap_or(i64::MAX))?;
    let page = match word(14) & 0xFFFF {
        1 => 65_536,
        size => size,
    };
    let whole = page * word(28);
    if meta.len() < whole && !log_pending(path) && !half_changed(path) {
        return Err(StoreError::damaged(
            path,
            format!("cut off: {} of {whole} bytes are left", meta.len()),
        ));
    }
    Ok(true)
}

fn newer(path: &Path, found: i64) -> Result<(), StoreError> {
    let known = schema::known(MIGRATIONS);
    if found > known {
        return Err(StoreError::TooNew {
            path: path.to_path_buf(),
            found,
            known,
        });
    }
    Ok(())
}

/// Whether a write-ahead log holds what the file does not hold yet.
fn log_pending(path: &Path) -> bool {
    beside(path, "-wal")
}

/// Whether a rollback journal holds what the file held before a change that was not finished. There
/// is one only until a database is in WAL mode: of one that was just made or put back.
fn half_changed(path: &Path) -> bool {
    beside(path, "-journal")
}

fn beside(path: &Path, what: &str) -> bool {
    let mut name = path.as_os_str().to_owned();
    name.push(what);
    fs::metadata(PathBuf::from(name)).is_ok_and(|m| m.len() > 0)
}

/// Has SQLite take a half change back, which only a connection that may write can do: until then
/// every reader would be refused.
fn take_back(path: &Path) -> Result<(), StoreError> {
    if !half_changed(path) {
        return Ok(());
    }
    let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // The first look at the file does it.
    conn.query_row("PRAGMA schema_version", [], |_| Ok(()))
        .map_err(|e| StoreError::sql(path, e))
}

/// The same questions as to the header, asked through SQLite, and whether the tables are ours. Gives
/// the schema's number.
fn check(conn: &Connection, path: &Path) -> Result<i64, StoreError> {
    let ask = || -> rusqlite::Result<_> {
        if conn.query_row("PRAGMA application_id", [], |r| r.get::<_, i64>(0))? != APPLICATION_ID {
            return Ok(None);
        }
        let version = schema::version(conn)?;
        let ours = schema::expected_fingerprint(MIGRATIONS, version)?;
        Ok(Some((version, schema::fingerprint(conn)? == ours)))
    };
    let Some((version, same)) = ask().map_err(|e| StoreError::sql(path, e))? else {
        return Err(StoreError::NotOurs {
            path: path.to_path_buf(),
        });
    };
    newer(path, version)?;
    if !same {
        return Err(StoreError::damaged(
            path,
            "its tables are not those that lingzheng makes",
        ));
    }
    Ok(version)
}

/// SQLite's own check of the file's structure.
fn sound(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    let answer: String = conn
        .query_row("PRAGMA quick_check(1)", [], |r| r.get(0))
        .map_err(|e| StoreError::sql(path, e))?;
    if answer == "ok" {
        return Ok(());
    }
    let first = answer.lines().next().unwrap_or_default();
    Err(StoreError::damaged(path, first))
}

/// SQLite 3.7.0–3.51.2 can lose commits when two connections meet at the end of the log (the
/// "WAL-reset bug"); 3.51.3 and the branches 3.50.7 and 3.44.6 have the fix.
fn sound_sqlite(number: i32, name: &str) -> Result<(), StoreError> {
    let fixed = number >= 3_051_003
        || (3_050_007..3_051_000).contains(&number)
        || (3_044_006..3_045_000).contains(&number);
    if fixed {
        return Ok(());
    }
    Err(StoreError::OldSqlite {
        version: name.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sqlite_versions_with_the_log_fix_are_used() {
        let rows = [
            (3_054_001, true),
            (3_051_003, true),
            (3_051_002, false),
            (3_051_000, false),
            (3_050_007, true),
            (3_050_006, false),
            (3_044_006, true),
            (3_044_005, false),
            (3_040_001, false),
        ];
        for (number, good) in rows {
            assert_eq!(sound_sqlite(number, "x").is_ok(), good, "{number}");
        }
    }

    #[test]
    fn a_file_on_a_read_only_medium_is_read_as_it_stands() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("odd name?#%.db");
        drop(writer(&path).unwrap());
        assert!(!log_pending(&path));
        let conn = immutable(&path).unwrap();
        check(&conn, &path).unwrap();
        assert!(conn.execute("DELETE FROM robots", []).is_err());
    }
}
