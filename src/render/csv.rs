//! CSV (RFC 4180) for spreadsheets: one row per window, one row for a notice without windows.
//! Begins with a byte-order mark, without which Excel reads UTF-8 as the machine's own charset.

use super::brief::{clean, exam_line, place_line};
use super::ids;
use crate::model::{Feed, NoticeView, Window};

/// The columns: a contract, new ones are added at the end.
pub const COLUMNS: [&str; 22] = [
    "id",
    "place",
    "title",
    "kind",
    "published",
    "issuer",
    "exams",
    "methods",
    "window",
    "way",
    "start",
    "end",
    "hours",
    "scope",
    "estimate",
    "places",
    "materials",
    "phones",
    "gone",
    "url",
    "first_seen",
    "updated",
];

/// The notices as a table.
///
/// # Errors
/// None in practice: the writer writes to memory.
pub fn csv(feed: &Feed) -> Result<String, ::csv::Error> {
    let mut out = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::CRLF)
        .from_writer(vec![0xef, 0xbb, 0xbf]);
    out.write_record(COLUMNS)?;
    for view in &feed.notices {
        match view.facts().map(|f| f.windows.as_slice()) {
            Some(windows @ [_, ..]) => {
                for window in windows {
                    out.write_record(row(feed, view, Some(window)))?;
                }
            }
            _ => out.write_record(row(feed, view, None))?,
        }
    }
    let bytes = out
        .into_inner()
        .map_err(|e| ::csv::Error::from(e.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn row(feed: &Feed, view: &NoticeView, window: Option<&Window>) -> [String; COLUMNS.len()] {
    let notice = &view.notice;
    let facts = view.facts();
    let list = |f: &dyn Fn(&crate::model::Facts) -> Vec<String>| {
        facts.map(f).unwrap_or_default().join("；")
    };
    let day = |d: Option<crate::model::Date>| d.map(|d| d.to_string()).unwrap_or_default();
    let yes = |b: bool| if b { "1" } else { "" }.to_owned();
    [
        ids::notice(&feed.epoch, notice.id),
        view.place.clone(),
        notice.title.clone(),
        notice.kind.map_or("", |k| k.word()).to_owned(),
        day(facts.and_then(|f| f.published).or(notice.published)),
        facts.and_then(|f| f.issuer.clone()).unwrap_or_default(),
        list(&|f| f.exams.iter().map(exam_line).collect()),
        list(&|f| f.methods.iter().map(|m| m.word().to_owned()).collect()),
        window.and_then(|w| w.id.clone()).unwrap_or_default(),
        window.map_or("", |w| w.method.word()).to_owned(),
        day(window.and_then(|w| w.start)),
        day(window.and_then(|w| w.end)),
        window.map(|w| w.hours.join(" ")).unwrap_or_default(),
        window.and_then(|w| w.scope.clone()).unwrap_or_default(),
        window.map(|w| yes(w.estimate)).unwrap_or_default(),
        list(&|f| f.places.iter().map(place_line).collect()),
        list(&|f| f.materials.own.clone()),
        list(&|f| f.phones.clone()),
        yes(notice.gone),
        notice.url.clone(),
        notice.first_seen.to_string(),
        view.updated().to_string(),
    ]
    .map(|cell| guarded(&cell))
}

/// A cell that no spreadsheet takes for a formula: one that begins like one, in any width, gets an
/// apostrophe. (OWASP, "CSV Injection".)
fn guarded(cell: &str) -> String {
    const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let begins_odd = cell.starts_with(['\t', '\r', '\n']);
    let cell = clean(cell);
    match begins_odd || cell.trim_start().starts_with(FORMULA) {
        true => format!("'{cell}"),
        false => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, want) in [
            ("=1+1", "'=1+1"),
            ("+8610", "'+8610"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "' =1"),
            ("\rx", "' x"),
            ("  ＝HYPERLINK(1)", "'  ＝HYPERLINK(1)"),
            ("＠x", "'＠x"),
            ("0771-5595010", "0771-5595010"),
            ("关于领取证书的通知", "关于领取证书的通知"),
            ("", ""),
        ] {
            assert_eq!(guarded(cell), want, "{cell:?}");
        }
    }
}
