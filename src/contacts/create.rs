//! Names a contact.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Contact, ContactFields, ContactReason};
use super::{policy, store};
use crate::parties::{self, PartnershipPath, Party};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, FieldError, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json};
use crate::platform::values::{Date, EmailAddress, Name, Timestamp};
use crate::{changes, firms, members};

/// So many contacts a party has in a partnership at most.
const MOST: i64 = 200;

pub(super) struct NameContact;

impl Action for NameContact {
    const RULE: Rule = policy::PREPARE;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// A teammate of your party whom the other may call.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Nora Lindt", "role": "Tax manager", "phone": "(303) 555-0147", "reasons": [{"reason": "tax", "detail": "Returns of trusts."}, {"reason": "documents", "detail": null}]}))]
pub struct CreateContact {
    /// An id of your own (UUIDv7), where you create offline and send later.
    pub id: Option<Uuid>,
    /// The member of your firm who it is, where the teammate signs in.
    pub member_id: Option<Uuid>,
    /// The name.
    pub name: Name,
    /// What the teammate does. Both parties read it: name no client.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    pub role: String,
    /// E-mail address.
    pub email: Option<EmailAddress>,
    /// Phone number, as it is dialled in your firm's country or with a country code.
    #[schema(min_length = 1, max_length = 50, pattern = r"\S")]
    pub phone: Option<String>,
    /// What to call about, the most important first; each reason once.
    #[schema(min_items = 1, max_items = 11)]
    pub reasons: Vec<ContactReason>,
    /// Of two who are called for the same reason, the lower is called first; 1 unless told.
    #[schema(minimum = 1, maximum = 100)]
    pub preference: Option<i16>,
    /// The first date on which not to call, in your firm's zone.
    pub away_from_on: Option<Date>,
    /// The last such date.
    pub away_to_on: Option<Date>,
}

impl CreateContact {
    fn split(self) -> (Option<Uuid>, ContactFields) {
        let fields = ContactFields {
            member_id: self.member_id,
            name: self.name,
            role: self.role,
            email: self.email,
            phone: self.phone,
            reasons: self.reasons,
            preference: self.preference.unwrap_or(1),
            away_from_on: self.away_from_on,
            away_to_on: self.away_to_on,
        };
        (self.id, fields)
    }
}

/// Name a contact.
///
/// A teammate of your party, with the reasons for which the other may call. Both parties read it.
#[utoipa::path(tag = "contacts", params(PartnershipPath),
    security(("person" = []), ("machine" = [NameContact::SCOPE])),
    responses((status = 201, description = "The contact.", body = Contact)))]
#[post("/v1/partnerships/{partnership_id}/contacts")]
pub(super) async fn create_contact(
    partnership: Allowed<NameContact>,
    Json(body): Json<CreateContact>,
    app: App,
) -> ApiResult<Answer<Contact>> {
    let (caller, now) = (partnership.caller(), app.clock.now());
    let (id, fields) = body.split();
    let id = id.unwrap_or_else(|| app.ids.id(now));
    partnership
        .once(StatusCode::CREATED, async |tx| {
            create(tx, caller, (id, &partnership), &fields, now).await
        })
        .await
}

/// Names a teammate of a party.
pub async fn create(
    tx: &Tx,
    caller: &Caller,
    (id, party): (Uuid, &Party),
    fields: &ContactFields,
    now: Timestamp,
) -> ApiResult<Contact> {
    let held = parties::hold(tx, party.partnership_id, caller.firm_id).await?;
    let party = held.ok_or_else(Problem::not_found)?;
    check(tx, party.us, fields, fields.member_id).await?;
    if store::count(tx, &party).await? >= MOST {
        return Err(Problem::state_forbids("full", &["delete"]).into());
    }
    let country = firms::country(tx, party.us).await?;
    let place = (id, country.as_ref());
    let made = store::insert(tx, caller, &party, place, fields, now).await?;
    changes::record(tx, made.done(caller, "created", now)).await?;
    Ok(made)
}

/// Asks that the fields go together, and that the member who is named anew is one of the firm.
pub(super) async fn check(
    tx: &Tx,
    firm_id: Uuid,
    fields: &ContactFields,
    named: Option<Uuid>,
) -> ApiResult<()> {
    let mut errors = fields.complaints();
    if let Some(id) = named
        && members::find_active(tx, firm_id, id).await?.is_none()
    {
        let detail = "Your firm has no such active member.";
        errors.push(FieldError::new("/member_id", "unknown", detail));
    }
    if errors.is_empty() {
        return Ok(());
    }
    Err(Problem::invalid(errors).into())
}
