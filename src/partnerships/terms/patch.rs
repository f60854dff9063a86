//! Writes the terms of a partnership.

use actix_web::patch;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{Compensation, PartnershipTerms};
use super::store;
use crate::changes::{self, Change, Kind};
use crate::firms;
use crate::parties::{self, PartnershipPath, Party};
use crate::partnerships::policy;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, present, stale};
use crate::platform::values::{Date, Timestamp};

pub struct AgreeTerms;

impl Action for AgreeTerms {
    const RULE: Rule = policy::COMMIT;
    type Path = PartnershipPath;
    type Subject = PartnershipTerms;
}

/// Changes to the terms (RFC 7396): what is absent stays, `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"exclusive": false, "clients_informed": true, "review_on": "2027-03-01", "compensation": {"kind": "none", "basis_points": null, "amount": null, "paid_by": null, "disclosed_to_clients": null, "note": null}}))]
pub struct PatchPartnershipTerms {
    /// Whether the two work with nobody else in this field.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<bool>)]
    pub exclusive: Option<Option<bool>>,
    /// Whether clients are told of the arrangement.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<bool>)]
    pub clients_informed: Option<Option<bool>>,
    /// When the two look at it again.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Date>)]
    pub review_on: Option<Option<Date>>,
    /// What is paid for introductions, as a whole.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Compensation>)]
    pub compensation: Option<Option<Compensation>>,
}

impl PatchPartnershipTerms {
    /// The terms with the changes.
    fn apply(self, terms: &PartnershipTerms) -> ApiResult<PartnershipTerms> {
        let compensation = self
            .compensation
            .unwrap_or_else(|| terms.compensation.clone());
        let complaints = compensation.as_ref().map(Compensation::complaints);
        match complaints.unwrap_or_default() {
            none if none.is_empty() => Ok(PartnershipTerms {
                exclusive: self.exclusive.unwrap_or(terms.exclusive),
                clients_informed: self.clients_informed.unwrap_or(terms.clients_informed),
                review_on: self.review_on.unwrap_or(terms.review_on),
                compensation,
                ..terms.clone()
            }),
            complaints => Err(Problem::invalid(complaints).into()),
        }
    }
}

/// Write the terms of a partnership.
///
/// Either party, as long as the partnership lives; with `If-Match`, so that nobody overwrites what the
/// other has just written. The other party is told, and every version is kept.
#[utoipa::path(tag = "partnerships", params(PartnershipPath), security(("person" = [])),
    responses((status = 200, description = "The terms.", body = PartnershipTerms)))]
#[patch("/v1/partnerships/{partnership_id}/terms")]
pub async fn patch_partnership_terms(
    terms: Allowed<AgreeTerms>,
    Json(body): Json<PatchPartnershipTerms>,
    app: App,
) -> ApiResult<Answer<PartnershipTerms>> {
    terms.unchanged()?;
    let (caller, now) = (terms.caller(), app.clock.now());
    let wanted = body.apply(&terms)?;
    let written = app
        .db
        .write(async |tx| write(tx, caller, &terms, &wanted, now).await)
        .await?;
    Ok(Answer::ok(written))
}

async fn write(
    tx: &Tx,
    caller: &Caller,
    before: &PartnershipTerms,
    wanted: &PartnershipTerms,
    now: Timestamp,
) -> ApiResult<PartnershipTerms> {
    let held = parties::hold(tx, before.partnership_id, caller.firm_id).await?;
    let party: Party = held.ok_or_else(Problem::not_found)?;
    let today = now.date_in(&firms::zone(tx, party.us).await?);
    let current = store::find(tx, &party).await?.warned(today);
    if current.version != before.version {
        return Err(stale(&current));
    }
    let same = (
        current.exclusive,
        current.clients_informed,
        current.review_on,
    ) == (wanted.exclusive, wanted.clients_informed, wanted.review_on)
        && current.compensation == wanted.compensation;
    if same {
        return Ok(current);
    }
    let made = store::insert(tx, caller, &party, wanted, now).await?;
    if made.is_none() {
        // The other party's version committed between our look and our write.
        let current = store::find(tx, &party).await?.warned(today);
        return Err(stale(&current));
    }
    let written = store::find(tx, &party).await?.warned(today);
    let change = Change::by(
        caller,
        Kind::PartnershipTerms,
        party.partnership_id,
        "updated",
        now,
    )
    .version(written.version)
    .within(party.partnership_id)
    .seen_by([party.us, party.them]);
    changes::record(tx, change).await?;
    Ok(written)
}
