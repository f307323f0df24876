//! Papers to bring, by who brings them. Rules find the words of a list; [`paper`] parts it into
//! things. What is signed on the spot or handed out with the certificate is none.

use super::bringer::{Who, who};
use super::bringing::{PATTERNS, RULES};
use super::table::{self, Column};
use super::{Doc, paper, words};
use crate::model::Span;
use crate::model::facts::Found;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Papers to bring, by who brings them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct MaterialsFound {
    /// The person.
    pub own: Vec<Found<String>>,
    /// A deputy.
    pub proxy: Vec<Found<String>>,
    /// The employer.
    pub batch: Vec<Found<String>>,
}

/// Names of the rules that need no pattern.
const LIST: &str = "material.list";
const CELL: &str = "material.cell";
const RETURN: &str = "material.return";

/// Name of the rule that needs a clause of posting behind its own.
const POST: &str = "material.post";

static POSTED: LazyLock<Regex> =
    LazyLock::new(|| super::regex(r"^,(?:一并|一同|统一|用[^,。;]{1,6})?(?:邮?寄|快递)[至到往给]"));

/// Clauses whose papers are not for collecting.
static NO: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"不得|无需|不需|无须|免交|免予|不再|不用|不必|登录|报名时(?:[^所需]|$)|注册(?:[账帐用后登并]|$)|个税|聘任|所需(?:[^的]|$)|存档|存入|归入|登记时|网上打印|复审|资格审核(?:$|[^点])|现场审核|公证(?:$|[^书的委机处])|证书查验|不变|^咨询|不要求|变更申请|寄出|邮局",
    )
});

/// What one does with the papers instead of collecting.
static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"查询|审核|报到|报名(?:$|[^考所点地时县])|参加|缴费$|更正|通知书|注册|办理职称|登记手续",
    )
});

static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"材料|资料|证件|手续|携带|需带|请带|所带|须带|领[证取]要求$|提交$|准备$|提供$|[带备][好齐]?$",
    )
});
static OTHER_LABEL: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(r"审核|复审|复核|报名|报考|存档|审查|邮寄|寄递|工作要求|缴费|更正|流程|确认")
});

/// Headings under which papers serve something else.
static OTHER_HEAD: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"审核|复审|复核|复查|报名(?:$|[^的点所考时])|准考证(?:领取|打印|发放)|领取准考证|缴费|票据|存档",
    )
});

/// The same for the heading of the unit itself, which may be any sentence's beginning.
static OWN_OTHER: LazyLock<Regex> =
    LazyLock::new(|| super::regex(r"^[^,领证]{0,10}(?:审核|复审|复核|复查)$"));

/// Someone who collects for a person.
static PERSON: LazyLock<Regex> =
    LazyLock::new(|| super::regex(r"代领|代取|代办|他人|别人|同事|亲友|家属"));

/// A bracket that asks for more.
static INNER: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^[^(]*(?:也可提供|(?:^|[,、的须需应还再另人])(?:带|携带|出示|提供|持)|^在校生带)[^(]*$",
    )
});

/// Longest clause that is read, in bytes: longer ones are no prose.
const LONGEST: usize = 1500;

/// Most papers of one bringer: nobody is asked for more.
const MOST: usize = 64;

/// Reader of one notice.
struct Reader<'d, 'a> {
    doc: &'d Doc<'a>,
    out: MaterialsFound,
}

