//! A copy that is whole or is not there.

use super::create::{make_parent, private_file};
use super::{Store, StoreError};
use rusqlite::{Connection, OpenFlags};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

impl Store {
    /// Writes a copy of the database, which may be in use meanwhile, to `target`. The copy gets
    /// an epoch of its own: after a restore the journal gives out numbers again, and a cursor of
    /// today must be refused then, not go on at another event. The copy is checked and on the
    /// disk before it gets its name.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where there is something at `target`; what the disk says.
    pub fn backup(&self, target: &Path) -> Result<(), StoreError> {
        if target.symlink_metadata().is_ok() {
            return Err(StoreError::Exists {
                path: target.to_path_buf(),
            });
        }
        make_parent(target)?;
        let mut name = target.as_os_str().to_owned();
        name.push(format!(".part-{}", std::process::id()));
        let part = PathBuf::from(name);
        let done = self.copy(&part).and_then(|()| publish(&part, target));
        if done.is_err() {
            // Best effort: the error is the news.
            let _ = fs::remove_file(&part);
        }
        done
    }

    fn copy(&self, part: &Path) -> Result<(), StoreError> {
        let _ = fs::remove_file(part);
        private_file(part).map_err(|e| StoreError::io(part, &e))?;
        let Some(name) = part.to_str() else {
            return Err(StoreError::Io {
                path: part.to_path_buf(),
                detail: "the name is not valid UTF-8".into(),
            });
        };
        self.conn
            .execute("VACUUM INTO ?1", [name])
            .map_err(|e| StoreError::sql(part, e))?;
        let answer = renew(part).map_err(|e| StoreError::sql(part, e))?;
        if answer != "ok" {
            return Err(StoreError::damaged(&self.path, answer));
        }
        Ok(())
    }
}

/// Gives the copy a fresh epoch and has SQLite check it. Returns the first line of the answer.
fn renew(part: &Path) -> rusqlite::Result<String> {
    let conn = Connection::open_with_flags(part, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // Without a log, so that the copy is one file from its first moment.
    conn.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    conn.execute("UPDATE meta SET epoch = lower(hex(randomblob(4)))", [])?;
    let answer = conn.query_row("PRAGMA integrity_check(1)", [], |r| r.get(0))?;
    conn.close().map_err(|(_, e)| e)?;
    Ok(answer)
}

fn publish(part: &Path, target: &Path) -> Result<(), StoreError> {
    let io = |e: std::io::Error| StoreError::io(target, &e);
    File::open(part).and_then(|f| f.sync_all()).map_err(io)?;
    fs::rename(part, target).map_err(io)?;
    // The name is on the disk once its directory is; Windows has no such call and needs none.
    #[cfg(unix)]
    {
        let parent = target.parent().filter(|p| !p.as_os_str().is_empty());
        let directory = File::open(parent.unwrap_or(Path::new("."))).map_err(io)?;
        directory.sync_all().map_err(io)?;
    }
    Ok(())
}
