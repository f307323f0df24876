//! What several tests share.

pub(crate) mod responses;
pub(crate) mod server;
