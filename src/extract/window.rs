//! From dates to windows: which of them are for collecting, by which way, for whom, on which
//! days and hours, and which of them belong together.

use super::context::{self, Context};
use super::date::{self, DateHit, Shape};
use super::hours::Opening;
use super::purpose;
use super::{Doc, attach, doubt, merge, scope, way};
use crate::model::facts::{Found, Unread, Window, WindowMethod};
use crate::model::{BlockKind, Date, Span, Table};
use regex::Regex;
use std::sync::LazyLock;

/// Ways that the whole notice knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Ways {
    /// At a counter.
    pub onsite: bool,
    /// By post.
    pub mail: bool,
    /// E-certificate.
    pub electronic: bool,
}

/// A date that is for collecting.
pub(super) struct Draft {
    /// The date.
    pub hit: DateHit,
    /// The words that state it.
    pub span: Span,
    /// The way.
    pub method: WindowMethod,
    /// For whom.
    pub scope: Option<String>,
    /// Hours and days.
    pub opening: Opening,
    /// An appointment or application on line: the counter's hours are not its own.
    pub online: bool,
    /// An appointment: no collection, where the collection has dates of its own.
    pub booking: bool,
    /// No word near the date speaks of handing out.
    pub unsaid: bool,
}

/// How many windows a notice may have: a table of counties has a hundred.
const MOST: usize = 400;

/// How many dates are asked what they are for.
const MOST_DATES: usize = 10_000;

/// Words of an intake on line.
static ONLINE: LazyLock<Regex> = LazyLock::new(|| {
    super::regex("网上|线上|登录|系统|扫描|扫码|小程序|APP|预约|填报|填写|提交|平台|下单|采集")
});

/// Who has an appointment collects.
static BOOKED: LazyLock<Regex> =
    LazyLock::new(|| super::regex("预约(?:后|的?时间)?[^,。;]{0,16}(?:领取|补领|领证|办理)"));

/// An appointment is made there.
static SCREEN: LazyLock<Regex> =
    LazyLock::new(|| super::regex("登[录陆]|系统|平台|网|线上|扫|小程序|公众号|APP"));

/// Certificates that are being handed out, without any date.
static ISSUING: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        "(?:现已|已经|已)(?:正式)?(?:开始|可以?|陆续)(?:对外)?(?:发放|办理|领取|申领|核发|颁发|受理)|(?:现正|正在|现)(?:正式|开始|予以?|可以?|陆续)*(?:发放|领取|申领|核发|颁发)|(?:已|现已|已经|均已|全部)(?:到位|到达|运抵|运到|运达|寄到|到货|抵达|送达我|到我[市省院中校站区县]|到(?:$|[,。;、(]))",
    )
});

/// Not yet, or not these.
static NOT_YET: LazyLock<Regex> =
    LazyLock::new(|| super::regex("未|何时|尚|完毕|结束|登记表|准考证|电子证书|成绩"));

/// All windows of a notice and the words that should be windows and cannot be read. `near` is the
/// published date.
pub(super) fn read(
    doc: &Doc,
    near: Option<Date>,
    ways: &Ways,
) -> (Vec<Found<Window>>, Vec<Unread>) {
    let dates = date::scan(doc, near);
    let mut drafts: Vec<Draft> = Vec::new();
    for (i, hit) in dates.hits.iter().enumerate().take(MOST_DATES) {
        let Some(at) = context::context(doc, &dates.hits, i) else {
            continue;
        };
        let judged = purpose::judge(hit, &at);
        let open = judged.window()
            || judged.score >= 0 && goes_on(doc, &drafts, hit, &at)
            || judged.cues.contains(&"ship") && applied_for(doc, hit);
        if open {
            let unsaid = !judged.said();
            drafts.push(Draft {
                unsaid,
                ..draft(doc, hit.clone(), &at, ways)
            });
            if drafts.len() == MOST {
                break;
            }
        }
    }
    merge::columns(doc, &mut drafts);
    attach::openings(doc, &dates.hits, &mut drafts);
    let mut unread = dates.unread;
    unread.retain(|u| worth_a_look(doc, u));
    unread.extend(merge::join(&mut drafts, doc));
    merge::prune(&mut drafts);
    let mut drafts = merge::spread(doc, drafts);
    doubt::windows(&mut drafts, near);
    if drafts.is_empty() {
        drafts.extend(issuing(doc, near, ways));
        attach::openings(doc, &dates.hits, &mut drafts);
    }
    (drafts.into_iter().map(|d| found(doc, d)).collect(), unread)
}

