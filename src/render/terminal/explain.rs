//! The text of a page with each fact marked where it stands, and the rule that found it.

use super::{BOLD, DIM, GOOD, WARN, paint, summary};
use crate::model::{Article, Reading, Span};
use crate::render::Lang;
use crate::render::safe::terminal;
use std::fmt::Write;

/// The facts of a page that is not in the store.
pub fn facts(reading: &Reading, lang: Lang) -> String {
    let mut out = format!("{}\n", paint(BOLD, &terminal(&reading.facts.title)));
    summary(&mut out, reading, lang);
    super::notice::rest(&mut out, reading, lang);
    out
}

/// The article line by line; under each line the facts that it proves: pointer, rule, words.
pub fn explained(article: &Article, reading: &Reading) -> String {
    let mut proofs: Vec<(Span, &str, &crate::model::Evidence)> = reading
        .evidence
        .iter()
        .filter_map(|(pointer, proof)| Some((proof.span?, pointer.as_str(), proof)))
        .collect();
    proofs.sort_by_key(|(span, pointer, _)| (span.start, *pointer));
    let mut out = format!("{}\n\n", paint(BOLD, &terminal(&article.title)));
    let mut next = proofs.iter().peekable();
    for block in &article.blocks {
        let mut here = Vec::new();
        while let Some(proof) =
            next.next_if(|(span, ..)| span.start < block.span.end.max(block.span.start + 1))
        {
            here.push(proof);
        }
        let _ = writeln!(out, "{}", marked_line(article, block.span, &here));
        for (span, pointer, proof) in here {
            let style = if proof.certain { GOOD } else { WARN };
            let words = terminal(span.of(&article.text));
            let doubt = proof
                .reason
                .as_deref()
                .map(|r| format!(" ({r})"))
                .unwrap_or_default();
            let _ = writeln!(
                out,
                "    {} {} {}{}",
                paint(style, pointer),
                paint(DIM, &format!("[{}]", proof.rule)),
                words,
                paint(WARN, &terminal(&doubt))
            );
        }
    }
    for unread in &reading.unread {
        let line = format!("? {} “{}”", unread.reason, unread.quote);
        let _ = writeln!(out, "{}", paint(WARN, &terminal(&line)));
    }
    let outside = reading
        .evidence
        .iter()
        .filter(|(_, proof)| proof.span.is_none());
    for (pointer, proof) in outside {
        let rule = paint(DIM, &format!("[{}]", proof.rule));
        let _ = writeln!(
            out,
            "{} {rule} {}",
            paint(GOOD, pointer),
            terminal(&proof.quote)
        );
    }
    out
}

/// A line with the marked spans underlined. Spans that overlap are shown as one.
fn marked_line(
    article: &Article,
    line: Span,
    proofs: &[&(Span, &str, &crate::model::Evidence)],
) -> String {
    let mut out = String::new();
    let mut at = line.start;
    for (span, ..) in proofs {
        let (start, end) = (span.start.max(at), span.end.min(line.end));
        if start >= end {
            continue;
        }
        out.push_str(&terminal(Span::new(at, start).of(&article.text)));
        out.push_str(&paint(
            GOOD.underline(),
            &terminal(Span::new(start, end).of(&article.text)),
        ));
        at = end;
    }
    out.push_str(&terminal(Span::new(at, line.end).of(&article.text)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts::{ExamRef, Facts};
    use crate::model::{Block, BlockKind, Evidence};

    #[test]
    fn what_is_not_certain_is_said_with_its_reason() {
        let text = "2015年上半年会计考试证书领取".to_string();
        let article = Article {
            blocks: vec![Block {
                span: Span::new(0, text.len()),
                kind: BlockKind::Para,
            }],
            text,
            ..Article::default()
        };
        let end = "2015年上半年会计考试".len();
        let proof = Evidence {
            span: Some(Span::new(0, end)),
            quote: String::new(),
            rule: "exam.body.sitting".into(),
            certain: false,
            reason: Some("the title and the text name different sittings".into()),
        };
        let reading = Reading {
            facts: Facts {
                exams: vec![ExamRef {
                    name: "会计考试".into(),
                    year: Some(2015),
                    half: Some(1),
                }],
                ..Facts::default()
            },
            evidence: [("/exams/0".to_string(), proof)].into(),
            ..Reading::default()
        };
        let plain = |text: &str| anstream::adapter::strip_str(text).to_string();
        let told = |lang| plain(&facts(&reading, lang));
        let (en, zh) = (told(Lang::En), told(Lang::Zh));
        for (text, want) in [
            (
                &en,
                "    not certain /exams/0 the title and the text name different sittings\n",
            ),
            (&zh, "    存疑 /exams/0 标题与正文说的考次不同\n"),
            (
                &plain(&explained(&article, &reading)),
                "    /exams/0 [exam.body.sitting] 2015年上半年会计考试 \
                 (the title and the text name different sittings)\n",
            ),
        ] {
            assert!(text.contains(want), "{text}");
        }
    }
}
