//! A first look at an unknown list: which family made it, how it and its notices read, and the
//! block that describes it. Nothing is stored.

use super::by_hand::as_asked;
use crate::adapter::{Families, ListPage, Office, guess};
use crate::fetch::{Fetcher, Memory, Site, Want};
use crate::model::source::{Basis, Confidence};
use crate::model::{
    Article, Date, Entry, Exam, Fault, Page, Settings, Shape, Source, Timestamp, Verdict,
    china_date,
};
use crate::plan;

/// Most articles that are fetched.
const ARTICLES: usize = 4;

/// What is to be looked at.
pub struct Job<'a> {
    /// The user's settings.
    pub settings: &'a Settings,
    /// What earlier runs left for the fetcher.
    pub memory: Memory,
    /// The known families.
    pub families: &'a Families,
    /// Id, region and list of the office to be.
    pub source: Source,
    /// Watched exams: rows that are worth fetching are looked at first.
    pub exams: &'a [Exam],
    /// The moment.
    pub now: Timestamp,
    /// Seed of jitter.
    pub seed: u64,
}

/// What was found.
#[derive(Debug)]
pub struct Probe {
    /// The block that describes the office.
    pub source: Source,
    /// Words of the block that are guesses.
    pub guessed: Vec<&'static str>,
    /// The list as the block reads it.
    pub list: ListPage,
    /// Every answer, with the address that was asked for: the list first.
    pub pages: Vec<(String, Page)>,
    /// The first notices as the block reads them.
    pub notices: Vec<(Entry, Result<Article, Fault>)>,
}

/// Looks at a list and at its first notices.
///
/// # Errors
/// What the network says, what the list is instead of a list, or that nothing on it looks like one.
pub fn probe(job: Job<'_>) -> Result<Probe, Fault> {
    let fetcher = Fetcher::live(job.settings, job.memory.clone(), job.now, job.seed)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Fault::new(Verdict::Transport, "runtime", e.to_string()))?;
    runtime.block_on(look(&job, &fetcher))
}

async fn look(job: &Job<'_>, fetcher: &Fetcher) -> Result<Probe, Fault> {
    let site = Site::from(&job.source);
    let today = china_date(job.now);
    let asked = job.source.list.clone();
    let page = fetcher.get(Want::page(&site, &asked)).await?;
    as_asked(&page, &asked)?;
    let mut source = Source {
        // A redirect within the office leads to the address to keep.
        list: page.url.clone(),
        basis: Basis::Seen,
        confidence: Confidence::Medium,
        ..job.source.clone()
    };
    let family = guess::family_of(&page);
    source.family = family.unwrap_or("auto").to_owned();
    let mut pages = vec![(source.list.clone(), page)];
    let (list, guessed) = rows(job, fetcher, &mut source, &mut pages, today).await?;
    let mut found = Probe {
        source,
        guessed,
        list,
        pages,
        notices: Vec::new(),
    };
    notices(job, fetcher, &site, &mut found, today).await?;
    around(&mut found);
    Ok(found)
}

/// What the pages say beside rows and notices: how the list goes on, where no family says it, and
/// by what the site's own pages are known.
fn around(found: &mut Probe) {
    let pages: Vec<&Page> = found.pages.iter().map(|(_, page)| page).collect();
    let signature = guess::signature(&pages);
    let pager = match (found.source.family.as_str(), pages.first()) {
        ("auto", Some(list)) => guess::pager_of(list),
        _ => None,
    };
    if pager.is_some() {
        found.source.shape.pager = pager;
        found.guessed.push("pager");
    }
    if let Some(words) = signature {
        found.source.shape.signature = vec![words];
        found.guessed.push("signature");
    }
}

