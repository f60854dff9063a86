//! Changes a contact.

use actix_web::patch;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::create::check;
use super::get::ContactPath;
use super::model::{Contact, ContactFields, ContactReason};
use super::{policy, store};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, present, stale};
use crate::platform::values::{Date, EmailAddress, Name};
use crate::{changes, firms, parties};

pub(super) struct ChangeContact;

impl Action for ChangeContact {
    const RULE: Rule = policy::PREPARE;
    type Path = ContactPath;
    type Subject = Contact;

    fn judge(_: &Caller, contact: &Contact) -> Verdict {
        policy::may_write(contact.side)
    }
}

/// Changes to a contact (RFC 7396): what is absent stays, `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"away_from_on": "2026-03-02", "away_to_on": "2026-03-13"}))]
pub struct PatchContact {
    /// The member of your firm who it is.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Uuid>)]
    pub member_id: Option<Option<Uuid>>,
    /// The name.
    #[schema(nullable = false)]
    pub name: Option<Name>,
    /// What the teammate does. Both parties read it: name no client.
    #[schema(nullable = false, min_length = 1, max_length = 200, pattern = r"\S")]
    pub role: Option<String>,
    /// E-mail address.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<EmailAddress>)]
    pub email: Option<Option<EmailAddress>>,
    /// Phone number.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 50, pattern = r"\S")]
    pub phone: Option<Option<String>>,
    /// What to call about, all of it, the most important first.
    #[schema(nullable = false, min_items = 1, max_items = 11)]
    pub reasons: Option<Vec<ContactReason>>,
    /// Of two who are called for the same reason, the lower is called first.
    #[schema(nullable = false, minimum = 1, maximum = 100)]
    pub preference: Option<i16>,
    /// The first date on which not to call, in your firm's zone.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Date>)]
    pub away_from_on: Option<Option<Date>>,
    /// The last such date.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Date>)]
    pub away_to_on: Option<Option<Date>>,
}

impl PatchContact {
    /// The contact's fields with the changes.
    fn apply(self, contact: &Contact) -> ContactFields {
        ContactFields {
            member_id: self.member_id.unwrap_or(contact.member_id),
            name: self.name.unwrap_or_else(|| contact.name.clone()),
            role: self.role.unwrap_or_else(|| contact.role.clone()),
            email: self.email.unwrap_or_else(|| contact.email.clone()),
            phone: self.phone.unwrap_or_else(|| contact.phone.clone()),
            reasons: self.reasons.unwrap_or_else(|| contact.reasons.clone()),
            preference: self.preference.unwrap_or(contact.preference),
            away_from_on: self.away_from_on.unwrap_or(contact.away_from_on),
            away_to_on: self.away_to_on.unwrap_or(contact.away_to_on),
        }
    }
}

/// Change a contact.
///
/// One of your own party, while the partnership lives; with `If-Match`, so that two people do not undo each
/// other's work.
#[utoipa::path(tag = "contacts", params(ContactPath),
    security(("person" = []), ("machine" = [ChangeContact::SCOPE])),
    responses((status = 200, description = "The contact.", body = Contact)))]
#[patch("/v1/contacts/{contact_id}")]
pub(super) async fn patch_contact(
    contact: Allowed<ChangeContact>,
    Json(body): Json<PatchContact>,
    app: App,
) -> ApiResult<Answer<Contact>> {
    contact.unchanged()?;
    let (caller, now) = (contact.caller(), app.clock.now());
    let fields = body.apply(&contact);
    // Somebody who has left may stay named; nobody who has left is named anew.
    let named = fields.member_id.filter(|id| contact.member_id != Some(*id));
    let changed = app
        .db
        .write(async |tx| {
            let held = parties::hold(tx, contact.partnership_id, caller.firm_id).await?;
            let party = held.ok_or_else(Problem::not_found)?;
            check(tx, party.us, &fields, named).await?;
            let country = firms::country(tx, party.us).await?;
            let place = (contact.id, contact.version, country.as_ref());
            let Some(changed) = store::replace(tx, party.us, place, &fields, now).await? else {
                let current = store::find(tx, party.us, contact.id).await?;
                let current = current.ok_or_else(Problem::not_found)?;
                // Like this already, or somebody was faster.
                return if current.version == contact.version {
                    Ok(current)
                } else {
                    Err(stale(&current))
                };
            };
            changes::record(tx, changed.done(caller, "updated", now)).await?;
            Ok(changed)
        })
        .await?;
    Ok(Answer::ok(changed))
}
