//! English: boards and round-ups.

use super::board::{BoardLabels, BoardWords};
use crate::model::event::Signal;
use crate::model::{
    Board, CHINA, Date, Electronic, Gap, Grounds, Moved, Sitting, Stage, Standing, Timestamp, Way,
};

pub(super) static WORDS: BoardWords = BoardWords {
    tag: "en",
    title: |b| {
        let exam = &b.exam_short;
        format!(
            "{exam} certificates, {}: when and how to collect them",
            sitting(&b.sitting)
        )
    },
    subtitle,
    sitting,
    stage: |s| match s {
        Stage::NotHeld => "not held",
        Stage::Unknown => "unknown",
        Stage::Expected => "no notice yet",
        Stage::Late => "later than usual",
        Stage::Announced => "announced",
        Stage::Open => "open",
        Stage::Closing => "closing soon",
        Stage::Closed => "closed",
    },
    advice: |s| match s {
        Stage::NotHeld => "the exam did not take place",
        Stage::Unknown => "no source can be used: look at the office's site",
        Stage::Expected => "no notice has been published",
        Stage::Late => "a notice was out by now in other years: ask the office",
        Stage::Announced => "a notice is out; not open yet, or no dates stated",
        Stage::Open => "can be collected now",
        Stage::Closing => "seven days or fewer are left",
        Stage::Closed => "collection is over; certificates are still kept",
    },
    region: |r| &r.latin,
    phrase,
    tile,
    and_more: |name, n| format!("{name} +{n}"),
    way,
    range: |a, b| range(a, b),
    unasked: |n, soonest| {
        let soonest = soonest.map_or_else(String::new, |day| format!(", first expected {day}"));
        format!("{n} regions whose offices were not asked yet{soonest} (--verbose lists them)")
    },
    grounds,
    electronic: |e| match e {
        Electronic::Unknown => "not known".into(),
        Electronic::Expected { from, to } => format!("expected {}", range(*from, *to)),
        Electronic::Available {
            since: Some(day), ..
        } => format!("since {day}"),
        Electronic::Available { since: None, .. } => "can be had".into(),
    },
    gap: |gap, source| match gap {
        Gap::NoSource => "no source can be watched".into(),
        Gap::Cities => {
            "cities hand out by themselves and not all of them are watched: look at your city's \
             notices too"
                .into()
        }
        Gap::Silent {
            since: Some(at), ..
        } => format!("no good visit to {source} since {}", moment(*at)),
        Gap::Silent { since: None, .. } => format!("no good visit to {source} yet"),
        Gap::NoForecast => "no past sitting to reckon with".into(),
        Gap::RangeOver => {
            "the expected time is over; too little is known here to call that late".into()
        }
        Gap::NoDates => "the notice states no dates".into(),
        Gap::PutOff => "collection was put off; new dates are not told".into(),
        Gap::RowOnly => "only the title in the list was seen".into(),
        Gap::Doubtful => "a date is doubtful: see the office's words".into(),
    },
    kept: |day| format!("kept until {day} (five years from the exam, 人社厅发〔2017〕141号)"),
    moment,
    count: |n| match n {
        1 => "1 region".into(),
        n => format!("{n} regions"),
    },
    on_certificate: &[
        "name, sex and identity number",
        "photograph",
        "qualification and level",
        "date of approval",
        "management number, the same as on the electronic certificate",
    ],
    label: BoardLabels {
        map: "At a glance",
        map_note: "a grid of tiles, not areas or borders",
        timeline: "Timeline",
        timeline_note: "solid: dates that a notice states; dashed: when a notice may be expected",
        changes: "What changed",
        no_changes: "nothing of late",
        regions: "Region by region",
        sources: "Sources",
        legend: "Legend",
        today: "today",
        expected: "Notice expected",
        no_notice: "No notice yet",
        electronic: "Electronic certificate",
        paper: "Paper certificate",
        kept: "Uncollected",
        checklist: "What to bring",
        check: "Check on the certificate",
        cities: "By city",
        city: "City",
        original: "Notice",
        standing: "Standing page",
        unwatched: "not watched",
        corrects: "Corrects",
        corrected_by: "Corrected by",
        changed: "Last change",
        seen: "Last seen",
        office_page: "Office's page",
        unknown: "Not known",
        answering: "well",
        failing: "failing",
        unvisited: "not visited",
        disclaimer: "Read by a program from the offices' public notices; the offices' own text counts",
        top: "Back to the top",
        colon: ": ",
        comma: ", ",
        clause: ", ",
    },
};

