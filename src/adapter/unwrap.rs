//! Rows that Hanweb (大汉) sites wrap: `<datastore>` records in CDATA, and shells of jpaas.
//!
//! Both are looked for in the raw text: html5ever keeps a script's content raw, and outside of a
//! script it turns `<![CDATA[<li>` into a comment and eats the `<li>`.

use super::pattern::pattern;
use crate::model::{Fault, Verdict};
use regex::Regex;
use std::sync::LazyLock;
use url::Url;

static NEXT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"(?is)<nextgroup>.{0,200}?href\s*=\s*["']?([^"'>\s]*dataproxy\.jsp[^"'>\s]*)"#)
});
static TOTAL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)<totalrecord>\s*(\d+)|\btotalRecord\s*:\s*'?(\d+)"));
static COLUMN: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)[?&]columnid=(\d+)"));
static ARTICLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"/art_(\d+)_\d+\.html"));
static QUERY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"(?i)querydata\s*=\s*(?:"(\{[^"]{1,4000}\})"|'(\{[^']{1,4000}\})')"#)
});
static QUERY_FIELD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"['"](\w+)['"]\s*:\s*['"]([^'"]*)['"]"#));
static UNIT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i)\burl\s*=\s*["']([^"']*/api-gateway/jpaas-[^"']*/unit)["']"#));

/// What a `<datastore>` holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Datastore {
    /// HTML of each record.
    pub records: Vec<String>,
    /// Rows of the whole list, where told.
    pub total: Option<u32>,
    /// Address of the next group, as in the page.
    pub next: Option<String>,
}

/// The `<datastore>` of a column page or of a proxy's answer; None where there is none.
pub fn datastore(raw: &str) -> Option<Datastore> {
    let start = raw.find("<datastore>")?;
    let store = raw.get(start..)?;
    let end = store.find("</datastore>").unwrap_or(store.len());
    let inner = store.get(..end)?;
    Some(Datastore {
        records: records(inner),
        total: total(raw),
        next: NEXT.captures(inner).map(|c| {
            let href = c.get(1).map_or("", |m| m.as_str());
            href.replace("&amp;", "&")
        }),
    })
}

fn records(store: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = store;
    while let Some((_, after)) = rest.split_once("<record>") {
        let Some((record, next)) = after.split_once("</record>") else {
            break;
        };
        let record = record.trim();
        let record = record.strip_prefix("<![CDATA[").unwrap_or(record);
        let record = record.strip_suffix("]]>").unwrap_or(record).trim();
        if !record.is_empty() {
            found.push(record.to_owned());
        }
        rest = next;
    }
    found
}

fn total(raw: &str) -> Option<u32> {
    let c = TOTAL.captures(raw)?;
    c.get(1).or(c.get(2))?.as_str().parse().ok()
}

/// A proxy that is asked with a wrong unit answers with rows of another column, status 200.
///
/// # Errors
/// Where `url` names a column and every article of the answer belongs to another.
pub fn same_column(store: &Datastore, url: &str) -> Result<(), Fault> {
    let first = |r: &Regex, t: &str| Some(r.captures(t)?.get(1)?.as_str().to_owned());
    let Some(want) = first(&COLUMN, url) else {
        return Ok(());
    };
    let mut columns = store
        .records
        .iter()
        .filter_map(|r| first(&ARTICLE, r))
        .peekable();
    match columns.peek().cloned() {
        Some(other) if columns.all(|c| c != want) => {
            let detail = format!("asked for column {want}, the rows are of column {other}");
            Err(Fault::new(Verdict::Layout, "config", detail))
        }
        _ => Ok(()),
    }
}

/// HTML whose table rows have a table around them: a parser drops a lone `<tr>`.
pub fn in_table(html: &str) -> String {
    let start = html.trim_start();
    let lone = ["<tr", "<TR", "<td", "<TD"]
        .into_iter()
        .any(|t| start.starts_with(t));
    if lone {
        format!("<table>{html}</table>")
    } else {
        html.to_owned()
    }
}

