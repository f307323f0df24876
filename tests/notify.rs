//! One message to one sink, against receivers that misbehave.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use lingzheng::model::{Secret, Settings, Sink, SinkKind, Timestamp};
use lingzheng::net::Client;
use lingzheng::notify::{self, Message, SendError};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::time::Duration;
use support::receiver::{Receiver, Reply};

const KEY: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const OLD: &str = "whsec_b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xk";

fn now() -> Timestamp {
    "2026-11-25T00:00:00Z".parse().unwrap()
}

fn client(allow: &[std::net::SocketAddr]) -> Client {
    let mut settings = Settings::default();
    settings.contact.address = Some("me@example.org".into());
    settings.net.allow = allow.to_vec();
    settings.net.connect_timeout = 2.0;
    Client::new(&settings).unwrap()
}

fn message() -> Message {
    Message {
        id: "1f2e3d4c:7".into(),
        learned: now(),
        title: "[广西] 新：关于领取证书的通知".into(),
        text: "· 时间\n".into(),
        html: "<p>时间</p>".into(),
        url: "https://www.example.cn/1".into(),
        json: "{\"id\":\"1f2e3d4c:7\"}".into(),
        media: "application/cloudevents+json; charset=utf-8",
    }
}

fn send(client: &Client, sink: &Sink) -> Result<(), SendError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(notify::send(client, sink, &message(), now()))
}

fn webhook(url: String) -> Sink {
    Sink {
        url: Some(Secret::new(url)),
        secret: Some(Secret::new(KEY)),
        timeout: 1.0,
        ..Sink::default()
    }
}

#[test]
fn what_a_receiver_answers_and_what_that_means() {
    let receiver = Receiver::start(|post, _| match post.path.as_str() {
        "/200" => Reply::Say("200 OK", "", "whatever"),
        "/204" => Reply::Say("204 No Content", "", ""),
        "/302" => Reply::Say("302 Found", "Location: /200\r\n", ""),
        "/400" => Reply::Say("400 Bad", "", ""),
        "/410" => Reply::Say("410 Gone", "", ""),
        "/429" => Reply::Say("429 Slow", "Retry-After: 120\r\n", ""),
        "/429-long" => Reply::Say("429 Slow", "Retry-After: 1000000000\r\n", ""),
        "/429-rubbish" => Reply::Say("429 Slow", "Retry-After: soon\r\n", ""),
        "/500" => Reply::Say("500 Oops", "", ""),
        "/502" => Reply::Say("502 Bad Gateway", "", ""),
        "/503" => Reply::Say(
            "503 Busy",
            "Retry-After: Wed, 25 Nov 2099 00:00:00 GMT\r\n",
            "",
        ),
        "/hang" => Reply::Hang,
        _ => Reply::Reset,
    });
    let client = client(&[receiver.addr]);
    let seconds = Duration::from_secs;
    // Path, taken, how long to wait, nothing more wanted.
    for (path, taken, wait, disable) in [
        ("/200", true, None, false),
        ("/204", true, None, false),
        ("/302", false, None, false),
        ("/400", false, None, false),
        ("/410", false, None, true),
        ("/429", false, Some(seconds(120)), false),
        ("/429-long", false, Some(seconds(86_400)), false),
        ("/429-rubbish", false, Some(seconds(60)), false),
        ("/500", false, None, false),
        ("/502", false, Some(seconds(60)), false),
        ("/503", false, Some(seconds(86_400)), false),
        ("/hang", false, None, false),
        ("/reset", false, None, false),
    ] {
        match send(&client, &webhook(receiver.url(path))) {
            Ok(()) => assert!(taken, "{path}"),
            Err(error) => {
                assert!(!taken && !error.permanent, "{path}: {error}");
                assert_eq!(
                    (error.retry_after, error.disable),
                    (wait, disable),
                    "{path}"
                );
                let told = format!("{error:?}");
                assert!(!told.contains(&receiver.addr.to_string()), "{told}");
            }
        }
    }
    let paths: Vec<String> = receiver.posts().into_iter().map(|p| p.path).collect();
    assert_eq!(
        paths.iter().filter(|p| *p == "/200").count(),
        1,
        "the redirect was not followed"
    );
    assert_eq!(paths.len(), 13, "each was asked once");
}

