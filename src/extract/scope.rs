//! For whom a window is: a city, an office or a group of people; None where it holds for all.

use super::Doc;
use super::context::Context;
use super::date::DateHit;
use super::window::cell;
use crate::model::{Cell, Span, Table};
use regex::Regex;
use std::sync::LazyLock;

struct Row {
    name: &'static str,
    /// Group 1 is the scope.
    pattern: &'static str,
}

/// Over the words before the date in its sentence, its headings, and after it.
const ROWS: &[Row] = &[
    Row {
        name: "label",
        pattern: r"^(\p{Han}{2,12}(?:考区|考点|学校|院校)(?:\([^()]{1,8}\))?)$",
    },
    Row {
        name: "seat",
        pattern: r"((?:省直|市直|区直|州直|县直)(?:[^,。;:()、\d]{0,4}?(?:考区|考点|考生|单位))?)",
    },
    Row {
        name: "counties",
        pattern: r"(各[市县区](?:\([^()]{1,6}\)|[市县区])*(?:考生|考区)?):",
    },
    Row {
        name: "missed",
        pattern: "((?:因故|因特殊原因)?(?:错过|逾期|未(?:能)?按(?:时|期)|过期|未及时|未赶上|没赶上)[^,。;:]{0,14}(?:的|者|考生|人员))",
    },
    Row {
        name: "unclaimed",
        pattern: r"(?:^|[,。;:、.])\s*((?:[^,。;:、.\d][^,。;:、]{0,15}[^,。;:、尚仍])?(?:没有?|未|不)(?:能)?(?:随[^,。;:、]{1,8}?)?(?:办[理成]|领取?|领证)(?:证书)?(?:的(?:考生|人员|学生)?|考生|人员|者))",
    },
    Row {
        name: "urgent",
        pattern: "((?:确有|确因)[^,。;:]{0,6}急用[^,。;:]{0,6}的)",
    },
    Row {
        name: "rest",
        pattern: "((?:其余|其他)[^,。;:]{0,20}(?:考生|人员|考区|报名点|市州|地市|设区市))",
    },
    Row {
        name: "earlier",
        pattern: r"((?:\d{4}年度?(?:\(含\))?(?:及)?(?:以前|之前)|历年|往年)[^,。;:]{0,12}(?:证书|考生|人员))",
    },
    Row {
        name: "numbers",
        pattern: r"((?:领取单号|(?:报名)?序号|证书编号|尾号|管理号|编号)[^,。;:]{0,6}\d+ ?[-~至]+ ?\d+号?)",
    },
    Row {
        name: "grade",
        pattern: "^((?:国家级?|省级|单独划线)(?:合格)?证书?)$",
    },
    Row {
        name: "each",
        pattern: "(各[^,。;:]{0,8}?(?:学院|院系|学校|院校))",
    },
    Row {
        name: "other_year",
        pattern: r"(\d{4}年(?:度|[上下]半年)?(?:[、和及]\d{4}年(?:度|[上下]半年)?)*[^,。;:()]{0,10}?(?:证书|考生))",
    },
    Row {
        name: "enrolled_together",
        pattern: r"((?:委托|由)?[^,。;:、]{0,8}(?:集体|统一|个人)报名的(?:考生|人员|学校|院校|单位)?)",
    },
    Row {
        name: "standing",
        pattern: "((?:社会(?:人员|考生)|在校学?生|已?毕业学?生|往届生)(?:[和及、](?:社会(?:人员|考生)|在校学?生|已?毕业学?生|往届生))*)的?(?:证书)?,?(?:由|请|可|于|本人)",
    },
    Row {
        name: "group",
        pattern: r"(?:^|[,;:。]|^[一二三四五六七八九十\d(]+[)、.])\s*(\p{Han}{2,8}(?:、\p{Han}{2,8}){0,8}(?:考生|考区|单位|申请人))(?:$|[,;:。]|可|也|的|由|自行|请|应|于|在)",
    },
    Row {
        name: "applied_at",
        pattern: r"(在[^,。;:]{2,20}(?:申请|报名|参加考试)的)",
    },
    Row {
        name: "band",
        pattern: "^(企业|学院|院系|学校|院校|单位)(?:集中|统一|集体)(?:领取|领证|办理|发放)$",
    },
    Row {
        name: "district",
        pattern: r"(?:^|[,;:。、])\s*(\p{Han}{0,5}(?:市区|城区)|各县级市|各[市县区]|各县[、(]?[市区])[于从自在]?$",
    },
    Row {
        name: "region",
        pattern: r"(?:^|[,;:。]|\d[、.])\s*(\p{Han}{2,8}(?:考区|考点|报名点|分校|学院))(?:的?考生)?[:,]?\s*(?:的?[^,。;:]{0,4}时间[为是:]?)?$",
    },
];

