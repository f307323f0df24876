//! Bytes of a site to entries and articles: everything that knows how offices' sites are made.

pub mod address;
pub mod article;
mod attach;
pub mod budget;
pub mod charset;
pub mod dates;
mod density;
mod markup;
mod meta;
mod place;
mod survey;
mod tables;
mod text;
pub mod title;
mod volatile;
mod white;

pub use article::{ArticleRules, read, read_fragment};
pub use charset::{Decoded, decode};
