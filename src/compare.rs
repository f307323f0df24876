//! What an office changed between two stored versions of a notice, both read by today's rules.

use crate::adapter::{Families, Office};
use crate::crawl::read::Reader;
use crate::diff;
use crate::model::{Article, Catalog, Delta, Notice, Reading, TextChange, Version};
use crate::store::{Store, StoreError};
use std::sync::Arc;

/// Two versions beside each other.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The earlier one.
    pub old: Version,
    /// The later one.
    pub new: Version,
    /// Facts that differ, most important first.
    pub deltas: Vec<Delta>,
    /// Words that differ.
    pub text: TextChange,
    /// The facts of the later one, its windows numbered as in `deltas`.
    pub reading: Reading,
}

/// Why two versions cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// What was asked for is not there; one line for people.
    #[error("{0}")]
    Missing(String),
    /// What the store says.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Compares. `to` None = the last version, `from` None = the one before `to`.
///
/// # Errors
/// [`CompareError::Missing`] where there is no such version, the source is not in the catalog, or
/// a page cannot be read by today's rules.
pub fn compare(
    store: &Store,
    catalog: &Catalog,
    families: &Families,
    notice: &Notice,
    from: Option<u32>,
    to: Option<u32>,
) -> Result<Compared, CompareError> {
    let versions = store.versions(notice.id)?;
    let last = versions.first().map_or(0, |v| v.n);
    let to = to.unwrap_or(last);
    let from = from.unwrap_or(to.saturating_sub(1));
    let pick = |n: u32| {
        versions.iter().find(|v| v.n == n).ok_or_else(|| {
            CompareError::Missing(match last {
                0 | 1 => format!(
                    "notice {} has {last} version: nothing to compare",
                    notice.id
                ),
                _ => format!("notice {} has versions 1 to {last}, not {n}", notice.id),
            })
        })
    };
    let (old, new) = (pick(from)?, pick(to)?);
    let reader = reader(catalog, families, notice)?;
    let (a, mut ra) = read(store, &reader, notice, old)?;
    let (b, mut rb) = read(store, &reader, notice, new)?;
    let mut n = 0;
    let mut fresh = || {
        n += 1;
        format!("w{n}")
    };
    diff::pair_windows(&[], &mut ra.facts.windows, &mut fresh);
    let before = ra.facts.windows.clone();
    diff::pair_windows(&before, &mut rb.facts.windows, &mut fresh);
    Ok(Compared {
        old: old.clone(),
        new: new.clone(),
        deltas: diff::deltas(&ra, &rb),
        text: diff::text_change(&a.text, &b.text),
        reading: rb,
    })
}

fn reader(catalog: &Catalog, families: &Families, notice: &Notice) -> Result<Reader, CompareError> {
    let source = catalog.source(&notice.source).ok_or_else(|| {
        CompareError::Missing(format!(
            "notice {} is of source `{}`, which is not in the list of sources; give it with --sources",
            notice.id, notice.source
        ))
    })?;
    let office = Office::compile(source, families)
        .map_err(|e| CompareError::Missing(format!("source {}: {e}", source.id)))?;
    Ok(Reader::new(Arc::new(office), catalog, None))
}

fn read(
    store: &Store,
    reader: &Reader,
    notice: &Notice,
    version: &Version,
) -> Result<(Article, Reading), CompareError> {
    let raw = store.raw(&version.page)?;
    let article = raw.and_then(|raw| reader.stored(&raw, version, notice));
    let article = article.ok_or_else(|| {
        CompareError::Missing(format!(
            "version {} cannot be read by today's rules",
            version.n
        ))
    })?;
    let reading = reader.facts(&article);
    Ok((article, reading))
}
