//! What a date is for: weighted words in its surroundings, the nearer the heavier. Positive: a
//! window in which a certificate can be had; negative: an exam, a payment, a shipping promise …

use super::context::Context;
use super::date::{DateHit, Shape};
use super::sieve::Sieve;
use regex::Regex;
use std::sync::LazyLock;

/// A word that speaks for or against a window.
struct Cue {
    name: &'static str,
    pattern: &'static str,
    weight: i32,
}

const fn cue(name: &'static str, weight: i32, pattern: &'static str) -> Cue {
    Cue {
        name,
        pattern,
        weight,
    }
}

const CUES: &[Cue] = &[
    cue(
        "time",
        2,
        "(?:领取|领证|发放|申领|发证|办证|办理|受理|邮寄|取证|颁证|补领|补发|自取|集中|现场|快递|寄递)(?:的)?(?:时间|日期|期限|时段)|颁证日|领证日|^(?:时间|日期)$|^时间[:、和及]|时间[、及和]地点|地点[、及和]时间|时间安排|工作时间|(?:开始|截止|起始|结束)(?:日期|时间)|(?:^|[,;、.])时间:",
    ),
    cue(
        "collect",
        2,
        "领取|申领|领证|领走|取证|自取|补领|取走|发放|发证|颁发|核发",
    ),
    cue("post", 2, "邮寄|快递|直邮|寄递|邮递|下单|EMS|顺丰"),
    cue("paper", 1, "证书|合格证|电子证|资格证|等级证"),
    cue(
        "handle",
        1,
        "办理|受理|申请|登记|登录|预约|填报|集中|窗口|现场|自助|采集|开放|开通|开启",
    ),
    cue(
        "exam",
        -4,
        "考试\\($|考试(?:时间|日期|定于|将于|于|在|举行)|举行|举办|开考|应考|参加[^,。;]{0,20}(?:考试|测试|鉴定)(?:[^所的地时人成合]|$)|测试(?:时间|日期)|测试,|考试,|笔试|机考|面试",
    ),
    cue(
        "enrol",
        -5,
        "网上报名(?:[^平系网]|$)|报名(?:时间|日期|工作|开始|截止|缴费|通知)|报名$|现场确认|信息确认",
    ),
    cue("pay", -5, "缴费|交费|缴纳|缴款|付费|汇款|补缴|退费|退考"),
    cue(
        "admission",
        -6,
        "准考证(?:打印|领取|下载|发放)|(?:打印|领取|下载|发放)[^,。;]{0,12}准考证|缴费及领证",
    ),
    cue(
        "score",
        -5,
        "成绩(?:查询|复核|公布|发布|复查)|公布成绩|查询(?:考试)?成绩|查分|登录[^,。;]{0,12}查询|成绩单(?:[^和及与、]|$)",
    ),
    cue(
        "review",
        -5,
        "资格(?:审核|审查|复核|复审|初审)|考后审核|(?:审核|审查|复核|复审)(?:时间|材料|工作|地点)|现场(?:审核|审查|复核)|网上(?:审核|审查)|补充材料",
    ),
    cue(
        "ship",
        -6,
        "发放?[到至给][^,。;]{0,10}手[中里上]|寄出|发出|(?:^|[^提])交(?:寄|邮|由邮)|寄达本人|(?:^|[^邮])寄发|后送达|内送达|送达时间|发货|送到|到达本人|(?:没有?|未)(?:能)?收到|寄往|寄至|运往|运至|安排邮|寄送时间|统一(?:邮)?寄",
    ),
    cue(
        "obtained",
        -6,
        "取得(?:时间|日期)|取得(?:资格|证书)的|批准日期|签发",
    ),
    cue(
        "display",
        -4,
        "公示(?:期|时间|为|从|自)|公示$|异议|举报|投诉|反映|反馈|如有(?:错误|误|差错|疑)",
    ),
    cue(
        "decree",
        -5,
        "起?(?:执行|施行|实施|实行|生效|启用|取消|停办|停止|废止|停用|暂缓|停止|暂停(?:[^期]|$))|不再[^,。;]{0,4}(?:发放|办理|受理|领取)|不(?:予)?办理|印发|文件|资费|收费标准|价格|按照?《",
    ),
    cue(
        "office",
        -6,
        "(?:各市|各县|各区|各地|各单位|各考点|各部门|各报名点)[^,。;]{0,8}(?:要|应|须|务必)|派[人员][^,。;领]{0,40}(?:[,。;]|$)|(?:^|[^网])上报|报送|汇总报|汇总上报|发布[^,。;]{0,6}公告|报[^,。;]{0,12}(?:备案|备查)",
    ),
    cue("receipt", -5, "票据|发票|收据|通知单"),
    cue("example", -6, "例如|举例|比如|例:"),
    cue(
        "custody",
        -2,
        "销毁|保管|无主|作废|满[一二三四五两1-5]年|注销",
    ),
    cue(
        "person",
        -3,
        "毕业(?:时间|证|于|日期)|出生|从事|工作年限|年满|入学|有效期|延长(?:一|两|1|2)年",
    ),
    cue(
        "published",
        -6,
        "发布(?:时间|日期)|发稿|来源:|浏览(?:次数|量)|点击(?:次数|数|量)|更新时间|提供日期|责任编辑",
    ),
    cue(
        "batch",
        -8,
        r"^[及或](?:以前|之前)的|^份?(?:\([^()]*\))?(?:[及或](?:以前|之前))?(?:的|第.)?(?:批次|批(?:[^:]|$)|考试|补办|申请补|申请的|受理的|前?提交[^,。;]{0,16}的|[两三四一二\d]场|在(?:本站|我[市省站院])[^,。;]{0,4}(?:参加|测试|考试|报名)|在[^,。;:到]{1,16}参加[^,。;:]{0,16}(?:考试|测试|鉴定)|取得的|参加)|考试取得|取得国证",
    ),
    cue(
        "original",
        -8,
        "原(?:公告|通知|定|计划|发布|来|内容|为|是|载|写)|更正前|变更前",
    ),
    cue("wrong", -8, "^.?(?:有误|系笔误|,?应(?:更正)?为)"),
    cue("resumed", 2, "恢复|继续(?:领取|发放|办理)"),
    cue(
        "earlier_notice",
        -8,
        "^在?[^,。;]{0,10}(?:公布|发布|印发|下发)的|^(?:正式)?(?:公布|发布|揭晓|印发|下发)|^[^,。;]{0,12}(?:通知|公告)[^,。;]{0,4}(?:发布|公布|印发|下发|发出)(?:后|以来)",
    ),
    cue(
        "leftover",
        -8,
        "^(?:仍|尚)?(?:没有|未)[^,。;]{0,8}(?:申请|领取|选择|提交)的",
    ),
    cue(
        "replace",
        -6,
        "(?:更换|补办|补发|换发)(?:的)?申请|申请(?:更换|补办|补发|换发)",
    ),
    cue("counter", 1, "窗口|服务大厅|就近|地点|仅限$|期限|逾期|过期"),
    cue(
        "seat",
        1,
        r"(?:[省市区州县]直|各[市县区]|[市区县州])(?:\([市区县]\))?(?:考区|考点|考生)?:$|(?:考区|考点):$",
    ),
    cue(
        "electronic",
        -6,
        "电子版|下载打印|自行打印|可下载|(?:下载|打印)[^,。;]{0,4}电子证",
    ),
    cue("kept_until", -8, "(?:保管|保存|代管)[^,。;]{0,6},?至?$"),
    cue(
        "arrive",
        -6,
        "^[^,。;]{0,4}(?:到我[市省站][,。;]|运抵|寄达|到货|制作|印制|制证|打印完)",
    ),
    cue(
        "kept",
        -8,
        "^,?(?:代为|由[^,。;]{0,10})?(?:保管|保存|代管|满)",
    ),
    cue("holiday", -8, "^(?:期间)?(?:为|是|放)?(?:寒假|暑假)"),
    cue("of_that_day", -5, "^的[,。;]"),
    cue(
        "open_as_usual",
        -8,
        "^,?(?:因|系|为)?[^,。;]{0,6}(?:调休|补班)|^,?(?:正常|照常)(?:发放|办公|上班|办理|领取)",
    ),
    cue(
        "season",
        -8,
        "[夏冬]令时|[夏冬]时制|[夏冬]季|(?:假期|放假)(?:时间)?[(为:]*$",
    ),
    cue(
        "moved",
        -5,
        "^,?(?:(?:仍|尚)?未[^,。;]{0,4}领取?的[^,。;]{0,8})?(?:转入|转交|移送|移交|封存|上交|统一上交|销毁|退回)",
    ),
    cue(
        "closed",
        -8,
        r"^(?:\(周.\))?[、,]?(?:为|是)?(?:双休日?|周末|节假日|法定[^,。;]{0,5}|公休日?|端午节?|清明节?|国庆节?|春节|元旦)?(?:假期)?(?:除外|放假|休息|不办公|不发放|不对外|期间不)",
    ),
];

