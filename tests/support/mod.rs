//! What several tests share.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test uses a part, and may panic"
)]

pub(crate) mod disguise;
pub(crate) mod long;
pub(crate) mod receiver;
pub(crate) mod recording;
pub(crate) mod responses;
pub(crate) mod server;
pub(crate) mod site;
