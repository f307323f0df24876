//! Mail over TLS, to a server whose certificate the machine trusts. The roots are read from the
//! environment, so the sending half runs in a process of its own: this very test program.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use lingzheng::model::{Secret, Settings, Sink, SinkKind};
use lingzheng::net::Client;
use lingzheng::notify::{self, Message};
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

/// What the server does at each of its connections.
const SESSIONS: [&str; 5] = [
    "greylists",
    "hangs up after the mail",
    "refuses the receiver",
    "refuses the login",
    "takes it",
];

/// One line of the dialogue; empty once the other side is gone.
fn line(stream: &mut impl BufRead) -> String {
    let mut line = String::new();
    stream.read_line(&mut line).ok();
    line.trim_end().to_owned()
}

/// Serves one connection; returns the mail as it came.
fn serve(stream: TcpStream, config: &Arc<rustls::ServerConfig>, session: &str) -> String {
    let mut clear = BufReader::new(stream);
    clear.get_mut().write_all(b"220 mail\r\n").unwrap();
    assert_eq!(line(&mut clear), "EHLO [127.0.0.1]");
    clear
        .get_mut()
        .write_all(b"250-mail\r\n250 STARTTLS\r\n")
        .unwrap();
    assert_eq!(line(&mut clear), "STARTTLS");
    clear.get_mut().write_all(b"220 go\r\n").unwrap();
    let tls = rustls::ServerConnection::new(config.clone()).unwrap();
    let mut talk = BufReader::new(rustls::StreamOwned::new(tls, clear.into_inner()));
    let mut mail = String::new();
    loop {
        let said = line(&mut talk);
        let answer: &str = match said.split(' ').next().unwrap() {
            "EHLO" => "250-mail\r\n250-8BITMIME\r\n250 AUTH LOGIN PLAIN\r\n",
            "AUTH" if session == "refuses the login" => "535 no\r\n",
            "AUTH" => {
                // NUL me NUL canary-password
                assert_eq!(said, "AUTH PLAIN AG1lAGNhbmFyeS1wYXNzd29yZA==");
                "235 welcome\r\n"
            }
            "MAIL" => "250 ok\r\n",
            "RCPT" if session == "greylists" => "451 later\r\n",
            "RCPT" if session == "refuses the receiver" => "550 nobody\r\n",
            "RCPT" => "250 ok\r\n",
            "DATA" => {
                talk.get_mut().write_all(b"354 go\r\n").unwrap();
                loop {
                    let text = line(&mut talk);
                    if text == "." {
                        break;
                    }
                    mail.push_str(&text);
                    mail.push('\n');
                }
                if session == "hangs up after the mail" {
                    return mail;
                }
                "250 taken\r\n"
            }
            _ => {
                talk.read_to_end(&mut Vec::new()).ok();
                return mail;
            }
        };
        talk.get_mut().write_all(answer.as_bytes()).unwrap();
    }
}

#[test]
fn a_mail_is_taken_once_the_server_says_so() {
    let key = KeyPair::generate().unwrap();
    let cert = CertificateParams::new(vec!["localhost".into()])
        .unwrap()
        .self_signed(&key)
        .unwrap();
    let dir = tempfile::tempdir().unwrap();
    let pem = dir.path().join("root.pem");
    std::fs::write(&pem, cert.pem()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let secret = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], secret)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        SESSIONS.map(|session| serve(listener.accept().unwrap().0, &config, session))
    });
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_sending_half", "--ignored", "--nocapture"])
        .env("SSL_CERT_FILE", &pem)
        .env("LINGZHENG_TEST_PORT", port.to_string())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout).into_owned();
    let got: Vec<&str> = said
        .lines()
        .filter_map(|l| l.strip_prefix("RESULT "))
        .collect();
    assert_eq!(
        got,
        [
            "passing the mail server answers 451 to the receiver",
            "passing the mail server hung up",
            "permanent the mail server answers 550 to the receiver",
            "passing the mail server answers 535 to the login",
            "taken",
        ],
        "{said} {}",
        String::from_utf8_lossy(&child.stderr)
    );
    let mails = server.join().unwrap();
    assert_eq!(
        mails[1], mails[4],
        "a mail that may arrive twice is the same mail"
    );
    let head = mails[4].split("\n\n").next().unwrap();
    assert_eq!(head.matches("Subject: ").count(), 1, "{head}");
    assert!(
        head.contains("Message-ID: <1f2e3d4c.7.lingzheng@example.org>"),
        "{head}"
    );
    assert!(
        head.contains("To: you@example.org") && !head.contains("\nBcc"),
        "{head}"
    );
}

#[test]
#[ignore = "run by the other test, with its certificate"]
fn the_sending_half() {
    let port: u16 = std::env::var("LINGZHENG_TEST_PORT")
        .unwrap()
        .parse()
        .unwrap();
    let mut settings = Settings::default();
    settings.net.allow = vec![([127, 0, 0, 1], port).into()];
    let client = Client::new(&settings).unwrap();
    let sink = Sink {
        kind: SinkKind::Email,
        host: Some("localhost".into()),
        port,
        user: Some("me".into()),
        secret: Some(Secret::new("canary-password")),
        from: Some("me@example.org".into()),
        to: vec!["you@example.org".into()],
        ..Sink::default()
    };
    let message = Message {
        id: "1f2e3d4c:7".into(),
        learned: "2026-03-05T02:00:00Z".parse().unwrap(),
        title: "领取证书\r\nBcc: evil@example.com".into(),
        text: ".\n· 时间\n".into(),
        html: "<p>时间</p>".into(),
        url: String::new(),
        json: String::new(),
        media: "",
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for _ in SESSIONS {
        let now = "2026-03-05T02:00:00Z".parse().unwrap();
        match runtime.block_on(notify::send(&client, &sink, &message, now)) {
            Ok(()) => println!("RESULT taken"),
            Err(e) if e.permanent => println!("RESULT permanent {}", e.detail),
            Err(e) => println!("RESULT passing {}", e.detail),
        }
    }
}
