//! The block of an unknown office as text, and the folder with which its fixture begins.

use crate::cli::session::Session;
use crate::cli::{Failure, USAGE};
use crate::config;
use crate::crawl::probe::Probe;
use crate::model::source::{NATIONAL, Pager};
use crate::model::{Entry, Exam, Page, china_date};
use crate::plan;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Most rows that a first `expect.toml` marks.
const ROWS: usize = 12;

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A pager as an inline table.
fn pager(pager: &Pager) -> String {
    let style = format!("style = {}", quoted(&pager.style));
    let address = pager.address.as_ref();
    let address = address.map(|a| format!(", address = {}", quoted(a)));
    format!("{{ {style}{} }}", address.unwrap_or_default())
}

/// A key with its value, and a remark behind it.
fn line(out: &mut String, key: &str, value: &str, remark: &str) {
    let remark = if remark.is_empty() {
        String::new()
    } else {
        format!("    # {remark}")
    };
    let _ = writeln!(out, "{key:<10} = {value}{remark}");
}

/// The file with the block. It is read back before it is shown: what is printed can be used.
pub(super) fn block(found: &Probe, session: &Session) -> Result<String, Failure> {
    let source = &found.source;
    let site = found
        .notices
        .iter()
        .find_map(|(_, read)| read.as_ref().ok()?.site.clone());
    let mut out = String::from("format = 1\n\n[[source]]\n");
    line(&mut out, "id", &quoted(&source.id), "");
    let region = match session.catalog.region(&source.region) {
        Some(region) => (region.name.as_str(), "by its host"),
        None => (NATIONAL, "not known: correct it"),
    };
    line(&mut out, "region", &quoted(region.0), region.1);
    let name = site.as_deref().unwrap_or(&source.id);
    line(
        &mut out,
        "name",
        &quoted(name),
        "a guess: the body that hands out the certificates",
    );
    line(&mut out, "list", &quoted(&source.list), "");
    line(&mut out, "basis", "\"seen\"", "");
    line(&mut out, "confidence", "\"medium\"", "");
    line(&mut out, "family", &quoted(&source.family), "");
    let shape = &source.shape;
    let list = |items: &[String]| {
        let items: Vec<String> = items.iter().map(|i| quoted(i)).collect();
        format!("[{}]", items.join(", "))
    };
    for (key, value) in [
        ("rows", shape.rows.as_deref().map(quoted)),
        ("entry", shape.entry.as_deref().map(quoted)),
        ("title", shape.title.as_deref().map(quoted)),
        ("date", (!shape.date.is_empty()).then(|| list(&shape.date))),
        ("body", (!shape.body.is_empty()).then(|| list(&shape.body))),
        ("pager", shape.pager.as_ref().map(pager)),
        (
            "signature",
            (!shape.signature.is_empty()).then(|| list(&shape.signature)),
        ),
    ] {
        let guessed = found.guessed.contains(&key);
        if let Some(value) = value {
            line(&mut out, key, &value, if guessed { "a guess" } else { "" });
        }
    }
    if source.list.starts_with("http://") {
        line(
            &mut out,
            "http",
            "{ plain = true }",
            "try https; leave this out where it works",
        );
    }
    let names: Vec<String> = session
        .families
        .names()
        .iter()
        .map(|n| n.to_string())
        .collect();
    let overlay = Some((Path::new("source.toml"), out.as_str()));
    let catalog = config::load_catalog(config::BUILTIN, overlay, &names)?;
    match catalog.source(&source.id) {
        Some(_) => Ok(out),
        None => Err(Failure::usage("the block cannot be read back")),
    }
}

/// Whether the folder can be made.
pub(super) fn free(dir: &Path, id: &str) -> Result<(), Failure> {
    let folder = dir.join(id);
    match folder.exists() {
        true => Err(Failure::with(
            USAGE,
            format!(
                "{} exists; give another --id, or move it away",
                folder.display()
            ),
        )),
        false => Ok(()),
    }
}

/// Writes `<dir>/<id>`: all of it or nothing.
pub(super) fn write(
    dir: &Path,
    found: &Probe,
    block: &str,
    exams: &[Exam],
    session: &Session,
) -> Result<PathBuf, Failure> {
    let id = &found.source.id;
    free(dir, id)?;
    let folder = dir.join(id);
    let half = dir.join(format!(".{id}.part"));
    let cannot = |e: std::io::Error| {
        // What was begun is ours alone.
        let _ = std::fs::remove_dir_all(&half);
        Failure::usage(format!("cannot write {}: {e}", folder.display()))
    };
    let round = half.join("1");
    std::fs::create_dir_all(&round).map_err(cannot)?;
    let mut index = String::new();
    for (n, (url, page)) in found.pages.iter().enumerate() {
        let name = match n {
            0 => format!("list.{}", extension(page)),
            n => format!("{n}.{}", extension(page)),
        };
        recorded(&mut index, url, &name, page);
        std::fs::write(round.join(&name), &page.body).map_err(cannot)?;
    }
    std::fs::write(round.join("pages.toml"), index).map_err(cannot)?;
    std::fs::write(half.join("source.toml"), block).map_err(cannot)?;
    let expected = expected(found, exams, session);
    std::fs::write(half.join("expect.toml"), expected).map_err(cannot)?;
    std::fs::rename(&half, &folder).map_err(cannot)?;
    Ok(folder)
}

fn extension(page: &Page) -> &'static str {
    let start = page.body.iter().find(|b| !b.is_ascii_whitespace());
    match start {
        Some(b'{' | b'[') => "json",
        _ if page.body.starts_with(b"<?xml") => "xml",
        _ => "html",
    }
}

fn recorded(index: &mut String, url: &str, name: &str, page: &Page) {
    if !index.is_empty() {
        index.push('\n');
    }
    let _ = writeln!(index, "[[page]]\nurl = {}", quoted(url));
    if page.status != 200 {
        let _ = writeln!(index, "status = {}", page.status);
    }
    let _ = writeln!(index, "file = {}", quoted(name));
    for (key, value) in [
        ("content_type", &page.content_type),
        ("etag", &page.etag),
        ("last_modified", &page.last_modified),
    ] {
        if let Some(value) = value {
            let _ = writeln!(index, "{key} = {}", quoted(value));
        }
    }
}

/// The rows as they were read, for a person to correct: a machine's reading is no expectation.
fn expected(found: &Probe, exams: &[Exam], session: &Session) -> String {
    let mut out = format!(
        "# Written by `lingzheng probe` on {}: the program's own reading, which proves nothing.\n\
         # Compare each row with the page in a browser, correct it, add the facts of the notices\n\
         # ([[notice]], see fixtures/README.md), and then delete these three lines.\n\
         source = {}\n\n[list]\nrows = {}\n",
        china_date(session.now),
        quoted(&found.source.id),
        found.list.entries.len()
    );
    let today = china_date(session.now);
    let exams: Vec<&Exam> = exams.iter().collect();
    let first = found.list.entries.iter().take(3);
    let others = found.list.entries.iter().skip(3);
    let odd = |e: &&Entry| e.external || e.title_cut || plan::wanted(e, &exams, today);
    for entry in first.chain(others.filter(odd)).take(ROWS) {
        let Some(day) = entry.published else { continue };
        let _ = write!(
            out,
            "\n[[entry]]\ntitle = {}\nurl = {}\npublished = \"{day}\"\n",
            quoted(&entry.title),
            quoted(&entry.url)
        );
        for (key, holds) in [("title_cut", entry.title_cut), ("external", entry.external)] {
            if holds {
                let _ = writeln!(out, "{key} = true");
            }
        }
    }
    out
}
