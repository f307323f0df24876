//! What moves on a site while its notices stay the same.

use super::recording::{Answer, Web};
use regex::{Captures, Regex};

/// The whole of an office's web, moved; the list's address is given.
pub(crate) type Disguise = fn(&Web, &str) -> Web;

pub(crate) const DISGUISES: [(&str, Disguise); 13] = [
    ("counters", |web, _| each(web, counters)),
    ("neighbours", |web, _| each(web, neighbours)),
    ("white space", |web, _| each(web, white_space)),
    ("session tokens", sessions),
    ("moved footer", |web, _| each(web, footer)),
    ("clock", |web, _| each(web, clock)),
    ("side bar", |web, _| each(web, side_bar)),
    ("editor's resave", |web, _| each(web, resave)),
    ("attributes", |web, _| each(web, attributes)),
    ("redesign", |web, list| others(web, list, redesign)),
    ("other charset", |web, _| other_charset(web)),
    ("other scheme", both_schemes),
    ("rebuilt", rebuilt),
];

/// A page's text.
pub(crate) fn decoded(answer: &Answer) -> String {
    match is_gb(answer) {
        true => encoding_rs::GB18030.decode(&answer.body).0.into_owned(),
        false => String::from_utf8(answer.body.clone()).unwrap(),
    }
}

/// The bytes of a text in the page's charset.
pub(crate) fn encoded(answer: &Answer, text: &str) -> Vec<u8> {
    match is_gb(answer) {
        true => encoding_rs::GB18030.encode(text).0.into_owned(),
        false => text.as_bytes().to_vec(),
    }
}

fn is_gb(answer: &Answer) -> bool {
    std::str::from_utf8(&answer.body).is_err()
}

fn is_markup(text: &str) -> bool {
    text.trim_start().starts_with('<')
}

/// Every page changed by `f`; data is not.
fn each(web: &Web, f: fn(&str) -> String) -> Web {
    others(web, "", f)
}

/// Every page but the one at `except`.
fn others(web: &Web, except: &str, f: fn(&str) -> String) -> Web {
    let mut web = web.clone();
    for (url, answer) in &mut web {
        let text = decoded(answer);
        if is_markup(&text) && url != except {
            answer.body = encoded(answer, &f(&text));
        }
    }
    web
}

fn replace(text: &str, pattern: &str, with: &str) -> String {
    let pattern = Regex::new(pattern).unwrap();
    pattern.replace_all(text, with).into_owned()
}

/// `html` as the first thing of the page's body.
fn at_top(text: &str, html: &str) -> String {
    replace(text, r"(?i)(<body[^>]*>)", &format!("$1{html}"))
}

/// `html` as the last thing of the page's body.
fn at_end(text: &str, html: &str) -> String {
    replace(text, r"(?i)</body>", &format!("{html}</body>"))
}

fn counters(text: &str) -> String {
    let text = replace(
        text,
        r"((?:浏览|点击|阅读)(?:次数|量|数)?[：:]\s*(?:<[^>]*>)?)\d+",
        "${1}90417",
    );
    let text = at_top(&text, "<div>您是第8231477位访问者</div>");
    at_end(
        &text,
        "<div class=\"tj\">访问量：<em>3320118</em> 人次</div>",
    )
}

fn neighbours(text: &str) -> String {
    let rows = "<div class=\"prevnext\"><p>上一篇：<a href=\"/zz/t40001.html\">关于2027年度报名工作的通知</a></p>\
        <p>下一篇：<a href=\"/zz/t40002.html\">2026年12月20日考务安排</a></p></div>";
    at_end(text, rows)
}

fn white_space(text: &str) -> String {
    let text = replace(text, r"(?i)</(p|tr|td|li|div)>", "</$1>\r\n\t\t  ");
    replace(&text, r"(?i)<p([ >])", "\n\n<p$1")
}

/// The session stands in the addresses, and each answers with it.
fn sessions(web: &Web, list: &str) -> Web {
    let mut out = each(web, tokens);
    for (url, answer) in out.clone() {
        if url != list {
            out.insert(format!("{url};jsessionid=8C1F0A77D2"), answer);
        }
    }
    out
}

fn tokens(text: &str) -> String {
    let text = replace(
        text,
        r#"(?i)(href="[^"?#;]+\.(?:s?html?|docx?|xlsx?|asp))""#,
        r#"$1;jsessionid=8C1F0A77D2""#,
    );
    replace(
        &text,
        r#"(?i)(src="[^"?]+\.(?:js|css|png|jpg))""#,
        r#"$1?v=20270101""#,
    )
}

fn footer(text: &str) -> String {
    let foot = "<div class=\"gov-foot\">主办单位：人事考试院　地址：民主路18号　值班电话：0000-5559876　\
        备案号：桂ICP备05000000号</div>";
    at_top(&at_end(text, foot), foot)
}

