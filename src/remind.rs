//! What is due to be said of where regions stand: reminders that the user asked for, and regions
//! that are late. Pure: the day is an argument, and what was told before is read from the journal.
//!
//! A reminder is told once for the day that it is about, and again where the office moves that day.
//! It stays due until that day is over, so that a machine that was off tells it late, once.

use crate::model::{
    Change, Date, Delta, Event, NoticeId, Remind, Stage, Standing, StandingWindow, Subject, When,
    china_date,
};
use jiff::ToSpan;
use std::collections::BTreeSet;

/// Something to be told now.
#[derive(Debug, Clone, PartialEq)]
pub struct Due {
    /// The standing.
    pub subject: Subject,
    /// [`Change::Reminder`] or [`Change::Late`].
    pub change: Change,
    /// The notice that says so; None = none does.
    pub notice: Option<NoticeId>,
}

/// The reminders of one `[[remind]]` block that are due and not told. `standings` are those that
/// the block names, `journal` what was told of late and all that was ever told of standings.
pub fn due(rule: &Remind, standings: &[Standing], journal: &[Event], today: Date) -> Vec<Due> {
    let mut out = Vec::new();
    for standing in standings {
        let subject = subject(standing);
        for when in &rule.when {
            let mut days = days(*when, rule, standing, journal, today);
            if matches!(when, When::Out | When::Late) && told(journal, rule, *when, &subject, None)
            {
                days.clear();
            }
            for (date, notice) in days {
                if !told(journal, rule, *when, &subject, Some(date)) {
                    let (name, what) = (rule.name.clone(), when.to_string());
                    out.push(Due {
                        subject: subject.clone(),
                        change: Change::Reminder { name, what, date },
                        notice,
                    });
                }
            }
        }
    }
    out
}

/// The standings that are late and were never told as such.
pub fn late(standings: &[Standing], journal: &[Event]) -> Vec<Due> {
    let late = standings.iter().filter(|s| s.stage == Stage::Late);
    late.filter_map(|standing| {
        let subject = subject(standing);
        let before = |e: &Event| matches!(e.change, Change::Late { .. }) && e.subject == subject;
        let due = standing.expected?.1;
        (!journal.iter().any(before)).then(|| Due {
            subject: subject.clone(),
            change: Change::Late { due },
            notice: None,
        })
    })
    .collect()
}

/// The days that are reminded of today, each with the notice that states it.
fn days(
    when: When,
    rule: &Remind,
    standing: &Standing,
    journal: &[Event],
    today: Date,
) -> BTreeSet<(Date, Option<NoticeId>)> {
    let mut days = BTreeSet::new();
    let newest = standing.notices.first().copied();
    match when {
        When::Out => {
            let open = matches!(
                standing.stage,
                Stage::Announced | Stage::Open | Stage::Closing
            );
            days.extend(open.then_some((today, newest)));
        }
        When::Late => {
            let expected = standing.expected.filter(|_| standing.stage == Stage::Late);
            days.extend(expected.map(|(_, last)| (last, None)));
        }
        When::Opens(n) => days.extend(standing.windows.iter().filter_map(|w| {
            let over = w.window.end.is_some_and(|end| end < today);
            // Without an end there is no day until which "it opens" is worth a word but the first.
            let passed = w.window.end.is_none() && w.window.start.is_some_and(|s| s < today);
            reached(w, w.window.start?, n, today).filter(|_| !over && !passed)
        })),
        When::Closes(n) => {
            // A nearer reminder of the same block takes the place of this one.
            let nearer = rule.when.iter().filter_map(|w| match w {
                When::Closes(m) if *m < n => Some(*m),
                _ => None,
            });
            let nearer = nearer.max();
            days.extend(standing.windows.iter().filter_map(|w| {
                let end = w.window.end.filter(|end| *end >= today)?;
                let taken = nearer.is_some_and(|m| reached(w, end, m, today).is_some());
                reached(w, end, n, today).filter(|_| !taken)
            }));
        }
        When::Changed => days.extend(journal.iter().filter_map(|e| match &e.subject {
            Subject::Notice(id) if standing.notices.contains(id) && matters(&e.change) => {
                Some((china_date(e.at), Some(*id)))
            }
            _ => None,
        })),
        When::Destruction(n) => {
            let kept = standing.kept_until.filter(|until| *until >= today);
            let near = kept.filter(|until| begins(*until, n) <= today);
            days.extend(near.map(|until| (until, None)));
        }
    }
    // Two notices may state one day: told once.
    let mut seen = BTreeSet::new();
    days.retain(|(date, _)| seen.insert(*date));
    days
}

