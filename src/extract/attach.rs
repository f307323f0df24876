//! Which hours and days belong to which window: those of its own statement, those on the lines
//! right after it, those under a sibling heading, those of the whole notice.

use super::date::DateHit;
use super::hours::{self, Opening};
use super::window::{Draft, cell};
use super::{Doc, Unit, context};
use crate::model::facts::{Days, WindowMethod};
use crate::model::{BlockKind, Cell, Span};
use regex::Regex;
use std::sync::LazyLock;

/// A line that goes on with hours or days.
static GOES_ON: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^[\s,;。(:]*(?:上午|下午|早上|每[日天周]|工作日|周[一-龥]|星期|法定|节假日|双休|周末|期间|\d{1,2}[:时点]|(?:具体)?(?:工作|办公|办理|办证|领取|发放|受理|接待|领证)?时间)",
    )
});

/// Hours that are not the counter's.
static FOREIGN: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        "咨询|电话|热线|考试时间|开考|报名时间|网上|系统|登录|寄出|交寄|致电|客服|缴费|审核",
    )
});

/// A statement for all rows of a table or all windows of a list.
static ALL: LazyLock<Regex> = LazyLock::new(|| super::regex("[上下见]表|表中|均为|均可|都是|一律"));

/// Headings under which hours are for certificates of other years only.
static OLD: LazyLock<Regex> = LazyLock::new(|| super::regex("往年|历年|以前|逾期|补领"));

/// Words that make hours the counter's, wherever they stand.
static COUNTER: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        "领取|领证|发放|办理|办证|受理|办公|工作时间|对外|接待|窗口|现场|自取|申领|服务时间|时间安排|发证",
    )
});

/// Hours and days that stand alone.
struct General {
    unit: usize,
    /// For certificates of other years or for those who come late.
    old: bool,
    opening: Opening,
}

/// How many such statements are kept; a notice has a handful.
const MOST: usize = 64;

/// Gives every draft its hours and days, and widens its words by those that stand with it.
pub(super) fn openings(doc: &Doc, hits: &[DateHit], drafts: &mut [Draft]) {
    let general = general(doc, hits);
    for draft in drafts.iter_mut() {
        own(doc, hits, draft);
    }
    share(doc, drafts);
    let told = drafts.iter().any(|d| !d.opening.hours.is_empty());
    // Where no window is the counter's alone, its hours belong to those that cover it.
    let counter = drafts.iter().any(|d| d.method == WindowMethod::Onsite);
    let whole: Option<Opening> = drafts
        .iter()
        .find(|d| {
            d.method == WindowMethod::Onsite && !d.opening.hours.is_empty() && d.scope.is_none()
        })
        .map(|d| d.opening.clone());
    for draft in drafts.iter_mut() {
        if draft.method == WindowMethod::Mail || draft.online {
            continue;
        }
        if let Some((grid, r, col)) = cell(doc, draft.hit.span)
            && let Some(cells) = grid.rows.get(r)
        {
            draft.opening.fill(&row(doc, cells, col));
        }
        // 逾期的每周三补领: a rhythm of its own, of which the hours above do not speak.
        let rhythm = draft.opening.days == Some(Days::Other) && !draft.hit.scattered;
        let apart = draft.hit.rule == super::shape::BARE && cell(doc, draft.hit.span).is_none();
        if (rhythm && draft.opening.hours.is_empty() || apart) && told {
            continue;
        }
        let path: Vec<&Unit> = doc.path(doc.unit_at(draft.hit.span.start)).collect();
        let near = general.iter().find(|g| {
            let parent = doc.units.get(g.unit).and_then(|u| u.parent);
            let parent = parent.and_then(|p| doc.units.get(p));
            parent.is_some_and(|p| path.contains(&p))
        });
        if let Some(near) = near {
            draft.opening.fill(&near.opening);
        }
        if draft.method != WindowMethod::Onsite && counter {
            continue;
        }
        // A sub-window in running text inherits from the whole; a numbered piece speaks for itself.
        let loose = path.first().is_none_or(|u| u.level == 0);
        if loose && let Some(whole) = &whole {
            draft.opening.fill(whole);
        }
        if let Some(first) = general.iter().find(|g| !g.old) {
            draft.opening.fill(&first.opening);
        }
        let words = doc.fold.of(draft.hit.span);
        if words.ends_with("上午") {
            draft.opening.hours.retain(|h| h.as_str() < "12");
        } else if words.ends_with("下午") {
            draft.opening.hours.retain(|h| h.as_str() >= "12");
        }
    }
}

