//! Files that belong to a notice: links, embedded viewers, and the names hidden in scripts.

use super::body::Body;
use super::survey::Survey;
use super::{address, markup, text};
use crate::model::{Attachment, Span};
use ego_tree::NodeRef;
use regex::Regex;
use scraper::node::Element;
use scraper::{Html, Node};
use std::sync::LazyLock;

/// File name endings that offices attach. Archives and OFD (GB/T 33190) included.
const ENDINGS: [&str; 18] = [
    "doc", "docx", "xls", "xlsx", "ppt", "pptx", "pdf", "wps", "et", "dps", "zip", "rar", "7z",
    "txt", "csv", "ofd", "docm", "rtf",
];

/// Most files of one notice. Notices have up to some thirty.
const MOST: usize = 400;

/// Path pieces of download programs, whose addresses carry no file name.
const DOWNLOADS: [&str; 10] = [
    "download.jsp",
    "downfile.jsp",
    "/attachment/",
    "/download-",
    "/download?",
    "downloadfile",
    "filedownload",
    "downattach",
    "download.ashx",
    "download.do",
];

/// Attributes other than `href` in which viewers and scripted links keep a file's address.
const ELSEWHERE: [&str; 5] = ["data-href", "data-url", "data-file", "pdfsrc", "data-src"];

/// What a link leads to.
pub(crate) enum Kind {
    /// A file, with its name.
    File { name: String, href: String },
    /// A page.
    Page { href: String },
    /// Nowhere: scripts, places on the same page.
    Nothing,
}

/// How many levels above the body its files may stand. More would reach the side bar.
const LEVELS: usize = 5;

static PIECES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?is)<a\b[^>]*?href\s*=\s*\\?["']([^"'\\]+)\\?["'][^>]*>(.*?)</a>"#).ok()
});
static TAGS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"<[^>]*>").ok());

/// Judges an `<a>`, whose words in the text are `words`.
pub(crate) fn classify(element: &Element, words: &str) -> Kind {
    let href = markup::attr(element, "href").map(str::trim).unwrap_or("");
    let scripted = href.is_empty() || href.starts_with('#') || starts_with(href, "javascript:");
    let title = markup::attr(element, "title")
        .or(markup::attr(element, "download"))
        .map_or("", str::trim);
    if !scripted && is_file(href, words, title) {
        return Kind::File {
            name: name(words, title, href),
            href: href.to_owned(),
        };
    }
    let hidden = ELSEWHERE
        .iter()
        .filter_map(|a| markup::attr(element, a).map(str::trim))
        .find(|v| is_file(v, "", ""));
    if let Some(other) = hidden {
        return Kind::File {
            name: name(words, title, other),
            href: other.to_owned(),
        };
    }
    if scripted || starts_with(href, "mailto:") || starts_with(href, "tel:") {
        return Kind::Nothing;
    }
    Kind::Page {
        href: href.to_owned(),
    }
}

/// Files that are shown inside the page: `<iframe>`, `<object>`, `<embed>` and players that keep
/// the address in `pdfsrc`.
pub(crate) fn embedded(element: &Element, out: &mut Vec<Attachment>) {
    let address = match element.name() {
        "iframe" | "embed" => markup::attr(element, "src"),
        "object" => markup::attr(element, "data"),
        "a" | "img" => None,
        _ => markup::attr(element, "pdfsrc").or(markup::attr(element, "data-file")),
    };
    if let Some(href) = address.map(str::trim).filter(|h| is_file(h, "", "")) {
        let title = markup::attr(element, "title")
            .or(markup::attr(element, "sudyfile-attr"))
            .unwrap_or("");
        let title = if title.starts_with('{') { "" } else { title };
        add(out, name("", title, href), href.to_owned(), None);
    }
}

/// Adds a file once; a second link to it may give the words that the first (an icon) lacked.
pub(crate) fn add(out: &mut Vec<Attachment>, name: String, href: String, span: Option<Span>) {
    let full = out.len() >= MOST;
    match out.iter_mut().find(|a| a.href == href) {
        Some(known) if known.span.is_none() && span.is_some() => {
            known.name = name;
            known.span = span;
        }
        Some(_) => {}
        None if full => {}
        None => out.push(Attachment {
            name,
            href,
            url: String::new(),
            span,
        }),
    }
}

