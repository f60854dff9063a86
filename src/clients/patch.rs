//! Changes a client.

use std::collections::BTreeMap;

use actix_web::patch;
use serde::Deserialize;
use utoipa::ToSchema;

use super::create::name_the_other;
use super::get::ClientPath;
use super::model::{Attributes, Client, ClientFields, SlugName};
use super::{events, policy, schema, store};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::error::{ApiResult, Error, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, present, stale};
use crate::platform::values::{EmailAddress, Name};
use crate::{changes, firms};

pub(super) struct ChangeClient;

impl Action for ChangeClient {
    const RULE: Rule = policy::PREPARE;
    type Path = ClientPath;
    type Subject = Client;
}

/// Changes to a client (RFC 7396): what is absent stays, `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"phone": null, "attributes": {"investable_assets": 1_400_000, "age": null}}))]
pub struct PatchClient {
    /// The client's name.
    #[schema(nullable = false)]
    pub name: Option<Name>,
    /// E-mail address.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<EmailAddress>)]
    pub email: Option<Option<EmailAddress>>,
    /// Phone number.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 50, pattern = r"\S")]
    pub phone: Option<Option<String>>,
    /// What the firm notes.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 5000)]
    pub notes: Option<Option<String>>,
    /// Figures to set, and with `null` to remove.
    #[schema(schema_with = schema::attribute_changes)]
    pub attributes: Option<BTreeMap<String, Option<serde_json::Number>>>,
    /// Traits, all of them.
    #[schema(nullable = false, max_items = 50, value_type = Option<Vec<SlugName>>)]
    pub traits: Option<Vec<String>>,
    /// Whether it is another person than one with the same address or number.
    #[schema(nullable = false)]
    pub distinct_person: Option<bool>,
}

impl PatchClient {
    /// The client's fields with the changes.
    fn apply(self, client: &Client) -> ApiResult<ClientFields> {
        let mut attributes: Attributes = serde_json::from_str(client.attributes.get())
            .map_err(|error| Error::broken(format!("attributes: {error}")))?;
        for (name, value) in self.attributes.unwrap_or_default() {
            match value {
                Some(value) => attributes.insert(name, value),
                None => attributes.remove(&name),
            };
        }
        if attributes.len() > 50 {
            return Err(
                Problem::invalid_field("/attributes", "maxProperties", "50 at most.").into(),
            );
        }
        Ok(ClientFields {
            name: self.name.unwrap_or_else(|| client.name.clone()),
            email: self.email.unwrap_or_else(|| client.email.clone()),
            phone: self.phone.unwrap_or_else(|| client.phone.clone()),
            notes: self.notes.unwrap_or_else(|| client.notes.clone()),
            attributes,
            traits: self.traits.unwrap_or_else(|| client.traits.clone()),
            distinct_person: self.distinct_person.unwrap_or(client.distinct_person),
        })
    }
}

/// Change a client.
///
/// With `If-Match`, so that two people do not undo each other's work.
#[utoipa::path(tag = "clients", params(ClientPath), security(("person" = []), ("machine" = [ChangeClient::SCOPE])),
    responses((status = 200, description = "The client.", body = Client)))]
#[patch("/v1/clients/{client_id}")]
pub(super) async fn patch_client(
    client: Allowed<ChangeClient>,
    Json(body): Json<PatchClient>,
    app: App,
) -> ApiResult<Answer<Client>> {
    client.unchanged()?;
    let (caller, now) = (client.caller(), app.clock.now());
    let fields = body.apply(&client)?;
    let place = (client.id, caller.firm_id, Some(client.version));
    let changed = app
        .db
        .write(async |tx| {
            let country = firms::country(tx, caller.firm_id).await?;
            let Some(changed) = store::replace(tx, place, &fields, country.as_ref(), now).await?
            else {
                let current = store::find(tx, caller.firm_id, client.id)
                    .await?
                    .ok_or_else(Problem::not_found)?;
                return if current.version == client.version {
                    Ok(current)
                } else {
                    Err(stale(&current))
                };
            };
            changes::record(tx, events::updated(caller, &changed)).await?;
            Ok(changed)
        })
        .await;
    match changed {
        Ok(changed) => Ok(Answer::ok(changed)),
        Err(error) => Err(name_the_other(&app, caller, &fields, error).await?),
    }
}
