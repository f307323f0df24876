//! From a tree to lines: the body's words as a person reads them, with what the markup says about
//! each line. The rules for the text stand on [`crate::model::Article`].
//!
//! One walk, in document order, writing into one string. White space is held back until the next
//! word, so that no line begins or ends with it and so that a line break in the source inside
//! `2026年\n3月` (Word paste) leaves no blank, while one between Latin words does.

use super::attach;
use super::tables::{self, Sheet};
use crate::model::{Attachment, Block, BlockKind, Image, Link, Span, Table};
use ego_tree::{NodeId, NodeRef};
use regex::Regex;
use scraper::node::Element;
use scraper::{ElementRef, Node, Selector};
use std::collections::HashSet;
use std::sync::LazyLock;

/// What a walk yields. Spans are byte offsets into `text`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Body {
    /// Lines, separated by `\n`.
    pub text: String,
    /// Lines in order.
    pub blocks: Vec<Block>,
    /// Data tables as grids.
    pub tables: Vec<Table>,
    /// Links that are no files.
    pub links: Vec<Link>,
    /// Content pictures.
    pub images: Vec<Image>,
    /// Files; `url` is still empty.
    pub attachments: Vec<Attachment>,
}

/// Classes of parts inside a body that are the site's, not the office's: sharing, neighbours.
const SITE_PARTS: [&str; 15] = [
    "share",
    "fenxiang",
    "bdsharebuttonbox",
    "bshare-custom",
    "social-share",
    "prenext",
    "pre_next",
    "page-turn",
    "pageturn",
    "shangxia",
    "related",
    "relatedarticles",
    "relnews",
    "qrcode",
    "ewm",
];

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

/// What the elements around a piece of text say about it.
#[derive(Clone, Copy, Default)]
struct Look {
    bold: bool,
    right: bool,
    item: bool,
    heading: bool,
    pre: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Gap {
    #[default]
    None,
    /// A line break of the source, seen nowhere by a reader of Chinese.
    Soft,
    Blank,
}

/// Reads the subtree of `root`. With `until`, only the nodes after `root` and before `until` in
/// its parent's children are read: the body between two marks.
pub(crate) struct Walk<'a> {
    body: Body,
    drop: &'a [Selector],
    dropped: HashSet<NodeId>,
    gap: Gap,
    /// Start of the line that is being written.
    line: usize,
    /// What the line has shown so far: all bold; the look of its first words.
    all_bold: bool,
    look: Look,
    /// Inside a data table's cell, where a line break is a blank.
    in_cell: bool,
    /// Grid cells that may still be made by spans, over all tables.
    cells_left: usize,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(drop: &'a [Selector]) -> Walk<'a> {
        Walk {
            body: Body::default(),
            drop,
            dropped: HashSet::new(),
            gap: Gap::None,
            line: 0,
            all_bold: true,
            look: Look::default(),
            in_cell: false,
            cells_left: tables::MOST_CELLS,
        }
    }

    /// The whole subtree of a container.
    pub(crate) fn element(mut self, root: ElementRef<'_>) -> Body {
        self.find_dropped(root);
        let look = style_look(root.value(), Look::default());
        if root.value().name() == "table" {
            self.node(*root, look);
        } else {
            self.children(*root, look);
        }
        self.finish()
    }

    /// The nodes strictly between two siblings.
    pub(crate) fn between(mut self, first: NodeRef<'_, Node>, last: NodeId) -> Body {
        for node in first.next_siblings().take_while(|n| n.id() != last) {
            if let Some(element) = ElementRef::wrap(node) {
                self.find_dropped(element);
            }
            self.node(node, Look::default());
        }
        self.finish()
    }

    fn find_dropped(&mut self, root: ElementRef<'_>) {
        for selector in self.drop {
            if selector.matches(&root) {
                self.dropped.insert(root.id());
            }
            self.dropped.extend(root.select(selector).map(|e| e.id()));
        }
    }

    fn children(&mut self, node: NodeRef<'_, Node>, look: Look) {
        for child in node.children() {
            self.node(child, look);
        }
    }

    fn node(&mut self, node: NodeRef<'_, Node>, look: Look) {
        match node.value() {
            Node::Text(text) => self.write(text, look),
            Node::Element(element) => self.element_node(node, element, look),
            _ => {}
        }
    }

    fn element_node(&mut self, node: NodeRef<'_, Node>, element: &Element, outer: Look) {
        let name = element.name();
        attach::embedded(element, &mut self.body.attachments);
        if is_skipped(name) || self.dropped.contains(&node.id()) || is_hidden(element) {
            return;
        }
        if is_site_part(element) {
            return;
        }
        let mut look = style_look(element, outer);
        match name {
            "br" => return self.end_line(),
            "hr" => return self.end_line(),
            "img" => return self.image(element),
            "a" => return self.anchor(node, element, look),
            "b" | "strong" => look.bold = true,
            "pre" => look.pre = true,
            "table" if !self.in_cell => {
                if let Some(sheet) = tables::sheet(node) {
                    return self.table(&sheet, look);
                }
            }
            _ => {}
        }
        if !is_block(name) {
            return self.children(node, look);
        }
        self.end_line();
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => look.heading = true,
            "li" => look.item = true,
            _ => {}
        }
        self.children(node, look);
        self.end_line();
    }

