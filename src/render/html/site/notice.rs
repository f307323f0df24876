//! One notice: its facts, the page's words for each of them, its versions and what was told.

use super::{At, Names, frame};
use crate::model::{Event, Notice, Reading, Tied, Version, china_date};
use crate::render::html::{Html, To, changes, region};
use crate::render::parts;

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct NoticePage<'a> {
    /// The notice with its latest version.
    pub notice: &'a Notice,
    /// All its versions, newest first.
    pub versions: &'a [Version],
    /// What was told of it, oldest first.
    pub events: &'a [Event],
    /// What it corrects, and what corrects it.
    pub tied: &'a Tied,
    /// For its place.
    pub names: Names<'a>,
    /// The stored pages can be had at `/raw/…`.
    pub raw: bool,
}

/// The page.
pub fn notice(page: &NoticePage, at: At) -> String {
    let NoticePage { notice, names, .. } = page;
    let (words, label) = (at.lang.site(), &at.lang.words().label);
    let mut out = frame::begin(at, &notice.title, To::Notice(notice.id));
    out.raw("<header>").element(
        "<h1 class=\"long\">",
        &notice.title,
        "</h1><p class=\"sub\">",
    );
    let source = names.catalog.source(&notice.source);
    match source.filter(|s| names.catalog.regions.iter().any(|r| r.id == s.region)) {
        Some(source) => at.to(
            &mut out,
            To::Region(&source.region),
            &names.place(&source.id),
        ),
        None => drop(out.text(&names.place(&notice.source))),
    }
    if let Some(day) = notice.published {
        out.text(&format!(" · {} {day}", label.published));
    }
    if let Some(kind) = notice.kind {
        out.text(" · ").text((at.lang.words().kind)(kind));
    }
    if notice.gone {
        out.text(" · ").text(label.gone);
    }
    out.raw(" · ").link(&notice.url, words.original).raw("</p>");
    let board = &at.lang.board().label;
    let corrects = page.tied.corrects.iter().map(|n| (board.corrects, n));
    let corrected_by = page.tied.corrected_by.iter();
    for (word, other) in corrects.chain(corrected_by.map(|n| (board.corrected_by, n))) {
        out.raw("<p class=\"tied\">").text(word).text(board.colon);
        at.to(&mut out, To::Notice(other.id), &other.title);
        out.raw("</p>");
    }
    out.raw("</header><main id=\"main\">");
    match &notice.latest {
        Some(version) => {
            facts(&mut out, &version.reading, at);
            evidence(&mut out, &version.reading, at);
        }
        None => {
            out.element("<section><p>", label.row_only, "</p></section>");
        }
    }
    history(&mut out, page, at);
    out.raw("</main>");
    frame::end(out, at)
}

fn facts(out: &mut Html, reading: &Reading, at: At) {
    let (words, label, facts) = (at.lang.words(), &at.lang.words().label, &reading.facts);
    out.raw("<section class=\"facts\">")
        .element("<h2>", at.lang.site().facts, "</h2><dl>");
    for window in &facts.windows {
        out.element("<dt>", &parts::window_head(window, at.lang), "</dt><dd>");
        out.element("<b>", &parts::window_line(window, at.lang), "</b>");
        out.element("<q>", &window.quote, "</q></dd>");
    }
    let methods: Vec<&str> = facts.methods.iter().map(|m| (words.method)(*m)).collect();
    region::field(
        out,
        label.methods,
        &methods.join(at.lang.board().label.comma),
    );
    region::field(out, label.issuer, facts.issuer.as_deref().unwrap_or(""));
    let exams: Vec<&str> = facts.exams.iter().map(|e| e.name.as_str()).collect();
    region::field(out, label.exams, &exams.join(at.lang.board().label.comma));
    region::details(out, facts, at.lang);
    if let Some(years) = facts.custody_years {
        region::field(out, label.custody, &years.to_string());
    }
    let files: Vec<&str> = facts.attachments.iter().map(|f| f.name.as_str()).collect();
    region::field(
        out,
        label.attachments,
        &files.join(at.lang.board().label.comma),
    );
    out.raw("</dl>");
    region::papers(out, facts, at.lang);
    for note in &facts.notes {
        out.element("<blockquote>", &note.quote, "</blockquote>");
    }
    for unread in &reading.unread {
        let line = format!(
            "{}{}{}",
            label.doubt,
            at.lang.board().label.colon,
            unread.quote
        );
        out.element("<p class=\"gap\">", &line, "</p>");
    }
    out.raw("</section>");
}

fn evidence(out: &mut Html, reading: &Reading, at: At) {
    if reading.evidence.is_empty() {
        return;
    }
    let words = at.lang.site();
    out.raw("<section class=\"evidence\">")
        .element("<h2>", words.evidence, "</h2>");
    out.raw("<div class=\"wide\" tabindex=\"0\" role=\"group\"")
        .attr("aria-label", words.evidence);
    out.raw("><table><thead><tr>");
    for head in [words.fact, words.quote, words.rule] {
        out.element("<th scope=\"col\">", head, "</th>");
    }
    out.raw("</tr></thead><tbody>");
    for (pointer, proof) in &reading.evidence {
        out.element("<tr><th scope=\"row\"><code>", pointer, "</code></th>");
        out.element("<td>", &proof.quote, "");
        if !proof.certain {
            let why = at.lang.words().doubt;
            let why = proof.reason.as_deref().map(why).unwrap_or_default();
            let line = format!("{} {why}", at.lang.words().label.doubt);
            out.element("<p class=\"doubt\">", line.trim_end(), "</p>");
        }
        out.element("</td><td><code>", &proof.rule, "</code></td></tr>");
    }
    out.raw("</tbody></table></div></section>");
}

fn history(out: &mut Html, page: &NoticePage, at: At) {
    let words = at.lang.site();
    let (notice, label) = (page.notice, &at.lang.board().label);
    out.raw("<section class=\"history\" id=\"history\">")
        .element("<h2>", words.history, "</h2><ul>");
    for version in page.versions {
        out.raw("<li>").text(&(words.version)(version.n));
        out.text(&format!(" · {}", china_date(version.seen_at)));
        if version.plain_http {
            out.raw(" · http");
        }
        if version.n > 1 && page.versions.iter().any(|v| v.n + 1 == version.n) {
            out.raw(" · ");
            at.to(
                out,
                To::Diff(notice.id, version.n - 1, version.n),
                words.compare,
            );
        }
        if page.raw {
            out.raw(" · ").raw_page(&version.page, words.raw);
        }
        out.raw("</li>");
    }
    out.raw("</ul></section>");
    if page.events.is_empty() {
        return;
    }
    out.raw("<section class=\"changes\">")
        .element("<h2>", label.changes, "</h2><ol>");
    for event in page.events.iter().rev() {
        changes::one(out, event, "", at.lang, at.place);
    }
    out.raw("</ol></section>");
}
