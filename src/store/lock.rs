//! One run at a time: a lock that the system frees when its holder dies.

use super::StoreError;
use super::create::{make_parent, private_options};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

/// Held for the length of a run. The file `<db>.lock` stays: removing it would let two runs lock
/// two files of the same name.
#[derive(Debug)]
pub struct RunLock {
    _file: File,
}

impl RunLock {
    /// Takes the lock of the database at `path`, without waiting. The database need not exist.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where another run holds it (exit code 75); what the system says where
    /// the lock file cannot be made.
    pub fn take(path: &Path) -> Result<RunLock, StoreError> {
        make_parent(path)?;
        // Two names of one database must lose against each other.
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let mut name = real.into_os_string();
        name.push(".lock");
        let lock = PathBuf::from(name);
        let file = private_options()
            .create(true)
            .open(&lock)
            .map_err(|e| StoreError::io(&lock, &e))?;
        match file.try_lock() {
            Ok(()) => Ok(RunLock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Busy { path: lock }),
            Err(TryLockError::Error(e)) => Err(StoreError::io(&lock, &e)),
        }
    }
}
