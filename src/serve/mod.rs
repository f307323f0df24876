//! The board as a web site: read-only, rendered here, usable without a script.
//!
//! ```text
//! listen ─ guard (size, Host, token, method; headers of every answer) ─ routes ─┬ pages  → render::html
//!                                                                               ├ api    → JSON
//!                                                                               ├ feeds  → Atom, JSON Feed, iCalendar
//!                                                                               ├ live   → events as they come
//!                                                                               └ health → /healthz, /metrics
//! ```
//!
//! Every request opens the database for reading, on a thread of its own: it sees what is committed,
//! waits for nobody, and a database that was replaced meanwhile is no surprise.

mod answer;
mod api;
mod feeds;
mod guard;
mod health;
mod listen;
mod live;
mod login;
mod pages;
mod patient;
mod query;
mod routes;
mod state;
mod token;

pub use listen::{run, serve};
pub use routes::ROUTES;
pub use state::{Clock, Site};
pub use token::Token;
