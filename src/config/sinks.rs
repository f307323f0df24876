//! The `[[sink]]` blocks of the settings: what each kind needs, and secrets out of files and the
//! environment. What is wrong with a secret is told at the block's head, so that no line of the
//! file that holds one is ever shown.

use super::fill::{fill, names, nearest, unknown};
use super::node::{Node, Table, Value};
use super::records::lacks;
use super::report::Report;
use crate::model::event::WORDS;
use crate::model::{Catalog, Secret, Settings, Sink, SinkKind};
use base64::Engine;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Keys whose values are secrets; each may also be given as `<key>_file` or `<key>_env`.
const SECRETS: [&str; 3] = ["url", "secret", "old_secret"];
/// Keys that every kind takes.
const COMMON: [&str; 7] = [
    "name", "kind", "filter", "lang", "digest", "quiet", "timeout",
];
/// Largest file that holds a secret, in bytes.
const MAX_SECRET: usize = 8 * 1024;

/// What a kind cannot do without, and what else it takes.
fn keys(kind: SinkKind) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        SinkKind::Webhook => (&["url"], &["secret", "old_secret"]),
        SinkKind::Email => (
            &["host", "from", "to"],
            &["port", "user", "secret", "template"],
        ),
        SinkKind::Command => (&["command"], &[]),
        SinkKind::Wecom => (&["url"], &["template"]),
        SinkKind::Dingtalk | SinkKind::Feishu => (&["url"], &["secret", "template"]),
        SinkKind::Serverchan | SinkKind::Bark | SinkKind::Pushplus => {
            (&["secret"], &["url", "template"])
        }
        SinkKind::Telegram => (&["secret", "chat"], &["url", "template"]),
        SinkKind::Ntfy => (&["chat"], &["url", "secret", "template"]),
    }
}

/// Where secrets outside the file come from.
pub(super) struct Outside<'a> {
    /// Files are named from here.
    pub(super) folder: &'a Path,
    /// The environment.
    pub(super) env: &'a dyn Fn(&str) -> Option<String>,
}

/// All blocks, in the file's order.
pub(super) fn sinks(root: &Node, outside: &Outside<'_>, report: &mut Report<'_>) -> Vec<Sink> {
    let Some(node) = root.get("sink") else {
        return Vec::new();
    };
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for node in node.items() {
        let Value::Table(table) = &node.value else {
            bad(node, "`sink` is written as [[sink]] blocks", report);
            continue;
        };
        let sink = block(node, table, outside, report);
        if !seen.insert(sink.name.clone()) && !sink.name.is_empty() {
            bad(node, "two [[sink]] blocks have this name", report);
        }
        all.push(sink);
    }
    all
}

fn block(node: &Node, table: &Table, outside: &Outside<'_>, report: &mut Report<'_>) -> Sink {
    let template = Sink::default();
    unknown(table, &names(&template), "[[sink]]", report);
    lacks(node, "[[sink]]", &["name", "kind"], report);
    for key in SECRETS {
        if node.get(key).is_some_and(|n| n.text().is_none()) {
            bad(node, &format!("`{key}` is a text"), report);
        }
    }
    let skip: Vec<&str> = SECRETS
        .into_iter()
        .filter(|k| node.get(k).is_some_and(|n| n.text().is_none()))
        .collect();
    let mut sink = fill(table, template, &skip, report);
    if node.get("kind").is_some() {
        fitting(node, table, sink.kind, report);
    }
    for key in SECRETS {
        let (slot, file, env) = match key {
            "url" => (&mut sink.url, &sink.url_file, &sink.url_env),
            "secret" => (&mut sink.secret, &sink.secret_file, &sink.secret_env),
            _ => (
                &mut sink.old_secret,
                &sink.old_secret_file,
                &sink.old_secret_env,
            ),
        };
        let ways = [slot.is_some(), file.is_some(), env.is_some()];
        if ways.iter().filter(|w| **w).count() > 1 {
            bad(
                node,
                &format!("`{key}`, `{key}_file` and `{key}_env` exclude each other"),
                report,
            );
            continue;
        }
        match from_outside(file.as_deref(), env.as_deref(), outside) {
            Some(Ok(secret)) => *slot = Some(secret),
            Some(Err(why)) => bad(node, &format!("`{key}`: {why}"), report),
            None => {}
        }
    }
    values(node, &sink, report);
    sink
}

/// Keys that the kind needs, and keys that mean nothing for it.
fn fitting(node: &Node, table: &Table, kind: SinkKind, report: &mut Report<'_>) {
    let (required, optional) = keys(kind);
    let plain = |key: &str| -> String {
        let base = key
            .strip_suffix("_file")
            .or(key.strip_suffix("_env"))
            .unwrap_or(key);
        if SECRETS.contains(&base) {
            base.to_owned()
        } else {
            key.to_owned()
        }
    };
    let given: BTreeSet<String> = table.keys().map(|k| plain(k)).collect();
    for key in required.iter().filter(|k| !given.contains(**k)) {
        bad(
            node,
            &format!("kind = \"{}\" needs `{key}`", kind.word()),
            report,
        );
    }
    let known = names(&Sink::default());
    for key in given.iter().filter(|k| known.contains(k)) {
        let takes = [required, optional, &COMMON]
            .iter()
            .any(|list| list.contains(&key.as_str()));
        if !takes {
            bad(
                node,
                &format!("`{key}` means nothing for kind = \"{}\"", kind.word()),
                report,
            );
        }
    }
}

