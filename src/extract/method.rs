//! Ways to get the certificate, by positive statements: a way that is denied or suspended where
//! it is named does not count there.

use super::deny::denied;
use super::rule::{MOST, Row, Rules};
use super::{Doc, doubt};
use crate::model::Found;
use crate::model::facts::Method;
use std::sync::LazyLock;

/// Name of the rule for "other offices hand it out": true of paper everywhere, so that it says
/// nothing where the notice is about electronic certificates.
pub(super) const ELSEWHERE: &str = "method.onsite.elsewhere";

/// Name of the rule for a heading 电子证书, which states the way by itself.
const HEADING: &str = "method.electronic.heading";

/// Only patterns whose words cannot speak of anything but the certificate.
/// Name of the rule for mailing.
pub(super) const MAIL: &str = "method.mail.named";

const ROWS: &[Row<Method>] = &[
    Row {
        name: "method.onsite.named",
        pattern: r"(?:现场|窗口|线下|柜台|到场|上门|大厅)(?:证书)?(?:集中)?(?:领取|发放|办理|申领|领证|取证|自取|补领|发证|发证书|验证)|自取|自领|(?:以上|上述|原|该)地点(?:办理|领取)|地点(?:不变|同上)|到窗口|到[院场馆站校局所厅办]领|(?:第.阶段|[、.)])\s*(?:各.)?(?:窗口|现场)[:。(,\n]",
        make: Method::Onsite,
    },
    Row {
        name: "method.onsite.place",
        pattern: r"(?:领取|领证|发放|办理|发证|办证|补领|取证|自取)(?:的)?(?:时间[及和、与])?(?:地点|地址|处|点)|(?m)^(?:[一二三四五六七八九十\d]{1,2}[、.]|\([一二三四五六七八九十\d]{1,2}\))?\s*(?:时间[及和、与])?地点(?:[:、及和。]|$)",
        make: Method::Onsite,
    },
    Row {
        name: "method.onsite.go",
        pattern: r"(?:[^收寄直达得拿领运送]|^)(?:到|前往|赴|去|在|来[我本])[\p{Han}][^。;\n“”邮寄快递]{1,70}?(?:[^申]领取|领证|补领|自取|取证|以旧换新|换领|换取|财政局办理)",
        make: Method::Onsite,
    },
    Row {
        name: "method.onsite.go_and_do",
        pattern: r"(?:[^收寄直达得拿领运送]|^)(?:到|前往|赴)[\p{Han}][^。;\n“”邮寄快递网系]{1,60}?办理",
        make: Method::Onsite,
    },
    Row {
        name: "method.onsite.papers",
        pattern: r"(?:凭|持|带|携带|出示|交验)[^。;\n邮寄]{2,50}?(?:领取|领证|领新|取证)|(?:领取|领证|取证)[^。;\n,邮寄预]{0,10}(?:凭|持|携带|带齐|带|出示|交验)|(?:本人|个人|考生)(?:领取|领证)",
        make: Method::Onsite,
    },
    Row {
        name: ELSEWHERE,
        pattern: r"由[^。;,\n邮寄电]{2,30}?(?:机构|中心|局|院|部门|考办|办公室|窗口|报名点|单位|学校)(?:负责|统一|另行|组织|通知)*(?:现场)?(?:发放|领取)|由(?:各|当地|设区|报名地|报考地)[^。;,\n邮寄]{0,8}(?:发放|通知领取|领取)|(?:各地|各市|各州|各区|各考区|当地|报名地|报考地)[^。;,\n邮寄电]{0,16}(?:机构|中心|部门|考办|局)[^。;,\n邮寄电]{0,6}发放",
        make: Method::Onsite,
    },
    Row {
        name: MAIL,
        pattern: r"邮寄|邮递|寄送|寄递|快递|直邮|寄达|寄出|寄给|寄发|(?:用|顺丰|京东|邮政)[^。;,\n]{0,6}寄[,。;]|特快专递|EMS|邮政速递",
        make: Method::Mail,
    },
    Row {
        name: "method.batch.named",
        pattern: r"单位(?:人事部门)?(?:可以?|应|须|也可)?(?:统一|集中|集体|指定|代|派|派人|派员|为职工)[^。;,\n]{0,12}(?:领取|代领|领证|办理|领回|取证)|(?:集体|集中)(?:代领|代为领取)|集体领取|单位代[领办]|(?:单位|学校|学院|院系|企业|医院)[^。;,\n]{0,6}(?:派|安排|指定|委派)专?[人员][^。;\n]{0,60}?领|以(?:班级|学院|院系|学校|单位)为单位[^。;\n]{0,60}?领取",
        make: Method::Batch,
    },
    Row {
        name: "method.batch.through",
        pattern: r"由(?:所在|各)?(?:单位|学校|高校|院校|院系|学院|培训机构|机构|报名点|人事部门)[^。;\n]{0,40}?(?:统一|集体|集中)[^。;,\n]{0,8}(?:领取|领回|发放|办理)|(?:统一|集体|集中)由(?:单位|学校|培训机构)[^。;,\n]{0,10}领取",
        make: Method::Batch,
    },
    Row {
        name: "method.batch.papers",
        pattern: r"介绍信|公函[^。;\n]{0,20}(?:名单|花名册|名册)|经办人[^。;,\n]{0,10}身份证|受托单位[^。;\n]{0,12}(?:领证|领取)",
        make: Method::Batch,
    },
    Row {
        name: "method.electronic.named",
        pattern: r"电子(?:资格|职业资格|合格|成绩合格)?(?:证书|证照|证明|合格通知书|合格证)[^。;\n]{0,80}?(?:下载|打印|查询|查看|申领|亮证|截图)|(?:下载|打印|查询|查看|申领|生成|取得)[^。;,\n]{0,16}?电子(?:资格|职业资格|合格|成绩合格)?(?:证书|证照|证明|合格通知书|合格证)|(?:实行|推行|启用|核发|改为|改发|采用|制发|使用)[^。;,\n]{0,8}电子(?:资格|合格)?(?:证书|证照|证明)|电子化管理|(?:电子形式|电子版)(?:发放|制发)",
        make: Method::Electronic,
    },
    Row {
        name: "method.electronic.proof",
        pattern: r"(?:自行|在线|网上|登录|上网)[^。;,\n]{0,20}(?:下载|打印)[^。;,\n]{0,8}(?:合格证明|合格通知书)",
        make: Method::Electronic,
    },
    Row {
        name: HEADING,
        pattern: r"(?m)^(?:第?[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十]+\)|\d+[、.])\s*电子(?:证书|证照)[^。;,\n]{0,12}$",
        make: Method::Electronic,
    },
];

