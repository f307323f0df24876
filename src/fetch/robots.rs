//! robots.txt by RFC 9309.

use crate::model::{Fault, Page, Timestamp, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;
use url::Url;

/// The name that our group of rules goes by.
const AGENT: &str = "lingzheng";
/// Bytes that are read: a little more than the 500 KiB that RFC 9309 §2.5 asks for.
pub(super) const MAX_BYTES: usize = 512 * 1024;
/// Seconds for which a copy is used without asking (§2.4: at most 24 hours).
const FRESH: i64 = 24 * 60 * 60;
/// Seconds for which a copy is better than none while the host does not answer (§2.3.1.4).
const USABLE: i64 = 30 * 24 * 60 * 60;

/// A kept answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RobotsCopy {
    /// When the host gave it.
    pub fetched_at: Timestamp,
    /// The file; None = the host has none, everything may be fetched.
    pub body: Option<String>,
}

/// Kept answers by origin (`https://www.example.cn`, with the port where it is unusual).
pub type RobotsCache = BTreeMap<String, RobotsCopy>;

/// What one origin asks of us.
pub(super) struct Rules(robotxt::Robots);

impl Rules {
    fn new(body: Option<&str>) -> Rules {
        match body {
            None => Rules(robotxt::Robots::allow_all()),
            Some(text) => {
                let text = text.trim_start_matches('\u{feff}').replace('\0', "");
                Rules(robotxt::Robots::parse(text.as_bytes(), AGENT))
            }
        }
    }

    /// Whether an address may be fetched.
    pub(super) fn allow(&self, url: &Url) -> bool {
        url.path() == "/robots.txt" || self.0.is_url_allowed(url)
    }

    /// `Crawl-delay`.
    pub(super) fn delay(&self) -> Option<Duration> {
        self.0.crawl_delay()
    }
}

/// All robots.txt of one run.
pub(super) struct Book {
    now: Timestamp,
    copies: Mutex<RobotsCache>,
    rules: Mutex<HashMap<String, Arc<Cell>>>,
}

type Cell = OnceCell<Result<Arc<Rules>, Fault>>;

impl Book {
    pub(super) fn new(copies: RobotsCache, now: Timestamp) -> Book {
        Book {
            now,
            copies: Mutex::new(copies),
            rules: Mutex::default(),
        }
    }

    /// What the next run may use.
    pub(super) fn copies(&self) -> RobotsCache {
        open(&self.copies).clone()
    }

    /// The rules of an address's origin; `ask` fetches the file, at most once a run.
    ///
    /// # Errors
    /// `robots_unreachable`: not now (§2.3.1.4), and no copy that is young enough.
    pub(super) async fn rules<F>(
        &self,
        url: &Url,
        ask: impl FnOnce(String) -> F,
    ) -> Result<Arc<Rules>, Fault>
    where
        F: Future<Output = Result<Page, Fault>>,
    {
        let origin = url.origin().ascii_serialization();
        let cell = open(&self.rules).entry(origin.clone()).or_default().clone();
        let found = cell.get_or_init(|| async {
            let kept = open(&self.copies).get(&origin).cloned();
            if let Some(kept) = &kept
                && self.age(kept) < FRESH
            {
                return Ok(Arc::new(Rules::new(kept.body.as_deref())));
            }
            match judge(ask(format!("{origin}/robots.txt")).await) {
                Ok(body) => {
                    let rules = Rules::new(body.as_deref());
                    let copy = RobotsCopy {
                        fetched_at: self.now,
                        body,
                    };
                    open(&self.copies).insert(origin.clone(), copy);
                    Ok(Arc::new(rules))
                }
                Err(why) => match kept {
                    Some(kept) if self.age(&kept) < USABLE => {
                        Ok(Arc::new(Rules::new(kept.body.as_deref())))
                    }
                    _ => Err(why),
                },
            }
        });
        found.await.clone().map_err(|fault| fault.at(url.as_str()))
    }

