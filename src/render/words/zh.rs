//! 中文。

use super::{Labels, Words, moved_by, plain, window_field, window_of};
use crate::model::event::Signal;
use crate::model::facts::{Days, Level, Method, NoticeKind, WindowMethod};
use crate::model::judged::{Judgement, Standing, Trick};
use crate::model::{Change, Delta, Verdict, Window};

pub(super) static WORDS: Words = Words {
    kind: |k| match k {
        NoticeKind::Pickup => "领取证书",
        NoticeKind::Reissue => "补办更换",
        NoticeKind::Postponement => "延期暂停",
        NoticeKind::Correction => "更正补充",
        NoticeKind::ECertificate => "电子证书",
        NoticeKind::Results => "成绩结果",
        NoticeKind::Registration => "报名审核",
        NoticeKind::Other => "其他",
    },
    method: |m| match m {
        Method::Onsite => "现场",
        Method::Mail => "邮寄",
        Method::Proxy => "代领",
        Method::Batch => "单位集中",
        Method::Electronic => "电子",
    },
    window_method,
    days: |d| match d {
        Days::Workdays => "工作日",
        Days::Daily => "每天",
        Days::MonFri => "周一至周五",
        Days::Other => "特定日子（见原文）",
    },
    level: |l| match l {
        Level::Province => "省级",
        Level::City => "市级",
        Level::County => "县区级",
        Level::Entrusted => "受委托单位",
    },
    verdict: |v| match v {
        Verdict::Ok => "正常",
        Verdict::NotModified => "未变",
        Verdict::Empty => "列表为空",
        Verdict::Partial => "页面不完整",
        Verdict::Blocked => "被防护拦截",
        Verdict::Shell => "页面要靠脚本填充",
        Verdict::Soft404 => "页面说不存在",
        Verdict::Gone => "已不存在",
        Verdict::Moved => "转到别处",
        Verdict::Layout => "版式变了",
        Verdict::Login => "要求登录",
        Verdict::Maintenance => "网站维护",
        Verdict::Encoding => "乱码",
        Verdict::NotDocument => "不是文档",
        Verdict::Transport => "连接失败",
    },
    fault: super::fault_zh::fault,
    doubt: super::doubt_zh::doubt,
    change: |c| match c {
        Change::New => "新",
        Change::Facts { .. } => "改",
        Change::Text { .. } => "文字改动",
        Change::Attachment { .. } => "附件改动",
        Change::Moved { .. } => "换地址",
        Change::Gone { .. } => "撤下",
        Change::Back => "恢复",
        Change::Reread { .. } => "重新解读",
        Change::Unsteady => "页面反复",
        Change::Baseline { .. } => "首次收录",
        Change::Broken { .. } => "来源出错",
        Change::Recovered { .. } => "来源恢复",
        Change::Signal { signal, .. } => match signal {
            Signal::Scores => "成绩公布",
            Signal::EFile => "电子证书可下载",
            Signal::CertificateQuery => "证书可查询",
        },
        Change::Late { .. } => "该出未出",
        Change::Reminder { .. } => "提醒",
    },
    delta,
    window,
    judged,
    certificate: |host, until| format!("{host} 的证书 {until} 到期"),
    stale: |days| format!("{days} 天没有新内容"),
    cities: |region, n| format!("{region}：证书由各市发放，已关注 {n} 个市"),
    unseen: |n| format!("另有 {n} 个来源还没有访问过"),
    about,
    news: |n| format!("{n} 条消息"),
    quiet: "（没有消息）\n",
    next: [
        "接下来可以试：",
        "同样的演示，留下一个可以翻看的数据库",
        "写一份设置，填上你的联系方式",
        "访问真实的机构网站",
        "其他命令",
    ],
    round,
    label: Labels {
        kind: "类别",
        gone: "已撤下",
        watched: "关注方式",
        basis: "地址依据",
        row_only: "只知道列表中的标题",
        region: "地区",
        source: "机构",
        notice: "通知",
        published: "发布",
        issuer: "落款",
        exams: "考试",
        methods: "方式",
        windows: "时间",
        places: "地点",
        mail: "邮寄",
        apply: "申请入口",
        fee: "邮费",
        carrier: "承运",
        own_papers: "本人带",
        proxy_papers: "代领人带",
        batch_papers: "单位带",
        proxy: "可否代领",
        yes: "可以",
        no: "不可以",
        custody: "保管（年）",
        phones: "咨询电话",
        attachments: "附件",
        notes: "提示",
        history: "历史",
        rows: "行数",
        last_change: "最近变化",
        last_good: "最近成功",
        fault: "故障",
        state: "状态",
        since: "自",
        quote: "原文",
        doubt: "存疑",
        fees: ["到付", "预付", "免费"],
        nothing: "（没有）",
        never: "从未",
        well: "正常",
        home_only: "仅关注首页",
        by_hand: "手工录入",
    },
};

fn window_method(m: WindowMethod) -> &'static str {
    match m {
        WindowMethod::Onsite => "现场领取",
        WindowMethod::Mail => "邮寄办理",
        WindowMethod::Any => "办理",
    }
}

fn window(w: &Window) -> String {
    let time = |t: &Option<String>| t.as_ref().map(|t| format!(" {t}")).unwrap_or_default();
    let mut out = match (w.start, w.end) {
        (Some(a), Some(b)) if a == b => format!("{a}{}", time(&w.end_time)),
        (Some(a), Some(b)) => {
            format!("{a}{} 至 {b}{}", time(&w.start_time), time(&w.end_time))
        }
        (Some(a), None) => format!("{a}{} 起", time(&w.start_time)),
        (None, Some(b)) => format!("{b}{} 止", time(&w.end_time)),
        (None, None) => String::new(),
    };
    if w.estimate {
        out.push_str("（预计）");
    }
    out
}

