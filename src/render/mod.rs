//! Values to text, one file per format. Every format takes its sentences from [`words`].

pub mod atom;
pub mod brief;
pub mod cloudevents;
pub mod csv;
mod envelope;
pub mod html;
pub mod ical;
pub mod ids;
pub mod json_feed;
pub mod jsonl;
pub mod link;
pub mod markdown;
pub mod message;
mod parts;
pub mod safe;
pub mod schema;
pub mod svg;
pub mod terminal;
pub mod words;

pub use envelope::envelope;
pub use words::{Lang, Words};