/// Reads the list as its family does; where that gives nothing, or next to nothing, by a guess.
async fn rows(
    job: &Job<'_>,
    fetcher: &Fetcher,
    source: &mut Source,
    pages: &mut Vec<(String, Page)>,
    today: Date,
) -> Result<(ListPage, Vec<&'static str>), Fault> {
    let Some((_, page)) = pages.first().cloned() else {
        return Err(Fault::new(Verdict::Layout, "no_rows", "no list"));
    };
    let mut read = office(source, job.families)?.list(&page, today);
    let shell = read.as_ref().err().filter(|f| f.reason == "endpoint");
    if let Some(url) = shell.and_then(|f| f.url.clone()) {
        let site = Site::from(&*source);
        let answer = fetcher.get(Want::page(&site, &url)).await?;
        read = office(source, job.families)?.list(&answer, today);
        pages.push((url, answer));
        return Ok((read?, Vec::new()));
    }
    let proposed = Source {
        shape: proposed(source, &page, job.families, today),
        ..source.clone()
    };
    let guess = match office(&proposed, job.families) {
        Ok(office) if proposed.shape.entry.is_some() => office.list(&page, today).ok(),
        _ => None,
    };
    let dated = read.as_ref().map_or(0, |l| l.dated);
    match (read, guess) {
        (Ok(list), None) => Ok((list, Vec::new())),
        (Ok(list), Some(guess)) if guess.dated <= 2 * dated + 3 => Ok((list, Vec::new())),
        (_, Some(guess)) => {
            *source = proposed;
            Ok((guess, words(&source.shape)))
        }
        // A page of no known family is no list, whatever else the judge calls it.
        (Err(fault), None) if fault.reason == "family" => {
            let detail = "nothing on this page repeats like a list of notices";
            Err(Fault::new(Verdict::Layout, "no_list", detail).at(&page.url))
        }
        (Err(fault), None) => Err(fault),
    }
}

/// The guessed shape. Rows of a family that wraps them are not what was guessed at.
fn proposed(source: &Source, page: &Page, families: &Families, today: Date) -> Shape {
    let wraps = families.shape(&source.family).and_then(|s| s.rows.clone());
    let shape = guess::list_of(page, today).unwrap_or_default();
    Shape {
        rows: wraps.map(|_| "html".to_owned()),
        ..shape
    }
}

/// Which words of a guessed shape are filled.
fn words(shape: &Shape) -> Vec<&'static str> {
    let said = [
        ("rows", shape.rows.is_some()),
        ("entry", shape.entry.is_some()),
        ("title", shape.title.is_some()),
        ("date", !shape.date.is_empty()),
    ];
    said.into_iter()
        .filter(|(_, s)| *s)
        .map(|(w, _)| w)
        .collect()
}

fn office(source: &Source, families: &Families) -> Result<Office, Fault> {
    Office::compile(source, families).map_err(|e| Fault::new(Verdict::Layout, "block", e))
}

/// Fetches and reads the first notices that would be fetched, and one that would not.
async fn notices(
    job: &Job<'_>,
    fetcher: &Fetcher,
    site: &Site,
    found: &mut Probe,
    today: Date,
) -> Result<(), Fault> {
    let exams: Vec<&Exam> = job.exams.iter().collect();
    let entries = &found.list.entries;
    let any = entries.iter().filter(|e| plan::wanted(e, &[], today));
    let mut chosen: Vec<Entry> = any.cloned().collect();
    chosen.sort_by_key(|e| !plan::wanted(e, &exams, today));
    chosen.truncate(ARTICLES - 1);
    // And one that is none, so that what tells them apart can be marked.
    let other = |e: &&Entry| !e.external && !plan::wanted(e, &[], today);
    chosen.extend(entries.iter().find(other).cloned());
    let mut reader = office(&found.source, job.families)?;
    for entry in chosen {
        let url = reader.article_address(&entry.url);
        let page = match fetcher.get(Want::page(site, &url)).await {
            Ok(page) => page,
            Err(fault) => {
                found.notices.push((entry, Err(fault)));
                continue;
            }
        };
        let title = (!entry.title_cut).then_some(entry.title.as_str());
        let mut article = reader.article(&page, &entry.url, title);
        let guessed_at = matches!(&article, Ok(a) if a.found_by == "density");
        if guessed_at
            && found.source.shape.body.is_empty()
            && let Some(body) = guess::body_of(&page)
        {
            found.source.shape.body = vec![body];
            found.guessed.push("body");
            reader = office(&found.source, job.families)?;
            article = reader.article(&page, &entry.url, title);
        }
        found.pages.push((url, page));
        found.notices.push((entry, article));
    }
    Ok(())
}
