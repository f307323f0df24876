//! Where the socket is opened: names to checked addresses, and a last look at the far end.

use super::address::may_connect;
use crate::model::{Fault, Verdict};
use hyper_util::client::legacy::connect::{Connection, HttpInfo};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tower::{BoxError, Layer, Service};

/// Why a connection was not made.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not a public address")]
pub(super) struct Blocked(pub(super) SocketAddr);

/// Looks a name up and keeps the addresses that may be connected to with this port.
///
/// # Errors
/// `dns` where the name has no address or the resolver does not answer in time, `address` where
/// none of its addresses may be asked.
pub(super) async fn lookup(
    host: &str,
    port: u16,
    allow: &[SocketAddr],
    limit: Duration,
) -> Result<Vec<SocketAddr>, Fault> {
    let dns = |detail: String| Fault::new(Verdict::Transport, "dns", detail);
    let found: Vec<SocketAddr> = tokio::time::timeout(limit, tokio::net::lookup_host((host, port)))
        .await
        .map_err(|_| dns(format!("the name server did not answer for {host} in time")))?
        .map_err(|e| dns(format!("no address for {host}: {e}")))?
        .collect();
    let Some(first) = found.first().copied() else {
        return Err(dns(format!("no address for {host}")));
    };
    let good: Vec<SocketAddr> = found
        .into_iter()
        .filter(|a| may_connect(*a, allow))
        .collect();
    if good.is_empty() {
        return Err(blocked(first));
    }
    Ok(good)
}

/// The fault for an address that must not be asked.
pub(super) fn blocked(address: SocketAddr) -> Fault {
    Fault::new(
        Verdict::Transport,
        "address",
        format!(
            "the host leads to {address}, which is not a public address; if it is meant, list it under net.allow"
        ),
    )
}

/// Answers for one name with the addresses that were checked, so that what is dialled is what was
/// looked at (no second look-up, no rebinding).
pub(super) struct Pinned {
    pub(super) host: String,
    pub(super) addresses: Vec<SocketAddr>,
    /// A proxy stands between: its own name is the operator's choice and may be looked up.
    pub(super) proxied: bool,
}

impl Resolve for Pinned {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str();
        if name.eq_ignore_ascii_case(&self.host) {
            let addresses: Addrs = Box::new(self.addresses.clone().into_iter());
            return Box::pin(async { Ok(addresses) });
        }
        let name = name.to_owned();
        let proxied = self.proxied;
        Box::pin(async move {
            if !proxied {
                return Err(format!("{name} was not looked up for this request").into());
            }
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// A layer over reqwest's connector that refuses a finished connection whose far end may not be
/// asked, before a byte of the request is sent.
#[derive(Clone)]
pub(super) struct Guard {
    pub(super) allow: Arc<[SocketAddr]>,
    /// Connections end at the operator's proxy: there is nothing to compare.
    pub(super) proxied: bool,
}

impl<S> Layer<S> for Guard {
    type Service = Guarded<S>;
    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded {
            inner,
            guard: self.clone(),
        }
    }
}

/// A connector behind a [`Guard`].
#[derive(Clone)]
pub(super) struct Guarded<S> {
    inner: S,
    guard: Guard,
}

impl<S, R> Service<R> for Guarded<S>
where
    S: Service<R, Error = BoxError>,
    S::Response: Connection,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let guard = self.guard.clone();
        let connecting = self.inner.call(request);
        Box::pin(async move {
            let connection = connecting.await?;
            if guard.proxied {
                return Ok(connection);
            }
            let mut extras = http::Extensions::new();
            connection.connected().get_extras(&mut extras);
            match extras.get::<HttpInfo>().map(HttpInfo::remote_addr) {
                Some(far) if may_connect(far, &guard.allow) => Ok(connection),
                Some(far) => Err(Blocked(far).into()),
                None => Err("the far end of the connection is not known".into()),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(future)
    }

    #[test]
    fn a_local_name_is_refused_by_its_address() {
        let limit = Duration::from_secs(5);
        let fault = now(lookup("localhost", 80, &[], limit)).unwrap_err();
        assert_eq!(fault.reason, "address");
        let allow = ["127.0.0.1:80".parse().unwrap()];
        let found = now(lookup("localhost", 80, &allow, limit)).unwrap();
        assert_eq!(found, allow);
        let fault = now(lookup("localhost", 81, &allow, limit)).unwrap_err();
        assert_eq!(fault.reason, "address");
    }

    #[test]
    fn only_the_name_that_was_checked_is_answered() {
        let pinned = Pinned {
            host: "a.example".into(),
            addresses: vec!["93.184.216.34:443".parse().unwrap()],
            proxied: false,
        };
        let found: Vec<_> = now(pinned.resolve("A.example".parse().unwrap()))
            .unwrap()
            .collect();
        assert_eq!(found, pinned.addresses);
        assert!(now(pinned.resolve("b.example".parse().unwrap())).is_err());
    }

    #[test]
    fn the_far_end_is_looked_at_before_a_byte_is_sent() {
        use std::io::Read;
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let far = listener.local_addr().unwrap();
        // Neither the address rule nor the resolver is in the way here: only the guard.
        let ask = |allow: Vec<SocketAddr>| {
            let client = reqwest::Client::builder()
                .tls_backend_preconfigured(super::super::tls::config().unwrap())
                .no_proxy()
                .connector_layer(Guard {
                    allow: allow.into(),
                    proxied: false,
                })
                .timeout(Duration::from_millis(300))
                .build()
                .unwrap();
            let asked = async { client.get(format!("http://{far}/")).send().await };
            let error = now(asked).unwrap_err();
            let (mut stream, _) = listener.accept().unwrap();
            stream
                .set_read_timeout(Some(Duration::from_millis(300)))
                .unwrap();
            let mut said = Vec::new();
            stream.read_to_end(&mut said).ok();
            let reason = super::super::fault::before_answer(&error).reason;
            (reason, said.is_empty())
        };
        assert_eq!(ask(Vec::new()), ("address".to_owned(), true));
        assert_eq!(ask(vec![far]), ("connect_timeout".to_owned(), false));
    }
}
