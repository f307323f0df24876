//! Facts against facts: one [`Delta`] for each difference, what matters most to a person first.

use crate::model::facts::{FileRef, Place, Window};
use crate::model::{Delta, Reading};
use serde::Serialize;
use serde_json::Value;

/// All differences of two readings of one notice, most important first. The publication date is
/// left out: editors save a page anew without changing it.
pub fn deltas(old: &Reading, new: &Reading) -> Vec<Delta> {
    let mut out = Out {
        old,
        new,
        deltas: Vec::new(),
    };
    out.windows();
    let (a, b) = (&old.facts, &new.facts);
    out.value("/kind", &a.kind, &b.kind);
    out.set("/methods", &a.methods, &b.methods);
    out.value("/proxy_allowed", &a.proxy_allowed, &b.proxy_allowed);
    out.places();
    out.set("/phones", &a.phones, &b.phones);
    out.set("/materials/self", &a.materials.own, &b.materials.own);
    out.set("/materials/proxy", &a.materials.proxy, &b.materials.proxy);
    out.set("/materials/batch", &a.materials.batch, &b.materials.batch);
    let (ma, mb) = (a.mail.as_ref(), b.mail.as_ref());
    out.value(
        "/mail/apply",
        &ma.and_then(|m| m.apply.as_ref()),
        &mb.and_then(|m| m.apply.as_ref()),
    );
    out.value(
        "/mail/fee",
        &ma.and_then(|m| m.fee),
        &mb.and_then(|m| m.fee),
    );
    out.value(
        "/mail/carrier",
        &ma.and_then(|m| m.carrier.as_ref()),
        &mb.and_then(|m| m.carrier.as_ref()),
    );
    out.value("/custody_years", &a.custody_years, &b.custody_years);
    out.set("/exams", &a.exams, &b.exams);
    out.files();
    out.value("/title", &a.title, &b.title);
    let mut deltas = out.deltas;
    deltas.sort_by_key(rank);
    deltas
}

/// What a difference means to a person: an earlier deadline comes first, a title last. Equal
/// ranks stay in the order of the facts.
fn rank(delta: &Delta) -> u8 {
    let path = delta.path.as_str();
    let Some(window) = path.strip_prefix("/windows/") else {
        return match path.split('/').nth(1) {
            Some("kind") => 4,
            Some("methods") => 5,
            Some("proxy_allowed") => 7,
            Some("places") => 8,
            Some("phones") => 9,
            Some("materials") => 10,
            Some("mail") => 11,
            _ => 12,
        };
    };
    // ISO dates compare as text.
    let earlier = delta.new.as_str() < delta.old.as_str() && !delta.new.is_null();
    match window.split_once('/').map(|(_, field)| field) {
        Some("end") if earlier => 0,
        None if delta.new.is_null() => 1,
        Some("end" | "end_time") => 2,
        Some("start" | "start_time") => 3,
        None => 3,
        Some(_) => 6,
    }
}

struct Out<'a> {
    old: &'a Reading,
    new: &'a Reading,
    deltas: Vec<Delta>,
}

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

/// The words that prove a pointer, or the nearest thing that holds it.
fn words<'a>(reading: &'a Reading, pointer: &str) -> &'a str {
    let mut at = pointer;
    loop {
        if let Some(evidence) = reading.evidence.get(at) {
            return &evidence.quote;
        }
        match at.rfind('/') {
            Some(cut) if cut > 0 => at = at.get(..cut).unwrap_or(""),
            _ => return "",
        }
    }
}