fn reached(
    window: &StandingWindow,
    day: Date,
    n: u16,
    today: Date,
) -> Option<(Date, Option<NoticeId>)> {
    (begins(day, n) <= today).then_some((day, Some(window.notice)))
}

fn begins(day: Date, n: u16) -> Date {
    day.saturating_sub(i32::from(n).days())
}

/// Whether a holder of a certificate may have to plan anew.
fn matters(change: &Change) -> bool {
    let dates = |d: &Delta| {
        ["/windows", "/methods", "/places", "/mail"]
            .iter()
            .any(|field| d.path.starts_with(field))
    };
    match change {
        Change::Facts { deltas, .. } => deltas.iter().any(dates),
        Change::Gone { .. } | Change::Back => true,
        _ => false,
    }
}

/// Whether the journal holds this reminder; without a date whatever day it was about.
fn told(
    journal: &[Event],
    rule: &Remind,
    when: When,
    subject: &Subject,
    day: Option<Date>,
) -> bool {
    let when = when.to_string();
    journal.iter().any(|e| match &e.change {
        Change::Reminder { name, what, date } => {
            *name == rule.name
                && *what == when
                && e.subject == *subject
                && day.is_none_or(|d| d == *date)
        }
        _ => false,
    })
}

fn subject(standing: &Standing) -> Subject {
    Subject::Standing {
        region: standing.region.clone(),
        exam: standing.exam.clone(),
        sitting: standing.sitting.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts::WindowMethod;
    use crate::model::{Cursor, Electronic, Grounds, Paper, TextChange, Timestamp, Window};

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn window(start: Option<&str>, end: Option<&str>) -> StandingWindow {
        StandingWindow {
            notice: NoticeId(7),
            source: "gx".into(),
            city: None,
            window: Window {
                id: Some("7-w1".into()),
                method: WindowMethod::Any,
                start: start.map(day),
                end: end.map(day),
                start_time: None,
                end_time: None,
                days: None,
                hours: Vec::new(),
                scope: None,
                estimate: false,
                quote: String::new(),
            },
            stage: Stage::Open,
        }
    }

    fn standing(stage: Stage, windows: Vec<StandingWindow>) -> Standing {
        Standing {
            region: "gx".into(),
            exam: "ruankao".into(),
            sitting: "2026H2".into(),
            stage,
            paper: Paper::default(),
            electronic: Electronic::Unknown,
            expected: (stage == Stage::Late).then(|| (day("2027-01-10"), day("2027-02-01"))),
            basis: Grounds::None,
            moved: None,
            days_left: None,
            days_to_open: None,
            kept_until: Some(day("2031-10-27")),
            windows,
            notices: vec![NoticeId(7)],
            cities: Vec::new(),
            unwatched: false,
            unknown: Vec::new(),
        }
    }

    fn rule(words: &[&str]) -> Remind {
        let when = words
            .iter()
            .map(|w| When::try_from((*w).to_owned()).unwrap());
        Remind {
            name: "mine".into(),
            when: when.collect(),
            ..Remind::default()
        }
    }

    fn event(at: &str, subject: Subject, change: Change) -> Event {
        Event {
            id: Cursor {
                epoch: "1f2e3d4c".into(),
                seq: 1,
            },
            at: at.parse::<Timestamp>().unwrap(),
            subject,
            source: String::new(),
            title: String::new(),
            url: String::new(),
            change,
            reading: None,
        }
    }

    /// `what date` of what is due.
    fn words(due: &[Due]) -> Vec<String> {
        due.iter()
            .map(|d| match &d.change {
                Change::Reminder { what, date, .. } => format!("{what} {date}"),
                Change::Late { due } => format!("late {due}"),
                other => other.word().to_owned(),
            })
            .collect()
    }

    #[test]
    fn what_is_due_when() {
        let known = || vec![window(Some("2027-01-20"), Some("2027-01-29"))];
        let all = [
            "out",
            "opens-1",
            "closes-3",
            "closing-day",
            "destruction-180",
        ];
        for (today, want) in [
            ("2027-01-18", vec!["out 2027-01-18"]),
            ("2027-01-19", vec!["out 2027-01-19", "opens-1 2027-01-20"]),
            // The machine was off: told late, until the window is over.
            ("2027-01-25", vec!["out 2027-01-25", "opens-1 2027-01-20"]),
            (
                "2027-01-26",
                vec![
                    "out 2027-01-26",
                    "opens-1 2027-01-20",
                    "closes-3 2027-01-29",
                ],
            ),
            // On the last day itself that is what is said, not that it is near.
            (
                "2027-01-29",
                vec![
                    "out 2027-01-29",
                    "opens-1 2027-01-20",
                    "closing-day 2027-01-29",
                ],
            ),
            ("2027-01-30", vec!["out 2027-01-30"]),
            (
                "2031-04-30",
                vec!["out 2031-04-30", "destruction-180 2031-10-27"],
            ),
            ("2031-10-28", vec!["out 2031-10-28"]),
        ] {
            let standings = [standing(Stage::Open, known())];
            assert_eq!(
                words(&due(&rule(&all), &standings, &[], day(today))),
                want,
                "{today}"
            );
        }
        let closed = [standing(Stage::Closed, Vec::new())];
        assert!(due(&rule(&all), &closed, &[], day("2027-02-01")).is_empty());
        // No last day is stated: that it opens is told before, not for ever after.
        let open_end = [standing(
            Stage::Open,
            vec![window(Some("2027-01-20"), None)],
        )];
        let opens = rule(&["opens-1"]);
        assert_eq!(due(&opens, &open_end, &[], day("2027-01-20")).len(), 1);
        assert!(due(&opens, &open_end, &[], day("2027-01-21")).is_empty());
    }

    #[test]
    fn once_and_again_where_the_day_moves() {
        let rule = rule(&["out", "closes-3"]);
        let today = day("2027-01-27");
        let standings = [standing(
            Stage::Open,
            vec![window(None, Some("2027-01-29"))],
        )];
        let first = due(&rule, &standings, &[], today);
        assert_eq!(words(&first), ["out 2027-01-27", "closes-3 2027-01-29"]);
        assert_eq!(first[1].notice, Some(NoticeId(7)));
        let journal: Vec<Event> = first
            .into_iter()
            .map(|d| event("2027-01-27T00:00:00Z", d.subject, d.change))
            .collect();
        assert_eq!(due(&rule, &standings, &journal, day("2027-01-28")), []);
        let moved = [standing(
            Stage::Open,
            vec![window(None, Some("2027-01-30"))],
        )];
        assert_eq!(
            words(&due(&rule, &moved, &journal, day("2027-01-28"))),
            ["closes-3 2027-01-30"]
        );
        let other = Remind {
            name: "other".into(),
            ..rule
        };
        assert_eq!(due(&other, &standings, &journal, today).len(), 2);
    }

    #[test]
    fn two_windows_of_one_day_are_one_reminder() {
        let both = vec![
            window(None, Some("2027-01-29")),
            window(Some("2027-01-02"), Some("2027-01-29")),
        ];
        let standings = [standing(Stage::Open, both)];
        let told = due(&rule(&["closing-day"]), &standings, &[], day("2027-01-29"));
        assert_eq!(words(&told), ["closing-day 2027-01-29"]);
    }

    #[test]
    fn a_change_that_matters_is_told_on_its_day() {
        let facts = |path: &str| Change::Facts {
            deltas: vec![Delta {
                path: path.into(),
                old: "a".into(),
                new: "b".into(),
                words: String::new(),
            }],
            text: TextChange::default(),
        };
        let standings = [standing(Stage::Open, Vec::new())];
        let at = "2027-01-26T20:00:00Z";
        for (id, change, want) in [
            (7, facts("/windows/7-w1/end"), vec!["changed 2027-01-27"]),
            (7, Change::Back, vec!["changed 2027-01-27"]),
            (7, facts("/phones"), vec![]),
            (8, facts("/windows/8-w1/end"), vec![]),
        ] {
            let journal = [event(at, Subject::Notice(NoticeId(id)), change)];
            let told = due(&rule(&["changed"]), &standings, &journal, day("2027-01-28"));
            assert_eq!(words(&told), want);
        }
    }

    #[test]
    fn late_is_told_once_whatever_the_forecast_says_next() {
        let standings = [standing(Stage::Late, Vec::new())];
        let first = late(&standings, &[]);
        assert_eq!(words(&first), ["late 2027-02-01"]);
        let told = |change| event("2027-02-02T00:00:00Z", subject(&standings[0]), change);
        let earlier = Change::Late {
            due: day("2027-01-30"),
        };
        assert_eq!(late(&standings, &[told(earlier)]), []);
        let asked = due(&rule(&["late"]), &standings, &[], day("2027-02-02"));
        assert_eq!(words(&asked), ["late 2027-02-01"]);
        assert_eq!(late(&[standing(Stage::Expected, Vec::new())], &[]), []);
    }
}
