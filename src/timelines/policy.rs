//! Who may see and move timelines.

use crate::platform::auth::{Duty, Rule, Scope};

/// See what the steps come to.
pub const READ: Rule = Rule::new(Duty::Read, Scope::ActionStepsRead);
/// Move steps together: the own ones are moved, the other party's get a date proposed.
pub const PREPARE: Rule = Rule::new(Duty::Prepare, Scope::ActionStepsWrite);
