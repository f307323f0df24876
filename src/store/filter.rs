//! Notices by what a person or a page asks for.

use super::notices::select;
use super::text::{Day, Json};
use super::{Store, StoreError, search};
use crate::model::facts::NoticeKind;
use crate::model::{Date, Notice};

/// Which notices. The default is all of them, without a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Source ids (those that serve a region, for a region); empty = all.
    pub sources: Vec<String>,
    /// Kinds of the latest reading; empty = all, those never read too.
    pub kinds: Vec<NoticeKind>,
    /// Words of an exam (name, aliases): the title or an exam of the reading holds one of them,
    /// or the reading names no exam at all; empty = all.
    pub exam_words: Vec<String>,
    /// Published on this day or later (first seen, where no date is known).
    pub since: Option<Date>,
    /// Words that title and text hold, all of them; see [`Store::search`].
    pub search: Option<String>,
    /// At most so many.
    pub limit: u32,
}

impl Default for Filter {
    fn default() -> Filter {
        Filter {
            sources: Vec::new(),
            kinds: Vec::new(),
            exam_words: Vec::new(),
            since: None,
            search: None,
            limit: u32::MAX,
        }
    }
}

/// The day by which a notice is sorted and found; the index `notice_by_day` holds it.
pub(super) const DAY: &str = "coalesce(n.dated, substr(n.first_seen, 1, 10))";

/// The condition of [`Filter::exam_words`].
const NAMES_EXAM: &str = "(n.exams = '[]'
    OR EXISTS (SELECT 1 FROM json_each(?3) w WHERE instr(n.title, w.value) > 0
        OR EXISTS (SELECT 1 FROM json_each(n.exams) x
            WHERE instr(x.value ->> '$.name', w.value) > 0)))";

impl Store {
    /// Notices that pass the filter, newest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn notices(&self, filter: &Filter) -> Result<Vec<Notice>, StoreError> {
        let query = match filter.search.as_deref().map(search::query) {
            Some(None) => return Ok(Vec::new()),
            Some(query) => query,
            None => None,
        };
        let kinds: Vec<&str> = filter.kinds.iter().map(|k| k.word()).collect();
        // Only what is asked for is written: the planner must see which index serves it.
        let conditions = [
            (
                !filter.sources.is_empty(),
                "n.source IN (SELECT value FROM json_each(?1))".to_owned(),
            ),
            (
                !kinds.is_empty(),
                "n.kind IN (SELECT value FROM json_each(?2))".to_owned(),
            ),
            (!filter.exam_words.is_empty(), NAMES_EXAM.to_owned()),
            (filter.since.is_some(), format!("{DAY} >= ?4")),
            (
                query.is_some(),
                // `+`: the newest are looked at first, for a common word is in nearly all.
                "+n.id IN (SELECT rowid FROM search WHERE search MATCH ?5)".to_owned(),
            ),
        ];
        let asked: Vec<String> = conditions
            .into_iter()
            .filter_map(|(asked, condition)| asked.then_some(condition))
            .collect();
        let asked = match asked.is_empty() {
            true => String::new(),
            false => format!("WHERE {}", asked.join(" AND ")),
        };
        let which = format!("{asked} ORDER BY {DAY} DESC, n.id DESC LIMIT ?6");
        self.run(|c| {
            let params = (
                list(&filter.sources),
                list(&kinds),
                list(&filter.exam_words),
                filter.since.map(Day),
                query,
                filter.limit,
            );
            select(c, &which, params)
        })
    }

    /// Notices of the kinds that are told, published since that day (first seen, where no date
    /// is known), newest first, with their latest readings; those that are gone too, marked so.
    ///
    /// # Errors
    /// What the database says.
    pub fn in_force(&self, since: Date) -> Result<Vec<Notice>, StoreError> {
        self.notices(&Filter {
            kinds: NoticeKind::ALL.into_iter().filter(|k| k.told()).collect(),
            since: Some(since),
            ..Filter::default()
        })
    }
}

/// A list as a JSON parameter; None, which asks for nothing, where it is empty.
pub(super) fn list<T: serde::Serialize>(values: &[T]) -> Option<Json<&[T]>> {
    (!values.is_empty()).then_some(Json(values))
}
