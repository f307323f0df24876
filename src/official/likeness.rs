//! Which office a foreign host imitates, if any.

use super::{Catalog, Source, Trick};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// An office's registrable domain, taken apart.
struct Domain<'c> {
    source: &'c Source,
    /// `gxpta.com.cn`.
    name: &'c str,
    /// `gxpta`.
    label: &'c str,
    /// `com.cn`.
    suffix: &'c str,
}

/// Everything of the catalog that a host may be compared with.
pub(super) struct Names<'c> {
    domains: Vec<Domain<'c>>,
    hosts: Vec<(&'c Source, &'c str)>,
}

/// The office that is meant and the name that was compared.
type Meant<'c> = (&'c Source, &'c str);

impl<'c> Names<'c> {
    /// The hosts and domains of all offices and regions.
    pub(super) fn new(catalog: &'c Catalog) -> Names<'c> {
        let mut names = Names {
            domains: Vec::new(),
            hosts: Vec::new(),
        };
        for source in &catalog.sources {
            for host in &source.hosts {
                names.hosts.push((source, host));
                names.add(source, host);
            }
        }
        for region in &catalog.regions {
            let first = region.served_by.iter().filter_map(|id| catalog.source(id));
            if let Some(source) = first
                .clone()
                .find(|s| s.region == region.id)
                .or(first.clone().next())
            {
                for domain in &region.domains {
                    names.add(source, domain);
                }
            }
        }
        names
    }

    fn add(&mut self, source: &'c Source, host: &'c str) {
        if let Some(name) = psl::domain_str(host)
            && let Some((label, suffix)) = name.split_once('.')
            && !self.domains.iter().any(|d| d.name == name)
        {
            self.domains.push(Domain {
                source,
                name,
                label,
                suffix,
            });
        }
    }

    /// The office whose registrable domain this is.
    pub(super) fn owner(&self, domain: &str) -> Option<Meant<'c>> {
        let found = self.domains.iter().find(|d| d.name == domain)?;
        Some((found.source, found.name))
    }

    /// The trick by which a host that belongs to no office looks like one's. The office is None
    /// where it only poses as some government site.
    pub(super) fn imitated(&self, host: &str, domain: &str) -> Option<(Trick, Option<Meant<'c>>)> {
        let with = |(trick, meant)| (trick, Some(meant));
        let (shown, _) = idna::domain_to_unicode(host);
        if !shown.is_ascii() {
            return self.homograph(&shown).map(with);
        }
        if let Some(meant) = self.embedded(host) {
            return Some((Trick::Embedded, Some(meant)));
        }
        if let Some(found) = self
            .domains
            .iter()
            .find_map(|d| Some((trick(d, domain)?, (d.source, d.name))))
        {
            return Some(with(found));
        }
        let dashed = host.replace('-', ".");
        let poses = format!(".{dashed}.").contains(".gov.cn.") || host.contains("govcn");
        (poses && !host.ends_with(".gov.cn")).then_some((Trick::Embedded, None))
    }

    /// A host with look-alike letters. A name in real Chinese is none.
    fn homograph(&self, shown: &str) -> Option<(Trick, Meant<'c>)> {
        let plain = latin(shown);
        if let Some(meant) = self.hosts.iter().find(|(_, h)| *h == plain) {
            return Some((Trick::Homograph, *meant));
        }
        if let Some(meant) = psl::domain_str(&plain).and_then(|d| self.owner(d)) {
            return Some((Trick::Homograph, meant));
        }
        Some((Trick::Embedded, self.embedded(&plain)?))
    }

