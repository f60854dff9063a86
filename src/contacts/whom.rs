//! Whom to call: the rules of the module's documentation.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{CallReason, Contact};
use crate::parties::Lead;
use crate::platform::values::{Date, EmailAddress, Name};

/// Somebody to call, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Callee {
    /// The contact; `null` for a lead who is none.
    pub contact_id: Option<Uuid>,
    /// The member; `null` for a contact who does not sign in.
    pub member_id: Option<Uuid>,
    /// The name.
    pub name: Name,
    /// What the callee does; `null` for a lead who is no contact.
    pub role: Option<String>,
    /// E-mail address.
    pub email: Option<EmailAddress>,
    /// Phone number as it was written.
    pub phone: Option<String>,
    /// Phone number in E.164.
    pub phone_e164: Option<String>,
    /// What is said of the reason.
    pub detail: Option<String>,
    /// Why this one, in plain words.
    pub because: String,
}

/// Why a contact is called: for the reason itself or for `other`, and where that stands in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    Reason(usize),
    Other(usize),
}

impl Why {
    fn of(about: CallReason, contact: &Contact) -> Option<Self> {
        let place = |reason| {
            let mut reasons = contact.reasons.iter();
            reasons.position(|one| one.reason == reason)
        };
        let own = place(about).map(Self::Reason);
        own.or_else(|| place(CallReason::Other).map(Self::Other))
    }

    fn place(self) -> usize {
        match self {
            Self::Reason(place) | Self::Other(place) => place,
        }
    }
}

/// The person to call about something, and the stand-in: of all contacts of a party, and its lead.
pub fn choose(
    about: CallReason,
    today: Date,
    contacts: &[Contact],
    lead: Option<&Lead>,
) -> [Option<Callee>; 2] {
    let here = contacts.iter().filter(|contact| !contact.has_left);
    let mut ranked: Vec<(Why, &Contact)> = here
        .filter_map(|contact| Why::of(about, contact).map(|why| (why, contact)))
        .collect();
    ranked.sort_by_key(|(why, contact)| (*why, contact.preference, contact.id));
    let (mut chosen, mut away, mut by_reason) = (Vec::new(), String::new(), false);
    for (why, contact) in &ranked {
        if contact.is_away(today) {
            away.push_str(&absence(contact));
            continue;
        }
        let because = std::mem::take(&mut away) + &said(about, *why, contact, by_reason);
        by_reason |= matches!(why, Why::Reason(_));
        let reason = contact.reasons.get(why.place());
        let detail = reason.and_then(|one| one.detail.clone());
        chosen.push(callee(contact, detail, because));
    }
    let is_ranked = |lead: &Lead| {
        let mut ranked = ranked.iter();
        ranked.any(|(_, contact)| contact.member_id == Some(lead.member_id))
    };
    if let Some(lead) = lead.filter(|lead| !is_ranked(lead)) {
        let mut all = contacts.iter();
        let own = all.find(|contact| contact.member_id == Some(lead.member_id));
        if own.is_none_or(|contact| !contact.is_away(today)) {
            let (nobody, name) = (nobody(by_reason), &lead.name);
            let what = words(about);
            let because = format!(
                "{away}{nobody} here today is called about {what}; {name} leads the party."
            );
            chosen.push(match own {
                Some(contact) => callee(contact, None, because),
                None => leading(lead, because),
            });
        }
    }
    let mut chosen = chosen.into_iter();
    [chosen.next(), chosen.next()]
}

fn callee(contact: &Contact, detail: Option<String>, because: String) -> Callee {
    Callee {
        contact_id: Some(contact.id),
        member_id: contact.member_id,
        name: contact.name.clone(),
        role: Some(contact.role.clone()),
        email: contact.email.clone(),
        phone: contact.phone.clone(),
        phone_e164: contact.phone_e164.clone(),
        detail,
        because,
    }
}

fn leading(lead: &Lead, because: String) -> Callee {
    Callee {
        contact_id: None,
        member_id: Some(lead.member_id),
        name: lead.name.clone(),
        role: None,
        email: None,
        phone: None,
        phone_e164: None,
        detail: None,
        because,
    }
}

fn absence(contact: &Contact) -> String {
    let name = &contact.name;
    match contact.away_to_on {
        Some(until) => format!("{name} comes before, but is away until {until}. "),
        None => format!("{name} comes before, but is away. "),
    }
}

fn said(about: CallReason, why: Why, contact: &Contact, by_reason: bool) -> String {
    let (name, what) = (&contact.name, words(about));
    let (number, all) = (why.place().saturating_add(1), contact.reasons.len());
    match why {
        Why::Reason(_) => format!("{name} is called about {what}: reason {number} of {all}."),
        Why::Other(_) => {
            let nobody = nobody(by_reason);
            format!(
                "{nobody} here today is called about {what}; {name} is called about other things: reason {number} of {all}."
            )
        }
    }
}

fn nobody(by_reason: bool) -> &'static str {
    if by_reason { "Nobody else" } else { "Nobody" }
}

