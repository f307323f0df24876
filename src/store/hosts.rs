//! What is known of hosts over all sources: robots.txt, and whether to leave them alone for now.

use super::text::At;
use super::{Settling, Store, StoreError};
use crate::model::Timestamp;
use std::collections::BTreeMap;

/// A robots.txt as last fetched (RFC 9309; it may be used for 24 hours).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Robots {
    /// When.
    pub fetched_at: Timestamp,
    /// Its text; None where the host has none (4xx), which allows everything.
    pub body: Option<String>,
}

/// How a host behaves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostState {
    /// Ask nothing before this moment; None = no such wish.
    pub not_before: Option<Timestamp>,
    /// Failures in a row.
    pub failures: u32,
}

impl Store {
    /// Every robots.txt on record, by host.
    ///
    /// # Errors
    /// What the database says.
    pub fn robots(&self) -> Result<BTreeMap<String, Robots>, StoreError> {
        self.run(|c| {
            c.prepare_cached("SELECT host, fetched_at, body FROM robots")?
                .query_map([], |r| {
                    let robots = Robots {
                        fetched_at: r.get::<_, At>(1)?.0,
                        body: r.get(2)?,
                    };
                    Ok((r.get(0)?, robots))
                })?
                .collect()
        })
    }

    /// Every host's state on record.
    ///
    /// # Errors
    /// What the database says.
    pub fn host_states(&self) -> Result<BTreeMap<String, HostState>, StoreError> {
        self.run(|c| {
            c.prepare_cached("SELECT host, not_before, failures FROM host_state")?
                .query_map([], |r| {
                    let state = HostState {
                        not_before: r.get::<_, Option<At>>(1)?.map(|t| t.0),
                        failures: r.get(2)?,
                    };
                    Ok((r.get(0)?, state))
                })?
                .collect()
        })
    }
}

impl Settling<'_> {
    /// Keeps a host's robots.txt.
    ///
    /// # Errors
    /// What the database says.
    pub fn save_robots(&mut self, host: &str, robots: &Robots) -> Result<(), StoreError> {
        self.write(|c, _| {
            c.prepare_cached(
                "INSERT OR REPLACE INTO robots (host, fetched_at, body) VALUES (?1, ?2, ?3)",
            )?
            .execute((host, At(robots.fetched_at), &robots.body))?;
            Ok(())
        })
    }

    /// Keeps a host's state.
    ///
    /// # Errors
    /// What the database says.
    pub fn save_host_state(&mut self, host: &str, state: &HostState) -> Result<(), StoreError> {
        self.write(|c, _| {
            c.prepare_cached(
                "INSERT OR REPLACE INTO host_state (host, not_before, failures)
                 VALUES (?1, ?2, ?3)",
            )?
            .execute((host, state.not_before.map(At), state.failures))?;
            Ok(())
        })
    }
}
