//! The files of live notices: fetched, judged, and known again by their content. The half that
//! talks to the network.

use super::ask::get;
use super::visit::{Look, Outcome, Task, Visit, Who};
use crate::fetch::{Fetcher, Role};
use crate::model::{Fault, Timestamp, Verdict, canonical};
use sha2::{Digest, Sha256};
use url::Url;

/// Most files of one notice that are looked at.
const PER_NOTICE: usize = 8;
/// Most files of one source that are looked at in one run; those not seen for longest come first.
const PER_RUN: usize = 24;
/// A file whose server gives no validator is downloaded whole each time: once in so many hours.
const WHOLE: i64 = 20;

/// A file of a known notice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct File {
    /// Address as in the page.
    pub href: String,
    /// Absolute address.
    pub url: String,
    /// Its name.
    pub name: String,
    /// `ETag`, `Last-Modified`.
    pub validators: (Option<String>, Option<String>),
    /// SHA-256 of what it held; None = never downloaded.
    pub digest: Option<String>,
    /// Its size in bytes; None = not known.
    pub size: Option<u64>,
    /// When it was last looked at; None = never.
    pub seen_at: Option<Timestamp>,
}

/// A file that was asked for.
#[derive(Debug)]
pub struct FileLook {
    /// Whose.
    pub who: Who,
    /// The file, as the notice names it now; validators and digest as they were before.
    pub file: File,
    /// What came.
    pub outcome: FileOutcome,
}

/// What came of asking for a file.
#[derive(Debug)]
pub enum FileOutcome {
    /// The server says that it is the same.
    Same,
    /// It was downloaded; a change of what it holds has stood on a second look.
    Read {
        /// SHA-256, lower-case hex.
        digest: String,
        /// Bytes.
        size: u64,
        /// `ETag`, `Last-Modified`.
        validators: (Option<String>, Option<String>),
    },
    /// It could not be had; what is known of it stays.
    Failed(Fault),
}

/// The file that the notice knew before under this address, in whatever spelling, else under this
/// name.
pub fn before<'a>(known: &'a [File], url: &str, name: &str) -> Option<&'a File> {
    let same = |f: &&File| canonical(&f.url) == canonical(url);
    let mut named = known.iter().filter(|f| f.name == name);
    let by_name = || match (named.next(), named.next()) {
        (Some(one), None) => Some(one),
        _ => None,
    };
    known.iter().find(same).or_else(by_name)
}

/// Looks at the files of the notices that answered in this visit.
pub async fn look_at_files(task: &Task, fetcher: &Fetcher, visit: &mut Visit) {
    let mut changed = Vec::new();
    for (who, file) in due(task, visit) {
        let outcome = ask(task, fetcher, visit, &file, true).await;
        if let (FileOutcome::Read { digest, .. }, Some(old)) = (&outcome, &file.digest)
            && digest != old
        {
            changed.push((visit.files.len(), digest.clone()));
        }
        if let FileOutcome::Failed(fault) = &outcome {
            tracing::info!(url = file.url, %fault, "file not read");
        }
        visit.files.push(FileLook { who, file, outcome });
    }
    for (at, first) in changed {
        let Some(file) = visit.files.get(at).map(|l| l.file.clone()) else {
            continue;
        };
        let again = ask(task, fetcher, visit, &file, false).await;
        let stands = matches!(&again, FileOutcome::Read { digest, .. } if *digest == first);
        if !stands && let Some(look) = visit.files.get_mut(at) {
            let what = "two looks in one run gave two files; what is known stays";
            let fault = Fault::new(Verdict::Partial, "unsteady", what).at(file.url);
            look.outcome = FileOutcome::Failed(fault);
        }
    }
}

/// Which files are asked for now.
fn due(task: &Task, visit: &Visit) -> Vec<(Who, File)> {
    let mut files = Vec::new();
    for look in &visit.looks {
        files.extend(of(task, look).into_iter().take(PER_NOTICE));
    }
    files.sort_by_key(|(_, file)| file.seen_at);
    files.truncate(PER_RUN);
    files
}

/// The files of one notice that are worth a request.
fn of(task: &Task, look: &Look) -> Vec<(Who, File)> {
    let Who::Known(id) = look.who else {
        return Vec::new();
    };
    let item = task.known.notices.iter().find(|n| n.id == id);
    let Some(item) = item.filter(|n| n.live) else {
        return Vec::new();
    };
    let (files, page_changed): (Vec<File>, bool) = match &look.outcome {
        Outcome::Same(_) => (item.files.clone(), false),
        Outcome::Read(_, article) => {
            let now = article.attachments.iter().map(|a| File {
                href: a.href.clone(),
                url: a.url.clone(),
                name: a.name.clone(),
                ..before(&item.files, &a.url, &a.name)
                    .cloned()
                    .unwrap_or_default()
            });
            (now.collect(), true)
        }
        _ => return Vec::new(),
    };
    let conditional = |f: &File| f.validators != (None, None);
    let rested = |f: &File| {
        f.seen_at
            .is_none_or(|at| !(0..WHOLE).contains(&task.now.duration_since(at).as_hours()))
    };
    files
        .into_iter()
        .filter(|f| ours(task, &f.url))
        .filter(|f| page_changed || conditional(f) || rested(f))
        .map(|f| (look.who.clone(), f))
        .collect()
}

/// Whether a file lies on a host of the source.
fn ours(task: &Task, url: &str) -> bool {
    let url = Url::parse(url).ok();
    url.and_then(|u| u.host_str().map(str::to_ascii_lowercase))
        .is_some_and(|host| task.site.hosts.contains(&host))
}

async fn ask(
    task: &Task,
    fetcher: &Fetcher,
    visit: &mut Visit,
    file: &File,
    conditional: bool,
) -> FileOutcome {
    let validators = match conditional && file.digest.is_some() {
        true => file.validators.clone(),
        false => (None, None),
    };
    match get(task, fetcher, visit, &file.url, &validators, Role::Document).await {
        Err(fault) => FileOutcome::Failed(fault),
        Ok(page) if page.status == 304 => FileOutcome::Same,
        Ok(page) => match task.office.file(&page) {
            Err(fault) => FileOutcome::Failed(fault),
            Ok(()) => FileOutcome::Read {
                digest: hex(&Sha256::digest(&page.body)),
                size: page.body.len() as u64,
                validators: (page.etag, page.last_modified),
            },
        },
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_address_then_by_a_name_that_is_its_own() {
        let file = |url: &str, name: &str| File {
            url: url.into(),
            name: name.into(),
            ..File::default()
        };
        let known = [
            file("https://a.cn/1.doc", "附件1"),
            file("https://a.cn/2.doc", "附件"),
            file("https://a.cn/3.doc", "附件"),
        ];
        for (url, name, want) in [
            (
                "http://a.cn/1.doc;jsessionid=1",
                "附件",
                Some("https://a.cn/1.doc"),
            ),
            ("https://a.cn/9.doc", "附件1", Some("https://a.cn/1.doc")),
            ("https://a.cn/9.doc", "附件", None),
        ] {
            let got = before(&known, url, name).map(|f| f.url.as_str());
            assert_eq!(got, want, "{url} {name}");
        }
    }
}