/// Days that are said in one breath (4月27日、5月18日，均为9:00-15:00), or one per line above the
/// line of their hours, share what is said after the last.
fn share(doc: &Doc, drafts: &mut [Draft]) {
    for i in (1..drafts.len()).rev() {
        let [.., before, after] = drafts.get_mut(..=i).unwrap_or_default() else {
            continue;
        };
        let (a, b) = (before.hit.span, after.hit.span);
        let unit = |at: usize| doc.unit_at(at);
        let gap = Span::new(a.end, b.start.max(a.end));
        let breath = gap.end - gap.start < 12 && doc.fold.of(gap).trim() == "、";
        let lines = || {
            let here = doc.units.get(unit(b.start));
            here.is_some_and(|u| hours::read(doc.fold.of(u.span)).is_empty())
                && unit(a.start) + 1 == unit(b.start)
                && [a, b].iter().all(|s| {
                    let line = doc.units.get(unit(s.start));
                    line.is_some_and(|u| u.span.start == s.start)
                })
        };
        if before.opening.is_empty() && !after.opening.is_empty() && (breath || lines()) {
            before.opening = after.opening.clone();
        }
    }
}

/// Hours and days in the other cells of a table row.
pub(super) fn row(doc: &Doc, cells: &[Cell], col: usize) -> Opening {
    let mut out = Opening::default();
    for (i, c) in cells.iter().enumerate() {
        let words = doc.fold.of(c.span);
        if i != col && !FOREIGN.is_match(words) {
            out.fill(&hours::read(words));
        }
    }
    out
}

/// Hours and days in the words of the window itself and on the lines that go on with it.
fn own(doc: &Doc, hits: &[DateHit], draft: &mut Draft) {
    let unit = doc.unit_at(draft.hit.span.start);
    let Some(here) = doc.units.get(unit) else {
        return;
    };
    let next = hits
        .partition_point(|h| h.span.start < draft.hit.span.end)
        .checked_sub(1)
        .and_then(|i| context::following(doc, hits, i))
        .map(|h| h.span.start);
    let sentence = doc.sentence(draft.hit.span);
    let stop = next.map_or(here.span.end, |n| n.min(here.span.end));
    let mut opening = Opening::default();
    let mut end = draft.hit.span.end;
    // The rest of the sentence, then sentences that go on with hours.
    let mut from = draft.hit.span.end;
    let mut to = sentence.end.min(stop);
    loop {
        let words = on_time(doc.fold.of(Span::new(from, to)));
        let first = from == draft.hit.span.end;
        if !first && !GOES_ON.is_match(words) {
            break;
        }
        let read = hours::read(words);
        // A phone number after the hours takes nothing from them.
        let told = words.get(..hours::extent(words)).unwrap_or(words);
        if !read.is_empty() && (!FOREIGN.is_match(told) || COUNTER.is_match(words)) {
            for hour in &read.hours {
                if !opening.hours.contains(hour) {
                    opening.hours.push(hour.clone());
                }
            }
            opening.days = opening.days.or(read.days);
            let at = doc.fold.range(Span::new(from, to)).start;
            end = end.max(doc.fold.span(at..at + hours::extent(words)).end);
        }
        if to >= stop {
            break;
        }
        let step = doc
            .words(Span::new(to, stop))
            .chars()
            .next()
            .map_or(1, char::len_utf8);
        from = to;
        let after = doc.sentence(Span::new((to + step).min(stop), (to + step).min(stop)));
        to = after.end.clamp(to + step, stop);
    }
    // The lines below.
    if next.is_none_or(|n| n > here.span.end) {
        for below in doc.units.iter().skip(unit + 1).take(3) {
            let words = doc.fold.of(below.span);
            if below.level > 0
                || !GOES_ON.is_match(words)
                || next.is_some_and(|n| n < below.span.end)
            {
                break;
            }
            let read = hours::read(words);
            if read.is_empty() {
                break;
            }
            if FOREIGN.is_match(words) {
                break;
            }
            for hour in read.hours {
                if !opening.hours.contains(&hour) {
                    opening.hours.push(hour);
                }
            }
            opening.days = opening.days.or(read.days);
            end = below.span.end;
        }
    }
    if draft.hit.scattered {
        opening.days = Some(Days::Other);
    }
    // They may stand before the date: 受理时间：工作日(9:00-11:30),截止日期:3月5日.
    let elsewhere = draft.hit.rule == super::shape::BARE;
    if (opening.is_empty() || opening.days.is_none()) && !elsewhere {
        let index = hits.partition_point(|h| h.span.start < draft.hit.span.start);
        let previous = index.checked_sub(1).and_then(|i| hits.get(i));
        let from = previous.map_or(sentence.start, |h| h.span.end.max(sentence.start));
        let before = doc.fold.of(Span::new(
            from.min(draft.hit.span.start),
            draft.hit.span.start,
        ));
        if !FOREIGN.is_match(before) {
            opening.fill(&hours::read(before));
        }
    }
    if draft.online || draft.method == WindowMethod::Mail {
        opening.hours.clear();
        if draft.online {
            opening.days = None;
        }
    }
    draft.opening = opening;
    draft.span = draft.span.join(Span::new(draft.hit.span.start, end));
}

