//! Bytes of a site to entries and articles: everything that knows how offices' sites are made.
//!
//! [`Office`] is the door. The way of an article: [`charset::decode`] → [`budget::parse`] →
//! [`article::read`], which finds the body (`place`, else `density`), reads it as lines (`text`,
//! `tables`, `attach`) and then what the page says around it (`survey`, `meta`, [`title`],
//! [`dates`]). The way of a list: [`rows::read`] by [`rules`] (`row`, `list_dates`, `list_title`),
//! after `unwrap`, [`json`] or [`script`] brought the rows to light; [`pager`] finds further
//! pages. [`verdict`] judges every page before anything read from it counts.

pub mod address;
pub mod article;
mod attach;
mod bad_pages;
mod body;
pub mod budget;
pub mod charset;
pub mod dates;
mod density;
pub mod drift;
pub mod family;
mod feed;
pub mod fingerprint;
pub mod guess;
mod home;
pub mod json;
mod likeness;
mod list_dates;
mod list_title;
mod markup;
mod meta;
pub mod office;
pub mod pager;
mod pattern;
mod place;
mod row;
pub mod rows;
pub mod rules;
pub mod script;
mod survey;
mod tables;
mod text;
pub mod title;
pub mod unwrap;
pub mod verdict;
mod volatile;
mod wechat;
mod white;

pub use crate::model::canonical;
pub use charset::{Decoded, decode};
pub use drift::{Before, after_rows};
pub use family::Families;
pub use office::Office;
pub use rows::ListPage;
pub use wechat::temporary;
