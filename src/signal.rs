//! What the rows of a national site say of a sitting as a whole: scores are out, the certificate's
//! electronic file or its look-up is open. Each is a step on the way to the offices' own notices.
//!
//! A title decides, and says too much rather than too little: without a sitting, and where it only
//! announces, it gives nothing.

use crate::model::event::Signal;
use crate::model::{Date, Entry, Exam, Sitting};
use regex::Regex;
use std::sync::LazyLock;

/// A signal with the sitting that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What.
    pub signal: Signal,
    /// Exam id.
    pub exam: String,
    /// Sitting id.
    pub sitting: String,
}

/// Days after a sitting within which a title without its half of the year still means it.
const NEAR: i32 = 300;

static E_FILE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new("(?:证书|證書).{0,4}(?:电子文件|電子文件|电子版)|电子(?:证书|合格证)").ok()
});
static LOOK_UP: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("(?:证书|合格证)(?:信息)?.{0,6}(?:查询|查验)|查询.{0,8}证书").ok());
static SCORES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        "成绩(?:已|正式)?(?:公布|发布|查询)|(?:公布|发布|查询).{0,60}成绩|成绩.{0,12}(?:公布|可查)",
    )
    .ok()
});
/// Titles that announce, refuse or speak of something beside it.
static NOT_YET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        "预告|预计|拟于|将于|时间安排|工作安排|计划|暂停|暂缓|推迟|延期|复核|复查|核查|无效|违纪|违规|雷同|成绩证明|成绩单|报名|模拟|合格标准|用户须知|常见问题|指南|说明|补办",
    )
    .ok()
});
static YEAR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new("(20[0-9]{2})\\s*年?\\s*度?\\s*(?:(上|下)半年|第?([一二])季度|(1?[0-9])\\s*月)?")
        .ok()
});

fn says(words: &LazyLock<Option<Regex>>, title: &str) -> bool {
    words.as_ref().is_some_and(|w| w.is_match(title))
}

/// What a row says of a sitting; None = nothing. `carried` = exam ids that the source's list is
/// about where a title names none.
pub fn read(
    entry: &Entry,
    exams: &[Exam],
    carried: &[String],
    sittings: &[Sitting],
) -> Option<Found> {
    let title: String = entry.title.split_whitespace().collect();
    if says(&NOT_YET, &title) {
        return None;
    }
    let signal = if says(&E_FILE, &title) {
        Signal::EFile
    } else if says(&LOOK_UP, &title) {
        Signal::CertificateQuery
    } else if says(&SCORES, &title) {
        Signal::Scores
    } else {
        return None;
    };
    let exam = exam(&title, exams, carried)?;
    let sitting = sitting(
        &title,
        entry.published,
        sittings.iter().filter(|s| s.exam == exam.id),
    )?;
    Some(Found {
        signal,
        exam: exam.id.clone(),
        sitting: sitting.id.clone(),
    })
}

/// The exam that the title names, else the only one that the list is about, where the title names
/// no other exam by its own name.
fn exam<'e>(title: &str, exams: &'e [Exam], carried: &[String]) -> Option<&'e Exam> {
    let names = |e: &&Exam| {
        std::iter::once(&e.name)
            .chain(&e.aliases)
            .any(|n| title.contains(n.as_str()))
    };
    if let Some(named) = exams.iter().find(names) {
        return Some(named);
    }
    match carried {
        [only] => exams.iter().find(|e| e.id == *only),
        _ => None,
    }
}

