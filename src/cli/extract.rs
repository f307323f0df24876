//! `extract` and `explain`: the facts of one saved page, and the words that prove them.

use super::args::{ExtractArgs, Format};
use super::session::Session;
use super::{Failure, Output, json};
use crate::adapter::Office;
use crate::crawl::read::Reader;
use crate::model::source::Kind;
use crate::model::{Page, Source};
use crate::official;
use crate::render::terminal;
use std::io::Read;
use std::sync::Arc;

/// What to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum As {
    /// The facts.
    Facts,
    /// The text with each fact marked.
    Marks,
}

pub(super) fn run(session: &Session, args: &ExtractArgs, form: As) -> Result<Output, Failure> {
    let url: url::Url = args.url.parse().map_err(|e| {
        Failure::usage(format!(
            "--url {}: {e}; give the page's full address",
            args.url
        ))
    })?;
    let body = bytes(args)?;
    let (office, region) = office(session, &url)?;
    let page = Page {
        url: args.url.clone(),
        status: 200,
        content_type: args
            .charset
            .as_ref()
            .map(|c| format!("text/html; charset={c}")),
        etag: None,
        last_modified: None,
        headers: Vec::new(),
        body,
        fetched_at: session.now,
        plain_http: false,
    };
    let (article, doubt) = office
        .article_by_hand(&page, &args.url, args.charset.as_deref())
        .map_err(|fault| Failure::with(super::NOTHING, fault.to_string()))?;
    if let Some(doubt) = doubt {
        super::complain(&format!("the page looks {doubt}"));
    }
    let reader = Reader::new(office, &session.catalog, region.as_deref());
    let reading = reader.facts(&article);
    match (form, session.format) {
        (As::Facts, Format::Text) => Ok(Output::text(terminal::facts(&reading, session.lang))),
        (As::Facts, format) => {
            let value = serde_json::to_value(&reading);
            json(&value.map_err(|e| Failure::usage(e.to_string()))?, format)
        }
        (As::Marks, Format::Text) => Ok(Output::text(terminal::explained(&article, &reading))),
        (As::Marks, format) => {
            let value = serde_json::json!({
                "schema": 1, "article": article, "facts": reading.facts,
                "evidence": reading.evidence, "unread": reading.unread,
            });
            json(&value, format)
        }
    }
}

fn bytes(args: &ExtractArgs) -> Result<Vec<u8>, Failure> {
    let cannot =
        |e: std::io::Error| Failure::usage(format!("cannot read {}: {e}", args.file.display()));
    if args.file.as_os_str() == "-" {
        let mut body = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut body)
            .map_err(cannot)?;
        return Ok(body);
    }
    std::fs::read(&args.file).map_err(cannot)
}

/// The rules of the office whose host this is, else those that fit any site; and its region.
fn office(session: &Session, url: &url::Url) -> Result<(Arc<Office>, Option<String>), Failure> {
    let host = url.host_str().unwrap_or_default();
    let fetched = |s: &&Source| s.kind != Kind::Manual && s.list.contains(host);
    let known = session
        .catalog
        .sources
        .iter()
        .filter(fetched)
        .max_by_key(|s| {
            // Of several lists on one host, the one whose address has most in common.
            s.list
                .bytes()
                .zip(url.as_str().bytes())
                .take_while(|(a, b)| a == b)
                .count()
        });
    if let Some(source) = known.filter(|_| !host.is_empty()) {
        return Ok((session.office(source)?, Some(source.region.clone())));
    }
    let any = Source {
        id: "any".into(),
        family: "auto".into(),
        ..Source::default()
    };
    let region = official::region_of_host(host, &session.catalog).map(str::to_string);
    Ok((session.office(&any)?, region))
}
