//! A receiver of notifications on loopback: keeps what it is sent, answers by a script.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A request with its body.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    pub(crate) path: String,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Post {
    /// The value of a header; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        let mut found = lines.filter(|(key, _)| key.eq_ignore_ascii_case(name));
        found.next().map_or("", |(_, value)| value.trim())
    }
}

/// What the receiver does once it has read the request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Status line words, further headers (each ended), body.
    Say(&'static str, &'static str, &'static str),
    /// Says nothing until the other side gives up.
    Hang,
    /// Breaks the connection: nobody knows whether the message was taken.
    Reset,
}

/// Runs until the test's process ends.
pub(crate) struct Receiver {
    pub(crate) addr: SocketAddr,
    posts: Arc<Mutex<Vec<Post>>>,
}

impl Receiver {
    /// `script` is given each request and how many came before it.
    pub(crate) fn start(
        script: impl Fn(&Post, usize) -> Reply + Send + Sync + 'static,
    ) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let posts: Arc<Mutex<Vec<Post>>> = Arc::default();
        let log = posts.clone();
        let script = Arc::new(script);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, script) = (log.clone(), script.clone());
                thread::spawn(move || serve(stream, &log, &*script));
            }
        });
        Receiver { addr, posts }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// All that came, in order.
    pub(crate) fn posts(&self) -> Vec<Post> {
        self.posts.lock().unwrap().clone()
    }

    /// How many came.
    pub(crate) fn count(&self) -> usize {
        self.posts.lock().unwrap().len()
    }
}

fn serve(mut stream: TcpStream, log: &Mutex<Vec<Post>>, script: &dyn Fn(&Post, usize) -> Reply) {
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok();
    let Some(post) = read(&mut stream) else {
        return;
    };
    let before = {
        let mut log = log.lock().unwrap();
        log.push(post.clone());
        log.len() - 1
    };
    match script(&post, before) {
        Reply::Say(status, headers, body) => {
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).ok();
            stream.write_all(body.as_bytes()).ok();
        }
        Reply::Hang => {
            stream.read_to_end(&mut Vec::new()).ok();
        }
        // Closed without a word: the sender sees a broken connection.
        Reply::Reset => {}
    }
}

fn read(stream: &mut TcpStream) -> Option<Post> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 * 1024];
    loop {
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let mut post = Post {
                path: head.split(' ').nth(1).unwrap_or_default().to_owned(),
                head,
                body: String::new(),
            };
            let length: usize = post.header("content-length").parse().unwrap_or(0);
            while bytes.len() < end + 4 + length {
                let n = stream.read(&mut buffer).ok().filter(|n| *n > 0)?;
                bytes.extend_from_slice(&buffer[..n]);
            }
            post.body = String::from_utf8_lossy(&bytes[end + 4..]).into_owned();
            return Some(post);
        }
        let n = stream.read(&mut buffer).ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&buffer[..n]);
    }
}
