//! What a waiver is.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::parties::Side;
use crate::plan::PlanSection;
use crate::platform::values::Timestamp;

/// A section that a party goes without.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlanWaiver {
    /// Its id.
    pub id: Uuid,
    /// The partnership.
    pub partnership_id: Uuid,
    /// The section.
    pub section: PlanSection,
    /// The party that waives it.
    pub party: Side,
    /// Why.
    pub reason: String,
    /// The member who waived it.
    pub waived_by: Uuid,
    /// When.
    pub waived_at: Timestamp,
    /// When it was taken back; `null` while it stands.
    pub withdrawn_at: Option<Timestamp>,
    /// Counts changes.
    pub version: i32,
}
