//! How tokens combine into ranges, lists and deadlines: one row per shape, a pattern over the
//! tokens' letters.

use super::calendar::{self, Frame};
use super::date::Shape;
use super::token::{Clock, Partial, Token, Value};
use crate::model::Date;
use regex_automata::meta;
use std::sync::LazyLock;

/// What a row makes of its tokens.
pub(super) struct Made {
    /// First day; None = none stated.
    pub(super) start: Option<Date>,
    /// Last day; None = none stated.
    pub(super) end: Option<Date>,
    /// Clock time glued to the start.
    pub(super) start_time: Option<Clock>,
    /// Clock time glued to the end.
    pub(super) end_time: Option<Clock>,
    /// How it is said.
    pub(super) shape: Shape,
    /// Days of a list that do not follow one another.
    pub(super) scattered: bool,
    /// Which tokens of the match state it; None = all.
    pub(super) part: Option<std::ops::Range<usize>>,
}

/// Dates, none of them, or why the words cannot be read.
pub(super) type Outcome = Result<Vec<Made>, &'static str>;

/// A shape.
pub(super) struct Row {
    /// Its name, also the rule's in the evidence.
    pub(super) name: &'static str,
    /// Over the letters of the tokens; `\p` = a date with its gloss and clock time, `\e` = the
    /// same at the end of a range, where the month may be left out.
    pub(super) pattern: &'static str,
    /// What it says of the tokens that it matched.
    pub(super) make: fn(&Frame, &[Token]) -> Outcome,
}

/// In order of preference.
pub(super) const ROWS: &[Row] = &[
    Row {
        name: "recurring",
        pattern: r"R\+?[DXMd]?(?:\+[DXMd])*",
        make: |_, _| Ok(Vec::new()),
    },
    Row {
        name: "delayed",
        pattern: r"[NP]_?,?Q",
        make: |_, _| Ok(Vec::new()),
    },
    Row {
        name: "half_lost",
        pattern: r"Z(?:~[ZDd])?|D~dd|D~Z|N~Z",
        make: |_, _| Err("half_lost_date"),
    },
    Row {
        name: "extended",
        pattern: r"(?:K?o?\p(?:~\e)?B?[EK]?_?)?V\eB?",
        make: extended,
    },
    Row {
        name: "superseded",
        pattern: r"K?o?\p(?:~\e)?[EK]?(?:_?,?){0,2}U",
        make: |_, _| Ok(Vec::new()),
    },
    Row {
        name: "ranges",
        pattern: r"o?\p~\e(?:\+(?:[Dd]W*~[Dd]W*|g))+",
        make: ranges,
    },
    Row {
        name: "range",
        pattern: r"(?:PL?,?J)?o?\pB?(?:_,|,)?[~K]+o?\eA?B?",
        make: range,
    },
    Row {
        name: "start_end",
        pattern: r"o?\pB(?:~?_)?,[DXM]W*T?W*[EK]",
        make: range,
    },
    Row {
        name: "now_range",
        pattern: r"(?:PL?,?J)?NB?(?:_,|,)?[~K]+o?\e",
        make: now_range,
    },
    Row {
        name: "anchor_until",
        pattern: r"P,?[~K]+o?\e",
        make: until,
    },
    Row {
        name: "start_length",
        pattern: r"o?\p[BA],?L|\pA?,?B,?L",
        make: start_length,
    },
    Row {
        name: "now_length",
        pattern: r"N,?L",
        make: now_length,
    },
    Row {
        name: "now",
        pattern: r"NB?",
        make: |f, _| {
            f.near
                .map(|d| vec![made(Some(d), None, Shape::Now)])
                .ok_or("no_published")
        },
    },
    Row {
        name: "list",
        pattern: r"o?DW*(?:\+[Dd]W*)+",
        make: list,
    },
    Row {
        name: "from",
        pattern: r"o?\p[BA]",
        make: from,
    },
    Row {
        name: "until",
        pattern: r"KU?o?\p[EK]*|o?\p[EK]",
        make: until,
    },
    Row {
        name: "single",
        pattern: r"o?\p",
        make: single,
    },
    // Which month is meant, only what stands before tells: `super::date` reads it.
    Row {
        name: BARE,
        pattern: "d",
        make: |_, _| Ok(Vec::new()),
    },
];