/// The sentence that says what is done in the time just named.
static MEANWHILE: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        "^[^。;\n]{0,40}[,。;][^,。;\n]{0,12}(?:这一|上述|该|此|以上)(?:时段|时间段?|期间|期限)[^。;\n]{0,60}(?:申请|登录|填写|提交)",
    )
});

/// Whether the post goes out in a stretch of time in which one also applies for it.
fn applied_for(doc: &Doc, hit: &DateHit) -> bool {
    let unit = doc.units.get(doc.unit_at(hit.span.start));
    let rest = unit.map(|u| {
        doc.fold
            .of(Span::new(hit.span.end, u.span.end.max(hit.span.end)))
    });
    hit.shape == Shape::Range && rest.is_some_and(|r| MEANWHILE.is_match(r))
}

/// Opening days or hours right after a date.
static OPEN: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^[ ,(]*(?:工作日|周一至周五|上午|每天)?[:, ]*\d{1,2}[:时点]\d{0,2} ?分?(?:-|~|至|到)",
    )
});

/// Whether a date begins with its hours where a window of the same kind has just ended:
/// `时间：9月4日至30日，9:00-11:30；10月9日起，8:30-12:00`.
fn goes_on(doc: &Doc, drafts: &[Draft], hit: &DateHit, at: &Context) -> bool {
    let Some(last) = drafts.last() else {
        return false;
    };
    let gap = Span::new(last.hit.span.end, hit.span.start.max(last.hit.span.end));
    gap.end - gap.start < 150
        && at.before.trim().is_empty()
        && doc.fold.of(gap).trim_end().ends_with(';')
        && !doc.fold.of(gap).contains(['。', '\n'])
        && OPEN.is_match(at.after)
}

fn draft(doc: &Doc, hit: DateHit, at: &Context, ways: &Ways) -> Draft {
    let (method, _) = way::of(doc, &hit, at, ways);
    let (scope, _) = scope::of(doc, &hit, at);
    let near = match at.before.contains(':') {
        true => "",
        false => at.headings.first().copied().unwrap_or(""),
    };
    // 因系统升级推迟至: why, and not how.
    let before = at.before.rsplit(',').next().unwrap_or("");
    let before = Some(before).filter(|b| !b.starts_with('因')).unwrap_or("");
    let after = at
        .after
        .trim_start_matches(',')
        .split(',')
        .next()
        .unwrap_or("");
    // Who comes by appointment still comes.
    let after = after.replace("按预约", "");
    let near = &near.replace("提交申请的", "");
    let booked = [before, after.as_str()]
        .iter()
        .any(|t| BOOKED.is_match(t) && !SCREEN.is_match(t));
    let online = !booked
        && [before, after.as_str(), near]
            .iter()
            .any(|t: &&str| ONLINE.is_match(t));
    let span = match hit.shape {
        Shape::Now => doc.clause(hit.span),
        _ => hit.span,
    };
    Draft {
        span,
        method,
        scope,
        opening: Opening::default(),
        online,
        booking: !booked
            && [near, before, after.as_str()]
                .iter()
                .any(|t| t.contains("预约")),
        unsaid: false,
        hit,
    }
}

