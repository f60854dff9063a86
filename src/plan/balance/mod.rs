//! What the parties agreed of their balance, for all partnerships of a firm at once.

mod store;

pub use store::{AgreedBalance, list_agreed};
