//! The end of a run before its end: a signal, the run's deadline. What was visited stays, the rest
//! is as it was and goes first next time.

use super::locks::{started, until};
use super::support::server::{Act, Server};
use super::*;
use std::time::Instant;

/// One office in good health, and two that never answer.
fn server() -> Server {
    Server::start(|hit, _| match hit.path.as_str() {
        "/x-b/" | "/x-c/" => Act::Hang(Vec::new()),
        path => site::office(path).unwrap_or_else(site::missing),
    })
}

/// Source and whether it was ever visited.
fn visited(home: &Home) -> Vec<String> {
    let Ok(store) = lingzheng::store::Store::open_existing(home.db()) else {
        return Vec::new();
    };
    store.source_states().unwrap().into_keys().collect()
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_run_soon_and_keeps_what_was_visited() {
    for (signal, code) in [("TERM", 143), ("INT", 130)] {
        let home = Home::new();
        // The good office has a server, and so a host, of its own: nobody waits for the others.
        let (good, slow) = (server(), server());
        let good_url = good.url("/x-a/").replace("127.0.0.1", "localhost");
        home.settings(
            &site::settings(&slow, "").replace("]\npause", &format!(", \"{}\"]\npause", good.addr)),
        );
        let mut blocks = site::sources(&slow, &["x-b", "x-c"]);
        blocks.push_str(&site::block("x-a", &good_url));
        home.write("mine.toml", blocks);
        // Which of the slow ones is asked first is the run's affair; both wait for one host.
        let mut run = started(&home, &slow, &["x-a", "x-b", "x-c"], "/robots.txt");
        until(|| visited(&home) == ["x-a"]);

        let begun = Instant::now();
        let sent = Command::new("kill")
            .args([&format!("-{signal}"), &run.0.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
        let status = run.0.wait().unwrap();
        assert!(begun.elapsed() < Duration::from_secs(5), "{signal}");
        assert_eq!(status.code(), Some(code), "{signal}");
        let mut err = String::new();
        std::io::Read::read_to_string(run.0.stderr.as_mut().unwrap(), &mut err).unwrap();
        assert!(
            err.contains("2 of 3 sources to visit; what was visited is stored"),
            "{err}"
        );
        assert_eq!(err.lines().count(), 1, "{err}");

        assert_eq!(visited(&home), ["x-a"], "the others are as they were");
        let events = home.run(&["--format", "jsonl", "changes", "--all"]).well();
        assert_eq!(
            events.lines().count(),
            1,
            "no office is called broken: {events}"
        );
        home.run(&["doctor"]).well();
    }
}

#[test]
fn the_runs_deadline_ends_it_and_the_rest_goes_first_next_time() {
    let home = Home::new();
    let server = server();
    home.settings(&site::settings(
        &server,
        "run_deadline = 3.0\ntotal_timeout = 30.0",
    ));
    // All on one host: the second waits for the first, the third for both.
    home.write(
        "mine.toml",
        site::sources(&server, &["x-a", "x-b", "x-c", "x-d"]),
    );
    let begun = Instant::now();
    let ran = home.run(&[
        "--sources",
        "mine.toml",
        "--format",
        "json",
        "crawl",
        "x-a",
        "x-b",
        "x-c",
    ]);
    assert!(begun.elapsed() < Duration::from_secs(20));
    // Whether one of them came home in time is the machine's affair.
    assert!(matches!(ran.code, Some(1 | 3)), "{ran:?}");
    assert!(ran.err.contains("net.run_deadline"), "{ran:?}");
    let value = ran.json();
    assert_eq!(value["data"]["complete"], false);
    for source in value["data"]["sources"].as_array().unwrap() {
        let reason = source["fault"]["reason"].as_str();
        assert!(
            matches!(reason, None | Some("skipped_deadline" | "timeout")),
            "{source}"
        );
    }
    let events = home.run(&["--format", "jsonl", "changes", "--all"]).well();
    assert!(!events.contains("skipped_deadline"), "{events}");
}

/// The system's resolver waits ten seconds for a silent server, in a thread that cannot be ended.
#[cfg(target_os = "linux")]
#[test]
fn a_silent_name_server_does_not_hold_the_end_back() {
    let home = Home::new();
    home.settings(
        "[contact]\naddress = \"test@example.org\"\n[net]\npause = 0.5\nretries = 0\n\
         connect_timeout = 1.0\ntotal_timeout = 1.0\n",
    );
    home.write("resolv.conf", "nameserver 127.0.0.1\n");
    let script = "mount --bind resolv.conf /etc/resolv.conf && ip link set lo up || exit 99\n\
                  python3 -c 'import socket, time; s = socket.socket(2, 2); \
                  s.bind((\"127.0.0.1\", 53)); print(flush=True); time.sleep(60)' > ready & silent=$!\n\
                  for i in $(seq 100); do [ -s ready ] && break; sleep 0.05; done\n\
                  [ -s ready ] || exit 99\n\
                  \"$B\" crawl gx; code=$?; kill $silent; exit $code";
    let mut command = Command::new("unshare");
    command
        .envs(home.command().get_envs().filter_map(|(k, v)| Some((k, v?))))
        .current_dir(home.dir.path())
        .env("B", assert_cmd::cargo::cargo_bin!("lingzheng"))
        .args(["-mn", "bash", "-c", script]);
    let begun = Instant::now();
    let ran = finished(&mut command);
    if ran.code == Some(99) || ran.err.contains("unshare") {
        return skipped("no network namespace can be made here");
    }
    let took = begun.elapsed();
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(
        ran.out.contains("the name server did not answer"),
        "{ran:?}"
    );
    assert!(took < Duration::from_secs(8), "{took:?}");
}
