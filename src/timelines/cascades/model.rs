//! What a cascade is.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::parties::Side;
use crate::platform::values::{Date, Timestamp};
use crate::words;

words! {
    /// What becomes of the date of a step in a cascade.
    pub enum CascadeEffect {
        /// It is moved: the step is of the party that moves, or was laid on the other and not answered yet.
        Moved = "moved",
        /// It is proposed to the step's owner.
        Proposed = "proposed",
        /// It stays: the step was laid on the party that moves, which has not answered yet.
        Left = "left",
    }
}

/// What becomes of one step in a cascade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CascadeMove {
    /// The step.
    pub action_step_id: Uuid,
    /// Whose it is.
    pub owner: Side,
    /// When it was due before.
    pub from_on: Date,
    /// When it is due then.
    pub to_on: Date,
    /// What becomes of that date.
    pub effect: CascadeEffect,
}

/// What moving a step would move; nothing is written.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CascadePreview {
    /// The partnership.
    pub partnership_id: Uuid,
    /// The step that would be moved.
    pub action_step_id: Uuid,
    /// What would become of it and of those that wait for it, each after what moves it.
    pub moves: Vec<CascadeMove>,
}

/// A step that was moved together with those that wait for it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Cascade {
    /// Its id.
    pub id: Uuid,
    /// The partnership.
    pub partnership_id: Uuid,
    /// The step that was moved.
    pub action_step_id: Uuid,
    /// The party that moved it.
    pub moved_by: Side,
    /// The member or API client of it.
    pub made_by: Uuid,
    /// Why.
    pub reason: String,
    /// What became of it and of those that wait for it, each after what moved it.
    pub moves: Vec<CascadeMove>,
    /// When.
    pub created_at: Timestamp,
    /// When it was undone; `null` while it stands.
    pub undone_at: Option<Timestamp>,
    /// The member or API client that undid it.
    pub undone_by: Option<Uuid>,
    /// Counts changes.
    pub version: i32,
    /// The other firm.
    pub partner_firm_id: Uuid,
}
