//! Creates a client.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Attributes, Client, ClientFields, SlugName};
use super::{events, policy, schema, store};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Tx;
use crate::platform::db::constraints::violates;
use crate::platform::error::{ALREADY_EXISTS, ApiResult, Error, FieldError, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, NoPath};
use crate::platform::values::{EmailAddress, Name};
use crate::{changes, firms};

pub(super) struct PrepareClient;

impl Action for PrepareClient {
    const RULE: Rule = policy::PREPARE;
    type Path = NoPath;
    type Subject = ();
}

/// A new client.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Mary Greene", "email": "mary@example.org", "attributes": {"investable_assets": 1_250_000}}))]
pub struct CreateClient {
    /// An id of your own (UUIDv7), where you create offline and send later.
    pub id: Option<Uuid>,
    /// The client's name.
    pub name: Name,
    /// E-mail address.
    pub email: Option<EmailAddress>,
    /// Phone number, as it is dialled in your firm's country or with a country code.
    #[schema(min_length = 1, max_length = 50, pattern = r"\S")]
    pub phone: Option<String>,
    /// What the firm notes; a partner sees it once the client is made known.
    #[schema(min_length = 1, max_length = 5000)]
    pub notes: Option<String>,
    /// Figures by name; a partner sees them even while the identity is sealed.
    #[serde(default)]
    #[schema(schema_with = schema::attributes)]
    pub attributes: Attributes,
    /// Traits by name; a partner sees them even while the identity is sealed.
    #[serde(default)]
    #[schema(max_items = 50, value_type = Vec<SlugName>)]
    pub traits: Vec<String>,
    /// Whether it is another person than one with the same address or number.
    #[serde(default)]
    pub distinct_person: bool,
}

impl CreateClient {
    /// The id, if the caller made one, and what the client consists of.
    pub fn split(self) -> (Option<Uuid>, ClientFields) {
        let Self {
            id,
            name,
            email,
            phone,
            notes,
            attributes,
            traits,
            distinct_person,
        } = self;
        (
            id,
            ClientFields {
                name,
                email,
                phone,
                notes,
                attributes,
                traits,
                distinct_person,
            },
        )
    }
}

/// Create a client.
///
/// A client with the same address or number answers 409 with `existing_id`, unless you say
/// `distinct_person`.
#[utoipa::path(tag = "clients", security(("person" = []), ("machine" = [PrepareClient::SCOPE])),
    responses((status = 201, description = "The client.", body = Client)))]
#[post("/v1/clients")]
pub(super) async fn create_client(
    firm: Allowed<PrepareClient>,
    Json(body): Json<CreateClient>,
    app: App,
) -> ApiResult<Answer<Client>> {
    let (id, fields) = body.split();
    let made = firm
        .once(StatusCode::CREATED, async |tx| {
            create(tx, &app, firm.caller(), id, &fields).await
        })
        .await;
    match made {
        Err(error) => Err(name_the_other(&app, firm.caller(), &fields, error).await?),
        made => made,
    }
}

/// Makes a client of the caller's firm.
pub async fn create(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    id: Option<Uuid>,
    fields: &ClientFields,
) -> ApiResult<Client> {
    let now = app.clock.now();
    let id = id.unwrap_or_else(|| app.ids.id(now));
    let country = firms::country(tx, caller.firm_id).await?;
    let client = store::insert(tx, (id, caller.firm_id), fields, country.as_ref(), now).await?;
    changes::record(tx, events::created(caller, &client)).await?;
    Ok(client)
}

/// Adds to a "there is such a client" which one it is.
pub(super) async fn name_the_other(
    app: &App,
    caller: &Caller,
    fields: &ClientFields,
    error: Error,
) -> ApiResult<Error> {
    let pointer = if violates(&error, store::EMAIL_KEY) {
        "/email"
    } else if violates(&error, store::PHONE_KEY) {
        "/phone"
    } else {
        return Ok(error);
    };
    let by_email = fields.email.as_ref().filter(|_| pointer == "/email");
    let other = app
        .db
        .read(async |conn| {
            let country = firms::country(conn, caller.firm_id).await?;
            let phone = fields
                .phone_in(country.as_ref())
                .and_then(|phone| phone.e164);
            let by_phone = phone.as_deref().filter(|_| pointer == "/phone");
            store::find_same(conn, caller.firm_id, by_email, by_phone).await
        })
        .await?;
    let detail = "A client of yours has the same; say `distinct_person` if it is another.";
    let problem =
        Problem::new(&ALREADY_EXISTS, detail).with("existing_id", serde_json::json!(other));
    Ok(problem
        .about(FieldError::new(
            pointer,
            "taken",
            "Another client of yours has this.",
        ))
        .into())
}
