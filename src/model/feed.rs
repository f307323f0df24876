//! What every outgoing format is made of: notices with what happened to them, and the events.

use super::{Change, Event, Facts, Notice, Reading, Timestamp, china_date};

/// One selection of notices and events, ready to be written in any format.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// First half of the journal's cursors; part of every id, so that a restored backup, which may
    /// give a number to another notice, never takes an id that was used.
    pub epoch: String,
    /// Which selection it is (`all`, `guangxi`): part of the feed's own id.
    pub name: String,
    /// For people.
    pub title: String,
    /// Where this very document is published; None = a file.
    pub self_url: Option<String>,
    /// The moment that the selection was made. Shown only where a format demands a date and there
    /// is no notice to take one from.
    pub generated: Timestamp,
    /// Newest first.
    pub notices: Vec<NoticeView>,
    /// In the order of the journal.
    pub events: Vec<Event>,
}

/// A notice, where it holds, and what was told of it.
#[derive(Debug, Clone, PartialEq)]
pub struct NoticeView {
    /// The notice with its latest version.
    pub notice: Notice,
    /// Region, and city where it is a city's, for people.
    pub place: String,
    /// Its events, newest first.
    pub history: Vec<Event>,
}

impl NoticeView {
    /// The latest reading; None = only its row is known.
    pub fn reading(&self) -> Option<&Reading> {
        self.notice.latest.as_ref().map(|v| &v.reading)
    }

    /// The latest facts; None = only its row is known.
    pub fn facts(&self) -> Option<&Facts> {
        self.reading().map(|r| &r.facts)
    }

    /// When something that a reader should see again last happened to it; else its first sight.
    pub fn updated(&self) -> Timestamp {
        self.latest(is_news)
    }

    /// When anything that is shown of it last changed, better readings included.
    pub fn revised(&self) -> Timestamp {
        self.latest(|_| true)
    }

    /// Its news, newest first.
    pub fn news(&self) -> impl Iterator<Item = &Event> {
        self.history.iter().filter(|e| is_news(e))
    }

    fn latest(&self, counts: impl Fn(&Event) -> bool) -> Timestamp {
        let told = self
            .history
            .iter()
            .filter(|e| counts(e))
            .map(|e| e.at)
            .max();
        told.map_or(self.notice.first_seen, |at| at.max(self.notice.first_seen))
    }
}

/// A better reading is news where a window was open or to come when it was made: else every new
/// rule would bring back notices of years ago. A page that goes to and fro brings none.
fn is_news(event: &Event) -> bool {
    match &event.change {
        Change::Reread { .. } => event.reading.as_deref().is_some_and(|r| {
            let day = china_date(event.at);
            r.facts
                .windows
                .iter()
                .any(|w| w.end.is_none_or(|end| end >= day))
        }),
        Change::Unsteady | Change::Baseline { .. } => false,
        _ => true,
    }
}
