//! Where each region stands with a sitting: from the notices in force, the catalog, past lags and
//! the state of the sources. Pure: the day is an argument.

mod belong;
mod board;
mod cities;
mod forecast;
mod learn;
mod ties;
mod windows;

pub use belong::holds;
pub use board::board;
pub use forecast::expected;
pub use learn::teaches;
pub use ties::ties;

use crate::model::facts::{Method, NoticeKind};
use crate::model::source::{Kind, NATIONAL};
use crate::model::{
    Catalog, Date, Electronic, Exam, Gap, Grounds, Moved, Notice, NoticeId, Paper, Region, Signal,
    Sitting, Source, SourceState, Stage, Standing, StandingWindow, china_date,
};
use belong::{Season, dated, holds_for, published, sources_of};
use jiff::ToSpan;
use std::collections::{BTreeMap, HashMap};
use windows::Held;

/// Days after the exam in which its certificates are due.
const DUE: i32 = 200;
/// Years that an uncollected certificate is kept (人社厅发〔2017〕141号).
const KEPT: i32 = 5;
/// Days without a good visit after which a source is silent.
const SILENT: i32 = 7;
/// Own lags from which a region can be called late.
const LATE: usize = 2;

/// Everything that an outlook rests on.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Exams, sittings, regions, sources.
    pub catalog: &'a Catalog,
    /// Notices in force; the caller leaves out those that are gone.
    pub notices: &'a [Notice],
    /// How the sources stand, by id; absent = never visited.
    pub states: &'a BTreeMap<String, SourceState>,
    /// National dates, as far as they are known.
    pub signals: &'a [Signal],
    /// The day in China.
    pub today: Date,
}

/// The sitting whose certificates are due: the latest that is over, if it was within 200 days;
/// else the next to come; else the latest of all.
pub fn due<'a>(catalog: &'a Catalog, exam: &str, today: Date) -> Option<&'a Sitting> {
    let mut sittings: Vec<&Sitting> = catalog.sittings.iter().filter(|s| s.exam == exam).collect();
    sittings.sort_by_key(|s| s.first);
    let over = |s: &Sitting| s.last.unwrap_or(s.first);
    let past = sittings.iter().rev().find(|s| over(s) < today);
    let fresh = past.filter(|s| windows::days_to(over(s), today) <= DUE);
    let next = sittings.iter().find(|s| over(s) >= today);
    fresh.or(next).or(past).copied()
}

/// One standing per region, in the catalog's order. Empty where exam or sitting is not known.
pub fn standings(known: &Known, exam: &str, sitting: &str) -> Vec<Standing> {
    let catalog = known.catalog;
    let Some(exam) = catalog.exams.iter().find(|e| e.id == exam) else {
        return Vec::new();
    };
    let wanted = |s: &&Sitting| s.exam == exam.id && s.id == sitting;
    let Some(sitting) = catalog.sittings.iter().find(wanted) else {
        return Vec::new();
    };
    let learned = learn::learned(known, exam);
    let known = &Known {
        catalog: &learned,
        ..*known
    };
    let ties: BTreeMap<NoticeId, NoticeId> = ties(known.notices).into_iter().collect();
    let of_sitting = of_sitting(known, exam, sitting, &ties);
    let mut by_source: HashMap<&str, Vec<&Notice>> = HashMap::new();
    for notice in of_sitting {
        by_source.entry(&notice.source).or_default().push(notice);
    }
    let signals = signals(known, &exam.id);
    let round = Round {
        moved: forecast::moved(sitting, &signals),
        signals,
        known,
        sitting,
        ties,
        by_source,
    };
    let regions = learned.regions.iter();
    regions.map(|region| round.standing(region)).collect()
}

/// The signals of an exam, each with its sitting.
fn signals<'a>(known: &Known<'a>, exam: &str) -> Vec<(&'a Sitting, &'a Signal)> {
    let of = |signal: &'a Signal| {
        let mut held = known.catalog.sittings.iter();
        let held = held.find(|s| s.exam == signal.exam && s.id == signal.sitting)?;
        Some((held, signal))
    };
    known
        .signals
        .iter()
        .filter(|s| s.exam == exam)
        .filter_map(of)
        .collect()
}

