//! Every pager that was met, and the addresses that it leads to.

use super::*;

fn pages(style: &str, address: Option<&str>, count: u32, url: &str, raw: &str) -> Vec<String> {
    let pager = Pager {
        style: style.into(),
        address: address.map(str::to_owned),
        pages: Some(count),
    };
    more(raw, url, &pager)
}

#[test]
fn pagers_of_pages() {
    let list = "https://a.cn/x/";
    let ncms = "https://a.cn/ncms/wzlb.shtml?mkbh=x";
    let asp = "https://a.cn/NewsLsit.aspx?ClassID=602";
    for (url, raw, want) in [
        (
            list,
            r#"createPageHTML(17, 0,"index", "shtml", "black2", 250);"#,
            "index_1.shtml index_2.shtml",
        ),
        (
            list,
            r#"createPageHTML(3,0,"index","html");"#,
            "index_1.html index_2.html",
        ),
        (
            list,
            r#"createPage(25, 0, "index", "html")"#,
            "index_1.html index_2.html",
        ),
        (
            list,
            "createPageHTML('paging',25,1,'index','html',500);",
            "index_2.html index_3.html",
        ),
        (
            list,
            r#"createPageHTML("page_div",9,1,"list","shtml",170);"#,
            "list_2.shtml list_3.shtml",
        ),
        (
            list,
            r#"createPageHTML('page_div',9,1,'list3_1','shtml',170);"#,
            "list3_1_2.shtml list3_1_3.shtml",
        ),
        (
            list,
            "function createPageHTML(_nPageCount, _nCurrIndex){}",
            "",
        ),
        (
            list,
            r#"createPageHTML(2,0,"index","html");"#,
            "index_1.html",
        ),
        (list, r#"createPageHTML(1,0,"index","html");"#, ""),
        (
            list,
            "var currentPage=0; var countPage=25;",
            "index_1.html index_2.html",
        ),
        (
            list,
            "pager_options={currentPage:parseInt('0')+1, countPage:parseInt('25}'), PAGE_NAME:'index', PAGE_EXT:'html'}",
            "index_1.html index_2.html",
        ),
        (
            list,
            "totalPage: 322; $('.pagination').pagination('setPage',1,322)",
            "index_2.html index_3.html",
        ),
        (list, "<p>no pager</p>", ""),
        (
            "https://a.cn/content/column/6791573",
            r##"Ls.pagination("#page_6791573", function(n){ location='https://a.cn/content/column/6791573?pageIndex='+n; }, {currPage:(0+1),pageCount:3})"##,
            "content/column/6791573?pageIndex=2 content/column/6791573?pageIndex=3",
        ),
        (
            ncms,
            r#"var dataTotal=parseInt("45"); var pagenum=parseInt("1");"#,
            "ncms/wzlb.shtml?mkbh=x&begin=15&pagenum=2 ncms/wzlb.shtml?mkbh=x&begin=30&pagenum=3",
        ),
        (
            asp,
            r#"<div id="Body_AspNetPager1"><a href="/NewsLsit.aspx?ClassID=602&amp;page=2">2</a><a href="?ClassID=602&page=9">末页</a></div>"#,
            "NewsLsit.aspx?ClassID=602&page=2 NewsLsit.aspx?ClassID=602&page=3",
        ),
        (
            asp,
            r#"AspNetPager <a href="javascript:__doPostBack('AspNetPager1','2')">2</a> 共 20 行/每页15行 第1/2页"#,
            "",
        ),
        (
            "https://a.cn/x/tzgg.htm",
            r#"<a href="tzgg/17.htm">2</a><a href="tzgg/16.htm">3</a><a href="tzgg/1.htm">尾页</a>"#,
            "tzgg/17.htm tzgg/16.htm",
        ),
    ] {
        let got: Vec<String> = pages("script", None, 3, url, raw)
            .iter()
            .map(|u| {
                u.trim_start_matches(list)
                    .trim_start_matches("https://a.cn/")
                    .to_owned()
            })
            .collect();
        assert_eq!(got.join(" "), want, "{raw}");
    }
}

#[test]
fn pagers_of_blocks() {
    for (style, address, url, raw, want) in [
        (
            "index1",
            None,
            "https://a.cn/x/index.html",
            "",
            "https://a.cn/x/index_2.html https://a.cn/x/index_3.html",
        ),
        (
            "index0",
            None,
            "https://a.cn/x/index.shtml",
            "",
            "https://a.cn/x/index_1.shtml https://a.cn/x/index_2.shtml",
        ),
        // the page's own last number holds
        (
            "index1",
            None,
            "https://a.cn/x/",
            r#"<a class=last href="index_2.html">"#,
            "https://a.cn/x/index_2.html",
        ),
        (
            "index1",
            Some("index_{n}.shtml"),
            "https://a.cn/x/",
            "<span class=\"pageCount\">2</span>",
            "https://a.cn/x/index_2.shtml",
        ),
        (
            "index1",
            Some("list{n}.htm"),
            "https://a.cn/x/list.htm",
            "",
            "https://a.cn/x/list2.htm https://a.cn/x/list3.htm",
        ),
        (
            "index1",
            Some("80_{n}.html"),
            "https://a.cn/html/80/",
            "",
            "https://a.cn/html/80/80_2.html https://a.cn/html/80/80_3.html",
        ),
        (
            "param",
            Some("?page={n}"),
            "https://a.cn/gkmlpt/api/all/12?page=1&sid=3",
            "{}",
            "https://a.cn/gkmlpt/api/all/12?sid=3&page=2 https://a.cn/gkmlpt/api/all/12?sid=3&page=3",
        ),
        (
            "param",
            Some("/index/work/{n}.html"),
            "https://a.cn/index/work",
            "",
            "https://a.cn/index/work/2.html https://a.cn/index/work/3.html",
        ),
        (
            "none",
            None,
            "https://a.cn/",
            "createPageHTML(9,0,\"index\",\"html\")",
            "",
        ),
        (
            "",
            None,
            "https://a.cn/",
            "createPageHTML(9,0,\"index\",\"html\")",
            "",
        ),
    ] {
        assert_eq!(
            pages(style, address, 3, url, raw).join(" "),
            want,
            "{style} {url}"
        );
    }
    assert!(pages("index1", None, 1, "https://a.cn/", "").is_empty());
    assert_eq!(
        pages("index1", None, 5000, "https://a.cn/", "").len(),
        MOST as usize - 1
    );
}

#[test]
fn jpage_blocks() {
    let url = "https://a.cn/col/col77/index.html";
    let with_next = r#"<datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&columnid=77&unitid=3"></a>]]></nextgroup></datastore>"#;
    assert_eq!(
        pages("jpage", None, 3, url, with_next),
        [
            "https://a.cn/module/web/jpage/dataproxy.jsp?page=1&columnid=77&unitid=3",
            "https://a.cn/module/web/jpage/dataproxy.jsp?page=2&columnid=77&unitid=3",
        ]
    );
    let without = "var param_1={columnid:77,unitid:'303'}; $('#1').jpage({totalRecord:100,perPage:15,proxyUrl:'/module/web/jpage/dataproxy.jsp'});";
    assert_eq!(
        pages("jpage", None, 9, url, without),
        [
            "https://a.cn/module/web/jpage/dataproxy.jsp?startrecord=46&endrecord=90&perpage=15&col=1&appid=1&columnid=77&unitid=303&permissiontype=0",
            "https://a.cn/module/web/jpage/dataproxy.jsp?startrecord=91&endrecord=100&perpage=15&col=1&appid=1&columnid=77&unitid=303&permissiontype=0",
        ]
    );
    // the column's page holds all there is
    let whole = with_next.replace(
        "<nextgroup>",
        "<totalrecord>1</totalrecord><record>x</record><nextgroup>",
    );
    assert!(pages("jpage", None, 3, url, &whole).is_empty());
    assert!(pages("jpage", None, 3, url, "<p>").is_empty());
}

#[test]
fn totals() {
    for (raw, want) in [
        (
            r#"createPageHTML(17, 0,"index", "shtml", "black2", 250);"#,
            Some(250),
        ),
        (
            r#"createPageHTML("page_div",9,1,"list","shtml",170);"#,
            Some(170),
        ),
        ("jpage({totalRecord:1928,perPage:15})", Some(1928)),
        ("<totalrecord>0</totalrecord>", Some(0)),
        (r#"var dataTotal=parseInt("45");"#, Some(45)),
        ("var recordCount=1;var pageSize=20;", Some(1)),
        ("var totalCount = 60, perSize = 20", Some(60)),
        ("<div count=\"726\" pageNo=\"1\">", Some(726)),
        ("共 20 行/每页15行", Some(20)),
        (r#"createPageHTML(3,0,"index","html");"#, None),
        ("<p>", None),
    ] {
        assert_eq!(total(raw), want, "{raw}");
    }
}

#[test]
fn page_n_that_is_page_one() {
    let list = |ids: &[u32]| -> Vec<Entry> {
        ids.iter()
            .map(|n| Entry {
                keys: vec![format!("doc:{n}"), format!("a.cn/{n}.html")],
                url: format!("https://a.cn/{n}.html"),
                title: "领取".into(),
                title_cut: false,
                published: None,
                external: false,
            })
            .collect()
    };
    let first = list(&[1, 2, 3]);
    assert!(same_page(&first, &list(&[1, 2, 3])));
    assert!(same_page(&first, &list(&[3, 1])));
    assert!(
        !same_page(&first, &list(&[3, 4, 5])),
        "a notice that slid down a page"
    );
    assert!(!same_page(&first, &[]));
}
