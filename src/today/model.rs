//! What the first screen tells.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::action_steps::{ConversationChannel, StepKind};
use crate::platform::values::{Date, Name, Timestamp};

/// A step, in short.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TodayStep {
    /// The step.
    pub action_step_id: Uuid,
    /// The partnership.
    pub partnership_id: Uuid,
    /// The name of the other firm.
    pub partner_name: Name,
    /// What is to be done.
    pub title: String,
    /// What kind of step it is.
    pub kind: StepKind,
    /// When it is due.
    pub due_on: Date,
    /// Another date that was proposed for it.
    pub proposed_due_on: Option<Date>,
    /// The reference of the introduction that it is about, where you may see it.
    pub introduction_reference: Option<String>,
}

/// Steps: how many, and the first of them by date.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct TodaySteps {
    /// How many there are.
    pub count: i64,
    /// How many of these are overdue.
    pub overdue: i64,
    /// How many are due today.
    pub due_today: i64,
    /// How many are due within the seven days from today on.
    pub due_within_a_week: i64,
    /// The first of them, by date.
    #[schema(max_items = 20)]
    pub first: Vec<TodayStep>,
}

/// An introduction that waits for an answer, in short. It names no client.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TodayOffer {
    /// The introduction.
    pub introduction_id: Uuid,
    /// What both call it by.
    pub reference: String,
    /// The partnership.
    pub partnership_id: Uuid,
    /// The name of the other firm.
    pub partner_name: Name,
    /// When it was offered.
    pub offered_at: Timestamp,
}

/// Introductions that wait for an answer: how many, and those that wait longest.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct TodayOffers {
    /// How many there are.
    pub count: i64,
    /// Those that wait longest.
    #[schema(max_items = 20)]
    pub first: Vec<TodayOffer>,
}

/// A client to be spoken to, in short. It names none.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TodayConversation {
    /// The step.
    pub action_step_id: Uuid,
    /// The partnership.
    pub partnership_id: Uuid,
    /// The name of the other firm.
    pub partner_name: Name,
    /// The introduction, where you may see it.
    pub introduction_id: Option<Uuid>,
    /// What both call that by.
    pub introduction_reference: Option<String>,
    /// How the client is spoken to.
    pub channel: Option<ConversationChannel>,
    /// What about.
    pub topic: Option<String>,
    /// By when.
    pub due_on: Date,
}

/// A conversation with a partner, in short.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TodayMeeting {
    /// The meeting.
    pub meeting_id: Uuid,
    /// The partnership.
    pub partnership_id: Uuid,
    /// The name of the other firm.
    pub partner_name: Name,
    /// When it begins.
    pub starts_at: Timestamp,
    /// How long it is.
    pub length_minutes: i16,
}

/// What the member owes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TodayOwed {
    /// Promised steps of hers.
    pub steps: TodaySteps,
    /// Steps and dates that were proposed to her party, which has not answered.
    pub to_accept: TodaySteps,
    /// Introductions offered to her party, which has not answered.
    pub offers: TodayOffers,
}

/// What the member waits for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TodayAwaited {
    /// Steps that her partners have promised.
    pub steps: TodaySteps,
    /// Introductions that her party offered, and that were not answered.
    pub offers: TodayOffers,
}

/// The phone's first screen.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Today {
    /// The member.
    pub member_id: Uuid,
    /// The date in her zone, or in her firm's where she has none.
    pub today_on: Date,
    /// What she owes.
    pub owed: TodayOwed,
    /// What she waits for.
    pub awaited: TodayAwaited,
    /// Whom she speaks to next, by date.
    #[schema(max_items = 20)]
    pub speak_to: Vec<TodayConversation>,
    /// The next conversations with her partners, by time.
    #[schema(max_items = 20)]
    pub meetings: Vec<TodayMeeting>,
}

impl TodaySteps {
    /// Of how many are due on each date, and of the first of them.
    pub(super) fn of(due: &[(Date, i64)], first: Vec<TodayStep>, today: Date) -> Self {
        let sum = |is_in: &dyn Fn(Date) -> bool| {
            let those = due.iter().filter(|(on, _)| is_in(*on));
            those.map(|(_, count)| *count).sum()
        };
        let week = today.plus_days(7);
        Self {
            count: sum(&|_| true),
            overdue: sum(&|on| on < today),
            due_today: sum(&|on| on == today),
            due_within_a_week: sum(&|on| on >= today && on < week),
            first,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_go_by_the_date_of_today() {
        let march = |day| Date::new(2026, 3, day).unwrap();
        let due = [(march(1), 2), (march(2), 1), (march(8), 4), (march(9), 8)];
        let steps = TodaySteps::of(&due, Vec::new(), march(2));
        let told = (
            steps.count,
            steps.overdue,
            steps.due_today,
            steps.due_within_a_week,
        );
        assert_eq!(told, (15, 2, 1, 5));
    }
}
