//! Which exams and sittings a notice is for: the title's words, else the body's. A name begins
//! behind the year (or behind 关于领取 and the region) and ends before the certificate.

use super::{Doc, Fold, Hint, region};
use crate::model::facts::ExamRef;
use crate::model::{Found, Span};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// A sitting's year, half and number, glued to the name. A day (5月23日) is no sitting.
static SITTING: LazyLock<Regex> = LazyLock::new(|| {
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

/// What stands before a name in a title without a year, piece by piece.
static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^(?:[\p{Han}]{2,20}(?:局|厅|中心|院|委员会|办公室)关于|关于|做好|开展|组织|领取|集中|发放|办理|申领|颁发|公布|印发|受理|启用|推行|实行|暂停|恢复|推迟|延期|延迟|暂缓|调整|更正|公告|更换|换发|补发|补办|核发|旧版|新版|全面|参加|通过|符合|部分|我[市省区]|本[市省区]|[(\[、的]|[\p{Han}]{2,6}(?:考区|考点))",
    )
});

/// Words that are in every name: what holds nothing else names no exam.
static GENERIC: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"专业技术|技术|人员|职业|执业|职|执|业|资格|考试|各类|各项|全国|国家|省级|统一|水平|等级|证书|证|技能|旧版|新版|部分|专业|补办|更换|申请|考核|鉴定|测试|以下|人事|[()、和及与等的各类项度一级省市区本我]",
    )
});

/// What an exam's name holds, somewhere.
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"资格|考试|测试|测评|鉴定|软考|师|员|水平|等级|会计|职称|[0-9A-Z]{3,}|护士|翻译|社工",
    )
});

/// Behind a year, these say that the year is somebody's or something else's.
static FOREIGN: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^(?:以[前后上来]|及以|之前|应届|毕业|底|初[至到起前]|[0-9]|前|后|起|开始|的|至|到|-|~)",
    )
});

/// Exams and sittings, in the order of the text. Empty for notices that speak of all exams.
pub(super) fn read(doc: &Doc, hint: &Hint, body_too: bool) -> Vec<Found<ExamRef>> {
    let title = Fold::new(&doc.article.title);
    let words = |span: Span| span.of(&doc.article.title).to_string();
    let mut found: Vec<Found<ExamRef>> = sittings(&title.text, 0..title.text.len())
        .into_iter()
        .map(|s| Found::outside(s.exam(|r| words(title.span(r))), "exam.title.sitting"))
        .collect();
    if found.is_empty() {
        found.extend(bare(&title.text).map(|range| {
            let name = words(title.span(range));
            let (year, half) = year_in_body(doc, &super::fold(&name));
            Found::outside(ExamRef { name, year, half }, "exam.title.name")
        }));
    }
    let open = found.len() == 1 && title.text.contains('等') && is_list(&title, &found);
    if (found.is_empty() && body_too) || open {
        let all = in_body(doc);
        if !all.is_empty() {
            found = all;
        }
    } else if body_too {
        more_sittings(doc, &mut found);
    }
    if found.is_empty() {
        found.extend(watched(doc, hint, &title.text));
    }
    found
}

/// A name with its year and half, as ranges of the text that was read.
struct Sitting {
    name: Range<usize>,
    year: Option<i16>,
    half: Option<u8>,
}

impl Sitting {
    fn exam(&self, words: impl Fn(Range<usize>) -> String) -> ExamRef {
        let name = words(self.name.clone());
        ExamRef {
            name,
            year: self.year,
            half: self.half,
        }
    }
}

