//! `probe`: a first look at an unknown office, its block, and the folder to begin its fixture with.

mod fixture;

use super::args::{Format, ProbeArgs};
use super::crawl::seed;
use super::session::Session;
use super::{Failure, NOTHING, Output, document};
use crate::adapter;
use crate::crawl::probe::{Job, Probe, probe};
use crate::crawl::read::Reader;
use crate::fetch::Memory;
use crate::model::source::{Kind, NATIONAL};
use crate::model::{Article, Source};
use crate::net::check_url;
use crate::render::{Lang, safe, terminal};
use crate::{crawl, official};
use std::fmt::Write;
use url::{Host, Url};

/// Most rows that are shown.
const ROWS: usize = 8;

pub(super) fn run(session: &Session, args: &ProbeArgs) -> Result<Output, Failure> {
    let source = source(session, args)?;
    if let Some(dir) = &args.write {
        fixture::free(dir, &source.id)?;
    }
    let memory = match session.store() {
        Ok(store) => crawl::memory(&store)?,
        Err(_) => Memory::default(),
    };
    let exams = crawl::watched(&session.catalog, &session.settings);
    let job = Job {
        settings: &session.settings,
        memory,
        families: &session.families,
        source,
        exams: &exams,
        now: session.now,
        seed: seed(),
    };
    let found = probe(job).map_err(|fault| Failure::with(NOTHING, fault.to_string()))?;
    let block = fixture::block(&found, session)?;
    let office = session.office(&found.source)?;
    let reader = Reader::new(office, &session.catalog, None);
    let mut text = match session.format {
        Format::Text => shown(session, &found, &reader, &block),
        _ => String::new(),
    };
    if let Some(dir) = &args.write {
        let written = fixture::write(dir, &found, &block, &exams, session)?;
        let _ = write!(
            text,
            "\n{} written. Correct source.toml and expect.toml by eye, then\n  \
             lingzheng --sources {} crawl {}\n",
            written.display(),
            written.join("source.toml").display(),
            found.source.id
        );
    }
    if session.format != Format::Text {
        let notices: Vec<_> = found
            .notices
            .iter()
            .map(|(entry, read)| match read {
                Ok(article) => serde_json::json!({
                    "row": entry, "article": article, "facts": reader.facts(article),
                }),
                Err(fault) => serde_json::json!({ "row": entry, "fault": fault }),
            })
            .collect();
        let data = serde_json::json!({
            "id": found.source.id, "family": found.source.family, "guessed": found.guessed,
            "block": block, "rows": found.list.entries, "row_faults": found.list.faults,
            "notices": notices,
        });
        return document(session, "probe", data);
    }
    Ok(Output::text(text))
}

/// The office to be: its id, region and list.
fn source(session: &Session, args: &ProbeArgs) -> Result<Source, Failure> {
    let allow = &session.settings.net.allow;
    let port = Url::parse(&args.url).ok().and_then(|u| u.port());
    let ports: Vec<u16> = port.into_iter().collect();
    let url =
        check_url(args.url.trim(), allow, &ports).map_err(|f| Failure::usage(f.to_string()))?;
    let same = |s: &&Source| {
        s.kind != Kind::Manual && adapter::canonical(&s.list) == adapter::canonical(url.as_str())
    };
    if let Some(known) = session.catalog.sources.iter().find(same) {
        return Err(Failure::usage(format!(
            "{url} is the list of {} already; `lingzheng crawl {}` looks at it",
            known.id, known.id
        )));
    }
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    let region = official::region_of_host(&host, &session.catalog);
    let id = match &args.id {
        Some(id) => id.clone(),
        None => id_of(&url, region),
    };
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.is_empty() || !id.chars().all(good) {
        return Err(Failure::usage(format!(
            "--id {id}: lower-case letters, digits and - only, like sd-weifang"
        )));
    }
    if session.catalog.source(&id).is_some() {
        return Err(Failure::usage(format!(
            "the id {id} is taken; give another with --id"
        )));
    }
    Ok(Source {
        id,
        region: region.unwrap_or(NATIONAL).to_owned(),
        list: url.to_string(),
        hosts: vec![host],
        family: "auto".into(),
        ..Source::default()
    })
}

/// An id from the region and the host's own name: `sd-wfrsks`.
fn id_of(url: &Url, region: Option<&str>) -> String {
    let label = match url.host() {
        Some(Host::Domain(host)) => {
            let host = host.strip_prefix("www.").unwrap_or(host);
            host.split('.')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase()
        }
        _ => "office".into(),
    };
    let good = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    let label: String = label.chars().filter(good).collect();
    format!(
        "{}-{label}",
        region.filter(|r| *r != NATIONAL).unwrap_or("x")
    )
}

fn shown(session: &Session, found: &Probe, reader: &Reader, block: &str) -> String {
    let mut out = String::new();
    let list = &found.list;
    let family = match found.source.family.as_str() {
        "auto" => "not known".to_owned(),
        name => name.to_owned(),
    };
    let _ = writeln!(out, "family: {family}");
    let _ = writeln!(
        out,
        "rows: {}, {} with a date",
        list.entries.len(),
        list.dated
    );
    for entry in list.entries.iter().take(ROWS) {
        let day = entry
            .published
            .map_or("   —      ".into(), |d| d.to_string());
        let note = match (entry.external, entry.title_cut) {
            (true, _) => "  (leads elsewhere)",
            (_, true) => "  (cut)",
            _ => "",
        };
        let title = safe::short(&safe::terminal(&entry.title), 64);
        let _ = writeln!(out, "  {day}  {title}{note}");
    }
    for fault in list.faults.iter().take(3) {
        let _ = writeln!(out, "  not read: {}", safe::terminal(&fault.detail));
    }
    for (n, (entry, read)) in found.notices.iter().enumerate() {
        match read {
            Ok(article) => notice(&mut out, article, (n == 0).then_some(reader), session.lang),
            Err(fault) => {
                let (title, why) = (safe::terminal(&entry.title), fault.to_string());
                let _ = writeln!(out, "\n{title}\n  not read: {}", safe::terminal(&why));
            }
        }
    }
    let _ = write!(out, "\n{block}");
    out
}

/// An article in brief; by a reader, with its facts.
fn notice(out: &mut String, article: &Article, reader: Option<&Reader>, lang: Lang) {
    let day = article
        .published
        .map_or("no date".into(), |d| d.to_string());
    let _ = writeln!(
        out,
        "\n{}\n    {day}, {} characters by {}, {} tables, {} files, {} pictures",
        safe::terminal(&article.url),
        article.text.chars().count(),
        article.found_by,
        article.tables.len(),
        article.attachments.len(),
        article.images.len(),
    );
    match reader {
        Some(reader) => out.push_str(&terminal::facts(&reader.facts(article), lang)),
        None => {
            let _ = writeln!(out, "{}", safe::terminal(&article.title));
        }
    }
}
