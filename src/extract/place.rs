//! Where certificates are handed out. Each rule finds the words of a place; [`address`] cuts them
//! into name and address. Where one asks, registers or sits an exam is no place.

use super::address::Spot;
use super::spots::{self, Hit};
use super::table::Column;
use super::words::{self, sentence_from};
use super::{Doc, address, listed, serves, table, walk};
use crate::model::facts::{Found, Place};
use regex::{Captures, Regex};
use std::cell::Cell;
use std::ops::Range;
use std::sync::LazyLock;

/// A way to name a place. `make` gives the range of the place's words from a match; capture `x`
/// is where they begin.
struct Rule {
    name: &'static str,
    /// Characters one of which every match holds: text without them is not searched.
    cue: &'static [char],
    pattern: &'static str,
    make: fn(&Doc, &Captures, usize) -> Option<Range<usize>>,
}

const RULES: [Rule; 12] = [
    Rule {
        name: "place.label",
        cue: &['点', '址', '口', '所', '位', '构', '门'],
        pattern: r"(?:地\s*[点址]|窗口|场所|(?:领取|发放|发证|领证|受理)(?:单位|机构|部门))(?:为|是|在|设在|位于|不变|仍为|:)+(?P<x>)",
        make: labelled,
    },
    Rule {
        name: "place.direct",
        cue: &['点', '址'],
        pattern: r"(?:领取|发放|领证|取证|办理)地[点址](?P<x>)[^\s,。;:()“”、为是在设位不仍及和与见详由将已另原]",
        make: |doc, found, base| {
            let range = sentence_from(doc, start(found, base)?);
            let first = words::split(doc.text(), range, |c, _| c == ',');
            let first = first.into_iter().next()?;
            address::has_house(doc.text().get(first.clone())?).then_some(first)
        },
    },
    Rule {
        name: "place.goto",
        cue: &['到', '赴', '往', '至', '来'],
        pattern: r"(?:前往|前来|到|赴|往|至|来)(?P<x>)[^场期位后底付时达了目此今如现年0-9]",
        make: |doc, found, base| walk::read(doc, found, base, true),
    },
    Rule {
        name: "place.at",
        cue: &['在', '于'],
        pattern: r"(?:在|于)(?P<x>)[^0-9]",
        make: |doc, found, base| walk::read(doc, found, base, false),
    },
    Rule {
        name: "place.group_at",
        cue: &['在'],
        pattern: r"(?:^|[,。:;])[^,。:;\n]{0,24}(?:考区|考点|考生|单位|人员)在(?P<x>)[^0-9]",
        make: group_at,
    },
    Rule {
        name: "place.asked",
        cue: &['哪'],
        pattern: r"哪(?:里|儿|个窗口)?[^,。;:?\n]{0,6}[:?]\s*(?:答:)?(?P<x>)",
        make: asked,
    },
    Rule {
        name: "place.corrected",
        cue: &['点', '址'],
        pattern: r"地[点址][^。\n]{0,80}?(?:更正|变更|调整|更改|改|修改|移|迁|搬|应)(?:为|在|到|至):?(?P<x>)",
        make: quoted,
    },
    Rule {
        name: "place.ask_for",
        cue: &['找', '向'],
        pattern: r",(?:请)?(?:直接)?(?:找|向)(?P<x>)",
        make: |doc, found, base| to_end(doc, found, base),
    },
    Rule {
        name: "place.issued_by",
        cue: &['由'],
        pattern: r"(?:考区|考生|(?:发放|发证)(?:单位|机构)[。:])的?(?:证书)?(?::?由|委托)(?P<x>)[^,。;\n]{4,30}?(?:统一|负责)*(?:发放|领取|领回)(?:后[^,。;\n]{0,8})?[,。;)\n]",
        make: issued_by,
    },
    Rule {
        name: "place.is",
        cue: &['点', '址', '位', '构'],
        pattern: r"(?P<x>)(?:为|是)(?:证书|现场)?(?:的)?(?:领取|发放|领证|发证)(?:地点|地址|单位|机构|点)",
        make: |doc, found, base| {
            let end = start(found, base)?;
            let before = words::before(doc, end);
            let words = doc.text().get(before.clone())?;
            let from = words.rfind([',', ':']).map_or(0, |i| i + 1);
            ((12..150).contains(&(words.len() - from))).then_some(before.start + from..end)
        },
    },
    Rule {
        name: "place.hand_in",
        cue: &['料'],
        pattern: r"材料[^,。;\n到]{0,6}(?:报送|送交|递交|交)(?:到|至)?(?P<x>)",
        make: hand_in,
    },
    Rule {
        name: "place.clause",
        cue: &['号', '弄'],
        pattern: r"(?:^|[,。:;\t])(?P<x>)",
        make: clause,
    },
];

