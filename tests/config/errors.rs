//! A `sources.toml` that does not hold: every mistake is told with its file, line and column.

use crate::overlaid;

/// A good source after which a row's lines follow: they begin in line 7.
const GOOD: &str = "format = 1\n[[source]]\nid = \"x\"\nregion = \"广西\"\nname = \"某院\"\nlist = \"https://www.x.cn/\"\n";

#[test]
fn what_does_not_hold_is_told_with_its_place() {
    for (lines, message) in [
        (
            "entri = \"li\"",
            "my.toml:7:1: unknown key `entri` in [[source]]",
        ),
        (
            "http = { plane = true }",
            "my.toml:7:10: unknown key `plane` in [source.http]",
        ),
        (
            "[source.pager]\nstil = \"none\"",
            "my.toml:8:1: unknown key `stil` in [source.pager]",
        ),
        (
            "pager = { style = \"index\" }",
            "my.toml:7:19: unknown pager style `index`",
        ),
        ("rows = \"htlm\"", "my.toml:7:8: unknown rows `htlm`"),
        ("family = \"trss\"", "my.toml:7:10: unknown family `trss`"),
        (
            "kind = \"lst\"",
            "my.toml:7:8: `kind`: unknown variant `lst`, expected one of `list`, `page`, `feed`, `home`, `manual`",
        ),
        (
            "exams = [\"ruankao\", \"jisuanji\"]",
            "my.toml:7:21: unknown exam `jisuanji`",
        ),
        (
            "entry = \"li:contains(软考)\"",
            "my.toml:7:9: `entry` is no CSS selector: an unknown word after `:`",
        ),
        (
            "date = [\"span\", \"#123\"]",
            "my.toml:7:17: `date` is no CSS selector: a name begins with a digit",
        ),
        (
            "link = \"li >\"",
            "my.toml:7:8: `link` is no CSS selector: it ends too early",
        ),
        (
            "drop = [\"a@title\"]",
            "my.toml:7:9: `drop` is no CSS selector: it holds a sign that does not belong there",
        ),
        (
            "key = '/art_(\\d+'",
            "my.toml:7:7: `key` is no regular expression: unclosed group",
        ),
        (
            "link_pattern = '(?:\\w{50}){50}'",
            "my.toml:7:16: `link_pattern` is no regular expression: Compiled regex exceeds size limit of 524288 bytes.",
        ),
        (
            "min_rows = \"5\"",
            "my.toml:7:12: `min_rows`: invalid type: string \"5\", expected usize",
        ),
        (
            "body = \"#zoom\"",
            "my.toml:7:8: `body`: invalid type: string \"#zoom\", expected a sequence",
        ),
        (
            "between = [\"<!--a-->\"]",
            "my.toml:7:11: `between` holds two marks",
        ),
        (
            "http = { pause = -1.0 }",
            "my.toml:7:18: `pause` lies between 0 and 3600 seconds",
        ),
        ("http = 5", "my.toml:7:8: `http` is a table: [source.http]"),
        (
            "home = \"www.x.cn\"",
            "my.toml:7:8: `home` is no address: relative URL without a base",
        ),
        (
            "home = \"ftp://www.x.cn\"",
            "my.toml:7:8: `home` must begin with https:// or http://",
        ),
        (
            "home = \"https://www.x.cn@evil.com/\"",
            "my.toml:7:8: `home` must not hold a user name",
        ),
        (
            "hosts = [\"www.y.cn\"]",
            "my.toml:6:8: `list`: the host www.x.cn is not among `hosts` of x",
        ),
        (
            "hosts = [\"https://www.x.cn/\"]",
            "my.toml:6:8: `list`: the host www.x.cn is not among `hosts` of x",
        ),
        (
            "retired = [\"WWW.Y.CN\"]",
            "my.toml:7:12: `WWW.Y.CN` is no bare host name",
        ),
        (
            "retired = [\"www.x.cn\"]",
            "my.toml:7:12: a host is either among `hosts` or `retired`",
        ),
        (
            "note = \"广西\", 5",
            "my.toml:7:12: unexpected key or value, expected newline, `#`",
        ),
        ("id = \"y\"", "my.toml:7:1: duplicate key"),
        (
            "[[source]]\nid = \"x\"",
            "my.toml:8:6: [[source]] `x` stands twice",
        ),
        (
            "[[source]]\nid = \"y\"",
            "my.toml:7:1: [[source]] lacks `region`",
        ),
        (
            "[[source]]\nregion = \"gx\"",
            "my.toml:7:1: [[source]] needs `id`: letters, digits and `-`",
        ),
        (
            "[[source]]\nid = \"a b\"",
            "my.toml:8:6: [[source]] needs `id`: letters, digits and `-`",
        ),
        (
            "[[source]]\nid = \"gx\"\nregion = \"广东省省\"",
            "my.toml:9:10: unknown region `广东省省`",
        ),
        (
            "[[source]]\nid = \"gx\"\nlist = \"https://www.gxpta.cn/\"",
            "my.toml:9:8: `list`: the host www.gxpta.cn is not among `hosts` of gx",
        ),
        (
            "[[sitting]]\nexam = \"ruankao\"\nid = \"2026H2\"\nfirst = 2026-13-24",
            "my.toml:10:9: ",
        ),
        (
            "[[sitting]]\nexam = \"ruankao\"\nid = \"2026H2\"\nlast = 2026-10-20",
            "my.toml:10:8: `last` lies before `first`",
        ),
        (
            "[[region]]\nid = \"gx\"\ntier = 4",
            "my.toml:9:8: `tier` is 1, 2 or 3",
        ),
        (
            "[[region]]\nid = \"gx\"\nserved_by = [\"gxx\"]",
            "my.toml:9:14: unknown source `gxx`",
        ),
        (
            "[[region]]\nid = \"gx\"\nlags = [{ sitting = \"2025H1\", day = 5 }]",
            "my.toml:9:9: a lag lacks `days`",
        ),
        (
            "[[sources]]",
            "my.toml:7:3: unknown key `sources` in the file",
        ),
        (
            "[source.json]\nrows = 5",
            "my.toml:8:8: `rows`: invalid type: integer `5`, expected a string",
        ),
        ("name", "my.toml:7:5: key with no value, expected `=`"),
    ] {
        let error = overlaid(&format!("{GOOD}{lines}\n"))
            .map(drop)
            .expect_err(lines);
        let first = error.lines().next().unwrap();
        if message.ends_with(": ") {
            assert!(first.starts_with(message), "{lines}\n{error}");
        } else {
            assert_eq!(first, message, "{lines}\n{error}");
        }
    }
}

