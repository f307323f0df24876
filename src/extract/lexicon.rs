//! The words of [`super::token`]: one row per token, a pattern and what it says.

use super::token::{Clock, Partial, Unit, Value, Year};
use regex::Captures;

pub(super) struct Row {
    /// Letter of the token.
    pub kind: u8,
    /// `\y`, `\n` and `\h` stand for a year, a small number and the half of the day.
    pub pattern: &'static str,
    /// What the words say; None = they are no such token after all.
    pub make: fn(&Captures) -> Option<Value>,
}

const fn row(kind: u8, pattern: &'static str, make: fn(&Captures) -> Option<Value>) -> Row {
    Row {
        kind,
        pattern,
        make,
    }
}

fn word(_: &Captures) -> Option<Value> {
    Some(Value::Word)
}

/// Tokens in order of preference. `\y`, `\n` and `\h` stand for a year, a small number and the
/// half of the day; blanks of the page may stand between the parts.
pub(super) const ROWS: &[Row] = &[
    // Document numbers, and numbers that carry another unit.
    row(b'#', r"\[\d{4}\] ?第?\d*号?|\(\d{4}\) ?\d+号", word),
    row(
        b'Z',
        r"\d{4} ?年 ?\d{3,4} ?日|\d{8} ?日|\d{4} ?年 ?\d{1,2}月\d{3,4} ?日",
        word,
    ),
    row(b'D', r"(\y)?(\n|元) ?月(?:份)? ?(\n) ?[日号]?", month_day),
    row(
        b'D',
        r"(\d{4}) ?[-./] ?(\d{1,2}) ?[-./] ?(\d{1,2}) ?日?",
        figures,
    ),
    row(
        b'L',
        r"(\n|\d{2,3}|半) ?(个工作日|工作日|个月|月|个?星期|周|天|日|个自然日|年)(?:之|以)?内",
        length,
    ),
    row(
        b'Q',
        r"(?:\n|\d{2,3}) ?(?:个工作日|工作日|个月|个?星期|周|天|年)(?:之|以)?后",
        word,
    ),
    row(
        b'X',
        r"(\y)?(\n) ?月 ?份? ?的? ?(上中旬|中下旬|上旬|中旬|下旬|初|底|末)",
        third,
    ),
    row(b'M', r"(\y)?(\n) ?月(?: ?份)?", month),
    row(
        b'Y',
        r"(?:\d{4}|[〇O一二三四五六七八九]{4}) ?年度?(?:[上下]半年|及?[以之][前后])?",
        word,
    ),
    row(
        b'T',
        r"(?:(\h)[:,]? ?)?(?:(\d{1,2}) ?: ?(\d{2})(?::\d{2})?时?|(\n) ?[时点](?:(\n) ?分|半|整)?)",
        time,
    ),
    row(b'g', r"(\n) ?(?:-+|~+|至|到) ?(\n) ?[日号]", days),
    // 9.30 in 2024.9.2-9.30; alone it is a number like any other.
    row(b'F', r"(\d{1,2})[./](\d{1,2})", month_dot_day),
    row(b'd', r"(\n) ?[日号]", day),
    row(b'Z', r"\d{2,4} ?日", word),
    row(
        b'#',
        r"https?://[0-9A-Za-z_.:/@?=&%#+~-]+|[0-9]*[A-Za-z@][0-9A-Za-z_./@?=&%#-]*|\d+(?:\.\d+){2,}(?::\d+)?|\d{3,4}-\d{7,8}(?:-\d+)*|第 ?\d+(?:[-至到]\d+)?[位号条批期次项层楼室]?|\d+(?:\.\d+)?(?:[-~、]\d+(?:\.\d+)?)*",
        word,
    ),
    // Days of the week: in the midst of a date, as a stretch, recurring.
    row(
        b'R',
        r"每(?:年|月|周|星期|季度|半年)的?|逢?(?:周|星期)[一二三四五六日天] ?[-~至到] ?(?:周|星期)?[一二三四五六日天]",
        word,
    ),
    row(
        b'W',
        r"\((?:周|星期|礼拜)[一二三四五六日天]\) ?日?|\((?:不?含|包[含括])[^()]{0,6}\)|(?:星期|周)[一二三四五六日天]|上午|下午|全天",
        word,
    ),
    row(
        b'N',
        r"[自从]?即日(?:起|开始)?|[自从]?[今本]日(?:起|开始)|[自在从]?(?:本|此)?(?:领证|领取|发放)?(?:通知|公告|通告)?(?:发布|下发|印发|公布|发出)(?:本|此)?(?:通知|公告|通告)?之?日起(?:计算)?|[自从](?:本|此)?(?:领证|领取|发放)?(?:通知|公告|通告)(?:发布|下发|印发|公布|发出)?之日起",
        word,
    ),
    row(
        b'P',
        r"[自从][\p{Han}&&[^一二三四五六七八九十〇年月]]{1,14}?之?日(?:期)?(?:起|后)|(?:公告|公示|考试|测试|成绩公布|名单公布)(?:结束|期满)?(?:之?日)?(?:起|后)",
        word,
    ),
    row(
        b'_',
        r"前[往来台]|到[付位达期]|[即及]以前|及[以之]前|及[以之]后|开始前|后续|起草|一起|预约|约定|节约",
        word,
    ),
    row(
        b'V',
        r"(?:相应|统一|再|均)?(?:延长|顺延|延期|延迟)[至到]",
        word,
    ),
    row(b'U', r"(?:更正|调整|变更|修改|修正|改)[为至到成]", word),
    row(
        b'K',
        r"(?:截止|结束|终止)(?:时间|日期)(?:不变)?,?仍?(?:[为是于到至在:]| )*|截止(?:时间|日期|日)?(?:[:为是于到至在]| )*|截至到?|(?:最晚|最迟|不迟于|不晚于)[于在为至]?",
        word,
    ),
    row(
        b'B',
        r"(?:正式)?(?:开始|起始|开放|开通|开启|启动|恢复|开学[后起]?|起|始)",
        word,
    ),
    row(
        b'?',
        r"(?:预计|大约|约|大概|暂定|拟定?|计划)[将会]?[于在]?|左右|前后",
        word,
    ),
    row(
        b'E',
        r"[之以]?前|为止|止|(?:将|即)?(?:自动)?(?:结束|关闭|到期)",
        word,
    ),
    row(b'A', r"[之以过]?后", word),
    row(b'~', r"-+|~+|[直]?至|到", word),
    row(b'J', r"即[为是:]?", word),
    row(b'+', r"、|和|及|与|或", word),
    row(b',', r",", word),
    row(b'o', r"自|从|于|在|由", word),
    row(b'I', r"[\n\t]", word),
];

