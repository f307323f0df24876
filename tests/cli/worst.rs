//! The worst day: every bad answer in the place of a list, a notice, a file, a robots.txt and a
//! receiver's reply, while other offices and another receiver are well. The run ends in time, in
//! little memory, and those that are well are served.

use super::support::long::{measured, rounds};
use super::support::receiver::{Receiver, Reply};
use super::support::responses::{Case, cases};
use super::support::server::{Act, Server, page};
use super::*;
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Instant;

const ROLES: [&str; 4] = ["list", "notice", "file", "robots"];
/// Sources in one run, as many as there are provinces, ministries and cities with own lists.
const SOURCES: usize = 38;
/// Most memory of a run, in bytes.
const MEMORY: u64 = 96 << 20;
const TITLE: &str = "关于领取2026年上半年计算机软件资格考试证书的通知";

/// What an office says whose answer in one role is bad.
fn say(role: &str, path: &str, act: &Act) -> Act {
    let html = |text: String| {
        let kind = "Content-Type: text/html; charset=utf-8\r\n";
        page("200 OK", kind, text.as_bytes())
    };
    match (path, role) {
        ("/robots.txt", "robots") | ("/l/", "list") | ("/n1.html", "notice") => act.clone(),
        ("/f.doc", "file") => act.clone(),
        ("/robots.txt", _) => site::missing(),
        ("/l/", _) => html(site::list(&[(
            "/n1.html".into(),
            "2026-12-01",
            TITLE.into(),
        )])),
        ("/n1.html", _) => html(site::notice(
            TITLE,
            "领取时间：2026年12月7日至25日。</p><p><a href=\"/f.doc\">附件：领取地点一览表.doc</a>",
        )),
        ("/f.doc", _) => page("200 OK", "", b"\xd0\xcf\x11\xe0 a file"),
        ("/ok", _) => page("200 OK", "", b"ok"),
        // Where its redirects lead.
        _ => act.clone(),
    }
}

/// A part of all cases every day, all of them in the long form.
fn chosen() -> Vec<Case> {
    let all = cases();
    let step = (all.len() / rounds(24, all.len())).max(1);
    all.into_iter().step_by(step).collect()
}

fn allow(addresses: &[SocketAddr]) -> String {
    let listed: Vec<String> = addresses.iter().map(|a| format!("\"{a}\"")).collect();
    format!(
        "[contact]\naddress = \"test@example.org\"\n[watch]\nexams = []\n[net]\nallow = [{}]\n\
         pause = 0.5\nretries = 0\nconnect_timeout = 1.0\ntotal_timeout = 1.5\n",
        listed.join(", ")
    )
}

/// Runs to the end; the code, what was said, and the most memory that it held. Pages of the program
/// itself are not counted: without optimisation they are many, and the system may drop them.
fn watched(mut command: Command) -> (Ran, u64) {
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let looker = std::thread::spawn(move || {
        let mut peak = 0;
        while let Ok(text) = std::fs::read_to_string(&status) {
            let of = |key: &str| -> Option<u64> {
                let words = text.lines().find_map(|l| l.strip_prefix(key))?;
                words.trim().trim_end_matches(" kB").trim().parse().ok()
            };
            // A process that has ended has none.
            let (Some(most), Some(program)) = (of("VmHWM:"), of("RssFile:")) else {
                break;
            };
            peak = peak.max(most.saturating_sub(program) * 1024);
            std::thread::sleep(Duration::from_millis(5));
        }
        peak
    });
    let ran = Ran::from(child.wait_with_output().unwrap());
    (ran, looker.join().unwrap())
}

