//! How a source stands after a visit: what is told of it, what the next visit must know, and the end
//! of the transaction.

use super::settle::{Settled, Work};
use crate::model::Change;
use crate::model::event::Subject;
use crate::store::StoreError;

impl Work<'_> {
    /// An event about the source itself.
    fn about_source(&mut self, change: Change) -> Result<(), StoreError> {
        let office = self.cx.reader.office().clone();
        let subject = Subject::Source(office.source.id.clone());
        self.tell(
            subject,
            &office.source.name,
            &office.source.list,
            change,
            None,
        )
    }

    /// The source's own state, and the end of the transaction.
    pub(super) fn source(mut self) -> Result<Settled, StoreError> {
        let visit = self.visit;
        let now = self.cx.now;
        if visit.by_hand {
            // A person named the notice; nothing was learned of the source itself.
            self.tx.commit()?;
            return Ok(Settled {
                events: self.events,
                fault: None,
            });
        }
        let mut state = self.state.clone();
        state.last_visit = Some(now);
        match self.fault.clone() {
            Some(fault) => {
                if state.fault.is_none() {
                    state.fault_since = Some(now);
                    state.fault_told_at = Some(now);
                    self.about_source(Change::Broken {
                        fault: fault.clone(),
                    })?;
                }
                state.fault = Some(fault);
            }
            None => {
                if let (Some(_), Some(since)) = (state.fault.take(), state.fault_since.take()) {
                    self.about_source(Change::Recovered { since })?;
                }
                state.fault_told_at = None;
            }
        }
        state.list_digest = visit.doubted.clone();
        if visit.fault.is_none() {
            state.last_good = Some(now);
            if self.first_sight {
                state.baseline_done = true;
                self.about_source(Change::Baseline {
                    notices: visit.entries.len(),
                })?;
            }
        }
        if let Some(page) = &visit.page {
            state.list_etag = page.etag.clone();
            state.list_last_modified = page.last_modified.clone();
            state.list_rows = u32::try_from(visit.listed.rows).ok();
            state.list_dated = u32::try_from(visit.listed.dated).ok();
            let kind = page.content_type.as_deref();
            self.tx.keep_list_page(&page.url, kind, &page.body, now)?;
        }
        self.tx.set_source_state(&state)?;
        let changed = self.events.len();
        self.tx.record_visit(&crate::store::Visit {
            at: now,
            verdict: visit.verdict,
            rows: visit.entries.len() as u32,
            fetched: visit.looks.len() as u32,
            changed: changed as u32,
            ms: self.cx.ms,
        })?;
        self.tx.commit()?;
        Ok(Settled {
            events: self.events,
            fault: self.fault,
        })
    }
}
