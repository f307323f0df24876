//! Papers to bring, by who brings them. Rules find the words of a list; [`paper`] parts it into
//! things. What is signed on the spot or handed out with the certificate is none.

use super::{Doc, address, paper, table};
use crate::model::facts::Found;
use crate::model::{BlockKind, Span};
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

/// Who brings something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Own,
    Proxy,
    Batch,
}

/// A way to say that something is to be brought. `make` gives from a clause where its list stands.
struct Rule {
    name: &'static str,
    pattern: &'static str,
    make: fn(&Regex, &str) -> Option<Range<usize>>,
}

/// Rules for a clause; the first that finds a list is taken.
const RULES: [Rule; 4] = [
    Rule {
        name: "material.bring",
        pattern: r"携带|带上|带齐|自备|备齐|准备|手持|持有|凭借|出示|提供|提交|递交|交验|查验|核验|交回|上交|连同|另附|附上|留存|并留|带|携|持|凭|可用|(?:^|另|先|须|需|应|还|时|并|再)交验?|须|需",
        make: after_last,
    },
    Rule {
        name: "material.fill_in",
        pattern: r"填写《",
        make: |pattern, clause| {
            let found = pattern.find(clause)?;
            let rest = clause.get(found.end()..)?;
            let title = rest.get(..rest.find('》')?)?;
            let wanted = title.contains("申请") || title.contains("委托");
            wanted.then_some(
                found.end() - '《'.len_utf8()..found.end() + title.len() + '》'.len_utf8(),
            )
        },
    },
    Rule {
        name: "material.all_of",
        pattern: r"(?:都|均|也|一并)?(?:要|须|需|应)?(?:带齐|带上|一并携带|备齐)$",
        make: |pattern, clause| Some(0..pattern.find(clause)?.start()),
    },
    Rule {
        name: "material.send",
        pattern: r"(?:把|将)[^,。]*?(?:发到|发至|发送|传至)",
        make: |pattern, clause| {
            let found = pattern.find(clause)?;
            let head = found.as_str().chars().next().map_or(0, char::len_utf8);
            let mail = ["邮箱", "@", "邮寄", "收件"]
                .iter()
                .any(|m| clause.contains(m));
            mail.then_some(found.start() + head..found.end())
        },
    },
];
/// Names of the rules that need no pattern.
const LIST: &str = "material.list";
const CELL: &str = "material.cell";
const RETURN: &str = "material.return";

static PATTERNS: LazyLock<Vec<Regex>> =
    LazyLock::new(|| RULES.iter().map(|r| super::regex(r.pattern)).collect());

/// What ends a list: the act for which one brings it.
static CUT: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"领取[^单证码名人登委]|领取(?:证书)?$|领取证书[^委申]|领证[^人序登名码]|领证$|办理|签收|[到赴至由寄向]|前[往来]|换[领取]|申领|补领|自取|现场|进入|在[^职校读]|[可即随就]|方[可能]|于\d|后[^四六八]|发[到至送]|申请[^表书]|申请$|核对|一并|一同|以旧换|作为|统一|以便|就能|寄送|供|进行|提出|贴|并在|验证|为准|集中|参加|一律|原件的",
    )
});

/// Clauses whose papers are not for collecting.
static NO: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"不得|无需|不需|无须|免交|免予|不再|不用|不必|登录|报名时|注册(?:[账帐用后登并]|$)|个税|聘任|所需|存档|存入|归入|登记时|网上打印|复审|资格审核|现场审核|公证|证书查验|^咨询|不要求|变更申请|寄出|邮局",
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
        r"材料|资料|证件|手续|携带|需带|请带|所带|须带|领[证取]要求$|提交$|准备$|提供$|带$",
    )
});
static OTHER_LABEL: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(r"审核|复审|复核|报名|报考|存档|审查|邮寄|寄递|工作要求|缴费|更正|流程|确认")
});

/// Headings under which papers serve something else.
static OTHER_HEAD: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(r"审核|复审|复核|复查|报名|准考证(?:领取|打印|发放)|领取准考证|缴费|票据|存档")
});

