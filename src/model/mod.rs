//! Layer 0: the values that travel between the parts, and their identities. No I/O, no clock.
//!
//! Reading order: [`source`] (what we know about offices), [`page`] (what came over the wire and
//! what the adapter made of it), [`facts`] (what the language says), [`event`] (what changed),
//! [`standing`] and [`board`] (what follows from it).

pub mod address;
pub mod board;
pub mod event;
pub mod facts;
pub mod feed;
pub mod judged;
pub mod page;
pub mod remind;
pub mod secret;
pub mod settings;
pub mod sink;
pub mod source;
pub mod standing;
pub mod stored;
pub mod template;

pub use address::canonical;
pub use board::{Board, BoardNotice, BoardRegion, BoardSource};
pub use event::{Change, Cursor, Delta, Event, NoticeId, Subject, TextChange};
pub use facts::{Evidence, Facts, Found, Reading, Window};
pub use feed::{Feed, NoticeView};
pub use page::{
    Article, Attachment, Block, BlockKind, Cell, Entry, Fault, Image, Link, Page, Span, Table,
    Verdict,
};
pub use remind::{Remind, When};
pub use secret::Secret;
pub use settings::Settings;
pub use sink::{Sink, SinkKind};
pub use source::{Catalog, Exam, Kind, Region, Shape, Sitting, Source};
pub use standing::{
    CityStanding, Electronic, Gap, Grounds, Moved, Paper, Signal, Stage, Standing, StandingWindow,
    Way,
};
pub use stored::{Notice, SourceState, Tied, Version};

/// Calendar date in China (UTC+08:00), as written by an office.
pub type Date = jiff::civil::Date;
/// A moment; the store keeps it as RFC 3339 UTC text.
pub type Timestamp = jiff::Timestamp;

/// UTC+08:00, the zone of every office: China has had one zone and no daylight saving since 1991,
/// so a fixed offset is exact for every date that lingzheng meets.
pub const CHINA: jiff::tz::Offset = jiff::tz::offset(8);

/// The calendar day in China at a moment.
pub fn china_date(at: Timestamp) -> Date {
    CHINA.to_datetime(at).date()
}
