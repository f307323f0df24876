//! The files of notices, kept: what a file holds decides whether it is another one. The half that
//! talks to the store.

use super::files::{File, FileLook, FileOutcome, before};
use super::visit::Who;
use crate::model::{Article, Delta, Notice, NoticeId, Reading, Timestamp, canonical};
use crate::store::{KeptAttachment, Settling, Store, StoreError};
use std::collections::HashMap;
use url::Url;

/// Digits of a digest that a person is shown.
const SHORT: usize = 12;

/// The files of a notice's latest version, with what is known of each.
///
/// # Errors
/// What the store says.
pub fn files(store: &Store, notice: &Notice) -> Result<Vec<File>, StoreError> {
    let Some(version) = &notice.latest else {
        return Ok(Vec::new());
    };
    let kept: Vec<File> = store
        .attachments(notice.id)?
        .into_iter()
        .map(|k| File {
            href: k.href,
            url: k.url,
            name: k.name,
            validators: (k.etag, k.last_modified),
            digest: k.digest,
            size: k.size,
            seen_at: Some(k.seen_at),
        })
        .collect();
    let base = Url::parse(&version.url).ok();
    let listed = version.reading.facts.attachments.iter();
    let files = listed.filter_map(|a| {
        let url: String = base.as_ref()?.join(&a.href).ok()?.into();
        Some(File {
            href: a.href.clone(),
            name: a.name.clone(),
            ..before(&kept, &url, &a.name).cloned().unwrap_or_default()
        })
        .map(|f| File { url, ..f })
    });
    Ok(files.collect())
}

/// Keeps what a visit learned of files. Returns, for each notice, the files whose content is
/// another one; their paths count by the notice's `attachments` and are filled by [`placed`].
///
/// # Errors
/// What the store says.
pub fn keep(
    tx: &mut Settling,
    looks: &[FileLook],
    now: Timestamp,
) -> Result<HashMap<NoticeId, Vec<(File, Delta)>>, StoreError> {
    let mut changed: HashMap<NoticeId, Vec<(File, Delta)>> = HashMap::new();
    for look in looks {
        let Who::Known(id) = look.who else { continue };
        let old = &look.file;
        let (digest, size, validators) = match &look.outcome {
            FileOutcome::Failed(_) => continue,
            FileOutcome::Same => (old.digest.clone(), old.size, &old.validators),
            FileOutcome::Read {
                digest,
                size,
                validators,
            } => (Some(digest.clone()), Some(*size), validators),
        };
        tx.keep_attachment(
            id,
            &KeptAttachment {
                // Its identity: sessions and schemes come and go.
                href: canonical(&old.url),
                url: old.url.clone(),
                name: old.name.clone(),
                etag: validators.0.clone(),
                last_modified: validators.1.clone(),
                digest: digest.clone(),
                size,
                seen_at: now,
            },
        )?;
        if let (Some(was), Some(is)) = (&old.digest, &digest)
            && was != is
        {
            let short = |d: &str| d.chars().take(SHORT).collect::<String>().into();
            let delta = Delta {
                path: String::new(),
                old: short(was),
                new: short(is),
                words: old.name.clone(),
            };
            changed.entry(id).or_default().push((old.clone(), delta));
        }
    }
    Ok(changed)
}

/// The deltas with their paths: `/attachments/N/content`, N counting by the reading.
pub fn placed(changed: Vec<(File, Delta)>, reading: &Reading) -> Vec<Delta> {
    let at = |file: &File| {
        let list = &reading.facts.attachments;
        let by = |f: &dyn Fn(&crate::model::facts::FileRef) -> bool| list.iter().position(f);
        by(&|a| a.href == file.href)
            .or_else(|| by(&|a| a.name == file.name))
            .unwrap_or(0)
    };
    changed
        .into_iter()
        .map(|(file, delta)| Delta {
            path: format!("/attachments/{}/content", at(&file)),
            ..delta
        })
        .collect()
}

/// The earlier reading with the addresses of its files as they are written now, where they are
/// the same files: only scheme or session differ, or the notice itself has moved and its files
/// with it. What such a file holds is looked at by itself.
pub fn aligned(old: (&Article, &Reading), new: (&Article, &Reading)) -> Reading {
    let mut before = old.1.clone();
    let moved = canonical(&old.0.url) != canonical(&new.0.url);
    let url = |article: &Article, href: &str| {
        let found = article.attachments.iter().find(|a| a.href == href);
        found.map_or_else(|| href.to_string(), |a| canonical(&a.url))
    };
    for file in &mut before.facts.attachments {
        let was = url(old.0, &file.href);
        let same = new
            .1
            .facts
            .attachments
            .iter()
            .find(|f| f.name == file.name && (moved || url(new.0, &f.href) == was));
        if let Some(same) = same {
            file.href = same.href.clone();
        }
    }
    before
}
