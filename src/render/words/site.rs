//! The words of the web board that no other format has.

use super::Lang;

/// The words of one language. Labels are without colon; sentences without full stop.
pub struct SiteWords {
    /// Name of the whole site.
    pub name: &'static str,
    /// The board, in the navigation.
    pub board: &'static str,
    /// The journal, in the navigation.
    pub changes: &'static str,
    /// Search, in the navigation and on its button.
    pub search: &'static str,
    /// The sources, in the navigation.
    pub sources: &'static str,
    /// Feeds and API, in the navigation.
    pub feeds: &'static str,
    /// The other language, in itself.
    pub other_language: &'static str,
    /// First link of a page.
    pub skip: &'static str,
    /// What the navigation is, for a screen reader.
    pub navigation: &'static str,
    /// What to type into the search field.
    pub search_hint: &'static str,
    /// So many notices were found.
    pub found: fn(usize) -> String,
    /// Link from a region to a notice's own page.
    pub evidence_and_history: &'static str,
    /// Heading of the facts.
    pub facts: &'static str,
    /// Heading of the evidence.
    pub evidence: &'static str,
    /// Column: which fact.
    pub fact: &'static str,
    /// Column: the page's words.
    pub quote: &'static str,
    /// Column: by which rule.
    pub rule: &'static str,
    /// Heading of the history.
    pub history: &'static str,
    /// A version by number.
    pub version: fn(u32) -> String,
    /// What changed since the version before.
    pub compare: &'static str,
    /// The page as it was received.
    pub raw: &'static str,
    /// Heading of a comparison.
    pub differences: fn(u32, u32) -> String,
    /// Column: before.
    pub before: &'static str,
    /// Column: after.
    pub after: &'static str,
    /// Nothing differs.
    pub same: &'static str,
    /// Caption of a comparison's table.
    pub clauses: &'static str,
    /// Earlier entries of a list.
    pub earlier: &'static str,
    /// The office's own page.
    pub original: &'static str,
    /// Where a source serves the whole country.
    pub national: &'static str,
    /// Column: last visit.
    pub last_visit: &'static str,
    /// Every region, in a table.
    pub all_regions: &'static str,
    /// What feeds are for.
    pub feeds_about: &'static str,
    /// Subscribe with a reader.
    pub feed_reader: &'static str,
    /// Subscribe with a calendar.
    pub calendar: &'static str,
    /// Subscribe to one region.
    pub one_region: &'static str,
    /// For programs.
    pub programs: &'static str,
    /// Heading of the page that asks for the token.
    pub sign_in: &'static str,
    /// What to do there.
    pub sign_in_about: &'static str,
    /// Label of the field.
    pub token: &'static str,
    /// The token was wrong.
    pub wrong_token: &'static str,
    /// Said where an event arrives while the page is open.
    pub arrived: &'static str,
}

impl Lang {
    /// Its words for the web board.
    pub fn site(self) -> &'static SiteWords {
        match self {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }
}

static ZH: SiteWords = SiteWords {
    name: "领证",
    board: "总览",
    changes: "变动",
    search: "搜索",
    sources: "来源",
    feeds: "订阅",
    other_language: "English",
    skip: "跳到正文",
    navigation: "主导航",
    search_hint: "例如：证书 邮寄",
    found: |n| format!("找到 {n} 条通知"),
    evidence_and_history: "依据与历史",
    facts: "要点",
    evidence: "依据",
    fact: "要点",
    quote: "网页原话",
    rule: "规则",
    history: "历史",
    version: |n| format!("第 {n} 版"),
    compare: "与前一版的差别",
    raw: "收到的网页",
    differences: |a, b| format!("第 {a} 版与第 {b} 版的差别"),
    before: "原来",
    after: "现在",
    same: "没有差别",
    clauses: "改动的句子，左边是原来的，右边是现在的",
    earlier: "更早",
    original: "看机构原文",
    national: "全国",
    last_visit: "最近一次查看",
    all_regions: "全部地区",
    feeds_about: "有变动时自动收到，不必回来看",
    feed_reader: "用阅读器订阅",
    calendar: "用日历订阅",
    one_region: "只订阅一个地区",
    programs: "给程序用",
    sign_in: "需要口令",
    sign_in_about: "这个看板不对外公开。输入口令后，本浏览器记住 30 天",
    token: "口令",
    wrong_token: "口令不对",
    arrived: "刚刚有新的变动",
};

static EN: SiteWords = SiteWords {
    name: "lingzheng",
    board: "Board",
    changes: "Changes",
    search: "Search",
    sources: "Sources",
    feeds: "Feeds",
    other_language: "中文",
    skip: "Skip to the content",
    navigation: "Main",
    search_hint: "e.g. 证书 邮寄",
    found: |n| match n {
        1 => "1 notice found".into(),
        n => format!("{n} notices found"),
    },
    evidence_and_history: "evidence and history",
    facts: "Facts",
    evidence: "Evidence",
    fact: "Fact",
    quote: "The page says",
    rule: "Rule",
    history: "History",
    version: |n| format!("Version {n}"),
    compare: "compare with the one before",
    raw: "page as received",
    differences: |a, b| format!("From version {a} to version {b}"),
    before: "Before",
    after: "After",
    same: "Nothing differs",
    clauses: "Clauses that differ, the earlier wording on the left",
    earlier: "Earlier",
    original: "The office's own page",
    national: "National",
    last_visit: "Last visit",
    all_regions: "All regions",
    feeds_about: "Be told when something changes, without coming back to look",
    feed_reader: "For a feed reader",
    calendar: "For a calendar",
    one_region: "One region only",
    programs: "For programs",
    sign_in: "A token is needed",
    sign_in_about: "This board is not public. This browser remembers the token for 30 days",
    token: "Token",
    wrong_token: "That is not the token",
    arrived: "Something changed just now",
};
