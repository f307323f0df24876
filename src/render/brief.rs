//! A notice or an event in brief: headed lists of sentences, as plain text or as HTML. Feeds, the
//! calendar and messages all say the same thing in the same words.

use super::safe::{short, terminal};
use super::words::Lang;
use crate::model::event::{Piece, Tag};
use crate::model::facts::{ExamRef, Fee, Place};
use crate::model::{Change, Delta, Event, Facts, Reading, TextChange, Window, china_date};

/// Longest sentence or quote, in characters: a page that states more is opened, not read here.
const LONGEST: usize = 300;
/// Most sentences under one heading; the rest is counted.
const MOST: usize = 40;

/// Sentences under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The heading, without a colon.
    pub head: String,
    /// At least one.
    pub items: Vec<Item>,
}

/// One sentence, and the page's words for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The sentence; removed and added words are marked where it is a changed clause.
    pub pieces: Vec<Piece>,
    /// The page's words; empty = none.
    pub quote: String,
}

impl Item {
    fn new(text: impl AsRef<str>, quote: &str) -> Item {
        let same = Piece {
            tag: Tag::Same,
            text: tidy(text.as_ref()),
        };
        Item {
            pieces: vec![same],
            quote: tidy(quote),
        }
    }
}

/// Text from a page for any format: one line, no control characters, marks that reorder text
/// visible, no code points that XML and others forbid (noncharacters).
pub fn clean(text: &str) -> String {
    let keep = |c: &char| {
        !matches!(*c as u32 & 0xffff, 0xfffe | 0xffff)
            && !matches!(c, '\u{fdd0}'..='\u{fdef}' | '\u{2028}' | '\u{2029}')
    };
    terminal(&text.chars().filter(keep).collect::<String>())
}

fn tidy(text: &str) -> String {
    short(&clean(text), LONGEST)
}

/// An address that may stand in a link: http or https, and nothing that a reader could stumble on.
pub fn link(url: &str) -> Option<&str> {
    let web = url.starts_with("https://") || url.starts_with("http://");
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '\\');
    (web && !url.contains(odd)).then_some(url)
}

/// Text in HTML: nothing of it can become markup.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// What happened, in one section; None where the word of the change says it all.
pub fn change(event: &Event, lang: Lang) -> Option<Section> {
    let words = lang.words();
    let facts = event.reading.as_deref().map(|r| &r.facts);
    let items = match &event.change {
        Change::Facts { deltas, text } => {
            let mut items = sentences(deltas, facts, lang);
            items.extend(clauses(text));
            items
        }
        Change::Attachment { deltas } | Change::Reread { deltas } => sentences(deltas, facts, lang),
        Change::Text { text } => clauses(text),
        Change::Moved { from, to } => vec![Item::new(format!("{from} → {to}"), "")],
        Change::Gone { verdict } => vec![Item::new((words.verdict)(*verdict), "")],
        Change::Broken { fault } => {
            let what = (words.verdict)(fault.verdict);
            let (colon, why) = (lang.board().label.colon, (words.fault)(fault));
            vec![Item::new(format!("{what}{colon}{why}"), "")]
        }
        Change::Recovered { since } => {
            vec![Item::new(
                format!("{} {}", words.label.since, china_date(*since)),
                "",
            )]
        }
        Change::Late { .. } | Change::Reminder { .. } => (words.about)(&event.change)
            .map(|said| Item::new(said, ""))
            .into_iter()
            .collect(),
        Change::New
        | Change::Back
        | Change::Unsteady
        | Change::Baseline { .. }
        | Change::Signal { .. } => Vec::new(),
    };
    section(
        &format!("{} {}", (words.change)(&event.change), china_date(event.at)),
        items,
    )
}

