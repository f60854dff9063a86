//! What a step waits for.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::platform::values::Date;
use crate::work_calendar::Lag;

/// A step that is finished before another begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action_step_id": "019b1c5e-7a00-7000-8000-0000000000a1", "lag": {"count": 1, "unit": "business_days"}}))]
pub struct Predecessor {
    /// The step that is finished before.
    pub action_step_id: Uuid,
    /// How long after that the other begins at the earliest.
    pub lag: Lag,
}

/// What a step waits for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StepPredecessors {
    /// The step that waits.
    pub action_step_id: Uuid,
    /// The steps that are finished before it begins.
    pub after: Vec<Predecessor>,
    /// The earliest date that they let it be due on; `null` where it waits for nothing that is still to come.
    pub earliest_due_on: Option<Date>,
    /// Counts changes of the step.
    pub version: i32,
}
