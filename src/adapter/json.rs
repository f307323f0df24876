//! Rows in JSON answers: dotted paths into values.

use super::row::{self, Draft};
use super::rules::ListRules;
use crate::model::source::JsonShape;
use crate::model::{Fault, Timestamp, Verdict, china_date};
use serde_json::Value;

/// Names under which answers count their rows.
const TOTALS: [&str; 6] = [
    "total",
    "totalCount",
    "total_count",
    "totalRecord",
    "recordCount",
    "totalElements",
];

fn api(detail: impl Into<String>) -> Fault {
    Fault::new(Verdict::Layout, "api", detail)
}

/// The answer as a value.
///
/// # Errors
/// An HTML page in place of JSON is a firewall's or a shell whose data is elsewhere (its address
/// is the fault's); anything else that does not parse is out of shape.
pub fn parse(raw: &str, url: &str) -> Result<Value, Fault> {
    let text = raw.trim_start_matches('\u{feff}').trim();
    if text.starts_with('<') {
        if let Some(endpoint) = super::unwrap::endpoint(raw, url) {
            let detail = "the rows are behind the address of the column's data";
            return Err(Fault::new(Verdict::Shell, "endpoint", detail).at(endpoint));
        }
        let detail = "the address of the data answers with an HTML page";
        return Err(Fault::new(Verdict::Blocked, "json_html", detail));
    }
    serde_json::from_str(text).map_err(|e| api(format!("the answer is no JSON: {e}")))
}

/// The value at a dotted path; a number picks from an array.
pub fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.')
        .filter(|s| !s.is_empty())
        .try_fold(value, |v, step| match v {
            Value::Object(map) => map.get(step),
            Value::Array(list) => list.get(step.parse::<usize>().ok()?),
            _ => None,
        })
}

/// The value at a path as text; None for null, arrays and objects.
pub fn text(value: &Value, path: &str) -> Option<String> {
    match at(value, path)? {
        Value::String(s) => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(b) => Some(b.to_string()),
        _ => None,
    }
}

/// Whether the answer says of itself that it is good (`code` may be a number or a string).
///
/// # Errors
/// A fault that quotes what it says instead.
pub fn check(value: &Value, shape: &JsonShape) -> Result<(), Fault> {
    let Some(path) = &shape.ok else {
        return Ok(());
    };
    let want = shape.ok_value.as_deref().unwrap_or("true");
    match text(value, path) {
        Some(said) if said == want => Ok(()),
        Some(said) => {
            let said: String = said.chars().take(40).collect();
            Err(api(format!("the answer says {path} = {said}, not {want}")))
        }
        None => Err(api(format!("the answer has no `{path}`"))),
    }
}

/// Rows at a path; an array met on the way is walked through, all its members' rows are taken.
fn collect<'a>(value: &'a Value, steps: &[&str], out: &mut Vec<&'a Value>) -> bool {
    match (value, steps.split_first()) {
        (Value::Array(list), None) => {
            out.extend(list);
            true
        }
        (Value::Object(map), Some((step, rest))) => {
            map.get(*step).is_some_and(|v| collect(v, rest, out))
        }
        (Value::Array(list), Some((step, rest))) => match step.parse::<usize>() {
            Ok(n) => list.get(n).is_some_and(|v| collect(v, rest, out)),
            Err(_) => {
                let mut any = false;
                for member in list {
                    any |= collect(member, steps, out);
                }
                any
            }
        },
        _ => false,
    }
}

/// The total that stands beside the rows or above them.
fn total(value: &Value, steps: &[&str]) -> Option<u32> {
    (0..steps.len()).rev().find_map(|n| {
        let parent = at(value, &steps.get(..n)?.join("."))?;
        TOTALS.into_iter().find_map(|name| match parent.get(name)? {
            Value::Number(n) => n.as_u64()?.try_into().ok(),
            Value::String(s) => s.parse().ok(),
            _ => None,
        })
    })
}

