//! Feeds (RSS, Atom, JSON Feed) to entries, and an item's own content to an article.
//!
//! An item whose page stands on one of the office's hosts is a row like any other. Of an item that
//! leads elsewhere the content is the notice: it is carried along as a page of its own, an item of
//! JSON Feed (<https://www.jsonfeed.org/version/1.1/>) whatever the feed was, so that it is stored
//! and read again like the page of any notice.

use super::article::{self, ArticleRules};
use super::rows::ListPage;
use super::{address, dates, list_title};
use crate::model::address::canonical;
use crate::model::{Article, Date, Entry, Fault, Page, Timestamp, Verdict, china_date};
use feed_rs::model as feed;
use feed_rs::parser::Builder;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// `Content-Type` of an item that is carried along.
const ITEM: &str = "application/feed+json; charset=utf-8";
/// Most items of a feed that are looked at; feeds of offices hold some twenty.
const MOST: usize = 500;
/// Content with fewer characters is a teaser.
const SHORTEST: usize = 40;

/// The keys of JSON Feed that an item needs to be read again.
#[derive(Serialize, Deserialize)]
struct Item {
    url: String,
    title: String,
    content_html: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
}

/// Reads a feed. `hosts` = those whose pages are fetched, lower case.
///
/// # Errors
/// [`Verdict::Layout`] where the answer is no feed of a known make.
pub(super) fn read(page: &Page, hosts: &[String]) -> Result<ListPage, Fault> {
    let body = page
        .body
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(&page.body);
    let parser = Builder::new()
        .base_uri(Some(&page.url))
        // An id that is made up from title and link would change with the title.
        .id_generator(|_, _, _| String::new())
        .build();
    let feed = parser.parse(body).map_err(|e| {
        let why: String = e.to_string().chars().take(160).collect();
        let why = why.replace(['\r', '\n'], " ");
        Fault::new(Verdict::Layout, "feed", format!("no feed: {why}")).at(&page.url)
    })?;
    let mut list = ListPage {
        verdict: Verdict::Ok,
        entries: Vec::new(),
        faults: Vec::new(),
        more: Vec::new(),
        total: None,
        dated: 0,
        carried: HashMap::new(),
    };
    let mut seen: HashSet<String> = HashSet::new();
    for (n, item) in feed.entries.into_iter().take(MOST).enumerate() {
        match entry(&item, page, hosts) {
            Ok((entry, carried)) if entry.keys.iter().all(|k| seen.insert(k.clone())) => {
                if let Some(carried) = carried {
                    list.carried.insert(entry.url.clone(), carried);
                }
                list.entries.push(entry);
            }
            Ok(_) => {}
            Err(why) => {
                let detail = format!("item {}: {why}", n + 1);
                let fault = Fault::new(Verdict::Layout, "row", detail);
                list.faults.push(fault.at(&page.url));
            }
        }
    }
    if list.entries.is_empty() {
        if let Some(first) = list.faults.first() {
            let detail = format!("no item can be read; {}", first.detail);
            return Err(Fault::new(Verdict::Layout, "rows", detail).at(&page.url));
        }
        // A feed says by its form that it holds nothing.
        list.verdict = Verdict::Empty;
    }
    list.dated = list
        .entries
        .iter()
        .filter(|e| e.published.is_some())
        .count();
    Ok(list)
}

fn entry(
    item: &feed::Entry,
    page: &Page,
    hosts: &[String],
) -> Result<(Entry, Option<Page>), String> {
    let url = link(item, &page.url).ok_or("it leads to no address")?;
    let words = item.title.as_ref().map_or("", |t| t.content.as_str());
    let title = list_title::visible(words);
    if title.text.is_empty() {
        return Err(format!("it has no title ({url})"));
    }
    let published = item
        .published
        .or(item.updated)
        .and_then(|at| Timestamp::from_second(at.timestamp()).ok())
        .map(china_date)
        .or_else(|| dates::date_in_address(url.as_str()));
    let own = url
        .host_str()
        .is_some_and(|host| hosts.iter().any(|h| h == host));
    let content = match own {
        true => None,
        false => content(item),
    };
    let identity = canonical(url.as_str());
    let id = Some(item.id.trim()).filter(|id| !id.is_empty() && canonical(id) != identity);
    let entry = Entry {
        keys: id
            .map(|id| format!("guid:{id}"))
            .into_iter()
            .chain([identity])
            .collect(),
        url: url.to_string(),
        title: title.text,
        title_cut: title.cut,
        published,
        external: !own && content.is_none(),
    };
    let carried = content.and_then(|html| carry(&entry, html, page));
    Ok((entry, carried))
}

