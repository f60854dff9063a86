//! Changes the settings of the caller's firm.

use actix_web::patch;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Firm, store};
use crate::changes::{self, Change, Kind};
use crate::platform::app::App;
use crate::platform::auth::{Duty, Rule};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, NoPath, present, stale};
use crate::platform::values::{Country, Money, Name, TimeZone};

pub(super) struct ChangeFirm;

impl Action for ChangeFirm {
    const RULE: Rule = Rule::people(Duty::Run);
    type Path = NoPath;
    type Subject = Firm;
}

/// Changes to a firm (RFC 7396): what is absent stays, `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Red Mesa Wealth", "retention_months": 84, "gift_limit": {"amount_minor": 10_000, "currency": "USD"}}))]
pub struct PatchFirm {
    /// Its name, as its partners see it.
    #[schema(nullable = false)]
    pub name: Option<Name>,
    /// The zone in which its dates are meant.
    #[schema(nullable = false)]
    pub time_zone: Option<TimeZone>,
    /// Where a phone number without a country code is dialled.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Country>)]
    pub country: Option<Option<Country>>,
    /// For how many months it keeps clients with whom nothing happens; `null` for ever.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 1200)]
    pub retention_months: Option<Option<i32>>,
    /// What gifts and meals for one person may come to in twelve months.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Money>)]
    pub gift_limit: Option<Option<Money>>,
}

impl PatchFirm {
    /// The firm with the changes.
    fn apply(self, firm: &Firm) -> Firm {
        Firm {
            name: self.name.unwrap_or_else(|| firm.name.clone()),
            time_zone: self.time_zone.unwrap_or_else(|| firm.time_zone.clone()),
            country: self.country.unwrap_or_else(|| firm.country.clone()),
            retention_months: self.retention_months.unwrap_or(firm.retention_months),
            gift_limit: self.gift_limit.unwrap_or_else(|| firm.gift_limit.clone()),
            ..firm.clone()
        }
    }
}

/// Change your firm's settings.
///
/// For its admins; with `If-Match`, so that two of them do not undo each other's work.
#[utoipa::path(tag = "firms", security(("person" = [])),
    responses((status = 200, description = "Your firm.", body = Firm)))]
#[patch("/v1/firm")]
pub(super) async fn patch_firm(
    firm: Allowed<ChangeFirm>,
    Json(body): Json<PatchFirm>,
    app: App,
) -> ApiResult<Answer<Firm>> {
    firm.unchanged()?;
    let (caller, now) = (firm.caller(), app.clock.now());
    let wanted = body.apply(&firm);
    let changed = app
        .db
        .write(async |tx| {
            let version = store::replace(tx, &wanted, now).await?;
            let current = store::find(tx, firm.id).await?;
            let current = current.ok_or_else(Problem::not_found)?;
            match version {
                Some(version) => {
                    let change = Change::by(caller, Kind::Firm, firm.id, "updated", now);
                    changes::record(tx, change.version(version)).await?;
                    Ok(current)
                }
                None if current.version == firm.version => Ok(current),
                None => Err(stale(&current)),
            }
        })
        .await?;
    Ok(Answer::ok(changed))
}