/// Papers to bring, each thing once per list, in the order of the text.
pub(super) fn read(doc: &Doc) -> MaterialsFound {
    let mut reader = Reader {
        doc,
        out: MaterialsFound::default(),
    };
    let tables = doc.tables();
    // Level of the items of a list that a line with a colon has opened; 0 = not yet known.
    let mut open: Option<u8> = None;
    for (index, unit) in doc.units.iter().enumerate() {
        if tables.ruled(unit.kind, |c| matches!(c, Column::Papers | Column::Old)) {
            continue;
        }
        let inside = match open {
            Some(0) => true,
            Some(base) => unit.level >= base,
            None => false,
        };
        if inside && open == Some(0) && unit.level > 0 {
            open = Some(unit.level);
        } else if !inside {
            open = None;
        }
        let parent = unit.parent.is_some_and(|p| lists(doc, p));
        let before = reader.count();
        reader.unit(index, inside || parent);
        if opens(doc, index) {
            open = Some(0);
        } else if open == Some(0)
            && unit.level == 0
            && reader.count() == before
            && !doc.fold.of(unit.span).ends_with(';')
        {
            open = None;
        }
    }
    for (cell, group) in table::papers(tables) {
        let range = doc.fold.range(cell);
        let group = group.and_then(|g| who(doc.fold.of(g)));
        let parts = words::split(doc.text(), range, |c, _| matches!(c, ';' | '。' | '\n'));
        for part in parts {
            let words = doc.text().get(part.clone()).unwrap_or("");
            let lead = RULES.first().zip(PATTERNS.first());
            let lead = lead.and_then(|(rule, pattern)| (rule.make)(pattern, words));
            let lead = lead.filter(|l| {
                words
                    .get(..l.start)
                    .is_some_and(|w| paper::noun(w).is_none())
            });
            let from = part.start + lead.map_or(paper::numberless(words), |l| l.start);
            if NO.is_match(words) {
                continue;
            }
            for item in paper::items(doc.text(), from..part.end, true) {
                let words = doc.text().get(item.clone()).unwrap_or("");
                if words.starts_with('【') {
                    continue;
                }
                let by = group.or(who(words)).unwrap_or(Who::Own);
                reader.push(item, by, CELL);
            }
        }
    }
    reader.out
}

/// Whether a unit's label says that papers stand below or behind it.
fn lists(doc: &Doc, unit: usize) -> bool {
    doc.units.get(unit).and_then(|u| u.label).is_some_and(|l| {
        let words = doc.fold.of(l);
        words.chars().count() <= 16 && LABEL.is_match(words) && !OTHER_LABEL.is_match(words)
    })
}

/// Whether a unit ends with a colon behind words that ask for papers.
fn opens(doc: &Doc, index: usize) -> bool {
    doc.units.get(index).is_some_and(|u| {
        let words = doc.fold.of(u.span).trim_end();
        let last = words.trim_end_matches(':');
        let clause = last.rsplit([',', '。', ';', '、']).next().unwrap_or("");
        words.ends_with(':') && LABEL.is_match(clause) && !OTHER_LABEL.is_match(clause)
    })
}

impl Reader<'_, '_> {
    fn count(&self) -> usize {
        self.out.own.len() + self.out.proxy.len() + self.out.batch.len()
    }

    fn unit(&mut self, index: usize, inside: bool) {
        let doc = self.doc;
        let Some(unit) = doc.units.get(index) else {
            return;
        };
        let heads: Vec<&str> = doc
            .path(index)
            .filter_map(|u| u.label)
            .map(|l| doc.fold.of(l))
            .collect();
        let own = unit.label.map_or("", |l| doc.fold.of(l));
        if OWN_OTHER.is_match(own) {
            return;
        }
        if heads
            .iter()
            .skip(1)
            .any(|h| OTHER_HEAD.is_match(h) && !h.contains("领"))
        {
            return;
        }
        let above = heads
            .iter()
            .skip(1)
            .find_map(|h| who(h))
            .unwrap_or(Who::Own);
        let own = heads
            .first()
            .filter(|h| !h.contains(','))
            .and_then(|h| who(h));
        let label = unit.label.map_or(0, |l| doc.fold.range(l).end);
        let listed = lists(doc, index);
        let range = doc.fold.range(unit.span);
        let sentences = words::split(doc.text(), range, |c, _| {
            matches!(c, '。' | ';' | '!' | '?' | '\t')
        });
        for (number, sentence) in sentences.into_iter().enumerate() {
            // The unit's own heading speaks for what stands behind it.
            let base = if sentence.start >= label {
                own.unwrap_or(above)
            } else {
                above
            };
            if self
                .doc
                .text()
                .get(sentence.end..)
                .is_some_and(|t| t.starts_with('?'))
            {
                continue;
            }
            let behind = listed && self.doc.text().get(label..sentence.start) == Some("。");
            let first = number == 0 || behind || self.ends_in(sentence.start, ';');
            self.sentence(sentence, base, (inside || listed) && first, listed);
        }
    }