/// Words up to those that speak of who comes too late.
fn on_time(words: &str) -> &str {
    let end = ["逾期", "过期", "错过", "未领"]
        .iter()
        .filter_map(|w| words.find(w))
        .min();
    end.and_then(|e| words.get(..e)).unwrap_or(words)
}

/// Hours that stand alone under a heading or label of their own.
fn general(doc: &Doc, hits: &[DateHit]) -> Vec<General> {
    let mut out = Vec::new();
    for (i, unit) in doc.units.iter().enumerate() {
        let words = doc.fold.of(unit.span);
        let first = hits.partition_point(|h| h.span.start < unit.span.start);
        if hits.get(first).is_some_and(|h| unit.span.covers(h.span)) {
            continue;
        }
        let read = hours::read(words);
        if read.is_empty() {
            continue;
        }
        let label = unit.label.map_or("", |l| doc.fold.of(l));
        let above = unit
            .parent
            .and_then(|p| doc.units.get(p))
            .and_then(|p| p.label)
            .map_or("", |l| doc.fold.of(l));
        let previous = i
            .checked_sub(1)
            .and_then(|p| doc.units.get(p))
            .map_or("", |u| doc.fold.of(u.span));
        let after_row = matches!(unit.kind, BlockKind::Para | BlockKind::Item)
            && i.checked_sub(1)
                .and_then(|p| doc.units.get(p))
                .is_some_and(|u| matches!(u.kind, BlockKind::Row { .. }))
            && GOES_ON.is_match(words);
        let speaks = after_row
            || ALL.is_match(words)
            || [label, above, words].iter().any(|t| COUNTER.is_match(t))
            || (previous.chars().count() < 20 && COUNTER.is_match(previous));
        let old = [label, above].iter().any(|t| OLD.is_match(t));
        let foreign = [label, above, words].iter().any(|t| FOREIGN.is_match(t));
        if speaks
            && !foreign
            && (ALL.is_match(words)
                || !read.hours.is_empty()
                || GOES_ON.is_match(words)
                || label.ends_with("时间"))
        {
            out.push(General {
                unit: i,
                old,
                opening: read,
            });
            if out.len() == MOST {
                break;
            }
        }
    }
    out
}
