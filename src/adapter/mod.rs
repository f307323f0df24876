//! Bytes of a site to entries and articles: everything that knows how offices' sites are made.
//!
//! The way of an article: [`charset::decode`] → [`budget::parse`] → [`article::read`], which finds
//! the body (`place`, else `density`), reads it as lines (`text`, `tables`, `attach`) and then what
//! the page says around it (`survey`, `meta`, [`title`], [`dates`]).

pub mod address;
pub mod article;
mod attach;
mod body;
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

pub use address::canonical;
pub use article::{ArticleRules, read, read_fragment};
pub use charset::{Decoded, decode};
