//! `status`: where every region stands with a sitting, or one region in full.

use super::args::{Format, StatusArgs};
use super::session::Session;
use super::{Failure, Output, document};
use crate::render::terminal;

pub(super) fn run(session: &Session, args: &StatusArgs) -> Result<Output, Failure> {
    // Words that are not understood come before a database that is not there.
    let region = args.region.as_deref();
    let region = region.map(|word| session.region(word)).transpose()?;
    session.sitting(&args.which)?;
    let mut board = session.board(&session.store()?, &args.which)?;
    if session.format != Format::Text {
        if let Some(region) = region {
            board.keep_region(&region.id);
        }
        return document(session, "status", &board);
    }
    match region {
        Some(region) => terminal::region(&board, &region.id, session.lang)
            .map(Output::text)
            .ok_or_else(|| Failure::usage(format!("{} is not on this board", region.name))),
        None => Ok(Output::text(terminal::board(
            &board,
            session.verbose,
            session.lang,
        ))),
    }
}
