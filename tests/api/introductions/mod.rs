//! Introductions: their stages, the seal over the client's identity, their place among others.

mod corrections;
mod seal;
mod stages;
mod upsert;
mod waiting;
mod walk;
