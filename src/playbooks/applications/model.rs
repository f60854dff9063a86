//! Where a playbook was laid out, or would be.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::parties::Side;
use crate::platform::values::{Date, Timestamp};
use crate::playbooks::lay_out::Laid;

/// A step as it would be laid out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlaybookDate {
    /// Its key in the playbook.
    pub key: String,
    /// What is to be done.
    pub title: String,
    /// Who does it.
    pub owner: Side,
    /// When it is due, in the owner firm's zone.
    pub due_on: Date,
}

impl From<&Laid<'_>> for PlaybookDate {
    fn from(laid: &Laid<'_>) -> Self {
        Self {
            key: laid.step.key.clone(),
            title: laid.step.title.clone(),
            owner: laid.owner,
            due_on: laid.due_on,
        }
    }
}

/// What applying a playbook would lay out; nothing is written.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlaybookPreview {
    /// The playbook.
    pub playbook_id: Uuid,
    /// Which version of it.
    pub playbook_version: i32,
    /// From which date.
    pub start_on: Date,
    /// The steps, each after those that it waits for.
    pub steps: Vec<PlaybookDate>,
}

/// A step that was laid out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AppliedStep {
    /// Its key in the playbook.
    pub key: String,
    /// The action step.
    pub action_step_id: Uuid,
}

/// Where a playbook was laid out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlaybookApplication {
    /// Its id.
    pub id: Uuid,
    /// The playbook.
    pub playbook_id: Uuid,
    /// Which version of it.
    pub playbook_version: i32,
    /// The partnership.
    pub partnership_id: Uuid,
    /// The introduction, if it is about one.
    pub introduction_id: Option<Uuid>,
    /// From which date it was laid out.
    pub start_on: Date,
    /// The steps that it made, each after those that it waits for.
    pub steps: Vec<AppliedStep>,
    /// The member or API client that applied it.
    pub applied_by: Uuid,
    /// When.
    pub created_at: Timestamp,
}
