//! Which notice a correction speaks of, and what corrects a notice, where no board is at hand.

use crate::model::facts::NoticeKind;
use crate::model::{Notice, NoticeId, Tied};
use crate::outlook;
use crate::store::{Filter, Store, StoreError};
use std::collections::HashMap;

/// What a notice corrects, and what corrects it: other notices of its source.
///
/// # Errors
/// What the store says.
pub fn tied(store: &Store, notice: &Notice) -> Result<Tied, StoreError> {
    Ties::default().of(store, notice)
}

/// The same for many notices: each source is read once.
#[derive(Debug, Default)]
pub struct Ties(HashMap<String, Own>);

/// The notices of one source, and which corrects which.
#[derive(Debug)]
struct Own {
    notices: HashMap<NoticeId, Notice>,
    ties: Vec<(NoticeId, NoticeId)>,
}

impl Ties {
    /// What a notice corrects, and what corrects it.
    ///
    /// # Errors
    /// What the store says.
    pub fn of(&mut self, store: &Store, notice: &Notice) -> Result<Tied, StoreError> {
        if !self.0.contains_key(&notice.source) {
            self.0
                .insert(notice.source.clone(), own(store, &notice.source)?);
        }
        let mut out = Tied::default();
        let Some(own) = self.0.get(&notice.source) else {
            return Ok(out);
        };
        for (later, corrected) in &own.ties {
            if *later == notice.id {
                out.corrects = own.notices.get(corrected).cloned();
            } else if *corrected == notice.id {
                out.corrected_by.extend(own.notices.get(later).cloned());
            }
        }
        out.corrected_by.sort_by_key(|n| n.id);
        Ok(out)
    }
}

fn own(store: &Store, source: &str) -> Result<Own, StoreError> {
    let notices = store.notices(&Filter {
        sources: vec![source.to_owned()],
        kinds: NoticeKind::TOLD.to_vec(),
        ..Filter::default()
    })?;
    Ok(Own {
        ties: outlook::ties(&notices),
        notices: notices.into_iter().map(|n| (n.id, n)).collect(),
    })
}
