//! What each does, and what it does for the other's clients.

use serde::{Deserialize, Serialize};
use utoipa::{PartialSchema, ToSchema};

use super::{Checked, Missing, sides_missing};
use crate::platform::error::FieldError;
use crate::platform::values::{Date, Name};
use crate::words;

words! {
    /// The name of this section.
    pub enum BusinessUnderstandingSection {
        /// What each does, and what it does for the other's clients.
        BusinessUnderstanding = "business_understanding",
    }
}

/// What each does, and what it does for the other's clients, as the two found out in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BusinessUnderstanding {
    /// The section.
    #[schema(schema_with = BusinessUnderstandingSection::schema)]
    pub section: BusinessUnderstandingSection,
    /// Your part, which you alone write.
    #[schema(required, nullable)]
    pub us: Option<BusinessPart>,
    /// The other party's part, which it alone writes.
    #[schema(required, nullable)]
    pub them: Option<BusinessPart>,
    /// The formal conversation, without which this can't be agreed.
    #[schema(required, nullable)]
    pub conversation: Option<DiscoveryConversation>,
    /// How the two offerings go together.
    #[schema(required, min_length = 1, max_length = 5000, pattern = r"\S")]
    pub alignment: Option<String>,
}

/// What a party says of its business, and of the other's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BusinessPart {
    /// What it does.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub business: String,
    /// What its clients have of it.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub value_proposition: String,
    /// What it understands the other's offering to do for its own clients.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub benefit_to_own_clients: String,
    /// Whether it confirms that the other has understood its offering.
    pub confirms_other: bool,
}

/// The conversation in which the two learned of each other's business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DiscoveryConversation {
    /// When it was held.
    pub held_on: Date,
    /// Who was there.
    #[schema(min_items = 2, max_items = 20)]
    pub attendees: Vec<Name>,
}

impl Checked for BusinessUnderstanding {
    fn mirror(&mut self) {
        std::mem::swap(&mut self.us, &mut self.them);
    }

    fn complaints(&self, today: Date) -> Vec<FieldError> {
        let held_on = self.conversation.as_ref().map(|one| one.held_on);
        let is_future = held_on.is_some_and(|on| on > today);
        let complaint = || {
            let detail = "It can't have been held after today.";
            FieldError::new("/body/conversation/held_on", "future", detail)
        };
        is_future.then(complaint).into_iter().collect()
    }

    fn missing(&self) -> Vec<Missing> {
        let mut missing = sides_missing(self.us.as_ref(), self.them.as_ref());
        for (side, part) in [("us", &self.us), ("them", &self.them)] {
            if part.as_ref().is_some_and(|part| !part.confirms_other) {
                missing.push(Missing::new(
                    format!("/body/{side}/confirms_other"),
                    "It has not confirmed that the other has understood its offering.",
                ));
            }
        }
        if self.conversation.is_none() {
            missing.push(Missing::new(
                "/body/conversation",
                "The conversation has not been held, or is not recorded.",
            ));
        }
        if self.alignment.is_none() {
            let detail = "It is not said how the two offerings go together.";
            missing.push(Missing::new("/body/alignment", detail));
        }
        missing
    }
}
