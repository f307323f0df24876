//! What a notice is about: by its title, and where the title leaves it open by its body.

use super::method::ELSEWHERE;
use super::rule::{Row, Rules};
use super::{Doc, doubt};
use crate::model::facts::{Method, NoticeKind};
use crate::model::{Found, Span};
use std::sync::LazyLock;

/// What a title says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Title {
    /// It settles the kind.
    Is(NoticeKind),
    /// It is about collecting, if the body tells a way; else about something else.
    Collect,
    /// Results, unless the body tells a way to get the certificate.
    Results,
}

/// The first row that matches wins.
const TITLES: &[Row<Title>] = &[
    Row {
        name: "kind.title.admission_ticket",
        pattern: r"准考证|考场|考务|继续教育(?:学习|培训|报名|工作|公需)|培训班|招聘",
        make: Title::Is(NoticeKind::Other),
    },
    Row {
        name: "kind.title.scores_kept",
        pattern: r"成绩(?:有效期)?(?:延期|延长|保留)|(?:延期|延长|保留)[^。]{0,8}成绩",
        make: Title::Is(NoticeKind::Other),
    },
    Row {
        name: "kind.title.correction",
        pattern: r"更正(?:公告|通知|说明|启事|[)]|[^信申办登姓个身])|更正$|勘误|补充(?:公告|通知|说明|通告)|关于补充|(?:领取|发放|邮寄|领证)(?:的)?(?:时间|地点|地址|日期|窗口)[^的]{0,4}(?:变更|调整)|(?:变更|调整)[^。]{0,50}(?:领取|发放|邮寄|领证)(?:的)?(?:时间|地点|地址|日期|窗口)",
        make: Title::Is(NoticeKind::Correction),
    },
    Row {
        name: "kind.title.longer_registration",
        pattern: r"(?:延长|调整|推迟|延期|变更|顺延)[^。]{0,24}(?:报名|缴费|审核)(?:时间|工作|日期)|(?:报名|缴费|审核)(?:时间|日期)?[^。考试]{0,4}(?:延长|调整|推迟|延期|顺延)",
        make: Title::Is(NoticeKind::Registration),
    },
    Row {
        name: "kind.title.postponement",
        pattern: r"暂停|延期|推迟|延迟|暂缓|停止|停办|取消|改期|顺延|延后|停考",
        make: Title::Is(NoticeKind::Postponement),
    },
    Row {
        name: "kind.title.pickup_and_reissue",
        pattern: r"证书?[^。补换]{0,6}(?:发放|领取|颁发)[^。]{0,2}(?:、|及|和|与)[^。]{0,4}(?:补办|补发|换发|补换)",
        make: Title::Collect,
    },
    Row {
        name: "kind.title.reissue",
        pattern: r"补办|补发|换发|补证|补换|换证|补\(换\)|更换|挂失|(?:遗失|损毁|丢失)[^。]{0,6}(?:证书|证)|证书[^。]{0,6}(?:遗失|损毁|丢失)",
        make: Title::Is(NoticeKind::Reissue),
    },
    Row {
        name: "kind.title.review_and_pickup",
        pattern: r"(?:审核|审查|复核|复审|核查)(?:和|及|与|、|暨)[^。登]{0,12}(?:证书[^。]{0,4}(?:领取|发放|办理)|(?:领取|发放)[^。表]{0,6}证书|领证)",
        make: Title::Is(NoticeKind::Pickup),
    },
    Row {
        name: "kind.title.registration",
        pattern: r"报名|报考|资格(?:审核|审查|核查|复核|复审|初审|后审)|现场(?:确认|审核|审查)|网上(?:审核|审查)|考后[^。]{0,6}(?:审核|审查|复审|核查)|考试(?:公告|简章|工作安排|(?:工作|考务)?计划|日程安排|考务)$",
        make: Title::Is(NoticeKind::Registration),
    },
    Row {
        name: "kind.title.score_slip",
        pattern: r"成绩(?:通知|报告)?(?:书|单)[^。]{0,6}(?:领取|发放|打印)",
        make: Title::Is(NoticeKind::Results),
    },
    Row {
        name: "kind.title.paper",
        pattern: r"纸质(?:版)?(?:资格|合格)?(?:证书)?[^。]{0,10}(?:领取|邮寄|发放|办理|申领|直邮)",
        make: Title::Collect,
    },
    Row {
        name: "kind.title.electronic",
        pattern: r"电子(?:资格|职业资格|合格|成绩合格)?(?:证书|证照|证明|合格证)|电子化",
        make: Title::Is(NoticeKind::ECertificate),
    },
    Row {
        name: "kind.title.pickup",
        pattern: r"领证|(?:证书|合格证|资格证|[师员工话]证|证件|合格证明|相关证明)[^。]{0,14}?(?:领取|发放|办理|邮寄|直邮|申领|寄送|寄递|快递|颁发|自取|管理|补领|送达|派发)|(?:领取|发放|办理|邮寄|直邮|申领|寄送|寄递|快递|颁发|补领|领发|发)[^。]{0,60}?(?:证书|合格证|资格证|证明)",
        make: Title::Collect,
    },
    Row {
        name: "kind.title.results",
        pattern: r"成绩|合格标准|合格(?:分数)?线|分数线|合格人员|通过人员|合格名单|公示|拟取得|人员名单",
        make: Title::Results,
    },
];