/// Most words such as 到 and 在 that are followed, in one notice.
const MOST_TRIES: usize = 20_000;

static PATTERNS: LazyLock<Vec<Regex>> =
    LazyLock::new(|| RULES.iter().map(|r| super::regex(r.pattern)).collect());

/// Collecting that is not collecting one's certificate.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"准考证(?:打印|领取|发放)|(?:打印|下载)准考证|票据|发票|收据|(?:市州|州市|各市|考区|机构|部门)[^,。;]{0,12}派[人员]|登记一次|定期登记|年检|继续教育|审核[时地材]|(?:接受|参加|进行|现场)[^合格通过]{0,4}审核|复审|复核|现场确认|缴费|考试地点|例如|^例|如[A-Z*\d]{4}|举例|送到|寄到|停止|暂停|退回|退件|无法送达|原领|不能再|不再|快递员|疑义|登录",
    )
});

/// A label that goes on without a border: `领取地址是…`.
static LABELLED: LazyLock<Regex> =
    LazyLock::new(|| super::regex(r"^[^,。;:(]{0,8}地[点址](?:为|是|在|位于)"));

/// Groups that are sent on behind a label: [`walk::read`] reads where to.
static SENT: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^[^,。;(]{0,30}(?:考生|人员|考区|单位|学员|的)[^,。;(]{0,4}[到至赴往]\p{Han}|^[^,。;(]{1,20}考[区生点]在\p{Han}|^哪",
    )
});

/// Opening hours.
static HOURS: LazyLock<Regex> = LazyLock::new(|| super::regex(r"\d ?: ?\d\d|[上下]午\d"));

/// Headings under which a place is something else.
static OTHER_HEAD: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(r"审核|复审|复核|复查|确认|报名|准考证|缴费|票据|考试[时地]|监督|投诉|测试[时地]")
});
static PICKUP_HEAD: LazyLock<Regex> =
    LazyLock::new(|| super::regex(r"领取|领证|发放|发证|自取|取证|领回|窗口|现场|补领|补办|证书"));

/// Labels in front of a place that is not for handing out.
static OTHER_LABEL: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^原|考试|测试|审核|复审|复核|确认|收件|邮寄|收货|通[讯信]|网|报名|家庭|寄送|电子|邮箱|培训|服务器|IP",
    )
});

/// Names that tell an office by a rule instead of naming it.
static BY_RULE: LazyLock<Regex> =
    LazyLock::new(|| super::regex(r"所选|所在|报名|报考|^各|当地|选定|指定|相应|属地|^[市县]级"));

/// In a bracket: where others go.
static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| super::regex(r"到[^,。]*(?:中心|[院局厅]),"));

fn start(found: &Captures, base: usize) -> Option<usize> {
    Some(base + found.name("x")?.start())
}

