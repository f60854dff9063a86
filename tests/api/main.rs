//! The service as its users meet it: over HTTP, on a database of each test's own.

mod support;

mod action_steps;
mod calendar_feeds;
mod clients;
mod contacts;
mod contract;
mod identity;
mod introductions;
mod meetings;
mod partnerships;
mod plan;
mod platform;
mod playbooks;
mod reciprocity;
mod record;
mod reminders;
mod results;
mod timelines;
mod today;
mod touchpoints;
mod vitality;
