//! Who signs, and the date under the signature.

use super::Doc;
use crate::model::{BlockKind, Date, Found, Span};
use regex::Regex;
use std::sync::LazyLock;

/// A line that is a date: in figures or Chinese numerals.
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^(?:\(?日期[:)]?)?\s*(?<y>[0-9〇OＯoO一二三四五六七八九]{4})\s*[年./-]\s*(?<m>[0-9]{1,2}|[一二三四五六七八九十]{1,2})\s*[月./-]\s*(?<d>[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s*日?$",
    )
});

/// The same behind an office's name on one line.
static TAIL: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"\s*[0-9〇O一二三四五六七八九]{4}\s*年\s*(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})\s*月\s*(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s*日$",
    )
});

/// What an office's name ends with.
static OFFICE: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"(?:局|厅|中心|院|部|委员会|委|办公室|办|处|科|站|学会|协会|大学|学院|学校|公司|领导小组|考区|考点|所|社|网)(?:\([^)]{1,10}\))?$",
    )
});

/// Lines that may stand behind a signature.
static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^(?:附件|附[:0-9]|\d{1,2}\s*[.、]|《|\(|联系|咨询|电话|抄送|主办|来源|责任编辑|特此|关闭|打印)|\.(?:docx?|xlsx?|pdf|zip|rar|wps)\s*$",
    )
});

/// How many lines from the end are looked at: lists of files may stand behind a signature.
const LINES: usize = 12;
/// Longest name of an office, in characters; two that sign together count as one.
const LONGEST: usize = 60;

/// Who signs; else the origin that the page states.
pub(super) fn read(doc: &Doc) -> Option<Found<String>> {
    signature(doc).or_else(|| {
        let origin = doc.article.source.as_deref()?.trim();
        let here = ["本网", "本站", "原创", "网络", "管理员", "admin", "未知"];
        let named = !origin.is_empty() && !here.iter().any(|w| origin.starts_with(w));
        named.then(|| Found::outside(origin.to_string(), "issuer.origin"))
    })
}

fn signature(doc: &Doc) -> Option<Found<String>> {
    let lines: Vec<(Span, BlockKind)> = doc
        .article
        .blocks
        .iter()
        .map(|b| (b.span, b.kind))
        .collect();
    let mut dated = false;
    for (back, &(span, kind)) in lines.iter().rev().take(LINES).enumerate() {
        let text = doc.fold.of(span).trim();
        if DATE.is_match(text) {
            dated = true;
            continue;
        }
        if text.is_empty() || BEHIND.is_match(text) {
            continue;
        }
        let name = TAIL
            .find(text)
            .map_or(text, |m| text.get(..m.start()).unwrap_or(text));
        let right = kind == BlockKind::Right;
        if !is_office(name) {
            // A row, a sentence: the body has begun. Behind a date nothing but a signature stands.
            if matches!(kind, BlockKind::Row { .. }) || text.contains(['。', ':']) && back > 2 {
                break;
            }
            if !(right || dated) {
                continue;
            }
            break;
        }
        let at = doc.fold.range(span);
        let lead = doc.fold.of(span).len() - doc.fold.of(span).trim_start().len();
        let mut words = doc.fold.span(at.start + lead..at.start + lead + name.len());
        // A long name is broken over two lines.
        let above = lines.len().checked_sub(back + 2).and_then(|i| lines.get(i));
        let mut value = doc.words(words).to_string();
        if let Some(&(first, _)) = above.filter(|(a, k)| is_first_half(doc.fold.of(*a), name, *k)) {
            value = format!("{}{value}", doc.words(first).trim());
            words = first.join(words);
        }
        return Some(Found::new(value, words, "issuer.signature"));
    }
    None
}

fn is_office(name: &str) -> bool {
    let count = name.chars().count();
    (2..=LONGEST).contains(&count)
        && OFFICE.is_match(name)
        && !name.contains(['。', ',', ';', ':', '、', '“', '!', '?', '\t'])
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !["领取", "携带", "请", "考生"]
            .iter()
            .any(|w| name.contains(w))
}

