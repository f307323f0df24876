//! Where one applies for mailing: an address, else a system, app or account by name, else an
//! e-mail address, else a QR code.

use super::Doc;
use super::rule::{MOST, Row, Rules};
use crate::model::{Found, Span};
use regex::Regex;
use std::sync::LazyLock;

/// Words of mailing: units with them, and units below headings with them, are looked at.
static MAIL: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(r"邮寄|邮递|寄送|寄递|快递|直邮|寄达|寄出|寄给|特快专递|EMS|邮政|顺丰|邮资|邮费")
});

/// What an address or a system may be for instead.
static ELSE: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(r"成绩|合格单|查询单|电子证|电子资格|信息查询|学信|证书查验|公示")
});

/// In the same clause: only for looking at the parcel's way, or for news.
static TRACKING: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"物流|动态|跟踪|追踪|进度|查看状态|邮件状态|留意|消息|为准|查看、|单号|查询状态|查件|(?:邮寄|发放|投递)(?:状态|进度)|办理后可?关注",
    )
});

/// Units that speak of applying, where no unit of mailing holds an address.
static APPLYING: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"网上(?:申请|申领|登记|预约|办理)|申领|选择[^,。;]{0,6}(?:领证|领取)方式|申请(?:方式|流程|办法|步骤)",
    )
});

/// An address in running text.
static URL: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"(?i)(?:https?://|www\.)[a-z0-9][a-z0-9.\-_/:?=&%#~+]*[a-z0-9/]|[a-z0-9-]+(?:\.[a-z0-9-]+){0,3}\.(?:cn|com|net|org)\b(?:/[a-z0-9.\-_/?=&%#~+]*[a-z0-9/])?",
    )
});

static EMAIL: LazyLock<Regex> =
    LazyLock::new(|| super::regex(r"(?i)[a-z0-9._-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+"));

/// Systems by name; the group `n` is the name. Earliest match wins, then the order of the table.
const NAMED: &[Row<()>] = &[
    Row {
        name: "mail.apply.quoted",
        pattern: r"(?:登录|登陆|进入|通过|打开|在|从|到|使用|关注)?(?<n>(?:[\p{Han}A-Za-z0-9]{2,24}?(?:网站|官网|网|平台|APP))?[“「][^”」\n]{2,40}[”」]\s*(?:微信)?(?:小程序|公众号|APP|App|app|栏目|栏|模块|系统|平台|专栏|专区|页面))",
        make: (),
    },
    Row {
        name: "mail.apply.account",
        pattern: r"公众号\s*[:“「]\s*(?<n>[^”」\n。;,]{2,30}(?:\([^)\n]{1,20}\))?)",
        make: (),
    },
    Row {
        name: "mail.apply.program",
        pattern: r"(?<n>小程序\s*[:“「][^”」\n。;,]{2,30}[”」]?)",
        make: (),
    },
    Row {
        name: "mail.apply.group",
        pattern: r"(?:[加入]|添加)\s*(?<n>(?:QQ|微信)群?号?[:“]?\s*[A-Za-z0-9_-]{5,20})",
        make: (),
    },
    Row {
        name: "mail.apply.site",
        pattern: r"(?:登录|登陆|进入|通过|在)\s*(?<n>[\p{Han}]{2,12}网)(?:站)?(?:搜索|选择|申请|填写|提交|登记|办理|点击)",
        make: (),
    },
    Row {
        name: "mail.apply.path",
        pattern: r"(?:登录|登陆|进入|通过|打开|在|使用|下载)\s*[\p{Han}]{0,12}[“「](?<n>[^”」\n]{2,40})[”」]",
        make: (),
    },
    Row {
        name: "mail.apply.system",
        pattern: r"(?:登录|登陆|进入|通过|打开|在|使用|从|关注|[→>])\s*(?<n>[\p{Han}A-Za-z]{2,30}?(?:系统|平台|APP|App|小程序|公众号))",
        make: (),
    },
    Row {
        name: "mail.apply.mailing_system",
        pattern: r"(?<n>[\p{Han}]{0,20}(?:邮寄|寄递|直邮|快递|申领|寄送)[\p{Han}]{0,4}(?:系统|平台|模块))",
        make: (),
    },
];

