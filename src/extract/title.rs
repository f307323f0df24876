//! The title, without what a title never holds.

use regex::Regex;
use std::sync::LazyLock;

/// Marks of lists and counters around a title: 【置顶】, [图], NEW, 阅读：12, a date in front.
static NOISE: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    [
        r"^(?:[【\[](?:置顶|热点|最新|图文|图|转载|推荐|公告|通知)[】\]]|(?i:new|hot)[!！]?\s|[·•▪◆■★]|\s)+",
        r"(?:[\[(（【](?:图|组图|附件下载|(?:19|20)\d\d-\d\d-\d\d)[\])）】]|(?i:\s+new[!！]?)|\s*(?:浏览|阅读|点击)(?:次数|量)?[:：]\s*\d*|\s)+$",
        r"\s{2,}",
    ]
    .map(super::regex)
});

/// Cleans a title. The words themselves stay as written.
pub(super) fn clean(title: &str) -> String {
    let [head, tail, gap] = &*NOISE;
    let title = head.replace(title, "");
    let title = tail.replace(&title, "");
    gap.replace_all(&title, " ").into_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_noise_goes() {
        for (title, want) in [
            ("【置顶】关于领取证书的通知", "关于领取证书的通知"),
            ("关于领取证书的通知 浏览次数：12", "关于领取证书的通知"),
            ("关于领取证书的通知[图]", "关于领取证书的通知"),
            (
                "更正公告（一级注册计量师等三项考试）",
                "更正公告（一级注册计量师等三项考试）",
            ),
            (
                "关于办理软考证书的公告（青岛考区）",
                "关于办理软考证书的公告（青岛考区）",
            ),
            (" 通知 ", "通知"),
        ] {
            assert_eq!(super::clean(title), want);
        }
    }
}
