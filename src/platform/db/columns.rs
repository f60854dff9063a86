//! Column values that stores share.

use std::collections::BTreeMap;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::pg::{Pg, PgValue};
use diesel::sql_types::{Array, Jsonb, Text};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// JSON that is passed on as the database has it, without being read.
#[derive(Clone, Debug, FromSqlRow)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
    /// The text.
    pub fn get(&self) -> &str {
        self.0.get()
    }
}

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl FromSql<Jsonb, Pg> for RawJson {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        // The binary form is one byte of version, then the text.
        match value.as_bytes().split_first() {
            Some((1, text)) => Ok(Self(RawValue::from_string(
                std::str::from_utf8(text)?.to_owned(),
            )?)),
            _ => Err("unknown version of jsonb".into()),
        }
    }
}

/// A record's ids in the caller's other systems, by system. The statement gives them as an array of
/// `system=id`; a system's name has no `=`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromSqlRow)]
pub struct ExternalIds(pub BTreeMap<String, String>);

impl FromSql<Array<Text>, Pg> for ExternalIds {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let pairs = <Vec<String> as FromSql<Array<Text>, Pg>>::from_sql(value)?;
        let split = |pair: String| {
            pair.split_once('=')
                .map(|(system, id)| (system.to_owned(), id.to_owned()))
        };
        Ok(Self(pairs.into_iter().filter_map(split).collect()))
    }
}
