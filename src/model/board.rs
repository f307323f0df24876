//! One view of everything about a sitting, which all boards and round-ups are made from.

use super::{
    Date, Event, Fault, NoticeId, Reading, Sitting, Standing, Subject, Timestamp,
    facts::NoticeKind, source::Kind,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// A sitting of an exam in all regions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Board {
    /// When it was made.
    pub generated: Timestamp,
    /// The day in China at that moment.
    pub today: Date,
    /// Full name of the exam.
    pub exam: String,
    /// Its short name (软考).
    pub exam_short: String,
    /// The sitting.
    pub sitting: Sitting,
    /// One per region, in the order of the national code.
    pub standings: Vec<Standing>,
    /// Regions by id.
    pub regions: BTreeMap<String, BoardRegion>,
    /// The notices that the standings name.
    pub notices: BTreeMap<NoticeId, BoardNotice>,
    /// A correction or postponement and what it corrects.
    pub ties: Vec<(NoticeId, NoticeId)>,
    /// What was told of those notices and sources of late, newest first.
    pub events: Vec<Event>,
    /// Sources, in the order of the catalog.
    pub sources: Vec<BoardSource>,
}

impl Board {
    /// The standing of a region.
    pub fn standing(&self, region: &str) -> Option<&Standing> {
        self.standings.iter().find(|s| s.region == region)
    }
    /// Leaves only one region, with its notices, changes and sources.
    pub fn keep_region(&mut self, region: &str) {
        self.standings.retain(|s| s.region == region);
        self.regions.retain(|id, _| id == region);
        let named: Vec<NoticeId> = self
            .standings
            .iter()
            .flat_map(|s| s.notices.clone())
            .chain(self.regions.values().flat_map(|r| r.pages.clone()))
            .collect();
        self.notices.retain(|id, _| named.contains(id));
        self.ties
            .retain(|(a, b)| named.contains(a) && named.contains(b));
        self.events.retain(|e| match &e.subject {
            Subject::Notice(id) => named.contains(id),
            Subject::Source(_) => false,
            Subject::Standing { region: of, .. } => of == region,
        });
        let serving = self.regions.get(region).map_or(&[][..], |r| &r.sources);
        self.sources.retain(|s| serving.contains(&s.id));
    }
    /// Leaves only what changed at that moment or later: events, notices, and the regions that have
    /// such a notice.
    pub fn keep_since(&mut self, since: Timestamp) {
        self.events.retain(|e| e.at >= since);
        self.notices.retain(|_, n| n.changed >= since);
        for standing in &mut self.standings {
            standing.notices.retain(|id| self.notices.contains_key(id));
        }
        for region in self.regions.values_mut() {
            region.pages.retain(|id| self.notices.contains_key(id));
        }
        self.standings.retain(|s| !s.notices.is_empty());
    }
    /// The source with this id.
    pub fn source(&self, id: &str) -> Option<&BoardSource> {
        self.sources.iter().find(|s| s.id == id)
    }
}

/// A region as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoardRegion {
    /// Short name (`广西`).
    pub name: String,
    /// Full name.
    pub full: String,
    /// Name in Latin letters (`Guangxi`).
    pub latin: String,
    /// Ids of the sources whose notices hold for it, its own first.
    pub sources: Vec<String>,
    /// Standing pages of its offices: papers, places and phones that hold for every sitting.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<NoticeId>,
}

/// A notice as shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BoardNotice {
    /// Its id.
    pub id: NoticeId,
    /// Title.
    pub title: String,
    /// Address for people.
    pub url: String,
    /// Publication date; None = not stated.
    pub published: Option<Date>,
    /// Source id.
    pub source: String,
    /// The office's name.
    pub office: String,
    /// What it is about; None = never read.
    pub kind: Option<NoticeKind>,
    /// The facts; None = only its row is known.
    pub reading: Option<Reading>,
    /// When it came or last changed, as far as was seen.
    pub changed: Timestamp,
    /// When its page last answered; None = never asked for.
    pub seen: Option<Timestamp>,
}

/// A source and its health.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoardSource {
    /// Source id.
    pub id: String,
    /// Region id, or `cn`.
    pub region: String,
    /// City short name; None for a province's office.
    pub city: Option<String>,
    /// The office's name.
    pub name: String,
    /// How it is watched.
    pub kind: Kind,
    /// Page for people: the list, else the home page; empty where there is none.
    pub url: String,
    /// Enquiry phone as published.
    pub phone: Option<String>,
    /// Last good visit; None = never.
    pub last_good: Option<Timestamp>,
    /// Why the last visit failed; None = it did not.
    pub fault: Option<Fault>,
    /// Since when it fails.
    pub fault_since: Option<Timestamp>,
}
