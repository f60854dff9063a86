//! HTTP as every operation speaks it: who may ask and for what ([`Allowed`]), what comes in
//! ([`Json`], [`Query`]), what goes out ([`Answer`], [`Page`]), and the frame around it all.

mod allowed;
mod answer;
pub mod bodies;
mod body;
pub mod connections;
mod credential;
pub mod document;
mod external;
pub mod frame;
mod gate;
mod head;
pub mod health;
mod json;
pub mod limits;
pub mod metrics;
mod once;
pub mod paging;
pub mod problems;
mod query;

pub use allowed::{Action, Allowed, FoundAt, IdPath, NoPath, Public, stale};
pub use answer::{Answer, Outcome, REPLAYED, Report, Shown, UPSERT, no_content, public, readable};
pub use body::limited as read_body;
pub use external::ExternalIdPath;
pub use json::{Json, present};
pub use paging::{Listing, Page};
pub use query::Query;
