//! Offices on loopback for the tests that need a network, and recordings made on the spot.

use super::support::server::{Act, Server, page};
use super::*;

/// Settings that let the program ask this server, and nobody else.
pub(crate) fn settings(server: &Server, more: &str) -> String {
    format!(
        "[contact]\naddress = \"test@example.org\"\n[net]\nallow = [\"{}\"]\npause = 0.5\n\
         retries = 0\n{more}\n",
        server.addr
    )
}

/// A block for each id: its list is `/<id>/` on the server.
pub(crate) fn sources(server: &Server, ids: &[&str]) -> String {
    let mut text = String::from("format = 1\n");
    for id in ids {
        text.push_str(&block(id, &server.url(&format!("/{id}/"))));
    }
    text
}

/// One source whose list is a plain list of links with days.
pub(crate) fn block(id: &str, list: &str) -> String {
    format!(
        "[[source]]\nid = \"{id}\"\nregion = \"广西\"\nname = \"示例考试院\"\nlist = \"{list}\"\n\
         basis = \"seen\"\nentry = \"ul.list > li\"\ndate = [\"span\"]\n\
         body = [\"div.text\"]\nheading = [\"h1\"]\nhttp = {{ plain = true }}\n\n"
    )
}

/// A list page of rows: address, day, title. Titles are put in as they are.
pub(crate) fn list(rows: &[(String, &str, String)]) -> String {
    let rows: String = rows
        .iter()
        .map(|(url, day, title)| {
            format!("<li><a href=\"{url}\">{title}</a><span>{day}</span></li>\n")
        })
        .collect();
    html("通知公告", &format!("<ul class=\"list\">\n{rows}</ul>"))
}

/// A notice. The text is put in as it is.
pub(crate) fn notice(title: &str, text: &str) -> String {
    let long =
        "请合格人员携带本人有效身份证件原件，按照规定的时间和地点办理领取手续，逾期不再受理。";
    html(
        title,
        &format!(
            "<h1>{title}</h1>\n<div class=\"text\"><p>{text}</p><p>{long}</p><p>{long}</p></div>"
        ),
    )
}

fn html(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>{title}</title></head>\n\
         <body>\n{body}\n</body></html>\n"
    )
}

/// What an office in good health says: a list of one notice, and the notice. `Act` for the rest.
pub(crate) fn office(path: &str) -> Option<Act> {
    let (id, rest) = path.strip_prefix('/')?.split_once('/')?;
    let text = match rest {
        "" => list(&[(
            format!("/{id}/n1.html"),
            "2026-12-01",
            "关于领取2026年上半年计算机软件资格考试证书的通知".into(),
        )]),
        "n1.html" => notice(
            "关于领取2026年上半年计算机软件资格考试证书的通知",
            "领取时间：2026年12月7日至12月25日。",
        ),
        _ => return None,
    };
    Some(page(
        "200 OK",
        "Content-Type: text/html; charset=utf-8\r\n",
        text.as_bytes(),
    ))
}

pub(crate) fn missing() -> Act {
    page("404 Not Found", "Content-Type: text/plain\r\n", b"none")
}

/// A recording: `files` are address and body for one round of a source.
pub(crate) fn record(home: &Home, id: &str, round: usize, files: &[(String, String)]) {
    let mut index = String::new();
    for (n, (url, body)) in files.iter().enumerate() {
        home.write(&format!("recorded/{id}/{round}/{n}.html"), body);
        index.push_str(&format!(
            "[[page]]\nurl = \"{url}\"\nfile = \"{n}.html\"\n\
             content_type = \"text/html; charset=utf-8\"\n"
        ));
    }
    home.write(&format!("recorded/{id}/{round}/pages.toml"), index);
}

/// Runs a round of a recording made with [`record`].
pub(crate) fn play(home: &Home, now: &str, round: usize, more: &[&str]) -> Ran {
    let round = round.to_string();
    let mut args = vec!["--sources", "mine.toml", "--now", now];
    args.extend(more);
    args.extend(["crawl", "--recorded", "recorded", "--round", &round, "x"]);
    home.run(&args)
}