    fn ends_in(&self, at: usize, mark: char) -> bool {
        self.doc.text().get(..at).is_some_and(|t| t.ends_with(mark))
    }

    /// `bare`: a list without a word of bringing may stand at the beginning; `listed`: it may stand
    /// behind the colon of the unit's label.
    fn sentence(&mut self, sentence: Range<usize>, base: Who, bare: bool, listed: bool) {
        let text = self.doc.text();
        let words = text.get(sentence.clone()).unwrap_or("");
        if words.contains("例如") || words.trim_start().starts_with("例:") {
            return;
        }
        if let Some(old) = returned(words) {
            self.push(
                sentence.start + old.start..sentence.start + old.end,
                base,
                RETURN,
            );
        }
        // Without a paper there is no list.
        let bracket = words.contains(['(', ')']);
        if paper::noun(words).is_none() && !(bracket && paper::noun(&words::outer(words)).is_some())
        {
            return;
        }
        let mut state = base;
        let mut behind_label = false;
        let mut goes_on = false;
        let clauses = words::split(text, sentence, |c, rest| {
            c == ':'
                || c == ','
                    && !["以及", "和", "及", "并附"]
                        .iter()
                        .any(|j| rest.starts_with(j))
        });
        for (number, clause) in clauses.into_iter().enumerate() {
            let words = text.get(clause.clone()).unwrap_or("");
            if let Some(found) = who(&words::outer(words)) {
                // An employer's letter of attorney is its own paper.
                let letter = state == Who::Batch && found == Who::Proxy && !PERSON.is_match(words);
                if !letter {
                    state = found;
                }
            }
            let bare =
                bare && number == 0 || behind_label || listed && self.ends_in(clause.start, ':');
            // A list may go on behind a comma.
            let filled = words.contains("填写");
            let bare = bare || goes_on && !filled && paper::is_paper(words);
            // A label is no item of the list that it announces.
            let label = text.get(clause.end..).is_some_and(|t| t.starts_with(':'));
            let bare = bare && (!label || paper::is_paper(words));
            goes_on = !NO.is_match(&untitled(words)) && self.clause(clause.clone(), state, bare);
            behind_label = text.get(clause.end..).is_some_and(|t| t.starts_with(':'))
                && words.chars().count() < 16
                && !OTHER_LABEL.is_match(words)
                && (LABEL.is_match(words) || who(words).is_some());
        }
    }

    /// Reads a clause; whether its list reaches to its end.
    fn clause(&mut self, clause: Range<usize>, by: Who, bare: bool) -> bool {
        let text = self.doc.text();
        let words = text.get(clause.clone()).unwrap_or("");
        if words.len() > LONGEST {
            return false;
        }
        let behind = text.get(clause.end..).unwrap_or("");
        let ruled = RULES
            .iter()
            .zip(PATTERNS.iter())
            .filter(|(rule, _)| rule.name != POST || POSTED.is_match(behind))
            .find_map(|(rule, pattern)| {
                let list = (rule.make)(pattern, words)?;
                paper::noun(words.get(list.clone())?)?;
                Some((list, rule.name))
            });
        let (list, rule) = match ruled {
            Some((list, rule)) => (list, rule),
            None if bare => (paper::numberless(words)..words.len(), LIST),
            None => return false,
        };
        let range = clause.start + list.start..clause.start + list.end;
        let end = paper::cut(text, range.clone());
        let rest = text.get(end..clause.end).unwrap_or("");
        if ELSEWHERE.is_match(rest) && !rest.contains("领") {
            return false;
        }
        let range = range.start..end;
        let items = paper::items(text, range.clone(), false);
        let whole = end == clause.end && !items.is_empty();
        for item in items {
            let long = rule == LIST && item.len() > 120;
            if !long {
                self.push(item, by, rule);
            }
        }
        self.brackets(range, by);
        whole
    }

