//! How the two keep talking: the weekly conversation, the written document, the shared meal, and when
//! an imbalance or a late answer is too much.

use serde::{Deserialize, Serialize};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use super::{Checked, Missing};
use crate::platform::error::FieldError;
use crate::platform::values::{Date, Period, TimeZone};
use crate::words;

words! {
    /// The name of this section.
    pub enum CommunicationProtocolSection {
        /// How the two keep talking.
        CommunicationProtocol = "communication_protocol",
    }
}

words! {
    /// A day of the week.
    pub enum Weekday {
        /// Monday.
        Monday = "monday",
        /// Tuesday.
        Tuesday = "tuesday",
        /// Wednesday.
        Wednesday = "wednesday",
        /// Thursday.
        Thursday = "thursday",
        /// Friday.
        Friday = "friday",
        /// Saturday.
        Saturday = "saturday",
        /// Sunday.
        Sunday = "sunday",
    }
}

impl Weekday {
    /// The day of the week of a date.
    pub fn of(on: Date) -> Self {
        let from_monday = usize::try_from(on.weekday() - 1).unwrap_or_default();
        Self::ALL.get(from_monday).copied().unwrap_or(Self::Monday)
    }
}

words! {
    /// What of the introductions is weighed, given against received.
    pub enum BalanceMeasure {
        /// Those that were offered.
        Introductions = "introductions",
        /// Those that were accepted, at least.
        Accepted = "accepted",
        /// Those that came to a meeting, at least.
        Met = "met",
        /// Those that came to an engagement.
        Engaged = "engaged",
    }
}

/// How the two keep talking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommunicationProtocol {
    /// The section.
    #[schema(schema_with = CommunicationProtocolSection::schema)]
    pub section: CommunicationProtocolSection,
    /// The day of the weekly conversation.
    pub weekday: Weekday,
    /// When it begins, on a clock of 24 hours.
    #[schema(
        pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$",
        max_length = 5,
        example = "09:30"
    )]
    pub time: String,
    /// The zone of that clock.
    pub time_zone: TimeZone,
    /// How long it is, in minutes.
    #[schema(minimum = 5, maximum = 480)]
    pub minutes: i16,
    /// Who takes part.
    pub members: ConversationMembers,
    /// How often the written plan goes to both.
    pub document_period: Period,
    /// How often the two share a meal; `null` where they have not said.
    #[schema(required)]
    pub meal_cadence: Option<Period>,
    /// How one-sided it may grow before both are alerted: 0 is even, 1 is one side alone.
    #[schema(minimum = 0, maximum = 1)]
    pub imbalance_threshold: f64,
    /// What is weighed.
    pub balance_measure: BalanceMeasure,
    /// How soon an offer should be answered.
    pub first_answer_target: Period,
}

/// Who takes part in the weekly conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConversationMembers {
    /// Members of your firm.
    #[schema(max_items = 20)]
    pub us: Vec<Uuid>,
    /// Members of the other.
    #[schema(max_items = 20)]
    pub them: Vec<Uuid>,
}

impl Checked for CommunicationProtocol {
    fn mirror(&mut self) {
        std::mem::swap(&mut self.members.us, &mut self.members.them);
    }

    fn complaints(&self, _: Date) -> Vec<FieldError> {
        Vec::new()
    }

    fn missing(&self) -> Vec<Missing> {
        let sides = [("us", &self.members.us), ("them", &self.members.them)];
        let nobody = sides.into_iter().filter(|(_, members)| members.is_empty());
        nobody
            .map(|(side, _)| Missing::new(format!("/body/members/{side}"), "Nobody takes part."))
            .collect()
    }
}
