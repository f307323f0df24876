//! By post: who pays when, who carries, and (in [`super::apply`]) where one applies.

use super::rule::{Row, Rules};
use super::{Doc, apply};
use crate::model::Found;
use crate::model::facts::{Fee, Mail};
use std::sync::LazyLock;

/// The most specific statement first: a notice that says both 费用自理 and 到付 means the latter.
const FEES: &[Row<Fee>] = &[
    Row {
        name: "mail.fee.collect",
        pattern: r"到付|货到付款|收(?:件|到|取|货)(?:邮件|快递|快件|证书|包裹|件)?(?:时|后|的同时)[^。;,\n]{0,12}?(?:支付|付给|付款|交付|缴付|付费|结清|付[,。;)\n]|付$)|(?:由)?收件(?:人|方)(?:自行|负责)?(?:支付|付|承担|自付)|签收时[^。;\n]{0,10}付|付给(?:EMS)?(?:快递员|邮递员|派送员|投递员)",
        make: Fee::Collect,
    },
    Row {
        name: "mail.fee.prepaid",
        pattern: r"预付|预缴|(?:申请|下单|提交|填报|登记)(?:时|的同时)[^。;\n]{0,16}?(?:支付|付款|缴纳|缴费|付清)|(?:在线|网上|线上|扫码|扫描[^。;,\n]{0,16}|微信|支付宝|手机扫[^。;,\n]{0,12})(?:自行|完成|进行)?(?:支付|付款|缴费|缴纳|付费)|(?:并|后|先)(?:支付|缴纳|交纳|在线支付)(?:邮|快递|寄递|运)(?:资|费|递费|寄费)|(?:并|先)(?:在线)?(?:支付|缴纳|交纳)(?:相关|相应)?费用|支付(?:邮资|邮费|快递费|运费)(?:后|成功)|(?:填写|填报)[^。;,\n]{0,10}并缴费|缴纳(?:邮寄|快递|邮递)费|缴费(?:成功)?后[^。;,\n]{0,6}寄",
        make: Fee::Prepaid,
    },
    Row {
        name: "mail.fee.free",
        pattern: r"免费(?:为[^。;,\n]{1,8})?(?:邮|寄|递|送|快递|直邮)|(?:邮寄|快递|寄递|寄送|邮费|邮资|运费|邮递费)[^。;,\n]{0,8}(?:免费|免收|全免)|(?:不|未)(?:再)?收取?(?:任何)?(?:邮|快递|寄递|运)|免收(?:邮|快递|运|寄|费用)|包邮|(?:邮|快递|运|寄递|资|递|寄)(?:费|资|费用)(?:全部|均|统一)?由(?:我|本|省|市)?[\p{Han}]{0,6}(?:院|中心|办|局|方|厅|机构|单位|财政|学会|协会|考办|站|部门)(?:承担|支付|负担)",
        make: Fee::Free,
    },
];

/// Carriers that are named without doubt before the post in general.
const CARRIERS: &[Row<&'static str>] = &[
    Row {
        name: "mail.carrier.shunfeng",
        pattern: r"顺丰",
        make: "顺丰",
    },
    Row {
        name: "mail.carrier.jingdong",
        pattern: r"京东(?:快递|物流|速运)",
        make: "京东",
    },
    Row {
        name: "mail.carrier.zhongtong",
        pattern: r"中通(?:快递|速递)?",
        make: "中通",
    },
    Row {
        name: "mail.carrier.yuantong",
        pattern: r"圆通(?:快递|速递)?",
        make: "圆通",
    },
    Row {
        name: "mail.carrier.shentong",
        pattern: r"申通(?:快递)?",
        make: "申通",
    },
    Row {
        name: "mail.carrier.yunda",
        pattern: r"韵达(?:快递|快运)?",
        make: "韵达",
    },
    Row {
        name: "mail.carrier.jitu",
        pattern: r"极兔(?:快递|速递)?",
        make: "极兔",
    },
    Row {
        name: "mail.carrier.debang",
        pattern: r"德邦(?:快递|物流)",
        make: "德邦",
    },
    Row {
        name: "mail.carrier.ems",
        pattern: r"(?i)(?-u:\b)EMS(?-u:\b)|特快专递|特快寄递|邮政特快|邮政速递|政务专递|政务服务专递",
        make: "EMS",
    },
    Row {
        name: "mail.carrier.post",
        pattern: r"中国邮政|邮政(?:公司|局|快递|部门|企业|挂号|普通|寄递|快件|小包)|邮局|挂号信",
        make: "中国邮政",
    },
];

static FEE_RULES: LazyLock<Rules<Fee>> = LazyLock::new(|| Rules::new(FEES));
static CARRIER_RULES: LazyLock<Rules<&'static str>> = LazyLock::new(|| Rules::new(CARRIERS));

/// A second delivery, a rest that the office pays, postage for papers: not this fee.
static ANOTHER: LazyLock<regex::Regex> = LazyLock::new(|| {
    super::regex(
        r"再次|第二次|二次|重新投递|退回|退件|其余|材料|票据|补办费|[寄现预]付[^,。;]{0,3}到付|到付[^,。;]{0,3}[寄现预]付",
    )
});

/// Where a carrier is named for looking things up only.
static ACCOUNT: LazyLock<regex::Regex> =
    LazyLock::new(|| super::regex(r"关注|官微|官网|官方网站|跟踪|物流信息|查看|动态|网站"));

/// What a body says of mailing, part by part.
#[derive(Debug, Default)]
pub(super) struct Post {
    /// Where one applies.
    pub apply: Option<Found<String>>,
    /// Who pays when.
    pub fee: Option<Found<Fee>>,
    /// Who carries.
    pub carrier: Option<Found<String>>,
}

impl Post {
    /// The value of the contract.
    pub(super) fn value(&self) -> Mail {
        Mail {
            apply: self.apply.as_ref().map(|f| f.value.clone()),
            fee: self.fee.as_ref().map(|f| f.value),
            carrier: self.carrier.as_ref().map(|f| f.value.clone()),
        }
    }
}

/// Reads a body in which mailing is offered. `only`: it is the only way, so that the whole notice
/// speaks of it.
pub(super) fn read(doc: &Doc, only: bool) -> Post {
    Post {
        apply: apply::read(doc, only),
        fee: first(doc, &FEE_RULES, &ANOTHER),
        carrier: first(doc, &CARRIER_RULES, &ACCOUNT).map(|f| f.map(str::to_string)),
    }
}

/// The first row with a match whose clause does not speak of something else.
fn first<T: Copy>(doc: &Doc, rules: &Rules<T>, not: &regex::Regex) -> Option<Found<T>> {
    rules
        .matches(doc.text())
        .map(|(row, at)| (row, doc.fold.span(at.range())))
        .find(|(_, span)| !not.is_match(doc.fold.of(doc.clause(*span))))
        .map(|(row, span)| Found::new(row.make, span, row.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::corpus;

    #[test]
    fn corpus() {
        let names = FEE_RULES.names().chain(CARRIER_RULES.names());
        corpus::check("mail", include_str!("mail.corpus"), names, |line| {
            let article = crate::extract::plain(&line.text);
            let post = read(&Doc::new(&article), true);
            let mut out = (Vec::new(), Vec::new());
            for found in post.fee.iter() {
                let word = serde_json::to_value(found.value).unwrap();
                out.0.push(word.as_str().unwrap().to_string());
                out.1.push(found.rule);
            }
            for found in post.carrier.iter() {
                out.0.push(found.value.clone());
                out.1.push(found.rule);
            }
            out
        });
    }
}