/// A notice without any date that says that certificates are being handed out.
fn issuing(doc: &Doc, near: Option<Date>, ways: &Ways) -> Option<Draft> {
    let near = near?;
    let (span, sentence) = ISSUING.find_iter(doc.text()).find_map(|m| {
        let span = doc.fold.span(m.range());
        let clause = doc.clause(span);
        let words = doc.fold.of(clause);
        (words.contains('证') && !NOT_YET.is_match(words)).then(|| (clause, doc.sentence(span)))
    })?;
    let hit = DateHit {
        span,
        start: Some(near),
        end: None,
        start_time: None,
        end_time: None,
        estimate: false,
        scattered: false,
        yearless: false,
        doubt: None,
        rule: "being_handed_out",
        shape: Shape::Now,
    };
    let at = Context {
        before: doc.fold.of(sentence),
        after: "",
        own: "",
        headings: Vec::new(),
        alone: false,
        under_heading: false,
        last: false,
        titled: false,
        cell: false,
    };
    let mut draft = draft(doc, hit, &at, ways);
    draft.online = false;
    draft.scope = None;
    Some(draft)
}

/// Broken dates matter where a window would stand.
fn worth_a_look(doc: &Doc, unread: &Unread) -> bool {
    let hit = DateHit {
        span: unread.span,
        start: None,
        end: None,
        start_time: None,
        end_time: None,
        estimate: false,
        scattered: false,
        yearless: false,
        doubt: None,
        rule: "unread",
        shape: Shape::Range,
    };
    context::context(doc, std::slice::from_ref(&hit), 0)
        .is_some_and(|at| purpose::judge(&hit, &at).window())
}

fn found(doc: &Doc, draft: Draft) -> Found<Window> {
    let Draft {
        hit,
        span,
        method,
        scope,
        opening,
        ..
    } = draft;
    let window = Window {
        id: None,
        method,
        start: hit.start,
        end: hit.end,
        start_time: hit.start_time,
        end_time: hit.end_time,
        days: opening.days,
        hours: opening.hours,
        scope,
        estimate: hit.estimate,
        quote: doc.words(span).trim().to_string(),
    };
    doubt::with(Found::new(window, span, hit.rule), hit.doubt)
}

/// The grid cell in which a span stands: table, row, column.
pub(super) fn cell<'a>(doc: &Doc<'a>, span: Span) -> Option<(&'a Table, usize, usize)> {
    let BlockKind::Row { table, row } = doc.units.get(doc.unit_at(span.start))?.kind else {
        return None;
    };
    let grid = doc.article.tables.get(table)?;
    let cells = grid.rows.get(row)?;
    let col = cells.iter().position(|c| c.span.covers(span))?;
    Some((grid, row, col))
}

#[cfg(test)]
mod tests {
    use super::super::{corpus, hours, plain};
    use super::*;

    const BOTH: Ways = Ways {
        onsite: true,
        mail: true,
        electronic: false,
    };

    fn word(window: &Window) -> String {
        let day = |d: Option<Date>| d.map(|d| d.to_string()).unwrap_or_default();
        let mut out = format!(
            "{} {}..{}",
            window.method.word(),
            day(window.start),
            day(window.end)
        );
        if let Some(days) = window.days {
            out += &format!(" {}", hours::word(days));
        }
        if !window.hours.is_empty() {
            out += &format!(" {}", window.hours.join(","));
        }
        if let Some(scope) = &window.scope {
            out += &format!(" ({scope})");
        }
        out
    }

