//! One event of the journal as one CloudEvents 1.0 envelope in JSON
//! (<https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md>). Made of the stored
//! event alone, so that the body of an id is the same at every attempt and in every export.

use super::ids;
use crate::model::{Change, Event, Subject};
use serde_json::{Map, Value, json};

/// Media type of one envelope.
pub const MEDIA: &str = "application/cloudevents+json; charset=utf-8";
/// Media type of several, in a JSON array.
pub const MEDIA_BATCH: &str = "application/cloudevents-batch+json; charset=utf-8";

/// The envelope.
pub fn envelope(event: &Event) -> Value {
    let (about, subject) = match &event.subject {
        Subject::Notice(id) => ("notice", format!("notice/{id}")),
        Subject::Source(id) => ("source", format!("source/{id}")),
        Subject::Standing {
            region,
            exam,
            sitting,
        } => ("standing", format!("standing/{region}/{exam}/{sitting}")),
    };
    json!({
        "specversion": "1.0",
        "id": event.id,
        "source": ids::journal(&event.id.epoch),
        "type": format!("lingzheng.{about}.{}", kind(&event.change)),
        "subject": subject,
        "time": event.at.to_string(),
        "datacontenttype": "application/json",
        "dataschema": "urn:lingzheng:schema:event:1",
        "data": data(event),
    })
}

/// The last word of the type. The ways in which an office edits a notice are one type: whoever
/// wants to tell them apart reads `data.change`.
fn kind(change: &Change) -> &'static str {
    match change {
        Change::Facts { .. } | Change::Text { .. } => "changed",
        Change::Attachment { .. } | Change::Moved { .. } => "changed",
        other => other.word(),
    }
}

fn data(event: &Event) -> Value {
    let mut data = Map::new();
    data.insert("schema".into(), 1.into());
    data.insert("change".into(), event.change.word().into());
    data.insert("source".into(), event.source.clone().into());
    if let Subject::Notice(id) = &event.subject {
        data.insert("notice".into(), json!(id));
        data.insert("urn".into(), ids::notice(&event.id.epoch, *id).into());
    }
    if let Subject::Standing {
        region,
        exam,
        sitting,
    } = &event.subject
    {
        for (key, id) in [("region", region), ("exam", exam), ("sitting", sitting)] {
            data.insert(key.into(), id.clone().into());
        }
    }
    data.insert("title".into(), event.title.clone().into());
    data.insert("url".into(), event.url.clone().into());
    // What the change holds beside its word.
    if let Ok(Value::Object(change)) = serde_json::to_value(&event.change) {
        data.extend(change.into_iter().filter(|(key, _)| key != "type"));
    }
    if !data.contains_key("deltas") {
        data.insert("deltas".into(), json!([]));
    }
    let reading = event.reading.as_deref();
    data.insert("facts".into(), json!(reading.map(|r| &r.facts)));
    data.insert(
        "evidence".into(),
        reading.map_or(json!({}), |r| json!(r.evidence)),
    );
    data.insert(
        "unread".into(),
        reading.map_or(json!([]), |r| json!(r.unread)),
    );
    Value::Object(data)
}
