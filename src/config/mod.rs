//! Settings and `sources.toml` to values, with their places in the file.
//!
//! `node` reads TOML into a tree that knows its places, `blocks` lays one file over another, `fill`
//! turns tables into values. `sources`, `records` and `shape` hold the rules of `sources.toml`,
//! `settings` and `paths` those of `config.toml`. `report` tells what is wrong, `check` what is
//! doubtful.

mod blocks;
mod check;
mod fill;
mod node;
mod paths;
mod records;
mod reminders;
mod report;
mod settings;
mod shape;
mod sinks;
mod sources;

pub use check::{Finding, Severity, check};
pub use paths::{Paths, default_data, default_paths};
pub use reminders::resolve_reminders;
pub use report::{ConfigError, Problem};
pub use settings::{SAMPLE, load_settings, resolve_watch};
pub use sinks::{exposed, resolve_sinks};
pub use sources::load_catalog;

use node::Node;
use report::Report;
use std::io::Read;
use std::path::Path;
use toml::de::DeTable;

/// The exams, sittings, regions and offices that come with the program.
pub const BUILTIN: &str = include_str!("../../sources.toml");

/// Largest file that is read: some fifteen times the built-in one. Far below what could keep a
/// parser busy for a second.
pub const MAX_BYTES: usize = 512 * 1024;

/// Reads a settings file or a `sources.toml` from disk.
///
/// # Errors
/// A file that cannot be read, is larger than [`MAX_BYTES`] or is not UTF-8.
pub fn read_file(path: &Path) -> Result<String, ConfigError> {
    let name = path.display().to_string();
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|f| f.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
        .map_err(|e| ConfigError::plain(&name, format!("cannot be read: {e}")))?;
    if bytes.len() > MAX_BYTES {
        return Err(ConfigError::plain(&name, too_large()));
    }
    String::from_utf8(bytes).map_err(|e| {
        let good = e.utf8_error().valid_up_to();
        let line = e
            .as_bytes()
            .iter()
            .take(good)
            .filter(|b| **b == b'\n')
            .count()
            + 1;
        ConfigError::plain(
            &name,
            format!("line {line} is not UTF-8; save the file as UTF-8"),
        )
    })
}

fn too_large() -> String {
    format!("larger than {} KiB", MAX_BYTES / 1024)
}

/// The tree of a file; None where its TOML does not parse, which is then in the report.
fn parse<'a>(
    name: &str,
    text: &'a str,
    report: &mut Report<'a>,
) -> Result<Option<Node>, ConfigError> {
    parse_shown_as(name, text, text, report)
}

/// The same, where problems are shown with another text of the same places.
fn parse_shown_as<'a>(
    name: &str,
    text: &str,
    shown: &'a str,
    report: &mut Report<'a>,
) -> Result<Option<Node>, ConfigError> {
    if text.len() > MAX_BYTES {
        return Err(ConfigError::plain(name, too_large()));
    }
    let file = report.file(name, shown);
    if text.starts_with('\u{feff}') {
        let why = "begins with a byte-order mark (BOM); save it as UTF-8 without one";
        report.add(file, 0..0, why, "");
        return Ok(None);
    }
    let (tree, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        let message = error.message().replace('\n', " ");
        report.add(file, span, message, "");
    }
    Ok(errors.is_empty().then(|| Node::root(file, &tree)))
}
