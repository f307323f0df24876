//! axe-core (<https://github.com/dequelabs/axe-core>) over a page. It comes from the npm registry
//! into a temporary folder, for this test only; left out, with a word, where it cannot be had.

use super::driver::Browser;
use std::process::Command;
use std::sync::OnceLock;

/// Its script. `LINGZHENG_AXE=axe.min.js` names a copy that is at hand.
fn script() -> Option<&'static str> {
    static SCRIPT: OnceLock<Option<String>> = OnceLock::new();
    let script = SCRIPT.get_or_init(|| {
        let script = match std::env::var_os("LINGZHENG_AXE") {
            Some(path) => std::fs::read_to_string(path).ok(),
            None => from_npm(),
        };
        if script.is_none() {
            eprintln!("left out: axe-core cannot be had from npm here");
        }
        script
    });
    script.as_deref()
}

fn from_npm() -> Option<String> {
    let dir = tempfile::tempdir().ok()?;
    let pack = ["pack", "axe-core@4", "--silent", "--pack-destination", "."];
    let packed = Command::new("npm")
        .args(pack)
        .current_dir(&dir)
        .output()
        .ok()?;
    let file = String::from_utf8(packed.stdout).ok()?;
    let taken = Command::new("tar")
        .args(["-xzOf", file.trim(), "package/axe.min.js"])
        .current_dir(&dir)
        .output()
        .ok()?;
    let script = String::from_utf8(taken.stdout).ok()?;
    (packed.status.success() && taken.status.success() && !script.is_empty()).then_some(script)
}

/// Holds the page at hand against every rule, in light and in dark.
pub(crate) fn check(browser: &Browser) {
    let Some(script) = script() else {
        return;
    };
    browser.run(script);
    for scheme in ["light", "dark"] {
        browser.scheme(scheme);
        let found = browser.run_later(
            "const done = arguments[arguments.length - 1]; \
             axe.run().then(r => done(r.violations.map(v => v.impact + ' ' + v.id + ': ' + \
             v.nodes.map(n => n.target + ' ' + n.failureSummary).join('; '))))",
        );
        let found = found.as_array().unwrap();
        assert!(
            found.is_empty(),
            "{} in {scheme}: {found:#?}",
            browser.address()
        );
    }
    browser.scheme("light");
}
