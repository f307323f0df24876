//! For people at a terminal and in cron's mail. Always styled; the writer strips the styles where
//! they do not belong (no terminal, `NO_COLOR`).

mod board;
mod explain;
mod notice;

pub use board::{board, region};
pub use explain::{explained, facts};
pub use notice::{history, notice, versions_diff};

use super::safe::{short, terminal};
use super::words::Lang;
use crate::model::facts::{Fee, Materials, Place};
use crate::model::{Change, Delta, Event, Facts, Reading, Subject, TextChange, Window, event::Tag};
use anstyle::{AnsiColor, Style};
use comfy_table::{LineStyle, Table, TableStyle};
use std::fmt::Write;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default();
const WARN: Style = AnsiColor::Yellow.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const LINK: Style = AnsiColor::Cyan.on_default();

/// Longest quote in a listing, in characters.
const QUOTE: usize = 72;
/// From more windows than this on, a listing leaves their quotes to `show`.
const MANY: usize = 3;
/// Most changed clauses shown beside an event; the rest is counted.
const CLAUSES: usize = 8;

/// Text in a style.
pub fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Events in the order given, one block each. `name` gives the region or office of a source id.
pub fn events(events: &[Event], name: impl Fn(&str) -> String, lang: Lang) -> String {
    let mut out = String::new();
    for event in events {
        if !out.is_empty() {
            out.push('\n');
        }
        let office = match &event.subject {
            // A region's id is that of its first source.
            Subject::Standing { region, .. } => name(region),
            _ => name(&event.source),
        };
        block(&mut out, event, &office, lang);
    }
    out
}

fn block(out: &mut String, event: &Event, office: &str, lang: Lang) {
    let words = lang.words();
    let style = match &event.change {
        Change::New | Change::Back | Change::Recovered { .. } | Change::Signal { .. } => GOOD,
        Change::Broken { .. } | Change::Gone { .. } => BAD,
        _ => WARN,
    };
    let tag = paint(
        style.bold(),
        &format!("[{}]", (words.change)(&event.change)),
    );
    let place = paint(BOLD, &terminal(office));
    let _ = writeln!(out, "{tag} {place}  {}", terminal(&event.title));
    let facts = event.reading.as_deref().map(|r| &r.facts);
    match &event.change {
        Change::New => {
            if let Some(reading) = &event.reading {
                summary(out, reading, lang);
            }
        }
        Change::Facts { deltas, text } => {
            sentences(out, deltas, facts, lang);
            clauses(out, text);
        }
        Change::Attachment { deltas } | Change::Reread { deltas } => {
            sentences(out, deltas, facts, lang)
        }
        Change::Text { text } => clauses(out, text),
        Change::Moved { from, to } => {
            let _ = writeln!(out, "    {} → {}", terminal(from), terminal(to));
        }
        Change::Gone { verdict } => {
            let _ = writeln!(out, "    {}", (words.verdict)(*verdict));
        }
        Change::Broken { fault } => {
            let _ = writeln!(
                out,
                "    {}{}{}",
                (words.verdict)(fault.verdict),
                lang.board().label.colon,
                short(&terminal(&(words.fault)(fault)), 160)
            );
        }
        Change::Recovered { since } => {
            let since = crate::model::china_date(*since);
            let _ = writeln!(out, "    {} {since}", words.label.since);
        }
        Change::Signal { sitting, .. } => {
            let _ = writeln!(out, "    {}", terminal(sitting));
        }
        Change::Late { .. } | Change::Reminder { .. } => {
            if let Some(said) = (words.about)(&event.change) {
                let _ = writeln!(out, "    {}", terminal(&said));
            }
        }
        Change::Back | Change::Unsteady | Change::Baseline { .. } => {}
    }
    if !event.url.is_empty() {
        let _ = writeln!(out, "    {}", paint(LINK, &terminal(&event.url)));
    }
}

fn sentences(out: &mut String, deltas: &[Delta], facts: Option<&Facts>, lang: Lang) {
    let words = lang.words();
    for delta in deltas {
        let id = delta
            .path
            .strip_prefix("/windows/")
            .and_then(|p| p.split('/').next());
        let window = facts.and_then(|f| {
            f.windows
                .iter()
                .find(|w| id.is_some() && w.id.as_deref() == id)
        });
        let _ = writeln!(out, "    {}", terminal(&(words.delta)(delta, window)));
        if !delta.words.is_empty() {
            let quote = format!("“{}”", short(&terminal(&delta.words), QUOTE));
            let _ = writeln!(out, "      {}", paint(DIM, &quote));
        }
    }
}

/// The changed clauses, removed words red and struck, added words green and underlined.
fn clauses(out: &mut String, text: &TextChange) {
    for hunk in text.hunks.iter().take(CLAUSES) {
        let _ = writeln!(out, "    {} {}", paint(DIM, "¶"), marked(&hunk.pieces));
    }
    if text.hunks.len() > CLAUSES {
        let _ = writeln!(
            out,
            "    {} +{}",
            paint(DIM, "¶"),
            text.hunks.len() - CLAUSES
        );
    }
}

/// Pieces with marks that also show without colours: `[-old-]`, `{+new+}`.
pub fn marked(pieces: &[crate::model::event::Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        let text = terminal(&piece.text);
        match piece.tag {
            Tag::Same => out.push_str(&text),
            Tag::Old => out.push_str(&paint(BAD.strikethrough(), &format!("[-{text}-]"))),
            Tag::New => out.push_str(&paint(GOOD.underline(), &format!("{{+{text}+}}"))),
        }
    }
    out
}