static RULES: LazyLock<Rules<Method>> = LazyLock::new(|| Rules::new(ROWS));

/// What shares a word with a way and is none: papers sent to the office, a letter box.
static NOT_MAIL: LazyLock<regex::Regex> = LazyLock::new(|| {
    super::regex(
        r"(?:邮寄|寄送|寄递|快递)(?:申请|报名|审核)?(?:材料|资料|原件|申请表|发票|票据)|(?:材料|资料|原件|申请表|发票|票据)[^。;,\n]{0,8}(?:邮寄|寄送|寄递|快递|寄达|寄回|返还)",
    )
});

/// Who has applied before now: that says of no way that it is open.
static DONE: LazyLock<regex::Regex> = LazyLock::new(|| {
    super::regex(r"(?:此前|之前|前期)已(?:经)?[^。;,\n]{0,6}(?:邮寄|寄送|寄递|快递)")
});

/// Certificates on their way to where they are collected.
static BETWEEN_OFFICES: LazyLock<regex::Regex> = LazyLock::new(|| {
    super::regex(
        r"(?:寄|递|送)(?:至|到|往|给)(?:各|当地|报名点|报考点|报名地|报考地|所在地|设区市)",
    )
});

/// Ways that are open or to come, in the order of [`Method`], each with its first statement.
/// `deputies` says whether a deputy may collect, as read elsewhere.
pub(super) fn read(doc: &Doc, deputies: Option<Found<()>>) -> Vec<Found<Method>> {
    let mut found: Vec<Found<Method>> = Vec::new();
    let (mut headings, mut taken_back) = (Vec::new(), Vec::new());
    let known = |found: &[Found<Method>], way| found.iter().any(|f| f.value == way);
    for (row, regex) in RULES.rows() {
        let mut matches = regex.find_iter(doc.text()).take(MOST);
        // The first statement of a way is enough.
        while !known(&found, row.make)
            && let Some(at) = matches.next()
        {
            if row.make == Method::Batch && slip(doc, &at)
                || (row.make == Method::Mail && foreign(doc, &at))
            {
                continue;
            }
            let way = Found::new(row.make, doc.fold.span(at.range()), row.name);
            if denied(doc, at.range()) {
                if !conditional(doc, at.start()) {
                    taken_back.push(row.make);
                }
            } else if row.name != HEADING && is_heading(doc, at.start()) {
                headings.push(way);
            } else {
                found.push(way);
            }
        }
    }
    // 快递 as a heading states a way, unless the text below says 暂不提供快递服务.
    for way in headings {
        if !taken_back.contains(&way.value) && !known(&found, way.value) {
            found.push(way);
        }
    }
    found.extend(deputies.map(|f| f.map(|()| Method::Proxy)));
    // A unit that collects goes somewhere.
    let batch = found.iter().find(|f| f.value == Method::Batch).cloned();
    if let Some(batch) = batch.filter(|_| !found.iter().any(|f| f.value == Method::Onsite)) {
        found.push(batch.map(|_| Method::Onsite).doubted(doubt::GOES));
    }
    found.sort_by_key(|f| f.value);
    found
}

