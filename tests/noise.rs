//! What moves on a site without a notice changing, and the smallest changes of a notice: nothing is
//! said of the first, everything of the second, and of both at once.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use lingzheng::model::event::Subject;
use lingzheng::model::source::Kind;
use lingzheng::model::{Change, Page};
use support::disguise::{DISGUISES, decoded, encoded};
use support::recording::{Answer, Watched, Web, about_notices, offices};

/// Hours after which every notice that is not yet history is asked for again.
const WEEK: i64 = 7 * 24;

/// Offices whose rows are known by the form of their addresses alone, or come from an interface: a
/// site that is rebuilt to other addresses breaks the list, loudly; of notices nothing is said.
const LOUD: [&str; 5] = ["fj", "henan", "hn", "jpaas", "sz"];

#[test]
fn what_moves_around_a_notice_is_no_news() {
    let mut wrong = Vec::new();
    for id in offices() {
        let mut watched = Watched::recorded(&id);
        let good = watched.web.clone();
        watched.visit(&good);
        for (name, disguise) in DISGUISES {
            let noisy = disguise(&good, &watched.list());
            let there = watched.visit(&noisy);
            let back = watched.visit(&good);
            let loud = name == "rebuilt" && LOUD.contains(&id.as_str());
            let mut heard = false;
            for event in there.events.iter().chain(&back.events) {
                let about_source = matches!(event.subject, Subject::Source(_));
                let moved = matches!(event.change, Change::Moved { .. });
                heard |= about_source;
                if !(moved || loud && about_source) {
                    wrong.push(format!(
                        "{id}: {name}: {} {}\n    {:?}",
                        event.change.word(),
                        event.url,
                        event.change
                    ));
                }
            }
            if loud && !heard {
                wrong.push(format!(
                    "{id}: {name}: breaks nothing any more, strike it out"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// A web in which one answer's text has `old` replaced by `new`, once.
fn edited(web: &Web, url: &str, old: &str, new: &str) -> Web {
    let mut web = web.clone();
    let answer = web.get_mut(url).unwrap();
    let text = decoded(answer);
    assert_eq!(text.matches(old).count(), 1, "{url}: {old}");
    let body = encoded(answer, &text.replace(old, new));
    answer.body = body;
    web
}

/// What the reader makes of a page's text.
fn text_of(watched: &Watched, url: &str, answer: &Answer) -> String {
    let page = Page {
        url: url.into(),
        status: 200,
        content_type: answer.content_type.clone(),
        etag: None,
        last_modified: None,
        headers: Vec::new(),
        body: answer.body.clone(),
        fetched_at: watched.now,
        plain_http: false,
    };
    watched.office.article(&page, url, None).unwrap().text
}

/// Places in the raw page where a digit of the notice's own text stands: the words around it and
/// the same words with another digit.
fn digits(text: &str, raw: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for line in text.split(['\n', '\t', ' ']) {
        let chars: Vec<char> = line.chars().collect();
        let Some(at) = chars.iter().rposition(char::is_ascii_digit) else {
            continue;
        };
        let around = &chars[at.saturating_sub(8)..(at + 2).min(chars.len())];
        let old: String = around.iter().collect();
        let mut other = around.to_vec();
        let place = at.min(8);
        other[place] = if other[place] == '3' { '4' } else { '3' };
        if raw.matches(&old).count() == 1 {
            found.push((old, other.into_iter().collect()));
        }
    }
    found
}

#[test]
fn one_digit_anywhere_is_news_in_any_disguise() {
    let mut wrong = Vec::new();
    let mut tried = 0;
    for id in offices() {
        let probe = Watched::recorded(&id);
        let pages = match probe.office.source.kind {
            Kind::Page => vec![probe.list()],
            _ => probe.articles(),
        };
        for url in pages {
            let answer = &probe.web[&url];
            let places = digits(&text_of(&probe, &url, answer), &decoded(answer));
            // Each place with no disguise or one of them, in turn.
            let step = places.len().div_ceil(DISGUISES.len() + 1).max(1);
            for (n, (old, new)) in places.iter().step_by(step).enumerate() {
                let mut watched = Watched::recorded(&id);
                let good = watched.web.clone();
                watched.visit(&good);
                watched.now += jiff::SignedDuration::from_hours(WEEK);
                let web = edited(&good, &url, old, new);
                let (name, web) = match n.checked_sub(1).and_then(|n| DISGUISES.get(n)) {
                    Some((name, disguise)) => (*name, disguise(&web, &watched.list())),
                    None => ("as it is", web),
                };
                tried += 1;
                let told = about_notices(&watched.visit(&web));
                let told: Vec<_> = told.iter().filter(|t| !t.starts_with("moved")).collect();
                if told.len() != 1 {
                    wrong.push(format!("{url}: {name}: {old} → {new}: {told:?}"));
                }
            }
        }
    }
    assert!(tried > 60, "only {tried} places");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

const PICKUP: &str = "https://www.gxpta.com.cn/ksxm/zyzglks/t32741.html";

/// Edits: which page, its bytes before and after, what the event must hold.
const EDITS: [(&str, &str, &str, &str); 7] = [
    (
        PICKUP,
        "<span lang=\"EN-US\">25</span><span>日</span>",
        "<span lang=\"EN-US\">28</span><span>日</span>",
        "12月",
    ),
    (PICKUP, "0772-5550266", "0772-5550268", "5550268"),
    (
        PICKUP,
        "桥南路</span><span lang=\"EN-US\">9</span>",
        "桥南路</span><span lang=\"EN-US\">19</span>",
        "19",
    ),
    (PICKUP, "考生签名的委托书", "介绍信", "委托书"),
    (
        PICKUP,
        "href=\"./P020260821402311876540.doc\" title",
        "href=\"./P020261201402311876541.doc\" title",
        "P020261201402311876541",
    ),
    (PICKUP, "本人有效身份证件原件", "本人有效身份证件", "原件"),
    (
        "https://www.gxpta.com.cn/ksxm/zyzglks/t32790.html",
        "也可选择中国邮政",
        "不可选择中国邮政",
        "不",
    ),
];

#[test]
fn small_words_are_news_in_every_disguise() {
    let mut wrong = Vec::new();
    for (url, old, new, holds) in EDITS {
        let plain: (&str, support::disguise::Disguise) = ("as it is", |web, _| web.clone());
        for (name, disguise) in std::iter::once(&plain).chain(&DISGUISES) {
            // On a rebuilt site every file has another address: that alone says nothing.
            if *name == "rebuilt" && new.contains(".doc") {
                continue;
            }
            let mut watched = Watched::recorded("gx");
            let good = watched.web.clone();
            watched.visit(&good);
            watched.now += jiff::SignedDuration::from_hours(WEEK);
            let web = edited(&good, url, old, new);
            let report = watched.visit(&disguise(&web, &watched.list()));
            let told: Vec<String> = report
                .news(watched.now)
                .map(|e| format!("{:?}", e.change))
                .collect();
            if told.len() != 1 || !told[0].contains(holds) {
                wrong.push(format!("{name}: {old} → {new}: {told:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
