//! Tables into values: serde names the vocabulary, this file finds every key that does not fit.

use super::node::{Entry, Node, Table};
use super::report::{Report, show};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

/// The names that a value of this type may be written with.
pub(super) fn names<T: Serialize>(template: &T) -> Vec<String> {
    fields(template).keys().cloned().collect()
}

fn fields<T: Serialize>(template: &T) -> Map<String, Json> {
    match serde_json::to_value(template) {
        Ok(Json::Object(map)) => map,
        _ => Map::new(),
    }
}

/// Reports keys that are none of `known`.
pub(super) fn unknown(table: &Table, known: &[String], what: &str, report: &mut Report<'_>) {
    for (name, entry) in table {
        if !known.contains(name) {
            let words = known.iter().map(String::as_str);
            let near = if report.is_full() {
                None
            } else {
                nearest(name, words)
            };
            report.add(
                entry.node.file,
                entry.key.clone(),
                format!("unknown key `{}` in {what}", show(name)),
                near.map_or(String::new(), |n| format!("did you mean `{n}`?")),
            );
        }
    }
}

/// Reads the keys of `T` from a table, over a template whose values hold for keys that are left
/// out. Keys of other names are left to [`unknown`]; a value that does not fit is reported and
/// the template's kept.
pub(super) fn fill<T>(table: &Table, template: T, skip: &[&str], report: &mut Report<'_>) -> T
where
    T: Serialize + DeserializeOwned,
{
    let base = fields(&template);
    let mine: Vec<(&String, &Entry)> = table
        .iter()
        .filter(|(k, _)| base.contains_key(*k) && !skip.contains(&k.as_str()))
        .collect();
    let mut whole = base.clone();
    let mut fits = true;
    for (name, entry) in &mine {
        match entry.node.json() {
            Some(json) => drop(whole.insert((*name).clone(), json)),
            None => fits = false,
        }
    }
    if fits && let Ok(value) = serde_json::from_value(Json::Object(whole)) {
        return value;
    }
    one_by_one(&mine, base, report).unwrap_or(template)
}

/// The slow way, to find out which key it is.
fn one_by_one<T: DeserializeOwned>(
    mine: &[(&String, &Entry)],
    base: Map<String, Json>,
    report: &mut Report<'_>,
) -> Option<T> {
    let mut good = base.clone();
    for (name, Entry { node, .. }) in mine {
        let Some(json) = node.json() else {
            wrong(node, name, "not a number that can be used", report);
            continue;
        };
        let mut single = base.clone();
        single.insert((*name).clone(), json.clone());
        match serde_json::from_value::<T>(Json::Object(single)) {
            Ok(_) => drop(good.insert((*name).clone(), json)),
            Err(error) => wrong(node, name, &error.to_string(), report),
        }
    }
    serde_json::from_value(Json::Object(good)).ok()
}

fn wrong(node: &Node, name: &str, why: &str, report: &mut Report<'_>) {
    let why: String = why.chars().filter(|c| !c.is_control()).take(200).collect();
    report.add(node.file, node.span.clone(), format!("`{name}`: {why}"), "");
}

/// The known word that a person most likely meant; None where none is near.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > 40 {
        return None;
    }
    let most = if length < 4 { 1 } else { length.div_ceil(3) };
    known
        .filter(|k| k.chars().count().abs_diff(length) <= most)
        .map(|k| (distance(word, k), k))
        .filter(|(d, _)| *d <= most)
        .min_by_key(|(d, _)| *d)
        .map(|(_, k)| k)
}

/// Levenshtein's distance in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (y, above) in b.iter().zip(row.iter_mut().skip(1)) {
            let here = (diagonal + usize::from(x != *y))
                .min(left + 1)
                .min(*above + 1);
            diagonal = std::mem::replace(above, here);
            left = here;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word() {
        let known = ["entry", "exams", "key", "kind", "link"];
        for (typed, meant) in [
            ("entri", Some("entry")),
            ("exam", Some("exams")),
            ("kin", Some("kind")),
            ("lnik", Some("link")),
            ("selector", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, known.into_iter()), meant, "{typed}");
        }
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "ab"), 2);
        assert_eq!(distance("人事", "人社"), 1);
    }
}
