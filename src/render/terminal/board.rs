//! All regions for a sitting, grouped by what needs action; one region in full.

use super::{BAD, BOLD, DIM, GOOD, LINK, WARN, line_of_window, paint};
use crate::model::{Board, BoardNotice, Stage, Standing};
use crate::render::safe::{short, terminal};
use crate::render::{Lang, parts};
use anstyle::Style;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// So many regions that were never asked each get their line.
const FEW: usize = 3;
/// Longest title in a listing, in characters.
const TITLE: usize = 60;

/// The table of all regions. Those whose offices were never asked are one line, unless `every` one
/// is wanted.
pub fn board(board: &Board, every: bool, lang: Lang) -> String {
    let words = lang.board();
    let mut out = String::new();
    let _ = writeln!(out, "{}", paint(BOLD, &terminal(&(words.title)(board))));
    let _ = writeln!(out, "{}", paint(DIM, &terminal(&(words.subtitle)(board))));
    let names = board.standings.iter();
    let name_width = names
        .map(|s| terminal(parts::region_name(board, &s.region, lang)).width())
        .max()
        .unwrap_or(0);
    for (stage, standings) in parts::by_stage(board) {
        let head = paint(style(stage).bold(), (words.stage)(stage));
        let count = (words.count)(standings.len());
        let note = paint(DIM, &format!("{count} · {}", (words.advice)(stage)));
        let _ = writeln!(out, "\n{head}  {note}");
        let never = |s: &&Standing| stage == Stage::Unknown && parts::unvisited(board, s);
        let fold = !every && standings.iter().copied().filter(never).count() > FEW;
        let (unseen, standings): (Vec<_>, Vec<_>) =
            standings.into_iter().partition(|s| fold && never(s));
        let phrases: Vec<String> = standings.iter().map(|s| (words.phrase)(s)).collect();
        let phrase_width = phrases.iter().map(|p| p.width()).max().unwrap_or(0);
        for (s, phrase) in standings.iter().zip(&phrases) {
            let name = terminal(parts::region_name(board, &s.region, lang));
            let line = format!(
                "  {}  {}  {}",
                pad(&name, name_width),
                pad(phrase, phrase_width),
                tail(board, s, lang)
            );
            let _ = writeln!(out, "{}", line.trim_end());
        }
        if !unseen.is_empty() {
            let soonest = unseen.iter().filter_map(|s| s.expected).map(|e| e.0).min();
            let line = (words.unasked)(unseen.len(), soonest);
            let _ = writeln!(out, "  {}", paint(DIM, &line));
        }
    }
    out
}

/// What follows the phrase: the ways and the newest notice, else what a guess rests on.
fn tail(board: &Board, s: &Standing, lang: Lang) -> String {
    let words = lang.board();
    let notices = parts::notices(board, s);
    if let Some(newest) = notices.first() {
        let ways = match s.expected {
            // Only the electronic certificate was told.
            Some(_) => (words.grounds)(s),
            None => parts::ways_line(&s.paper, lang),
        };
        let id = paint(DIM, &format!("#{}", newest.id));
        return match ways.is_empty() {
            true => id,
            false => format!("{}  {id}", terminal(&ways)),
        };
    }
    let gap = parts::gaps(board, s, lang).into_iter().next();
    let note = match (s.stage, gap) {
        (Stage::Unknown, Some(gap)) => gap,
        _ => (words.grounds)(s),
    };
    match note.is_empty() {
        true => note,
        false => paint(DIM, &terminal(&note)),
    }
}

/// One region in full; None where the board does not hold it.
pub fn region(board: &Board, region: &str, lang: Lang) -> Option<String> {
    let s = board.standing(region)?;
    let (words, label) = (lang.board(), &lang.board().label);
    let mut out = String::new();
    let name = parts::region_name(board, region, lang);
    let head = paint(BOLD, &terminal(name));
    let stage = paint(style(s.stage).bold(), (words.stage)(s.stage));
    let phrase = (words.phrase)(s);
    let _ = writeln!(out, "{}", format!("{head}  {stage}  {phrase}").trim_end());
    let sitting = format!("{} {}", board.exam_short, (words.sitting)(&board.sitting));
    let _ = writeln!(out, "{}\n", paint(DIM, &terminal(&sitting)));
    let mut line = |name: &str, text: &str| {
        if !text.is_empty() {
            let _ = writeln!(out, "  {}  {}", paint(DIM, name), terminal(text));
        }
    };
    line(label.paper, &parts::ways_line(&s.paper, lang));
    if s.notices.is_empty() {
        line(label.paper, label.no_notice);
        line(label.expected, &(words.grounds)(s));
    }
    if s.stage != Stage::NotHeld {
        line(label.electronic, &(words.electronic)(&s.electronic));
    }
    if let Some(day) = s.kept_until {
        line(label.kept, &(words.kept)(day));
    }
    for gap in parts::gaps(board, s, lang) {
        let _ = writeln!(out, "  {} {}", paint(WARN, "!"), terminal(&gap));
    }
    for notice in parts::notices(board, s) {
        one_notice(&mut out, board, s, notice, lang);
    }
    for page in parts::pages(board, region) {
        one_notice(&mut out, board, s, page, lang);
    }
    cities(&mut out, s, lang);
    if s.stage.told() {
        heading(&mut out, label.check);
        for item in words.on_certificate {
            let _ = writeln!(out, "  [ ] {item}");
        }
    }
    offices(&mut out, board, region, lang);
    Some(out)
}

