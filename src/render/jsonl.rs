//! JSON Lines: one event a line, each a CloudEvents envelope.

use super::cloudevents::envelope;
use crate::model::Event;

/// The events in the order given, each line ended.
pub fn jsonl(events: &[Event]) -> String {
    events
        .iter()
        .map(|event| format!("{}\n", envelope(event)))
        .collect()
}
