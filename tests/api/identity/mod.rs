//! Signing up, signing in, tokens and their end.

mod firm;
mod sessions;
