//! Creates or replaces a client by its id in another system.

use actix_web::put;

use crate::clients::create::name_the_other;
use crate::clients::store::{EMAIL_KEY, EXTERNAL_ID_KEY, PHONE_KEY};
use crate::clients::{Client, ClientFields, events, policy, store};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, ExternalIdPath, Json, Outcome};
use crate::{changes, firms};

pub struct UpsertClient;

impl Action for UpsertClient {
    const RULE: Rule = policy::PREPARE;
    type Path = ExternalIdPath;
    type Subject = ExternalIdPath;
}

/// Create or replace a client by external id.
///
/// Repeat it as often as you like: the `Quid-Upsert` header tells whether the client was `created`,
/// `updated` or `unchanged`. What is absent from the body is cleared.
#[utoipa::path(tag = "clients", params(ExternalIdPath), security(("person" = []), ("machine" = [UpsertClient::SCOPE])),
    responses((status = 200, description = "The client; it was there.", body = Client),
        (status = 201, description = "The client; it was created.", body = Client)))]
#[put("/v1/clients/by-external-id/{system}/{external_id}")]
pub async fn upsert_client(
    id: Allowed<UpsertClient>,
    Json(body): Json<ClientFields>,
    app: App,
) -> ApiResult<Answer<Client>> {
    let caller = id.caller();
    let done = app
        .db
        .write_again(&[EXTERNAL_ID_KEY, EMAIL_KEY, PHONE_KEY], async |tx| {
            upsert(tx, &app, caller, &id, &body).await
        })
        .await;
    match done {
        Ok((client, outcome)) => Ok(Answer::upserted(client, outcome)),
        Err(error) => Err(name_the_other(&app, caller, &body, error).await?),
    }
}

async fn upsert(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    place: &ExternalIdPath,
    fields: &ClientFields,
) -> ApiResult<(Client, Outcome)> {
    let (firm_id, now) = (caller.firm_id, app.clock.now());
    let (system, external_id) = (&place.system, &place.external_id);
    let country = firms::country(tx, firm_id).await?;
    let Some(current) = store::find_by_external_id(tx, firm_id, system, external_id).await? else {
        let made = store::insert(
            tx,
            (app.ids.id(now), firm_id),
            fields,
            country.as_ref(),
            now,
        )
        .await?;
        store::insert_external_id(tx, (firm_id, made.id), system, external_id).await?;
        changes::record(tx, events::created(caller, &made)).await?;
        let made = store::find(tx, firm_id, made.id).await?.unwrap_or(made);
        return Ok((made, Outcome::Created));
    };
    match store::replace(
        tx,
        (current.id, firm_id, None),
        fields,
        country.as_ref(),
        now,
    )
    .await?
    {
        // Like this already, or another request has just made it so.
        None => {
            let current = store::find(tx, firm_id, current.id).await?;
            let current = current.ok_or_else(Problem::not_found)?;
            Ok((current, Outcome::Unchanged))
        }
        Some(changed) => {
            changes::record(tx, events::updated(caller, &changed)).await?;
            Ok((changed, Outcome::Updated))
        }
    }
}