/// The address of a jpaas column's data, from the shell that the column's own address answers
/// with. It is read again each run: `pageId` changes when the site is rebuilt.
pub fn endpoint(raw: &str, url: &str) -> Option<String> {
    let found = QUERY.captures(raw)?;
    let query = found.get(1).or(found.get(2))?.as_str();
    let query = query.replace("&quot;", "\"").replace("&#39;", "'");
    let fields: Vec<(&str, &str)> = QUERY_FIELD
        .captures_iter(&query)
        .filter_map(|c| Some((c.get(1)?.as_str(), c.get(2)?.as_str())))
        .collect();
    // A column of information disclosure is searched, not listed: its own words say for what.
    let (search, fields): (Vec<_>, Vec<_>) = fields
        .into_iter()
        .partition(|(n, _)| matches!(*n, "xxgkId" | "className"));
    let has = |name: &str| fields.iter().any(|(n, v)| *n == name && !v.is_empty());
    if !(has("webId") && has("pageId") && has("tplSetId")) {
        return None;
    }
    let unit = UNIT.captures(raw).and_then(|c| c.get(1)).map_or(
        "/api-gateway/jpaas-publish-server/front/page/build/unit",
        |m| m.as_str(),
    );
    let mut address = Url::parse(url).ok()?.join(unit).ok()?;
    address.query_pairs_mut().clear().extend_pairs(&fields);
    if !has("paramJson") {
        let mut page = serde_json::json!({ "pageNo": 1, "pageSize": 15 });
        if !search.is_empty() {
            let words = search.iter().map(|(n, v)| ((*n).to_owned(), (*v).into()));
            page["jcmsSearch"] = serde_json::Value::Object(words.collect());
        }
        address
            .query_pairs_mut()
            .append_pair("paramJson", &page.to_string());
    }
    Some(address.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_datastore_in_a_script_and_outside() {
        let raw = r#"<div id="212860"><script type="text/xml"><datastore>
<nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&amp;columnid=77&unitid=3"></a>]]></nextgroup>
<recordset><record><![CDATA[<li>a</li>]]></record>
<record><![CDATA[<tr><td>b</td></tr>]]></record><record></record></recordset></datastore></script></div>
<script>$('#212860').jpage({totalRecord:1928,perPage:15});</script>"#;
        let store = datastore(raw).unwrap();
        assert_eq!(store.records, ["<li>a</li>", "<tr><td>b</td></tr>"]);
        assert_eq!(store.total, Some(1928));
        assert_eq!(
            store.next.as_deref(),
            Some("/module/web/jpage/dataproxy.jsp?page=1&columnid=77&unitid=3")
        );
        let answer = "<?xml version='1.0'?><datastore><totalrecord>0</totalrecord></datastore>";
        let store = datastore(answer).unwrap();
        assert_eq!((store.records.len(), store.total), (0, Some(0)));
        assert_eq!(datastore("<html>"), None);
    }

    #[test]
    fn rows_of_another_column() {
        let store = |hrefs: &[&str]| Datastore {
            records: hrefs
                .iter()
                .map(|h| format!("<a href='{h}'>t</a>"))
                .collect(),
            ..Datastore::default()
        };
        let url = "https://a.cn/module/web/jpage/dataproxy.jsp?page=1&columnid=77&unitid=3";
        let other = store(&["/art/2026/9/1/art_78_1.html", "/art/2026/9/1/art_78_2.html"]);
        assert_eq!(same_column(&other, url).unwrap_err().reason, "config");
        let mixed = store(&["/art/2026/9/1/art_78_1.html", "/art/2026/9/1/art_77_2.html"]);
        assert!(same_column(&mixed, url).is_ok());
        assert!(same_column(&other, "https://a.cn/col/col77/index.html").is_ok());
    }

    #[test]
    fn jpaas_shell() {
        let raw = r#"<script src="/x/unitbuild.js" querydata="{'webId':'3818','pageId':'12298','parseType':'bulidstatic','pageType':'column','tagId':'信息列表','tplSetId':'Lpc1'}" url="/api-gateway/jpaas-publish-server/front/page/build/unit"></script>"#;
        let got = endpoint(raw, "https://a.zj.gov.cn/col/col1/index.html").unwrap();
        assert!(got.starts_with("https://a.zj.gov.cn/api-gateway/jpaas-publish-server/front/page/build/unit?webId=3818&pageId=12298&parseType=bulidstatic"));
        assert!(got.contains("tagId=%E4%BF%A1%E6%81%AF%E5%88%97%E8%A1%A8"));
        assert!(got.contains("paramJson=%7B%22pageNo%22%3A1"));
        let disclosed = r#"<div querydata="{'webId':'1','pageId':'2','tplSetId':'3','jcmsSearch':{'xxgkId':'W001','className':'人事信息'}}">"#;
        let got = Url::parse(&endpoint(disclosed, "https://a.zj.gov.cn/").unwrap()).unwrap();
        let param = got.query_pairs().find(|(n, _)| n == "paramJson").unwrap().1;
        assert_eq!(
            param,
            r#"{"jcmsSearch":{"className":"人事信息","xxgkId":"W001"},"pageNo":1,"pageSize":15}"#
        );
        assert!(!got.query_pairs().any(|(n, _)| n == "xxgkId"), "{got}");
        let other = r#"<script queryData='{"webId":"1","pageId":"2","tplSetId":"3"}'>"#;
        assert!(endpoint(other, "https://a.cn/").is_some_and(|u| u.contains("webId=1&pageId=2")));
        assert_eq!(
            endpoint("<p querydata=\"{'webId':''}\">", "https://a.cn/"),
            None
        );
    }
}
