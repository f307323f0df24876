//! Names of regions and sources, where no board is at hand.

use crate::model::Catalog;
use crate::render::Lang;

/// Looks names up in the catalog.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// Where they stand.
    pub catalog: &'a Catalog,
    /// In which language.
    pub lang: Lang,
}

impl Names<'_> {
    /// A region's short name; its id where it is none of the catalog's.
    pub fn region(&self, id: &str) -> String {
        let found = self.catalog.regions.iter().find(|r| r.id == id);
        match (found, self.lang) {
            (None, _) => id.to_string(),
            (Some(region), Lang::Zh) => region.name.clone(),
            (Some(region), Lang::En) => {
                let mut letters = region.pinyin.chars();
                let first = letters.next().into_iter().flat_map(char::to_uppercase);
                first.chain(letters).collect()
            }
        }
    }

    /// The region, and the city, of a source; the name of a national one.
    pub fn place(&self, source: &str) -> String {
        let Some(source) = self.catalog.source(source) else {
            return source.to_string();
        };
        let region = self.region(&source.region);
        match &source.city {
            Some(city) if *city != region => format!("{region} · {city}"),
            None if source.region == crate::model::source::NATIONAL => source.name.clone(),
            _ => region,
        }
    }
}
