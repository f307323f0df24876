//! The words of time in a folded text, as a row of tokens: one letter each, so that a shape of
//! several tokens is a pattern over letters (see [`super::date`]).
//!
//! | letter | meaning | letter | meaning |
//! |---|---|---|---|
//! | `D` | month and day, year perhaps | `N` | the day of publication (即日起) |
//! | `d` | day alone | `P` | some other day that is named, not dated |
//! | `M` | month | `L` | length (一周内, 10个工作日内) |
//! | `X` | a third of a month (中旬) | `R` | recurring (每周, 每年) |
//! | `Y` | year alone | `Z` | a date with lost characters |
//! | `T` | clock time | `H` | clock times from–to |
//! | `W` | gloss in the midst of a date (周二), (含) | `~` | range sign |
//! | `B` | 起, 开始 | `E` | 前, 为止 |
//! | `A` | 后 | `K` | 截止 |
//! | `+` | 、 和 | `,` | comma |
//! | `o` | 自, 从, 于 | `J` | 即 ("that is") |
//! | `g` | days without a month (21-25日) | | |
//! | `Q` | 一年后 | `F` | 9.30, a date only after a range sign |
//! | `V` | 延长至 | `U` | 更正为 |
//! | `?` | 预计, 左右 | `#` | a number that is no date |
//! | `I` | line or cell border | `_` | any other words |

use super::lexicon::{ROWS, expand};
use regex::Regex;
use regex_automata::{Input, meta};
use std::ops::Range;
use std::sync::LazyLock;

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Its letter.
    pub kind: u8,
    /// Place in the folded text.
    pub range: Range<usize>,
    /// What it says.
    pub value: Value,
}

/// What a token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    /// Nothing beyond its letter.
    Word,
    /// A date with parts left out.
    Date(Partial),
    /// Minutes since midnight.
    Time(Clock),
    /// From–to.
    Hours(u16, u16),
    /// How long.
    Length(u16, Unit),
}

/// A date as written: parts may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Partial {
    /// Year, or a step from the published year (今年, 明年).
    pub year: Option<Year>,
    /// 1–12.
    pub month: Option<i8>,
    /// First day; None = the month's first.
    pub day: Option<i8>,
    /// Last day, where the words name a stretch; 31 = the month's last.
    pub last: Option<i8>,
}

/// A year as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Year {
    /// In figures.
    Exact(i16),
    /// 0 = 今年, 1 = 明年, −1 = 去年.
    Step(i16),
}

/// A clock time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    /// Minutes since midnight, 24:00 allowed.
    pub minutes: u16,
    /// 上午, 下午 or the like stands with it.
    pub half: bool,
}

/// Unit of a length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Calendar days.
    Days,
    /// 工作日: needs a calendar of holidays that we do not have.
    Workdays,
    /// Weeks.
    Weeks,
    /// Months.
    Months,
    /// Years.
    Years,
}

struct Table {
    /// All rows at once: a match tells its row. As in an alternation, an earlier row is preferred.
    all: meta::Regex,
    /// Each row for its parts; None where it has none, so that its words are plain.
    each: Vec<Option<Regex>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let patterns: Vec<String> = ROWS.iter().map(|r| expand(r.pattern)).collect();
    let own =
        |p: &String| Some(super::regex(&format!("^(?:{p})$"))).filter(|r| r.captures_len() > 1);
    Table {
        all: super::regexes(patterns.iter()),
        each: patterns.iter().map(own).collect(),
    }
});

/// Cuts a folded text into tokens.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(found) = TABLE.all.find(Input::new(text).range(at..)) {
        gap(text, at..found.start(), &mut out);
        let (kind, value) = judge(text, found.range(), found.pattern().as_usize());
        out.push(Token {
            kind,
            range: found.range(),
            value,
        });
        at = found.end();
    }
    gap(text, at..text.len(), &mut out);
    hours(out)
}

