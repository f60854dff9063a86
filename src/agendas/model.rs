//! What an agenda looks like.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::meetings::MeetingTopic;
use crate::parties::Side;
use crate::platform::values::{Date, Timestamp};
use crate::words;

words! {
    /// What an entry of an agenda is about.
    pub enum AgendaEntryKind {
        /// An introduction that was offered waits for an answer.
        IntroductionToAnswer = "introduction_to_answer",
        /// A party will speak to a client.
        ClientToSpeakTo = "client_to_speak_to",
        /// A step that was promised is past its date.
        StepOverdue = "step_overdue",
        /// A step that was promised is due before the next meeting.
        StepDue = "step_due",
        /// A metric that was agreed is off pace, or was missed.
        ResultOffPace = "result_off_pace",
        /// One party gives much more than the other.
        Imbalance = "imbalance",
        /// A section of the plan is neither agreed nor waived by both.
        PlanPartMissing = "plan_part_missing",
        /// A section of the plan was agreed more than 365 days ago.
        PlanPartStale = "plan_part_stale",
        /// An item that a party wrote.
        Item = "item",
        /// An item that was not resolved in the meeting where it first stood.
        ItemCarriedOver = "item_carried_over",
    }
}

/// One thing to speak about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgendaEntry {
    /// What it is about.
    pub kind: AgendaEntryKind,
    /// In a sentence; it names no client.
    pub words: String,
    /// Whose turn it is: who answers, who speaks to the client, who does the step, who wrote the item. `null` for both.
    #[schema(nullable)]
    pub party: Option<Side>,
    /// The member who does it, where that is told.
    pub member_id: Option<Uuid>,
    /// When it is or was due, in the zone of the firm whose turn it is.
    pub due_on: Option<Date>,
    /// Since when it waits.
    pub since_at: Option<Timestamp>,
    /// The reference of the introduction that it is about.
    pub reference: Option<String>,
    /// The id of the record behind it.
    pub record_id: Option<Uuid>,
    /// Where that is read: a relative address.
    pub record: String,
    /// The meeting where an item first stood that was carried over.
    pub carried_from_id: Option<Uuid>,
}

/// What is to be spoken about of one element of the agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgendaSection {
    /// The element.
    pub topic: MeetingTopic,
    /// What there is; nothing may be said of it still.
    pub entries: Vec<AgendaEntry>,
}

/// What a conversation is to be about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MeetingAgenda {
    /// The meeting.
    pub meeting_id: Uuid,
    /// The partnership.
    pub partnership_id: Uuid,
    /// When the meeting begins.
    pub starts_at: Timestamp,
    /// When the next one begins, before which steps are due; a week later where none is planned.
    pub next_starts_at: Timestamp,
    /// Every element of the agreement, in the order of the article.
    pub sections: Vec<AgendaSection>,
    /// Items that belong to no element.
    pub other_items: Vec<AgendaEntry>,
    /// Items that are put off.
    pub parking_lot: Vec<AgendaEntry>,
}