fn one_notice(out: &mut String, board: &Board, s: &Standing, notice: &BoardNotice, lang: Lang) {
    let (words, label) = (lang.board(), &lang.words().label);
    heading(out, &short(&terminal(&notice.title), TITLE));
    let published = notice.published.map(|d| format!("{} {d}", label.published));
    let standing = parts::is_page(board, &notice.source);
    let parts_of_head = [
        standing.then(|| words.label.standing.to_string()),
        Some(terminal(&notice.office)),
        published,
        Some(format!("#{}", notice.id)),
    ];
    let head: Vec<String> = parts_of_head.into_iter().flatten().collect();
    let _ = writeln!(out, "  {}", paint(DIM, &head.join(" · ")));
    let _ = writeln!(out, "  {}", paint(LINK, &terminal(&notice.url)));
    for (word, other) in parts::tied(board, notice.id, lang) {
        let title = short(&terminal(&other.title), TITLE);
        let _ = writeln!(out, "  {word} #{} {title}", other.id);
    }
    let Some(reading) = &notice.reading else {
        let _ = writeln!(out, "  {}", label.row_only);
        return;
    };
    let facts = &reading.facts;
    let mut line = |name: &str, text: &str| {
        if !text.is_empty() {
            let _ = writeln!(out, "    {} {}", paint(DIM, name), terminal(text));
        }
    };
    for place in &facts.places {
        let scope = place.scope.as_deref().unwrap_or(label.places);
        let mut text = parts::place_line(place, lang);
        if !place.phones.is_empty() {
            text.push_str(&format!("（{}）", place.phones.join("、")));
        }
        line(&terminal(scope), &text);
    }
    if let Some(mail) = &facts.mail {
        line(label.mail, &parts::mail_line(mail, lang));
    }
    line(label.phones, &parts::phones(facts).join("、"));
    let answer = facts
        .proxy_allowed
        .map(|yes| if yes { label.yes } else { label.no });
    line(label.proxy, answer.unwrap_or(""));
    for note in &facts.notes {
        line(label.notes, &short(&note.quote, 120));
    }
    let mine = s.windows.iter().filter(|w| w.notice == notice.id);
    for w in mine {
        let at = facts.windows.iter().position(|x| *x == w.window);
        let proof = at.and_then(|i| reading.evidence.get(&format!("/windows/{i}")));
        line_of_window(
            out,
            &w.window,
            proof.is_some_and(|p| !p.certain),
            true,
            lang,
        );
    }
    for (who, list) in parts::papers(&facts.materials, lang) {
        let _ = writeln!(out, "    {}", paint(DIM, who));
        for paper in list {
            let _ = writeln!(out, "      [ ] {}", terminal(paper));
        }
    }
    let seen = notice
        .seen
        .map(|at| format!(" · {} {}", words.label.seen, (words.moment)(at)));
    let changed = format!("{} {}", words.label.changed, (words.moment)(notice.changed));
    let _ = writeln!(
        out,
        "    {}",
        paint(DIM, &(changed + &seen.unwrap_or_default()))
    );
}

fn cities(out: &mut String, s: &Standing, lang: Lang) {
    if s.cities.is_empty() {
        return;
    }
    let words = lang.board();
    heading(out, words.label.cities);
    let widths = s.cities.iter().map(|c| terminal(&c.city).width());
    let width = widths.max().unwrap_or(0);
    for city in &s.cities {
        let stage = paint(style(city.stage), (words.stage)(city.stage));
        let way = crate::model::Way {
            stage: city.stage,
            from: city.from,
            to: city.to,
        };
        let dates = if way.from.or(way.to).is_some() {
            (words.way)(&way)
        } else {
            String::new()
        };
        let note = match city.watched {
            true => String::new(),
            false => paint(DIM, words.label.unwatched),
        };
        let name = pad(&terminal(&city.city), width);
        let line = format!("  {name}  {stage}  {dates}  {note}");
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

fn offices(out: &mut String, board: &Board, region: &str, lang: Lang) {
    let (words, label) = (lang.board(), &lang.words().label);
    let Some(card) = board.regions.get(region) else {
        return;
    };
    heading(out, words.label.office_page);
    for source in card.sources.iter().filter_map(|id| board.source(id)) {
        let seen = source
            .last_good
            .map_or_else(|| label.never.to_string(), |at| (words.moment)(at));
        let phone = source
            .phone
            .as_deref()
            .map(|p| format!(" · {} {p}", label.phones));
        let line = format!("{}{}", source.name, phone.unwrap_or_default());
        let _ = writeln!(out, "  {}", terminal(&line));
        if !source.url.is_empty() {
            let _ = writeln!(out, "    {}", paint(LINK, &terminal(&source.url)));
        }
        let _ = writeln!(
            out,
            "    {}",
            paint(DIM, &format!("{} {seen}", label.last_good))
        );
        if let Some(fault) = &source.fault {
            let why = (lang.words().verdict)(fault.verdict);
            let _ = writeln!(out, "    {}", paint(BAD, &format!("{} {why}", label.fault)));
        }
    }
}

fn heading(out: &mut String, text: &str) {
    let _ = writeln!(out, "\n{}", paint(BOLD, text));
}

/// Blanks up to a width in columns; Han characters count two.
fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

fn style(stage: Stage) -> Style {
    match stage {
        Stage::Closing => BAD,
        Stage::Open => GOOD,
        Stage::Late => WARN,
        Stage::Announced => LINK,
        _ => DIM,
    }
}