/// Files beside the body: after it inside the same article, or in scripts. Where the words speak
/// of 附件 and none is found, the whole page but its frames: the container was too narrow.
pub(crate) fn outside(
    html: &Html,
    nodes: &[NodeRef<'_, Node>],
    survey: &Survey<'_>,
    body: &mut Body,
) {
    let mut level = nodes.last().copied();
    for _ in 0..LEVELS {
        let Some(node) = level.filter(|n| !is_page(*n)) else {
            break;
        };
        for sibling in node.next_siblings() {
            if is_end_of_article(sibling) {
                break;
            }
            below(sibling, &mut body.attachments);
        }
        level = node.parent();
    }
    for script in &survey.scripts {
        in_script(script, &mut body.attachments);
    }
    if body.attachments.is_empty() && body.text.contains("附件") {
        below(html.tree.root(), &mut body.attachments);
    }
}

/// Whether a node is the page itself, above which nothing belongs to the article.
fn is_page(node: NodeRef<'_, Node>) -> bool {
    node.value()
        .as_element()
        .is_none_or(|e| matches!(e.name(), "body" | "html"))
}

/// Frames and side columns: where the article is over.
fn is_end_of_article(node: NodeRef<'_, Node>) -> bool {
    let column = |value: &str| {
        value.split_whitespace().any(|word| {
            let lower = word.to_ascii_lowercase();
            ["right", "left", "side"]
                .iter()
                .any(|w| lower.starts_with(w))
        })
    };
    node.value().as_element().is_some_and(|e| {
        markup::is_frame(e)
            || markup::attr(e, "class").is_some_and(column)
            || markup::attr(e, "id").is_some_and(column)
    })
}

/// Files below a node that stands outside the body; the page's frames hold none.
fn below(node: NodeRef<'_, Node>, out: &mut Vec<Attachment>) {
    if let Some(element) = node.value().as_element() {
        if markup::is_frame(element) {
            return;
        }
        embedded(element, out);
        if element.name() == "a"
            && let Kind::File { name, href } = classify(element, &text::inline(node))
        {
            add(out, name, href, None);
        }
    }
    for child in node.children() {
        below(child, out);
    }
}

/// Files that a script writes into the page: `var file_appendix='<a href=…>…</a>'`.
fn in_script(script: &str, out: &mut Vec<Attachment>) {
    if !script.contains("appendix") && !script.contains("fujian") {
        return;
    }
    let Some(pieces) = PIECES.as_ref() else {
        return;
    };
    for piece in pieces.captures_iter(script) {
        let (Some(href), Some(words)) = (piece.get(1), piece.get(2)) else {
            continue;
        };
        let words = match TAGS.as_ref() {
            Some(tags) => tags.replace_all(words.as_str(), "").trim().to_owned(),
            None => words.as_str().trim().to_owned(),
        };
        let href = href.as_str().trim();
        if is_file(href, &words, "") {
            add(out, name(&words, "", href), href.to_owned(), None);
        }
    }
}

/// Fills the absolute addresses; a file whose address leads nowhere is no file.
pub(crate) fn resolve(base: &str, files: &mut Vec<Attachment>) {
    files.retain_mut(|file| match address::join(base, &file.href) {
        Some(url) => {
            file.url = url.into();
            true
        }
        None => false,
    });
}

/// A picture that belongs to the notice: its `alt` and address. None for icons, counters, lines.
pub(crate) fn content_image(element: &Element) -> Option<(String, String)> {
    let src = ["data-src", "data-original", "src"]
        .iter()
        .filter_map(|a| markup::attr(element, a).map(str::trim))
        .find(|v| !v.is_empty())?;
    let lower = src
        .get(..src.len().min(300))
        .unwrap_or(src)
        .to_ascii_lowercase();
    let decorative = [
        "icon",
        "_visitcount",
        "spacer",
        "/att.gif",
        "blank.gif",
        "dot.gif",
        "line.gif",
        "filetype",
    ];
    let stem = lower
        .rsplit('/')
        .next()
        .and_then(|f| f.split('.').next())
        .unwrap_or("");
    if decorative.iter().any(|d| lower.contains(d)) || ENDINGS.contains(&stem) {
        return None;
    }
    let small = |a: &str| {
        markup::attr(element, a)
            .and_then(|v| v.trim().trim_end_matches("px").parse::<u32>().ok())
            .is_some_and(|n| n <= 32)
    };
    let marked = |a: &str| {
        markup::attr(element, a)
            .is_some_and(|v| v.split_whitespace().any(|w| matches!(w, "qrcode" | "ewm")))
    };
    if small("width") || small("height") || marked("class") || marked("id") {
        return None;
    }
    let alt = markup::attr(element, "alt")
        .filter(|a| !a.trim().is_empty())
        .or(markup::attr(element, "title"));
    // A picture inside the address would carry megabytes along.
    let src = if lower.starts_with("data:") {
        src.split(',').next().unwrap_or("")
    } else {
        src
    };
    Some((alt.unwrap_or("").trim().to_owned(), src.to_owned()))
}

/// Whether an address, or failing that its words, name a file.
fn is_file(href: &str, words: &str, title: &str) -> bool {
    let lower = href.to_ascii_lowercase();
    if starts_with(&lower, "mailto:") || starts_with(&lower, "javascript:") {
        return false;
    }
    let whole = lower.split('#').next().unwrap_or("");
    let (path, query) = whole.split_once('?').unwrap_or((whole, ""));
    // `a.xls;jsessionid=8C1F`: the session is no part of the name.
    let path = path.split(";jsessionid=").next().unwrap_or(path);
    let after_host = path.split_once("://").map_or(path, |(_, rest)| {
        rest.split_once('/').map_or("", |(_, p)| p)
    });
    let picture = [".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp"]
        .iter()
        .any(|e| path.ends_with(e));
    if picture {
        return false;
    }
    let page = [".html", ".shtml", ".htm"]
        .iter()
        .any(|e| path.ends_with(e));
    if ends_as_file(after_host) || (!page && DOWNLOADS.iter().any(|d| whole.contains(d))) {
        return true;
    }
    if query
        .split('&')
        .any(|pair| pair.split_once('=').is_some_and(|(_, v)| ends_as_file(v)))
    {
        return true;
    }
    // `/download-3f2a`: neither name nor ending in the address, but the words have one.
    !page
        && (ends_as_file(&words.to_ascii_lowercase()) || ends_as_file(&title.to_ascii_lowercase()))
}

fn ends_as_file(name: &str) -> bool {
    name.trim_end_matches([' ', ')', '）', ']', '】', '"', '\'', '”', '》'])
        .rsplit_once('.')
        .is_some_and(|(stem, ending)| !stem.is_empty() && ENDINGS.contains(&ending))
}

fn name(words: &str, title: &str, href: &str) -> String {
    let words = words.trim();
    let says_nothing = matches!(
        words,
        "" | "下载" | "点击下载" | "附件下载" | "点击查看" | "查看"
    );
    if !words.is_empty() && (!says_nothing || title.is_empty()) {
        return words.to_owned();
    }
    if !title.is_empty() {
        return title.to_owned();
    }
    file_name(href).unwrap_or(href).to_owned()
}

/// The file's name in an address: its last step, or for a viewer or a download program the value
/// that ends like a file.
fn file_name(href: &str) -> Option<&str> {
    let whole = href.split('#').next()?;
    let (path, query) = whole.split_once('?').unwrap_or((whole, ""));
    let last = path.rsplit('/').next()?;
    let mut values = query
        .split('&')
        .filter_map(|pair| pair.split_once('=').map(|(_, v)| v));
    match values.find(|v| ends_as_file(&v.to_ascii_lowercase())) {
        Some(value) if !ends_as_file(&last.to_ascii_lowercase()) => value.rsplit('/').next(),
        _ => Some(last),
    }
}

fn starts_with(value: &str, prefix: &str) -> bool {
    value
        .get(..prefix.len())
        .is_some_and(|p| p.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    fn files(html: &str) -> Vec<(String, String)> {
        let page = Html::parse_document(html);
        let mut out = Vec::new();
        below(page.tree.root(), &mut out);
        out.into_iter().map(|f| (f.name, f.href)).collect()
    }

    #[test]
    fn links_to_files() {
        for (html, want) in [
            (
                "<a href='./P02.docx'>附件1</a>",
                Some(("附件1", "./P02.docx")),
            ),
            (
                "<a href=' /a.PDF?v=2#x '>名单</a>",
                Some(("名单", "/a.PDF?v=2#x")),
            ),
            (
                "<a href='/module/download/downfile.jsp?classid=0&amp;filename=ab.doc'>登记表</a>",
                Some((
                    "登记表",
                    "/module/download/downfile.jsp?classid=0&filename=ab.doc",
                )),
            ),
            (
                "<a href='/download-3f2a'>汇总表.xls</a>",
                Some(("汇总表.xls", "/download-3f2a")),
            ),
            (
                "<a href='/attachment/0/540/433.zip'><img src='/icon/zip.gif'></a>",
                Some(("433.zip", "/attachment/0/540/433.zip")),
            ),
            (
                "<a href='x.xls' title='人员名单.xls'><img src='i.gif'></a>",
                Some(("人员名单.xls", "x.xls")),
            ),
            (
                "<a href='javascript:void(0)' data-href='/f/a.wps'>下载</a>",
                Some(("下载", "/f/a.wps")),
            ),
            (
                "<iframe src='/pdf/viewer.html?file=/f/a.pdf'></iframe>",
                Some(("a.pdf", "/pdf/viewer.html?file=/f/a.pdf")),
            ),
            (
                "<span class=wp_pdf_player pdfsrc='/_upload/b.pdf'></span>",
                Some(("b.pdf", "/_upload/b.pdf")),
            ),
            ("<a href='t20260101_1.html'>附件说明.doc</a>", None),
            ("<a href='http://www.gov.cn'>网站</a>", None),
            ("<a href='/attachment/0/1.jpg'>图</a>", None),
            ("<a href='javascript:window.print()'>打印.doc</a>", None),
        ] {
            let want: Vec<(String, String)> = want
                .iter()
                .map(|(n, h)| ((*n).to_owned(), (*h).to_owned()))
                .collect();
            assert_eq!(files(html), want, "{html}");
        }
    }

    #[test]
    fn names_in_scripts() {
        let mut out = Vec::new();
        in_script(
            r#"var file_appendix='<a href="./P02.pdf"><i>名单</i>.pdf</a>';"#,
            &mut out,
        );
        in_script(r#"var other='<a href="./no.pdf">否</a>';"#, &mut out);
        let found: Vec<_> = out
            .iter()
            .map(|f| (f.name.as_str(), f.href.as_str()))
            .collect();
        assert_eq!(found, [("名单.pdf", "./P02.pdf")]);
    }

    #[test]
    fn pictures() {
        for (html, want) in [
            ("<img src='W02.jpg' alt='流程'>", Some(("流程", "W02.jpg"))),
            (
                "<img data-src='https://mmbiz/x' src='data:image/gif;base64,AA'>",
                Some(("", "https://mmbiz/x")),
            ),
            (
                "<img src='data:image/png;base64,AAAA'>",
                Some(("", "data:image/png;base64")),
            ),
            ("<img src='/images/icon_doc.gif'>", None),
            ("<img src='a.png' width=16>", None),
            ("<img src='/_visitcount?siteId=1'>", None),
            ("<img>", None),
        ] {
            let page = Html::parse_fragment(html);
            let found = page
                .tree
                .nodes()
                .find_map(|n| n.value().as_element().filter(|e| e.name() == "img"));
            let want = want.map(|(a, s)| (a.to_owned(), s.to_owned()));
            assert_eq!(found.and_then(content_image), want, "{html}");
        }
    }
}
