//! City by city, where cities hand out.

use super::windows::{Held, way};
use super::{Known, belong::published};
use crate::model::{CityStanding, Region, Source, Stage, StandingWindow};
use std::collections::BTreeMap;

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
    let mut names: BTreeMap<String, Option<&Source>> = BTreeMap::new();
    for w in windows.iter().filter(|w| w.city.is_none()) {
        if let Some(city) = w.window.scope.as_deref().and_then(city) {
            names.insert(city.to_string(), None);
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
            None => w.window.scope.as_deref().and_then(city) == Some(name.as_str()),
        });
        let told = held
            .iter()
            .any(|h| source.is_some_and(|s| s.id == h.source.id) && published(h.notice).is_some());
        let way = way(mine);
        CityStanding {
            source: source.map(|s| s.id.clone()),
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

/// The city that a scope names: `枣庄市` and `枣庄市人事考试中心` do, `初级考生` does not.
fn city(scope: &str) -> Option<&str> {
    let (name, _) = scope.split_once('市')?;
    let length = name.chars().count();
    (2..=4).contains(&length).then_some(name)
}

fn short(city: &str) -> &str {
    city.strip_suffix('市').unwrap_or(city)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_names_a_city() {
        for (scope, name) in [
            ("枣庄市", Some("枣庄")),
            ("石家庄市考区", Some("石家庄")),
            ("初级考生", None),
            ("市", None),
            ("某某省某某市直单位", None),
        ] {
            assert_eq!(city(scope), name, "{scope}");
        }
    }
}
