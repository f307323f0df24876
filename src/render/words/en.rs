//! English.

use super::{Labels, Words, moved_by, plain, window_field, window_of};
use crate::model::event::Signal;
use crate::model::facts::{Days, Level, Method, NoticeKind, WindowMethod};
use crate::model::judged::{Judgement, Standing, Trick};
use crate::model::{Change, Delta, Verdict, Window};

pub(super) static WORDS: Words = Words {
    kind: |k| match k {
        NoticeKind::Pickup => "pickup",
        NoticeKind::Reissue => "reissue",
        NoticeKind::Postponement => "postponed",
        NoticeKind::Correction => "correction",
        NoticeKind::ECertificate => "e-certificate",
        NoticeKind::Results => "results",
        NoticeKind::Registration => "registration",
        NoticeKind::Other => "other",
    },
    method: |m| match m {
        Method::Onsite => "on site",
        Method::Mail => "by post",
        Method::Proxy => "by a deputy",
        Method::Batch => "by the employer",
        Method::Electronic => "electronic",
    },
    window_method,
    days: |d| match d {
        Days::Workdays => "working days",
        Days::Daily => "every day",
        Days::MonFri => "Monday to Friday",
        Days::Other => "certain days (see the quote)",
    },
    level: |l| match l {
        Level::Province => "province",
        Level::City => "city",
        Level::County => "county",
        Level::Entrusted => "entrusted body",
    },
    verdict: |v| match v {
        Verdict::Ok => "well",
        Verdict::NotModified => "unchanged",
        Verdict::Empty => "list is empty",
        Verdict::Partial => "page is cut short",
        Verdict::Blocked => "blocked by a firewall",
        Verdict::Shell => "page needs scripts",
        Verdict::Soft404 => "page says not found",
        Verdict::Gone => "no longer there",
        Verdict::Moved => "leads elsewhere",
        Verdict::Layout => "layout changed",
        Verdict::Login => "asks for a login",
        Verdict::Maintenance => "site under maintenance",
        Verdict::Encoding => "unreadable characters",
        Verdict::NotDocument => "no document",
        Verdict::Transport => "no connection",
    },
    fault: |f| f.detail.clone(),
    doubt: |reason| reason.replace('_', " "),
    change: |c| match c {
        Change::New => "new",
        Change::Facts { .. } => "changed",
        Change::Text { .. } => "reworded",
        Change::Attachment { .. } => "file changed",
        Change::Moved { .. } => "moved",
        Change::Gone { .. } => "withdrawn",
        Change::Back => "back",
        Change::Reread { .. } => "read anew",
        Change::Unsteady => "unsteady page",
        Change::Baseline { .. } => "first sight",
        Change::Broken { .. } => "source broken",
        Change::Recovered { .. } => "source recovered",
        Change::Signal { signal, .. } => match signal {
            Signal::Scores => "scores are out",
            Signal::EFile => "certificate e-files are out",
            Signal::CertificateQuery => "certificates can be looked up",
        },
        Change::Late { .. } => "late",
        Change::Reminder { .. } => "reminder",
    },
    delta,
    window,
    judged,
    certificate: |host, until| format!("the certificate of {host} ends on {until}"),
    stale: |days| format!("nothing new for {days} days"),
    cities: |region, n| format!("{region}: its cities hand out certificates; {n} of them watched"),
    unseen: |n| format!("{n} more sources have not been visited yet"),
    about,
    news: |n| match n {
        1 => "1 piece of news".into(),
        n => format!("{n} pieces of news"),
    },
    quiet: "(nothing to tell)\n",
    next: [
        "Try next:",
        "the same, and a database to look around in",
        "write settings, put your contact in them",
        "look at the real offices",
        "everything else",
    ],
    round,
    label: Labels {
        kind: "Kind",
        gone: "withdrawn",
        watched: "Watched by",
        basis: "Address",
        row_only: "known by its row only",
        region: "Region",
        source: "Office",
        notice: "Notice",
        published: "Published",
        issuer: "Issuer",
        exams: "Exams",
        methods: "Ways",
        windows: "When",
        places: "Where",
        mail: "By post",
        apply: "Apply at",
        fee: "Postage",
        carrier: "Carrier",
        own_papers: "Bring yourself",
        proxy_papers: "A deputy brings",
        batch_papers: "An employer brings",
        proxy: "Deputy allowed",
        yes: "yes",
        no: "no",
        custody: "Kept (years)",
        phones: "Phone",
        attachments: "Files",
        notes: "Mind",
        history: "History",
        rows: "Rows",
        last_change: "Last change",
        last_good: "Last good visit",
        fault: "Fault",
        state: "State",
        since: "since",
        quote: "The page says",
        doubt: "not certain",
        fees: ["paid on receipt", "paid when applying", "free"],
        nothing: "(nothing)",
        never: "never",
        well: "well",
        home_only: "home page only",
        by_hand: "entered by hand",
    },
};

fn window_method(m: WindowMethod) -> &'static str {
    match m {
        WindowMethod::Onsite => "on site",
        WindowMethod::Mail => "by post",
        WindowMethod::Any => "any way",
    }
}

fn window(w: &Window) -> String {
    let time = |t: &Option<String>| t.as_ref().map(|t| format!(" {t}")).unwrap_or_default();
    let mut out = match (w.start, w.end) {
        (Some(a), Some(b)) if a == b => format!("{a}{}", time(&w.end_time)),
        (Some(a), Some(b)) => format!("{a}{} to {b}{}", time(&w.start_time), time(&w.end_time)),
        (Some(a), None) => format!("from {a}{}", time(&w.start_time)),
        (None, Some(b)) => format!("until {b}{}", time(&w.end_time)),
        (None, None) => String::new(),
    };
    if w.estimate {
        out.push_str(" (estimated)");
    }
    out
}

