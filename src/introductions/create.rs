//! Drafts an introduction.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::Introduction;
use super::{events, others, policy, store};
use crate::parties::{self, PartnershipPath, Party};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Tx;
use crate::platform::db::constraints::violates;
use crate::platform::error::{ALREADY_EXISTS, ApiResult, Error, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::Money;
use crate::{changes, firms};

pub(super) struct DraftIntroduction;

impl Action for DraftIntroduction {
    const RULE: Rule = policy::PREPARE;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// A new introduction.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "client_id": "0198b6d2-7c1e-7a40-9d53-0b8f4c2f1a11", "summary": "Sells her practice next year and needs tax advice.",
    "expected_value": {"amount_minor": 1_200_000, "currency": "USD"},
}))]
pub struct CreateIntroduction {
    /// An id of your own (UUIDv7), where you create offline and send later.
    pub id: Option<Uuid>,
    /// Your client.
    pub client_id: Uuid,
    /// Why the two should meet. The receiver reads it while the identity is sealed: name no names.
    #[schema(min_length = 1, max_length = 2000)]
    pub summary: Option<String>,
    /// What you expect it to be worth.
    pub expected_value: Option<Money>,
    /// The closed introduction of this client to the same partner that this one follows.
    pub previous_id: Option<Uuid>,
}

/// Draft an introduction.
///
/// Of one of your clients, to the partner. Nobody else sees the draft until you offer it. While one
/// is open for the client and the partner, another answers 409 with `existing_id`.
#[utoipa::path(tag = "introductions", params(PartnershipPath),
    security(("person" = []), ("machine" = [DraftIntroduction::SCOPE])),
    responses((status = 201, description = "The draft.", body = Introduction)))]
#[post("/v1/partnerships/{partnership_id}/introductions")]
pub(super) async fn create_introduction(
    partnership: Allowed<DraftIntroduction>,
    Json(body): Json<CreateIntroduction>,
    app: App,
) -> ApiResult<Answer<Introduction>> {
    let caller = partnership.caller();
    let made = partnership.once(StatusCode::CREATED, async |tx| {
        draft(tx, &app, caller, &partnership, &body).await
    });
    match made.await {
        Err(error) => Err(name_the_open_one(
            &app,
            caller,
            body.client_id,
            partnership.partnership_id,
            error,
        )
        .await?),
        made => made,
    }
}

/// Makes a draft in a partnership.
pub async fn draft(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    party: &Party,
    body: &CreateIntroduction,
) -> ApiResult<Introduction> {
    let party = parties::hold(tx, party.partnership_id, caller.firm_id).await?;
    let party = party.ok_or_else(Problem::not_found)?;
    let now = app.clock.now();
    let today = now.date_in(&firms::zone(tx, caller.firm_id).await?);
    let draft = store::Draft {
        id: body.id.unwrap_or_else(|| app.ids.id(now)),
        partnership_id: party.partnership_id,
        receiver_firm_id: party.them,
        client_id: body.client_id,
        reference: &app.ids.reference(),
        summary: body.summary.as_deref(),
        expected: body.expected_value.as_ref(),
        previous_id: body.previous_id,
    };
    if let Some(previous_id) = body.previous_id {
        let same = (body.client_id, party.them);
        if !others::store::is_previous(tx, caller.firm_id, previous_id, same).await? {
            let detail =
                "There is no closed introduction of this client to this partner with this id.";
            return Err(Problem::invalid_field("/previous_id", "unknown", detail).into());
        }
    }
    let made = store::insert(tx, caller, &draft, today, now).await?;
    let made = made.ok_or_else(|| {
        Problem::invalid_field("/client_id", "unknown", "Your firm has no such client.")
    })?;
    changes::record(tx, events::done(caller, &made, "created")).await?;
    Ok(made)
}

/// Adds to a "there is an open one" which one it is.
pub(super) async fn name_the_open_one(
    app: &App,
    caller: &Caller,
    client_id: Uuid,
    partnership_id: Uuid,
    error: Error,
) -> ApiResult<Error> {
    if !violates(&error, store::OPEN_KEY) {
        return Ok(error);
    }
    let open = app
        .db
        .read(async |conn| {
            others::store::find_open(conn, caller.firm_id, client_id, partnership_id).await
        })
        .await?;
    let problem = Problem::new(
        &ALREADY_EXISTS,
        "An open introduction of this client to this firm exists.",
    );
    Ok(problem.with("existing_id", serde_json::json!(open)).into())
}
