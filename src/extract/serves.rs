//! Whom a place serves, and at which level its office stands.

use super::{Doc, words};
use crate::model::facts::Level;
use regex::Regex;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// The group in front of a place: `合肥市考生到…`, `因故错过的，请…`.
static GROUP: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"(?:^|[,。;:(\s])(?:但|凡|其中)?(?P<g>[^,。;:()\n]{1,30}(?:\([^)]{1,10}\))?[^,。;:()\n]{0,12}?(?:考生|考区|市直|省直|的|单位|学员|职工|人员|在校生))(?:自行领取的|现场领取的)?(?:[,:]|也?[可请须应到在由]|委托|的?证书)",
    )
});

/// Groups that are everyone, or are told by what they chose instead of who they are.
static NO_GROUP: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"本人|他人|现场|领取证书|选择|邮寄|申请邮寄|未申请|没有申请|未在|代领|委托他人|各位|^(?:全[省市区县]|[我本][省市区县]|成绩|考试|全部|本次)*合格|^参加.{2,}合格|并取得|^由|用人单位|^各?(?:有关|相关)单位|^各单位|领证人|领取人|持证|不便|到场|申请人|携带|需要|逾期|凭|持|^考生|上述|本地|全体|其[间中]|时间|^的|办理|表中|下表|所有|^(?:证书|指定|各)?(?:领取|发放)点$",
    )
});

static HEAD: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^(?P<g>[^,。:]{2,24}(?:考生|考区|市直|省直|领取点|发放点|校区))(?:的?(?:证书)?(?:领取|领证|发放|办理).{0,4})?$",
    )
});

/// The group that a place at an offset of the folded text serves; None = everyone.
pub(super) fn of(doc: &Doc, at: usize) -> Option<Range<usize>> {
    let here = doc.fold.span(at..at).start;
    let sentence = words::before(doc, at);
    let before = doc.text().get(sentence.clone()).unwrap_or("");
    let number = before.len()
        - before
            .trim_start_matches(|c: char| {
                c.is_ascii_digit() || "、.()一二三四五六七八九十①②③④⑤⑥⑦⑧⑨ ".contains(c)
            })
            .len();
    let words = before.get(number..).unwrap_or("");
    let near = GROUP
        .captures_iter(words)
        .filter_map(|c| c.name("g"))
        .filter(|g| !NO_GROUP.is_match(g.as_str()))
        .last();
    if let Some(group) = near {
        let from = sentence.start + number;
        return Some(from + group.start()..from + group.end());
    }
    let unit = doc.unit_at(here);
    doc.path(unit).filter_map(|u| u.label).find_map(|l| {
        let range = doc.fold.range(l);
        let group = HEAD.captures(doc.text().get(range.clone())?)?.name("g")?;
        let everyone = NO_GROUP.is_match(group.as_str());
        (!everyone).then(|| range.start + group.start()..range.start + group.end())
    })
}

static ENTRUSTED: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(r"学[校院]|大学|职院|培训(?:[^部]|$)|教务处|教学.?楼|指导中心|本?单位|公司|测试站")
});
static PROVINCE: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^(?:[我本]?省|(?:[我本]?自治区)|\p{Han}{2,3}省|内蒙古|广西|西藏|宁夏|新疆|兵团|(?:北京|天津|上海|重庆)市?(?:$|[^\p{Han}]|[^区县]{2}))|自治区",
    )
});
static COUNTY: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"区\(市|县\(市|\(市、区\)|^[^省市州A-Za-z\d]{1,5}[区县旗]|^\p{Han}州区|市[^市]{1,4}[区县]\p{Han}|所在区|^区|区县",
    )
});
/// Cities that stand under another city: `昆山市`.
static TOWNS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("cities.tsv").lines();
    let rows = lines.filter_map(|line| {
        let mut cells = line.split('\t').skip(1);
        Some((cells.next()?, cells.next()?))
    });
    let town = |city: &str, name: &str| name.ends_with('市') && !name.starts_with(city);
    rows.flat_map(|(city, names)| names.split('、').filter(move |n| town(city, n)))
        .collect()
});
static CITY: LazyLock<Regex> = LazyLock::new(|| super::regex(r"[市州盟师地]"));

/// Whether a name begins with a city that stands under another one.
fn is_town(words: &str) -> bool {
    let end = words.find('市').map_or(0, |i| i + '市'.len_utf8());
    words.get(..end).is_some_and(|town| TOWNS.contains(town))
}

/// The level of an office by its name, else by whom it serves.
pub(super) fn level(name: Option<&str>, scope: Option<&str>) -> Option<Level> {
    // 区 is not always a district's.
    let plain = |words: &str| {
        let mut words = super::fold(words);
        for (from, to) in [
            ("自治区", "省"),
            ("设区市", "市"),
            ("考区", ""),
            ("地区", "市"),
            ("区直", ""),
        ] {
            if words.contains(from) {
                words = words.replace(from, to);
            }
        }
        words
    };
    let (name, scope) = (plain(name.unwrap_or("")), plain(scope.unwrap_or("")));
    let by = |words: &str| {
        if words.is_empty() {
            None
        } else if ENTRUSTED.is_match(words) {
            Some(Level::Entrusted)
        } else if COUNTY.is_match(words) || is_town(words) {
            Some(Level::County)
        } else if PROVINCE.is_match(words) {
            Some(Level::Province)
        } else if CITY.is_match(words) {
            Some(Level::City)
        } else {
            None
        }
    };
    match by(&name) {
        Some(Level::City) if by(&scope) == Some(Level::County) => Some(Level::County),
        found => found.or_else(|| by(&scope)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_level() {
        for (name, scope, want) in [
            ("山东省人事考试中心", "", Some(Level::Province)),
            ("自治区人事考试中心", "", Some(Level::Province)),
            ("北京市软件考试服务大厅", "", Some(Level::Province)),
            ("青岛市人事考试中心一楼", "", Some(Level::City)),
            ("恩施州人事考试中心", "恩施州", Some(Level::City)),
            ("报名所在县（市、区）财政局", "", Some(Level::County)),
            ("孝南区财政局", "孝南区", Some(Level::County)),
            ("学校教务处", "", Some(Level::Entrusted)),
            ("教学主楼A区108室", "", Some(Level::Entrusted)),
            ("诸暨市财政局一楼", "诸暨市", Some(Level::County)),
            ("喀什地区人社局4楼", "", Some(Level::City)),
            ("万州区人才大厦", "万州区", Some(Level::County)),
            ("人才大厦一楼", "", None),
        ] {
            assert_eq!(level(Some(name), Some(scope)), want, "{name}");
        }
    }

    #[test]
    fn words_in_front_tell_the_group() {
        for (text, want) in [
            (
                "（三）因故错过的，请于4月24日到市政务中心领取",
                "因故错过的",
            ),
            ("2.拉萨市考生，2月26日，到人事考试中心领取", "拉萨市考生"),
            ("未申请邮寄的，到人事考试中心领取", ""),
            ("本人持身份证到人事考试中心领取", ""),
            ("三、市直考生\n到人事考试中心领取", ""),
            ("省直考生领取时间：3月1日；到人事考试中心领取", "省直考生"),
        ] {
            let article = super::super::plain(text);
            let doc = Doc::new(&article);
            let at = doc.text().rfind('到').unwrap();
            let got = of(&doc, at).map_or("", |r| doc.words(doc.fold.span(r)));
            if text.contains('\n') {
                assert_eq!(got, "市直考生");
            } else {
                assert_eq!(got, want, "{text}");
            }
        }
    }
}
