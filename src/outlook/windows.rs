//! The windows in force, and how far each has come.

use super::Known;
use super::belong::published;
use crate::model::facts::{Method, NoticeKind, WindowMethod};
use crate::model::{
    Date, Facts, Notice, NoticeId, Paper, Region, Source, Stage, StandingWindow, Way, Window,
};
use std::collections::BTreeMap;

/// Days left from which a window is closing.
const CLOSING: i32 = 7;

/// A notice that belongs, with its source.
pub(super) struct Held<'a> {
    pub(super) notice: &'a Notice,
    pub(super) source: &'a Source,
}

impl Held<'_> {
    pub(super) fn facts(&self) -> Option<&Facts> {
        self.notice.latest.as_ref().map(|v| &v.reading.facts)
    }
    fn kind(&self) -> Option<NoticeKind> {
        self.facts().map(|f| f.kind)
    }
}

/// Whole days from `today` to `day`.
pub(super) fn days_to(today: Date, day: Date) -> i32 {
    today.until(day).map_or(0, |span| span.get_days())
}

/// The windows in force, soonest end first, and whether a collection was put off without new
/// dates. `ties` gives the corrected notice of each correction.
pub(super) fn in_force(
    held: &[Held],
    ties: &BTreeMap<NoticeId, NoticeId>,
    region: &Region,
    known: &Known,
) -> (Vec<StandingWindow>, bool) {
    let today = known.today;
    let children = known.catalog.regions.iter();
    let apart: Vec<&str> = children
        .filter(|r| r.parent.as_deref() == Some(&region.id))
        .map(|r| r.name.as_str())
        .collect();
    let mut corrections: BTreeMap<NoticeId, Vec<&Held>> = BTreeMap::new();
    for h in held {
        if let Some(corrected) = ties.get(&h.notice.id) {
            corrections.entry(*corrected).or_default().push(h);
        }
    }
    let mut put_off = false;
    let mut out = Vec::new();
    for h in held {
        let Some(facts) = h.facts() else { continue };
        if facts.kind == NoticeKind::ECertificate {
            continue;
        }
        let by = corrections.get(&h.notice.id).map_or(&[][..], |c| c);
        let stopped = by.iter().any(|c| {
            c.kind() == Some(NoticeKind::Postponement)
                && c.facts().is_some_and(|f| f.windows.is_empty())
        });
        put_off |= stopped;
        let own: Vec<&Window> = facts
            .windows
            .iter()
            .filter(|w| !stopped && serves(w, h, region, &apart))
            .filter(|w| !by.iter().any(|c| replaced(w, c)))
            .collect();
        for w in own {
            out.push(StandingWindow {
                notice: h.notice.id,
                source: h.source.id.clone(),
                city: h.source.city.clone(),
                stage: stage(w, published(h.notice), today),
                window: w.clone(),
            });
        }
    }
    outlast(&mut out);
    out.sort_by_key(|w| {
        (
            w.window.end.unwrap_or(Date::MAX),
            w.window.start,
            w.notice,
            w.window.scope.clone(),
            w.window.method,
        )
    });
    (out, put_off)
}

/// A province's city table holds for a city that is counted by itself only in its own rows, else
/// in those for everyone; and those rows are not the province's. `apart` = the names of its cities
/// that are counted by themselves.
fn serves(window: &Window, held: &Held, region: &Region, apart: &[&str]) -> bool {
    let scope = window.scope.as_deref().unwrap_or_default();
    if held.source.region == region.id {
        return !apart.iter().any(|name| scope.contains(name));
    }
    if region.parent.is_none() {
        return true;
    }
    let named = |w: &Window| w.scope.as_deref().is_some_and(|s| s.contains(&region.name));
    let rows = held.facts().is_some_and(|f| f.windows.iter().any(named));
    named(window) || !rows && window.scope.is_none()
}

