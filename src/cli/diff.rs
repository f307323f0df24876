//! `diff`: what the office changed between two versions, as today's rules read both.

use super::args::{DiffArgs, Format};
use super::session::Session;
use super::show::find;
use super::{Failure, Output, document};
use crate::compare::{CompareError, compare};
use crate::render::terminal;

pub(super) fn run(session: &Session, args: &DiffArgs) -> Result<Output, Failure> {
    let store = session.store()?;
    let notice = find(&store, &args.notice)?;
    let (catalog, families) = (&session.catalog, &session.families);
    let found = compare(&store, catalog, families, &notice, args.from, args.to);
    let found = found.map_err(|e| match e {
        CompareError::Missing(line) => Failure::usage(line),
        CompareError::Store(error) => error.into(),
    })?;
    let (deltas, text) = (&found.deltas, &found.text);
    if session.format != Format::Text {
        let data = serde_json::json!({
            "notice": notice.id, "from": found.old.n, "to": found.new.n,
            "deltas": deltas, "text": text,
        });
        return document(session, "diff", data);
    }
    let pair = (&found.old, &found.new);
    let out = terminal::versions_diff(&notice, pair, deltas, text, &found.reading, session.lang);
    Ok(Output::text(out))
}
