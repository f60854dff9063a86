//! Firms: the tenants. Each is one practice, invisible to firms that it has no partnership with.
//!
//! How a firm comes in is [`crate::sign_up`]'s.

mod get;
mod patch;
mod store;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::platform::db::Tx;
use crate::platform::db::constraints::{Constraint, Means, constraint};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::values::{Country, Money, Name, TimeZone, Timestamp};

pub use store::{close, country, find, hold_open, zone};

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(get::get_firm).service(patch::patch_firm);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("firms_pkey", Means::Guarded),
    constraint("firms_retention_months_check", Means::Guarded),
    constraint("firms_gift_limit_check", Means::Guarded),
];

/// A firm, as its own members see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Firm {
    /// Its id.
    pub id: Uuid,
    /// Its name, as its partners see it.
    pub name: Name,
    /// The zone in which its dates are meant.
    pub time_zone: TimeZone,
    /// Where a phone number without a country code is dialled.
    pub country: Option<Country>,
    /// For how many months it keeps clients with whom nothing happens; `null` for ever.
    #[schema(minimum = 1, maximum = 1200)]
    pub retention_months: Option<i32>,
    /// What gifts and meals for one person may come to in twelve months.
    pub gift_limit: Option<Money>,
    /// When it signed up.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts changes.
    pub version: i32,
}

/// What a new firm is.
#[derive(Clone, Debug)]
pub struct NewFirm {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: Name,
    /// Its zone.
    pub time_zone: TimeZone,
    /// Its country.
    pub country: Option<Country>,
}

/// Makes a firm.
pub async fn create(tx: &Tx, firm: NewFirm, now: Timestamp) -> ApiResult<Firm> {
    store::insert(tx, firm, now).await
}

/// Refuses what a closed firm can't do any more. The firm stays open until the transaction ends.
pub async fn must_stay_open(tx: &Tx, id: Uuid) -> ApiResult<()> {
    if store::hold_open(tx, id).await? {
        return Ok(());
    }
    Err(Problem::state_forbids("closed", &[]).into())
}
