//! Where a notice holds: the source's region, else the names of regions in what signs it, in its
//! title, in its site and around it. A city only where the notice is that city's office's.

use super::Hint;
use crate::model::facts::Whereabouts;
use crate::model::{Article, Found};
use std::sync::LazyLock;

/// Short name, other names, the character of car plates and of ICP licences.
const PROVINCES: [(&str, &str, char); 35] = [
    ("北京", "北京市", '京'),
    ("天津", "天津市", '津'),
    ("河北", "河北省", '冀'),
    ("山西", "山西省", '晋'),
    ("内蒙古", "内蒙古自治区", '蒙'),
    ("辽宁", "辽宁省", '辽'),
    ("吉林", "吉林省", '吉'),
    ("黑龙江", "黑龙江省", '黑'),
    ("上海", "上海市", '沪'),
    ("江苏", "江苏省", '苏'),
    ("浙江", "浙江省", '浙'),
    ("安徽", "安徽省", '皖'),
    ("福建", "福建省", '闽'),
    ("江西", "江西省", '赣'),
    ("山东", "山东省", '鲁'),
    ("河南", "河南省", '豫'),
    ("湖北", "湖北省", '鄂'),
    ("湖南", "湖南省", '湘'),
    ("广东", "广东省", '粤'),
    ("广西", "广西壮族自治区", '桂'),
    ("海南", "海南省", '琼'),
    ("重庆", "重庆市", '渝'),
    ("四川", "四川省", '蜀'),
    ("贵州", "贵州省", '黔'),
    ("云南", "云南省", '滇'),
    ("西藏", "西藏自治区", '藏'),
    ("陕西", "陕西省", '陕'),
    ("甘肃", "甘肃省", '陇'),
    ("青海", "青海省", '青'),
    ("宁夏", "宁夏回族自治区", '宁'),
    ("新疆", "新疆维吾尔自治区", '新'),
    ("香港", "香港特别行政区", '港'),
    ("澳门", "澳门特别行政区", '澳'),
    ("台湾", "台湾省", '台'),
    ("兵团", "新疆生产建设兵团", '兵'),
];

/// A region by one of its names.
struct Name {
    word: String,
    province: &'static str,
    city: Option<&'static str>,
    /// The word is sure by itself; a short name (南通) is only so at the head of an office's name.
    sure: bool,
}

/// All names, longest first: 新疆生产建设兵团 before 新疆, 海南州 before 海南.
static NAMES: LazyLock<Vec<Name>> = LazyLock::new(|| {
    let mut out = Vec::new();
    for (short, full, _) in PROVINCES {
        for word in [short, full] {
            out.push(Name {
                word: word.to_string(),
                province: short,
                city: None,
                sure: true,
            });
        }
    }
    for line in include_str!("cities.tsv")
        .lines()
        .filter(|l| !l.starts_with('#'))
    {
        let mut cells = line.split('\t');
        let (Some(province), Some(city), Some(names)) = (cells.next(), cells.next(), cells.next())
        else {
            continue;
        };
        let Some(&(province, ..)) = PROVINCES.iter().find(|p| p.0 == province) else {
            continue;
        };
        for word in names.split('、') {
            out.push(Name {
                word: word.to_string(),
                province,
                city: Some(city),
                sure: true,
            });
        }
        if !out.iter().any(|n| n.word == city) && !SHARED.contains(&city) {
            out.push(Name {
                word: city.to_string(),
                province,
                city: Some(city),
                sure: false,
            });
        }
    }
    out.sort_by_key(|n| std::cmp::Reverse(n.word.len()));
    out
});

/// Short names that are also words or other places: never without 市.
const SHARED: [&str; 8] = [
    "朝阳", "中山", "黄山", "白山", "东方", "海西", "海北", "通化",
];

static PATTERN: LazyLock<regex::Regex> = LazyLock::new(|| {
    let words: Vec<String> = NAMES.iter().map(|n| regex::escape(&n.word)).collect();
    super::regex(&words.join("|"))
});

