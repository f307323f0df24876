//! From a tree to lines: the body's words as a person reads them, with what the markup says about
//! each line. The rules for the text stand on [`crate::model::Article`].
//!
//! One walk, in document order, writing into one string. White space is held back until the next
//! word, so that no line begins or ends with it and so that a line break in the source inside
//! `2026年\n3月` (Word paste) leaves no blank, while one between Latin words does.

use super::body::Body;
use super::markup::{Look, is_block, is_hidden, is_site_part, is_skipped, style_look};
use super::tables::{self, Sheet};
use super::white::{Gap, is_invisible, joins};
use super::{attach, volatile};
use crate::model::{Block, BlockKind, Image, Link, Span, Table};
use ego_tree::{NodeId, NodeRef};
use scraper::node::Element;
use scraper::{ElementRef, Node, Selector};
use std::collections::HashSet;

/// A walk in progress.
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
                '\n' | '\r' => self.gap = self.gap.max(Gap::Soft),
                ' ' | '\t' | '\u{c}' => self.gap = self.gap.max(Gap::Blank),
                c if is_invisible(c) => {}
                c if c.is_whitespace() => self.gap = Gap::Hard,
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
            self.gap = Gap::Hard;
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
        let first = self.body.blocks.is_empty();
        let idle = volatile::is_counted(written) || (first && volatile::is_volatile(written));
        if row.is_none() && idle {
            self.take_back(start);
            return;
        }
        // A row's cells have their spans already, so a row is left as it is.
        if row.is_none()
            && let Some(at) = volatile::downloads(written)
        {
            self.body.truncate(start + at);
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
        self.body.truncate(start);
        self.line = self.line.min(start);
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
        // Rows that were cut off the end leave empty cells behind.
        let cells = self
            .body
            .tables
            .iter_mut()
            .flat_map(|t| &mut t.rows)
            .flatten();
        for cell in cells {
            cell.span = Span::new(cell.span.start.min(end), cell.span.end.min(end));
        }
        self.body
    }

    /// Takes the site's own lines (neighbours, printing, counters, editors) off the body's end.
    fn cut_tail(&mut self) {
        while let Some(block) = self.body.blocks.last().cloned() {
            let words = block.span.of(&self.body.text);
            let file = self
                .body
                .attachments
                .iter()
                .any(|a| a.span.is_some_and(|s| block.span.covers(s)));
            if file || !volatile::is_volatile(words) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    fn body(html: &str) -> Body {
        Walk::new(&[]).element(Html::parse_document(html).root_element())
    }

    #[test]
    fn lines() {
        for (html, want) in [
            (
                "<p>　　一、时间</p>\n<p>&nbsp;&nbsp;二、地点&nbsp;</p>",
                "一、时间\n二、地点",
            ),
            ("上午<br>下午<br/>\n", "上午\n下午"),
            (
                "<p><span lang=EN-US>2026</span><span>年</span><span>3</span><span>月</span><o:p></o:p></p>",
                "2026年3月",
            ),
            ("<p>2026年\n   3月\r\n10日</p>", "2026年3月10日"),
            ("<p>领取地点：\n政务大厅</p>", "领取地点：政务大厅"),
            ("<p>2026年 \n\t3月</p>", "2026年3月"),
            ("<p>0771-1\n0771-2</p>", "0771-1 0771-2"),
            ("<p>call\nus now</p>", "call us now"),
            ("<p>EMS\n快递</p>", "EMS 快递"),
            ("<p>证\u{200b}书 \u{a0} 领\u{feff}取</p>", "证书 领取"),
            (
                "<p><st1:chsdate Year=\"2026\">2026年3月1日</st1:chsdate>起</p>",
                "2026年3月1日起",
            ),
            (
                "<p>见<!-- 注 -->附件<script>x()</script><style>p{}</style><noscript>开启</noscript></p>",
                "见附件",
            ),
            (
                "<p>甲<span style='DISPLAY: none'>乙</span><b hidden>丙</b></p>",
                "甲",
            ),
            ("<pre>第一行\n第二行</pre>", "第一行\n第二行"),
            ("<div>甲<p>乙</p>丙</div>", "甲\n乙\n丙"),
            ("<ol><li>甲</li><li>乙</li></ol>", "甲\n乙"),
            (
                "<p>电话（０７７１）８８　传真</p>",
                "电话（０７７１）８８ 传真",
            ),
            ("<p>甲</p><div class='share'>分享到 微信</div>", "甲"),
        ] {
            assert_eq!(body(html).text, want, "{html}");
        }
    }

    #[test]
    fn kinds() {
        use BlockKind::{Heading, Item, Para, Right};
        for (html, want) in [
            ("<h4>题</h4>", Heading),
            ("<p><strong>一、时间</strong></p>", Heading),
            (
                "<p><span style='font-weight:700'>一、</span><b>时间</b></p>",
                Heading,
            ),
            ("<p><strong>时间：</strong>三月</p>", Para),
            ("<p align=right>某中心</p>", Right),
            ("<div style='TEXT-ALIGN: right'><p>某中心</p></div>", Right),
            (
                "<div align=right><p style='text-align:left'>某中心</p></div>",
                Para,
            ),
            ("<ul><li>甲</li></ul>", Item),
            ("<p>甲</p>", Para),
        ] {
            assert_eq!(
                body(html).blocks.first().map(|b| b.kind),
                Some(want),
                "{html}"
            );
        }
    }

    #[test]
    fn every_block_is_its_line() {
        let found = body(
            "<h3>题</h3><p>甲</p><table><tr><td>市<td>地址</tr><tr><td>甲市<td></tr></table><p>乙</p>",
        );
        let lines: Vec<&str> = found
            .blocks
            .iter()
            .map(|b| b.span.of(&found.text))
            .collect();
        assert_eq!(lines, found.text.lines().collect::<Vec<_>>());
        assert_eq!(found.text, "题\n甲\n市\t地址\n甲市\n乙");
    }

    #[test]
    fn volatile_parts_leave_the_end() {
        let html = "<p>正文到此。</p><p>（责任编辑：张三）</p><p>浏览次数：123</p><p>【打印】【关闭】</p>\
                    <p>上一篇：<a href='/1.html'>甲</a></p><p>下一条：没有了</p>";
        let found = body(html);
        assert_eq!(found.text, "正文到此。");
        assert!(found.links.is_empty());
        assert_eq!(
            body("<p>【字体：大 中 小】【打印】</p><p>正文</p>").text,
            "正文"
        );
        let facts = "<p>发布时间：2026-01-02 来源：本网 浏览次数：77</p><p>正文</p>";
        assert_eq!(body(facts).text, "正文");
        for kept in [
            "请在规定时间内访问：http://a.cn 办理",
            "编辑出版类证书：另行通知，请各位考生留意本网后续公告，不再另发通知，电话不变",
            "关闭后不再受理",
        ] {
            assert_eq!(body(&format!("<p>{kept}</p>")).text, kept);
        }
    }

    #[test]
    fn links_files_and_pictures_have_their_place() {
        let found = body(
            "<p>登录 <a href='http://a.cn/x'> 服务网 </a>办理，见<a href='./P02.docx'>附件1</a>已下载32次</p>\
             <p><img src='w.jpg' alt='领取点'><img src='/icons/doc.png'></p>",
        );
        assert_eq!(found.text, "登录 服务网 办理，见附件1");
        let link = found.links.first().expect("a link");
        assert_eq!(
            (link.span.of(&found.text), link.href.as_str()),
            ("服务网", "http://a.cn/x")
        );
        let file = found.attachments.first().expect("a file");
        assert_eq!(file.span.map(|s| s.of(&found.text)), Some("附件1"));
        assert_eq!(found.images.len(), 1);
        assert_eq!(found.images.first().map(|i| i.alt.as_str()), Some("领取点"));
    }
}
