//! No address of a private network, of another scheme or port is ever connected to, in whatever
//! field it stands: a list, a redirect, a webhook, a ping, a mail server, a page's links.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod support;

use lingzheng::deliver;
use lingzheng::model::{Fault, Page, Secret, Settings, Sink, SinkKind, Timestamp};
use lingzheng::net::{Client, Request, check_url, public};
use lingzheng::notify::{self, Message};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use support::long::{measured, rounds};
use support::server::{Server, page};
use url::Url;

/// The production policy, but for one address: that of the test's own server.
fn settings(allow: &[SocketAddr]) -> Settings {
    let mut settings = Settings::default();
    settings.contact.address = Some("test@example.org".into());
    settings.net.allow = allow.to_vec();
    (settings.net.total_timeout, settings.net.connect_timeout) = (1.0, 0.5);
    settings.net.retries = 0;
    settings
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// The words of one section of the table, `\u{…}` resolved.
fn words(wanted: &str) -> Vec<String> {
    let mut section = "";
    let mut words = Vec::new();
    for line in include_str!("data/addresses.txt").lines() {
        match line.strip_prefix("== ") {
            Some(name) => section = name,
            None if line.is_empty() || line.starts_with("# ") || section != wanted => {}
            None => words.push(unescape(line)),
        }
    }
    words
}

fn unescape(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\\u{") {
        let (code, tail) = after.split_once('}').unwrap();
        out.push_str(before);
        out.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// A bare IP of the table as it would stand in an address.
fn as_url(word: &str) -> String {
    match word.parse::<IpAddr>() {
        Ok(IpAddr::V6(ip)) => format!("http://[{ip}]/"),
        Ok(IpAddr::V4(ip)) => format!("http://{ip}/"),
        Err(_) => word.to_owned(),
    }
}

/// Refused before anything was looked up or connected to.
#[track_caller]
fn refused(field: &str, word: &str, fault: &Fault) {
    const REASONS: [&str; 6] = ["url", "scheme", "port", "address", "off_host", "redirects"];
    assert!(
        REASONS.contains(&fault.reason.as_str()),
        "{field} {word}: {fault:?}"
    );
}

#[test]
fn the_table_of_addresses() {
    let (blocked, allowed) = (words("blocked"), words("allowed"));
    assert!(blocked.len() >= 190 && allowed.len() >= 35);
    let passes = |word: &str| match word.parse::<IpAddr>() {
        Ok(ip) => public(ip),
        Err(_) => check_url(word, &[], &[]).is_ok(),
    };
    for word in &blocked {
        assert!(!passes(word), "{word} must be refused");
        // A literal that a parser sees through is refused for its address as well.
        let host = url::Url::parse(word).ok();
        let ip = host.and_then(|u| match u.host()? {
            url::Host::Ipv4(ip) => Some(IpAddr::V4(ip)),
            url::Host::Ipv6(ip) => Some(IpAddr::V6(ip)),
            url::Host::Domain(_) => None,
        });
        assert!(!ip.is_some_and(public), "{word} is called public");
    }
    for word in &allowed {
        assert!(passes(word), "{word} must be allowed");
    }
}

#[test]
fn in_every_field_that_takes_an_address() {
    let blocked = words("blocked");
    // A server whose every page sends on to the word that stands now.
    let next: Arc<Mutex<String>> = Arc::default();
    let shown = next.clone();
    let server = Server::start(move |hit, _| match hit.path.as_str() {
        "/from" => {
            let to = shown.lock().unwrap().clone();
            page("302 Found", &format!("Location: {to}\r\n"), b"")
        }
        // Where a word is no absolute address, it leads to this server itself.
        _ => page("200 OK", "", b"its own"),
    });
    let settings = settings(&[server.addr]);
    let client = Client::new(&settings).unwrap();
    let mut checks = 0;
    for word in &blocked {
        let url = as_url(word);
        // A list, a notice, a file, a robots.txt: whatever is fetched.
        let fault = block_on(client.send(Request::get(&url))).unwrap_err();
        refused("fetched", word, &fault);
        // A redirect, where only the page's own host may follow and where any host may.
        let any_host = Request {
            hosts: lingzheng::net::Hosts::Any,
            ..Request::get(server.url("/from"))
        };
        // There is one parser: what it makes of the word is what is looked at.
        let to = Url::parse(&server.url("/from")).unwrap().join(&url);
        let relative = to
            .as_ref()
            .is_ok_and(|to| to.port() == Some(server.addr.port()));
        // `http://www.example.com\@127.0.0.1/` is a path of a public host, which nobody asks here.
        let leads_out = to.is_ok_and(|to| check_url(to.as_str(), &[], &[]).is_ok());
        // What cannot stand in a header line is no Location.
        if !leads_out && !url.contains(|c: char| c.is_control()) {
            *next.lock().unwrap() = url.clone();
            for request in [Request::get(server.url("/from")), any_host] {
                match block_on(client.send(request)) {
                    Err(fault) => refused("redirect", word, &fault),
                    Ok(Page { url, .. }) => {
                        assert!(
                            relative && url.starts_with(&server.url("/")),
                            "{word}: {url}"
                        );
                    }
                }
            }
            checks += 2;
        }
        // The operator's own receivers may have any port: a public name is not asked here.
        if check_url(&url, &[], &[]).is_err_and(|fault| fault.reason == "port") {
            continue;
        }
        // A webhook and a robot.
        for kind in [SinkKind::Webhook, SinkKind::Wecom] {
            let sink = Sink {
                name: "a".into(),
                kind,
                url: Some(Secret::new(url.clone())),
                timeout: 1.0,
                ..Sink::default()
            };
            let error = block_on(notify::send(
                &client,
                &sink,
                &message(),
                Timestamp::UNIX_EPOCH,
            ));
            let detail = error.unwrap_err().detail;
            let what = detail.split(':').next().unwrap().to_owned();
            let words = ["url", "scheme", "port", "address"];
            assert!(words.contains(&what.as_str()), "{kind:?} {word}: {detail}");
        }
        // The ping after a run.
        let mut pinged = settings.clone();
        pinged.ping.url = Some(Secret::new(url.clone()));
        let detail = deliver::ping(&pinged, 0).unwrap_err().to_string();
        assert!(!detail.contains("HTTP"), "ping {word}: {detail}");
        checks += 4;
        // A mail server is a bare host.
        if let Ok(ip) = word.parse::<IpAddr>() {
            let fault = block_on(client.stream(&ip.to_string(), 25)).unwrap_err();
            assert_eq!(fault.reason, "address", "mail {word}");
            checks += 1;
        }
    }
    assert!(server.paths().iter().all(|p| p.starts_with('/')));
    assert!(checks >= 900, "{checks}");
    measured(&format!(
        "{checks} checks of {} addresses in 7 fields: none connected to",
        blocked.len()
    ));
}

fn message() -> Message {
    Message {
        id: "0:1".into(),
        learned: Timestamp::UNIX_EPOCH,
        title: "t".into(),
        text: "t\n".into(),
        html: "t".into(),
        url: String::new(),
        json: "{}".into(),
        media: "application/json",
    }
}

/// How often a name is asked for in the namespace below.
fn trials() -> usize {
    rounds(20, 100)
}

/// In a network of its own, where a public address is this machine's and the name server lies, the
/// policy that holds in production is put to the test: no switch, no permitted address.
#[cfg(target_os = "linux")]
#[test]
fn a_name_server_that_lies_leads_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let conf = dir.path().join("resolv.conf");
    std::fs::write(
        &conf,
        "nameserver 127.0.0.1\noptions timeout:2 attempts:1\n",
    )
    .unwrap();
    let script = "ip link set lo up && ip addr add 93.184.216.34/32 dev lo && \
                  mount --bind \"$CONF\" /etc/resolv.conf || exit 99\n\
                  exec \"$TEST\" --exact --ignored --nocapture behind_a_lying_name_server";
    for flags in ["-mn", "-Urmn"] {
        let output = std::process::Command::new("unshare")
            .args([flags, "sh", "-c", script])
            .env("CONF", &conf)
            .env("TEST", std::env::current_exe().unwrap())
            .output();
        let Ok(output) = output else { break };
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let failed = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.code() == Some(99) || failed.contains("unshare:") {
            continue;
        }
        assert!(output.status.success(), "{said}{failed}");
        assert!(said.contains("1 passed"), "{said}");
        return measured(&format!(
            "{} trials of a name that is bound anew: none inside",
            trials()
        ));
    }
    println!("skipped: no network namespace can be made here");
}

#[test]
#[ignore = "run by the test above, in a network of its own"]
fn behind_a_lying_name_server() {
    lying_name_server();
    let canary = |ip: &str| {
        let hits: Arc<Mutex<usize>> = Arc::default();
        let count = hits.clone();
        let listener = std::net::TcpListener::bind((ip, 80)).unwrap();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                use std::io::{Read, Write};
                *count.lock().unwrap() += 1;
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        });
        hits
    };
    let inside = [canary("127.0.0.1"), canary("::1")];
    let outside = canary("93.184.216.34");
    let client = Client::new(&settings(&[])).unwrap();
    let mut reached = 0;
    for n in 0..trials() {
        for name in ["rebind", "mixed", "inside", "six", "both"] {
            let url = format!("http://{name}{n}.example.com/");
            for _ in 0..2 {
                match block_on(client.send(Request::get(&url))) {
                    Ok(page) => {
                        assert_eq!(page.body, b"ok");
                        assert!(["rebind", "mixed", "both"].contains(&name), "{url}");
                        reached += 1;
                    }
                    Err(fault) => {
                        assert_eq!(fault.reason, "address", "{url}: {fault:?}");
                        assert_ne!(name, "mixed", "its good address may be asked");
                        assert_ne!(name, "both", "where IPv6 leads nowhere, IPv4 does");
                    }
                }
            }
        }
    }
    assert_eq!(inside.map(|hits| *hits.lock().unwrap()), [0, 0]);
    assert_eq!(*outside.lock().unwrap(), reached);
    assert!(reached >= trials() * 5, "{reached}");
}

