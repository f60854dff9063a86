//! Who may do what to contacts.

use crate::parties::Side;
use crate::platform::auth::{Duty, Rule, Scope, Verdict};
use crate::platform::error::Problem;

/// See contacts, and ask whom to call.
pub const READ: Rule = Rule::new(Duty::Read, Scope::ContactsRead);
/// Write the own party's contacts.
pub const PREPARE: Rule = Rule::new(Duty::Prepare, Scope::ContactsWrite);

/// Whether the caller may write a contact of this side.
pub fn may_write(side: Side) -> Verdict {
    match side {
        Side::Us => Ok(()),
        Side::Them => Err(Problem::forbidden(
            "Only the firm whose teammate it is writes a contact.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Copied by hand from the table "Who may do what" of the product's description.
    #[test]
    fn contacts_are_prepared_by_their_own_party() {
        let rules = [READ, PREPARE].map(|rule| (rule.duty, rule.scope()));
        let expected = [
            (Duty::Read, "contacts:read"),
            (Duty::Prepare, "contacts:write"),
        ];
        assert_eq!(rules, expected);
        assert!(may_write(Side::Us).is_ok());
        assert!(may_write(Side::Them).is_err());
    }
}