/// What the words of a row say; a row that refuses leaves plain words.
fn judge(text: &str, range: Range<usize>, row: usize) -> (u8, Value) {
    let (Some(row), Some(own)) = (ROWS.get(row), TABLE.each.get(row)) else {
        return (b'_', Value::Word);
    };
    let words = text.get(range.clone()).unwrap_or("");
    let before = text.get(..range.start).and_then(|t| t.chars().next_back());
    let after = text.get(range.end..).and_then(|t| t.chars().next());
    let figure = words.starts_with(|c: char| c.is_ascii_digit());
    let glued = figure && before.is_some_and(|c| c.is_ascii_digit());
    // `7月26` without its 日 must not be the beginning of `7月26个` or `7月2620`.
    let open = row.kind == b'D' && !words.ends_with(['日', '号']);
    // 到7号窗口 goes to a place.
    let numbered = words.ends_with('号') && after.is_some_and(|c| "窗楼柜门厅院".contains(c));
    let runs_on = numbered
        || open && after.is_some_and(|c| c.is_ascii_digit() || "个元人名件年%".contains(c));
    let value = match own {
        Some(own) => own.captures(words).and_then(|caps| (row.make)(&caps)),
        None => Some(Value::Word),
    };
    match value {
        Some(value) if !glued && !runs_on => (row.kind, value),
        _ if figure && words.ends_with('日') && !glued && !runs_on => (b'Z', Value::Word),
        _ => (b'#', Value::Word),
    }
}

/// Other words between two tokens; blanks alone are nothing.
fn gap(text: &str, range: Range<usize>, out: &mut Vec<Token>) {
    if text
        .get(range.clone())
        .is_some_and(|t| !t.trim().is_empty())
    {
        out.push(Token {
            kind: b'_',
            range,
            value: Value::Word,
        });
    }
}

/// Joins two clock times with a range sign between them.
fn hours(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        if let ([.., a, sign], Value::Time(to)) = (out.as_slice(), token.value)
            && let Value::Time(from) = a.value
            && sign.kind == b'~'
            && let Some((from, to)) = stretch(from, to)
        {
            let range = a.range.start..token.range.end;
            out.truncate(out.len() - 2);
            out.push(Token {
                kind: b'H',
                range,
                value: Value::Hours(from, to),
            });
        } else {
            out.push(token);
        }
    }
    out
}

/// `下午1:30-5:00`: the second time shares the first's half; `1:30-5:00` alone is an afternoon.
fn stretch(from: Clock, to: Clock) -> Option<(u16, u16)> {
    const NOON: u16 = 12 * 60;
    let mut start = from.minutes;
    let mut end = to.minutes;
    if !from.half && start < 6 * 60 && end <= 8 * 60 {
        start += NOON;
    }
    if !to.half && end < start && end + NOON <= 24 * 60 {
        end += NOON;
    }
    (start < end).then_some((start, end))
}

/// `HH:MM`.
pub(super) fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_letters() {
        for (text, want) in [
            ("自2023年12月5日-12月18日17时止", "oD~DTE"),
            ("2019年4月 24-25日 9:00-17:00", "D~dH"),
            ("7月26-27日", "D~d"),
            ("2月21日上午9:00-3月16日17:00", "DT~DT"),
            ("截止6月27(周四)日", "KDW"),
            ("即日起至2024年5月31日截止", "N~DK"),
            ("自本通知下发之日起一周内", "NL"),
            ("自公示之日起10个工作日内,即1月2日", "PL,JD"),
            ("二〇一二年六月十四日", "D"),
            ("2022年上半年,1月中旬后", "Y,XA"),
            (
                "[2021]97号 0531-67876297 kj4188021@126.com 第10-15位",
                "####",
            ),
            ("2017/2/9 星期四", "DW"),
            ("4月1日至4日11日", "D~dd"),
            ("2023年831日至98日", "Z~Z"),
            ("于3月1日前往", "oD_"),
            ("2月30日", "D"),
            ("13月5日", "Z"),
        ] {
            let letters: String = tokens(text)
                .iter()
                .map(|t| t.kind as char)
                .filter(|c| *c != ' ')
                .collect();
            assert_eq!(letters, want, "{text}");
        }
    }

    #[test]
    fn hours_are_told_in_24_hours() {
        for (text, want) in [
            ("下午1:30-5:00", (13 * 60 + 30, 17 * 60)),
            ("上午9:00至11:30", (540, 690)),
            ("1:30-4:30", (13 * 60 + 30, 16 * 60 + 30)),
            ("9时-17时30分", (540, 1050)),
            ("上午八时三十分至十一时半", (510, 690)),
        ] {
            let got = tokens(text);
            assert_eq!(got[0].value, Value::Hours(want.0, want.1), "{text}");
        }
    }
}
