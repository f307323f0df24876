//! A kill, an I/O error or a full disk at a chosen system call, by strace: the same points each
//! time. Some of them by default, all with `LINGZHENG_LONG` set.

use super::support::long::{measured, rounds};
use super::support::receiver::{Receiver, Reply};
use super::*;
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::process::ExitStatusExt;

const CALLS: [&str; 6] = [
    "pwrite64",
    "fdatasync",
    "fsync",
    "ftruncate",
    "linkat",
    "rename",
];

/// What happens at the call.
const BLOWS: [&str; 5] = [
    "signal=SIGKILL:when=",
    "error=EIO:when=",
    "error=ENOSPC:when=",
    // From that one on.
    "error=EIO:when=+",
    "error=ENOSPC:when=+",
];

fn strace(home: &Home, options: &[&str], crawl: &Command) -> Command {
    let mut command = home.command();
    let program = crawl.get_program().to_owned();
    let mut traced = Command::new("strace");
    traced.envs(command.get_envs().filter_map(|(k, v)| Some((k, v?))));
    command = traced;
    command
        .current_dir(home.dir.path())
        .args(["-f", "-qq", "-o", "trace.log"])
        .args(options)
        .arg(program)
        .args(crawl.get_args());
    command
}

/// How often the crawl makes each call on its busiest thread.
fn counts(home: &Home, crawl: &Command) -> Option<Vec<(&'static str, usize)>> {
    let filter = format!("trace={}", CALLS.map(|c| format!("?{c}")).join(","));
    let output = strace(home, &["-e", &filter], crawl).output().ok()?;
    if !output.status.success() {
        return None;
    }
    let log = std::fs::read_to_string(home.at("trace.log")).ok()?;
    let count = |call: &str| {
        let mut threads = std::collections::BTreeMap::new();
        for line in log.lines() {
            let mut words = line.split_whitespace();
            let thread = words.next().unwrap_or_default();
            if words
                .next()
                .is_some_and(|w| w.starts_with(&format!("{call}(")))
            {
                *threads.entry(thread).or_insert(0) += 1;
            }
        }
        threads.into_values().max().unwrap_or(0)
    };
    Some(CALLS.iter().map(|call| (*call, count(call))).collect())
}

/// Every `step`th of all points, as options for strace.
fn points(counts: &[(&str, usize)], wanted: usize) -> Vec<String> {
    let mut all = Vec::new();
    for (call, count) in counts {
        for n in 1..=*count {
            for blow in BLOWS {
                let when = match blow.strip_suffix('+') {
                    Some(from) => format!("{from}{n}+"),
                    None => format!("{blow}{n}"),
                };
                all.push(format!("inject={call}:{when}"));
            }
        }
    }
    // A step that shares no factor with the number of blows meets all of them.
    let step = (all.len() / rounds(wanted, all.len()).max(1)).max(1) | 1;
    let step = if step.is_multiple_of(5) {
        step + 2
    } else {
        step
    };
    all.into_iter().step_by(step).collect()
}

/// The same database in another folder.
fn copy(base: &Home) -> Home {
    let home = Home::new();
    if base.db().exists() {
        std::fs::create_dir_all(home.db().parent().unwrap()).unwrap();
        std::fs::copy(base.db(), home.db()).unwrap();
    }
    home
}

/// Runs `command` with a blow at each of some `wanted` points. `ready` makes a home, `after` is
/// given it, the point, and whether the command said that all is well.
fn strike(
    what: &str,
    wanted: usize,
    ready: &dyn Fn() -> Home,
    command: &dyn Fn(&Home) -> Command,
    after: &mut dyn FnMut(&Home, &str, bool),
) {
    let home = ready();
    let Some(counts) = counts(&home, &command(&home)) else {
        return skipped("strace cannot be used here");
    };
    let points = points(&counts, wanted);
    let mut met = 0;
    for point in &points {
        let home = ready();
        let mut struck = strace(&home, &["-e", point], &command(&home));
        let output = ended(&mut struck, Duration::from_secs(120));
        let killed = output.status.signal() == Some(9) || output.status.code() == Some(137);
        let well = output.status.code() == Some(0);
        if point.contains("SIGKILL") {
            assert!(killed || well, "{what}, {point}: {output:?}");
        } else {
            // An error while the log is written back at the end is no loss: the log is still
            // there.
            let ran = Ran::from(output);
            assert!(matches!(ran.code, Some(0 | 4)), "{what}, {point}: {ran:?}");
            if ran.code == Some(4) {
                assert_eq!(ran.err.lines().count(), 1, "{what}, {point}: {ran:?}");
                let named = ran.err.contains(home.dir.path().to_str().unwrap());
                assert!(
                    named || ran.err.contains("copy.db"),
                    "{what}, {point}: {ran:?}"
                );
            }
        }
        met += usize::from(!well);
        if home.db().exists() {
            state::sound(&home.db());
        }
        after(&home, point, well);
    }
    measured(&format!(
        "{what}: {} points struck, {met} ended it",
        points.len()
    ));
}