fn labelled(doc: &Doc, found: &Captures, base: usize) -> Option<Range<usize>> {
    // What kind of place it labels stands in front.
    let here = base + found.get(0)?.start();
    let before = doc.text().get(words::before(doc, here))?;
    let stop = |c: char| c.is_whitespace() || ",。;:()“”、".contains(c);
    let what: Vec<char> = before
        .chars()
        .rev()
        .take(10)
        .take_while(|c| !stop(*c))
        .collect();
    if OTHER_LABEL.is_match(&what.into_iter().rev().collect::<String>()) {
        return None;
    }
    let range = sentence_from(doc, start(found, base)?);
    let words = doc.text().get(range.clone())?;
    (!words.is_empty() && !SENT.is_match(words)).then_some(range)
}

fn quoted(doc: &Doc, found: &Captures, base: usize) -> Option<Range<usize>> {
    let at = start(found, base)?;
    let range = sentence_from(doc, at);
    let words = doc.text().get(range.clone())?;
    let (open, close) = (words.find('“'), words.find('”'));
    match (open, close) {
        (Some(a), Some(b)) if a < b => Some(at + a + '“'.len_utf8()..at + b),
        _ => Some(range),
    }
}

fn to_end(doc: &Doc, found: &Captures, base: usize) -> Option<Range<usize>> {
    let range = sentence_from(doc, start(found, base)?);
    let words = doc.text().get(range.clone())?;
    (!words.contains(',')).then_some(range)
}

fn issued_by(doc: &Doc, found: &Captures, base: usize) -> Option<Range<usize>> {
    let at = start(found, base)?;
    let words = doc.text().get(at..base + found.get(0)?.end())?;
    // Behind a group's colon an employer's own department may fetch; an office hands on.
    let colon = doc.text().get(..at)?.ends_with(":由");
    if colon && !words.contains("领回") && !words.contains("发放") {
        return None;
    }
    let end = words.find("统一").or_else(|| words.find("负责"));
    let end = end
        .or_else(|| words.find("发放"))
        .or_else(|| words.find("领取"))?;
    Some(at..at + end)
}

/// The next group behind a comma.
static NEXT_GROUP: LazyLock<Regex> =
    LazyLock::new(|| super::regex(r"^[^,。:;\n]{0,24}(?:考区|考点|考生|单位|人员)在"));

/// `领取地点:甲考区在…;其他考区在…`: behind a label that announces places no verb is needed.
fn group_at(doc: &Doc, found: &Captures, base: usize) -> Option<Range<usize>> {
    let at = start(found, base)?;
    let here = doc.fold.span(at..at).start;
    let label = doc.headings(here).next().unwrap_or("");
    let announced = (label.contains("地点")
        || question(doc, here).is_some_and(|q| q.contains('哪')))
        && !OTHER_HEAD.is_match(label);
    let parts = words::split(doc.text(), sentence_from(doc, at), |c, rest| {
        c == ',' && NEXT_GROUP.is_match(rest)
    });
    parts.into_iter().next().filter(|_| announced)
}

/// The answer to `在哪领?`, if it is a place.
fn asked(doc: &Doc, found: &Captures, base: usize) -> Option<Range<usize>> {
    let here = base + found.get(0)?.start();
    let question = doc
        .text()
        .get(words::before(doc, here).start..start(found, base)?)?;
    let first = words::split(
        doc.text(),
        sentence_from(doc, start(found, base)?),
        |c, _| c == ',',
    );
    let first = first.into_iter().next()?;
    let words = doc.text().get(first.clone())?;
    let direct = !words.starts_with(|c: char| "到在于由至凭持请前往赴".contains(c));
    let placed = direct && (address::has_house(words) || address::is_office(words));
    (placed && !OTHER_HEAD.is_match(question)).then_some(first)
}

/// Papers go to an office that the notice names; where it only tells which, the way from there
/// is not told.
fn hand_in(doc: &Doc, found: &Captures, base: usize) -> Option<Range<usize>> {
    let range = sentence_from(doc, start(found, base)?);
    let first = words::split(doc.text(), range, |c, _| c == ',')
        .into_iter()
        .next()?;
    (!BY_RULE.is_match(doc.text().get(first.clone())?)).then_some(first)
}