fn whose(window: Option<&Window>) -> String {
    match window {
        None => "window".into(),
        Some(w) => match &w.scope {
            Some(scope) => format!("{scope} {} window", window_method(w.method)),
            None => format!("{} window", window_method(w.method)),
        },
    }
}

fn delta(d: &Delta, known: Option<&Window>) -> String {
    let (old, new) = (plain(&d.old), plain(&d.new));
    if let Some(field) = window_field(&d.path) {
        let who = whose(known);
        let shift = moved_by(d).map_or(String::new(), |n| match n {
            n if n > 0 => format!(" ({n} days later)"),
            n => format!(" ({} days earlier)", -n),
        });
        return match field {
            "" => match (window_of(&d.old), window_of(&d.new)) {
                (None, Some(w)) => format!("{} added: {}", whose(Some(&w)), window(&w)),
                (Some(w), None) => format!("{} withdrawn: {}", whose(Some(&w)), window(&w)),
                _ => format!("{who} changed"),
            },
            "end" if d.new.is_null() => format!("{who}: last day no longer stated (was {old})"),
            "end" if d.old.is_null() => format!("{who}: last day now stated, {new}"),
            "end" => format!("{who}: last day moved from {old} to {new}{shift}"),
            "start" => format!("{who}: first day moved from {old} to {new}{shift}"),
            "end_time" => format!("{who}: closing time changed from {old} to {new}"),
            "start_time" => format!("{who}: opening time changed from {old} to {new}"),
            field => format!("{who}: {field} changed from {old} to {new}"),
        };
    }
    let what = match d.path.trim_start_matches('/') {
        p if p.starts_with("places/") && p.ends_with("/phones") => "phone of a place",
        p if p.starts_with("places/") && p.ends_with("/address") => "address of a place",
        p if p.starts_with("places") => "place",
        p if p.starts_with("attachments/") && p.ends_with("/href") => "file (same name, replaced)",
        p if p.starts_with("attachments") => "file",
        "phones" => "enquiry phone",
        "methods" => "ways",
        "materials/self" => "papers to bring yourself",
        "materials/proxy" => "papers of a deputy",
        "materials/batch" => "papers of an employer",
        "mail/apply" => "where to apply for posting",
        "mail/fee" => "postage",
        "mail/carrier" => "carrier",
        "proxy_allowed" => "deputy allowed",
        "custody_years" => "years of custody",
        "kind" => "kind of notice",
        "exams" => "exam",
        "title" => "title",
        _ => "content",
    };
    match (d.old.is_null(), d.new.is_null()) {
        (true, false) => format!("{what} added: {new}"),
        (false, true) => format!("{what} removed: {old}"),
        _ => format!("{what} changed from {old} to {new}"),
    }
}

fn round(key: &str) -> String {
    match key {
        "first" => "first sight (stored, told nowhere)",
        "quiet" => "a day on which nothing happens",
        "news" => "new notices and edits",
        "faults" => "a firewall, a redesign, a false 404",
        "back" => "all is back",
        other => other,
    }
    .into()
}

fn judged(j: &Judgement, office: &str) -> String {
    let host = j.host.as_deref().unwrap_or("");
    let listed = j.listed.as_deref().unwrap_or("");
    match j.standing {
        Standing::Official => format!("yes: {host} is an official host of {office}"),
        Standing::Named => {
            format!("\"{listed}\" is a name of {office}; a name proves nothing, check the address")
        }
        Standing::SameDomain => format!(
            "not listed: {host} is below the official domain {listed}, but no host that we know"
        ),
        Standing::Retired => {
            format!(
                "no: {host} is retired or never was the organiser's ({office}); enter nothing there"
            )
        }
        Standing::LookAlike(trick) => {
            let how = match trick {
                Trick::BareIp => "a bare IP address tells nothing about its owner",
                Trick::Typo => "one or two letters off",
                Trick::Suffix => "the name under another suffix",
                Trick::Affix => "the name with something added",
                Trick::Digits => "digits or letter pairs that look like letters",
                Trick::Homograph => "foreign letters that look alike",
                Trick::Embedded => "the office's host in front of another domain",
                Trick::Userinfo => "what stands before an @ is no host",
            };
            format!("no: {host} imitates {listed} ({how}); enter and pay nothing there")
        }
        Standing::Unknown if host.is_empty() => {
            "no address and no office of ours in this text".into()
        }
        Standing::Unknown => format!("{host} is no office of ours"),
    }
}

fn about(change: &Change) -> Option<String> {
    Some(match change {
        Change::Late { due } => {
            format!("by its own past the notice should be out by {due}; none has been seen")
        }
        Change::Reminder { name, what, date } => {
            let said = match what.split('-').next().unwrap_or_default() {
                "out" => "the notice is out".to_owned(),
                "opens" => format!("collection opens on {date}"),
                "closes" => format!("collection ends on {date}"),
                "closing" => format!("today, {date}, is the last day to collect"),
                "changed" => format!("the notice changed on {date}"),
                "late" => format!("the notice was expected by {date}; none has been seen"),
                "destruction" => format!("uncollected certificates are kept until {date}"),
                _ => format!("{what} {date}"),
            };
            format!("{said} ({name})")
        }
        _ => return None,
    })
}
