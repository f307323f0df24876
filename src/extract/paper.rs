//! What a paper is, and how a list of papers parts into things: `考生和代领人身份证原件` is one,
//! `身份证和委托书` are two. All ranges are of the folded text.

use super::bringer::Who;
use super::words::{outer, trim};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Nouns for what people bring.
static NOUN: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"身份证(?:明|件)?|证件照?|居住证|学生证|毕业证书?|学位证书?|学历证书?|户口[簿本]|护照|通行证|军官证|社保[卡证]|准考证|登记表|申请[表书]|信息表|情况表|证明表|审批表|承诺书|委托[书函]|授权书|介绍信|公函|[信函]件|证明|名单|名册|照片|[寸冠]照片?|成绩单|合格单|[知询理回码取]单|清单|委托说明|通知书|回执|执照|代码证|声明|报纸|截图|复印件|情况说明|预约码|领取码|公证书|[旧原]证书?|(?:学历|学位|毕业|从业|执业|职称|资格)[^、,和及]{0,4}证书?|收件信息|书面申请|报名表|推荐信|工作证|学籍|领证码|证照|采集表|珠算证|管理号后.位|编号后.{1,2}位|领取单号|《[^《》]{2,30}[表书单函]》",
    )
});

/// Words that make no item of their own, although they hold a noun.
static BARE: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^(?:(?:本人|领取|的|新|类|其)*(?:资格|合格|纸质|电子|相关|新)*证书|(?:上述|以上|前述|相关|有关).{0,8}|证明|.{0,4}声明见报.*|(?:本人|领证|领取)?证件?|各类.*证书)$|[的吗]$|^(?:此|在|为|由|到|对|因|便于)|证书已|以下|下列|材料$|的不予|恕不",
    )
});

/// A piece that belongs to the thing before it.
static FRAGMENT: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^(?:其)?(?:原件|复印件|正反面|电子版|[一二两三四五六\d]+寸.{0,4}[\d一二两三四五六]+张$|[一二两三四五六\d]+[份张]$)",
    )
});

/// Words before the thing itself.
static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^(?:[^、,和及]{0,6}所需的|提供|提交|出示|携带|交[验回]?|请|须|需|应|要|还|另|另外|同时|随身|均|也|可|好|齐|其|把|:|单位开具?|填好的|已?填写(?:好|完整)的|下载并|领取时|自备|至|、|,|\s)+",
    )
});

/// A bracket that is part of the thing's name.
static KEPT: LazyLock<Regex> =
    LazyLock::new(|| super::regex(r"^\((?:或|原件|复印件|含|[换补]|电子|纸质|学)|截图|复印件"));

/// A bracket that takes the thing back.
static WAIVED: LazyLock<Regex> = LazyLock::new(|| super::regex(r"免予|免交|无需|不必|不作要求"));

/// What ends a list: the act for which one brings it.
static CUT: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"领取[^单证码名人登委]|领取(?:证书)?$|领取证书[^委申]|领证[^人序登名码]|领证$|办理|签[收领]|收取|[到赴至由寄向]|前[往来]|换[领取]|申领(?:$|[^人者])|补领|自取|现场|进入|在[^职校读]|[可即随就]|方[可能]|于\d|后[^四六八]|发[到至送]|申请[^表书人单者受]|申请$|代为|代领(?:$|[^人委者])|核对|一并|一同|以旧换|作为|统一|以便|就能|寄送|供[查核审验留参复]|签[名字](?:后|领|$)|进行|提出|贴|并在|验证|为准|集中|参加|一律|原件的",
    )
});

/// The first paper's noun in words; one that goes on with 号 is a number, not a paper.
pub(super) fn noun(words: &str) -> Option<Range<usize>> {
    NOUN.find_iter(words)
        .find(|m| {
            let rest = words.get(m.end()..).unwrap_or("");
            let number =
                rest.starts_with('号') || rest.starts_with("的号") || rest.starts_with("信息");
            !number && !rest.starts_with("齐") && !rest.starts_with("人员确认")
        })
        .map(|m| m.range())
}

