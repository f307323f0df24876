//! Titles, places, quotes, reasons and rules that would like to be more than text.

use super::support::Server;
use lingzheng::serve::ROUTES;
use scraper::{Html, Selector};

const PAYLOADS: [&str; 40] = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></ScRiPt>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script href=data:,alert(1) />",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<iframe srcdoc=\"<script>alert(1)</script>\">",
    "<iframe src=javascript:alert(1)>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<object data=javascript:alert(1)>",
    "<embed src=data:text/html,<script>alert(1)</script>>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<form action=//evil.example><button>x",
    "<a href=javascript:alert(1)>x</a>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "\"><script>alert(1)</script>",
    "' onmouseover='alert(1)",
    "\" autofocus onfocus=\"alert(1)",
    "` onclick=alert(1) `",
    "--><script>alert(1)</script><!--",
    "]]><script>alert(1)</script><![CDATA[",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "{{constructor.constructor('alert(1)')()}}${alert(1)}",
    "\u{ff1c}script\u{ff1e}alert(1)",
    "\u{202e}<script>\u{2066}alert(1)",
    "\u{0}<scr\u{0}ipt>alert(1)\r\nSet-Cookie: x=y",
];

/// Element and attribute names in order; everything that could run is refused on the way.
fn skeleton(page: &str, about: &str) -> Vec<String> {
    let document = Html::parse_document(page);
    let mut out = Vec::new();
    for element in document.select(&Selector::parse("*").unwrap()) {
        let element = element.value();
        out.push(element.name().to_string());
        for (name, value) in element.attrs() {
            assert!(
                !name.starts_with("on") && name != "style" && name != "srcdoc",
                "{about}: {name}"
            );
            if ["href", "src", "action"].contains(&name) {
                let own = value.starts_with('/') && !value.starts_with("//");
                let plain = own
                    || value.starts_with('#')
                    || value.starts_with("https://")
                    || value.starts_with("http://") && !value.contains("evil");
                assert!(plain, "{about}: {name}={value}");
            }
            if element.name() == "script" {
                assert!(name != "src" || value == "/app.js", "{about}: {value}");
            }
            out.push(name.to_string());
        }
    }
    out
}

#[test]
fn no_text_of_an_office_becomes_more_than_text() {
    let pages: Vec<&str> = ROUTES
        .iter()
        .copied()
        .filter(|r| !r.starts_with("/api") && !["/events", "/login", "/raw/{digest}"].contains(r))
        // Documents of other types; tests/feeds gives them hostile texts.
        .filter(|r| !r.starts_with("/feed.") && *r != "/calendar.ics")
        .collect();
    let paths: Vec<String> = pages
        .iter()
        .flat_map(|r| {
            let id = if r.contains("region") { "gx" } else { "1" };
            let path = r
                .replace("{id}", id)
                .replace("{from}", "1")
                .replace("{to}", "2");
            [path.clone(), path + "?lang=en&q=%E8%AF%81%E4%B9%A6"]
        })
        .collect();
    let calm = Server::start("文字", false);
    let calm: Vec<Vec<String>> = paths
        .iter()
        .map(|p| skeleton(&calm.get(p).body, p))
        .collect();
    for payload in PAYLOADS {
        let server = Server::start(payload, false);
        for (path, calm) in paths.iter().zip(&calm) {
            let reply = server.get(path);
            assert_eq!(reply.status, 200, "{payload} {path}: {}", reply.body);
            if !reply
                .header("content-type")
                .unwrap()
                .starts_with("text/html")
            {
                continue;
            }
            assert_eq!(reply.header("set-cookie"), None, "{payload}");
            assert_eq!(&skeleton(&reply.body, payload), calm, "{payload} {path}");
        }
    }
}

#[test]
fn what_is_asked_for_comes_back_as_text() {
    let server = Server::start("通知", false);
    let calm = skeleton(&server.get("/search?q=x").body, "");
    for payload in PAYLOADS {
        let encoded: String = url::form_urlencoded::byte_serialize(payload.as_bytes()).collect();
        let reply = server.get(&format!("/search?q={encoded}"));
        assert_eq!(reply.status, 200, "{payload}");
        assert_eq!(skeleton(&reply.body, payload), calm, "{payload}");
        for path in [
            format!("/{encoded}"),
            format!("/region/{encoded}"),
            format!("/api/v1/events?after={encoded}"),
            format!("/api/v1/notices?kind={encoded}"),
        ] {
            let reply = server.get(&path);
            assert!([400, 404].contains(&reply.status), "{path}");
            let kind = reply.header("content-type").unwrap_or("none");
            assert!(kind.starts_with("text/plain"), "{path}: {kind}");
            assert!(
                !reply.body.contains(['\u{0}', '\u{202e}', '\u{1b}']),
                "{path}"
            );
        }
    }
}

#[test]
fn the_calm_page_shows_every_text() {
    let server = Server::start("seen-words", false);
    for (path, at_least) in [
        ("/", 10),
        ("/region/gx", 20),
        ("/notice/1", 30),
        ("/notice/1/diff/1/2", 2),
    ] {
        let n = server.get(path).body.matches("seen-words").count();
        assert!(n >= at_least, "{path}: {n}");
    }
}
