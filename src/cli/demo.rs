//! `demo`: five recorded days through the very code of `crawl`.

use super::args::{DemoArgs, Global, StatusArgs};
use super::recordings;
use super::session::Session;
use super::{Failure, NOTHING, Output, crawl as crawling, status};
use crate::crawl::{self, Job};
use crate::fetch::{Fetcher, Files, Recorded};
use crate::model::settings::Settings;
use crate::render::terminal;
use crate::store::Store;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The offices of the demo that are no real organiser's: blocks laid over the built-in ones.
const OVERLAY: &str = include_str!("../../fixtures/_family/hanweb/source.toml");
const ROUNDS: &str = include_str!("../../fixtures/rounds.toml");

#[derive(Deserialize)]
struct Rounds {
    round: Vec<Round>,
}

#[derive(Deserialize)]
struct Round {
    n: u32,
    now: String,
    #[serde(default)]
    what: String,
}

pub(super) fn run(global: &Global, args: &DemoArgs) -> Result<Output, Failure> {
    let dir = Folder::new(args.keep.as_deref())?;
    let db = dir.path.join("lingzheng.db");
    let mut text = String::new();
    let rounds: Rounds =
        toml::from_str(ROUNDS).map_err(|e| Failure::usage(format!("fixtures/rounds.toml: {e}")))?;
    let mut last = None;
    for round in &rounds.round {
        let session = session(global, &db, &round.now)?;
        let offices = recordings::OFFICES
            .iter()
            .filter_map(|id| session.catalog.source(id))
            .map(|source| session.office(source))
            .collect::<Result<_, _>>()?;
        let job = Job {
            catalog: &session.catalog,
            offices,
            settings: &session.settings,
            now: session.now,
        };
        let mut store = Store::open(&db)?;
        let files = Files::Embedded(recordings::file);
        let door = |_| {
            Ok(Fetcher::recorded(Recorded::new(
                files,
                round.n,
                session.now,
            )))
        };
        let report = crawl::run(&job, &mut store, door, |_| {})
            .map_err(|e| Failure::with(NOTHING, e.to_string()))?;
        if let Some(error) = report.failure {
            return Err(error.into());
        }
        text.push_str(&terminal::day(&round.now, &round.what, session.lang));
        let told = crawling::told(&session, &report);
        text.push_str(if told.is_empty() {
            session.lang.words().quiet
        } else {
            &told
        });
        last = Some(session);
    }
    if let Some(session) = last {
        text.push_str(&terminal::day("status", "", session.lang));
        text.push_str(&status::run(&session, &StatusArgs::default())?.text);
        text.push_str(&next_steps(args.keep.as_deref(), &db, &session));
    }
    if let Some(keep) = &args.keep {
        let path = keep.join("demo.txt");
        let plain = anstream::adapter::strip_str(&text).to_string();
        std::fs::write(&path, plain)
            .map_err(|e| Failure::usage(format!("cannot write {}: {e}", path.display())))?;
    }
    Ok(Output::text(text))
}

fn session(global: &Global, db: &Path, now: &str) -> Result<Session, Failure> {
    let global = Global {
        db: Some(db.to_path_buf()),
        sources: None,
        config: None,
        now: Some(now.to_string()),
        lang: global.lang,
        format: super::args::AnyFormat::Text,
        quiet: global.quiet,
        verbose: global.verbose,
        log_json: global.log_json,
    };
    // The recorded lists carry all kinds of exams; a user watches 软考 unless told otherwise.
    let mut settings = Settings::default();
    settings.watch.exams.clear();
    Session::with(&global, settings, Some((Path::new("demo"), OVERLAY)))
}

fn next_steps(keep: Option<&Path>, db: &Path, session: &Session) -> String {
    let [heading, kept, init, crawl, help] = session.lang.words().next;
    let mut out = format!("\n{heading}\n");
    match keep {
        Some(_) => {
            let db = db.display();
            for command in [
                "changes --limit 5",
                "notices --search 领取",
                "status 广东",
                "serve",
                "show 1",
            ] {
                out.push_str(&format!(
                    "  lingzheng --db {db} --now {} {command}\n",
                    session.now
                ));
            }
        }
        None => out.push_str(&format!("  lingzheng demo --keep DIR     {kept}\n")),
    }
    for (command, about) in [("init  ", init), ("crawl ", crawl), ("--help", help)] {
        out.push_str(&format!("  lingzheng {command}              {about}\n"));
    }
    out
}

/// Where the demo's database lies: a folder that stays, or one that goes with the demo.
struct Folder {
    path: PathBuf,
    temporary: bool,
}

impl Folder {
    fn new(keep: Option<&Path>) -> Result<Folder, Failure> {
        let path = match keep {
            Some(dir) => dir.to_path_buf(),
            None => std::env::temp_dir().join(format!("lingzheng-demo-{}", std::process::id())),
        };
        let db = path.join("lingzheng.db");
        if db.exists() {
            return Err(Failure::usage(format!(
                "{} exists; the demo starts with a fresh database, give another folder",
                db.display()
            )));
        }
        std::fs::create_dir_all(&path)
            .map_err(|e| Failure::usage(format!("cannot make {}: {e}", path.display())))?;
        Ok(Folder {
            path,
            temporary: keep.is_none(),
        })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}