/// Names of the rules.
#[cfg(test)]
pub(super) fn rules() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|r| r.name).chain(["item", "whole"])
}

static PATTERNS: LazyLock<Vec<Regex>> =
    LazyLock::new(|| ROWS.iter().map(|r| super::regex(r.pattern)).collect());

/// Groups that are everyone, or defined by the way they chose.
static EVERYONE: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        "^(?:为|请|凡|由|需|如|对|经|向|便|使|尊敬|亲爱)|方便|不予|不再|自动放弃|视为|邮寄|网上申请|线上申请|预约|选择|代为保管|合格|各位|有关|所有|全体|符合|全省|全市|以上|未申请|没有申请|我市|我省|本市|本省",
    )
});

/// A title that names the year of its exam.
static YEAR: LazyLock<Regex> = LazyLock::new(|| super::regex(r"\d{4}年"));

/// A clause that begins with what its date is for.
static OWN_TIME: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(",(?:证书)?(?:领取|发证|发放|领证|办理)(?:的)?(?:时间|日期)[^,]{0,4}$")
});

/// Groups named one after the other.
static GROUPS: LazyLock<Regex> = LazyLock::new(|| super::regex("考生|考区|人员|单位"));

/// Reads the scope of a window.
pub(super) fn of(doc: &Doc, hit: &DateHit, at: &Context) -> (Option<String>, Option<&'static str>) {
    let title = super::fold(&doc.article.title);
    if let Some(words) = first_cell(doc, hit) {
        return (Some(words), Some("row"));
    }
    if let Some(words) = item(doc, hit, at) {
        return (Some(words), Some("item"));
    }
    let aside = at.after.trim_start_matches([',', ' ', ':']);
    let aside = aside
        .split([',', ';', '。'])
        .next()
        .filter(|a| a.len() < 150);
    let years = YEAR.is_match(&title);
    let step = super::way::step(doc, at);
    let places = [Some(at.before)]
        .into_iter()
        .chain(at.headings.iter().take(2).map(|h| Some(*h)))
        .chain([step, aside])
        .flatten();
    for (n, text) in places.enumerate() {
        // 省直考生到…,各市考生到…,领取时间截止到: what comes after several groups is for all.
        if n == 0 && OWN_TIME.is_match(text) && GROUPS.find_iter(text).count() > 1 {
            continue;
        }
        for (row, pattern) in ROWS.iter().zip(PATTERNS.iter()) {
            // What stands bare before the next date is that date's.
            if row.name == "district" && Some(text) == aside {
                continue;
            }
            let Some(found) = pattern.captures_iter(text).last().and_then(|c| c.get(1)) else {
                continue;
            };
            let words = found.as_str().trim();
            // Certificates of the title's own year are no group of their own.
            let same_year = || {
                let year = words.get(..4).unwrap_or("");
                !years || title.contains(year)
            };
            if row.name == "other_year" && same_year() {
                continue;
            }
            let all = !["grade", "unclaimed"].contains(&row.name) && EVERYONE.is_match(words);
            if !all && !title.contains(words) {
                return (Some(page(doc, hit, words)), Some(row.name));
            }
        }
    }
    let whole = whole(doc, &title);
    let rule = whole.as_ref().map(|_| "whole");
    (whole, rule)
}

/// The seat of which the whole notice speaks, where its title does not say so.
static WHOLE: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"现将(?:我[省市])?(\p{Han}{2,6}考区)[^。;\n]{0,24}如下|请(\p{Han}{2,6}考区)(?:的)?(?:合格人员|考生)[^。;\n]{0,40}(?:办理|领取|选择)",
    )
});

fn whole(doc: &Doc, title: &str) -> Option<String> {
    let words = WHOLE
        .captures(doc.text())
        .and_then(|c| c.get(1).or_else(|| c.get(2)))?;
    (!title.contains(words.as_str())).then(|| doc.words(doc.fold.span(words.range())).to_string())
}