/// Who has applied for one way is denied the other: 已申请邮寄的，不再受理现场领取.
static SOME: LazyLock<regex::Regex> =
    LazyLock::new(|| super::regex(r"(?:的|者|人员|考生|后),[^,。;\n]*$"));

/// Whether a denial holds only for some.
fn conditional(doc: &Doc, offset: usize) -> bool {
    let at = doc.fold.span(offset..offset);
    let sentence = doc.fold.range(doc.sentence(at));
    let head = doc.text().get(sentence.start..offset).unwrap_or("");
    SOME.is_match(head)
}

/// Whether a clause is about score slips and not about certificates.
fn slip(doc: &Doc, at: &regex::Match) -> bool {
    let words = doc.fold.of(doc.clause(doc.fold.span(at.range())));
    words.contains("成绩单") && !words.contains("证书")
}

/// Whether an offset stands in a unit that is nothing but a heading.
fn is_heading(doc: &Doc, offset: usize) -> bool {
    let at = doc.fold.span(offset..offset).start;
    let unit = doc.units.get(doc.unit_at(at));
    unit.is_some_and(|u| u.label.is_some_and(|l| l.end == u.span.end))
}

/// Whether the clause around a word of mailing speaks of papers instead of the certificate.
fn foreign(doc: &Doc, at: &regex::Match) -> bool {
    let clause = doc.clause(doc.fold.span(at.range()));
    let words = doc.fold.of(clause);
    let papers = NOT_MAIL.is_match(words) && !words.contains('证');
    papers || BETWEEN_OFFICES.is_match(words) || DONE.is_match(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::corpus;

    #[test]
    fn corpus() {
        corpus::check(
            "method",
            include_str!("method.corpus"),
            RULES.names(),
            |line| {
                let article = crate::extract::plain(&line.text);
                let found = read(&Doc::new(&article), None);
                let words = found.iter().map(|f| f.value.word().to_string()).collect();
                (words, found.iter().map(|f| f.rule).collect())
            },
        );
    }
}
