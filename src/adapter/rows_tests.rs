//! Every family's rows, and every variant of them that was met, as small pages of our own writing.

use super::super::family::Families;
use super::*;
use crate::model::Shape;

#[path = "rows_makes_tests.rs"]
mod makes;

/// `family`, words of the block, address, page; then the rows as `line` writes them.
struct Case {
    family: &'static str,
    block: &'static str,
    url: &'static str,
    page: &'static str,
    rows: &'static [&'static str],
}

fn line(e: &Entry) -> String {
    let first = e.keys.first().map_or("", String::as_str);
    let doc = if first.starts_with("doc:") {
        first
    } else {
        "-"
    };
    let date = e.published.map_or("-".to_owned(), |d| d.to_string());
    let marks = match (e.title_cut, e.external) {
        (false, false) => "",
        (true, false) => " CUT",
        (false, true) => " EXTERNAL",
        (true, true) => " CUT EXTERNAL",
    };
    format!("{doc} {date}{marks} {} {}", e.title, e.url)
}

fn try_read(family: &str, block: &str, url: &str, page: &str) -> Result<ListPage, Fault> {
    let block: Shape = toml::from_str(block).unwrap();
    let rules = ListRules::compile(&Families::builtin().merge(family, &block)).unwrap();
    let html = Html::parse_document(page);
    let input = ListInput {
        raw: page,
        html: (!page.trim_start().starts_with('{')).then_some(&html),
        url,
        today: "2026-11-20".parse().unwrap(),
    };
    read(&input, &rules)
}

fn check(cases: &[Case]) {
    for c in cases {
        let got = try_read(c.family, c.block, c.url, c.page)
            .unwrap_or_else(|f| panic!("{} {}: {f}", c.family, c.page));
        let rows: Vec<String> = got.entries.iter().map(line).collect();
        assert_eq!(rows, c.rows, "{}: {}", c.family, c.page);
        assert_eq!(got.faults, [], "{}: {}", c.family, c.page);
    }
}

