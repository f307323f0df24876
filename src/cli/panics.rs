//! Faults of lingzheng itself: one line that can be reported, and exit code 70.

use crate::render::safe;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::Write;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};
use std::sync::atomic::{AtomicBool, Ordering};

/// A fault of lingzheng (EX_SOFTWARE of sysexits.h).
const INTERNAL: u8 = 70;
/// Longest message of a panic that is shown, in characters: it may quote a page.
const MESSAGE: usize = 300;

/// Some thread panicked.
static PANICKED: AtomicBool = AtomicBool::new(false);

/// Runs the program. Where any of its threads panics, the rest goes on as far as it can, and the
/// exit code says so.
pub(super) fn guarded(program: impl FnOnce() -> u8) -> u8 {
    set_hook(Box::new(report));
    let code = catch_unwind(AssertUnwindSafe(program)).unwrap_or(INTERNAL);
    match PANICKED.load(Ordering::SeqCst) {
        true => INTERNAL,
        false => code,
    }
}

fn report(info: &PanicHookInfo) {
    PANICKED.store(true, Ordering::SeqCst);
    let place = info
        .location()
        .map(|l| format!(" at {}:{}", l.file(), l.line()))
        .unwrap_or_default();
    let what = safe::terminal(info.payload_as_str().unwrap_or("no message"));
    let what = safe::short(&what, MESSAGE);
    let version = env!("CARGO_PKG_VERSION");
    let mut err = std::io::stderr().lock();
    let _ = writeln!(
        err,
        "lingzheng: internal error{place} ({version}): {what}: please report this line"
    );
    // Only where RUST_BACKTRACE asks for it.
    let trace = Backtrace::capture();
    if trace.status() == BacktraceStatus::Captured {
        let _ = writeln!(err, "{trace}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    const VICTIM: &str = "LINGZHENG_TEST_PANIC";

    #[test]
    fn a_panic_is_one_line_and_exit_code_70() {
        if let Ok(thread) = std::env::var(VICTIM) {
            let program = move || {
                if thread == "main" {
                    panic!("no \x1b[31mred\nsecond line");
                }
                let other = std::thread::spawn(|| panic!("elsewhere"));
                assert!(other.join().is_err());
                0
            };
            std::process::exit(guarded(program).into());
        }
        for (thread, what) in [("main", "no [31mred second line"), ("other", "elsewhere")] {
            let out = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "--nocapture"])
                .arg("cli::panics::tests::a_panic_is_one_line_and_exit_code_70")
                .env(VICTIM, thread)
                .env_remove("RUST_BACKTRACE")
                .output()
                .unwrap();
            assert_eq!(out.status.code(), Some(70), "{thread}");
            let err = String::from_utf8(out.stderr).unwrap();
            let place = err.split_once(" at src/cli/panics.rs:");
            let (head, rest) = place.unwrap_or_else(|| panic!("{err}"));
            assert_eq!(head, "lingzheng: internal error");
            let end = format!(
                " ({}): {what}: please report this line\n",
                env!("CARGO_PKG_VERSION")
            );
            assert!(rest.ends_with(&end) && rest.lines().count() == 1, "{err}");
        }
    }
}
