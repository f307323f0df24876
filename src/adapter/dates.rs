//! Publication dates in meta, labels, addresses and scripts. The body's own dates are the
//! notice's words and not read here, nor is the first date of a page: that is often today's.

use crate::model::{CHINA, Date, Timestamp};
use regex::{Captures, Regex};
use std::sync::LazyLock;

const DATE: &str = r"((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})";

static ANY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(DATE).ok());
static PACKED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*(20\d{2})(\d{2})(\d{2})(?:\d{6})?\s*$").ok());
static STRONG: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?:发布时间|发布日期|发布于|信息提供日期|信息发布日期|信息发布时间|发表时间|发表日期|公开日期|公开时间|公布日期|上网时间|录入时间|添加时间|更新时间|更新日期)\s*[:：]?\s*[\[（(]?\s*{DATE}"
    ))
    .ok()
});
static WEAK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?m)(?:^|[^\p{{Han}}])(?:日\s*期|时\s*间)\s*[:：]\s*[\[（(]?\s*{DATE}"
    ))
    .ok()
});
static BARE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"^\s*[\[（(]?{DATE}日?(?:\s|[\]）)]|$)|[\[（(]{DATE}[\]）)]\s*$"
    ))
    .ok()
});
static ADDRESS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"/t(20\d{2})(\d{2})(\d{2})_\d",
        r"/art/(20\d{2})/(\d{1,2})/(\d{1,2})/",
        r"/(20\d{2})-(\d{1,2})-(\d{1,2})/",
        r"/(20\d{2})(\d{2})(\d{2})/",
        r"/(20\d{2})/(\d{2})(\d{2})/",
        r"/(20\d{2})/(\d{1,2})/(\d{1,2})/",
    ]
    .iter()
    .filter_map(|p| Regex::new(p).ok())
    .collect()
});
static SCRIPT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r#"(?i)\b(?:pubdata|pubdate|publishdate|publishtime|pubtime|fbsj)\s*[=:]\s*['"]\s*{DATE}"#
    ))
    .ok()
});
static WECHAT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"\bvar\s+ct\s*=\s*["'](\d{10})["']"#).ok());

/// The first date of a short text that is known to hold a date; None where it is no real day.
pub fn date_in(words: &str) -> Option<Date> {
    if let Some(found) = ANY.as_ref()?.captures(words) {
        return date(&found);
    }
    date(&PACKED.as_ref()?.captures(words)?)
}

/// A date, or a moment in seconds or milliseconds since 1970, as JSON answers give it.
pub fn date_or_moment(words: &str) -> Option<Date> {
    let words = words.trim();
    match (words.len(), words.parse::<i64>()) {
        (10, Ok(seconds)) => moment(seconds),
        (13, Ok(milliseconds)) => moment(milliseconds / 1000),
        _ => date_in(words),
    }
}

/// The date in an address: `/t20251218_1.html`, `/art/2025/12/18/`, `/c/2025-12-18/`,
/// `/20230208/`, `/2025/1218/`, also with `\`.
pub fn date_in_address(url: &str) -> Option<Date> {
    let url = url.replace('\\', "/");
    ADDRESS
        .iter()
        .find_map(|r| r.captures(&url).and_then(|c| date(&c)))
}

/// The date behind a label outside the body: nearest before it, else soon after it.
pub(crate) fn labelled(before: &str, after: &str) -> Option<Date> {
    let near = tail(before, 6000);
    let soon = head(after, 3000);
    last(STRONG.as_ref()?, near)
        .or_else(|| STRONG.as_ref()?.captures(soon).and_then(|c| date(&c)))
        .or_else(|| last(WEAK.as_ref()?, near))
}

/// A date without label that opens a line just above the body, or stands in brackets at its end:
/// the line of facts under a heading. `今天是…` never is.
pub(crate) fn under_heading(before: &str) -> Option<Date> {
    let rule = BARE.as_ref()?;
    let lines = tail(before, 1500)
        .lines()
        .rev()
        .filter(|l| !l.trim().is_empty())
        .take(4);
    lines
        .filter(|line| !line.contains("今天") && !line.contains("当前时间"))
        .find_map(|line| rule.captures(line).and_then(|c| date(&c)))
}