/// What an application may be made in.
const PROGRAM: [&str; 4] = ["小程序", "公众号", "系统", "平台"];

static RULES: LazyLock<Rules<()>> = LazyLock::new(|| Rules::new(NAMED));

/// Where one applies. `only`: mailing is the only way.
pub(super) fn read(doc: &Doc, only: bool) -> Option<Found<String>> {
    let title = super::fold(&doc.article.title);
    let whole = only
        || (MAIL.is_match(&title) && !["现场", "领取", "自取"].iter().any(|w| title.contains(w)));
    let mailing: Vec<Span> = zone(doc, |words, labels| {
        labels.iter().chain([&words]).any(|w| MAIL.is_match(w))
            || (whole && !labels.iter().chain([&words]).any(|w| ELSE.is_match(w)))
    });
    let applying: Vec<Span> = zone(doc, |words, labels| {
        labels.iter().chain([&words]).any(|w| APPLYING.is_match(w))
    });
    // 在小程序中提出: the name stands where the whole is introduced.
    let unnamed = mailing
        .iter()
        .any(|&s| PROGRAM.iter().any(|w| doc.fold.of(s).contains(w)));
    let everywhere = if unnamed {
        zone(doc, |_, _| true)
    } else {
        Vec::new()
    };
    address(doc, &mailing)
        .or_else(|| named(doc, &mailing))
        .or_else(|| address(doc, &applying))
        .or_else(|| named(doc, &applying))
        .or_else(|| named(doc, &everywhere))
        .or_else(|| email(doc, &mailing))
        .or_else(|| picture(doc, &mailing))
}

/// Spans of the units that pass, by their words and the heading words above them.
fn zone(doc: &Doc, pass: impl Fn(&str, &[&str]) -> bool) -> Vec<Span> {
    let unit = |(i, span): (usize, Span)| {
        let labels: Vec<&str> = doc
            .path(i)
            .skip(1)
            .filter_map(|u| u.label.map(|l| doc.fold.of(l)))
            .collect();
        pass(doc.fold.of(span), &labels).then_some(span)
    };
    let spans = doc.units.iter().map(|u| u.span).enumerate();
    spans.filter_map(unit).collect()
}

/// Whether a sentence speaks of something else than applying for the parcel.
fn elsewhere(doc: &Doc, span: Span) -> bool {
    let sentence = doc.fold.of(doc.sentence(span));
    ELSE.is_match(sentence) && !MAIL.is_match(sentence) && !sentence.contains("申请")
}

fn address(doc: &Doc, zone: &[Span]) -> Option<Found<String>> {
    zone.iter().find_map(|&unit| {
        let range = doc.fold.range(unit);
        let text = doc.text().get(range.clone())?;
        let written = URL.find_iter(text).take(MOST).find_map(|m| {
            let mail =
                text.get(..m.start())?.ends_with('@') || text.get(m.end()..)?.starts_with('@');
            let span = doc
                .fold
                .span(range.start + m.start()..range.start + m.end());
            let clause = doc.fold.of(doc.clause(span));
            let skip = mail || elsewhere(doc, span) || TRACKING.is_match(clause);
            (!skip).then(|| Found::new(doc.words(span).to_string(), span, "mail.apply.url"))
        });
        written.or_else(|| {
            let link = doc.article.links.iter().find(|l| {
                unit.covers(l.span)
                    && l.href.starts_with("http")
                    && !elsewhere(doc, l.span)
                    && !TRACKING.is_match(doc.fold.of(doc.clause(l.span)))
            })?;
            Some(Found::new(link.href.clone(), link.span, "mail.apply.link"))
        })
    })
}

