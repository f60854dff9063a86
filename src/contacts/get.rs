//! Reads one contact.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::model::Contact;
use super::{policy, store};
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Answer, IdPath, Shown};
use crate::platform::values::Timestamp;

/// Which contact.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ContactPath {
    /// The contact's id.
    pub contact_id: Uuid,
}

impl IdPath for ContactPath {
    fn id(&self) -> Uuid {
        self.contact_id
    }
}

impl Shown for Contact {
    const COLLECTION: &'static str = "/v1/contacts/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id, id).await
    }
}

pub(super) struct ReadContact;

impl Action for ReadContact {
    const RULE: Rule = policy::READ;
    type Path = ContactPath;
    type Subject = Contact;
}

/// Read a contact.
///
/// Of either party's.
#[utoipa::path(tag = "contacts", params(ContactPath),
    security(("person" = []), ("machine" = [ReadContact::SCOPE])),
    responses((status = 200, description = "The contact.", body = Contact)))]
#[get("/v1/contacts/{contact_id}")]
pub(super) async fn get_contact(contact: Allowed<ReadContact>) -> Answer<Contact> {
    Answer::ok(contact.into_subject())
}
