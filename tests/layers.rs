//! Conventions as tests: imports point one way, effects stay where they belong, files stay small.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A module and what it may import of ours. Layer 1 knows only `model`.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("adapter", &["model"]),
    ("plan", &["model"]),
    ("extract", &["model"]),
    ("diff", &["model"]),
    ("outlook", &["model"]),
    ("remind", &["model"]),
    ("official", &["model"]),
    ("render", &["model"]),
    ("signal", &["model"]),
    ("meant", &["model"]),
    ("net", &["model"]),
    ("config", &["model"]),
    ("fetch", &["model", "net"]),
    ("store", &["model"]),
    ("notify", &["model", "net"]),
    ("board", &["meant", "model", "outlook", "store"]),
    ("compare", &["model", "adapter", "diff", "store", "crawl"]),
    (
        "serve",
        &[
            "model", "adapter", "render", "store", "board", "compare", "feed", "meant", "tied",
        ],
    ),
    ("tied", &["model", "outlook", "store"]),
    ("feed", &["crawl", "meant", "model", "outlook", "store"]),
];

/// Words that a pure module does not use, with what they stand for.
const IMPURE: &[(&str, &str)] = &[
    ("tokio", "async"),
    ("reqwest", "the network"),
    ("rusqlite", "SQL"),
    ("std::fs", "the disk"),
    ("TcpStream", "the network"),
    ("Timestamp::now", "the clock"),
    ("SystemTime::now", "the clock"),
    ("Instant::now", "the clock"),
];

const PURE: &[&str] = &[
    "model", "adapter", "plan", "extract", "diff", "outlook", "official", "remind", "render",
    "signal", "meant",
];

fn sources() -> BTreeMap<PathBuf, String> {
    fn walk(dir: &Path, out: &mut BTreeMap<PathBuf, String>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                out.insert(path, text);
            }
        }
    }
    let mut out = BTreeMap::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut out);
    out
}

/// The first part of a path below `src`: `adapter/text.rs` and `adapter.rs` are `adapter`.
fn module(path: &Path) -> String {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let below = path.strip_prefix(src).unwrap();
    let first = below
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy()
        .into_owned();
    first.trim_end_matches(".rs").to_string()
}

/// Code without comments and without its tests.
fn code(text: &str) -> String {
    let body = text.split("#[cfg(test)]").next().unwrap_or("");
    body.lines()
        .filter(|l| !l.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn imports_point_one_way() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let own = module(&path);
        let Some((_, may)) = MAY_IMPORT.iter().find(|(m, _)| *m == own) else {
            continue;
        };
        for (i, line) in code(&text).lines().enumerate() {
            for part in line.split("crate::").skip(1) {
                let other: String = part
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                if !other.is_empty() && other != own && !may.contains(&other.as_str()) {
                    wrong.push(format!(
                        "{}:{}: {own} imports {other}",
                        path.display(),
                        i + 1
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "imports must point downward only:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn pure_modules_have_no_effects() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        if PURE.contains(&module(&path).as_str()) {
            let code = code(&text);
            for (word, what) in IMPURE.iter().filter(|(w, _)| code.contains(w)) {
                wrong.push(format!("{}: {word} ({what})", path.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "pure modules take such things as arguments:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn no_file_grows_above_500_lines() {
    let long: Vec<_> = sources()
        .into_iter()
        .map(|(path, text)| (text.lines().count(), path))
        .filter(|(n, _)| *n > 500)
        .collect();
    assert!(long.is_empty(), "split these by what they know: {long:?}");
}