/// The notices of a sitting; a correction that names none follows what it corrects.
fn of_sitting<'a>(
    known: &Known<'a>,
    exam: &Exam,
    sitting: &Sitting,
    ties: &BTreeMap<NoticeId, NoticeId>,
) -> Vec<&'a Notice> {
    let Some(season) = Season::new(known.catalog, exam, sitting) else {
        return Vec::new();
    };
    let own: BTreeMap<NoticeId, bool> = known
        .notices
        .iter()
        .map(|n| (n.id, season.holds(n)))
        .collect();
    let holds = |id: &NoticeId| own.get(id).copied().unwrap_or(false);
    known
        .notices
        .iter()
        .filter(|n| ties.get(&n.id).map_or(holds(&n.id), holds))
        .collect()
}

/// What all regions of one sitting share.
struct Round<'a> {
    known: &'a Known<'a>,
    sitting: &'a Sitting,
    ties: BTreeMap<NoticeId, NoticeId>,
    by_source: HashMap<&'a str, Vec<&'a Notice>>,
    /// The signals of the exam, with their sittings.
    signals: Vec<(&'a Sitting, &'a Signal)>,
    /// What they do to every region's range.
    moved: Option<Moved>,
}

impl Round<'_> {
    fn standing(&self, region: &Region) -> Standing {
        let (known, sitting) = (self.known, self.sitting);
        let sources = sources_of(known.catalog, region);
        let mut held: Vec<Held> = Vec::new();
        for source in &sources {
            for notice in self.by_source.get(source.id.as_str()).into_iter().flatten() {
                if holds_for(known.catalog, source, region, notice) {
                    held.push(Held { notice, source });
                }
            }
        }
        held.sort_by_key(|h| std::cmp::Reverse((dated(h.notice), h.notice.id)));
        let (windows, put_off) = windows::in_force(&held, &self.ties, region, known);
        let paper = windows::paper(&held, &windows);
        let watched: Vec<&Source> = sources
            .iter()
            .copied()
            .filter(|s| s.kind != Kind::Manual)
            .collect();
        let (expected, basis) = expected(known.catalog, region, sitting);
        let moved = self.moved.filter(|_| expected.is_some());
        let expected = match moved {
            Some(by) => expected.map(|(a, b)| {
                (
                    a.saturating_add(by.days.days()),
                    b.saturating_add(by.days.days()),
                )
            }),
            None => expected,
        };
        let mut out = Standing {
            region: region.id.clone(),
            exam: sitting.exam.clone(),
            sitting: sitting.id.clone(),
            stage: Stage::Unknown,
            electronic: self.electronic(&held),
            expected,
            basis,
            moved,
            days_left: None,
            days_to_open: None,
            kept_until: sitting
                .last
                .unwrap_or(sitting.first)
                .checked_add(KEPT.years())
                .ok(),
            notices: held.iter().map(|h| h.notice.id).collect(),
            cities: cities::cities(known, region, &sources, &windows, &held),
            unwatched: watched.is_empty() || region.by_city,
            unknown: Vec::new(),
            paper,
            windows,
        };
        self.judge(&mut out, region, &held, put_off, &watched);
        out
    }

    /// Stage, days and gaps, from what is gathered.
    fn judge(
        &self,
        out: &mut Standing,
        region: &Region,
        held: &[Held],
        put_off: bool,
        watched: &[&Source],
    ) {
        let today = self.known.today;
        if self.sitting.not_held.contains(&region.id) {
            *out = Standing {
                stage: Stage::NotHeld,
                electronic: Electronic::Unknown,
                expected: None,
                basis: Grounds::None,
                moved: None,
                kept_until: None,
                paper: Paper::default(),
                windows: Vec::new(),
                cities: Vec::new(),
                ..out.clone()
            };
            return;
        }
        let silent = watched.iter().all(|s| self.silent(&s.id));
        let told = tells_paper(held);
        out.stage = match windows::most_urgent(out.windows.iter().map(|w| w.stage)) {
            Some(stage) if !put_off || stage != Stage::Closed => stage,
            _ if told => Stage::Announced,
            _ if silent => Stage::Unknown,
            _ => match (out.expected, out.basis) {
                (None, _) => Stage::Unknown,
                (Some((_, end)), Grounds::Own { points }) if today > end && points >= LATE => {
                    Stage::Late
                }
                _ => Stage::Expected,
            },
        };
        let of = |stage: Stage| out.windows.iter().filter(move |w| w.stage == stage);
        out.days_left = of(Stage::Closing)
            .chain(of(Stage::Open))
            .filter_map(|w| w.window.end)
            .min()
            .map(|end| windows::days_to(today, end));
        if matches!(out.stage, Stage::Announced) {
            out.days_to_open = of(Stage::Announced)
                .filter_map(|w| w.window.start)
                .min()
                .map(|start| windows::days_to(today, start));
        }
        self.gaps(out, region, held, put_off, watched);
        if told {
            (out.expected, out.basis, out.moved) = (None, Grounds::None, None);
        }
    }

    fn gaps(
        &self,
        out: &mut Standing,
        region: &Region,
        held: &[Held],
        put_off: bool,
        watched: &[&Source],
    ) {
        let mut gaps = Vec::new();
        if put_off {
            gaps.push(Gap::PutOff);
        }
        if watched.is_empty() {
            gaps.push(Gap::NoSource);
        }
        for source in watched.iter().filter(|s| self.silent(&s.id)) {
            gaps.push(Gap::Silent {
                source: source.id.clone(),
                since: self.known.states.get(&source.id).and_then(|s| s.last_good),
            });
        }
        if region.by_city {
            gaps.push(Gap::Cities);
        }
        let over =
            |range: Option<(Date, Date)>| range.is_some_and(|(_, end)| self.known.today > end);
        match out.stage {
            Stage::Unknown | Stage::Expected if out.expected.is_none() => {
                gaps.push(Gap::NoForecast)
            }
            Stage::Unknown | Stage::Expected if over(out.expected) => gaps.push(Gap::RangeOver),
            _ => {}
        }
        if tells_paper(held) && out.windows.is_empty() && !put_off {
            gaps.push(match held.iter().all(|h| h.facts().is_none()) {
                true => Gap::RowOnly,
                false => Gap::NoDates,
            });
        }
        if out.windows.iter().any(|w| doubtful(w, held)) {
            gaps.push(Gap::Doubtful);
        }
        out.unknown = gaps;
    }

    /// Whether a source has had no good visit of late.
    fn silent(&self, source: &str) -> bool {
        let good = self.known.states.get(source).and_then(|s| s.last_good);
        good.is_none_or(|at| windows::days_to(china_date(at), self.known.today) > SILENT)
    }

    fn electronic(&self, held: &[Held]) -> Electronic {
        let tells = |h: &&Held| {
            h.facts().is_some_and(|f| {
                f.kind == NoticeKind::ECertificate || f.methods.contains(&Method::Electronic)
            })
        };
        let own = self
            .signals
            .iter()
            .find(|(held, _)| held.id == self.sitting.id);
        if let Some(since) = own.and_then(|(_, s)| s.e_file) {
            return Electronic::Available {
                since: Some(since),
                notice: None,
            };
        }
        // A national notice holds for every region.
        let national = self.known.catalog.sources.iter();
        let national = national
            .filter(|s| s.region == NATIONAL)
            .flat_map(|s| self.by_source.get(s.id.as_str()).into_iter().flatten())
            .find(|n| n.kind == Some(NoticeKind::ECertificate));
        let first = held.iter().rfind(tells).map(|h| h.notice);
        if let Some(notice) = national.copied().or(first) {
            return Electronic::Available {
                since: published(notice),
                notice: Some(notice.id),
            };
        }
        match forecast::e_file(self.sitting, &self.signals) {
            Some((from, to)) => Electronic::Expected { from, to },
            None => Electronic::Unknown,
        }
    }
}

/// Whether a notice tells of paper certificates.
fn tells_paper(held: &[Held]) -> bool {
    held.iter().any(|h| match h.facts() {
        Some(facts) => facts.kind != NoticeKind::ECertificate,
        None => true,
    })
}

fn doubtful(window: &StandingWindow, held: &[Held]) -> bool {
    let Some(h) = held.iter().find(|h| h.notice.id == window.notice) else {
        return false;
    };
    let Some(version) = &h.notice.latest else {
        return false;
    };
    let facts = &version.reading.facts;
    facts
        .windows
        .iter()
        .position(|w| *w == window.window)
        .and_then(|i| version.reading.evidence.get(&format!("/windows/{i}")))
        .is_some_and(|proof| !proof.certain)
}
