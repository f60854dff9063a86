//! What is written of a touchpoint, and what of that does not go together.

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Touchpoint, TouchpointKind, TouchpointState, TouchpointVisibility};
use crate::parties::Side;
use crate::platform::error::FieldError;
use crate::platform::values::{Date, Money, Name};

/// A guest: a member of one of the two firms, or somebody of it by name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"side": "them", "name": "Pia Otero"}))]
pub struct NewTouchpointGuest {
    /// Whose guest it is.
    pub side: Side,
    /// The member of that firm; or else the name.
    pub member_id: Option<Uuid>,
    /// The name of who is no member; name no client.
    pub name: Option<Name>,
}

impl NewTouchpointGuest {
    /// Whether it is the same person.
    fn is(&self, other: &Self) -> bool {
        let name = |guest: &Self| guest.name.as_ref().map(|name| name.as_str().to_lowercase());
        (self.side, self.member_id, name(self)) == (other.side, other.member_id, name(other))
    }
}

/// What is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// What kind of thing it is.
    pub kind: TouchpointKind,
    /// Where it stands.
    pub state: TouchpointState,
    /// The date it is, or was, planned for.
    pub planned_on: Option<Date>,
    /// When it was, in the zone of the firm that wrote it.
    pub happened_on: Option<Date>,
    /// Where.
    pub place: Option<String>,
    /// What is noted of it.
    pub note: Option<String>,
    /// Who sees it.
    pub visibility: TouchpointVisibility,
    /// What the party that wrote it paid.
    pub cost: Option<Money>,
    /// Which party paid.
    pub paid_by: Option<Side>,
    /// Who was there; the first is the first to receive what is left over.
    pub guests: Vec<NewTouchpointGuest>,
}

impl Content {
    /// What stands in a touchpoint.
    pub fn of(touchpoint: &Touchpoint) -> Self {
        let guests = touchpoint.guests.iter().map(|guest| NewTouchpointGuest {
            side: guest.side,
            member_id: guest.member_id,
            name: guest.member_id.is_none().then(|| guest.name.clone()),
        });
        Self {
            kind: touchpoint.kind,
            state: touchpoint.state,
            planned_on: touchpoint.planned_on,
            happened_on: touchpoint.happened_on,
            place: touchpoint.place.clone(),
            note: touchpoint.note.clone(),
            visibility: touchpoint.visibility,
            cost: touchpoint.cost.clone(),
            paid_by: touchpoint.paid_by,
            guests: guests.collect(),
        }
    }

    /// What does not go together, on a day.
    pub fn complaints(&self, today: Date) -> Vec<FieldError> {
        [self.of_dates(today), self.of_cost()]
            .into_iter()
            .flatten()
            .chain(self.of_guests())
            .collect()
    }

    fn of_dates(&self, today: Date) -> Option<FieldError> {
        let error = |pointer, code, detail| Some(FieldError::new(pointer, code, detail));
        match (self.state, self.happened_on, self.planned_on) {
            (TouchpointState::Held, None, _) => {
                error("/happened_on", "needed", "Say when it was held.")
            }
            (TouchpointState::Held, Some(on), _) if on > today => {
                error("/happened_on", "in_the_future", "That is still to come.")
            }
            (TouchpointState::Held, ..) => None,
            (_, Some(_), _) => {
                let detail = "Only what was held has happened.";
                error("/happened_on", "not_of_state", detail)
            }
            (_, None, None) => {
                let detail = "Say when it was, or when it is planned for.";
                error("/planned_on", "needed", detail)
            }
            (_, None, Some(_)) => None,
        }
    }

    fn of_cost(&self) -> Option<FieldError> {
        self.cost.as_ref()?;
        match self.paid_by {
            Some(Side::Us) => None,
            Some(Side::Them) => {
                let detail = "Whoever paid writes down the cost.";
                Some(FieldError::new("/cost", "not_yours", detail))
            }
            None => {
                let detail = "A cost was paid by somebody.";
                Some(FieldError::new("/paid_by", "needed", detail))
            }
        }
    }

