//! `notices`: what is kept, newest first, or what a search finds.

use super::args::{Format, NoticesArgs};
use super::session::Session;
use super::{Failure, Output, document};
use crate::meant::nearest;
use crate::render::{safe, terminal};
use crate::store::Filter;

pub(super) fn run(session: &Session, args: &NoticesArgs) -> Result<Output, Failure> {
    let store = session.store()?;
    let mut sources = Vec::new();
    if let Some(word) = &args.region {
        sources.extend(session.serving(session.region(word)?));
    }
    if let Some(id) = &args.source {
        if session.catalog.source(id).is_none() {
            let near = nearest(id, session.catalog.sources.iter().map(|s| s.id.as_str()));
            return Err(Failure::usage(format!("no source `{id}`; {near}")));
        }
        sources.push(id.clone());
    }
    let filter = Filter {
        sources,
        kinds: if args.all {
            Vec::new()
        } else {
            crate::model::facts::NoticeKind::TOLD.to_vec()
        },
        search: args.search.clone(),
        limit: args.limit,
        ..Filter::default()
    };
    let notices = store.notices(&filter)?;
    let words = session.lang.words();
    match session.format {
        Format::Json => document(session, "notices", &notices),
        Format::Jsonl => {
            let lines: Result<Vec<String>, _> = notices.iter().map(serde_json::to_string).collect();
            let lines = lines.map_err(|e| Failure::usage(e.to_string()))?;
            Ok(Output::text(
                lines.iter().map(|l| format!("{l}\n")).collect::<String>(),
            ))
        }
        Format::Text if notices.is_empty() => {
            Ok(Output::text(format!("{}\n", words.label.nothing)))
        }
        Format::Text => {
            let label = &words.label;
            let header = ["#", label.region, label.published, label.kind, label.notice];
            let rows = notices.iter().map(|n| {
                let kind = n.kind.map_or("—", |k| (words.kind)(k));
                let gone = if n.gone {
                    format!(" [{}]", words.label.gone)
                } else {
                    String::new()
                };
                vec![
                    n.id.to_string(),
                    session.place(&n.source),
                    n.published.map_or("—".into(), |d| d.to_string()),
                    kind.into(),
                    safe::short(&safe::terminal(&n.title), 60) + &gone,
                ]
            });
            Ok(Output::text(terminal::table(&header, rows.collect())))
        }
    }
}