/// A date behind a label that only publication has.
pub(crate) fn strongly_labelled(line: &str) -> Option<Date> {
    STRONG.as_ref()?.captures(line).and_then(|c| date(&c))
}

/// The date that an inline script writes into the page, WeChat's moment included.
pub(crate) fn date_in_script(script: &str) -> Option<Date> {
    if let Some(found) = SCRIPT.as_ref()?.captures(script) {
        return date(&found);
    }
    moment(
        WECHAT
            .as_ref()?
            .captures(script)?
            .get(1)?
            .as_str()
            .parse()
            .ok()?,
    )
}

fn last(rule: &Regex, words: &str) -> Option<Date> {
    rule.captures_iter(words).last().and_then(|c| date(&c))
}

fn date(found: &Captures<'_>) -> Option<Date> {
    // A rule with two ways to write has its parts in the second three groups as well.
    let first = if found.get(1).is_some() { 0 } else { 3 };
    let part = |n: usize| found.get(first + n)?.as_str().parse::<i16>().ok();
    Date::new(
        part(1)?,
        i8::try_from(part(2)?).ok()?,
        i8::try_from(part(3)?).ok()?,
    )
    .ok()
}

fn moment(seconds: i64) -> Option<Date> {
    let at = Timestamp::from_second(seconds).ok()?;
    let day = CHINA.to_datetime(at).date();
    (1995..2100).contains(&day.year()).then_some(day)
}

fn tail(words: &str, most: usize) -> &str {
    let mut at = words.len().saturating_sub(most);
    while !words.is_char_boundary(at) {
        at += 1;
    }
    words.get(at..).unwrap_or("")
}

fn head(words: &str, most: usize) -> &str {
    let mut at = most.min(words.len());
    while !words.is_char_boundary(at) {
        at -= 1;
    }
    words.get(..at).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(date: Option<Date>) -> String {
        date.map_or_else(|| "none".to_owned(), |d| d.to_string())
    }

    #[test]
    fn written_dates() {
        for (words, want) in [
            ("2026-09-24", "2026-09-24"),
            ("2026/9/4 16:08", "2026-09-04"),
            ("2026.09.24", "2026-09-24"),
            ("2019年05月06日15:30", "2019-05-06"),
            ("20230208", "2023-02-08"),
            ("2023-02-30", "none"),
            ("未知", "none"),
        ] {
            assert_eq!(shown(date_in(words)), want, "{words}");
        }
        assert_eq!(shown(date_or_moment("1734500000")), "2024-12-18");
        assert_eq!(shown(date_or_moment("1734500000000")), "2024-12-18");
    }

    #[test]
    fn addresses() {
        for (url, want) in [
            ("https://h/x/202512/t20251218_123.html", "2025-12-18"),
            ("https://h/art/2025/2/8/art_1_2.html", "2025-02-08"),
            ("http://h/c/2025-12-18/85.shtml", "2025-12-18"),
            ("http://h/20230208/5.html", "2023-02-08"),
            ("https://h/2025/1218/c1a2/page.htm", "2025-12-18"),
            (r"https://h/News\2018\0213\57.shtml", "2018-02-13"),
            (
                "https://h/article/content/2604141656059313900690012.html",
                "none",
            ),
            ("https://h/x/202512/c00_1.shtml", "none"),
        ] {
            assert_eq!(shown(date_in_address(url)), want, "{url}");
        }
    }

    #[test]
    fn labels() {
        for (before, after, want) in [
            (
                "今天是：2026年11月25日\n发布时间： 2026-09-24 10:00 来源：",
                "",
                "2026-09-24",
            ),
            ("发布日期：\n2026/9/4\n", "", "2026-09-04"),
            ("日期：2017-02-14 来源", "", "2017-02-14"),
            ("报名时间：2017-02-14", "", "none"),
            ("今天是2026年11月25日", "", "none"),
            ("", "发布时间：2026-01-02\n", "2026-01-02"),
        ] {
            assert_eq!(shown(labelled(before, after)), want, "{before}{after}");
        }
    }

    #[test]
    fn scripts() {
        for (script, want) in [
            ("var  pubdata='2025-06-01 09:00';", "2025-06-01"),
            ("var ct = \"1734500000\";", "2024-12-18"),
            ("var today='2025-06-01';", "none"),
        ] {
            assert_eq!(shown(date_in_script(script)), want, "{script}");
        }
    }
}
