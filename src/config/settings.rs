//! `config.toml` to [`Settings`], and where it and the data live.

use super::fill::{fill, names, nearest, unknown};
use super::node::{Node, Value};
use super::reminders::{ping, reminders};
use super::report::{ConfigError, Report};
use super::sinks::{Outside, masked, sinks};
use super::{default_paths, parse_shown_as, read_file};
use crate::model::settings::{Contact, Keep, Net, Watch};
use crate::model::{Catalog, Settings};
use std::ops::RangeInclusive;
use std::path::Path;

/// The settings file that `init` writes: every setting with its default, commented out.
pub const SAMPLE: &str = include_str!("sample.toml");

/// Reads the settings; without a path those of the default place, which need not exist.
///
/// # Errors
/// A named file that cannot be read, and every setting that does not hold, with its place.
pub fn load_settings(path: Option<&Path>) -> Result<Settings, ConfigError> {
    let path = match path {
        Some(path) => path.to_owned(),
        None => {
            let path = default_paths()?.config;
            if !path.exists() {
                return Ok(Settings::default());
            }
            path
        }
    };
    let text = read_file(&path)?;
    let outside = Outside {
        folder: path.parent().unwrap_or(Path::new("")),
        env: &|name| std::env::var(name).ok(),
    };
    read(&path.display().to_string(), &text, &outside)
}

fn read(name: &str, text: &str, outside: &Outside<'_>) -> Result<Settings, ConfigError> {
    let shown = masked(text);
    let mut report = Report::new();
    let mut settings = Settings::default();
    if let Some(root) = parse_shown_as(name, text, &shown, &mut report)?
        && let Some(table) = root.table()
    {
        unknown(table, &names(&settings), "the settings", &mut report);
        settings = Settings {
            contact: section(&root, "contact", settings.contact, &mut report),
            net: section(&root, "net", settings.net, &mut report),
            watch: section(&root, "watch", settings.watch, &mut report),
            keep: section(&root, "keep", settings.keep, &mut report),
            sinks: sinks(&root, outside, &mut report),
            reminders: reminders(&root, &mut report),
            ping: section(&root, "ping", settings.ping, &mut report),
        };
        settings.ping = ping(&root, settings.ping, outside, &mut report);
        contact(&root, &settings.contact, &mut report);
        net(&root, &settings.net, &mut report);
        keep(&root, settings.keep, &mut report);
    }
    report.finish()?;
    Ok(settings)
}

fn section<T>(root: &Node, name: &str, default: T, report: &mut Report<'_>) -> T
where
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    let Some(node) = root.get(name) else {
        return default;
    };
    let Value::Table(table) = &node.value else {
        let why = format!("`{name}` is a section: [{name}]");
        report.add(node.file, node.span.clone(), why, "");
        return default;
    };
    unknown(table, &names(&default), &format!("[{name}]"), report);
    fill(table, default, &[], report)
}

fn contact(root: &Node, contact: &Contact, report: &mut Report<'_>) {
    let at = root.get("contact").and_then(|n| n.get("address"));
    if let (Some(at), Some(address)) = (at, &contact.address) {
        let is_url = url::Url::parse(address).is_ok_and(|u| u.scheme().starts_with("http"));
        let is_mail = address
            .split_once('@')
            .is_some_and(|(a, b)| !a.is_empty() && b.contains('.'));
        let fits = address.len() <= 200 && address.bytes().all(|b| b.is_ascii_graphic());
        if !fits || !(is_url || is_mail) {
            let why = "`address` is an e-mail address or URL in plain ASCII";
            report.add(at.file, at.span.clone(), why, "");
        }
    }
}

fn net(root: &Node, net: &Net, report: &mut Report<'_>) {
    let Some(node) = root.get("net") else { return };
    let mut within = |key: &str, value: f64, range: RangeInclusive<f64>| {
        if let Some(at) = node.get(key)
            && !range.contains(&value)
        {
            let why = format!("`{key}` lies between {} and {}", range.start(), range.end());
            report.add(at.file, at.span.clone(), why, "");
        }
    };
    within("pause", net.pause, 0.5..=3600.0);
    within("connect_timeout", net.connect_timeout, 0.1..=600.0);
    within("total_timeout", net.total_timeout, 0.1..=3600.0);
    within("max_bytes", net.max_bytes as f64, 1024.0..=268_435_456.0);
    within("retries", f64::from(net.retries), 0.0..=10.0);
    within("run_deadline", net.run_deadline, 1.0..=86_400.0);
    within("per_host", f64::from(net.per_host), 1.0..=10_000.0);
    if let (Some(at), Some(proxy)) = (node.get("proxy"), &net.proxy) {
        let good = url::Url::parse(proxy).is_ok_and(|u| {
            matches!(u.scheme(), "http" | "https" | "socks5" | "socks5h") && u.has_host()
        });
        if !good {
            let why = "`proxy` is an address in http://, https://, socks5:// or socks5h://";
            report.add(at.file, at.span.clone(), why, "");
        }
    }
}

