//! What can go wrong with the database: one line that says what and, after it, what to do.

use crate::model::Cursor;
use rusqlite::ErrorCode;
use std::path::{Path, PathBuf};

/// Why the store cannot do what it was asked. In every case what was stored before still stands.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is nothing at the path.
    #[error("{}: no database yet: run `lingzheng crawl` first", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file is no SQLite database.
    #[error(
        "{}: not a database ({detail}): it was left untouched; \
         give another path, or move it away to start anew", path.display()
    )]
    NotADatabase {
        /// The file.
        path: PathBuf,
        /// What was seen.
        detail: String,
    },
    /// A database of another program.
    #[error(
        "{}: a database of another program: it was left untouched; give another path",
        path.display()
    )]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// Written by a later version of lingzheng.
    #[error(
        "{}: written by a newer lingzheng (schema {found}, this one knows {known}): \
         it was left untouched; update lingzheng", path.display()
    )]
    TooNew {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema that this program knows.
        known: i64,
    },
    /// Written by an earlier version of lingzheng, where it cannot be brought forward.
    #[error(
        "{}: written by an earlier lingzheng (schema {found}) and not to be written here: run \
         `lingzheng status` once as its owner", path.display()
    )]
    TooOld {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
    },
    /// The file cannot be trusted.
    #[error(
        "{}: damaged ({detail}): nothing was repaired or written; keep the file, \
         restore the last backup in its place", path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was seen.
        detail: String,
    },
    /// The disk is full.
    #[error(
        "{}: the disk is full: free some space and run again; the last change was not stored, \
         all earlier ones are", path.display()
    )]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The file or its directory may not be written, or not even read.
    #[error(
        "{}: access denied: check the owner and the rights of the file and its directory, and \
         whether the disk is read-only", path.display()
    )]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// Another process kept the database locked for too long.
    #[error("{}: in use by another program: try again when it is done", path.display())]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The system refused to read or write.
    #[error("{}: cannot be used: {detail}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// A cursor that does not belong to this journal.
    #[error(
        "cursor {cursor} is not of this journal, which stands at {latest}: the database was \
         restored or replaced; read the events by time once, then go on from {latest}"
    )]
    WrongEpoch {
        /// The cursor that was given.
        cursor: Cursor,
        /// The end of this journal.
        latest: Cursor,
    },
    /// Another run is under way.
    #[error("another run is under way ({} is locked)", path.display())]
    Busy {
        /// The lock file.
        path: PathBuf,
    },
    /// A backup never overwrites.
    #[error("{}: exists already: give a name that is not taken", path.display())]
    Exists {
        /// The target.
        path: PathBuf,
    },
    /// The clock and the stored times do not fit, so nothing is thrown away by age.
    #[error(
        "nothing was pruned: the clock says {now}, the last visit was {last_visit}; \
         check the clock, or crawl once and prune then"
    )]
    Clock {
        /// The moment that was given.
        now: String,
        /// The newest visit on record.
        last_visit: String,
    },
    /// The linked SQLite is one that can lose commits.
    #[error(
        "SQLite {version} can lose commits (fixed in 3.51.3): build lingzheng with its own copy"
    )]
    OldSqlite {
        /// Its version.
        version: String,
    },
    /// SQL that SQLite does not accept, or a rule of the schema that a caller broke.
    #[error("{}: {detail}: this is a fault of lingzheng, please report it", path.display())]
    Internal {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        detail: String,
    },
}

impl StoreError {
    pub(super) fn io(path: &Path, e: &std::io::Error) -> StoreError {
        let path = path.to_path_buf();
        match e.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                StoreError::Full { path }
            }
            std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => {
                StoreError::ReadOnly { path }
            }
            _ => StoreError::Io {
                path,
                detail: e.to_string(),
            },
        }
    }

    pub(super) fn damaged(path: &Path, detail: impl Into<String>) -> StoreError {
        StoreError::Damaged {
            path: path.to_path_buf(),
            detail: detail.into(),
        }
    }

    pub(super) fn sql(path: &Path, e: rusqlite::Error) -> StoreError {
        let path = path.to_path_buf();
        let detail = e.to_string();
        match e {
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::DiskFull => StoreError::Full { path },
                // The shared index beside the log could not grow: SQLite does not say why, but a
                // full disk is what makes it so.
                ErrorCode::SystemIoFailure
                    if failure.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE =>
                {
                    StoreError::Full { path }
                }
                ErrorCode::ReadOnly => StoreError::ReadOnly { path },
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Locked { path },
                ErrorCode::DatabaseCorrupt => StoreError::Damaged { path, detail },
                ErrorCode::NotADatabase => StoreError::NotADatabase { path, detail },
                ErrorCode::CannotOpen => StoreError::Io {
                    path,
                    detail: format!("{detail} (may the directory be written?)"),
                },
                ErrorCode::SystemIoFailure
                | ErrorCode::PermissionDenied
                | ErrorCode::OutOfMemory => StoreError::Io { path, detail },
                _ => StoreError::Internal { path, detail },
            },
            // A stored value that cannot be what was written.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::Utf8Error(..) => StoreError::Damaged { path, detail },
            _ => StoreError::Internal { path, detail },
        }
    }
}
