//! Removes a contact.

use actix_web::{HttpResponse, delete};

use super::get::ContactPath;
use super::model::Contact;
use super::{policy, store};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, no_content};
use crate::{changes, parties};

pub(super) struct RemoveContact;

impl Action for RemoveContact {
    const RULE: Rule = policy::PREPARE;
    type Path = ContactPath;
    type Subject = Contact;

    fn judge(_: &Caller, contact: &Contact) -> Verdict {
        policy::may_write(contact.side)
    }
}

/// Remove a contact.
///
/// One of your own party, while the partnership lives. It is gone, and both change feeds say so.
#[utoipa::path(tag = "contacts", params(ContactPath),
    security(("person" = []), ("machine" = [RemoveContact::SCOPE])),
    responses((status = 204, description = "It is removed."),
        (status = 409, description = "The partnership has ended.", body = crate::platform::error::ProblemDocument, content_type = "application/problem+json")))]
#[delete("/v1/contacts/{contact_id}")]
pub(super) async fn delete_contact(
    contact: Allowed<RemoveContact>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (caller, now) = (contact.caller(), app.clock.now());
    app.db
        .write(async |tx| {
            let held = parties::hold(tx, contact.partnership_id, caller.firm_id).await?;
            held.ok_or_else(Problem::not_found)?;
            let removed = store::remove(tx, caller.firm_id, contact.id).await?;
            let removed = removed.ok_or_else(Problem::not_found)?;
            changes::record(tx, removed.done(caller, "deleted", now)).await
        })
        .await?;
    Ok(no_content())
}