fn words(about: CallReason) -> String {
    match about {
        CallReason::Other => "other things".to_owned(),
        about => about.as_str().replace('_', " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contacts::model::ContactReason;
    use crate::parties::Side;
    use crate::platform::values::Timestamp;

    fn contact(number: u128, name: &str, reasons: &[CallReason]) -> Contact {
        let at = Timestamp::from_microsecond(0);
        let reasons = reasons.iter().map(|reason| ContactReason {
            reason: *reason,
            detail: Some(format!("{name} and {reason}")),
        });
        Contact {
            id: Uuid::from_u128(number),
            partnership_id: Uuid::nil(),
            side: Side::Them,
            partner_firm_id: Uuid::nil(),
            member_id: None,
            name: name.parse().unwrap(),
            role: "Manager".to_owned(),
            email: None,
            phone: None,
            phone_e164: None,
            reasons: reasons.collect(),
            preference: 1,
            away_from_on: None,
            away_to_on: None,
            has_left: false,
            warnings: Vec::new(),
            written_by: Uuid::nil(),
            created_at: at,
            updated_at: at,
            version: 1,
        }
    }

    fn rosa() -> Lead {
        Lead {
            member_id: Uuid::from_u128(99),
            name: "Rosa".parse().unwrap(),
        }
    }

    /// Those of the example in the module's documentation.
    fn example() -> Vec<Contact> {
        use CallReason::{Documents, Other, Tax};
        vec![
            contact(1, "Nora", &[Documents, Tax]),
            Contact {
                preference: 2,
                ..contact(2, "Otis", &[Tax])
            },
            Contact {
                away_from_on: Date::new(2026, 3, 1),
                away_to_on: Date::new(2026, 3, 2),
                ..contact(3, "Pia", &[Tax])
            },
            contact(4, "Quin", &[Other]),
        ]
    }

    fn names(about: CallReason, on: &str, contacts: &[Contact]) -> Vec<String> {
        let chosen = choose(about, on.parse().unwrap(), contacts, Some(&rosa()));
        let names = chosen.into_iter().flatten();
        names.map(|callee| callee.name.to_string()).collect()
    }

    #[test]
    fn the_example_of_the_module_holds() {
        let told = choose(
            CallReason::Tax,
            Date::new(2026, 3, 2).unwrap(),
            &example(),
            Some(&rosa()),
        );
        let because = told.map(|callee| callee.map(|callee| (callee.because, callee.detail)));
        let expected = [
            (
                "Pia comes before, but is away until 2026-03-02. Otis is called about tax: reason 1 of 1.",
                "Otis and tax",
            ),
            ("Nora is called about tax: reason 2 of 2.", "Nora and tax"),
        ];
        let expected =
            expected.map(|(why, detail)| Some((why.to_owned(), Some(detail.to_owned()))));
        assert_eq!(because, expected);
        assert_eq!(
            names(CallReason::Tax, "2026-03-03", &example()),
            ["Pia", "Otis"]
        );
        assert_eq!(
            names(CallReason::Tax, "2026-02-28", &example()),
            ["Pia", "Otis"]
        );
        assert_eq!(
            names(CallReason::Tax, "2026-03-01", &example()),
            ["Otis", "Nora"]
        );
    }

    #[test]
    fn who_is_called_about_other_things_comes_next_and_then_the_lead() {
        let on = "2026-03-02";
        assert_eq!(
            names(CallReason::Documents, on, &example()),
            ["Nora", "Quin"]
        );
        assert_eq!(names(CallReason::Billing, on, &example()), ["Quin", "Rosa"]);
        assert_eq!(names(CallReason::Other, on, &example()), ["Quin", "Rosa"]);
        assert_eq!(names(CallReason::Billing, on, &[]), ["Rosa"]);
        let date = on.parse().unwrap();
        assert_eq!(choose(CallReason::Billing, date, &[], None), [None, None]);
        let [quin, lead] = choose(CallReason::Billing, date, &example(), Some(&rosa()));
        let [quin, lead] = [quin.unwrap().because, lead.unwrap().because];
        assert_eq!(
            quin,
            "Nobody here today is called about billing; Quin is called about other things: reason 1 of 1."
        );
        assert_eq!(
            lead,
            "Nobody here today is called about billing; Rosa leads the party."
        );
    }

    #[test]
    fn nobody_is_both_and_an_absence_holds_for_the_lead_as_well() {
        let on = "2026-03-02";
        let lead = |reason, away_from_on| Contact {
            member_id: Some(Uuid::from_u128(99)),
            away_from_on,
            phone: Some("(303) 555-0147".to_owned()),
            ..contact(5, "Rosa of the contacts", &[reason])
        };
        let one = [lead(CallReason::Tax, None)];
        assert_eq!(names(CallReason::Tax, on, &one), ["Rosa of the contacts"]);
        // A lead who is a contact for something else is called at the contact's number.
        let [person, nobody] = choose(CallReason::Estate, on.parse().unwrap(), &one, Some(&rosa()));
        assert_eq!(person.unwrap().phone.as_deref(), Some("(303) 555-0147"));
        assert_eq!(nobody, None);
        for reason in [CallReason::Tax, CallReason::Estate] {
            let away = [lead(reason, Date::new(2026, 3, 1))];
            assert!(names(CallReason::Tax, on, &away).is_empty(), "{reason}");
        }
    }

    #[test]
    fn the_one_who_was_made_first_is_called_first_and_who_has_left_is_not() {
        let two = [
            contact(2, "Two", &[CallReason::Tax]),
            contact(1, "One", &[CallReason::Tax]),
        ];
        assert_eq!(names(CallReason::Tax, "2026-03-02", &two), ["One", "Two"]);
        let left = [
            Contact {
                has_left: true,
                ..contact(1, "One", &[CallReason::Tax])
            },
            contact(2, "Two", &[CallReason::Tax]),
        ];
        assert_eq!(names(CallReason::Tax, "2026-03-02", &left), ["Two", "Rosa"]);
    }
}
