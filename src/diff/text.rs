//! The words that changed, clause by clause: every Han character and every number is a token, so
//! that one digit shows as one number in its clause and never as a whole paragraph.

use crate::model::TextChange;
use crate::model::event::{Hunk, Piece, Tag};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::HashMap;

/// More tokens than this on one side of a replaced passage are shown whole: a finer comparison
/// of two unrelated texts tells nobody anything and its cost grows with their product.
const FINE: usize = 4000;

/// More lines than this between the first and the last that differ are compared without their order:
/// only a list of names is so long, and the cost of an order grows with the square. What has only
/// moved is no change there.
const LINES: usize = 3000;

/// Compares two texts. White space counts for nothing.
pub fn text_change(old: &str, new: &str) -> TextChange {
    let (a, b): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let keys = |lines: &[&str]| lines.iter().map(|l| tight(l)).collect::<Vec<_>>();
    let (ka, kb) = (keys(&a), keys(&b));
    let mut hunks = Vec::new();
    if differing(&ka, &kb) > LINES {
        passage(&missing(&a, &ka, &kb), &missing(&b, &kb, &ka), &mut hunks);
        return TextChange { hunks };
    }
    for op in capture_diff_slices(Algorithm::Patience, &ka, &kb) {
        if let DiffOp::Equal { .. } = op {
            continue;
        }
        let take = |lines: &[&str], range: std::ops::Range<usize>| {
            lines.get(range).unwrap_or(&[]).join("\n")
        };
        passage(
            &take(&a, op.old_range()),
            &take(&b, op.new_range()),
            &mut hunks,
        );
    }
    TextChange { hunks }
}

/// Lines from the first to the last that differ, on the side that has more of them.
fn differing(a: &[String], b: &[String]) -> usize {
    let least = a.len().min(b.len());
    let same = |(x, y): &(&String, &String)| x == y;
    let front = a.iter().zip(b).take_while(same).count();
    let back = a.iter().rev().zip(b.iter().rev()).take_while(same).count();
    a.len().max(b.len()) - front - back.min(least - front)
}

/// The lines of one side that the other does not have, or not so often.
fn missing(lines: &[&str], own: &[String], other: &[String]) -> String {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for key in other {
        *left.entry(key).or_default() += 1;
    }
    let gone = own.iter().zip(lines).filter(|(key, _)| {
        let known = left.get_mut(key.as_str()).filter(|n| **n > 0);
        known.map(|n| *n -= 1).is_none()
    });
    gone.map(|(_, line)| *line).collect::<Vec<_>>().join("\n")
}

fn tight(line: &str) -> String {
    line.split_whitespace().collect()
}

/// Compares one replaced passage token by token.
fn passage(old: &str, new: &str, hunks: &mut Vec<Hunk>) {
    let (a, b) = (tokens(old), tokens(new));
    if a.len().max(b.len()) > FINE || a.is_empty() || b.is_empty() {
        let mut hunk = Hunk { pieces: Vec::new() };
        push(&mut hunk, Tag::Old, old);
        push(&mut hunk, Tag::New, new);
        close(hunk, hunks);
        return;
    }
    let mut flat: Vec<(Tag, &str)> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &a, &b) {
        match op {
            DiffOp::Equal { .. } => flat.extend(
                a.get(op.old_range())
                    .unwrap_or(&[])
                    .iter()
                    .map(|t| (Tag::Same, *t)),
            ),
            _ => {
                flat.extend(
                    a.get(op.old_range())
                        .unwrap_or(&[])
                        .iter()
                        .map(|t| (Tag::Old, *t)),
                );
                flat.extend(
                    b.get(op.new_range())
                        .unwrap_or(&[])
                        .iter()
                        .map(|t| (Tag::New, *t)),
                );
            }
        }
    }
    let mut hunk = Hunk { pieces: Vec::new() };
    for run in phrases(&flat) {
        for (tag, token) in run {
            push(&mut hunk, tag, token);
            if tag == Tag::Same && ends_clause(token) {
                close(
                    std::mem::replace(&mut hunk, Hunk { pieces: Vec::new() }),
                    hunks,
                );
            }
        }
    }
    close(hunk, hunks);
}

/// Cuts a text into tokens: a number, a latin word, any other character; white space is dropped
/// except line breaks.
fn tokens(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() && c != '\n' && c != '\t' {
            continue;
        }
        let class = |c: char| (c.is_ascii_digit(), c.is_ascii_alphabetic());
        let mut end = start + c.len_utf8();
        if c.is_ascii_alphanumeric() {
            while let Some(&(at, n)) = chars.peek() {
                if class(n) != class(c) {
                    break;
                }
                end = at + n.len_utf8();
                chars.next();
            }
        }
        out.extend(text.get(start..end));
    }
    out
}

