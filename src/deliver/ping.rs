//! A dead-man's switch is told that a run was made (`[ping]` of the settings).

use super::DeliverError;
use crate::model::{Fault, Secret, Settings, Verdict};
use crate::net::{Client, Request};
use std::time::Duration;

/// Longest wait: a run that is done waits for nobody.
const DEADLINE: Duration = Duration::from_secs(10);

/// Asks the address with the exit code added to its path, as healthchecks.io reads it. Does
/// nothing where none is set.
///
/// # Errors
/// What the network says, without the address; the caller's result does not depend on it.
pub fn ping(settings: &Settings, code: u8) -> Result<(), DeliverError> {
    let Some(url) = settings.ping.url.as_ref().map(Secret::expose) else {
        return Ok(());
    };
    let bad = |what: &str| DeliverError::Net(Fault::new(Verdict::Transport, "ping", what));
    let mut url = url::Url::parse(url).map_err(|_| bad("no address"))?;
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().push(&code.to_string());
    }
    let mut request = Request::get(url.as_str());
    request.secret = true;
    request.redirects = 0;
    request.ports = url.port().into_iter().collect();
    request.max_bytes = Some(64 * 1024);
    request.cut = true;
    let patience = Duration::try_from_secs_f64(settings.net.total_timeout).unwrap_or(DEADLINE);
    request.deadline = Some(DEADLINE.min(patience));
    let client = Client::new(settings).map_err(DeliverError::Net)?;
    let runtime = super::runtime()?;
    let answer = runtime.block_on(client.send(request));
    runtime.shutdown_background();
    let page = answer.map_err(DeliverError::Net)?;
    match page.status {
        200..300 => Ok(()),
        status => Err(bad(&format!("HTTP {status}"))),
    }
}
