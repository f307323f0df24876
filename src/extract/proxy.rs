//! May someone else collect? Words for a deputy, and words that forbid one.

use super::Doc;
use super::deny::denied;
use super::rule::{Row, Rules};
use crate::model::Found;
use std::sync::LazyLock;

/// What a match says of deputies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// One may collect.
    Collects,
    /// One may sign for the parcel.
    Signs,
    /// None may.
    Forbidden,
}

const ROWS: &[Row<Says>] = &[
    Row {
        name: "proxy.forbidden",
        pattern: r"(?:不得|不能|不可|不准|不许|禁止|严禁|不接受|不予|不办理|不允许|谢绝|概不|不支持|不受理|不提供|不设|切勿|请勿|勿|拒绝)[^。;,\n的可]{0,12}(?:代领|代取|代办|委托|代为|代收|代签|他人)",
        make: Says::Forbidden,
    },
    Row {
        name: "proxy.forbidden.after",
        pattern: r"(?:他人|代领|代取|代办|代为领取)[^。;,\n]{0,6}?(?:不得|不予|禁止|无效|不能|概不)",
        make: Says::Forbidden,
    },
    Row {
        name: "proxy.forbidden.answer",
        pattern: r"(?:代领|代取|代办|他人|别人|帮忙)[^。;\n?]{0,8}吗\?\s*(?:答|A|回复)?[:、.]?\s*(?:不可以|不行|不能|否)",
        make: Says::Forbidden,
    },
    Row {
        name: "proxy.deputy",
        pattern: r"(?:代领|代取|代理|代办|被委托|受委托|受托|被授权)(?:领)?人",
        make: Says::Collects,
    },
    Row {
        name: "proxy.collects",
        pattern: r"(?:代领|代取|代为领取|委托领取)|[帮替](?:别人|他人|同事|同学|亲友|朋友)[^。;,\n]{0,4}[领取]|(?:代办|委托他人|委托别人|委托亲友|他人代办|他人委托|由他人)|(?:同事|亲友|家人|他人|别人|朋友)[^。;,\n]{0,8}(?:领取|帮忙取|帮取|代领|来取)",
        make: Says::Collects,
    },
    Row {
        name: "proxy.letter",
        pattern: r"委托书|委托函|授权书",
        make: Says::Collects,
    },
    Row {
        name: "proxy.signs",
        pattern: r"代收|代签",
        make: Says::Signs,
    },
];

static RULES: LazyLock<Rules<Says>> = LazyLock::new(|| Rules::new(ROWS));

/// In front of 代领 and the like: an employer or an office collects, which is another way.
const EMPLOYERS: [&str; 7] = ["单位", "集中", "统一", "集体", "机构", "学校", "职工"];

/// What a notice says of deputies.
#[derive(Debug, Default)]
pub(super) struct Deputies {
    /// Whether one may collect or sign; None = not said.
    pub allowed: Option<Found<bool>>,
    /// The words that let one collect.
    pub collects: Option<Found<()>>,
}

/// Reads a body. A permission with conditions wins over a prohibition beside it: notices forbid
/// in general or for one kind of certificate, and then say what a deputy has to bring.
pub(super) fn read(doc: &Doc) -> Deputies {
    let mut forbidden: Vec<(std::ops::Range<usize>, &'static str)> = Vec::new();
    let mut out = Deputies::default();
    let mut signs = None;
    for (row, at) in RULES.matches(doc.text()) {
        if row.make == Says::Forbidden {
            // 请勿轻信代办: a warning of fakes.
            if at.as_str().contains('信') {
                continue;
            }
            forbidden.push((at.range(), row.name));
            continue;
        }
        if out.collects.is_some() {
            continue;
        }
        let inside = |r: &std::ops::Range<usize>| r.start <= at.start() && at.start() < r.end;
        if forbidden.iter().any(|(r, _)| inside(r)) || denied(doc, at.range()) || other(doc, &at) {
            continue;
        }
        let found = Found::new((), doc.fold.span(at.range()), row.name);
        match row.make {
            Says::Collects => out.collects = out.collects.or(Some(found)),
            Says::Signs => signs = signs.or(Some(found)),
            Says::Forbidden => {}
        }
    }
    let yes = out.collects.clone().or(signs).map(|f| f.map(|()| true));
    let no = || {
        let (range, rule) = forbidden.into_iter().min_by_key(|(r, _)| r.start)?;
        Some(Found::new(false, doc.fold.span(range), rule))
    };
    out.allowed = yes.or_else(no);
    out
}

/// A sentence about the papers of an employer that collects, and of nobody else.
static FOR_STAFF: LazyLock<regex::Regex> =
    LazyLock::new(|| super::regex(r"^由?[^,。;]{0,6}单位(?:代为|统一|集中|集体)领取的,[^;。]*$"));

/// Whether the words speak of employers or of something that is no certificate.
fn other(doc: &Doc, at: &regex::Match) -> bool {
    let text = doc.text();
    let head = text.get(..at.start()).unwrap_or("");
    let near: String = head
        .chars()
        .rev()
        .take(8)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let near = near
        .rsplit(['。', ';', ',', ':', '\n', ')'])
        .next()
        .unwrap_or("");
    let after = text.get(at.end()..).unwrap_or("");
    let sentence = doc.fold.of(doc.sentence(doc.fold.span(at.range())));
    let heading = doc.headings(doc.fold.span(at.range()).start).next();
    let checking = |h: &str| ["审核", "复审", "复核"].iter().any(|w| h.ends_with(w));
    heading.is_some_and(|h| checking(h) && !h.contains('领'))
        || EMPLOYERS.iter().any(|w| near.contains(w))
        || ["相信", "轻信", "谨防"].iter().any(|w| near.contains(w))
        || FOR_STAFF.is_match(sentence)
        || near.ends_with("寄递")
        || near.ends_with("邮寄")
        || after.starts_with("电子")
        || (at.as_str() == "代办" && after.starts_with(['、', '理', '机', '公']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::corpus;

    #[test]
    fn corpus() {
        corpus::check(
            "proxy",
            include_str!("proxy.corpus"),
            RULES.names(),
            |line| {
                let article = crate::extract::plain(&line.text);
                let found = read(&Doc::new(&article));
                let words = found.allowed.iter().map(|f| f.value.to_string()).collect();
                (words, found.allowed.iter().map(|f| f.rule).collect())
            },
        );
    }
}
