//! Facts against labels, field by field: right, wanted and got, as F1.

use lingzheng::model::Article;
use serde_json::Value;
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// Right, wanted and got for one field, with its misses.
#[derive(Default)]
struct Tally {
    right: usize,
    wanted: usize,
    got: usize,
    misses: Vec<String>,
}

impl Tally {
    /// A field with exactly one value.
    fn one(&mut self, doc: &str, want: &Value, got: &Value) {
        self.wanted += 1;
        self.got += 1;
        match want == got {
            true => self.right += 1,
            false => self.misses.push(format!("{doc}  want {want}  got {got}")),
        }
    }

    /// Pairs items one to one, best first; returns the pairs.
    fn pair<'a>(
        &mut self,
        doc: &str,
        want: &'a [Value],
        got: &'a [Value],
        same: impl Fn(&Value, &Value) -> u32,
    ) -> Vec<(&'a Value, &'a Value)> {
        let mut pairs = Vec::new();
        for (i, w) in want.iter().enumerate() {
            for (j, g) in got.iter().enumerate() {
                pairs.push((std::cmp::Reverse(same(w, g)), i, j));
            }
        }
        pairs.retain(|(s, ..)| s.0 > 0);
        pairs.sort();
        let (mut used_w, mut used_g) = (vec![false; want.len()], vec![false; got.len()]);
        let mut out = Vec::new();
        for (_, i, j) in pairs {
            if !used_w[i] && !used_g[j] {
                (used_w[i], used_g[j]) = (true, true);
                out.push((&want[i], &got[j]));
            }
        }
        self.right += out.len();
        self.wanted += want.len();
        self.got += got.len();
        let left = |used: &[bool], list: &[Value], what: &str| {
            used.iter()
                .zip(list)
                .filter(|(used, _)| !**used)
                .map(|(_, v)| format!("{doc}  {what}  {v}"))
                .collect::<Vec<_>>()
        };
        self.misses.extend(left(&used_w, want, "missed"));
        self.misses.extend(left(&used_g, got, "extra "));
        out
    }

    fn f1(&self) -> f64 {
        match self.wanted + self.got {
            0 => 1.0,
            n => 2.0 * self.right as f64 / n as f64,
        }
    }
}

/// Figures over a corpus.
#[derive(Default)]
pub(crate) struct Scores {
    fields: BTreeMap<&'static str, Tally>,
}

