//! Which exams and sittings a notice is for: the title's words, else the body's. A name begins
//! behind the year (or behind 关于领取 and the region) and ends before the certificate.

use super::rule::MOST;
use super::sitting::{self, FOREIGN, SITTING, names, sittings};
use super::{Doc, Fold, Hint, doubt, region};
use crate::model::facts::ExamRef;
use crate::model::{Found, Span};
use regex::{Captures, Regex};
use std::ops::Range;
use std::sync::LazyLock;

/// What stands before a name in a title without a year, piece by piece.
static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^(?:[\p{Han}]{2,20}(?:局|厅|中心|院|委员会|办公室)关于|关于|做好|开展|组织|领取|集中|疫情防控期间|疫情期间|发放|办理|申领|颁发|公布|印发|受理|启用|推行|实行|暂停|恢复|推迟|延期|延迟|暂缓|调整|更正|公告|更换|换发|补发|补办|核发|旧版|新版|全面|参加|通过|符合|部分|我[市省区]|本[市省区]|[(\[、的]|[\p{Han}]{2,6}(?:考区|考点))",
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
            let (year, half) = sitting_of(doc, &title.text, &super::fold(&name));
            Found::outside(ExamRef { name, year, half }, "exam.title.name")
        }));
    }
    let disputed = found.len() == 1 && disputed(doc, &found);
    let open = found.len() == 1 && title.text.contains('等') && is_list(&title, &found);
    if (found.is_empty() && body_too) || open {
        let all = in_body(doc);
        if !all.is_empty() {
            found = all;
        }
    } else if body_too && !disputed {
        more_sittings(doc, &mut found);
    }
    if disputed {
        found = found
            .into_iter()
            .map(|f| f.doubted(doubt::OTHER_SITTING))
            .collect();
    }
    if found.is_empty() {
        found.extend(watched(doc, hint, &title.text));
    }
    if found.is_empty() && body_too {
        found.extend(subject(doc));
    }
    found
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

/// The sitting of a title's exam whose year the title does not glue to the name: in brackets at
/// its end, before the name in the body, or with a name like it.
fn sitting_of(doc: &Doc, title: &str, name: &str) -> (Option<i16>, Option<u8>) {
    let plain = |c: &Captures| {
        (
            sitting::year(c),
            sitting::halves(c).first().copied().flatten(),
        )
    };
    let bracket = title
        .rsplit_once('(')
        .map(|(_, b)| b)
        .and_then(|b| SITTING.captures(b));
    if let Some(c) = bracket.filter(|c| sitting::is_year(c)) {
        return plain(&c);
    }
    let text = doc.text();
    let found = text.match_indices(name).take(MOST).find_map(|(at, _)| {
        let head = text.get(..at)?.rsplit(['\n', '。', ';', ',']).next()?;
        let c = SITTING.captures_iter(head).last()?;
        let glued = c.get(0)?.end() == head.len() && sitting::is_year(&c);
        glued.then(|| plain(&c))
    });
    let alike = || {
        let found = in_body(doc).into_iter().next()?.value;
        alike(name, &super::fold(&found.name)).then_some((found.year, found.half))
    };
    found.or_else(alike).unwrap_or_default()
}

/// Whether the text names other sittings of the title's exam, and never the title's.
fn disputed(doc: &Doc, found: &[Found<ExamRef>]) -> bool {
    let Some(own) = found.first().map(|f| &f.value) else {
        return false;
    };
    let name = super::fold(&own.name);
    let mut others = in_body(doc)
        .into_iter()
        .map(|f| f.value)
        .filter(|e| e.year.is_some() && alike(&name, &super::fold(&e.name)))
        .peekable();
    let same = |e: ExamRef| {
        e.year == own.year && (e.half == own.half || e.half.is_none() || own.half.is_none())
    };
    own.year.is_some() && others.peek().is_some() && !others.any(same)
}

/// Whether two names speak of one exam (初中级会计职称, 初、中级会计专业技术资格考试): two thirds of
/// the characters of the shorter stand in the longer.
fn alike(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let count = short.chars().count();
    let shared = short.chars().filter(|&c| long.contains(c)).count();
    count >= 4 && shared * 3 >= count * 2
}

