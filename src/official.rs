//! Is this address an office's own? Judged from the catalog alone: nothing is looked up.
//!
//! Certificates draw fraud: pages that look like an office's and ask for a fee. An address is
//! official only where its host is one that the catalog lists, exactly. Registrable domains follow
//! the Public Suffix List, in which `gov.cn` and `com.cn` are suffixes like `com`.

mod likeness;

pub use crate::model::judged::{Judgement, Standing, Trick};
use crate::model::{Catalog, Source};
use likeness::Names;
use regex::Regex;
use std::sync::LazyLock;
use url::{Host, Url};

impl Judgement {
    fn bare(standing: Standing, host: Option<&str>) -> Judgement {
        Judgement {
            standing,
            host: host.map(String::from),
            source: None,
            region: None,
            listed: None,
        }
    }

    fn about(standing: Standing, host: Option<&str>, source: &Source, listed: &str) -> Judgement {
        Judgement {
            source: Some(source.id.clone()),
            region: Some(source.region.clone()),
            listed: Some(listed.into()),
            ..Judgement::bare(standing, host)
        }
    }
}

/// Addresses in running text: with a scheme, or a dotted name that ends in letters.
#[allow(
    clippy::expect_used,
    reason = "a constant pattern, compiled by every test"
)]
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"(?i)(?-u:\b)(?:https?|ftp):[/\\]{1,2}[^\s<>"'\p{Han}，。；、（）《》【】“”！]+"#,
        r"|(?:[[\p{Alphabetic}--\p{Han}]\p{Nd}_%.-]+@)?(?:[[\p{Alphabetic}--\p{Han}]\p{Nd}_-]+[.．])+",
        r"(?:xn--[a-z0-9-]+|[a-z]{2,24})(?:[:/?#][!-~]*)?",
        r"|(?-u:\b)\d{1,3}(?:\.\d{1,3}){3}(?:[:/][!-~]*)?",
    ))
    .expect("a constant pattern")
});

/// Most addresses of one text that are judged.
const MOST: usize = 100;

/// Judges an address, a text that holds addresses, or the name of an account or office.
pub fn verify(text: &str, catalog: &Catalog) -> Judgement {
    let text = text.trim();
    let names = Names::new(catalog);
    if let Some(judgement) = whole(text).map(|found| address(&found, catalog, &names)) {
        return judgement;
    }
    ADDRESS
        .find_iter(text)
        .take(MOST)
        .filter_map(|found| parse(found.as_str()))
        .map(|found| address(&found, catalog, &names))
        .max_by_key(|j| j.standing)
        .unwrap_or_else(|| name(text, catalog))
}

/// Region id of an office's host, else of the government's domain that it stands under;
/// `cn` for a national site.
pub fn region_of_host<'c>(host: &str, catalog: &'c Catalog) -> Option<&'c str> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    if let Some(source) = owner(&host, catalog) {
        return Some(&source.region);
    }
    let domain = psl::domain_str(&host)?;
    let of_region = catalog
        .regions
        .iter()
        .find(|r| r.domains.iter().any(|d| d == domain));
    of_region.map(|r| r.id.as_str()).or_else(|| {
        let listed = catalog
            .sources
            .iter()
            .find(|s| s.hosts.iter().any(|h| psl::domain_str(h) == Some(domain)));
        listed.map(|s| s.region.as_str())
    })
}

/// An address, and whether it was written with its scheme.
struct Address {
    url: Url,
    full: bool,
}

/// The text as one address, where it is nothing else.
fn whole(text: &str) -> Option<Address> {
    (has_scheme(text) && !text.contains(char::is_whitespace))
        .then(|| parse(text))
        .flatten()
}

fn has_scheme(text: &str) -> bool {
    let scheme = text.split(':').next().unwrap_or("");
    scheme.len() < text.len()
        && ["http", "https", "ftp"]
            .iter()
            .any(|s| scheme.eq_ignore_ascii_case(s))
}

