//! Tables: which ones hold data, and their rows as a full grid.
//!
//! Many sites lay whole pages out in tables, and editors wrap a body in one. Those are read as
//! plain blocks; only a table whose rows set several short cells side by side is a grid.

use super::markup;
use crate::model::{Cell, Span};
use ego_tree::NodeRef;
use scraper::Node;
use scraper::node::Element;

/// Most grid cells that an article's spans may make; a `rowspan=65534` is somebody's joke.
pub(crate) const MOST_CELLS: usize = 200_000;
/// Widest grid. A list of names has some 20 columns.
const MOST_COLUMNS: usize = 128;
/// A cell of so many characters that holds most of its table's words holds the body itself.
const BODY_CELL: usize = 500;

/// One cell in the page.
pub(crate) struct SourceCell<'a> {
    pub(crate) node: NodeRef<'a, Node>,
    pub(crate) element: &'a Element,
    columns: usize,
    rows: usize,
}

/// One row in the page.
pub(crate) struct SourceRow<'a> {
    pub(crate) cells: Vec<SourceCell<'a>>,
    header: bool,
}

/// A data table in the page.
pub(crate) struct Sheet<'a> {
    pub(crate) caption: Option<NodeRef<'a, Node>>,
    pub(crate) rows: Vec<SourceRow<'a>>,
}