static PATTERNS: LazyLock<Vec<Regex>> =
    LazyLock::new(|| CUES.iter().map(|c| super::regex(c.pattern)).collect());

static SIEVE: LazyLock<Sieve> = LazyLock::new(|| Sieve::new(CUES.iter().map(|c| c.pattern)));

/// An office and a date at the end of a line: a signature.
static SIGNED: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(r"(?:中心|局|厅|院|办公室|办|委员会|站|处|会|部|大学|学院|学校|科|\))\s*$")
});

/// The old time stands before these words, the new one after.
static RENEWED: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        "(?:更正|调整|变更|修改|修正|改|有误,应)[为至到成]|(?:推迟|延期|延长|顺延|提前)[至到]",
    )
});

/// A month that belongs to the name of an exam.
static SITTING: LazyLock<Regex> =
    LazyLock::new(|| super::regex("^(?:的)?[^,。;:]{0,24}(?:考试|测试|鉴定|评审|软考)"));

/// A heading that says nothing but that a time follows.
static BARE: LazyLock<Regex> = LazyLock::new(|| super::regex("^(?:时间|日期|具体时间)$"));

/// Opening hours right after a day.
static OPEN: LazyLock<Regex> = LazyLock::new(|| {
    super::regex(
        r"^[ ,(]*(?:上午|下午|全天|工作时间)?[:, ]*\d{1,2}[:时点]\d{0,2} ?分?(?:-|~|至|到)",
    )
});