/// A line without an end above a name without a region of its own.
fn is_first_half(above: &str, name: &str, kind: BlockKind) -> bool {
    let above = above.trim();
    let plain = !above.contains(['。', ',', ';', ':', '、', '!', '?', '\t', '.', '“']);
    let count = above.chars().count();
    plain
        && (4..=30).contains(&count)
        && !matches!(kind, BlockKind::Row { .. } | BlockKind::Heading)
        && super::region::lead(above) > 0
        && super::region::lead(name) == 0
        && !OFFICE.is_match(above)
}

/// The date under the signature, where the page gives no other.
pub(super) fn date(doc: &Doc) -> Option<Found<Date>> {
    let lines = doc.article.blocks.iter().rev().take(LINES);
    lines.map(|b| b.span).find_map(|span| {
        let text = doc.fold.of(span);
        let tail = TAIL.find(text).map_or(text, |m| m.as_str());
        let c = DATE.captures(tail.trim())?;
        let year = digits(c.name("y")?.as_str())?;
        let month = numeral(c.name("m")?.as_str())?;
        let day = numeral(c.name("d")?.as_str())?;
        let date = Date::new(
            i16::try_from(year).ok()?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
        )
        .ok()?;
        Some(Found::new(date, span, "published.signature"))
    })
}

/// A year digit by digit; ○ in all its forms is nought.
fn digits(word: &str) -> Option<u32> {
    word.chars().try_fold(0, |n, c| {
        let digit = match c {
            '〇' | 'O' | 'o' => 0,
            _ => c.to_digit(10).or_else(|| {
                let at = "一二三四五六七八九".chars().position(|d| d == c)?;
                Some(at as u32 + 1)
            })?,
        };
        Some(n * 10 + digit)
    })
}

/// A month or day: 6, 二十, 三十一.
fn numeral(word: &str) -> Option<u32> {
    if let Ok(n) = word.parse() {
        return Some(n);
    }
    match word.split_once('十') {
        None => digits(word).filter(|n| *n < 10),
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { digits(tens)? };
            Some(tens * 10 + digits(ones)?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_at_the_end() {
        for (text, name, date) in [
            (
                "请领取。\n某市人事考试中心\n2026年3月2日",
                "某市人事考试中心",
                "2026-03-02",
            ),
            (
                "请领取。\n某省软考办\n二○一二年六月二十日\n附件1：名单.xls",
                "某省软考办",
                "2012-06-20",
            ),
            (
                "请领取。\n湖北省计算机技术与软件专业\n技术资格（水平）考试办公室\n2022年2月18日",
                "湖北省计算机技术与软件专业技术资格（水平）考试办公室",
                "2022-02-18",
            ),
            (
                "请领取。\n某市财政局 2024年12月5日",
                "某市财政局",
                "2024-12-05",
            ),
            (
                "请领取。\n甲省人社厅 甲省住建厅\n2017.8.21",
                "甲省人社厅 甲省住建厅",
                "2017-08-21",
            ),
            (
                "请领取。\n甲市考试院\n2022年9月9日\n（此件公开发布）",
                "甲市考试院",
                "2022-09-09",
            ),
            ("地点：市人事考试中心。\n请到办公室。", "-", "-"),
            ("城市\t地点\n甲市\t甲市财政局", "-", "-"),
            ("请领取。\n甲市财政局\n2024年13月5日", "甲市财政局", "-"),
        ] {
            let article = crate::extract::plain(text);
            let doc = Doc::new(&article);
            let got = read(&doc).map_or("-".to_string(), |f| f.value);
            assert_eq!(got, name, "{text}");
            let got = super::date(&doc).map_or("-".to_string(), |f| f.value.to_string());
            assert_eq!(got, date, "{text}");
        }
    }

    #[test]
    fn else_the_origin() {
        for (origin, want) in [("会计处", Some("会计处")), ("本网", None), ("", None)] {
            let mut article = crate::extract::plain("现正发放。");
            article.source = Some(origin.to_string());
            let got = read(&Doc::new(&article)).map(|f| f.value);
            assert_eq!(got.as_deref(), want);
        }
    }
}