const YEAR: &str = r"(?:(?:\d{4}|[〇O0一二三四五六七八九]{4}) ?年度? ?|[今明本去次]年)";
const NUMBER: &str = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})";
const HALF: &str = r"(?:上午|下午|中午|晚上|晚|早上|早|凌晨)";

/// A pattern with its abbreviations written out.
pub(super) fn expand(pattern: &str) -> String {
    // `\n` inside a class means a line break, and no row uses it outside of one for that.
    if pattern == r"[\n\t]" {
        return pattern.to_string();
    }
    pattern
        .replace(r"\y", YEAR)
        .replace(r"\n", NUMBER)
        .replace(r"\h", HALF)
}

fn group<'t>(caps: &'t Captures, i: usize) -> Option<&'t str> {
    caps.get(i).map(|m| m.as_str().trim())
}

/// A small number in figures or Chinese numerals up to 39.
fn number(words: &str) -> Option<i16> {
    if let Ok(n) = words.parse() {
        return Some(n);
    }
    let digit = |c| "一二三四五六七八九".chars().position(|d| d == c);
    let mut n = 0;
    let mut seen = false;
    for c in words.chars() {
        n = match (c, n) {
            ('元', 0) => 1,
            ('十', 0) => 10,
            ('十', tens) => tens * 10,
            ('两', _) => n + 2,
            _ => n + digit(c)? as i16 + 1,
        };
        seen = true;
    }
    seen.then_some(n)
}

