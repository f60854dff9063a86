//! Gifts: what people of partner firms received from a firm, in twelve months, against its limit.

pub(super) mod get;
mod store;
mod tally;

pub(super) use store::{Receiver, list_received, list_receivers};
