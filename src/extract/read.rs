//! The assembler: asks every reader, keeps what fits the kind, and splits each finding into its
//! value and its proof.

use super::window::Ways;
use super::{
    Doc, Hint, custody, exam, files, issuer, kind, mail, material, method, note, place, proxy,
    region, title, window,
};
use crate::model::facts::{Facts, Mail, Materials, Method, NoticeKind, Unread};
use crate::model::{Article, Date, Evidence, Found, Reading, Span};
use std::collections::BTreeMap;

/// Reads a notice. Pure: equal arguments give equal readings.
pub fn read(article: &Article, hint: &Hint) -> Reading {
    let doc = Doc::new(article);
    let mut out = Sheet {
        article,
        evidence: BTreeMap::new(),
    };

    let title = title::clean(&article.title);
    out.outside("/title", &title, "title");
    let published = published(&doc, hint);
    let near = published.as_ref().map(|f| f.value);
    let issuer = issuer::read(&doc);
    let region = region::read(article, hint, issuer.as_ref().map(|f| f.value.as_str()));

    let deputies = proxy::read(&doc);
    let mut ways = method::read(&doc, deputies.collects);
    let kind = kind::read(&doc, &super::fold(&title), &ways);
    let about = kind.value.told();
    if kind.value == NoticeKind::ECertificate {
        ways.retain(|w| w.rule != method::ELSEWHERE);
    }
    if !about {
        ways.clear();
    }
    let has = |m: Method| ways.iter().any(|w| w.value == m);
    let known = Ways {
        onsite: has(Method::Onsite),
        mail: has(Method::Mail),
        electronic: has(Method::Electronic),
    };
    let exams = exam::read(&doc, hint, kind.value != NoticeKind::Reissue);
    let phones = doc.phones().to_vec();

    let mut facts = Facts {
        title,
        published: out.one("/published", published),
        issuer: out.one("/issuer", issuer),
        region: out.one("/region", Some(region)).unwrap_or_default(),
        kind: out.one("/kind", Some(kind)).unwrap_or(NoticeKind::Other),
        exams: out.many("/exams", exams),
        methods: out.many("/methods", ways),
        notes: out.many("/notes", note::read(&doc)),
        phones: out.many("/phones", phones),
        attachments: out.many("/attachments", files::read(article)),
        ..Facts::default()
    };
    let mut unread = Vec::new();
    if about {
        let (windows, strange) = window::read(&doc, near, &known);
        facts.windows = out.many("/windows", windows);
        unread = strange;
        facts.places = out.many("/places", place::read(&doc));
        facts.mail = known
            .mail
            .then(|| out.mail(mail::read(&doc, !known.onsite)));
        facts.materials = out.materials(material::read(&doc));
        facts.proxy_allowed = out.one("/proxy_allowed", deputies.allowed);
        facts.custody = out.one("/custody", custody::read(&doc));
        facts.custody_years = facts
            .custody
            .as_ref()
            .filter(|c| c.unit == "year")
            .map(|c| c.n);
    }
    unread.extend(doc.cut().map(|at| too_long(article, at)));
    Reading {
        facts,
        evidence: out.evidence,
        unread,
    }
}

/// The day by which dates without a year are resolved: the page's, the list's, the signature's.
fn published(doc: &Doc, hint: &Hint) -> Option<Found<Date>> {
    let page = doc
        .article
        .published
        .map(|d| Found::outside(d, "published.page"));
    let list = || hint.published.map(|d| Found::outside(d, "published.list"));
    page.or_else(list).or_else(|| issuer::date(doc))
}

/// Says that a text is not read to its end: the first words behind.
fn too_long(article: &Article, at: usize) -> Unread {
    let rest = article.text.get(at..).unwrap_or("");
    let end = rest.char_indices().nth(40).map_or(rest.len(), |(i, _)| i);
    Unread {
        quote: rest.get(..end).unwrap_or("").to_string(),
        span: Span::new(at, at + end),
        reason: "too_long".to_string(),
    }
}

/// Collects evidence while values go into the facts.
struct Sheet<'a> {
    article: &'a Article,
    evidence: BTreeMap<String, Evidence>,
}

