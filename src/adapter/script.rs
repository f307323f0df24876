//! Values that a page's scripts assign: `var dataList = [...]`, `listData = { articleList: [...] }`.
//!
//! Literals are read, nothing is run. They are JavaScript's, not JSON's: names without quotes,
//! single quotes, a comma before the closing bracket.

use regex::Regex;
use serde_json::{Map, Value};

/// Nesting that a list of notices needs several times over; deeper input is refused.
const DEPTH: usize = 32;

/// The object that holds what a script assigns to the variable that begins `path`
/// (`dataList.infolist` → `{ "dataList": … }`). None where no script assigns it a literal.
pub fn assigned(raw: &str, path: &str) -> Option<Value> {
    let name = path.split('.').next().filter(|n| !n.is_empty())?;
    let pattern = format!(r#"(?:^|[^\w.]){}\s*=\s*[\[{{]"#, regex::escape(name));
    let places = Regex::new(&pattern).ok()?;
    let value = places.find_iter(raw).take(8).find_map(|m| {
        let literal = raw.get(m.end() - 1..)?;
        Reader { rest: literal }.value(0)
    })?;
    Some(Value::Object(Map::from_iter([(name.to_owned(), value)])))
}

/// The text that a script assigns to a variable: `var SourceName = '…'`. None where there is none.
pub fn text_of(raw: &str, name: &str) -> Option<String> {
    let pattern = format!(r#"(?:^|[^\w.]){}\s*=\s*["']"#, regex::escape(name));
    let m = Regex::new(&pattern).ok()?.find(raw)?;
    let quoted = raw.get(m.end() - 1..)?;
    Reader { rest: quoted }.string()
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn blank(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            let comment = if self.rest.starts_with("//") {
                self.rest.split_once('\n')
            } else if self.rest.starts_with("/*") {
                self.rest.split_once("*/")
            } else {
                return;
            };
            self.rest = comment.map_or("", |(_, after)| after);
        }
    }

    fn take(&mut self, sign: char) -> bool {
        self.blank();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEPTH {
            return None;
        }
        self.blank();
        match self.rest.chars().next()? {
            '{' => self.object(depth),
            '[' => self.array(depth),
            '"' | '\'' | '`' => self.string().map(Value::String),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.take('{');
        let mut map = Map::new();
        while !self.take('}') {
            self.blank();
            let name = match self.rest.chars().next()? {
                '"' | '\'' => self.string()?,
                _ => self.name()?,
            };
            if !self.take(':') {
                return None;
            }
            map.insert(name, self.value(depth + 1)?);
            if !self.take(',') {
                return self.take('}').then_some(Value::Object(map));
            }
        }
        Some(Value::Object(map))
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        self.take('[');
        let mut list = Vec::new();
        while !self.take(']') {
            list.push(self.value(depth + 1)?);
            if !self.take(',') {
                return self.take(']').then_some(Value::Array(list));
            }
        }
        Some(Value::Array(list))
    }

    fn string(&mut self) -> Option<String> {
        let quote = self.rest.chars().next()?;
        let mut out = String::new();
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            if c == quote {
                self.rest = self.rest.get(at + c.len_utf8()..)?;
                return Some(out);
            }
            if c != '\\' {
                out.push(c);
                continue;
            }
            match chars.next()?.1 {
                'n' | 'r' | 't' => out.push(' '),
                'u' => {
                    let code: String = chars.by_ref().take(4).map(|(_, c)| c).collect();
                    let code = u32::from_str_radix(&code, 16).ok()?;
                    out.push(char::from_u32(code).unwrap_or('\u{fffd}'));
                }
                other => out.push(other),
            }
        }
        None
    }

    fn name(&mut self) -> Option<String> {
        let end = self
            .rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))?;
        let (name, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        (!name.is_empty()).then(|| name.to_owned())
    }

    fn word(&mut self) -> Option<Value> {
        let end = self
            .rest
            .find(|c: char| matches!(c, ',' | ']' | '}') || c.is_whitespace())?;
        let (word, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        match word {
            "null" | "undefined" => Some(Value::Null),
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            number => serde_json::from_str::<serde_json::Number>(number)
                .ok()
                .map(Value::Number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn literals() {
        for (raw, path, want) in [
            (
                r#"var dataList=[{"infolist":[{"title":"甲","url":"/1.html"}]}];var pagesData={"n":1};"#,
                "dataList.infolist",
                json!({"dataList": [{"infolist": [{"title": "甲", "url": "/1.html"}]}]}),
            ),
            (
                "var listData = {articleList:[{title:'甲\\'s', n: 3, old:null,},], /* c */ ok:true};",
                "listData.articleList",
                json!({"listData": {"articleList": [{"title": "甲's", "n": 3, "old": null}], "ok": true}}),
            ),
            (
                "my.dataList = load(); dataList = ['\\u7532'];",
                "dataList",
                json!({"dataList": ["甲"]}),
            ),
        ] {
            assert_eq!(assigned(raw, path), Some(want), "{raw}");
        }
    }

    #[test]
    fn what_is_no_literal() {
        for raw in [
            "var dataList = load();",
            "dataList = [{title: ask()}];",
            "dataList = [{\"a\": \"open",
            "xdataList = [1]",
            "",
        ] {
            assert_eq!(assigned(raw, "dataList"), None, "{raw}");
        }
        let deep = format!("dataList = {}", "[".repeat(100_000));
        assert_eq!(assigned(&deep, "dataList"), None);
    }

    #[test]
    fn texts() {
        let raw = "<script>var SourceName='省人事考试院';var  pubdata = \"2026-01-02\";</script>";
        assert_eq!(text_of(raw, "SourceName").as_deref(), Some("省人事考试院"));
        assert_eq!(text_of(raw, "pubdata").as_deref(), Some("2026-01-02"));
        assert_eq!(text_of(raw, "wzly"), None);
    }
}
