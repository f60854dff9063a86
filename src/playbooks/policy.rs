//! Who may write and apply playbooks.

use crate::platform::auth::{Duty, Rule, Scope};

/// See the firm's playbooks.
pub const READ: Rule = Rule::new(Duty::Read, Scope::ActionStepsRead);
/// Write playbooks, and lay them out: the own steps are the firm's to prepare, the partner's are proposed to it.
pub const PREPARE: Rule = Rule::new(Duty::Prepare, Scope::ActionStepsWrite);
