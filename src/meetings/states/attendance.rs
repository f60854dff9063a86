//! Asks whether who is said to have taken part belongs to the two firms.

use uuid::Uuid;

use super::store;
use crate::meetings::model::{MeetingAttendance, MeetingTopic};
use crate::parties::Party;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, FieldError};
use crate::platform::values::Timestamp;

/// What can't be so of a conversation that was held: it is still to come, somebody is no member of the firm for which
/// the name stands, or something stands there twice.
pub async fn complaints(
    tx: &Tx,
    party: &Party,
    held_at: Timestamp,
    attendance: &MeetingAttendance,
    topics: &[MeetingTopic],
    now: Timestamp,
) -> ApiResult<Vec<FieldError>> {
    let mut errors = Vec::new();
    if held_at > now {
        let detail = "That is still to come.";
        errors.push(FieldError::new("/held_at", "in_the_future", detail));
    }
    let (ours, theirs) = futures_util::try_join!(
        store::strangers(tx, party.us, &attendance.us),
        store::strangers(tx, party.them, &attendance.them)
    )?;
    for (place, said, strangers) in [
        ("/attendance/us", &attendance.us, ours),
        ("/attendance/them", &attendance.them, theirs),
    ] {
        errors.extend(unknown(place, said, &strangers));
        errors.extend(repeated(place, said));
    }
    errors.extend(repeated("/topics", topics));
    Ok(errors)
}

fn unknown(place: &str, said: &[Uuid], strangers: &[Uuid]) -> Vec<FieldError> {
    let named = said.iter().enumerate();
    named
        .filter(|(_, id)| strangers.contains(id))
        .map(|(at, _)| {
            let detail = "The firm has no such member.";
            FieldError::new(format!("{place}/{at}"), "unknown", detail)
        })
        .collect()
}

fn repeated<T: PartialEq>(place: &str, said: &[T]) -> Vec<FieldError> {
    let named = said.iter().enumerate();
    named
        .filter(|(at, one)| said.iter().take(*at).any(|other| other == *one))
        .map(|(at, _)| {
            let detail = "It stands there twice.";
            FieldError::new(format!("{place}/{at}"), "repeated", detail)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_there_twice_is_named_where_it_is_repeated() {
        let found = repeated("/topics", &[1, 2, 1, 1]);
        let places: Vec<_> = found.iter().map(|error| error.pointer.clone()).collect();
        assert_eq!(places, ["/topics/2", "/topics/3"]);
    }
}
