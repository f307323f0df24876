//! How values stand in a column: moments, days, words and JSON, all as text.

use crate::model::facts::Unread;
use crate::model::{Date, Evidence, Reading, Timestamp};
use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use serde::de::{DeserializeOwned, IntoDeserializer, value::Error as WordError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A moment in whole seconds, as the store keeps it.
pub(super) fn whole(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// A moment as RFC 3339 text in UTC; whole seconds, so that text order is time order.
pub(super) struct At(pub(super) Timestamp);

impl ToSql for At {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(whole(self.0).to_string().into())
    }
}

impl FromSql for At {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<At> {
        value.as_str()?.parse().map(At).map_err(FromSqlError::other)
    }
}

/// A calendar day as `2026-03-05`.
pub(super) struct Day(pub(super) Date);

impl ToSql for Day {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.to_string().into())
    }
}

impl FromSql for Day {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Day> {
        value
            .as_str()?
            .parse()
            .map(Day)
            .map_err(FromSqlError::other)
    }
}

/// A unit-only enum by its serde word, for reading; written by its own `word()`.
pub(super) struct Word<T>(pub(super) T);

impl<T: DeserializeOwned> FromSql for Word<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Word<T>> {
        let word = IntoDeserializer::<WordError>::into_deserializer(value.as_str()?);
        T::deserialize(word).map(Word).map_err(FromSqlError::other)
    }
}

/// Anything else, as JSON.
pub(super) struct Json<T>(pub(super) T);

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        serde_json::to_string(&self.0)
            .map(Into::into)
            .map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))
    }
}

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Json<T>> {
        serde_json::from_str(value.as_str()?)
            .map(Json)
            .map_err(FromSqlError::other)
    }
}

/// A reading. Its facts lie at the top level beside the evidence; read as one value, serde would
/// first copy everything aside (`flatten`), so the text is gone through twice instead.
pub(super) struct OneReading(pub(super) Reading);

#[derive(Deserialize)]
struct Proof {
    #[serde(default)]
    evidence: BTreeMap<String, Evidence>,
    #[serde(default)]
    unread: Vec<Unread>,
}

impl FromSql for OneReading {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<OneReading> {
        let text = value.as_str()?;
        let facts = serde_json::from_str(text).map_err(FromSqlError::other)?;
        let Proof { evidence, unread } = serde_json::from_str(text).map_err(FromSqlError::other)?;
        Ok(OneReading(Reading {
            facts,
            evidence,
            unread,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_comes_back_as_it_was() {
        let proof = Evidence {
            span: None,
            quote: "现场".into(),
            rule: "method/onsite".into(),
            certain: true,
            reason: None,
        };
        let reading = Reading {
            evidence: [("/methods/0".to_string(), proof)].into(),
            ..Reading::default()
        };
        let text = serde_json::to_string(&reading).unwrap();
        let back = OneReading::column_result(ValueRef::Text(text.as_bytes())).unwrap();
        assert_eq!(back.0, reading);
    }
}
