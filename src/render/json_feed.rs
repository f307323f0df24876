//! JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>): one item per notice, as in Atom, with
//! the facts under the extension `_lingzheng`.

use super::atom::{content, published, title};
use super::brief::{clean, link};
use super::ids;
use super::words::Lang;
use crate::model::{Feed, NoticeView};
use serde_json::{Map, Value, json};

/// The feed as an indented JSON document.
pub fn json_feed(feed: &Feed, lang: Lang) -> String {
    let mut document = Map::new();
    document.insert("version".into(), "https://jsonfeed.org/version/1.1".into());
    document.insert("title".into(), clean(&feed.title).into());
    if let Some(url) = feed.self_url.as_deref().and_then(link) {
        document.insert("feed_url".into(), url.into());
    }
    document.insert("authors".into(), json!([{ "name": "lingzheng" }]));
    document.insert("language".into(), language(lang).into());
    let items = feed.notices.iter().map(|view| item(feed, view, lang));
    document.insert("items".into(), items.collect());
    format!("{:#}\n", Value::Object(document))
}

fn item(feed: &Feed, view: &NoticeView, lang: Lang) -> Value {
    let notice = &view.notice;
    let mut item = Map::new();
    item.insert("id".into(), ids::notice(&feed.epoch, notice.id).into());
    if let Some(url) = link(&notice.url) {
        item.insert("url".into(), url.into());
    }
    item.insert("title".into(), title(view, lang).into());
    item.insert("content_html".into(), content(view, lang).into());
    item.insert("date_published".into(), published(view).into());
    item.insert("date_modified".into(), view.updated().to_string().into());
    if let Some(issuer) = view.facts().and_then(|f| f.issuer.as_deref()) {
        item.insert("authors".into(), json!([{ "name": clean(issuer) }]));
    }
    let kind = notice.kind.map(|k| (lang.words().kind)(k).to_owned());
    let tags: Vec<String> = [Some(clean(&view.place)), kind]
        .into_iter()
        .flatten()
        .collect();
    item.insert("tags".into(), tags.into());
    item.insert(
        "_lingzheng".into(),
        json!({
            "about": "urn:lingzheng:schema:facts:1",
            "notice": notice.id,
            "source": notice.source,
            "kind": notice.kind,
            "gone": notice.gone,
            "facts": view.facts(),
        }),
    );
    Value::Object(item)
}

fn language(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    }
}
