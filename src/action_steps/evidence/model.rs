//! What evidence is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::platform::values::Timestamp;
use crate::words;

words! {
    /// What kind of evidence it is.
    pub enum EvidenceKind {
        /// A note.
        Note = "note",
        /// A link, and if need be what is said of it.
        Link = "link",
    }
}

/// What the owner of a step shows for it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Evidence {
    /// Its id.
    pub id: Uuid,
    /// The step.
    pub action_step_id: Uuid,
    /// What kind it is.
    pub kind: EvidenceKind,
    /// The note, or what is said of the link.
    pub text: Option<String>,
    /// Where the link leads.
    pub url: Option<String>,
    /// The member or API client that added it.
    pub added_by: Uuid,
    /// When.
    pub created_at: Timestamp,
}

/// Something to show for a step.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "link", "url": "https://files.redmesa.example/letters/17", "text": "The signed letter."}))]
pub struct AddEvidence {
    /// An id of your own (UUIDv7), where you create offline and send later.
    pub id: Option<Uuid>,
    /// What kind it is.
    pub kind: EvidenceKind,
    /// The note, or what is said of the link. Both parties read it: name no client.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub text: Option<String>,
    /// Where the link leads.
    #[schema(min_length = 9, max_length = 2000, pattern = r"^https://[^\s]+$")]
    pub url: Option<String>,
}
