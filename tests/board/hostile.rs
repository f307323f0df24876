//! Strings that would like to be more than text.

use super::well_formed;
use crate::sample::sample;
use lingzheng::model::Board;
use lingzheng::render::{Lang, html, markdown, svg, terminal};
use scraper::Html;

/// Markup, escapes, entities, marks that reorder text, and 300 characters.
fn attacks() -> Vec<String> {
    let mut out: Vec<String> = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'><svg/onload=alert(1)>",
        "</style></title></textarea><b>",
        "<!-- --><![CDATA[ ]]> <?xml ?>",
        "&lt;script&gt; &#60;b&#62; &amp;",
        "\u{1b}[31mred\u{1b}]0;title\u{7}\u{9b}2J",
        "line\nbreak\r\n# head\n- list\n| cell |\tx",
        "\u{202e}gnp.exe\u{202c} \u{2066}x\u{2069} \u{feff}\u{200f}",
        "[link](javascript:alert(1)) ![i](http://e.example/x.png) <http://e.example>",
        "`code` **bold** ~~gone~~ $x$ ^[n]: | a | b |",
        "\u{0}\u{1}\u{8}\u{b}\u{fffe}\u{ffff}",
        "",
    ]
    .map(String::from)
    .to_vec();
    out.push("证".repeat(300));
    out
}

fn hostile(attack: &str, address: &str) -> Board {
    sample(|_| attack.to_string(), |_| address.to_string())
}

fn harmless() -> Board {
    sample(|_| "文字".into(), |_| "https://office.example/1".into())
}

/// Addresses that may be linked, whatever they hold.
const WEB: &str = "https://office.example/?a=\"><script>&b='`(x)|*_[y]\u{202e}";

/// Names of the elements of a parsed page, in order.
fn elements(text: &str) -> Vec<String> {
    let page = Html::parse_document(text);
    let of = |e: scraper::ElementRef| e.value().name().to_string();
    let all = scraper::Selector::parse("*").unwrap();
    page.select(&all).map(of).collect()
}

#[test]
fn html_and_svg_keep_their_structure() {
    let calm = harmless();
    for attack in attacks().iter().filter(|a| !a.is_empty()) {
        let board = hostile(attack, WEB);
        for lang in [Lang::Zh, Lang::En] {
            let page = html::page(&board, lang);
            assert_eq!(
                elements(&page),
                elements(&html::page(&calm, lang)),
                "{attack}"
            );
            assert_eq!(well_formed(&page), well_formed(&html::page(&calm, lang)));
            for draw in [svg::map, svg::timeline] {
                assert_eq!(
                    well_formed(&draw(&board, lang)),
                    well_formed(&draw(&calm, lang))
                );
            }
            assert!(
                !page.chars().any(|c| c.is_control() && c != '\n'),
                "{attack}"
            );
            assert!(
                !page.contains(['\u{202e}', '\u{2066}', '\u{feff}']),
                "{attack}"
            );
        }
    }
}

#[test]
fn no_format_links_to_what_is_not_the_web() {
    for address in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " data:text/html,<b>",
        "vbscript:x",
        "file:///etc/passwd",
        "//office.example/",
        "https://office.example@evil.example/",
        "",
    ] {
        let board = hostile("文字", address);
        let page = Html::parse_document(&html::page(&board, Lang::Zh));
        let links = scraper::Selector::parse("a").unwrap();
        for link in page.select(&links) {
            assert!(link.attr("href").unwrap().starts_with('#'), "{address}");
        }
        assert!(
            !markdown::round_up(&board, Lang::Zh).contains("]("),
            "{address}"
        );
    }
}

#[test]
fn the_terminal_gets_its_own_escapes_only() {
    let escapes = |text: &str| text.matches('\u{1b}').count();
    let calm = harmless();
    for attack in attacks() {
        let board = hostile(&attack, WEB);
        let whole = |b: &Board| {
            terminal::board(b, true, Lang::Zh) + &terminal::region(b, "gx", Lang::Zh).unwrap()
        };
        let (text, quiet) = (whole(&board), whole(&calm));
        if !attack.is_empty() {
            assert_eq!(escapes(&text), escapes(&quiet), "{attack:?}");
            assert_eq!(text.lines().count(), quiet.lines().count(), "{attack:?}");
        }
        let bare = anstream::adapter::strip_str(&text).to_string();
        let bad = |c: char| c.is_control() && c != '\n' || "\u{202e}\u{2066}\u{feff}".contains(c);
        assert!(!bare.contains(bad), "{attack:?}");
    }
}

#[test]
fn markdown_keeps_its_structure() {
    // What is left of a line when every escaped mark is taken out.
    let marks = |text: &str| {
        let mut out = String::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => drop(chars.next()),
                c if "`*_[]<>#|~!\n".contains(c) => out.push(c),
                _ => {}
            }
        }
        out
    };
    for lang in [Lang::Zh, Lang::En] {
        let calm = marks(&markdown::round_up(&harmless(), lang));
        for attack in attacks().iter().filter(|a| !a.is_empty()) {
            let text = markdown::round_up(&hostile(attack, WEB), lang);
            assert_eq!(marks(&text), calm, "{attack}");
            assert!(!text.contains("(javascript:alert(1))]"), "{attack}");
        }
    }
}
