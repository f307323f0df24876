//! The round-up that an editor publishes, as CommonMark with GitHub's tables. Text from the wire
//! can make no markup, and only http(s) addresses become links.

use super::safe::terminal;
use super::{Lang, link, parts};
use crate::model::{Board, BoardNotice, Facts, Stage, Standing};
use std::fmt::Write;

/// The round-up of a sitting: a table of what is out, what is expected when, then region by
/// region, the newest changes first.
pub fn round_up(board: &Board, lang: Lang) -> String {
    let words = lang.board();
    let mut out = String::new();
    let _ = writeln!(out, "# {}\n", text(&(words.title)(board)));
    let _ = writeln!(out, "{}\n", text(&(words.subtitle)(board)));
    let told = parts::told(board);
    if !told.is_empty() {
        overview(&mut out, board, &told, lang);
    }
    waiting(&mut out, board, lang);
    if !told.is_empty() {
        let _ = writeln!(out, "## {}\n", words.label.regions);
    }
    for s in told {
        region(&mut out, board, s, lang);
    }
    let _ = writeln!(out, "---\n\n{}", text(words.label.disclaimer));
    out
}

fn overview(out: &mut String, board: &Board, told: &[&Standing], lang: Lang) {
    let (words, label) = (lang.board(), &lang.words().label);
    let head = [
        label.region,
        label.state,
        label.windows,
        words.label.original,
        words.label.changed,
    ];
    let _ = writeln!(out, "| {} |", head.join(" | "));
    let _ = writeln!(out, "|{}", " --- |".repeat(head.len()));
    for s in told {
        let name = parts::region_name(board, &s.region, lang);
        let state = [(words.stage)(s.stage).to_string(), (words.phrase)(s)];
        let state: Vec<&str> = state
            .iter()
            .map(String::as_str)
            .filter(|p| !p.is_empty())
            .collect();
        let notices = parts::notices(board, s);
        let links: Vec<String> = notices
            .iter()
            .map(|n| anchor(&n.url, words.label.original))
            .collect();
        let changed = parts::changed(board, s).map(crate::model::china_date);
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            text(name),
            text(&state.join(words.label.comma)),
            text(&parts::ways_line(&s.paper, lang)),
            links.join(" "),
            changed.map(|d| d.to_string()).unwrap_or_default(),
        );
    }
    out.push('\n');
}

/// Regions without a notice, those with the same phrase in one line.
fn waiting(out: &mut String, board: &Board, lang: Lang) {
    let words = lang.board();
    let mut lines: Vec<(Stage, String, Vec<String>)> = Vec::new();
    for (stage, standings) in parts::by_stage(board) {
        for s in standings.into_iter().filter(|s| s.notices.is_empty()) {
            let phrase = (words.phrase)(s);
            let name = text(parts::region_name(board, &s.region, lang));
            match lines
                .iter_mut()
                .find(|(st, p, _)| *st == stage && *p == phrase)
            {
                Some((_, _, names)) => names.push(name),
                None => lines.push((stage, phrase, vec![name])),
            }
        }
    }
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "## {}\n", words.label.no_notice);
    for (stage, phrase, names) in lines {
        let mut head = (words.stage)(stage).to_string();
        if !phrase.is_empty() {
            let _ = write!(head, " · {phrase}");
        }
        let names = names.join(words.label.comma);
        let _ = writeln!(out, "- **{}**{}{names}", text(&head), words.label.colon);
    }
    out.push('\n');
}

fn region(out: &mut String, board: &Board, s: &Standing, lang: Lang) {
    let words = lang.board();
    let name = text(parts::region_name(board, &s.region, lang));
    let mut head = (words.stage)(s.stage).to_string();
    let phrase = (words.phrase)(s);
    if !phrase.is_empty() {
        let _ = write!(head, " · {phrase}");
    }
    let _ = writeln!(out, "### {name}\n\n**{}**\n", text(&head));
    for gap in parts::gaps(board, s, lang) {
        let _ = writeln!(out, "> {}\n", text(&gap));
    }
    for n in parts::notices(board, s) {
        notice(out, board, s, n, lang);
    }
}

