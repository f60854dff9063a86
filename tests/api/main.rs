//! The service as its users meet it: over HTTP, on a database of each test's own.

mod support;

mod action_steps;
mod clients;
mod contract;
mod identity;
mod introductions;
mod meetings;
mod partnerships;
mod plan;
mod platform;
mod reciprocity;
mod record;
mod results;
mod vitality;
