//! What all requests share.

use super::answer::Trouble;
use super::token::Token;
use crate::adapter::Families;
use crate::board::{self, Choice};
use crate::model::{Board, Catalog, Timestamp};
use crate::store::Store;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use tokio::sync::{Semaphore, watch};

/// Most requests that read the database at a time; the others wait.
const READERS: usize = 8;

/// Tells the moment: the clock, or a fixed one.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What is served, and to whom.
pub struct Site {
    /// The database.
    pub db: PathBuf,
    /// Exams, sittings, regions, sources.
    pub catalog: Catalog,
    /// Rules by which stored pages are read again for a comparison.
    pub families: Families,
    /// Ids of the watched exams, the one shown first.
    pub watched: Vec<String>,
    /// Exam to show; None = the first watched.
    pub exam: Option<String>,
    /// Sitting to show; None = the one that is due.
    pub sitting: Option<String>,
    /// Names under which the board is reached, beside its address.
    pub hosts: Vec<String>,
    /// Who has it may read; None = everybody who can reach the address, which is then this machine.
    pub token: Option<Token>,
    /// The moment of each request.
    pub clock: Clock,
}

impl std::fmt::Debug for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Site({})", self.db.display())
    }
}

/// Shared by all requests.
pub(super) struct Shared {
    pub(super) site: Site,
    /// The board answers to loopback names only; else to any IP address, as a page elsewhere
    /// cannot make a browser call an address by a number that is not its own.
    pub(super) loopback: bool,
    readers: Semaphore,
    /// Number of the last event that was seen; closed when the server stops.
    pub(super) latest: watch::Receiver<i64>,
    /// Answers by the first digit of their status.
    pub(super) answers: [AtomicU64; 6],
    /// Connections that follow the journal.
    pub(super) followers: Arc<Semaphore>,
}

/// Most connections that follow the journal.
const FOLLOWERS: usize = 64;

impl Shared {
    pub(super) fn new(site: Site, loopback: bool, latest: watch::Receiver<i64>) -> Shared {
        Shared {
            site,
            loopback,
            readers: Semaphore::new(READERS),
            latest,
            answers: Default::default(),
            followers: Arc::new(Semaphore::new(FOLLOWERS)),
        }
    }

    /// Reads the database on a thread that may wait.
    pub(super) async fn read<T: Send + 'static>(
        self: &Arc<Shared>,
        work: impl FnOnce(&Site, &Store, Timestamp) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let _turn = self
            .readers
            .acquire()
            .await
            .map_err(|_| Trouble::Stopping)?;
        let shared = Arc::clone(self);
        let job = move || {
            let site = &shared.site;
            let store = Store::open_existing(&site.db)?;
            work(site, &store, (site.clock)())
        };
        let done = tokio::task::spawn_blocking(job).await;
        done.map_err(|_| Trouble::Stopping)?
    }
}

impl Site {
    /// The board that is shown.
    pub(super) fn board(&self, store: &Store, now: Timestamp) -> Result<Board, Trouble> {
        let choice = self.choice(now)?;
        let board = board::load(store, &self.catalog, &choice, now)?;
        board.ok_or(Trouble::NotFound)
    }

    fn choice(&self, now: Timestamp) -> Result<Choice, Trouble> {
        let (exam, sitting) = (self.exam.as_deref(), self.sitting.as_deref());
        board::choose(&self.catalog, &self.watched, exam, sitting, now).map_err(Trouble::Bad)
    }
}