/// The secret that a file or the environment holds; None where neither is named.
pub(super) fn from_outside(
    file: Option<&str>,
    env: Option<&str>,
    outside: &Outside<'_>,
) -> Option<Result<Secret, String>> {
    let text = match (file, env) {
        (Some(file), _) => {
            let path: PathBuf = outside.folder.join(file);
            super::read_file(&path).map_err(|e| e.to_string().replace('\n', " "))
        }
        (None, Some(name)) => {
            (outside.env)(name).ok_or_else(|| format!("the environment has no {name}"))
        }
        (None, None) => return None,
    };
    Some(text.and_then(|text| {
        // Editors and `echo` end a file with a line break.
        let text = text.trim_end_matches(['\r', '\n']);
        match text.len() {
            0 => Err("it is empty".to_owned()),
            n if n > MAX_SECRET => Err("it is too long".to_owned()),
            _ => Ok(Secret::new(text)),
        }
    }))
}

fn values(node: &Node, sink: &Sink, report: &mut Report<'_>) {
    let at = |key: &str| node.get(key).unwrap_or(node);
    let plain = |s: &str| {
        s.chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    if node.get("name").is_some() && (!plain(&sink.name) || sink.name.chars().count() > 64) {
        bad(
            at("name"),
            "`name` is made of letters, digits, `-`, `_` and `.`",
            report,
        );
    }
    let web = |s: &Secret| {
        url::Url::parse(s.expose()).is_ok_and(|u| {
            matches!(u.scheme(), "http" | "https") && u.has_host() && u.username().is_empty()
        })
    };
    if sink.url.as_ref().is_some_and(|u| !web(u)) {
        bad(node, "`url` is no http or https address", report);
    }
    let line = |s: &Secret| {
        s.expose()
            .bytes()
            .all(|b| b.is_ascii_graphic() || b == b' ')
    };
    if [&sink.secret, &sink.old_secret]
        .into_iter()
        .flatten()
        .any(|s| !line(s))
    {
        bad(node, "`secret` is one line of plain ASCII", report);
    } else if sink.kind == SinkKind::Webhook {
        let secrets = [&sink.secret, &sink.old_secret];
        if secrets
            .into_iter()
            .flatten()
            .any(|s| webhook_key(s).is_none())
        {
            bad(
                node,
                "`secret` of a webhook is whsec_ and 24 to 64 bytes in base64",
                report,
            );
        }
        if sink.old_secret.is_some() && sink.secret.is_none() {
            bad(node, "`old_secret` stands beside a `secret`", report);
        }
    }
    if !(1.0..=120.0).contains(&sink.timeout) {
        bad(at("timeout"), "`timeout` lies between 1 and 120", report);
    }
    if sink.digest > 10_080 {
        bad(
            at("digest"),
            "`digest` is at most 10080 minutes, a week",
            report,
        );
    }
    if sink.kind == SinkKind::Command && sink.command.first().is_some_and(|c| c.is_empty()) {
        bad(at("command"), "`command` begins with a program", report);
    }
    let address = |s: &str| {
        let mailbox: Option<lettre::message::Mailbox> = s.parse().ok();
        mailbox.is_some_and(|m| AsRef::<str>::as_ref(&m.email).is_ascii())
    };
    for (key, addresses) in [("from", sink.from.as_slice()), ("to", sink.to.as_slice())] {
        if addresses.iter().any(|a| !address(a)) {
            bad(at(key), &format!("`{key}` holds e-mail addresses"), report);
        }
    }
    let given = |key: &str| node.get(key).is_some();
    if (given("to") && sink.to.is_empty()) || (given("command") && sink.command.is_empty()) {
        bad(node, "an empty list sends nothing anywhere", report);
    }
    for word in &sink.filter.changes {
        if !WORDS.contains(&word.as_str()) {
            let near = nearest(word, WORDS.iter().copied());
            let hint = near.map_or(WORDS.join(", "), |n| format!("did you mean `{n}`?"));
            let filter = at("filter");
            report.add(
                filter.file,
                filter.span.clone(),
                "`changes` holds an unknown word",
                hint,
            );
        }
    }
}

/// The key of a Standard Webhooks secret; None where it is none.
fn webhook_key(secret: &Secret) -> Option<Vec<u8>> {
    let text = secret.expose().strip_prefix("whsec_")?;
    let key = base64::engine::general_purpose::STANDARD
        .decode(text)
        .ok()?;
    (24..=64).contains(&key.len()).then_some(key)
}

fn bad(node: &Node, why: &str, report: &mut Report<'_>) {
    report.add(node.file, node.span.clone(), why, "");
}

/// The file's text as it may be shown: lines that may hold a secret end after the equals sign.
/// That is in a `[[sink]]` whatever is not known to be none (a misspelt `secret` too), and
/// elsewhere the proxy's address. Every byte keeps its place.
pub(super) fn masked(text: &str) -> String {
    let known = names(&Sink::default());
    let mut out = String::with_capacity(text.len());
    let mut in_sink = false;
    for line in text.split_inclusive('\n') {
        let header = line.trim_start().starts_with('[');
        if header {
            in_sink = line.contains("sink");
        }
        let (key, rest) = line.split_at(line.find('=').map_or(line.len(), |at| at + 1));
        let word = key.trim_end_matches('=').trim();
        let harmless = known.iter().any(|k| k == word) && !SECRETS.contains(&word);
        let hide = match in_sink {
            true => !header && !harmless,
            false => SECRETS
                .iter()
                .chain(&["proxy", "sink"])
                .any(|k| word.contains(k)),
        };
        out.push_str(if hide && rest.is_empty() { "" } else { key });
        let hidden = if rest.is_empty() { key } else { rest };
        match hide {
            true => out.extend(hidden.bytes().map(|b| if b == b'\n' { '\n' } else { '*' })),
            false => out.push_str(rest),
        }
    }
    out
}

/// The regions and exams of every sink's filter as ids, whatever name the settings use.
///
/// # Errors
/// A word that names none, as one line.
pub fn resolve_sinks(sinks: &[Sink], catalog: &Catalog) -> Result<Vec<Sink>, String> {
    let resolve = |sink: &Sink| {
        let watch = crate::model::settings::Watch {
            exams: sink.filter.exams.clone(),
            regions: sink.filter.regions.clone(),
        };
        let watch = super::resolve_watch(&watch, catalog)
            .map_err(|why| format!("sink {}: {why}", sink.name))?;
        let mut sink = sink.clone();
        sink.filter.exams = watch.exams;
        sink.filter.regions = watch.regions;
        Ok(sink)
    };
    sinks.iter().map(resolve).collect()
}

/// Warnings where the settings file holds secrets, or a file that it names does, and others than
/// the owner can read it. None where the system knows no such rights.
pub fn exposed(path: &Path, settings: &Settings) -> Vec<String> {
    let sinks = &settings.sinks;
    let inline = sinks.iter().any(Sink::holds_secret) || settings.ping.holds_secret();
    let own = inline.then(|| path.to_path_buf());
    let folder = path.parent().unwrap_or(Path::new(""));
    let named = sinks
        .iter()
        .flat_map(|s| [&s.url_file, &s.secret_file, &s.old_secret_file])
        .chain([&settings.ping.url_file]);
    let named = named.flatten().map(|file| folder.join(file));
    let files: BTreeSet<PathBuf> = own.into_iter().chain(named).collect();
    let open = files
        .iter()
        .filter(|file| readable_by_others(file))
        .map(|file| file.display());
    open.map(|f| format!("{f} holds secrets and others can read it; run: chmod 600 {f}"))
        .collect()
}

#[cfg(unix)]
fn readable_by_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|m| m.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn readable_by_others(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_a_secret_is_not_shown() {
        for (text, shown) in [
            ("[net]\nproxy = \"领\"\n", "[net]\nproxy =******\n"),
            ("[[sink]]\nname = \"a\"\n", "[[sink]]\nname = \"a\"\n"),
            ("[[sink]]\nsecrte = \"a\"\n", "[[sink]]\nsecrte =****\n"),
            (
                "[[sink]]\nhalf of a secret\n",
                "[[sink]]\n****************\n",
            ),
            (
                "[[sink]]\nsecret_env = \"A\"\n[watch]\na\n",
                "[[sink]]\nsecret_env = \"A\"\n[watch]\na\n",
            ),
            ("sink = [{ secret = \"a\" }]", "sink =*******************"),
        ] {
            assert_eq!(masked(text), shown);
            assert_eq!(masked(text).len(), text.len());
        }
    }

    #[cfg(unix)]
    #[test]
    fn files_with_secrets_are_for_their_owner() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str, mode| {
            let path = dir.path().join(name);
            std::fs::write(&path, "").unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            path
        };
        let (config, _) = (file("config.toml", 0o644), file("key", 0o640));
        let with = |sink: Sink| Settings {
            sinks: vec![sink],
            ..Settings::default()
        };
        let secret = Some(Secret::new("k"));
        let inline = Sink {
            secret: secret.clone(),
            ..Sink::default()
        };
        let named = Sink {
            secret,
            secret_file: Some("key".into()),
            ..Sink::default()
        };
        assert_eq!(exposed(&config, &with(Sink::default())), [""; 0]);
        assert!(exposed(&config, &with(inline.clone()))[0].contains("chmod 600"));
        assert_eq!(
            exposed(&config, &with(named.clone())).len(),
            1,
            "the key's file only"
        );
        file("config.toml", 0o600);
        file("key", 0o600);
        assert_eq!(exposed(&config, &with(inline)), [""; 0]);
        assert_eq!(exposed(&config, &with(named)), [""; 0]);
    }
}
