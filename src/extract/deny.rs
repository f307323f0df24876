//! Whether words that name a way are taken back by the words around them: 不设现场领取,
//! 现场发放推迟进行. A condition (没有申请邮寄的) takes nothing back.

use super::Doc;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Borders of what a negation reaches.
const BORDER: [char; 10] = ['。', ';', ',', '\n', '\t', '!', '?', ':', '(', ')'];

/// Longest clause that is looked at on either side, in characters.
const REACH: usize = 40;

/// In front: not offered, not allowed. 的 and 可 end its reach (不能到场的可邮寄).
static DENIED: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"(?:不(?:再|设|能|得|可|予|准|许|宜|提供|办理|受理|接受|安排|开放|支持|允许)|暂不|无法|严禁|禁止|谢绝|未设|未开通|拒绝|勿)[^的可]{0,16}$",
    )
});

/// In front: suspended. A new time (推迟至) or another way (改为) ends its reach.
static STOPPED: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(r"(?:暂停|停止|停办|取消|推迟|延期|延迟|暂缓)[^的可改期至到]{0,24}$")
});

/// Behind: 取消, 推迟进行, 一律不再办理.
static AFTER: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^[^逾过]{0,12}?(?:(?:取消|暂停|停止|停办|延期|推迟|暂缓)(?:[^至到]|$)|(?:不再|不予|暂不|均不|不)(?:办理|受理|提供|安排|开放)|不符合)",
    )
});

/// Whether the folded text denies what stands at `at`.
pub(super) fn denied(doc: &Doc, at: Range<usize>) -> bool {
    let text = doc.text();
    let before = text.get(..at.start).unwrap_or("").char_indices().rev();
    let clause = before.take(REACH).take_while(|(_, c)| !BORDER.contains(c));
    let head = clause
        .last()
        .and_then(|(i, _)| text.get(i..at.start))
        .unwrap_or("");
    let rest = text.get(at.end..).unwrap_or("");
    let tail: String = rest
        .chars()
        .take(REACH)
        .take_while(|c| !BORDER.contains(c))
        .collect();
    // 可以邮寄吗: the answer says.
    let asked = tail.contains('吗') || head.contains("能否") || head.contains("可否");
    asked || DENIED.is_match(head) || STOPPED.is_match(head) || AFTER.is_match(&tail)
}
