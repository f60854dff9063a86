//! When a step can be due, by what it waits for.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::model::Predecessor;
use super::store::{self, Finish};
use crate::action_steps::create::CreateActionStep;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, FieldError};
use crate::platform::values::Date;
use crate::work_calendar::{self, WorkCalendar};

/// Where a step stands.
pub struct Place {
    /// The step.
    pub step_id: Uuid,
    /// The partnership.
    pub partnership_id: Uuid,
    /// The firm that will do it.
    pub owner_firm_id: Uuid,
}

/// When a new step is due: as told, or as early as what it waits for lets it. What is wrong with that, otherwise.
pub async fn date(
    tx: &Tx,
    place: &Place,
    body: &CreateActionStep,
) -> ApiResult<Result<Date, Vec<FieldError>>> {
    let needed = || {
        let detail = "Say when it is due, or what it waits for.";
        vec![FieldError::new("/due_on", "needed", detail)]
    };
    if body.after.is_empty() {
        return Ok(body.due_on.ok_or_else(needed));
    }
    let errors = check(tx, place, &body.after).await?;
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let calendar = work_calendar::days_of(tx, place.owner_firm_id).await?;
    let finishes = store::finishes(tx, &body.after).await?;
    let earliest = earliest(
        &calendar,
        &body.after,
        &finishes,
        body.length_days.unwrap_or(1),
    );
    Ok(match (body.due_on, earliest) {
        (Some(due_on), Some(earliest)) if due_on < earliest => Err(vec![too_early(earliest)]),
        (Some(due_on), _) => Ok(due_on),
        (None, Some(earliest)) => Ok(earliest),
        (None, None) => Err(needed()),
    })
}

fn too_early(earliest: Date) -> FieldError {
    let detail = format!("What it waits for lets it be due on {earliest} at the earliest.");
    FieldError::new("/due_on", "before_predecessor", detail)
}

/// The earliest date on which a step of so many business days can be due; none where it waits for nothing that
/// counts.
pub fn earliest(
    calendar: &WorkCalendar,
    after: &[Predecessor],
    finishes: &[Finish],
    length_days: i32,
) -> Option<Date> {
    let begins = after.iter().filter_map(|one| {
        let finish = finishes
            .iter()
            .find(|finish| finish.step_id == one.action_step_id)?;
        Some(calendar.after(finish.finish_on?, one.lag))
    });
    let begins = begins.max()?;
    Some(calendar.plus(begins, length_days.saturating_sub(1)))
}

/// What is wrong with what a step is to wait for. The timeline is held from here on.
pub async fn check(tx: &Tx, place: &Place, after: &[Predecessor]) -> ApiResult<Vec<FieldError>> {
    store::hold_timeline(tx, place.partnership_id).await?;
    let known = store::examine(tx, place, after).await?;
    let mut seen = BTreeSet::new();
    let wrong = after.iter().enumerate().filter_map(|(at, one)| {
        let id = one.action_step_id;
        let found = known.iter().find(|known| known.step_id == id);
        let (code, detail) = match found {
            _ if id == place.step_id => ("self", "A step can't wait for itself."),
            _ if !seen.insert(id) => ("twice", "It is there already."),
            None => ("unknown", "The partnership has no such step."),
            Some(known) if known.waits => ("circle", "That one waits for this one."),
            Some(_) => return None,
        };
        let pointer = format!("/after/{at}/action_step_id");
        Some(FieldError::new(pointer, code, detail))
    });
    Ok(wrong.collect())
}

/// Keeps what a new step waits for.
pub async fn link(tx: &Tx, step_id: Uuid, after: &[Predecessor]) -> ApiResult<()> {
    if after.is_empty() {
        return Ok(());
    }
    store::insert(tx, step_id, after).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work_calendar::{Lag, LagUnit};

    fn march(day: i8) -> Date {
        Date::new(2026, 3, day).unwrap()
    }

    #[test]
    fn the_example_of_the_documentation_holds() {
        let lag = Lag {
            count: 1,
            unit: LagUnit::BusinessDays,
        };
        let after = [Predecessor {
            action_step_id: Uuid::nil(),
            lag,
        }];
        let finishes = |finish_on| {
            [Finish {
                step_id: Uuid::nil(),
                finish_on,
            }]
        };
        let calendar = WorkCalendar::default();
        let due = |finish_on| earliest(&calendar, &after, &finishes(finish_on), 2);
        assert_eq!(due(Some(march(6))), Some(march(10)));
        assert_eq!(due(None), None);
    }
}