/// A piece that is nothing but whose day it is: `序号1-300号：3月5日`, `3月5日：其他各区`.
fn item(doc: &Doc, hit: &DateHit, at: &Context) -> Option<String> {
    let unit = doc.units.get(doc.unit_at(hit.span.start))?;
    let before = Span::new(
        unit.label.map_or(unit.span.start, |l| l.start),
        hit.span.start,
    );
    let after = Span::new(hit.span.end, unit.span.end);
    let name = match doc.fold.of(before).trim_end().strip_suffix(':') {
        Some(name) if unit.label.is_some() => name,
        _ if hit.span.start == unit.span.start => doc
            .fold
            .of(after)
            .trim_start_matches(OPENING)
            .strip_prefix(':')?
            .trim_end_matches(['。', ';', ',', ' ']),
        _ => return None,
    };
    let name = name.trim();
    let fits = (2..=WHOSE).contains(&name.chars().count())
        && !name.contains([',', '。', ';', ':'])
        && !WHAT.is_match(name)
        && !EVERYBODY.iter().any(|w| name.starts_with(w))
        && at.titled;
    fits.then(|| page(doc, hit, name))
}

/// How names begin that mean everyone, or those who chose a way.
const EVERYBODY: [&str; 8] = [
    "合格",
    "各位",
    "所有",
    "全体",
    "有关",
    "未申请",
    "没有申请",
    "考生",
];

/// What may stand between a day and its colon.
const OPENING: [char; 2] = [' ', '|'];

/// Longest name of a group, in characters.
const WHOSE: usize = 32;

/// A label that says what a time is for, how one comes by it, or where.
static WHAT: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"时间|日期|期限|时段|时限|方式|日[一二两三四五]天$|[发领]证日|地[点址]|安排|阶段|第.批|批次|如下|通知|公告|(?:领取|发放|领证|申领|受理|办理|自取|补领|申请|预约|登记|邮寄|快递|现场|线下|线上|窗口)$|^(?:邮寄|快递|现场|线上|线下|网上|集中|补领|自取|上午|下午|截止|开始|电子)|\d[:时]|[到凭持带]",
    )
});

/// The words as the page has them.
fn page(doc: &Doc, hit: &DateHit, words: &str) -> String {
    let unit = doc.units.get(doc.unit_at(hit.span.start));
    let inside = unit.map(|u| doc.fold.range(u.span)).and_then(|r| {
        let at = doc.text().get(r.clone())?.find(words)?;
        Some(r.start + at)
    });
    match inside.or_else(|| doc.text().find(words)) {
        Some(at) => doc.words(doc.fold.span(at..at + words.len())).to_string(),
        None => words.to_string(),
    }
}

/// The first cell of the row in which a date stands: the city, office or group.
fn first_cell(doc: &Doc, hit: &DateHit) -> Option<String> {
    let (grid, row, col) = cell(doc, hit.span)?;
    if row < grid.header_rows {
        return None;
    }
    let cells = grid.rows.get(row)?;
    match (col, cells.as_slice()) {
        // Days in front, whose they are behind them.
        (0, [_, other]) => {
            let words = doc.words(other.span).trim();
            let folded = doc.fold.of(other.span);
            let fits = (2..=WHOSE).contains(&words.chars().count())
                && !WHAT.is_match(folded)
                && !folded.contains([':', '。']);
            fits.then(|| words.to_string())
        }
        _ => in_row(doc, grid, cells, col),
    }
}

/// Headers of a column that says whom a row is for.
static SEATS: LazyLock<Regex> = LazyLock::new(|| {
    super::regex("考区|考点|区县|市县|市州|地区|城市|报名点|范围|对象|人员$|考生$")
});

/// For whom a row of a table is: its name before column `col`, or, where the dates come first, the
/// cell under a header that says so.
pub(super) fn in_row(doc: &Doc, grid: &Table, cells: &[Cell], col: usize) -> Option<String> {
    if col > 0 {
        return row_name(doc, cells, col);
    }
    let header = grid.rows.get(..grid.header_rows.max(1))?.last()?;
    let at = header.iter().position(|c| {
        let words = doc.fold.of(c.span);
        words.chars().count() <= 8 && SEATS.is_match(words)
    })?;
    let words = doc.words(cells.get(at)?.span).trim();
    (!words.is_empty() && words.chars().count() <= WHOSE).then(|| words.to_string())
}

/// The name of a row: its first cell with words, before column `col`.
fn row_name(doc: &Doc, cells: &[Cell], col: usize) -> Option<String> {
    let name = cells
        .iter()
        .take(col)
        .map(|c| doc.words(c.span).trim())
        .find(|w| !w.is_empty() && !w.chars().all(|c| c.is_ascii_digit()))?;
    let said = name.ends_with("时间") || name.ends_with("日期");
    (!said && name.chars().count() <= 24).then(|| name.to_string())
}
