//! Whether a sink gets an event.

use crate::extract;
use crate::model::facts::Facts;
use crate::model::{Catalog, Change, Event, Sink, Subject, Timestamp, china_date};

/// By the sink's filter. What was first seen with its source is nobody's news; a better reading is
/// while a window is open or to come.
pub(super) fn wants(sink: &Sink, event: &Event, catalog: &Catalog, now: Timestamp) -> bool {
    let filter = &sink.filter;
    let facts = event.reading.as_deref().map(|r| &r.facts);
    let change = match filter.changes.as_slice() {
        [] => match &event.change {
            Change::Baseline { .. } | Change::Signal { baseline: true, .. } => false,
            Change::Reread { .. } => facts.is_some_and(|f| matters(f, now)),
            // The user asked for it by name.
            Change::Reminder { .. } => true,
            _ => matches!(event.subject, Subject::Notice(_)),
        },
        words => words.iter().any(|w| w == event.change.word()),
    };
    let kind = facts.is_none_or(|f| match filter.kinds.as_slice() {
        [] => f.kind.told(),
        kinds => kinds.contains(&f.kind),
    });
    change
        && kind
        && match &event.subject {
            Subject::Standing { region, exam, .. } => {
                holds(&filter.regions, region) && holds(&filter.exams, exam)
            }
            _ => {
                region(&filter.regions, event, facts, catalog)
                    && exam(&filter.exams, facts, catalog)
            }
        }
}

/// An empty list lets everything through.
fn holds(ids: &[String], id: &String) -> bool {
    ids.is_empty() || ids.contains(id)
}

fn matters(facts: &Facts, now: Timestamp) -> bool {
    let today = china_date(now);
    facts
        .windows
        .iter()
        .any(|w| w.end.is_none_or(|end| end >= today))
}

/// The source is the region's own, or one that serves it and whose notice names no other province.
fn region(ids: &[String], event: &Event, facts: Option<&Facts>, catalog: &Catalog) -> bool {
    let province = facts.and_then(|f| f.region.province.as_deref());
    let source = catalog.source(&event.source);
    ids.is_empty()
        || catalog
            .regions
            .iter()
            .filter(|r| ids.contains(&r.id))
            .any(|region| {
                let own = source.is_some_and(|s| s.region == region.id);
                let serves = region.served_by.contains(&event.source);
                let named = province.map(|p| p == region.name);
                named == Some(true)
                    || own
                    || (serves && (named.is_none() || province == Some("全国")))
            })
}

