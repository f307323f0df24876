//! Opening hours and days of the week.

use super::token::{self, Token, Value};
use crate::model::facts::Days;
use regex::Regex;
use std::sync::LazyLock;

/// When a counter is open within a window.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Opening {
    /// `HH:MM-HH:MM`, in the order of the text.
    pub hours: Vec<String>,
    /// None = not said.
    pub days: Option<Days>,
    /// Names of the rules.
    pub rules: Vec<&'static str>,
}

impl Opening {
    /// Nothing said.
    pub(super) fn is_empty(&self) -> bool {
        self.hours.is_empty() && self.days.is_none()
    }

    /// Takes from `other` what is not said here.
    pub(super) fn fill(&mut self, other: &Opening) {
        if self.hours.is_empty() {
            self.hours.clone_from(&other.hours);
        }
        self.days = self.days.or(other.days);
    }
}

/// The contract's word.
#[cfg(test)]
pub(super) fn word(days: Days) -> &'static str {
    match days {
        Days::Workdays => "workdays",
        Days::Daily => "daily",
        Days::MonFri => "mon-fri",
        Days::Other => "other",
    }
}

struct Row {
    name: &'static str,
    pattern: &'static str,
    days: Days,
}

/// In order of preference: the exact list of days wins over the exclusion, that over 每日.
const ROWS: &[Row] = &[
    Row {
        name: "never_closed",
        pattern: "节假日(?:期间)?(?:不休|照常|正常|不停)|(?:周末|双休日?)(?:不休|照常)|全年无休|无休息?日|含(?:双休日?|节假日|周末)",
        days: Days::Daily,
    },
    Row {
        name: "monday_to_friday",
        pattern: "(?:周|星期)一?[ ]*(?:至|到|-+|~)[ ]*(?:周|星期)?五",
        days: Days::MonFri,
    },
    Row {
        name: "some_days",
        pattern: "每(?:周|星期)[一二三四五六日天]|逢(?:周|星期)|每月|(?:周|星期)[一二三四五六日天](?:[、和及](?:周|星期)?[一二三四五])+|(?:周|星期)一(?:至|到|-+|~)(?:周|星期)?[二三四六日天]",
        days: Days::Other,
    },
    Row {
        name: "holidays_closed",
        pattern: "(?:周末|双休日?)[、和及](?:元旦|春节|清明节?|五一|劳动节|端午节?|中秋节?|国庆节?)(?:假期)?(?:除外|休息|不办|不发|不受理)|(?:节日|假日|公休日?)(?:及[^,。;]{1,6})?(?:除外|休息|不办|不发|不上班|不受理|顺延|不对外)|除(?:[^,。;]{0,8})(?:节假日|假日|公休日)(?:以)?外",
        days: Days::Workdays,
    },
    Row {
        name: "working_days",
        pattern: "每个工作日|(?:^|[^个0-9十])工作日",
        days: Days::Workdays,
    },
    Row {
        name: "weekends_closed",
        pattern: "(?:双休日?|周末|(?:周|星期)六[、和及]?(?:周|星期)?[日天]|休息日)[^,。;]{0,4}(?:除外|休息|不办|不发|不上班|不受理|不对外)",
        days: Days::MonFri,
    },
    Row {
        name: "every_day",
        pattern: "每[日天]|天天",
        days: Days::Daily,
    },
];

/// Every match of the rows holds one of these.
const SIGNS: [char; 9] = ['周', '期', '每', '天', '逢', '工', '休', '节', '假'];

static PATTERNS: LazyLock<Vec<Regex>> =
    LazyLock::new(|| ROWS.iter().map(|r| super::regex(r.pattern)).collect());

/// A bracket that holds the hours of the other half of the year.
static SEASON: LazyLock<Regex> =
    LazyLock::new(|| super::regex(r"\([^()]*[夏冬]季?(?:作息|时间|时令)?[^()]*\)"));

/// The tokens of words that may hold a clock time: each is written with one of these.
fn clocks(words: &str) -> Vec<Token> {
    match words.contains([':', '时', '点']) {
        true => token::tokens(words),
        false => Vec::new(),
    }
}

/// A day of the month on which the counter stays shut; hours that another notice gives.
static SHUT: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        "每月[^,。;]{0,12}(?:盘库|盘点|整理|休息|停办|不对外|不办|不发)|每[日天周][^,。;]{0,14}不变",
    )
});

/// Where the last hours or days of folded words end, a bracket around them closed.
pub(super) fn extent(words: &str) -> usize {
    let clocks = clocks(words)
        .iter()
        .rev()
        .find(|t| matches!(t.value, Value::Hours(..)))
        .map_or(0, |t| t.range.end);
    let days = PATTERNS
        .iter()
        .flat_map(|p| p.find_iter(words).last())
        .map(|m| m.end())
        .max()
        .unwrap_or(0);
    let end = clocks.max(days);
    let inside = words.get(..end).unwrap_or("");
    let open = inside.matches('(').count() > inside.matches(')').count();
    let rest = words.get(end..).unwrap_or("");
    match rest.find(')') {
        Some(close) if open => end + close + 1,
        _ => end,
    }
}

/// Reads hours and days from folded words.
pub(super) fn read(words: &str) -> Opening {
    let plain = match words.contains(['夏', '冬']) {
        true => SEASON.replace_all(words, ""),
        false => words.into(),
    };
    let hours: Vec<String> = clocks(&plain)
        .iter()
        .filter_map(|t| match t.value {
            Value::Hours(a, b) => Some(format!("{}-{}", token::clock(a), token::clock(b))),
            _ => None,
        })
        .collect();
    let mut out = Opening::default();
    if !hours.is_empty() {
        out.rules.push("hours");
    }
    for hour in hours {
        if !out.hours.contains(&hour) {
            out.hours.push(hour);
        }
    }
    let days = || {
        let open = SHUT.replace_all(&plain, "");
        let mut rows = ROWS.iter().zip(PATTERNS.iter());
        rows.find(|(_, p)| p.is_match(&open))
    };
    if plain.contains(SIGNS)
        && let Some((row, _)) = days()
    {
        out.days = Some(row.days);
        out.rules.push(row.name);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::{corpus, fold};
    use super::*;

    #[test]
    fn hours_and_days_read_as_their_corpus_says() {
        corpus::check(
            "hours.corpus",
            include_str!("hours.corpus"),
            ROWS.iter().map(|r| r.name).chain(["hours"]),
            |line| {
                let read = read(&fold(&line.text));
                let days = read.days.map(word).map(str::to_string);
                let words: Vec<String> = read.hours.iter().cloned().chain(days).collect();
                let value = (!words.is_empty()).then(|| words.join(" "));
                (value.into_iter().collect(), read.rules)
            },
        );
    }
}
