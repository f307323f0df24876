//! A server over a small database, and a client that sends what it is told to the byte.

use lingzheng::adapter::Families;
use lingzheng::config;
use lingzheng::model::event::{Hunk, Piece, Tag};
use lingzheng::model::facts::{Mail, Materials, Method, Note, NoticeKind, Place};
use lingzheng::model::facts::{Window, WindowMethod};
use lingzheng::model::{
    Catalog, Change, Delta, Entry, Evidence, Facts, Fault, NoticeId, Reading, SourceState, Subject,
    TextChange, Timestamp, Verdict,
};
use lingzheng::serve::{self, Site, Token};
use lingzheng::store::{NewVersion, Store};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

pub(crate) const NOW: &str = "2026-12-16T01:00:00Z";
pub(crate) const TOKEN: &str = "3f2a9c0d4e5b6a798877665544332211";
const PAGE: &str = include_str!("../../fixtures/gx/1/t32741.html");

pub(crate) fn now() -> Timestamp {
    NOW.parse().unwrap()
}

pub(crate) fn catalog() -> Catalog {
    let families = Families::builtin();
    let names: Vec<String> = families.names().iter().map(|n| n.to_string()).collect();
    config::load_catalog(config::BUILTIN, None, &names).unwrap()
}

/// A notice of 广西 whose every text is `words`, with two versions and an event of every kind.
pub(crate) fn fill(path: &Path, words: &str) -> NoticeId {
    let mut store = Store::open(path).unwrap();
    let mut tx = store.begin("gx").unwrap();
    let url = "https://www.gxpta.com.cn/ksxm/zyzglks/t32741.html";
    let entry = Entry {
        keys: vec!["www.gxpta.com.cn/ksxm/zyzglks/t32741.html".into()],
        url: url.into(),
        title: words.into(),
        title_cut: false,
        published: Some("2026-12-10".parse().unwrap()),
        external: false,
    };
    let id = tx.new_notice(&entry, now()).unwrap();
    let reading = reading(words);
    let escaped: String = words.chars().map(|c| format!("&#{};", c as u32)).collect();
    for body in [
        PAGE.to_string(),
        PAGE.replace("0772-5550266", &format!("0772-5550277 {escaped}")),
    ] {
        tx.add_version(
            id,
            &NewVersion {
                seen_at: now(),
                url,
                content_type: Some("text/html; charset=utf-8"),
                plain_http: false,
                body: body.as_bytes(),
                article_digest: &body.len().to_string(),
                text: &format!("证书 邮寄 {words}"),
                reading: &reading,
                revision: 1,
            },
        )
        .unwrap();
    }
    let piece = |tag| Piece {
        tag,
        text: words.into(),
    };
    let text = TextChange {
        hunks: vec![Hunk {
            pieces: vec![piece(Tag::Same), piece(Tag::Old), piece(Tag::New)],
        }],
    };
    let delta = |path: &str| Delta {
        path: path.into(),
        old: words.into(),
        new: words.into(),
        words: words.into(),
    };
    let deltas = vec![
        delta("/windows/1-w1/end"),
        delta("/phones"),
        delta(&format!("/{words}")),
    ];
    for change in [
        Change::New,
        Change::Facts {
            deltas: deltas.clone(),
            text: text.clone(),
        },
        Change::Text { text },
        Change::Attachment { deltas },
        Change::Moved {
            from: words.into(),
            to: words.into(),
        },
        Change::Gone {
            verdict: Verdict::Gone,
        },
        Change::Back,
    ] {
        let about = Subject::Notice(id);
        tx.append_event(
            now(),
            about,
            "gx",
            words,
            url,
            change,
            Some(reading.clone()),
        )
        .unwrap();
    }
    tx.set_source_state(&SourceState {
        last_visit: Some(now()),
        last_good: Some(now()),
        fault: Some(Fault::new(Verdict::Blocked, words, words)),
        fault_since: Some(now()),
        baseline_done: true,
        ..SourceState::default()
    })
    .unwrap();
    tx.commit().unwrap();
    id
}