#[test]
fn bad_answers_in_every_role() {
    let mut offices = Vec::new();
    for (role_at, role) in ROLES.into_iter().enumerate() {
        for (n, case) in chosen().into_iter().enumerate() {
            // A host for each: all of 127/8 is this machine.
            let ip = [
                127,
                1,
                u8::try_from(role_at + 1).unwrap(),
                u8::try_from(n + 1).unwrap(),
            ];
            let act = case.act.clone();
            let server = Server::start_at(ip.into(), move |hit, _| say(role, &hit.path, &act));
            offices.push((format!("x-{role}-{n}"), case.name, server));
        }
    }
    let good = Server::start(|hit, _| say("", &hit.path, &site::missing()));
    let mut peak = 0;
    let mut exchanges = 0;
    let mut longest = Duration::ZERO;
    for group in offices.chunks(SOURCES) {
        let home = Home::new();
        let mut addresses: Vec<SocketAddr> = group.iter().map(|(_, _, s)| s.addr).collect();
        addresses.push(good.addr);
        home.settings(&allow(&addresses));
        let mut blocks = String::from("format = 1\n");
        for (id, _, server) in group {
            blocks.push_str(&site::block(id, &server.url("/l/")));
        }
        blocks.push_str(&site::block("x-good", &good.url("/l/")));
        home.write("mine.toml", blocks);
        let mut run = home.command();
        run.args([
            "--sources",
            "mine.toml",
            "--format",
            "json",
            "crawl",
            "x-good",
        ])
        .args(group.iter().map(|(id, _, _)| id));
        let begun = Instant::now();
        let (ran, memory) = watched(run);
        longest = longest.max(begun.elapsed());
        peak = peak.max(memory);
        exchanges += group.len();
        assert!(matches!(ran.code, Some(0 | 1)), "{ran:?}");
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
        let report = ran.json();
        assert_eq!(report["data"]["complete"], true, "{report}");
        let sources = report["data"]["sources"].as_array().unwrap();
        assert_eq!(sources.len(), group.len() + 1);
        let of = |id: &str| sources.iter().find(|s| s["source"] == *id).unwrap();
        assert_eq!(of("x-good")["ok"], true, "{report}");
        for (id, case, _) in group {
            let fault = &of(id)["fault"];
            assert_ne!(fault["reason"], "internal", "{id} {case}: {fault}");
            if id.starts_with("x-list") {
                assert_eq!(of(id)["ok"], false, "{id} {case}");
            }
        }
        for event in report["data"]["events"].as_array().unwrap() {
            let change = &event["change"]["kind"];
            let quiet = ["baseline", "broken"]
                .iter()
                .any(|w| event.to_string().contains(w));
            assert!(quiet, "{change} {event}");
        }
        home.run(&["doctor"]).well();
    }
    assert!(peak < MEMORY, "{} MB", peak >> 20);
    assert!(longest < Duration::from_secs(90), "{longest:?}");
    measured(&format!(
        "{exchanges} bad answers to a crawl, {SOURCES} sources at a time: at most {} MB and {:.1} s",
        peak >> 20,
        longest.as_secs_f64()
    ));
}

#[test]
fn bad_answers_of_receivers() {
    let good = Receiver::start(|_, _| Reply::Say("204 No Content", "", ""));
    let bad: Vec<(Case, Server)> = chosen()
        .into_iter()
        .map(|case| {
            let act = case.act.clone();
            let server = Server::start(move |_, _| act.clone());
            (case, server)
        })
        .collect();
    let mut addresses: Vec<SocketAddr> = bad.iter().map(|(_, s)| s.addr).collect();
    addresses.push(good.addr);
    let home = Home::new();
    let mut settings = allow(&addresses).replace("total_timeout = 1.5", "total_timeout = 30.0");
    let mut sink = |name: &str, url: String, timeout: f64| {
        settings.push_str(&format!(
            "[[sink]]\nname = \"{name}\"\nkind = \"webhook\"\nurl = \"{url}\"\ntimeout = {timeout:?}\n"
        ));
    };
    // The good one answers at once, however late a busy machine lets it.
    sink("good", good.url("/hook"), 30.0);
    for (n, (_, server)) in bad.iter().enumerate() {
        sink(&format!("bad-{n}"), server.url("/hook"), 1.5);
    }
    home.settings(&settings);
    for round in [1, 2, 3] {
        finished(home.crawl(round).arg("--no-deliver")).ends(0);
    }
    let mut deliver = home.command();
    deliver.args(["--now", ROUNDS[2], "--format", "json", "deliver"]);
    let begun = Instant::now();
    let (ran, peak) = watched(deliver);
    let took = begun.elapsed();
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    let report = ran.json();
    let sinks = report["data"]["sinks"].as_array().unwrap();
    assert_eq!(sinks.len(), bad.len() + 1);
    let fine = &sinks[0];
    assert!(fine["problem"].is_null() && fine["waiting"] == 0, "{fine}");
    let ids = |posts: Vec<support::receiver::Post>| -> std::collections::BTreeSet<String> {
        posts
            .iter()
            .map(|p| p.header("webhook-id").to_owned())
            .collect()
    };
    assert_eq!(
        ids(good.posts()).len() as u64,
        fine["sent"].as_u64().unwrap()
    );
    for ((case, _), line) in bad.iter().zip(&sinks[1..]) {
        // Taken, or kept for another try: never lost.
        let count = |key: &str| line[key].as_u64().unwrap();
        assert_eq!(
            count("sent") + count("waiting") + count("dead"),
            fine["sent"].as_u64().unwrap(),
            "{}: {line}",
            case.name
        );
        assert!(
            count("sent") > 0 || !line["problem"].is_null(),
            "{}",
            case.name
        );
    }
    assert!(peak < MEMORY, "{} MB", peak >> 20);
    assert!(took < Duration::from_secs(90), "{took:?}");
    measured(&format!(
        "{} bad answers of receivers: at most {} MB and {:.1} s",
        bad.len(),
        peak >> 20,
        took.as_secs_f64()
    ));
}