/// A date field as cell text: seconds or milliseconds since 1970 become a day in China.
pub fn date_text(value: &Value, path: &str) -> Option<String> {
    let said = text(value, path)?;
    let digits = said.bytes().all(|b| b.is_ascii_digit());
    let seconds = match (digits, said.len()) {
        (true, 10) => said.parse::<i64>().ok(),
        (true, 13) => said.parse::<i64>().ok().map(|ms| ms / 1000),
        _ => None,
    };
    match seconds.and_then(|s| Timestamp::from_second(s).ok()) {
        Some(moment) => Some(china_date(moment).to_string()),
        None => Some(said),
    }
}

fn draft(value: &Value, rules: &ListRules) -> Draft {
    let json = &rules.json;
    let field = |path: &str| (!path.is_empty()).then(|| text(value, path)).flatten();
    let link = field(&json.link).filter(|l| !l.trim().is_empty());
    let built = || row::fill(rules.address.as_ref()?, |name| text(value, name));
    Draft {
        href: link.or_else(built).map(|h| h.trim().replace('\\', "/")),
        attribute: String::new(),
        visible: field(&json.title).unwrap_or_default(),
        dates: (!json.date.is_empty())
            .then(|| date_text(value, &json.date))
            .flatten()
            .into_iter()
            .collect(),
    }
}

/// The rows of an answer, and its total where it tells one.
///
/// # Errors
/// Where the path leads to no array.
pub(super) fn rows(value: &Value, rules: &ListRules) -> Result<(Vec<Draft>, Option<u32>), Fault> {
    let path = &rules.json.rows;
    let steps: Vec<&str> = path.split('.').filter(|s| !s.is_empty()).collect();
    let mut found = Vec::new();
    if !collect(value, &steps, &mut found) {
        return Err(api(format!("the answer has no rows at `{path}`")));
    }
    let drafts = found.into_iter().map(|v| draft(v, rules)).collect();
    Ok((drafts, total(value, &steps)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths() {
        let v =
            json!({"code": "200", "ok": true, "data": {"n": 7, "list": [{"a": "x"}, {"a": null}]}});
        for (path, want) in [
            ("code", Some("200")),
            ("ok", Some("true")),
            ("data.n", Some("7")),
            ("data.list.0.a", Some("x")),
            ("data.list.1.a", None),
            ("data.list", None),
            ("data.none.a", None),
        ] {
            assert_eq!(text(&v, path).as_deref(), want, "{path}");
        }
    }

    #[test]
    fn the_answer_must_say_that_it_is_good() {
        let shape = JsonShape {
            ok: Some("code".into()),
            ok_value: Some("200".into()),
            ..JsonShape::default()
        };
        assert!(check(&json!({"code": "200"}), &shape).is_ok());
        assert!(check(&json!({"code": 200}), &shape).is_ok());
        for bad in [json!({"code": "500"}), json!({}), json!({"code": {"x": 1}})] {
            let f = check(&bad, &shape).unwrap_err();
            assert_eq!((f.verdict, f.reason.as_str()), (Verdict::Layout, "api"));
        }
    }

    #[test]
    fn what_is_no_json() {
        let f = parse("<html>captcha", "https://a.cn/").unwrap_err();
        assert_eq!(
            (f.verdict, f.reason.as_str()),
            (Verdict::Blocked, "json_html")
        );
        let f = parse("{\"a\":", "https://a.cn/").unwrap_err();
        assert_eq!((f.verdict, f.reason.as_str()), (Verdict::Layout, "api"));
        assert!(parse("\u{feff}{}", "https://a.cn/").is_ok());
    }

    #[test]
    fn moments_become_days_in_china() {
        let v = json!({"s": 1_734_451_200, "ms": "1734451199000", "d": "2026-08-24 08:19:59"});
        assert_eq!(date_text(&v, "s").as_deref(), Some("2024-12-18"));
        assert_eq!(date_text(&v, "ms").as_deref(), Some("2024-12-17"));
        assert_eq!(date_text(&v, "d").as_deref(), Some("2026-08-24 08:19:59"));
    }
}
