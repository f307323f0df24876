//! Which windows belong together, and which are said twice.

use super::date::Shape;
use super::hours::Opening;
use super::window::{Draft, cell};
use super::{Doc, attach, scope};
use crate::model::facts::{Unread, WindowMethod};
use std::collections::HashSet;

/// A table's columns may say which end a day is: 开始日期, 截止日期.
pub(super) fn columns(doc: &Doc, drafts: &mut [Draft]) {
    for draft in drafts.iter_mut() {
        let Some((grid, row, col)) = cell(doc, draft.hit.span) else {
            continue;
        };
        if draft.hit.shape != Shape::Day || row < grid.header_rows {
            continue;
        }
        let header = grid.rows.first().and_then(|r| r.get(col));
        let label = grid.rows.get(row).and_then(|r| r.first());
        let says = [header, label].map(|c| c.map_or("", |c| doc.fold.of(c.span)));
        if says
            .iter()
            .any(|w| w.contains("截止") || w.contains("结束"))
        {
            draft.hit.shape = Shape::Until;
            draft.hit.start = None;
        } else if says
            .iter()
            .any(|w| w.contains("开始") || w.contains("起始"))
        {
            draft.hit.shape = Shape::From;
            draft.hit.end = None;
        }
    }
}

/// A cell that spans several rows holds for each of them.
pub(super) fn spread(doc: &Doc, drafts: Vec<Draft>) -> Vec<Draft> {
    let mut out = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let mut more = Vec::new();
        if let Some((grid, row, col)) = cell(doc, draft.hit.span)
            && let Some(own) = grid.rows.get(row).and_then(|r| r.get(col))
        {
            for r in grid.rows.iter().skip(row + 1) {
                if r.get(col) != Some(own) {
                    break;
                }
                let mut opening = match draft.method {
                    WindowMethod::Mail => Opening::default(),
                    _ => attach::row(doc, r, col),
                };
                opening.fill(&draft.opening);
                more.push(Draft {
                    scope: scope::in_row(doc, grid, r, col).or_else(|| draft.scope.clone()),
                    hit: draft.hit.clone(),
                    opening,
                    ..draft
                });
            }
        }
        out.push(draft);
        out.extend(more);
    }
    out
}

/// A start and a deadline that belong together, in the same piece: one window.
pub(super) fn join(drafts: &mut Vec<Draft>, doc: &Doc) -> Vec<Unread> {
    let mut faults = Vec::new();
    let mut out: Vec<Draft> = Vec::with_capacity(drafts.len());
    for draft in drafts.drain(..) {
        if let Some(last) = out.last_mut()
            && draft.hit.shape == Shape::Until
            && matches!(last.hit.shape, Shape::From | Shape::Now)
            && (last.method == draft.method || draft.method == WindowMethod::Any)
            && last.scope == draft.scope
            && doc.unit_at(last.hit.span.start) == doc.unit_at(draft.hit.span.start)
        {
            if last.hit.start > draft.hit.end {
                let span = last.hit.span.join(draft.hit.span);
                faults.push(Unread {
                    quote: doc.words(span).to_string(),
                    span,
                    reason: "end_before_start".to_string(),
                });
                out.pop();
                continue;
            }
            last.hit.end = draft.hit.end;
            last.hit.end_time = draft.hit.end_time;
            last.hit.shape = Shape::Range;
            last.hit.estimate |= draft.hit.estimate;
            last.hit.span = last.hit.span.join(draft.hit.span);
            last.span = last.hit.span.join(draft.span);
            last.opening.fill(&draft.opening);
            continue;
        }
        out.push(draft);
    }
    *drafts = out;
    faults
}

/// Drops what is said twice, and appointments for a collection that has its own dates.
pub(super) fn prune(drafts: &mut Vec<Draft>) {
    let collects = drafts.iter().any(|d| {
        d.method != WindowMethod::Mail && !d.online && !d.booking && d.hit.shape != Shape::Now
    });
    if collects {
        drafts.retain(|d| match d.method {
            WindowMethod::Onsite => !d.online,
            WindowMethod::Any => !d.booking,
            WindowMethod::Mail => true,
        });
    }
    let ends: HashSet<_> = drafts
        .iter()
        .filter(|d| d.hit.start.is_some())
        .map(|d| (d.method, d.hit.end))
        .collect();
    drafts.retain(|d| d.hit.shape != Shape::Until || !ends.contains(&(d.method, d.hit.end)));
    // Where the post has a time of its own and nothing tells the way of the rest, the rest is
    // for those who come.
    let post = drafts.iter().any(|d| d.method == WindowMethod::Mail);
    let counter = drafts.iter().any(|d| d.method == WindowMethod::Onsite);
    if post && !counter {
        for d in drafts
            .iter_mut()
            .filter(|d| d.method == WindowMethod::Any && !d.online)
        {
            if matches!(d.hit.shape, Shape::Range | Shape::Day) {
                d.method = WindowMethod::Onsite;
            }
        }
    }
    let mut kept: Vec<Draft> = Vec::with_capacity(drafts.len());
    for draft in drafts.drain(..) {
        let twin = kept.iter_mut().find(|k| {
            k.method == draft.method
                && k.scope == draft.scope
                && k.hit.start == draft.hit.start
                && (k.hit.end == draft.hit.end || k.hit.end.is_none() || draft.hit.end.is_none())
                && k.hit.start.is_some()
        });
        match twin {
            Some(k) => {
                let better = k.hit.end.is_none() && draft.hit.end.is_some()
                    || k.opening.is_empty() && !draft.opening.is_empty();
                if better {
                    let old = std::mem::replace(k, draft);
                    k.opening.fill(&old.opening);
                }
            }
            None => kept.push(draft),
        }
    }
    *drafts = kept;
}
