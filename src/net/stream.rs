//! A connection that speaks no HTTP (mail submission), through the same door: the name is looked
//! up once, only checked addresses are dialled, the far end is looked at before a byte is said.

use super::client::Client;
use super::connect::{blocked, lookup};
use super::{may_connect, tls};
use crate::model::{Fault, Verdict};
use rustls::pki_types::ServerName;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// An open connection, in the clear or in TLS.
#[derive(Debug)]
pub struct Stream {
    inner: Inner,
    host: String,
    tls: Arc<rustls::ClientConfig>,
}

#[derive(Debug)]
enum Inner {
    Clear(TcpStream),
    Secure(Box<TlsStream<TcpStream>>),
}

impl Client {
    /// Connects to a host that the operator named. With `net.proxy` set it refuses: what cannot go
    /// through the proxy must not go around it.
    ///
    /// # Errors
    /// [`Verdict::Transport`] with `settings`, `dns`, `address`, `connect_timeout` or `connect`.
    pub async fn stream(&self, host: &str, port: u16) -> Result<Stream, Fault> {
        let fault = |reason: &str, detail: String| Fault::new(Verdict::Transport, reason, detail);
        let (allow, limit, proxied) = self.ways();
        if proxied {
            let why = "mail cannot go through net.proxy, and must not go around it";
            return Err(fault("settings", why.into()));
        }
        let addresses: Vec<SocketAddr> = lookup(host, port, allow, limit).await?;
        let connected = tokio::time::timeout(limit, TcpStream::connect(&*addresses)).await;
        let stream = match connected {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(fault("connect", error.to_string())),
            Err(_) => {
                return Err(fault(
                    "connect_timeout",
                    "no connection within the time limit".into(),
                ));
            }
        };
        let far = stream
            .peer_addr()
            .map_err(|e| fault("connect", e.to_string()))?;
        if !may_connect(far, allow) {
            return Err(blocked(far));
        }
        let mut config = tls::config()?;
        // It offers HTTP, which is not what will be spoken.
        config.alpn_protocols.clear();
        Ok(Stream {
            inner: Inner::Clear(stream),
            host: host.to_owned(),
            tls: Arc::new(config),
        })
    }
}

impl Stream {
    /// The same connection in TLS, with the host's certificate checked.
    ///
    /// # Errors
    /// [`Verdict::Transport`] with the class of the TLS failure.
    pub async fn secure(self) -> Result<Stream, Fault> {
        let Inner::Clear(tcp) = self.inner else {
            return Ok(self);
        };
        let fault = |reason: &str, detail: String| Fault::new(Verdict::Transport, reason, detail);
        let name = ServerName::try_from(self.host.clone()).map_err(|_| {
            fault(
                "tls_name",
                "the host's name cannot stand in a certificate".into(),
            )
        })?;
        match TlsConnector::from(self.tls.clone())
            .connect(name, tcp)
            .await
        {
            Ok(stream) => Ok(Stream {
                inner: Inner::Secure(Box::new(stream)),
                ..self
            }),
            Err(error) => {
                let inner = error
                    .get_ref()
                    .and_then(|e| e.downcast_ref::<rustls::Error>());
                let (reason, detail) = inner.map_or_else(|| ("tls", error.to_string()), tls::class);
                Err(fault(reason, detail))
            }
        }
    }

    /// Whether nobody on the way can read along.
    pub fn is_secure(&self) -> bool {
        matches!(self.inner, Inner::Secure(_))
    }

    /// Reads what is there, at most the buffer's length; 0 = the other side has closed.
    ///
    /// # Errors
    /// What the connection says.
    pub async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.inner {
            Inner::Clear(stream) => stream.read(buffer).await,
            Inner::Secure(stream) => stream.read(buffer).await,
        }
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// What the connection says.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.inner {
            Inner::Clear(stream) => stream.write_all(bytes).await,
            Inner::Secure(stream) => {
                stream.write_all(bytes).await?;
                stream.flush().await
            }
        }
    }
}
