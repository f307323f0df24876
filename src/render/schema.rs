//! The JSON Schemas (2020-12) of what is published.

/// The facts of a notice.
pub const FACTS: &str = include_str!("schema/facts.json");
/// An event: the CloudEvents envelope and its data.
pub const EVENT: &str = include_str!("schema/event.json");

/// Every schema by its name.
pub const ALL: [(&str, &str); 2] = [("facts", FACTS), ("event", EVENT)];
