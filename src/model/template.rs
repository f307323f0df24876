//! A message's text as its user wants it: words and placeholders of a closed list.

use serde::{Deserialize, Serialize};

/// What may stand in braces.
pub const PLACEHOLDERS: [&str; 8] = [
    "title", "place", "change", "details", "facts", "url", "at", "id",
];

/// A text with placeholders, checked when it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Template(String);

impl Template {
    /// The text with each placeholder replaced by its value, once: what a value holds is never
    /// looked at again.
    pub fn fill(&self, value: impl Fn(&str) -> String) -> String {
        let mut out = String::new();
        let mut rest = self.0.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            out.push_str(before);
            out.push_str(&value(name));
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

impl TryFrom<String> for Template {
    type Error = String;
    fn try_from(text: String) -> Result<Template, String> {
        let mut rest = text.as_str();
        while let Some((_, after)) = rest.split_once('{') {
            let name = after.split_once('}').map(|(name, _)| name);
            match name {
                Some(name) if PLACEHOLDERS.contains(&name) => {}
                _ => {
                    let known = PLACEHOLDERS.map(|p| format!("{{{p}}}")).join(" ");
                    return Err(format!("in braces there may stand: {known}"));
                }
            }
            rest = after;
        }
        Ok(Template(text))
    }
}

impl From<Template> for String {
    fn from(template: Template) -> String {
        template.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_placeholders_and_no_second_look() {
        let template = Template::try_from("[{place}] {title}\n{url}".to_owned()).unwrap();
        let value = |name: &str| match name {
            "title" => "{url} }{".to_owned(),
            name => name.to_uppercase(),
        };
        assert_eq!(template.fill(value), "[PLACE] {url} }{\nURL");
        for bad in ["{secret}", "{", "{title", "{{title}}", "{}", "{ title }"] {
            assert!(Template::try_from(bad.to_owned()).is_err(), "{bad}");
        }
        assert!(Template::try_from("no braces }".to_owned()).is_ok());
    }
}