fn parse(text: &str) -> Option<Address> {
    let full = has_scheme(text);
    let url = if full {
        Url::parse(text)
    } else {
        Url::parse(&format!("https://{text}"))
    };
    let url = url.ok().filter(Url::has_host)?;
    if !full && let Some(Host::Domain(host)) = url.host() {
        // Running text is full of dotted words that are no hosts (`form.doc`).
        psl::suffix(host.as_bytes()).filter(|s| s.is_known())?;
    }
    Some(Address { url, full })
}

fn address(Address { url, full }: &Address, catalog: &Catalog, names: &Names<'_>) -> Judgement {
    let shown = url.host_str().map(|h| h.trim_end_matches('.'));
    let user = url.username();
    if !user.is_empty() || url.password().is_some() {
        let meant = |s: &&Source| s.hosts.iter().any(|h| user.contains(h.as_str()));
        let standing = Standing::LookAlike(Trick::Userinfo);
        match catalog.sources.iter().find(meant) {
            Some(source) => return Judgement::about(standing, shown, source, user),
            // No office's page is reached with a user name; without a scheme it is an e-mail
            // address, whose host is judged like any other.
            None if *full => return Judgement::bare(standing, shown),
            None => {}
        }
    }
    match (url.host(), shown) {
        (Some(Host::Domain(_)), Some(host)) => of_host(host, catalog, names),
        (Some(_), Some(ip)) => match owner(ip, catalog) {
            Some(source) => Judgement::about(Standing::Official, shown, source, ip),
            None => Judgement::bare(Standing::LookAlike(Trick::BareIp), shown),
        },
        _ => Judgement::bare(Standing::Unknown, None),
    }
}

fn of_host(host: &str, catalog: &Catalog, names: &Names<'_>) -> Judgement {
    if let Some(source) = owner(host, catalog) {
        return Judgement::about(Standing::Official, Some(host), source, host);
    }
    let left = |s: &&Source| s.retired.iter().any(|h| same(h, host));
    if let Some(source) = catalog.sources.iter().find(left) {
        return Judgement::about(Standing::Retired, Some(host), source, host);
    }
    let domain = psl::domain_str(host).unwrap_or(host);
    if let Some((source, domain)) = names.owner(domain) {
        return Judgement::about(Standing::SameDomain, Some(host), source, domain);
    }
    match names.imitated(host, domain) {
        Some((trick, Some((source, listed)))) => {
            Judgement::about(Standing::LookAlike(trick), Some(host), source, listed)
        }
        Some((trick, None)) => Judgement::bare(Standing::LookAlike(trick), Some(host)),
        None => Judgement::bare(Standing::Unknown, Some(host)),
    }
}

/// The first source that lists the host.
fn owner<'c>(host: &str, catalog: &'c Catalog) -> Option<&'c Source> {
    catalog
        .sources
        .iter()
        .find(|s| s.hosts.iter().any(|h| h == host))
}

/// The same host, `www.` aside: who has one of the two has the other.
fn same(a: &str, b: &str) -> bool {
    a.strip_prefix("www.").unwrap_or(a) == b.strip_prefix("www.").unwrap_or(b)
}

/// The name of an office or of its account, or one that only begins or ends like it.
fn name(text: &str, catalog: &Catalog) -> Judgement {
    let plain = |s: &str| s.replace([' ', '“', '”', '「', '」', '"', '\u{3000}'], "");
    let typed = plain(text);
    let mut near = None;
    for source in &catalog.sources {
        let short = source.name.split(['（', '(']).next().unwrap_or("");
        for listed in source
            .wechat
            .iter()
            .map(String::as_str)
            .chain([&*source.name, short])
        {
            let wanted = plain(listed);
            if wanted.is_empty() {
                continue;
            }
            if typed == wanted {
                return Judgement::about(Standing::Named, None, source, listed);
            }
            let is_account = source.wechat.iter().any(|w| w == listed);
            if is_account && near.is_none() && typed.contains(&wanted) && typed.chars().count() < 30
            {
                let standing = Standing::LookAlike(Trick::Affix);
                near = Some(Judgement::about(standing, None, source, listed));
            }
        }
    }
    near.unwrap_or_else(|| Judgement::bare(Standing::Unknown, None))
}
