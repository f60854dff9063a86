//! Who may see results, and who may report a figure by hand.

use crate::platform::auth::{Duty, Rule, Scope};

/// See results.
pub const READ: Rule = Rule::new(Duty::Read, Scope::ReportsRead);
/// See what was reported by hand.
pub const READ_READINGS: Rule = Rule::new(Duty::Read, Scope::PlanRead);
/// Report a figure by hand.
pub const PREPARE: Rule = Rule::new(Duty::Prepare, Scope::PlanWrite);