#[test]
fn trs() {
    let url = "https://a.gov.cn/rsks/tzgg/";
    let case = |block, page, rows| Case {
        family: "trs",
        block,
        url,
        page,
        rows,
    };
    check(&[
        case(
            "",
            "<ul class=\"list\">\r\n<LI><a href=\"./202512/t20251218_123456.html\" target=\"_blank\" title=\"关于领取证书的通知\">关于领取…</a><span>2025-12-18</span></LI></ul>",
            &["doc:123456 2025-12-18 关于领取证书的通知 https://a.gov.cn/rsks/tzgg/202512/t20251218_123456.html"],
        ),
        // the date inside the link, after the words
        case(
            "",
            "<ul><li><a href='./202512/t20251218_1.shtml'>关于领取证书的通知 <span class=date>2025/12/17</span></a></li></ul>",
            &["doc:1 2025-12-17 关于领取证书的通知 https://a.gov.cn/rsks/tzgg/202512/t20251218_1.shtml"],
        ),
        case(
            "",
            "<ul><li><a href='./202512/t20251218_1.html'>领取通知一</a><span>[2025-12-18]</span></li>
             <li><a href='./202601/t20260102_2.html'>领取通知二</a><span>[01-03]</span></li>
             <li><a href='./202601/t20260102_3.html'>领取通知三</a><span>2026.1.2</span></li></ul>",
            &[
                "doc:1 2025-12-18 领取通知一 https://a.gov.cn/rsks/tzgg/202512/t20251218_1.html",
                "doc:2 2026-01-03 领取通知二 https://a.gov.cn/rsks/tzgg/202601/t20260102_2.html",
                "doc:3 2026-01-02 领取通知三 https://a.gov.cn/rsks/tzgg/202601/t20260102_3.html",
            ],
        ),
        // a column label before the title, and a separate em for the date
        case(
            "",
            "<ul><li class=notices><a href='/rsks/'>[栏目]</a><a href='./202512/t20251218_1.html' title='领取证书'>领取证书</a><em class=mytime>2025-12-18</em></li></ul>",
            &["doc:1 2025-12-18 领取证书 https://a.gov.cn/rsks/tzgg/202512/t20251218_1.html"],
        ),
        case(
            "link = 'a:nth-of-type(2)'",
            "<ul><li><a href='/rsks/'>[栏目]</a><a href='./202512/t20251218_1.html'>领取证书</a></li></ul>",
            &["doc:1 2025-12-18 领取证书 https://a.gov.cn/rsks/tzgg/202512/t20251218_1.html"],
        ),
        // no date anywhere but in the address
        case(
            "",
            "<ul class=zpfaul><li><a href='./202512/t20251218_1.htm' title='领取证书'>领取</a></li></ul>",
            &["doc:1 2025-12-18 领取证书 https://a.gov.cn/rsks/tzgg/202512/t20251218_1.htm"],
        ),
        case(
            "entry = 'li.list-item'\ntitle = 'div.text'\ndate = ['div.time']",
            "<ul><li class=list-item><a href='./t20251218_1.html'><div class=text>领取&nbsp;证书　</div><div class=time>2025-12-18</div></a></li></ul>",
            &["doc:1 2025-12-18 领取 证书 https://a.gov.cn/rsks/tzgg/t20251218_1.html"],
        ),
        case(
            "",
            "<div class=gl-list><div class=gl-list-item><a class=nm href='./202512/t20251218_1.html'>领取证书</a><div class=date>2025-12-18</div></div></div>",
            &["doc:1 2025-12-18 领取证书 https://a.gov.cn/rsks/tzgg/202512/t20251218_1.html"],
        ),
        case(
            "",
            "<div class=content><p class=title-li><a href='./202512/t20251218_1.html' title='领取证书'>领取</a><span>2025-12-18</span></p></div>",
            &["doc:1 2025-12-18 领取证书 https://a.gov.cn/rsks/tzgg/202512/t20251218_1.html"],
        ),
        // a template row, a spacer, an attachment and another office's notice among the rows
        case(
            "",
            "<ul><li ms-repeat=list><a ms-attr-href=el.url></a></li><li></li>
             <li><a href='./202512/t20251218_1.html'>领取证书</a><span>2025-12-18</span></li>
             <li><a href='./202609/P020260911000000123456.xlsx'>领取名单</a></li>
             <li><a href='https://b.gov.cn/x/t20251217_1.html'>外站的领取通知</a><span>2025-12-17</span></li></ul>",
            &[
                "doc:1 2025-12-18 领取证书 https://a.gov.cn/rsks/tzgg/202512/t20251218_1.html",
                "- 2026-09-11 EXTERNAL 领取名单 https://a.gov.cn/rsks/tzgg/202609/P020260911000000123456.xlsx",
                "- 2025-12-17 EXTERNAL 外站的领取通知 https://b.gov.cn/x/t20251217_1.html",
            ],
        ),
        // ids without a day
        case(
            "entry = 'ul.articles > li'",
            "<ul class=articles><li><a href='./t32916.html' title='领取证书'>领取</a><span>[2026-03-02]</span></li></ul>",
            &["doc:32916 2026-03-02 领取证书 https://a.gov.cn/rsks/tzgg/t32916.html"],
        ),
        case(
            "entry = 'ul.tadaty-list > li'",
            "<ul class=tadaty-list><li><a href='/t32/20260714/t0035_1434097.html'>领取证书</a><span>2026-07-14</span></li></ul>",
            &["doc:1434097 2026-07-14 领取证书 https://a.gov.cn/t32/20260714/t0035_1434097.html"],
        ),
        // the same notice sticky on top and again in its place, first cut, then whole
        case(
            "",
            "<ul><li><a href='./202512/t20251218_1.html'><font color=red>关于领取证书...</font></a></li>
             <li><a href='../other/202512/t20251218_1.html'>关于领取证书的通知NEW</a><span>2025-12-18</span></li></ul>",
            &["doc:1 2025-12-18 关于领取证书的通知 https://a.gov.cn/rsks/tzgg/202512/t20251218_1.html"],
        ),
        case(
            "",
            "<ul><li><a href='./202512/t20251218_1.html'>关于领取证书...</a></li></ul>",
            &["doc:1 2025-12-18 CUT 关于领取证书… https://a.gov.cn/rsks/tzgg/202512/t20251218_1.html"],
        ),
        // <base>, and a date glued to the title
        case(
            "",
            "<base href='/other/'><ul><li><a href='./202512/t20251218_1.html'>领取证书2025-12-16</a></li></ul>",
            &["doc:1 2025-12-16 领取证书 https://a.gov.cn/other/202512/t20251218_1.html"],
        ),
    ]);
}

