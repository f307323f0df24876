//! A notice's page to an [`Article`].

use super::body::Body;
use super::place::{Place, places};
use super::survey::{self, Around};
use super::title::clean_title;
use super::{attach, budget, dates, density, meta};
use crate::model::{Article, Fault, Shape, Verdict};
use ego_tree::NodeId;
use scraper::{Html, Selector};
use std::collections::HashSet;

/// A body with fewer characters, and without pictures or files, is no body but an empty frame.
const SHORTEST: usize = 40;
/// Most bytes of [`Article::around`].
const AROUND: usize = 4096;
/// A [`Shape`]'s word on articles, compiled once per source.
#[derive(Debug, Clone)]
pub struct ArticleRules {
    pub(crate) body: Vec<Selector>,
    pub(crate) heading: Vec<Selector>,
    pub(crate) published: Vec<Selector>,
    pub(crate) origin: Vec<Selector>,
    pub(crate) drop: Vec<Selector>,
    pub(crate) between: Option<(String, String)>,
}

impl ArticleRules {
    /// Compiles the selectors of a shape.
    ///
    /// # Errors
    /// One line that names the field and the selector which is no CSS.
    pub fn compile(shape: &Shape) -> Result<ArticleRules, String> {
        let between = match shape.between.as_slice() {
            [] => None,
            [begin, end] => Some((begin.clone(), end.clone())),
            _ => return Err("between: give two marks, the beginning and the end".to_owned()),
        };
        Ok(ArticleRules {
            body: compile("body", &shape.body)?,
            heading: compile("heading", &shape.heading)?,
            published: compile("published", &shape.published)?,
            origin: compile("origin", &shape.origin)?,
            drop: compile("drop", &shape.drop)?,
            between,
        })
    }
}

fn compile(field: &str, selectors: &[String]) -> Result<Vec<Selector>, String> {
    selectors
        .iter()
        .map(|s| Selector::parse(s).map_err(|e| format!("{field}: `{s}` is no CSS selector: {e}")))
        .collect()
}

/// Reads a page. `raw` is the decoded page itself, for marks that are no comments.
///
/// # Errors
/// [`Verdict::Layout`] where no body is found, or one that is too short to be a notice.
pub fn read(html: &Html, raw: &str, url: &str, rules: &ArticleRules) -> Result<Article, Fault> {
    let survey = survey::survey(html);
    let found = places(html, &survey, rules)
        .find_map(|(place, by)| {
            let body = place.read(rules);
            suffices(&body).then_some((Some(place), body, by))
        })
        .or_else(|| between_raw(raw, rules).map(|body| (None, body, "marker")))
        .or_else(|| {
            let place = Place::Element(density::densest(html)?);
            let body = place.read(rules);
            suffices(&body).then_some((Some(place), body, "density"))
        });
    let Some((place, mut body, by)) = found else {
        let detail = "no body found: no known container and no running text";
        return Err(Fault::new(Verdict::Layout, "no_body", detail).at(url));
    };
    let nodes = place.map(|p| p.nodes()).unwrap_or_default();
    let ids: HashSet<NodeId> = nodes.iter().map(|n| n.id()).collect();
    let around = survey::around(html, &ids);
    attach::outside(html, &nodes, &survey, &mut body);
    let base = survey
        .base
        .and_then(|b| super::address::join(url, b))
        .map(String::from);
    attach::resolve(base.as_deref().unwrap_or(url), &mut body.attachments);
    let found = meta::read(html, &survey, &around, &body, url, rules);
    Ok(Article {
        url: url.to_owned(),
        title: found.title,
        published: found.published,
        source: found.source,
        site: found.site,
        column: found.column,
        around: footer(&around),
        found_by: by.to_owned(),
        ..article_of(body)
    })
}

