//! Lists of offices in paragraphs: a label with nothing behind it, and lines below it.

use super::address::{self, Spot};
use super::table::TIMES;
use super::{Doc, words};
use crate::model::BlockKind;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// A heading after which lines hold places.
static HEAD: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"(?:领取|发放|领证|发证|办理|受理|补领|自取|取证|补办).{0,6}(?:地\s*[点址]|窗口|机构|单位|安排)|^地\s*[点址]|各(?:市|考区|县区|报名点|领取点).{0,8}(?:地[点址]|联系方式|电话)",
    )
});

/// The last clause of a paragraph after which lines hold places.
static TAIL: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"(?:领取|发放|领证|发证|办理|补领)(?:地点|地址|点|单位|机构|窗口|安排)[^,。;:更变]{0,8}(?:如下)?:$|各?考[点区](?:安排|地点|地址)?如下:$|^具体为:$",
    )
});

static PICKUP: LazyLock<Regex> = LazyLock::new(|| super::regex(r"领取|领证|发放|发证|取证|证书"));

/// The words before a list inside a sentence.
static INSIDE: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"各?(?:领取|发放|领证|发证|办证|办理|补领)(?:地点|地址|点|单位|机构|窗口)(?:为|是|如下|分别为)?:",
    )
});

/// A district and a comma in front of its office.
static DISTRICT: LazyLock<Regex> =
    LazyLock::new(|| super::regex(r"^\s*(?P<g>[^:,。;(\d]{2,8}(?:[市区县州旗]|考[区点])),"));

/// Headings of other places.
static OTHER: LazyLock<Regex> =
    LazyLock::new(|| super::regex(r"审核|考试地|测试地|报名地|确认|^原"));

/// Whom the line serves, before a colon.
static SERVES: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^\s*(?:\(?[\d一二三四五六七八九十]{1,3}\)?[、.)]|[①-⑳])?\s*(?P<g>[^:,。;(\d]{2,40}(?:\([^)]{1,10}\))?)\s*[: ]\s*",
    )
});

/// One of several points, told by the part of the town that it serves.
static POINT: LazyLock<Regex> =
    LazyLock::new(|| super::regex(r"^[^的证]{2,8}(?:[领发][取证放]点|校区)$"));

/// `某局:负责市直考生。` names the office first.
static CHARGED: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^\s*(?:\(?[\d一二三四五六七八九十]{1,3}\)?[、.)]|[①-⑳])?\s*(?P<n>[^:,。;]{3,30})[:,]?负责(?:为|向)?(?P<g>[^。;:]{2,60}?(?:考生|人员|考区|单位))(?:的?(?:证书)?(?:发放|领取|办理)[^,。;]{0,6})?[。;,]?\s*$",
    )
});

/// A place of a list.
pub(super) struct Line {
    /// The place.
    pub spot: Spot,
    /// Whom it serves.
    pub scope: Option<Range<usize>>,
    /// Its words.
    pub range: Range<usize>,
}

/// The places of all lists, in order.
pub(super) fn read(doc: &Doc) -> Vec<Line> {
    let mut out = Vec::new();
    let mut open = false;
    for (index, unit) in doc.units.iter().enumerate() {
        out.extend(within(doc, doc.fold.range(unit.span)));
        if matches!(unit.kind, BlockKind::Row { .. }) || announces(doc, index) {
            open = announces(doc, index);
            continue;
        }
        if !open && !unit.parent.is_some_and(|p| announces(doc, p)) {
            continue;
        }
        let found = line(doc, doc.fold.range(unit.span));
        open = open && found.is_some();
        out.extend(found);
    }
    out
}

/// A list inside a sentence: `各办证点为:甲区,甲区某局,023-…;乙区,…。`
fn within(doc: &Doc, unit: Range<usize>) -> Vec<Line> {
    let words = doc.text().get(unit.clone()).unwrap_or("");
    let Some(head) = INSIDE.find(words) else {
        return Vec::new();
    };
    let from = unit.start + head.end();
    let rest = doc.text().get(from..unit.end).unwrap_or("");
    let to = rest.find(['。', '\n']).map_or(unit.end, |i| from + i);
    let parts = words::split(doc.text(), from..to, |c, _| c == ';');
    let all = parts.len();
    let lines: Vec<Line> = parts.into_iter().filter_map(|p| line(doc, p)).collect();
    if all > 1 && lines.len() == all {
        lines
    } else {
        Vec::new()
    }
}

/// Whether a unit is a label with nothing behind it that announces places.
fn announces(doc: &Doc, index: usize) -> bool {
    doc.units.get(index).is_some_and(|u| {
        let words = doc.fold.of(u.span).trim().trim_end_matches('-');
        if words.ends_with(':') {
            let last = words.rsplit([',', '。', ';']).next().unwrap_or(words);
            if TAIL.is_match(last) && PICKUP.is_match(words) && !OTHER.is_match(last) {
                return true;
            }
        }
        let label = u.label.map_or("", |l| doc.fold.of(l));
        let rest = words.len().saturating_sub(label.len());
        let bare =
            !label.is_empty() && rest < 14 && words.ends_with([':']) | words.ends_with(label);
        bare && HEAD.is_match(label) && !OTHER.is_match(label)
    })
}

fn charged(doc: &Doc, range: &Range<usize>) -> Option<Line> {
    let found = CHARGED.captures(doc.text().get(range.clone())?)?;
    let at = |name: &str| {
        let m = found.name(name)?;
        Some(range.start + m.start()..range.start + m.end())
    };
    let name = at("n")?;
    Some(Line {
        spot: address::read(doc, name.clone(), true)?,
        scope: at("g"),
        range: name,
    })
}

fn line(doc: &Doc, range: Range<usize>) -> Option<Line> {
    if let Some(line) = charged(doc, &range) {
        return Some(line);
    }
    let text = doc.text();
    let words = text.get(range.clone())?;
    let serves = DISTRICT.captures(words).or_else(|| SERVES.captures(words));
    let serves = serves.and_then(|c| {
        let (group, all) = (c.name("g")?, c.get(0)?);
        let name = group.as_str().trim();
        let label = name.contains(['间', '式']) || HEAD.is_match(name) || name.contains("电话");
        let serves = !address::is_office(name) || POINT.is_match(name);
        (!label && serves).then(|| {
            let group = range.start + group.start()..range.start + group.end();
            (group, range.start + all.end())
        })
    });
    let from = serves.as_ref().map_or(range.start, |(_, rest)| *rest);
    let to = text
        .get(from..range.end)?
        .find('。')
        .map_or(range.end, |i| from + i);
    // What the office is charged with is no part of its name.
    let to = text.get(from..to)?.find("负责").map_or(to, |i| from + i);
    let spot = address::read(doc, from..to, false)?;
    let named = spot.name.clone().and_then(|n| text.get(n)).unwrap_or("");
    let housed = spot
        .address
        .clone()
        .and_then(|a| text.get(a))
        .is_some_and(address::has_house);
    let times = words::split(text, from..to, |c, _| c == ',')
        .into_iter()
        .filter(|r| TIMES.is_match(text.get(r.clone()).unwrap_or("")))
        .map(|r| r.len())
        .sum::<usize>();
    let solid = housed
        || !spot.phones.is_empty()
        || address::is_office(named) && to - from < named.len() + times + 12;
    solid.then(|| Line {
        spot,
        scope: serves.map(|(group, _)| group),
        range: from..to,
    })
}
