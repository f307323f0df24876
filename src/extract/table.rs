//! Tables of cities and offices: header cells tell what a column holds, a row is one place.

use super::address::{self, Spot};
use super::{Doc, phone, words};
use crate::model::{BlockKind, Cell, Span, Table};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// Whom the row serves: a city, a district, a group.
    Scope,
    /// The handing-out office, with or without its address.
    Name,
    /// Its address, where there is no other column with the office.
    Address,
    /// Numbers.
    Phone,
    /// Papers to bring.
    Papers,
    /// What a correction takes back.
    Old,
    /// Anything else: dates, hours, running numbers.
    Other,
}

/// Header words, first match wins.
const HEADERS: [(&str, Column); 11] = [
    (r"^原|更正前|变更前|调整前", Column::Old),
    (r"电话|联系方式|咨询|热线|手机", Column::Phone),
    (
        r"考试|考场|考点名|审核|科目|级别|邮编|网址|备注",
        Column::Other,
    ),
    (r"地点|场所", Column::Name),
    (
        r"时间|日期|开始|截止|起止|序号|代码|联系人|方式|人数",
        Column::Other,
    ),
    (r"需带|材料|携带|资料|证件|手续", Column::Papers),
    (r"地址", Column::Address),
    (r"机构|窗口|领取点|发放点|领证点|部门", Column::Name),
    (
        r"^(?:领取|发放|发证|领证|办理|承办|受理)?单位",
        Column::Name,
    ),
    (
        r"考区|报名|考点|人员|对象|范围|所属|类别|专业|证书",
        Column::Scope,
    ),
    (r"[市州区县盟师校]|地区|地级", Column::Scope),
];

static KINDS: LazyLock<Vec<(Regex, Column)>> =
    LazyLock::new(|| HEADERS.iter().map(|(p, c)| (super::regex(p), *c)).collect());

/// Words of a second header row.
static UNDER: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^(?:现场|邮寄|领取|发放|办理|具体|详细|申请|开始|截止|联系|咨询)*(?:时间|日期|地点|地址|电话|机构|单位|人|方式|窗口)$",
    )
});

/// Days and hours.
pub(super) static TIMES: LazyLock<Regex> =
    LazyLock::new(|| super::regex(r"\d ?月|\d ?日|\d ?: ?\d\d|周[一二三四五]|工作日"));

fn kind(header: &str) -> Column {
    let header: String = header.chars().filter(|c| !c.is_whitespace()).collect();
    KINDS
        .iter()
        .find(|(pattern, _)| pattern.is_match(&header))
        .map_or(Column::Other, |(_, column)| *column)
}

/// A table with its columns known.
struct Grid<'a> {
    table: &'a Table,
    /// One entry per column.
    columns: Vec<Column>,
    /// First row of data.
    first: usize,
}

/// One place of a table.
pub(super) struct Row {
    /// Whom it serves.
    pub scope: Option<Range<usize>>,
    /// The place, with the row's numbers.
    pub spot: Spot,
    /// The row's words.
    pub range: Range<usize>,
    /// The cell in which the place stands, the same for all rows that share a merged cell.
    pub cell: Span,
}

/// Finds the columns of a table; None where its first rows hold no header.
fn grid<'a>(doc: &Doc<'a>, table: &'a Table) -> Option<Grid<'a>> {
    let word = |cell: &Cell| doc.fold.of(cell.span).trim().to_string();
    // A title may stretch over the whole first row.
    let top = table.rows.iter().take(3).position(|row| {
        row.windows(2)
            .any(|w| w.first().map(|c| c.span) != w.last().map(|c| c.span))
    })?;
    let head = table.rows.get(top)?;
    if told_by_labels(doc, table) {
        return None;
    }
    let mut columns: Vec<Column> = head.iter().map(|c| kind(&word(c))).collect();
    let digits = head
        .iter()
        .filter(|c| word(c).chars().filter(char::is_ascii_digit).count() > 4);
    if digits.count() > 0 || columns.iter().all(|c| *c == Column::Other) {
        return bare(doc, table);
    }
    let mut first = top + 1;
    while let Some(row) = table.rows.get(first).filter(|_| first < top + 3) {
        let fresh: Vec<(usize, String)> = row
            .iter()
            .enumerate()
            .filter(|(i, c)| head.get(*i).is_none_or(|h| h.span != c.span))
            .map(|(i, c)| (i, word(c)))
            .collect();
        if fresh.is_empty() || !fresh.iter().all(|(_, w)| UNDER.is_match(w)) {
            break;
        }
        for (i, w) in fresh {
            if let Some(column) = columns.get_mut(i) {
                *column = kind(&w);
            }
        }
        first += 1;
    }
    Some(Grid {
        table,
        columns,
        first,
    })
}

