//! Which patterns of a table can match a text at all. Most rules of a table have no word in a given
//! text, so one pass that finds the words of all of them spares running each.
//!
//! The words are taken from the patterns themselves: a match of `由[^。]{1,9}(?:领取|发放)` holds 由,
//! and 领取 or 发放. A pattern of which nothing can be said is never left out.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex_syntax::hir::{Class, Hir, HirKind};
use std::collections::BTreeMap;

/// Most patterns of one table.
const ROWS: usize = 64;
/// Most strings that stand for one piece of a pattern.
const STRINGS: usize = 32;
/// Most things that are asked of a text for one pattern.
const CLAUSES: usize = 4;

/// The words of a table's patterns.
pub(super) struct Sieve {
    words: Option<AhoCorasick>,
    /// For each word: which clauses of which rows it fulfils.
    serves: Vec<Vec<(usize, u8)>>,
    /// For each row: all its clauses.
    whole: Vec<u8>,
}

/// The rows of a table that may match.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sifted(u64);

impl Sifted {
    /// Whether the row with this index may match.
    pub(super) fn has(self, row: usize) -> bool {
        row >= ROWS || self.0 & (1 << row) != 0
    }
}

impl Sieve {
    /// For patterns in the order of their rows.
    pub(super) fn new<'p>(patterns: impl Iterator<Item = &'p str>) -> Sieve {
        let mut known: BTreeMap<String, Vec<(usize, u8)>> = BTreeMap::new();
        let mut whole = Vec::new();
        for (row, pattern) in patterns.take(ROWS).enumerate() {
            let mut wanted = regex_syntax::parse(pattern).map_or(Vec::new(), |p| clauses(&p));
            wanted.sort_by_key(|c| (std::cmp::Reverse(shortest(c)), c.len()));
            wanted.truncate(CLAUSES);
            whole.push((0..wanted.len()).fold(0, |all, i| all | 1 << i));
            for (i, clause) in wanted.into_iter().enumerate() {
                for word in clause {
                    known.entry(word).or_default().push((row, 1 << i));
                }
            }
        }
        let words = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(known.keys());
        Sieve {
            words: words.ok(),
            serves: known.into_values().collect(),
            whole,
        }
    }

    /// The rows that may match this text; the others do not.
    pub(super) fn sift(&self, text: &str) -> Sifted {
        let Some(words) = &self.words else {
            return Sifted(u64::MAX);
        };
        let mut seen = [0u8; ROWS];
        for found in words.find_overlapping_iter(text) {
            for (row, clause) in self
                .serves
                .get(found.pattern().as_usize())
                .into_iter()
                .flatten()
            {
                if let Some(row) = seen.get_mut(*row) {
                    *row |= clause;
                }
            }
        }
        let rows = self.whole.iter().zip(seen).enumerate();
        Sifted(rows.fold(0, |out, (i, (whole, seen))| {
            out | u64::from(*whole == seen) << i
        }))
    }
}

fn shortest(clause: &[String]) -> usize {
    clause.iter().map(String::len).min().unwrap_or(0)
}

/// What every match holds: of each clause at least one string.
fn clauses(hir: &Hir) -> Vec<Vec<String>> {
    if let Some(strings) = exact(hir) {
        return whole(strings).into_iter().collect();
    }
    match hir.kind() {
        HirKind::Capture(group) => clauses(&group.sub),
        HirKind::Repetition(times) if times.min > 0 => clauses(&times.sub),
        HirKind::Alternation(ways) => {
            let best = |way: &Hir| clauses(way).into_iter().max_by_key(|c| shortest(c));
            let all: Option<Vec<Vec<String>>> = ways.iter().map(best).collect();
            all.map(|all| all.concat())
                .filter(|all| all.len() <= 4 * STRINGS)
                .into_iter()
                .collect()
        }
        HirKind::Concat(parts) => {
            let (mut out, mut run) = (Vec::new(), vec![String::new()]);
            for part in parts {
                let next = exact(part);
                let longer = next.as_ref().and_then(|n| product(&run, n));
                run = match (longer, next) {
                    (Some(longer), _) => longer,
                    (None, next) => {
                        out.extend(whole(run));
                        match next {
                            Some(next) => next,
                            None => {
                                out.extend(clauses(part));
                                vec![String::new()]
                            }
                        }
                    }
                };
            }
            out.extend(whole(run));
            out
        }
        _ => Vec::new(),
    }
}

