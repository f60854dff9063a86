//! What a contact is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::changes::{Change, Kind};
use crate::parties::Side;
use crate::platform::auth::Caller;
use crate::platform::error::FieldError;
use crate::platform::values::{Date, EmailAddress, Name, Timestamp};
use crate::words;

words! {
    /// What one calls a partner's teammate about.
    pub enum CallReason {
        /// An introduction that is about to be made, or was just made.
        NewIntroduction = "new_introduction",
        /// A question about a client whom both serve.
        ClientQuestion = "client_question",
        /// Investments.
        Investments = "investments",
        /// Tax.
        Tax = "tax",
        /// Estates and trusts.
        Estate = "estate",
        /// Insurance.
        Insurance = "insurance",
        /// When people meet.
        Scheduling = "scheduling",
        /// Papers that are missing or to be signed.
        Documents = "documents",
        /// Compliance.
        Compliance = "compliance",
        /// Bills and fees.
        Billing = "billing",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// What may be wrong with a contact.
    pub enum ContactWarning {
        /// The phone number is kept as written, since it can't be read as a number.
        PhoneNotRead = "phone_not_read",
    }
}

/// A reason to call a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "tax", "detail": "Returns of trusts and of partnerships."}))]
pub struct ContactReason {
    /// What about.
    pub reason: CallReason,
    /// What more is to be said of it. Both parties read it: name no client.
    #[schema(required, min_length = 1, max_length = 500, pattern = r"\S")]
    pub detail: Option<String>,
}

/// A teammate of one party whom the other may call.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Contact {
    /// Its id.
    pub id: Uuid,
    /// The partnership.
    pub partnership_id: Uuid,
    /// Whether it is a teammate of your party, or of the other.
    pub side: Side,
    /// The other firm.
    pub partner_firm_id: Uuid,
    /// The member of its firm who it is; `null` for one who does not sign in.
    pub member_id: Option<Uuid>,
    /// The name.
    pub name: Name,
    /// What the teammate does.
    pub role: String,
    /// E-mail address.
    pub email: Option<EmailAddress>,
    /// Phone number as it was written.
    pub phone: Option<String>,
    /// Phone number in E.164; `null` where it can't be read as a number.
    pub phone_e164: Option<String>,
    /// What to call about, the most important first.
    pub reasons: Vec<ContactReason>,
    /// Of two who are called for the same reason, the lower is called first.
    #[schema(minimum = 1, maximum = 100)]
    pub preference: i16,
    /// The first date on which not to call, in the zone of the teammate's firm.
    pub away_from_on: Option<Date>,
    /// The last such date; `null` for no end that is known.
    pub away_to_on: Option<Date>,
    /// Whether the member has left the firm; then nobody is told to call.
    pub has_left: bool,
    /// What you may want to look at.
    pub warnings: Vec<ContactWarning>,
    /// The member or API client that wrote it.
    pub written_by: Uuid,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts changes.
    pub version: i32,
}

impl Contact {
    /// Whether not to call on a date.
    pub fn is_away(&self, today: Date) -> bool {
        self.away_from_on.is_some_and(|from| from <= today)
            && self.away_to_on.is_none_or(|to| today <= to)
    }

    /// What both parties are told.
    pub fn done(&self, caller: &Caller, action: &'static str, at: Timestamp) -> Change {
        Change::by(caller, Kind::Contact, self.id, action, at)
            .version(self.version)
            .within(self.partnership_id)
            .seen_by([caller.firm_id, self.partner_firm_id])
    }
}

/// What a contact consists of, when it is made or changed.
#[derive(Clone, Debug)]
pub struct ContactFields {
    /// The member of the firm who it is.
    pub member_id: Option<Uuid>,
    /// The name.
    pub name: Name,
    /// What the teammate does.
    pub role: String,
    /// E-mail address.
    pub email: Option<EmailAddress>,
    /// Phone number as it was written.
    pub phone: Option<String>,
    /// What to call about, the most important first.
    pub reasons: Vec<ContactReason>,
    /// Of two who are called for the same reason, the lower is called first; 1 to 100.
    pub preference: i16,
    /// The first date on which not to call.
    pub away_from_on: Option<Date>,
    /// The last such date.
    pub away_to_on: Option<Date>,
}

impl ContactFields {
    /// What does not go together.
    pub fn complaints(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        for (place, one) in self.reasons.iter().enumerate() {
            let before = self.reasons.iter().take(place);
            if before.into_iter().any(|other| other.reason == one.reason) {
                let pointer = format!("/reasons/{place}/reason");
                let detail = "This reason stands further up already.";
                errors.push(FieldError::new(pointer, "twice", detail));
            }
        }
        match (self.away_from_on, self.away_to_on) {
            (None, Some(_)) => {
                let detail = "An absence that ends has a first date.";
                errors.push(FieldError::new("/away_from_on", "needed", detail));
            }
            (Some(from), Some(to)) if to < from => {
                let detail = "That is before the first date of the absence.";
                errors.push(FieldError::new("/away_to_on", "before_start", detail));
            }
            _ => {}
        }
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(reasons: &[CallReason], away: [Option<&str>; 2]) -> ContactFields {
        let [away_from_on, away_to_on] = away.map(|date| date.map(|date| date.parse().unwrap()));
        let reasons = reasons.iter().map(|reason| ContactReason {
            reason: *reason,
            detail: None,
        });
        ContactFields {
            member_id: None,
            name: "Nora Lindt".parse().unwrap(),
            role: "Tax manager".to_owned(),
            email: None,
            phone: None,
            reasons: reasons.collect(),
            preference: 1,
            away_from_on,
            away_to_on,
        }
    }

    fn told(fields: &ContactFields) -> Vec<String> {
        let errors = fields.complaints().into_iter();
        errors
            .map(|error| format!("{} {}", error.pointer, error.code))
            .collect()
    }

    #[test]
    fn a_reason_stands_once_and_an_absence_begins_before_it_ends() {
        use CallReason::{Estate, Tax};
        let day = Some("2026-03-02");
        assert!(told(&fields(&[Tax, Estate], [day, day])).is_empty());
        assert!(told(&fields(&[Tax], [day, None])).is_empty());
        assert_eq!(
            told(&fields(&[Tax, Estate, Tax], [None, day])),
            ["/reasons/2/reason twice", "/away_from_on needed"]
        );
        assert_eq!(
            told(&fields(&[Tax], [day, Some("2026-03-01")])),
            ["/away_to_on before_start"]
        );
    }
}
