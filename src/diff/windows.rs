//! Windows keep their ids over the versions of a notice.

use crate::model::{Date, Window};

/// Gives every new window the id of the old one that it continues: same method and scope first,
/// then the nearest dates. A window that continues none takes an id from `fresh`.
pub fn pair_windows(old: &[Window], new: &mut [Window], mut fresh: impl FnMut() -> String) {
    let mut pairs: Vec<(u32, usize, usize)> = Vec::new();
    for (i, o) in old.iter().enumerate() {
        for (j, n) in new.iter().enumerate() {
            if let Some(cost) = distance(o, n) {
                pairs.push((cost, i, j));
            }
        }
    }
    pairs.sort_unstable();
    let mut taken = vec![false; old.len()];
    let mut given: Vec<Option<String>> = vec![None; new.len()];
    for (_, i, j) in pairs {
        if let (Some(o), Some(t), Some(g)) = (old.get(i), taken.get_mut(i), given.get_mut(j))
            && !*t
            && g.is_none()
        {
            *g = o.id.clone();
            *t = true;
        }
    }
    for (window, id) in new.iter_mut().zip(given) {
        window.id = Some(id.unwrap_or_else(&mut fresh));
    }
}

/// How far two windows are apart; None where the one cannot continue the other.
fn distance(old: &Window, new: &Window) -> Option<u32> {
    let days = |a: Option<Date>, b: Option<Date>| match (a, b) {
        (Some(a), Some(b)) => a
            .until(b)
            .map_or(999, |s| s.get_days().unsigned_abs().min(999)),
        (None, None) => 0,
        _ => 60,
    };
    let dates = days(old.start, new.start) + days(old.end, new.end);
    let cost = match (old.method == new.method, old.scope == new.scope) {
        (true, true) => 0,
        (true, false) => 400,
        (false, true) => 800,
        (false, false) => return None,
    };
    // A window of another half year is another window, whatever its scope.
    (dates < 360).then_some(cost + dates)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts::WindowMethod;

    fn window(scope: &str, start: &str, end: &str) -> Window {
        Window {
            id: None,
            method: WindowMethod::Onsite,
            start: start.parse().ok(),
            end: end.parse().ok(),
            start_time: None,
            end_time: None,
            days: None,
            hours: Vec::new(),
            scope: (!scope.is_empty()).then(|| scope.to_string()),
            estimate: false,
            quote: String::new(),
        }
    }

    #[test]
    fn an_extended_window_keeps_its_id_and_a_new_city_gets_a_new_one() {
        let mut n = 0;
        let mut fresh = || {
            n += 1;
            format!("12-w{n}")
        };
        let mut old = vec![
            window("市直", "2026-12-14", "2026-12-25"),
            window("越秀区", "2026-12-14", "2026-12-25"),
        ];
        pair_windows(&[], &mut old, &mut fresh);
        let mut new = vec![
            window("天河区", "2026-12-21", "2026-12-31"),
            window("越秀区", "2026-12-14", "2026-12-28"),
            window("市直", "2026-12-14", "2026-12-25"),
        ];
        pair_windows(&old, &mut new, &mut fresh);
        let ids: Vec<_> = new.iter().map(|w| w.id.as_deref().unwrap()).collect();
        assert_eq!(ids, ["12-w3", "12-w2", "12-w1"]);
    }

    #[test]
    fn next_years_window_is_another() {
        let mut old = vec![window("", "2026-01-05", "2026-01-20")];
        pair_windows(&[], &mut old, || "1-w1".into());
        let mut new = vec![window("", "2027-01-04", "2027-01-19")];
        pair_windows(&old, &mut new, || "1-w2".into());
        assert_eq!(new[0].id.as_deref(), Some("1-w2"));
    }
}
