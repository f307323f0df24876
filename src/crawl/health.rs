//! How a source is: what one visit cannot tell, told against what is known of it.

use super::visit::{Look, Outcome, Visit, Who};
use crate::model::{
    Date, Entry, Fault, NoticeId, Reading, Region, Sitting, SourceState, Timestamp, Verdict,
    china_date,
};
use crate::plan;
use crate::store::KnownNotice;

/// Rows of a list that its sketch holds.
const SKETCHED: usize = 24;
/// A live notice that has not answered for so many hours is a fault of its source.
const SILENT: i64 = 24;

/// A list in short: a number for each of its first rows.
pub fn sketch(entries: &[Entry]) -> String {
    let numbers = entries
        .iter()
        .take(SKETCHED)
        .filter_map(|e| e.keys.first())
        .map(|key| format!("{:08x}", checksum(key)));
    numbers.collect::<Vec<_>>().join(" ")
}

/// Whether two sketches are of one list: at least half of the rows are the same.
pub fn alike(before: &str, now: &str) -> bool {
    let rows = now.split(' ').count();
    let same = now
        .split(' ')
        .filter(|n| before.split(' ').any(|b| b == *n));
    !now.is_empty() && same.count() * 2 >= rows
}

/// Hours for which a list must stay short, or without dates, before that is how it is now.
const ACCEPT: i64 = 24;

/// Whether a list that could not be believed, and is seen again, is now the list: a rebuilt site at
/// the second sight, a short list or one without dates when it has been so for a day. Rubbish
/// never is.
pub fn lasts(fault: &Fault, since: Option<Timestamp>, now: Timestamp) -> bool {
    let long = || since.is_some_and(|since| now.duration_since(since).as_hours() >= ACCEPT);
    match fault.reason.as_str() {
        "no_overlap" => true,
        "row_drop" | "undated" => long(),
        _ => false,
    }
}

