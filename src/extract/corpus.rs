//! Reader of `.corpus` files: plain text beside the rules.
//!
//! ```text
//! # a comment
//! near 2026-03-05
//!
//! = 2026-03-10..2026-03-20
//! 领取时间：3月10日至20日
//!
//! !
//! 咨询电话0571-12345678
//! ```
//! Lines under `= VALUE` give exactly VALUE (several values separated by ` | `), lines under `!`
//! give nothing. `near` is the published date for what follows. `\n` and `\t` inside a line stand
//! for a line break and a cell border.

#![cfg(test)]

use std::collections::BTreeSet;

/// One example.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// Line number in the file.
    pub number: usize,
    /// The published date in force.
    pub near: Option<crate::model::Date>,
    /// Values that it must give, in order; empty = nothing.
    pub want: Vec<&'a str>,
    /// The text.
    pub text: String,
}

/// All examples of a file.
pub(super) fn lines(file: &str) -> Vec<Line<'_>> {
    let (mut near, mut want, mut out) = (None, None, Vec::new());
    for (i, line) in file.lines().enumerate() {
        let number = i + 1;
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        } else if let Some(date) = line.strip_prefix("near ") {
            near = Some(
                date.trim()
                    .parse()
                    .unwrap_or_else(|e| panic!("line {number}: {e}")),
            );
        } else if let Some(values) = line.strip_prefix("= ") {
            want = Some(values.split(" | ").map(str::trim).collect());
        } else if line.trim() == "!" {
            want = Some(Vec::new());
        } else {
            let want = want
                .clone()
                .unwrap_or_else(|| panic!("line {number}: no `=` or `!` above"));
            let text = line.replace("\\n", "\n").replace("\\t", "\t");
            out.push(Line {
                number,
                near,
                want,
                text,
            });
        }
    }
    out
}

/// Checks a corpus: `read` gives, for a line, the values found and the names of the rules that
/// made them. Every rule of `rules` must be exercised by some line.
pub(super) fn check<'r>(
    name: &str,
    file: &str,
    rules: impl IntoIterator<Item = &'r str>,
    read: impl Fn(&Line) -> (Vec<String>, Vec<&'static str>),
) {
    let mut used = BTreeSet::new();
    let mut wrong = Vec::new();
    for line in lines(file) {
        let (got, made) = read(&line);
        used.extend(made);
        if got != line.want {
            wrong.push(format!(
                "{name}:{}: {}\n  want {:?}\n  got  {:?}",
                line.number, line.text, line.want, got
            ));
        }
    }
    let idle: Vec<&str> = rules.into_iter().filter(|r| !used.contains(r)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(idle.is_empty(), "{name}: no line exercises {idle:?}");
}