/// Reads a body that came inside JSON, with the fields that came beside it.
///
/// # Errors
/// [`Verdict::Layout`] where the body is too short to be a notice, or cannot be parsed.
pub fn read_fragment(
    html_body: &str,
    title: &str,
    published: Option<&str>,
    origin: Option<&str>,
    url: &str,
    rules: &ArticleRules,
) -> Result<Article, Fault> {
    let html = budget::parse(html_body).map_err(|f| f.at(url))?;
    let mut body = Place::Element(html.root_element()).read(rules);
    if !suffices(&body) {
        return Err(
            Fault::new(Verdict::Layout, "short_body", "the answer's body is empty").at(url),
        );
    }
    attach::resolve(url, &mut body.attachments);
    Ok(Article {
        url: url.to_owned(),
        title: clean_title(title),
        published: published
            .and_then(dates::date_or_moment)
            .or_else(|| dates::date_in_address(url)),
        source: origin
            .map(str::trim)
            .filter(|o| !o.is_empty())
            .map(str::to_owned),
        found_by: "selector".to_owned(),
        ..article_of(body)
    })
}

fn article_of(body: Body) -> Article {
    Article {
        text: body.text,
        blocks: body.blocks,
        tables: body.tables,
        links: body.links,
        images: body.images,
        attachments: body.attachments,
        ..Article::default()
    }
}

/// Marks that are no comments are looked for in the page as it came.
fn between_raw(raw: &str, rules: &ArticleRules) -> Option<Body> {
    let (begin, end) = rules.between.as_ref()?;
    let (_, rest) = raw.split_once(begin.as_str())?;
    let (inside, _) = rest.split_once(end.as_str())?;
    let html = budget::parse(inside).ok()?;
    let body = Place::Element(html.root_element()).read(rules);
    suffices(&body).then_some(body)
}

fn suffices(body: &Body) -> bool {
    !body.images.is_empty()
        || !body.attachments.is_empty()
        || body.text.chars().filter(|c| !c.is_whitespace()).count() >= SHORTEST
}

