//! The rules of the house, each a function over parsed source files, with its own proof that it can
//! fail.

pub mod features;
pub mod functions;
pub mod operations;
pub mod paths;
pub mod records;
pub mod routes;
pub mod security;
pub mod source;
pub mod sql;
pub mod style;
pub mod tables;
