//! `fixtures/_bad`: every kind of page that must not be taken for a notice or a list, and good
//! pages that quote the same words.

use lingzheng::adapter::verdict::{Expect, Role, judge};
use lingzheng::model::Page;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Index {
    format: u32,
    page: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Case {
    file: String,
    /// `verdict` or `verdict/reason`.
    expect: String,
    /// Number of the kind, for people.
    #[serde(rename = "case")]
    _case: Option<u32>,
    status: u16,
    headers: Vec<String>,
    content_type: Option<String>,
    role: Asked,
    url: String,
    asked: Option<String>,
    hosts: Vec<String>,
    title: Option<String>,
    signature: Vec<String>,
    contract: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Asked {
    List,
    Article,
    Robots,
    Attachment,
}

impl Default for Case {
    fn default() -> Case {
        Case {
            file: String::new(),
            expect: String::new(),
            _case: None,
            status: 200,
            headers: Vec::new(),
            content_type: None,
            role: Asked::List,
            url: "https://rsks.example.gov.cn/tzgg/".into(),
            asked: None,
            hosts: Vec::new(),
            title: None,
            signature: Vec::new(),
            contract: false,
        }
    }
}

#[test]
fn every_bad_page_is_known_for_what_it_is() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/_bad");
    let index = std::fs::read_to_string(folder.join("index.toml")).unwrap();
    let index: Index = toml::from_str(&index).unwrap();
    assert_eq!(index.format, 1);
    let mut wrong = Vec::new();
    let mut named = BTreeSet::from(["index.toml".to_owned()]);
    for case in &index.page {
        named.insert(case.file.clone());
        let body = std::fs::read(folder.join(&case.file)).unwrap();
        let raw = String::from_utf8_lossy(&body).into_owned();
        let header = |line: &String| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_owned(), value.to_owned())
        };
        let page = Page {
            url: case.url.clone(),
            status: case.status,
            content_type: case.content_type.clone(),
            etag: None,
            last_modified: None,
            headers: case.headers.iter().map(header).collect(),
            body,
            fetched_at: "2026-11-20T08:00:00Z".parse().unwrap(),
            plain_http: false,
        };
        let expect = Expect {
            signature: &case.signature,
            title: case.title.as_deref(),
            asked: case.asked.as_deref(),
            hosts: &case.hosts,
            contract_ok: case.contract,
            ..Expect::default()
        };
        let role = match case.role {
            Asked::List => Role::List,
            Asked::Article => Role::Article,
            Asked::Robots => Role::Robots,
            Asked::Attachment => Role::Attachment,
        };
        let (verdict, fault) = judge(&page, Some(&raw), role, &expect);
        let got = match &fault {
            Some(f) => {
                assert_eq!((f.verdict, f.url.as_ref()), (verdict, Some(&case.url)));
                format!("{}/{}", verdict.word(), f.reason)
            }
            None => verdict.word().to_owned(),
        };
        if got != case.expect {
            wrong.push(format!(
                "{} ({}): {got}, not {}",
                case.file, case.status, case.expect
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let there: BTreeSet<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|f| f.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(
        there, named,
        "a fixture without a line in the index, or the other way round"
    );
}
