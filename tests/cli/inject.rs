//! A kill, an I/O error or a full disk at a chosen system call, by strace: the same points each
//! time. Some thirty by default, all of them with `LINGZHENG_LONG` set.

use super::*;
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
    let long = std::env::var_os("LINGZHENG_LONG").is_some();
    // A step that shares no factor with the number of blows meets all of them.
    let step = if long {
        1
    } else {
        (all.len() / wanted).max(1) | 1
    };
    let step = if step % 5 == 0 { step + 2 } else { step };
    all.into_iter().step_by(step).collect()
}

/// Runs a crawl of `round` over a copy of `base` with a blow at each point, and again without.
fn sweep(base: &Home, round: usize, wanted: usize) {
    let copy = || {
        let home = Home::new();
        if base.db().exists() {
            std::fs::create_dir_all(home.db().parent().unwrap()).unwrap();
            std::fs::copy(base.db(), home.db()).unwrap();
        }
        home
    };
    let home = copy();
    let Some(counts) = counts(&home, &home.crawl(round)) else {
        return skipped("strace cannot be used here");
    };
    let whole = state::told(&home.db());
    for point in points(&counts, wanted) {
        let home = copy();
        let crawl = home.crawl(round);
        let mut struck = strace(&home, &["-e", &point], &crawl);
        let output = ended(&mut struck, Duration::from_secs(60));
        let killed = output.status.signal() == Some(9) || output.status.code() == Some(137);
        let code = output.status.code();
        if point.contains("SIGKILL") {
            assert!(killed || code == Some(0), "{point}: {output:?}");
        } else {
            // An error while the log is written back at the end is no loss: the log is still
            // there.
            let ran = Ran::from(output);
            assert!(matches!(ran.code, Some(0 | 4)), "{point}: {ran:?}");
            if ran.code == Some(4) {
                assert_eq!(ran.err.lines().count(), 1, "{point}: {ran:?}");
                assert!(
                    ran.err.contains(home.db().to_str().unwrap()),
                    "{point}: {ran:?}"
                );
            }
            if ran.code == Some(0) {
                assert_eq!(state::told(&home.db()), whole, "{point}");
            }
        }
        if home.db().exists() {
            state::sound(&home.db());
        }
        finished(&mut home.crawl(round)).ends(0);
        state::sound(&home.db());
        assert_eq!(state::told(&home.db()), whole, "{point}");
    }
}

#[test]
fn struck_while_news_is_settled() {
    let base = Home::new();
    finished(&mut base.crawl(1)).ends(0);
    finished(&mut base.crawl(2)).ends(0);
    sweep(&base, 3, 24);
}

#[test]
fn struck_while_the_database_is_made() {
    sweep(&Home::new(), 1, 16);
}

#[test]
fn struck_while_a_backup_is_made() {
    let base = Home::with_demo();
    for point in [
        "inject=pwrite64:signal=SIGKILL:when=3",
        "inject=pwrite64:error=ENOSPC:when=9",
        "inject=pwrite64:error=EIO:when=20+",
        "inject=fdatasync:signal=SIGKILL:when=1",
        "inject=fsync:error=EIO:when=1",
        "inject=?rename:signal=SIGKILL:when=1",
        "inject=?rename:error=ENOSPC:when=1",
    ] {
        let mut backup = base.command();
        backup.args(["backup", "copy.db"]);
        let mut struck = strace(&base, &["-e", point], &backup);
        if struck.get_program().is_empty() || Command::new("strace").arg("-V").output().is_err() {
            return skipped("strace is missing");
        }
        let output = ended(&mut struck, Duration::from_secs(60));
        let whole = output.status.success();
        assert!(
            whole || !base.at("copy.db").exists(),
            "{point}: a half copy has the name"
        );
        if whole {
            state::sound(&base.at("copy.db"));
            std::fs::remove_file(base.at("copy.db")).unwrap();
        }
        state::sound(&base.db());
    }
}
