//! What reading a body yields.

use crate::model::{Attachment, Block, Image, Link, Table};

/// What a walk yields. Spans are byte offsets into `text`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Body {
    /// Lines, separated by `\n`.
    pub(crate) text: String,
    /// Lines in order.
    pub(crate) blocks: Vec<Block>,
    /// Data tables as grids.
    pub(crate) tables: Vec<Table>,
    /// Links that are no files.
    pub(crate) links: Vec<Link>,
    /// Content pictures.
    pub(crate) images: Vec<Image>,
    /// Files; `url` is still empty.
    pub(crate) attachments: Vec<Attachment>,
}

impl Body {
    /// Forgets the text from `start` on, with its links and pictures. Files stay: a file never is a
    /// volatile part.
    pub(crate) fn truncate(&mut self, start: usize) {
        self.text.truncate(start);
        // Both stand in page order, so the late ones are at the end.
        while self.links.last().is_some_and(|l| l.span.end > start) {
            self.links.pop();
        }
        while self.images.last().is_some_and(|i| i.at > start) {
            self.images.pop();
        }
        for file in &mut self.attachments {
            file.span = file.span.filter(|s| s.end <= start);
        }
    }
}
