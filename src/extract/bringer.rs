//! Who brings the papers: the person, a deputy, or the employer for its staff.

use regex::Regex;
use std::sync::LazyLock;

/// Who brings something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// The person.
    Own,
    /// A deputy.
    Proxy,
    /// The employer.
    Batch,
}

static BATCH: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"单位(?:统一|集中|集体|代领|代为|代办|代取|领取|领证|办理|派|人事|指定|.{0,4}介绍信)|集体(?:领|办)|(?:企业|事务所)(?:统一|集中|集体|领取|派)|集中(?:代领|办理)|经办人|培训机构|受托单位|委培单位|同一单位|机构凭|统一代领|本单位合格|营业执照|(?:由|凭).{0,8}介绍信|学校统一|单位人事|统一领取",
    )
});
static PROXY: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"代领|代取|代办|代为|代理|他人|委托(?:他人|人|书|函|领|的)|受托人|被委托|受委托|[帮替](?:别人|他人|同事|同学|亲友|朋友)|双方|雙方|同事|请人代|亲友|家属",
    )
});
static OWN: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"本人(?:领|到|凭|持|携|带|须|办|:|$)|自取|自领|个人领|持证人(?:凭|持|本人)|考生(?:本人|持|凭|携)",
    )
});
/// A deputy that is not allowed, or a list that only names the people.
static DENIED: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"(?:不得|严禁|禁止|不接受|不能|不予|谢绝|不可|不办理|不受理|非)[^,。;]{0,6}代[领办取]|非本人|代领人员?[清名][单册]",
    )
});

/// Whose words these are; None = they name nobody.
pub(super) fn who(words: &str) -> Option<Who> {
    // What is denied is told with one of these.
    let words = match words.contains('代') || words.contains("非本人") {
        true => DENIED.replace_all(words, ""),
        false => words.into(),
    };
    if BATCH.is_match(&words) {
        Some(Who::Batch)
    } else if PROXY.is_match(&words) {
        Some(Who::Proxy)
    } else {
        OWN.is_match(&words).then_some(Who::Own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_the_bringer() {
        for (words, want) in [
            ("本人领取", Some(Who::Own)),
            ("代领人携带本人身份证", Some(Who::Proxy)),
            ("委托他人领取的", Some(Who::Proxy)),
            ("单位集中领取", Some(Who::Batch)),
            ("有工作单位的", None),
            ("本人持身份证领取,不得代领", Some(Who::Own)),
            ("委托EMS寄送", None),
            ("通知申请人领取", None),
        ] {
            assert_eq!(who(words), want, "{words}");
        }
    }
}
