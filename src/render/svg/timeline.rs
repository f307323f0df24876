//! The timeline: one bar per region and way, months as a grid, today marked.

use super::{begin, class};
use crate::model::facts::WindowMethod;
use crate::model::{Board, Date, Stage, Standing, StandingWindow};
use crate::render::html::{Html, Place, To};
use crate::render::{Lang, parts};
use jiff::ToSpan;

const WIDTH: i32 = 960;
/// Room for names on the left.
const LEFT: i32 = 190;
/// Room for the months above.
const TOP: i32 = 46;
const ROW: i32 = 26;
/// Room for the dates beside a bar.
const LABEL: i32 = 160;
/// So many regions of which the same is expected each have their row.
const FEW: usize = 4;
/// Longest time shown, in days; bars beyond it are cut.
const LONGEST: i32 = 400;

/// One bar or several in one line.
struct Row<'a> {
    region: &'a str,
    /// Further regions of which the very same is expected.
    others: Vec<&'a str>,
    way: &'static str,
    bars: Vec<Bar>,
}

struct Bar {
    from: Option<Date>,
    to: Option<Date>,
    /// None = an expected range.
    stage: Option<Stage>,
}

/// The drawing. Without a page around it, it carries its own style and has no links.
pub(super) fn draw(board: &Board, lang: Lang, page: Option<Place>) -> Html {
    let words = lang.board();
    let mut rows = Vec::new();
    for (_, standings) in parts::by_stage(board) {
        for s in standings {
            rows.extend(rows_of(board, s, lang));
        }
    }
    let rows = folded(rows);
    let axis = Axis::new(board, &rows);
    let height = TOP + rows.len() as i32 * ROW + 12;
    let title = format!("{} · {}", (words.title)(board), words.label.timeline);
    let mut out = begin((WIDTH, height), &title, lang, page.is_none());
    axis.grid(&mut out, height);
    let mut above = "";
    for (i, row) in (0..).zip(&rows) {
        let y = TOP + i * ROW;
        let name = parts::region_name(board, row.region, lang);
        let of = |id| parts::region_name(board, id, lang);
        let all: Vec<&str> = std::iter::once(row.region)
            .chain(row.others.iter().copied())
            .map(of)
            .collect();
        out.raw("<g>");
        let dates: Vec<String> = row.bars.iter().map(|b| b.words(lang)).collect();
        let about = format!(
            "{} {}{}{}",
            all.join(words.label.comma),
            row.way,
            words.label.colon,
            dates.join(words.label.comma)
        );
        out.element("<title>", &about, "</title>");
        if name != above {
            let linked = page.filter(|_| row.others.is_empty());
            if let Some(page) = linked {
                out.open(&page.href(To::Region(row.region), lang));
            }
            out.raw("<text class=\"g-name\"")
                .px("x", 0)
                .px("y", y + 17)
                .raw(">");
            match row.others.len() {
                0 => out.text(name),
                n => out.text(&(words.and_more)(name, n)),
            };
            out.raw("</text>");
            if linked.is_some() {
                out.raw("</a>");
            }
        }
        above = name;
        out.raw("<text class=\"g-way\"")
            .px("x", LEFT - 90)
            .px("y", y + 17)
            .raw(">");
        out.text(row.way).raw("</text>");
        let mut end = 0;
        for bar in &row.bars {
            end = end.max(axis.bar(&mut out, bar, y + 5));
        }
        // Beside the bars: after them, or before them where the drawing ends; else within.
        let start = row
            .bars
            .iter()
            .filter_map(|b| b.from)
            .map(|d| axis.x(d))
            .min();
        let start = start.unwrap_or(LEFT);
        let (x, anchor, on) = match (end < WIDTH - LABEL, start > LEFT + LABEL + 8) {
            (true, _) => (end + 8, "start", None),
            (_, true) => (start - 8, "end", None),
            _ => (start + 10, "start", row.bars.first().and_then(|b| b.stage)),
        };
        out.raw("<g class=\"").raw(on.map_or("g-beside", class));
        out.raw("\"><text class=\"g-dates\"")
            .attr("text-anchor", anchor);
        out.px("x", x).px("y", y + 17).raw(">");
        out.text(&row.whole().words(lang)).raw("</text></g></g>");
    }
    axis.today(&mut out, board.today, height, words.label.today);
    out.raw("</svg>");
    out
}

/// Where the same is expected of many regions, they are one row.
fn folded(rows: Vec<Row>) -> Vec<Row> {
    let mut out: Vec<Row> = Vec::new();
    let many: Vec<bool> = rows
        .iter()
        .map(|row| rows.iter().filter(|r| r.expects_as(row)).count() > FEW)
        .collect();
    for (row, many) in rows.into_iter().zip(many) {
        match out.iter_mut().find(|r| many && r.expects_as(&row)) {
            Some(same) => same.others.push(row.region),
            None => out.push(row),
        }
    }
    out
}

impl Row<'_> {
    /// Whether both are expected, on the same days.
    fn expects_as(&self, other: &Row) -> bool {
        match (self.bars.as_slice(), other.bars.as_slice()) {
            ([a], [b]) => {
                a.stage.is_none() && b.stage.is_none() && (a.from, a.to) == (b.from, b.to)
            }
            _ => false,
        }
    }

    /// From the first bar's beginning to the last one's end.
    fn whole(&self) -> Bar {
        let endless = self.bars.iter().any(|b| b.to.is_none());
        Bar {
            from: self.bars.iter().filter_map(|b| b.from).min(),
            to: self
                .bars
                .iter()
                .filter_map(|b| b.to)
                .max()
                .filter(|_| !endless),
            stage: None,
        }
    }
}

