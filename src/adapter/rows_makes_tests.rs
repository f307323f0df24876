//! Rows of the makes other than TRS and Hanweb, and of the sites that stand alone.

use super::{Case, check};

#[test]
fn other_makes() {
    let case = |family, block, url, page, rows| Case {
        family,
        block,
        url,
        page,
        rows,
    };
    check(&[
        case(
            "vsb",
            "",
            "https://a.cn/tzgg.htm",
            "<ul><li id=line_u4_0><a href='../info/1095/6422.htm' title='领取证书'>&nbsp;领取</a><span>2025-09-22</span></li>
             <li id=line_u4_1><a href='info/1095/6421.htm'>&nbsp;领取二&nbsp;</a><span>2025/09/08</span></li>
             <li id=line_u4_2><a href='javascript:void(0)'>…</a></li></ul>",
            &[
                "doc:6422 2025-09-22 领取证书 https://a.cn/info/1095/6422.htm",
                "doc:6421 2025-09-08 领取二 https://a.cn/info/1095/6421.htm",
            ],
        ),
        case(
            "ucap",
            "",
            "https://a.cn/hrss/c111741/list.shtml",
            "<ul><li><a href='/hrss/c111741/202609/c00_12345.shtml' title='领取证书'><p>领取</p><span class=date>2026-09-09</span></a></li></ul>",
            &["doc:c00_12345 2026-09-09 领取证书 https://a.cn/hrss/c111741/202609/c00_12345.shtml"],
        ),
        case(
            "ucap",
            "",
            "https://a.cn/x/c20001/zfxxgk_gknrz.shtml",
            "<div class=gknr_list><dl><dd><a href='/x/c20001/202609/0123456789abcdef0123456789abcdef.shtml'>领取证书</a><span>2026-09-09</span></dd></dl></div>",
            &["doc:0123456789abcdef0123456789abcdef 2026-09-09 领取证书 https://a.cn/x/c20001/202609/0123456789abcdef0123456789abcdef.shtml"],
        ),
        case(
            "ucap",
            "",
            "https://a.cn/x/list3.shtml",
            "<div class=list_div><div class=list-right_title><a href='/x/202609/0123456789abcdef0123456789abcdef.shtml'>领取证书</a></div><table><tr><td>发布时间： 2026-09-09</td></tr></table></div>",
            &["doc:0123456789abcdef0123456789abcdef 2026-09-09 领取证书 https://a.cn/x/202609/0123456789abcdef0123456789abcdef.shtml"],
        ),
        case(
            "nfcms",
            "",
            "https://rsks.gd.gov.cn/zwgk/gzdt/index.html",
            "<ul class=list><li><a href='https://rsks.gd.gov.cn/zwgk/gzdt/content/post_4871651.html' title='2026年&amp;lt;br/&amp;gt;领取证书'>领取</a><span class=pubDate>2026-03-02</span></li>
             <li><a href='https://mp.weixin.qq.com/s/abcdefghijk'>图解领取</a><span class=time>2026-03-01</span></li>
             <li><a href='./content/post_1.html'>领取二</a></li></ul>",
            &[
                "doc:4871651 2026-03-02 2026年 领取证书 https://rsks.gd.gov.cn/zwgk/gzdt/content/post_4871651.html",
                "- 2026-03-01 EXTERNAL 图解领取 https://mp.weixin.qq.com/s/abcdefghijk",
                "doc:1 - 领取二 https://rsks.gd.gov.cn/zwgk/gzdt/content/post_1.html",
            ],
        ),
        case(
            "gkmlpt",
            "json = { ok = 'classify.id', ok_value = '12' }",
            "https://a.gov.cn/gkmlpt/api/all/12?page=1&sid=3",
            r#"{"classify":{"id":12,"post_count":300},"total":201,"articles":[{"id":1,"title":"领取证书","url":"https://a.gov.cn/x/post_1.html","type":"normal","create_time":1734451200,"created_at":"2026-01-01"},{"id":2,"title":"外站","url":"https://b.cn/2.html","type":"url","create_time":1734451199}]}"#,
            &[
                "doc:1 2024-12-18 领取证书 https://a.gov.cn/x/post_1.html",
                "- 2024-12-17 EXTERNAL 外站 https://b.cn/2.html",
            ],
        ),
        case(
            "webplus",
            "",
            "https://a.edu.cn/tzgg/list.htm",
            "<ul class='news_list list2'><li class='news n1'><span class=news_title><a href='/2025/1218/c123a456/page.htm' title='领取证书'>领取</a></span><span class=news_meta>2025-12-18</span></li></ul>",
            &["doc:456 2025-12-18 领取证书 https://a.edu.cn/2025/1218/c123a456/page.htm"],
        ),
        case(
            "webplus",
            "date = ['.md', '.year']",
            "https://a.edu.cn/tzgg/list.htm",
            "<ul class=news_list><li><p class=md>08-06</p><p class=year>26</p><a href='/e2/e4/c1703a844516/page.psp'>领取证书</a></li></ul>",
            &["doc:844516 2026-08-06 领取证书 https://a.edu.cn/e2/e4/c1703a844516/page.psp"],
        ),
        case(
            "webplus",
            "rows = 'script'\njson = { rows = 'dataList.infolist', title = 'title', link = 'url', date = 'daytime' }\nkey = '/i(\\d+)\\.html'",
            "https://a.gov.cn/tzgg/list.htm",
            r#"<script>var dataList=[{"infolist":[{"title":"领取证书","url":"/20260108/i1234.html","daytime":"2026-01-08"}]}];var pagesData={"curPageNo":1};</script>"#,
            &["doc:1234 2026-01-08 领取证书 https://a.gov.cn/20260108/i1234.html"],
        ),
        // 江西: a literal that is not JSON
        case(
            "own",
            "rows = 'script'\njson = { rows = 'listData.articleList', title = 'title', link = 'url', date = 'time' }",
            "https://a.gov.cn/x/",
            "<script>var listData = {articleList:[{title:'领取证书', url:'/x/content_1.html', time:'2026-01-08',},]};</script>",
            &["- 2026-01-08 领取证书 https://a.gov.cn/x/content_1.html"],
        ),
        case(
            "ls",
            "",
            "https://a.gov.cn/content/column/6791573",
            "<ul class=doc_list><li><a class=left href='/content/article/20001' title='领取证书'>领取</a><span class='right date'>2026-09-01</span></li><li class=lm_line></li></ul>",
            &["doc:20001 2026-09-01 领取证书 https://a.gov.cn/content/article/20001"],
        ),
        case(
            "ncms",
            "",
            "https://a.gov.cn/ncms/wzlb.shtml?mkbh=x",
            "<ul class=ap><li><a href='article_0123456789abcdef0123456789abcdef.shtml' title='领取证书'><span class=zuo>领取</span><span class=you>[2026-09-02]</span></a></li></ul>",
            &["doc:0123456789abcdef0123456789abcdef 2026-09-02 领取证书 https://a.gov.cn/ncms/article_0123456789abcdef0123456789abcdef.shtml"],
        ),
        // 青海: the row carries the title, the link's words are shorter
        case(
            "ncms",
            "",
            "http://a.com/ncms/zyjs.shtml",
            "<ul><li title='关于领取2026年证书的通知'><a href='/ncms/article_N082111171680.shtml'><h5>领取2026年证书</h5></a><h6>2026-09-02</h6></li></ul>",
            &["doc:N082111171680 2026-09-02 关于领取2026年证书的通知 http://a.com/ncms/article_N082111171680.shtml"],
        ),
        case(
            "aspnet",
            "",
            "https://a.gov.cn/NewsLsit.aspx?ClassID=602",
            "<div class=listBox><ul class=ul13><li><a href='/NewsView.aspx?NewsID=65936&amp;ClassID=602' title='领取证书'>领取</a><span>2026-09-02</span></li></ul></div>",
            &["doc:65936 2026-09-02 领取证书 https://a.gov.cn/NewsView.aspx?NewsID=65936&ClassID=602"],
        ),
        // 徐州: backslashes, no year, blanks and a cut in the words
        case(
            "aspnet",
            "",
            "http://a.gov.cn/ShowList.aspx?show=zxgg",
            "<span>今天是：</span><ul><li><span>02-22</span><a href='/News\\2018\\0213\\5710.shtml' title='【报名通知】关于工程师职称考试的公告  '>【报名通知】关于…工程师职...</a></li></ul>",
            &["- 2018-02-22 【报名通知】关于工程师职称考试的公告 http://a.gov.cn/News/2018/0213/5710.shtml"],
        ),
        case(
            "asp_classic",
            "",
            "http://www.impta.com.cn/more.asp?ttt=42",
            "<TABLE><TR bgcolor=\"#FFFFFF\"><TD><a href=\"shiyedanwei/202698223431.asp\">领取证书</a></TD><TD>2026/09/09</TD></TR></TABLE>",
            &["doc:shiyedanwei/202698223431 2026-09-09 领取证书 http://www.impta.com.cn/shiyedanwei/202698223431.asp"],
        ),
        case(
            "cpta",
            "",
            "http://www.cpta.com.cn/notice.html",
            "<ul class='list_14 x'><li></li><li><a href='/notice/2100.html' title='置顶的通知'>置顶</a><i>[2025-01-18]</i></li><li><a href='/notice/2128.html' title='领取证书'>领取</a><i>[2025-12-18]</i></li></ul>",
            &[
                "doc:notice/2100 2025-01-18 置顶的通知 http://www.cpta.com.cn/notice/2100.html",
                "doc:notice/2128 2025-12-18 领取证书 http://www.cpta.com.cn/notice/2128.html",
            ],
        ),
        case(
            "ruankao",
            "",
            "https://www.ruankao.org.cn/index/work",
            "<ul class='ui-item15 newsList'><li><label class=time>[2019-04-14]</label><a href='https://www.ruankao.org.cn/article/content/2506051147000000900690012.html' title='领取证书'>领取</a></li></ul>",
            &["doc:2506051147000000900690012 2019-04-14 领取证书 https://www.ruankao.org.cn/article/content/2506051147000000900690012.html"],
        ),
        case(
            "scpta",
            "",
            "https://www.scpta.com.cn/front/News/List/57",
            "<div class=wrap-content><ul><li><a title='领取证书' href='/front/News/info/0a5c2590651844b7a2eaf3ee6e9f23e8'>领取</a><span>2025年5月6日</span></li></ul></div>",
            &["doc:0a5c2590651844b7a2eaf3ee6e9f23e8 2025-05-06 领取证书 https://www.scpta.com.cn/front/News/info/0a5c2590651844b7a2eaf3ee6e9f23e8"],
        ),
        case(
            "hebpta",
            "",
            "https://www.hebpta.com.cn:8090/door/homeArticleList?pageNum=1",
            r#"{"code":"200","data":{"total":2,"records":[{"id":13424,"title":"领取证书","jumpLink":null,"publishedDate":"2026-08-24 08:19:59"},{"id":13425,"title":"外站","jumpLink":"https://b.cn/1.html","publishedDate":"2026-08-23 08:19:59"}]}}"#,
            &[
                "doc:13424 2026-08-24 领取证书 https://www.hebpta.com.cn/article?id=13424",
                "- 2026-08-23 EXTERNAL 外站 https://b.cn/1.html",
            ],
        ),
        case(
            "lnrsks",
            "",
            "http://www.lnrsks.com/html/80/",
            "<div class=kaoshilist><div class=kaoshilistlefttop1>12-18</div><div class=kaoshilistleftbottom1>2025</div><div class=kaoshilistrighttitle><a href='./12345.html'>领取证书</a></div></div>",
            &["doc:12345 2025-12-18 领取证书 http://www.lnrsks.com/html/80/12345.html"],
        ),
        case(
            "lnrsks",
            "entry = 'ul.news > li'\ndate = ['i']",
            "http://www.lnrsks.com/",
            "<ul class=news><li><a href='/html/80/12345.html' title='关于领取证书的通知'><font color=#ff0000>关于领取</font></a><i>12-18</i></li></ul>",
            &["doc:12345 2025-12-18 关于领取证书的通知 http://www.lnrsks.com/html/80/12345.html"],
        ),
        case(
            "bingtuan",
            "",
            "https://btpta.xjbt.gov.cn/tzgg/",
            "<ul><li><span class=fr>2026-08-27</span><a href='/c/2026-08-27/8501290.shtml' title='领取证书'>领取</a></li></ul>",
            &["doc:8501290 2026-08-27 领取证书 https://btpta.xjbt.gov.cn/c/2026-08-27/8501290.shtml"],
        ),
        case(
            "shandong_hrss",
            "",
            "https://hrss.shandong.gov.cn/rsks/channels/ch00232/",
            "<ul><li class=pagedContent><a href='/rsks/articles/ch00232/202609/101d712c-d68b-4ef8-b240-9fd37c9819e5.shtml' title='领取证书'><span class=news_box01_title>领取</span><span>2026-09-02</span></a></li></ul>",
            &["doc:101d712c-d68b-4ef8-b240-9fd37c9819e5 2026-09-02 领取证书 https://hrss.shandong.gov.cn/rsks/articles/ch00232/202609/101d712c-d68b-4ef8-b240-9fd37c9819e5.shtml"],
        ),
        case(
            "henan_do",
            "",
            "https://a.gov.cn/viewCmsCac.do?cacId=0123",
            "<table><tr height=20><td>·</td><td><a href='sitegroup/root/html/ff80/0a1b.html' title='领取证书'>领取</a></td><td>[2026-09-01]</td></tr></table>",
            &["doc:0a1b 2026-09-01 领取证书 https://a.gov.cn/sitegroup/root/html/ff80/0a1b.html"],
        ),
        // 江苏 wlt and others: a call in place of an address
        case(
            "own",
            "entry = 'li'\nlink_pattern = \"openDetail\\\\('(\\\\d+)'\\\\)\"\naddress = '/detail?id={1}'\nkey = 'id=(\\d+)'",
            "https://a.gov.cn/x/",
            "<ul><li onclick=\"openDetail('77')\">领取证书 <span>2026-09-01</span></li></ul>",
            &["doc:77 2026-09-01 领取证书 https://a.gov.cn/detail?id=77"],
        ),
        case(
            "own",
            "entry = 'li'",
            "https://a.gov.cn/x/",
            "<ul><li><a href='javascript:;' data-href='/n/1.html'>领取证书</a> 2026-09-01</li></ul>",
            &["- 2026-09-01 领取证书 https://a.gov.cn/n/1.html"],
        ),
    ]);
}