/// The columns of a table without any header, by what most of their cells hold. Only a table that
/// also tells times, numbers or street addresses is taken for one of places: a list of names has
/// neither.
fn bare<'a>(doc: &Doc, table: &'a Table) -> Option<Grid<'a>> {
    let width = table.rows.first()?.len();
    let labels = labelled(doc, table);
    if table.rows.len() < 2
        || width < 2
        || labels
            .iter()
            .any(|l| l.column != Column::Scope && l.column != Column::Other)
    {
        return None;
    }
    let text = doc.text();
    let most = |column: usize, holds: &dyn Fn(Range<usize>) -> bool| {
        let cells = table.rows.iter().take(24).filter_map(|r| r.get(column));
        let cells = cells.filter(|c| c.span.start < c.span.end);
        let (mut yes, mut all) = (0, 0);
        for cell in cells {
            all += 1;
            yes += usize::from(holds(words::trim(text, doc.fold.range(cell.span))));
        }
        yes * 3 >= all * 2 && all * 2 > table.rows.len().min(24)
    };
    let words = |r: Range<usize>| text.get(r).unwrap_or("");
    let mut columns: Vec<Column> = (0..width)
        .map(|c| {
            if most(c, &|r| TIMES.is_match(words(r))) {
                Column::Other
            } else if most(c, &|r| {
                words(r.clone()).len() < 40 && !phone::within(doc, r.clone()).is_empty()
            }) {
                Column::Phone
            } else if most(c, &|r| {
                let first = words(r.clone()).split(',').next().unwrap_or("");
                address::is_office(first) || address::has_house(words(r))
            }) {
                Column::Name
            } else {
                Column::Other
            }
        })
        .collect();
    let timed = (0..width).any(|c| most(c, &|r| TIMES.is_match(words(r))));
    let housed = (0..width).any(|c| most(c, &|r| address::has_house(words(r))));
    let place = columns.iter().rposition(|c| *c == Column::Name)?;
    let called = most(place, &|r| !phone::within(doc, r).is_empty());
    if !timed && !housed && !called && !columns.contains(&Column::Phone) {
        return None;
    }
    for (index, column) in columns.iter_mut().enumerate() {
        if *column == Column::Name && index != place {
            *column = Column::Scope;
        }
    }
    if let Some(first) = columns.first_mut()
        && *first == Column::Other
        && place > 0
        && !most(0, &|r| {
            words(r.clone()).len() < 5 || TIMES.is_match(words(r))
        })
    {
        *first = Column::Scope;
    }
    Some(Grid {
        table,
        columns,
        first: 0,
    })
}

