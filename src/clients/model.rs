//! What a client and a consent are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::platform::db::columns::{ExternalIds, RawJson};
use crate::platform::values::{Country, Date, EmailAddress, Name, Phone, Timestamp};
use crate::words;

use super::schema;

/// Figures by name: `{"investable_assets": 1250000}`.
pub type Attributes = BTreeMap<String, serde_json::Number>;

/// A client, as the firm that serves it sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Client {
    /// Its id.
    pub id: Uuid,
    /// The client's name.
    pub name: Name,
    /// E-mail address.
    pub email: Option<EmailAddress>,
    /// Phone number as it was written.
    pub phone: Option<String>,
    /// Phone number in E.164; `null` where it can't be read as a number.
    pub phone_e164: Option<String>,
    /// What the firm noted.
    pub notes: Option<String>,
    /// Figures by name.
    #[schema(value_type = BTreeMap<String, f64>)]
    pub attributes: RawJson,
    /// Traits by name.
    pub traits: Vec<String>,
    /// Whether the firm says that it is another person than one with the same address or number.
    pub distinct_person: bool,
    /// The client's ids in your other systems, by system.
    #[schema(value_type = BTreeMap<String, String>)]
    pub external_ids: ExternalIds,
    /// What you may want to look at.
    pub warnings: Vec<ClientWarning>,
    /// The legal hold on the record; `null` without. A held client can't be erased.
    #[schema(nullable)]
    pub legal_hold: Option<LegalHold>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts changes.
    pub version: i32,
}

/// A legal hold on a client's record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LegalHold {
    /// Why it is held.
    pub reason: String,
    /// The member who laid it.
    pub held_by: Option<Uuid>,
    /// Since when.
    pub held_at: Timestamp,
}

words! {
    /// What may be wrong with a client's record.
    pub enum ClientWarning {
        /// The phone number is kept as written, since it can't be read as a number.
        PhoneNotRead = "phone_not_read",
        /// Another client of the firm has the same name.
        SameName = "same_name",
    }
}

/// What a client consists of, when it is created or replaced.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Mary Greene", "email": "mary@example.org", "phone": "(212) 555-0123",
    "attributes": {"investable_assets": 1_250_000}, "traits": ["business_owner"],
}))]
pub struct ClientFields {
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

/// A name of a figure or trait: a lower-case letter, then letters, digits and underscores.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, pattern = "^[a-z][a-z0-9_]{0,62}$", max_length = 63, example = "business_owner")]
#[expect(
    dead_code,
    reason = "documents and checks the names; they are plain text inside"
)]
pub struct SlugName(String);

impl ClientFields {
    /// The phone number, read as it is dialled in the country.
    pub fn phone_in(&self, country: Option<&Country>) -> Option<Phone> {
        self.phone
            .as_deref()
            .map(|written| Phone::read(written, country))
    }
}

words! {
    /// How a client gave consent.
    pub enum ConsentMethod {
        /// On paper, signed.
        Written = "written",
        /// By word of mouth.
        Verbal = "verbal",
        /// By mail or a web form.
        Electronic = "electronic",
    }
}

/// A client's leave to be made known to one partner firm.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Consent {
    /// Its id.
    pub id: Uuid,
    /// The client.
    pub client_id: Uuid,
    /// The partnership for which it was recorded.
    pub partnership_id: Uuid,
    /// The firm that the client may be made known to.
    pub partner_firm_id: Uuid,
    /// When the client gave it.
    pub given_on: Date,
    /// How the client gave it.
    pub method: ConsentMethod,
    /// What it covers.
    pub scope: Option<String>,
    /// The last day on which it holds, in the firm's zone.
    pub ends_on: Option<Date>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// When it ended: the client took it back, or another followed after it had run out.
    pub withdrawn_at: Option<Timestamp>,
    /// Counts changes.
    pub version: i32,
}
