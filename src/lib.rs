//! Quid: the record that two professional firms share about their partnership.
pub mod platform;