/// Groups single changes into phrases: a lone character that stays between two changes is shown
/// as changed with them, for `也可` against `不可` reads better than two letters.
fn phrases<'a>(flat: &[(Tag, &'a str)]) -> Vec<Vec<(Tag, &'a str)>> {
    let mut runs: Vec<Vec<(Tag, &str)>> = Vec::new();
    for &(tag, token) in flat {
        match runs.last_mut() {
            Some(run)
                if run
                    .first()
                    .is_some_and(|f| (f.0 == Tag::Same) == (tag == Tag::Same)) =>
            {
                run.push((tag, token))
            }
            _ => runs.push(vec![(tag, token)]),
        }
    }
    let lone = |run: &[(Tag, &str)]| {
        run.len() == 1
            && run
                .iter()
                .all(|(t, w)| *t == Tag::Same && w.chars().all(char::is_alphabetic))
    };
    let mut out: Vec<Vec<(Tag, &str)>> = Vec::new();
    let mut i = 0;
    while let Some(run) = runs.get(i) {
        let (before, after) = (i > 0, i + 1 < runs.len());
        if lone(run) && before && after {
            let word = run.first().map_or("", |r| r.1);
            let mut merged = out.pop().unwrap_or_default();
            merged.push((Tag::Old, word));
            merged.push((Tag::New, word));
            merged.extend(runs.get(i + 1).into_iter().flatten().copied());
            out.push(merged);
            i += 2;
        } else {
            out.push(run.clone());
            i += 1;
        }
    }
    for run in &mut out {
        // Old words first, then new ones, each in their order.
        run.sort_by_key(|(tag, _)| *tag == Tag::New);
    }
    out
}

fn ends_clause(token: &str) -> bool {
    matches!(
        token,
        "。" | "；" | "，" | "！" | "？" | "\n" | "\t" | ";" | ","
    )
}

fn push(hunk: &mut Hunk, tag: Tag, words: &str) {
    if words.is_empty() {
        return;
    }
    match hunk.pieces.last_mut() {
        Some(last) if last.tag == tag => last.text.push_str(words),
        _ => hunk.pieces.push(Piece {
            tag,
            text: words.to_string(),
        }),
    }
}

/// Keeps a clause that changed.
fn close(mut hunk: Hunk, hunks: &mut Vec<Hunk>) {
    if let Some(last) = hunk.pieces.last_mut() {
        last.text.truncate(last.text.trim_end().len());
    }
    hunk.pieces.retain(|p| !p.text.is_empty());
    if hunk.pieces.iter().any(|p| p.tag != Tag::Same) {
        hunks.push(hunk);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `[-old-]` and `{+new+}`, clauses joined by ` / `.
    fn show(old: &str, new: &str) -> String {
        let piece = |p: &Piece| match p.tag {
            Tag::Same => p.text.clone(),
            Tag::Old => format!("[-{}-]", p.text),
            Tag::New => format!("{{+{}+}}", p.text),
        };
        let hunk = |h: &Hunk| h.pieces.iter().map(piece).collect::<String>();
        text_change(old, new)
            .hunks
            .iter()
            .map(hunk)
            .collect::<Vec<_>>()
            .join(" / ")
    }

    #[test]
    fn a_digit_shows_as_one_number_in_its_clause() {
        let old = "一、领取时间\n2026年12月14日至12月25日，工作日上午。\n二、地点";
        let new = "一、领取时间\n2026年12月14日至12月28日，工作日上午。\n二、地点";
        assert_eq!(show(old, new), "2026年12月14日至12月[-25-]{+28+}日，");
    }

    #[test]
    fn words_are_grouped_and_lines_told_apart() {
        for (old, new, want) in [
            (
                "他人也可代领，须带证件。",
                "他人不可代领，须带证件。",
                "他人[-也-]{+不+}可代领，",
            ),
            ("甲\n乙", "甲\n丙\n乙", "{+丙+}"),
            ("甲\n丙\n乙", "甲\n乙", "[-丙-]"),
            ("甲 乙", "甲乙", ""),
            (
                "电话：0771-5500001。",
                "电话：0771-5500002。",
                "电话：0771-[-5500001-]{+5500002+}。",
            ),
            ("南宁\t12月1日\t甲", "南宁\t12月2日\t甲", "12月[-1-]{+2+}日"),
        ] {
            assert_eq!(show(old, new), want, "{old} → {new}");
        }
    }

    #[test]
    fn a_long_list_is_compared_without_its_order() {
        let list = |names: &[usize]| {
            names
                .iter()
                .map(|n| format!("第{n}名\n"))
                .collect::<String>()
        };
        let names: Vec<usize> = (0..LINES + 2).collect();
        let mut other: Vec<usize> = names.iter().rev().copied().collect();
        assert_eq!(show(&list(&names), &list(&other)), "");
        other.push(99_999);
        assert_eq!(show(&list(&names), &list(&other)), "{+第99999名+}");
        assert_eq!(
            show(&list(&names), &list(names.get(5..).unwrap()))
                .matches("名")
                .count(),
            5
        );
    }
}
