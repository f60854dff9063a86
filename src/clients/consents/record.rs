//! Records a client's consent.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ended::{tell, tell_expired};
use super::store;
use crate::clients::get::ClientPath;
use crate::clients::model::{Client, Consent, ConsentMethod};
use crate::clients::policy;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{ALREADY_EXISTS, ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, Shown};
use crate::platform::values::{Date, Timestamp};
use crate::{firms, parties};

pub struct RecordConsent;

impl Action for RecordConsent {
    const RULE: Rule = policy::CONSENT;
    type Path = ClientPath;
    type Subject = Client;
}

impl Shown for Consent {
    const COLLECTION: &'static str = "/v1/consents/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find_consent(conn, caller.firm_id, id).await
    }
}

/// A consent to be recorded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "partnership_id": "0198b6d2-7c1e-7a40-9d53-0b8f4c2f1a11", "given_on": "2026-03-02", "method": "written",
    "scope": "Name, address and the reason for the introduction", "ends_on": "2027-03-01",
}))]
pub struct CreateConsent {
    /// An id of your own (UUIDv7).
    pub id: Option<Uuid>,
    /// The partnership with the firm that the client may be made known to.
    pub partnership_id: Uuid,
    /// When the client gave it; not in the future.
    pub given_on: Date,
    /// How the client gave it.
    pub method: ConsentMethod,
    /// What it covers.
    #[schema(min_length = 1, max_length = 1000)]
    pub scope: Option<String>,
    /// The last day on which it holds, in your firm's zone; without end unless told.
    pub ends_on: Option<Date>,
}

/// Record a client's consent.
///
/// From then on the partner sees who the client is in introductions that it has accepted.
#[utoipa::path(tag = "consents", params(ClientPath), security(("person" = []), ("machine" = [RecordConsent::SCOPE])),
    responses((status = 201, description = "The consent.", body = Consent)))]
#[post("/v1/clients/{client_id}/consents")]
pub async fn record_consent(
    client: Allowed<RecordConsent>,
    Json(body): Json<CreateConsent>,
    app: App,
) -> ApiResult<Answer<Consent>> {
    client
        .once(StatusCode::CREATED, async |tx| {
            record(tx, &app, client.caller(), client.id, &body).await
        })
        .await
}

async fn record(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    client_id: Uuid,
    body: &CreateConsent,
) -> ApiResult<Consent> {
    let now = app.clock.now();
    let party = parties::hold(tx, body.partnership_id, caller.firm_id).await?;
    let party = party.ok_or_else(|| {
        Problem::invalid_field(
            "/partnership_id",
            "unknown",
            "You have no such partnership that was accepted.",
        )
    })?;
    let zone = firms::zone(tx, caller.firm_id).await?;
    if body.given_on > now.date_in(&zone) {
        return Err(Problem::invalid_field(
            "/given_on",
            "future",
            "It can't have been given after today.",
        )
        .into());
    }
    if body.ends_on.is_some_and(|until| until < body.given_on) {
        return Err(
            Problem::invalid_field("/ends_on", "order", "It ends before it was given.").into(),
        );
    }
    let expired = store::retire_expired(tx, client_id, party.them, now).await?;
    tell_expired(tx, &expired, now).await?;
    if let Some(standing) = store::find_standing(tx, client_id, party.them).await? {
        let problem = Problem::new(
            &ALREADY_EXISTS,
            "The client's consent for this partner is recorded already.",
        );
        return Err(problem
            .with("existing_id", serde_json::json!(standing))
            .into());
    }
    let new = store::NewConsent {
        id: body.id.unwrap_or_else(|| app.ids.id(now)),
        client_id,
        firm_id: caller.firm_id,
        partner_firm_id: party.them,
        partnership_id: party.partnership_id,
        given_on: body.given_on,
        method: body.method,
        scope: body.scope.as_deref(),
        ends_on: body.ends_on,
        expires_at: body.ends_on.map(|until| until.end_in(&zone)),
        recorded_by: caller.actor_id(),
    };
    let consent = store::insert_consent(tx, new, now).await?;
    let consent = consent.ok_or_else(Problem::not_found)?;
    tell(tx, caller, &consent, "created", now).await?;
    Ok(consent)
}