/// The item's page: its `alternate` link, else the first one that is no enclosure, else an id that
/// is an address (RSS's permalink).
fn link(item: &feed::Entry, base: &str) -> Option<url::Url> {
    let rel = |l: &&feed::Link, want: &str| l.rel.as_deref() == Some(want);
    let alternate = item.links.iter().find(|l| rel(l, "alternate"));
    let plain = || item.links.iter().find(|l| l.rel.is_none());
    let href = alternate.or_else(plain).map(|l| l.href.as_str());
    let permalink = Some(item.id.as_str()).filter(|id| id.starts_with("http"));
    address::join(base, href.or(permalink)?)
}

/// The item's content as HTML, or its summary where that is more than a teaser.
fn content(item: &feed::Entry) -> Option<String> {
    let whole = item.content.as_ref().and_then(|c| {
        let plain = c.content_type.subty() == "plain";
        Some((c.body.clone()?, plain))
    });
    let summary = item.summary.as_ref().map(|t| {
        (
            t.content.clone(),
            t.content_type.subty() == "plain" && !t.content.contains('<'),
        )
    });
    let (text, plain) = whole.or(summary)?;
    if text.chars().filter(|c| !c.is_whitespace()).count() < SHORTEST {
        return None;
    }
    Some(match plain {
        true => text
            .lines()
            .map(|l| format!("<p>{}</p>", escape(l)))
            .collect(),
        false => text,
    })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn carry(entry: &Entry, content_html: String, page: &Page) -> Option<Page> {
    let item = Item {
        url: entry.url.clone(),
        title: entry.title.clone(),
        content_html,
        date_published: entry.published.map(|d| d.to_string()),
    };
    Some(Page {
        url: entry.url.clone(),
        status: 200,
        content_type: Some(ITEM.into()),
        etag: None,
        last_modified: None,
        headers: Vec::new(),
        body: serde_json::to_vec(&item).ok()?,
        fetched_at: page.fetched_at,
        plain_http: page.plain_http,
    })
}

/// Whether a page is an item that a feed carried.
pub(super) fn is_item(page: &Page) -> bool {
    page.content_type.as_deref() == Some(ITEM)
}

/// The article of such an item.
///
/// # Errors
/// [`Verdict::Layout`] where it is damaged or its content is too short to be a notice.
pub(super) fn article(page: &Page, url: &str, rules: &ArticleRules) -> Result<Article, Fault> {
    let item: Item = serde_json::from_slice(&page.body)
        .map_err(|e| Fault::new(Verdict::Layout, "feed", format!("damaged item: {e}")).at(url))?;
    let published: Option<Date> = item.date_published.as_deref().and_then(dates::date_in);
    let published = published.map(|d| d.to_string());
    let (html, title) = (&item.content_html, &item.title);
    article::read_fragment(html, title, published.as_deref(), None, url, rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> Page {
        Page {
            url: "https://rss.example.cn/office/feed".into(),
            status: 200,
            content_type: None,
            etag: None,
            last_modified: None,
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
            fetched_at: Timestamp::UNIX_EPOCH,
            plain_http: false,
        }
    }

    const LONG: &str = "各位考生：2026年上半年合格证书已到我市，请于9月1日至9月30日到市人事考试中心领取，过期不候，逾期后果自负。";

    fn rows(list: &ListPage) -> Vec<String> {
        let row = |e: &Entry| {
            let day = e.published.map_or("-".into(), |d| d.to_string());
            format!(
                "{day} {} {} {}",
                e.title,
                e.url,
                if e.external { "external" } else { "" }
            )
            .trim_end()
            .to_string()
        };
        list.entries.iter().map(row).collect()
    }

    #[test]
    fn makes_of_feeds() {
        let rss = format!(
            "\u{feff}<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>x</title>
            <item><title><![CDATA[ 关于领取证书的通知 ]]></title><link>https://mp.weixin.qq.com/s/AbCdEfGhIjKl</link>
              <guid isPermaLink='false'>g-1</guid><pubDate>Wed, 09 Dec 2026 17:30:00 GMT</pubDate><description>短</description></item>
            <item><title>另一则</title><link>https://elsewhere.example.com/a</link><description>{LONG}</description></item>
            <item><title>没有地址</title></item></channel></rss>"
        );
        let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title><id>f</id><updated>2026-12-10T00:00:00Z</updated>
            <entry><id>tag:1</id><title>证书邮寄通知</title><link rel='enclosure' href='/f.pdf'/><link href='/n/1.html'/>
              <updated>2026-12-01T00:00:00+08:00</updated><content type='html'>&lt;p&gt;短&lt;/p&gt;</content></entry></feed>";
        let json = format!(
            "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"x\",\"items\":[
              {{\"id\":\"https://a.example.com/1\",\"url\":\"https://a.example.com/1\",\"title\":\"领证 NEW\",\"content_text\":\"{LONG}\",\"date_published\":\"2026-12-09T23:30:00+08:00\"}}]}}"
        );
        let hosts = ["mp.weixin.qq.com".to_string(), "rss.example.cn".into()];
        for (name, feed, want, carried) in [
            (
                "rss",
                rss.as_str(),
                vec![
                    "2026-12-10 关于领取证书的通知 https://mp.weixin.qq.com/s/AbCdEfGhIjKl",
                    "- 另一则 https://elsewhere.example.com/a",
                ],
                1,
            ),
            (
                "atom",
                atom,
                vec!["2026-12-01 证书邮寄通知 https://rss.example.cn/n/1.html"],
                0,
            ),
            (
                "json",
                &json,
                vec!["2026-12-09 领证 https://a.example.com/1"],
                1,
            ),
            (
                "empty",
                "<rss version='2.0'><channel><title>x</title></channel></rss>",
                vec![],
                0,
            ),
        ] {
            let list = read(&page(feed), &hosts).unwrap();
            assert_eq!(rows(&list), want, "{name}");
            assert_eq!(list.carried.len(), carried, "{name}");
            assert_eq!(list.verdict == Verdict::Empty, want.is_empty(), "{name}");
            assert_eq!(list.faults.len(), usize::from(name == "rss"), "{name}");
        }
        let list = read(&page(&rss), &hosts).unwrap();
        assert_eq!(
            list.entries[0].keys,
            ["guid:g-1", "mp.weixin.qq.com/s/AbCdEfGhIjKl"]
        );
    }

    #[test]
    fn a_carried_item_is_read_like_a_page() {
        let json = format!(
            "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"x\",\"items\":[
              {{\"id\":\"7\",\"url\":\"https://a.example.com/1\",\"title\":\"领证通知\",\"content_text\":\"{LONG}\\n联系电话<5550101>\",\"date_published\":\"2026-12-09T23:30:00+08:00\"}}]}}"
        );
        let list = read(&page(&json), &[]).unwrap();
        let item = list.carried.get("https://a.example.com/1").unwrap();
        assert!(is_item(item));
        let rules = ArticleRules::compile(&crate::model::Shape::default()).unwrap();
        let article = article(item, &item.url, &rules).unwrap();
        assert_eq!(article.title, "领证通知");
        assert_eq!(article.published, Date::new(2026, 12, 9).ok());
        assert_eq!(article.text, format!("{LONG}\n联系电话<5550101>"));
    }

    #[test]
    fn what_is_no_feed_is_one_line() {
        let deep = format!("<rss version='2.0'>{}", "<a>".repeat(100_000));
        for (feed, want) in [
            ("", "feed"),
            ("<html><body>404</body></html>", "feed"),
            ("{\"code\":500}", "feed"),
            ("<rss version='2.0'><channel><item><title>x</title>", "feed"),
            (deep.as_str(), "feed"),
            (
                "<rss version='2.0'><channel><item><title>x</title></item></channel></rss>",
                "rows",
            ),
        ] {
            let fault = read(&page(feed), &[]).unwrap_err();
            assert_eq!(fault.reason, want, "{:.60}", feed);
            assert!(!fault.to_string().contains('\n'));
        }
    }
}