#[test]
fn a_webhook_is_signed_with_every_secret_that_holds() {
    let receiver = Receiver::start(|_, _| Reply::Say("200 OK", "", ""));
    let sink = Sink {
        old_secret: Some(Secret::new(OLD)),
        ..webhook(receiver.url("/hook?token=canary"))
    };
    send(&client(&[receiver.addr]), &sink).unwrap();
    let post = receiver.posts().remove(0);
    assert_eq!(post.header("webhook-id"), "1f2e3d4c:7");
    assert_eq!(post.header("webhook-timestamp"), "1795564800");
    assert_eq!(
        post.header("content-type"),
        "application/cloudevents+json; charset=utf-8"
    );
    assert_eq!(post.body, message().json);
    let signature = |secret| {
        let secret = Secret::new(secret);
        notify::signature([&secret], "1f2e3d4c:7", 1_795_564_800, &post.body).unwrap()
    };
    assert_eq!(
        post.header("webhook-signature"),
        format!("{} {}", signature(KEY), signature(OLD))
    );
    assert!(!post.head.contains("whsec_") && !post.body.contains("whsec_"));
}

#[test]
fn private_addresses_only_by_the_list() {
    let receiver = Receiver::start(|_, _| Reply::Say("200 OK", "", ""));
    let error = send(&client(&[]), &webhook(receiver.url("/hook?token=canary"))).unwrap_err();
    assert!(error.detail.starts_with("address: "), "{error}");
    assert!(!format!("{error:?}").contains("canary"));
    let port = receiver.addr.port();
    let mail = Sink {
        kind: SinkKind::Email,
        host: Some("127.0.0.1".into()),
        port,
        from: Some("me@example.org".into()),
        to: vec!["me@example.org".into()],
        ..Sink::default()
    };
    let error = send(&client(&[]), &mail).unwrap_err();
    assert!(error.detail.starts_with("address: "), "{error}");
    assert_eq!(receiver.posts().len(), 0);
}

#[test]
fn a_robot_that_answers_200_with_an_error_has_failed() {
    let receiver = Receiver::start(|_, before| match before {
        0 => Reply::Say(
            "200 OK",
            "",
            "{\"errcode\":93000,\"errmsg\":\"key=canary-key\"}",
        ),
        1 => Reply::Say("200 OK", "", "{\"errcode\":45009}"),
        2 => Reply::Say("200 OK", "", "<html>maintenance</html>"),
        _ => Reply::Say("200 OK", "", "{\"errcode\":0}"),
    });
    let sink = Sink {
        kind: SinkKind::Wecom,
        url: Some(Secret::new(receiver.url("/send?key=canary-key"))),
        ..Sink::default()
    };
    let client = client(&[receiver.addr]);
    let errors: Vec<SendError> = (0..3).map(|_| send(&client, &sink).unwrap_err()).collect();
    assert!(
        errors[0].detail.contains("/errcode = 93000"),
        "{}",
        errors[0]
    );
    assert_eq!(errors[1].retry_after, Some(Duration::from_secs(60)));
    assert!(!errors[0].detail.contains("canary"), "{}", errors[0]);
    assert!(errors.iter().all(|e| !e.permanent));
    assert_eq!(send(&client, &sink), Ok(()));
}

#[test]
fn a_command_gets_json_and_no_secrets() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let run = |script: &str, timeout: f64| {
        let sink = Sink {
            kind: SinkKind::Command,
            command: ["/bin/sh", "-c", script, "name", out.to_str().unwrap()]
                .map(Into::into)
                .into(),
            timeout,
            ..Sink::default()
        };
        send(&client(&[]), &sink)
    };
    assert_eq!(run("cat > $1; env >> $1", 5.0), Ok(()));
    let got = std::fs::read_to_string(&out).unwrap();
    assert!(got.starts_with(&format!("{}\n", message().json)), "{got}");
    assert!(got.contains("LINGZHENG_ID=1f2e3d4c:7\n") && got.contains("PATH="));
    // Cargo sets dozens of variables for a test: none of them goes along.
    assert!(!got.contains("CARGO"), "{got}");
    assert!(
        run("exit 3", 5.0)
            .unwrap_err()
            .detail
            .contains("exit status: 3")
    );
    assert_eq!(run("exec 0<&-; exit 0", 5.0), Ok(()), "it need not read");
    assert_eq!(
        run("sleep 20", 1.0).unwrap_err().detail,
        "not done within 1 s"
    );
    let missing = Sink {
        kind: SinkKind::Command,
        command: vec!["/no/such".into()],
        ..Sink::default()
    };
    assert!(
        send(&client(&[]), &missing)
            .unwrap_err()
            .detail
            .contains("cannot be started")
    );
}

