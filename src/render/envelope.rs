//! The JSON contract's outermost form.

use crate::model::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// The envelope of every JSON document: `{"schema":1,"kind":…,"generated":…,"data":…}`. New keys
/// never raise the number.
///
/// # Errors
/// Where the data has no JSON form (a map whose keys are no text).
pub fn envelope(
    kind: &str,
    generated: Timestamp,
    data: impl Serialize,
) -> Result<Value, serde_json::Error> {
    Ok(serde_json::json!({
        "schema": 1,
        "kind": kind,
        "generated": generated.to_string(),
        "data": serde_json::to_value(data)?,
    }))
}
