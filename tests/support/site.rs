//! A site on loopback whose pages a test writes and changes, and the program run against it.

use super::server::{Act, Server, page};
use assert_cmd::Command;
use lingzheng::adapter::{Families, Office};
use lingzheng::crawl::{self, Job};
use lingzheng::fetch::Fetcher;
use lingzheng::model::{Event, Fault, Settings, Timestamp};
use lingzheng::{config, store::Store};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

type Pages = Arc<Mutex<BTreeMap<String, Act>>>;

/// A site and a folder for what the program keeps.
pub(crate) struct Site {
    pub(crate) server: Server,
    pages: Pages,
    dir: tempfile::TempDir,
}

/// What the program said.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// The one line of a failure.
    pub(crate) fn line(&self) -> &str {
        assert_eq!(self.err.trim_end().lines().count(), 1, "{}", self.err);
        assert_eq!(self.out, "");
        self.err.trim_end()
    }

    /// `data` of a JSON document.
    pub(crate) fn data(&self) -> serde_json::Value {
        let value: serde_json::Value = serde_json::from_str(&self.out)
            .unwrap_or_else(|e| panic!("{e}: {} {}", self.out, self.err));
        value["data"].clone()
    }
}

impl Site {
    pub(crate) fn new() -> Site {
        let pages: Pages = Arc::default();
        let shown = pages.clone();
        let server = Server::start(move |hit, _| {
            let pages = shown.lock().unwrap();
            let missing = || page("404 Not Found", "", b"<html>404</html>");
            pages.get(&hit.path).cloned().unwrap_or_else(missing)
        });
        let dir = tempfile::tempdir().unwrap();
        let settings = format!(
            "[net]\nallow = [\"{}\"]\npause = 0.5\nretries = 0\ntotal_timeout = 5.0\n",
            server.addr
        );
        std::fs::write(dir.path().join("config.toml"), settings).unwrap();
        Site { server, pages, dir }
    }

    /// Serves a page; `{addr}` in it is the site's own address.
    pub(crate) fn page(&self, path: &str, body: impl AsRef<[u8]>) {
        self.answer(path, "text/html", body);
    }

    /// Serves a page of another type.
    pub(crate) fn answer(&self, path: &str, kind: &str, body: impl AsRef<[u8]>) {
        let body = String::from_utf8_lossy(body.as_ref()).into_owned();
        let body = body.replace("{addr}", &self.server.addr.to_string());
        let header = format!("Content-Type: {kind}\r\n");
        self.act(path, page("200 OK", &header, body.as_bytes()));
    }

    /// Serves whatever is given.
    pub(crate) fn act(&self, path: &str, act: Act) {
        self.pages.lock().unwrap().insert(path.into(), act);
    }

    /// A file in the test's folder.
    pub(crate) fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn db(&self) -> PathBuf {
        self.path("lingzheng.db")
    }

    /// A crawl of one source of `sources` in this process, without the pause that the program
    /// insists on; its events, and the fault of each source that failed.
    pub(crate) fn crawl(&self, now: &str, sources: &str, id: &str) -> (Vec<Event>, Vec<Fault>) {
        let families = Families::builtin();
        let names: Vec<String> = families.names().iter().map(|n| n.to_string()).collect();
        let overlay = Some((Path::new("sources.toml"), sources));
        let catalog = config::load_catalog(config::BUILTIN, overlay, &names).unwrap();
        let mut settings = Settings::default();
        settings.net.allow = vec![self.server.addr];
        (settings.net.pause, settings.net.retries) = (0.0, 0);
        let office = Office::compile(catalog.source(id).unwrap(), &families).unwrap();
        let now: Timestamp = now.parse().unwrap();
        let job = Job {
            catalog: &catalog,
            offices: vec![Arc::new(office)],
            settings: &settings,
            now,
        };
        let mut store = Store::open(self.db()).unwrap();
        let door = |memory| Fetcher::live(&settings, memory, now, 1);
        let report = crawl::run(&job, &mut store, door, |_| {}).unwrap();
        let faults = report.outcomes.into_iter().filter_map(|o| o.fault);
        (report.events, faults.collect())
    }

    /// Runs the program at a moment, with the sources of a file in the folder.
    pub(crate) fn run(&self, now: &str, sources: Option<&Path>, args: &[&str]) -> Said {
        let mut command = Command::cargo_bin("lingzheng").unwrap();
        command
            .args(["--now", now, "--db"])
            .arg(self.db())
            .arg("--config")
            .arg(self.path("config.toml"));
        if let Some(sources) = sources {
            command.arg("--sources").arg(sources);
        }
        let done = command.args(args).output().unwrap();
        Said {
            code: done.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&done.stdout).into_owned(),
            err: String::from_utf8_lossy(&done.stderr).into_owned(),
        }
    }
}

/// A notice's words, with a last day that a test may move.
pub(crate) fn words(until: &str) -> String {
    format!(
        "<p>各位考生：</p><p>2026年下半年计算机技术与软件专业技术资格（水平）考试合格证书已到我市，现将领取事项通知如下。</p>\
         <p>一、领取时间：2026年12月10日至{until}（工作日）。</p><p>二、领取地点：市人事考试中心一楼大厅。</p>"
    )
}

/// A page with such a notice.
pub(crate) fn article(title: &str, until: &str) -> String {
    format!(
        "<html><head><meta charset=utf-8><title>{title}</title></head><body><h1>{title}</h1>\
         <div>发布日期：2026-12-05</div><div id=zoom>{}</div></body></html>",
        words(until)
    )
}