/// The notice names a wanted exam, or none.
fn exam(ids: &[String], facts: Option<&Facts>, catalog: &Catalog) -> bool {
    let written: Vec<String> = facts
        .iter()
        .flat_map(|f| &f.exams)
        .map(|e| extract::fold(&e.name))
        .collect();
    let exams = catalog.exams.iter().filter(|e| ids.contains(&e.id));
    let mut names = exams.flat_map(|e| std::iter::once(&e.name).chain(&e.aliases));
    ids.is_empty()
        || written.is_empty()
        || names.any(|name| {
            let name = extract::fold(name);
            // A short word is in too many names to be taken for one.
            written
                .iter()
                .any(|w| w.contains(&name) || (w.chars().count() >= 6 && name.contains(w)))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::model::facts::{ExamRef, NoticeKind, Window, WindowMethod};
    use crate::model::sink::Filter;
    use crate::model::{Cursor, NoticeId, Reading};

    fn event(source: &str, change: Change, facts: Option<Facts>) -> Event {
        let reading = facts.map(|facts| {
            Box::new(Reading {
                facts,
                ..Reading::default()
            })
        });
        Event {
            id: Cursor {
                epoch: "1f2e3d4c".into(),
                seq: 1,
            },
            at: Timestamp::UNIX_EPOCH,
            subject: match reading {
                Some(_) => Subject::Notice(NoticeId(1)),
                None => Subject::Source(source.into()),
            },
            source: source.into(),
            title: String::new(),
            url: String::new(),
            change,
            reading,
        }
    }

    fn facts(kind: NoticeKind, province: Option<&str>, exam: Option<&str>) -> Facts {
        let mut facts = Facts {
            kind,
            ..Facts::default()
        };
        facts.region.province = province.map(Into::into);
        facts.exams.extend(exam.map(|name| ExamRef {
            name: name.into(),
            year: None,
            half: None,
        }));
        facts
    }

    #[test]
    fn the_filter_by_rows() {
        let catalog = builtin();
        let region = |name: &str| catalog.region(name).unwrap().id.clone();
        let now: Timestamp = "2026-11-25T00:00:00Z".parse().unwrap();
        let list = |words: &[&str]| words.iter().map(|w| w.to_string()).collect::<Vec<_>>();
        let all = Filter::default();
        let gx = Filter {
            regions: vec![region("广西")],
            ..Filter::default()
        };
        let shanxi = Filter {
            regions: vec![region("山西")],
            ..Filter::default()
        };
        let exam = Filter {
            exams: list(&["ruankao"]),
            ..Filter::default()
        };
        let changes = Filter {
            changes: list(&["broken", "new"]),
            ..Filter::default()
        };
        let results = Filter {
            kinds: vec![NoticeKind::Results],
            ..Filter::default()
        };
        let pickup = |province, exam| Some(facts(NoticeKind::Pickup, province, exam));
        let mut open = facts(NoticeKind::Pickup, None, None);
        open.windows.push(Window {
            id: None,
            method: WindowMethod::Any,
            start: Some("2026-11-01".parse().unwrap()),
            end: Some("2026-11-25".parse().unwrap()),
            start_time: None,
            end_time: None,
            days: None,
            hours: Vec::new(),
            scope: None,
            estimate: false,
            quote: String::new(),
        });
        let reread = || Change::Reread { deltas: Vec::new() };
        for (n, (filter, source, change, facts, want)) in [
            (&all, "gx", Change::New, pickup(None, None), true),
            (&all, "gx", Change::Baseline { notices: 3 }, None, false),
            (&all, "gx", Change::Back, None, false),
            (&changes, "gx", Change::Back, None, false),
            (&changes, "gx", Change::New, pickup(None, None), true),
            (&all, "gx", reread(), pickup(None, None), false),
            (&all, "gx", reread(), Some(open), true),
            (
                &all,
                "gx",
                Change::New,
                Some(facts(NoticeKind::Results, None, None)),
                false,
            ),
            (
                &results,
                "gx",
                Change::New,
                Some(facts(NoticeKind::Results, None, None)),
                true,
            ),
            (&gx, "gx", Change::New, pickup(None, None), true),
            (&gx, "sd", Change::New, pickup(None, None), false),
            (
                &shanxi,
                "cn-ruankao",
                Change::New,
                pickup(Some("山西"), None),
                true,
            ),
            (
                &shanxi,
                "cn-ruankao",
                Change::New,
                pickup(Some("浙江"), None),
                false,
            ),
            (&exam, "gx", Change::New, pickup(None, None), true),
            (
                &exam,
                "gx",
                Change::New,
                pickup(None, Some("计算机软件资格考试")),
                true,
            ),
            (
                &exam,
                "gx",
                Change::New,
                pickup(None, Some("二级建造师执业资格考试")),
                false,
            ),
        ]
        .into_iter()
        .enumerate()
        {
            let sink = Sink {
                filter: filter.clone(),
                ..Sink::default()
            };
            assert_eq!(
                wants(&sink, &event(source, change, facts), &catalog, now),
                want,
                "row {n}"
            );
        }
    }

    #[test]
    fn a_standing_is_known_by_its_own_region_and_exam() {
        let catalog = builtin();
        let now = Timestamp::UNIX_EPOCH;
        let date = "2027-01-29".parse().unwrap();
        let reminder = Change::Reminder {
            name: "mine".into(),
            what: "closing-day".into(),
            date,
        };
        let late = Change::Late { due: date };
        let filter = |regions: &[&str], exams: &[&str], changes: &[&str]| {
            let list = |words: &[&str]| words.iter().map(|w| w.to_string()).collect();
            Filter {
                regions: list(regions),
                exams: list(exams),
                changes: list(changes),
                ..Filter::default()
            }
        };
        for (n, (filter, change, want)) in [
            (filter(&[], &[], &[]), &reminder, true),
            (filter(&[], &[], &[]), &late, false),
            (filter(&[], &[], &["late"]), &late, true),
            (filter(&[], &[], &["new"]), &reminder, false),
            (filter(&["gx"], &["ruankao"], &[]), &reminder, true),
            (filter(&["sd"], &[], &[]), &reminder, false),
            (filter(&[], &["other"], &[]), &reminder, false),
        ]
        .into_iter()
        .enumerate()
        {
            let mut event = event("", change.clone(), None);
            event.subject = Subject::Standing {
                region: "gx".into(),
                exam: "ruankao".into(),
                sitting: "2026H2".into(),
            };
            let sink = Sink {
                filter,
                ..Sink::default()
            };
            assert_eq!(wants(&sink, &event, &catalog, now), want, "row {n}");
        }
    }

    #[test]
    fn the_words_of_a_filter_become_ids() {
        let catalog = builtin();
        let with = |region: &str| {
            let filter = Filter {
                regions: vec![region.into()],
                ..Filter::default()
            };
            vec![Sink {
                name: "a".into(),
                filter,
                ..Sink::default()
            }]
        };
        let sinks = config::resolve_sinks(&with("guangxi"), &catalog).unwrap();
        assert_eq!(
            sinks[0].filter.regions,
            [catalog.region("广西").unwrap().id.clone()]
        );
        let error = config::resolve_sinks(&with("guangxy"), &catalog).unwrap_err();
        assert_eq!(
            error,
            "sink a: unknown region `guangxy`; did you mean `guangxi`?"
        );
    }

    /// The built-in catalog; the families that it names are taken to be known.
    fn builtin() -> Catalog {
        let names: Vec<String> = config::BUILTIN
            .lines()
            .filter_map(|l| l.trim().strip_prefix("family")?.trim().strip_prefix('='))
            .map(|name| {
                name.split('#')
                    .next()
                    .unwrap_or_default()
                    .trim()
                    .trim_matches('"')
                    .to_owned()
            })
            .collect();
        config::load_catalog(config::BUILTIN, None, &names).unwrap()
    }
}
