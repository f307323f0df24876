//! Is the database well? Every check says what it looked at and what it found.

use super::{Store, StoreError, create, pages, schema};
use rusqlite::Connection;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Check {
    /// What was looked at: a stable word.
    pub name: &'static str,
    /// All is well.
    pub ok: bool,
    /// What was found, a line for people.
    pub detail: String,
}

/// How much must be free beside the database: several runs' growth.
const ROOM: usize = 4 * 1024 * 1024;

impl Store {
    /// Looks at everything that can be looked at. Writes nothing but a test file, which it
    /// removes.
    ///
    /// # Errors
    /// Only where a check cannot be made at all; what is found wrong is in the list.
    pub fn doctor(&self) -> Result<Vec<Check>, StoreError> {
        let mut checks = vec![Check {
            name: "sqlite",
            ok: true,
            detail: format!("SQLite {}", rusqlite::version()),
        }];
        checks.push(self.run(schema_check)?);
        for (name, pragma) in [
            ("structure", "PRAGMA integrity_check(3)"),
            ("references", "PRAGMA foreign_key_check"),
        ] {
            let found = self.run(|c| lines(c, pragma))?;
            let ok = found.is_empty() || found == ["ok"];
            let detail = if ok { "ok".into() } else { found.join("; ") };
            checks.push(Check { name, ok, detail });
        }
        checks.push(self.run(journal_check)?);
        checks.push(self.run(sink_check)?);
        checks.push(self.run(page_check)?);
        checks.push(self.run(version_check)?);
        checks.push(room_check(&self.path));
        Ok(checks)
    }
}

fn lines(c: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    c.prepare(sql)?
        .query_map([], |r| r.get(0))?
        .take(3)
        .collect()
}

fn schema_check(c: &Connection) -> rusqlite::Result<Check> {
    let version = schema::version(c)?;
    let ours = schema::expected_fingerprint(schema::MIGRATIONS, version)?;
    Ok(Check {
        name: "schema",
        ok: schema::fingerprint(c)? == ours,
        detail: format!("schema {version}"),
    })
}

/// Numbers begin at 1 and have no holes: nothing is ever removed from the journal.
fn journal_check(c: &Connection) -> rusqlite::Result<Check> {
    let (count, last): (i64, i64) = c.query_row(
        "SELECT count(*), coalesce(max(seq), 0) FROM event",
        [],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )?;
    Ok(Check {
        name: "journal",
        ok: count == last,
        detail: format!("{count} events, the last is number {last}"),
    })
}

/// No sink stands beyond the end of the journal.
fn sink_check(c: &Connection) -> rusqlite::Result<Check> {
    let (sinks, ahead): (i64, i64) = c.query_row(
        "SELECT count(*), count(*) FILTER (
            WHERE seq > (SELECT coalesce(max(seq), 0) FROM event)) FROM sink",
        [],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )?;
    Ok(Check {
        name: "cursors",
        ok: ahead == 0,
        detail: format!("{sinks} sinks, {ahead} beyond the end of the journal"),
    })
}

/// Every stored page still is what it was when it was stored.
fn page_check(c: &Connection) -> rusqlite::Result<Check> {
    let mut statement = c.prepare("SELECT digest, size, zstd FROM blob")?;
    let mut rows = statement.query([])?;
    let (mut count, mut bad) = (0, Vec::new());
    while let Some(row) = rows.next()? {
        let digest: String = row.get(0)?;
        let size: i64 = row.get(1)?;
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        count += 1;
        if pages::unpack(row.get_ref(2)?.as_blob()?, size, &digest).is_none() {
            bad.push(digest);
        }
    }
    let detail = match bad.first() {
        None => format!("{count} pages, all as stored"),
        Some(first) => format!("{} of {count} pages are not as stored: {first}", bad.len()),
    };
    Ok(Check {
        name: "pages",
        ok: bad.is_empty(),
        detail,
    })
}

/// Every notice with versions points to its last one.
fn version_check(c: &Connection) -> rusqlite::Result<Check> {
    let (notices, astray): (i64, i64) = c.query_row(
        "SELECT count(*), count(*) FILTER (WHERE n.latest IS NOT (
            SELECT v.id FROM version v WHERE v.notice = n.id ORDER BY v.n DESC LIMIT 1))
         FROM notice n",
        [],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )?;
    Ok(Check {
        name: "versions",
        ok: astray == 0,
        detail: format!("{notices} notices, {astray} without their latest version"),
    })
}

/// Whether the disk takes some megabytes more.
fn room_check(path: &Path) -> Check {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".room-{}", std::process::id()));
    let probe = PathBuf::from(name);
    let tried = create::private_file(&probe)
        .and_then(|()| create::private_options().open(&probe))
        .and_then(|mut f| f.write_all(&vec![0x55; ROOM]).and_then(|()| f.sync_all()))
        .map_err(|e| StoreError::io(path, &e));
    let _ = fs::remove_file(&probe);
    Check {
        name: "room",
        ok: tried.is_ok(),
        detail: match tried {
            Ok(()) => format!("{} MiB can be written", ROOM >> 20),
            Err(e) => e.to_string(),
        },
    }
}