/// Free days within a stretch of time.
static FREE_DAYS: LazyLock<Regex> = LazyLock::new(|| super::regex("^,[^,。;]{2,12}除外"));

/// Someone is sent, on the date that follows.
static SENT: LazyLock<Regex> = LazyLock::new(|| super::regex("派专?[人员][于在]?$"));

/// What the one who is sent does.
static FETCH: LazyLock<Regex> = LazyLock::new(|| super::regex("^[^。;]{0,60}领"));

/// An aside after the date.
static ASIDE: LazyLock<Regex> = LazyLock::new(|| super::regex(r"\([^()]*\)"));

/// Cues that speak of handing out by themselves.
const SAID: [&str; 7] = [
    "time", "collect", "post", "handle", "resumed", "counter", "seat",
];

/// How much speaks for a window (positive) or against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Judgement {
    /// Sum of the weights.
    pub score: i32,
    /// Cues that were seen.
    pub cues: Vec<&'static str>,
    /// It takes the place of another time.
    pub renewed: bool,
}

impl Judgement {
    /// Whether the date is for a window.
    pub(super) fn window(&self) -> bool {
        self.score > 2
    }

    /// Whether a word speaks of handing out, and not the title or the date's form alone.
    pub(super) fn said(&self) -> bool {
        self.renewed || self.cues.iter().any(|c| SAID.contains(c))
    }
}