/// The names of regions in a folded text with where they begin, sure ones and those that open it.
fn names(text: &str) -> impl Iterator<Item = (usize, &'static Name)> {
    PATTERN.find_iter(text).filter_map(move |m| {
        let name = NAMES.iter().find(|n| n.word == m.as_str())?;
        let rest = text.get(m.end()..).unwrap_or("");
        let site = [
            "考区", "考点", "人事", "财政", "软考", "职称", "会计", "卫生", "人力", "教育",
        ];
        let sure = name.sure || m.start() == 0 || site.iter().any(|w| rest.starts_with(w));
        // 上海路, 北京大学南路: a street, not a region.
        let street = ["路", "街", "大道", "东路", "西路", "南路", "北路", "中路"];
        (sure && !street.iter().any(|w| rest.starts_with(w))).then_some((m.start(), name))
    })
}

/// Length of a region's name (with 省, 市 …) at the head of a folded text; 0 = none.
pub(super) fn lead(text: &str) -> usize {
    names(text)
        .next()
        .filter(|(at, _)| *at == 0)
        .map_or(0, |(_, n)| {
            let after = text.get(n.word.len()..).unwrap_or("");
            n.word.len()
                + if after.starts_with(['省', '市']) {
                    "省".len()
                } else {
                    0
                }
        })
}

/// Names of national bodies and their sites.
const NATIONAL: [&str; 9] = [
    "人力资源和社会保障部",
    "人力资源社会保障部",
    "工业和信息化部",
    "中国人事考试网",
    "中国计算机技术职业资格网",
    "全国会计资格评价",
    "教育部",
    "财政部",
    "国家卫生健康委",
];

/// A school's notice has its province and no city.
fn school(text: &str) -> bool {
    ["大学", "学院", "学校", "师大"]
        .iter()
        .any(|w| text.contains(w))
        && !text.contains("测试站")
}

/// A region's own office, as opposed to a department of something unnamed (会计处).
fn provincial(text: &str) -> bool {
    text.starts_with('省') || text.starts_with("自治区") || text.contains("兵团")
}

/// Reads the region. `issuer` is who signs.
pub(super) fn read(article: &Article, hint: &Hint, issuer: Option<&str>) -> Found<Whereabouts> {
    let issuer = super::fold(issuer.unwrap_or(""));
    let title = super::fold(&article.title);
    let source = super::fold(article.source.as_deref().unwrap_or(""));
    let site = super::fold(article.site.as_deref().unwrap_or(""));
    let column = super::fold(&article.column);
    let around = super::fold(&article.around);
    let texts = [&issuer, &site, &source, &title, &column, &around];
    let (city, rule) = city(&texts);
    if let Some(given) = &hint.region {
        let city = match city {
            Some(name) if given.province.as_deref() == Some(name.province) => name.city,
            _ => None,
        };
        let whole = given
            .city
            .clone()
            .filter(|_| rule != "region.province_office");
        return Found::outside(
            Whereabouts {
                province: given.province.clone(),
                city: city.map(str::to_string).or(whole),
            },
            "region.source",
        );
    }
    if let Some(name) = city {
        let city = name.city.map(str::to_string);
        return Found::outside(
            Whereabouts {
                province: Some(name.province.to_string()),
                city,
            },
            rule,
        );
    }
    let national = NATIONAL
        .iter()
        .any(|w| [&issuer, &site, &source].iter().any(|t| t.contains(w)));
    let local = |t: &&&String| names(t).next().map(|(_, n)| n.province);
    let near = [&issuer, &site, &source, &title]
        .iter()
        .find_map(|t| local(&t));
    let (province, rule) = match near {
        Some(province) => (Some(province), "region.name"),
        None if national => (Some("全国"), "region.national"),
        None => (
            local(&&&column)
                .or_else(|| local(&&&around))
                .or_else(|| licence(&around)),
            "region.around",
        ),
    };
    Found::outside(
        Whereabouts {
            province: province.map(str::to_string),
            city: None,
        },
        rule,
    )
}

/// The city whose office speaks: who signs decides, and where that names no region, the site.
fn city(texts: &[&String; 6]) -> (Option<&'static Name>, &'static str) {
    let [issuer, site, source, title, _, around] = texts;
    if [issuer, site, source].iter().any(|t| school(t)) {
        return (None, "region.school");
    }
    for (text, rule) in [
        (issuer, "region.issuer"),
        (source, "region.origin"),
        (site, "region.site"),
    ] {
        let mut found = names(text).map(|(_, n)| n);
        let first = found.next();
        if let Some(city) = first.into_iter().chain(found).find(|n| n.city.is_some()) {
            return (Some(city), rule);
        }
        if first.is_some() || provincial(text) {
            return (None, "region.province_office");
        }
    }
    // Nothing signs: the title's own city, which the site's address must not contradict.
    let found = names(title).map(|(_, n)| n).find(|n| n.city.is_some());
    let found = found.filter(|n| {
        names(around)
            .next()
            .is_none_or(|(_, a)| a.province == n.province)
    });
    (found, "region.title")
}