/// Name of the rule for a day without its month.
pub(super) const BARE: &str = "bare_day";

/// A date as it stands at the beginning or alone, and at the end of a range.
const POINT: &str = r"[DXM]W*T?W*";
const LAST: &str = r"[DXMdF]W*T?W*[EK]*";

/// All rows, over the letters of tokens.
pub(super) static TABLE: LazyLock<meta::Regex> = LazyLock::new(|| {
    let full = |r: &Row| r.pattern.replace(r"\p", POINT).replace(r"\e", LAST);
    super::regexes(ROWS.iter().map(full))
});

pub(super) fn made(start: Option<Date>, end: Option<Date>, shape: Shape) -> Made {
    Made {
        start,
        end,
        start_time: None,
        end_time: None,
        shape,
        scattered: false,
        part: None,
    }
}

/// The dates of a match, each with the clock time that follows it.
fn points(slice: &[Token]) -> Vec<(Partial, Option<Clock>)> {
    let mut out: Vec<(Partial, Option<Clock>)> = Vec::new();
    for token in slice {
        match token.value {
            Value::Date(p) => out.push((p, None)),
            Value::Time(t) => {
                if let Some(last) = out.last_mut() {
                    last.1 = Some(t);
                }
            }
            _ => {}
        }
    }
    out
}

fn range(frame: &Frame, slice: &[Token]) -> Outcome {
    let points = points(slice);
    let [(a, at), .., (b, bt)] = points.as_slice() else {
        return Ok(Vec::new());
    };
    let (start, end) = calendar::span_of(frame, *a, *b)?;
    Ok(vec![Made {
        start_time: *at,
        end_time: *bt,
        ..made(Some(start), Some(end), Shape::Range)
    }])
}

/// `14-18日、21-25日`: several ranges, the later ones without what the first has said.
fn ranges(frame: &Frame, slice: &[Token]) -> Outcome {
    let mut out = Vec::new();
    let mut first: Option<Partial> = None;
    let mut begin = 0;
    for piece in slice.split(|t| t.kind == b'+') {
        let end = begin + piece.len();
        let points = points(piece);
        let pair = match points.as_slice() {
            [(a, at), .., (b, bt)] => Some((*a, *b, *at, *bt)),
            [(g, _)] => Some((
                Partial { last: None, ..*g },
                Partial {
                    day: g.last,
                    last: None,
                    ..*g
                },
                None,
                None,
            )),
            [] => None,
        };
        if let Some((a, b, start_time, end_time)) = pair {
            let a = a.after(first);
            first = Some(a);
            let (start, last) = calendar::span_of(frame, a, b)?;
            out.push(Made {
                start_time,
                end_time,
                part: Some(begin..end),
                ..made(Some(start), Some(last), Shape::Range)
            });
        }
        begin = end + 1;
    }
    Ok(out)
}

fn now_range(frame: &Frame, slice: &[Token]) -> Outcome {
    let near = frame.near.ok_or("no_published")?;
    let Some((last, time)) = points(slice).pop() else {
        return Ok(Vec::new());
    };
    let last = Partial {
        month: last.month.or(Some(near.month())),
        ..last
    };
    let end = frame.days(last)?.1;
    if end < near {
        return Err("end_before_start");
    }
    Ok(vec![Made {
        end_time: time,
        ..made(Some(near), Some(end), Shape::Range)
    }])
}

