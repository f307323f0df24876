//! `diff`: what the office changed between two versions, as today's rules read both.

use super::args::{DiffArgs, Format};
use super::session::Session;
use super::show::find;
use super::{Failure, Output, document};
use crate::crawl::read::Reader;
use crate::diff;
use crate::model::{Article, Reading};
use crate::model::{Notice, Version};
use crate::render::terminal;
use crate::store::Store;

pub(super) fn run(session: &Session, args: &DiffArgs) -> Result<Output, Failure> {
    let store = session.store()?;
    let notice = find(&store, &args.notice)?;
    let versions = store.versions(notice.id)?;
    let last = versions.first().map_or(0, |v| v.n);
    let to = args.to.unwrap_or(last);
    let from = args.from.unwrap_or(to.saturating_sub(1));
    let pick = |n: u32| {
        versions.iter().find(|v| v.n == n).ok_or_else(|| {
            Failure::usage(match last {
                0 | 1 => format!(
                    "notice {} has {last} version: nothing to compare",
                    notice.id
                ),
                _ => format!("notice {} has versions 1 to {last}, not {n}", notice.id),
            })
        })
    };
    let (old, new) = (pick(from)?, pick(to)?);
    let reader = reader(session, &notice)?;
    let (a, mut ra) = read(&store, &reader, &notice, old)?;
    let (b, mut rb) = read(&store, &reader, &notice, new)?;
    let mut n = 0;
    let mut fresh = || {
        n += 1;
        format!("w{n}")
    };
    diff::pair_windows(&[], &mut ra.facts.windows, &mut fresh);
    let before = ra.facts.windows.clone();
    diff::pair_windows(&before, &mut rb.facts.windows, &mut fresh);
    let (deltas, text) = (diff::deltas(&ra, &rb), diff::text_change(&a.text, &b.text));
    if session.format != Format::Text {
        let data = serde_json::json!({
            "notice": notice.id, "from": from, "to": to, "deltas": deltas, "text": text,
        });
        return document(session, "diff", data);
    }
    let out = terminal::versions_diff(&notice, (old, new), &deltas, &text, &rb, session.lang);
    Ok(Output::text(out))
}

fn reader(session: &Session, notice: &Notice) -> Result<Reader, Failure> {
    let source = session.catalog.source(&notice.source).ok_or_else(|| {
        Failure::usage(format!(
            "notice {} is of source `{}`, which is not in the list of sources; give it with --sources",
            notice.id, notice.source
        ))
    })?;
    Ok(Reader::new(session.office(source)?, &session.catalog, None))
}

fn read(
    store: &Store,
    reader: &Reader,
    notice: &Notice,
    version: &Version,
) -> Result<(Article, Reading), Failure> {
    let raw = store.raw(&version.page)?;
    let article = raw
        .and_then(|raw| reader.stored(&raw, version, notice))
        .ok_or_else(|| {
            Failure::usage(format!(
                "version {} cannot be read by today's rules",
                version.n
            ))
        })?;
    let reading = reader.facts(&article);
    Ok((article, reading))
}