fn grounds(s: &Standing) -> String {
    let past = match s.basis {
        Grounds::None => String::new(),
        Grounds::Own { points } => format!("from {points} past sittings here"),
        Grounds::Mixed { others } => {
            format!("from 1 past sitting here and {others} elsewhere")
        }
        Grounds::Pooled { points, .. } => {
            format!("none known here; from {points} past sittings elsewhere")
        }
    };
    match s.moved {
        None => past,
        Some(Moved { by, days }) => {
            let what = match by {
                Signal::Scores => "scores",
                Signal::EFile | Signal::CertificateQuery => "e-certificates",
            };
            let how = if days > 0 { "later" } else { "earlier" };
            let days = days.unsigned_abs();
            format!("{past}; {what} came {days} days {how} than ever, and so will this")
        }
    }
}

fn sitting(s: &Sitting) -> String {
    match s.id.split_once('H') {
        Some((year, "1")) => format!("first half of {year}"),
        Some((year, "2")) => format!("second half of {year}"),
        _ => s.id.clone(),
    }
}

fn subtitle(b: &Board) -> String {
    let last = b.sitting.last.unwrap_or(b.sitting.first);
    let days = range(b.sitting.first, last);
    format!("Exam {days} · as of {}", moment(b.generated))
}

/// The second year only where it differs.
fn range(a: Date, b: Date) -> String {
    match (a == b, a.year() == b.year()) {
        (true, _) => a.to_string(),
        (_, true) => format!("{a} to {}", b.strftime("%m-%d")),
        (_, false) => format!("{a} to {b}"),
    }
}

fn way(w: &Way) -> String {
    match (w.from, w.to) {
        (Some(a), Some(b)) => range(a, b),
        (Some(a), None) => format!("from {a}"),
        (None, Some(b)) => format!("until {b}"),
        (None, None) => "no dates stated".into(),
    }
}

fn moment(at: Timestamp) -> String {
    CHINA.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

fn days(n: i32) -> String {
    match n {
        1 => "1 day".into(),
        n => format!("{n} days"),
    }
}

fn phrase(s: &Standing) -> String {
    match (s.stage, s.days_left, s.days_to_open, s.expected) {
        (Stage::Closing | Stage::Open, Some(0), ..) => "last day today".into(),
        (Stage::Closing | Stage::Open, Some(n), ..) => format!("{} left", days(n)),
        (Stage::Open, None, ..) => "no last day stated".into(),
        (Stage::Announced, _, Some(n), _) => format!("opens in {}", days(n)),
        (Stage::Announced, ..) => "no dates stated".into(),
        (Stage::Late, _, _, Some((_, b))) => format!("should be out by {b}"),
        (Stage::Expected | Stage::Unknown, _, _, Some((a, b))) => {
            format!("expected {}", range(a, b))
        }
        _ => String::new(),
    }
}

fn tile(s: &Standing) -> String {
    match (s.stage, s.days_left, s.days_to_open, s.expected) {
        (Stage::Closing | Stage::Open, Some(0), ..) => "today".into(),
        (Stage::Closing | Stage::Open, Some(n), ..) => format!("{n} d left"),
        (Stage::Announced, _, Some(n), _) => format!("in {n} d"),
        (Stage::Expected, _, _, Some((a, _))) => format!("~{}", a.strftime("%m-%d")),
        _ => String::new(),
    }
}
