//! Why a reading is not certain: two readings compete, or what it would rest on is missing. An
//! ordinary notice gives no reason. The reasons are sentences for people; `render` knows them in
//! its languages.

use super::date::Shape;
use super::window::Draft;
use crate::model::{Date, Found};

/// The page states no date of publication, and the year rests on it.
pub(super) const NO_PUBLISHED: &str =
    "the page states no date of publication; its last date was taken";
/// No year is written, and the days lie before the notice.
const BEFORE: &str = "no year is written, and the time ends before the notice was published";
/// The year is written, and the days lie before the notice.
const OVER: &str = "the time ends before the notice was published";
/// No year is written, and the days lie far from the notice.
const FAR: &str = "no year is written, and the time lies far from the day of publication";
/// Nothing near the date speaks of handing out.
const UNSAID: &str = "no word near the date says that certificates are handed out then";
/// Two times for one thing.
const RIVAL: &str = "another time is stated for the same";
/// The title's sitting is not the text's.
pub(super) const OTHER_SITTING: &str = "the title and the text name different sittings";
/// Only a watched name in the title.
pub(super) const ONLY_WATCHED: &str = "only the name of a watched exam stands in the title";
/// Only the beginning of the text.
pub(super) const ONLY_SUBJECT: &str = "the name only stands at the beginning of the text";
/// Who collects for others goes somewhere.
pub(super) const GOES: &str = "inferred: who collects for a unit goes somewhere";
/// A title that tells nothing.
pub(super) const UNTITLED: &str = "the title does not say what the notice is about";

/// How far ahead of its notice, in days, a time without a year is plainly meant.
const PLAIN: i32 = 183;

/// Marks the windows that are not certain. `near` is the published date.
pub(super) fn windows(drafts: &mut [Draft], near: Option<Date>) {
    let rivals: Vec<bool> = (0..drafts.len()).map(|i| rival(drafts, i)).collect();
    for (draft, rival) in drafts.iter_mut().zip(rivals) {
        let hit = &draft.hit;
        let yearless = hit.yearless;
        let days = |d: Option<Date>| near.and_then(|n| Some(n.until(d?).ok()?.get_days()));
        let over = days(hit.end).is_some_and(|d| d < 0);
        let far = days(hit.start.or(hit.end)).is_some_and(|d| d > PLAIN);
        let why = match (yearless, over, far) {
            (true, true, _) => Some(BEFORE),
            (false, true, _) => Some(OVER),
            (true, _, true) => Some(FAR),
            _ if rival => Some(RIVAL),
            // Whose time it is, or its hours, tell what it is for.
            _ if draft.unsaid && draft.scope.is_none() && draft.opening.is_empty() => Some(UNSAID),
            _ => None,
        };
        draft.hit.doubt = draft.hit.doubt.or(why);
    }
}

/// How many windows are compared with one another: a table of counties has its groups.
const FEW: usize = 24;

/// Whether another stretch of time for the same way and group overlaps this one without holding
/// it or lying in it.
fn rival(drafts: &[Draft], i: usize) -> bool {
    let stretch = |d: &Draft| Some((d.hit.start?, d.hit.end?));
    let Some(own) = drafts.get(i).filter(|_| drafts.len() <= FEW) else {
        return false;
    };
    let Some((start, end)) = stretch(own).filter(|_| own.hit.shape == Shape::Range) else {
        return false;
    };
    drafts.iter().enumerate().any(|(k, other)| {
        let same = k != i
            && other.hit.shape == Shape::Range
            && (other.method, &other.scope) == (own.method, &own.scope);
        same && stretch(other).is_some_and(|(from, to)| {
            (from < start && start <= to && to < end) || (start < from && from <= end && end < to)
        })
    })
}

/// The same finding with a reason for doubt, where there is one.
pub(super) fn with<T>(found: Found<T>, why: Option<&'static str>) -> Found<T> {
    match why {
        Some(why) => found.doubted(why),
        None => found,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Doc, plain, window};
    use super::*;

    #[test]
    fn a_window_is_doubted_for_one_reason_or_none() {
        let ways = window::Ways {
            onsite: true,
            ..window::Ways::default()
        };
        for (near, text, want) in [
            ("2024-03-01", "3月5日至15日到窗口领取证书。", &[None][..]),
            (
                "2024-03-01",
                "证书已到。\n3月5日至15日，9:00-11:30。",
                &[None],
            ),
            (
                "2024-03-01",
                "3月5日起凭身份证领取证书，5月31日截止。",
                &[None],
            ),
            (
                "2024-03-01",
                "12月5日至18日到窗口领取证书。",
                &[Some(BEFORE)],
            ),
            (
                "2024-03-01",
                "2023年12月5日至18日到窗口领取证书。",
                &[Some(OVER)],
            ),
            ("2024-03-01", "9月20日至30日到窗口领取证书。", &[Some(FAR)]),
            ("2024-03-01", "2024年9月20日至30日到窗口领取证书。", &[None]),
            ("2024-03-01", "证书已到。\n3月5日至15日。", &[Some(UNSAID)]),
            (
                "2024-03-01",
                "3月5日至15日到窗口领取证书。\n领取时间：3月10日至20日。",
                &[Some(RIVAL), Some(RIVAL)],
            ),
            (
                "2024-03-01",
                "3月5日至15日到窗口领取证书。\n领取时间：3月5日至6日。",
                &[None, None],
            ),
            (
                "",
                "领取时间：3月5日至15日。\n甲市人事局\n2024年3月1日",
                &[Some(NO_PUBLISHED)],
            ),
        ] {
            let mut article = plain(text);
            article.title = "软考证书领取通知".to_string();
            let (found, _) = window::read(&Doc::new(&article), near.parse().ok(), &ways);
            let got: Vec<Option<&str>> = found.iter().map(|w| w.doubt.as_deref()).collect();
            assert_eq!(got, want, "{text}");
        }
    }
}