/// The rows of a table that holds data; None for a table that only lays out.
pub(crate) fn sheet(table: NodeRef<'_, Node>) -> Option<Sheet<'_>> {
    let mut rows = Vec::new();
    for child in table.children() {
        match name(child) {
            Some("tr") => rows.push(row(child, false)),
            Some(part @ ("thead" | "tbody" | "tfoot")) => rows.extend(
                child
                    .children()
                    .filter(|c| name(*c) == Some("tr"))
                    .map(|c| row(c, part == "thead")),
            ),
            _ => {}
        }
    }
    rows.retain(|r: &SourceRow<'_>| !r.cells.is_empty());
    let caption = table.children().find(|c| name(*c) == Some("caption"));
    holds_data(&rows).then_some(Sheet { caption, rows })
}

fn name(node: NodeRef<'_, Node>) -> Option<&str> {
    node.value().as_element().map(Element::name)
}

fn row(node: NodeRef<'_, Node>, in_head: bool) -> SourceRow<'_> {
    let cells: Vec<SourceCell<'_>> = node
        .children()
        .filter_map(|c| {
            let element = c.value().as_element()?;
            matches!(element.name(), "td" | "th").then(|| SourceCell {
                node: c,
                element,
                columns: span(element, "colspan"),
                rows: span(element, "rowspan"),
            })
        })
        .collect();
    let header = in_head || (!cells.is_empty() && cells.iter().all(|c| c.element.name() == "th"));
    SourceRow { cells, header }
}

fn span(element: &Element, attribute: &str) -> usize {
    markup::attr(element, attribute)
        .and_then(|v| v.trim().parse().ok())
        .unwrap_or(1)
        .max(1)
}

/// Several filled cells side by side, no table inside, and no cell that is the body itself.
fn holds_data(rows: &[SourceRow<'_>]) -> bool {
    let (mut all, mut largest, mut beside) = (0, 0, false);
    for row in rows {
        let mut filled = 0;
        for cell in &row.cells {
            let Some(length) = length(cell.node) else {
                return false;
            };
            all += length;
            largest = largest.max(length);
            filled += usize::from(length > 0);
        }
        beside |= filled > 1;
    }
    beside && !(largest >= BODY_CELL && largest * 10 > all * 6)
}

/// Visible characters of a cell; None where a table stands inside.
fn length(cell: NodeRef<'_, Node>) -> Option<usize> {
    let mut sum = 0;
    for child in cell.children() {
        match child.value() {
            Node::Text(t) => sum += t.chars().filter(|c| !c.is_whitespace()).count(),
            Node::Element(e) if e.name() == "table" => return None,
            Node::Element(e) if !markup::is_skipped(e.name()) => sum += length(child)?,
            _ => {}
        }
    }
    Some(sum)
}

/// The grid: a cell that spans rows or columns stands in each of them, with its own span.
pub(crate) fn grid(sheet: &Sheet<'_>, spans: &[Vec<Span>], left: &mut usize) -> Vec<Vec<Cell>> {
    let height = sheet.rows.len();
    let mut grid: Vec<Vec<Cell>> = Vec::with_capacity(height);
    // Per column: the cell that hangs down into this row, and for how many rows more.
    let mut hanging: Vec<Option<(Cell, usize)>> = Vec::new();
    for (index, (row, spans)) in sheet.rows.iter().zip(spans).enumerate() {
        let mut line: Vec<Cell> = Vec::new();
        for (cell, span) in row.cells.iter().zip(spans) {
            take_hanging(&mut hanging, &mut line);
            let own = Cell { span: *span };
            let columns = cell
                .columns
                .min(MOST_COLUMNS.saturating_sub(line.len()).max(1));
            let rows = cell.rows.min(height - index);
            let made = columns.saturating_mul(rows);
            let (columns, rows) = if made <= *left {
                (columns, rows)
            } else {
                (1, 1)
            };
            *left = left.saturating_sub(columns * rows);
            for _ in 0..columns {
                let at = line.len();
                line.push(own);
                if rows > 1 {
                    if hanging.len() <= at {
                        hanging.resize(at + 1, None);
                    }
                    if let Some(slot) = hanging.get_mut(at) {
                        *slot = Some((own, rows));
                    }
                }
            }
        }
        take_hanging(&mut hanging, &mut line);
        for slot in &mut hanging {
            *slot = slot.and_then(|(cell, rows)| (rows > 1).then_some((cell, rows - 1)));
        }
        grid.push(line);
    }
    grid
}

/// Fills the columns of this row into which earlier rows hang.
fn take_hanging(hanging: &mut [Option<(Cell, usize)>], line: &mut Vec<Cell>) {
    while let Some(Some((cell, _))) = hanging.get(line.len()) {
        line.push(*cell);
    }
}

/// Leading rows that are headers: `<thead>`, all `<th>`, or a first row without digits above rows
/// with some.
pub(crate) fn header_rows(sheet: &Sheet<'_>, grid: &[Vec<Cell>], text: &str) -> usize {
    let marked = sheet.rows.iter().take_while(|r| r.header).count();
    if marked > 0 {
        return marked;
    }
    let digits = |row: &Vec<Cell>| {
        row.iter()
            .any(|c| c.span.of(text).bytes().any(|b| b.is_ascii_digit()))
    };
    match grid {
        [first, rest @ ..] if !digits(first) && rest.iter().any(digits) => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use crate::adapter::body::Body;
    use crate::adapter::text::Walk;
    use crate::model::BlockKind;
    use scraper::Html;

    fn body(html: &str) -> Body {
        Walk::new(&[]).element(Html::parse_document(html).root_element())
    }

    fn grid(found: &Body) -> Vec<Vec<&str>> {
        let rows = &found.tables.first().expect("a table").rows;
        rows.iter()
            .map(|r| r.iter().map(|c| c.span.of(&found.text)).collect())
            .collect()
    }

    #[test]
    fn spans_become_a_full_grid() {
        let found = body(
            "<table><caption>领取点</caption><tr><th>市</th><th colspan=2>地址和电话</th></tr>\
             <tr><td rowspan=2>甲市</td><td>一路<br>1号</td><td>0771-1</td></tr>\
             <tr><td>二路2号</td><td></td></tr></table>",
        );
        assert_eq!(
            found.text,
            "领取点\n市\t地址和电话\n甲市\t一路 1号\t0771-1\n二路2号"
        );
        assert_eq!(
            grid(&found),
            [
                ["市", "地址和电话", "地址和电话"],
                ["甲市", "一路 1号", "0771-1"],
                ["甲市", "二路2号", ""]
            ]
        );
        assert_eq!(found.tables.first().map(|t| t.header_rows), Some(1));
        assert_eq!(
            found.blocks.last().map(|b| b.kind),
            Some(BlockKind::Row { table: 0, row: 2 })
        );
    }

    #[test]
    fn layout_tables_are_plain_lines() {
        let long = "领取证书的说明。".repeat(80);
        for (html, want) in [
            (
                "<table><tr><td><p>甲</p><p>乙</p></td></tr></table>".to_owned(),
                "甲\n乙",
            ),
            (
                "<table><tr><td>甲</td></tr><tr><td>乙</td></tr></table>".to_owned(),
                "甲\n乙",
            ),
            (
                format!("<table><tr><td>侧栏</td><td><p>{long}</p></td></tr></table>"),
                long.as_str(),
            ),
        ] {
            let found = body(&html);
            assert!(found.tables.is_empty(), "{html}");
            assert!(found.text.ends_with(want), "{html}");
        }
        let nested = body(
            "<table><tr><td>栏</td><td><table><tr><td>市<td>电话<tr><td>甲<td>1</table></td></tr></table>",
        );
        assert_eq!(nested.text, "栏\n市\t电话\n甲\t1");
        assert_eq!(nested.tables.len(), 1);
    }

    #[test]
    fn headers() {
        for (html, want) in [
            ("<table><tr><td>市<td>电话<tr><td>甲<td>1</table>", 1),
            (
                "<table><thead><tr><td>市<td>电话</thead><tr><td>甲<td>乙</table>",
                1,
            ),
            ("<table><tr><td>甲<td>1<tr><td>乙<td>2</table>", 0),
        ] {
            assert_eq!(
                body(html).tables.first().map(|t| t.header_rows),
                Some(want),
                "{html}"
            );
        }
    }

    #[test]
    fn a_row_that_is_cut_off_leaves_empty_cells() {
        let found = body("<table><tr><td>甲<td>1<tr><td>上一篇：乙<td>下一篇：丙</table>");
        assert_eq!(found.text, "甲\t1");
        assert_eq!(grid(&found), [["甲", "1"], ["", ""]]);
    }

    #[test]
    fn absurd_spans_stay_small() {
        let row = "<tr><td rowspan=65534 colspan=1000>甲<td>乙</tr>".repeat(2000);
        let found = body(&format!("<table>{row}</table>"));
        let cells: usize = found
            .tables
            .iter()
            .flat_map(|t| &t.rows)
            .map(Vec::len)
            .sum();
        assert!(cells < 2 * super::MOST_CELLS, "{cells}");
    }
}