#[test]
fn whole_files_that_are_refused() {
    for (text, message) in [
        ("", "my.toml:1:1: the file must say `format = 1`"),
        (
            "format = 2\n",
            "my.toml:1:10: this version reads `format = 1` only",
        ),
        (
            "\u{feff}format = 1\n",
            "my.toml:1:1: begins with a byte-order mark (BOM); save it as UTF-8 without one",
        ),
        (
            "format = 1\nsource = 5\n",
            "my.toml:2:1: `source` must be written [[source]]",
        ),
        (
            &"# ten megabytes\n".repeat(655_360),
            "my.toml: larger than 512 KiB",
        ),
    ] {
        let error = overlaid(text).unwrap_err();
        assert_eq!(error.lines().next(), Some(message));
    }
}

#[test]
fn the_caret_stands_under_wide_text() {
    let error = overlaid(&format!(
        "{GOOD}phone = \"1\"\nname2 = 5\n[source.http]\nreferer = \"广西\""
    ))
    .unwrap_err();
    assert_eq!(
        error,
        "my.toml:8:1: unknown key `name2` in [[source]]\n  \
           |\n\
         8 | name2 = 5\n  \
           | ^^^^^ did you mean `name`?\n\
         my.toml:10:11: `referer` is no address: relative URL without a base\n   \
            |\n\
         10 | referer = \"广西\"\n   \
            |           ^^^^^^"
    );
    let wide = overlaid("format = 1\nsource = [{ id = \"w\", region = \"广西\", name = \"人事考试院\", kind = \"lost\" }]\n").unwrap_err();
    assert!(
        wide.contains("\nmy.toml:2:61: `kind`: unknown variant"),
        "{wide}"
    );
    assert!(
        wide.contains(&format!("\n  | {}^^^^^^", " ".repeat(67))),
        "{wide}"
    );
}

#[test]
fn ten_problems_are_told_and_the_rest_is_counted() {
    let many: String = (0..5000).map(|n| format!("key{n} = 1\n")).collect();
    let error = overlaid(&format!("{GOOD}{many}")).unwrap_err();
    assert_eq!(error.matches("unknown key").count(), 10, "{error}");
    assert!(error.ends_with("\n… and 4990 more"), "{error}");
    let line = format!("{GOOD}note = \"{}\"\nsignatur = 1", "长".repeat(150_000));
    let long = overlaid(&line).unwrap_err();
    assert!(
        long.len() < 2000 && long.starts_with("my.toml:8:1: unknown key"),
        "{long}"
    );
    let key = overlaid(&format!("{GOOD}\"{}\\u001b[31m\" = 1", "k".repeat(50_000))).unwrap_err();
    assert!(key.len() < 2000 && !key.contains('\u{1b}'), "{key}");
}
