//! Reads what people received.

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::store;
use super::tally::{GiftTotal, totals};
use crate::firms;
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, NoPath, Query, Report};
use crate::platform::values::{Date, Money};
use crate::touchpoints::policy;
use crate::touchpoints::shares::before;

pub struct ReadGiftTotals;

impl Action for ReadGiftTotals {
    const RULE: Rule = policy::READ;
    type Path = NoPath;
    type Subject = ();
}

/// Which twelve months.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GiftTotalsQuery {
    /// The last date that counts; today in your firm's zone unless told.
    #[param(inline)]
    as_of_on: Option<Date>,
}

/// What people of partner firms received from your firm in twelve months.
#[derive(Debug, Serialize, ToSchema)]
pub struct GiftTotals {
    /// The first date that counts.
    pub from_on: Date,
    /// The last date that counts.
    pub as_of_on: Date,
    /// What one person may receive in twelve months; `null` where your firm has no limit.
    pub limit: Option<Money>,
    /// What each person received, by firm; in each currency for itself.
    pub totals: Vec<GiftTotal>,
}

/// Read what people received from your firm.
///
/// What each person of a partner firm received in the twelve months to a date, gifts, meals and all else that your
/// firm paid for, private touchpoints included, against your firm's limit. Your firm alone reads it.
#[utoipa::path(tag = "touchpoints", params(GiftTotalsQuery),
    security(("person" = []), ("machine" = [ReadGiftTotals::SCOPE])),
    responses((status = 200, description = "The totals.", body = GiftTotals)))]
#[get("/v1/gift-totals")]
pub async fn get_gift_totals(
    firm: Allowed<ReadGiftTotals>,
    Query(query): Query<GiftTotalsQuery>,
    app: App,
) -> ApiResult<Report<GiftTotals>> {
    let (firm_id, now) = (firm.caller().firm_id, app.clock.now());
    if query.as_of_on.is_some_and(|on| !is_told(on)) {
        let detail = "It is a date from 1900 to 2199.";
        return Err(Problem::malformed("as_of_on", "window", detail).into());
    }
    let told = app
        .db
        .read(async |conn| {
            let own = firms::find(conn, firm_id).await?;
            let own = own.ok_or_else(Problem::not_found)?;
            let as_of_on = query.as_of_on.unwrap_or(now.date_in(&own.time_zone));
            let after = before(as_of_on);
            let gifts = store::list(conn, firm_id, (after, as_of_on)).await?;
            Ok(GiftTotals {
                from_on: after.plus_days(1),
                as_of_on,
                totals: totals(&gifts, own.gift_limit.as_ref()),
                limit: own.gift_limit,
            })
        })
        .await?;
    Ok(Report(told))
}

/// Whether a date is one that somebody may mean.
fn is_told(on: Date) -> bool {
    let bounds = Date::new(1900, 1, 1).zip(Date::new(2200, 1, 1));
    bounds.is_some_and(|(first, end)| first <= on && on < end)
}
