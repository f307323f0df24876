//! Pieces of a board that several formats show, as plain words.

use super::words::Lang;
use crate::model::facts::{Fee, Mail, Materials, Method, Place};
use crate::model::{
    Board, BoardNotice, Facts, NoticeId, Paper, Stage, Standing, Timestamp, Way, Window,
};

/// The standings by stage, most in need of action first; within a stage those that end or open
/// first. Stages that nothing has are left out.
pub(super) fn by_stage(board: &Board) -> Vec<(Stage, Vec<&Standing>)> {
    let of = |stage| {
        let mut list: Vec<&Standing> = board
            .standings
            .iter()
            .filter(|s| s.stage == stage)
            .collect();
        list.sort_by_key(|s| {
            (
                s.days_left.or(s.days_to_open).unwrap_or(i32::MAX),
                s.expected,
            )
        });
        (stage, list)
    };
    Stage::BY_ACTION
        .into_iter()
        .map(of)
        .filter(|(_, list)| !list.is_empty())
        .collect()
}

/// A region's name.
pub(super) fn region_name<'a>(board: &'a Board, id: &'a str, lang: Lang) -> &'a str {
    board
        .regions
        .get(id)
        .map_or(id, |r| (lang.board().region)(r))
}

/// A region's notices, newest first.
pub(super) fn notices<'a>(board: &'a Board, standing: &Standing) -> Vec<&'a BoardNotice> {
    let ids = standing.notices.iter();
    ids.filter_map(|id| board.notices.get(id)).collect()
}

/// The standing pages of a region's offices.
pub(super) fn pages<'a>(board: &'a Board, region: &str) -> Vec<&'a BoardNotice> {
    let ids = board.regions.get(region).map_or(&[][..], |r| &r.pages);
    ids.iter().filter_map(|id| board.notices.get(id)).collect()
}

/// Whether a source is a standing page.
pub(super) fn is_page(board: &Board, source: &str) -> bool {
    board
        .source(source)
        .is_some_and(|s| s.kind == crate::model::source::Kind::Page)
}

/// When a region last changed; None = no notice.
pub(super) fn changed(board: &Board, standing: &Standing) -> Option<Timestamp> {
    notices(board, standing).iter().map(|n| n.changed).max()
}

/// The regions that a notice has reached, those with the newest change first.
pub(super) fn told(board: &Board) -> Vec<&Standing> {
    let mut told: Vec<&Standing> = board
        .standings
        .iter()
        .filter(|s| !s.notices.is_empty())
        .collect();
    let published = |s: &Standing| notices(board, s).iter().filter_map(|n| n.published).max();
    told.sort_by_key(|s| std::cmp::Reverse((changed(board, s), published(s))));
    told
}

/// The regions without a notice.
pub(super) fn waiting(board: &Board) -> Vec<&Standing> {
    let all = board.standings.iter();
    all.filter(|s| s.notices.is_empty()).collect()
}

/// The ways that a notice offers, with their names.
pub(super) fn ways(paper: &Paper, lang: Lang) -> Vec<(&'static str, Way)> {
    let words = lang.words();
    let onsite = (words.method)(Method::Onsite);
    let mail = (words.method)(Method::Mail);
    let any = (words.window_method)(crate::model::facts::WindowMethod::Any);
    let both = paper.onsite.is_none() && paper.mail.is_none();
    [
        (onsite, paper.onsite),
        (mail, paper.mail),
        (any, paper.any.filter(|_| both)),
    ]
    .into_iter()
    .filter_map(|(name, way)| Some((name, way?)))
    .collect()
}

/// The ways in one line.
pub(super) fn ways_line(paper: &Paper, lang: Lang) -> String {
    ways(paper, lang)
        .into_iter()
        .map(|(name, way)| format!("{name} {}", (lang.board().way)(&way)))
        .collect::<Vec<_>>()
        .join(" · ")
}

/// `邮寄办理·市直`: the way of a window and whom it is for.
pub(super) fn window_head(window: &Window, lang: Lang) -> String {
    let way = (lang.words().window_method)(window.method);
    match &window.scope {
        Some(scope) => format!("{way} · {scope}"),
        None => way.to_string(),
    }
}