fn year(words: &str) -> Option<Year> {
    match words.chars().next()? {
        '今' | '本' => return Some(Year::Step(0)),
        '明' | '次' => return Some(Year::Step(1)),
        '去' => return Some(Year::Step(-1)),
        _ => {}
    }
    let mut n = 0i16;
    for c in words.chars().take(4) {
        let digit = c.to_digit(10).map(|d| d as i16).or(match c {
            '〇' | 'O' => Some(0),
            _ => number(c.encode_utf8(&mut [0; 4])),
        })?;
        n = n * 10 + digit;
    }
    (1990..2100).contains(&n).then_some(Year::Exact(n))
}

/// A year that is written must be one; one that is left out is fine.
fn optional_year(caps: &Captures) -> Option<Option<Year>> {
    match group(caps, 1) {
        Some(words) => year(words).map(Some),
        None => Some(None),
    }
}

fn small(caps: &Captures, i: usize, max: i16) -> Option<i8> {
    let n = number(group(caps, i)?)?;
    (1..=max).contains(&n).then_some(n as i8)
}

fn month_day(caps: &Captures) -> Option<Value> {
    Some(Value::Date(Partial {
        year: optional_year(caps)?,
        month: Some(small(caps, 2, 12)?),
        day: Some(small(caps, 3, 31)?),
        last: None,
    }))
}

fn figures(caps: &Captures) -> Option<Value> {
    year(group(caps, 1)?)?;
    month_day(caps)
}

fn month_dot_day(caps: &Captures) -> Option<Value> {
    Some(Value::Date(Partial {
        year: None,
        month: Some(small(caps, 1, 12)?),
        day: Some(small(caps, 2, 31)?),
        last: None,
    }))
}

fn third(caps: &Captures) -> Option<Value> {
    let (day, last) = match group(caps, 3)? {
        "上旬" | "初" => (1, 10),
        "中旬" => (11, 20),
        "上中旬" => (1, 20),
        "中下旬" => (11, 31),
        _ => (21, 31),
    };
    Some(Value::Date(Partial {
        year: optional_year(caps)?,
        month: Some(small(caps, 2, 12)?),
        day: Some(day),
        last: Some(last),
    }))
}

fn month(caps: &Captures) -> Option<Value> {
    Some(Value::Date(Partial {
        year: optional_year(caps)?,
        month: Some(small(caps, 2, 12)?),
        day: None,
        last: Some(31),
    }))
}

fn day(caps: &Captures) -> Option<Value> {
    Some(Value::Date(Partial {
        day: Some(small(caps, 1, 31)?),
        ..Partial::default()
    }))
}

fn days(caps: &Captures) -> Option<Value> {
    Some(Value::Date(Partial {
        day: Some(small(caps, 1, 31)?),
        last: Some(small(caps, 2, 31)?),
        ..Partial::default()
    }))
}

fn length(caps: &Captures) -> Option<Value> {
    let words = (group(caps, 1)?, group(caps, 2)?);
    if words.0 == "半" {
        return match words.1 {
            "年" => Some(Value::Length(6, Unit::Months)),
            "个月" | "月" => Some(Value::Length(15, Unit::Days)),
            _ => None,
        };
    }
    let n = number(words.0)? as u16;
    let unit = match words.1 {
        "个工作日" | "工作日" => Unit::Workdays,
        "个月" | "月" => Unit::Months,
        "周" | "星期" | "个星期" => Unit::Weeks,
        "年" => Unit::Years,
        _ => Unit::Days,
    };
    (n > 0).then_some(Value::Length(n, unit))
}

fn time(caps: &Captures) -> Option<Value> {
    let half = group(caps, 1);
    let mut hour = number(group(caps, 2).or(group(caps, 4))?)? as u16;
    let minute = match group(caps, 3).or(group(caps, 5)) {
        Some(m) => number(m)? as u16,
        None if caps.get(0)?.as_str().ends_with('半') => 30,
        None => 0,
    };
    if matches!(half, Some("下午" | "晚上" | "晚")) && hour < 12 {
        hour += 12;
    }
    let minutes = hour * 60 + minute;
    (minute < 60 && minutes <= 24 * 60).then_some(Value::Time(Clock {
        minutes,
        half: half.is_some(),
    }))
}
