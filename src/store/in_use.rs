//! Which databases this process has open. A POSIX lock belongs to the process: closing any other
//! handle of the file drops it, and with it SQLite's protection (<https://www.sqlite.org/howtocorrupt.html>,
//! section 2.2). So the first bytes of a file are looked at only while no connection of ours is
//! open on it; after the first look there is no need for another.

use super::StoreError;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many connections are open on each file.
static OPEN: Mutex<BTreeMap<PathBuf, usize>> = Mutex::new(BTreeMap::new());

fn open() -> MutexGuard<'static, BTreeMap<PathBuf, usize>> {
    // The map is whole between any two statements that touch it.
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Stands for one connection; drop it after the connection.
pub(super) struct InUse(PathBuf);

impl InUse {
    /// Calls `look` unless the file is open already, and counts one connection more.
    pub(super) fn enter(
        path: &Path,
        look: impl FnOnce() -> Result<(), StoreError>,
    ) -> Result<InUse, StoreError> {
        let mut open = open();
        let known = fs::canonicalize(path).is_ok_and(|real| open.contains_key(&real));
        if !known {
            look()?;
        }
        let real = fs::canonicalize(path).map_err(|e| StoreError::io(path, &e))?;
        *open.entry(real.clone()).or_default() += 1;
        Ok(InUse(real))
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        let mut open = open();
        if let Some(count) = open.get_mut(&self.0) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.0);
            }
        }
    }
}