fn notice(out: &mut String, board: &Board, s: &Standing, n: &BoardNotice, lang: Lang) {
    let (words, label) = (lang.board(), &lang.words().label);
    let colon = words.label.colon;
    let _ = writeln!(out, "{}\n", anchor(&n.url, &n.title));
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(out, "- {}{colon}{}", text(name), text(value));
        }
    };
    line(label.source, &n.office);
    line(
        label.published,
        &n.published.map(|d| d.to_string()).unwrap_or_default(),
    );
    for (word, other) in parts::tied(board, n.id, lang) {
        line(word, &other.title);
    }
    for w in s.windows.iter().filter(|w| w.notice == n.id) {
        line(
            &parts::window_head(&w.window, lang),
            &parts::window_line(&w.window, lang),
        );
    }
    if let Some(reading) = &n.reading {
        details(&mut line, &reading.facts, lang);
    } else {
        line(label.state, label.row_only);
    }
    line(words.label.changed, &(words.moment)(n.changed));
    out.push('\n');
}

fn details(line: &mut impl FnMut(&str, &str), facts: &Facts, lang: Lang) {
    let label = &lang.words().label;
    let comma = lang.board().label.comma;
    for place in &facts.places {
        let name = match &place.scope {
            Some(scope) => format!("{} · {scope}", label.places),
            None => label.places.to_string(),
        };
        let mut parts = vec![parts::place_line(place, lang)];
        parts.extend(place.phones.iter().cloned());
        line(&name, &parts.join(comma));
    }
    if let Some(mail) = &facts.mail {
        line(label.mail, &parts::mail_line(mail, lang));
    }
    for (who, list) in parts::papers(&facts.materials, lang) {
        line(who, &list.join(comma));
    }
    let answer = facts
        .proxy_allowed
        .map(|yes| if yes { label.yes } else { label.no });
    line(label.proxy, answer.unwrap_or(""));
    line(label.phones, &parts::phones(facts).join(comma));
}

/// Plain text in Markdown: marks that could begin markup are escaped, and so are the beginnings of
/// bare addresses, which some renderers turn into links.
pub fn text(from_the_wire: &str) -> String {
    let clean = terminal(from_the_wire);
    let mut out = String::with_capacity(clean.len() + 8);
    for c in clean.chars() {
        if "\\`*_{}[]<>#|~&!$^".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    let out = out.replace("://", "\\://").replace("www.", "www\\.");
    // A number with a dot, a dash or a plus at the beginning would be a list.
    let digits = out.chars().take_while(char::is_ascii_digit).count();
    match (digits, out.chars().nth(digits)) {
        (0, Some('-' | '+' | '=')) => format!("\\{out}"),
        (1.., Some('.' | ')')) => {
            let (number, rest) = out.split_at(digits);
            format!("{number}\\{rest}")
        }
        _ => out,
    }
}

/// A link, or the bare text where the address is none of the web.
fn anchor(address: &str, label: &str) -> String {
    let label = text(label);
    match link::web(address) {
        Some(url) => {
            let mut target = String::with_capacity(url.len());
            for c in url.chars() {
                match c {
                    '(' | ')' | '<' | '>' | '\\' | '`' | '|' | '[' | ']' | '*' | '_' => {
                        let _ = write!(target, "%{:02X}", c as u32);
                    }
                    c => target.push(c),
                }
            }
            format!("[{label}]({target})")
        }
        None => label,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_makes_no_markup() {
        for (from, to) in [
            ("证书领取", "证书领取"),
            ("[a](javascript:b)", "\\[a\\](javascript:b)"),
            ("<script>x</script>", "\\<script\\>x\\</script\\>"),
            (
                "**b** _i_ `c` ~~d~~",
                "\\*\\*b\\*\\* \\_i\\_ \\`c\\` \\~\\~d\\~\\~",
            ),
            ("a|b\n# c", "a\\|b \\# c"),
            ("1. 领取", "1\\. 领取"),
            ("- x", "\\- x"),
            (
                "见 https://e.example www.e.example",
                "见 https\\://e.example www\\.e.example",
            ),
            ("a\u{202e}b", "a\\<202E\\>b"),
            ("&lt;b&gt;", "\\&lt;b\\&gt;"),
        ] {
            assert_eq!(text(from), to);
        }
        assert_eq!(
            anchor("https://a.example/x_(1)", "[t]"),
            "[\\[t\\]](https://a.example/x%5F%281%29)"
        );
        assert_eq!(anchor("javascript:x", "t"), "t");
    }
}