    /// Writes one row a line and keeps the grid.
    fn table(&mut self, sheet: &Sheet<'_>, look: Look) {
        self.end_line();
        if let Some(caption) = sheet.caption {
            self.children(caption, look);
            self.end_line();
        }
        let number = self.body.tables.len();
        let mut spans: Vec<Vec<Span>> = Vec::with_capacity(sheet.rows.len());
        for (index, row) in sheet.rows.iter().enumerate() {
            let mut of_row = Vec::with_capacity(row.cells.len());
            // Tabs wait as white space does: a row never begins or ends with one.
            let mut tabs = 0;
            for cell in &row.cells {
                let before = self.body.text.len();
                let written = before > self.line;
                if written {
                    self.body.text.extend(std::iter::repeat_n('\t', tabs));
                }
                let start = self.body.text.len();
                self.gap = Gap::None;
                self.in_cell = true;
                if !is_hidden(cell.element) {
                    self.children(cell.node, style_look(cell.element, look));
                }
                self.in_cell = false;
                self.gap = Gap::None;
                let end = self.body.text.len();
                if end == start {
                    self.body.text.truncate(before);
                    of_row.push(Span::new(before, before));
                } else {
                    tabs = 0;
                    of_row.push(Span::new(start, end));
                }
                tabs += 1;
            }
            self.end_block(Some(BlockKind::Row {
                table: number,
                row: index,
            }));
            spans.push(of_row);
        }
        let grid = tables::grid(sheet, &spans, &mut self.cells_left);
        let header_rows = tables::header_rows(sheet, &grid, &self.body.text);
        self.body.tables.push(Table {
            rows: grid,
            header_rows,
        });
    }

    fn anchor(&mut self, node: NodeRef<'_, Node>, element: &Element, look: Look) {
        let before = self.body.text.len();
        self.children(node, look);
        let added = self.body.text.get(before..).unwrap_or("");
        let words = added.trim();
        let start = before + added.len() - added.trim_start().len();
        let span = (!words.is_empty()).then(|| Span::new(start, start + words.len()));
        let words = words.replace(['\n', '\t'], " ");
        match attach::classify(element, &words) {
            attach::Kind::File { name, href } => {
                attach::add(&mut self.body.attachments, name, href, span);
            }
            attach::Kind::Page { href } => {
                self.body.links.extend(span.map(|span| Link { span, href }));
            }
            attach::Kind::Nothing => {}
        }
    }