#[test]
fn hanweb() {
    let shell = "https://a.gov.cn/col/col77278/index.html";
    let store = |family, url, page, rows| Case {
        family,
        block: "",
        url,
        page,
        rows,
    };
    check(&[
        store(
            "hanweb_jpage",
            shell,
            "<div id=212860><script type='text/xml'><datastore><nextgroup><![CDATA[<a href=\"/module/web/jpage/dataproxy.jsp?page=1&columnid=77278\"></a>]]></nextgroup><recordset>
             <record><![CDATA[<li><a href='/art/2026/9/1/art_77278_1182.html' title='领取证书的通知'>领取证书</a><span>2026-09-10</span></li>]]></record>
             <record><![CDATA[<li class=\"cf\"><a href=\"/art/2026/9/2/art_77278_1183.html\"><span class=list_title>领取证书的...</span><i>2026-09-02</i></a></li>]]></record>
             <record><![CDATA[<li class='clearfix bt-list-new'><a title='领取三' href='/art/2026/9/3/art_77278_1184.html'>x</a><span class=bt-list-time>2026-09-03</span></li>]]></record>
             <record><![CDATA[<li><a href='/art/2026/9/4/art_77278_1185.html'>领取四</a>[2026-09-05]</li>]]></record>
             <record><![CDATA[<li><a href='/art/2026/9/6/art_77278_1186.html'>领取五</a><span>[2021-..]</span></li>]]></record>
             <record><![CDATA[<tr><td>·</td><td><a href='/art/2026/9/7/art_77278_1187.html'>领取六</a></td><td>2026-09-07</td></tr>]]></record>
             </recordset></datastore></script></div>",
            &[
                "doc:1182 2026-09-10 领取证书的通知 https://a.gov.cn/art/2026/9/1/art_77278_1182.html",
                "doc:1183 2026-09-02 CUT 领取证书的… https://a.gov.cn/art/2026/9/2/art_77278_1183.html",
                "doc:1184 2026-09-03 领取三 https://a.gov.cn/art/2026/9/3/art_77278_1184.html",
                "doc:1185 2026-09-05 领取四 https://a.gov.cn/art/2026/9/4/art_77278_1185.html",
                "doc:1186 2026-09-06 领取五 https://a.gov.cn/art/2026/9/6/art_77278_1186.html",
                "doc:1187 2026-09-07 领取六 https://a.gov.cn/art/2026/9/7/art_77278_1187.html",
            ],
        ),
        // outside of a script the parser would eat the rows
        store(
            "hanweb_jpage",
            "https://a.gov.cn/module/web/jpage/dataproxy.jsp?page=1&columnid=7&unitid=3",
            "<datastore><totalrecord>1</totalrecord><recordset><record><![CDATA[<li><a href='/art/2026/9/1/art_7_1.html'>领取</a></li>]]></record></recordset></datastore>",
            &["doc:1 2026-09-01 领取 https://a.gov.cn/art/2026/9/1/art_7_1.html"],
        ),
        store(
            "hanweb_jpaas",
            "https://a.gov.cn/api-gateway/jpaas-publish-server/front/page/build/unit?webId=1",
            r#"{"success":true,"data":{"html":"<div id='信息列表'><div class='page-content'><ul class='ajax-ul'><li class='cf border-line'><a class='fl' href='/art/2026/6/17/art_1229_5.html'>领取证书</a><span class='fr'>2026-06-17</span></li><li><a class=news href='/col/col1/art/2026/art_0123456789abcdef0123456789abcdef.html'>领取二</a><b class=zfxxgk_zdgkc_time>2026-06-16</b></li></ul></div><div count=\"726\" pageNo=\"1\"></div></div>"}}"#,
            &[
                "doc:5 2026-06-17 领取证书 https://a.gov.cn/art/2026/6/17/art_1229_5.html",
                "doc:0123456789abcdef0123456789abcdef 2026-06-16 领取二 https://a.gov.cn/col/col1/art/2026/art_0123456789abcdef0123456789abcdef.html",
            ],
        ),
        store(
            "zjgwy",
            "http://gwy.zjks.gov.cn/zjgwy/website/queryMore.htm?dsdm=133&mkxh=1",
            "<p>今天是2026年11月20日 星期五</p><table><tr><td><a href='javascript:void(0)' onclick=\"queryDetail('5','12345');\">领取证书</a></td><td>2026-09-10</td></tr></table>",
            &["doc:5&tzid=12345 2026-09-10 领取证书 http://gwy.zjks.gov.cn/zjgwy/website/queryDetail.htm?mkxh=5&tzid=12345&oldornew=new"],
        ),
    ]);
}

#[test]
fn what_is_no_list() {
    let store = "<datastore><recordset><record><![CDATA[<li><a href='/art/2026/9/1/art_8_1.html'>x</a></li>]]></record></recordset></datastore>";
    for (family, block, url, page, want) in [
        (
            "own",
            "entry = 'ul.x > li'",
            "https://a.cn/",
            "<ul><li><a href=1.html>领取</a></li></ul>",
            "layout no_rows",
        ),
        (
            "own",
            "entry = 'li'",
            "https://a.cn/",
            "<ul></ul><script>var recordCount=40;</script>",
            "layout no_rows",
        ),
        (
            "own",
            "entry = 'li'",
            "https://a.cn/",
            "<ul><li><a href=1.html></a></li></ul>",
            "layout rows",
        ),
        (
            "own",
            "entry = 'li'\nmin_rows = 3",
            "https://a.cn/",
            "<ul><li><a href=1.html>领取</a></li></ul>",
            "layout few_rows",
        ),
        (
            "own",
            "entry = 'li'",
            "https://a.cn/",
            "<ul><li v-for='x in list'><a :href=x.url>{{x.title}}</a></li></ul>",
            "shell template",
        ),
        (
            "own",
            "entry = 'li'",
            "https://a.cn/",
            "<div ms-repeat='x'></div>暂无信息",
            "shell template",
        ),
        (
            "hanweb_jpaas",
            "",
            "https://a.cn/col/",
            r#"<div querydata="{'webId':'1','pageId':'2','tplSetId':'3'}">"#,
            "shell endpoint",
        ),
        (
            "hanweb_jpaas",
            "",
            "https://a.cn/api",
            r#"{"success":false}"#,
            "layout api",
        ),
        (
            "hanweb_jpage",
            "",
            "https://a.cn/col/",
            "<ul><li><a href=1.html>领取</a></li></ul>",
            "layout datastore",
        ),
        (
            "hanweb_jpage",
            "",
            "https://a.cn/p?columnid=7",
            store,
            "layout config",
        ),
        (
            "hebpta",
            "",
            "https://a.cn/",
            "<html>captcha</html>",
            "blocked json_html",
        ),
        (
            "hebpta",
            "",
            "https://a.cn/",
            r#"{"code":"500","data":{}}"#,
            "layout api",
        ),
        (
            "hebpta",
            "",
            "https://a.cn/",
            r#"{"code":"200","data":{}}"#,
            "layout api",
        ),
        (
            "hebpta",
            "",
            "https://a.cn/",
            r#"{"code":"200","data":{"records":[]}}"#,
            "layout no_rows",
        ),
        (
            "gkmlpt",
            "json = { ok = 'classify.id', ok_value = '12' }",
            "https://a.cn/",
            r#"{"classify":{"id":13},"articles":[]}"#,
            "layout api",
        ),
        (
            "own",
            "rows = 'script'\njson = { rows = 'x.y', title = 't' }",
            "https://a.cn/",
            "<script>var z = 1;</script>",
            "layout script",
        ),
    ] {
        let f = try_read(family, block, url, page).unwrap_err();
        assert_eq!(
            format!("{} {}", f.verdict.word(), f.reason),
            want,
            "{page}: {f}"
        );
        assert!(f.url.is_some());
    }
}

#[test]
fn only_an_explicit_zero_is_empty() {
    for (family, block, page) in [
        ("own", "entry = 'li'", "<ul></ul><p>暂无信息</p>"),
        (
            "own",
            "entry = 'li'\nempty = ['没有公告']",
            "<ul></ul><p>没有公告</p>",
        ),
        (
            "gkmlpt",
            "",
            r#"{"classify":{"id":1},"total":0,"articles":[]}"#,
        ),
        (
            "hanweb_jpage",
            "",
            "<datastore><totalrecord>0</totalrecord><recordset></recordset></datastore>",
        ),
    ] {
        let got = try_read(family, block, "https://a.cn/", page).unwrap();
        assert_eq!(
            (got.verdict, got.entries.len()),
            (Verdict::Empty, 0),
            "{page}"
        );
    }
}

#[test]
fn a_bad_row_is_told_with_its_place_and_the_rest_goes_on() {
    let page = "<ul><li><a href=1.html>领取一</a></li><li><a href=2.html><img src=x></a></li>\
                <li><a href='javascript:void(0)'>领取三</a></li><li><a href=4.html>领取四</a></li></ul>";
    let got = try_read(
        "own",
        "entry = 'li'\ndate = ['.none']",
        "https://a.cn/x/",
        page,
    )
    .unwrap();
    assert_eq!(got.entries.len(), 2);
    let said: Vec<&str> = got.faults.iter().map(|f| f.detail.as_str()).collect();
    assert_eq!(
        said,
        [
            "row 2: a link without a title (https://a.cn/x/2.html)",
            "row 3: `领取三` leads to no address",
            "the date selector matches in no row: dates come from addresses only",
        ]
    );
    assert_eq!(got.dated, 0);
}

#[test]
fn another_official_host_is_home() {
    let shape = Shape {
        entry: Some("li".into()),
        ..Shape::default()
    };
    let hosts = ["b.gov.cn".to_owned()];
    let rules = ListRules::compile(&shape).unwrap().with_hosts(&hosts);
    let page = "<ul><li><a href='https://b.gov.cn/1.html'>甲</a></li><li><a href='https://c.cn/1.html'>乙</a></li>\
                <li><a href='https://www.a.gov.cn/1.html'>丙</a></li></ul>";
    let html = Html::parse_document(page);
    let today = "2026-11-20".parse().unwrap();
    let input = ListInput {
        raw: page,
        html: Some(&html),
        url: "https://a.gov.cn/",
        today,
    };
    let external: Vec<bool> = read(&input, &rules)
        .unwrap()
        .entries
        .iter()
        .map(|e| e.external)
        .collect();
    assert_eq!(external, [false, true, false]);
}

#[test]
fn any_text_is_an_answer_and_never_a_panic() {
    let families = Families::builtin();
    let pages = [
        "",
        "<",
        "{",
        "[",
        "{}",
        "<ul><li><a href='http://['>x</a></li></ul>",
        "<li title=''><a href='//'>",
        "<datastore><record>",
        "<datastore><record><![CDATA[</record></datastore>",
        "<table><tr><td>",
        "<ul><li><a href='/t20999999_1.html'>2026-99-99</a></li></ul>",
        "<script>var dataList=[",
        "\u{feff}",
        "<ul><li><a href='./t20251218_99999999999999999999.html'>x</a><i>99999999999-1-1</i></li></ul>",
    ];
    for name in families.names().into_iter().filter(|n| *n != "wechat") {
        for page in pages {
            let _ = try_read(
                name,
                "pager = { pages = 9 }",
                "https://a.cn/x/list.htm",
                page,
            );
            let _ = try_read(name, "", "no address", page);
        }
    }
}
