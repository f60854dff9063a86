//! What holds over all operations, whichever they are: who may do what, what the document promises,
//! and the conventions of the API. A new operation is found by these tests, not the other way round.

mod authorization;
mod catalogue;
mod conventions;
mod coverage;
mod document;
mod documented;
mod foreign;
mod heads;
mod lists;
mod published;
mod reading;
mod readme;
mod repeats;
mod schemas;
mod world;

/// Fails with a list of everything that was found, and what is asked for.
#[track_caller]
fn nothing(found: &[String], asked: &str) {
    assert!(
        found.is_empty(),
        "{asked}; {} found:\n  {}",
        found.len(),
        found.join("\n  ")
    );
}
