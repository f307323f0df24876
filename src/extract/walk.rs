//! From a word like 到 to what one does there: the words between are a place.

use super::words::{self, tail};
use super::{Doc, address};
use regex::{Captures, Regex};
use std::ops::Range;
use std::sync::LazyLock;

/// What one does where certificates are handed out.
static VERB: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^(?:现场|统一|集中|直接|自行|排队|当场|凭证|免费|上门)*(?:领取|领证|自取|补领|办理|领回|换领|以旧换|申领|取证|取件|补办|换取|取回|签领)",
    )
});

/// The first characters of what [`VERB`] and [`STOP`] match.
const HEADS: &str = "上签现统集直自排当凭免领补办换以申取接持携出咨查提登按进更先索联时到前";

/// Ends the words of a place in front of its verb.
static STOP: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^(?:接受|凭|持|携带|出示|咨询|查询|提出|申请(?:[^的时]|$)|登记|按照|进行|更正|先|索取|联系|时(?:[^选所参报填]|$))",
    )
});

/// What one does at an office that is no collecting, and the words in front of it.
static BUSINESS: LazyLock<Regex> =
    LazyLock::new(|| super::regex(r"^(?:咨询|查询|更正|申请更正|索取|联系|反映|核实)"));

/// Things that are collected beside certificates.
static OBJECT: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^[^,。;\n]{0,12}?(?:登记表|准考证|本地证书|成绩单|成绩通知|通知单|通知书|缴款|票据|发票|申请表)",
    )
});

/// From a word like 到 to the verb for which one goes there. `going`: the verb may also stand in
/// the next clause, or be left out.
pub(super) fn read(doc: &Doc, found: &Captures, base: usize, going: bool) -> Option<Range<usize>> {
    let barred = if going {
        "寄收送达得接看查直提遇感领拿报想做等付找运回转存"
    } else {
        "所存位由关基限鉴用对处现属终过"
    };
    let here = base + found.get(0)?.start();
    let before = doc.text().get(base..here)?.chars().next_back();
    let at = base + found.name("x")?.start();
    // 原来, 近来, 出来, 来源 and the like go nowhere.
    let word = doc.text().get(here..at)?;
    let come = word.ends_with('来') && !word.ends_with("前来");
    if come && tail(doc, at).starts_with(['源', '电', '信', '函', '不', '自', '说', '的', '领'])
    {
        return None;
    }
    let barred = if come {
        "原本从近由未以出下上起后历往年寄带送看"
    } else {
        barred
    };
    if before.is_some_and(|c| barred.contains(c)) {
        return None;
    }
    let (mut depth, mut end, mut verb) = (0usize, at, None);
    for (i, c) in tail(doc, at).char_indices().take(120) {
        let rest = tail(doc, at + i);
        end = at + i;
        match c {
            '(' | '《' | '“' => depth += 1,
            ')' | '》' | '”' if depth == 0 => break,
            ')' | '》' | '”' => depth -= 1,
            '\n' => break,
            _ if depth > 0 => {}
            _ if c.is_alphabetic() && !HEADS.contains(c) => {}
            '。' | ';' | '!' | '?' | ':' | '\t' => break,
            ',' if !goes_on(rest.get(1..).unwrap_or("")) => break,
            _ => {
                if let Some(m) = VERB.find(rest) {
                    verb = Some(at + i + m.end());
                    break;
                }
                if BUSINESS.is_match(rest) {
                    return None;
                }
                let onward = !going && (rest.starts_with('到') || rest.starts_with("前往"));
                if onward || STOP.is_match(rest) {
                    break;
                }
            }
        }
        end = at + i + c.len_utf8();
    }
    let sure = verb.is_some_and(|v| !OBJECT.is_match(tail(doc, v)));
    let range = words::trim(doc.text(), at..end);
    let words = doc.text().get(range.clone())?;
    let loose = going && verb.is_none() && !words.starts_with(|c: char| c.is_ascii_digit());
    (sure || loose).then_some(range)
}

/// After a comma: is it still the same place's address or number?
fn goes_on(rest: &str) -> bool {
    let clause: String = rest
        .chars()
        .take(40)
        .take_while(|c| !",。;\n)(".contains(*c))
        .collect();
    clause.starts_with("地址")
        || clause.starts_with("电话")
        || clause.contains("电话:")
        || address::has_house(&clause)
}
