//! Web text that would take over a terminal, in every text that the program prints.

use super::*;

/// What a title may be laced with. Written into pages as it is, or by a character reference.
fn payloads() -> Vec<String> {
    let mut all: Vec<String> = [
        // Sequences: colours, clearing, the window's title, the clipboard (OSC 52), links (OSC 8),
        // reports that are typed back, character sets, modes.
        "\x1b[31mred\x1b[0m",
        "\x1b[2J\x1b[H",
        "\x1b]0;title\x07",
        "\x1b]2;title\x1b\\",
        "\x1b]52;c;cm0gLXJmIH4=\x07",
        "\x1b]8;;http://evil.example\x07click\x1b]8;;\x07",
        "\x1b[6n",
        "\x1b[c",
        "\x1b]10;?\x07",
        "\x1bP$q\"p\x1b\\",
        "\x1b_G\x1b\\",
        "\x1b^x\x1b\\",
        "\x1b(0",
        "\x1bc",
        "\x1b7\x1b8",
        "\x1b[?1049h",
        "\x1b[?2004l",
        "\x1b[8m",
        "\x1b[1A\x1b[2K",
        "\x1b[38;5;196m",
        "\x1b[38;2;255;0;0m",
        "\x1b#8",
        "\x1b[20;1H",
        "\x1b[;r",
        "\x1b[3;J",
        // C1 as characters.
        "\u{9b}31m",
        "\u{9d}52;c;eA==\u{9c}",
        "\u{90}q\u{9c}",
        "\u{85}",
        "\u{84}",
        "\u{8d}",
        "\u{9f}x\u{9c}",
        // Single controls.
        "a\rb",
        "a\x08\x08b",
        "a\x07b",
        "a\x0bb",
        "a\x0cb",
        "a\x7fb",
        "a\x0eb\x0f",
        "a\x05b",
        "a\x1ab",
        "a\tb",
        "a\nlingzheng: forged line",
        "a\r\n[新] 广东  假的",
        "a\u{2028}b",
        "a\u{2029}b",
        // Order and invisible marks.
        "\u{202e}txt.exe",
        "\u{202d}x\u{202c}",
        "\u{202a}x",
        "\u{202b}x",
        "\u{2066}x\u{2069}",
        "\u{2067}x",
        "\u{2068}x",
        "\u{200e}x",
        "\u{200f}x",
        "\u{61c}x",
        "zero\u{200b}width",
        "join\u{200d}er",
        "no\u{2060}break",
        "\u{feff}bom",
        "tag\u{e0041}\u{e007f}",
        // As character references.
        "&#27;[31m",
        "&#x9b;31m",
        "&#8238;x",
        "&#8;&#8;",
        "&#13;x",
        "&#0;x",
    ]
    .iter()
    .map(|p| (*p).to_string())
    .collect();
    all.push("长".repeat(300));
    all
}

/// Whether a terminal could be moved by this text. With `styled`, colours are the program's own.
#[track_caller]
fn harmless(what: &str, text: &str, styled: bool) {
    let mut rest = text.to_string();
    if styled {
        // What `anstyle` writes: CSI, digits and semicolons, `m`.
        let style = regex::Regex::new("\x1b\\[[0-9;]*m").unwrap();
        rest = style.replace_all(&rest, "").into_owned();
    }
    for c in rest.chars() {
        let control = c.is_control() && c != '\n';
        let hidden = matches!(
            c,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
                | '\u{61c}' | '\u{e0000}'..='\u{e007f}'
        );
        assert!(
            !control && !hidden,
            "{what}: U+{:04X} in {:?}",
            c as u32,
            rest.lines().find(|l| l.contains(c))
        );
    }
    // A forged line would begin like one of ours.
    for line in rest.lines() {
        assert!(!line.starts_with("lingzheng: forged"), "{what}: {line}");
        assert!(!line.starts_with("[新] 广东  假的"), "{what}: {line}");
    }
}

fn url(n: usize) -> String {
    format!("https://rsks.example.gov.cn/n/{n}.html")
}