/// Lines outside the body that speak of the office: its name, address, phone.
fn footer(around: &Around<'_>) -> String {
    const WORDS: [&str; 12] = [
        "主办",
        "承办",
        "版权",
        "地址",
        "邮编",
        "邮政编码",
        "电话",
        "ICP备",
        "备案",
        "标识码",
        "技术支持",
        "Copyright",
    ];
    let mut out = String::new();
    for line in around.after.lines().rev().take(60) {
        let office = WORDS.iter().any(|w| line.contains(w)) && !line.contains("附件");
        if office && out.len() + line.len() < AROUND {
            out.insert_str(0, &format!("{}\n", line.trim()));
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Date;

    const BODY: &str = "<p>各位考生：二〇二六年上半年考试合格证书现已到我市，请按下列时间和地点办理领取手续，过期不候。</p>\
                        <p>领取时间：3月10日至20日，工作日办理。</p>";
    const URL: &str = "https://rsks.example.gov.cn/tzgg/202603/t20260302_77.html";

    fn shaped(page: &str, shape: &Shape) -> Article {
        let html = budget::parse(page).expect("parses");
        let rules = ArticleRules::compile(shape).expect("compiles");
        read(&html, page, URL, &rules).expect("reads")
    }

    fn plain(page: &str) -> Article {
        shaped(page, &Shape::default())
    }

    #[test]
    fn a_whole_page() {
        let article = plain(&format!(
            "<title>关于领取证书的通知_某市人事考试网</title>\
             <div class=nav><a href='/'>首页</a></div><div>今天是：2026年11月25日</div>\
             <div>当前位置：<a>首页</a> &gt; <a>人事考试</a> &gt; <a>证书领取</a></div>\
             <h1>关于领取证书的通知</h1><div>发布日期：2026-03-02 来源：某市考试中心 浏览次数：9</div>\
             <div class=TRS_Editor>{BODY}</div><div><a href='./P02.doc'>委托书.doc</a></div>\
             <div class=footer>主办单位：某市人力资源和社会保障局 电话：0771-1</div>"
        ));
        assert_eq!(article.title, "关于领取证书的通知");
        assert_eq!(article.published, Date::new(2026, 3, 2).ok());
        assert_eq!(article.source.as_deref(), Some("某市考试中心"));
        assert_eq!(article.site.as_deref(), Some("某市人事考试网"));
        assert_eq!(article.column, "人事考试 > 证书领取");
        assert_eq!(article.found_by, "selector");
        assert!(article.text.starts_with("各位考生") && article.text.ends_with("工作日办理。"));
        assert!(article.around.contains("主办单位"));
        let urls: Vec<&str> = article.attachments.iter().map(|a| a.url.as_str()).collect();
        assert_eq!(urls, ["https://rsks.example.gov.cn/tzgg/202603/P02.doc"]);
    }

    #[test]
    fn ways_to_the_body() {
        let body = |s: &str| Shape {
            body: vec![s.to_owned()],
            ..Shape::default()
        };
        let between = |b: &str, e: &str| Shape {
            between: vec![b.to_owned(), e.to_owned()],
            ..Shape::default()
        };
        let none = Shape::default();
        for (page, shape, by) in [
            (
                format!("<div id=own>{BODY}</div><div id=zoom>{BODY}另</div>"),
                body("#own"),
                "selector",
            ),
            (
                format!("<div><p>前</p><!--b-->{BODY}<!--e--><p>后</p></div>"),
                between("<!--b-->", "<!--e-->"),
                "marker",
            ),
            (
                format!("<div>前[[{BODY}]]后</div>"),
                between("[[", "]]"),
                "marker",
            ),
            (
                format!(
                    "<div id=zoom>前<!--<$[信息内容]>begin-->{BODY}<!--<$[信息内容]>end-->后</div>"
                ),
                none.clone(),
                "marker",
            ),
            (
                format!("<div id=vsb_content_501>{BODY}</div>"),
                none.clone(),
                "selector",
            ),
            (
                format!("<div id=zoom></div><div class=v_news_content>{BODY}</div>"),
                none.clone(),
                "selector",
            ),
            (
                format!("<div class=x><h2>题目题目</h2><div class=y>{BODY}</div></div>"),
                none.clone(),
                "density",
            ),
            (
                format!(
                    "<table><tr><td>栏目</td><td><table><tr><td>{BODY}</td></tr></table></td></tr></table>"
                ),
                none,
                "density",
            ),
        ] {
            let article = shaped(&page, &shape);
            assert_eq!(article.found_by, by, "{page}");
            assert!(
                article.text.starts_with("各位考生") && article.text.ends_with("工作日办理。"),
                "{page}: {}",
                article.text
            );
        }
    }

    #[test]
    fn files_stand_inside_beside_or_anywhere_before_the_frames() {
        let file = "<a href='P1.doc'>表.doc</a>";
        for (page, want) in [
            (format!("<div id=zoom>{BODY}<p>{file}</p></div>"), 1),
            (
                format!(
                    "<div><div id=zoom>{BODY}</div><ul><li>附件【{file}】已下载3次</li></ul></div>"
                ),
                1,
            ),
            (
                format!("<table><tr><td id=zoom>{BODY}</td></tr><tr><td>{file}</td></tr></table>"),
                1,
            ),
            (
                format!(
                    "<div><div id=zoom>{BODY}<p>见附件</p></div></div><script>var fujian=\"{file}\"</script>"
                ),
                1,
            ),
            (
                format!("<p>{file}</p><div><div id=zoom>{BODY}<p>见附件</p></div></div>"),
                1,
            ),
            (
                format!("<p>{file}</p><div><div id=zoom>{BODY}</div></div>"),
                0,
            ),
            (
                format!("<div id=zoom>{BODY}<p>见附件</p></div><div class=footer>{file}</div>"),
                0,
            ),
            (
                format!(
                    "<div><div><div id=zoom>{BODY}</div></div><div class=right>{file}</div></div>"
                ),
                0,
            ),
        ] {
            assert_eq!(plain(&page).attachments.len(), want, "{page}");
        }
    }

    #[test]
    fn makes_of_pages() {
        let js = "<script>var ct = \"1734500000\";</script>";
        for (name, page, title, published, files) in [
            (
                "wechat",
                format!(
                    "<meta property='og:title' content='证书领取通知'><title></title>{js}<div id=js_content style='visibility: hidden;'>{BODY}<img data-src='https://mmbiz.example/a'></div>"
                ),
                "证书领取通知",
                "2024-12-18",
                0,
            ),
            (
                "webplus",
                format!(
                    "<title>证书领取通知</title><h1 class=arti_title>证书领取通知</h1><p><span class=arti_update>发布时间：2026-03-01</span></p><div class=wp_articlecontent>{BODY}<span class=wp_pdf_player pdfsrc='/_upload/a.pdf'></span></div>"
                ),
                "证书领取通知",
                "2026-03-01",
                1,
            ),
            (
                "vsb",
                format!(
                    "<META Name=pageTitle Content=证书领取通知><form><div id=vsb_content_501><div class=v_news_content>{BODY}</div></div><UL><li>附件【<a href='/system/_content/download.jsp?urltype=news.DownloadAttachUrl&wbfileid=1'>名单.xls</a>】已下载<span>3</span>次</li></UL></form>"
                ),
                "证书领取通知",
                "none",
                1,
            ),
            (
                "nfcms",
                format!(
                    "<title>证书领取通知-某省人事考试网</title><div class=property><span>发布时间：2024-01-15</span></div><div class=conTxt><div id=fontzoom>{BODY}<p><a href='/attachment/0/540/433.zip'>附件</a></p></div></div>"
                ),
                "证书领取通知",
                "2024-01-15",
                1,
            ),
            (
                "trs",
                format!(
                    "<title>证书领取通知_某厅</title><div class='view TRS_UEDITOR trs_web'>{BODY}</div><script>var  pubdata='2025-06-01 09:00';var file_appendix='<a href=\"./P0.pdf\">x.pdf</a>';</script>"
                ),
                "证书领取通知",
                "2025-06-01",
                1,
            ),
        ] {
            let html = budget::parse(&page).expect("parses");
            let rules = ArticleRules::compile(&Shape::default()).expect("compiles");
            let article =
                read(&html, &page, "https://a.example.cn/info/1.htm", &rules).expect("reads");
            assert_eq!(article.title, title, "{name}");
            assert_eq!(
                article
                    .published
                    .map_or("none".to_owned(), |d| d.to_string()),
                published,
                "{name}"
            );
            assert_eq!(article.attachments.len(), files, "{name}");
            assert!(
                article.text.ends_with("工作日办理。") || files > 0,
                "{name}"
            );
        }
    }

    #[test]
    fn a_footer_is_no_notice() {
        let page = format!(
            "<div class=box>{BODY}</div><div class=bottom><p>{}</p></div>",
            "主办单位：某市人力资源和社会保障局，地址：某市某路，技术支持：某公司。".repeat(20)
        );
        assert!(plain(&page).text.starts_with("各位考生"));
    }

    #[test]
    fn refuses_an_empty_frame() {
        for page in [
            "",
            "<div id=zoom>正在加载</div>",
            "<ul><li><a href=x>一条很长很长的链接文字不是正文</a></li></ul>",
        ] {
            let html = budget::parse(page).expect("parses");
            let rules = ArticleRules::compile(&Shape::default()).expect("compiles");
            let fault = read(&html, page, URL, &rules).expect_err("refused");
            assert_eq!(fault.verdict, Verdict::Layout, "{page}");
        }
        let picture = plain("<div id=zoom><img src='W02.jpg' alt='领取公告'></div>");
        assert_eq!(picture.images.len(), 1);
    }

    #[test]
    fn drops_what_the_shape_names() {
        let shape = Shape {
            drop: vec![".ad".to_owned()],
            ..Shape::default()
        };
        let article = shaped(
            &format!("<div id=zoom>{BODY}<p class=ad>广告</p></div>"),
            &shape,
        );
        assert!(!article.text.contains("广告"));
        let wrong = Shape {
            heading: vec!["#123".to_owned()],
            ..Shape::default()
        };
        let message = ArticleRules::compile(&wrong).expect_err("no CSS");
        assert!(message.starts_with("heading: `#123`"), "{message}");
    }

    #[test]
    fn a_body_inside_json() {
        let rules = ArticleRules::compile(&Shape::default()).expect("compiles");
        let article = read_fragment(
            BODY,
            "题&lt;br/&gt;目",
            Some("1734500000"),
            Some(" 本网 "),
            URL,
            &rules,
        )
        .expect("reads");
        assert_eq!(
            (article.title.as_str(), article.source.as_deref()),
            ("题目", Some("本网"))
        );
        assert_eq!(article.published, Date::new(2024, 12, 18).ok());
        assert!(read_fragment("<p></p>", "题", None, None, URL, &rules).is_err());
    }
}