/// A clause that is nothing but a place, under words that speak of collecting in person.
fn clause(doc: &Doc, found: &Captures, base: usize) -> Option<Range<usize>> {
    let at = start(found, base)?;
    let range = sentence_from(doc, at);
    let first = words::split(doc.text(), range, |c, _| c == ',')
        .into_iter()
        .next()?;
    let words = doc.text().get(first.clone())?;
    let mut front = words.split(':').next()?.chars().skip(4).take(60);
    if !front.any(|c| c.is_ascii_digit()) {
        return None;
    }
    let outer = words::outer(words);
    // What stood in a notice that is corrected; a label's words; a group's place, which has a
    // rule of its own.
    if words.contains("原为")
        || words.contains('“')
        || LABELLED.is_match(words)
        || NEXT_GROUP.is_match(words)
    {
        return None;
    }
    let placed = address::has_house(words)
        && (address::is_office(words) || address::has_house(&outer))
        && !outer.starts_with(|c: char| "到在于由至凭持请前往赴".contains(c));
    (placed && speaks_of_collecting(doc, at)).then_some(first)
}

/// The unit above an offset, if it ends as a question or with a colon.
fn question<'d>(doc: &'d Doc, here: usize) -> Option<&'d str> {
    let above = doc.unit_at(here).checked_sub(1)?;
    let words = doc.fold.of(doc.units.get(above)?.span).trim_end();
    words.ends_with(['?', ':']).then_some(words)
}

/// Whether the heading, the question above or opening hours in the same sentence say that the
/// place at an offset is where one collects.
fn speaks_of_collecting(doc: &Doc, at: usize) -> bool {
    let here = doc.fold.span(at..at).start;
    let before = doc.text().get(words::before(doc, at)).unwrap_or("");
    doc.headings(here)
        .chain(question(doc, here))
        .any(|h| PICKUP_HEAD.is_match(h) || h.ends_with("领?"))
        || HOURS.is_match(before)
}

fn allowed(doc: &Doc, range: &Range<usize>) -> bool {
    let before = words::before(doc, range.start);
    if OTHER.is_match(doc.text().get(before).unwrap_or("")) {
        return false;
    }
    let here = doc.fold.span(range.clone()).start;
    !doc.headings(here)
        .skip(1)
        .any(|h| OTHER_HEAD.is_match(h) && !PICKUP_HEAD.is_match(h))
}

