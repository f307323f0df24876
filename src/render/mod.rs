//! Values to text, one file per format. Every format takes its sentences from [`words`].

pub mod safe;
pub mod terminal;
pub mod words;

pub use words::{Lang, Words};
