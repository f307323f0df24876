//! Events to messages: each for itself, or gathered. A message is made of its events, the catalog
//! and the sink's settings alone, so that it is the same at every attempt.

use crate::model::sink::Language;
use crate::model::{Catalog, Event, Sink, Subject, china_date};
use crate::notify::{self, Message};
use crate::render::{Lang, brief, cloudevents, message};
use sha2::{Digest, Sha256};

/// Most events in one message.
const MOST: usize = 100;
/// Most bytes of one message for a program: what receivers take without being asked to.
const JSON: usize = 256 * 1024;
/// Most bytes of one event's details among others.
const SHARE: usize = 600;

/// Splits events, oldest first, into the messages that tell them: so many in each.
pub(super) fn groups(
    sink: &Sink,
    events: &[&Event],
    catalog: &Catalog,
    gather: bool,
) -> Vec<usize> {
    if !gather {
        return vec![1; events.len()];
    }
    let programs = sink.kind.for_programs();
    let room = match notify::limit(sink) {
        // An eighth is left to title and address.
        Some(limit) => limit - limit / 8,
        None if programs => JSON,
        None => usize::MAX,
    };
    let mut groups = Vec::new();
    let (mut count, mut size) = (0, 0);
    for event in events {
        let piece = match programs {
            true => cloudevents::envelope(event).to_string().len(),
            false => piece(sink, event, catalog).len(),
        };
        if count > 0 && (count == MOST || size + piece > room) {
            groups.push(count);
            (count, size) = (0, 0);
        }
        count += 1;
        size += piece;
    }
    if count > 0 {
        groups.push(count);
    }
    groups
}

/// The message of these events; None where there are none.
pub(super) fn message(sink: &Sink, events: &[&Event], catalog: &Catalog) -> Option<Message> {
    let learned = events.iter().map(|e| e.at).max()?;
    let lang = lang(sink);
    if let [event] = events {
        let place = place(event, catalog);
        let own = templated(sink, event, &place);
        let text = own.clone().unwrap_or_else(|| {
            brief::plain(&message::details(event, lang))
                + &brief::plain(&message::facts(event, lang))
        });
        return Some(Message {
            id: event.id.to_string(),
            learned,
            title: message::title(event, &place, lang),
            text,
            html: page(&message::html(event, &place, own.as_deref(), lang)),
            url: message::url(event).to_owned(),
            json: cloudevents::envelope(event).to_string(),
            media: cloudevents::MEDIA,
        });
    }
    let pieces: Vec<String> = events.iter().map(|e| piece(sink, e, catalog)).collect();
    let html: String = events
        .iter()
        .map(|e| {
            let place = place(e, catalog);
            message::html(e, &place, templated(sink, e, &place).as_deref(), lang)
        })
        .collect();
    let json: serde_json::Value = events.iter().map(|e| cloudevents::envelope(e)).collect();
    Some(Message {
        id: batch_id(events)?,
        learned,
        title: (lang.words().news)(events.len()),
        text: pieces.join("\n"),
        html: page(&html),
        url: String::new(),
        json: json.to_string(),
        media: cloudevents::MEDIA_BATCH,
    })
}

/// An id that names exactly these events: another selection is another message.
fn batch_id(events: &[&Event]) -> Option<String> {
    let first = events.first()?;
    let ids: Vec<String> = events.iter().map(|e| e.id.seq.to_string()).collect();
    let digest = Sha256::digest(ids.join(",").as_bytes());
    let digest: String = digest.iter().take(8).map(|b| format!("{b:02x}")).collect();
    Some(format!("{}:batch-{digest}", first.id.epoch))
}

/// One event among others: title, what changed (of a new notice its facts), address.
fn piece(sink: &Sink, event: &Event, catalog: &Catalog) -> String {
    let lang = lang(sink);
    let place = place(event, catalog);
    let text = templated(sink, event, &place).unwrap_or_else(|| {
        let details = brief::plain(&message::details(event, lang));
        let facts = || brief::plain(&message::facts(event, lang));
        if details.is_empty() { facts() } else { details }
    });
    let mut short = String::new();
    for line in text.lines() {
        if short.len() + line.len() > SHARE {
            short.push_str("…\n");
            break;
        }
        short.push_str(line);
        short.push('\n');
    }
    let mut out = format!("{}\n{short}", message::title(event, &place, lang));
    let url = message::url(event);
    if !url.is_empty() {
        out.push_str(&format!("{url}\n"));
    }
    out
}

fn templated(sink: &Sink, event: &Event, place: &str) -> Option<String> {
    let lang = lang(sink);
    let value = |name: &str| match name {
        "title" => brief::clean(&event.title),
        "place" => brief::clean(place),
        "change" => (lang.words().change)(&event.change).to_owned(),
        "details" => brief::plain(&message::details(event, lang)),
        "facts" => brief::plain(&message::facts(event, lang)),
        "url" => message::url(event).to_owned(),
        "at" => china_date(event.at).to_string(),
        "id" => event.id.to_string(),
        _ => String::new(),
    };
    Some(sink.template.as_ref()?.fill(value))
}

/// Where it holds: what the notice says, else the source's or the standing's region.
fn place(event: &Event, catalog: &Catalog) -> String {
    match &event.subject {
        Subject::Standing { region, .. } => catalog
            .region(region)
            .map_or_else(|| region.clone(), |r| r.name.clone()),
        _ => {
            let facts = event.reading.as_deref().map(|r| &r.facts);
            catalog.place(&event.source, facts)
        }
    }
}

fn lang(sink: &Sink) -> Lang {
    match sink.lang {
        Language::Zh => Lang::Zh,
        Language::En => Lang::En,
    }
}

fn page(body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n{body}</body></html>\n"
    )
}