static BATCH: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"单位(?:统一|集中|集体|代领|代办|代取|领取|领证|办理|派|人事|指定|介绍信|出具)|集体(?:领|办)|集中(?:代领|办理)|经办人|培训机构|受托单位|委培单位|同一单位|机构凭|统一代领|本单位合格|营业执照|(?:由|凭).{0,8}介绍信|学校统一|单位人事|统一领取",
    )
});
static PROXY: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"代领|代取|代办|代为|代理|他人|委托(?:他人|人|书|函|领|的)|受托人|被委托|受委托|双方|雙方|同事|请人代|亲友|家属",
    )
});
static OWN: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"本人(?:领|到|凭|持|携|带|须|办|:|$)|自取|自领|个人领|持证人(?:凭|持|本人)|考生(?:本人|持|凭|携)",
    )
});
/// A deputy that is not allowed.
static DENIED: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"(?:不得|严禁|禁止|不接受|不能|不予|谢绝|不可|不办理|不受理|非)[^,。;]{0,6}代[领办取]|非本人",
    )
});

fn who(words: &str) -> Option<Who> {
    let words = DENIED.replace_all(words, "");
    if BATCH.is_match(&words) {
        Some(Who::Batch)
    } else if PROXY.is_match(&words) {
        Some(Who::Proxy)
    } else {
        OWN.is_match(&words).then_some(Who::Own)
    }
}

/// Whether an offset stands inside a quoted name.
fn quoted(clause: &str, at: usize) -> bool {
    let before = clause.get(..at).unwrap_or("");
    before.matches('“').count() > before.matches('”').count()
}

/// The list behind the last bringing word before the first paper.
fn after_last(pattern: &Regex, clause: &str) -> Option<Range<usize>> {
    let mut from = 0;
    loop {
        let noun = paper::noun(clause.get(from..)?)?;
        let noun = from + noun.start..from + noun.end;
        let found = pattern
            .find_iter(clause.get(..noun.end)?)
            .take_while(|m| m.end() <= noun.start)
            .filter(|m| !quoted(clause, m.start()) && !part_of_word(clause, m.range()))
            .last();
        if let Some(m) = found {
            return Some(m.end()..clause.len());
        }
        from = noun.end;
    }
}

