//! Chinese: why a fact is not certain, by the reason that the reading gives.

/// One phrase; the reason itself where it is not known here.
pub(super) fn doubt(reason: &str) -> String {
    let known = REASONS.iter().find(|(known, _)| *known == reason);
    known.map_or(reason, |(_, said)| said).to_string()
}

/// The reasons of doubt, then those of dates that cannot be read.
const REASONS: &[(&str, &str)] = &[
    (
        "the page states no date of publication; its last date was taken",
        "页面没有发布日期，年份按文中最后一个日期推断",
    ),
    (
        "no year is written, and the time ends before the notice was published",
        "没有写年份，推断的时间早于发布日期",
    ),
    (
        "the time ends before the notice was published",
        "截止时间早于发布日期",
    ),
    (
        "no year is written, and the time lies far from the day of publication",
        "没有写年份，推断的时间离发布日期太远",
    ),
    (
        "no word near the date says that certificates are handed out then",
        "日期附近没有说明是领证时间",
    ),
    (
        "another time is stated for the same",
        "同一事项还写了另一个时间",
    ),
    (
        "the title and the text name different sittings",
        "标题与正文说的考次不同",
    ),
    (
        "only the name of a watched exam stands in the title",
        "只在标题里见到所关注考试的名称",
    ),
    (
        "the name only stands at the beginning of the text",
        "考试名称只出现在正文开头",
    ),
    (
        "inferred: who collects for a unit goes somewhere",
        "由单位代领推断为现场领取",
    ),
    (
        "the title does not say what the notice is about",
        "标题没有说明事由",
    ),
    ("end_before_start", "截止早于开始"),
    ("half_lost_date", "日期缺字"),
    ("no_such_day", "没有这一天"),
    ("no_year", "无从得知年份"),
    ("no_published", "没有发布日期，“即日”无从推算"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_said_in_chinese_and_an_unknown_one_as_it_is() {
        assert_eq!(doubt("end_before_start"), "截止早于开始");
        assert_eq!(doubt("something new"), "something new");
    }
}
