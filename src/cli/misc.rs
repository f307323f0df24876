//! `backup` and `doctor`.

use super::args::{BackupArgs, Format};
use super::session::Session;
use super::{DATABASE, Failure, Output, WELL, document};
use crate::render::terminal;

pub(super) fn backup(session: &Session, args: &BackupArgs) -> Result<Output, Failure> {
    session.store()?.backup(&args.file)?;
    Ok(Output::text(format!(
        "{} written and checked; its cursors have an epoch of their own\n",
        args.file.display()
    )))
}

pub(super) fn doctor(session: &Session) -> Result<Output, Failure> {
    let checks = session.store()?.doctor()?;
    let code = if checks.iter().all(|c| c.ok) {
        WELL
    } else {
        DATABASE
    };
    if session.format != Format::Text {
        return Ok(document(session, "doctor", &checks)?.code(code));
    }
    let rows = checks.iter().map(|c| {
        let mark = if c.ok { "ok" } else { "BAD" };
        vec![mark.to_string(), c.name.to_string(), c.detail.clone()]
    });
    Ok(Output::text(terminal::table(&["", "check", "finding"], rows.collect())).code(code))
}
