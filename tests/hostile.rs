//! Nothing that a server does may hang, fill or fool the client; nothing private is ever asked.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod support;

use futures_util::StreamExt;
use lingzheng::model::{Fault, Page, Settings};
use lingzheng::net::{Client, Request};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use support::responses::{Case, MAX, Want, cases};
use support::server::{Act, Server, page};

/// For answers that never end by themselves: all are asked at once and end together.
const DEADLINE: Duration = Duration::from_millis(1500);
/// For answers that something else must end, well before.
const PATIENCE: Duration = Duration::from_secs(10);
/// What a busy machine may add; what hangs takes for ever.
const SLACK: Duration = Duration::from_secs(5);

fn settings(allow: &[SocketAddr]) -> Settings {
    let mut settings = Settings::default();
    settings.net.allow = allow.to_vec();
    settings.net.total_timeout = DEADLINE.as_secs_f64();
    settings.net.connect_timeout = 1.0;
    settings.net.max_bytes = MAX;
    settings
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

fn send(client: &Client, request: Request) -> Result<Page, Fault> {
    block_on(client.send(request))
}

fn hostile() -> Server {
    let cases = cases();
    Server::start(move |hit, _| {
        let name = hit.path.trim_start_matches('/');
        match cases.iter().find(|case| case.name == name) {
            Some(case) => case.act.clone(),
            None if name.starts_with("redirect-ever-deeper/") => {
                page("302 Found", &format!("Location: {}x\r\n", hit.path), b"")
            }
            None => page("200 OK", "", b"ok"),
        }
    })
}

#[test]
fn every_bad_answer_is_bounded_and_named() {
    let server = hostile();
    let client = Client::new(&settings(&[server.addr])).unwrap();
    let all = cases();
    assert!(all.len() >= 60);
    let (hanging, ending): (Vec<_>, Vec<_>) = all.iter().partition(|case| case.hangs());
    let mut outcomes = ask_all(&client, &server, &hanging, DEADLINE, hanging.len());
    outcomes.extend(ask_all(&client, &server, &ending, PATIENCE, 8));
    let mut wrong = Vec::new();
    for (Case { name, want, .. }, deadline, result, took) in outcomes {
        let good = match (&result, want) {
            (Ok(page), Want::Page(status, len)) => {
                page.status == *status && page.body.len() == *len
            }
            (Err(fault), Want::Fault(reasons)) => {
                reasons.contains(&fault.reason.as_str())
                    && !fault.detail.is_empty()
                    && !fault.detail.contains('\n')
            }
            _ => false,
        };
        let got = result.map(|page| (page.status, page.body.len()));
        if !good {
            wrong.push(format!("{name}: wanted {want:?}, got {got:?}"));
        }
        if took > deadline + SLACK {
            wrong.push(format!("{name}: took {took:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    if let Some(peak) = peak_memory() {
        assert!(peak < 300 << 20, "peak memory {} MB", peak >> 20);
    }
}

type Outcome<'a> = (&'a Case, Duration, Result<Page, Fault>, Duration);

/// Asks for each case, so many at once.
fn ask_all<'a>(
    client: &Client,
    server: &Server,
    cases: &[&'a Case],
    deadline: Duration,
    at_once: usize,
) -> Vec<Outcome<'a>> {
    let asked = cases.iter().map(|case| {
        let request = Request {
            deadline: Some(deadline),
            ..Request::get(server.url(&format!("/{}", case.name)))
        };
        async move {
            let start = Instant::now();
            let result = client.send(request).await;
            (*case, deadline, result, start.elapsed())
        }
    });
    block_on(
        futures_util::stream::iter(asked)
            .buffer_unordered(at_once)
            .collect(),
    )
}

/// Most memory that this process ever held, the test's own payloads included.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    let kb: u64 = line.trim().trim_end_matches(" kB").trim().parse().ok()?;
    Some(kb * 1024)
}

#[test]
fn a_name_that_leads_inside_is_not_connected_to() {
    let server = Server::start(|_, _| page("200 OK", "", b"secret"));
    // The port is listed, the address is not: `localhost` passes as a name and fails as an address.
    let near: SocketAddr = format!("127.0.0.9:{}", server.addr.port()).parse().unwrap();
    let client = Client::new(&settings(&[near])).unwrap();
    let url = format!("http://localhost:{}/", server.addr.port());
    let fault = send(&client, Request::get(url)).unwrap_err();
    assert_eq!(fault.reason, "address");
    assert_eq!(server.hits().len(), 0);
}

#[test]
fn who_asks_is_said_and_must_be_known() {
    let server = Server::start(|_, _| page("200 OK", "", b"ok"));
    let mut settings = settings(&[server.addr]);
    let client = Client::new(&settings).unwrap();
    let fault = send(&client, Request::get("http://www.example.com/")).unwrap_err();
    assert_eq!(fault.reason, lingzheng::net::NO_CONTACT);
    settings.contact.address = Some("ops@example.org".into());
    let client = Client::new(&settings).unwrap();
    send(&client, Request::get(server.url("/"))).unwrap();
    let hits = server.hits();
    let version = env!("CARGO_PKG_VERSION");
    let agent = format!("lingzheng/{version} (+ops@example.org)");
    assert_eq!(hits[0].header("user-agent"), Some(agent.as_str()));
    assert_eq!(hits[0].header("accept-encoding"), Some("gzip, deflate"));
    settings.contact.address = Some("a\r\nX-Evil: 1".into());
    assert_eq!(Client::new(&settings).err().unwrap().reason, "settings");
}

#[test]
fn a_cookie_comes_back_once_and_only_to_its_visit() {
    let server = Server::start(|hit, _| match hit.header("cookie") {
        Some("pass=1") => page("200 OK", "", b"in"),
        _ => page(
            "302 Found",
            "Location: /\r\nSet-Cookie: pass=1; Path=/\r\n",
            b"",
        ),
    });
    let client = Client::new(&settings(&[server.addr])).unwrap();
    for visit in 1..=2 {
        let page = send(&client, Request::get(server.url("/"))).unwrap();
        assert_eq!(page.body, b"in");
        assert_eq!(server.hits().len(), 2 * visit);
    }
}

#[test]
fn validators_travel_and_304_is_a_page() {
    let server = Server::start(|hit, _| match hit.header("if-none-match") {
        Some("\"v1\"") => Act::Say(b"HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n".to_vec()),
        _ => page("200 OK", "ETag: \"v1\"\r\n", b"body"),
    });
    let client = Client::new(&settings(&[server.addr])).unwrap();
    let first = send(&client, Request::get(server.url("/"))).unwrap();
    let again = Request {
        etag: first.etag,
        ..Request::get(server.url("/"))
    };
    let second = send(&client, again).unwrap();
    assert_eq!((second.status, second.body.len()), (304, 0));
}

#[test]
fn a_post_is_sent_once_and_its_redirect_is_the_answer() {
    let server = Server::start(|_, _| page("307 Elsewhere", "Location: /other\r\n", b""));
    let client = Client::new(&settings(&[server.addr])).unwrap();
    let request = Request::post(server.url("/hook"), "application/json", b"{}".to_vec());
    assert_eq!(send(&client, request).unwrap().status, 307);
    assert_eq!(server.paths(), ["/hook"]);
}

#[test]
fn a_fault_does_not_name_a_secret_address() {
    let server = Server::start(|_, _| Act::Say(Vec::new()));
    let client = Client::new(&settings(&[server.addr])).unwrap();
    let bad = [
        server.url("/robot?access_token=s3cret"),
        "http://127.0.0.1:1/s3cret".to_owned(),
        "ftp://example.com/s3cret".to_owned(),
    ];
    for url in bad {
        let request = Request::post(url, "application/json", Vec::new());
        let fault = send(&client, request).unwrap_err();
        let told = format!("{fault} {fault:?}");
        assert!(!told.contains("s3cret"), "{told}");
    }
}

#[test]
fn only_the_settings_name_a_proxy() {
    let proxy = Server::start(|_, _| page("200 OK", "", b"through"));
    let mut settings = settings(&[]);
    settings.contact.address = Some("https://example.org/bot".into());
    settings.net.proxy = Some(format!("http://{}", proxy.addr));
    let client = Client::new(&settings).unwrap();
    let page = send(&client, Request::get("http://www.example.com/a")).unwrap();
    assert_eq!(page.body, b"through");
    assert_eq!(proxy.paths(), ["http://www.example.com/a"]);
    let fault = send(&client, Request::get("http://10.0.0.1/")).unwrap_err();
    assert_eq!(fault.reason, "address");
    settings.net.proxy = Some("http://user:s3cret@".into());
    let fault = Client::new(&settings).err().unwrap();
    assert!(!fault.to_string().contains("s3cret"));
}

#[test]
fn tls_that_is_none_or_unknown_is_named() {
    let plain = tls_answer(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec());
    let alert = tls_answer(vec![0x15, 3, 1, 0, 2, 2, 0x46]);
    let own = self_signed();
    let client = Client::new(&settings(&[plain, alert, own])).unwrap();
    for (addr, want) in [(plain, "tls"), (alert, "tls_too_old"), (own, "tls_chain")] {
        let url = format!("https://{addr}/");
        let fault = send(&client, Request::get(url)).unwrap_err();
        assert_eq!(fault.reason, want, "{fault}");
    }
}

/// A listener that answers any first bytes with these.
fn tls_answer(bytes: Vec<u8>) -> SocketAddr {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            stream.write_all(&bytes).ok();
        }
    });
    addr
}

