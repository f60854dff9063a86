//! Records a contribution.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Contribution, ContributionKind};
use super::store;
use crate::changes;
use crate::firms;
use crate::parties::{self, PartnershipPath, Party};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::Date;
use crate::reciprocity::policy;

pub struct RecordContribution;

impl Action for RecordContribution {
    const RULE: Rule = policy::PREPARE;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// Something that your party gave the other besides clients.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "teaching", "words": "An evening on trusts for their staff.", "happened_on": "2026-03-02"}))]
pub struct CreateContribution {
    /// An id of your own (UUIDv7), where you create offline and send later.
    pub id: Option<Uuid>,
    /// What kind of thing it was.
    pub kind: ContributionKind,
    /// What it was. Both parties read it: name no client.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    pub words: String,
    /// When it was given; not in the future.
    pub happened_on: Date,
}

/// Record a contribution.
///
/// What your party gave the other besides clients: advice, teaching, content. It counts once the other party
/// has confirmed it.
#[utoipa::path(tag = "reciprocity", params(PartnershipPath),
    security(("person" = []), ("machine" = [RecordContribution::SCOPE])),
    responses((status = 201, description = "The contribution.", body = Contribution)))]
#[post("/v1/partnerships/{partnership_id}/contributions")]
pub async fn create_contribution(
    partnership: Allowed<RecordContribution>,
    Json(body): Json<CreateContribution>,
    app: App,
) -> ApiResult<Answer<Contribution>> {
    let (caller, now) = (partnership.caller(), app.clock.now());
    partnership
        .once(StatusCode::CREATED, async |tx| {
            let held = parties::hold(tx, partnership.partnership_id, caller.firm_id).await?;
            let party = held.ok_or_else(Problem::not_found)?;
            let today = now.date_in(&firms::zone(tx, party.us).await?);
            if body.happened_on > today {
                let detail = "That is still to come.";
                return Err(Problem::invalid_field("/happened_on", "in_the_future", detail).into());
            }
            let record = store::Record {
                id: body.id.unwrap_or_else(|| app.ids.id(now)),
                kind: body.kind,
                words: &body.words,
                happened_on: body.happened_on,
            };
            let made = store::insert(tx, caller, &party, &record, now).await?;
            changes::record(tx, made.done(caller, "created", now)).await?;
            Ok(made)
        })
        .await
}
