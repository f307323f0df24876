//! `verify`: is this address, or an address in this text, an office's own?

use super::args::{Format, VerifyArgs};
use super::session::Session;
use super::{Failure, Output, SOME_FAILED, WELL, document};
use crate::official;

pub(super) fn run(session: &Session, args: &VerifyArgs) -> Result<Output, Failure> {
    let judgement = official::verify(&args.text, &session.catalog);
    let code = if judgement.standing == official::Standing::Official {
        WELL
    } else {
        SOME_FAILED
    };
    if session.format != Format::Text {
        return Ok(document(session, "verify", &judgement)?.code(code));
    }
    let name = |id: &str| session.catalog.source(id).map(|s| s.name.clone());
    let office = judgement
        .source
        .as_deref()
        .and_then(name)
        .unwrap_or_default();
    let said = (session.lang.words().judged)(&judgement, &office);
    Ok(Output::text(format!("{}\n", crate::render::safe::terminal(&said))).code(code))
}
