//! Whether a page bears the title that a list gave to it.

use super::list_title::collapse;
use super::pattern::pattern;
use regex::Regex;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Share of a title's character pairs that another must hold to be the same notice's.
const ALIKE: f64 = 0.5;

static META: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)<meta[^>]{0,200}(?:name|property)\s*=\s*["']?(?:ArticleTitle|og:title)["']?[^>]{0,40}content\s*=\s*["']([^"']+)"#,
    )
});
static ARTICLE_TITLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)<meta[^>]{0,200}name\s*=\s*["']?ArticleTitle["']?[^>]{0,40}content\s*=\s*["'][^"']"#,
    )
});
static HEADING: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?is)<(?:title|h[1-4])(?:\s[^>]*)?>(.{1,600}?)</(?:title|h[1-4])"));
static TAG: LazyLock<Regex> = LazyLock::new(|| pattern(r"<(?:(/?)([a-zA-Z][a-zA-Z0-9]*))?[^<>]*>"));
/// Elements that hold no text of the page's own: scripts, links to other notices, lists of them.
const ASIDE: [&str; 4] = ["script", "style", "a", "li"];
/// Letters and digits only: punctuation and white space differ between a list and its pages.
fn bare(text: &str) -> Vec<char> {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .take(300)
        .collect()
}

fn pairs(chars: &[char]) -> HashSet<(char, char)> {
    chars
        .iter()
        .copied()
        .zip(chars.iter().copied().skip(1))
        .collect()
}

/// The greater of the share of `listed`'s pairs that `other` holds, and of their Dice coefficient;
/// 0 to 1. Titles of one character are alike where they are equal.
fn similarity(listed: &str, other: &str) -> f64 {
    let (a, b) = (bare(listed), bare(other));
    if a.len() < 2 || b.len() < 2 {
        return if a == b { 1.0 } else { 0.0 };
    }
    let (a, b) = (pairs(&a), pairs(&b));
    let shared = a.intersection(&b).count() as f64;
    let held = shared / a.len() as f64;
    let dice = 2.0 * shared / (a.len() + b.len()) as f64;
    held.max(dice)
}

/// Titles that a page gives itself: meta, headings, `<title>`.
pub(super) fn titles(raw: &str) -> Vec<String> {
    META.captures_iter(raw)
        .chain(HEADING.captures_iter(raw).take(40))
        .filter_map(|c| c.get(1))
        .map(|m| collapse(&TAG.replace_all(m.as_str(), " ")))
        .filter(|t| !t.is_empty())
        .collect()
}

/// Whether the page has a filled `ArticleTitle`: a front page has none.
pub(super) fn has_article_title(raw: &str) -> bool {
    ARTICLE_TITLE.is_match(raw)
}

/// Whether one of the titles is like the listed one.
pub(super) fn matches<'a>(listed: &str, mut titles: impl Iterator<Item = &'a str>) -> bool {
    let listed = listed.trim_end_matches('…');
    titles.any(|t| similarity(listed, t) >= ALIKE)
}

/// Whether the title stands in the page's own text, outside of links and lists.
pub(super) fn stands_in(listed: &str, raw: &str) -> bool {
    let mut own = String::new();
    let mut inside: Option<String> = None;
    let mut end = 0;
    for tag in TAG.captures_iter(raw) {
        let Some(whole) = tag.get(0) else { continue };
        if inside.is_none() {
            let text = raw.get(end..whole.start()).unwrap_or("");
            own.extend(text.chars().filter(|c| c.is_alphanumeric()));
        }
        end = whole.end();
        let name = tag.get(2).map_or("", |n| n.as_str()).to_ascii_lowercase();
        let closes = tag.get(1).is_some_and(|s| !s.is_empty());
        match &inside {
            Some(aside) if closes && *aside == name => inside = None,
            None if !closes && ASIDE.contains(&name.as_str()) => inside = Some(name),
            _ => {}
        }
    }
    let title: String = bare(listed.trim_end_matches('…')).into_iter().collect();
    title.chars().count() >= 6 && own.contains(&title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alike_and_unlike() {
        let listed = "关于领取2026年上半年软考证书的通知";
        for (title, want) in [
            ("关于领取2026年上半年软考证书的通知", true),
            ("关于领取2026年上半年软考证书的通知（更新）", true),
            ("关于领取2026年上半年软考证书的通知_某省人事考试院", true),
            ("关于领取 2026年上半年计算机软考证书的通知", true),
            ("某省人事考试院", false),
            ("关于2026年下半年报名工作的公告", false),
            ("", false),
        ] {
            assert_eq!(matches(listed, [title].into_iter()), want, "{title}");
        }
        assert!(
            matches("关于领取2026年上…", [listed].into_iter()),
            "a cut title"
        );
    }

    #[test]
    fn what_a_page_calls_itself() {
        let raw = r#"<meta name="ArticleTitle" content="甲通知"><title>乙</title><h1 class="x"><span>丙 丁</span></h1>"#;
        assert_eq!(titles(raw), ["甲通知", "乙", "丙 丁"]);
        assert!(has_article_title(raw));
        assert!(!has_article_title(
            r#"<meta name="ArticleTitle" content="">"#
        ));
    }

    #[test]
    fn a_title_in_the_text_counts_and_one_in_a_link_does_not() {
        let title = "关于领取证书的通知";
        assert!(stands_in(
            title,
            "<div class=t>关于领取<br>证书的通知</div>"
        ));
        assert!(!stands_in(title, "<a href=x>关于领取证书的通知</a>"));
        assert!(
            !stands_in("通知", "<p>通知</p>"),
            "too short to prove anything"
        );
    }
}