/// Strikes a crawl of `round` over a copy of `base`, and runs it again without a blow.
fn sweep(what: &str, base: &Home, round: usize, wanted: usize) {
    let home = copy(base);
    finished(&mut home.crawl(round)).ends(0);
    let whole = state::told(&home.db());
    strike(
        what,
        wanted,
        &|| copy(base),
        &|home| home.crawl(round),
        &mut |home, point, well| {
            if well {
                assert_eq!(state::told(&home.db()), whole, "{point}");
            }
            finished(&mut home.crawl(round)).ends(0);
            state::sound(&home.db());
            assert_eq!(state::told(&home.db()), whole, "{point}");
        },
    );
}

#[test]
fn struck_while_news_is_settled() {
    let base = Home::new();
    finished(&mut base.crawl(1)).ends(0);
    finished(&mut base.crawl(2)).ends(0);
    sweep("crawl", &base, 3, 24);
}

#[test]
fn struck_while_the_database_is_made() {
    sweep("making", &Home::new(), 1, 16);
}

#[test]
fn struck_while_an_older_database_is_brought_forward() {
    sweep("migrating", &migrate::home_of(1), 3, 16);
}

#[test]
fn struck_while_news_is_sent() {
    let receiver = Receiver::start(|_, _| Reply::Say("204 No Content", "", ""));
    let settings = |home: &Home, path: &str| {
        home.settings(&format!(
            "[contact]\naddress = \"me@example.org\"\n[net]\nallow = [\"{}\"]\n[watch]\nexams = []\n\
             [[sink]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"{}\"\n",
            receiver.addr,
            receiver.url(path),
        ));
    };
    let base = Home::new();
    settings(&base, "/none");
    for round in [1, 2, 3] {
        finished(base.crawl(round).arg("--no-deliver")).ends(0);
    }
    let made = std::cell::Cell::new(0);
    let deliver = |home: &Home, now: &str| {
        let mut command = home.command();
        command.args(["--now", now, "deliver"]);
        command
    };
    let posts = |path: &str| -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for post in receiver.posts().into_iter().filter(|p| p.path == path) {
            let id = post.header("webhook-id").to_owned();
            found.entry(id).or_default().insert(post.body);
        }
        found
    };
    let ready = || {
        let home = copy(&base);
        made.set(made.get() + 1);
        settings(&home, &format!("/{}", made.get()));
        home
    };
    let whole = {
        let home = ready();
        finished(&mut deliver(&home, ROUNDS[2])).ends(0);
        posts(&format!("/{}", made.get()))
    };
    assert!(whole.len() >= 3, "{whole:?}");
    strike(
        "deliver",
        20,
        &ready,
        &|home| deliver(home, ROUNDS[2]),
        &mut |home, point, _| {
            finished(&mut deliver(home, ROUNDS[4])).ends(0);
            state::sound(&home.db());
            assert_eq!(posts(&format!("/{}", made.get())), whole, "{point}");
        },
    );
}

#[test]
fn struck_while_a_backup_is_made() {
    let base = Home::with_demo();
    let whole = state::told(&base.db());
    strike(
        "backup",
        16,
        &|| copy(&base),
        &|home| {
            let mut backup = home.command();
            backup.args(["backup", "copy.db"]);
            backup
        },
        &mut |home, point, well| {
            let target = home.at("copy.db");
            // A copy that was told of has its name; one that has the name is whole.
            assert!(target.exists() || !well, "{point}");
            if target.exists() {
                state::sound(&target);
                assert_eq!(state::told(&target), whole, "{point}");
                std::fs::remove_file(&target).unwrap();
            }
            home.run(&["backup", "copy.db"]).well();
        },
    );
}
