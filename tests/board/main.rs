//! Boards and round-ups: whole outputs for text, structure for HTML and SVG, and hostile strings
//! in every format.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test"
)]

#[path = "../outlook/support.rs"]
#[allow(dead_code, reason = "shared with the tests of `outlook`")]
mod support;

mod hostile;
mod sample;

use lingzheng::model::{Board, Stage};
use lingzheng::render::{Lang, html, markdown, svg, terminal};
use sample::sample;
use scraper::{Html, Selector};

fn plain() -> Board {
    sample(|text| text.into(), |address| address.into())
}

/// Without the styles.
fn bare(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

#[test]
fn the_terminal_shows_all_regions_and_one_in_full() {
    let board = plain();
    let both = |lang| {
        bare(&terminal::board(&board, false, lang))
            + "\n"
            + &bare(&terminal::region(&board, "gx", lang).unwrap())
    };
    pretty(&both(Lang::Zh), include_str!("terminal.zh.txt"));
    pretty(&both(Lang::En), include_str!("terminal.en.txt"));
    assert_eq!(terminal::region(&board, "nowhere", Lang::Zh), None);
}

#[test]
fn the_round_up_is_ready_to_publish() {
    let board = plain();
    pretty(
        &markdown::round_up(&board, Lang::Zh),
        include_str!("round-up.zh.md"),
    );
    pretty(
        &markdown::round_up(&board, Lang::En),
        include_str!("round-up.en.md"),
    );
}

fn pretty(is: &str, should: &str) {
    for (n, (a, b)) in (1..).zip(is.lines().zip(should.lines())) {
        assert_eq!(a, b, "line {n} of\n{is}");
    }
    assert_eq!(is.lines().count(), should.lines().count(), "{is}");
}

fn texts(page: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    let of = |e: scraper::ElementRef| e.text().collect::<String>();
    page.select(&selector).map(of).collect()
}

#[test]
fn the_page_holds_everything_and_loads_nothing() {
    let board = plain();
    for (lang, tag) in [(Lang::Zh, "zh-CN"), (Lang::En, "en")] {
        let text = html::page(&board, lang);
        let page = Html::parse_document(&text);
        assert_eq!(page.root_element().attr("lang"), Some(tag));
        assert_eq!(
            texts(&page, "script,link,img,iframe,object,form"),
            Vec::<String>::new()
        );
        let policy = Selector::parse("meta[http-equiv=Content-Security-Policy]").unwrap();
        let policy = page
            .select(&policy)
            .next()
            .unwrap()
            .attr("content")
            .unwrap();
        assert!(policy.starts_with("default-src 'none'"));
        assert!(!text.contains("url(") && !text.contains("@import"));
        // Each region once, and every link within the page leads somewhere.
        for s in &board.standings {
            let id = Selector::parse(&format!("[id='r-{}']", s.region)).unwrap();
            assert_eq!(page.select(&id).count(), 1, "{}", s.region);
        }
        let links = Selector::parse("a[href]").unwrap();
        for link in page.select(&links) {
            let href = link.attr("href").unwrap();
            match href.strip_prefix('#') {
                Some(id) => {
                    let target = Selector::parse(&format!("[id='{id}']")).unwrap();
                    assert_eq!(page.select(&target).count(), 1, "{href}");
                }
                None => {
                    assert!(href.starts_with("https://"), "{href}");
                    assert_eq!(link.attr("rel"), Some("noopener noreferrer"));
                }
            }
        }
        assert_eq!(texts(&page, "svg").len(), 2);
        assert_eq!(texts(&page, "del"), ["1111111"]);
        assert_eq!(texts(&page, "ins"), ["7654321"]);
        assert_eq!(texts(&page, "article").len(), 4);
        assert_eq!(texts(&page, ".papers li").len(), 4);
        assert_eq!(well_formed(&text).first().unwrap(), "html");
    }
    let zh = Html::parse_document(&html::page(&board, Lang::Zh));
    assert_eq!(
        texts(&zh, "h1"),
        ["全国各地 2026 年下半年软考证书领取时间与方式"]
    );
    assert_eq!(
        texts(&zh, "article h3"),
        ["广西", "福建", "厦门", "山东"],
        "newest change first"
    );
}

#[test]
fn the_drawings_are_well_formed_and_tell_in_words() {
    let board = plain();
    for lang in [Lang::Zh, Lang::En] {
        for drawing in [svg::map(&board, lang), svg::timeline(&board, lang)] {
            assert_eq!(well_formed(&drawing).first().unwrap(), "svg");
            assert_eq!(drawing, {
                let again = plain();
                match drawing.contains("t-name") && !drawing.contains("class=\"g-name\"") {
                    true => svg::map(&again, lang),
                    false => svg::timeline(&again, lang),
                }
            });
        }
    }
    let map = svg::map(&board, Lang::Zh);
    for title in [
        "<title>广西：即将截止 还剩 4 天</title>",
        "<title>福建：已通知 5 天后开始</title>",
        "<title>宁波：停考</title>",
    ] {
        assert!(map.contains(title), "{title} in {map}");
    }
    let tags = well_formed(&map);
    let tiles = tags.iter().filter(|t| *t == "title").count();
    assert_eq!(tiles, board.standings.len() + 1);
    let timeline = svg::timeline(&board, Lang::Zh);
    for title in [
        "<title>广西 邮寄：2026-12-10 至 12-20</title>",
        "<title>山东 现场：2026-12-14 起</title>",
        "<title>浙江 待通知：2026-12-08 至 12-17</title>",
    ] {
        assert!(timeline.contains(title), "{title} in {timeline}");
    }
}

/// Element names in order; panics where the text is no well-formed XML.
fn well_formed(text: &str) -> Vec<String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let (mut names, mut depth) = (Vec::new(), 0);
    loop {
        match reader
            .read_event()
            .unwrap_or_else(|e| panic!("{e}: {text}"))
        {
            Event::Start(e) => {
                e.attributes().for_each(|a| drop(a.unwrap()));
                names.push(e.name().as_ref().to_string());
                depth += 1;
            }
            Event::Empty(e) => {
                e.attributes().for_each(|a| drop(a.unwrap()));
                names.push(e.name().as_ref().to_string());
            }
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    names
}

#[test]
fn english_is_whole() {
    let words = Lang::En.board();
    let board = plain();
    let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut all: Vec<String> = words.on_certificate.iter().map(|w| w.to_string()).collect();
    for stage in Stage::BY_ACTION {
        all.push((words.stage)(stage).into());
        all.push((words.advice)(stage).into());
    }
    for s in &board.standings {
        all.extend([(words.phrase)(s), (words.tile)(s), (words.grounds)(s)]);
        all.push((words.electronic)(&s.electronic));
        all.extend(s.unknown.iter().map(|g| (words.gap)(g, "x")));
    }
    for text in all {
        assert!(!han(&text), "{text}");
    }
}
