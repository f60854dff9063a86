//! Who may do what to touchpoints.

use super::model::Touchpoint;
use crate::parties::Side;
use crate::platform::auth::{Duty, Rule, Scope, Verdict};
use crate::platform::error::Problem;

/// See touchpoints, and what people received.
pub const READ: Rule = Rule::new(Duty::Read, Scope::TouchpointsRead);
/// Write touchpoints down.
pub const PREPARE: Rule = Rule::new(Duty::Prepare, Scope::TouchpointsWrite);

/// Whether the caller may change it.
pub fn may_write(touchpoint: &Touchpoint) -> Verdict {
    match touchpoint.author {
        Side::Us => Ok(()),
        Side::Them => Err(Problem::forbidden(
            "Only the party that wrote a touchpoint changes it.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Copied by hand from the table "Who may do what" of the product's description.
    #[test]
    fn touchpoints_are_prepared() {
        let rules = [READ, PREPARE].map(|rule| (rule.duty, rule.scope()));
        let expected = [
            (Duty::Read, "touchpoints:read"),
            (Duty::Prepare, "touchpoints:write"),
        ];
        assert_eq!(rules, expected);
    }
}
