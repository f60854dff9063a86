//! What a meeting is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::platform::local::WallClock;
use crate::platform::values::{Date, TimeZone, Timestamp};
use crate::words;

words! {
    /// Where a meeting stands.
    pub enum MeetingState {
        /// It is to be held; or its time has passed and nobody has said what became of it.
        Planned = "planned",
        /// The two spoke.
        Held = "held",
        /// It was left out, with a reason.
        Skipped = "skipped",
        /// The service took it back: another protocol was agreed, or the partnership was paused or ended.
        Cancelled = "cancelled",
    }
}

words! {
    /// An element of what two partners agree on, in the order of the article.
    pub enum MeetingTopic {
        /// What each does, and what it does for the other's clients.
        BusinessUnderstanding = "business_understanding",
        /// Whom each serves best.
        IdealClient = "ideal_client",
        /// What success is, and whether the partnership makes sense.
        Expectations = "expectations",
        /// How each sells and serves, and who answers for what.
        ServiceModels = "service_models",
        /// The script that both use.
        CoreStory = "core_story",
        /// What each does by when.
        ActionSteps = "action_steps",
        /// Who is or will be spoken to, when, and about what.
        Introductions = "introductions",
        /// What came of it, against what was agreed.
        Results = "results",
        /// Who else takes part on each side.
        Team = "team",
        /// The two as people.
        Personal = "personal",
    }
}

/// Something that is done to a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Another time, with a reason.
    Move,
    /// Leave it out, with a reason.
    Skip,
    /// Record that the two spoke.
    Hold,
}

impl Verb {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Move, Self::Skip, Self::Hold];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Move => "move",
            Self::Skip => "skip",
            Self::Hold => "hold",
        }
    }

    /// What can be done to a meeting that stands there.
    pub fn allowed(state: MeetingState) -> Vec<&'static str> {
        match state {
            MeetingState::Planned => Self::ALL.iter().map(|verb| verb.word()).collect(),
            MeetingState::Held | MeetingState::Skipped | MeetingState::Cancelled => Vec::new(),
        }
    }
}

/// Who took part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeetingAttendance {
    /// Members of your firm.
    #[schema(max_items = 50)]
    pub us: Vec<Uuid>,
    /// Members of the other.
    #[schema(max_items = 50)]
    pub them: Vec<Uuid>,
}

/// A conversation of the two parties.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Meeting {
    /// Its id.
    pub id: Uuid,
    /// The partnership.
    pub partnership_id: Uuid,
    /// The other firm.
    pub partner_firm_id: Uuid,
    /// The version of the communication protocol that laid it out; `null` for one besides.
    pub plan_version_id: Option<Uuid>,
    /// The date by the rule, in the meeting's zone, wherever it was moved (the `RECURRENCE-ID` of RFC 5545).
    pub occurrence_on: Date,
    /// When it was first to begin.
    pub first_starts_at: Timestamp,
    /// When it is to begin; of one that was held besides the series, when it began.
    pub starts_at: Timestamp,
    /// The zone of its clock.
    pub time_zone: TimeZone,
    /// What the clocks of your firm show then.
    pub starts_local_us: WallClock,
    /// What those of the other firm show.
    pub starts_local_them: WallClock,
    /// How long it is, in minutes.
    #[schema(minimum = 1, maximum = 1440)]
    pub length_minutes: i16,
    /// Where it stands.
    pub state: MeetingState,
    /// Why it was last moved; `null` for one that was not.
    pub moved_reason: Option<String>,
    /// Why it was skipped.
    pub skipped_reason: Option<String>,
    /// When it began.
    pub held_at: Option<Timestamp>,
    /// Who took part; nobody until it was held.
    pub attendance: MeetingAttendance,
    /// What whoever recorded it says it was about.
    pub topics: Vec<MeetingTopic>,
    /// The elements that it covered: those told, and those that the records prove.
    pub covered: Vec<MeetingTopic>,
    /// The share of the elements that it covered; `null` until it was held.
    #[schema(minimum = 0, maximum = 1)]
    pub coverage: Option<f64>,
    /// The minutes, which both parties read.
    pub minutes_text: Option<String>,
    /// The member or API client that entered it; `null` for the service.
    pub created_by: Option<Uuid>,
    /// The member or API client that recorded that it was held or skipped.
    pub closed_by: Option<Uuid>,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts changes.
    pub version: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_planned_is_moved_skipped_or_held() {
        assert_eq!(
            Verb::allowed(MeetingState::Planned),
            ["move", "skip", "hold"]
        );
        for state in [
            MeetingState::Held,
            MeetingState::Skipped,
            MeetingState::Cancelled,
        ] {
            assert!(Verb::allowed(state).is_empty(), "{state}");
        }
    }
}