/// A notice's facts in a few lines: when, how, where, with the page's words.
pub fn summary(out: &mut String, reading: &Reading, lang: Lang) {
    let words = lang.words();
    let facts = &reading.facts;
    let methods: Vec<_> = facts.methods.iter().map(|m| (words.method)(*m)).collect();
    let mut head = vec![(words.kind)(facts.kind).to_string()];
    if !methods.is_empty() {
        head.push(methods.join("、"));
    }
    if let Some(date) = facts.published {
        head.push(format!("{} {date}", words.label.published));
    }
    let _ = writeln!(out, "    {}", head.join(" · "));
    for (i, window) in facts.windows.iter().enumerate() {
        let doubt = reading
            .evidence
            .get(&format!("/windows/{i}"))
            .is_some_and(|e| !e.certain);
        line_of_window(out, window, doubt, facts.windows.len() <= MANY, lang);
    }
    for place in &facts.places {
        let _ = writeln!(
            out,
            "    {} {}",
            paint(DIM, words.label.places),
            terminal(&place_line(place))
        );
    }
    papers(out, &facts.materials, lang);
    if let Some(mail) = &facts.mail {
        let [collect, prepaid, free] = words.label.fees;
        let fee = mail.fee.map(|f| match f {
            Fee::Collect => collect,
            Fee::Prepaid => prepaid,
            Fee::Free => free,
        });
        let parts = [mail.carrier.as_deref(), fee, mail.apply.as_deref()];
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        if !parts.is_empty() {
            let text = terminal(&parts.join(" · "));
            let _ = writeln!(out, "    {} {text}", paint(DIM, words.label.mail));
        }
    }
    if let Some(allowed) = facts.proxy_allowed {
        let answer = if allowed {
            words.label.yes
        } else {
            words.label.no
        };
        let _ = writeln!(out, "    {} {answer}", paint(DIM, words.label.proxy));
    }
    let told = |p: &String| facts.places.iter().any(|place| place.phones.contains(p));
    if !facts.phones.iter().all(told) {
        let phones = terminal(&facts.phones.join("、"));
        let _ = writeln!(out, "    {} {phones}", paint(DIM, words.label.phones));
    }
}

fn line_of_window(out: &mut String, window: &Window, doubt: bool, quoted: bool, lang: Lang) {
    let words = lang.words();
    let mut parts = vec![(words.window_method)(window.method).to_string()];
    parts.extend(window.scope.clone());
    let mut when = (words.window)(window);
    if let Some(days) = window.days {
        when.push_str(&format!(" {}", (words.days)(days)));
    }
    if !window.hours.is_empty() {
        when.push_str(&format!(" {}", window.hours.join(" ")));
    }
    let mark = if doubt {
        paint(WARN, &format!(" ({})", words.label.doubt))
    } else {
        String::new()
    };
    let _ = writeln!(
        out,
        "    {} {}{mark}",
        paint(DIM, &terminal(&parts.join("·"))),
        paint(BOLD, &terminal(&when))
    );
    if quoted {
        let quote = format!("“{}”", short(&terminal(&window.quote), QUOTE));
        let _ = writeln!(out, "      {}", paint(DIM, &quote));
    }
}

fn place_line(place: &Place) -> String {
    let phones = place.phones.join("、");
    let parts = [
        place.scope.as_deref(),
        place.name.as_deref(),
        place.address.as_deref(),
        Some(phones.as_str()),
    ];
    parts
        .into_iter()
        .flatten()
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join("，")
}

fn papers(out: &mut String, materials: &Materials, lang: Lang) {
    let label = &lang.words().label;
    for (who, list) in [
        (label.own_papers, &materials.own),
        (label.proxy_papers, &materials.proxy),
        (label.batch_papers, &materials.batch),
    ] {
        if !list.is_empty() {
            let list = terminal(&list.join("、"));
            let _ = writeln!(out, "    {} {list}", paint(DIM, who));
        }
    }
}

/// One line under the header, none between rows.
const LINES: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// A table whose columns stand in line under Chinese text.
pub fn table(header: &[&str], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(LINES);
    table.set_header(header.iter().map(|h| h.to_string()));
    table.add_rows(rows);
    let lines = table.lines().map(|line| format!("{}\n", line.trim_end()));
    lines.collect()
}

/// One line for a source that still fails.
pub fn reminder(
    place: &str,
    fault: &crate::model::Fault,
    since: crate::model::Timestamp,
    lang: Lang,
) -> String {
    let words = lang.words();
    format!(
        "{} {}  {}{}{} ({} {})\n",
        paint(BAD, "[!]"),
        paint(BOLD, &terminal(place)),
        (words.verdict)(fault.verdict),
        lang.board().label.colon,
        short(&terminal(&(words.fault)(fault)), 160),
        words.label.since,
        crate::model::china_date(since)
    )
}

/// One line for a source that answers, and of which something is odd.
pub fn warning(place: &str, what: &str) -> String {
    let (mark, place) = (paint(WARN, "[!]"), paint(BOLD, &terminal(place)));
    format!("{mark} {place}  {}\n", terminal(what))
}

/// The heading of one recorded day.
pub fn day(when: &str, what: &str, lang: Lang) -> String {
    let rule = "─".repeat(8);
    let what = (lang.words().round)(what);
    paint(BOLD, format!("\n{rule} {when} {what}").trim_end()) + "\n"
}
