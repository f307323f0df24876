//! Bytes of a site to entries and articles: everything that knows how offices' sites are made.

pub mod address;
pub mod article;
pub mod attach;
pub mod budget;
pub mod charset;
mod dates;
mod density;
mod markup;
pub mod meta;
mod survey;
mod tables;
pub mod text;
mod volatile;

pub use article::{ArticleRules, read, read_fragment};
pub use charset::{Decoded, decode};