    /// Seconds since a copy was given; one from the future counts as too old for everything.
    fn age(&self, copy: &RobotsCopy) -> i64 {
        match self.now.as_second() - copy.fetched_at.as_second() {
            age if age < 0 => i64::MAX,
            age => age,
        }
    }
}

/// The file, None where there is none, or why it is not known.
fn judge(answer: Result<Page, Fault>) -> Result<Option<String>, Fault> {
    let unreachable = |why: String| {
        let detail = format!("robots.txt cannot be read, so nothing is fetched now: {why}");
        Fault::new(Verdict::Transport, "robots_unreachable", detail)
    };
    match answer {
        Ok(page) => match page.status {
            200..300 => Ok(Some(String::from_utf8_lossy(&page.body).into_owned())),
            429 => Err(unreachable("status 429".into())),
            400..500 => Ok(None),
            status => Err(unreachable(format!("status {status}"))),
        },
        // More than five redirects may count as absent (§2.3.1.2).
        Err(fault) if fault.reason == "redirects" => Ok(None),
        // These say more than that robots.txt could not be read, or concern the run.
        Err(fault)
            if matches!(
                fault.reason.as_str(),
                "host_down"
                    | "retry_later"
                    | "skipped_deadline"
                    | "budget"
                    | "no_contact"
                    | "address"
            ) =>
        {
            Err(fault)
        }
        Err(fault) => Err(unreachable(format!("{} ({})", fault.detail, fault.reason))),
    }
}

fn open<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_as_rfc_9309_says() {
        let long = format!(
            "User-agent: *\n{}Disallow: /late\n",
            "# filling line\n".repeat(33_000)
        );
        assert!(long.len() > 490_000);
        let rows: [(&str, &str, bool); 20] = [
            ("", "/a", true),
            ("User-agent: *\nDisallow:", "/a", true),
            ("User-agent: *\nDisallow: /", "/a", false),
            ("User-agent: *\nDisallow: /", "/robots.txt", true),
            ("User-agent: *\rDisallow: /a\r", "/a/b", false),
            ("\u{feff}User-agent: *\nDisallow: /a", "/a", false),
            ("User-agent: *\nDis\0allow: /a", "/a", false),
            ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true),
            ("User-agent: *\nDisallow: /a/b\nAllow: /a", "/a/b/c", false),
            ("User-agent: *\nDisallow: /*.doc$", "/x/y.doc", false),
            ("User-agent: *\nDisallow: /*.doc$", "/x/y.docx", true),
            (
                "User-agent: *\nDisallow: /\n\nUser-agent: lingzheng\nDisallow: /b",
                "/a",
                true,
            ),
            ("User-agent: Lingzheng\nDisallow: /a", "/a", false),
            (
                "User-agent: lingzheng\nDisallow: /a\n\nUser-agent: lingzheng\nDisallow: /b",
                "/b",
                false,
            ),
            ("User-agent: other\nDisallow: /", "/a", true),
            ("Disallow: /", "/a", true),
            ("user-AGENT : *\nDISALLOW : /a # why", "/a", false),
            ("<!DOCTYPE html><html><body>404</body></html>", "/a", true),
            ("User-agent: *\nDisallow: /%E8%AF%81", "/证书", false),
            (&long, "/late", false),
        ];
        for (text, path, want) in rows {
            let url = Url::parse("https://a.gov.cn").unwrap().join(path).unwrap();
            let shown: String = text.chars().take(60).collect();
            assert_eq!(Rules::new(Some(text)).allow(&url), want, "{shown:?} {path}");
        }
    }

    #[test]
    fn crawl_delay_or_rubbish() {
        let rows = [
            ("10", Some(10)),
            ("3600", Some(3600)),
            ("-1", None),
            ("abc", None),
        ];
        for (word, want) in rows {
            let text = format!("User-agent: *\nCrawl-delay: {word}\nDisallow: /x");
            let delay = Rules::new(Some(&text)).delay().map(|d| d.as_secs());
            assert_eq!(delay, want, "{word}");
        }
    }
}
