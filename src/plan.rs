//! What is due now: which rows of a list are worth a request, and which known notices are asked
//! for again.

use crate::model::page::TITLE_KEY;
use crate::model::{Date, Entry, Exam, NoticeId};
use jiff::ToSpan;
use regex::Regex;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Rows older than this are history on the first sight of a list, in days: certificates are kept
/// for five years, but windows of more than a year ago are closed everywhere.
const OLD: i32 = 400;
/// Days after the last window in which a notice is asked for on every run.
const LIVE: i32 = 30;
/// Days after publication in which a notice without windows is asked for on every run.
const YOUNG: i32 = 60;
/// Days after publication until which a quiet notice is asked for once a week.
const QUIET: i32 = 180;

/// Words by which a title speaks of getting a certificate.
static CERTIFICATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new("证书|領取|领取|领证|領證|證書|合格证|合格證|发证|取证|补办|补发|換发|换发|直邮|成绩证明|成绩通知书").ok()
});
/// Words of other business that mention certificates in passing.
static OTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new("报名|招聘|招录|考务|准考证|培训|中标|采购|公务员|事业单位|遴选").ok()
});
/// Words by which an exam's own results notice may hide the pickup.
static RESULT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("合格|成绩|名单|名單").ok());
/// Other exams' names as titles use them: a title that names one is not "of all exams".
static ELSEWHERE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        "建造师|会计|審計|审计|经济专业|经济师|医师|护士|药师|药学|卫生专业|教师资格|普通话|消防|监理|造价|\
         社会工作|社工|法律职业|司法考试|法考|翻译|注册|勘察|测绘|安全工程师|招标|统计|出版|城乡规划|导游|\
         人力资源管理师|职称外语|职称英语|职称计算机|计算机应用能力|等级考试|自学考试|房地产|环境影响|设备监理|\
         专利代理|演出经纪|证券|执业|健康管理|计量师|咨询工程师|资产评估|拍卖|税务师|英语|外语",
    )
    .ok()
});

fn speaks(words: &LazyLock<Option<Regex>>, text: &str) -> bool {
    words.as_ref().is_some_and(|w| w.is_match(text))
}

/// Whether a row's notice is worth fetching: it speaks of certificates, and of a watched exam or
/// of none by name. `exams` empty = every exam is watched. A title that the list has cut is given
/// the benefit of the doubt where its beginning already speaks of certificates.
pub fn wanted(entry: &Entry, exams: &[&Exam], today: Date) -> bool {
    if entry.external || entry.published.is_some_and(|d| age(d, today) > OLD) {
        return false;
    }
    let title = entry.title.as_str();
    let named = exams.iter().any(|e| names(e).any(|n| title.contains(n)));
    let certificate = speaks(&CERTIFICATE, title);
    if named {
        let other = speaks(&OTHER, title) && !certificate;
        return !other && (certificate || speaks(&RESULT, title) || delayed(title));
    }
    let foreign = !exams.is_empty() && speaks(&ELSEWHERE, title);
    certificate && !foreign && !speaks(&OTHER, title)
}

/// A title of a postponed or corrected matter.
fn delayed(title: &str) -> bool {
    ["延期", "推迟", "暂停", "更正", "补充通知"]
        .iter()
        .any(|w| title.contains(w))
}

fn names(exam: &Exam) -> impl Iterator<Item = &str> {
    std::iter::once(exam.name.as_str()).chain(exam.aliases.iter().map(String::as_str))
}

/// Whole days from `then` to `today`; negative where `then` is to come.
fn age(then: Date, today: Date) -> i32 {
    then.until(today).map_or(0, |span| span.get_days())
}

/// What `due` must know of a notice.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known {
    /// Publication date, else the day of the first sight.
    pub published: Date,
    /// Last day of its last window (its start where it has no end); None = no window.
    pub last_window: Option<Date>,
    /// Day of the last good fetch; None = never fetched.
    pub fetched: Option<Date>,
    /// Its address failed to answer as a notice on the last run, or it is gone.
    pub doubtful: bool,
    /// It is no longer where the list shows it, or its row changed.
    pub row_changed: bool,
}

/// Whether a known notice is asked for again on this run: every run until 30 days after its last
/// window (60 days after publication where it has none), then weekly until it is 180 days old.
pub fn due(known: &Known, today: Date) -> bool {
    let Some(fetched) = known.fetched else {
        return true;
    };
    let until = match known.last_window {
        Some(last) => last.saturating_add(LIVE.days()),
        None => known.published.saturating_add(YOUNG.days()),
    };
    known.doubtful
        || known.row_changed
        || today <= until
        || (age(known.published, today) <= QUIET && !(0..7).contains(&age(fetched, today)))
}

