//! lingzheng (领证) watches the offices that hand out exam certificates in China and tells what is
//! new or changed, with the office's own words as evidence.

pub mod adapter;
pub mod cli;
pub mod config;
pub mod crawl;
pub mod diff;
pub mod extract;
pub mod fetch;
pub mod model;
pub mod net;
pub mod official;
pub mod plan;
pub mod render;
pub mod store;
