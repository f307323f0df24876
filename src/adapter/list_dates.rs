//! Dates of list rows: in a cell, split over two cells, or in an address.
//!
//! Never "the first date of the page": a page head says `今天是…`, and dates inside titles are
//! dates of exams.

use super::pattern::pattern;
use crate::model::Date;
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// A date as a cell writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Full(Date),
    MonthDay(i8, i8),
}

static FULL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:^|\D)((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:\D|$)")
});
static COMPACT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:^|\D)((?:19|20)\d{2})(\d{2})(\d{2})(?:\D|$)"));
static MONTH_DAY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:^|[^\d:])(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:[^\d:]|$)"));
/// A text that is a date and nothing else, label, brackets and clock allowed.
static WHOLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[\[【(〔]?\s*(?:(?:发布|更新|公布)?(?:时间|日期)\s*:?)?\s*(?:(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|\d{1,2}\s*[-/月]\s*\d{1,2})\s*日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?\s*[\]】)〕]?$",
    )
});
/// A date glued to the end of a title.
static TAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\s*[\[【(（]?\s*((?:19|20)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s*[\]】)）]?\s*$",
    )
});
/// Where addresses carry a day, with its separators: TRS documents and files, Hanweb, 兵团,
/// webplus and dated folders, backslashes included.
static ADDRESS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"[/\\]t((?:19|20)\d{2})(\d{2})(\d{2})_\d+",
        r"[/\\][PW]0((?:19|20)\d{2})(\d{2})(\d{2})\d{6,}",
        r"[/\\]((?:19|20)\d{2})[/\\](\d{1,2})[/\\](\d{1,2})[/\\]",
        r"[/\\]((?:19|20)\d{2})-(\d{1,2})-(\d{1,2})[/\\]",
        r"[/\\]((?:19|20)\d{2})[/\\](\d{2})(\d{2})[/\\]",
        r"[/\\]((?:19|20)\d{2})(\d{2})(\d{2})[/\\]",
    ]
    .map(pattern)
    .into()
});
static ADDRESS_MONTH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[/\\]((?:19|20)\d{2})[-/\\]?(\d{2})(?:[/\\]|$)"));
static ADDRESS_YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"[/\\]((?:19|20)\d{2})[/\\]"));

fn number(c: &Captures<'_>, group: usize) -> Option<i16> {
    c.get(group)?.as_str().parse().ok()
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn full(c: &Captures<'_>) -> Option<Date> {
    date(number(c, 1)?, number(c, 2)?, number(c, 3)?)
}

/// Full-width digits and signs as ASCII, dashes as `-`, blanks of all kinds as one sort.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '–' | '—' | '−' => '-',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .filter(|c| !matches!(c, '\u{200b}' | '\u{feff}'))
        .collect::<String>()
        .trim()
        .to_owned()
}

fn written(text: &str) -> Option<Written> {
    let text = plain(text);
    for regex in [&FULL, &COMPACT] {
        if let Some(c) = regex.captures(&text) {
            return full(&c).map(Written::Full);
        }
    }
    let c = MONTH_DAY.captures(&text)?;
    let (month, day) = (number(&c, 1)?, number(&c, 2)?);
    // 2024 is a leap year: 02-29 may be a day, 02-30 never is.
    let valid = date(2024, month, day)?;
    Some(Written::MonthDay(valid.month(), valid.day()))
}

/// The latest day that a published notice may bear: offices post-date by a day, not by more.
fn latest(today: Date) -> Date {
    today.tomorrow().unwrap_or(today)
}

