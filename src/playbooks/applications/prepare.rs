//! What a playbook would lay out in a partnership.

use uuid::Uuid;

use super::store;
use crate::introductions::Direction;
use crate::parties::Party;
use crate::platform::db::Conn;
use crate::platform::error::{ApiResult, FieldError};
use crate::platform::values::Date;
use crate::playbooks::model::{Playbook, PlaybookSubject};
use crate::playbooks::store as playbooks;
use crate::work_calendar::{self, WorkCalendar};

/// What is to be laid out, and from when.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The playbook.
    pub playbook_id: Uuid,
    /// The introduction, if it is about one.
    pub introduction_id: Option<Uuid>,
    /// From which date.
    pub start_on: Date,
}

/// What laying out goes by.
pub struct Ground {
    /// The playbook.
    pub playbook: Playbook,
    /// How the introduction leads, if it is about one.
    pub direction: Option<Direction>,
    /// The days on which the firm works, and its partner.
    pub calendars: [WorkCalendar; 2],
}

/// What is wrong with a wish: the field and the complaint.
type Wrong = (&'static str, &'static str, &'static str);

/// Looks up what laying out goes by; what is wrong with the wish otherwise, each by its field.
pub async fn prepare(
    conn: &Conn,
    party: &Party,
    wanted: &Wanted,
) -> ApiResult<Result<Ground, Vec<Wrong>>> {
    let playbook = playbooks::find(conn, party.us, wanted.playbook_id).await?;
    let Some(playbook) = playbook else {
        let detail = "Your firm has no such playbook.";
        return Ok(Err(vec![("playbook_id", "unknown", detail)]));
    };
    let mut wrong: Vec<Wrong> = Vec::new();
    if playbook.archived_at.is_some() {
        wrong.push(("playbook_id", "archived", "It was put away."));
    }
    let of_introduction = playbook.applies_to == PlaybookSubject::Introduction;
    let mut direction = None;
    match wanted.introduction_id {
        None if of_introduction => {
            wrong.push(("introduction_id", "needed", "The playbook is for one."));
        }
        Some(_) if !of_introduction => {
            wrong.push(("introduction_id", "misfit", "The playbook is for none."));
        }
        Some(id) => {
            direction = store::direction(conn, party, id).await?;
            if direction.is_none() {
                let detail = "The partnership has no such introduction.";
                wrong.push(("introduction_id", "unknown", detail));
            }
        }
        None => {}
    }
    if !wrong.is_empty() {
        return Ok(Err(wrong));
    }
    let calendars = work_calendar::days_of_both(conn, party).await?;
    Ok(Ok(Ground {
        playbook,
        direction,
        calendars,
    }))
}

/// The complaints, as fields of a body or of a query.
pub fn fields(wrong: Vec<Wrong>, before: &str) -> Vec<FieldError> {
    let one = |(field, code, detail)| FieldError::new(format!("{before}{field}"), code, detail);
    wrong.into_iter().map(one).collect()
}
