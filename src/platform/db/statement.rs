//! Statements written in SQL that diesel prepares once and keeps.
//!
//! diesel caches prepared `SELECT`s and single-row inserts of its own making, but never an
//! `update()`, an upsert or `sql_query`: those are parsed by PostgreSQL at each call, which more
//! than doubles their cost. A [`statement!`](crate::statement) is a query fragment with a static
//! id, so it is prepared once for each connection. Use diesel's own language where it says the
//! thing as well and is cached.

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Date as SqlDate, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use crate::platform::values::{Date, Timestamp};

/// Declares a statement: its name, its parameters in the order of `$1, $2, …`, the columns that it
/// gives and its text.
///
/// The text says its own `$n`. diesel writes `$1$2…` wherever a value is bound, so the values are
/// bound behind a comment mark at the text's end: PostgreSQL reads the parameters where the text
/// has them, and a parameter may stand in the text more than once.
#[macro_export]
macro_rules! statement {
    ($(#[$meta:meta])* $vis:vis $Name:ident $(<$life:lifetime>)? { $($arg:ident : $ty:ty => $sql_type:ty),* $(,)? } -> $Columns:ty, $sql:expr $(,)?) => {
        $(#[$meta])*
        #[derive(Debug)]
        $vis struct $Name $(<$life>)? { $(pub $arg: $ty),* }

        impl $(<$life>)? diesel::query_builder::QueryId for $Name $(<$life>)? {
            type QueryId = $crate::statement!(@id $Name $($life)?);
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl $(<$life>)? diesel::query_builder::Query for $Name $(<$life>)? {
            type SqlType = $Columns;
        }

        impl $(<$life>)? diesel::query_builder::QueryFragment<diesel::pg::Pg> for $Name $(<$life>)? {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, diesel::pg::Pg>,
            ) -> diesel::QueryResult<()> {
                out.push_sql($sql);
                out.push_sql(" -- ");
                $(out.push_bind_param::<$sql_type, _>(&self.$arg)?;)*
                Ok(())
            }
        }
    };
    (@id $Name:ident $life:lifetime) => { $Name<'static> };
    (@id $Name:ident) => { $Name };
}

/// A value of a statement that is put together at run time.
#[derive(Clone, Debug)]
pub enum Bind {
    /// `uuid`
    Uuid(Uuid),
    /// `text`
    Text(String),
    /// `timestamptz`
    Timestamp(Timestamp),
    /// `date`
    Date(Date),
    /// `bigint`
    Count(i64),
}

/// A statement whose conditions depend on the filters of a list. It is prepared once for each
/// combination of filters, under its text.
#[derive(Debug)]
pub struct Assembled<Columns> {
    sql: String,
    binds: Vec<Bind>,
    columns: std::marker::PhantomData<Columns>,
}

impl<Columns> Assembled<Columns> {
    /// An empty statement.
    pub fn new() -> Self {
        Self {
            sql: String::with_capacity(1024),
            binds: Vec::new(),
            columns: std::marker::PhantomData,
        }
    }

    /// Adds text as it stands.
    #[must_use]
    pub fn sql(mut self, text: &str) -> Self {
        self.sql.push_str(text);
        self
    }

    /// Takes in the values that are there and gives their conditions, each ` AND … $n`. A condition
    /// ends with its operator.
    pub fn also<const N: usize>(&mut self, conditions: [(&str, Option<Bind>); N]) -> String {
        conditions
            .into_iter()
            .filter_map(|(condition, value)| {
                let value = self.bind(value?);
                Some(format!(" AND {condition} {value}"))
            })
            .collect()
    }

    /// Takes a value in and gives the `$n` by which the text names it.
    pub fn bind(&mut self, value: Bind) -> String {
        self.binds.push(value);
        format!("${}", self.binds.len())
    }
}

impl<Columns> Default for Assembled<Columns> {
    fn default() -> Self {
        Self::new()
    }
}

impl<Columns> QueryId for Assembled<Columns> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Columns> Query for Assembled<Columns> {
    type SqlType = Columns;
}

impl<Columns> QueryFragment<Pg> for Assembled<Columns> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(&self.sql);
        out.push_sql(" -- ");
        for bind in &self.binds {
            match bind {
                Bind::Uuid(value) => out.push_bind_param::<SqlUuid, _>(value)?,
                Bind::Text(value) => out.push_bind_param::<Text, _>(value)?,
                Bind::Timestamp(value) => out.push_bind_param::<Timestamptz, _>(value)?,
                Bind::Date(value) => out.push_bind_param::<SqlDate, _>(value)?,
                Bind::Count(value) => out.push_bind_param::<BigInt, _>(value)?,
            }
        }
        Ok(())
    }
}
