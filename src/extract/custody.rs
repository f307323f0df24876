//! How long an uncollected certificate is kept, and from when.

use super::Doc;
use super::rule::{MOST, Row, Rules};
use crate::model::Found;
use crate::model::facts::Custody;
use std::sync::LazyLock;

/// Groups: `n` the number, `u` the unit (年, 个月 …). `()`: both stand in the pattern.
const ROWS: &[Row<()>] = &[
    Row {
        name: "custody.full",
        pattern: r"满\s*(?<n>[0-9一二两三四五六七八九十]{1,3})\s*(?<u>年|周年|个月)",
        make: (),
    },
    Row {
        name: "custody.kept",
        pattern: r"(?:保管|保存|保留|存放|寄存|留存)(?:期限|期|时间)?(?:一般)?(?:为|是)?(?:[\p{Han}]{0,6})??\s*(?<n>[0-9一二两三四五六七八九十半]{1,3})\s*(?<u>年|周年|个月)",
        make: (),
    },
    Row {
        name: "custody.within",
        pattern: r"(?<n>[0-9一二两三四五六七八九十半]{1,3})\s*(?<u>年|周年|个月)(?:之)?内[^。;\n]{0,12}(?:保管|保存|保留)",
        make: (),
    },
    Row {
        name: "custody.then_destroyed",
        pattern: r"(?:起|后|过|超过)\s*(?<n>[0-9一二两三四五六七八九十]{1,3})\s*(?<u>年|周年|个月)(?:后|以上|之后)?[^。;\n]{0,24}(?:清理|销毁|收回|归档|无主)",
        make: (),
    },
];

static RULES: LazyLock<Rules<()>> = LazyLock::new(|| Rules::new(ROWS));

/// What a sentence must speak of: a term of keeping, not of service (满五年 as a condition to sit).
static KEPT: LazyLock<regex::Regex> = LazyLock::new(|| {
    super::regex(
        r"未领|未取|没有?领|不领|无人领|未.{0,4}领|领走|取走|领取|证书|保管|保存|保留|存放|考试结束",
    )
});
static GONE: LazyLock<regex::Regex> = LazyLock::new(|| {
    super::regex(r"销毁|收回|回收|清理|上交|归档|存入|无主|保管|保存|保留|代管|移交|存放|处理")
});

/// 自 … 起 and its like, in the same sentence.
static FROM: LazyLock<regex::Regex> = LazyLock::new(|| {
    super::regex(
        r"(?:自|从)(?<a>[^。;,:\n]{1,20}?)(?:起|开始)|(?<b>考试结束(?:后)?)|(?<c>[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日(?:后|起|之后))",
    )
});

/// The term, if the body states one.
pub(super) fn read(doc: &Doc) -> Option<Found<Custody>> {
    let text = doc.text();
    RULES.rows().find_map(|(row, regex)| {
        regex.captures_iter(text).take(MOST).find_map(|c| {
            let at = c.get(0)?;
            let sentence = doc.sentence(doc.fold.span(at.range()));
            let words = doc.fold.of(sentence);
            if !KEPT.is_match(words) || !GONE.is_match(words) {
                return None;
            }
            let (n, unit) = term(c.name("n")?.as_str(), c.name("u")?.as_str())?;
            let start = doc.fold.range(sentence).start;
            let from = FROM.captures(words).and_then(|f| {
                let m = f.name("a").or(f.name("b")).or(f.name("c"))?;
                let span = doc.fold.span(start + m.start()..start + m.end());
                Some(doc.words(span).to_string())
            });
            let unit = unit.to_string();
            Some(Found::new(Custody { n, unit, from }, sentence, row.name))
        })
    })
}

/// Number and unit; half a year is six months.
fn term(n: &str, unit: &str) -> Option<(u32, &'static str)> {
    let year = unit.ends_with('年');
    if n == "半" {
        return year.then_some((6, "month"));
    }
    let n = number(n)?;
    (1..=60)
        .contains(&n)
        .then_some((n, if year { "year" } else { "month" }))
}

/// A number up to 99 in figures or Chinese numerals.
fn number(word: &str) -> Option<u32> {
    if let Ok(n) = word.parse() {
        return Some(n);
    }
    let digit = |c: char| match c {
        '两' => Some(2),
        _ => "一二三四五六七八九"
            .chars()
            .position(|d| d == c)
            .map(|p| p as u32 + 1),
    };
    match word.split_once('十') {
        None => {
            let mut chars = word.chars();
            let first = digit(chars.next()?)?;
            chars.next().is_none().then_some(first)
        }
        Some((tens, ones)) => {
            let part = |s: &str, empty| match s.chars().next() {
                None => Some(empty),
                Some(c) => digit(c),
            };
            Some(part(tens, 1)? * 10 + part(ones, 0)?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::corpus;

    #[test]
    fn corpus() {
        corpus::check(
            "custody",
            include_str!("custody.corpus"),
            RULES.names(),
            |line| {
                let article = crate::extract::plain(&line.text);
                let found = read(&Doc::new(&article));
                let words = |f: &Found<Custody>| {
                    let from = f.value.from.as_deref().unwrap_or("-");
                    format!("{} {} {from}", f.value.n, f.value.unit)
                };
                (
                    found.iter().map(words).collect(),
                    found.iter().map(|f| f.rule).collect(),
                )
            },
        );
    }
}
