//! What a touchpoint is.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::parties::Side;
use crate::platform::values::{Date, Money, Name, Timestamp};
use crate::words;

words! {
    /// How time was spent.
    pub enum TouchpointKind {
        /// A meal.
        Meal = "meal",
        /// A coffee.
        Coffee = "coffee",
        /// An event.
        Event = "event",
        /// A call.
        Call = "call",
        /// A gift.
        Gift = "gift",
        /// Something else; the note says what.
        Other = "other",
    }
}

words! {
    /// Where a touchpoint stands.
    pub enum TouchpointState {
        /// It is to come.
        Planned = "planned",
        /// It was.
        Held = "held",
        /// It will not be.
        Cancelled = "cancelled",
    }
}

impl TouchpointState {
    /// Whether it may become that.
    pub fn leads_to(self, next: Self) -> bool {
        self == next || self == Self::Planned
    }

    /// What is possible where it stands.
    pub const fn allowed(self) -> &'static [&'static str] {
        match self {
            Self::Planned => &["held", "cancelled", "delete"],
            Self::Held | Self::Cancelled => &["delete"],
        }
    }
}

words! {
    /// Who sees a touchpoint.
    pub enum TouchpointVisibility {
        /// Both parties.
        Shared = "shared",
        /// The party that wrote it, alone.
        Private = "private",
    }
}

words! {
    /// What may be wrong with what somebody receives by a touchpoint.
    pub enum TouchpointWarning {
        /// Somebody comes to 80 % of your firm's limit in twelve months, or more.
        NearGiftLimit = "near_gift_limit",
        /// Somebody comes to more than your firm's limit in twelve months.
        OverGiftLimit = "over_gift_limit",
    }
}

/// Somebody who was there, or is to be.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TouchpointGuest {
    /// Whose guest it is.
    pub side: Side,
    /// The member of that firm; `null` for who is named alone.
    pub member_id: Option<Uuid>,
    /// The name.
    pub name: Name,
}

/// Time spent personally within a partnership.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Touchpoint {
    /// Its id.
    pub id: Uuid,
    /// The partnership.
    pub partnership_id: Uuid,
    /// Which party wrote it; that one alone changes it.
    pub author: Side,
    /// The other firm.
    pub partner_firm_id: Uuid,
    /// What kind of thing it is.
    pub kind: TouchpointKind,
    /// Where it stands.
    pub state: TouchpointState,
    /// The date it is, or was, planned for.
    pub planned_on: Option<Date>,
    /// When it was; `null` until it was held.
    pub happened_on: Option<Date>,
    /// Where.
    pub place: Option<String>,
    /// What is noted of it.
    pub note: Option<String>,
    /// Who sees it.
    pub visibility: TouchpointVisibility,
    /// What the party that wrote it paid.
    pub cost: Option<Money>,
    /// Which party paid; `null` where nobody did, or it is not said.
    #[schema(nullable)]
    pub paid_by: Option<Side>,
    /// Who was there, or is to be.
    pub guests: Vec<TouchpointGuest>,
    /// What you may want to look at; of what your firm paid for.
    pub warnings: Vec<TouchpointWarning>,
    /// The member or API client that wrote it.
    pub recorded_by: Uuid,
    /// When it was recorded.
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
    fn what_was_planned_is_held_or_cancelled_and_then_stays_so() {
        use TouchpointState::{Cancelled, Held, Planned};
        let table = [
            //           planned held  cancelled
            (Planned, [true, true, true]),
            (Held, [false, true, false]),
            (Cancelled, [false, false, true]),
        ];
        for (from, expected) in table {
            let to = [Planned, Held, Cancelled].map(|to| from.leads_to(to));
            assert_eq!(to, expected, "{from}");
        }
    }
}
