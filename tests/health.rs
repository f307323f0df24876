//! What is said of a source that answers: a list that is short or without dates and stays so, one
//! that has gone quiet, a certificate that is about to end.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use assert_cmd::Command;
use lingzheng::crawl::warn::Warning;
use regex::Regex;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use support::disguise::{decoded, encoded};
use support::recording::{Watched, Web, about_notices, about_source};

/// The web with the text of the list changed.
fn with_list(watched: &Watched, edit: impl Fn(&str) -> String) -> Web {
    let mut web = watched.web.clone();
    let answer = web.get_mut(&watched.list()).unwrap();
    let text = edit(&decoded(answer));
    answer.body = encoded(answer, &text);
    web
}

/// All rows but the last five are left out.
fn short(list: &str) -> String {
    let row = Regex::new(r"(?s)<li><a.*?</li>\s*").unwrap();
    let rows = list
        .split_once("<ul class=\"articles\">")
        .map_or("", |(_, l)| l);
    let rows = rows.split("</ul>").next().unwrap();
    let all: Vec<&str> = row.find_iter(rows).map(|m| m.as_str()).collect();
    assert!(all.len() > 12, "{} rows", all.len());
    list.replace(rows, &all[all.len() - 5..].concat())
}

/// No row shows its date.
fn undated(list: &str) -> String {
    let date = Regex::new(r"\[?2026-\d\d-\d\d\]?").unwrap();
    date.replace_all(list, "").into_owned()
}

#[test]
fn a_list_that_stays_as_it_is_for_a_day_is_how_it_is_now() {
    for (reason, edit) in [
        ("row_drop", short as fn(&str) -> String),
        ("undated", undated),
    ] {
        let mut watched = Watched::recorded("gx");
        let good = watched.web.clone();
        watched.visit(&good);
        let other = with_list(&watched, edit);
        let mut told = Vec::new();
        for hour in 0..30 {
            let report = watched.visit(&other);
            assert_eq!(about_notices(&report), [""; 0], "{reason} hour {hour}");
            if let Some(fault) = report.outcomes.iter().find_map(|o| o.fault.as_ref()) {
                assert_eq!(fault.reason, reason);
            }
            told.extend(about_source(&report).into_iter().map(|word| (hour, word)));
        }
        assert_eq!(told, [(0, "broken"), (24, "recovered")], "{reason}");
        // As it was before: nothing of it is new.
        let back = watched.visit(&good);
        assert_eq!(
            (about_source(&back).len(), about_notices(&back).len()),
            (0, 0)
        );
    }
}

#[test]
fn a_list_that_is_short_for_an_hour_was_never_so() {
    let mut watched = Watched::recorded("gx");
    let good = watched.web.clone();
    watched.visit(&good);
    let other = with_list(&watched, short);
    assert_eq!(about_source(&watched.visit(&other)), ["broken"]);
    assert_eq!(about_source(&watched.visit(&other)), [""; 0]);
    let back = watched.visit(&good);
    assert_eq!(about_source(&back), ["recovered"]);
    assert_eq!(about_notices(&back), [""; 0]);
}

#[test]
fn a_quiet_list_is_spoken_of_once_while_certificates_are_waited_for() {
    let mut watched = Watched::recorded("gx");
    let good = watched.web.clone();
    assert_eq!(watched.visit(&good).warnings, []);
    watched.now = "2027-02-01T01:00:00Z".parse().unwrap();
    let stale = Warning::Stale {
        source: "gx".into(),
        days: 55,
    };
    assert_eq!(watched.visit(&good).warnings, [stale]);
    assert_eq!(watched.visit(&good).warnings, []);
    watched.now = "2027-02-03T01:00:00Z".parse().unwrap();
    assert_eq!(watched.visit(&good).warnings, [], "the same quiet");
}

const LIST: &str = "<html><head><meta charset=utf-8><title>通知公告</title></head><body><ul class=l>\
    <li><a href=/a/1.html>2026年度经济专业技术资格考试成绩公布</a><span>2026-12-05</span></li>\
    <li><a href=/a/2.html>2026年度执业药师职业资格考试考务通知</a><span>2026-12-04</span></li>\
    </ul></body></html>";

/// An https server whose certificate ends on 2036-12-20; the address and the certificate.
fn https() -> (SocketAddr, String) {
    let mut of = rcgen::CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    of.not_after = rcgen::date_time_ymd(2036, 12, 20);
    let key = rcgen::KeyPair::generate().unwrap();
    let made = of.self_signed(&key).unwrap();
    let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.der().clone()], der)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let tls = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut talk = rustls::StreamOwned::new(tls, stream);
            let mut head = [0; 4096];
            let n = talk.read(&mut head).unwrap_or(0);
            let list = head[..n].starts_with(b"GET /tzgg/ ");
            let (status, body) = match list {
                true => ("200 OK", LIST),
                false => ("404 Not Found", ""),
            };
            let answer = format!(
                "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = talk.write_all(answer.as_bytes());
            talk.conn.send_close_notify();
            let _ = talk.flush();
        }
    });
    (addr, made.pem())
}

#[test]
fn a_certificate_that_ends_within_two_weeks_is_spoken_of_once() {
    let (addr, pem) = https();
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let roots = file("roots.pem", &pem);
    let config = file(
        "config.toml",
        &format!("[net]\nallow = [\"{addr}\"]\npause = 0.5\n"),
    );
    let sources = file(
        "sources.toml",
        &format!(
            "format = 1\n[[source]]\nid = \"x\"\nregion = \"广西\"\nname = \"某市\"\nlist = \"https://{addr}/tzgg/\"\nbasis = \"seen\"\nfamily = \"auto\"\nentry = \"li\"\n"
        ),
    );
    let run = |now: &str, args: &[&str]| {
        let mut command = Command::cargo_bin("lingzheng").unwrap();
        command
            .env("SSL_CERT_FILE", &roots)
            .env_remove("SSL_CERT_DIR");
        command
            .args(["--lang", "en", "--now", now, "--db"])
            .arg(dir.path().join("a.db"))
            .arg("--config")
            .arg(&config)
            .arg("--sources")
            .arg(&sources);
        let done = command.args(args).output().unwrap();
        let said = String::from_utf8(done.stdout).unwrap();
        said + &String::from_utf8(done.stderr).unwrap()
    };
    let crawl = ["crawl", "x"];
    assert_eq!(run("2036-12-05T09:00:00+08:00", &crawl), "");
    let said = run("2036-12-06T09:00:00+08:00", &crawl);
    let word = "the certificate of 127.0.0.1 ends on 2036-12-20";
    assert!(said.contains(word) && said.lines().count() == 1, "{said}");
    assert_eq!(run("2036-12-07T09:00:00+08:00", &crawl), "");
    let table = run("2036-12-07T10:00:00+08:00", &["sources"]);
    let row = table.lines().find(|l| l.contains("127.0.0.1")).unwrap();
    assert!(row.contains(word), "{row}");
    let json = run(
        "2036-12-07T10:00:00+08:00",
        &["sources", "--format", "json"],
    );
    assert!(json.contains("\"certificate_until\": \"2036-12-20T00:00:00Z\""));
}
