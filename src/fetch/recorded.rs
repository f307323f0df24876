//! Recordings in place of the network: the same answers each time, at any moment that is given.
//!
//! ```text
//! <dir>/<source-id>/<round>/pages.toml     rounds are numbers: 1, 2, …
//! [[page]]
//! url = "https://…"          as asked; the fields of a form stand as its query
//! status = 200               default
//! file = "list.html"         bytes as served, relative to this round; `../1/list.html` may point back
//! content_type, etag, last_modified, location
//! ```
//!
//! An address that a round does not name answers as in the latest earlier round that names it.

use crate::model::{Fault, Page, Timestamp, Verdict};
use crate::net::{Answer, Method, Request};
use serde::Deserialize;
use std::borrow::Cow;
use std::path::PathBuf;
use url::Url;

/// Where the files of recordings lie.
#[derive(Debug, Clone)]
pub enum Files {
    /// A folder on the disk.
    Folder(PathBuf),
    /// Built into the program: gives the bytes of a path with `/`.
    Embedded(fn(&str) -> Option<&'static [u8]>),
}

impl Files {
    /// The bytes of a file; None where there is none. The path is relative, with `/`, and has been
    /// through [`joined`].
    fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        match self {
            Files::Folder(dir) => std::fs::read(dir.join(path)).ok().map(Cow::Owned),
            Files::Embedded(file) => file(path).map(Cow::Borrowed),
        }
    }
}

/// A folder of recordings, at one round.
#[derive(Debug, Clone)]
pub struct Recorded {
    files: Files,
    round: u32,
    now: Timestamp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Index {
    #[serde(default)]
    page: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    url: String,
    #[serde(default = "ok")]
    status: u16,
    file: Option<String>,
    content_type: Option<String>,
    etag: Option<String>,
    last_modified: Option<String>,
    location: Option<String>,
}

fn ok() -> u16 {
    200
}

impl Recorded {
    /// The answers as they were in `round` (counted from 1), said to be fetched at `now`.
    pub fn new(files: Files, round: u32, now: Timestamp) -> Recorded {
        Recorded { files, round, now }
    }

    /// The moment that pages are said to be fetched at.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// The recorded answer of one hop.
    ///
    /// # Errors
    /// `not_recorded` where no round up to this one names the address; `recording` where a
    /// recording is damaged.
    pub(super) fn answer(&self, source: &str, request: &Request) -> Result<Answer, Fault> {
        let transport = |reason: &str, why: String| {
            Fault::new(Verdict::Transport, reason, why).at(&request.url)
        };
        let asked = match &request.method {
            Method::Get => request.url.clone(),
            Method::Post { body, .. } => {
                format!("{}?{}", request.url, String::from_utf8_lossy(body))
            }
        };
        for round in (1..=self.round).rev() {
            let folder = format!("{source}/{round}");
            let Some(text) = self.files.read(&format!("{folder}/pages.toml")) else {
                continue;
            };
            let text = String::from_utf8_lossy(&text);
            let index: Index = toml::from_str(&text)
                .map_err(|e| transport("recording", format!("{folder}/pages.toml: {e}")))?;
            let Some(entry) = index.page.into_iter().find(|p| same(&p.url, &asked)) else {
                continue;
            };
            let body = match entry.file.as_deref() {
                None => Vec::new(),
                Some(file) => joined(&folder, file)
                    .and_then(|path| self.files.read(&path))
                    .map(Cow::into_owned)
                    .ok_or_else(|| {
                        transport("recording", format!("{folder}/pages.toml: no file {file}"))
                    })?,
            };
            return Ok(self.served(entry, body, request));
        }
        let path = Url::parse(&request.url).map(|u| u.path().to_owned());
        if path.is_ok_and(|p| p == "/robots.txt") {
            let absent = Entry {
                url: request.url.clone(),
                status: 404,
                file: None,
                content_type: None,
                etag: None,
                last_modified: None,
                location: None,
            };
            return Ok(self.served(absent, Vec::new(), request));
        }
        let why = format!("no recording of {source} up to round {} has it", self.round);
        Err(transport("not_recorded", why))
    }