    /// Rules of way and scope that a text uses.
    fn used(doc: &Doc, near: Option<Date>) -> Vec<&'static str> {
        let hits = date::scan(doc, near).hits;
        let mut out = Vec::new();
        for (i, hit) in hits.iter().enumerate() {
            let at = context::context(doc, &hits, i).unwrap();
            if purpose::judge(hit, &at).window() {
                out.extend(way::of(doc, hit, &at, &BOTH).1);
                out.extend(scope::of(doc, hit, &at).1);
            }
        }
        out
    }

    #[test]
    fn whole_windows_read_as_their_corpus_says() {
        corpus::check(
            "window.corpus",
            include_str!("window.corpus"),
            way::rules().chain(scope::rules()),
            |line| {
                let article = crate::model::Article {
                    title: "2023年软考资格证书领取通知".to_string(),
                    ..plain(&line.text)
                };
                let doc = Doc::new(&article);
                let (windows, _) = read(&doc, line.near, &BOTH);
                for w in &windows {
                    let quote = &w.value.quote;
                    assert_eq!(w.span.unwrap().of(&article.text).trim(), quote);
                }
                let words = windows.iter().map(|w| word(&w.value)).collect();
                (words, used(&doc, line.near))
            },
        );
    }

    /// Lines with tabs become the rows of one table, the first of them its header. A cell `^`
    /// continues the one above.
    fn sheet(text: &str) -> crate::model::Article {
        let mut article = plain(text);
        let mut rows: Vec<Vec<crate::model::Cell>> = Vec::new();
        for block in &mut article.blocks {
            let line = block.span.of(text);
            if !line.contains('\t') {
                continue;
            }
            block.kind = BlockKind::Row {
                table: 0,
                row: rows.len(),
            };
            let mut at = block.span.start;
            let mut cells = Vec::new();
            for (i, words) in line.split('\t').enumerate() {
                let above = rows.last().and_then(|r| r.get(i)).copied();
                let span = Span::new(at, at + words.len());
                let own = crate::model::Cell { span };
                cells.push(above.filter(|_| words == "^").unwrap_or(own));
                at = span.end + 1;
            }
            rows.push(cells);
        }
        article.tables = vec![Table {
            rows,
            header_rows: 1,
        }];
        article
    }

    #[test]
    fn a_table_gives_a_window_for_each_row() {
        let article = sheet(
            "各考区安排如下：\n考区\t领取时间\t受理时间\t领取地点\n\
             甲市\t3月10日至3月20日\t9:00-12:00\t甲市考试中心\n\
             乙市\t^\t9:00-11:30\t乙市考试中心\n丙县\t3月12日前\t\t丙县人社局\n\
             以上均为工作日。",
        );
        let (windows, _) = read(&Doc::new(&article), "2026-03-05".parse().ok(), &BOTH);
        let words: Vec<String> = windows.iter().map(|w| word(&w.value)).collect();
        assert_eq!(
            words,
            [
                "onsite 2026-03-10..2026-03-20 workdays 09:00-12:00 (甲市)",
                "onsite 2026-03-10..2026-03-20 workdays 09:00-11:30 (乙市)",
                "onsite ..2026-03-12 workdays (丙县)",
            ]
        );
    }

    #[test]
    fn columns_say_which_end_a_day_is() {
        let article = sheet(
            "安排如下：\n省辖市\t开始日期\t截止日期\t领取地点\n\
             甲市\t3月10日\t3月21日\t考试中心\n乙市\t3月16日\t3月6日\t考试中心",
        );
        let (windows, unread) = read(&Doc::new(&article), "2026-03-05".parse().ok(), &BOTH);
        let words: Vec<String> = windows.iter().map(|w| word(&w.value)).collect();
        assert_eq!(words, ["onsite 2026-03-10..2026-03-21 (甲市)"]);
        assert_eq!(unread[0].reason, "end_before_start");
    }

    #[test]
    fn a_long_text_without_a_stop_gives_a_bounded_number_of_windows() {
        let article = plain(&"领取时间3月1日至5日9:00-11:30、".repeat(20_000));
        let (windows, _) = read(&Doc::new(&article), "2024-02-01".parse().ok(), &BOTH);
        assert!(!windows.is_empty() && windows.len() <= MOST);
    }

    proptest::proptest! {
        #[test]
        fn any_text_reads_without_a_panic_and_quotes_itself(
            text in "(领取时间|邮寄|[0-9]{1,4}|年|月|日|前|至|-|起|即日|:|上午|、|，|。|\\(|）|\n|\t|证书|周|工作日|一|截止|延长至|个月内|.){0,60}"
        ) {
            let article = sheet(&text);
            let doc = Doc::new(&article);
            for near in [None, "2024-02-29".parse().ok()] {
                let (windows, unread) = read(&doc, near, &BOTH);
                for w in windows {
                    let span = w.span.unwrap();
                    proptest::prop_assert_eq!(span.of(&article.text).trim(), w.value.quote);
                }
                for u in unread {
                    proptest::prop_assert_eq!(u.span.of(&article.text), u.quote);
                }
            }
        }
    }
}
