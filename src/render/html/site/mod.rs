//! The board as a site: the same pages for a server and for files, usable without a script.

mod board;
mod changes;
mod diff;
mod feeds;
mod frame;
mod login;
mod names;
mod notice;
mod search;
mod sources;

pub use board::{board, region};
pub use changes::changes;
pub use diff::{Diff, diff};
pub use feeds::feeds;
pub use frame::style;
pub use login::login;
pub use names::Names;
pub use notice::{NoticePage, notice};
pub use search::search;
pub use sources::sources;

use super::{Html, Place, To};
use crate::render::Lang;

/// Where a page stands: its language, and how its links are made.
#[derive(Debug, Clone, Copy)]
pub struct At {
    /// Language of the page.
    pub lang: Lang,
    /// Server or files.
    pub place: Place,
}

impl At {
    fn to(self, out: &mut Html, to: To, label: &str) {
        match self.place.lacks(to) {
            true => out.text(label),
            false => out.to(&self.place.href(to, self.lang), label),
        };
    }
}
