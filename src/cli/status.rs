//! `status`: where things stand. Per office: the notices and windows in force, the last good
//! visit, running faults.

use super::args::{Format, StatusArgs};
use super::session::Session;
use super::{Failure, Output, document};
use crate::crawl::read;
use crate::model::source::Kind;
use crate::model::{Notice, SourceState};
use crate::model::{Source, china_date};
use crate::render::{safe, terminal};
use crate::store::Store;
use jiff::ToSpan;

pub(super) fn run(session: &Session, args: &StatusArgs) -> Result<Output, Failure> {
    let store = session.store()?;
    let states = store.source_states()?;
    let region = args
        .region
        .as_deref()
        .map(|word| session.region(word))
        .transpose()?;
    let serving = region.map(|r| session.serving(r));
    let wanted = |s: &&Source| serving.as_ref().is_none_or(|ids| ids.contains(&s.id));
    let sources: Vec<&Source> = session.catalog.sources.iter().filter(wanted).collect();
    let notices = in_force(session, &store, serving.clone().unwrap_or_default())?;
    if session.format != Format::Text {
        let data: Vec<_> = sources
            .iter()
            .map(|source| {
                let own: Vec<_> = notices.iter().filter(|n| n.source == source.id).collect();
                serde_json::json!({
                    "source": source.id, "region": source.region, "name": source.name,
                    "state": states.get(&source.id), "notices": own,
                })
            })
            .collect();
        return document(session, "status", data);
    }
    let mut text = board(session, &sources, &states, &notices);
    if region.is_some() {
        for notice in &notices {
            text.push('\n');
            text.push_str(&terminal::notice(
                notice,
                &session.place(&notice.source),
                session.lang,
            ));
        }
    }
    Ok(Output::text(text))
}

/// Told notices of the watched exams whose last window is not long over, newest first.
fn in_force(
    session: &Session,
    store: &Store,
    sources: Vec<String>,
) -> Result<Vec<Notice>, Failure> {
    let today = china_date(session.now);
    let exams: Vec<_> = session
        .catalog
        .exams
        .iter()
        .filter(|e| session.settings.watch.exams.contains(&e.id))
        .cloned()
        .collect();
    let mut notices = store.in_force(today.saturating_sub(400.days()))?;
    notices.retain(|n| {
        let Some(version) = &n.latest else {
            return false;
        };
        let facts = &version.reading.facts;
        let over = facts.windows.iter().filter_map(|w| w.end.or(w.start)).max();
        let live =
            over.is_none_or(|last| last.until(today).map_or(true, |span| span.get_days() <= 30));
        (sources.is_empty() || sources.contains(&n.source))
            && !n.gone
            && live
            && read::told(facts, &exams)
    });
    Ok(notices)
}

fn board(
    session: &Session,
    sources: &[&Source],
    states: &std::collections::BTreeMap<String, SourceState>,
    notices: &[Notice],
) -> String {
    let words = session.lang.words();
    let label = &words.label;
    let header = [
        label.region,
        label.notice,
        label.windows,
        label.last_good,
        label.state,
    ];
    let mut rows = Vec::new();
    let mut unseen = 0;
    for source in sources {
        let state = states.get(&source.id);
        let own: Vec<&Notice> = notices.iter().filter(|n| n.source == source.id).collect();
        // A source that was never visited may have notices that a person entered.
        if state.is_none() && own.is_empty() {
            unseen += usize::from(source.kind != Kind::Manual);
            continue;
        }
        let good = state.and_then(|s| s.last_good);
        let good = good.map_or(label.never.to_string(), |at| china_date(at).to_string());
        let health = match state.and_then(|s| s.fault.as_ref()) {
            Some(fault) => (words.verdict)(fault.verdict),
            None => label.well,
        };
        let place = session.place(&source.id);
        if own.is_empty() {
            rows.push(vec![
                place.clone(),
                "—".into(),
                "—".into(),
                good.clone(),
                health.into(),
            ]);
        }
        for (i, notice) in own.iter().enumerate() {
            let windows = notice
                .latest
                .as_ref()
                .map_or(&[][..], |v| &v.reading.facts.windows);
            let mut when: Vec<String> = windows
                .iter()
                .take(3)
                .map(|w| format!("{} {}", (words.window_method)(w.method), (words.window)(w)))
                .collect();
            if windows.len() > 3 {
                when.push(format!("+{}", windows.len() - 3));
            }
            let title = format!(
                "#{} {}",
                notice.id,
                safe::short(&safe::terminal(&notice.title), 26)
            );
            let first = i == 0;
            let cell = |text: &str| {
                if first {
                    text.to_string()
                } else {
                    String::new()
                }
            };
            rows.push(vec![
                cell(&place),
                title,
                safe::terminal(&when.join("\n")).replace("\\n", "\n"),
                cell(&good),
                cell(health),
            ]);
        }
    }
    let mut text = terminal::table(&header, rows);
    if unseen > 0 {
        text.push_str(&format!("{}\n", (words.unseen)(unseen)));
    }
    text
}