/// `南宁市·现场领取` or `现场领取`.
fn whose(window: Option<&Window>) -> String {
    match window {
        None => "办理".into(),
        Some(w) => match &w.scope {
            Some(scope) => format!("{scope}·{}", window_method(w.method)),
            None => window_method(w.method).into(),
        },
    }
}

fn delta(d: &Delta, known: Option<&Window>) -> String {
    let (old, new) = (plain(&d.old), plain(&d.new));
    if let Some(field) = window_field(&d.path) {
        let who = whose(known);
        let shift = moved_by(d).map_or(String::new(), |n| match n {
            n if n > 0 => format!("（推后 {n} 天）"),
            n => format!("（提前 {} 天）", -n),
        });
        return match field {
            "" => match (window_of(&d.old), window_of(&d.new)) {
                (None, Some(w)) => format!("新增{}时间：{}", whose(Some(&w)), window(&w)),
                (Some(w), None) => format!("取消{}时间：{}", whose(Some(&w)), window(&w)),
                _ => format!("{who}时间有变"),
            },
            "end" if d.new.is_null() => format!("{who}不再写明截止日期（原为 {old}）"),
            "end" if d.old.is_null() => format!("{who}增加截止日期 {new}"),
            "end" => format!("{who}截止日期由 {old} 改为 {new}{shift}"),
            "start" => format!("{who}开始日期由 {old} 改为 {new}{shift}"),
            "end_time" => format!("{who}截止时刻由 {old} 改为 {new}"),
            "start_time" => format!("{who}开始时刻由 {old} 改为 {new}"),
            "hours" => format!("{who}时段由 {old} 改为 {new}"),
            "days" => format!("{who}的日子由 {old} 改为 {new}"),
            "method" => format!("{who}方式由 {old} 改为 {new}"),
            _ => format!("{who}范围由 {old} 改为 {new}"),
        };
    }
    let what = match d.path.trim_start_matches('/') {
        p if p.starts_with("places/") && p.ends_with("/phones") => "领取点电话",
        p if p.starts_with("places/") && p.ends_with("/address") => "领取地址",
        p if p.starts_with("places") => "领取地点",
        p if p.starts_with("attachments/") && p.ends_with("/href") => "附件（同名，文件已换）",
        p if p.starts_with("attachments") => "附件",
        "phones" => "咨询电话",
        "methods" => "领取方式",
        "materials/self" => "本人所需材料",
        "materials/proxy" => "代领所需材料",
        "materials/batch" => "单位所需材料",
        "mail/apply" => "邮寄申请入口",
        "mail/fee" => "邮费",
        "mail/carrier" => "承运单位",
        "proxy_allowed" => "可否代领",
        "custody_years" => "保管年限",
        "kind" => "通知类别",
        "exams" => "考试",
        "title" => "标题",
        _ => "内容",
    };
    match (d.old.is_null(), d.new.is_null()) {
        (true, false) => format!("{what}新增：{new}"),
        (false, true) => format!("{what}去掉：{old}"),
        _ => format!("{what}由 {old} 改为 {new}"),
    }
}

fn round(key: &str) -> String {
    match key {
        "first" => "首次收录（存下、不发）",
        "quiet" => "没有实质变化的一天",
        "news" => "新通知与改动",
        "faults" => "拦截、改版、假 404",
        "back" => "全部恢复",
        other => other,
    }
    .into()
}

fn judged(j: &Judgement, office: &str) -> String {
    let host = j.host.as_deref().unwrap_or("");
    let listed = j.listed.as_deref().unwrap_or("");
    match j.standing {
        Standing::Official => format!("是：{host} 是{office}的官方网站"),
        Standing::Named => format!("“{listed}”是{office}的名称；名称本身不能证明什么，请核对网址"),
        Standing::SameDomain => {
            format!(
                "未列入：{host} 在官方域名 {listed} 之下，但不是已知的网站，请从官方首页进入核对"
            )
        }
        Standing::Retired => {
            format!("否：{host} 已停用或并非主办机构（{office}），不要在此填写信息")
        }
        Standing::LookAlike(trick) => {
            let how = match trick {
                Trick::BareIp => "只有 IP 地址，看不出属于谁",
                Trick::Typo => "与官方网址只差一两个字母",
                Trick::Suffix => "官方名称换了后缀",
                Trick::Affix => "官方名称加了别的词",
                Trick::Digits => "用数字或相似字母冒充",
                Trick::Homograph => "用外文字母冒充",
                Trick::Embedded => "把官方网址放在别人的域名前面",
                Trick::Userinfo => "@ 前面的不是网址",
            };
            format!("否：{host} 冒充 {listed}（{how}），不要在此填写信息或付款")
        }
        Standing::Unknown if host.is_empty() => "这段文字里没有网址，也没有我们认识的机构".into(),
        Standing::Unknown => format!("{host} 不是我们认识的任何机构的网站"),
    }
}

fn about(change: &Change) -> Option<String> {
    Some(match change {
        Change::Late { due } => {
            format!("按往年应在 {due} 前发出领取通知，至今没有见到")
        }
        Change::Reminder { name, what, date } => {
            let said = match what.split('-').next().unwrap_or_default() {
                "out" => "领取通知已发布".to_owned(),
                "opens" => format!("{date} 开始领取"),
                "closes" => format!("{date} 截止领取"),
                "closing" => format!("今天 {date} 是领取的最后一天"),
                "changed" => format!("{date} 领取通知有变动"),
                "late" => format!("预计 {date} 前发出的领取通知还没有见到"),
                "destruction" => format!("未领取的证书保管到 {date}"),
                _ => format!("{what} {date}"),
            };
            format!("{said}（{name}）")
        }
        _ => return None,
    })
}
