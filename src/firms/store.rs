//! The table of firms.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{Firm, NewFirm};
use crate::platform::db::schema::firms;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::ApiResult;
use crate::platform::values::{Country, Currency, Money, Name, TimeZone, Timestamp};
use crate::statement;

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = firms)]
struct FirmRow {
    id: Uuid,
    name: Name,
    time_zone: TimeZone,
    country: Option<Country>,
    retention_months: Option<i32>,
    gift_limit_minor: Option<i64>,
    gift_limit_currency: Option<Currency>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i32,
}

impl From<FirmRow> for Firm {
    fn from(row: FirmRow) -> Self {
        let FirmRow {
            id,
            name,
            time_zone,
            country,
            retention_months,
            gift_limit_minor,
            gift_limit_currency,
            created_at,
            updated_at,
            version,
        } = row;
        Self {
            id,
            name,
            time_zone,
            country,
            retention_months,
            gift_limit: Money::from_columns(gift_limit_minor, gift_limit_currency),
            created_at,
            updated_at,
            version,
        }
    }
}

pub(super) async fn insert(tx: &Tx, firm: NewFirm, now: Timestamp) -> ApiResult<Firm> {
    let NewFirm {
        id,
        name,
        time_zone,
        country,
    } = firm;
    let row = FirmRow {
        id,
        name,
        time_zone,
        country,
        retention_months: None,
        gift_limit_minor: None,
        gift_limit_currency: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    diesel::insert_into(firms::table)
        .values(&row)
        .execute(&mut &**tx)
        .await?;
    Ok(row.into())
}

/// A firm, whether closed or not.
pub async fn find(conn: &Conn, id: Uuid) -> ApiResult<Option<Firm>> {
    let row = firms::table
        .find(id)
        .select(FirmRow::as_select())
        .first(&mut &*conn)
        .await
        .optional()?;
    Ok(row.map(Firm::from))
}

statement! {
    Replace<'a> {
        id: Uuid => SqlUuid, version: i32 => Integer, now: Timestamp => Timestamptz, name: &'a Name => Text,
        time_zone: &'a TimeZone => Text, country: Option<&'a Country> => Nullable<Text>,
        retention_months: Option<i32> => Nullable<Integer>, gift_limit_minor: Option<i64> => Nullable<BigInt>,
        gift_limit_currency: Option<&'a Currency> => Nullable<Text>,
    } -> Integer,
    "UPDATE firms
        SET name = $4, time_zone = $5, country = $6, retention_months = $7, gift_limit_minor = $8,
            gift_limit_currency = $9, updated_at = $3, version = version + 1
      WHERE id = $1 AND version = $2 AND closed_at IS NULL
        AND (name, time_zone, country, retention_months, gift_limit_minor, gift_limit_currency)
            IS DISTINCT FROM ($4, $5, $6, $7, $8, $9)
      RETURNING version"
}

/// Writes a firm's settings over its present version, and gives the version that this made; `None`
/// when there was nothing to change, or it is another version.
pub(super) async fn replace(tx: &Tx, wanted: &Firm, now: Timestamp) -> ApiResult<Option<i32>> {
    let limit = wanted.gift_limit.as_ref();
    let replace = Replace {
        id: wanted.id,
        version: wanted.version,
        now,
        name: &wanted.name,
        time_zone: &wanted.time_zone,
        country: wanted.country.as_ref(),
        retention_months: wanted.retention_months,
        gift_limit_minor: limit.map(|money| money.amount_minor),
        gift_limit_currency: limit.map(|money| &money.currency),
    };
    Ok(replace.get_result(&mut &**tx).await.optional()?)
}

/// Where a firm's phone numbers are dialled.
pub async fn country(conn: &Conn, id: Uuid) -> ApiResult<Option<Country>> {
    Ok(firms::table
        .find(id)
        .select(firms::country)
        .first(&mut &*conn)
        .await?)
}

/// The zone in which a firm's dates are meant.
pub async fn zone(conn: &Conn, id: Uuid) -> ApiResult<TimeZone> {
    Ok(firms::table
        .find(id)
        .select(firms::time_zone)
        .first(&mut &*conn)
        .await?)
}

statement! {
    HoldOpen { id: Uuid => SqlUuid } -> SqlUuid,
    "SELECT id FROM firms WHERE id = $1 AND closed_at IS NULL FOR SHARE"
}

/// Whether a firm is open. It stays so until the transaction ends.
pub async fn hold_open(tx: &Tx, id: Uuid) -> ApiResult<bool> {
    let open: Option<Uuid> = HoldOpen { id }.get_result(&mut &**tx).await.optional()?;
    Ok(open.is_some())
}

statement! {
    Close<'a> { id: Uuid => SqlUuid, reason: &'a str => Text, now: Timestamp => Timestamptz } -> Integer,
    "UPDATE firms SET closed_at = $3, closed_reason = $2, updated_at = $3, version = version + 1
      WHERE id = $1 AND closed_at IS NULL RETURNING version"
}

/// Closes a firm; gives the version that this made, `None` when it is closed already.
pub async fn close(tx: &Tx, id: Uuid, reason: &str, now: Timestamp) -> ApiResult<Option<i32>> {
    Ok(Close { id, reason, now }
        .get_result(&mut &**tx)
        .await
        .optional()?)
}
