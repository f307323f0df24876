//! What several rules found of places, joined into one list: the same office told twice is one,
//! numbers and addresses given apart are brought home.

use super::address::Spot;
use super::words::{self, sentence_from, tail};
use super::{Doc, phone, serves};
use crate::model::facts::{Found, Place};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// A place with where it was found.
pub(super) struct Hit {
    /// Its words.
    pub spot: Spot,
    /// Whom it serves.
    pub scope: Option<Range<usize>>,
    /// All that was read.
    pub range: Range<usize>,
    /// The rule that found it.
    pub rule: &'static str,
}

/// Most places of one notice: a province has a few hundred offices.
const MOST: usize = 2000;

/// Offices whose number is not for collecting.
static FOREIGN: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(r"继续教育|登记办公|快递|邮政|物流|技术支持|纪检|监督|投诉|举报|客服")
});

static AGAIN: LazyLock<Regex> =
    LazyLock::new(|| super::regex(r"[到至在往](?:上述|以上|同一)(?:地[点址]|窗口)"));

/// A number behind the verb of a place's sentence: `到…领取,联系电话:…`.
fn behind(doc: &Doc, range: &Range<usize>) -> Vec<Range<usize>> {
    let rest = sentence_from(doc, range.end);
    let words = doc.text().get(rest.clone()).unwrap_or("");
    if words.is_empty()
        && let Some(line) = tail(doc, rest.end)
            .strip_prefix('\n')
            .and_then(|t| t.lines().next())
    {
        let from = rest.end + 1;
        let told = line.contains("电话") && line.find("电话").is_some_and(|i| i < 16);
        return if told {
            phone::within(doc, from..from + line.len())
        } else {
            Vec::new()
        };
    }
    match ["电话", "致电", "拨打"].iter().find_map(|w| words.find(w)) {
        Some(i) if i < 60 && !words.get(..i).unwrap_or("").contains('到') => {
            phone::within(doc, rest.start + i..rest.end)
        }
        _ => Vec::new(),
    }
}

/// Joins what speaks of one place and makes the values.
pub(super) fn settle(doc: &Doc, mut hits: Vec<Hit>) -> Vec<Found<Place>> {
    hits.sort_by_key(|h| h.range.start);
    hits.truncate(MOST);
    let mut kept: Vec<Hit> = Vec::new();
    for mut hit in hits {
        if hit.spot.phones.is_empty() && hit.rule != "place.table" {
            hit.spot.phones = behind(doc, &hit.range);
        }
        if let Some(owner) = kept.iter_mut().rev().take(64).find(|k| owns(doc, k, &hit)) {
            owner.spot.address = hit.spot.address;
            owner.spot.phones.extend(hit.spot.phones);
            continue;
        }
        match kept.iter_mut().rev().take(64).find(|k| same(doc, k, &hit)) {
            Some(known) => absorb(doc, known, hit),
            None => kept.push(hit),
        }
    }
    if kept.len() > 1 {
        bring_home(doc, &mut kept);
    }
    if let [only] = kept.as_mut_slice() {
        if only.spot.phones.is_empty() {
            only.spot.phones = enquiries(doc);
        }
        // Others are sent to the same place without its name.
        if AGAIN.is_match(doc.text()) {
            only.scope = None;
        }
    }
    kept.iter().map(|hit| value(doc, hit)).collect()
}

/// Words between a place's name and its number.
static CALLED: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(r"(?:领取点|考区|考点|窗口)?(?:的)?(?:咨询|联系|服务|办公)?(?:电话)?[: ]*$")
});

/// The one place without a number that the words in front of a number name: `香洲0756-5550101`.
fn labelled<'k>(doc: &Doc, kept: &'k mut [Hit], at: &Range<usize>) -> Option<&'k mut Hit> {
    let before = doc.text().get(words::before(doc, at.start))?;
    let before = before.get(..CALLED.find(before)?.start())?;
    let whose = before.rsplit([',', ' ', ':', '、', ';', ')']).next()?;
    if !(2..=10).contains(&whose.chars().count()) {
        return None;
    }
    let text = |r: &Option<Range<usize>>| {
        let words = r.clone().and_then(|r| doc.text().get(r));
        words.is_some_and(|w| w.contains(whose))
    };
    let mut named = kept
        .iter_mut()
        .take(64)
        .filter(|h| h.spot.phones.is_empty() && (text(&h.scope) || text(&h.spot.name)));
    let first = named.next()?;
    named.next().is_none().then_some(first)
}

/// Gives numbers to the places that words before or brackets behind them name: `024-5550101(省)`.
fn bring_home(doc: &Doc, kept: &mut [Hit]) {
    for at in enquiries(doc) {
        if let Some(hit) = labelled(doc, kept, &at) {
            hit.spot.phones.push(at);
            continue;
        }
        let rest = tail(doc, at.end);
        let inner = rest.strip_prefix('(').and_then(|r| r.split_once(')'));
        let Some(whose) = inner
            .map(|(w, _)| w)
            .filter(|w| (1..=30).contains(&w.len()))
        else {
            continue;
        };
        let named = kept.iter_mut().take(64).find(|hit| {
            let name = hit.spot.name.clone().and_then(|n| doc.text().get(n));
            hit.spot.phones.is_empty() && name.is_some_and(|n| n.contains(whose))
        });
        if let Some(hit) = named {
            hit.spot.phones.push(at);
        }
    }
}

