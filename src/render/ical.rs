//! iCalendar (RFC 5545): one whole-day event per window, so that a calendar that subscribes shows
//! when a certificate can be had and follows when the office moves it.

use super::brief::{self, clean, exam_line, link, window_id};
use super::ids;
use super::safe::short;
use super::words::Lang;
use crate::model::facts::Place;
use crate::model::{Change, Date, Delta, Event, Feed, NoticeView, Timestamp, Window};
use jiff::ToSpan;

/// Most bytes of a line before it is folded (§3.1).
const LINE: usize = 75;
/// The alarm rings at nine in the morning of the day before the last: so long before the end,
/// which is the midnight after the last day.
const ALARM: &str = "-P1DT15H";

/// The calendar as a document with CRLF.
pub fn ical(feed: &Feed, lang: Lang) -> String {
    let mut out = Calendar::default();
    out.line("BEGIN", "VCALENDAR");
    out.line("VERSION", "2.0");
    out.line("PRODID", "-//lingzheng//lingzheng//ZH");
    out.line("CALSCALE", "GREGORIAN");
    out.line("METHOD", "PUBLISH");
    // NAME is RFC 7986, X-WR-CALNAME what clients knew before it.
    out.text("NAME", &clean(&feed.title));
    out.text("X-WR-CALNAME", &clean(&feed.title));
    for view in &feed.notices {
        for (window, here) in windows(view) {
            event(&mut out, feed, view, &window, here, lang);
        }
    }
    out.line("END", "VCALENDAR");
    out.0
}

/// The notice's windows, and those that it once had; true = it has it now.
fn windows(view: &NoticeView) -> Vec<(Window, bool)> {
    let now = view
        .facts()
        .map(|f| f.windows.as_slice())
        .unwrap_or_default();
    let mut all: Vec<(Window, bool)> = now.iter().map(|w| (w.clone(), true)).collect();
    for delta in view.history.iter().flat_map(deltas) {
        let Some(id) = window_id(&delta.path).filter(|_| delta.new.is_null()) else {
            continue;
        };
        let known = all.iter().any(|(w, _)| w.id.as_deref() == Some(id));
        // `/windows/12-w1`, not one of its fields.
        let whole = delta.path.matches('/').count() == 2;
        if let (false, true, Ok(mut window)) = (
            known,
            whole,
            serde_json::from_value::<Window>(delta.old.clone()),
        ) {
            window.id = Some(id.to_owned());
            all.push((window, false));
        }
    }
    all
}

fn deltas(event: &Event) -> &[Delta] {
    match &event.change {
        Change::Facts { deltas, .. } | Change::Reread { deltas } => deltas,
        _ => &[],
    }
}

/// How often what the calendar shows of this window was revised: each event that changed it, and
/// each time the whole notice went or came back. Only grows, as §3.8.7.4 asks.
fn sequence(view: &NoticeView, id: &str) -> usize {
    let touches = |event: &&Event| match &event.change {
        Change::Gone { .. } | Change::Back => true,
        _ => deltas(event)
            .iter()
            .any(|d| window_id(&d.path) == Some(id) && !is_first(d)),
    };
    view.history.iter().filter(touches).count()
}

/// The delta that brings the window is its first state, not a revision.
fn is_first(delta: &Delta) -> bool {
    delta.old.is_null() && delta.path.matches('/').count() == 2
}

fn event(
    out: &mut Calendar,
    feed: &Feed,
    view: &NoticeView,
    window: &Window,
    here: bool,
    lang: Lang,
) {
    // A window without a start is its last day, one without an end its first.
    let Some((first, last)) = window.start.or(window.end).zip(window.end.or(window.start)) else {
        return;
    };
    let Some(id) = window.id.as_deref() else {
        return;
    };
    let Ok(after) = last.max(first).checked_add(1.day()) else {
        return;
    };
    let cancelled = !here || view.notice.gone;
    out.line("BEGIN", "VEVENT");
    out.line("UID", &ids::window(&feed.epoch, id));
    out.line("DTSTAMP", &utc(view.revised()));
    out.line("LAST-MODIFIED", &utc(view.revised()));
    out.line("SEQUENCE", &sequence(view, id).to_string());
    out.line("DTSTART;VALUE=DATE", &basic(first));
    out.line("DTEND;VALUE=DATE", &basic(after));
    out.text("SUMMARY", &summary(view, window, lang));
    out.text("DESCRIPTION", &description(view, window, lang));
    let location = location(view, window);
    if !location.is_empty() {
        out.text("LOCATION", &location);
    }
    if let Some(url) = link(&view.notice.url) {
        out.line("URL", url);
    }
    out.line(
        "STATUS",
        match (cancelled, window.estimate) {
            (true, _) => "CANCELLED",
            (false, true) => "TENTATIVE",
            (false, false) => "CONFIRMED",
        },
    );
    out.line("TRANSP", "TRANSPARENT");
    if !cancelled && window.end.is_some() {
        out.line("BEGIN", "VALARM");
        out.line("ACTION", "DISPLAY");
        out.text("DESCRIPTION", &summary(view, window, lang));
        out.line("TRIGGER;RELATED=END", ALARM);
        out.line("END", "VALARM");
    }
    out.line("END", "VEVENT");
}

