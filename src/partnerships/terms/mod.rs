//! The terms of a partnership: whether it is exclusive, whether clients are told of it, when the two look
//! at it again, and what is paid for introductions, if anything. Professional rules ask for them.
//!
//! The service keeps what the two have said and claims nothing about whether a rule is met. Either party
//! writes them, from the acceptance on and as long as the partnership lives; both read them. Every version
//! is kept, with who wrote it and when. The partnership itself does not change with its terms.

pub(super) mod get;
pub(super) mod history;
mod model;
pub(super) mod patch;
mod store;
