//! What an outcome is.

use serde::{Deserialize, Serialize};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::action_steps::CreateActionStep;
use crate::introductions::CreateIntroduction;
use crate::parties::Side;
use crate::platform::values::Timestamp;
use crate::words;

words! {
    /// What came of a meeting.
    pub enum MeetingOutcomeKind {
        /// An action step.
        ActionStep = "action_step",
        /// An introduction.
        Introduction = "introduction",
    }
}

words! {
    /// The name of this outcome.
    pub enum ActionStepOutcomeKind {
        /// An action step.
        ActionStep = "action_step",
    }
}

words! {
    /// The name of this outcome.
    pub enum IntroductionOutcomeKind {
        /// An introduction.
        Introduction = "introduction",
    }
}

/// An action step that was agreed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionStepOutcome {
    /// The outcome.
    #[schema(schema_with = ActionStepOutcomeKind::schema)]
    #[expect(
        dead_code,
        reason = "it tells one outcome from the other while the body is read"
    )]
    pub kind: ActionStepOutcomeKind,
    /// The step.
    pub action_step: CreateActionStep,
}

/// An introduction that was agreed; it begins as your draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IntroductionOutcome {
    /// The outcome.
    #[schema(schema_with = IntroductionOutcomeKind::schema)]
    #[expect(
        dead_code,
        reason = "it tells one outcome from the other while the body is read"
    )]
    pub kind: IntroductionOutcomeKind,
    /// The introduction.
    pub introduction: CreateIntroduction,
}

/// What was agreed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(discriminator(property_name = "kind", mapping(
        ("action_step" = "#/components/schemas/ActionStepOutcome"),
        ("introduction" = "#/components/schemas/IntroductionOutcome")
    )))]
pub enum OutcomeBody {
    /// An action step.
    ActionStep(ActionStepOutcome),
    /// An introduction.
    Introduction(IntroductionOutcome),
}

/// Something that came of a meeting.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MeetingOutcome {
    /// Its id.
    pub id: Uuid,
    /// The meeting.
    pub meeting_id: Uuid,
    /// The partnership.
    pub partnership_id: Uuid,
    /// What it is.
    pub kind: MeetingOutcomeKind,
    /// The action step, of that kind.
    pub action_step_id: Option<Uuid>,
    /// The introduction, of that kind.
    pub introduction_id: Option<Uuid>,
    /// The party that recorded it.
    pub party: Side,
    /// The member or API client that recorded it.
    pub recorded_by: Uuid,
    /// When.
    pub created_at: Timestamp,
}
