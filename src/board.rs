//! The board of a sitting out of the store: everything is read once, in three queries, and derived
//! by `outlook`.

use crate::model::facts::NoticeKind;
use crate::model::{Board, Catalog, Exam, Sitting, Timestamp, china_date, event};
use crate::outlook;
use crate::store::{EventFilter, ForBoard, Store, StoreError};
use jiff::ToSpan;

/// Days that a notice counts for: the sitting at hand, and the two before it, from which lags are
/// learned.
const DAYS: i32 = 400;
/// Days of the journal that a board looks at.
const RECENT: i32 = 60;
/// Most events that a board looks at.
const EVENTS: u32 = 400;
/// Words of a notice that speaks to every exam of the kind; `outlook` looks closer.
const GENERAL: &[&str] = &["专业技术人员", "职业资格", "专业技术资格"];
/// Changes that a board does not show.
const QUIET: &[&str] = &["baseline", "reread", "broken", "recovered", "unsteady"];

/// The words of the changes that a reader of a board wants to see.
pub fn told_changes() -> Vec<String> {
    let words = event::WORDS.iter().filter(|w| !QUIET.contains(w));
    words.map(|w| w.to_string()).collect()
}

/// The exam and the sitting that a person means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Exam id.
    pub exam: String,
    /// Sitting id.
    pub sitting: String,
}

/// Which exam (id, name, alias or one of its qualifications) and sitting are meant. None: the
/// first of the `watched` exams, and the sitting whose certificates are due.
///
/// # Errors
/// One line for people, which names what there is.
pub fn choose(
    catalog: &Catalog,
    watched: &[String],
    exam: Option<&str>,
    sitting: Option<&str>,
    now: Timestamp,
) -> Result<Choice, String> {
    let exam = match exam {
        Some(word) => find_exam(catalog, word)?,
        None => {
            let first = watched.first();
            let first = first.and_then(|id| catalog.exams.iter().find(|e| e.id == *id));
            first
                .or(catalog.exams.first())
                .ok_or("no exam is known: add one to your sources file")?
        }
    };
    let own = || catalog.sittings.iter().filter(|s| s.exam == exam.id);
    let found: Option<&Sitting> = match sitting {
        Some(word) => own().find(|s| s.id.eq_ignore_ascii_case(word.trim())),
        None => outlook::due(catalog, &exam.id, china_date(now)),
    };
    let Some(found) = found else {
        let ids: Vec<&str> = own().map(|s| s.id.as_str()).collect();
        let known = match ids.is_empty() {
            true => format!("no sitting of {} is known", exam.id),
            false => format!("known are {}", ids.join(", ")),
        };
        return Err(match sitting {
            Some(word) => format!("no sitting `{word}`; {known}"),
            None => known,
        });
    };
    Ok(Choice {
        exam: exam.id.clone(),
        sitting: found.id.clone(),
    })
}

fn find_exam<'a>(catalog: &'a Catalog, word: &str) -> Result<&'a Exam, String> {
    let word = word.trim();
    let means = |e: &&Exam| {
        let names = [&e.id, &e.name].into_iter().chain(&e.aliases);
        let mut names = names.chain(&e.qualifications);
        names.any(|n| n.eq_ignore_ascii_case(word))
    };
    catalog.exams.iter().find(means).ok_or_else(|| {
        let known: Vec<String> = catalog
            .exams
            .iter()
            .map(|e| match e.aliases.first() {
                Some(alias) => format!("{} ({alias})", e.id),
                None => e.id.clone(),
            })
            .collect();
        format!(
            "no exam or qualification `{word}`; known are {}",
            known.join(", ")
        )
    })
}

/// The board. None where exam or sitting is not in the catalog.
///
/// # Errors
/// What the store says.
pub fn load(
    store: &Store,
    catalog: &Catalog,
    choice: &Choice,
    now: Timestamp,
) -> Result<Option<Board>, StoreError> {
    let Some(exam) = catalog.exams.iter().find(|e| e.id == choice.exam) else {
        return Ok(None);
    };
    let today = china_date(now);
    let names: Vec<String> = std::iter::once(&exam.name)
        .chain(&exam.aliases)
        .cloned()
        .collect();
    let general = GENERAL.iter().map(|w| w.to_string());
    let notices = store.for_board(&ForBoard {
        since: today.saturating_sub(DAYS.days()),
        kinds: NoticeKind::ALL.into_iter().filter(|k| k.told()).collect(),
        words: names.iter().cloned().chain(general).collect(),
        titles: names,
    })?;
    let states = store.source_states()?;
    let recent = EventFilter {
        changes: told_changes(),
        since: now.checked_sub((i64::from(RECENT) * 24).hours()).ok(),
        ..EventFilter::default()
    };
    let events = store.latest_events(None, EVENTS, &recent)?;
    let known = outlook::Known {
        catalog,
        notices: &notices,
        states: &states,
        signals: &[],
        today,
    };
    Ok(outlook::board(
        &known,
        &choice.exam,
        &choice.sitting,
        &events,
        now,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exam_is_found_by_every_name_and_a_sitting_by_its_id() {
        let catalog = crate::config::load_catalog(crate::config::BUILTIN, None, &[]);
        let catalog = catalog.unwrap_or_else(|_| {
            let families = crate::adapter::Families::builtin();
            let names: Vec<String> = families.names().iter().map(|n| n.to_string()).collect();
            crate::config::load_catalog(crate::config::BUILTIN, None, &names).unwrap()
        });
        let now = "2026-12-16T01:00:00Z".parse().unwrap();
        for word in ["ruankao", "软考", "网络工程师", " RUANKAO "] {
            let choice = choose(&catalog, &[], Some(word), None, now).unwrap();
            assert_eq!(
                (&*choice.exam, &*choice.sitting),
                ("ruankao", "2026H2"),
                "{word}"
            );
        }
        let earlier = choose(&catalog, &[], None, Some("2026h1"), now).unwrap();
        assert_eq!(earlier.sitting, "2026H1");
        let bad = choose(&catalog, &[], None, Some("1999H1"), now).unwrap_err();
        assert!(bad.contains("2026H1, 2026H2"), "{bad}");
        let bad = choose(&catalog, &[], Some("驾照"), None, now).unwrap_err();
        assert!(
            bad.starts_with("no exam or qualification `驾照`; known are ruankao"),
            "{bad}"
        );
    }
}