fn keep(root: &Node, keep: Keep, report: &mut Report<'_>) {
    for (key, days) in [("visits", keep.visits), ("versions", keep.versions)] {
        if let Some(at) = root.get("keep").and_then(|n| n.get(key))
            && days < 30
        {
            report.add(
                at.file,
                at.span.clone(),
                format!("`{key}` is 30 days or more"),
                "",
            );
        }
    }
}

/// The watched exams and regions as ids, whatever name the settings use.
///
/// # Errors
/// A word that names none, as one line.
pub fn resolve_watch(watch: &Watch, catalog: &Catalog) -> Result<Watch, String> {
    let hint =
        |near: Option<&str>| near.map_or(String::new(), |n| format!("; did you mean `{n}`?"));
    let mut resolved = Watch {
        exams: Vec::new(),
        regions: Vec::new(),
    };
    for word in &watch.exams {
        let found = catalog.exams.iter().find(|e| {
            [&e.id, &e.name]
                .into_iter()
                .chain(&e.aliases)
                .any(|n| n == word)
        });
        let exam = found.ok_or_else(|| {
            let near = nearest(word, catalog.exams.iter().map(|e| e.id.as_str()));
            format!("unknown exam `{word}`{}", hint(near))
        })?;
        resolved.exams.push(exam.id.clone());
    }
    for word in &watch.regions {
        let region = catalog.region(word).ok_or_else(|| {
            let names = catalog
                .regions
                .iter()
                .flat_map(|r| [&r.id, &r.name, &r.pinyin]);
            let near = nearest(word, names.map(String::as_str));
            format!("unknown region `{word}`{}", hint(near))
        })?;
        resolved.regions.push(region.id.clone());
    }
    Ok(resolved)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Result<Settings, ConfigError> {
        let env = |name: &str| (name == "CANARY").then(|| "canary-in-the-environment".to_owned());
        super::read(
            name,
            text,
            &Outside {
                folder: Path::new("/nowhere"),
                env: &env,
            },
        )
    }

    #[test]
    fn the_sample_documents_the_defaults() {
        assert_eq!(read("sample", SAMPLE).unwrap(), Settings::default());
        // A comment that is a setting begins with a word and an equals sign.
        let open: String = SAMPLE
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                // One secret has three ways in, of which only one may be taken.
                Some(rest) if rest.starts_with("url_") => format!("# {rest}\n"),
                Some(rest) if rest.split(' ').nth(1) == Some("=") => format!("{rest}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let mut shown = read("sample", &open).unwrap();
        assert_eq!(
            shown.contact.address.take().as_deref(),
            Some("you@example.org")
        );
        assert_eq!(
            shown.net.proxy.take().as_deref(),
            Some("socks5://127.0.0.1:1080")
        );
        assert!(shown.ping.url.take().is_some());
        assert_eq!(shown, Settings::default());
        for (section, fields) in serde_json::to_value(Settings::default())
            .unwrap()
            .as_object()
            .unwrap()
        {
            assert!(open.contains(&format!("[{section}]")), "{section}");
            for field in fields.as_object().into_iter().flat_map(|f| f.keys()) {
                let line = format!("\n# {field} = ");
                assert!(SAMPLE.contains(&line), "{section}.{field}");
            }
        }
    }

    /// The example blocks of the sample as they are once the marks of comment are gone.
    fn examples() -> String {
        let from = SAMPLE.find("# [[remind]]").unwrap();
        let lines = SAMPLE[from..]
            .lines()
            .filter_map(|line| line.strip_prefix("# "));
        let setting =
            |line: &&str| line.starts_with("[[") || line.split_whitespace().nth(1) == Some("=");
        lines
            .filter(setting)
            .map(|line| format!("{line}\n"))
            .collect()
    }

    #[test]
    fn the_examples_of_sinks_hold() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("mail-password"), "canary-in-a-file\n").unwrap();
        std::fs::write(
            dir.path().join("wecom-url"),
            "https://robot.example.org/?key=canary",
        )
        .unwrap();
        let key = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
        let env = |name: &str| (name == "LINGZHENG_HOOK").then(|| key.to_owned());
        let outside = Outside {
            folder: dir.path(),
            env: &env,
        };
        let settings = super::read("s.toml", &examples(), &outside).unwrap();
        let when: Vec<String> = settings.reminders[0]
            .when
            .iter()
            .map(|w| w.to_string())
            .collect();
        assert_eq!(
            when,
            ["out", "opens", "closes-3", "closing-day", "changed", "late"]
        );
        let names: Vec<&str> = settings.sinks.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["team", "me", "own", "group"]);
        let secret = |i: usize| settings.sinks[i].secret.as_ref().map(|s| s.expose());
        assert_eq!(
            (secret(0), secret(1)),
            (Some(key), Some("canary-in-a-file"))
        );
        let shown = format!("{settings:?} {}", serde_json::to_string(&settings).unwrap());
        assert!(
            !shown.contains("canary") && !shown.contains("whsec_"),
            "{shown}"
        );
        assert!(
            settings.sinks[0].holds_secret(),
            "its address stands in the file"
        );
        assert!(!settings.sinks[1].holds_secret());
        let template = settings.sinks[3].template.as_ref().unwrap();
        assert_eq!(
            template.fill(|name| name.to_uppercase()),
            "PLACE CHANGE\nTITLE\nDETAILS\nURL"
        );
    }

    #[test]
    fn reminders_that_do_not_hold() {
        for (text, message) in [
            ("when = [\"out\"]", "[[remind]] needs `name`"),
            ("name = \"a\"", "[[remind]] needs `when`"),
            (
                "name = \"a\"\nwhen = []",
                "an empty `when` reminds of nothing",
            ),
            (
                "name = \"a\"\nwhen = [\"closes-soon\"]",
                "`when`: `when` holds out, opens, opens-N, closes-N, closing-day, changed, late and destruction-N, N being days",
            ),
            (
                "name = \"a\"\nwhen = [\"out\"]\nsitting = \"2026H2\"",
                "`sitting` stands beside an `exam`",
            ),
            (
                "name = \"a\"\nwhen = [\"out\"]\nregion = [\"gx\"]",
                "unknown key `region` in [[remind]]",
            ),
            (
                "name = \"a\"\nwhen = [\"out\"]\n[[remind]]\nname = \"a\"\nwhen = [\"out\"]",
                "two [[remind]] blocks have this name",
            ),
        ] {
            let error = read("s.toml", &format!("[[remind]]\n{text}\n")).unwrap_err();
            let said = error.to_string();
            assert!(said.contains(message), "{text}: {said}");
        }
        let ping = |text: &str| read("s.toml", &format!("[ping]\n{text}\n"));
        let hidden = ping("url = \"ftp://canary.example\"")
            .unwrap_err()
            .to_string();
        assert!(hidden.contains("no http or https address") && !hidden.contains("canary"));
        let both = "url = \"https://a.example\"\nurl_env = \"CANARY\"";
        assert!(
            ping(both)
                .unwrap_err()
                .to_string()
                .contains("exclude each other")
        );
    }

    #[test]
    fn sinks_that_do_not_hold_and_secrets_that_are_not_shown() {
        let hook =
            "[[sink]]\nname = \"a\"\nkind = \"webhook\"\nurl = \"https://canary.example/\"\n";
        let head = "s.toml:1:";
        for (more, message) in [
            ("kind = \"webhok\"", "5:1: duplicate key"),
            (
                "secret = \"whsec_canary\"",
                "1:1: `secret` of a webhook is whsec_ and 24 to 64 bytes in base64",
            ),
            ("secret = 12345", "1:1: `secret` is a text"),
            (
                "secret = \"canary",
                "5:17: invalid basic string, expected `\"`",
            ),
            (
                "url_env = \"CANARY\"",
                "1:1: `url`, `url_file` and `url_env` exclude each other",
            ),
            (
                "secret_env = \"NOTHING\"",
                "1:1: `secret`: the environment has no NOTHING",
            ),
            (
                "secret_env = \"CANARY\"",
                "1:1: `secret` of a webhook is whsec_ and 24 to 64 bytes in base64",
            ),
            (
                "secret_file = \"none\"",
                "1:1: `secret`: /nowhere/none: cannot be read: No such file or directory (os error 2)",
            ),
            (
                "template = \"{title}\"",
                "1:1: `template` means nothing for kind = \"webhook\"",
            ),
            (
                "quiet = \"22-7\"",
                "5:9: `quiet`: hours look like 22:00-07:30",
            ),
            (
                "digest = 99999",
                "5:10: `digest` is at most 10080 minutes, a week",
            ),
            (
                "filter = { changes = [\"nwe\"] }",
                "5:10: `changes` holds an unknown word",
            ),
            (
                "filter = { kinds = [\"pick\"] }",
                "5:10: `filter`: unknown variant `pick`, expected one of `pickup`, `reissue`, `postponement`, `correction`, `e_certificate`, `results`, `registration`, `other`",
            ),
            ("token = \"canary\"", "5:1: unknown key `token` in [[sink]]"),
        ] {
            let error = read("s.toml", &format!("{hook}{more}\n"))
                .unwrap_err()
                .to_string();
            assert_eq!(
                error.lines().next(),
                Some(format!("s.toml:{message}").as_str()),
                "{more}"
            );
            assert!(
                more.starts_with("token") || !error.contains("canary"),
                "{error}"
            );
        }
        for (block, message) in [
            (
                "[[sink]]\nkind = \"ntfy\"\nchat = \"t\"\n",
                "1: [[sink]] lacks `name`",
            ),
            (
                "[[sink]]\nname = \"a\"\nkind = \"bark\"\n",
                "1: kind = \"bark\" needs `secret`",
            ),
            (
                "[[sink]]\nname = \"a b\"\nkind = \"ntfy\"\nchat = \"t\"\n",
                "",
            ),
        ] {
            let error = read("s.toml", block).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("{head}{message}")) || message.is_empty(),
                "{error}"
            );
        }
        let twice = format!("{hook}{hook}");
        let error = read("s.toml", &twice).unwrap_err().to_string();
        assert!(
            error.starts_with("s.toml:5:1: two [[sink]] blocks have this name"),
            "{error}"
        );
        let template = "[[sink]]\nname = \"a\"\nkind = \"wecom\"\nurl = \"https://a.example/\"\ntemplate = \"{secret}\"\n";
        let error = read("s.toml", template).unwrap_err().to_string();
        assert!(
            error.contains("`template`: in braces there may stand: {title}"),
            "{error}"
        );
    }

    #[test]
    fn settings_that_do_not_hold() {
        for (text, message) in [
            (
                "[net]\npause = 0.1\n",
                "s.toml:2:9: `pause` lies between 0.5 and 3600",
            ),
            (
                "[net]\npause = nan\n",
                "s.toml:2:9: `pause`: not a number that can be used",
            ),
            (
                "[net]\ntotal_timeout = 0\n",
                "s.toml:2:17: `total_timeout` lies between 0.1 and 3600",
            ),
            (
                "[net]\nretries = -1\n",
                "s.toml:2:11: `retries`: invalid value: integer `-1`, expected u32",
            ),
            (
                "[net]\nproxy = \"ftp://a\"\n",
                "s.toml:2:9: `proxy` is an address in http://, https://, socks5:// or socks5h://",
            ),
            (
                "[net]\nallow = [\"localhost\"]\n",
                "s.toml:2:9: `allow`: invalid socket address syntax",
            ),
            ("[nett]\n", "s.toml:1:2: unknown key `nett` in the settings"),
            ("net = 5\n", "s.toml:1:7: `net` is a section: [net]"),
            (
                "[contact]\naddress = \"我@例.cn\"\n",
                "s.toml:2:11: `address` is an e-mail address or URL in plain ASCII",
            ),
            (
                "[watch]\nregions = \"广西\"\n",
                "s.toml:2:11: `regions`: invalid type: string \"广西\", expected a sequence",
            ),
            ("[watch\n", "s.toml:1:7: unclosed table, expected `]`"),
        ] {
            let error = read("s.toml", text).unwrap_err().to_string();
            assert_eq!(error.lines().next(), Some(message), "{text}");
        }
    }
}
