//! Titles of list rows, freed from what the list page hangs on them.

use super::list_dates as dates;
use super::pattern::pattern;
use crate::model::Date;
use regex::Regex;
use std::sync::LazyLock;

static TAG: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?s)</?[a-zA-Z][^<>]{0,400}>"));
/// A column label before the title; 【】 belongs to titles, a date is none.
static LABEL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:\[[^\[\]\d]{1,12}\]|［[^［］]{1,12}］)\s*"));
static STICKY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:置顶\s*[:：]?\s*|[\[【(（]置顶[\]】)）]\s*)"));
static CUT: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s*(?:…+|\.{2,}|．{2,}|。{3,})\s*$"));

/// A title and whether the list shows only its beginning.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Title {
    /// Clean words; a cut title ends in one `…`. Empty where there are none.
    pub text: String,
    /// Only the beginning is shown.
    pub cut: bool,
}

/// Entities that survive one round of decoding, for pages that escape twice.
fn decode(text: &str) -> String {
    let mut out = text.to_owned();
    for (from, to) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", " "),
        ("&ldquo;", "“"),
        ("&rdquo;", "”"),
        ("&middot;", "·"),
        ("&amp;", "&"),
    ] {
        if out.contains(from) {
            out = out.replace(from, to);
        }
    }
    out
}

/// White space of every kind as single blanks, zero-width characters dropped.
pub(super) fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\u{200b}'..='\u{200d}' | '\u{feff}' | '\u{ad}') {
            continue;
        }
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn words(raw: &str) -> String {
    let text = decode(raw);
    let text = TAG.replace_all(&text, " ");
    collapse(&text)
}

/// The text without a NEW or HOT at its end.
fn unbadged(text: &str) -> &str {
    let bare = text.trim_end_matches(['!', '！', ' ']);
    for badge in ["NEW", "New", "new", "HOT", "Hot", "hot"] {
        if let Some(rest) = bare.strip_suffix(badge)
            && !rest.ends_with(|c: char| c.is_ascii_alphanumeric())
        {
            return rest.trim_end();
        }
    }
    text
}

fn marked(text: &str) -> Title {
    match CUT.find(text) {
        Some(dots) if dots.start() > 0 => Title {
            text: format!("{}…", text.get(..dots.start()).unwrap_or("")),
            cut: true,
        },
        Some(_) => Title::default(),
        None => Title {
            text: text.to_owned(),
            cut: false,
        },
    }
}

/// Visible words of a row as a title: bullet, column label, sticky and NEW marks and a date at the
/// end are taken off.
pub(super) fn visible(raw: &str) -> Title {
    let text = words(raw);
    let mut text = text
        .trim_start_matches(|c: char| {
            matches!(
                c,
                '·' | '•'
                    | '●'
                    | '○'
                    | '◆'
                    | '◇'
                    | '■'
                    | '□'
                    | '▪'
                    | '►'
                    | '▶'
                    | '»'
                    | '・'
                    | '⋅'
            ) || c.is_whitespace()
        })
        .to_owned();
    for lead in [&STICKY, &LABEL, &STICKY] {
        if let Some(m) = lead.find(&text)
            && m.end() < text.len()
        {
            text.replace_range(..m.end(), "");
        }
    }
    if let Some((at, _)) = dates::tail(&text)
        && at > 0
    {
        text.truncate(at);
    }
    text.truncate(unbadged(&text).len());
    marked(&text)
}

/// A `title` attribute as a title. It is the office's own full wording, so that only a date that
/// repeats the row's own is taken off.
pub(super) fn attribute(raw: &str, row_date: Option<Date>) -> Title {
    let mut text = words(raw);
    if let Some((at, day)) = dates::tail(&text)
        && at > 0
        && Some(day) == row_date
    {
        text.truncate(at);
    }
    marked(&text)
}

/// The better of a row's attribute and its visible words: the attribute, unless it is empty or
/// shows less than the words do.
pub(super) fn better(attribute: Title, visible: Title) -> Title {
    let stem = attribute.text.trim_end_matches('…');
    let says_less = visible.text.starts_with(stem) && visible.text.len() > attribute.text.len();
    if attribute.text.is_empty()
        || (attribute.cut && !visible.cut && !visible.text.is_empty())
        || (says_less && !visible.cut)
    {
        visible
    } else {
        attribute
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visible_words() {
        for (raw, want, cut) in [
            (
                "  关于领取证书的通知\u{a0}\u{3000}",
                "关于领取证书的通知",
                false,
            ),
            ("· 关于领取证书的通知", "关于领取证书的通知", false),
            ("[通知公告] 关于领取证书的通知", "关于领取证书的通知", false),
            (
                "【报名通知】关于报名的公告",
                "【报名通知】关于报名的公告",
                false,
            ),
            ("关于领取证书的通知NEW!", "关于领取证书的通知", false),
            ("关于领取证书的通知 new", "关于领取证书的通知", false),
            ("[置顶]关于领取证书的通知", "关于领取证书的通知", false),
            ("关于领取证书的通知2026-09-18", "关于领取证书的通知", false),
            (
                "关于领取证书的通知 [2026/09/18]",
                "关于领取证书的通知",
                false,
            ),
            (
                "关于领取2026年上半年证书...",
                "关于领取2026年上半年证书…",
                true,
            ),
            ("关于领取证书……", "关于领取证书…", true),
            ("2026年&lt;br/&gt;拟聘公示", "2026年 拟聘公示", false),
            (
                "2026年&amp;lt;br&amp;gt;公示",
                "2026年&lt;br&gt;公示",
                false,
            ),
            ("...", "", false),
            ("renew", "renew", false),
            ("", "", false),
        ] {
            let got = visible(raw);
            assert_eq!((got.text.as_str(), got.cut), (want, cut), "{raw}");
        }
    }

    #[test]
    fn attributes_lose_only_the_rows_own_date() {
        let day: Date = "2026-09-18".parse().unwrap();
        let title = "考试时间调整公告2026-09-18";
        assert_eq!(attribute(title, Some(day)).text, "考试时间调整公告");
        assert_eq!(attribute(title, None).text, title);
    }

    #[test]
    fn the_fuller_wording_wins() {
        let t = |text: &str, cut| Title {
            text: text.into(),
            cut,
        };
        for (attr, seen, want) in [
            (
                t("关于领取证书的通知", false),
                t("关于领取…", true),
                "关于领取证书的通知",
            ),
            (
                t("关于领取…", true),
                t("关于领取证书的通知", false),
                "关于领取证书的通知",
            ),
            (t("", false), t("关于领取", false), "关于领取"),
            (
                t("关于领取证书的通知", false),
                t("关于领取", false),
                "关于领取证书的通知",
            ),
            (
                t("关于领取", false),
                t("关于领取证书的通知", false),
                "关于领取证书的通知",
            ),
        ] {
            assert_eq!(better(attr, seen).text, want);
        }
    }
}
