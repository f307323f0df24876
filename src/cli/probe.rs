//! `probe`
use super::args::ProbeArgs;
use super::session::Session;
use super::{Failure, Output};

pub(super) fn run(_session: &Session, _args: &ProbeArgs) -> Result<Output, Failure> {
    Err(Failure::usage("not yet"))
}
