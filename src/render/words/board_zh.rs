//! 中文：看板与汇总。

use super::board::{BoardLabels, BoardWords};
use crate::model::event::Signal;
use crate::model::{
    Board, CHINA, Date, Electronic, Gap, Grounds, Moved, Sitting, Stage, Standing, Timestamp, Way,
};

pub(super) static WORDS: BoardWords = BoardWords {
    tag: "zh-CN",
    title: |b| {
        format!(
            "全国各地 {}{}证书领取时间与方式",
            sitting(&b.sitting),
            b.exam_short
        )
    },
    subtitle,
    sitting,
    stage: |s| match s {
        Stage::NotHeld => "停考",
        Stage::Unknown => "不明",
        Stage::Expected => "待通知",
        Stage::Late => "迟于往年",
        Stage::Announced => "已通知",
        Stage::Open => "可领取",
        Stage::Closing => "即将截止",
        Stage::Closed => "已截止",
    },
    advice: |s| match s {
        Stage::NotHeld => "本次考试未举行",
        Stage::Unknown => "没有可用的来源，请直接查看机构网站",
        Stage::Expected => "通知尚未发布",
        Stage::Late => "往年此时已有通知，请向机构询问",
        Stage::Announced => "通知已发，时间未到或未写明",
        Stage::Open => "现在可以办理",
        Stage::Closing => "七天之内截止",
        Stage::Closed => "集中办理已结束，未领证书仍在保管",
    },
    region: |r| &r.name,
    phrase,
    tile,
    and_more: |name, n| format!("{name}等 {} 地", n + 1),
    way,
    range: |a, b| range(a, b),
    unasked: |n, soonest| {
        let soonest = soonest.map_or_else(String::new, |day| format!("，估计最早 {day} 有通知"));
        format!("{n} 个地区的来源还没有访问过{soonest}（--verbose 逐个列出）")
    },
    grounds,
    electronic: |e| match e {
        Electronic::Unknown => "不明".into(),
        Electronic::Expected { from, to } => format!("预计 {} 可查", range(*from, *to)),
        Electronic::Available {
            since: Some(day), ..
        } => format!("{day} 起可查"),
        Electronic::Available { since: None, .. } => "可查".into(),
    },
    gap: |gap, source| match gap {
        Gap::NoSource => "没有可关注的来源".into(),
        Gap::Cities => "证书由各市发放，并非每个市都在关注之列，请同时查看本市的通知".into(),
        Gap::Silent {
            since: Some(at), ..
        } => format!("{source}自 {} 起没有成功访问过", moment(*at)),
        Gap::Silent { since: None, .. } => format!("{source}还没有成功访问过"),
        Gap::NoForecast => "没有先例，无从估计".into(),
        Gap::RangeOver => "估计的时间已过，先例太少，不能断定迟发".into(),
        Gap::NoDates => "通知没有写明时间".into(),
        Gap::PutOff => "领取已推迟或暂停，新的时间未定".into(),
        Gap::RowOnly => "只见到列表中的标题，正文未能读取".into(),
        Gap::Doubtful => "有日期存疑，请看原文".into(),
    },
    kept: |day| format!("保管至 {day}（考试结束后五年，人社厅发〔2017〕141号）"),
    moment,
    count: |n| format!("{n} 个地区"),
    on_certificate: &[
        "姓名、性别与证件号码",
        "照片",
        "资格名称与级别",
        "批准日期",
        "管理号，与电子证书一致",
    ],
    label: BoardLabels {
        map: "各地一览",
        map_note: "格图示意，不表示面积与边界",
        timeline: "时间轴",
        timeline_note: "实条为通知所写的办理时间，虚条为按先例估计的通知时间",
        changes: "最近变化",
        no_changes: "近期没有变化",
        regions: "分地区",
        sources: "来源状况",
        legend: "图例",
        today: "今天",
        expected: "预计通知",
        no_notice: "尚无通知",
        electronic: "电子证书",
        paper: "纸质证书",
        kept: "未领证书",
        checklist: "携带清单",
        check: "当场核对证书",
        cities: "各市",
        city: "市",
        unwatched: "未关注",
        original: "原文",
        standing: "常设页面",
        corrects: "更正的是",
        corrected_by: "后有更正",
        changed: "最近变动",
        seen: "最近查看",
        office_page: "机构页面",
        unknown: "尚不清楚",
        answering: "正常",
        failing: "出错",
        unvisited: "未访问",
        disclaimer: "内容由程序从各机构公开通知中读出，以机构原文为准",
        top: "回到页首",
        colon: "：",
        comma: "、",
        clause: "，",
    },
};

