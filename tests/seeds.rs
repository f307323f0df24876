//! Replays what was kept from fuzzing, and the recorded pages, through the fuzz targets: as they
//! are, cut short, and with bytes changed. No input may panic.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

#[path = "support/targets.rs"]
mod targets;

use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all: Vec<_> = std::fs::read_dir(root().join(folder))
        .unwrap_or_else(|e| panic!("{folder}: {e}"))
        .map(|e| e.unwrap().path())
        .filter(|p| p.is_file())
        .map(|p| (p.clone(), std::fs::read(&p).unwrap()))
        .collect();
    all.sort();
    assert!(!all.is_empty(), "{folder} has no seeds");
    all
}

/// The input, its beginnings, and copies with some bytes changed; the same each time.
fn variants(bytes: &[u8], many: usize) -> Vec<Vec<u8>> {
    let mut all = vec![bytes.to_vec()];
    let mut z: u64 = 7;
    let mut dice = |below: usize| {
        z = z.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (z >> 33) as usize % below.max(1)
    };
    for _ in 0..many {
        all.push(bytes[..dice(bytes.len())].to_vec());
        let mut changed = bytes.to_vec();
        for _ in 0..8 {
            let (at, byte) = (
                dice(bytes.len()),
                [0, b'<', b'"', b'9', 0x80, 0xff, b'\n', 0x1b][dice(8)],
            );
            if let Some(place) = changed.get_mut(at) {
                *place = byte;
            }
        }
        all.push(changed);
    }
    all
}

fn replay(target: fn(&[u8]), inputs: Vec<(PathBuf, Vec<u8>)>, many: usize) {
    for (path, bytes) in inputs {
        for (n, input) in variants(&bytes, many).into_iter().enumerate() {
            // Shown when the next line panics.
            println!("{} variant {n}", path.display());
            target(&input);
        }
    }
}

#[test]
fn pages() {
    replay(
        targets::decode_parse_extract,
        files("fuzz/seeds/decode_parse_extract"),
        12,
    );
    replay(targets::decode_parse_extract, files("fixtures/gx/1"), 2);
    replay(targets::decode_parse_extract, files("fixtures/_bad"), 1);
    replay(targets::home, files("fuzz/seeds/home"), 20);
    replay(targets::home, files("fixtures/_home"), 4);
}

#[test]
fn verdicts() {
    replay(targets::verdict, files("fuzz/seeds/verdict"), 12);
    replay(targets::verdict, files("fixtures/_bad"), 4);
}

#[test]
fn settings_and_sources() {
    replay(targets::settings, files("fuzz/seeds/settings"), 20);
    replay(targets::sources_toml, files("fuzz/seeds/sources_toml"), 8);
}

#[test]
fn cursors_feeds_and_days() {
    replay(targets::cursor, files("fuzz/seeds/cursor"), 20);
    replay(targets::feed, files("fuzz/seeds/feed"), 20);
    replay(targets::dates, files("fuzz/seeds/dates"), 10);
}

#[test]
fn every_target_has_a_program_and_seeds() {
    let targets = std::fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    for name in targets
        .lines()
        .filter_map(|l| l.strip_prefix("path = \"fuzz_targets/"))
    {
        let name = name.trim_end_matches(".rs\"");
        assert!(
            root().join(format!("fuzz/fuzz_targets/{name}.rs")).exists(),
            "{name}"
        );
        files(&format!("fuzz/seeds/{name}"));
    }
}