/// A home with a baseline of one notice, and a second round in which every payload is a new
/// notice's title, text, place and phone; in a third each of them changes.
fn home() -> Home {
    let home = Home::new();
    home.write(
        "mine.toml",
        format!(
            "format = 1\n{}",
            site::block("x", "https://rsks.example.gov.cn/l/")
        ),
    );
    let list = "https://rsks.example.gov.cn/l/".to_string();
    let plain = "关于领取2026年上半年计算机软件资格考试证书的通知";
    let first = (url(900), "2026-12-01", plain.to_string());
    site::record(
        &home,
        "x",
        1,
        &[
            (list.clone(), site::list(std::slice::from_ref(&first))),
            (
                url(900),
                site::notice(plain, "领取时间：2026年12月7日至25日。"),
            ),
        ],
    );
    for round in [2, 3] {
        let mut rows = vec![first.clone()];
        let mut files = Vec::new();
        for (n, payload) in payloads().iter().enumerate() {
            let title = format!("关于领取第{n}批计算机软件资格考试证书的通知{payload}完");
            let day = 10 + round;
            let text = format!(
                "领取时间：2026年12月{day}日至25日。领取地点：示例市{payload}路{round}号。\
                 联系电话：0771-55{payload}00{round}。"
            );
            files.push((url(n), site::notice(&title, &text)));
            rows.push((url(n), "2026-12-10", title));
        }
        files.insert(0, (list.clone(), site::list(&rows)));
        site::record(&home, "x", round, &files);
    }
    home
}

#[test]
fn no_text_from_the_web_moves_a_terminal() {
    let home = home();
    site::play(&home, ROUNDS[0], 1, &[]).ends(0);
    let count = payloads().len();
    let news = site::play(&home, ROUNDS[2], 2, &["-vv"]);
    assert!(
        news.out.matches("[新] 广西").count() >= count,
        "{}{}",
        news.out,
        news.err
    );
    harmless("crawl", &news.out, false);
    harmless("crawl's log", &news.err, false);
    let changes = site::play(&home, ROUNDS[3], 3, &["-vv", "--log-json"]);
    harmless("crawl, changes", &changes.out, false);
    for line in changes.err.lines() {
        assert!(
            serde_json::from_str::<serde_json::Value>(line).is_ok(),
            "{line}"
        );
    }

    let mine = ["--sources", "mine.toml", "--now", NOW];
    let run = |args: &[&str], colour: bool| {
        let mut command = home.command();
        command.args(mine).args(args);
        if colour {
            command.env("CLICOLOR_FORCE", "1");
        }
        finished(&mut command)
    };
    let texts = [
        &["status"][..],
        &["status", "广西"],
        &["changes", "--all", "--limit", "1000"],
        &["notices", "--all", "--limit", "1000"],
        &["sources"],
    ];
    for args in texts {
        for lang in ["zh", "en"] {
            let mut all = vec!["--lang", lang];
            all.extend(args);
            harmless(&format!("{args:?}"), &run(&all, false).well(), false);
            harmless(&format!("{args:?}"), &run(&all, true).well(), true);
        }
        let mut all = vec!["--format", "json"];
        all.extend(args);
        run(&all, false).json();
    }
    for n in (0..count).step_by(7) {
        for command in ["show", "diff"] {
            let ran = run(&[command, &url(n)], false);
            harmless(command, &ran.out, false);
            harmless(command, &ran.err, false);
            run(&["--format", "json", command, &url(n)], false).json();
        }
        let page = format!("recorded/x/2/{}.html", n + 1);
        for command in ["extract", "explain"] {
            let ran = run(&[command, "--url", &url(n), &page], false);
            harmless(command, &ran.out, false);
            harmless(command, &ran.err, false);
        }
    }
}

#[test]
fn what_a_person_pastes_comes_back_harmless() {
    let home = Home::new();
    for payload in payloads() {
        if payload.contains('\0') {
            continue;
        }
        for args in [
            vec!["verify", &payload],
            vec!["crawl", &payload],
            vec!["extract", "--url", &payload, "x"],
            vec!["--now", &payload, "status"],
        ] {
            let ran = home.run(&args);
            harmless(&format!("{args:?}"), &ran.out, false);
            harmless(&format!("{args:?}"), &ran.err, false);
        }
    }
}
