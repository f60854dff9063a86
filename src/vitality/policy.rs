//! Who may see how alive a partnership is.

use crate::platform::auth::{Duty, Rule, Scope};

/// See the gauge.
pub const READ: Rule = Rule::new(Duty::Read, Scope::ReportsRead);
