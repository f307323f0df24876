//! The store to a [`Feed`]: what every outgoing format and the board's feed routes are made of.
//! Two queries, however many notices there are.

use crate::crawl::read;
use crate::meant;
use crate::model::facts::NoticeKind;
use crate::model::{
    Catalog, Change, Cursor, Date, Event, Exam, Feed, Notice, NoticeId, NoticeView, Region,
    Sitting, Subject, Timestamp, china_date,
};
use crate::outlook::{self, Known};
use crate::store::{EventFilter, Filter, Store, StoreError};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Which notices.
#[derive(Debug, Clone, Default)]
pub struct Selection<'a> {
    /// Only those that hold for this region; None = all.
    pub region: Option<&'a Region>,
    /// Only those that name one of these exams, or none; empty = all.
    pub exams: Vec<Exam>,
    /// Only those that belong to this sitting; None = all.
    pub sitting: Option<&'a Sitting>,
    /// Kinds; empty = those that are told.
    pub kinds: Vec<NoticeKind>,
    /// Newest notices only, by what last happened to them; None = all.
    pub most: Option<usize>,
    /// Where the document is published; None = a file.
    pub self_url: Option<String>,
}

/// What a person asks for, word by word.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// Region by any of its names; None = all.
    pub region: Option<&'a str>,
    /// Exam, or one of its qualifications; `all` = every exam; None = the watched.
    pub exam: Option<&'a str>,
    /// Sitting by id, of the one exam that is selected; None = all.
    pub sitting: Option<&'a str>,
}

/// Notices in a feed: a reader remembers the older ones, and a file stays quickly read.
pub const NEWEST: usize = 200;

impl<'a> Selection<'a> {
    /// What the words mean. `watched` = exam ids; empty = all.
    ///
    /// # Errors
    /// One line for people, which offers what there is.
    pub fn of(
        catalog: &'a Catalog,
        watched: &[String],
        wanted: &Wanted,
    ) -> Result<Selection<'a>, String> {
        let exams = match wanted.exam {
            None => {
                let all = catalog.exams.iter();
                all.filter(|e| watched.contains(&e.id)).cloned().collect()
            }
            Some("all") => Vec::new(),
            Some(word) => vec![meant::exam(catalog, word)?.clone()],
        };
        let sitting = match (wanted.sitting, exams.as_slice()) {
            (None, _) => None,
            (Some(word), [exam]) => Some(meant::sitting(catalog, &exam.id, word)?),
            (Some(_), _) => return Err("a sitting stands beside one exam".into()),
        };
        let region = wanted.region.map(|word| meant::region(catalog, word));
        Ok(Selection {
            region: region.transpose()?,
            sitting,
            exams,
            ..Selection::default()
        })
    }

    /// Its word in ids: `all`, `ruankao.guangxi.2026H2`. The same selection has the same word for ever.
    pub fn name(&self) -> String {
        let mut parts: Vec<String> = self.exams.iter().map(|e| e.id.clone()).collect();
        parts.extend(self.region.map(|r| r.pinyin.clone()));
        parts.extend(self.sitting.map(|s| s.id.clone()));
        parts.extend(self.kinds.iter().map(|k| k.word().to_owned()));
        match parts.is_empty() {
            true => "all".into(),
            false => parts.join("."),
        }
    }

    fn title(&self) -> String {
        let mut title = String::from("领证");
        if let Some(region) = self.region {
            title.push_str(&format!(" · {}", region.name));
        }
        if let Some(sitting) = self.sitting {
            title.push_str(&format!(" · {}", sitting.id));
        }
        title
    }
}