fn resolve(written: Written, near: Option<Date>, today: Date) -> Option<Date> {
    let (month, day) = match written {
        Written::Full(d) => return (d <= latest(today)).then_some(d),
        Written::MonthDay(month, day) => (month, day),
    };
    let around = near.unwrap_or(today).year();
    // Four years back reach the last 02-29.
    let years = if near.is_some() {
        around - 1..=around + 1
    } else {
        around - 4..=around
    };
    let fits = years
        .filter_map(|year| Date::new(year, month, day).ok())
        .filter(|d| *d <= latest(today));
    match near {
        Some(near) => fits.min_by_key(|d| (d.duration_since(near).as_hours().abs(), *d)),
        None => fits.max(),
    }
}

/// The date of a cell. A date without a year takes the year that brings it nearest to `near` (the
/// date in the row's address), else the latest year that does not put it after tomorrow. None
/// where the cell holds no date, an impossible one, or one after tomorrow.
pub(super) fn cell(text: &str, near: Option<Date>, today: Date) -> Option<Date> {
    resolve(written(text)?, near, today)
}

/// A date in two cells, in any order: `12-18` and `2025`, `08-06` and `26`, `18` and `2025-12`.
/// A single cell is read as [`cell`] does.
pub(super) fn split(cells: &[String], near: Option<Date>, today: Date) -> Option<Date> {
    let [first, second] = cells else {
        return cell(cells.first()?, near, today);
    };
    let (first, second) = (plain(first), plain(second));
    let joined = [(&first, &second), (&second, &first)]
        .into_iter()
        .find_map(|(day, year)| {
            let year = year.trim_matches(|c: char| !c.is_ascii_digit());
            let day = day.trim_matches(|c: char| !c.is_ascii_digit());
            let short = day.len() <= 2 && year.len() > 4;
            let text = match year.len() {
                2 if day.len() > 2 => format!("20{year}-{day}"),
                4 if day.len() > 2 => format!("{year}-{day}"),
                _ if short => format!("{year}-{day}"),
                _ => return None,
            };
            match written(&text) {
                Some(Written::Full(d)) => Some(d),
                _ => None,
            }
        });
    match joined {
        Some(d) => resolve(Written::Full(d), near, today),
        None => cell(&first, near, today),
    }
}

/// Whether a text is a date and nothing else: such a node is no part of a title.
pub(super) fn is_whole(text: &str) -> bool {
    // Longer texts cannot match; the check spares the work.
    text.len() < 80 && WHOLE.is_match(&plain(text))
}

/// Whether a longer text holds a date with its year.
pub(super) fn has_full(text: &str) -> bool {
    FULL.is_match(&plain(text))
}

/// A full date glued to the end of a title: the offset where it begins, and the day.
pub(super) fn tail(title: &str) -> Option<(usize, Date)> {
    let c = TAIL.captures(title)?;
    Some((c.get(0)?.start(), full(&c)?))
}

/// The day in an address, where its make has one. An id that merely begins with digits is none.
pub(super) fn address(url: &str) -> Option<Date> {
    ADDRESS
        .iter()
        .find_map(|r| r.captures(url).and_then(|c| full(&c)))
}