impl Grid<'_> {
    fn cells(&self, row: usize, column: Column) -> impl Iterator<Item = Span> {
        let cells = self.table.rows.get(row).map_or(&[][..], Vec::as_slice);
        cells
            .iter()
            .zip(&self.columns)
            .filter(move |(c, k)| **k == column && c.span.start < c.span.end)
            .map(|(c, _)| c.span)
    }

    /// The place of a row; None where it has none of its own.
    fn row(&self, doc: &Doc, row: usize) -> Option<Row> {
        let text = doc.text();
        let range = |span: Span| words::trim(text, doc.fold.range(span));
        let others: Vec<Span> = self.cells(row, Column::Other).collect();
        let mut spot = Spot::default();
        let mut place = None;
        for cell in self.cells(row, Column::Name) {
            // A sentence that fills the whole row is no place.
            if others.contains(&cell) {
                return None;
            }
            if let Some(found) = address::read(doc, range(cell), true) {
                place.get_or_insert(cell);
                spot.name = spot.name.or(found.name);
                spot.address = spot.address.or(found.address);
                spot.phones.extend(found.phones);
            }
        }
        for cell in self.cells(row, Column::Address) {
            if Some(cell) == place {
                continue;
            }
            let found = address::read(doc, range(cell), false);
            let named = spot.name.is_some();
            let found = found.unwrap_or_default();
            if !named && found.name.is_some() {
                spot.name = found.name;
                spot.address = spot.address.or(found.address);
            } else if found.address.is_some() {
                spot.address = spot.address.or(found.address);
            } else if doc.fold.of(cell).chars().count() > 2 && spot.address.is_none() {
                spot.address = Some(range(cell));
            }
            spot.phones.extend(found.phones);
            place.get_or_insert(cell);
        }
        for cell in self.cells(row, Column::Phone) {
            spot.phones.extend(phone::within(doc, doc.fold.range(cell)));
        }
        let cells = self.table.rows.get(row)?;
        let whole = cells
            .iter()
            .map(|c| c.span)
            .filter(|s| s.start < s.end)
            .reduce(Span::join)?;
        (spot.name.is_some() || spot.address.is_some()).then_some(Row {
            scope: self.cells(row, Column::Scope).next().map(range),
            spot,
            range: doc.fold.range(whole),
            cell: place?,
        })
    }
}

/// A row with its label in front.
struct Label {
    row: usize,
    column: Column,
    /// Whether it announces a time.
    timed: bool,
    /// The cells behind the label, merged ones once.
    cells: Vec<Span>,
}

/// What is known of a table: its columns, or the labels in its first column.
enum Known<'a> {
    Grid(Grid<'a>),
    Labels(Vec<Label>),
}

/// All tables of a notice, each looked at once.
pub(super) struct Tables<'a>(Vec<Known<'a>>);