    fn of_guests(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        for (place, guest) in self.guests.iter().enumerate() {
            let pointer = format!("/guests/{place}");
            let mut before = self.guests.iter().take(place);
            if guest.member_id.is_some() == guest.name.is_some() {
                let detail = "A guest is a member, or has a name: one of the two.";
                errors.push(FieldError::new(pointer, "one_of", detail));
            } else if before.any(|other| other.is(guest)) {
                let detail = "This guest stands in the list already.";
                errors.push(FieldError::new(pointer, "twice", detail));
            }
        }
        errors
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A guest of a side by name.
    pub fn guest(side: Side, name: &str) -> NewTouchpointGuest {
        NewTouchpointGuest {
            side,
            member_id: None,
            name: Some(name.parse().unwrap()),
        }
    }

    fn today() -> Date {
        Date::new(2026, 3, 2).unwrap()
    }

    fn held() -> Content {
        Content {
            kind: TouchpointKind::Meal,
            state: TouchpointState::Held,
            planned_on: None,
            happened_on: Some(today()),
            place: None,
            note: None,
            visibility: TouchpointVisibility::Shared,
            cost: None,
            paid_by: None,
            guests: vec![guest(Side::Us, "Ana"), guest(Side::Them, "Ana")],
        }
    }

    fn told(content: &Content) -> Vec<String> {
        let errors = content.complaints(today()).into_iter();
        errors
            .map(|error| format!("{} {}", error.pointer, error.code))
            .collect()
    }

    #[test]
    fn what_was_held_has_a_date_that_has_come_and_what_is_planned_one_to_come() {
        assert!(told(&held()).is_empty());
        for state in [TouchpointState::Planned, TouchpointState::Cancelled] {
            let undated = Content {
                state,
                happened_on: None,
                ..held()
            };
            assert_eq!(told(&undated), ["/planned_on needed"]);
            let planned = Content {
                planned_on: Some(today()),
                ..undated
            };
            assert!(told(&planned).is_empty());
            let both = Content {
                happened_on: Some(today()),
                ..planned
            };
            assert_eq!(told(&both), ["/happened_on not_of_state"]);
        }
        let never = Content {
            happened_on: None,
            ..held()
        };
        assert_eq!(told(&never), ["/happened_on needed"]);
        let tomorrow = Content {
            happened_on: Some(today().plus_days(1)),
            ..held()
        };
        assert_eq!(told(&tomorrow), ["/happened_on in_the_future"]);
    }

    #[test]
    fn only_who_paid_writes_the_cost() {
        let cost = Money::from_columns(Some(8_400), Some("USD".parse().unwrap()));
        let paid = |paid_by| Content {
            cost: cost.clone(),
            paid_by,
            ..held()
        };
        assert!(told(&paid(Some(Side::Us))).is_empty());
        assert_eq!(told(&paid(Some(Side::Them))), ["/cost not_yours"]);
        assert_eq!(told(&paid(None)), ["/paid_by needed"]);
        let nothing = Content {
            paid_by: Some(Side::Them),
            ..held()
        };
        assert!(told(&nothing).is_empty());
    }

    #[test]
    fn a_guest_is_a_member_or_has_a_name_and_stands_once() {
        let member = NewTouchpointGuest {
            member_id: Some(Uuid::nil()),
            name: None,
            ..guest(Side::Us, "Ana")
        };
        let both = NewTouchpointGuest {
            member_id: Some(Uuid::nil()),
            ..guest(Side::Us, "Ana")
        };
        let nobody = NewTouchpointGuest {
            name: None,
            ..guest(Side::Us, "Ana")
        };
        let content = Content {
            guests: vec![
                member.clone(),
                guest(Side::Us, "Ana"),
                both,
                nobody,
                guest(Side::Us, "ANA"),
                member,
            ],
            ..held()
        };
        assert_eq!(
            told(&content),
            [
                "/guests/2 one_of",
                "/guests/3 one_of",
                "/guests/4 twice",
                "/guests/5 twice"
            ]
        );
    }
}