/// The facts that a holder needs, in the order in which they matter.
pub fn facts(reading: &Reading, lang: Lang) -> Vec<Section> {
    let label = &lang.words().label;
    let facts = &reading.facts;
    let windows = facts
        .windows
        .iter()
        .map(|w| Item::new(window_line(w, lang), &w.quote));
    let list = |texts: &[String]| match texts.is_empty() {
        true => Vec::new(),
        false => vec![Item::new(texts.join("、"), "")],
    };
    let one = |text: Option<String>| text.map(|t| Item::new(t, "")).into_iter().collect();
    let answer = |allowed| if allowed { label.yes } else { label.no };
    let methods: Vec<String> = facts
        .methods
        .iter()
        .map(|m| (lang.words().method)(*m).to_owned())
        .collect();
    let files: Vec<String> = facts.attachments.iter().map(|f| f.name.clone()).collect();
    [
        section(
            label.exams,
            facts
                .exams
                .iter()
                .map(|e| Item::new(exam_line(e), ""))
                .collect(),
        ),
        section(label.methods, list(&methods)),
        section(label.windows, windows.collect()),
        section(
            label.places,
            facts
                .places
                .iter()
                .map(|p| Item::new(place_line(p), ""))
                .collect(),
        ),
        section(label.own_papers, list(&facts.materials.own)),
        section(label.proxy_papers, list(&facts.materials.proxy)),
        section(label.batch_papers, list(&facts.materials.batch)),
        section(
            label.proxy,
            one(facts.proxy_allowed.map(|a| answer(a).to_owned())),
        ),
        section(label.mail, one(mail_line(facts, lang))),
        section(label.phones, list(&facts.phones)),
        section(label.attachments, list(&files)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn section(head: &str, mut items: Vec<Item>) -> Option<Section> {
    let more = items.len().saturating_sub(MOST);
    items.truncate(MOST);
    if more > 0 {
        items.push(Item::new(format!("+{more}"), ""));
    }
    (!items.is_empty()).then(|| Section {
        head: head.to_owned(),
        items,
    })
}

fn sentences(deltas: &[Delta], facts: Option<&Facts>, lang: Lang) -> Vec<Item> {
    let known = |delta: &Delta| {
        let id = window_id(&delta.path)?;
        facts?.windows.iter().find(|w| w.id.as_deref() == Some(id))
    };
    deltas
        .iter()
        .map(|d| Item::new((lang.words().delta)(d, known(d)), &d.words))
        .collect()
}

/// The window that a delta's path names.
pub fn window_id(path: &str) -> Option<&str> {
    path.strip_prefix("/windows/")?
        .split('/')
        .next()
        .filter(|id| !id.is_empty())
}

fn clauses(text: &TextChange) -> Vec<Item> {
    let piece = |p: &Piece| Piece {
        tag: p.tag,
        text: tidy(&p.text),
    };
    let item = |pieces: &[Piece]| Item {
        pieces: pieces.iter().map(piece).collect(),
        quote: String::new(),
    };
    text.hunks.iter().map(|h| item(&h.pieces)).collect()
}

/// A window as a sentence: way, whom, when.
pub fn window_line(window: &Window, lang: Lang) -> String {
    let words = lang.words();
    let mut parts = vec![(words.window_method)(window.method).to_owned()];
    parts.extend(window.scope.clone());
    parts.push((words.window)(window));
    parts.extend(window.days.map(|d| (words.days)(d).to_owned()));
    if !window.hours.is_empty() {
        parts.push(window.hours.join(" "));
    }
    parts.join(" ")
}

/// A place as a sentence.
pub fn place_line(place: &Place) -> String {
    let phones = place.phones.join("、");
    let parts = [
        place.scope.as_deref(),
        place.name.as_deref(),
        place.address.as_deref(),
        Some(&*phones),
    ];
    parts
        .into_iter()
        .flatten()
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join("，")
}

/// An exam with its sitting.
pub fn exam_line(exam: &ExamRef) -> String {
    let half = match exam.half {
        Some(1) => "上半年",
        Some(_) => "下半年",
        None => "",
    };
    exam.year
        .map_or(exam.name.clone(), |y| format!("{y}年{half}{}", exam.name))
}

fn mail_line(facts: &Facts, lang: Lang) -> Option<String> {
    let mail = facts.mail.as_ref()?;
    let [collect, prepaid, free] = lang.words().label.fees;
    let fee = mail.fee.map(|f| match f {
        Fee::Collect => collect,
        Fee::Prepaid => prepaid,
        Fee::Free => free,
    });
    let parts = [mail.carrier.as_deref(), fee, mail.apply.as_deref()];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// Sections as plain text, each line ended.
pub fn plain(sections: &[Section]) -> String {
    let mut out = String::new();
    for section in sections {
        out.push_str(&format!("{}：\n", section.head));
        for item in &section.items {
            out.push_str("· ");
            for piece in &item.pieces {
                match piece.tag {
                    Tag::Same => out.push_str(&piece.text),
                    Tag::Old => out.push_str(&format!("[-{}-]", piece.text)),
                    Tag::New => out.push_str(&format!("{{+{}+}}", piece.text)),
                }
            }
            out.push('\n');
            if !item.quote.is_empty() {
                out.push_str(&format!("  “{}”\n", item.quote));
            }
        }
    }
    out
}

/// Sections as HTML. The tags are ours, every word goes through [`escape`].
pub fn html(sections: &[Section]) -> String {
    let mut out = String::new();
    for section in sections {
        out.push_str(&format!(
            "<p><strong>{}</strong></p>\n<ul>\n",
            escape(&section.head)
        ));
        for item in &section.items {
            out.push_str("<li>");
            for piece in &item.pieces {
                let text = escape(&piece.text);
                match piece.tag {
                    Tag::Same => out.push_str(&text),
                    Tag::Old => out.push_str(&format!("<del>{text}</del>")),
                    Tag::New => out.push_str(&format!("<ins>{text}</ins>")),
                }
            }
            if !item.quote.is_empty() {
                out.push_str(&format!("<br><q>{}</q>", escape(&item.quote)));
            }
            out.push_str("</li>\n");
        }
        out.push_str("</ul>\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_a_page_is_inert() {
        assert_eq!(
            clean("a\0b\u{1f}\u{fffe}\u{ffff}\u{1fffe}\r\nc\u{2028}\u{202e}"),
            "ab  c<202E>"
        );
        assert_eq!(
            escape("<a href='x'>&\""),
            "&lt;a href=&#39;x&#39;&gt;&amp;&quot;"
        );
        for (url, good) in [
            ("https://a.cn/b?c=d&e=f", true),
            ("javascript:alert(1)", false),
            ("https://a.cn/\" onclick=\"x", false),
            ("https://a.cn/\nX", false),
            ("//a.cn/", false),
        ] {
            assert_eq!(link(url).is_some(), good, "{url}");
        }
    }
}
