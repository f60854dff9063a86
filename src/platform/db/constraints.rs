//! What it means for a caller when the database upholds a constraint.
//!
//! Each feature lists the constraints of its tables in its `mod.rs`; a test compares the lists with
//! `pg_constraint`, so that none is forgotten.

use diesel::result::{DatabaseErrorKind, Error as Diesel};

use super::connection_is_gone;
use crate::platform::error::{ALREADY_EXISTS, Error, Failure, FieldError, ID_TAKEN, Problem};

/// A constraint by its name, and what its violation means.
#[derive(Clone, Copy, Debug)]
pub struct Constraint {
    /// As in `pg_constraint` or, for a partial unique index, `pg_class`.
    pub name: &'static str,
    /// What the caller is told.
    pub means: Means,
}

/// What a violation means.
#[derive(Clone, Copy, Debug)]
pub enum Means {
    /// The id that the caller made is in use: a bare 409.
    IdTaken,
    /// A rule allows only one: 409 with this detail.
    Exists(&'static str),
    /// A field has an impossible value: 422 at this pointer.
    Field(&'static str, &'static str),
    /// What the request refers to was removed while it ran: 404.
    Gone,
    /// The code checks this before; if it happens all the same, the fault is ours.
    Guarded,
}

/// Shorthand for a feature's list.
pub const fn constraint(name: &'static str, means: Means) -> Constraint {
    Constraint { name, means }
}

/// Turns what the database said into what the caller is told.
pub fn explain(cause: &Diesel, known: &[Constraint]) -> Result<Problem, Failure> {
    if connection_is_gone(cause) {
        return Ok(Problem::unavailable());
    }
    let Diesel::DatabaseError(kind, about) = cause else {
        return match cause {
            Diesel::NotFound => Ok(Problem::not_found()),
            _ => Err(Failure::Broken(cause.to_string().into())),
        };
    };
    let name = about.constraint_name();
    let means = name.and_then(|name| known.iter().find(|constraint| constraint.name == name));
    match (means.map(|constraint| constraint.means), kind) {
        (Some(Means::IdTaken), _) => Ok(Problem::new(&ID_TAKEN, "Make another id.")),
        (Some(Means::Exists(detail)), _) => Ok(Problem::new(&ALREADY_EXISTS, detail)),
        (Some(Means::Field(pointer, detail)), _) => Ok(Problem::invalid(vec![FieldError::new(
            pointer,
            "impossible",
            detail,
        )])),
        (Some(Means::Gone), _) => Ok(Problem::not_found()),
        (Some(Means::Guarded), _) | (None, DatabaseErrorKind::CheckViolation) => Err(
            Failure::Broken(format!("constraint {}", name.unwrap_or("?")).into()),
        ),
        (None, _) if is_overload(about.message()) => Ok(Problem::unavailable()),
        (None, _) if is_data_exception(about.message()) => Ok(Problem::invalid_field(
            "",
            "impossible",
            "A value can't be stored.",
        )),
        (None, _) => Err(Failure::Broken(cause.to_string().into())),
    }
}

/// Time limits and resource limits of the server: it may work later.
fn is_overload(message: &str) -> bool {
    [
        "statement timeout",
        "lock timeout",
        "too many clients",
        "deadlock detected",
        "could not serialize",
    ]
    .iter()
    .any(|part| message.contains(part))
}

/// PostgreSQL's class 22: the value, not the service, is at fault.
fn is_data_exception(message: &str) -> bool {
    [
        "out of range",
        "invalid byte sequence",
        "invalid input syntax",
        "value too long",
        "unsupported Unicode",
    ]
    .iter()
    .any(|part| message.contains(part))
}

/// Whether an error is the violation of this constraint.
pub fn violates(error: &Error, constraint: &str) -> bool {
    error.constraint() == Some(constraint)
}