/// Whether words are a paper's name to their end.
pub(super) fn is_paper(words: &str) -> bool {
    let outer = outer(words);
    let outer = outer.rsplit(['、', '和', '及']).next().unwrap_or("");
    let rest = noun(outer).and_then(|n| outer.get(n.end..)).unwrap_or("—");
    rest.is_empty() || rest.chars().count() < 8 && FRAGMENT.is_match(rest)
}

fn has_noun(text: &str, range: &Range<usize>) -> bool {
    let outer = outer(text.get(range.clone()).unwrap_or(""));
    noun(&outer).is_some()
}

/// Conjunctions at which a list may part.
const JOINTS: [&str; 9] = ["以及", "和", "及", "与", "并", "加", "、", ",", "+"];

/// The things of a list. `any`: a column of papers, where a thing needs no known noun.
pub(super) fn items(text: &str, range: Range<usize>, any: bool) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    // Words without a noun of their own, which wait for the piece that ends the phrase.
    let mut open: Option<usize> = None;
    for piece in joints(text, range) {
        let words = text.get(piece.clone()).unwrap_or("");
        let known = has_noun(text, &piece) || any && open.is_none();
        if FRAGMENT.is_match(words.trim())
            && (words.starts_with("复印件") || words.starts_with("原件") || !known)
        {
            if let Some(last) = out.last_mut() {
                last.end = piece.end;
            }
        } else if known {
            out.push(open.take().unwrap_or(piece.start)..piece.end);
        } else if !words.trim().is_empty() && !BARE.is_match(words) {
            open.get_or_insert(piece.start);
        }
    }
    out.into_iter().filter_map(|r| clean(text, r)).collect()
}

