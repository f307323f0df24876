//! Chinese: why a page could not be used, and what to do, by the fault's class and reason.

use crate::model::{Fault, Verdict};

/// One sentence; that of the class where the reason has none of its own. What the system or a
/// library says of a connection follows as it is: whoever mends it looks for these words.
pub(super) fn fault(fault: &Fault) -> String {
    let said = sentence(fault);
    match fault.verdict {
        Verdict::Transport if !fault.detail.is_empty() => format!("{said}（{}）", fault.detail),
        _ => said,
    }
}

fn sentence(fault: &Fault) -> String {
    if let Some(status) = fault.reason.strip_prefix("status_") {
        let what = match fault.verdict {
            Verdict::Transport => "网站暂时不能用，下次再试",
            other => of_class(other),
        };
        return format!("服务器答复 {status}：{what}");
    }
    let known = REASONS.iter().find(|(reason, _)| *reason == fault.reason);
    known
        .map_or(of_class(fault.verdict), |(_, said)| said)
        .into()
}

fn of_class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ok | Verdict::NotModified => "页面正常",
        Verdict::Empty => "列表里一条也没有",
        Verdict::Partial => "页面没有收全，下次再看",
        Verdict::Blocked => "网站拦下了访问，请用浏览器打开看",
        Verdict::Shell => "页面的内容要靠脚本填充，需要找到数据本身的地址",
        Verdict::Soft404 => "页面说没有这个内容",
        Verdict::Gone => "页面已经不在了",
        Verdict::Moved => "地址转到了别处，请核对机构现在的网址",
        Verdict::Layout => "页面的样子与来源里写的不同，可能改版了",
        Verdict::Login => "网站要求登录",
        Verdict::Maintenance => "网站说正在维护",
        Verdict::Encoding => "文字无法解码",
        Verdict::NotDocument => "收到的不是文档",
        Verdict::Transport => "没有连上网站，下次再试",
    }
}

