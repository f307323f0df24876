//! `official`: attacks and good addresses, judged from the built-in catalog.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test"
)]

use lingzheng::config::{BUILTIN, load_catalog};
use lingzheng::model::Catalog;
use lingzheng::official::{Standing, Trick, region_of_host, verify};

fn catalog() -> Catalog {
    let families: Vec<String> = [
        "trs",
        "hanweb_jpage",
        "ucap",
        "nfcms",
        "ncms",
        "asp_classic",
        "cpta",
        "ruankao",
        "scpta",
        "hebpta",
        "shandong_hrss",
        "bingtuan",
    ]
    .map(String::from)
    .to_vec();
    load_catalog(BUILTIN, None, &families).unwrap()
}

#[test]
fn addresses_and_texts() {
    use Standing::{LookAlike, Named, Official, Retired, SameDomain, Unknown};
    use Trick::{Affix, BareIp, Digits, Embedded, Homograph, Suffix, Typo, Userinfo};
    let catalog = catalog();
    let mut wrong = Vec::new();
    for (text, standing, source) in [
        // An office's own, however it is written.
        ("https://www.gxpta.com.cn/ksxm/zyzglks/", Official, "gx"),
        ("http://www.gxpta.com.cn:80/", Official, "gx"),
        ("www.gxpta.com.cn", Official, "gx"),
        ("WWW.GXPTA.COM.CN/ksxm", Official, "gx"),
        ("https://www.gxpta.com.cn./", Official, "gx"),
        ("https:\\\\www.gxpta.com.cn\\ksxm", Official, "gx"),
        ("https://www.ｇｘｐｔａ.com.cn/", Official, "gx"),
        (
            "https://www.hebpta.com.cn:8090/door/menuInfo",
            Official,
            "he",
        ),
        (
            "https://rsks.gd.gov.cn/zwgk/gzdt/content/post_1.html",
            Official,
            "gd",
        ),
        ("https://bm.ruankao.org.cn/sign/welcome", Official, "cn-bm"),
        ("http://www.cpta.com.cn/notice.html", Official, "cn-cpta"),
        (
            "请登录广西人事考试网（https://www.gxpta.com.cn/）查询。",
            Official,
            "gx",
        ),
        ("领证说明见www.scpta.com.cn。", Official, "sc"),
        ("http://www.chniee.org.cn/", Official, "ha"),
        // Names prove little, and are said to be names.
        ("大连软考办", Named, "dl"),
        ("“大连软考办”", Named, "dl"),
        ("广西壮族自治区人事考试院", Named, "gx"),
        ("陕西省科技资源统筹中心", Named, "sn"),
        ("大连软考办领证服务", LookAlike(Affix), "dl"),
        // The same domain, not the listed host.
        ("https://gxpta.com.cn/", SameDomain, "gx"),
        ("https://bbs.gxpta.com.cn/", SameDomain, "gx"),
        ("https://pay.www.gxpta.com.cn/", SameDomain, "gx"),
        ("https://www.gd.gov.cn/", SameDomain, "gd"),
        ("https://hrss.tj.gov.cn/jsdw/", SameDomain, "tj"),
        ("https://shop.ruankao.org.cn/", SameDomain, "cn-ruankao"),
        // Left, or not the organiser's.
        ("http://www.gdrsks.gov.cn/", Retired, "gd"),
        ("http://gdzz.cn/x", Retired, "gd"),
        ("http://www.hbsoft.net/info/1.htm", Retired, "hb"),
        ("https://hbsoft.net/", Retired, "hb"),
        ("http://www.jxpta.com/", Retired, "jx"),
        ("http://www.impta.com/", Retired, "nm"),
        // The office's name in front of another's domain, or glued.
        (
            "https://rsks.gd.gov.cn.evil.com/",
            LookAlike(Embedded),
            "gd",
        ),
        (
            "https://www.gxpta.com.cn.lingzheng.top/",
            LookAlike(Embedded),
            "gx",
        ),
        ("https://gxpta-com.cn/", LookAlike(Embedded), "gx"),
        ("https://www-gxpta-com-cn.vip/", LookAlike(Embedded), "gx"),
        ("https://rsks-gd-gov-cn.com/", LookAlike(Embedded), "gd"),
        (
            "https://ruankaoorgcn.com/",
            LookAlike(Embedded),
            "cn-ruankao",
        ),
        ("https://zhengshu.gov.cn.club/", LookAlike(Embedded), "-"),
        ("https://gxpta-lingzheng.com.cn/", LookAlike(Affix), "gx"),
        (
            "https://www.ruankao-cert.org.cn/",
            LookAlike(Affix),
            "cn-ruankao",
        ),
        (
            "https://ruankaobaoming.com/",
            LookAlike(Affix),
            "cn-ruankao",
        ),
        ("https://www.gxpta.com/", LookAlike(Suffix), "gx"),
        (
            "https://www.ruankao.com.cn/",
            LookAlike(Suffix),
            "cn-ruankao",
        ),
        // Letters.
        ("https://www.gxtpa.com.cn/", LookAlike(Typo), "gx"),
        ("https://www.ruankoa.org.cn/", LookAlike(Typo), "cn-ruankao"),
        ("https://www.shaanxlrk.com/", LookAlike(Digits), "sn"),
        (
            "https://www.ruanka0.org.cn/",
            LookAlike(Digits),
            "cn-ruankao",
        ),
        ("https://www.huainan.gov.cn/", Unknown, "-"),
        ("https://www.gхpta.com.cn/", LookAlike(Homograph), "gx"),
        (
            "https://www.xn--gpta-56d.com.cn/",
            LookAlike(Homograph),
            "gx",
        ),
        (
            "https://ruаnkao.org.cn/",
            LookAlike(Homograph),
            "cn-ruankao",
        ),
        ("https://www.gxptá.com.cn/", LookAlike(Homograph), "gx"),
        // Not where it says.
        (
            "https://www.gxpta.com.cn@evil.com/",
            LookAlike(Userinfo),
            "gx",
        ),
        (
            "https://rsks.gd.gov.cn:443@1.2.3.4/",
            LookAlike(Userinfo),
            "gd",
        ),
        (
            "https://www.gxpta.com.cn%2f@evil.com/",
            LookAlike(Userinfo),
            "gx",
        ),
        ("http://1.85.55.147:9011/", LookAlike(BareIp), "-"),
        ("http://0x7f000001/", LookAlike(BareIp), "-"),
        ("http://[::1]/", LookAlike(BareIp), "-"),
        ("https://user@example.com/", LookAlike(Userinfo), "-"),
        ("li.ming@example.com", Unknown, "-"),
        ("填写form.doc，登录www.gxpta.com.cn", Official, "gx"),
        ("https://gxpta.com.cn.中国/", LookAlike(Embedded), "gx"),
        ("见gхpta.com.cn", LookAlike(Homograph), "gx"),
        ("转账请到1.85.55.147:9011", LookAlike(BareIp), "-"),
        ("登录https://www.gxpta.com.cn查询", Official, "gx"),
        // The worst of several counts.
        (
            "官网www.gxpta.com.cn，缴费https://www.gxpta.com.cn.pay.top/a",
            LookAlike(Embedded),
            "gx",
        ),
        // No office of ours.
        ("https://example.com/", Unknown, "-"),
        (
            "https://evil.com/?u=https://www.gxpta.com.cn/",
            Unknown,
            "-",
        ),
        ("https://evil.com/www.gxpta.com.cn/", Unknown, "-"),
        ("https://evil.com#@www.gxpta.com.cn/", Unknown, "-"),
        ("https://mp.weixin.qq.com/s/abc", Unknown, "-"),
        ("https://www.beijing.com/", Unknown, "-"),
        ("https://考试.中国/", Unknown, "-"),
        ("https://www.cpa.org.cn/", Unknown, "-"),
        ("https://gd.com/", Unknown, "-"),
        ("领取证书的通知", Unknown, "-"),
        ("", Unknown, "-"),
        ("javascript:alert(1)", Unknown, "-"),
        ("12.30.2026", Unknown, "-"),
    ] {
        let judged = verify(text, &catalog);
        if (judged.standing, judged.source.as_deref().unwrap_or("-")) != (standing, source) {
            wrong.push(format!(
                "{text}\n  wanted {standing:?} {source}\n  judged {judged:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_judgement_says_what_it_was_compared_with() {
    let judged = verify("https://www.gxtpa.com.cn/ksxm/", &catalog());
    assert_eq!(judged.host.as_deref(), Some("www.gxtpa.com.cn"));
    assert_eq!(judged.region.as_deref(), Some("gx"));
    assert_eq!(judged.listed.as_deref(), Some("gxpta.com.cn"));
    let json = serde_json::to_value(&judged).unwrap();
    assert_eq!(
        json["standing"],
        serde_json::json!({ "look_alike": "typo" })
    );
    let long = format!("{}.cn {}", "a".repeat(100_000), "见 a.cn ".repeat(20_000));
    assert_eq!(verify(&long, &catalog()).standing, Standing::Unknown);
}

#[test]
fn the_region_of_a_host() {
    let catalog = catalog();
    for (host, region) in [
        ("www.gxpta.com.cn", Some("gx")),
        ("rsks.gd.gov.cn", Some("gd")),
        ("hrss.sz.gov.cn", Some("sz")),
        ("gxt.fujian.gov.cn", Some("fj")),
        ("HRSS.TJ.GOV.CN.", Some("tj")),
        ("rst.shanxi.gov.cn", Some("sx")),
        ("gxt.shaanxi.gov.cn", Some("sn")),
        ("www.ruankao.org.cn", Some("cn")),
        ("query.cpta.com.cn", Some("cn")),
        ("mp.weixin.qq.com", None),
        ("www.gov.cn", None),
        ("", None),
    ] {
        assert_eq!(region_of_host(host, &catalog), region, "{host}");
    }
}