fn same(doc: &Doc, a: &Hit, b: &Hit) -> bool {
    if a.rule == "place.table" && b.rule == "place.table" {
        return false;
    }
    // A bracket behind a place that tells where others go.
    let between = doc.text().get(a.range.end..b.range.start).unwrap_or("");
    if between.starts_with('(') && !between.contains(')') && b.scope.is_some() {
        return false;
    }
    let words = |r: &Option<Range<usize>>| {
        let words = r.clone().and_then(|r| doc.text().get(r)).unwrap_or("");
        words::outer(words).replace(' ', "")
    };
    let (an, bn) = (words(&a.spot.name), words(&b.spot.name));
    let (aa, ba) = (words(&a.spot.address), words(&b.spot.address));
    if aa.is_empty() && bn.is_empty() && a.range.end <= b.range.start {
        let between = doc.text().get(a.range.end..b.range.start).unwrap_or("");
        return between.chars().count() < 16 && !between.contains(['。', ';']);
    }
    if !aa.is_empty() && !ba.is_empty() {
        return aa.ends_with(&ba) || ba.ends_with(&aa);
    }
    !an.is_empty() && !bn.is_empty() && (an.contains(&bn) || bn.contains(&an))
}

/// Whether words in front of `地址:` name the office of an earlier place, in full or by its kind:
/// `到市卫生局医政科领取。市局地址:…`.
fn owns(doc: &Doc, known: &Hit, hit: &Hit) -> bool {
    let name = known.spot.name.clone().and_then(|n| doc.text().get(n));
    let (Some(name), None, Some(_)) = (name, &known.spot.address, &hit.spot.address) else {
        return false;
    };
    let before = doc.text().get(words::before(doc, hit.range.start));
    let owner = before
        .and_then(|w| w.trim_end_matches(':').strip_suffix("地址"))
        .and_then(|w| w.rsplit([',', ' ']).next())
        .unwrap_or("");
    let short = owner.chars().count() <= 3;
    let kind = owner
        .char_indices()
        .next_back()
        .map(|(i, _)| owner.split_at(i));
    let alike = kind.is_some_and(|(head, last)| name.starts_with(head) && name.contains(last));
    owner.chars().count() > 1 && (name.contains(owner) || short && alike)
}

fn absorb(doc: &Doc, known: &mut Hit, hit: Hit) {
    let long = |r: &Option<Range<usize>>| r.as_ref().map_or(0, |r| r.len());
    let table = known.rule == "place.table";
    if !table && long(&hit.spot.name) > long(&known.spot.name) {
        known.spot.name = hit.spot.name;
    }
    if known.spot.address.is_none() && hit.spot.address.is_some() {
        known.spot.address = hit.spot.address;
    }
    for phone in hit.spot.phones {
        let words = doc.text().get(phone.clone());
        if !known
            .spot
            .phones
            .iter()
            .any(|p| doc.text().get(p.clone()) == words)
        {
            known.spot.phones.push(phone);
        }
    }
    if hit.scope.is_none() && !table {
        known.scope = None;
    }
}

/// The notice's own enquiry numbers, for the one place that it names. Numbers for questions about
/// the post count only where there are no others.
fn enquiries(doc: &Doc) -> Vec<Range<usize>> {
    let words = |at: &Range<usize>| {
        let around = words::before(doc, at.start).start..at.end;
        doc.text().get(around).unwrap_or("")
    };
    let own: Vec<Range<usize>> = doc
        .phones()
        .iter()
        .filter_map(|f| f.span)
        .map(|s| doc.fold.range(s))
        .filter(|at| !FOREIGN.is_match(words(at)))
        .collect();
    let posted = |at: &Range<usize>| ["邮寄", "寄递"].iter().any(|w| words(at).contains(w));
    if own.iter().all(posted) {
        return own;
    }
    own.into_iter().filter(|at| !posted(at)).collect()
}

fn value(doc: &Doc, hit: &Hit) -> Found<Place> {
    let words = |r: &Range<usize>| doc.words(doc.fold.span(r.clone())).trim().to_string();
    let name = hit.spot.name.as_ref().map(words);
    let scope = hit.scope.as_ref().map(words);
    let level = serves::level(name.as_deref(), scope.as_deref());
    let place = Place {
        scope,
        name,
        address: hit.spot.address.as_ref().map(words),
        phones: hit.spot.phones.iter().map(words).collect(),
        level,
    };
    Found::new(place, doc.fold.span(hit.range.clone()), hit.rule)
}
