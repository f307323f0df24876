//! Enquiry numbers: which digits of a notice are telephone numbers.
//!
//! Numbers with an area code or of a mobile phone speak for themselves; bare local and short
//! numbers count only where words in front of them, or another number beside them, say so.

use super::Doc;
use crate::model::{BlockKind, Found};
use regex::Regex;
use regex_automata::meta;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// A form of number.
struct Rule {
    name: &'static str,
    pattern: &'static str,
    /// Counts only after a word that announces a number, or beside another number.
    shy: bool,
}

/// Area codes by the national numbering plan: 010 and 02x before eight digits, 03xx–09xx before
/// seven or eight. Local numbers begin with 2–8.
const RULES: [Rule; 6] = [
    Rule {
        name: "phone.area",
        pattern: r"\(?(?:0(?:10|2\d)\)?[- ]{0,3}\(?[2-9]\d{3}[- ]?\d{4}|0[3-9]\d{2}\)?[- ]{0,3}\(?[2-9]\d{6,7})\)?(?:(?:-|转|转分机)\d{1,5})?",
        shy: false,
    },
    Rule {
        name: "phone.area_short",
        pattern: r"\(?0(?:10|2\d|[3-9]\d{2})\)?-{0,2}1\d{4}(?:转\d{1,5})?",
        shy: false,
    },
    Rule {
        name: "phone.mobile",
        pattern: r"1[3-9]\d[- ]?\d{4}[- ]?\d{4}",
        shy: false,
    },
    Rule {
        name: "phone.service",
        pattern: r"[48]00-?\d{3}-?\d{4}|[48]00-?\d{4}-?\d{3}",
        shy: false,
    },
    Rule {
        name: "phone.local",
        pattern: r"[2-8]\d{6,7}(?:(?:-|转)\d{1,5})?",
        shy: true,
    },
    Rule {
        name: "phone.short",
        pattern: r"(?:12\d{3}|11\d{3}|95\d{3}|96\d{3,4})(?:转\d{1,5})?",
        shy: true,
    },
];

static NUMBER: LazyLock<meta::Regex> =
    LazyLock::new(|| super::regexes(RULES.iter().map(|r| r.pattern)));

/// Words that announce a number.
static CUE: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"电话|热线|致电|拨打|来电|咨询|询问|座机|手机|联系方式|联系人|服务台|Tel|TEL|tel|、$|/$|或$",
    )
});

/// Words after which digits are something else, however they look.
static ELSE: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"(?:传真|FAX|Fax|QQ|[Qq]{2}群|群号|微信号|邮编|邮政编码|编号|管理号|代码|账号|帐号|卡号|序号|单号|证件号|身份证号|税号|信用代码|订单)(?:码|为|是|群)?[:(]?\s*$|(?:^|[^询、及和])(?:监督|举报|投诉)(?:电话|热线|举报|投诉)*[:为是]?\s*$",
    )
});

/// The number of an item, at the end of what stands before: `1.0531-5550101`.
static ITEM: LazyLock<Regex> = LazyLock::new(|| super::regex(r"(?:^|[\n;:。])\s*\d{1,2}\.$"));

/// Behind a number that a correction takes back, or at which nobody answers.
static TAKEN_BACK: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^”?,?(?:有误|错误|(?:现)?(?:应为|应改为|更正为|改为|变更为))|^\((?:不受理|不负责|不接受|非)[^)]{0,16}\)",
    )
});

/// Characters beside which digits belong to something longer.
fn glued(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '@' | '.' | '=' | '/' | '%' | '-' | '&')
}

/// How far back a word may announce a number, in characters.
const REACH: usize = 24;