/// A listener with a certificate that nobody vouches for.
fn self_signed() -> SocketAddr {
    use std::io::Read;
    use std::sync::Arc;
    let key = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let chain = vec![key.cert.der().clone()];
    let secret =
        rustls::pki_types::PrivateKeyDer::try_from(key.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, secret)
        .unwrap();
    let config = Arc::new(config);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut tls = rustls::StreamOwned::new(connection, stream);
            let _ = tls.read(&mut [0; 64]);
        }
    });
    addr
}

#[test]
fn nothing_but_net_opens_a_connection() {
    const WORDS: [&str; 14] = [
        "reqwest::",
        "hyper::client",
        "hyper_util::client",
        "TcpStream::connect",
        "TcpSocket",
        "UdpSocket",
        "UnixStream",
        "UnixDatagram",
        "lookup_host",
        "to_socket_addrs",
        "ToSocketAddrs",
        "SmtpTransport",
        "rustls::",
        "Proxy::all",
    ];
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut read = 0;
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path == root.join("net") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                read += 1;
                let text = std::fs::read_to_string(&path).unwrap();
                for (number, line) in text.lines().enumerate() {
                    let code = line.split("//").next().unwrap_or_default();
                    if let Some(word) = WORDS.iter().find(|word| code.contains(**word)) {
                        found.push(format!("{}:{}: {word}", path.display(), number + 1));
                    }
                }
            }
        }
    }
    assert!(read > 10, "the source was not found");
    assert!(
        found.is_empty(),
        "every connection is opened in src/net, where the address is checked; move these there:\n{}",
        found.join("\n")
    );
}
