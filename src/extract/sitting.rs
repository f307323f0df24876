//! A sitting in running text: year, half and name, glued together. A name begins behind the year
//! and ends before the certificate.

use super::rule::MOST;
use crate::model::facts::ExamRef;
use regex::{Captures, Regex};
use std::ops::Range;
use std::sync::LazyLock;

/// A sitting's year, half and number, glued to the name. A day (5月23日) is no sitting.
pub(super) static SITTING: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"(?<y>(?:19|20)\d{2}) *(?:年 *\d{1,2} *月份?|年度?)? *\(?(?<h>上半年|下半年|上、下半年|上下半年)?\)?(?:度)? *(?:第 *[0-9一二三四五六七八九十]{1,3}\s*[次期批季轮]|第[一二三四]季度|[春秋]季)?(?:\(第\d+次\))?",
    )
});

/// Where a name ends: the certificate, or what is done with it.
static END: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"等级证书|电子|纸质|合格|证书|证件|领证|准考证|成绩|报名|考后|资格(?:审|复|核)|证(?:领|发|办)|等(?:[0-9一二三四五六七八九十两几多各]|资格|考试|专业|职业)|考点|考区|考生|测试站|领取|发放|办理|邮寄|直邮|申领|补办|补发|补\(|更换|相关|有关|证明|的?(?:公告|通知|说明|须知|公示|通告)|全科|取得|缴费|现场|登记|[。,;:\n\t“”《》→!?]|分数|通过|培训|拟|已|(?:19|20)\d{2} *年",
    )
});

/// 考试 ends a name, with the levels that may follow in brackets.
static EXAM: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(r"(?:考试|鉴定|测试)(?:\((?:[^()]{0,12}级[^()]{0,6}|[^()]{0,10}专业)\))?")
});

/// A part of a list that is a name of its own, its level in brackets perhaps.
static WHOLE: LazyLock<Regex> =
    LazyLock::new(|| super::regex(r"(?:[师员试]|资格)(?:\([^()]{1,6}\))?$"));

/// What may stand between a year and the name: the seat, or which certificates they are.
static SEAT: LazyLock<Regex> =
    LazyLock::new(|| super::regex(r"^(?:\p{Han}{2,4}(?:考区|考点)(?:的)?|批次|第\d+批次?)"));

/// What is done for a certificate is no part of an exam's name.
static DEED: LazyLock<Regex> = LazyLock::new(|| super::regex("申请|申报|采集|授予|登记"));

/// Words that are in every name: what holds nothing else names no exam.
static GENERIC: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"专业技术|技术|人员|职称|职业|执业|职|执|业|资格|考试|各类|各项|各地|全国|国家|省级|统一|水平|等级|证书|证|技能|旧版|新版|部分|专业|补办|更换|申请|考核|鉴定|测试|以下|人事|[()、和及与等的各类项度一级省市区本我]",
    )
});

/// What an exam's name holds, somewhere.
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"资格|考试|测试|测评|鉴定|软考|师|员|工作者|水平|等级|会计|职称|普通话|英语|外语|计算机|[0-9A-Z]{3,}|护士|翻译|社工",
    )
});

/// Behind a year, these say that the year is somebody's or something else's.
pub(super) static FOREIGN: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^(?:以[前后上来]|及以|之前|应届|毕业|底|初[至到起前]|[0-9]|前|后|起|开始|的|至|到|-|~)",
    )
});

/// The half of the year in brackets behind a name.
static BEHIND: LazyLock<Regex> = LazyLock::new(|| super::regex(r"^\((?<h>上半年|下半年)\)"));

/// The year of a match of [`SITTING`].
pub(super) fn year(c: &Captures) -> Option<i16> {
    c.name("y")?.as_str().parse().ok()
}

/// The halves of a match of [`SITTING`]: 上、下半年 are two sittings.
pub(super) fn halves(c: &Captures) -> &'static [Option<u8>] {
    match c.name("h").map(|h| h.as_str()) {
        None => &[None],
        Some("上半年") => &[Some(1)],
        Some("下半年") => &[Some(2)],
        Some(_) => &[Some(1), Some(2)],
    }
}

/// Whether a match says 年: a number alone is no year.
pub(super) fn is_year(c: &Captures) -> bool {
    c.get(0).is_some_and(|m| m.as_str().contains('年'))
}

/// A name with its year and half, as ranges of the text that was read.
pub(super) struct Sitting {
    /// Where the name stands.
    pub(super) name: Range<usize>,
    year: Option<i16>,
    half: Option<u8>,
}

