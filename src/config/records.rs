//! Exams, sittings and regions out of their blocks.

use super::fill::{fill, names, unknown};
use super::node::{Node, Table};
use super::report::Report;
use super::shape;
use crate::model::source::Lag;
use crate::model::{Exam, Region, Sitting};

/// Reports required keys that a block lacks.
pub(super) fn lacks(node: &Node, what: &str, required: &[&str], report: &mut Report<'_>) {
    for key in required {
        if node.get(key).is_none_or(|n| n.text() == Some("")) {
            report.add(
                node.file,
                node.span.clone(),
                format!("{what} lacks `{key}`"),
                "",
            );
        }
    }
}

/// An `[[exam]]`.
pub(super) fn exam(node: &Node, table: &Table, report: &mut Report<'_>) -> Exam {
    let template = Exam {
        id: String::new(),
        name: String::new(),
        aliases: Vec::new(),
        qualifications: Vec::new(),
    };
    lacks(node, "[[exam]]", &["name"], report);
    unknown(table, &names(&template), "[[exam]]", report);
    fill(table, template, &[], report)
}

/// A `[[sitting]]`.
pub(super) fn sitting(node: &Node, table: &Table, report: &mut Report<'_>) -> Sitting {
    let template = Sitting {
        exam: String::new(),
        id: String::new(),
        first: jiff::civil::Date::ZERO,
        last: None,
        basis: String::new(),
        not_held: Vec::new(),
    };
    lacks(node, "[[sitting]]", &["first", "basis"], report);
    unknown(table, &names(&template), "[[sitting]]", report);
    let sitting = fill(table, template, &[], report);
    if let (Some(last), Some(at)) = (sitting.last, node.get("last"))
        && last < sitting.first
    {
        report.add(at.file, at.span.clone(), "`last` lies before `first`", "");
    }
    sitting
}

/// A `[[region]]`.
pub(super) fn region(node: &Node, table: &Table, report: &mut Report<'_>) -> Region {
    let template = Region::default();
    lacks(
        node,
        "[[region]]",
        &["code", "name", "full", "pinyin"],
        report,
    );
    unknown(table, &names(&template), "[[region]]", report);
    let mut region = fill(table, template, &["lags"], report);
    region.lags = node
        .get("lags")
        .map_or(&[][..], Node::items)
        .iter()
        .map(|n| lag(n, report))
        .collect();
    if let Some(at) = node
        .get("tier")
        .filter(|_| !matches!(region.tier, None | Some(1..=3)))
    {
        report.add(at.file, at.span.clone(), "`tier` is 1, 2 or 3", "");
    }
    shape::hosts(node.get("domains"), report);
    region
}

fn lag(node: &Node, report: &mut Report<'_>) -> Lag {
    let template = Lag {
        sitting: String::new(),
        days: 0,
        basis: String::new(),
    };
    let Some(table) = node.table() else {
        report.add(node.file, node.span.clone(), "a lag is a table", "");
        return template;
    };
    lacks(node, "a lag", &["sitting", "days", "basis"], report);
    unknown(table, &names(&template), "a lag", report);
    fill(table, template, &[], report)
}