/// `广西 现场领取 南宁市 2026年上半年…`.
fn summary(view: &NoticeView, window: &Window, lang: Lang) -> String {
    let words = lang.words();
    let mut parts = vec![
        view.place.clone(),
        (words.window_method)(window.method).to_owned(),
    ];
    parts.extend(window.scope.clone());
    let exam = view.facts().and_then(|f| f.exams.first());
    parts.push(exam.map_or_else(|| view.notice.title.clone(), exam_line));
    if window.start.is_none() || window.end.is_none() {
        // One day stands for an open range: say so.
        parts.push((words.window)(window));
    }
    short(&clean(&parts.join(" ")), 120)
}

fn description(view: &NoticeView, window: &Window, lang: Lang) -> String {
    let mut text = format!(
        "{}\n{}\n",
        clean(&view.notice.title),
        clean(&brief::window_line(window, lang))
    );
    if !window.quote.is_empty() {
        text.push_str(&format!("“{}”\n", short(&clean(&window.quote), 300)));
    }
    if let Some(reading) = view.reading() {
        let label = &lang.words().label;
        let mut sections = brief::facts(reading, lang);
        sections.retain(|s| s.head != label.windows && s.head != label.exams);
        text.push_str(&brief::plain(&sections));
    }
    text.push_str(&clean(&view.notice.url));
    text
}

/// The places that serve the window's scope, else those that serve everyone; all of them where the
/// window is for everyone.
fn location(view: &NoticeView, window: &Window) -> String {
    let places = view
        .facts()
        .map(|f| f.places.as_slice())
        .unwrap_or_default();
    let serving = |scope: &Option<String>| -> Vec<&Place> {
        places.iter().filter(|p| p.scope == *scope).collect()
    };
    let chosen = match &window.scope {
        None => places.iter().collect(),
        Some(_) => Some(serving(&window.scope))
            .filter(|own| !own.is_empty())
            .unwrap_or_else(|| serving(&None)),
    };
    let lines = chosen.iter().take(3).map(|p| {
        let parts = [p.name.as_deref(), p.address.as_deref()];
        clean(&parts.into_iter().flatten().collect::<Vec<_>>().join("，"))
    });
    lines
        .filter(|l| !l.is_empty())
        .collect::<Vec<_>>()
        .join("；")
}

fn basic(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[derive(Default)]
struct Calendar(String);

impl Calendar {
    /// A value of type TEXT (§3.3.11): backslash, comma, semicolon and line break escaped, other
    /// control characters left out.
    fn text(&mut self, name: &str, text: &str) {
        let mut value = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '\\' | ';' | ',' => value.extend(['\\', c]),
                '\n' => value.push_str("\\n"),
                c if c.is_control() => {}
                c => value.push(c),
            }
        }
        self.line(name, &value);
    }

    /// A content line, folded between characters at [`LINE`] octets.
    fn line(&mut self, name: &str, value: &str) {
        let mut room = LINE;
        for c in name.chars().chain([':']).chain(value.chars()) {
            if c.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = LINE - 1;
            }
            self.0.push(c);
            room -= c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_characters() {
        let mut out = Calendar::default();
        out.text("SUMMARY", &"领取证书;,\\\n".repeat(20));
        for line in out.0.split_terminator("\r\n") {
            assert!(line.len() <= LINE, "{line}");
        }
        let unfolded = out.0.replace("\r\n ", "");
        assert_eq!(
            unfolded,
            format!("SUMMARY:{}\r\n", r"领取证书\;\,\\\n".repeat(20))
        );
    }
}