fn named(doc: &Doc, zone: &[Span]) -> Option<Found<String>> {
    zone.iter().find_map(|&unit| {
        let range = doc.fold.range(unit);
        let text = doc.text().get(range.clone())?;
        let found = RULES.rows().enumerate().flat_map(|(order, (row, regex))| {
            regex.captures_iter(text).take(MOST).filter_map(move |c| {
                let name = c.name("n")?;
                Some((name.start(), order, name.end(), row.name))
            })
        });
        let usable = |&(start, _, end, _): &(usize, usize, usize, &str)| {
            let span = doc.fold.span(range.start + start..range.start + end);
            let clause = doc.fold.of(doc.clause(span));
            let name = doc.fold.of(span);
            let paying = clause.contains("付款") || clause.contains("缴费二维码");
            let other = TRACKING.is_match(clause) || paying || elsewhere(doc, span);
            !other && !name.contains("领取预约") && is_system(name)
        };
        let (start, _, end, rule) = found.filter(usable).min()?;
        let span = doc.fold.span(range.start + start..range.start + end);
        let name = doc.words(span).trim_start_matches('或');
        let name = name.strip_prefix("进入").unwrap_or(name);
        let name = name.rsplit_once('或').map_or(name, |(_, last)| last);
        Some(Found::new(name.to_string(), span, rule))
    })
}

/// Whether a name is a system's, not a menu item or an option (勾选“邮寄”).
fn is_system(name: &str) -> bool {
    const WORDS: [&str; 14] = [
        "系统",
        "平台",
        "小程序",
        "公众号",
        "APP",
        "App",
        "app",
        "栏",
        "模块",
        "网",
        "申请",
        "专区",
        "页面",
        "邮政",
    ];
    let carrier = (name.contains("特快") || name.contains("专递")) && !name.contains("系统");
    let account =
        !carrier && (name.chars().any(|c| c.is_ascii_alphabetic()) || name.chars().count() >= 4);
    !matches!(
        name,
        "我的证书"
            | "我的报考"
            | "申请邮寄"
            | "邮寄申请"
            | "邮寄服务"
            | "微信小程序"
            | "微信公众号"
    ) && (WORDS.iter().any(|w| name.contains(w)) || account)
}

fn email(doc: &Doc, zone: &[Span]) -> Option<Found<String>> {
    zone.iter().find_map(|&unit| {
        let range = doc.fold.range(unit);
        let text = doc.text().get(range.clone())?;
        EMAIL.find_iter(text).take(MOST).find_map(|m| {
            let span = doc
                .fold
                .span(range.start + m.start()..range.start + m.end());
            let sentence = doc.fold.of(doc.sentence(span));
            let other = sentence.contains("仅供咨询") || sentence.contains("更正");
            (!other).then(|| Found::new(doc.words(span).to_string(), span, "mail.apply.email"))
        })
    })
}

fn picture(doc: &Doc, zone: &[Span]) -> Option<Found<String>> {
    const CODE: &str = "二维码";
    let written = zone.iter().find_map(|&unit| {
        let range = doc.fold.range(unit);
        let text = doc.text().get(range.clone())?;
        let at = text.find(CODE)?;
        let span = doc
            .fold
            .span(range.start + at..range.start + at + CODE.len());
        let clause = doc.fold.of(doc.clause(span));
        let other = ["付款", "支付", "核验", "防伪"]
            .iter()
            .any(|w| clause.contains(w));
        (!other).then(|| Found::new(CODE.to_string(), span, "mail.apply.code"))
    });
    written.or_else(|| {
        let code = |alt: &str| alt.contains(CODE) || alt.contains("扫码");
        let image = doc.article.images.iter().find(|i| code(&i.alt))?;
        let span = doc.units.get(doc.unit_at(image.at))?.span;
        Some(Found::new(CODE.to_string(), span, "mail.apply.picture"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::corpus;

    #[test]
    fn corpus() {
        let others = ["mail.apply.url", "mail.apply.email", "mail.apply.code"];
        let names = RULES.names().chain(others);
        corpus::check("apply", include_str!("apply.corpus"), names, |line| {
            let article = crate::extract::plain(&line.text);
            let found = read(&Doc::new(&article), false);
            let words = found.iter().map(|f| f.value.clone()).collect();
            (words, found.iter().map(|f| f.rule).collect())
        });
    }
}
