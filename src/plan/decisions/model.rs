//! What a decision is.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::parties::Side;
use crate::platform::values::Timestamp;
use crate::words;

words! {
    /// Whether the partnership makes sense for a party's business.
    pub enum Decision {
        /// It does.
        Proceed = "proceed",
        /// It does not, or not any more. Of an active partnership it asks for a pause or an end.
        DoNotProceed = "do_not_proceed",
    }
}

/// A party's decision whether the partnership makes sense for its business.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlanDecision {
    /// Its id.
    pub id: Uuid,
    /// The partnership.
    pub partnership_id: Uuid,
    /// The party that decided.
    pub party: Side,
    /// What it decided.
    pub decision: Decision,
    /// Why.
    pub reason: String,
    /// The member who decided.
    pub decided_by: Uuid,
    /// When.
    pub decided_at: Timestamp,
}
