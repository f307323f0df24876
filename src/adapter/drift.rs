//! A list against its last good snapshot: what looks right by itself may be another page.

use super::rows::ListPage;
use crate::model::{Fault, Verdict};
use std::collections::HashSet;

/// What the last good visit saw of a list.
#[derive(Debug, Clone, Default)]
pub struct Before {
    /// Keys of all entries.
    pub keys: HashSet<String>,
    /// How many entries.
    pub entries: usize,
    /// How many of them had a date.
    pub dated: usize,
}

/// Lists shorter than this prove nothing.
const FEW: usize = 4;

/// Compares a list with its last good snapshot; None where nothing is odd, or there is no
/// snapshot. A fault asks for a second look, and leaves the snapshot as it is:
///
/// - `undated`: fewer than half of the rows have a date, and before they had;
/// - `no_overlap`: no row was there before: a rebuilt site, or another page;
/// - `row_drop`: more than 60 % of the rows are missing: a cut body, a cache, an attack page;
/// - `mojibake`: the titles are rubbish, the charset was misread.
pub fn after_rows(now: &ListPage, before: Option<&Before>) -> Option<Fault> {
    let rows = now.entries.len();
    let rubbish = now
        .entries
        .iter()
        .filter(|e| super::verdict::is_rubbish_title(&e.title))
        .count();
    if rubbish > 0 && rubbish * 5 >= rows {
        let detail = format!("{rubbish} of {rows} titles are rubbish: the charset was misread");
        return Some(Fault::new(Verdict::Encoding, "mojibake", detail));
    }
    let before = before?;
    if before.entries < FEW {
        return None;
    }
    if rows * 5 < before.entries * 2 {
        let detail = format!("{rows} rows where there were {}", before.entries);
        return Some(Fault::new(Verdict::Partial, "row_drop", detail));
    }
    let known = |k: &String| before.keys.contains(k);
    if rows >= FEW && !now.entries.iter().any(|e| e.keys.iter().any(known)) {
        let detail = "no row was there at the last visit: another page, or a rebuilt site";
        return Some(Fault::new(Verdict::Layout, "no_overlap", detail));
    }
    if rows >= FEW && now.dated * 2 < rows && before.dated * 2 >= before.entries {
        let detail = format!("only {} of {rows} rows have a date", now.dated);
        return Some(Fault::new(Verdict::Layout, "undated", detail));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Entry;

    fn list(ids: std::ops::Range<usize>, dated: usize, title: &str) -> ListPage {
        let entry = |n: usize| Entry {
            keys: vec![format!("doc:{n}"), format!("a.cn/{n}.html")],
            url: format!("https://a.cn/{n}.html"),
            title: title.to_owned(),
            title_cut: false,
            published: None,
            external: false,
        };
        ListPage {
            verdict: Verdict::Ok,
            entries: ids.map(entry).collect(),
            faults: Vec::new(),
            more: Vec::new(),
            total: None,
            dated,
            carried: std::collections::HashMap::new(),
        }
    }

    fn before(ids: std::ops::Range<usize>, dated: usize) -> Before {
        Before {
            entries: ids.len(),
            keys: ids.map(|n| format!("doc:{n}")).collect(),
            dated,
        }
    }

    #[test]
    fn drift() {
        let fine = "关于领取证书的通知";
        for (now, was, want) in [
            (list(0..20, 20, fine), None, ""),
            (list(0..20, 0, fine), None, ""),
            (list(5..25, 20, fine), Some(before(0..20, 20)), ""),
            (
                list(20..40, 20, fine),
                Some(before(0..20, 20)),
                "no_overlap",
            ),
            (list(0..7, 7, fine), Some(before(0..20, 20)), "row_drop"),
            (list(0..8, 8, fine), Some(before(0..20, 20)), ""),
            (list(0..20, 9, fine), Some(before(0..20, 20)), "undated"),
            (list(0..20, 0, fine), Some(before(0..20, 0)), ""),
            (list(9..12, 0, fine), Some(before(0..3, 3)), ""),
            (
                list(0..20, 20, "鍏充簬棰嗗彇璇佷功鐨勯€氱煡"),
                Some(before(0..20, 20)),
                "mojibake",
            ),
        ] {
            let got = after_rows(&now, was.as_ref())
                .map(|f| f.reason)
                .unwrap_or_default();
            assert_eq!(got, want, "{} rows", now.entries.len());
        }
    }
}