/// How a body that only announces speaks.
const BODIES: &[Row<NoticeKind>] = &[
    Row {
        name: "kind.body.not_yet",
        pattern: r"(?:证书)[^。;\n]{0,16}(?:尚未|仍在|还未|未)(?:下发|制作|到|印制|发放)|发放时间[^。;\n]{0,8}另行",
        make: NoticeKind::Other,
    },
    Row {
        name: "kind.body.registration",
        pattern: r"网上报名(?:时间)?[:。]|报名时间[:：]",
        make: NoticeKind::Registration,
    },
    Row {
        name: "kind.body.results",
        pattern: r"成绩[^。;\n]{0,10}(?:公布|查询)|合格标准",
        make: NoticeKind::Results,
    },
];

static TITLE_RULES: LazyLock<Rules<Title>> = LazyLock::new(|| Rules::new(TITLES));
static BODY_RULES: LazyLock<Rules<NoticeKind>> = LazyLock::new(|| Rules::new(BODIES));

/// A section or sentence that tells how to get a certificate, in a notice whose title is about
/// something else.
static SECTION: LazyLock<regex::Regex> = LazyLock::new(|| {
    super::regex(
        r"(?:证书|合格证)[^。;\n]{0,50}(?:领取|办理|发放|邮寄|申领|寄送|直邮)|领证|(?:领取|发放|邮寄|申领|寄送)[^。;\n]{0,16}(?:证书|合格证)",
    )
});

/// 不再核发合格证，只发成绩通知书; 证书发放另行公告.
static NO_PAPER: LazyLock<regex::Regex> = LazyLock::new(|| {
    super::regex(
        r"不再?(?:核发|发放|颁发)[^。;,\n]{0,6}(?:合格证|证书),?\s*只发|不(?:予|得)(?:核发|发放|颁发|领取)[^。;,\n]{0,4}(?:合格证|证书)|(?:证书|合格证|领证|领取|发放)[^。;\n]{0,24}(?:另行|另发|届时|以[^。;\n]{0,10}通知为准)",
    )
});

/// The kind, from the folded title, the body and the ways that the body tells.
pub(super) fn read(doc: &Doc, title: &str, ways: &[Found<Method>]) -> Found<NoticeKind> {
    let physical = ways.iter().any(|w| w.value != Method::Electronic);
    let electronic = ways.iter().any(|w| w.value == Method::Electronic);
    // 凭准考证领取证书 is about certificates.
    let certificate = title.contains("证书") || title.contains("合格证");
    let title = if certificate {
        title.replace("准考证", "")
    } else {
        title.to_string()
    };
    match TITLE_RULES
        .first(&title)
        .map(|(row, _)| (row.make, row.name))
    {
        Some((Title::Is(kind), rule)) => Found::outside(kind, rule),
        Some((Title::Collect, rule)) => collect(doc, rule, physical, electronic),
        Some((Title::Results, rule)) => match told(doc, ways) {
            Some(span) => Found::new(NoticeKind::Pickup, span, "kind.body.hidden"),
            None if electronic && !physical => {
                Found::outside(NoticeKind::ECertificate, "kind.body.electronic")
            }
            None => Found::outside(NoticeKind::Results, rule),
        },
        None => {
            let found = untitled(doc, physical, electronic);
            let why = (found.value != NoticeKind::Other).then_some(doubt::UNTITLED);
            doubt::with(found, why)
        }
    }
}

/// A title about collecting.
fn collect(doc: &Doc, rule: &'static str, physical: bool, electronic: bool) -> Found<NoticeKind> {
    let body = doc.text();
    if !physical && electronic {
        return Found::outside(NoticeKind::ECertificate, "kind.body.electronic");
    }
    if body.contains("准考证") && !body.contains("证书") && !body.contains("合格证") {
        return Found::outside(NoticeKind::Other, "kind.body.admission_ticket");
    }
    if !physical
        && let Some((row, at)) = BODY_RULES.first(body)
        && row.make == NoticeKind::Other
    {
        return Found::new(row.make, doc.fold.span(at.range()), row.name);
    }
    Found::outside(NoticeKind::Pickup, rule)
}

/// Where a body under a title about results tells how to get the certificate.
/// That offices hand certificates out says nothing by itself.
fn told(doc: &Doc, ways: &[Found<Method>]) -> Option<Span> {
    let stated = |w: &&Found<Method>| w.value != Method::Electronic && w.rule != ELSEWHERE;
    ways.iter().find(stated)?;
    doc.units.iter().find_map(|unit| {
        let words = doc.fold.of(unit.span);
        let found = SECTION.find(words)?;
        let start = doc.fold.range(unit.span).start;
        let span = doc.fold.span(start + found.start()..start + found.end());
        (!NO_PAPER.is_match(words)).then_some(span)
    })
}

/// A title that says nothing.
fn untitled(doc: &Doc, physical: bool, electronic: bool) -> Found<NoticeKind> {
    let body = doc.text();
    if let Some((row, at)) = BODY_RULES.first(body)
        && (!physical || row.make != NoticeKind::Results)
    {
        return Found::new(row.make, doc.fold.span(at.range()), row.name);
    }
    match SECTION.find(body) {
        Some(at) if physical => Found::new(
            NoticeKind::Pickup,
            doc.fold.span(at.range()),
            "kind.body.hidden",
        ),
        _ if electronic => Found::outside(NoticeKind::ECertificate, "kind.body.electronic"),
        _ => Found::outside(NoticeKind::Other, "kind.other"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{corpus, fold, method};

    /// A line is a title, and behind the first line break a body.
    #[test]
    fn corpus() {
        let names = TITLE_RULES.names().chain(BODY_RULES.names());
        corpus::check("kind", include_str!("kind.corpus"), names, |line| {
            let (title, body) = line.text.split_once('\n').unwrap_or((&line.text, ""));
            let article = crate::extract::plain(body);
            let doc = Doc::new(&article);
            let found = read(&doc, &fold(title), &method::read(&doc, None));
            (vec![found.value.word().to_string()], vec![found.rule])
        });
    }
}