    fn served(&self, entry: Entry, body: Vec<u8>, request: &Request) -> Answer {
        // RFC 9110 §13.2.2: an etag, where one is named, decides alone.
        let unchanged = match (&request.etag, &request.last_modified) {
            (Some(_), _) => request.etag == entry.etag,
            (None, Some(_)) => request.last_modified == entry.last_modified,
            (None, None) => false,
        };
        let unchanged = unchanged && entry.status == 200;
        let mut headers: Vec<(String, String)> = Vec::new();
        let named = [
            ("content-type", &entry.content_type),
            ("etag", &entry.etag),
            ("last-modified", &entry.last_modified),
            ("location", &entry.location),
        ];
        for (name, value) in named {
            headers.extend(value.iter().map(|v| (name.to_owned(), v.clone())));
        }
        Answer {
            page: Page {
                url: request.url.clone(),
                status: if unchanged { 304 } else { entry.status },
                content_type: entry.content_type,
                etag: entry.etag,
                last_modified: entry.last_modified,
                headers,
                body: if unchanged { Vec::new() } else { body },
                fetched_at: self.now,
                plain_http: request.url.starts_with("http:"),
            },
            location: entry.location,
            cookies: Vec::new(),
            retry_after: None,
            certificate_until: None,
        }
    }
}

/// Whether two addresses are one once they are parsed.
fn same(a: &str, b: &str) -> bool {
    a == b || matches!((Url::parse(a), Url::parse(b)), (Ok(a), Ok(b)) if a == b)
}

/// A path relative to a folder, `..` resolved; None where it leads out of the recordings.
fn joined(folder: &str, file: &str) -> Option<String> {
    if file.starts_with('/') || file.contains('\\') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::super::{Fetcher, Site, Want};
    use super::*;
    use crate::model::source::Http;

    const FILES: &[(&str, &[u8])] = &[
        (
            "gx/1/pages.toml",
            br#"
[[page]]
url = "https://a.gov.cn/"
file = "list.html"
etag = '"1"'
[[page]]
url = "https://a.gov.cn/old"
status = 302
location = "/"
[[page]]
url = "https://a.gov.cn/gone"
status = 404
[[page]]
url = "https://a.gov.cn/away"
status = 301
location = "https://evil.com/"
"#,
        ),
        ("gx/1/list.html", b"first"),
        (
            "gx/2/pages.toml",
            br#"
[[page]]
url = "https://a.gov.cn/robots.txt"
file = "robots.txt"
[[page]]
url = "https://a.gov.cn/new"
file = "../1/list.html"
"#,
        ),
        ("gx/2/robots.txt", b"User-agent: *\nDisallow: /gone"),
        (
            "gx/3/pages.toml",
            b"[[page]]\nurl = \"https://a.gov.cn/\"\nfile = \"list.html\"\n[[page]]\nurl = \"https://a.gov.cn/out\"\nfile = \"../../../etc/passwd\"\n",
        ),
        ("gx/3/list.html", b"third"),
    ];

    fn file(path: &str) -> Option<&'static [u8]> {
        FILES
            .iter()
            .find(|(name, _)| *name == path)
            .map(|(_, bytes)| *bytes)
    }

    fn get(round: u32, url: &str, etag: Option<&str>) -> Result<(u16, String), String> {
        let recorded = Recorded::new(Files::Embedded(file), round, Timestamp::UNIX_EPOCH);
        ask(recorded, url, etag)
    }

    fn ask(recorded: Recorded, url: &str, etag: Option<&str>) -> Result<(u16, String), String> {
        let site = Site {
            id: "gx".into(),
            list: "https://a.gov.cn/".into(),
            hosts: vec!["a.gov.cn".into()],
            retired: Vec::new(),
            http: Http::default(),
        };
        let fetcher = Fetcher::recorded(recorded);
        let want = Want {
            etag,
            ..Want::page(&site, url)
        };
        let page = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
            .block_on(fetcher.get(want));
        page.map(|p| (p.status, String::from_utf8(p.body).unwrap()))
            .map_err(|f| f.reason)
    }

    #[test]
    fn rounds_answer_as_recorded() {
        type Row<'a> = (
            u32,
            &'a str,
            Option<&'a str>,
            Result<(u16, &'a str), &'a str>,
        );
        let rows: [Row; 12] = [
            (1, "https://a.gov.cn/", None, Ok((200, "first"))),
            (2, "https://a.gov.cn", None, Ok((200, "first"))),
            (3, "https://a.gov.cn/", None, Ok((200, "third"))),
            (9, "https://a.gov.cn/", None, Ok((200, "third"))),
            (2, "https://a.gov.cn/", Some("\"1\""), Ok((304, ""))),
            (3, "https://a.gov.cn/", Some("\"1\""), Ok((200, "third"))),
            (1, "https://a.gov.cn/old", None, Ok((200, "first"))),
            (2, "https://a.gov.cn/new", None, Ok((200, "first"))),
            (1, "https://a.gov.cn/new", None, Err("not_recorded")),
            (1, "https://a.gov.cn/gone", None, Ok((404, ""))),
            (2, "https://a.gov.cn/gone", None, Err("robots")),
            (1, "https://a.gov.cn/away", None, Err("off_host")),
        ];
        for (round, url, etag, want) in rows {
            let got = get(round, url, etag);
            let got = got.as_ref().map(|(s, b)| (*s, b.as_str()));
            assert_eq!(got.map_err(String::as_str), want, "round {round}: {url}");
        }
        assert_eq!(
            get(3, "https://a.gov.cn/out", None),
            Err("recording".into())
        );
    }

    #[test]
    fn a_folder_on_the_disk_answers_alike() {
        let dir = tempfile::tempdir().unwrap();
        for (path, bytes) in FILES {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        let files = Files::Folder(dir.path().to_owned());
        let recorded = Recorded::new(files, 2, Timestamp::UNIX_EPOCH);
        let page = ask(recorded.clone(), "https://a.gov.cn/new", None);
        assert_eq!(page, Ok((200, "first".into())));
        let page = ask(recorded, "https://a.gov.cn/nowhere", None);
        assert_eq!(page, Err("not_recorded".into()));
    }
}
