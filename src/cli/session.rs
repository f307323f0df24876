//! What every command starts from: settings, offices, the moment, the database's place.

use super::Failure;
use super::args::{Format, Global, Lang, SittingArgs};
use crate::adapter::{Families, Office};
use crate::board::{self, Choice};
use crate::config;
use crate::meant;
use crate::model::{Board, Catalog, Region, Settings, Source, Timestamp};
use crate::render;
use crate::store::Store;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// Settings, offices, the moment.
pub(super) struct Session {
    pub(super) catalog: Catalog,
    pub(super) families: Families,
    pub(super) settings: Settings,
    pub(super) now: Timestamp,
    pub(super) lang: render::Lang,
    pub(super) format: Format,
    pub(super) quiet: bool,
    pub(super) verbose: bool,
    /// Ids of the sources under which a person entered notices; see [`Session::with_by_hand`].
    pub(super) by_hand: Vec<String>,
    db: Option<PathBuf>,
    begun: Instant,
}

impl Session {
    /// Reads settings and offices. The clock is read here and nowhere else.
    pub(super) fn new(global: &Global) -> Result<Session, Failure> {
        let settings = config::load_settings(global.config.as_deref())?;
        let overlay = match &global.sources {
            Some(path) => Some((path.as_path(), config::read_file(path)?)),
            None => None,
        };
        let overlay = overlay.as_ref().map(|(path, text)| (*path, text.as_str()));
        Session::with(global, settings, overlay)
    }

    /// The same from given settings and overlay.
    pub(super) fn with(
        global: &Global,
        settings: Settings,
        overlay: Option<(&std::path::Path, &str)>,
    ) -> Result<Session, Failure> {
        let families = Families::builtin();
        let names: Vec<String> = families.names().iter().map(|n| n.to_string()).collect();
        let catalog = config::load_catalog(config::BUILTIN, overlay, &names)?;
        let mut settings = settings;
        settings.watch =
            config::resolve_watch(&settings.watch, &catalog).map_err(Failure::usage)?;
        settings.sinks =
            config::resolve_sinks(&settings.sinks, &catalog).map_err(Failure::usage)?;
        settings.reminders =
            config::resolve_reminders(&settings.reminders, &catalog).map_err(Failure::usage)?;
        let now = match &global.now {
            Some(text) => text.parse().map_err(|_| {
                Failure::usage(format!(
                    "--now {text}: give a moment like 2026-12-14T09:00:00+08:00"
                ))
            })?,
            None => Timestamp::now(),
        };
        Ok(Session {
            catalog,
            families,
            settings,
            now,
            lang: match global.lang {
                Lang::Zh => render::Lang::Zh,
                Lang::En => render::Lang::En,
            },
            // `dispatch` lets only `report` pass with a form of its own, and that reads it itself.
            format: global.format.common().unwrap_or(Format::Text),
            quiet: global.quiet,
            verbose: global.verbose > 0,
            by_hand: Vec::new(),
            db: global.db.clone(),
            begun: Instant::now(),
        })
    }

    /// The same, knowing the sources under which a person entered notices. A database that cannot
    /// be read is the command's to report.
    pub(super) fn with_by_hand(mut self) -> Session {
        let ids = self.store().ok().and_then(|s| s.sources_by_hand().ok());
        self.by_hand = ids.unwrap_or_default();
        crate::crawl::by_hand::lay(&mut self.catalog, &self.by_hand);
        self
    }

    /// The moment as it is by now: a crawl may have taken a quarter of an hour.
    pub(super) fn moment(&self) -> Timestamp {
        self.now
            .checked_add(self.begun.elapsed())
            .unwrap_or(self.now)
    }

    /// Where the database is.
    pub(super) fn db(&self) -> Result<PathBuf, Failure> {
        match &self.db {
            Some(path) => Ok(path.clone()),
            None => Ok(config::default_data()?),
        }
    }

    /// The database, for reading.
    pub(super) fn store(&self) -> Result<Store, Failure> {
        Ok(Store::open_existing(self.db()?)?)
    }

    /// A source with its rules ready.
    pub(super) fn office(&self, source: &Source) -> Result<Arc<Office>, Failure> {
        Office::compile(source, &self.families)
            .map(Arc::new)
            .map_err(|e| Failure::usage(format!("source {}: {e}", source.id)))
    }

    /// The region that a person means.
    pub(super) fn region(&self, word: &str) -> Result<&Region, Failure> {
        meant::region(&self.catalog, word).map_err(Failure::usage)
    }

    /// Ids of the sources whose notices hold for a region.
    pub(super) fn serving(&self, region: &Region) -> Vec<String> {
        let own = self
            .catalog
            .sources
            .iter()
            .filter(|s| s.region == region.id);
        let mut ids: Vec<String> = own.map(|s| s.id.clone()).collect();
        ids.extend(
            region
                .served_by
                .iter()
                .filter(|id| self.catalog.source(id).is_some())
                .cloned(),
        );
        ids.sort();
        ids.dedup();
        ids
    }

    /// The sitting that a person means.
    pub(super) fn sitting(&self, which: &SittingArgs) -> Result<Choice, Failure> {
        let (exam, sitting) = (which.exam.as_deref(), which.sitting.as_deref());
        let watched = &self.settings.watch.exams;
        board::choose(&self.catalog, watched, exam, sitting, self.now).map_err(Failure::usage)
    }

    /// The board of that sitting.
    pub(super) fn board(&self, store: &Store, which: &SittingArgs) -> Result<Board, Failure> {
        let choice = self.sitting(which)?;
        let board = board::load(store, &self.catalog, &choice, self.now)?;
        board.ok_or_else(|| Failure::usage("this sitting is not in the list of sources"))
    }

    /// Short name for a source: its region, and its city.
    pub(super) fn place(&self, source: &str) -> String {
        let Some(source) = self.catalog.source(source) else {
            return source.to_string();
        };
        let region = self
            .catalog
            .region(&source.region)
            .map_or("全国", |r| r.name.as_str());
        match &source.city {
            Some(city) if city != region => format!("{region}·{city}"),
            _ => region.to_string(),
        }
    }
}
