//! City by city, where cities hand out.

use super::windows::{Held, way};
use super::{Known, belong::published};
use crate::model::source::Kind;
use crate::model::{CityStanding, Facts, NoticeId, Region, Source, Stage, StandingWindow};
use std::collections::{BTreeMap, HashMap};

/// The cities of a region that are watched by themselves or have windows of their own in a notice
/// of the province. Empty where the region's office hands out alone.
pub(super) fn cities(
    known: &Known,
    region: &Region,
    sources: &[&Source],
    windows: &[StandingWindow],
    held: &[Held],
) -> Vec<CityStanding> {
    if !region.by_city {
        return Vec::new();
    }
    let facts: HashMap<NoticeId, &Facts> = held
        .iter()
        .filter_map(|h| Some((h.notice.id, h.facts()?)))
        .collect();
    // The city of a window of the province's own notice.
    let city_of = |w: &StandingWindow| {
        let scope = w.window.scope.as_deref()?;
        city(scope, facts.get(&w.notice)?).map(str::to_owned)
    };
    let mut names: BTreeMap<String, Option<&Source>> = BTreeMap::new();
    for w in windows.iter().filter(|w| w.city.is_none()) {
        if let Some(city) = city_of(w) {
            names.insert(city, None);
        }
    }
    for source in sources {
        if let Some(city) = &source.city {
            names.insert(short(city).to_string(), Some(source));
        }
    }
    // A city that the catalog counts by itself has its own standing.
    let apart = |name: &str| {
        let mut regions = known.catalog.regions.iter();
        regions.any(|r| r.parent.as_deref() == Some(&region.id) && r.name == name)
    };
    names.retain(|name, source| source.is_some() || !apart(name));
    let of = |(name, source): (String, Option<&Source>)| {
        let mine = windows.iter().filter(|w| match &w.city {
            Some(city) => short(city) == name,
            None => city_of(w).as_deref() == Some(&*name),
        });
        let told = held
            .iter()
            .any(|h| source.is_some_and(|s| s.id == h.source.id) && published(h.notice).is_some());
        let way = way(mine);
        CityStanding {
            source: source.map(|s| s.id.clone()),
            watched: source.is_some_and(|s| s.kind != Kind::Manual),
            stage: match way {
                Some(way) => way.stage,
                None if told => Stage::Announced,
                None => Stage::Unknown,
            },
            from: way.and_then(|w| w.from),
            to: way.and_then(|w| w.to),
            city: name,
        }
    };
    names.into_iter().map(of).collect()
}

/// The city that a scope names: `枣庄市` and `枣庄市人事考试中心` do, `初级考生` does not; `枣庄` does
/// where the notice's place of that scope is in 枣庄市.
pub(super) fn city<'a>(scope: &'a str, facts: &Facts) -> Option<&'a str> {
    let like_a_name = |name: &str| (2..=4).contains(&name.chars().count());
    if let Some((name, _)) = scope.split_once('市') {
        return like_a_name(name).then_some(name);
    }
    let full = format!("{scope}市");
    let within = |text: &Option<String>| text.as_deref().is_some_and(|t| t.contains(&full));
    let mut places = facts.places.iter();
    let placed = places
        .any(|p| p.scope.as_deref() == Some(scope) && (within(&p.name) || within(&p.address)));
    (like_a_name(scope) && placed).then_some(scope)
}

fn short(city: &str) -> &str {
    city.strip_suffix('市').unwrap_or(city)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts::Place;

    #[test]
    fn a_scope_names_a_city() {
        let place = |scope: &str, name: &str| Place {
            scope: Some(scope.into()),
            name: Some(name.into()),
            address: None,
            phones: Vec::new(),
            level: None,
        };
        let facts = Facts {
            places: vec![
                place("广州", "广州市人事考试中心证书室"),
                place("省直考生", "广州市人事考试中心"),
            ],
            ..Facts::default()
        };
        for (scope, name) in [
            ("枣庄市", Some("枣庄")),
            ("石家庄市考区", Some("石家庄")),
            ("广州", Some("广州")),
            ("珠海", None),
            ("省直考生", None),
            ("初级考生", None),
            ("市", None),
            ("某某省某某市直单位", None),
        ] {
            assert_eq!(city(scope, &facts), name, "{scope}");
        }
    }
}
