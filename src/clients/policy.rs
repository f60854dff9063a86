//! Who may do what to clients and consents. They are the caller's own firm's, so there are no sides.

use crate::platform::auth::{Duty, Rule, Scope};

/// See clients and consents.
pub const READ: Rule = Rule::new(Duty::Read, Scope::ClientsRead);
/// Create and change clients.
pub const PREPARE: Rule = Rule::new(Duty::Prepare, Scope::ClientsWrite);
/// Record and withdraw consent. It binds the firm, so it takes the scope that moves introductions.
pub const CONSENT: Rule = Rule::new(Duty::Commit, Scope::IntroductionsWrite);

/// Erase a client, lay and lift a legal hold: for people alone.
pub const ERASE: Rule = Rule::people(Duty::Erase);

#[cfg(test)]
mod tests {
    use super::*;

    /// Copied by hand from the table "Who may do what" of the product's description.
    #[test]
    fn clients_are_prepared_consent_is_committed_and_erasure_is_a_duty_of_its_own() {
        let rules = [READ, PREPARE, CONSENT, ERASE].map(|rule| (rule.duty, rule.scope()));
        let expected = [
            (Duty::Read, "clients:read"),
            (Duty::Prepare, "clients:write"),
            (Duty::Commit, "introductions:write"),
            (Duty::Erase, ""),
        ];
        assert_eq!(rules, expected);
    }
}
