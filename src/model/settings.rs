//! The user's settings (`config.toml`), with the defaults that hold without a file.

use super::remind::Remind;
use super::secret::Secret;
use super::sink::Sink;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// Everything that the settings file may say.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Who is asking: shown to the offices in the User-Agent.
    pub contact: Contact,
    /// How the network is used.
    pub net: Net,
    /// What is watched and told.
    pub watch: Watch,
    /// How long records are kept.
    pub keep: Keep,
    /// Where news is sent, one `[[sink]]` each.
    #[serde(rename = "sink")]
    pub sinks: Vec<Sink>,
    /// What the user wants to be reminded of, one `[[remind]]` each.
    #[serde(rename = "remind")]
    pub reminders: Vec<Remind>,
    /// Who is told that a run was made.
    pub ping: Ping,
}

/// A dead-man's switch: an address that is asked after every run, so that somebody notices when no
/// run is made any more (healthchecks.io and its like).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ping {
    /// The address, without the exit code that is added to its path; None = nobody is told.
    pub url: Option<Secret>,
    /// File that holds the address.
    pub url_file: Option<String>,
    /// Variable of the environment that holds the address.
    pub url_env: Option<String>,
}

impl Ping {
    /// Whether the secret stands in the settings file itself.
    pub fn holds_secret(&self) -> bool {
        self.url.is_some() && self.url_file.is_none() && self.url_env.is_none()
    }
}

/// Who is asking.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Contact {
    /// An address or URL under which the operator can be reached; without one, public hosts are
    /// not crawled.
    pub address: Option<String>,
}

/// How the network is used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Net {
    /// Exact `ip:port` pairs that may be connected to although they are not public (tests, an
    /// intranet relay).
    pub allow: Vec<SocketAddr>,
    /// Proxy for everything (`socks5://…`, `http://…`); the environment's proxies are ignored.
    pub proxy: Option<String>,
    /// Seconds between two requests to one host.
    pub pause: f64,
    /// Seconds until a connection must stand.
    pub connect_timeout: f64,
    /// Seconds until an answer must be complete, redirects included.
    pub total_timeout: f64,
    /// Most bytes of one answer, decompressed.
    pub max_bytes: usize,
    /// Further tries after a failure that may pass.
    pub retries: u32,
    /// Seconds for a whole run.
    pub run_deadline: f64,
    /// Most requests to one host in one run.
    pub per_host: u32,
}

impl Default for Net {
    fn default() -> Net {
        Net {
            allow: Vec::new(),
            proxy: None,
            pause: 2.0,
            connect_timeout: 10.0,
            total_timeout: 30.0,
            max_bytes: 8 * 1024 * 1024,
            retries: 2,
            run_deadline: 900.0,
            per_host: 60,
        }
    }
}

/// What is watched and told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Watch {
    /// Exam ids; notices that name no exam are told too.
    pub exams: Vec<String>,
    /// Region ids; empty = all.
    pub regions: Vec<String>,
}

impl Default for Watch {
    fn default() -> Watch {
        Watch {
            exams: vec!["ruankao".into()],
            regions: Vec::new(),
        }
    }
}

/// How long records are kept, in days. What was told, the journal and the latest versions of every
/// notice are kept for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Keep {
    /// Records of visits.
    pub visits: u16,
    /// Old versions of notices about which nothing was told.
    pub versions: u16,
}

impl Default for Keep {
    fn default() -> Keep {
        Keep {
            visits: 180,
            versions: 365,
        }
    }
}