/// Sittings written as year and name within a range of a folded text.
fn sittings(text: &str, within: Range<usize>) -> Vec<Sitting> {
    let part = text.get(within.clone()).unwrap_or("");
    let (mut out, mut waiting): (Vec<Sitting>, Vec<(Option<i16>, Option<u8>)>) = Default::default();
    for c in SITTING.captures_iter(part) {
        let Some(all) = c.get(0) else { continue };
        let year: Option<i16> = c.name("y").and_then(|y| y.as_str().parse().ok());
        let halves: &[Option<u8>] = match c.name("h").map(|h| h.as_str()) {
            None => &[None],
            Some("上半年") => &[Some(1)],
            Some("下半年") => &[Some(2)],
            Some(_) => &[Some(1), Some(2)],
        };
        let rest = part.get(all.end()..).unwrap_or("");
        waiting.extend(halves.iter().map(|&h| (year, h)));
        if rest.starts_with(['、', '和', '及', '与'])
            && rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
        {
            continue;
        }
        let written = all.as_str().contains('年');
        if written && !FOREIGN.is_match(rest) {
            for name in names(rest, true) {
                let at = within.start + all.end();
                let name = at + name.start..at + name.end;
                let same = |s: &Sitting| s.name == name;
                for &(year, half) in &waiting {
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
fn names(text: &str, strict: bool) -> Vec<Range<usize>> {
    let end = END.find(text).map_or(text.len(), |m| m.start());
    let exam = EXAM.find(text).filter(|m| m.start() <= end);
    let end = exam.map_or(end, |m| m.end());
    let whole = text.get(..end).unwrap_or("");
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    for (i, c) in whole.char_indices().chain([(whole.len(), '、')]) {
        if !matches!(c, '、' | '和' | '及' | '与') {
            continue;
        }
        let part = whole.get(from..i).unwrap_or("");
        let last = i == whole.len();
        let complete = part.ends_with(['师', '员', '试']) || part.ends_with("资格");
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
    (!long && names && !left.trim().is_empty()).then_some(range)
}

/// A name in a title that gives no year.
fn bare(title: &str) -> Option<Range<usize>> {
    let mut at = 0;
    loop {
        let rest = title.get(at..)?;
        let step = LEAD.find(rest).map_or(0, |m| m.end());
        let step = if step > 0 { step } else { region::lead(rest) };
        if step == 0 {
            break;
        }
        at += step;
    }
    // A region that a name needs (广西考区) is cut; an office's word never begins a name.
    let rest = title.get(at..)?;
    let rest = match SITTING.captures(rest).filter(|c| {
        c.get(0)
            .is_some_and(|m| m.start() == 0 && m.as_str().contains('年'))
    }) {
        Some(c) => {
            let skip = c.get(0)?.end();
            at += skip;
            let tail = title.get(at..)?;
            let own = FOREIGN
                .is_match(tail)
                .then(|| tail.find("毕业生").map_or(0, |i| i + "毕业生".len()));
            at += own.unwrap_or(0);
            title.get(at..)?
        }
        None => rest,
    };
    let name = names(rest, true).into_iter().next()?;
    Some(at + name.start..at + name.end)
}

/// The year that the body puts before the title's name.
fn year_in_body(doc: &Doc, name: &str) -> (Option<i16>, Option<u8>) {
    let text = doc.text();
    let found = text.match_indices(name).find_map(|(at, _)| {
        let head = text.get(..at)?;
        let line = head.rfind(['\n', '。', ';', ',']).map_or(0, |i| i + 1);
        let head = head.get(line..)?;
        let c = SITTING.captures_iter(head).last()?;
        let glued = c.get(0)?.end() == head.len() && c.get(0)?.as_str().contains('年');
        let half = match c.name("h").map(|h| h.as_str()) {
            Some("上半年") => Some(1),
            Some("下半年") => Some(2),
            _ => None,
        };
        glued.then(|| (c.name("y").and_then(|y| y.as_str().parse().ok()), half))
    });
    found.unwrap_or_default()
}

/// Names with a year in the body, each once.
fn in_body(doc: &Doc) -> Vec<Found<ExamRef>> {
    let mut out: Vec<Found<ExamRef>> = Vec::new();
    for sitting in sittings(doc.text(), 0..doc.text().len()) {
        let span = doc.fold.span(sitting.name.clone());
        let exam = sitting.exam(|r| doc.words(doc.fold.span(r)).to_string());
        let known = |f: &Found<ExamRef>| {
            (f.value.year, f.value.half) == (exam.year, exam.half)
                && (f.value.name.contains(&exam.name) || exam.name.contains(&f.value.name))
        };
        if !out.iter().any(known) {
            out.push(Found::new(exam, span, "exam.body.sitting"));
        }
    }
    out.truncate(12);
    out
}

/// Whether the title's exam is the first of a list that only the body gives in full (等三项考试).
fn is_list(title: &Fold, found: &[Found<ExamRef>]) -> bool {
    found.first().is_some_and(|f| {
        let name = super::fold(&f.value.name);
        title
            .text
            .split_once(&name)
            .is_some_and(|(_, rest)| rest.starts_with('等') && !rest.starts_with("等级"))
    })
}

/// Other sittings of the title's exam whose certificates the body speaks of.
fn more_sittings(doc: &Doc, found: &mut Vec<Found<ExamRef>>) {
    let Some(first) = found
        .first()
        .map(|f| f.value.clone())
        .filter(|_| found.len() == 1)
    else {
        return;
    };
    let name = super::fold(&first.name);
    let general = first.year.is_none();
    let add = |year: Option<i16>, half: Option<u8>, span: Span, found: &mut Vec<Found<ExamRef>>| {
        let same = |f: &Found<ExamRef>| f.value.year == year && f.value.half == half;
        if found.len() < 12 && !found.iter().any(same) {
            let exam = ExamRef {
                name: first.name.clone(),
                year,
                half,
            };
            found.push(Found::new(exam, span, "exam.body.other_sitting"));
        }
    };
    let text = doc.text();
    for c in SITTING.captures_iter(text) {
        let Some(all) = c.get(0).filter(|m| m.as_str().contains('年')) else {
            continue;
        };
        let rest = text.get(all.end()..).unwrap_or("");
        let line_start = text
            .get(..all.start())
            .is_some_and(|h| h.is_empty() || h.ends_with('\n'));
        let listed =
            general && line_start && (rest.starts_with("考试取得") || rest.starts_with('\t'));
        let named = rest
            .strip_prefix(name.as_str())
            .is_some_and(|r| r.starts_with("证书") || r.starts_with("合格证"));
        if !(named && !general || listed) {
            continue;
        }
        let year = c.name("y").and_then(|y| y.as_str().parse().ok());
        let half = match c.name("h").map(|h| h.as_str()) {
            Some("上半年") => Some(1),
            Some("下半年") => Some(2),
            _ => None,
        };
        add(year, half, doc.fold.span(all.range()), found);
    }
    if general && found.len() > 1 {
        found.remove(0);
    }
}

/// A watched exam by its name, where no other rule finds one.
fn watched(doc: &Doc, hint: &Hint, title: &str) -> Option<Found<ExamRef>> {
    hint.exams.iter().find_map(|name| {
        let folded = super::fold(name);
        title.contains(&folded).then(|| {
            let (year, half) = year_in_body(doc, &folded);
            let name = name.clone();
            Found::outside(ExamRef { name, year, half }, "exam.watched")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::corpus;

    /// A line is a title, and behind the first line break a body.
    #[test]
    fn corpus() {
        let rules = [
            "exam.title.sitting",
            "exam.title.name",
            "exam.body.sitting",
            "exam.body.other_sitting",
            "exam.watched",
        ];
        let hint = Hint {
            exams: vec!["网工".into()],
            ..Hint::default()
        };
        corpus::check("exam", include_str!("exam.corpus"), rules, |line| {
            let (title, body) = line.text.split_once('\n').unwrap_or((&line.text, ""));
            let mut article = crate::extract::plain(body);
            article.title = title.to_string();
            let found = read(&Doc::new(&article), &hint, true);
            let words = |f: &Found<ExamRef>| {
                let part = |n: Option<String>| n.unwrap_or("-".into());
                let (year, half) = (
                    f.value.year.map(|y| y.to_string()),
                    f.value.half.map(|h| h.to_string()),
                );
                format!("{} {} {}", f.value.name, part(year), part(half))
            };
            (
                found.iter().map(words).collect(),
                found.iter().map(|f| f.rule).collect(),
            )
        });
    }
}
