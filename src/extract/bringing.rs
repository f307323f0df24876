//! Ways to say in a clause that something is to be brought.

use super::paper;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// A way to say that something is to be brought. `make` gives from a clause where its list stands.
pub(super) struct Rule {
    /// Its name in the evidence.
    pub name: &'static str,
    /// What it looks for.
    pub pattern: &'static str,
    /// From the compiled pattern and a clause to the list's words.
    pub make: fn(&Regex, &str) -> Option<Range<usize>>,
}

/// Rules for a clause; the first that finds a list is taken.
pub(super) const RULES: [Rule; 6] = [
    Rule {
        name: "material.bring",
        pattern: r"携带|带上|带齐|自备|备齐|准备|手持|凭借|出示|提供|提交|递交|交验|查验|核验|交回|上交|连同|另附|附上|留存|并留|带|携|持|凭|可用|(?:^|另|先|须|需|应|还|时|并|再)交(?:验|回)?|拿着?|后面?附|(?:的|^)附|开一?[张份]|开[据具]|须|需",
        make: after_last,
    },
    Rule {
        name: "material.fill_in",
        pattern: r"(?:填写(?:一式.份)?|填报|下载(?:并填写)?|打印(?:并填写)?)《",
        make: |pattern, clause| {
            let found = pattern.find(clause)?;
            let rest = clause.get(found.end()..)?;
            let title = rest.get(..rest.find('》')?)?;
            let behind = rest.get(title.len()..)?;
            let copies = found.as_str().contains('份')
                || ["份", "填好", "填写"].iter().any(|w| behind.contains(w));
            let wanted = copies || title.contains("申请") || title.contains("委托");
            (wanted && !title.contains("更正")).then_some(
                found.end() - '《'.len_utf8()..found.end() + title.len() + '》'.len_utf8(),
            )
        },
    },
    Rule {
        name: "material.letter",
        pattern: r"填(?:写|好)(?:并签署|好|完整)?[^,。;《》]{0,8}?(?:委托书|授权书)",
        make: |pattern, clause| {
            let found = pattern.find(clause)?;
            let lead = found.as_str().find('填')? + "填写".len();
            Some(found.start() + lead..found.end())
        },
    },
    Rule {
        name: "material.all_of",
        pattern: r"(?:都|均|也|一并)?(?:要|须|需|应)?(?:带齐|带上|一并携带|备齐|一并带来)$",
        make: |pattern, clause| Some(0..pattern.find(clause)?.start()),
    },
    Rule {
        name: "material.post",
        pattern: r"^[^,。;]*?(?:把|将)(?P<x>)[^,。;]*$",
        make: |pattern, clause| Some(pattern.captures(clause)?.name("x")?.end()..clause.len()),
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

/// The patterns of [`RULES`], in their order.
pub(super) static PATTERNS: LazyLock<Vec<Regex>> =
    LazyLock::new(|| RULES.iter().map(|r| super::regex(r.pattern)).collect());

/// Whether an offset stands inside a quoted name or a bracket.
fn quoted(clause: &str, at: usize) -> bool {
    let before = clause.get(..at).unwrap_or("");
    let inside = |open, close| before.matches(open).count() > before.matches(close).count();
    inside('“', '”') || inside('(', ')')
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
                || rest.starts_with("有的")
                || before.ends_with(['支', '保', '维'])
        }
        "附" | "的附" => rest.starts_with('件'),
        "凭" => rest.starts_with('证'),
        "带" => before.ends_with(['附', '连', '地', '一']),
        "须" | "需" => rest.starts_with('知') || before.ends_with(['所', '必', '无']),
        // 开具的 tells who made the paper.
        "开具" | "开据" => {
            rest.starts_with('的') || before.ends_with("单位") || rest.starts_with("单位")
        }
        "查验" | "核验" => rest.is_empty(),
        _ => false,
    }
}
