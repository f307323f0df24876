//! Which family made a page.

use super::family::Families;
use super::pattern::pattern;
use regex::{Regex, RegexSet};
use std::sync::LazyLock;

struct Marks {
    name: String,
    url: RegexSet,
    strong: RegexSet,
    weak: RegexSet,
    headers: Vec<String>,
}

static MARKS: LazyLock<Vec<Marks>> = LazyLock::new(|| {
    // A test holds that every expression compiles.
    let set = |list: &[String]| RegexSet::new(list).unwrap_or_else(|_| RegexSet::empty());
    Families::builtin()
        .list
        .iter()
        .map(|f| Marks {
            name: f.name.clone(),
            url: set(&f.url),
            strong: set(&f.fingerprint),
            weak: set(&f.weak),
            headers: f.headers.clone(),
        })
        .collect()
});

static SPA: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i)<div[^>]{0,80}\bid\s*=\s*["']?(?:app|root|febs)\b"#));

/// The family of a page, by its address, its raw text and its headers (names in lower case). The
/// first that is certain wins; where none is, the first that is likely. None = not known.
pub fn detect(raw: &str, url: &str, headers: &[(String, String)]) -> Option<&'static str> {
    let said = |marks: &Marks| {
        headers.iter().any(|(name, value)| {
            let line = format!(
                "{}: {}",
                name.to_ascii_lowercase(),
                value.to_ascii_lowercase()
            );
            marks.headers.iter().any(|h| line.contains(h.as_str()))
        })
    };
    let certain = |m: &&Marks| m.url.is_match(url) || m.strong.is_match(raw);
    let likely = |m: &&Marks| m.weak.is_match(raw) || said(m);
    let found = MARKS
        .iter()
        .find(certain)
        .or_else(|| MARKS.iter().find(likely))?;
    Some(found.name.as_str())
}

/// Whether a page is only the frame that a program in the browser fills: small, with an empty
/// element for it.
pub fn is_spa_shell(raw: &str) -> bool {
    raw.len() < 4096 && SPA.is_match(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_expression_compiles() {
        for f in &Families::builtin().list {
            for text in f.url.iter().chain(&f.fingerprint).chain(&f.weak) {
                assert!(Regex::new(text).is_ok(), "{}: {text}", f.name);
            }
            let marks = f.url.len() + f.fingerprint.len();
            assert!(marks > 0, "{} cannot be recognised", f.name);
        }
    }

    #[test]
    fn families_are_told_apart() {
        for (want, url, raw) in [
            (
                "hanweb_jpaas",
                "https://a.cn/col/col1/index.html",
                r#"<script querydata="{'webId':'1','pageId':'2','tplSetId':'3'}">"#,
            ),
            (
                "hanweb_jpaas",
                "https://a.cn/",
                r#"<script src="/a/unitbuild.js"></script>"#,
            ),
            ("hanweb_jpage", "https://a.cn/", "<datastore><recordset>"),
            (
                "hanweb_jpage",
                "https://a.cn/",
                "$('#1').jpage({totalRecord:3})",
            ),
            (
                "hanweb_jpage",
                "https://a.cn/",
                "<!--ZJEG_RSS.content.begin-->",
            ),
            ("ucap", "https://a.cn/hrss/c111741/list.shtml", "<html>"),
            (
                "ucap",
                "https://a.cn/",
                r#"createPageHTML("page_div",9,1,"list","shtml",170);"#,
            ),
            ("ucap", "https://a.cn/", r#"<div id="UCAP-CONTENT">"#),
            (
                "trs",
                "https://a.cn/",
                r#"<a href="./202512/t20251218_123.html">"#,
            ),
            (
                "trs",
                "https://a.cn/",
                r#"createPageHTML(25, 0, "index", "html");"#,
            ),
            ("trs", "https://a.cn/", "<div class=TRS_Editor>"),
            ("trs", "https://a.cn/", "<script>var countPage=25;"),
            (
                "gkmlpt",
                "https://a.cn/gkmlpt/api/all/12?page=1&sid=3",
                "{\"classify\":{}}",
            ),
            (
                "nfcms",
                "https://a.cn/",
                r#"<a href="./content/post_4871651.html">"#,
            ),
            ("nfcms", "https://a.cn/", "NFCMS_POST_ID=3"),
            ("vsb", "https://a.cn/", r#"<div id="vsb_content_2">"#),
            (
                "vsb",
                "https://a.cn/",
                r#"<a href="../info/1095/6422.htm">"#,
            ),
            (
                "webplus",
                "https://a.cn/",
                r#"<a href="/2025/1218/c123a456/page.htm">"#,
            ),
            (
                "webplus",
                "https://a.cn/",
                r#"<div class="wp_articlecontent">"#,
            ),
            (
                "ls",
                "https://a.cn/",
                r##"Ls.pagination("#page_1", f, {})"##,
            ),
            ("ncms", "https://a.cn/ncms/wzlb.shtml?mkbh=x", "<html>"),
            ("aspnet", "https://a.cn/NewsLsit.aspx?ClassID=602", "<html>"),
            ("aspnet", "https://a.cn/", r#"<input name="__VIEWSTATE">"#),
            (
                "asp_classic",
                "http://www.impta.com.cn/more.asp?ttt=42",
                "<table>",
            ),
            ("cpta", "http://www.cpta.com.cn/notice.html", "<html>"),
            ("ruankao", "https://www.ruankao.org.cn/index/work", "<html>"),
            (
                "scpta",
                "https://www.scpta.com.cn/front/News/List/57",
                "<html>",
            ),
            (
                "hebpta",
                "https://www.hebpta.com.cn:8090/door/menuInfo",
                "{}",
            ),
            (
                "zjgwy",
                "http://gwy.zjks.gov.cn/zjgwy/website/queryMore.htm",
                "<html>",
            ),
            (
                "shandong_hrss",
                "https://a.cn/rsks/channels/ch03577/",
                "<html>",
            ),
            ("bingtuan", "https://btpta.xjbt.gov.cn/tzgg/", "<html>"),
            (
                "bingtuan",
                "https://a.cn/",
                r#"<a href="/c/2026-08-27/8501290.shtml">"#,
            ),
            ("lnrsks", "https://a.cn/", r#"<div class="kaoshilist">"#),
            ("henan_do", "https://a.cn/viewCmsCac.do?cacId=1", "<html>"),
            ("wechat", "https://mp.weixin.qq.com/s/abc", "<html>"),
            // an address of another office inside a page says nothing about the page
            (
                "",
                "https://a.cn/",
                r#"<a href="http://www.b.gov.cn/x/202512/t20251218_123.html">"#,
            ),
            ("", "https://a.cn/", "<html><p>plain</p>"),
        ] {
            assert_eq!(detect(raw, url, &[]).unwrap_or(""), want, "{url} {raw}");
        }
        let headers = [("X-AspNet-Version".to_owned(), "4.0".to_owned())];
        assert_eq!(detect("<html>", "https://a.cn/", &headers), Some("aspnet"));
    }

    #[test]
    fn shells() {
        assert!(is_spa_shell("<html><body><div id=app></div></body></html>"));
        assert!(is_spa_shell("<div class=x id=\"root\"></div>"));
        assert!(!is_spa_shell("<div id=apple></div>"));
        assert!(!is_spa_shell(&format!(
            "<div id=app></div>{}",
            "x".repeat(5000)
        )));
    }
}