impl<'a> Tables<'a> {
    /// Finds columns and labels.
    pub(super) fn new(doc: &Doc<'a>) -> Tables<'a> {
        let known = |table| match grid(doc, table) {
            Some(grid) => Known::Grid(grid),
            None => Known::Labels(labelled(doc, table)),
        };
        Tables(doc.article.tables.iter().map(known).collect())
    }

    /// Whether a unit is a row of a table in which some column answers to `column`, or whose label
    /// does: such rows are read by their cells, all others as prose.
    pub(super) fn ruled(&self, kind: BlockKind, column: fn(Column) -> bool) -> bool {
        let BlockKind::Row { table, row } = kind else {
            return false;
        };
        self.0.get(table).is_some_and(|t| match t {
            Known::Grid(grid) => grid.columns.iter().any(|c| column(*c)),
            Known::Labels(labels) => labels.iter().any(|l| l.row == row && column(l.column)),
        })
    }

    /// Cells of a row that say what held before a correction.
    pub(super) fn outdated(&self, kind: BlockKind) -> Vec<Span> {
        let BlockKind::Row { table, row } = kind else {
            return Vec::new();
        };
        match self.0.get(table) {
            Some(Known::Grid(grid)) => grid.cells(row, Column::Old).collect(),
            _ => Vec::new(),
        }
    }
}

/// The places of all tables, in order. Rows that share one merged cell are one place.
pub(super) fn rows(doc: &Doc, tables: &Tables) -> Vec<Row> {
    let mut out: Vec<Row> = Vec::new();
    for known in &tables.0 {
        let grid = match known {
            Known::Grid(grid) => grid,
            Known::Labels(labels) => {
                out.extend(single(doc, labels));
                continue;
            }
        };
        for index in grid.first..grid.table.rows.len() {
            let Some(row) = grid.row(doc, index) else {
                continue;
            };
            match out.last_mut() {
                Some(last) if last.cell == row.cell => {
                    if let (Some(a), Some(b)) = (&mut last.scope, row.scope) {
                        a.end = a.end.max(b.end);
                    }
                    last.range.end = last.range.end.max(row.range.end);
                }
                _ => out.push(row),
            }
        }
    }
    out
}

/// Cells that list papers, in order, each with the cell beside it that says who brings them.
pub(super) fn papers(tables: &Tables) -> Vec<(Span, Option<Span>)> {
    let mut out = Vec::new();
    for known in &tables.0 {
        let labels = match known {
            Known::Grid(grid) => {
                for row in grid.first..grid.table.rows.len() {
                    out.extend(grid.cells(row, Column::Papers).map(|cell| (cell, None)));
                }
                continue;
            }
            Known::Labels(labels) => labels,
        };
        for Label { column, cells, .. } in labels {
            if let (Column::Papers, Some(last)) = (column, cells.last()) {
                let group = cells.len().checked_sub(2).and_then(|i| cells.get(i));
                out.push((*last, group.copied()));
            }
        }
    }
    out.dedup();
    out
}

/// Rows of a table that has its labels in the first column.
fn labelled(doc: &Doc, table: &Table) -> Vec<Label> {
    let read = |(row, cells): (usize, &Vec<Cell>)| {
        let mut cells: Vec<Span> = cells.iter().map(|c| c.span).collect();
        cells.dedup();
        let label = doc.fold.of(*cells.first()?).trim();
        let column = kind(label);
        (label.chars().count() <= 8).then(|| Label {
            row,
            column,
            timed: label.contains('时'),
            cells: cells.split_off(1),
        })
    };
    table.rows.iter().enumerate().filter_map(read).collect()
}

/// Whether a table of two columns tells one thing after the other: a label, and what it says.
fn told_by_labels(doc: &Doc, table: &Table) -> bool {
    let labels = labelled(doc, table);
    let told = |kinds: &[Column]| labels.iter().any(|l| kinds.contains(&l.column));
    let timed = labels.iter().any(|l| l.timed);
    let kinds = [
        told(&[Column::Papers]),
        told(&[Column::Phone]),
        told(&[Column::Name, Column::Address]),
        timed,
    ];
    let narrow = table.rows.iter().all(|r| r.len() == 2);
    narrow && labels.len() == table.rows.len() && kinds.iter().filter(|k| **k).count() > 1
}

/// The one place of a table that has its labels in the first column.
fn single(doc: &Doc, labels: &[Label]) -> Option<Row> {
    let mut spot = Spot::default();
    let mut at = None;
    for Label { column, cells, .. } in labels {
        let (column, Some(cell)) = (*column, cells.last()) else {
            continue;
        };
        let range = words::trim(doc.text(), doc.fold.range(*cell));
        if matches!(column, Column::Name | Column::Address)
            && let Some(found) = address::read(doc, range, column == Column::Name)
        {
            spot.name = spot.name.or(found.name);
            spot.address = spot.address.or(found.address);
            spot.phones.extend(found.phones);
            at.get_or_insert(*cell);
        } else if column == Column::Phone {
            spot.phones
                .extend(phone::within(doc, doc.fold.range(*cell)));
        }
    }
    let cell = at?;
    Some(Row {
        scope: None,
        spot,
        range: doc.fold.range(cell),
        cell,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_tell_columns() {
        for (header, want) in [
            ("州（市）", Column::Scope),
            ("报名点", Column::Scope),
            ("省辖市", Column::Scope),
            ("领取起始时间", Column::Other),
            ("领取地点及地址", Column::Name),
            ("发证机构", Column::Name),
            ("详细地址", Column::Address),
            ("联系方式", Column::Phone),
            ("需带", Column::Papers),
            ("原内容", Column::Old),
            ("考试时间", Column::Other),
        ] {
            assert_eq!(kind(&super::super::fold(header)), want, "{header}");
        }
    }
}
