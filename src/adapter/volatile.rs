//! Lines that belong to the site and change without the notice: counters, neighbours, printing.

use regex::Regex;
use std::sync::LazyLock;

static VOLATILE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^[\[【（(·\s]*(?:",
        r"[上下前后]一[篇条页则个][\s:：>】\]]*.*",
        r"|(?:分享到|分享至|一键分享|分享)[\s:：]*.*",
        r"|扫一扫.{0,20}(?:分享|手机|打开).{0,20}",
        r"|(?:文章)?(?:责任编辑|责编|编辑|审核|校对|录入|编审|撰稿)[:：].{0,30}",
        r"|(?:相关(?:链接|文章|信息|新闻|阅读|推荐)|延伸阅读|推荐阅读)[:：]?",
        r"|(?:您是)?第?\s*\d*\s*位?访[问客](?:者|量)?.{0,12}",
        r"|(?:(?:我要|本页|此文|文章|页面|窗口|打印|关闭|收藏|分享|返回|顶部|列表|首页|预览|默认|纠错|字号|字体|大小|[大中小]|TOP|top|Top)[\s\[\]【】()（）:：|｜/\-]*)+",
        r"|(?:浏览|点击|阅读|访问|查看|人气)(?:次数|数|量|率)?[\s:：]*[\[(（]?\d*[\])）]?\s*(?:次|人)?",
        r")[\]】）)\s]*$",
    ))
    .ok()
});

/// A line of facts about the page with a counter in it: `发布时间：… 来源：… 浏览次数：123`.
static COUNTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:发布|来源|作者|时间|日期|字体|字号).*",
        r"(?:(?:浏览|点击|阅读|访问)(?:次数|数|量|率)[:：]|(?:浏览|点击|阅读)[:：]\s*\d*\s*次?$)",
    ))
    .ok()
});

static DOWNLOADS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[\s\[【（(]*(?:已?下载|下载次数[:：]?)\s*\d*\s*次?[\]】）)]*$").ok()
});

/// Whether a line belongs to the site and changes without the notice.
pub(crate) fn is_volatile(line: &str) -> bool {
    line.len() < 400 && VOLATILE.as_ref().is_some_and(|r| r.is_match(line))
}

/// Whether a line holds facts about the page with a counter among them.
pub(crate) fn is_counted(line: &str) -> bool {
    line.len() < 400 && COUNTED.as_ref().is_some_and(|r| r.is_match(line))
}

/// Where a download counter begins at a line's end; None where the line has none or nothing else.
pub(crate) fn downloads(line: &str) -> Option<usize> {
    DOWNLOADS
        .as_ref()?
        .find(line)
        .map(|m| m.start())
        .filter(|at| *at > 0)
}