/// Which known notice each row is; None = a new one. A document id or an address decides first;
/// a title with its date only where no row has a better claim to that notice.
pub fn recognise<'a>(
    entries: &[Entry],
    known: impl Iterator<Item = (NoticeId, &'a [String])>,
) -> Vec<Option<NoticeId>> {
    let mut by_key: HashMap<&str, NoticeId> = HashMap::new();
    for (id, keys) in known {
        for key in keys {
            by_key.entry(key).or_insert(id);
        }
    }
    let find = |entry: &Entry, weak: bool| {
        let keys = entry
            .keys
            .iter()
            .filter(|k| k.starts_with(TITLE_KEY) == weak);
        keys.filter_map(|k| by_key.get(k.as_str()).copied()).next()
    };
    let mut found: Vec<Option<NoticeId>> = entries.iter().map(|e| find(e, false)).collect();
    let mut taken: HashSet<NoticeId> = found.iter().flatten().copied().collect();
    for (entry, slot) in entries.iter().zip(&mut found) {
        if slot.is_none()
            && let Some(id) = find(entry, true)
            && taken.insert(id)
        {
            *slot = Some(id);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_title_decides_what_is_fetched() {
        let ruankao = Exam {
            id: "ruankao".into(),
            name: "计算机技术与软件专业技术资格（水平）考试".into(),
            aliases: vec!["计算机技术与软件".into(), "软考".into()],
            qualifications: Vec::new(),
        };
        let wants = |title: &str, exams: &[&Exam]| {
            let entry = Entry {
                keys: Vec::new(),
                url: String::new(),
                title: title.into(),
                title_cut: false,
                published: Some(day("2026-12-01")),
                external: false,
            };
            wanted(&entry, exams, day("2026-12-09"))
        };
        for (title, watched, all) in [
            (
                "关于领取2026年下半年计算机技术与软件专业技术资格证书的通知",
                true,
                true,
            ),
            (
                "关于公布2026年下半年软考合格标准及合格人员名单的通知",
                true,
                false,
            ),
            ("2026年下半年软考报名通知", false, false),
            ("2026年度一级建造师资格证书领取通知", false, true),
            ("关于开展资格证书邮寄服务的通告", true, true),
            ("关于领取证书的补充通知", true, true),
            ("2026年度二级建造师成绩公布", false, false),
            ("省考公务员录用考试准考证打印通知", false, false),
            ("关于2026年下半年软考证书发放延期的通知", true, true),
        ] {
            assert_eq!(wants(title, &[&ruankao]), watched, "{title}");
            assert_eq!(wants(title, &[]), all, "{title}");
        }
    }

    #[test]
    fn a_rebuilt_site_is_recognised_by_titles_and_a_better_key_wins() {
        let entry = |keys: &[&str]| Entry {
            keys: keys.iter().map(|k| k.to_string()).collect(),
            url: String::new(),
            title: String::new(),
            title_cut: false,
            published: None,
            external: false,
        };
        let keys = |list: &[&str]| list.iter().map(|k| k.to_string()).collect::<Vec<_>>();
        let (one, two) = (keys(&["doc:1", "title:a|1"]), keys(&["doc:2", "title:b|1"]));
        let known = [(NoticeId(1), one.as_slice()), (NoticeId(2), two.as_slice())];
        let entries = [
            entry(&["doc:9", "title:a|1"]),
            entry(&["doc:8", "title:a|1"]),
            entry(&["doc:2", "title:a|1"]),
            entry(&["doc:7"]),
        ];
        let got = recognise(&entries, known.into_iter());
        assert_eq!(got, [Some(NoticeId(1)), None, Some(NoticeId(2)), None]);
    }

    #[test]
    fn a_known_notice_is_asked_for_while_it_matters() {
        let base = Known {
            published: day("2026-07-01"),
            last_window: Some(day("2026-08-01")),
            fetched: Some(day("2026-08-30")),
            ..Known::default()
        };
        for (today, fetched, want) in [
            ("2026-08-31", "2026-08-30", true),
            ("2026-09-01", "2026-08-31", false),
            ("2026-09-07", "2026-08-31", true),
            ("2026-12-28", "2026-12-01", true),
            ("2026-12-29", "2026-12-01", false),
        ] {
            let known = Known {
                fetched: Some(day(fetched)),
                ..base
            };
            assert_eq!(due(&known, day(today)), want, "{today}");
        }
        assert!(due(
            &Known {
                fetched: None,
                ..base
            },
            day("2030-01-01")
        ));
        assert!(due(
            &Known {
                doubtful: true,
                ..base
            },
            day("2030-01-01")
        ));
        let plain = Known {
            last_window: None,
            ..base
        };
        assert!(due(&plain, day("2026-08-30")));
        assert!(!due(&plain, day("2026-08-31")));
    }
}
