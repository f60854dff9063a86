//! Signing up, signing in, tokens and their end.

mod sessions;