/// FNV-1a.
fn checksum(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// A live notice that was asked for in this visit and the one before, and has not answered for a
/// day: its page fails while the list is well.
pub fn silent(
    visit: &Visit,
    state: &SourceState,
    known: &[KnownNotice],
    now: Timestamp,
) -> Option<Fault> {
    let last_visit = state.last_visit?;
    visit.looks.iter().find_map(|look| {
        let (Who::Known(id), Outcome::Failed(fault)) = (&look.who, &look.outcome) else {
            return None;
        };
        let notice = &known.iter().find(|n| n.notice.id == *id)?.notice;
        let fetched = notice.last_fetched?;
        let silent = fetched < last_visit && now.duration_since(fetched).as_hours() >= SILENT;
        (silent && lives(notice, now)).then(|| fault.clone())
    })
}

/// Whether a notice is asked for on every run.
fn lives(notice: &crate::model::Notice, now: Timestamp) -> bool {
    let today = china_date(now);
    let facts = notice.latest.as_ref().map(|v| &v.reading.facts);
    let windows = facts.map_or(&[][..], |f| f.windows.as_slice());
    let published = facts.and_then(|f| f.published).or(notice.published);
    plan::due(
        &plan::Known {
            published: published.unwrap_or_else(|| china_date(notice.first_seen)),
            last_window: windows.iter().filter_map(|w| w.end.or(w.start)).max(),
            fetched: Some(today),
            doubtful: false,
            row_changed: false,
        },
        today,
    )
}

/// Days after a sitting's first day from which its certificates are waited for, and until which.
const WAITING: std::ops::RangeInclusive<i32> = 30..=200;

/// For how many days a list has given nothing new, where that is longer than its region lets one
/// expect while a sitting's certificates are waited for. None = nothing is odd.
pub fn stale(
    newest: Date,
    region: Option<&Region>,
    sittings: &[Sitting],
    watched: &[String],
    today: Date,
) -> Option<i32> {
    let days = |then: Date| then.until(today).map_or(0, |span| span.get_days());
    let held = |s: &Sitting| region.is_none_or(|r| !s.not_held.contains(&r.id));
    let waited = |s: &&Sitting| {
        (watched.is_empty() || watched.contains(&s.exam))
            && held(s)
            && WAITING.contains(&days(s.first))
    };
    sittings.iter().find(waited)?;
    let patience = match region.and_then(|r| r.tier) {
        Some(1) => 21,
        Some(2) => 30,
        _ => 45,
    };
    Some(days(newest)).filter(|quiet| *quiet > patience)
}

/// Whether a reading lost all its windows together with nearly all its words: the page is read in
/// the wrong place, or another one answers. `old` and `new` are the texts.
pub fn lost(before: &Reading, old: &str, after: &Reading, new: &str) -> bool {
    if before.facts.windows.is_empty() || !after.facts.windows.is_empty() {
        return false;
    }
    let line = |l: &str| l.split_whitespace().collect::<String>();
    let kept: std::collections::HashSet<String> = new.lines().map(line).collect();
    let lines: Vec<String> = old.lines().map(line).filter(|l| !l.is_empty()).collect();
    let still = lines.iter().filter(|l| kept.contains(*l)).count();
    still * 5 < lines.len()
}

/// The fault of a source whose notices are suddenly read without facts.
pub fn no_facts(url: &str) -> Fault {
    let what = "the notice had windows, and now nearly nothing of it can be read; \
                it is believed if the next visit sees the same";
    Fault::new(Verdict::Layout, "no_facts", what).at(url)
}

/// Which known notices the rows are that no key recognises: the page's own title and publication
/// date say so, where the notice itself is no longer in the list. Index of the entry, notice.
pub fn renamed(
    visit: &Visit,
    recognised: &[Option<NoticeId>],
    known: &[KnownNotice],
) -> Vec<(usize, NoticeId)> {
    let mut out: Vec<(usize, NoticeId)> = Vec::new();
    for look in &visit.looks {
        let Some((row, article)) = fresh(look) else {
            continue;
        };
        let same = known.iter().find(|k| {
            let id = k.notice.id;
            let facts = k.notice.latest.as_ref().map(|v| &v.reading.facts);
            !recognised.contains(&Some(id))
                && !out.iter().any(|(_, taken)| *taken == id)
                && article.published.is_some()
                && facts
                    .is_some_and(|f| f.title == article.title && f.published == article.published)
        });
        if let Some(same) = same {
            out.push((row, same.notice.id));
        }
    }
    out
}

/// A row that was read for the first time.
fn fresh(look: &Look) -> Option<(usize, &crate::model::Article)> {
    match (&look.who, &look.outcome) {
        (Who::Row(row), Outcome::Read(_, article)) if !article.title.is_empty() => {
            Some((*row, article))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Window;

    #[test]
    fn two_sights_of_one_list_are_alike() {
        let list = |ids: std::ops::Range<u32>| {
            let entry = |n| Entry {
                keys: vec![format!("doc:{n}")],
                url: String::new(),
                title: String::new(),
                title_cut: false,
                published: None,
                external: false,
            };
            sketch(&ids.map(entry).collect::<Vec<_>>())
        };
        for (before, now, want) in [
            (list(0..20), list(0..20), true),
            (list(0..20), list(3..23), true),
            (list(0..20), list(15..35), false),
            (list(0..20), list(0..0), false),
        ] {
            assert_eq!(alike(&before, &now), want, "{before} | {now}");
        }
    }

    #[test]
    fn a_list_is_stale_only_while_certificates_are_waited_for() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let sitting = Sitting {
            exam: "ruankao".into(),
            id: "2026H1".into(),
            first: day("2026-05-23"),
            last: None,
            basis: String::new(),
            not_held: vec!["xj".into()],
        };
        let region = |id: &str, tier: u8| Region {
            id: id.into(),
            tier: Some(tier),
            ..Region::default()
        };
        for (id, tier, newest, today, want) in [
            ("gd", 1, "2026-07-01", "2026-07-22", None),
            ("gd", 1, "2026-07-01", "2026-07-23", Some(22)),
            ("gx", 3, "2026-07-01", "2026-07-23", None),
            ("gx", 3, "2026-07-01", "2026-08-20", Some(50)),
            ("xj", 3, "2026-07-01", "2026-08-20", None),
            ("gd", 1, "2026-04-01", "2026-06-01", None),
            ("gd", 1, "2026-07-01", "2027-02-01", None),
        ] {
            let sittings = std::slice::from_ref(&sitting);
            let region = region(id, tier);
            let got = stale(day(newest), Some(&region), sittings, &[], day(today));
            assert_eq!(got, want, "{id} {newest} {today}");
        }
    }

    #[test]
    fn a_withdrawn_window_is_believed_and_a_vanished_notice_is_not() {
        let mut with = Reading::default();
        with.facts.windows = vec![
            serde_json::from_value::<Window>(serde_json::json!({
                "method": "onsite", "hours": [], "quote": ""
            }))
            .unwrap(),
        ];
        let none = Reading::default();
        let old = "各位考生：\n一、领取时间\n12月14日至25日\n二、地点\n三楼大厅\n三、材料\n身份证";
        let withdrawn = "各位考生：\n一、领取时间\n另行通知\n二、地点\n三楼大厅\n三、材料\n身份证";
        let elsewhere = "版权所有\n联系我们";
        for (before, after, new, want) in [
            (&with, &none, elsewhere, true),
            (&with, &none, withdrawn, false),
            (&with, &with, elsewhere, false),
            (&none, &none, elsewhere, false),
        ] {
            assert_eq!(lost(before, old, after, new), want, "{new}");
        }
    }
}
