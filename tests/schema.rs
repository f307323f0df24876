//! What is published holds what its JSON Schema says: every event of the demo's five rounds and
//! every reading in it, checked as printed by the program.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use regex::Regex;
use serde_json::{Value, json};
use std::process::Command;

fn lingzheng(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_lingzheng"))
        .args(args)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{args:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// The part of JSON Schema 2020-12 that our schemas use. A keyword that it does not know is a
/// failure: nothing may pass because it was not looked at.
struct Checker {
    roots: Vec<Value>,
}

impl Checker {
    fn check(&self, value: &Value, node: &Value, root: &Value, path: &str, out: &mut Vec<String>) {
        for (word, rule) in node.as_object().unwrap() {
            let good = match word.as_str() {
                "$ref" => {
                    let name = rule.as_str().unwrap();
                    let (root, node) = match name.strip_prefix('#') {
                        Some(pointer) => (root, root.pointer(pointer).unwrap()),
                        None => {
                            let known = self.roots.iter().find(|r| r["$id"] == *rule).unwrap();
                            (known, known)
                        }
                    };
                    self.check(value, node, root, path, out);
                    true
                }
                "anyOf" => rule.as_array().unwrap().iter().any(|branch| {
                    let mut inner = Vec::new();
                    self.check(value, branch, root, path, &mut inner);
                    inner.is_empty()
                }),
                "type" => match rule {
                    Value::Array(words) => words.iter().any(|w| is(value, w)),
                    word => is(value, word),
                },
                "const" => value == rule,
                "enum" => rule.as_array().unwrap().contains(value),
                "minimum" => value.as_f64().is_none_or(|n| n >= rule.as_f64().unwrap()),
                "pattern" => {
                    let pattern = Regex::new(rule.as_str().unwrap()).unwrap();
                    value.as_str().is_none_or(|s| pattern.is_match(s))
                }
                "format" => value.as_str().is_none_or(|s| match rule.as_str().unwrap() {
                    "date" => s.parse::<jiff::civil::Date>().is_ok() && s.len() == 10,
                    "date-time" => s.parse::<jiff::Timestamp>().is_ok(),
                    other => panic!("format {other}"),
                }),
                "required" => {
                    let keys = rule.as_array().unwrap().iter();
                    let keys: Vec<&str> = keys.map(|k| k.as_str().unwrap()).collect();
                    value
                        .as_object()
                        .is_none_or(|map| keys.iter().all(|k| map.contains_key(*k)))
                }
                "properties" => {
                    for (key, inner) in value.as_object().into_iter().flatten() {
                        if let Some(node) = rule.get(key) {
                            self.check(inner, node, root, &format!("{path}/{key}"), out);
                        }
                    }
                    true
                }
                "additionalProperties" => {
                    let known = |key: &str| node["properties"].get(key).is_some();
                    for (key, inner) in value.as_object().into_iter().flatten() {
                        let path = format!("{path}/{key}");
                        match rule {
                            _ if known(key) => {}
                            Value::Bool(allowed) if !allowed => out.push(format!("{path} is new")),
                            Value::Bool(_) => {}
                            node => self.check(inner, node, root, &path, out),
                        }
                    }
                    true
                }
                "items" => {
                    for (i, inner) in value.as_array().into_iter().flatten().enumerate() {
                        self.check(inner, rule, root, &format!("{path}/{i}"), out);
                    }
                    true
                }
                "$schema" | "$id" | "$defs" | "title" | "description" => true,
                other => panic!("the checker does not know `{other}`"),
            };
            if !good {
                out.push(format!("{path}: {word} {rule} does not hold for {value}"));
            }
        }
    }

    fn errors(&self, value: &Value, root: &Value) -> Vec<String> {
        let mut out = Vec::new();
        self.check(value, root, root, "", &mut out);
        out
    }
}

fn is(value: &Value, word: &Value) -> bool {
    match word.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("type {other}"),
    }
}

#[test]
fn every_event_and_reading_of_the_demo() {
    let dir = tempfile::tempdir().unwrap();
    let keep = dir.path().to_str().unwrap();
    lingzheng(&["demo", "--keep", keep]);
    let db = dir.path().join("lingzheng.db");
    let schema = |name: &str| serde_json::from_str::<Value>(&lingzheng(&["schema", name])).unwrap();
    let (event, facts) = (schema("event"), schema("facts"));
    let checker = Checker {
        roots: vec![event.clone(), facts.clone()],
    };
    let with = |args: &[&str]| lingzheng(&[&["--db", db.to_str().unwrap()], args].concat());

    let mut count = 0;
    for line in with(&["changes", "--all", "--limit", "1000", "--format", "jsonl"]).lines() {
        let value = serde_json::from_str(line).unwrap();
        assert_eq!(checker.errors(&value, &event), [""; 0]);
        count += 1;
    }
    assert!(count > 10, "{count} events");
    let feed: Value =
        serde_json::from_str(&with(&["export", "jsonfeed", "--exam", "all"])).unwrap();
    let items = feed["items"].as_array().unwrap();
    let readings = items.iter().map(|i| &i["_lingzheng"]["facts"]);
    let readings: Vec<&Value> = readings.filter(|f| !f.is_null()).collect();
    for reading in &readings {
        assert_eq!(checker.errors(reading, &facts), [""; 0]);
    }
    assert!(readings.len() > 10, "{} readings", readings.len());

    // The checker does look.
    let mut bad = readings[0].clone();
    bad["kind"] = json!("rumour");
    bad["phones"] = json!([1]);
    assert_eq!(checker.errors(&bad, &facts).len(), 2);
}
