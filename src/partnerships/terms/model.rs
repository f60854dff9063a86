//! What the terms are, and what is missing in them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::platform::error::FieldError;
use crate::platform::values::{Date, Money, Timestamp};
use crate::words;

words! {
    /// How introductions are paid for.
    pub enum CompensationKind {
        /// Not at all.
        None = "none",
        /// By a share of the fee.
        FeeShare = "fee_share",
        /// By a fixed amount.
        FlatFee = "flat_fee",
        /// Otherwise, as the note says.
        Other = "other",
    }
}

words! {
    /// The party that pays.
    pub enum Payer {
        /// Yours.
        Us = "us",
        /// The other.
        Them = "them",
    }
}

words! {
    /// Something in the terms that wants a look.
    pub enum TermsWarning {
        /// They say nothing of when they are looked at again.
        ReviewMissing = "review_missing",
        /// The day on which they were to be looked at again is past.
        ReviewPast = "review_past",
    }
}

/// What is paid for introductions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "fee_share", "basis_points": 1500, "amount": null, "paid_by": "them", "disclosed_to_clients": true, "note": null}))]
pub struct Compensation {
    /// How.
    pub kind: CompensationKind,
    /// With `fee_share`: the share, in hundredths of a per cent; 1500 are 15 %.
    #[schema(required, minimum = 1, maximum = 10_000)]
    pub basis_points: Option<i32>,
    /// With `flat_fee`: how much.
    #[schema(required)]
    pub amount: Option<Money>,
    /// Who pays; needed with `fee_share` and `flat_fee`.
    #[schema(required)]
    pub paid_by: Option<Payer>,
    /// Whether clients are told of it.
    #[schema(required)]
    pub disclosed_to_clients: Option<bool>,
    /// What else is to be said; needed with `other`.
    #[schema(required, min_length = 1, max_length = 2000)]
    pub note: Option<String>,
}

impl Compensation {
    /// What does not go with its kind, and what its kind needs.
    pub(super) fn complaints(&self) -> Vec<FieldError> {
        use CompensationKind as K;
        let kind = self.kind;
        let mut errors = Vec::new();
        let mut field = |name: &str, is_there: bool, needed: bool, possible: bool| {
            let pointer = format!("/compensation/{name}");
            if needed && !is_there {
                let detail = format!("The kind {kind} needs it.");
                errors.push(FieldError::new(pointer, "needed", detail));
            } else if is_there && !possible {
                let detail = format!("It does not go with the kind {kind}.");
                errors.push(FieldError::new(pointer, "not_of_kind", detail));
            }
        };
        let share = kind == K::FeeShare;
        field("basis_points", self.basis_points.is_some(), share, share);
        let flat = kind == K::FlatFee;
        field("amount", self.amount.is_some(), flat, flat);
        let is_paid = kind != K::None;
        field("paid_by", self.paid_by.is_some(), share || flat, is_paid);
        let is_disclosed = self.disclosed_to_clients.is_some();
        field("disclosed_to_clients", is_disclosed, false, is_paid);
        field("note", self.note.is_some(), kind == K::Other, true);
        errors
    }
}

/// The terms of a partnership, as one of its parties reads them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PartnershipTerms {
    /// The partnership.
    pub partnership_id: Uuid,
    /// Whether the two work with nobody else in this field; `null` where they have not said.
    pub exclusive: Option<bool>,
    /// Whether clients are told of the arrangement; `null` where they have not said.
    pub clients_informed: Option<bool>,
    /// When the two look at it again: it is not indefinite.
    pub review_on: Option<Date>,
    /// What is paid for introductions; `null` where they have not said.
    #[schema(nullable)]
    pub compensation: Option<Compensation>,
    /// The firm that wrote this version; `null` before the first.
    pub changed_by_firm_id: Option<Uuid>,
    /// The member who wrote it.
    pub changed_by: Option<Uuid>,
    /// When.
    pub changed_at: Option<Timestamp>,
    /// Counts changes; 0 before the first.
    pub version: i32,
    /// What wants a look today, in your firm's zone.
    pub warnings: Vec<TermsWarning>,
}

impl PartnershipTerms {
    /// Those of a partnership whose parties have said nothing yet.
    pub(super) fn unwritten(partnership_id: Uuid) -> Self {
        Self {
            partnership_id,
            exclusive: None,
            clients_informed: None,
            review_on: None,
            compensation: None,
            changed_by_firm_id: None,
            changed_by: None,
            changed_at: None,
            version: 0,
            warnings: Vec::new(),
        }
    }

    /// The same with what wants a look on a day.
    pub(super) fn warned(self, today: Date) -> Self {
        let warning = match self.review_on {
            None => Some(TermsWarning::ReviewMissing),
            Some(on) if on < today => Some(TermsWarning::ReviewPast),
            Some(_) => None,
        };
        Self {
            warnings: warning.into_iter().collect(),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: CompensationKind) -> Compensation {
        Compensation {
            kind,
            basis_points: None,
            amount: None,
            paid_by: None,
            disclosed_to_clients: None,
            note: None,
        }
    }

    fn full(kind: CompensationKind) -> Compensation {
        let currency = "USD".parse().unwrap();
        Compensation {
            basis_points: Some(1500),
            amount: Money::from_columns(Some(50_000), Some(currency)),
            paid_by: Some(Payer::Us),
            disclosed_to_clients: Some(true),
            note: Some("Yearly.".to_owned()),
            ..of(kind)
        }
    }

    fn told(compensation: &Compensation) -> Vec<String> {
        let errors = compensation.complaints().into_iter();
        errors
            .map(|error| format!("{} {}", error.pointer, error.code))
            .collect()
    }

    #[test]
    fn each_kind_needs_its_own_fields_and_bears_no_others() {
        use CompensationKind as K;
        assert!(told(&of(K::None)).is_empty());
        assert_eq!(
            told(&of(K::FeeShare)),
            [
                "/compensation/basis_points needed",
                "/compensation/paid_by needed"
            ]
        );
        assert_eq!(
            told(&of(K::FlatFee)),
            [
                "/compensation/amount needed",
                "/compensation/paid_by needed"
            ]
        );
        assert_eq!(told(&of(K::Other)), ["/compensation/note needed"]);
        assert_eq!(
            told(&full(K::None)),
            [
                "/compensation/basis_points not_of_kind",
                "/compensation/amount not_of_kind",
                "/compensation/paid_by not_of_kind",
                "/compensation/disclosed_to_clients not_of_kind"
            ]
        );
        assert_eq!(
            told(&full(K::FeeShare)),
            ["/compensation/amount not_of_kind"]
        );
        assert_eq!(
            told(&full(K::FlatFee)),
            ["/compensation/basis_points not_of_kind"]
        );
        assert_eq!(
            told(&full(K::Other)),
            [
                "/compensation/basis_points not_of_kind",
                "/compensation/amount not_of_kind"
            ]
        );
    }

    #[test]
    fn a_review_that_is_missing_or_past_is_warned_of() {
        let today = Date::new(2026, 3, 2).unwrap();
        let warned = |review_on| {
            let terms = PartnershipTerms {
                review_on,
                ..PartnershipTerms::unwritten(Uuid::nil())
            };
            terms.warned(today).warnings
        };
        assert_eq!(warned(None), [TermsWarning::ReviewMissing]);
        assert_eq!(warned(Date::new(2026, 3, 1)), [TermsWarning::ReviewPast]);
        assert!(warned(Some(today)).is_empty());
    }
}
