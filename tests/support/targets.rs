//! What is fuzzed: one function for each kind of input from outside. None may panic, and what can
//! be written and read again must come back the same. `fuzz/` calls them with made-up bytes,
//! `tests/seeds.rs` with those that are kept.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each caller uses a part; a panic is the finding"
)]

use lingzheng::adapter::verdict::{Expect, Role, judge};
use lingzheng::adapter::{Families, Office, dates as days, decode};
use lingzheng::config;
use lingzheng::crawl::read::Reader;
use lingzheng::model::source::{Kind, Shape};
use lingzheng::model::{Cursor, Page, Source, Timestamp, china_date};
use std::path::Path;
use std::sync::{Arc, LazyLock};

const URL: &str = "https://rsks.example.gov.cn/tzgg/202612/t20261214_1.html";

fn page(bytes: &[u8], content_type: &str) -> Page {
    Page {
        url: URL.into(),
        status: 200,
        content_type: Some(content_type.into()),
        etag: None,
        last_modified: None,
        headers: Vec::new(),
        body: bytes.to_vec(),
        fetched_at: now(),
        plain_http: false,
    }
}

fn now() -> Timestamp {
    Timestamp::from_second(1_797_210_000).unwrap()
}

fn office(kind: Kind, shape: Shape) -> Arc<Office> {
    let source = Source {
        id: "x".into(),
        family: "auto".into(),
        kind,
        list: URL.into(),
        hosts: vec!["rsks.example.gov.cn".into()],
        shape,
        ..Source::default()
    };
    Arc::new(Office::compile(&source, &Families::builtin()).unwrap())
}

static ANY: LazyLock<Arc<Office>> = LazyLock::new(|| {
    let entry = Some("li, tr".into());
    office(
        Kind::List,
        Shape {
            entry,
            ..Shape::default()
        },
    )
});
static HOME: LazyLock<Arc<Office>> = LazyLock::new(|| office(Kind::Home, Shape::default()));
static FEED: LazyLock<Arc<Office>> = LazyLock::new(|| office(Kind::Feed, Shape::default()));

/// A page as a list and as a notice, down to its facts.
pub(crate) fn decode_parse_extract(bytes: &[u8]) {
    let page = page(bytes, "text/html");
    let _ = ANY.list(&page, china_date(now()));
    if let Ok(article) = ANY.article(&page, URL, None) {
        let reading =
            Reader::new(ANY.clone(), &lingzheng::model::Catalog::default(), None).facts(&article);
        let json = serde_json::to_string(&reading).unwrap();
        let again: lingzheng::model::Reading = serde_json::from_str(&json).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), json);
    }
}

/// Any bytes in any role.
pub(crate) fn verdict(bytes: &[u8]) {
    let mut page = page(bytes, "text/html; charset=utf-8");
    let raw = decode(bytes, None, None).ok().map(|d| d.text);
    // The first byte also chooses a status.
    let statuses = [200, 403, 404, 412, 503, 302];
    let first = usize::from(bytes.first().copied().unwrap_or(0));
    page.status = statuses.get(first % statuses.len()).copied().unwrap();
    for role in [Role::List, Role::Article, Role::Robots, Role::Attachment] {
        let (verdict, fault) = judge(&page, raw.as_deref(), role, &Expect::default());
        assert_eq!(fault.map_or(verdict, |f| f.verdict), verdict);
    }
}

/// A person's own offices.
pub(crate) fn sources_toml(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let families = Families::builtin();
    let names: Vec<String> = families.names().iter().map(|n| n.to_string()).collect();
    let overlay = Some((Path::new("mine.toml"), text.as_ref()));
    match config::load_catalog(config::BUILTIN, overlay, &names) {
        Ok(catalog) => {
            config::check(&catalog);
            for source in &catalog.sources {
                let _ = Office::compile(source, &families);
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A person's settings.
pub(crate) fn settings(bytes: &[u8]) {
    // One file for each process: the reader takes paths only.
    static FILE: LazyLock<std::path::PathBuf> = LazyLock::new(|| {
        std::env::temp_dir().join(format!("lingzheng-settings-{}.toml", std::process::id()))
    });
    std::fs::write(&*FILE, bytes).unwrap();
    let read = config::load_settings(Some(&FILE));
    std::fs::remove_file(&*FILE).unwrap();
    if let Err(error) = read {
        assert!(!error.to_string().is_empty());
    }
}

/// A cursor that somebody kept.
pub(crate) fn cursor(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(cursor) = text.parse::<Cursor>() {
        let again: Cursor = cursor.to_string().parse().unwrap();
        assert_eq!(again, cursor);
    }
}

/// A feed in place of a list.
pub(crate) fn feed(bytes: &[u8]) {
    let mut page = page(bytes, "application/xml");
    page.url = "https://rsks.example.gov.cn/feed.xml".into();
    let _ = FEED.list(&page, china_date(now()));
}

/// A home page in place of a list.
pub(crate) fn home(bytes: &[u8]) {
    let _ = HOME.list(&page(bytes, "text/html"), china_date(now()));
}

/// Days as pages write them.
pub(crate) fn dates(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let found = [
        days::date_in(&text),
        days::date_or_moment(&text),
        days::date_in_address(&text),
    ];
    for date in found.into_iter().flatten() {
        assert!((1..=9999).contains(&date.year()));
        let again: lingzheng::model::Date = date.to_string().parse().unwrap();
        assert_eq!(again, date);
    }
    // Numbers of a sentence, in a notice of some year.
    decode_parse_extract(format!("<h1>领取证书</h1><p>领取时间：{text}。</p>").as_bytes());
}