/// Reasons and what to say of them.
const REASONS: &[(&str, &str)] = &[
    (
        "ruishu",
        "网站用脚本验证（瑞数）挡住了程序，请用浏览器打开看",
    ),
    (
        "jsl",
        "网站用脚本验证（加速乐）挡住了程序，请用浏览器打开看",
    ),
    ("wzws", "网站用脚本验证（WZWS）挡住了程序，请用浏览器打开看"),
    (
        "yunsuo",
        "网站用脚本验证（云锁）挡住了程序，请用浏览器打开看",
    ),
    ("browser_check", "网站要先检查浏览器，请用浏览器打开看"),
    ("js_check", "收到的是脚本验证页，请用浏览器打开看"),
    ("aliyun", "防火墙（阿里云盾）拒绝了访问"),
    ("chuangyudun", "防火墙（创宇盾）拒绝了访问"),
    ("safedog", "防火墙（安全狗或宝塔）拒绝了访问"),
    ("tencent", "防火墙（腾讯云）拒绝了访问"),
    ("huawei", "防火墙（华为云）拒绝了访问"),
    ("ctyun", "防火墙（电信云）拒绝了访问"),
    ("https_waf", "答复的是防火墙，不是网站"),
    ("xuanwu", "防火墙拒绝了访问"),
    ("waf", "防火墙拒绝了访问"),
    (
        "suspect",
        "页面里没有这个网站每页都有的字样，多半是被拦下了",
    ),
    (
        "header",
        "答复 403 且没有内容：网站可能要求带来路（Referer）",
    ),
    ("wechat_check", "微信要求验证，请在微信里打开这篇文章"),
    ("wechat_deleted", "微信说文章已被发布者删除"),
    ("wechat_expired", "微信的临时链接已失效，请改用永久链接"),
    ("wechat_temporary", "这是微信的临时链接，请改用永久链接"),
    ("wechat_shared", "这是微信的分享页，请改用文章本身的链接"),
    ("rate", "网站限制访问次数，需要隔得更久"),
    ("captcha", "网站要求验证码，请用浏览器打开看"),
    ("acl", "网站只对内网开放"),
    ("session", "页面只在会话里有效，来源需要另一个地址"),
    ("not_found", "页面答复正常，却说没有这个内容"),
    ("error_page", "被转到了出错页"),
    ("ssi", "服务器没有把页面拼完整"),
    ("refresh", "页面只是转向另一个地址"),
    ("frame", "页面只是一个框架，来源应当指向框里的地址"),
    ("maintenance", "网站说正在维护"),
    ("form", "收到的是登录页"),
    ("spa", "页面的内容要靠脚本填充，来源需要数据本身的地址"),
    ("template", "列表要靠脚本填充，来源需要数据本身的地址"),
    ("endpoint", "列表要靠脚本填充，来源需要数据本身的地址"),
    (
        "off_host",
        "地址转到了另一个网站；机构若已迁址，请把新主机写进来源",
    ),
    ("home", "被转到了首页，原来的地址可能已经不用"),
    ("redirect", "地址又转到别处"),
    ("redirects", "地址一再转向，没有尽头"),
    ("retired", "这是机构已经停用的主机"),
    ("scheme", "这个地址的协议不对，或网站只用不加密的 http"),
    ("title", "列表里的标题与页面上的对不上"),
    ("contract", "页面的样子与来源里写的不同，可能改版了"),
    ("no_rows", "列表里找不到一条通知，请核对栏目的地址"),
    ("rows", "列表的行读不出来，可能改版了"),
    ("row", "列表里有一行读不出来"),
    ("no_list", "找不到通知列表"),
    ("no_body", "找不到正文，可能改版了"),
    ("short_body", "正文几乎是空的"),
    (
        "no_overlap",
        "列表里没有一条是上次见过的：换了页面，或网站重建了",
    ),
    ("undated", "列表的大多数行没有日期，可能改版了"),
    ("row_drop", "列表的行比上次少了许多"),
    (
        "no_facts",
        "原来有办理时间，现在几乎什么也读不出；下次仍是这样才会采信",
    ),
    ("pager", "翻到的下一页还是上一页"),
    ("unsteady", "短时间里两次答复不同，没有采信"),
    ("feed", "订阅源的格式不对"),
    ("family", "认不出网站所用的系统，请写明怎么读"),
    ("api", "接口的答复与来源里写的不同"),
    ("json_html", "本该是数据，收到的却是网页"),
    ("not_html", "收到的不是网页"),
    ("mojibake", "文字是乱码，编码认错了"),
    ("binary", "收到的是二进制内容"),
    ("html", "本该是文件，收到的却是网页"),
    ("tiny", "文件太小，不像是文件"),
    ("empty_body", "页面是空的"),
    ("cut", "页面到一半就断了"),
    ("incomplete", "传到一半就断了"),
    ("content_encoding", "页面压缩了却没有写明"),
    ("unsupported_encoding", "页面用了没有请求的压缩方式"),
    ("timeout", "网站没有在限定的时间里答复"),
    ("connect_timeout", "没有在限定的时间里连上网站"),
    ("refused", "网站拒绝连接"),
    ("reset", "连接被中断"),
    ("closed", "网站没有答复就关闭了连接"),
    ("unreachable", "网络到不了这个网站"),
    ("connect", "没有连上网站"),
    ("dns", "查不到网站的地址"),
    ("address", "域名指向的不是公网地址，没有去访问"),
    ("url", "这个网址不能用"),
    ("http", "答复不合 HTTP 的规定"),
    ("too_large", "页面太大，超过了设定的上限"),
    ("tls", "没有建立起加密连接"),
    ("tls_expired", "网站的证书已过期或尚未生效"),
    ("tls_name", "证书不是这个域名的，请核对网址"),
    ("tls_chain", "证书无法验证：自签，或网站少装了中间证书"),
    ("tls_too_old", "网站只支持已不安全的旧加密方式"),
    ("robots", "网站的 robots.txt 不允许访问这个页面"),
    (
        "robots_unreachable",
        "读不到网站的 robots.txt，这次不去访问",
    ),
    ("robots_html", "网站的 robots.txt 是一个网页，不是规则"),
    ("host_down", "这个主机接连不通，本次不再访问"),
    ("retry_later", "网站要求过一段时间再来"),
    ("budget", "对这个主机的访问次数已到本次的上限"),
    ("skipped_deadline", "本次时间已到，留到下次"),
    ("crawl_delay", "网站要求两次访问隔得很久，其余的留到下次"),
    ("no_contact", "没有写联系方式：请在设置里填 contact.address"),
    ("settings", "设置有误"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_bad_page_that_is_known_has_its_sentence() {
        let rows: toml::Value =
            toml::from_str(include_str!("../../adapter/bad_pages.toml")).unwrap();
        let mut names = BTreeSet::new();
        fn walk(value: &toml::Value, names: &mut BTreeSet<String>) {
            match value {
                toml::Value::Table(table) => {
                    if let (Some(name), true) = (table.get("name"), table.contains_key("detail")) {
                        names.insert(name.as_str().unwrap().to_string());
                    }
                    table.values().for_each(|v| walk(v, names));
                }
                toml::Value::Array(list) => list.iter().for_each(|v| walk(v, names)),
                _ => {}
            }
        }
        walk(&rows, &mut names);
        assert!(names.len() > 20);
        let known: Vec<&str> = REASONS.iter().map(|(reason, _)| *reason).collect();
        let missing: Vec<&String> = names
            .iter()
            .filter(|n| !known.contains(&n.as_str()))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
        let unique: BTreeSet<&&str> = known.iter().collect();
        assert_eq!(unique.len(), known.len());
    }

    #[test]
    fn what_went_wrong_is_said_in_chinese() {
        for (verdict, reason, said) in [
            (
                Verdict::Blocked,
                "safedog",
                "防火墙（安全狗或宝塔）拒绝了访问",
            ),
            (
                Verdict::Transport,
                "status_503",
                "服务器答复 503：网站暂时不能用，下次再试（in English）",
            ),
            (Verdict::Maintenance, "something new", "网站说正在维护"),
        ] {
            assert_eq!(fault(&Fault::new(verdict, reason, "in English")), said);
        }
    }
}