    fn image(&mut self, element: &Element) {
        if let Some((alt, src)) = attach::content_image(element) {
            let at = self.body.text.len();
            self.body.images.push(Image { at, alt, src });
        }
    }

    fn write(&mut self, text: &str, look: Look) {
        for c in text.chars() {
            match c {
                '\n' | '\r' if look.pre => self.end_line(),
                '\n' | '\r' | '\u{2028}' => self.gap = self.gap.max(Gap::Soft),
                ' ' | '\t' if self.gap == Gap::Soft => {}
                // A blank before a source line break is indentation as well.
                ' ' | '\t' => self.gap = Gap::Blank.max(self.gap),
                c if is_invisible(c) => {}
                c if c.is_whitespace() => self.gap = Gap::Blank,
                c => self.put(c, look),
            }
        }
    }

    fn put(&mut self, c: char, look: Look) {
        let out = &mut self.body.text;
        let fresh = out.len() == self.line;
        if fresh {
            self.look = look;
            self.all_bold = true;
        } else if self.gap != Gap::None {
            let last = out.chars().next_back();
            let joined = self.gap == Gap::Soft && last.is_some_and(|l| joins(l, c));
            if !joined && last.is_some_and(|l| l != '\t') {
                out.push(' ');
            }
        }
        self.gap = Gap::None;
        self.all_bold &= look.bold;
        out.push(c);
    }

    fn end_line(&mut self) {
        if self.in_cell {
            self.gap = Gap::Blank;
            return;
        }
        self.end_block(None);
    }

    /// Closes the line that is being written; one that says nothing about the notice is taken back.
    fn end_block(&mut self, row: Option<BlockKind>) {
        self.gap = Gap::None;
        let start = self.line;
        let written = self.body.text.get(start..).unwrap_or("");
        if written.is_empty() {
            return;
        }
        if row.is_none()
            && COUNTED
                .as_ref()
                .is_some_and(|r| written.len() < 400 && r.is_match(written))
        {
            self.take_back(start);
            return;
        }
        if let Some(m) = DOWNLOADS
            .as_ref()
            .and_then(|r| r.find(written))
            .filter(|m| m.start() > 0)
        {
            self.truncate(start + m.start());
        }
        let end = self.body.text.len();
        let kind = row.unwrap_or(if self.look.heading {
            BlockKind::Heading
        } else if self.look.right {
            BlockKind::Right
        } else if self.look.item {
            BlockKind::Item
        } else if self.all_bold {
            BlockKind::Heading
        } else {
            BlockKind::Para
        });
        self.body.blocks.push(Block {
            span: Span::new(start, end),
            kind,
        });
        self.body.text.push('\n');
        self.line = end + 1;
    }

    /// Forgets everything from `start` on, except files: a file never is a volatile part.
    fn take_back(&mut self, start: usize) {
        self.truncate(start);
        self.line = self.line.min(start);
    }

    fn truncate(&mut self, start: usize) {
        let body = &mut self.body;
        body.text.truncate(start);
        // Both stand in page order, so the late ones are at the end.
        while body.links.last().is_some_and(|l| l.span.end > start) {
            body.links.pop();
        }
        while body.images.last().is_some_and(|i| i.at > start) {
            body.images.pop();
        }
        for file in &mut body.attachments {
            file.span = file.span.filter(|s| s.end <= start);
        }
    }

    fn finish(mut self) -> Body {
        self.in_cell = false;
        self.end_block(None);
        self.cut_tail();
        if self.body.text.ends_with('\n') {
            self.body.text.pop();
        }
        let end = self.body.text.len();
        for image in &mut self.body.images {
            image.at = image.at.min(end);
        }
        self.body
    }

    /// Takes the site's own lines (neighbours, printing, counters, editors) off the body's end,
    /// and off its beginning where they stand above the first words.
    fn cut_tail(&mut self) {
        while let Some(block) = self.body.blocks.last().cloned() {
            let words = block.span.of(&self.body.text);
            let file = self
                .body
                .attachments
                .iter()
                .any(|a| a.span.is_some_and(|s| block.span.covers(s)));
            if file || !is_volatile(words) {
                break;
            }
            self.body.blocks.pop();
            self.take_back(block.span.start);
        }
    }
}

