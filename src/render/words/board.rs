//! The words of boards and round-ups: one table per language, beside the general one.

use crate::model::{
    Board, BoardRegion, Date, Electronic, Gap, Sitting, Stage, Standing, Timestamp, Way,
};

/// The words of one language. Labels are without colon; sentences without full stop.
pub struct BoardWords {
    /// `lang` of HTML (BCP 47).
    pub tag: &'static str,
    /// Heading of the whole.
    pub title: fn(&Board) -> String,
    /// The sitting with its exam days, as of a day.
    pub subtitle: fn(&Board) -> String,
    /// `2026 年下半年`.
    pub sitting: fn(&Sitting) -> String,
    /// A stage.
    pub stage: fn(Stage) -> &'static str,
    /// What a stage asks of the reader.
    pub advice: fn(Stage) -> &'static str,
    /// A region's short name.
    pub region: fn(&BoardRegion) -> &str,
    /// A standing in a few words: days left, first day, expected range.
    pub phrase: fn(&Standing) -> String,
    /// The same for a small tile, without the stage: at most some eight columns. Empty where there is
    /// nothing to add.
    pub tile: fn(&Standing) -> String,
    /// A region and so many more, for a narrow column.
    pub and_more: fn(&str, usize) -> String,
    /// The dates of a way.
    pub way: fn(&Way) -> String,
    /// A range of days.
    pub range: fn(Date, Date) -> String,
    /// So many regions whose offices were never asked, and the first day on which one of them may tell.
    pub unasked: fn(usize, Option<Date>) -> String,
    /// What an expected range rests on; empty where there is none.
    pub grounds: fn(&Standing) -> String,
    /// The electronic certificate.
    pub electronic: fn(&Electronic) -> String,
    /// Something not known. The source's name is given where it names one.
    pub gap: fn(&Gap, &str) -> String,
    /// Until when an uncollected certificate is kept.
    pub kept: fn(Date) -> String,
    /// Days and time in China at a moment.
    pub moment: fn(Timestamp) -> String,
    /// So many of something, for a heading.
    pub count: fn(usize) -> String,
    /// What to compare on the certificate before leaving the counter.
    pub on_certificate: &'static [&'static str],
    /// Labels.
    pub label: BoardLabels,
}

/// Labels of boards.
pub struct BoardLabels {
    /// The map.
    pub map: &'static str,
    /// That the map is a grid of tiles.
    pub map_note: &'static str,
    /// The timeline.
    pub timeline: &'static str,
    /// What the timeline's bars are.
    pub timeline_note: &'static str,
    /// What has changed.
    pub changes: &'static str,
    /// Nothing has changed.
    pub no_changes: &'static str,
    /// Every region.
    pub regions: &'static str,
    /// The sources.
    pub sources: &'static str,
    /// Legend.
    pub legend: &'static str,
    /// Today.
    pub today: &'static str,
    /// Expected.
    pub expected: &'static str,
    /// Not yet told.
    pub no_notice: &'static str,
    /// Electronic certificate.
    pub electronic: &'static str,
    /// Paper certificate.
    pub paper: &'static str,
    /// Certificates that nobody has collected.
    pub kept: &'static str,
    /// Checklist of papers.
    pub checklist: &'static str,
    /// What to check on the certificate.
    pub check: &'static str,
    /// By city.
    pub cities: &'static str,
    /// City.
    pub city: &'static str,
    /// The original notice.
    pub original: &'static str,
    /// Corrects the notice.
    pub corrects: &'static str,
    /// A city whose own office is not visited.
    pub unwatched: &'static str,
    /// A page that an office edits in place.
    pub standing: &'static str,
    /// What corrects this notice.
    pub corrected_by: &'static str,
    /// Last change.
    pub changed: &'static str,
    /// Last seen.
    pub seen: &'static str,
    /// The office's page.
    pub office_page: &'static str,
    /// Not known.
    pub unknown: &'static str,
    /// Sources that answer.
    pub answering: &'static str,
    /// Sources that fail.
    pub failing: &'static str,
    /// Sources never visited.
    pub unvisited: &'static str,
    /// Which text counts.
    pub disclaimer: &'static str,
    /// Back to the top.
    pub top: &'static str,
    /// Between a label and its value.
    pub colon: &'static str,
    /// Between parts of a list.
    pub comma: &'static str,
    /// Between parts of a sentence.
    pub clause: &'static str,
}
