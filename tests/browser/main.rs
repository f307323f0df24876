//! The web board in a browser: headless Chromium does what a reader does. Left out, with a word,
//! where there is no Chromium or no chromedriver (Debian: chromium, chromium-driver).
//!
//! Every page is checked by axe-core too, in light and dark, where npm can fetch it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test"
)]

mod axe;
mod driver;
#[path = "../board_web/support.rs"]
#[allow(
    dead_code,
    reason = "shared with the tests of the board without a browser"
)]
mod support;

use driver::Browser;
use serde_json::Value;
use support::{Server, TOKEN};

fn browser(width: u32) -> Option<Browser> {
    let browser = Browser::open(width, 900);
    if browser.is_none() {
        eprintln!("left out: no chromium and chromedriver here");
    }
    browser
}

/// No error, nothing that a policy had to stop, nothing asked of anybody else.
fn clean(browser: &Browser, server: &Server) {
    let console = browser.console();
    let bad = console
        .iter()
        .filter(|l| l["level"] == "SEVERE" || l["source"] == "security");
    let bad: Vec<&Value> = bad.collect();
    assert!(bad.is_empty(), "{bad:#?}");
    let own = format!("http://{}/", server.address);
    for address in browser.asked_for() {
        assert!(
            address.starts_with(&own) || address.starts_with("data:,"),
            "{address}"
        );
    }
}

/// Nothing wider than the window.
fn fits(browser: &Browser) {
    let fits =
        "return document.documentElement.scrollWidth <= document.documentElement.clientWidth";
    assert_eq!(
        browser.run(fits),
        Value::Bool(true),
        "{} is too wide",
        browser.address()
    );
}

#[test]
fn a_reader_finds_the_way() {
    for width in [1280, 500] {
        let Some(browser) = browser(width) else {
            return;
        };
        let title = "2026年下半年软考证书领取通知";
        let server = Server::start(title, false);
        browser.go(&format!("http://{}/", server.address));
        let tiles = "return document.querySelectorAll('.map svg a').length";
        assert_eq!(browser.run(tiles), support::catalog().regions.len());
        assert!(
            browser
                .text(".map svg a[href='/region/gx'] title")
                .contains("广西：即将截止")
        );
        axe::check(&browser);
        fits(&browser);

        server.tell("刚刚出现的通知");
        browser.until("return !!document.querySelector('.changes li.fresh')");
        assert!(browser.text(".changes li.fresh").contains("刚刚出现的通知"));
        assert_eq!(browser.text(".changes .live"), "刚刚有新的变动");

        browser.follow(".rows a[href='/region/gx']");
        browser.until("return location.pathname === '/region/gx'");
        assert!(browser.text("h1").starts_with("广西"));
        axe::check(&browser);
        fits(&browser);

        browser.follow(".notice a[href='/notice/1']");
        browser.until("return location.pathname === '/notice/1'");
        assert_eq!(browser.text("h1"), title);
        assert!(browser.text(".evidence table").contains("/windows/0"));
        axe::check(&browser);
        fits(&browser);

        browser.follow(".history a[href='/notice/1/diff/1/2']");
        assert!(
            browser.text(".sides ins").contains("5550277"),
            "{}",
            browser.text(".sides")
        );
        axe::check(&browser);
        fits(&browser);

        browser.enter(".bar input[name=q]", "证书 邮寄");
        browser.until("return location.pathname === '/search'");
        assert_eq!(browser.text(".found .what"), title);
        axe::check(&browser);

        browser.follow(".other a");
        browser.until("return document.documentElement.lang === 'en'");
        for page in ["/changes", "/sources", "/feeds", "/"] {
            browser.follow(&format!(".bar nav a[href='{page}?lang=en']"));
            browser.until(&format!("return location.pathname === '{page}'"));
            axe::check(&browser);
            fits(&browser);
        }
        assert!(browser.text("h1").contains("second half of 2026"));
        clean(&browser, &server);
    }
}

/// Pages of every kind, those with nothing to show too.
#[test]
fn every_kind_of_page_can_be_read_by_everybody() {
    let Some(browser) = browser(1280) else {
        return;
    };
    let server = Server::start("2026年下半年软考证书领取通知", false);
    for path in [
        "/",
        "/region/gx",
        "/region/bj",
        "/notice/1",
        "/notice/1/diff/1/2",
        "/changes",
        "/search",
        "/search?q=%E8%AF%81%E4%B9%A6",
        "/search?q=zzzz",
        "/sources",
        "/feeds",
    ] {
        browser.go(&format!("http://{}{path}", server.address));
        axe::check(&browser);
        fits(&browser);
        clean(&browser, &server);
    }
}

#[test]
fn a_reader_without_the_token_is_asked_once() {
    let Some(browser) = browser(1280) else {
        return;
    };
    let server = Server::start("通知", true);
    browser.go(&format!("http://{}/changes", server.address));
    assert_eq!(browser.text("h1"), "需要口令");
    axe::check(&browser);
    browser.enter("#token", "wrong");
    browser.until("return !!document.querySelector('[role=alert]')");
    browser.enter("#token", TOKEN);
    browser.until("return location.pathname === '/' && !!document.querySelector('.map')");
    browser.follow(".bar nav a[href='/sources']");
    browser.until("return !!document.querySelector('.health')");
    let own = format!("http://{}/", server.address);
    assert!(browser.asked_for().iter().all(|a| a.starts_with(&own)));
}

#[test]
fn without_a_script_everything_is_there_too() {
    let server = Server::start("2026年下半年软考证书领取通知", false);
    let page = server.get("/").body;
    for part in ["/region/gx", "/notice/1", "name=\"q\"", "?lang=en", "g-bar"] {
        assert!(page.contains(part), "{part}");
    }
    assert_eq!(page.matches("<script").count(), 1);
}