/// Whether a correction states a window anew.
fn replaced(window: &Window, correction: &Held) -> bool {
    let Some(facts) = correction.facts() else {
        return false;
    };
    facts.windows.iter().any(|w| {
        let way = w.method == window.method || w.method == WindowMethod::Any;
        way && (w.scope.is_none() || w.scope == window.scope)
    })
}

/// How far one window has come. A window without a start is open from its publication.
fn stage(window: &Window, published: Option<Date>, today: Date) -> Stage {
    let start = window.start.or(published);
    match (start, window.end) {
        (_, Some(end)) if end < today => Stage::Closed,
        (Some(start), _) if start > today => Stage::Announced,
        (_, Some(end)) if days_to(today, end) <= CLOSING => Stage::Closing,
        _ => Stage::Open,
    }
}

/// Closing is only what no later window of the same way, place and people outlasts.
fn outlast(windows: &mut [StandingWindow]) {
    type Kind = (WindowMethod, Option<String>, Option<String>);
    let kind =
        |w: &StandingWindow| -> Kind { (w.window.method, w.window.scope.clone(), w.city.clone()) };
    let mut last: BTreeMap<Kind, Date> = BTreeMap::new();
    for w in windows.iter() {
        let end = w.window.end.unwrap_or(Date::MAX);
        let known = last.entry(kind(w)).or_insert(end);
        *known = end.max(*known);
    }
    for w in windows.iter_mut().filter(|w| w.stage == Stage::Closing) {
        if last.get(&kind(w)).copied() > w.window.end {
            w.stage = Stage::Open;
        }
    }
}

/// The most urgent of some stages; None = there are none.
pub(super) fn most_urgent(stages: impl Iterator<Item = Stage> + Clone) -> Option<Stage> {
    Stage::BY_ACTION
        .into_iter()
        .find(|s| stages.clone().any(|t| t == *s))
}

/// One way of some windows: its stage and the range of what is not over.
pub(super) fn way<'a>(windows: impl Iterator<Item = &'a StandingWindow> + Clone) -> Option<Way> {
    let stage = most_urgent(windows.clone().map(|w| w.stage))?;
    let live = windows.filter(|w| stage == Stage::Closed || w.stage != Stage::Closed);
    let from = live.clone().map(|w| w.window.start).min().flatten();
    let open_end = live.clone().any(|w| w.window.end.is_none());
    let to = live.filter_map(|w| w.window.end).max();
    Some(Way {
        stage,
        from,
        to: to.filter(|_| !open_end),
    })
}

/// The paper certificate way by way. A way that a notice offers without dates is announced.
pub(super) fn paper(held: &[Held], windows: &[StandingWindow]) -> Paper {
    let told = |method: Method| {
        held.iter()
            .filter_map(Held::facts)
            .filter(|f| f.kind != NoticeKind::ECertificate)
            .any(|f| f.methods.contains(&method))
    };
    let undated = |method| {
        told(method).then_some(Way {
            stage: Stage::Announced,
            from: None,
            to: None,
        })
    };
    let of = |method| way(windows.iter().filter(move |w| w.window.method == method));
    let any = of(WindowMethod::Any);
    let mut answers = held
        .iter()
        .filter_map(Held::facts)
        .filter_map(|f| f.proxy_allowed);
    let first = answers.next();
    Paper {
        onsite: of(WindowMethod::Onsite).or_else(|| {
            any.or(undated(Method::Onsite))
                .filter(|_| told(Method::Onsite))
        }),
        mail: of(WindowMethod::Mail)
            .or_else(|| any.or(undated(Method::Mail)).filter(|_| told(Method::Mail))),
        any,
        // Two notices that answer differently (two cities) leave the question open.
        deputy: first
            .filter(|f| answers.all(|a| a == *f))
            .or_else(|| (first.is_none() && told(Method::Proxy)).then_some(true)),
        employer: told(Method::Batch),
    }
}
