//! Connections: how many, how slow, and when to stop.

use super::live;
use super::patient::Patient;
use super::routes;
use super::state::{Shared, Site};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

/// Most connections at a time; more wait in the system's queue.
const CONNECTIONS: usize = 256;
/// How long the head of a request may take, an idle connection's next one included.
const HEAD: Duration = Duration::from_secs(10);
/// How long a peer may take no bytes.
const STUCK: Duration = Duration::from_secs(30);
/// Longest life of a connection; a page that follows the journal comes back by itself.
const LIFE: Duration = Duration::from_secs(30 * 60);
/// How long the last answers may take when the server stops.
const FAREWELL: Duration = Duration::from_secs(5);
/// Most bytes of a head, and most lines in it.
const HEAD_BYTES: usize = 16 * 1024;
const HEAD_LINES: usize = 64;

/// Serves until SIGINT or SIGTERM. `say` is told the address once it can be reached.
///
/// # Errors
/// What the system says, one line for people where the port is taken.
pub fn run(listen: SocketAddr, site: Site, say: impl FnOnce(SocketAddr)) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(16)
        .enable_all()
        .build()?;
    let done = runtime.block_on(async {
        let listener = TcpListener::bind(listen)
            .await
            .map_err(|e| match e.kind() {
                io::ErrorKind::AddrInUse => {
                    io::Error::other("another program listens there; give another port")
                }
                _ => e,
            })?;
        let stop = stop()?;
        say(listener.local_addr()?);
        serve(listener, site, stop).await
    });
    runtime.shutdown_timeout(FAREWELL);
    done
}

/// Resolves at SIGINT or SIGTERM.
fn stop() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut int, mut term) = (
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
        );
        Ok(async move {
            tokio::select! {
                _ = int.recv() => {}
                _ = term.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// Serves until `stop` resolves; then the open answers get five seconds.
///
/// # Errors
/// What the system says of the listener.
pub async fn serve(
    listener: TcpListener,
    site: Site,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    let (sender, latest) = watch::channel(0);
    let shared = Arc::new(Shared::new(site, address.ip().is_loopback(), latest));
    let router = routes::router(Arc::clone(&shared));
    // Owns the sender: aborted, it closes the channel, and all that follow the journal end.
    let watcher = tokio::spawn(live::watch(shared, sender));
    let (closing, closed) = watch::channel(false);
    let permits = Arc::new(Semaphore::new(CONNECTIONS));
    tokio::pin!(stop);
    loop {
        let permit = tokio::select! {
            () = &mut stop => break,
            permit = Arc::clone(&permits).acquire_owned() => match permit {
                Ok(permit) => permit,
                Err(_) => break,
            },
        };
        let stream = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(e) => {
                    // Out of handles, or a peer that was gone already: no reason to stop.
                    tracing::warn!("accept: {e}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        };
        let service = TowerToHyperService::new(router.clone());
        let mut closed = closed.clone();
        tokio::spawn(async move {
            let _permit = permit;
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD)
                .max_buf_size(HEAD_BYTES)
                .max_headers(HEAD_LINES)
                .serve_connection(TokioIo::new(Patient::new(stream, STUCK)), service);
            tokio::pin!(connection);
            let end = async {
                tokio::select! {
                    _ = closed.changed() => {}
                    () = tokio::time::sleep(LIFE) => {}
                }
            };
            tokio::select! {
                _ = connection.as_mut() => return,
                () = end => connection.as_mut().graceful_shutdown(),
            }
            let _ = tokio::time::timeout(FAREWELL, connection).await;
        });
    }
    drop(listener);
    watcher.abort();
    let _ = closing.send(true);
    // All permits are back when the last connection has ended.
    let all = permits.acquire_many(CONNECTIONS as u32);
    let _ = tokio::time::timeout(FAREWELL, all).await;
    Ok(())
}