/// Names with a year in the body, each once.
fn in_body(doc: &Doc) -> Vec<Found<ExamRef>> {
    let mut out: Vec<Found<ExamRef>> = Vec::new();
    for sitting in sittings(doc.text(), 0..doc.text().len()) {
        let places = below(doc.text(), sitting.name.clone());
        let rule = match places {
            Some(_) => "exam.body.list",
            None => "exam.body.sitting",
        };
        for place in places.unwrap_or_else(|| vec![sitting.name.clone()]) {
            let span = doc.fold.span(place);
            let name = doc.words(span).to_string();
            let exam = ExamRef {
                name,
                ..sitting.exam(|_| String::new())
            };
            let known = |f: &Found<ExamRef>| {
                (f.value.year, f.value.half) == (exam.year, exam.half)
                    && (f.value.name.contains(&exam.name) || exam.name.contains(&f.value.name))
            };
            if !out.iter().any(known) {
                out.push(Found::new(exam, span, rule));
            }
        }
    }
    out.truncate(12);
    out
}

/// `下列职业资格…：甲师、乙师（一级）。`: the names behind the colon; None where the words announce
/// no list.
fn below(text: &str, name: Range<usize>) -> Option<Vec<Range<usize>>> {
    let words = text.get(name.clone())?;
    if !["下列", "以下", "如下"]
        .iter()
        .any(|w| words.starts_with(w))
    {
        return None;
    }
    let rest = text.get(name.end..)?;
    let rest = rest.get(..rest.find(['。', ';', '\n']).unwrap_or(rest.len()))?;
    let Some(colon) = rest.find(':') else {
        return Some(Vec::new());
    };
    let (mut out, mut depth) = (Vec::new(), 0);
    let list = rest.get(colon + 1..)?;
    let mut from = 0;
    for (i, c) in list.char_indices().chain([(list.len(), '、')]) {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            '、' | '和' | '及' if depth == 0 => {
                let start = name.end + colon + 1 + from;
                let part = list.get(from..i)?;
                let whole = |n: &Range<usize>| start + n.start..start + part.trim_end().len();
                out.extend(names(part, true).first().map(whole));
                from = i + c.len_utf8();
            }
            _ => {}
        }
    }
    Some(out)
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

/// The certificate of the title's exam.
static SAME: LazyLock<Regex> =
    LazyLock::new(|| super::regex("^的?(?:该项|此项|该考试|同一)(?:考试)?(?:资格)?(?:合格)?证书"));

fn is_figure(c: char) -> bool {
    c.is_ascii_digit()
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
    let mut waiting: Vec<(Option<i16>, Option<u8>, Span)> = Vec::new();
    for c in SITTING.captures_iter(text).take(MOST) {
        let Some(all) = c.get(0).filter(|m| m.as_str().contains('年')) else {
            continue;
        };
        let rest = text.get(all.end()..).unwrap_or("");
        let line_start = text
            .get(..all.start())
            .is_some_and(|h| h.is_empty() || h.ends_with('\n'));
        let listed =
            general && line_start && (rest.starts_with("考试取得") || rest.starts_with('\t'));
        let named = SAME.is_match(rest)
            || rest
                .strip_prefix(name.as_str())
                .is_some_and(|r| r.starts_with("证书") || r.starts_with("合格证"));
        let half = sitting::halves(&c).first().copied().flatten();
        waiting.push((sitting::year(&c), half, doc.fold.span(all.range())));
        if rest.starts_with(['、', '和', '及']) && rest.chars().nth(1).is_some_and(is_figure) {
            continue;
        }
        let sittings = std::mem::take(&mut waiting);
        if named && !general || listed {
            for (year, half, span) in sittings {
                add(year, half, span, found);
            }
        }
    }
    if general && found.len() > 1 {
        found.remove(0);
    }
}

/// The name with which the body begins, where it says what the exam is or who holds it.
fn subject(doc: &Doc) -> Option<Found<ExamRef>> {
    let words = doc.fold.of(doc.units.first()?.span);
    let name = names(words, true).into_iter().next()?;
    let goes_on = words.get(name.end..)?.starts_with(['由', '是']);
    let start = doc.fold.range(doc.units.first()?.span).start;
    let span = doc.fold.span(start + name.start..start + name.end);
    (name.start == 0 && goes_on).then(|| {
        let name = doc.words(span).to_string();
        Found::new(
            ExamRef {
                name,
                year: None,
                half: None,
            },
            span,
            "exam.body.subject",
        )
        .doubted(doubt::ONLY_SUBJECT)
    })
}

/// A watched exam by its name, where no other rule finds one.
fn watched(doc: &Doc, hint: &Hint, title: &str) -> Option<Found<ExamRef>> {
    hint.exams.iter().find_map(|name| {
        let folded = super::fold(name);
        title.contains(&folded).then(|| {
            let (year, half) = sitting_of(doc, title, &folded);
            let name = name.clone();
            Found::outside(ExamRef { name, year, half }, "exam.watched")
                .doubted(doubt::ONLY_WATCHED)
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
            "exam.body.list",
            "exam.body.other_sitting",
            "exam.watched",
            "exam.body.subject",
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