/// Answers on port 53: `rebind…` with a public address first and this machine's afterwards,
/// `mixed…` with both at once, `inside…` with this machine's, `six…` with the same in IPv6, `both…`
/// with a public one that answers and one in IPv6 to which there is no way.
/// The form of a message: RFC 1035 §4.
fn lying_name_server() {
    let socket = std::net::UdpSocket::bind("127.0.0.1:53").unwrap();
    std::thread::spawn(move || {
        let mut asked = std::collections::HashMap::<String, usize>::new();
        let mut buffer = [0; 512];
        while let Ok((n, from)) = socket.recv_from(&mut buffer) {
            let question = &buffer[12..n];
            let end = question.iter().position(|b| *b == 0).unwrap() + 1;
            let first = usize::from(question[0]);
            let name = String::from_utf8_lossy(&question[1..=first]).into_owned();
            let kind = u16::from_be_bytes([question[end], question[end + 1]]);
            let (public, own) = (vec![93, 184, 216, 34], vec![127, 0, 0, 1]);
            let answers: Vec<Vec<u8>> = match (name.trim_end_matches(char::is_numeric), kind) {
                ("rebind", 1) => {
                    let before = asked.entry(name.clone()).or_default();
                    *before += 1;
                    vec![if *before == 1 { public } else { own }]
                }
                ("mixed", 1) => vec![own, public],
                ("inside", 1) => vec![own],
                ("both", 1) => vec![public],
                ("both", 28) => vec![[vec![0x20, 1, 0x48, 0x60], vec![0; 11], vec![1]].concat()],
                ("six", 28) => vec![[vec![0; 15], vec![1]].concat()],
                _ => Vec::new(),
            };
            let mut reply = buffer[..2].to_vec();
            reply.extend([0x81, 0x80, 0, 1, 0, answers.len() as u8, 0, 0, 0, 0]);
            reply.extend(&question[..end + 4]);
            for address in answers {
                // A pointer to the name, type, class IN, no time to live, length.
                reply.extend([0xc0, 12]);
                reply.extend(kind.to_be_bytes());
                reply.extend([0, 1, 0, 0, 0, 0, 0, address.len() as u8]);
                reply.extend(address);
            }
            socket.send_to(&reply, from).unwrap();
        }
    });
}