/// The middle of the month, or of the year, in an address: good only for telling a year.
pub(super) fn address_about(url: &str) -> Option<Date> {
    if let Some(c) = ADDRESS_MONTH.captures(url)
        && let Some(d) = date(number(&c, 1)?, number(&c, 2)?, 15)
    {
        return Some(d);
    }
    let c = ADDRESS_YEAR.captures(url)?;
    date(number(&c, 1)?, 7, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn cells() {
        let today = day("2026-03-05");
        for (text, want) in [
            ("2025-12-18", "2025-12-18"),
            ("[2025-12-18]", "2025-12-18"),
            ("【2025-12-18】", "2025-12-18"),
            ("2025/12/18", "2025-12-18"),
            ("2025.12.18", "2025-12-18"),
            ("2025.1.8", "2025-01-08"),
            ("2025年5月6日", "2025-05-06"),
            ("２０２５－１２－１８", "2025-12-18"),
            ("发布时间： 2025-09-09", "2025-09-09"),
            ("2025-09-24 16:08", "2025-09-24"),
            ("2026-9-1", ""),
            ("20251218", "2025-12-18"),
            ("[12-18]", "2025-12-18"),
            ("03-06", "2026-03-06"),
            ("03-07", "2025-03-07"),
            ("3月5日", "2026-03-05"),
            ("02-29", "2024-02-29"),
            ("2026-02-30", ""),
            ("13-40", ""),
            ("[2021-..]", ""),
            ("16:08", ""),
            ("浏览 12 次", ""),
            ("", ""),
        ] {
            let got = cell(text, None, today).map(|d| d.to_string());
            assert_eq!(got.unwrap_or_default(), want, "{text}");
        }
    }

    #[test]
    fn yearless_dates_lean_on_the_address() {
        let today = day("2026-03-05");
        for (text, near, want) in [
            ("02-22", "2018-02-13", "2018-02-22"),
            ("01-02", "2025-12-31", "2026-01-02"),
            ("12-30", "2026-01-02", "2025-12-30"),
            ("03-20", "2026-03-04", "2025-03-20"),
        ] {
            let got = cell(text, Some(day(near)), today);
            assert_eq!(got, Some(day(want)), "{text} near {near}");
        }
    }

    #[test]
    fn split_cells() {
        let today = day("2026-09-05");
        for (first, second, want) in [
            ("12-18", "2025", "2025-12-18"),
            ("2025", "12-18", "2025-12-18"),
            ("08-06", "26", "2026-08-06"),
            ("18", "2025-12", "2025-12-18"),
            ("12-18", "", "2025-12-18"),
        ] {
            let cells = [first.to_owned(), second.to_owned()];
            assert_eq!(
                split(&cells, None, today),
                Some(day(want)),
                "{first} | {second}"
            );
        }
        assert_eq!(split(&[], None, today), None);
    }

    #[test]
    fn addresses() {
        for (url, want) in [
            ("https://a.cn/x/202512/t20251218_123456.html", "2025-12-18"),
            ("https://a.cn/x/P020260911000000123.xlsx", "2026-09-11"),
            ("/art/2026/9/1/art_77278_1182.html", "2026-09-01"),
            ("/c/2026-08-27/8501290.shtml", "2026-08-27"),
            ("/2025/1218/c123a456/page.htm", "2025-12-18"),
            (r"/News\2018\0213\5710.shtml", "2018-02-13"),
            ("/20260108/i1234.html", "2026-01-08"),
            // an ingest stamp and an unpadded clock are no dates
            ("/article/content/2604141656059313900690012.html", ""),
            ("/shiyedanwei/202698223431.asp", ""),
            ("/x/t20251399_1.html", ""),
            ("/hrss/c111741/202609/c00_12345.shtml", ""),
        ] {
            let got = address(url).map(|d| d.to_string()).unwrap_or_default();
            assert_eq!(got, want, "{url}");
        }
        let about = |u| address_about(u).map(|d| d.to_string()).unwrap_or_default();
        assert_eq!(about("/hrss/c111741/202609/c00_1.shtml"), "2026-09-15");
        assert_eq!(about("/zwgk/2025/x.html"), "2025-07-01");
        assert_eq!(about("/zwgk/x.html"), "");
    }

    #[test]
    fn whole_and_tail() {
        for yes in [
            "2025-12-18",
            "[12-18]",
            " 【2025-12-18】 ",
            "发布日期：2025-12-18",
            "2025/12/18 10:00",
        ] {
            assert!(is_whole(yes), "{yes}");
        }
        for no in ["2025年度", "关于2025-12-18考试", "12", "2.5", ""] {
            assert!(!is_whole(no), "{no}");
        }
        let title = "关于领取证书的通知2026-09-18";
        let (at, d) = tail(title).unwrap();
        assert_eq!((&title[..at], d), ("关于领取证书的通知", day("2026-09-18")));
        assert_eq!(tail("2026年上半年证书领取通知"), None);
    }
}
