//! The only SQL. One file, one writer at a time, any number of readers.
//!
//! `crawl` loads what is known of a source ([`Store::known`]), visits the network, and settles the
//! visit in one transaction ([`Store::begin`] … [`Settling::commit`]): notices, versions, events
//! and the source's state stand or fall together. `deliver` writes where each sink stands
//! ([`Store::expand`], [`Store::delivered`]). Everything else reads.
//!
//! Reading order: `schema/0001.sql` and what follows it, then `open` (what is looked at before anything is written),
//! `settle`, `notices`, `journal`, `outbox`.

mod attachments;
mod backup;
mod create;
mod doctor;
mod error;
mod filter;
mod for_board;
mod hosts;
mod in_use;
mod journal;
mod known;
mod lock;
mod notices;
mod open;
mod outbox;
mod pages;
mod prune;
mod schema;
mod search;
mod settle;
mod sources;
mod text;

pub use attachments::KeptAttachment;
pub use doctor::Check;
pub use error::StoreError;
pub use filter::Filter;
pub use for_board::{Earlier, ForBoard};
pub use hosts::{HostState, Robots};
pub use journal::EventFilter;
pub use known::{Known, KnownNotice, Seen};
pub use lock::RunLock;
pub use outbox::{Delivery, SinkState};
pub use pages::ListPage;
pub use prune::Pruned;
pub use settle::{NewVersion, Settling, Validators};
pub use sources::{Activity, Visit};

use rusqlite::{Connection, TransactionBehavior};
use std::path::{Path, PathBuf};

/// The database: what is known of every source and notice, and the journal of what changed.
pub struct Store {
    conn: Connection,
    path: PathBuf,
    epoch: String,
    // After `conn`: fields are dropped in this order.
    _in_use: in_use::InUse,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({}, {})", self.path.display(), self.epoch)
    }
}

impl Store {
    /// Opens the database for writing. A missing file is made, with the directories above it,
    /// readable by its owner only; an older schema is brought forward.
    ///
    /// # Errors
    /// Where the file is another program's, newer, damaged or no database, it is left untouched,
    /// to the byte.
    pub fn open(path: impl AsRef<Path>) -> Result<Store, StoreError> {
        let path = path.as_ref();
        Store::of(open::writer(path)?, path)
    }

    /// Opens an existing database for reading only, on a read-only medium too.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where there is none; else as [`Store::open`].
    pub fn open_existing(path: impl AsRef<Path>) -> Result<Store, StoreError> {
        let path = path.as_ref();
        Store::of(open::reader(path)?, path)
    }

    fn of((conn, in_use): (Connection, in_use::InUse), path: &Path) -> Result<Store, StoreError> {
        let epoch = conn
            .query_row("SELECT epoch FROM meta", [], |r| r.get(0))
            .map_err(|e| StoreError::sql(path, e))?;
        Ok(Store {
            conn,
            path: path.to_path_buf(),
            epoch,
            _in_use: in_use,
        })
    }

    /// Where the database is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The first half of this database's cursors: eight hexadecimal digits. A backup has another.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// Begins to settle a visit of a source: one transaction, which waits for other writers now
    /// and not in the middle.
    ///
    /// # Errors
    /// [`StoreError::Locked`], [`StoreError::ReadOnly`] and what the disk says.
    pub fn begin(&mut self, source: &str) -> Result<Settling<'_>, StoreError> {
        let tx = self
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|e| StoreError::sql(&self.path, e))?;
        Ok(Settling {
            tx,
            path: &self.path,
            epoch: &self.epoch,
            source: source.to_owned(),
        })
    }

    /// Runs statements and gives their errors the database's name.
    fn run<T>(&self, f: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        f(&self.conn).map_err(|e| StoreError::sql(&self.path, e))
    }
}