/// Numbers within a range of the folded text, with the index of their rule. `known`: the
/// surroundings (a column of numbers, a place's line) already say that bare digits are numbers.
fn scan(text: &str, range: Range<usize>, known: bool) -> Vec<(Range<usize>, usize)> {
    let mut out: Vec<(Range<usize>, usize)> = Vec::new();
    let words = text.get(range.clone()).unwrap_or("");
    // The shortest number has five figures.
    if words.bytes().filter(u8::is_ascii_digit).nth(4).is_none() {
        return out;
    }
    for found in NUMBER.find_iter(words) {
        let rule = found.pattern().as_usize();
        let at = range.start + found.start()..range.start + found.end();
        let before = text.get(..at.start).unwrap_or("");
        let after = text.get(at.end..).unwrap_or("").chars().next();
        let left = before.chars().next_back();
        let listed = left == Some('/') && out.last().is_some_and(|l| l.0.end + 1 == at.start);
        let numbered = left == Some('.') && ITEM.is_match(before);
        if left.is_some_and(glued) && !listed && !numbered
            || after.is_some_and(|c| glued(c) && c != '/' && c != '.')
        {
            continue;
        }
        let near = before
            .char_indices()
            .rev()
            .nth(REACH - 1)
            .map_or(0, |(i, _)| i);
        let before = before.get(near..).unwrap_or("");
        let before = before.rsplit('\n').next().unwrap_or("");
        if ELSE.is_match(before)
            || after.is_some_and(|c| matches!(c, '元' | '人' | '号' | '年' | '份'))
        {
            continue;
        }
        if TAKEN_BACK.is_match(text.get(at.end..).unwrap_or("")) {
            continue;
        }
        let beside = out.last().is_some_and(|last| {
            let gap = text.get(last.0.end..at.start).unwrap_or("");
            !gap.contains(['\n', '。']) && gap.chars().count() <= REACH
        });
        let shy = RULES.get(rule).is_some_and(|r| r.shy);
        if shy && !known && !beside && !CUE.is_match(before) {
            continue;
        }
        out.push((unbracketed(text, at), rule));
    }
    out
}

/// A closing bracket without its opening one belongs to the sentence, and so the other way round.
fn unbracketed(text: &str, mut at: Range<usize>) -> Range<usize> {
    let words = text.get(at.clone()).unwrap_or("");
    let (open, close) = (words.matches('(').count(), words.matches(')').count());
    if close > open && words.ends_with(')') {
        at.end -= 1;
    } else if open > close && words.starts_with('(') {
        at.start += 1;
    }
    at
}

/// Numbers given with a place: within a range of the folded text.
pub(super) fn within(doc: &Doc, range: Range<usize>) -> Vec<Range<usize>> {
    scan(doc.text(), range, true)
        .into_iter()
        .map(|(at, _)| at)
        .collect()
}

/// Every enquiry number of the body, as written, each once.
pub(super) fn read(doc: &Doc) -> Vec<Found<String>> {
    let mut seen = HashSet::new();
    let mut out = Vec::new();
    let tables = doc.tables();
    for unit in &doc.units {
        let range = doc.fold.range(unit.span);
        let known = matches!(unit.kind, BlockKind::Row { .. });
        let old = tables.outdated(unit.kind);
        for (at, rule) in scan(doc.text(), range, known) {
            let span = doc.fold.span(at.clone());
            let digits: String = doc
                .text()
                .get(at)
                .unwrap_or("")
                .chars()
                .filter(char::is_ascii_digit)
                .collect();
            let Some(rule) = RULES.get(rule) else {
                continue;
            };
            let stale = old.iter().any(|cell| cell.covers(span));
            if !stale && seen.insert(digits) {
                out.push(Found::new(doc.words(span).to_string(), span, rule.name));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corpus() {
        super::super::corpus::check(
            "phone.corpus",
            include_str!("phone.corpus"),
            RULES.iter().map(|r| r.name),
            |line| {
                let article = super::super::plain(&line.text);
                let found = read(&Doc::new(&article));
                let made = found.iter().map(|f| f.rule).collect();
                (found.into_iter().map(|f| f.value).collect(), made)
            },
        );
    }
}
