//! What else a holder should know: sentences by topic.

use super::Doc;
use super::rule::{Row, Rules};
use crate::model::facts::Note;
use crate::model::{Found, Span};
use std::sync::LazyLock;

/// `make` is the topic. Within a topic the order of the text counts.
const ROWS: &[Row<&'static str>] = &[
    Row {
        name: "note.check",
        pattern: r"(?:领取|领证|领出|收到|签收)[^。;\n]{0,16}(?:核对|核验|核查|检查)|(?:请|须|应)[^。;\n]{0,10}(?:核对|核验)[^。;\n]{0,14}(?:姓名|信息|内容|管理号|无误|有误|错误|差错)",
        make: "check",
    },
    Row {
        name: "note.after_submit",
        pattern: r"(?:提交|保存|选定|确认|锁定)(?:后|即)[^。;\n]{0,12}(?:不得|不能|不可|无法|不接受|不再|不予|锁定)[^。;\n]{0,8}",
        make: "after_submit",
    },
    Row {
        name: "note.overdue",
        pattern: r"(?:逾期|过期|期满)[^。;\n]{0,16}(?:不|销毁|处理|保管|存|上交|领取|补领|移交|退|封)|(?:未|没有)[^。;\n]{0,14}(?:领取?|申请)(?:的|证书)[^。;\n]{0,30}(?:转|移|销毁|收回|保管|存|下一|一并|另|办理|补领|入库|封|领取)|超过[^。;\n]{0,8}未领|(?:以后|之后|后)(?:不再|每)[^。;\n]{0,12}(?:发放|补领|领取)|保管(?:期|期限)为|(?:年|月)[^。;\n]{0,4}内[^。;\n]{0,6}(?:保存|保管)",
        make: "overdue",
    },
    Row {
        name: "note.correction",
        pattern: r"(?:信息|姓名|名字|照片|身份证号)[^。;\n]{0,12}(?:有误|错误|不符|变更|写错)[^。\n]{0,30}(?:更正|联系|申请|换发|暂缓|反映|填写)|不要涂改[^。\n]{0,40}(?:换发|更正)",
        make: "correction",
    },
    Row {
        name: "note.fraud",
        pattern: r"诈骗|骗子|谨防|轻信|勿信|防骗|受骗|上当",
        make: "fraud",
    },
];

static RULES: LazyLock<Rules<&'static str>> = LazyLock::new(|| Rules::new(ROWS));

/// Most notes of one topic: more is a leaflet.
const MOST: usize = 3;

/// Notes in the order of the text, one per topic and sentence.
pub(super) fn read(doc: &Doc) -> Vec<Found<Note>> {
    let mut out: Vec<Found<Note>> = Vec::new();
    for (row, at) in RULES.matches(doc.text()) {
        let span = sentence(doc, doc.fold.span(at.range()));
        let topic = |f: &&Found<Note>| f.value.topic == row.make;
        let known = out.iter().filter(topic).any(|f| f.span == Some(span));
        if known || out.iter().filter(topic).count() >= MOST || doc.words(span).contains('\t') {
            continue;
        }
        let note = Note {
            topic: row.make.to_string(),
            quote: doc.words(span).to_string(),
        };
        out.push(Found::new(note, span, row.name));
    }
    out.sort_by_key(|f| f.span.map_or(0, |s| s.start));
    out
}

/// A sentence with its full stop, without its number.
fn sentence(doc: &Doc, at: Span) -> Span {
    static NUMBER: LazyLock<regex::Regex> = LazyLock::new(|| {
        super::regex(
            r"^\s*(?:第?[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十0-9]{1,3}\)[、.]?|\d{1,2}[、.]|答[:.])\s*",
        )
    });
    let range = doc.fold.range(doc.sentence(at));
    let text = doc.text();
    let words = text.get(range.clone()).unwrap_or("");
    let skip = NUMBER.find(words).map_or(0, |m| m.end());
    let stop = text.get(range.end..).is_some_and(|t| t.starts_with('。'));
    let end = range.end + if stop { '。'.len_utf8() } else { 0 };
    doc.fold.span(range.start + skip..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::corpus;

    #[test]
    fn corpus() {
        corpus::check("note", include_str!("note.corpus"), RULES.names(), |line| {
            let article = crate::extract::plain(&line.text);
            let found = read(&Doc::new(&article));
            let words = |f: &Found<Note>| format!("{}: {}", f.value.topic, f.value.quote);
            (
                found.iter().map(words).collect(),
                found.iter().map(|f| f.rule).collect(),
            )
        });
    }
}