impl Sitting {
    /// As the contract has it; `words` gives the page's words for a range.
    pub(super) fn exam(&self, words: impl Fn(Range<usize>) -> String) -> ExamRef {
        let name = words(self.name.clone());
        ExamRef {
            name,
            year: self.year,
            half: self.half,
        }
    }
}

/// Sittings written as year and name within a range of a folded text.
pub(super) fn sittings(text: &str, within: Range<usize>) -> Vec<Sitting> {
    let part = text.get(within.clone()).unwrap_or("");
    let mut out: Vec<Sitting> = Vec::new();
    let mut waiting: Vec<(Option<i16>, Option<u8>)> = Vec::new();
    for c in SITTING.captures_iter(part).take(MOST) {
        let Some(all) = c.get(0) else { continue };
        let rest = part.get(all.end()..).unwrap_or("");
        waiting.extend(halves(&c).iter().map(|&h| (year(&c), h)));
        if rest.starts_with(['、', '和', '及', '与'])
            && rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
        {
            continue;
        }
        if is_year(&c) && !FOREIGN.is_match(rest) {
            for name in names(rest, true) {
                let at = within.start + all.end();
                let name = at + name.start..at + name.end;
                let behind = text.get(name.end..).unwrap_or("");
                let behind = BEHIND.captures(behind).map(|c| halves(&c));
                let behind = behind.and_then(|h| h.first().copied().flatten());
                let same = |s: &Sitting| s.name == name;
                for &(year, half) in &waiting {
                    let half = half.or(behind);
                    if !out
                        .iter()
                        .any(|s| same(s) && s.year == year && s.half == half)
                    {
                        out.push(Sitting {
                            name: name.clone(),
                            year,
                            half,
                        });
                    }
                }
            }
        }
        waiting.clear();
    }
    out
}

/// Names at the beginning of a text, cut where they end; several where a list of whole names
/// stands (初、中级 is one).
pub(super) fn names(text: &str, strict: bool) -> Vec<Range<usize>> {
    let seat = SEAT.find(text).map_or(0, |m| m.end());
    if seat > 0 {
        let rest = names(text.get(seat..).unwrap_or(""), strict);
        return rest
            .into_iter()
            .map(|r| seat + r.start..seat + r.end)
            .collect();
    }
    let end = END.find(text).map_or(text.len(), |m| m.start());
    let exam = EXAM.find(text).filter(|m| m.start() <= end);
    let mut end = match exam {
        Some(m) => m.end(),
        None => end,
    };
    // 软考(福建考区): a bracket in which the name would end is none of it.
    let open = text.get(..end).and_then(|w| w.rfind('('));
    if let Some(open) = open
        && exam.is_none()
        && !text.get(open..end).is_some_and(|w| w.contains(')'))
    {
        end = open;
    }
    // 甲考试和乙考试: the list goes on as long as whole names follow.
    while let Some(rest) = text.get(end..).filter(|_| exam.is_some())
        && rest.starts_with(['、', '和', '及', '与'])
        && let Some(next) = EXAM.find(rest)
        && END.find(rest).is_none_or(|e| e.start() >= next.start())
    {
        end += next.end();
    }
    let whole = text.get(..end).unwrap_or("");
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    for (i, c) in whole.char_indices().chain([(whole.len(), '、')]) {
        if !matches!(c, '、' | '和' | '及' | '与') {
            continue;
        }
        let part = whole.get(from..i).unwrap_or("");
        let last = i == whole.len();
        let complete = WHOLE.is_match(part);
        if last || complete {
            parts.push(from..i);
            from = i + c.len_utf8();
        }
    }
    parts
        .into_iter()
        .filter_map(|p| trimmed(text, p, strict))
        .collect()
}

/// A name without what clings to it; None where nothing is left that names an exam.
fn trimmed(text: &str, mut range: Range<usize>, strict: bool) -> Option<Range<usize>> {
    loop {
        let word = text.get(range.clone())?;
        let lead = word.len()
            - word
                .trim_start_matches([' ', '、', '的', '度', ')', '在'])
                .len();
        let less = word.trim_end_matches([' ', '、', '(', '的', '及', '和', '与', '等', '各']);
        let less = ["三项", "两项", "多项", "相关", "职称等", "等"]
            .iter()
            .fold(less, |w, t| w.trim_end_matches(t));
        let next = range.start + lead..(range.start + less.len()).max(range.start + lead);
        if next == range {
            break;
        }
        range = next;
    }
    let word = text.get(range.clone())?;
    let long = word.chars().count() > 40;
    let left = GENERIC.replace_all(word, "");
    let names = NAME.is_match(word) || !strict;
    (!long && names && !DEED.is_match(word) && !left.trim().is_empty()).then_some(range)
}
