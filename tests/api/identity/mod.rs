//! Coming in, signing in, tokens and their end; the firm and its people.

mod firm;
mod invitations;
mod members;
mod profile;
mod sessions;
mod sign_ups;