/// The notices that pass, newest first, each with its history, and the events about them and
/// their sources in the order of the journal.
///
/// # Errors
/// What the store says.
pub fn build(
    store: &Store,
    catalog: &Catalog,
    selection: &Selection,
    now: Timestamp,
) -> Result<Feed, StoreError> {
    let kinds = match selection.kinds.as_slice() {
        [] => NoticeKind::ALL.into_iter().filter(|k| k.told()).collect(),
        kinds => kinds.to_vec(),
    };
    let mut notices = store.notices(&Filter {
        kinds,
        ..Filter::default()
    })?;
    let belong = selection
        .sitting
        .map(|s| sitting(catalog, &notices, s, selection.region, now));
    notices.retain(|notice| {
        let facts = notice.latest.as_ref().map(|v| &v.reading.facts);
        let here = selection
            .region
            .is_none_or(|r| outlook::holds(catalog, r, notice));
        let exam = facts.is_none_or(|f| read::watched(f, &selection.exams));
        belong
            .as_ref()
            .map_or(here && exam, |ids| ids.contains(&notice.id))
    });
    let ids: BTreeSet<NoticeId> = notices.iter().map(|n| n.id).collect();
    let all = store.events_after(&start(store), u32::MAX, &EventFilter::default())?;
    let events: Vec<Event> = all
        .into_iter()
        .filter(|e| about(e, &ids, catalog, selection))
        .collect();
    let mut histories: HashMap<NoticeId, Vec<Event>> = HashMap::new();
    for event in events.iter().rev() {
        if let Subject::Notice(id) = event.subject {
            histories.entry(id).or_default().push(event.clone());
        }
    }
    let mut views: Vec<NoticeView> = notices
        .into_iter()
        .map(|notice| NoticeView {
            place: {
                let facts = notice.latest.as_ref().map(|v| &v.reading.facts);
                catalog.place(&notice.source, facts)
            },
            history: histories.remove(&notice.id).unwrap_or_default(),
            notice,
        })
        .collect();
    views.sort_by_key(|v| std::cmp::Reverse((v.updated(), published(&v.notice), v.notice.id)));
    views.truncate(selection.most.unwrap_or(usize::MAX));
    Ok(Feed {
        epoch: store.epoch().to_owned(),
        name: selection.name(),
        title: selection.title(),
        self_url: selection.self_url.clone(),
        generated: events.last().map_or(now, |e| e.at),
        notices: views,
        events,
    })
}

/// Before the first event.
fn start(store: &Store) -> Cursor {
    Cursor {
        epoch: store.epoch().to_owned(),
        seq: 0,
    }
}

/// The notices that belong to a sitting, in one region or in all.
fn sitting(
    catalog: &Catalog,
    notices: &[Notice],
    sitting: &Sitting,
    region: Option<&Region>,
    now: Timestamp,
) -> BTreeSet<NoticeId> {
    let known = Known {
        catalog,
        notices,
        states: &BTreeMap::new(),
        // They move what is expected, not what belongs to a sitting.
        signals: &[],
        today: china_date(now),
    };
    let standings = outlook::standings(&known, &sitting.exam, &sitting.id);
    let wanted = standings
        .iter()
        .filter(|s| region.is_none_or(|r| r.id == s.region));
    wanted.flat_map(|s| s.notices.iter().copied()).collect()
}

/// Whether an event belongs to what is selected. Reminders are the user's own and stand in the
/// journal only.
fn about(
    event: &Event,
    notices: &BTreeSet<NoticeId>,
    catalog: &Catalog,
    selection: &Selection,
) -> bool {
    match &event.subject {
        Subject::Notice(id) => notices.contains(id),
        Subject::Source(id) => {
            let serves = |r: &Region| {
                catalog.source(id).is_some_and(|s| s.region == r.id) || r.served_by.contains(id)
            };
            selection.kinds.is_empty() && selection.region.is_none_or(serves)
        }
        Subject::Standing {
            region,
            exam,
            sitting,
        } => {
            let exams = &selection.exams;
            selection.kinds.is_empty()
                && !matches!(event.change, Change::Reminder { .. })
                && selection.region.is_none_or(|r| r.id == *region)
                && selection.sitting.is_none_or(|s| s.id == *sitting)
                && (exams.is_empty() || exams.iter().any(|e| e.id == *exam))
        }
    }
}

/// The day of publication; the first sight where none is known.
fn published(notice: &Notice) -> Date {
    let facts = notice.latest.as_ref().map(|v| &v.reading.facts);
    let stated = facts.and_then(|f| f.published).or(notice.published);
    stated.unwrap_or_else(|| china_date(notice.first_seen))
}