/// The province of an ICP licence (粤ICP备…).
fn licence(around: &str) -> Option<&'static str> {
    let (head, _) = around.split_once("ICP")?;
    let sign = head.trim_end().chars().next_back()?;
    PROVINCES.iter().find(|p| p.2 == sign).map(|p| p.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(issuer: &str, site: &str, title: &str, around: &str) -> (Article, String) {
        let article = Article {
            site: Some(site.to_string()),
            title: title.to_string(),
            around: around.to_string(),
            ..Article::default()
        };
        (article, issuer.to_string())
    }

    #[test]
    fn who_signs_says_where() {
        for (issuer, site, title, around, want) in [
            (
                "山西省会计服务中心",
                "山西会计网",
                "证书领取公告(省直、朔州考区)",
                "",
                "山西",
            ),
            (
                "太原市会计考试办公室",
                "山西会计网",
                "资格复审通知",
                "",
                "山西 太原",
            ),
            ("医政科", "中山市卫生局", "领证通知", "", "广东 中山"),
            (
                "省人事考试中心",
                "江苏省人力资源和社会保障厅",
                "南通考区证书",
                "",
                "江苏",
            ),
            ("重庆市人事考试中心", "", "证书办理公告", "", "重庆"),
            (
                "兵团人力资源考试院",
                "兵团人事考试网",
                "软考证书",
                "地址:乌鲁木齐市光明路",
                "兵团",
            ),
            (
                "教务处",
                "广西师大漓江学院教务处",
                "证书",
                "桂林市雁山区",
                "广西",
            ),
            (
                "人力资源和社会保障部人事考试中心",
                "中国人事考试网",
                "电子证书说明",
                "北京市海淀区",
                "全国",
            ),
            (
                "深圳市語言文字測試中心",
                "",
                "證書領取公告",
                "",
                "广东 深圳",
            ),
            ("海南州人事考试中心", "", "证书", "", "青海 海南"),
            ("海南省人力资源开发局", "", "证书", "", "海南"),
            ("", "", "枣庄考区软考证书领取", "鲁ICP备1号", "山东 枣庄"),
            ("", "", "证书领取通知", "粤ICP备1号", "广东"),
            ("", "", "证书领取通知", "", ""),
        ] {
            let (article, issuer) = article(issuer, site, title, around);
            let issuer = (!issuer.is_empty()).then_some(issuer.as_str());
            let found = read(&article, &Hint::default(), issuer).value;
            let got: Vec<String> = [found.province, found.city].into_iter().flatten().collect();
            assert_eq!(got.join(" "), want, "{title} {issuer:?}");
        }
    }

    #[test]
    fn the_source_knows_its_province() {
        let whereabouts = |p: &str, c: Option<&str>| Whereabouts {
            province: Some(p.to_string()),
            city: c.map(str::to_string),
        };
        let hint = |c| Hint {
            region: Some(whereabouts("山东", c)),
            ..Hint::default()
        };
        let (article, _) = article("", "", "证书领取通知", "");
        for (city, issuer, want) in [
            (None, "青岛市人事考试中心", Some("青岛")),
            (None, "山东省人事考试中心", None),
            (Some("济南"), "考试中心", Some("济南")),
            (Some("济南"), "山东省人事考试中心", None),
            (None, "南京市人事考试中心", None),
        ] {
            let found = read(&article, &hint(city), Some(issuer)).value;
            assert_eq!(found, whereabouts("山东", want), "{issuer}");
        }
    }

    #[test]
    fn every_city_has_a_province() {
        let lines = include_str!("cities.tsv")
            .lines()
            .filter(|l| !l.starts_with('#'));
        for line in lines {
            let cells: Vec<&str> = line.split('\t').collect();
            assert!(
                matches!(cells.as_slice(), [p, _, n] if PROVINCES.iter().any(|q| q.0 == *p) && !n.is_empty()),
                "{line}"
            );
        }
    }
}