fn reading(words: &str) -> Reading {
    let text = || words.to_string();
    let window = Window {
        id: Some("1-w1".into()),
        method: WindowMethod::Onsite,
        start: Some("2026-12-11".parse().unwrap()),
        end: Some("2026-12-18".parse().unwrap()),
        start_time: Some(text()),
        end_time: Some(text()),
        days: None,
        hours: vec![text()],
        scope: Some(text()),
        estimate: false,
        quote: text(),
    };
    let facts = Facts {
        title: text(),
        issuer: Some(text()),
        kind: NoticeKind::Pickup,
        methods: vec![Method::Onsite],
        windows: vec![window],
        places: vec![Place {
            scope: Some(text()),
            name: Some(text()),
            address: Some(text()),
            phones: vec![text()],
            level: None,
        }],
        mail: Some(Mail {
            apply: Some(text()),
            fee: None,
            carrier: Some(text()),
        }),
        materials: Materials {
            own: vec![text()],
            proxy: vec![text()],
            batch: vec![text()],
        },
        notes: vec![Note {
            topic: "check".into(),
            quote: text(),
        }],
        phones: vec![text()],
        ..Facts::default()
    };
    let proof = Evidence {
        span: None,
        quote: text(),
        rule: text(),
        certain: false,
        reason: Some(text()),
    };
    Reading {
        facts,
        evidence: [("/windows/0".to_string(), proof.clone()), (text(), proof)].into(),
        unread: Vec::new(),
    }
}

/// A running server; dropped, it stops.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) db: PathBuf,
    pub(crate) notice: NoticeId,
    _dir: tempfile::TempDir,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(words: &str, token: bool) -> Server {
        Server::with(words, |site| {
            site.token = token.then(|| Token::new(TOKEN).unwrap())
        })
    }

    pub(crate) fn with(words: &str, change: impl FnOnce(&mut Site)) -> Server {
        let dir = tempfile::tempdir().unwrap();
        let db = dir.path().join("lingzheng.db");
        let notice = fill(&db, words);
        let mut site = Site {
            db: db.clone(),
            catalog: catalog(),
            families: Families::builtin(),
            watched: vec!["ruankao".into()],
            exam: None,
            sitting: None,
            hosts: vec!["board.example".into()],
            token: None,
            clock: Arc::new(now),
        };
        change(&mut site);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let until = async {
                let _ = stopped.await;
            };
            runtime
                .block_on(serve::serve(listener, site, until))
                .unwrap();
        });
        Server {
            address,
            db,
            notice,
            _dir: dir,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    pub(crate) fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }

    /// Sends these bytes and reads until the server closes.
    pub(crate) fn send(&self, request: &[u8]) -> Reply {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        // A server that refuses early may close before all is sent.
        let _ = stream.write_all(request);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        Reply::parse(&bytes)
    }

    /// A request with these further header lines.
    pub(crate) fn ask(&self, method: &str, path: &str, lines: &[&str]) -> Reply {
        let host = self.address;
        let lines: String = lines.iter().map(|l| format!("{l}\r\n")).collect();
        let head =
            format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{lines}\r\n");
        self.send(head.as_bytes())
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, &[])
    }

    /// A connection that follows the journal, after the answer's head.
    pub(crate) fn follow(&self, path: &str) -> BufReader<TcpStream> {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n",
            self.address
        )
        .unwrap();
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        assert!(line.contains(" 200 "), "{line}");
        while line != "\r\n" {
            line.clear();
            reader.read_line(&mut line).unwrap();
        }
        reader
    }

    /// Something is told.
    pub(crate) fn tell(&self, title: &str) {
        let mut store = Store::open(&self.db).unwrap();
        let mut tx = store.begin("gx").unwrap();
        let about = Subject::Notice(self.notice);
        tx.append_event(
            now(),
            about,
            "gx",
            title,
            "https://a.example/",
            Change::New,
            None,
        )
        .unwrap();
        tx.commit().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    fn parse(bytes: &[u8]) -> Reply {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|s| s.parse().ok())
            .unwrap_or(0);
        Reply {
            status,
            head: head.to_lowercase(),
            body: body.to_string(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let line = self
            .head
            .lines()
            .find(|l| l.starts_with(&format!("{name}: ")))?;
        line.split_once(": ").map(|(_, value)| value)
    }
}
