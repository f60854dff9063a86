//! Reads how promises were kept.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::policy;
use super::store::{self, Promised};
use crate::parties::{PartnershipPath, Party, Side};
use crate::platform::app::App;
use crate::platform::auth::Rule;
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;
use crate::platform::http::{Action, Allowed, Query, Report};
use crate::platform::values::{Date, TimeZone};
use crate::reciprocity::{Window, WindowQuery, share};

pub(super) struct ReadPromises;

impl Action for ReadPromises {
    const RULE: Rule = policy::READ;
    type Path = PartnershipPath;
    type Subject = Party;
}

/// How promises were kept.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
pub struct PromiseCounts {
    /// How many fell due.
    pub due: i64,
    /// How many of these were done on or before the date first promised.
    pub kept: i64,
    /// How many were done after it.
    pub late: i64,
    /// How many are still open.
    pub open: i64,
    /// The promises kept out of all that fell due; `null` where none did.
    #[schema(minimum = 0, maximum = 1)]
    pub rate: Option<f64>,
}

impl PromiseCounts {
    fn of<'a>(all: impl Iterator<Item = &'a Promised>) -> Self {
        let sum = all.fold(Self::default(), |sum, one| Self {
            due: sum.due + one.due,
            kept: sum.kept + one.kept,
            late: sum.late + one.late,
            open: sum.open + one.open,
            rate: None,
        });
        Self {
            rate: share(sum.kept, sum.due),
            ..sum
        }
    }
}

/// How the caller's party and the other kept the promises that fell due in a window.
pub async fn promises_kept(
    conn: &Conn,
    party: &Party,
    window: Window,
) -> ApiResult<[PromiseCounts; 2]> {
    let counted = store::count_promises(conn, party, window).await?;
    Ok([Side::Us, Side::Them].map(|side| of_side(side, &counted)))
}

fn of_side(side: Side, counted: &[Promised]) -> PromiseCounts {
    PromiseCounts::of(counted.iter().filter(|one| Side::of(one.is_ours) == side))
}

/// How a member kept promises.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MemberPromises {
    /// The member; `null` for steps of which it is not known who does them.
    pub member_id: Option<Uuid>,
    /// How they were kept.
    pub counts: PromiseCounts,
}

/// How a party kept promises.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PartyPromises {
    /// Which party.
    pub side: Side,
    /// How they were kept.
    pub counts: PromiseCounts,
    /// The same by member.
    pub members: Vec<MemberPromises>,
    /// Where the steps that fell due are read: a relative address. What both agreed to cancel is among them, and
    /// does not count.
    pub records: String,
}

/// How both parties kept their promises.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Promises {
    /// The partnership.
    pub partnership_id: Uuid,
    /// The window begins on this date.
    pub from_on: Date,
    /// The window ends before this date.
    pub to_on: Date,
    /// Yours, and the other.
    pub parties: Vec<PartyPromises>,
}

/// Read how promises were kept.
///
/// By each party and each member: done by the date first promised, of all promises that fell due in the window, which
/// ends before today unless told.
#[utoipa::path(tag = "timelines", params(PartnershipPath, WindowQuery),
    security(("person" = []), ("machine" = [ReadPromises::SCOPE])),
    responses((status = 200, description = "How they were kept.", body = Promises)))]
#[get("/v1/partnerships/{partnership_id}/promises")]
pub(super) async fn get_promises(
    party: Allowed<ReadPromises>,
    Query(asked): Query<WindowQuery>,
    app: App,
) -> ApiResult<Report<Promises>> {
    let now = app.clock.now();
    let to = asked.to.unwrap_or_else(|| now.date_in(&TimeZone::utc()));
    let window = Window::of(asked.from, Some(to), now)?;
    let party = *party;
    let counted = app
        .db
        .read(async |conn| store::count_promises(conn, &party, window).await)
        .await?;
    let sides = [Side::Us, Side::Them];
    Ok(Report(Promises {
        partnership_id: party.partnership_id,
        from_on: window.from,
        to_on: window.to,
        parties: sides.map(|side| of(side, &party, window, &counted)).into(),
    }))
}

fn of(side: Side, party: &Party, window: Window, counted: &[Promised]) -> PartyPromises {
    let theirs = || counted.iter().filter(|one| Side::of(one.is_ours) == side);
    let member = |one: &Promised| MemberPromises {
        member_id: one.member_id,
        counts: PromiseCounts::of(std::iter::once(one)),
    };
    let id = party.partnership_id;
    let Window { from, to } = window;
    PartyPromises {
        side,
        counts: of_side(side, counted),
        members: theirs().map(member).collect(),
        records: format!(
            "/v1/action-steps?partnership_id={id}&owner={side}&promised_from={from}&promised_to={to}"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_documentation_holds() {
        // The one that both agreed to cancel is not counted by the statement.
        let counted = Promised {
            is_ours: true,
            member_id: None,
            due: 4,
            kept: 2,
            late: 1,
            open: 1,
        };
        let counts = PromiseCounts::of([counted].iter());
        assert_eq!(counts.rate, Some(0.5));
        assert_eq!(PromiseCounts::of([].iter()).rate, None);
    }
}
