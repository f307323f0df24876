//! Which sitting a notice speaks of, and for which region it holds.

use super::cities;
use super::forecast::lags;
use crate::model::facts::{ExamRef, NoticeKind};
use crate::model::source::NATIONAL;
use crate::model::{Catalog, Date, Exam, Notice, Region, Sitting, Source, Window, china_date};
use jiff::ToSpan;

/// Days between two sittings where the catalog does not know the next.
const HALF_YEAR: i32 = 182;
/// Days after the exam before which no certificate was ever handed out, where no lag is known.
const SOONEST: i32 = 45;

/// The time in which a notice that names no sitting is taken to mean this one.
pub(super) struct Season<'a> {
    pub(super) exam: &'a Exam,
    year: i16,
    half: u8,
    /// Last exam day.
    over: Date,
    /// First day on which the next sitting's certificates may be told.
    next: Date,
}

impl<'a> Season<'a> {
    /// None where the sitting's id is not of the form `2026H2`, or the calendar ends.
    pub(super) fn new(catalog: &Catalog, exam: &'a Exam, sitting: &Sitting) -> Option<Season<'a>> {
        let (year, half) = sitting.id.split_once('H')?;
        let soonest = catalog
            .regions
            .iter()
            .flat_map(|r| lags(r, &sitting.id))
            .map(|l| l.days)
            .min()
            .unwrap_or(SOONEST);
        let following = catalog
            .sittings
            .iter()
            .filter(|s| s.exam == sitting.exam && s.first > sitting.first)
            .map(|s| s.first)
            .min();
        let following = match following {
            Some(day) => day,
            None => sitting.first.checked_add(HALF_YEAR.days()).ok()?,
        };
        Some(Season {
            exam,
            year: year.parse().ok()?,
            half: half.parse().ok()?,
            over: sitting.last.unwrap_or(sitting.first),
            next: following.checked_add(soonest.days()).ok()?,
        })
    }

    /// Whether a notice is about certificates of this sitting. One that names another sitting or
    /// another exam never is; one that leaves the sitting out must be of the season.
    pub(super) fn holds(&self, notice: &Notice) -> bool {
        let in_season = published(notice).is_some_and(|d| d > self.over && d < self.next);
        let Some(version) = &notice.latest else {
            let named = names(self.exam, &notice.title) && speaks_of_certificates(&notice.title);
            return named && self.matches(&exam_of_title(&notice.title), in_season);
        };
        let facts = &version.reading.facts;
        if !matters(facts.kind) {
            return false;
        }
        if facts.exams.is_empty() {
            return in_season;
        }
        facts
            .exams
            .iter()
            .any(|e| (names(self.exam, &e.name) || general(&e.name)) && self.matches(e, in_season))
    }

    fn matches(&self, exam: &ExamRef, in_season: bool) -> bool {
        let year = exam.year.is_none_or(|y| y == self.year);
        let half = exam.half.is_none_or(|h| h == self.half);
        year && half && (in_season || exam.year.is_some() && exam.half.is_some())
    }
}

/// Kinds that say something about a sitting's certificates.
fn matters(kind: NoticeKind) -> bool {
    matches!(
        kind,
        NoticeKind::Pickup
            | NoticeKind::Postponement
            | NoticeKind::Correction
            | NoticeKind::ECertificate
    )
}

/// When a notice was published, as its page or else its list says.
pub(super) fn published(notice: &Notice) -> Option<Date> {
    let of_page = notice.latest.as_ref();
    of_page
        .and_then(|v| v.reading.facts.published)
        .or(notice.published)
}

/// For sorting: the publication date, else the day on which its row was first seen.
pub(super) fn dated(notice: &Notice) -> Date {
    published(notice).unwrap_or_else(|| china_date(notice.first_seen))
}

/// Whether a text names the exam.
pub(super) fn names(exam: &Exam, text: &str) -> bool {
    std::iter::once(&exam.name)
        .chain(&exam.aliases)
        .any(|n| text.contains(n.as_str()))
}

/// Names that mean all exams of the kind.
fn general(name: &str) -> bool {
    name.contains("专业技术人员")
        || name.starts_with("职业资格")
        || name.starts_with("专业技术资格")
}

fn speaks_of_certificates(title: &str) -> bool {
    ["证书", "證書", "合格证", "领证"]
        .iter()
        .any(|w| title.contains(w))
}

/// The sitting that a title names: `2026年下半年…`.
pub(super) fn exam_of_title(title: &str) -> ExamRef {
    let half = match (title.contains("上半年"), title.contains("下半年")) {
        (true, false) => Some(1),
        (false, true) => Some(2),
        _ => None,
    };
    let year = title.split('年').find_map(|before| {
        let digits: String = before
            .chars()
            .rev()
            .take_while(char::is_ascii_digit)
            .take(5)
            .collect();
        let digits: String = digits.chars().rev().collect();
        digits.parse().ok().filter(|y| (2000..2100).contains(y))
    });
    ExamRef {
        name: String::new(),
        year,
        half,
    }
}

/// The sources whose notices hold for a region, its own first.
pub(super) fn sources_of<'a>(catalog: &'a Catalog, region: &Region) -> Vec<&'a Source> {
    let own = catalog.sources.iter().filter(|s| s.region == region.id);
    let others = region
        .served_by
        .iter()
        .filter_map(|id| catalog.source(id))
        .filter(|s| s.region != region.id);
    own.chain(others).collect()
}