fn grounds(s: &Standing) -> String {
    let past = match s.basis {
        Grounds::None => String::new(),
        Grounds::Own { points } => format!("依据本地 {points} 次先例"),
        Grounds::Mixed { others } => format!("依据本地 1 次、外地 {others} 次先例"),
        Grounds::Pooled { points, .. } => format!("本地无先例，依据外地 {points} 次"),
    };
    match s.moved {
        None => past,
        Some(Moved { by, days }) => {
            let what = match by {
                Signal::Scores => "成绩",
                Signal::EFile | Signal::CertificateQuery => "电子证书",
            };
            let (how, so) = match days > 0 {
                true => ("晚", "后移"),
                false => ("早", "前移"),
            };
            let days = days.unsigned_abs();
            format!("{past}；全国{what}比往年{how} {days} 天，已{so}")
        }
    }
}

fn sitting(s: &Sitting) -> String {
    match s.id.split_once('H') {
        Some((year, "1")) => format!("{year} 年上半年"),
        Some((year, "2")) => format!("{year} 年下半年"),
        _ => s.id.clone(),
    }
}

fn subtitle(b: &Board) -> String {
    let last = b.sitting.last.unwrap_or(b.sitting.first);
    format!(
        "考试 {} · 截至 {}",
        range(b.sitting.first, last),
        moment(b.generated)
    )
}

/// `2026-12-15 至 12-31`: the second year only where it differs.
fn range(a: Date, b: Date) -> String {
    match (a == b, a.year() == b.year()) {
        (true, _) => a.to_string(),
        (_, true) => format!("{a} 至 {}", b.strftime("%m-%d")),
        (_, false) => format!("{a} 至 {b}"),
    }
}

fn way(w: &Way) -> String {
    match (w.from, w.to) {
        (Some(a), Some(b)) => range(a, b),
        (Some(a), None) => format!("{a} 起"),
        (None, Some(b)) => format!("{b} 止"),
        (None, None) => "时间未写明".into(),
    }
}

fn moment(at: Timestamp) -> String {
    CHINA.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

fn phrase(s: &Standing) -> String {
    match (s.stage, s.days_left, s.days_to_open, s.expected) {
        (Stage::Closing | Stage::Open, Some(0), ..) => "今天截止".into(),
        (Stage::Closing | Stage::Open, Some(n), ..) => format!("还剩 {n} 天"),
        (Stage::Open, None, ..) => "未写截止".into(),
        (Stage::Announced, _, Some(1), _) => "明天开始".into(),
        (Stage::Announced, _, Some(n), _) => format!("{n} 天后开始"),
        (Stage::Announced, ..) => "时间未写明".into(),
        (Stage::Late, _, _, Some((_, b))) => format!("应在 {b} 之前"),
        (Stage::Expected | Stage::Unknown, _, _, Some((a, b))) => format!("预计 {}", range(a, b)),
        _ => String::new(),
    }
}

fn tile(s: &Standing) -> String {
    match (s.stage, s.days_left, s.days_to_open, s.expected) {
        (Stage::Closing | Stage::Open, Some(0), ..) => "今天止".into(),
        (Stage::Closing | Stage::Open, Some(n), ..) => format!("剩{n}天"),
        (Stage::Announced, _, Some(n), _) => format!("{n}天后"),
        (Stage::Expected, _, _, Some((a, _))) => format!("{}起", a.strftime("%m-%d")),
        _ => String::new(),
    }
}
