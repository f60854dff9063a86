//! Signing up, signing in, tokens and their end.

mod firm;
mod members;
mod sessions;