/// Strings that can stand as a clause: an empty one among them says nothing.
fn whole(strings: Vec<String>) -> Option<Vec<String>> {
    (!strings.is_empty() && strings.iter().all(|s| !s.is_empty())).then_some(strings)
}

fn product(left: &[String], right: &[String]) -> Option<Vec<String>> {
    (left.len() * right.len() <= STRINGS).then(|| {
        let one = |l: &String| right.iter().map(|r| format!("{l}{r}")).collect::<Vec<_>>();
        left.iter().flat_map(one).collect()
    })
}

/// All strings that an expression matches, where they are few.
fn exact(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(vec![String::new()]),
        HirKind::Literal(words) => Some(vec![String::from_utf8(words.0.to_vec()).ok()?]),
        HirKind::Class(Class::Unicode(class)) => {
            let all = class.ranges().iter().flat_map(|r| r.start()..=r.end());
            let some: Vec<String> = all.take(STRINGS + 1).map(String::from).collect();
            (some.len() <= STRINGS).then_some(some)
        }
        HirKind::Class(Class::Bytes(_)) => None,
        HirKind::Repetition(times) if times.min == 0 && times.max == Some(1) => {
            let mut out = exact(&times.sub)?;
            out.push(String::new());
            Some(out)
        }
        HirKind::Repetition(_) => None,
        HirKind::Capture(group) => exact(&group.sub),
        HirKind::Concat(parts) => parts.iter().try_fold(vec![String::new()], |run, part| {
            product(&run, &exact(part)?)
        }),
        HirKind::Alternation(ways) => {
            let all: Option<Vec<Vec<String>>> = ways.iter().map(exact).collect();
            all.map(|all| all.concat())
                .filter(|all| all.len() <= STRINGS)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_asks_for_its_words() {
        for (pattern, want) in [
            ("领取|发放", &["发放|领取"][..]),
            (
                "(?:领取|领证)的?(?:地点|处)",
                &["领取地点|领取处|领取的地点|领取的处|领证地点|领证处|领证的地点|领证的处"],
            ),
            ("由[^。]{1,9}(?:领取|发放)", &["由", "发放|领取"]),
            ("邮寄|快递[^。]*费", &["快递|邮寄"]),
            ("^时间[:、]?$", &["时间|时间:|时间、"]),
            ("[^。]|领取", &[]),
            (r"\d{4}年", &["年"]),
            ("(?:领取)*", &[]),
        ] {
            let mut got: Vec<String> = clauses(&regex_syntax::parse(pattern).unwrap())
                .into_iter()
                .map(|mut c| {
                    c.sort();
                    c.join("|")
                })
                .collect();
            got.sort_by_key(|c| pattern.find(c.split('|').next().unwrap_or("")));
            assert_eq!(got, want, "{pattern}");
        }
    }

    #[test]
    fn what_lacks_a_word_is_left_out() {
        let patterns = ["由[^。]{1,9}(?:领取|发放)", "邮寄|快递", r"\d+"];
        let sieve = Sieve::new(patterns.into_iter());
        for (text, want) in [
            ("证书由市局发放", [true, false, true]),
            ("证书发放", [false, false, true]),
            ("可快递", [false, true, true]),
            ("", [false, false, true]),
        ] {
            let sifted = sieve.sift(text);
            assert_eq!([0, 1, 2].map(|row| sifted.has(row)), want, "{text}");
        }
    }
}