/// 持 in 持证人, 凭 in 凭证, 带 in 附带, 须 in 须知 bring nothing.
fn part_of_word(clause: &str, at: Range<usize>) -> bool {
    let rest = clause.get(at.end..).unwrap_or("");
    let before = clause.get(..at.start).unwrap_or("");
    match clause.get(at).unwrap_or("") {
        "持" => {
            rest.starts_with("证人")
                || rest.starts_with("有人")
                || before.ends_with(['支', '保', '维'])
        }
        "持有" => rest.starts_with('人'),
        "凭" => rest.starts_with('证'),
        "带" => before.ends_with(['附', '连', '地', '一']),
        "须" | "需" => rest.starts_with('知') || before.ends_with(['所', '必', '无']),
        "查验" | "核验" => rest.is_empty(),
        _ => false,
    }
}

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
    // Level of the items of a list that a line with a colon has opened; 0 = not yet known.
    let mut open: Option<u8> = None;
    for (index, unit) in doc.units.iter().enumerate() {
        if matches!(unit.kind, BlockKind::Row { .. }) {
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
    for (cell, group) in table::papers(doc) {
        let range = doc.fold.range(cell);
        let group = group.and_then(|g| who(doc.fold.of(g)));
        for item in paper::items(doc.text(), range.clone(), true) {
            let words = doc.text().get(item.clone()).unwrap_or("");
            let by = group.or(who(words)).unwrap_or(Who::Own);
            reader.push(item, by, CELL);
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
        let sentences = address::split(doc.text(), range, |c, _| {
            matches!(c, '。' | ';' | '!' | '?')
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
        let mut state = base;
        let mut behind_label = false;
        let clauses = address::split(text, sentence, |c, rest| {
            c == ':'
                || c == ','
                    && !["以及", "和", "及", "并附"]
                        .iter()
                        .any(|j| rest.starts_with(j))
        });
        for (number, clause) in clauses.into_iter().enumerate() {
            let words = text.get(clause.clone()).unwrap_or("");
            if let Some(found) = who(words) {
                state = found;
            }
            let bare =
                bare && number == 0 || behind_label || listed && self.ends_in(clause.start, ':');
            if !NO.is_match(words) {
                self.clause(clause.clone(), state, bare);
            }
            behind_label = text.get(clause.end..).is_some_and(|t| t.starts_with(':'))
                && words.chars().count() < 16
                && !OTHER_LABEL.is_match(words)
                && (LABEL.is_match(words) || who(words).is_some());
        }
    }

    fn clause(&mut self, clause: Range<usize>, by: Who, bare: bool) {
        let text = self.doc.text();
        let words = text.get(clause.clone()).unwrap_or("");
        let ruled = RULES
            .iter()
            .zip(PATTERNS.iter())
            .find_map(|(rule, pattern)| {
                let list = (rule.make)(pattern, words)?;
                paper::noun(words.get(list.clone())?)?;
                Some((list, rule.name))
            });
        let (list, rule) = match ruled {
            Some((list, rule)) => (list, rule),
            None if bare => (numberless(words)..words.len(), LIST),
            None => return,
        };
        let range = clause.start + list.start..clause.start + list.end;
        let end = cut(text, range.clone());
        let rest = text.get(end..clause.end).unwrap_or("");
        if ELSEWHERE.is_match(rest) && !rest.contains("领") {
            return;
        }
        let range = range.start..end;
        for item in paper::items(text, range.clone(), false) {
            let long = rule == LIST && item.len() > 120;
            if !long {
                self.push(item, by, rule);
            }
        }
        self.brackets(range, by);
    }

    /// `(持证人也可提供身份证复印件加委托书)` is a list of its own.
    fn brackets(&mut self, range: Range<usize>, by: Who) {
        let text = self.doc.text();
        let words = text.get(range.clone()).unwrap_or("");
        for (open, _) in words.match_indices('(').take(4) {
            let inner = words.get(open + 1..).unwrap_or("");
            let inner = inner.get(..inner.find(')').unwrap_or(0)).unwrap_or("");
            if inner.contains("也可提供") {
                let from = range.start + open + 1;
                self.clause(from..from + inner.len(), by, false);
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
        let found = Found::new(self.doc.words(span).trim().to_string(), span, rule);
        let this = core(folded, by);
        let known = list.iter_mut().take(64).find(|f| {
            let other = core(&super::fold(&f.value), by);
            let rest = other.strip_prefix(&this);
            let both = rest.is_some_and(|r| r.starts_with("及复印") || r.starts_with("和复印"));
            other == this || both || GENERIC.contains(&this.as_str()) && other.contains(&this)
        });
        match known {
            // The same thing, told more exactly.
            Some(known)
                if found.value.contains("原件")
                    && !known.value.contains("原件")
                    && core(&super::fold(&known.value), by) == this =>
            {
                *known = found
            }
            Some(_) => {}
            None => list.push(found),
        }
    }
}

/// A thing without the words that make it no other thing.
fn core(item: &str, by: Who) -> String {
    let mut out = address::outer(item);
    for word in ["有效", "居民", "原件", "的", "《", "》", "一份", " ", "件"] {
        out = out.replace(word, "");
    }
    if by == Who::Own {
        out = out.replace("本人", "");
    }
    out
}

/// Short names under which a thing is spoken of again.
const GENERIC: [&str; 4] = ["登记表", "申请表", "委托书", "介绍信"];

/// The old certificate that is handed back.
fn returned(words: &str) -> Option<Range<usize>> {
    let old = ["旧证书", "原证书"]
        .iter()
        .find_map(|o| words.find(o).map(|i| i..i + o.len()))?;
    let rest = words.get(old.end..)?;
    let back = rest.starts_with("尚存") || rest.starts_with("还在") || rest.starts_with("未丢失");
    (back && ["交回", "上交", "收回"].iter().any(|b| rest.contains(b))).then_some(old)
}

/// Where the words begin behind a unit's number.
fn numberless(words: &str) -> usize {
    let rest = words.trim_start_matches(|c: char| {
        c.is_ascii_digit() || "、.()一二三四五六七八九十 ".contains(c) || ('①'..='⑳').contains(&c)
    });
    // A count such as 2寸照片 is no number of a unit.
    let front = words.get(..words.len() - rest.len()).unwrap_or("");
    let mark = |c: char| "、.)".contains(c) || ('①'..='⑳').contains(&c);
    front.rfind(mark).map_or(0, |i| {
        i + front
            .get(i..)
            .and_then(|w| w.chars().next())
            .map_or(0, char::len_utf8)
    })
}

/// Where a list ends: before the act, outside brackets and quotes.
fn cut(text: &str, range: Range<usize>) -> usize {
    let words = text.get(range.clone()).unwrap_or("");
    let first = paper::noun(words).map_or(0, |n| n.end);
    let (mut depth, mut ends) = (0usize, CUT.find_iter(words).peekable());
    for (i, c) in words.char_indices() {
        while ends.peek().is_some_and(|m| m.start() < i) {
            ends.next();
        }
        if depth == 0 && i >= first && ends.peek().is_some_and(|m| m.start() == i) {
            return range.start + i;
        }
        match c {
            '(' | '《' | '“' => depth += 1,
            ')' | '》' | '”' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    range.end
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
