//! Recorded offices as a small web that a test can bend: what an office answers, visit by visit.

use lingzheng::adapter::{Families, Office};
use lingzheng::config;
use lingzheng::crawl::{self, Job, Report};
use lingzheng::fetch::{Fetcher, Files, Recorded};
use lingzheng::model::event::Subject;
use lingzheng::model::{Catalog, Entry, Event, Page, Settings, Timestamp, china_date};
use lingzheng::plan;
use lingzheng::store::Store;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// What one address answers.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) url: String,
    #[serde(default = "ok")]
    pub(crate) status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_modified: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) location: Option<String>,
    #[serde(skip)]
    pub(crate) body: Vec<u8>,
}

fn ok() -> u16 {
    200
}

impl Answer {
    /// A page of this body, without validators.
    pub(crate) fn page(body: impl Into<Vec<u8>>) -> Answer {
        Answer {
            status: 200,
            body: body.into(),
            content_type: Some("text/html; charset=utf-8".into()),
            ..Answer::default()
        }
    }

    pub(crate) fn with_status(self, status: u16) -> Answer {
        Answer { status, ..self }
    }

    pub(crate) fn with_type(self, kind: Option<&str>) -> Answer {
        let content_type = kind.map(str::to_owned);
        Answer {
            content_type,
            ..self
        }
    }
}

/// Everything that an office answers.
pub(crate) type Web = BTreeMap<String, Answer>;

#[derive(Serialize, Deserialize)]
struct Index {
    #[serde(default)]
    page: Vec<Answer>,
}

/// `fixtures/`.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Folders of recorded offices: those of the catalog, and those that stand for a family.
pub(crate) fn folders() -> Vec<PathBuf> {
    let mut dirs: Vec<PathBuf> = [fixtures(), fixtures().join("_family")]
        .iter()
        .flat_map(|root| std::fs::read_dir(root).unwrap())
        .map(|e| e.unwrap().path())
        .filter(|dir| dir.join("expect.toml").exists())
        .collect();
    dirs.sort();
    dirs
}

/// Ids of the recorded offices.
pub(crate) fn offices() -> Vec<String> {
    let name = |dir: &PathBuf| dir.file_name().unwrap().to_string_lossy().into_owned();
    folders().iter().map(name).collect()
}

/// One office under watch: its block, what it answered on its first recorded day, a database and
/// a clock.
pub(crate) struct Watched {
    pub(crate) catalog: Catalog,
    pub(crate) office: Arc<Office>,
    pub(crate) web: Web,
    pub(crate) store: Store,
    pub(crate) now: Timestamp,
    pub(crate) settings: Settings,
    pub(crate) home: TempDir,
}

impl Watched {
    /// A recorded office on its first day; all exams are watched. The answers have no validators,
    /// so that every visit reads every page.
    pub(crate) fn recorded(id: &str) -> Watched {
        let folder = folders().into_iter().find(|dir| dir.ends_with(id));
        let dir = folder.unwrap_or_else(|| panic!("no folder {id}"));
        let overlay = std::fs::read_to_string(dir.join("source.toml")).ok();
        let round = dir.join("1");
        let index = std::fs::read_to_string(round.join("pages.toml")).unwrap();
        let index: Index = toml::from_str(&index).unwrap();
        let mut web = Web::new();
        for mut page in index.page {
            let file = page.file.take();
            page.body = file.map_or(Vec::new(), |f| std::fs::read(round.join(f)).unwrap());
            (page.etag, page.last_modified) = (None, None);
            web.insert(page.url.clone(), page);
        }
        Watched::new(id, overlay.as_deref(), web)
    }

    /// An office of the built-in catalog with `overlay` laid over it.
    pub(crate) fn new(id: &str, overlay: Option<&str>, web: Web) -> Watched {
        let families = Families::builtin();
        let names: Vec<String> = families.names().iter().map(|n| n.to_string()).collect();
        let place = Path::new("overlay");
        let overlay = overlay.map(|text| (place, text));
        let catalog = config::load_catalog(config::BUILTIN, overlay, &names).unwrap();
        let office = Office::compile(catalog.source(id).unwrap(), &families).unwrap();
        let home = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        settings.watch.exams.clear();
        Watched {
            store: Store::open(home.path().join("lingzheng.db")).unwrap(),
            office: Arc::new(office),
            catalog,
            web,
            now: "2026-12-09T01:00:00Z".parse().unwrap(),
            settings,
            home,
        }
    }

    /// The address of its list.
    pub(crate) fn list(&self) -> String {
        self.office.source.list.clone()
    }

    /// Addresses of the pages that a first visit asks for besides its list, in order.
    pub(crate) fn articles(&self) -> Vec<String> {
        let today = china_date(self.now);
        let read = |url: &str| {
            let answer = &self.web[url];
            let page = Page {
                url: url.into(),
                status: 200,
                content_type: answer.content_type.clone(),
                etag: None,
                last_modified: None,
                headers: Vec::new(),
                body: answer.body.clone(),
                fetched_at: self.now,
                plain_http: false,
            };
            self.office.list(&page, today)
        };
        let list = read(&self.list());
        // A shell that names the interface which fills it.
        let list = match list {
            Err(fault) if fault.reason == "endpoint" => read(&fault.url.unwrap()),
            list => list,
        };
        let wanted = |e: &&Entry| plan::wanted(e, &[], today);
        let entries = list.unwrap().entries;
        let rows = entries.iter().filter(wanted);
        let mut urls: Vec<String> = rows.map(|e| self.office.article_address(&e.url)).collect();
        urls.sort();
        urls
    }

    /// Looks at the office while it answers as `web`; then an hour passes.
    pub(crate) fn visit(&mut self, web: &Web) -> Report {
        let dir = self.home.path().join("web");
        save(&dir, &self.office.source.id, web);
        let job = Job {
            catalog: &self.catalog,
            offices: vec![self.office.clone()],
            settings: &self.settings,
            now: self.now,
        };
        let recorded = Recorded::new(Files::Folder(dir), 1, self.now);
        let door = |_| Ok(Fetcher::recorded(recorded));
        let report = crawl::run(&job, &mut self.store, door, |_| {}).unwrap();
        self.now += jiff::SignedDuration::from_hours(1);
        report
    }
}

/// Writes answers as a folder of recordings of one round.
pub(crate) fn save(dir: &Path, id: &str, web: &Web) {
    let round = dir.join(id).join("1");
    std::fs::create_dir_all(&round).unwrap();
    let mut page = Vec::new();
    for (n, (url, answer)) in web.iter().enumerate() {
        let file = format!("{n}.bin");
        std::fs::write(round.join(&file), &answer.body).unwrap();
        page.push(Answer {
            url: url.clone(),
            file: Some(file),
            ..answer.clone()
        });
    }
    let index = toml::to_string(&Index { page }).unwrap();
    std::fs::write(round.join("pages.toml"), index).unwrap();
}

/// Words of the changes of notices that a report holds, baselines and sources left out.
pub(crate) fn about_notices(report: &Report) -> Vec<String> {
    let words = |e: &Event| format!("{} {}", e.change.word(), e.url);
    let about = |e: &&Event| matches!(e.subject, Subject::Notice(_));
    report.events.iter().filter(about).map(words).collect()
}

/// Words of what a report says of the source itself.
pub(crate) fn about_source(report: &Report) -> Vec<&'static str> {
    let about = |e: &&Event| matches!(e.subject, Subject::Source(_));
    let events = report.events.iter().filter(about);
    events.map(|e| e.change.word()).collect()
}