/// Dates, days and hours of a window.
pub(super) fn window_line(window: &Window, lang: Lang) -> String {
    let words = lang.words();
    let mut out = (words.window)(window);
    if let Some(days) = window.days {
        out.push_str(&format!(" {}", (words.days)(days)));
    }
    if !window.hours.is_empty() {
        out.push_str(&format!(" {}", window.hours.join(" ")));
    }
    out
}

/// A place: name and address.
pub(super) fn place_line(place: &Place, lang: Lang) -> String {
    let parts = [place.name.as_deref(), place.address.as_deref()];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    parts.join(lang.board().label.clause)
}

/// Carrier, postage and where to apply.
pub(super) fn mail_line(mail: &Mail, lang: Lang) -> String {
    let label = &lang.words().label;
    let [collect, prepaid, free] = label.fees;
    let fee = mail.fee.map(|fee| match fee {
        Fee::Collect => collect,
        Fee::Prepaid => prepaid,
        Fee::Free => free,
    });
    let apply = mail.apply.as_ref().map(|a| format!("{} {a}", label.apply));
    [
        mail.carrier.clone(),
        fee.map(|f| format!("{} {f}", label.fee)),
        apply,
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(" · ")
}

/// The lists of papers that are not empty, with who brings them.
pub(super) fn papers(materials: &Materials, lang: Lang) -> Vec<(&'static str, &[String])> {
    let label = &lang.words().label;
    [
        (label.own_papers, &materials.own[..]),
        (label.proxy_papers, &materials.proxy[..]),
        (label.batch_papers, &materials.batch[..]),
    ]
    .into_iter()
    .filter(|(_, list)| !list.is_empty())
    .collect()
}

/// Enquiry numbers of a notice, those of its places left out.
pub(super) fn phones(facts: &Facts) -> Vec<&str> {
    let of_places: Vec<&String> = facts.places.iter().flat_map(|p| &p.phones).collect();
    let all = facts.phones.iter().filter(|p| !of_places.contains(p));
    all.map(String::as_str).collect()
}

/// What is not known of a standing, as sentences.
pub(super) fn gaps(board: &Board, standing: &Standing, lang: Lang) -> Vec<String> {
    let sentence = |gap: &crate::model::Gap| {
        let name = match gap {
            crate::model::Gap::Silent { source, .. } => {
                board.source(source).map_or(source.as_str(), |s| &s.name)
            }
            _ => "",
        };
        (lang.board().gap)(gap, name)
    };
    standing.unknown.iter().map(sentence).collect()
}

/// What a notice corrects and what corrects it, each with its label, as far as the board shows them.
pub(super) fn tied(board: &Board, id: NoticeId, lang: Lang) -> Vec<(&'static str, &BoardNotice)> {
    let label = &lang.board().label;
    let other = |(later, corrected): &(NoticeId, NoticeId)| {
        let (word, other) = match (*later == id, *corrected == id) {
            (true, _) => (label.corrects, corrected),
            (_, true) => (label.corrected_by, later),
            _ => return None,
        };
        Some((word, board.notices.get(other)?))
    };
    board.ties.iter().filter_map(other).collect()
}

/// Whether none of a region's offices was ever asked.
pub(super) fn unvisited(board: &Board, standing: &Standing) -> bool {
    let card = board.regions.get(&standing.region);
    let sources: Vec<_> = card
        .iter()
        .flat_map(|c| &c.sources)
        .filter_map(|id| board.source(id))
        .collect();
    let never = |s: &&crate::model::BoardSource| s.last_good.is_none() && s.fault.is_none();
    !sources.is_empty() && sources.iter().all(never)
}

/// How many sources answer, fail, and were never visited.
pub(super) fn health(board: &Board) -> (usize, usize, usize) {
    let watched = board
        .sources
        .iter()
        .filter(|s| s.kind != crate::model::source::Kind::Manual);
    let (mut well, mut failing, mut unvisited) = (0, 0, 0);
    for source in watched {
        match (&source.fault, source.last_good) {
            (Some(_), _) => failing += 1,
            (None, Some(_)) => well += 1,
            (None, None) => unvisited += 1,
        }
    }
    (well, failing, unvisited)
}
