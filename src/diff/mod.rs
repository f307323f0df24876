//! Two readings of one notice to changes: field by field, and the words beside it.
//!
//! Both sides must come from today's adapter and rules: `settle` sees to that.

mod facts;
mod text;
mod windows;

pub use facts::deltas;
pub use text::text_change;
pub use windows::pair_windows;

use crate::model::{Article, Change, Reading};

/// What changed between two looks at one notice; None where nothing did that a person would see.
///
/// The windows of both readings must carry their ids ([`pair_windows`]).
pub fn compare(old: (&Article, &Reading), new: (&Article, &Reading)) -> Option<Change> {
    let deltas = deltas(old.1, new.1);
    let text = text_change(&old.0.text, &new.0.text);
    if text.hunks.is_empty() {
        let files = deltas.iter().all(|d| d.path.starts_with("/attachments"));
        return match (deltas.is_empty(), files) {
            (true, _) => None,
            (false, true) => Some(Change::Attachment { deltas }),
            (false, false) => Some(Change::Facts { deltas, text }),
        };
    }
    Some(if deltas.is_empty() {
        Change::Text { text }
    } else {
        Change::Facts { deltas, text }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts::FileRef;

    fn article(text: &str) -> Article {
        Article {
            text: text.into(),
            ..Article::default()
        }
    }

    #[test]
    fn white_space_is_no_change_and_a_replaced_file_is_one() {
        let mut old = Reading::default();
        let file = |href: &str| FileRef {
            name: "附件1".into(),
            href: href.into(),
            role: None,
        };
        old.facts.attachments = vec![file("./P1.xls")];
        let mut new = old.clone();
        let (a, b) = (
            article("领取时间： 3月\n地点"),
            article("领取时间：3月\n地点"),
        );
        assert_eq!(compare((&a, &old), (&b, &new)), None);
        new.facts.attachments = vec![file("./P2.xls")];
        let change = compare((&a, &old), (&b, &new)).unwrap();
        assert_eq!(change.word(), "attachment");
        let c = article("领取时间：4月\n地点");
        assert_eq!(compare((&a, &old), (&c, &old)).unwrap().word(), "text");
        assert_eq!(compare((&a, &old), (&c, &new)).unwrap().word(), "facts");
    }
}
