//! What a person means by a word: an exam, a sitting, a region. A word that names none is told in
//! one line that offers what there is.

use crate::model::{Catalog, Exam, Region, Sitting};

/// The exam of this id, name or alias, or in which this qualification is earned.
///
/// # Errors
/// One line for people, which names what there is.
pub fn exam<'a>(catalog: &'a Catalog, word: &str) -> Result<&'a Exam, String> {
    let word = word.trim();
    let means = |e: &&Exam| {
        let names = [&e.id, &e.name].into_iter().chain(&e.aliases);
        let mut names = names.chain(&e.qualifications);
        names.any(|n| n.eq_ignore_ascii_case(word))
    };
    catalog.exams.iter().find(means).ok_or_else(|| {
        let known: Vec<String> = catalog
            .exams
            .iter()
            .map(|e| match e.aliases.first() {
                Some(alias) => format!("{} ({alias})", e.id),
                None => e.id.clone(),
            })
            .collect();
        format!(
            "no exam or qualification `{word}`; known are {}",
            known.join(", ")
        )
    })
}

/// The sitting of this id, of that exam.
///
/// # Errors
/// One line for people, which names what there is.
pub fn sitting<'a>(catalog: &'a Catalog, exam: &str, word: &str) -> Result<&'a Sitting, String> {
    let word = word.trim();
    let own = || catalog.sittings.iter().filter(|s| s.exam == exam);
    let found = own().find(|s| s.id.eq_ignore_ascii_case(word));
    found.ok_or_else(|| format!("no sitting `{word}`; {}", sittings(catalog, exam)))
}

/// `known are 2026H1, 2026H2`
pub fn sittings(catalog: &Catalog, exam: &str) -> String {
    let own = catalog.sittings.iter().filter(|s| s.exam == exam);
    let ids: Vec<&str> = own.map(|s| s.id.as_str()).collect();
    match ids.is_empty() {
        true => format!("no sitting of {exam} is known"),
        false => format!("known are {}", ids.join(", ")),
    }
}

/// The region of this code, short, full or traditional name, or pinyin.
///
/// # Errors
/// One line for people, which offers the nearest names.
pub fn region<'a>(catalog: &'a Catalog, word: &str) -> Result<&'a Region, String> {
    catalog.region(word).ok_or_else(|| {
        let regions = catalog.regions.iter();
        let names = regions.flat_map(|r| [&r.name, &r.pinyin]);
        format!(
            "no region `{word}`; {}",
            nearest(word, names.map(String::as_str))
        )
    })
}

/// `did you mean a, b or c?`, by edit distance over characters; a hint to list all sources where
/// nothing is near.
pub fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> String {
    near(word, names).unwrap_or_else(|| "`lingzheng sources` lists them".into())
}

/// `did you mean a, b or c?`; None where nothing is near.
pub fn near<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut near: Vec<(usize, &str)> = names.map(|n| (distance(word, n), n)).collect();
    near.sort();
    near.dedup();
    let close = |d: usize, name: &str| d <= 1 + name.chars().count() / 3 || name.contains(word);
    let names: Vec<&str> = near
        .iter()
        .filter(|(d, n)| close(*d, n))
        .take(3)
        .map(|(_, n)| *n)
        .collect();
    (!names.is_empty()).then(|| format!("did you mean {}?", names.join(", ")))
}

/// Levenshtein distance over characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.to_lowercase().chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or(0);
            let cost = (diagonal + usize::from(ca != *cb))
                .min(above + 1)
                .min(left + 1);
            diagonal = above;
            left = cost;
            if let Some(cell) = row.get_mut(j + 1) {
                *cell = cost;
            }
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
    fn a_typing_error_finds_its_region() {
        let names = ["广东", "guangdong", "广西", "guangxi"];
        assert_eq!(
            nearest("guandong", names.into_iter()),
            "did you mean guangdong?"
        );
        assert_eq!(
            nearest("火星", names.into_iter()),
            "`lingzheng sources` lists them"
        );
    }

    #[test]
    fn a_region_is_found_by_every_name() {
        let families = crate::adapter::Families::builtin();
        let names: Vec<String> = families.names().iter().map(|n| n.to_string()).collect();
        let catalog = crate::config::load_catalog(crate::config::BUILTIN, None, &names).unwrap();
        for (words, id) in [
            (
                "gx 45 450000 广西 廣西 广西壮族自治区 廣西壯族自治區 guangxi GuangXi",
                "gx",
            ),
            ("bj 11 110000 北京 北京市 beijing Peking", "bj"),
            ("xm 3502 350200 厦门 廈門 厦门市 xiamen Amoy", "xm"),
            ("cq 50 500000 重庆 重慶 重庆市 chongqing", "cq"),
        ] {
            for word in words.split(' ') {
                let found = region(&catalog, word).map(|r| r.id.as_str());
                assert_eq!(found, Ok(id), "{word}");
            }
        }
        for word in ["", "00", "000000", "990000", "江"] {
            assert!(region(&catalog, word).is_err(), "{word}");
        }
    }
}