/// The words of a subtree as one line.
pub(crate) fn inline(node: NodeRef<'_, Node>) -> String {
    let mut walk = Walk::new(&[]);
    walk.in_cell = true;
    walk.children(node, Look::default());
    walk.body.text
}

/// A string as one line: white space collapsed and invisible characters dropped as in a body.
pub(crate) fn one_line(words: &str) -> String {
    let mut walk = Walk::new(&[]);
    walk.in_cell = true;
    walk.write(words, Look::default());
    walk.body.text
}

/// Whether a line belongs to the site and changes without the notice.
pub(crate) fn is_volatile(line: &str) -> bool {
    line.len() < 400 && VOLATILE.as_ref().is_some_and(|r| r.is_match(line))
}

/// Whether a source line break between two characters is invisible: Chinese has no blanks.
fn joins(left: char, right: char) -> bool {
    let wide = |c: char| is_wide(c);
    let tight = |c: char| wide(c) || c.is_ascii_digit();
    tight(left) && tight(right)
}

/// Han characters, kana and full-width punctuation.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}' | '“' | '”' | '‘' | '’' | '—' | '…' | '·')
}

/// Characters that are not seen: zero width, direction marks, soft hyphen, controls.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}')
        || (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}'))
}

/// Elements whose content is no text of the page.
pub(crate) fn is_skipped(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "head"
            | "title"
            | "meta"
            | "link"
            | "select"
            | "textarea"
            | "input"
            | "button"
            | "svg"
            | "math"
            | "iframe"
            | "object"
            | "embed"
            | "audio"
            | "video"
            | "canvas"
            | "map"
            | "noframes"
    )
}

/// Elements that stand on lines of their own.
pub(crate) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dt"
            | "dd"
            | "table"
            | "thead"
            | "tbody"
            | "tfoot"
            | "tr"
            | "td"
            | "th"
            | "caption"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "aside"
            | "nav"
            | "form"
            | "fieldset"
            | "legend"
            | "blockquote"
            | "pre"
            | "center"
            | "address"
            | "figure"
            | "figcaption"
            | "body"
            | "html"
    )
}

/// `display:none` or the `hidden` attribute.
pub(crate) fn is_hidden(element: &Element) -> bool {
    element.attr("hidden").is_some()
        || element.attr("style").is_some_and(|style| {
            property(style, "display").is_some_and(|v| v.to_ascii_lowercase().starts_with("none"))
        })
}

fn is_site_part(element: &Element) -> bool {
    let named = |v: &str| SITE_PARTS.iter().any(|p| v.eq_ignore_ascii_case(p));
    element
        .attr("class")
        .is_some_and(|c| c.split_whitespace().any(named))
        || element.attr("id").is_some_and(named)
}

/// The value of one property in a `style` attribute; the last one wins, as in CSS.
fn property<'s>(style: &'s str, name: &str) -> Option<&'s str> {
    style.rsplit(';').find_map(|part| {
        let (key, value) = part.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

fn style_look(element: &Element, outer: Look) -> Look {
    let mut look = outer;
    if let Some(align) = element.attr("align") {
        look.right = align.eq_ignore_ascii_case("right");
    }
    let Some(style) = element.attr("style") else {
        return look;
    };
    if let Some(align) = property(style, "text-align") {
        let align = align.to_ascii_lowercase();
        look.right = align.starts_with("right") || align.starts_with("end");
    }
    if let Some(weight) = property(style, "font-weight") {
        let weight = weight.to_ascii_lowercase();
        look.bold = weight.starts_with("bold")
            || weight
                .get(..3)
                .and_then(|w| w.parse::<u32>().ok())
                .is_some_and(|w| w >= 600);
    }
    look
}