/// No white space, no punctuation, full-width forms folded.
fn loose(text: &str) -> String {
    text.nfkc()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn tight(text: &str) -> String {
    text.nfkc()
        .filter(|c| !c.is_whitespace() && *c != '\u{200b}')
        .collect()
}

fn digits(text: &str) -> String {
    text.nfkc().filter(char::is_ascii_digit).collect()
}

/// Dice overlap of character bigrams, or one inside the other.
fn alike(a: &str, b: &str, at_least: f64) -> bool {
    let (a, b) = (loose(a), loose(b));
    if a.is_empty() || b.is_empty() || a == b {
        return a == b;
    }
    let short = a.chars().count().min(b.chars().count());
    if short >= 4 && (a.contains(&b) || b.contains(&a)) {
        return true;
    }
    let bigrams = |s: &str| {
        let chars: Vec<char> = s.chars().collect();
        let mut out: BTreeMap<String, usize> = BTreeMap::new();
        for pair in chars.windows(2) {
            *out.entry(pair.iter().collect()).or_default() += 1;
        }
        if out.is_empty() {
            out.insert(s.to_string(), 1);
        }
        out
    };
    let (x, y) = (bigrams(&a), bigrams(&b));
    let common: usize = x.iter().map(|(k, n)| *n.min(y.get(k).unwrap_or(&0))).sum();
    let total: usize = x.values().sum::<usize>() + y.values().sum::<usize>();
    2.0 * common as f64 / total as f64 >= at_least
}

fn text(v: &Value) -> &str {
    v.as_str().unwrap_or("")
}

fn list(v: &Value) -> &[Value] {
    v.as_array().map_or(&[], Vec::as_slice)
}

fn carrier(v: &Value) -> String {
    let name: String = text(v).nfkc().collect::<String>().to_uppercase();
    let ems = ["EMS", "特快", "速递", "专递"]
        .iter()
        .any(|w| name.contains(w));
    match () {
        () if ems && !name.contains("顺丰") => "EMS".into(),
        () if name.contains("邮政") || name.contains("邮局") => "中国邮政".into(),
        () => loose(&name),
    }
}

fn numbers(list: &[Value]) -> Vec<Value> {
    let mut out: Vec<String> = list.iter().map(|p| digits(text(p))).collect();
    out.sort();
    out.dedup();
    out.into_iter().map(Value::String).collect()
}

fn same_number(w: &Value, g: &Value) -> u32 {
    let (w, g) = (text(w), text(g));
    u32::from(w == g || (w.len().min(g.len()) >= 7 && (w.contains(g) || g.contains(w))))
}

impl Scores {
    fn at(&mut self, field: &'static str) -> &mut Tally {
        self.fields.entry(field).or_default()
    }

    /// The figure of a field.
    pub(crate) fn figure(&self, field: &str) -> Option<f64> {
        self.fields.get(field).map(Tally::f1)
    }

    /// Every miss of a field.
    pub(crate) fn misses(&self, field: &str) -> &[String] {
        self.fields.get(field).map_or(&[], |t| &t.misses)
    }

    /// Adds one notice.
    pub(crate) fn add(&mut self, doc: &str, gold: &Value, got: &Value, article: &Article) {
        self.at("kind").one(doc, &gold["kind"], &got["kind"]);
        self.at("published")
            .one(doc, &gold["published"], &got["published"]);
        let region = |v: &Value, k: &str| v["region"][k].clone();
        self.at("province")
            .one(doc, &region(gold, "province"), &region(got, "province"));
        self.at("city")
            .one(doc, &region(gold, "city"), &region(got, "city"));
        let title = |v: &Value| Value::String(loose(text(&v["title"])));
        self.at("title").one(doc, &title(gold), &title(got));
        self.at("exams")
            .pair(doc, list(&gold["exams"]), list(&got["exams"]), |w, g| {
                let same = alike(text(&w["name"]), text(&g["name"]), 0.7);
                u32::from(same && w["year"] == g["year"] && w["half"] == g["half"])
            });
        self.at("methods").pair(
            doc,
            list(&gold["methods"]),
            list(&got["methods"]),
            |w, g| u32::from(w == g),
        );
        self.windows(doc, gold, got, article);
        self.places(doc, gold, got);
        self.mail(doc, gold, got);
        for who in ["self", "proxy", "batch"] {
            let (w, g) = (list(&gold["materials"][who]), list(&got["materials"][who]));
            self.at("materials")
                .pair(doc, w, g, |w, g| u32::from(alike(text(w), text(g), 0.6)));
        }
        self.at("proxy_allowed")
            .one(doc, &gold["proxy_allowed"], &got["proxy_allowed"]);
        self.at("custody_years")
            .one(doc, &gold["custody_years"], &got["custody_years"]);
        let href = |v: &Value| text(&v["href"]).trim_start_matches("./").to_string();
        let files = (list(&gold["attachments"]), list(&got["attachments"]));
        let pairs = self.at("attachments").pair(doc, files.0, files.1, |w, g| {
            u32::from(!href(g).is_empty() && href(g).ends_with(&href(w)))
        });
        for (w, g) in pairs {
            if w.get("role").is_some() {
                self.at("attachment.role").one(doc, &w["role"], &g["role"]);
            }
        }
    }

    fn windows(&mut self, doc: &str, gold: &Value, got: &Value, article: &Article) {
        let key = |v: &Value| (v["method"].clone(), v["start"].clone(), v["end"].clone());
        let scope = |v: &Value| loose(text(&v["scope"]));
        let (w, g) = (list(&gold["windows"]), list(&got["windows"]));
        let pairs = self
            .at("windows")
            .pair(doc, w, g, |w, g| match key(w) == key(g) {
                true => 1 + u32::from(scope(w) == scope(g)),
                false => 0,
            });
        for (w, g) in pairs {
            let hours = |v: &Value| {
                let mut hours: Vec<String> =
                    list(&v["hours"]).iter().map(|h| text(h).into()).collect();
                hours.sort();
                Value::from(hours)
            };
            self.at("window.hours").one(doc, &hours(w), &hours(g));
            self.at("window.days").one(doc, &w["days"], &g["days"]);
            let (a, b) = (scope(w), scope(g));
            let same =
                a == b || (!a.is_empty() && !b.is_empty() && (a.contains(&b) || b.contains(&a)));
            let (want, have) = (w["scope"].clone(), g["scope"].clone());
            self.at("window.scope")
                .one(doc, &want, if same { &want } else { &have });
            for (field, name) in [
                ("start_time", "window.times"),
                ("end_time", "window.times"),
                ("estimate", "window.estimate"),
            ] {
                if w.get(field).is_some() {
                    self.at(name).one(doc, &w[field], &g[field]);
                }
            }
        }
        let seen = tight(&article.text);
        for window in g {
            let quote = tight(text(&window["quote"]));
            let found = Value::Bool(!quote.is_empty() && seen.contains(&quote));
            self.at("evidence").one(doc, &Value::Bool(true), &found);
        }
    }

    fn places(&mut self, doc: &str, gold: &Value, got: &Value) {
        let both = |w: &Value, g: &Value, k: &str| {
            !text(&w[k]).is_empty() && alike(text(&w[k]), text(&g[k]), 0.6)
        };
        let first = |v: &Value| {
            let name = text(&v["name"]);
            if name.is_empty() {
                text(&v["address"]).to_string()
            } else {
                name.to_string()
            }
        };
        let pairs =
            self.at("places")
                .pair(
                    doc,
                    list(&gold["places"]),
                    list(&got["places"]),
                    |w, g| match u32::from(both(w, g, "name")) + u32::from(both(w, g, "address")) {
                        0 => u32::from(alike(&first(w), &first(g), 0.6)),
                        n => n,
                    },
                );
        for (w, g) in pairs {
            let scope = |v: &Value| Value::String(loose(text(&v["scope"])));
            self.at("place.scope").one(doc, &scope(w), &scope(g));
            if w.get("level").is_some() {
                self.at("place.level").one(doc, &w["level"], &g["level"]);
            }
        }
        let phones = |v: &Value| {
            let all: Vec<Value> = list(&v["places"])
                .iter()
                .flat_map(|p| list(&p["phones"]).to_vec())
                .collect();
            numbers(&all)
        };
        self.at("phones")
            .pair(doc, &phones(gold), &phones(got), same_number);
        let enquiry = (
            numbers(list(&gold["phones"])),
            numbers(list(&got["phones"])),
        );
        self.at("enquiry")
            .pair(doc, &enquiry.0, &enquiry.1, same_number);
    }

    fn mail(&mut self, doc: &str, gold: &Value, got: &Value) {
        let offered = |v: &Value| Value::Bool(!v["mail"].is_null());
        self.at("mail").one(doc, &offered(gold), &offered(got));
        let (w, g) = (&gold["mail"], &got["mail"]);
        if w.is_null() {
            return;
        }
        self.at("mail.fee").one(doc, &w["fee"], &g["fee"]);
        let name = |v: &Value| Value::String(carrier(&v["carrier"]));
        self.at("mail.carrier").one(doc, &name(w), &name(g));
        let same = alike(text(&w["apply"]), text(&g["apply"]), 0.5);
        self.at("mail.apply").one(
            doc,
            &w["apply"],
            if same { &w["apply"] } else { &g["apply"] },
        );
    }
}

impl std::fmt::Display for Scores {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (name, t) in &self.fields {
            writeln!(
                f,
                "{name:16} {:.3}   right {:4}  wanted {:4}  got {:4}",
                t.f1(),
                t.right,
                t.wanted,
                t.got
            )?;
        }
        Ok(())
    }
}
