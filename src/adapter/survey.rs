//! Two passes over a page: one before the body is known (meta, scripts, where a body may be), one
//! after (the words around it, in page order).

use super::{markup, text};
use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Html, Node};
use std::collections::HashSet;

/// Most bytes of words kept on either side of the body.
const AROUND: usize = 64 * 1024;

/// What a page offers before its body is known.
#[derive(Default)]
pub(crate) struct Survey<'a> {
    /// `<meta>`: name or property in lower case, content.
    pub(crate) metas: Vec<(String, &'a str)>,
    /// Words of `<title>`.
    pub(crate) title: String,
    /// `<base href>`.
    pub(crate) base: Option<&'a str>,
    /// Elements that usually hold a body, with their rank (lower is better), in page order.
    pub(crate) containers: Vec<(u8, ElementRef<'a>)>,
    /// Comments, in page order.
    pub(crate) comments: Vec<NodeRef<'a, Node>>,
    /// Scripts' words.
    pub(crate) scripts: Vec<&'a str>,
}

/// Looks over the whole page once.
pub(crate) fn survey(html: &Html) -> Survey<'_> {
    let mut seen = Survey::default();
    for node in html.tree.nodes() {
        match node.value() {
            Node::Comment(_) => seen.comments.push(node),
            Node::Element(element) => match element.name() {
                "meta" => {
                    let key =
                        markup::attr(element, "name").or_else(|| markup::attr(element, "property"));
                    if let (Some(key), Some(content)) = (key, markup::attr(element, "content")) {
                        seen.metas.push((key.trim().to_ascii_lowercase(), content));
                    }
                }
                "title" if seen.title.is_empty() => {
                    let words: String = node
                        .children()
                        .filter_map(|c| c.value().as_text().map(|t| &**t))
                        .collect();
                    seen.title = text::one_line(&words);
                }
                "base" => seen.base = seen.base.or(markup::attr(element, "href")),
                "script" => seen.scripts.extend(
                    node.children()
                        .filter_map(|c| c.value().as_text().map(|t| &*t.text)),
                ),
                _ => {
                    if let (Some(rank), Some(found)) = (rank(element), ElementRef::wrap(node)) {
                        seen.containers.push((rank, found));
                    }
                }
            },
            _ => {}
        }
    }
    seen
}

impl Survey<'_> {
    /// The first non-empty content of these meta names (lower case), in the order of the names.
    pub(crate) fn meta(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| {
            let content =
                |(key, content): &(String, &'_ str)| key == name && !content.trim().is_empty();
            self.metas
                .iter()
                .find(|m| content(m))
                .map(|(_, content)| content.trim())
        })
    }
}

/// How surely an element with such a class or id holds the body. The names are those that the
/// content systems themselves write; the ranks follow how often each holds nothing else.
fn rank(element: &scraper::node::Element) -> Option<u8> {
    let by_id = markup::attr(element, "id").and_then(|id| match id.trim() {
        id if id.starts_with("vsb_content") => Some(3),
        "UCAP-CONTENT" => Some(6),
        "zoom" | "Zoom" | "zoomcon" | "fontzoom" => Some(7),
        "p_content" | "contentTxt" | "js_content" => Some(8),
        "ivs_content" | "lblContent" | "mainText" | "NewsContent" | "div_zhengwen" => Some(11),
        _ => None,
    });
    let by_class = markup::attr(element, "class").and_then(|classes| {
        classes
            .split_whitespace()
            .filter_map(|class| match class {
                "TRS_UEDITOR" => Some(0),
                "TRS_Editor" => Some(1),
                "trs_editor_view" => Some(2),
                "v_news_content" => Some(4),
                "wp_articlecontent" => Some(5),
                "j-fontContent" => Some(9),
                "article-content" => Some(10),
                "pages_content" | "Article_content" | "xxgk_content" | "wzcon" | "news_content"
                | "newscontent" | "article_content" | "detail-content" | "news-content"
                | "conTxt" => Some(12),
                _ => None,
            })
            .min()
    });
    by_id.into_iter().chain(by_class).min()
}

/// The words around the body.
#[derive(Default)]
pub(crate) struct Around<'a> {
    /// Before the body, one line per block.
    pub(crate) before: String,
    /// After it.
    pub(crate) after: String,
    /// Elements before the body that look like its heading, in page order.
    pub(crate) heads: Vec<NodeRef<'a, Node>>,
    /// The text node that says 当前位置.
    pub(crate) crumb: Option<NodeRef<'a, Node>>,
}

/// Reads what stands outside the body, whose nodes are `body`.
pub(crate) fn around<'a>(html: &'a Html, body: &HashSet<NodeId>) -> Around<'a> {
    let mut reader = Reader {
        body,
        passed: false,
        found: Around::default(),
    };
    reader.node(html.tree.root());
    reader.found
}

struct Reader<'a, 'b> {
    body: &'b HashSet<NodeId>,
    passed: bool,
    found: Around<'a>,
}

impl<'a> Reader<'a, '_> {
    fn node(&mut self, node: NodeRef<'a, Node>) {
        if self.body.contains(&node.id()) {
            self.passed = true;
            return;
        }
        match node.value() {
            Node::Text(words) => self.words(node, words),
            Node::Element(element) => {
                let name = element.name();
                if markup::is_skipped(name) {
                    return;
                }
                if !self.passed && looks_like_heading(element) {
                    self.found.heads.push(node);
                }
                let block = markup::is_block(name) || name == "br";
                if block {
                    self.line();
                }
                for child in node.children() {
                    self.node(child);
                }
                if block {
                    self.line();
                }
            }
            _ => node.children().for_each(|child| self.node(child)),
        }
    }

    fn side(&mut self) -> &mut String {
        if self.passed {
            &mut self.found.after
        } else {
            &mut self.found.before
        }
    }

    fn line(&mut self) {
        let side = self.side();
        if !side.is_empty() && !side.ends_with('\n') {
            side.push('\n');
        }
    }

    fn words(&mut self, node: NodeRef<'a, Node>, words: &str) {
        const CRUMBS: [&str; 6] = [
            "当前位置",
            "您的位置",
            "所在位置",
            "所在的位置",
            "现在的位置",
            "当前的位置",
        ];
        let blank = words.trim().is_empty();
        let crumb = || words.contains("位置") && CRUMBS.iter().any(|c| words.contains(c));
        if !blank && self.found.crumb.is_none() && crumb() {
            self.found.crumb = Some(node);
        }
        // Most of a page's pieces of text are the blanks between its tags.
        let line = match blank {
            true => String::new(),
            false => text::one_line(words),
        };
        let side = self.side();
        if side.len() > AROUND {
            return;
        }
        if words.starts_with(char::is_whitespace)
            && !side.is_empty()
            && !side.ends_with([' ', '\n'])
        {
            side.push(' ');
        }
        side.push_str(&line);
        if words.ends_with(char::is_whitespace) && !line.is_empty() {
            side.push(' ');
        }
    }
}

fn looks_like_heading(element: &scraper::node::Element) -> bool {
    if matches!(element.name(), "h1" | "h2" | "h3") {
        return true;
    }
    let named = |value: &str| {
        value.split_whitespace().any(|word| {
            let lower = word.to_ascii_lowercase();
            (lower.contains("title")
                || matches!(lower.as_str(), "tit" | "bt" | "biaoti" | "activity-name"))
                && !lower.contains("left")
                && !lower.contains("sub")
                && !lower.contains("site")
        })
    };
    markup::attr(element, "class").is_some_and(named)
        || markup::attr(element, "id").is_some_and(named)
}
