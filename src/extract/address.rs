//! Where a name ends and a street address begins: `福田区振华路100号深纺大厦2楼` is an address up to
//! its house number and a name from there on; `人事考试中心(中山路5号)` the other way round.
//!
//! All ranges are of the folded text.

use super::words::{outer, trim};
use super::{Doc, phone};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// A place as its words stand in the folded text. At least one of `name`, `address` is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Spot {
    /// Office, building, room.
    pub name: Option<Range<usize>>,
    /// To the house number.
    pub address: Option<Range<usize>>,
    /// Numbers that stand with it.
    pub phones: Vec<Range<usize>>,
}

/// A street or the like with a house number.
static HOUSE: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"(?:[路街道巷弄里段村镇屯线园区坊庄桥门胡]|胡同|中心)(?:[东西南北中]|[东西南北]侧|[一二三四五六七八九十]段|[一二三四五六七八九十]+)?(?:\(.{1,12}?\))?\s*(?:甲|乙)?\d{1,5}(?:[-、/]\d{1,4})*\s*(?:号院|号|弄)(?:[甲乙丙]|之[一二三四五六七八九十\d])?",
    )
});

/// What follows a number that is a building's, a gate's or a counter's, not a street's.
const NOT_HOUSE: [&str; 6] = ["窗", "楼", "教学", "柜", "门", "厅"];

/// Ends of the names of offices, buildings and rooms.
static OFFICE: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"(?:中心|[局厅院办处科股室站馆所部楼]|窗口?|大厅|[\d一二三四五六七八九十]+[楼层]|大厦|机构|部门|报名点|领取点|测试点|发放点|考[点区]办|考点|指定(?:的)?地[址点]|学校|学院|大学|公司|市场|委员会|[健教改]委|协会|学会|银行|基地|专区|柜台|之家|方舟|财政|[A-Za-z\d]区|[东西南北]侧|[A-Za-z\d]座|单位|\d+(?:[房号]|房间)|[楼座馆厅区栋][A-Za-z]?\d{2,5})$",
    )
});

/// Words that no place's name holds.
static NO_PLACE: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"网站|网址|平台|系统|栏目|专栏|公众号|小程序|APP|邮箱|微信|https?:|www\.|上述|以上|另行|不设|统一邮寄|通知|公告|邮寄|快递|寄|请|携带|可以|办理的|时间|原件|自行|每[天日]|^证书(?:$|[由已])|证书[由已的]|领取证书",
    )
});

/// Words for a place that say nothing.
static VAGUE: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^(?:我?[们]?中心|[我本][省市区县校院局办厅处站]|本?中心|本[省市区县校]|当地|现场|(?:现场|受理|领取|发证|办理|证书|服务|指定)?窗口|线下|原(?:发放|领取|发证).{0,3}|原窗口|考[点区]|同上|大厅|[\d一二三四五六七八九十]{1,3}[楼层].{0,12}|学校|单位|有关部门|相关部门|报考所在考区|所在单位|原处|校内|本校.{0,6}|\d[\d、,-]{0,8}号(?:窗口?)?|[该此](?:窗口|处|地|单位|机构|中心)|本?单位或.{0,12}|各地|工作单位|.{0,3}办公室|本[处科室]|下午|上午)$",
    )
});

/// Where in a building: enough of a name behind a street address.
static FLOOR: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^[\d一二三四五六七八九十]{1,3}[楼层][\p{Han}A-Za-z\d-]{0,12}$|^[A-Za-z]?\d{2,4}(?:室|房间?)$",
    )
});

/// Something of a street address without a house number.
static STREET: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"[路街巷弄](?:$|[^局]|.{0,6}[侧面])|大道|胡同|[市区县镇](?:$|[\p{Han}]{2,}(?:区|村|园)$)|\d号|行政办公区",
    )
});

/// A bracket that tells the way, or something that is no place.
static WAY: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"公交|地铁|路车|轨道|对面|下车|出口|附近|旁边|停车|电话|周[一二三四五六日]|工作日|上午|见附件|附件|除外|星期|即|原",
    )
});

/// The end of an office's name that stands before a street address without any border.
static SEAM: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"(?:考试[中心院局]+|服务中心|人才中心|[政事障育生保]局|考试办公室|服务大厅|考试中心|厅|大厦|窗口)[\p{Han}]{2,}",
    )
});

/// A street without a number in front of a building that serves the public.
static UNNUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^([\p{Han}]{2,20}?(?:路|街|大道))((?:[\p{Han}]{0,6}[省市区县])?(?:政务|市民|行政|便民|公共|人才|人社|人力)[\p{Han}]{0,10}(?:中心|大厅|大厦))",
    )
});

static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(r"^\s*(?:详细|具体|办公|单位)?(?:地\s*[址点]|位于|地处)\s*[:为是]?\s*")
});

