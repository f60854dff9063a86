//! Who may do what to meetings.

use crate::parties::Side;
use crate::platform::auth::{Duty, Rule, Scope, Verdict};
use crate::platform::error::Problem;

/// See meetings, agendas and outcomes.
pub const READ: Rule = Rule::new(Duty::Read, Scope::MeetingsRead);
/// Prepare, move, skip and hold meetings: either party does, since a conversation is both's.
pub const PREPARE: Rule = Rule::new(Duty::Prepare, Scope::MeetingsWrite);

/// Whether a party may write an agenda item anew or remove it, by which party wrote it.
pub fn may_edit_item(party: Side) -> Verdict {
    match party {
        Side::Us => Ok(()),
        Side::Them => Err(Problem::forbidden(
            "Only the party that wrote an agenda item edits or removes it; either resolves it.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_party_edits_its_own_items() {
        assert!(may_edit_item(Side::Us).is_ok());
        assert!(may_edit_item(Side::Them).is_err());
    }
}