/// A mail server that answers each line by the script and keeps what it heard.
fn mail_server(
    greeting: &'static str,
    script: fn(&str) -> &'static str,
) -> (Sink, std::net::SocketAddr, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok();
        stream.write_all(greeting.as_bytes()).ok();
        let mut lines = BufReader::new(stream.try_clone().unwrap());
        let mut heard = String::new();
        loop {
            let mut line = Vec::new();
            if lines.read_until(b'\n', &mut line).is_err() || line.is_empty() {
                return heard;
            }
            let line = String::from_utf8_lossy(&line).into_owned();
            heard.push_str(&line);
            match script(line.trim_end()) {
                "hang up" => return heard,
                "listen" => {
                    let mut rest = [0; 1024];
                    if let Ok(n) = lines.read(&mut rest) {
                        heard.push_str(&String::from_utf8_lossy(&rest[..n]));
                    }
                    return heard;
                }
                answer => drop(stream.write_all(answer.as_bytes())),
            }
        }
    });
    let sink = Sink {
        kind: SinkKind::Email,
        host: Some("127.0.0.1".into()),
        port: addr.port(),
        user: Some("me".into()),
        secret: Some(Secret::new("canary-password")),
        from: Some("me@example.org".into()),
        to: vec!["you@example.org".into()],
        timeout: 3.0,
        ..Sink::default()
    };
    (sink, addr, heard)
}

#[test]
fn mail_says_nothing_in_the_clear() {
    // Offers a login but no TLS: somebody between may have taken the offer away.
    let (sink, addr, heard) = mail_server("220 hi\r\n", |line| match line {
        l if l.starts_with("EHLO") => "250-hi\r\n250 AUTH PLAIN LOGIN\r\n",
        _ => "250 ok\r\n",
    });
    let error = send(&client(&[addr]), &sink).unwrap_err();
    assert!(
        error.detail.contains("no STARTTLS") && !error.permanent,
        "{error}"
    );
    assert_eq!(heard.join().unwrap(), "EHLO [127.0.0.1]\r\n");

    // Speaks on before TLS: what came early must not count as said within.
    let (sink, addr, heard) = mail_server("220 hi\r\n", |line| match line {
        "STARTTLS" => "220 go\r\n250 AUTH PLAIN\r\n",
        _ => "250-hi\r\n250 STARTTLS\r\n",
    });
    let error = send(&client(&[addr]), &sink).unwrap_err();
    assert!(
        error.detail.contains("out of turn") || error.detail.starts_with("tls"),
        "{error}"
    );
    assert!(!heard.join().unwrap().contains("AUTH"));

    // Agrees to TLS and then has none.
    let (sink, addr, heard) = mail_server("220 hi\r\n", |line| match line {
        l if l.starts_with("EHLO") => "250-hi\r\n250 STARTTLS\r\n",
        "STARTTLS" => "220 go\r\n",
        _ => "hang up",
    });
    let error = send(&client(&[addr]), &sink).unwrap_err();
    assert!(
        error.detail.starts_with("tls: ") || error.detail.starts_with("mail server"),
        "{error}"
    );
    let heard = heard.join().unwrap();
    assert!(
        !heard.contains("AUTH") && !heard.contains("MAIL"),
        "{heard:?}"
    );
}

#[test]
fn a_mail_server_that_speaks_no_smtp() {
    for greeting in [
        "",
        "HTTP/1.1 200 OK\r\n\r\n",
        "554 go away\r\n",
        "220-endless\r\n",
    ] {
        let (sink, addr, heard) = mail_server(greeting, |_| "hang up");
        let error = send(
            &client(&[addr]),
            &Sink {
                timeout: 1.0,
                ..sink
            },
        )
        .unwrap_err();
        assert!(!error.permanent, "{greeting:?}: {error}");
        drop(heard);
    }
}
