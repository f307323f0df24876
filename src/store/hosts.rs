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

    /// Until when the certificates of hosts are valid, by host.
    ///
    /// # Errors
    /// What the database says.
    pub fn certificates(&self) -> Result<BTreeMap<String, Timestamp>, StoreError> {
        self.run(|c| {
            c.prepare_cached("SELECT host, until FROM certificate")?
                .query_map([], |r| Ok((r.get(0)?, r.get::<_, At>(1)?.0)))?
                .collect()
        })
    }
}

impl Settling<'_> {
    /// Keeps until when a host's certificate is valid.
    ///
    /// # Errors
    /// What the database says.
    pub fn save_certificate(
        &mut self,
        host: &str,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|c, _| {
            c.prepare_cached(
                "INSERT OR REPLACE INTO certificate (host, until, seen_at) VALUES (?1, ?2, ?3)",
            )?
            .execute((host, At(until), At(now)))?;
            Ok(())
        })
    }

    /// Notes that something (`kind`) is said of a source or host now; true = `mark` was not said
    /// before.
    ///
    /// # Errors
    /// What the database says.
    pub fn warn_once(
        &mut self,
        about: &str,
        kind: &str,
        mark: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(|c, _| {
            let rows = c
                .prepare_cached(
                    "INSERT INTO warned (about, kind, mark, told_at) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (about, kind) DO UPDATE SET mark = ?3, told_at = ?4
                     WHERE mark <> ?3",
                )?
                .execute((about, kind, mark, At(now)))?;
            Ok(rows > 0)
        })
    }

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