    /// `(持证人也可提供身份证复印件加委托书)` is a list of its own.
    fn brackets(&mut self, range: Range<usize>, by: Who) {
        let text = self.doc.text();
        let words = text.get(range.clone()).unwrap_or("");
        for (open, _) in words.match_indices('(').take(4) {
            let inner = words.get(open + 1..).unwrap_or("");
            let inner = inner.get(..inner.find(')').unwrap_or(0)).unwrap_or("");
            if INNER.is_match(inner) {
                let from = range.start + open + 1;
                self.sentence(from..from + inner.len(), by, false, false);
            }
        }
    }

    fn push(&mut self, item: Range<usize>, by: Who, rule: &'static str) {
        let folded = self.doc.text().get(item.clone()).unwrap_or("");
        let by = match who(folded) {
            Some(Who::Proxy) if by == Who::Own => Who::Proxy,
            _ => by,
        };
        let span: Span = self.doc.fold.span(item.clone());
        let list = match by {
            Who::Own => &mut self.out.own,
            Who::Proxy => &mut self.out.proxy,
            Who::Batch => &mut self.out.batch,
        };
        if list.len() >= MOST {
            return;
        }
        let found = Found::new(self.doc.words(span).trim().to_string(), span, rule);
        let this = paper::core(folded, by);
        let known = list.iter_mut().find(|f| {
            let other = paper::core(&super::fold(&f.value), by);
            let rest = other.strip_prefix(&this);
            let both = rest.is_some_and(|r| r.starts_with("及复印") || r.starts_with("和复印"));
            other == this
                || both
                || paper::GENERIC.contains(&this.as_str()) && other.contains(&this)
        });
        match known {
            // The same thing, told more exactly.
            Some(known)
                if found.value.contains("原件")
                    && !known.value.contains("原件")
                    && paper::core(&super::fold(&known.value), by) == this =>
            {
                *known = found
            }
            Some(_) => {}
            None => list.push(found),
        }
    }
}

/// Words without the titles of forms, which say nothing of what one does with them.
fn untitled(words: &str) -> String {
    let mut depth = 0usize;
    let keep = |c: &char| {
        match c {
            '《' => depth += 1,
            '》' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    };
    words.chars().filter(keep).collect()
}

/// The old certificate that is handed back.
fn returned(words: &str) -> Option<Range<usize>> {
    let old = ["旧证书", "原证书"]
        .iter()
        .find_map(|o| words.find(o).map(|i| i..i + o.len()))?;
    let rest = words.get(old.end..)?;
    let kept = ["尚存", "还在", "未丢失"]
        .iter()
        .any(|k| rest.starts_with(k));
    let back = |words: &str| {
        ["交回", "上交", "收回", "缴回"]
            .iter()
            .any(|b| words.contains(b))
    };
    let near = rest.chars().take(6).collect::<String>();
    let asked = words.get(..old.start)?.ends_with(['将', '把']) && back(&near);
    (asked || kept && back(rest)).then_some(old)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corpus() {
        let names = RULES.iter().map(|r| r.name).chain([LIST, RETURN]);
        super::super::corpus::check(
            "material.corpus",
            include_str!("material.corpus"),
            names,
            |line| {
                let article = super::super::plain(&line.text);
                let found = read(&Doc::new(&article));
                let lists = [
                    ("self", &found.own),
                    ("proxy", &found.proxy),
                    ("batch", &found.batch),
                ];
                let all = lists
                    .into_iter()
                    .flat_map(|(who, l)| l.iter().map(move |f| (who, f)));
                let words = |(who, f): (&str, &Found<String>)| {
                    assert_eq!(f.span.unwrap().of(&article.text).trim(), f.value);
                    (format!("{who}: {}", f.value), f.rule)
                };
                all.map(words).unzip()
            },
        );
    }
}
