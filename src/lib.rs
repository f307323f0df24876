//! lingzheng (领证) watches the offices that hand out exam certificates in China and tells what is
//! new or changed, with the office's own words as evidence.
//!
//! # The map
//!
//! ```text
//! sources.toml ─ config ─┐
//!                        ▼
//!   the web ─ net ─ fetch ─ crawl::visit ──channel──▶ crawl::settle ─ store (SQLite)
//!                        │       │                        │              │
//!                        │       └ adapter: page → entries, article      │
//!                        │         plan: what is due      │              │
//!                        │                  extract: text → facts        │
//!                        │                  diff: two readings → changes │
//!                        ▼                                               ▼
//!                    notify ◀────────────── deliver ◀───────────── the journal
//!                                    render, outlook: values → text, pictures
//!                                    board: store → outlook; serve: the board as a web site
//!                             render, outlook, remind: values → text, pictures, what is due
//!                             tied: store → what corrects what
//!                             meant: a person's words → exam, sitting, region
//!                             feed: the store → what `export` and the board's feeds are made of
//! ```
//!
//! Reading order: [`model`], then [`adapter`] (what knows the sites) and [`extract`] (what knows
//! the language) with [`model::Article::text`] as the border between them, [`diff`], [`store`],
//! and [`crawl`], which ties them together. [`cli`] is one file per command.
//!
//! # What always holds
//!
//! - What came over the wire, and `sources.toml`, are the ground; all else is derived from them by
//!   pure functions and can be derived again. The raw page of every stored version is kept.
//! - [`mod@crawl::visit`] talks to the network and never to the store; [`mod@crawl::settle`] the reverse.
//! - Only [`model::Verdict::Ok`] and [`model::Verdict::Empty`] touch stored state.
//! - Every fact holds the words that prove it. Old and new are read by today's rules before they
//!   are compared, so a better rule never says that a notice changed.
//! - The journal only grows; reports, feeds, calendars and hooks are views of it.
//! - Imports point one way; `tests/layers.rs` reads this source and says so.
//!
//! # Words
//!
//! *Sitting*: one date of an exam (`2026H2`). *Window*: a stretch of time in which certificates can
//! be had. *Snapshot* or *version*: one stored state of a notice's page. *Baseline*: the first sight
//! of a source, stored and told nowhere. *Verdict*: what a page is, judged before anything is read
//! from it. *Conditional GET*: asking whether a page changed (RFC 9110 §13). *Outbox*: what a sink
//! still has to get. *Region*: a province, or a city that is counted by itself; not a source.

pub mod adapter;
pub mod board;
pub mod cli;
pub mod compare;
pub mod config;
pub mod crawl;
pub mod deliver;
pub mod diff;
pub mod extract;
pub mod feed;
pub mod fetch;
pub mod meant;
pub mod model;
pub mod net;
pub mod notify;
pub mod official;
pub mod outlook;
pub mod plan;
pub mod remind;
pub mod render;
pub mod serve;
pub mod signal;
pub mod store;
pub mod tied;
