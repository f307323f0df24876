//! What the files of a notice are for, by their names.

use crate::model::facts::FileRef;
use crate::model::{Article, Found};
use regex::Regex;
use std::sync::LazyLock;

/// Role and the names that tell it; the first row that matches wins.
static ROLES: LazyLock<[(&str, Regex); 4]> = LazyLock::new(|| {
    [
        ("proxy_form", r"委托书|委托函|授权书|代领(?:证书)?(?:申请|承诺)"),
        ("places", r"地点|地址|联系方式|联系电话|咨询电话|一览表|名录|领取点|发放点|办证点"),
        ("unit_form", r"介绍信|花名册|领证(?:人员)?(?:登记表|名册|名单)|(?:单位|集体|集中|学院)[^。]{0,8}(?:领取|领证|登记表|汇总表)"),
        ("names", r"名单|名册|合格人员表|人员表"),
    ]
    .map(|(role, pattern)| (role, super::regex(pattern)))
});

/// Files with their roles, in the order of the page.
pub(super) fn read(article: &Article) -> Vec<Found<FileRef>> {
    let file = |a: &crate::model::Attachment| {
        let value = FileRef {
            name: a.name.clone(),
            href: a.href.clone(),
            role: role(&a.name),
        };
        Found {
            value,
            span: a.span,
            rule: "files",
            doubt: None,
        }
    };
    article.attachments.iter().map(file).collect()
}

fn role(name: &str) -> Option<String> {
    let name = super::fold(name);
    ROLES
        .iter()
        .find(|(_, r)| r.is_match(&name))
        .map(|(role, _)| role.to_string())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_tells_the_role() {
        for (name, want) in [
            ("附件：证书代领委托书（样式）.docx", Some("proxy_form")),
            ("領取證書委託書.doc", Some("proxy_form")),
            ("各市州考试部门联系电话.xlsx", Some("places")),
            ("委托培训机构名录及联系方式.xls", Some("places")),
            ("附件：领证人员花名册.xls", Some("unit_form")),
            ("学院领证登记表.xls", Some("unit_form")),
            ("2.合格人员名单.pdf", Some("names")),
            ("证书信息更正表.docx", None),
            ("附件2：考生信息表.doc", None),
        ] {
            assert_eq!(super::role(name).as_deref(), want, "{name}");
        }
    }
}