fn until(frame: &Frame, slice: &[Token]) -> Outcome {
    let Some((last, time)) = points(slice).pop() else {
        return Ok(Vec::new());
    };
    let (first, last_day) = frame.ahead(last)?;
    // 5月前 ends before May begins; 5月5日前 may include its day, and notices mean it so.
    let end = if last.day.is_none() && !slice.iter().any(|t| t.kind == b'K') {
        first.yesterday().map_err(|_| "no_such_day")?
    } else {
        last_day
    };
    Ok(vec![Made {
        end_time: time,
        ..made(None, Some(end), Shape::Until)
    }])
}

fn from(frame: &Frame, slice: &[Token]) -> Outcome {
    let Some((first, time)) = points(slice).pop() else {
        return Ok(Vec::new());
    };
    let start = frame.days(first)?.0;
    Ok(vec![Made {
        start_time: time,
        ..made(Some(start), None, Shape::From)
    }])
}

fn start_length(frame: &Frame, slice: &[Token]) -> Outcome {
    let Some((first, time)) = points(slice).pop() else {
        return Ok(Vec::new());
    };
    let start = frame.days(first)?.0;
    let end = calendar::length_after(start, slice)?;
    Ok(vec![Made {
        start_time: time,
        ..made(Some(start), end, Shape::Range)
    }])
}

fn now_length(frame: &Frame, slice: &[Token]) -> Outcome {
    let near = frame.near.ok_or("no_published")?;
    let end = calendar::length_after(near, slice)?;
    Ok(vec![made(Some(near), end, Shape::Range)])
}

/// Largest gap, in days, between days of a list that are one occasion.
const ONE_OCCASION: i32 = 3;

fn list(frame: &Frame, slice: &[Token]) -> Outcome {
    let mut out: Vec<Made> = Vec::new();
    let mut first: Option<Partial> = None;
    for (i, token) in slice.iter().enumerate() {
        let Value::Date(day) = token.value else {
            continue;
        };
        let date = match first {
            None => frame.days(day)?.0,
            Some(f) => calendar::span_of(frame, f, day)?.1,
        };
        first = Some(day.after(first));
        let gap = out
            .last()
            .and_then(|m| m.end)
            .and_then(|e| e.until(date).ok());
        match (out.last_mut(), gap.map(|g| g.get_days())) {
            (Some(last), Some(gap)) if gap <= ONE_OCCASION => {
                last.end = Some(date);
                last.scattered |= gap > 1;
                last.part = last.part.as_ref().map(|p| p.start..with_gloss(slice, i));
            }
            _ => out.push(Made {
                part: Some(if i <= 1 { 0 } else { i }..with_gloss(slice, i)),
                ..made(Some(date), Some(date), Shape::Day)
            }),
        }
    }
    if let [only] = out.as_mut_slice() {
        only.part = None;
    }
    Ok(out)
}

/// One past the last token of a day with its gloss.
fn with_gloss(slice: &[Token], day: usize) -> usize {
    let gloss = slice.iter().skip(day + 1).take_while(|t| t.kind == b'W');
    day + 1 + gloss.count()
}

/// `原定9月2日至20日延长至9月24日`: the old start, the new end.
fn extended(frame: &Frame, slice: &[Token]) -> Outcome {
    let points = points(slice);
    let (Some((a, at)), Some((b, bt))) = (points.first(), points.last()) else {
        return Ok(Vec::new());
    };
    if slice.last().is_some_and(|t| t.kind == b'B') {
        return from(frame, slice);
    }
    if points.len() < 3 {
        return until(frame, slice);
    }
    let (start, end) = calendar::span_of(frame, *a, *b)?;
    Ok(vec![Made {
        start_time: *at,
        end_time: *bt,
        ..made(Some(start), Some(end), Shape::Range)
    }])
}

fn single(frame: &Frame, slice: &[Token]) -> Outcome {
    let Some((day, time)) = points(slice).pop() else {
        return Ok(Vec::new());
    };
    let (start, end) = frame.days(day)?;
    let shape = if day.last.is_some() {
        Shape::Month
    } else {
        Shape::Day
    };
    Ok(vec![Made {
        start_time: time,
        ..made(Some(start), Some(end), shape)
    }])
}
