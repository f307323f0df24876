//! What a run says besides its news, once each: lists that have gone quiet where something is
//! waited for, and certificates that are about to end.

use super::report::Report;
use super::{Job, health};
use crate::model::{Date, Timestamp, china_date};
use crate::store::{Store, StoreError};
use std::collections::BTreeMap;
use url::Url;

/// From so many days before its end on, a certificate is spoken of.
const ENDING: i32 = 14;

/// Something that a person should look at, though nothing has failed yet.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Warning {
    /// A list has given nothing new for longer than its region lets one expect.
    Stale {
        /// Source id.
        source: String,
        /// Days since its newest notice.
        days: i32,
    },
    /// The certificate of a source's host ends soon.
    Certificate {
        /// Source id.
        source: String,
        /// The host.
        host: String,
        /// Its last day in China.
        until: Date,
    },
}

/// Whether a certificate is spoken of: it ends within two weeks, or has ended.
pub fn ending(until: Timestamp, now: Timestamp) -> bool {
    let left = china_date(now).until(china_date(until));
    left.is_ok_and(|span| span.get_days() <= ENDING)
}

/// Keeps the certificates that a run saw, and gives what is to be said of its sources.
///
/// # Errors
/// What the store says; then nothing is kept.
pub(super) fn tell(
    store: &mut Store,
    job: &Job,
    report: &Report,
    certificates: &BTreeMap<String, Timestamp>,
) -> Result<Vec<Warning>, StoreError> {
    let today = china_date(job.now);
    let activity = store.activity()?;
    let mut tx = store.begin("")?;
    for (host, until) in certificates {
        tx.save_certificate(host, *until, job.now)?;
    }
    let mut out = Vec::new();
    let visited = report.outcomes.iter().filter(|o| !o.skipped());
    for outcome in visited {
        let Some(source) = job.catalog.source(&outcome.source) else {
            continue;
        };
        let host = Url::parse(&source.list).ok();
        let host = host.as_ref().and_then(Url::host_str).unwrap_or_default();
        if let Some(until) = certificates.get(host).filter(|u| ending(**u, job.now)) {
            let until = china_date(*until);
            if tx.warn_once(host, "certificate", &until.to_string(), job.now)? {
                let (source, host) = (source.id.clone(), host.to_owned());
                out.push(Warning::Certificate {
                    source,
                    host,
                    until,
                });
            }
        }
        // A source that fails says so by itself.
        let newest = activity.get(&source.id).and_then(|a| a.newest);
        let Some(newest) = newest.filter(|_| outcome.fault.is_none()) else {
            continue;
        };
        let region = job.catalog.region(&source.region);
        let (sittings, watched) = (&job.catalog.sittings, &job.settings.watch.exams);
        if let Some(days) = health::stale(newest, region, sittings, watched, today)
            && tx.warn_once(&source.id, "stale", &newest.to_string(), job.now)?
        {
            let source = source.id.clone();
            out.push(Warning::Stale { source, days });
        }
    }
    tx.commit()?;
    Ok(out)
}
