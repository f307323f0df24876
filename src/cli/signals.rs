//! The wish that a run end.

/// Completes with the signal's number when the process is asked to end (SIGTERM) or interrupted
/// (SIGINT, Ctrl-C). SIGHUP keeps its meaning: `nohup` must be able to ignore it.
#[cfg(unix)]
pub(super) async fn asked_to_end() -> u8 {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut term), Ok(mut int)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        // Then the system's own handling stands: the process ends at once.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = term.recv() => 15,
        _ = int.recv() => 2,
    }
}

/// Completes with 2 on Ctrl-C.
#[cfg(not(unix))]
pub(super) async fn asked_to_end() -> u8 {
    match tokio::signal::ctrl_c().await {
        Ok(()) => 2,
        Err(_) => std::future::pending().await,
    }
}
