//! Visits in the background: in the order given, so many side by side, until all are done or the
//! run is ended before.

use super::visit::{Task, Visit, visit};
use crate::fetch::Fetcher;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, mpsc};
use tracing::Instrument;

/// Most sources that are visited at the same time; each waits mostly for its own host.
const SIDE_BY_SIDE: usize = 16;
/// Visits that may wait to be settled: enough to keep the network busy, few enough to keep pages
/// from piling up in memory.
const WAITING: usize = 4;
/// Visits see the run's deadline themselves, request by request. What has not come home so long
/// after it (a name server that does not answer, an endless computation) is left behind.
const GRACE: Duration = Duration::from_secs(2);

/// Why a run ended before every source was visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Its time (`net.run_deadline`) was over.
    Deadline,
    /// A signal asked it to end: its number.
    Signal(u8),
}

/// One visit that is over.
pub(super) enum Done {
    /// It came home, after so many milliseconds.
    Home(Box<Visit>, u32),
    /// A fault of lingzheng ended it; the source's id.
    Panicked(String),
}

/// The visits of a run. Dropping it leaves behind what is still under way, without waiting.
pub(super) struct Visits<'a> {
    runtime: Option<Runtime>,
    done: mpsc::Receiver<Done>,
    deadline: tokio::time::Instant,
    stop: Pin<&'a mut dyn Future<Output = u8>>,
    ended: Option<Ended>,
}

impl<'a> Visits<'a> {
    /// Starts them. `stop` completes with a signal's number when the run is to end.
    pub(super) fn start(
        tasks: Vec<Task>,
        fetcher: Arc<Fetcher>,
        time: Duration,
        stop: Pin<&'a mut dyn Future<Output = u8>>,
    ) -> io::Result<Visits<'a>> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        let (report, done) = mpsc::channel(WAITING);
        // Recordings have no hosts to wait for; one after the other they give the same journal
        // each time.
        let places = if fetcher.is_live() { SIDE_BY_SIDE } else { 1 };
        let run = tracing::Span::current();
        runtime.spawn(all(tasks, fetcher, places, report).instrument(run));
        Ok(Visits {
            runtime: Some(runtime),
            done,
            // A deadline of many years is none, and does not overflow.
            deadline: tokio::time::Instant::now() + time.min(Duration::from_secs(1 << 30)) + GRACE,
            stop,
            ended: None,
        })
    }

    /// The next visit that is over; None = there is none to come.
    pub(super) fn next(&mut self) -> Option<Done> {
        if self.ended.is_some() {
            // What is home already is kept.
            return self.done.try_recv().ok();
        }
        let next = async {
            tokio::select! {
                biased;
                signal = &mut self.stop => Err(Ended::Signal(signal)),
                done = self.done.recv() => Ok(done),
                () = tokio::time::sleep_until(self.deadline) => Err(Ended::Deadline),
            }
        };
        match self.runtime.as_ref()?.block_on(next) {
            Ok(done) => done,
            Err(ended) => {
                self.ended = Some(ended);
                self.next()
            }
        }
    }

    /// Why the run ended early; None = it did not.
    pub(super) fn ended(&self) -> Option<Ended> {
        self.ended
    }
}

impl Drop for Visits<'_> {
    fn drop(&mut self) {
        // A plain drop would wait for a name server's answer in a blocking thread.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Starts each visit when there is a place for it.
async fn all(tasks: Vec<Task>, fetcher: Arc<Fetcher>, places: usize, report: mpsc::Sender<Done>) {
    let places = Arc::new(Semaphore::new(places));
    for task in tasks {
        let Ok(place) = places.clone().acquire_owned().await else {
            return;
        };
        let (fetcher, report) = (fetcher.clone(), report.clone());
        let visit = async move {
            let source = task.office.source.id.clone();
            // A task of its own: what one page does to lingzheng does not end the other visits.
            let over = tokio::spawn(one(task, fetcher).in_current_span()).await;
            let done = over.unwrap_or(Done::Panicked(source));
            let _ = report.send(done).await;
            drop(place);
        };
        tokio::spawn(visit.in_current_span());
    }
}

async fn one(task: Task, fetcher: Arc<Fetcher>) -> Done {
    let span = tracing::info_span!("visit", source = %task.office.source.id);
    let begun = Instant::now();
    let work = async {
        let visit = visit(&task, &fetcher).await;
        let ms = u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
        tracing::info!(
            verdict = visit.verdict.word(),
            requests = visit.requests,
            ms,
            "visited"
        );
        Done::Home(Box::new(visit), ms)
    };
    work.instrument(span).await
}
