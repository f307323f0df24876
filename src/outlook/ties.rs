//! Which notice a correction or a postponement speaks of.

use super::belong::dated;
use crate::model::facts::{ExamRef, NoticeKind};
use crate::model::{Notice, NoticeId};
use std::collections::{BTreeMap, HashSet};

/// Days back in which a correction looks for its notice: windows of one sitting are told within.
const REACH: i32 = 400;
/// Share of the shorter title's pairs of characters that the other must hold.
const LIKE: f64 = 0.6;

/// Each correction and postponement with the notice that it corrects: of the same source, not
/// later, with a title much alike or the same exam and sitting. Of several, the most alike, then
/// the latest. A correction that corrects a correction is tied to what that one corrects.
pub fn ties(notices: &[Notice]) -> Vec<(NoticeId, NoticeId)> {
    let mut by_source: BTreeMap<&str, Vec<&Notice>> = BTreeMap::new();
    for notice in notices.iter().filter(|n| n.kind.is_some_and(corrects)) {
        by_source.entry(&notice.source).or_default();
    }
    for notice in notices
        .iter()
        .filter(|n| n.kind.is_some_and(NoticeKind::told))
    {
        // Most sources correct nothing.
        if let Some(list) = by_source.get_mut(notice.source.as_str()) {
            list.push(notice);
        }
    }
    let mut out = Vec::new();
    for list in by_source.into_values() {
        let titled = list.into_iter().map(|notice| Titled {
            notice,
            pairs: pairs(&notice.title),
        });
        let (later, plain): (Vec<Titled>, Vec<Titled>) =
            titled.partition(|t| t.notice.kind.is_some_and(corrects));
        for later in &later {
            let best = plain
                .iter()
                .filter(|t| earlier(t.notice, later.notice))
                .filter_map(|t| Some((likeness(t, later)?, dated(t.notice), t.notice.id)))
                .max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
            if let Some((_, _, id)) = best {
                out.push((later.notice.id, id));
            }
        }
    }
    out
}

/// A notice with the pairs of its title.
struct Titled<'a> {
    notice: &'a Notice,
    pairs: HashSet<(char, char)>,
}

fn corrects(kind: NoticeKind) -> bool {
    matches!(kind, NoticeKind::Correction | NoticeKind::Postponement)
}

fn earlier(notice: &Notice, than: &Notice) -> bool {
    let days = dated(notice)
        .until(dated(than))
        .map_or(-1, |span| span.get_days());
    (0..=REACH).contains(&days)
}

/// How much alike two notices are; None = not enough for a tie.
fn likeness(earlier: &Titled, later: &Titled) -> Option<f64> {
    let (exams, named) = (exams(earlier.notice), exams(later.notice));
    let sitting = |e: &ExamRef| Some((e.year?, e.half?));
    let (theirs, ours): (HashSet<_>, HashSet<_>) = (
        exams.iter().filter_map(sitting).collect(),
        named.iter().filter_map(sitting).collect(),
    );
    if !theirs.is_empty() && !ours.is_empty() && theirs.is_disjoint(&ours) {
        return None;
    }
    let (words, other) = (&later.pairs, &earlier.pairs);
    let shorter = words.len().min(other.len()).max(1);
    let like = words.intersection(other).count() as f64 / shorter as f64;
    let same = exams
        .iter()
        .any(|e| e.year.is_some() && e.half.is_some() && named.contains(e));
    (like >= LIKE || same).then_some(like)
}

fn exams(notice: &Notice) -> &[ExamRef] {
    let version = notice.latest.as_ref();
    version.map_or(&[], |v| &v.reading.facts.exams)
}

/// Neighbouring characters of a title, without marks and without the words of correcting.
fn pairs(title: &str) -> HashSet<(char, char)> {
    let mut bare = title.to_string();
    for word in [
        "关于", "更正", "补充", "延期", "推迟", "暂停", "通知", "公告", "通告", "的",
    ] {
        bare = bare.replace(word, "");
    }
    let chars: Vec<char> = bare.chars().filter(|c| c.is_alphanumeric()).collect();
    chars
        .iter()
        .copied()
        .zip(chars.iter().copied().skip(1))
        .collect()
}