impl Bar {
    fn words(&self, lang: Lang) -> String {
        (lang.board().way)(&crate::model::Way {
            stage: self.stage.unwrap_or(Stage::Expected),
            from: self.from,
            to: self.to,
        })
    }
}

fn rows_of<'a>(board: &Board, s: &'a Standing, lang: Lang) -> Vec<Row<'a>> {
    if let Some((a, b)) = s.expected {
        return vec![Row {
            region: &s.region,
            others: Vec::new(),
            way: (lang.board().stage)(Stage::Expected),
            bars: vec![Bar {
                from: Some(a),
                to: Some(b),
                stage: None,
            }],
        }];
    }
    let bar = |w: &StandingWindow| {
        let published = board.notices.get(&w.notice).and_then(|n| n.published);
        Bar {
            from: w.window.start.or(published),
            to: w.window.end,
            stage: Some(w.stage),
        }
    };
    [WindowMethod::Onsite, WindowMethod::Mail, WindowMethod::Any]
        .into_iter()
        .filter_map(|method| {
            let of = s.windows.iter().filter(|w| w.window.method == method);
            let mut bars: Vec<Bar> = of.map(bar).collect();
            // Long bars first, so that short ones lie upon them.
            bars.sort_by_key(|b| (b.from, std::cmp::Reverse(b.to.unwrap_or(Date::MAX))));
            let way = match method {
                WindowMethod::Onsite => (lang.words().method)(crate::model::facts::Method::Onsite),
                WindowMethod::Mail => (lang.words().method)(crate::model::facts::Method::Mail),
                WindowMethod::Any => (lang.words().window_method)(method),
            };
            (!bars.is_empty()).then_some(Row {
                region: &s.region,
                others: Vec::new(),
                way,
                bars,
            })
        })
        .collect()
}

/// Days to columns.
struct Axis {
    start: Date,
    days: i32,
}

impl Axis {
    /// From the month of the first bar or of today, not before the exam's, to the month of the
    /// last bar's end.
    fn new(board: &Board, rows: &[Row]) -> Axis {
        let exam = board.sitting.last.unwrap_or(board.sitting.first);
        let bars = rows.iter().flat_map(|r| &r.bars);
        let first = bars.clone().filter_map(|b| b.from).chain([board.today]);
        let start = first.min().unwrap_or(exam).max(exam).first_of_month();
        let ends = bars.filter_map(|b| b.to.or(b.from));
        let last = ends.chain([board.today, exam]).max().unwrap_or(exam);
        let end = last.last_of_month();
        let days = start.until(end).map_or(0, |s| s.get_days()) + 1;
        Axis {
            start,
            days: days.clamp(28, LONGEST),
        }
    }

    fn x(&self, day: Date) -> i32 {
        let n = self.start.until(day).map_or(0, |s| s.get_days());
        LEFT + n.clamp(0, self.days) * (WIDTH - LEFT) / self.days
    }

    fn grid(&self, out: &mut Html, height: i32) {
        let mut month = self.start;
        let mut first = true;
        while let (true, Ok(next)) = (self.inside(month), month.checked_add(1.month())) {
            let x = self.x(month);
            line(out, "<line class=\"g-line\"", (x, 30), (x, height));
            out.raw("<text class=\"g-month\"")
                .px("x", x + 6)
                .px("y", 20)
                .raw(">");
            let name = match first || month.month() == 1 {
                true => month.strftime("%Y-%m").to_string(),
                false => month.strftime("%m").to_string(),
            };
            out.text(&name).raw("</text>");
            if let Ok(half) = month.checked_add(14.days()) {
                let x = self.x(half);
                line(out, "<line class=\"g-half\"", (x, TOP - 6), (x, height));
            }
            (month, first) = (next, false);
        }
    }

    fn inside(&self, day: Date) -> bool {
        let n = self.start.until(day).map_or(-1, |s| s.get_days());
        (0..self.days).contains(&n)
    }

    /// Draws a bar and says where it ends.
    fn bar(&self, out: &mut Html, bar: &Bar, y: i32) -> i32 {
        let from = bar.from.map_or(LEFT, |d| self.x(d));
        let to = bar.to.map_or(WIDTH, |d| {
            // A last day counts to its end.
            d.tomorrow().map_or(WIDTH, |d| self.x(d))
        });
        out.raw("<rect class=\"");
        out.raw(bar.stage.map_or("g-guess", class)).raw(" g-bar\"");
        let width = (to - from).max(4);
        out.px("x", from)
            .px("y", y)
            .px("width", width)
            .px("height", ROW - 10)
            .px("rx", 5)
            .raw("/>");
        from + width
    }

    fn today(&self, out: &mut Html, today: Date, height: i32, word: &str) {
        if self.inside(today) {
            let x = self.x(today);
            line(out, "<line class=\"g-today\"", (x, TOP - 6), (x, height));
            out.raw("<text class=\"g-flag\"")
                .px("x", x)
                .px("y", TOP - 9)
                .raw(">");
            out.text(word).raw("</text>");
        }
    }
}

fn line(out: &mut Html, open: &'static str, a: (i32, i32), b: (i32, i32)) {
    out.raw(open)
        .px("x1", a.0)
        .px("y1", a.1)
        .px("x2", b.0)
        .px("y2", b.1)
        .raw("/>");
}
