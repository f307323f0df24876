//! A raw TCP server on loopback that says exactly the bytes it is told to, however wrong.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// What the server does with a request.
#[derive(Clone)]
pub(crate) enum Act {
    /// Says this and closes.
    Say(Vec<u8>),
    /// Says the first, then the second over and over, with a pause between, until nobody listens.
    Repeat(Vec<u8>, Vec<u8>, Duration),
    /// Says this and breaks the connection (RST).
    Reset(Vec<u8>),
    /// Says this and then nothing, with the connection left open.
    Hang(Vec<u8>),
}

/// A request that came.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    /// Path and query.
    pub(crate) path: String,
    /// The request's head as it came.
    pub(crate) head: String,
    /// When the head was complete.
    pub(crate) from: Instant,
    /// When the answer was ready to be said; equal to `from` until then.
    pub(crate) to: Instant,
}

impl Hit {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Runs until the test's process ends.
pub(crate) struct Server {
    pub(crate) addr: SocketAddr,
    hits: Arc<Mutex<Vec<Hit>>>,
}

impl Server {
    /// `script` is given each request and how many for the same path came before.
    pub(crate) fn start(script: impl Fn(&Hit, usize) -> Act + Send + Sync + 'static) -> Server {
        Server::start_at(Ipv4Addr::LOCALHOST, script)
    }

    /// On another address of this machine, and so another host.
    pub(crate) fn start_at(
        ip: Ipv4Addr,
        script: impl Fn(&Hit, usize) -> Act + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind((ip, 0)).unwrap();
        let addr = listener.local_addr().unwrap();
        let hits: Arc<Mutex<Vec<Hit>>> = Arc::default();
        let log = hits.clone();
        let script = Arc::new(script);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, script) = (log.clone(), script.clone());
                thread::spawn(move || serve(stream, addr, &log, &*script));
            }
        });
        Server { addr, hits }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// All requests so far.
    pub(crate) fn hits(&self) -> Vec<Hit> {
        self.hits.lock().unwrap().clone()
    }

    /// The paths so far.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.hits().into_iter().map(|hit| hit.path).collect()
    }
}

fn serve(
    mut stream: TcpStream,
    addr: SocketAddr,
    log: &Mutex<Vec<Hit>>,
    script: &dyn Fn(&Hit, usize) -> Act,
) {
    stream.set_nodelay(true).ok();
    let Some(head) = peek_head(&stream) else {
        return;
    };
    let now = Instant::now();
    let hit = Hit {
        path: head.split(' ').nth(1).unwrap_or_default().to_owned(),
        head,
        from: now,
        to: now,
    };
    let (index, before) = {
        let mut log = log.lock().unwrap();
        let before = log.iter().filter(|h| h.path == hit.path).count();
        log.push(hit.clone());
        (log.len() - 1, before)
    };
    let act = script(&hit, before);
    // A socket that is closed with unread bytes is reset, not ended.
    if !matches!(act, Act::Reset(_)) {
        let mut drained = vec![0; hit.head.len()];
        stream.read_exact(&mut drained).ok();
    }
    let placed = |bytes: &[u8]| replace(bytes, b"{addr}", addr.to_string().as_bytes());
    match act {
        Act::Say(bytes) | Act::Reset(bytes) => {
            // Noted first: once the answer is out, the next request may come before we do.
            log.lock().unwrap()[index].to = Instant::now();
            stream.write_all(&placed(&bytes)).ok();
        }
        Act::Repeat(head, piece, pause) => {
            let mut said = stream.write_all(&placed(&head));
            while said.is_ok() {
                thread::sleep(pause);
                said = stream.write_all(&piece);
            }
        }
        Act::Hang(bytes) => {
            stream.write_all(&placed(&bytes)).ok();
            // Ends when the other side gives up.
            stream.read_to_end(&mut Vec::new()).ok();
        }
    }
}

/// The request's head, left unread in the socket.
fn peek_head(stream: &TcpStream) -> Option<String> {
    let mut buffer = vec![0; 64 * 1024];
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok();
    loop {
        let n = stream.peek(&mut buffer).ok().filter(|n| *n > 0)?;
        let end = buffer[..n].windows(4).position(|w| w == b"\r\n\r\n");
        if let Some(end) = end {
            return Some(String::from_utf8_lossy(&buffer[..end + 4]).into_owned());
        }
        thread::sleep(Duration::from_millis(1));
    }
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(from.len()).position(|w| w == from) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    out.extend_from_slice(rest);
    out
}

/// A correct answer.
pub(crate) fn page(status: &str, headers: &str, body: &[u8]) -> Act {
    let mut bytes = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    Act::Say(bytes)
}