fn clock(text: &str) -> String {
    at_top(
        text,
        "<div id=\"rq\">今天是2027年1月3日 星期日 农历十一月廿六 10:24:31</div>",
    )
}

fn side_bar(text: &str) -> String {
    let row = |n: u32| {
        format!("<p><a href=\"/hot/t5000{n}.html\">2027年度第{n}号考务公告</a> 01-0{n}</p>")
    };
    let rows: String = (1..8).map(row).collect();
    at_end(
        text,
        &format!("<div class=\"hot-side\"><h3>热点</h3>{rows}</div>"),
    )
}

fn resave(text: &str) -> String {
    let text = replace(
        text,
        r#"(<meta name="PubDate" content=")[^"]*"#,
        "${1}2027-01-02 16:40:11",
    );
    let text = replace(
        &text,
        r"(?i)<p>",
        "<p class=\"MsoNormal\" style=\"text-indent:2em\">",
    );
    replace(&text, r"(?i)</p>", "<o:p></o:p></p><!--EndFragment-->")
}

fn attributes(text: &str) -> String {
    let text = replace(text, r#" style="[^"]*""#, " style=\"color:#111\"");
    replace(
        &text,
        r"(?i)<(div|td|p|span)([ >])",
        "<$1 data-v-5f1c=\"\"$2",
    )
}

/// New class names and ids throughout, one more box around everything.
fn redesign(text: &str) -> String {
    let pattern = Regex::new(r#"(?i) (class|id)="([^"]*)""#).unwrap();
    let text = pattern.replace_all(text, |c: &Captures| {
        let sum = c[2]
            .bytes()
            .fold(7u32, |h, b| h.wrapping_mul(31) ^ u32::from(b));
        format!(" {}=\"x{sum:x}\"", &c[1])
    });
    at_end(
        &at_top(&text, "<div class=\"wrap2027\"><div>"),
        "</div></div>",
    )
}

fn other_charset(web: &Web) -> Web {
    let mut web = web.clone();
    for answer in web.values_mut() {
        let text = decoded(answer);
        let to_gb = !is_gb(answer);
        let name = if to_gb { "gb2312" } else { "utf-8" };
        let text = replace(
            &text,
            r#"(?i)charset=("?)[\w-]+"#,
            &format!("charset=${{1}}{name}"),
        );
        let kind = answer.content_type.take().unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().to_owned();
        answer.content_type = Some(format!("{kind}; charset={name}"));
        answer.body = match to_gb {
            true => encoding_rs::GB18030.encode(&text).0.into_owned(),
            false => text.into_bytes(),
        };
    }
    web
}

/// The list's links change their scheme, and both schemes answer.
fn both_schemes(web: &Web, list: &str) -> Web {
    let mut out = each(web, other_scheme);
    for (url, answer) in out.clone() {
        let (scheme, rest) = url.split_once(':').unwrap();
        let other = if scheme == "https" { "http" } else { "https" };
        if url != list {
            out.insert(format!("{other}:{rest}"), answer);
        }
    }
    out
}

fn other_scheme(text: &str) -> String {
    let other = |c: &Captures| match &c[2] {
        "https" => format!("{}http:", &c[1]),
        _ => format!("{}https:", &c[1]),
    };
    let pattern = Regex::new(r#"(?i)(href=")(https?):"#).unwrap();
    pattern.replace_all(text, other).into_owned()
}

/// Every notice and file under a new address; the old ones answer 404. An office that speaks JSON
/// keeps its interface.
fn rebuilt(web: &Web, list: &str) -> Web {
    if !is_markup(&decoded(&web[list])) || web.len() == 1 {
        return web.clone();
    }
    let mut out = Web::new();
    for (url, answer) in web {
        // Where all files bear one name, their folders tell them apart.
        let text = decoded(answer).replace("/page.htm", "-page.htm");
        let moved = replace(
            &text,
            r#"(?i)(href=")([^"?#]*?)([\w-]+)\.(s?html?|asp|docx?|xlsx?)""#,
            r#"$1/2027/site/c_$3.$4""#,
        );
        let mut answer = answer.clone();
        answer.body = encoded(&answer, &moved);
        if url == list {
            out.insert(url.clone(), answer);
            continue;
        }
        let name = url.replace("/page.htm", "-page.htm");
        let name = name.rsplit('/').next().unwrap();
        let host: Vec<&str> = url.splitn(4, '/').collect();
        let new = format!("{}//{}/2027/site/c_{name}", host[0], host[2]);
        out.insert(new, answer);
        out.insert(url.clone(), Answer::page("<html></html>").with_status(404));
    }
    out
}
