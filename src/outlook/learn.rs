//! Lags that the stored notices of earlier sittings teach.

use super::belong::{exam_of_title, holds_for, names, published, sources_of};
use super::{Known, windows::days_to};
use crate::model::facts::{ExamRef, NoticeKind};
use crate::model::source::Lag;
use crate::model::{Catalog, Exam, Notice, Region, Sitting};
use std::collections::{BTreeMap, HashMap};

/// Lags outside are no first notices: reminders, reissues, dates misread.
const PLAUSIBLE: std::ops::RangeInclusive<i32> = 20..=150;

/// The catalog with what the notices add: for each region and earlier sitting, the days until the
/// first pickup notice that names that sitting. What the catalog states itself stays.
pub(super) fn learned(known: &Known, exam: &Exam) -> Catalog {
    let mut catalog = known.catalog.clone();
    let mut by_source: HashMap<&str, Vec<(&Sitting, &Notice)>> = HashMap::new();
    for notice in known.notices {
        for sitting in named(known.catalog, exam, notice) {
            let list = by_source.entry(&notice.source).or_default();
            list.push((sitting, notice));
        }
    }
    for region in &mut catalog.regions {
        let new = lags(known, region, &by_source);
        let missing = |lag: &Lag| !region.lags.iter().any(|l| l.sitting == lag.sitting);
        let new: Vec<Lag> = new.into_iter().filter(missing).collect();
        region.lags.extend(new);
    }
    catalog
}

fn lags(
    known: &Known,
    region: &Region,
    by_source: &HashMap<&str, Vec<(&Sitting, &Notice)>>,
) -> Vec<Lag> {
    let mut first: BTreeMap<&str, (i32, &Notice)> = BTreeMap::new();
    for source in sources_of(known.catalog, region) {
        let list = by_source.get(source.id.as_str()).into_iter().flatten();
        for (sitting, notice) in list.filter(|(_, n)| holds_for(known.catalog, source, region, n)) {
            let Some(day) = published(notice) else {
                continue;
            };
            let days = days_to(sitting.first, day);
            let known = first.entry(&sitting.id).or_insert((days, notice));
            if days < known.0 {
                *known = (days, notice);
            }
        }
    }
    first
        .into_iter()
        .filter(|(_, (days, _))| PLAUSIBLE.contains(days))
        .map(|(sitting, (days, notice))| Lag {
            sitting: sitting.into(),
            days,
            basis: format!("notice {}", notice.id),
        })
        .collect()
}

/// The sittings of the exam that a pickup notice names with year and half.
fn named<'a>(catalog: &'a Catalog, exam: &Exam, notice: &Notice) -> Vec<&'a Sitting> {
    let facts = notice.latest.as_ref().map(|v| &v.reading.facts);
    match facts {
        Some(facts) if facts.kind != NoticeKind::Pickup => Vec::new(),
        _ => teaches(catalog, exam, &notice.title, facts.map(|f| &f.exams[..])),
    }
}

/// The sittings of the exam that a pickup notice names: by the exams of its reading or, where it was
/// never read (None), by its title.
pub fn teaches<'a>(
    catalog: &'a Catalog,
    exam: &Exam,
    title: &str,
    exams: Option<&[ExamRef]>,
) -> Vec<&'a Sitting> {
    let ids: Vec<String> = match exams {
        Some(exams) => exams
            .iter()
            .filter(|e| names(exam, &e.name))
            .filter_map(|e| Some(format!("{}H{}", e.year?, e.half?)))
            .collect(),
        None if names(exam, title) && title.contains("证书") => {
            let e = exam_of_title(title);
            let id = e.year.zip(e.half).map(|(y, h)| format!("{y}H{h}"));
            id.into_iter().collect()
        }
        None => Vec::new(),
    };
    let sittings = catalog.sittings.iter().filter(|s| s.exam == exam.id);
    sittings.filter(|s| ids.contains(&s.id)).collect()
}