impl Sheet<'_> {
    fn note<T>(&mut self, pointer: String, found: &Found<T>) {
        let quote = found
            .span
            .map_or("", |s| s.of(&self.article.text))
            .to_string();
        let evidence = Evidence {
            span: found.span,
            quote,
            rule: found.rule.to_string(),
            certain: found.doubt.is_none(),
            reason: found.doubt.clone(),
        };
        self.evidence.insert(pointer, evidence);
    }

    fn outside(&mut self, pointer: &str, quote: &str, rule: &str) {
        let evidence = Evidence {
            span: None,
            quote: quote.to_string(),
            rule: rule.to_string(),
            certain: true,
            reason: None,
        };
        self.evidence.insert(pointer.to_string(), evidence);
    }

    fn one<T>(&mut self, pointer: &str, found: Option<Found<T>>) -> Option<T> {
        let found = found?;
        self.note(pointer.to_string(), &found);
        Some(found.value)
    }

    fn many<T>(&mut self, pointer: &str, found: Vec<Found<T>>) -> Vec<T> {
        let each = |(i, f): (usize, Found<T>)| {
            self.note(format!("{pointer}/{i}"), &f);
            f.value
        };
        found.into_iter().enumerate().map(each).collect()
    }

    fn mail(&mut self, post: mail::Post) -> Mail {
        let value = post.value();
        self.one("/mail/apply", post.apply);
        self.one("/mail/fee", post.fee);
        self.one("/mail/carrier", post.carrier);
        // The offer itself is proven by the way.
        let offer = self
            .evidence
            .values()
            .find(|e| e.rule == method::MAIL)
            .cloned();
        self.evidence
            .extend(offer.map(|e| ("/mail".to_string(), e)));
        value
    }

    fn materials(&mut self, found: material::MaterialsFound) -> Materials {
        Materials {
            own: self.many("/materials/self", found.own),
            proxy: self.many("/materials/proxy", found.proxy),
            batch: self.many("/materials/batch", found.batch),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_plain(title: &str, body: &str) -> Reading {
        let mut article = super::super::plain(body);
        article.title = title.to_string();
        read(&article, &Hint::default())
    }

    #[test]
    fn a_notice_with_its_proofs() {
        let reading = read_plain(
            "关于领取2025年下半年软考证书的通知",
            "现场领取：持身份证原件到甲市人事考试中心领取。\n邮寄：扫描二维码申请，EMS到付。\n\
             他人代领的，凭双方身份证。\n考试结束满五年仍未领取的，统一收回销毁。\n南通市人事考试中心\n二〇二六年三月二日",
        );
        let json = serde_json::to_value(&reading).unwrap();
        let (facts, evidence) = (&json, &json["evidence"]);
        for (pointer, value) in [
            ("/kind", "\"pickup\""),
            ("/published", "\"2026-03-02\""),
            ("/issuer", "\"南通市人事考试中心\""),
            ("/region", r#"{"city":"南通","province":"江苏"}"#),
            ("/exams/0", r#"{"half":2,"name":"软考","year":2025}"#),
            ("/methods/2", "\"proxy\""),
            ("/mail/apply", "\"二维码\""),
            ("/mail/fee", "\"collect\""),
            ("/mail/carrier", "\"EMS\""),
            ("/proxy_allowed", "true"),
            ("/custody/n", "5"),
        ] {
            assert_eq!(
                facts.pointer(pointer).unwrap().to_string(),
                value,
                "{pointer}"
            );
        }
        for pointer in [
            "/title",
            "/mail",
            "/mail/fee",
            "/custody",
            "/methods/0",
            "/notes/0",
            "/exams/0",
        ] {
            assert!(evidence[pointer]["rule"].is_string(), "{pointer}");
        }
    }

    #[test]
    fn a_doubtful_fact_says_why() {
        let cases = [
            (
                "关于领取2015年下半年会计从业资格考试证书的公告",
                "2015年上半年会计从业资格考试合格人员凭身份证领取证书。",
                "/exams/0",
                "the title and the text name different sittings",
            ),
            (
                "温馨提示",
                "证书已到，请持身份证到人事考试中心领取证书。",
                "/kind",
                "the title does not say what the notice is about",
            ),
            (
                "关于软考证书发放的通知",
                "证书凭单位介绍信和名单办理。",
                "/methods/0",
                "inferred: who collects for a unit goes somewhere",
            ),
            (
                "关于软考证书领取的通知",
                "领取时间：3月5日至15日。\n甲市人事考试中心\n2026年3月1日\n2026年3月2日印发",
                "/windows/0",
                "",
            ),
        ];
        for (title, body, pointer, why) in cases {
            let reading = read_plain(title, body);
            let proof = &reading.evidence[pointer];
            let want = Some(why).filter(|w| !w.is_empty());
            assert_eq!(proof.reason.as_deref(), want, "{title}");
            assert_eq!(proof.certain, want.is_none(), "{title}");
        }
    }

    #[test]
    fn what_is_no_pickup_has_no_ways() {
        let body = "票据领取：凭身份证到市人事考试中心领取，或者邮寄，到付。不得代领。";
        for title in [
            "2026年二级建造师考试报名公告",
            "领取准考证的通知",
            "2026年护士考试成绩公布",
        ] {
            let facts = read_plain(title, body).facts;
            assert!(facts.methods.is_empty() && facts.mail.is_none(), "{title}");
            assert_eq!(facts.proxy_allowed, None, "{title}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_proven_in_the_text(
            title in r"[关于领取二0-9年（上半年）软考、证书报名\PC]{0,30}",
            body in r"[领取证书邮寄到付EMS代领不得暂停二维码2026年3月1日（）：，。；、“”\n\t\PC]{0,200}",
        ) {
            let reading = read_plain(&title, &body);
            for (pointer, evidence) in &reading.evidence {
                if let Some(span) = evidence.span {
                    prop_assert_eq!(body.get(span.start..span.end), Some(evidence.quote.as_str()), "{}", pointer);
                }
            }
        }
    }
}