/// Whether a notice holds for a region: one of the region's sources has it, and it speaks to that
/// region.
pub fn holds(catalog: &Catalog, region: &Region, notice: &Notice) -> bool {
    let sources = sources_of(catalog, region);
    let own = sources.iter().find(|s| s.id == notice.source);
    own.is_some_and(|source| holds_for(catalog, source, region, notice))
}

/// Whether a notice of `source` holds for `region`: an office's own notices do; those of another
/// region's office where they speak to the whole province or name the region; those of a national
/// site only where they name it.
pub(super) fn holds_for(
    catalog: &Catalog,
    source: &Source,
    region: &Region,
    notice: &Notice,
) -> bool {
    if source.region == region.id {
        return true;
    }
    let facts = notice.latest.as_ref().map(|v| &v.reading.facts);
    let place = facts.map(|f| &f.region);
    let city = place.and_then(|p| p.city.as_deref());
    let province = place.and_then(|p| p.province.as_deref());
    let named = notice.title.contains(region.name.as_str())
        || city == Some(region.name.as_str())
        || province == Some(region.name.as_str());
    if named {
        return true;
    }
    // A city table without this city says nothing of it.
    let elsewhere = facts.is_some_and(|f| {
        let other = |w: &Window| {
            let scope = w.scope.as_deref();
            scope.is_some_and(|s| {
                let city = s.contains(['市', '州', '县', '区']) || cities::city(s, f).is_some();
                !s.contains(&region.name) && city
            })
        };
        !f.windows.is_empty() && f.windows.iter().all(other)
    });
    let parent = region.parent.as_deref();
    let serves_parent = source.region != NATIONAL && parent == Some(source.region.as_str());
    let parent_name = parent
        .and_then(|id| catalog.regions.iter().find(|r| r.id == id))
        .map(|r| r.name.as_str());
    serves_parent && !elsewhere && city.is_none() && (province.is_none() || province == parent_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_tells_its_sitting() {
        for (title, year, half) in [
            ("关于2026年下半年软考证书领取的通知", Some(2026), Some(2)),
            ("2025年度上半年证书", Some(2025), Some(1)),
            ("2025年上半年和下半年证书", Some(2025), None),
            ("证书领取通知", None, None),
            ("第99999年", None, None),
        ] {
            let exam = exam_of_title(title);
            assert_eq!((exam.year, exam.half), (year, half), "{title}");
        }
    }
}