impl Out<'_> {
    fn push(&mut self, path: String, old: Value, new: Value, words: &str) {
        self.deltas.push(Delta {
            path,
            old,
            new,
            words: words.to_string(),
        });
    }

    fn value<T: PartialEq + Serialize>(&mut self, path: &str, old: &T, new: &T) {
        if old != new {
            let (o, n) = (json(old), json(new));
            let proof = if n.is_null() {
                words(self.old, path)
            } else {
                words(self.new, path)
            };
            let proof = proof.to_string();
            self.push(path.to_string(), o, n, &proof);
        }
    }

    /// Lists whose order means nothing. One gone and one come is one replaced.
    fn set<T: PartialEq + Serialize>(&mut self, path: &str, old: &[T], new: &[T]) {
        let gone: Vec<usize> = absent(old, new);
        let come: Vec<usize> = absent(new, old);
        let proof =
            |reading: &Reading, i: usize| words(reading, &format!("{path}/{i}")).to_string();
        let item = |list: &[T], i: usize| list.get(i).map_or(Value::Null, json);
        if let ([g], [c]) = (gone.as_slice(), come.as_slice()) {
            let w = proof(self.new, *c);
            return self.push(path.to_string(), item(old, *g), item(new, *c), &w);
        }
        for g in gone {
            let w = proof(self.old, g);
            self.push(path.to_string(), item(old, g), Value::Null, &w);
        }
        for c in come {
            let w = proof(self.new, c);
            self.push(path.to_string(), Value::Null, item(new, c), &w);
        }
    }

    fn windows(&mut self) {
        let (old, new) = (&self.old.facts.windows, &self.new.facts.windows);
        let same = |a: &Window, b: &Window| a.id.is_some() && a.id == b.id;
        for a in old.iter().filter(|a| !new.iter().any(|b| same(a, b))) {
            self.push(window_path(a, ""), json(a), Value::Null, &a.quote.clone());
        }
        for b in new {
            match old.iter().find(|a| same(a, b)) {
                None => self.push(window_path(b, ""), Value::Null, json(b), &b.quote.clone()),
                Some(a) => self.window(a, b),
            }
        }
    }

    fn window(&mut self, a: &Window, b: &Window) {
        let fields = [
            ("end", json(&a.end), json(&b.end)),
            ("start", json(&a.start), json(&b.start)),
            ("end_time", json(&a.end_time), json(&b.end_time)),
            ("start_time", json(&a.start_time), json(&b.start_time)),
            ("method", json(&a.method), json(&b.method)),
            ("days", json(&a.days), json(&b.days)),
            ("hours", json(&a.hours), json(&b.hours)),
            ("scope", json(&a.scope), json(&b.scope)),
        ];
        for (field, old, new) in fields {
            if old != new {
                self.push(window_path(b, field), old, new, &b.quote.clone());
            }
        }
    }

    /// Places are the same where scope and name are; a scope alone suffices where it is unique.
    fn places(&mut self) {
        let (old, new) = (&self.old.facts.places, &self.new.facts.places);
        let unique = |list: &[Place], p: &Place| {
            p.scope.is_some() && list.iter().filter(|q| q.scope == p.scope).count() == 1
        };
        let alone = old.len() == 1 && new.len() == 1;
        let same = |a: &Place, b: &Place| {
            alone
                || (a.scope == b.scope && (a.name == b.name || (unique(old, a) && unique(new, b))))
        };
        for (i, a) in old
            .iter()
            .enumerate()
            .filter(|(_, a)| !new.iter().any(|b| same(a, b)))
        {
            let w = words(self.old, &format!("/places/{i}")).to_string();
            self.push(format!("/places/{i}"), json(a), Value::Null, &w);
        }
        for (j, b) in new.iter().enumerate() {
            let path = format!("/places/{j}");
            let proof = words(self.new, &path).to_string();
            let Some(a) = old.iter().find(|a| same(a, b)) else {
                self.push(path, Value::Null, json(b), &proof);
                continue;
            };
            for (field, o, n) in [
                ("name", json(&a.name), json(&b.name)),
                ("address", json(&a.address), json(&b.address)),
                ("phones", json(&a.phones), json(&b.phones)),
            ] {
                if o != n {
                    self.push(format!("{path}/{field}"), o, n, &proof);
                }
            }
        }
    }

    /// Files are the same where their name is; another address under one name is a replaced file.
    fn files(&mut self) {
        let (old, new) = (&self.old.facts.attachments, &self.new.facts.attachments);
        let both = |f: &FileRef, list: &[FileRef]| list.iter().any(|g| g == f);
        let left = |list: &[FileRef], other: &[FileRef]| {
            list.iter()
                .enumerate()
                .filter(|(_, f)| !both(f, other))
                .map(|(i, f)| (i, f.clone()))
                .collect::<Vec<_>>()
        };
        let (mut gone, come) = (left(old, new), left(new, old));
        for (j, b) in come {
            let path = format!("/attachments/{j}");
            match gone.iter().position(|(_, a)| a.name == b.name) {
                Some(at) => {
                    let (_, a) = gone.remove(at);
                    if a.href != b.href {
                        self.push(
                            format!("{path}/href"),
                            a.href.into(),
                            b.href.clone().into(),
                            &b.name,
                        );
                    }
                }
                None => self.push(path, Value::Null, json(&b), &b.name),
            }
        }
        for (i, a) in gone {
            self.push(format!("/attachments/{i}"), json(&a), Value::Null, &a.name);
        }
    }
}

fn window_path(window: &Window, field: &str) -> String {
    let id = window.id.as_deref().unwrap_or("?");
    if field.is_empty() {
        format!("/windows/{id}")
    } else {
        format!("/windows/{id}/{field}")
    }
}

fn absent<T: PartialEq>(list: &[T], other: &[T]) -> Vec<usize> {
    list.iter()
        .enumerate()
        .filter(|(_, t)| !other.contains(t))
        .map(|(i, _)| i)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts::WindowMethod;
    use serde_json::json;

    fn reading(end: &str, phone: &str, paper: &[&str]) -> Reading {
        let mut r = Reading::default();
        r.facts.windows = vec![Window {
            id: Some("7-w1".into()),
            method: WindowMethod::Onsite,
            start: "2026-12-14".parse().ok(),
            end: end.parse().ok(),
            start_time: None,
            end_time: None,
            days: None,
            hours: vec!["09:00-11:30".into()],
            scope: None,
            estimate: false,
            quote: format!("12月14日至{end}"),
        }];
        r.facts.phones = vec![phone.into()];
        r.facts.materials.own = paper.iter().map(|p| p.to_string()).collect();
        r
    }

    #[test]
    fn every_difference_names_field_old_and_new_and_the_deadline_comes_first() {
        let old = reading("2026-12-25", "0771-5500001", &["身份证原件", "准考证"]);
        let new = reading("2026-12-20", "0771-5500002", &["身份证原件"]);
        let got: Vec<_> = deltas(&old, &new)
            .into_iter()
            .map(|d| (d.path, d.old, d.new))
            .collect();
        assert_eq!(
            got,
            [
                (
                    "/windows/7-w1/end".into(),
                    json!("2026-12-25"),
                    json!("2026-12-20")
                ),
                (
                    "/phones".into(),
                    json!("0771-5500001"),
                    json!("0771-5500002")
                ),
                ("/materials/self".into(), json!("准考证"), Value::Null),
            ]
        );
        assert_eq!(deltas(&old, &old), []);
    }

    #[test]
    fn a_withdrawn_window_outranks_an_added_one() {
        let old = reading("2026-12-25", "1", &[]);
        let mut new = old.clone();
        new.facts.windows[0].id = Some("7-w2".into());
        let got: Vec<_> = deltas(&old, &new)
            .into_iter()
            .map(|d| (d.path, d.new.is_null()))
            .collect();
        assert_eq!(
            got,
            [
                ("/windows/7-w1".into(), true),
                ("/windows/7-w2".into(), false)
            ]
        );
    }
}
