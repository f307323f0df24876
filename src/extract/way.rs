//! The way that a window is for: at a counter, by post, or any.

use super::Doc;
use super::context::Context;
use super::date::DateHit;
use super::window::{Ways, cell};
use crate::model::facts::WindowMethod;
use regex::Regex;
use std::sync::LazyLock;

struct Row {
    name: &'static str,
    pattern: &'static str,
    method: WindowMethod,
}

const ROWS: &[Row] = &[
    Row {
        name: "post",
        pattern: "邮寄|快递|直邮|寄递|寄送|邮递|速递|EMS|ems|顺丰|邮政",
        method: WindowMethod::Mail,
    },
    Row {
        name: "counter",
        pattern: "补领|领回|继续领取|恢复领取|到[^,。;邮寄]{1,12}[办院局站处室科心]领|[发领]证点|领取点|发放点|库房|电话预约|地点(?:不变|同上|:|为)|^窗口$|经办人|介绍信|校内|上述地点|地点同上|现场|自取|到场|(?:^|[^送递寄件])上门|大厅|线下|柜台|前往|前来|自行领取|领[取证]地[点址]|发放地[点址]|办理地[点址]",
        method: WindowMethod::Onsite,
    },
    Row {
        name: "window",
        pattern: "(?:到|服务|发证|领证|领取|号|现场|在)窗口|窗口(?:现场)?(?:领取|办理|发放|自取)",
        method: WindowMethod::Onsite,
    },
    Row {
        name: "go_and_collect",
        pattern: "(?:到|赴|至)[^,。;]{2,40}(?:领取|办理|申领|自取|取证)|(?:到|赴)[^,。;|]{2,40}(?:室|楼|厅|中心|局|科|处|院|窗口|号),[^。;]{0,60}(?:领取|领证|发放)|(?:凭|持|携|带)[^,。;]{2,30}(?:领取|领证|办理)|本人领取",
        method: WindowMethod::Onsite,
    },
];

/// Names of the rules.
#[cfg(test)]
pub(super) fn rules() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|r| r.name)
}

static PATTERNS: LazyLock<Vec<Regex>> =
    LazyLock::new(|| ROWS.iter().map(|r| super::regex(r.pattern)).collect());

/// A way that is not taken, or not open: its words do not count.
static DENIED: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        "(?:未|没有?|不设?|不再|无法|不能|取消|暂停|停止|除)(?:在[^,。;]{0,12})?(?:提供|安排|接受|采取|采用|申请|选择|办理|填写?|提交|登记|预约|开展|通过|线上|网上|进行)*(?:证书)?(?:邮寄|快递|直邮|寄递|EMS|现场|窗口|上门)[^,。;]{0,6}|(?:不便|不能|无法|不方便)(?:到场|现场|前来|前往|上门)",
    )
});

/// An aside that is about a place or another way.
static BRACKET: LazyLock<Regex> = LazyLock::new(|| super::regex(r"\([^()]*\)"));

/// What makes a date, so that its 到 and 至 are not taken for going somewhere.
static FIGURES: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(r"[\d一二三四五六七八九十〇年月日时:~ -]+[至到起止前后]*|\)[至到]")
});

/// What words say of the way; None where they say nothing.
fn words(text: &str, rules: &mut Vec<&'static str>) -> Option<WindowMethod> {
    let text = DENIED.replace_all(text, "");
    let mut found = None;
    for (row, pattern) in ROWS.iter().zip(PATTERNS.iter()) {
        if pattern.is_match(&text) {
            rules.push(row.name);
            found = match found {
                None => Some(row.method),
                Some(m) if m == row.method => found,
                Some(_) => Some(WindowMethod::Any),
            };
        }
    }
    found
}

/// The way of a window, by the nearest words that tell: its sentence, its headings, its row, a
/// sentence elsewhere that speaks of the same step, the title, the ways of the whole notice.
pub(super) fn of(
    doc: &Doc,
    hit: &DateHit,
    at: &Context,
    ways: &Ways,
) -> (WindowMethod, Vec<&'static str>) {
    let mut rules = Vec::new();
    let own = FIGURES.replace_all(at.own, "");
    let after = BRACKET.replace_all(at.after, "");
    let sentence = format!("{}|{own}|{after}", at.before);
    let found = words(&sentence, &mut rules);
    let exclusive = |m: &WindowMethod| *m != WindowMethod::Any;
    let label = || at.headings.iter().find_map(|h| words(h, &mut Vec::new()));
    let found = match found {
        Some(WindowMethod::Any) => label().filter(exclusive).or(found),
        Some(m) => Some(m),
        None => label(),
    };
    let method = found
        .or_else(|| row(doc, hit))
        .or_else(|| elsewhere(doc, at))
        .or_else(|| place_below(doc, hit))
        .or_else(|| {
            let title = super::fold(&doc.article.title);
            words(&title, &mut Vec::new()).filter(exclusive)
        })
        .unwrap_or(match (ways.onsite, ways.mail) {
            (false, true) => WindowMethod::Mail,
            (true, false) => WindowMethod::Onsite,
            _ => WindowMethod::Any,
        });
    (method, rules)
}

/// A table that has a column for the place speaks of going there.
fn row(doc: &Doc, hit: &DateHit) -> Option<WindowMethod> {
    let (grid, row, _) = cell(doc, hit.span)?;
    let rows = grid.rows.get(..grid.header_rows.max(1))?;
    let cells = rows.iter().chain(grid.rows.get(row)).flatten();
    let text: Vec<&str> = cells.map(|c| doc.fold.of(c.span)).collect();
    words(&text.join("|"), &mut Vec::new()).filter(|m| *m != WindowMethod::Any)
}

/// A time that is followed by a place is for those who come.
fn place_below(doc: &Doc, hit: &DateHit) -> Option<WindowMethod> {
    let at = doc.unit_at(hit.span.start);
    doc.units
        .iter()
        .skip(at + 1)
        .take(6)
        .filter_map(|u| u.label)
        .map(|l| doc.fold.of(l))
        .take_while(|l| !l.contains("邮寄") && !l.contains("快递"))
        .any(|l| l.contains("地点"))
        .then_some(WindowMethod::Onsite)
}

/// `网上预约时间` takes its way from the sentence that says who books on line and what for.
fn elsewhere(doc: &Doc, at: &Context) -> Option<WindowMethod> {
    step(doc, at)
        .and_then(|s| words(s, &mut Vec::new()))
        .filter(|m| *m != WindowMethod::Any)
}

/// How much of a text is looked through for such a sentence, in bytes.
const HEAD: usize = 32_000;

/// The other sentence of the notice that names the step of a heading such as `网上预约时间`.
pub(super) fn step<'a>(doc: &'a Doc, at: &Context) -> Option<&'a str> {
    let heading = at.headings.first()?;
    let core = heading
        .trim_end_matches("时间")
        .trim_end_matches("受理")
        .trim();
    let tells = ["预约", "申请", "登记", "下单", "申领"]
        .iter()
        .any(|w| core.contains(w));
    if !tells || core.chars().count() > 8 || core.len() == heading.len() {
        return None;
    }
    let head = doc.text().len().min(HEAD);
    (0..4)
        .find_map(|back| doc.text().get(..head.saturating_sub(back)))
        .unwrap_or("")
        .split(['。', '\n', ';'])
        .find(|s| s.contains(core) && s.trim().len() > heading.len() + 12)
}