/// Places where certificates are handed out, in the order of the text.
pub(super) fn read(doc: &Doc) -> Vec<Found<Place>> {
    let mut hits: Vec<Hit> = Vec::new();
    let tables = doc.tables();
    for row in table::rows(doc, tables) {
        hits.push(Hit {
            spot: row.spot,
            scope: row.scope,
            range: row.range,
            rule: "place.table",
        });
    }
    let tabled = hits.len() > 1;
    let lines = listed::read(doc);
    let several = lines.len() > 1;
    for line in lines {
        if tabled && vague(doc, &line.spot, line.scope.as_ref()) {
            continue;
        }
        hits.push(Hit {
            spot: line.spot,
            scope: line.scope,
            range: line.range,
            rule: "place.list",
        });
    }
    let tabled = tabled || several;
    let tries = Cell::new(0);
    for unit in &doc.units {
        let range = doc.fold.range(unit.span);
        let placed = |c| matches!(c, Column::Name | Column::Address | Column::Old);
        if tables.ruled(unit.kind, placed) {
            continue;
        }
        let words = doc.text().get(range.clone()).unwrap_or("");
        let mut found: Vec<(Range<usize>, &'static str)> = RULES
            .iter()
            .zip(PATTERNS.iter())
            .filter(|(rule, _)| words.contains(rule.cue))
            .flat_map(|(rule, pattern)| {
                let base = range.start;
                let ranges = pattern.captures_iter(words);
                let ranges = ranges.take_while(|_| tries.replace(tries.get() + 1) < MOST_TRIES);
                ranges.filter_map(move |c| Some(((rule.make)(doc, &c, base)?, rule.name)))
            })
            .filter(|(at, _)| allowed(doc, at))
            .map(|(at, rule)| (before_inner(doc.text(), at), rule))
            .collect();
        // The longest words say most: an address inside an office's brackets is that office's.
        found.sort_by_key(|(at, _)| std::cmp::Reverse(at.len()));
        found.truncate(64);
        for (at, rule) in found {
            take(doc, at, rule, tabled, &mut hits);
        }
    }
    // An office that is only told by a rule, for everyone, beside one that is named for everyone.
    let named = hits
        .iter()
        .any(|h| h.scope.is_none() && h.spot.address.is_some() && h.spot.name.is_some());
    if named {
        hits.retain(|h| !vague(doc, &h.spot, h.scope.as_ref()));
    }
    spots::settle(doc, hits)
}

/// Whether an office is only told by a rule, for everyone: beside a table that names it, it is
/// no place of its own.
fn vague(doc: &Doc, spot: &Spot, scope: Option<&Range<usize>>) -> bool {
    let words = spot.name.clone().and_then(|n| doc.text().get(n));
    spot.address.is_none() && scope.is_none() && BY_RULE.is_match(words.unwrap_or(""))
}

/// Reads the words of a place, of several places joined by 、, and of places inside brackets.
fn take(doc: &Doc, range: Range<usize>, rule: &'static str, tabled: bool, hits: &mut Vec<Hit>) {
    let overlaps = |r: &Range<usize>, h: &Hit| h.range.start < r.end && r.start < h.range.end;
    if hits.iter().rev().take(64).any(|h| overlaps(&range, h)) {
        return;
    }
    let text = doc.text();
    let mut parts = words::split(text, range.clone(), |c, _| c == '、');
    let several = parts.len() > 1
        && parts
            .iter()
            .all(|p| address::is_office(text.get(p.clone()).unwrap_or("")));
    if !several {
        parts = vec![range];
    }
    for part in parts {
        let Some(spot) = address::read(doc, part.clone(), false) else {
            continue;
        };
        let scope = serves::of(doc, part.start);
        if !(tabled && vague(doc, &spot, scope.as_ref())) {
            hits.push(Hit {
                spot,
                scope,
                range: part,
                rule,
            });
        }
    }
}

/// A bracket that says where others go is a place of its own: the words before it.
fn before_inner(text: &str, range: Range<usize>) -> Range<usize> {
    let words = text.get(range.clone()).unwrap_or("");
    match words.split_once('(') {
        Some((name, inner)) if ELSEWHERE.is_match(inner) => range.start..range.start + name.len(),
        _ => range,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(place: &Place) -> String {
        let mut out = String::new();
        let mut add = |mark: &str, words: Option<&String>| {
            if let Some(words) = words {
                out += &format!("{mark}{words}");
            }
        };
        add("", place.scope.as_ref().map(|s| format!("{s} > ")).as_ref());
        add("", place.name.as_ref());
        add(" @ ", place.address.as_ref());
        let phones = (!place.phones.is_empty()).then(|| place.phones.join(" "));
        add(" # ", phones.as_ref());
        out
    }

    #[test]
    fn corpus() {
        let names = RULES.iter().map(|r| r.name).chain(["place.list"]);
        super::super::corpus::check(
            "place.corpus",
            include_str!("place.corpus"),
            names,
            |line| {
                let article = super::super::plain(&line.text);
                let found = read(&Doc::new(&article));
                for f in &found {
                    assert!(!f.span.unwrap().of(&article.text).is_empty());
                }
                let made = found.iter().map(|f| f.rule).collect();
                (found.iter().map(|f| shown(&f.value)).collect(), made)
            },
        );
    }
}