/// A house number within a range, checked by what follows it.
fn house(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let words = text.get(range.clone())?;
    HOUSE
        .find_iter(words)
        .find(|m| {
            let rest = words.get(m.end()..).unwrap_or("").trim_start();
            m.as_str().ends_with(['院', '弄', '甲', '乙', '丙'])
                || m.as_str().contains('之')
                || !NOT_HOUSE.iter().any(|n| rest.starts_with(n))
                || rest.starts_with("门面")
        })
        .map(|m| range.start + m.start()..range.start + m.end())
}

/// Whether words hold a street's house number.
pub(super) fn has_house(text: &str) -> bool {
    house(text, 0..text.len()).is_some()
}

/// Whether words can be the name of a place where something is handed out.
pub(super) fn is_office(words: &str) -> bool {
    let core = outer(words);
    let core = core.trim().trim_end_matches(['"', '”', '“', '.']);
    let long = core.chars().count();
    (2..=48).contains(&long)
        && OFFICE.is_match(core)
        && !NO_PLACE.is_match(core)
        && !VAGUE.is_match(core)
}

/// One piece of a place's words.
struct Piece {
    range: Range<usize>,
    bracket: bool,
}

fn pieces(text: &str, range: Range<usize>) -> Vec<Piece> {
    let mut out = Vec::new();
    let han = |c: Option<char>| c.is_some_and(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let words = text.get(range.clone()).unwrap_or("");
    let (mut depth, mut from, mut last, mut cut) = (0usize, 0, None, false);
    let mut push = |from: usize, to: usize, bracket: bool| {
        let piece = trim(text, range.start + from..range.start + to);
        if !piece.is_empty() {
            out.push(Piece {
                range: piece,
                bracket,
            });
        }
    };
    for (i, c) in words.char_indices() {
        let next = i + c.len_utf8();
        match c {
            '(' => {
                if depth == 0 && !inside_name(words.get(next..).unwrap_or("")) {
                    push(from, i, false);
                    from = next;
                    cut = true;
                }
                depth += 1;
            }
            ')' if depth > 0 => {
                depth -= 1;
                if depth == 0 && cut {
                    push(from, i, true);
                    from = next;
                    cut = false;
                }
            }
            ',' | ';' | '\t' | '。' | '\n' if depth == 0 => {
                push(from, i, false);
                from = next;
            }
            ' ' if depth == 0
                && han(last)
                && han(words.get(next..).and_then(|w| w.chars().next())) =>
            {
                push(from, i, false);
                from = next;
            }
            _ => {}
        }
        last = Some(c);
    }
    push(from, words.len(), cut);
    out
}

/// Whether a bracket is part of a name, as in 县(市、区)财政局: short, neither address nor
/// direction, and the name goes on right behind it.
fn inside_name(rest: &str) -> bool {
    let inner: String = rest.chars().take(16).take_while(|c| *c != ')').collect();
    let after = rest.get(inner.len() + 1..).and_then(|w| w.chars().next());
    after.is_some_and(char::is_alphanumeric)
        && !has_house(&inner)
        && !WAY.is_match(&inner)
        && (!STREET.is_match(&inner) || inner.chars().count() < 5)
}

/// Reads a place's words: an office with its address in brackets, an address with an office
/// behind it, both after commas, numbers between. None where neither is found. `cell`: the words
/// fill a column of places, so that any name will do.
pub(super) fn read(doc: &Doc, range: Range<usize>, cell: bool) -> Option<Spot> {
    let text = doc.text();
    let mut spot = Spot::default();
    for piece in pieces(text, range) {
        let words = text.get(piece.range.clone()).unwrap_or("");
        let label = LABEL.find(words).map_or(0, |m| m.end());
        let body = trim(text, piece.range.start + label..piece.range.end);
        let words = text.get(body.clone()).unwrap_or("");
        if let Some(found) = house(text, body.clone()) {
            if spot.address.is_none() {
                let (front, address) = seam(text, body.start, found.end);
                spot.address = Some(address);
                if let Some(front) = front
                    && spot.name.is_none()
                {
                    spot.name = Some(front);
                }
                let rest = trim(text, found.end..body.end);
                let room = FLOOR.is_match(text.get(rest.clone()).unwrap_or(""));
                let named = !rest.is_empty() && (room || fit(text, rest.clone(), true));
                if spot.name.is_none() && named {
                    spot.name = Some(rest);
                } else if piece.bracket {
                    spot.phones.extend(phone::within(doc, rest));
                }
            }
            continue;
        }
        let numbers = phone::within(doc, body.clone());
        if !numbers.is_empty() {
            spot.phones.extend(numbers);
            continue;
        }
        if piece.bracket {
            if label == 0 && WAY.is_match(words) {
                continue;
            }
            let street = label > 0 || STREET.is_match(words);
            if street && spot.address.is_none() && spot.name.is_some() {
                spot.address = Some(body);
            }
            continue;
        }
        if spot.name.is_none()
            && spot.address.is_none()
            && is_office(words)
            && let Some(street) = UNNUMBERED.captures(words).and_then(|c| c.get(1))
        {
            spot.address = Some(body.start..body.start + street.end());
            spot.name = Some(body.start + street.end()..body.end);
        } else if spot.name.is_none() {
            let office =
                label > 0 && is_office(words) || label == 0 && fit(text, body.clone(), cell);
            spot.name = office.then_some(body);
        } else if label > 0 || STREET.is_match(words) && !is_office(words) {
            spot.address.get_or_insert(body);
        }
    }
    (spot.name.is_some() || spot.address.is_some()).then_some(spot)
}

fn fit(text: &str, range: Range<usize>, lenient: bool) -> bool {
    let words = text.get(range).unwrap_or("");
    is_office(words)
        || lenient
            && (2..=40).contains(&words.chars().count())
            && !NO_PLACE.is_match(words)
            && !VAGUE.is_match(words)
            && words.chars().any(|c| c.is_alphabetic())
}

/// Parts `市人事考试中心中山路5号`: an office's name may stand before the address.
fn seam(text: &str, start: usize, end: usize) -> (Option<Range<usize>>, Range<usize>) {
    let words = text.get(start..end).unwrap_or("");
    let Some(found) = SEAM.find(words) else {
        return (None, start..end);
    };
    let names = ["中心", "院", "局", "办公室", "厅", "大厦", "窗口"];
    let cut = names
        .iter()
        .filter_map(|n| found.as_str().find(n).map(|i| i + n.len()))
        .max()
        .map_or(0, |i| found.start() + i);
    let name = trim(text, start..start + cut);
    let rest = trim(text, start + cut..end);
    let street = text.get(rest.clone()).unwrap_or("");
    if is_office(text.get(name.clone()).unwrap_or("")) && street.chars().count() > 4 {
        (Some(name), rest)
    } else {
        (None, start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_part() {
        let rows = [
            (
                "福田区振华路100号深纺大厦C座二楼审核发证窗口12号窗",
                "深纺大厦C座二楼审核发证窗口12号窗",
                "福田区振华路100号",
            ),
            (
                "重庆市人事考试中心（渝北区新牌坊1路1号，市人社局301室）",
                "重庆市人事考试中心",
                "渝北区新牌坊1路1号",
            ),
            (
                "广州市公共法律服务中心，广州市越秀区连新路31号二楼（在人民公园西侧对面）",
                "广州市公共法律服务中心",
                "广州市越秀区连新路31号",
            ),
            (
                "市会计中心考试部（万柏林区迎泽西大街 80 号希望大厦 11 层 1107 室）",
                "市会计中心考试部",
                "万柏林区迎泽西大街 80 号",
            ),
            (
                "厦门市思明区禾祥东路11号之一 厦门市人事考试测评中心203室（公交1路文灶站下）",
                "厦门市人事考试测评中心203室",
                "厦门市思明区禾祥东路11号之一",
            ),
            (
                "市南区闽江路7号甲青岛市人事考试中心一楼",
                "青岛市人事考试中心一楼",
                "市南区闽江路7号甲",
            ),
            (
                "陕西省人事考试中心服务大厅（西安市建国路金水华庭三楼）",
                "陕西省人事考试中心服务大厅",
                "西安市建国路金水华庭三楼",
            ),
            (
                "鄂州职业大学西区1号教学楼（鄂州职业大学中职学院）102室",
                "鄂州职业大学西区1号教学楼（鄂州职业大学中职学院）102室",
                "",
            ),
            (
                "单位组织机构代码证（工商执照）核发地的县（市、区）财政局",
                "单位组织机构代码证（工商执照）核发地的县（市、区）财政局",
                "",
            ),
            ("教务处考试中心（行政楼B306）", "教务处考试中心", ""),
            (
                "武汉市人事考试院证书窗口 地址：武汉市江岸区球场街64号",
                "武汉市人事考试院证书窗口",
                "武汉市江岸区球场街64号",
            ),
            (
                "宁夏人事考试中心2楼7号窗口（银川市金凤区广场东路11号）",
                "宁夏人事考试中心2楼7号窗口",
                "银川市金凤区广场东路11号",
            ),
            (
                "沈阳市人事考试中心沈阳市皇姑区崇山东路66号",
                "沈阳市人事考试中心",
                "沈阳市皇姑区崇山东路66号",
            ),
            (
                "孝感市财政局会计科（孝感市交通大道）",
                "孝感市财政局会计科",
                "孝感市交通大道",
            ),
            (
                "报名所在县（市、区）财政局会计管理机构",
                "报名所在县（市、区）财政局会计管理机构",
                "",
            ),
        ];
        for (text, name, address) in rows {
            let article = super::super::plain(text);
            let doc = Doc::new(&article);
            let spot = read(&doc, 0..doc.text().len(), false).unwrap_or_default();
            let words = |r: Option<Range<usize>>| r.map_or("", |r| doc.words(doc.fold.span(r)));
            assert_eq!(words(spot.name), name, "{text}");
            assert_eq!(words(spot.address), address, "{text}");
        }
    }
}