    /// A listed host or domain inside a longer host, dots kept or turned into dashes or dropped.
    fn embedded(&self, host: &str) -> Option<Meant<'c>> {
        let names = || {
            let domains = self.domains.iter().map(|d| (d.source, d.name));
            self.hosts.iter().copied().chain(domains)
        };
        let dotted = format!(".{}.", host.replace('-', "."));
        let inside = names().find(|(_, n)| dotted.contains(&format!(".{}.", n.replace('-', "."))));
        if inside.is_some() || !host.is_ascii() {
            return inside;
        }
        let letters = |name: &str| name.replace(['.', '-'], "");
        let glued = letters(host);
        names().find(|(_, n)| n.len() >= 10 && glued.contains(&letters(n)))
    }
}

/// How a registrable domain looks like an office's. Names under `gov.cn` are places (`hainan`),
/// which many honest names are like.
fn trick(office: &Domain<'_>, domain: &str) -> Option<Trick> {
    let (label, suffix) = domain.split_once('.')?;
    let known = office.label;
    if known.len() < 4 || office.suffix == "gov.cn" || suffix == "gov.cn" {
        return None;
    }
    if label == known {
        return Some(Trick::Suffix);
    }
    if digits(label) == digits(known) {
        return Some(Trick::Digits);
    }
    let parts = || label.split('-');
    if parts().count() > 1 && parts().any(|p| p == known || digits(p) == known) {
        return Some(Trick::Affix);
    }
    if known.len() >= 5 && label != known && label.len() <= known.len() + 8 {
        let glued = label.starts_with(known) || label.ends_with(known);
        if glued {
            return Some(Trick::Affix);
        }
    }
    let allowed = if known.len() >= 7 { 2 } else { 1 };
    // Under another suffix a near label is more often somebody else's honest name.
    (suffix == office.suffix && distance(label, known) <= allowed).then_some(Trick::Typo)
}

/// Digits and letter pairs as the letters that they look like.
fn digits(label: &str) -> String {
    let pairs = label.replace("rn", "m").replace("vv", "w");
    pairs
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | 'i' | '!' => 'l',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            '7' => 't',
            '8' => 'b',
            other => other,
        })
        .collect()
}

/// Letters of other scripts as the latin ones that they look like, accents dropped (a part of
/// Unicode's confusables, UTS #39).
fn latin(host: &str) -> String {
    host.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| match c {
            'а' | 'α' | 'ɑ' => 'a',
            'Ь' | 'ь' => 'b',
            'с' | 'ϲ' => 'c',
            'ԁ' => 'd',
            'е' | 'ҽ' => 'e',
            'ɡ' | 'ց' => 'g',
            'һ' | 'հ' => 'h',
            'і' | 'ι' | 'ı' => 'i',
            'ј' => 'j',
            'κ' | 'к' => 'k',
            'ӏ' | 'ⅼ' => 'l',
            'м' => 'm',
            'ո' | 'п' => 'n',
            'о' | 'ο' | 'օ' => 'o',
            'р' | 'ρ' => 'p',
            'ԛ' => 'q',
            'г' => 'r',
            'ѕ' => 's',
            'т' | 'τ' => 't',
            'υ' | 'ս' => 'u',
            'ν' | 'ѵ' => 'v',
            'ѡ' | 'ω' => 'w',
            'х' | 'χ' => 'x',
            'у' | 'γ' => 'y',
            other => other,
        })
        .collect()
}

/// Steps of inserting, dropping, changing or swapping letters (optimal string alignment). Labels
/// have at most 63 bytes.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<u8>, Vec<u8>) = (a.bytes().collect(), b.bytes().collect());
    let at = |row: &[usize], n: usize| row.get(n).copied().unwrap_or(usize::MAX / 2);
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best = (at(&last, j) + usize::from(x != y))
                .min(at(&last, j + 1) + 1)
                .min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_between_labels() {
        for (a, b, steps) in [
            ("gxpta", "gxpta", 0),
            ("gxpta", "gxtpa", 1),
            ("gxpta", "gxpt", 1),
            ("ruankao", "ruankeo", 1),
            ("ruankao", "raunkoa", 2),
            ("", "ab", 2),
        ] {
            assert_eq!(distance(a, b), steps, "{a} {b}");
        }
    }
}