/// Judges a date by its surroundings.
pub(super) fn judge(hit: &DateHit, at: &Context) -> Judgement {
    let mut out = Judgement {
        score: 0,
        cues: Vec::new(),
        renewed: false,
    };
    if signature(hit, at) {
        return Judgement {
            score: -10,
            cues: vec!["signature"],
            renewed: false,
        };
    }
    // An extended or corrected window names the old one on its way.
    let renewed = hit.rule == "extended" || RENEWED.is_match(at.before);
    out.renewed = renewed;
    let plain_after = ASIDE.replace_all(at.after, "");
    // Where the cues' words stand; in each of these texts, the few that are there are looked at.
    let [sb, sa, so] = [at.before, &plain_after, at.own].map(|t| SIEVE.sift(t));
    let sh: Vec<_> = at.headings.iter().map(|h| SIEVE.sift(h)).collect();
    for (i, (cue, pattern)) in CUES.iter().zip(PATTERNS.iter()).enumerate() {
        if ![sb, sa, so].iter().chain(&sh).any(|s| s.has(i)) {
            continue;
        }
        if renewed && cue.name == "original" {
            continue;
        }
        // A stretch of time without its Sundays, or a day on which someone is sent to collect.
        if cue.name == "closed" && hit.shape == Shape::Range && FREE_DAYS.is_match(at.after)
            || cue.name == "office" && SENT.is_match(at.before) && FETCH.is_match(at.after)
        {
            continue;
        }
        // A cue that begins with the date's end looks nowhere else.
        let anchored = cue.pattern.starts_with('^');
        let before = (!anchored && sb.has(i))
            .then(|| pattern.find_iter(at.before).last())
            .flatten()
            .map(|m| distance(at.before.get(m.end()..).unwrap_or(""), cue.weight));
        let after = sa
            .has(i)
            .then(|| pattern.find(&plain_after))
            .flatten()
            .map(|m| {
                distance(
                    plain_after
                        .get(..m.start())
                        .unwrap_or("")
                        .trim_start_matches(','),
                    cue.weight,
                )
            });
        let own = (!anchored && so.has(i) && pattern.is_match(at.own)).then_some(0);
        let near = before
            .into_iter()
            .chain(after)
            .chain(own)
            .min()
            .map_or(0, factor);
        // 准考证打印 above 时间 is the heading that tells what the time is for.
        let bare = at.headings.first().is_some_and(|h| BARE.is_match(h));
        let heading = at
            .headings
            .iter()
            .zip(&sh)
            .position(|(h, s)| !anchored && s.has(i) && pattern.is_match(h))
            .map_or(0, |depth| {
                if depth == 0 || bare && depth == 1 {
                    3
                } else {
                    1
                }
            });
        let times = near.max(heading);
        if times > 0 {
            // A word against it in another clause is mostly about something else.
            let far = cue.weight < 0 && times == 1;
            out.score += cue.weight * times / if far { 2 } else { 1 };
            out.cues.push(cue.name);
        }
    }
    // What a notice about collecting gives a stretch of time for is collecting; so is a day with
    // hours, or one that fills a cell.
    let open = || hit.shape == Shape::Day && (at.cell || OPEN.is_match(at.after));
    if at.titled && (hit.shape == Shape::Range || open()) {
        out.score += 3;
    }
    // It is read only where someone comes on it.
    if hit.rule == super::shape::BARE {
        out.score += 3;
    }
    // Counted from the notice itself, so no promise to one person.
    if hit.rule == "now_length" {
        out.score += 6;
    }
    if hit.shape == Shape::Until && (at.before.ends_with("已") || at.before.ends_with("已经")) {
        out.score -= 24;
        out.cues.push("over");
    }
    // A month alone, or a day alone, is seldom meant as a window unless its words say so.
    if matches!(hit.shape, Shape::Month) && !hit.estimate && !at.cell {
        out.score -= 4;
        // 2025年3月全国…考试: the month of a sitting.
        if SITTING.is_match(at.after) {
            out.score -= 12;
        }
    }
    out
}

/// Bytes between a word and the date. A comma counts like a dozen characters; what speaks against
/// a window in another clause is mostly about something else, so there it counts for more.
fn distance(between: &str, weight: i32) -> usize {
    let comma = if weight < 0 { 91 } else { 36 };
    between.len() + comma * between.bytes().filter(|b| *b == b',').count()
}

/// Words within a dozen characters count three times, within thirty twice.
fn factor(bytes: usize) -> i32 {
    match bytes {
        0..=36 => 3,
        37..=90 => 2,
        _ => 1,
    }
}

fn signature(hit: &DateHit, at: &Context) -> bool {
    hit.shape == Shape::Day
        && hit.rule != super::shape::BARE
        && at.last
        && ((at.alone && !at.under_heading)
            || (SIGNED.is_match(at.before) && !at.before.contains(':')))
}

#[cfg(test)]
mod tests {
    use super::super::{Doc, context::context, corpus, date, plain};
    use super::*;

    #[test]
    fn purposes_are_told_apart_as_the_corpus_says() {
        corpus::check(
            "purpose.corpus",
            include_str!("purpose.corpus"),
            CUES.iter().map(|c| c.name).chain(["signature", "over"]),
            |line| {
                let article = plain(&line.text);
                let doc = Doc::new(&article);
                let hits = date::scan(&doc, line.near).hits;
                let mut values = Vec::new();
                let mut used = Vec::new();
                for (i, hit) in hits.iter().enumerate() {
                    let judged = judge(hit, &context(&doc, &hits, i).unwrap());
                    if judged.window() {
                        values.push(date::corpus_word(hit));
                    }
                    used.extend(judged.cues);
                }
                (values, used)
            },
        );
    }
}
