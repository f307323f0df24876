//! Shapes of input that nobody writes and a server may send: one thing, over and over, to any size.
//! `tests/shapes.rs` reads them small, `benches/hostile.rs` at the largest size that is read.

/// A shape: its name, and its bytes to a size.
pub(crate) struct Shape {
    /// What it is.
    pub(crate) name: &'static str,
    make: Make,
}

enum Make {
    /// Bytes before, what is repeated, bytes after.
    Repeat(&'static [u8], &'static [u8], &'static [u8]),
    /// What is repeated differs each time: `{n}` is a number that grows.
    Counted(&'static str, &'static str),
}

impl Shape {
    /// The shape with about so many bytes, never more.
    pub(crate) fn bytes(&self, size: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(size);
        match self.make {
            Make::Repeat(head, unit, tail) => {
                out.extend_from_slice(head);
                while out.len() + unit.len() + tail.len() <= size {
                    out.extend_from_slice(unit);
                }
                out.extend_from_slice(tail);
            }
            Make::Counted(head, unit) => {
                out.extend_from_slice(head.as_bytes());
                for n in 0.. {
                    let unit = unit.replace("{n}", &format!("{n:07}"));
                    if out.len() + unit.len() > size {
                        break;
                    }
                    out.extend_from_slice(unit.as_bytes());
                }
            }
        }
        out
    }
}

const fn markup(name: &'static str, unit: &'static str) -> Shape {
    shape(name, b"", unit.as_bytes(), b"")
}

/// Inside the body of a notice about collecting.
const fn words(name: &'static str, unit: &'static str) -> Shape {
    shape(name, NOTICE.as_bytes(), unit.as_bytes(), b"</div>")
}

const fn shape(
    name: &'static str,
    head: &'static [u8],
    unit: &'static [u8],
    tail: &'static [u8],
) -> Shape {
    let make = Make::Repeat(head, unit, tail);
    Shape { name, make }
}

const fn counted(name: &'static str, unit: &'static str) -> Shape {
    let make = Make::Counted(NOTICE, unit);
    Shape { name, make }
}

const NOTICE: &str = "<html><title>关于领取证书的通知</title><h1>关于领取证书的通知</h1>\
                      <div class=time>发布时间：2026-03-05</div><div id=zoom><p>领取时间：3月10日至20日，\
                      地点：市政务大厅，凭身份证现场领取或邮寄。</p>";

/// All shapes.
pub(crate) const SHAPES: &[Shape] = &[
    // Markup.
    markup("open bracket", "<"),
    markup("open bracket and letter", "<a"),
    markup("open tag", "<a "),
    markup("attribute without end", "<a b='"),
    shape("one attribute value", b"<p title='", b"x", b""),
    shape("one tag of attributes", b"<p", b" a=1", b">"),
    markup(
        "tags with attributes",
        "<p a b c d e f g h i j k l m n o p>",
    ),
    markup("nested bold", "<b>"),
    markup("nested blocks", "<div>"),
    markup("nested fonts", "<p><font size=1>"),
    markup("nested tables", "<table><tr><td>"),
    markup("misnested", "<a><b><p></a></b>"),
    markup("tables side by side", "<table><tr><td>a<td>b</table>"),
    shape(
        "rows",
        b"<div id=zoom><table>",
        "<tr><td>甲市<td>3月1日".as_bytes(),
        b"",
    ),
    shape(
        "cells",
        b"<div id=zoom><table><tr>",
        "<td>甲".as_bytes(),
        b"",
    ),
    shape(
        "wide and high cells",
        b"<div id=zoom><table>",
        b"<tr><td rowspan=65535 colspan=1000>a<td>b",
        b"",
    ),
    shape("foster parents", b"<table>", b"x<i>", b""),
    markup("line breaks", "<br>"),
    markup("closing tags", "</p>"),
    markup("entities", "&amp;"),
    markup("bare ampersands", "&"),
    markup("numeric entities", "&#x4e00;"),
    markup("unfinished entities", "&#x"),
    markup("scripts", "<script>var pubdata='2026-01-01';</script>"),
    shape(
        "one script",
        b"<script>",
        b"var t=\"<a href='x.doc'>fujian</a>\";",
        b"",
    ),
    markup("styles", "<style>a{b:c}</style>"),
    markup("comments", "<!--ZJEG_RSS.content.begin-->"),
    shape(
        "comment without end",
        b"<div id=zoom>x</div><!--",
        b"- ",
        b"",
    ),
    markup("cdata", "<![CDATA["),
    markup("doctypes", "<!DOCTYPE html>"),
    markup("frames in frames", "<svg><math><title>"),
    markup("templates", "<template><select><option>"),
    markup("containers", "<div id=zoom></div>"),
    markup("titles", "<title>a</title>"),
    markup("headings", "<h1>关于领取证书的通知</h1>"),
    markup("metas", "<meta name=ArticleTitle content=证书>"),
    markup("pictures", "<img src='data:image/png;base64,QUFB'>"),
    markup(
        "links",
        "<li><a href='t20260101_1.html'>关于领取证书的通知</a> 2026-01-01</li>",
    ),
    markup("json", "{\"a\":["),
    markup("feed", "<rss><item><title>"),
    markup("datastore", "<datastore><recordset><record><![CDATA["),
    counted(
        "links to notices",
        "<li><a href='t2026_{n}.html'>领取证书通知{n}</a> 2026-01-01</li>",
    ),
    counted("files", "<a href='f{n}.doc'>附件{n}</a>"),
    // Bytes.
    markup("zero bytes", "\0"),
    markup("mostly zero bytes", "<p>a\0"),
    shape("not UTF-8", b"<div id=zoom>", b"\xff\xfe", b""),
    shape(
        "half characters of GBK",
        b"<meta charset=gbk><div id=zoom>",
        b"\xc1\xec\xc1",
        b"",
    ),
    shape(
        "GBK",
        b"<meta charset=gbk><div id=zoom>",
        b"\xc1\xec\xc8\xa1",
        b"",
    ),
    shape("UTF-16", b"\xff\xfe", b"\x00\x98\xd6\x53", b""),
    shape("surrogates alone", b"\xff\xfe", b"\x00\xd8", b""),
    markup("unseen characters", "\u{200b}"),
    markup("blanks", " "),
    markup("full-width blanks", "　"),
    markup("line ends", "\n"),
    // Words.
    words("one line of collecting", "领取"),
    words("letters", "a"),
    words("digits", "1"),
    words("full-width digits", "１"),
    words("spaced label", "时 "),
    words("dates", "2026年3月10日"),
    words("dates without a stop", "3月1日至5日9:00-11:30、"),
    words("dots", "3.5."),
    words("months", "月"),
    words("dashes", "—"),
    words("opening brackets", "【（"),
    words("opening quotes", "“《"),
    words("closing brackets", "）】"),
    words("full stops", "。"),
    words("commas", "，"),
    words("numbered pieces", "（1）领取；"),
    words("bare lines", "领<br>"),
    words("paragraphs", "<p>一、领取时间：3月1日至5日</p>"),
    words("windows", "<p>自2024年3月1日至2024年5月6日办理领取</p>"),
    words(
        "sentences of windows",
        "领取时间：2024年3月1日至5日，工作日9:00-11:30。",
    ),
    words(
        "city rows",
        "<p>杭州市：杭州市人事考试中心，地址：中山路5号，电话：0571-87654321</p>",
    ),
    words("places", "请到杭州市中山路5号市人事考试中心现场领取，"),
    words("houses", "中山路5号，"),
    words("papers", "携带身份证原件、委托书和复印件，"),
    words("clauses of papers", "，身份证（委托"),
    words("telephones", "电话：0571-87654321、"),
    words("bare numbers", "87654321、"),
    words("mail", "申请邮寄证书，邮费到付，EMS快递，"),
    words("deputies", "可委托他人代领，不得代领，"),
    words("exams", "软件水平考试、"),
    words("sittings", "2024年上半年、下半年"),
    words("notes", "逾期不领取的请核对信息，"),
    words("custody", "证书保管期限五年，"),
    words("levels", "初级、中级和高级"),
    words("issuers", "杭州市人事考试中心"),
    words("going", "到"),
    words("from", "由"),
    words("bold lines", "<b>领取时间</b><br>"),
    words(
        "table of windows",
        "<table><tr><td>考区<td>领取时间<td>地点<tr><td>甲市<td>3月1日至5日<td>中山路5号</table>",
    ),
    words("items", "<li>甲市：3月1日至5日</li>"),
    shape(
        "one table of windows",
        "<div id=zoom><table><tr><td>考区<td>领取时间<td>地点<td>电话".as_bytes(),
        "<tr><td>甲市<td>3月1日至5日<td>市人事考试中心中山路5号<td>0571-87654321".as_bytes(),
        b"",
    ),
    counted(
        "numbers that grow",
        "<p>领取时间：{n}，电话{n}，{n}路{n}号</p>",
    ),
    counted(
        "offices that differ",
        "<p>第{n}市：第{n}考试中心，地址：第{n}路{n}号，携带第{n}证明</p>",
    ),
];