/// Cuts at conjunctions outside brackets and quotes.
fn joints(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let words = text.get(range.clone()).unwrap_or("");
    let (mut depth, mut from, mut skip, mut out) = (0usize, 0, 0, Vec::new());
    for (i, c) in words.char_indices() {
        match c {
            '(' | '《' | '“' => depth += 1,
            ')' | '》' | '”' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let rest = words.get(i..).unwrap_or("");
        if depth > 0 || i < skip || rest.starts_with("加盖") {
            continue;
        }
        if let Some(joint) = JOINTS.iter().find(|j| rest.starts_with(**j)) {
            out.push(range.start + from..range.start + i);
            from = i + joint.len();
            skip = from;
        }
    }
    out.push(range.start + from..range.end);
    out
}

/// The thing without the words around it.
fn clean(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let mut range = trim(text, range);
    let words = text.get(range.clone())?;
    // Trimming has taken the closing quote of a thing named in quotes.
    if words.contains('“') && !words.contains('”') && text.get(range.end..)?.starts_with('”')
    {
        range.end += '”'.len_utf8();
    }
    range.start += LEAD.find(words).map_or(0, |m| m.end());
    let words = text.get(range.clone())?;
    if words.starts_with('有') && !words.starts_with("有效") {
        range.start += '有'.len_utf8();
    }
    if words.starts_with('附') && !words.starts_with("附件") {
        range.start += '附'.len_utf8();
    }
    if words.starts_with('由')
        && let Some(made) = words.find("具的")
    {
        range.start += made + "具的".len();
    }
    // 从某网站打印的《…》: where it comes from is no part of its name.
    if words.starts_with('从')
        && let Some(title) = words.find("的《")
    {
        range.start += title + '的'.len_utf8();
    }
    let words = text.get(range.clone())?;
    let words = words.strip_suffix('等').unwrap_or(words);
    range.end = range.start + words.len();
    if words.ends_with(')')
        && let Some(open) = last_bracket(words)
    {
        let bracket = words.get(open..)?;
        if WAIVED.is_match(bracket) {
            return None;
        }
        if !KEPT.is_match(bracket) || bracket.contains("也可") {
            range.end = range.start + open;
        }
    }
    let words = text.get(range.clone())?;
    let long = words.chars().count();
    (2..=40)
        .contains(&long)
        .then_some(range)
        .filter(|_| !BARE.is_match(words))
}

/// Where the bracket opens that the last character closes.
fn last_bracket(words: &str) -> Option<usize> {
    let mut depth = 0usize;
    words.char_indices().rev().find_map(|(i, c)| {
        match c {
            ')' => depth += 1,
            '(' => depth = depth.saturating_sub(1),
            _ => {}
        }
        (depth == 0).then_some(i)
    })
}

/// A thing without the words that make it no other thing.
pub(super) fn core(item: &str, by: Who) -> String {
    let mut out = outer(item);
    for word in [
        "有效",
        "居民",
        "原件",
        "的",
        "收件人",
        "白底",
        "免冠",
        "《",
        "》",
        "一份",
        " ",
        "件",
    ] {
        out = out.replace(word, "");
    }
    if by == Who::Own {
        out = out.replace("本人", "");
    }
    out
}

/// Short names under which a thing is spoken of again.
pub(super) const GENERIC: [&str; 4] = ["登记表", "申请表", "委托书", "介绍信"];

/// Where the words begin behind a unit's number.
pub(super) fn numberless(words: &str) -> usize {
    let rest = words.trim_start_matches(|c: char| {
        c.is_ascii_digit() || "、.()一二三四五六七八九十 ".contains(c) || ('①'..='⑳').contains(&c)
    });
    // A count such as 2寸照片 is no number of a unit.
    let front = words.get(..words.len() - rest.len()).unwrap_or("");
    let mark = |c: char| "、.)".contains(c) || ('①'..='⑳').contains(&c);
    front.rfind(mark).map_or(0, |i| {
        i + front
            .get(i..)
            .and_then(|w| w.chars().next())
            .map_or(0, char::len_utf8)
    })
}

/// Where a list ends: before the act, outside brackets and quotes.
pub(super) fn cut(text: &str, range: Range<usize>) -> usize {
    let words = text.get(range.clone()).unwrap_or("");
    let first = noun(words).map_or(0, |n| n.end);
    let (mut depth, mut ends) = (0usize, CUT.find_iter(words).peekable());
    for (i, c) in words.char_indices() {
        while ends.peek().is_some_and(|m| m.start() < i) {
            ends.next();
        }
        let made = || {
            let near: String = words.get(i..).unwrap_or("").chars().take(14).collect();
            c == '由' && (near.contains("开具") || near.contains("出具"))
        };
        if depth == 0 && i >= first && ends.peek().is_some_and(|m| m.start() == i) && !made() {
            return range.start + i;
        }
        match c {
            '(' | '《' | '“' => depth += 1,
            ')' | '》' | '”' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    range.end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_part_into_things() {
        let rows: [(&str, &[&str]); 15] = [
            ("身份证原件和复印件", &["身份证原件和复印件"]),
            ("考生和代领人身份证原件", &["考生和代领人身份证原件"]),
            ("双方身份证及委托函", &["双方身份证", "委托函"]),
            (
                "委托人、受托人身份证原件和委托书",
                &["委托人、受托人身份证原件", "委托书"],
            ),
            (
                "学历、学位证书原件及复印件",
                &["学历、学位证书原件及复印件"],
            ),
            ("准考证原件(或手机截图)", &["准考证原件(或手机截图)"]),
            ("免冠照一寸2张、二寸1张", &["免冠照一寸2张、二寸1张"]),
            ("2寸照片1张、1寸照片3张", &["2寸照片1张", "1寸照片3张"]),
            (
                "加盖公章的介绍信(写明姓名)、考生身份证复印件",
                &["加盖公章的介绍信", "考生身份证复印件"],
            ),
            ("准考证(可现场查询,免予提供)", &[]),
            ("身份证原件加电子证书截图", &["身份证原件", "电子证书截图"]),
            (
                "《资格考试合格人员登记表》一式三份",
                &["《资格考试合格人员登记表》一式三份"],
            ),
            ("填好的“证书作废声明”", &["“证书作废声明”"]),
            ("身份证号码和手机号", &[]),
            ("上述材料和整版报纸", &["整版报纸"]),
        ];
        for (text, want) in rows {
            let got: Vec<&str> = items(text, 0..text.len(), false)
                .into_iter()
                .filter_map(|r| text.get(r))
                .collect();
            assert_eq!(got, want, "{text}");
        }
    }
}