/// The sitting that the title's year and half name. A bare year means a sitting only where it had
/// one, or where one of its sittings lies shortly before the row's date and the others do not.
fn sitting<'s>(
    title: &str,
    published: Option<Date>,
    sittings: impl Iterator<Item = &'s Sitting>,
) -> Option<&'s Sitting> {
    let found = YEAR.as_ref()?.captures(title)?;
    let year: i16 = found.get(1)?.as_str().parse().ok()?;
    let month = found.get(4).and_then(|m| m.as_str().parse::<i8>().ok());
    let half = match found.get(2).map(|m| m.as_str()) {
        Some("上") => Some(1),
        Some(_) => Some(2),
        None => None,
    };
    let of_year: Vec<&Sitting> = sittings.filter(|s| s.first.year() == year).collect();
    let fits = |s: &&&Sitting| match (half, month) {
        (Some(half), _) => (s.first.month() <= 6) == (half == 1),
        (None, Some(month)) => s.first.month() == month,
        (None, None) => published.is_some_and(|day| {
            let last = s.last.unwrap_or(s.first);
            (0..=NEAR).contains(&last.until(day).map_or(-1, |span| span.get_days()))
        }),
    };
    let fitting: Vec<&&Sitting> = of_year.iter().filter(fits).collect();
    match (fitting.as_slice(), of_year.as_slice()) {
        ([one], _) => Some(one),
        ([], [one]) if half.is_none() && month.is_none() && published.is_none() => Some(one),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn say(title: &str, published: &str, carried: &[&str]) -> String {
        let exam = |id: &str, name: &str, alias: &str| Exam {
            id: id.into(),
            name: name.into(),
            aliases: vec![alias.into()],
            qualifications: Vec::new(),
        };
        let exams = [
            exam(
                "ruankao",
                "计算机技术与软件专业技术资格（水平）考试",
                "计算机软件资格考试",
            ),
            exam("jzs", "一级建造师职业资格考试", "一级建造师"),
        ];
        let sitting = |exam: &str, id: &str, first: &str| Sitting {
            exam: exam.into(),
            id: id.into(),
            first: day(first),
            last: None,
            basis: String::new(),
            not_held: Vec::new(),
        };
        let sittings = [
            sitting("ruankao", "2026H1", "2026-05-23"),
            sitting("ruankao", "2026H2", "2026-10-24"),
            sitting("jzs", "2026", "2026-09-05"),
        ];
        let entry = Entry {
            keys: Vec::new(),
            url: String::new(),
            title: title.into(),
            title_cut: false,
            published: published.parse().ok(),
            external: false,
        };
        let carried: Vec<String> = carried.iter().map(|c| c.to_string()).collect();
        read(&entry, &exams, &carried, &sittings).map_or("-".into(), |f| {
            format!("{} {} {}", f.signal.word(), f.exam, f.sitting)
        })
    }

    #[test]
    fn titles_of_national_sites() {
        let own: &[&str] = &["ruankao"];
        for (title, published, carried, want) in [
            (
                "2026年上半年计算机软件资格考试成绩公布",
                "2026-07-01",
                own,
                "scores ruankao 2026H1",
            ),
            (
                "2026年下半年计算机软件资格考试成绩查询",
                "2026-12-10",
                own,
                "scores ruankao 2026H2",
            ),
            (
                "关于公布2026年 下半年 考试成绩的通知",
                "2026-12-10",
                own,
                "scores ruankao 2026H2",
            ),
            (
                "2026年10月计算机软件资格考试成绩公布",
                "2026-12-10",
                own,
                "scores ruankao 2026H2",
            ),
            (
                "2026年下半年电子证书开放下载",
                "2026-12-20",
                own,
                "e_file ruankao 2026H2",
            ),
            (
                "2026年度一级建造师证书电子文件上线",
                "2026-12-20",
                &[],
                "e_file jzs 2026",
            ),
            (
                "2026年上半年证书查询开通",
                "2026-08-20",
                own,
                "certificate_query ruankao 2026H1",
            ),
            (
                "一级建造师2026年度考试成绩公布",
                "2026-12-08",
                &[],
                "scores jzs 2026",
            ),
            // the year alone: only the first half was over then
            (
                "2026年计算机软件资格考试成绩公布",
                "2026-07-03",
                own,
                "scores ruankao 2026H1",
            ),
            // the year alone: either half may be meant
            ("2026年计算机软件资格考试成绩公布", "2026-12-10", own, "-"),
            ("计算机软件资格考试成绩公布", "2026-12-10", own, "-"),
            ("2026年下半年成绩公布", "2026-12-10", &[], "-"),
            (
                "2026年下半年计算机软件资格考试成绩查询时间预告",
                "2026-12-01",
                own,
                "-",
            ),
            (
                "2026年下半年计算机软件资格考试成绩复查通知",
                "2026-12-15",
                own,
                "-",
            ),
            (
                "2026年下半年计算机软件资格考试报名通知",
                "2026-08-10",
                own,
                "-",
            ),
            (
                "2031年下半年计算机软件资格考试成绩公布",
                "2031-12-10",
                own,
                "-",
            ),
            ("2026年下半年证书领取通知", "2026-12-10", own, "-"),
        ] {
            assert_eq!(say(title, published, carried), want, "{title}");
        }
    }
}
