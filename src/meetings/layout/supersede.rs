//! Takes back what an older version of the protocol has laid out.

use uuid::Uuid;

use super::store::{self, Series};
use super::take_back;
use crate::changes::{self, Change, Kind};
use crate::meetings::model::Meeting;
use crate::meetings::{events, notes, outcomes};
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::{Date, Timestamp};

/// Removes what is still to come of older versions and has nothing on it that both see, and cancels the rest. Where a
/// party has noted something for itself on one that is removed, that goes along: whether a meeting is removed or
/// cancelled tells the other party nothing of it.
pub(super) async fn supersede(tx: &Tx, of: &Series<'_>, now: Timestamp) -> ApiResult<()> {
    let who = (of.firm_id, None);
    let laid_out = store::list_dates(tx, of, now).await?;
    let (mut kept, gone) = store::list_older(tx, of, now).await?;
    // These first: what is open on the agenda of a cancelled one goes to one that stays.
    for meeting in gone {
        let Some(to_id) = successor(&laid_out, meeting.occurrence_on) else {
            kept.push(meeting.id);
            continue;
        };
        take_notes_along(tx, &meeting, to_id, now).await?;
        if let Some(version) = store::remove(tx, meeting.id).await? {
            let change = events::done(&meeting, of.firm_id, None, "deleted", now);
            changes::record(tx, change.version(version)).await?;
        }
    }
    let cancelled = store::cancel(tx, of.firm_id, &kept, now).await?;
    take_back::tell_cancelled(tx, who, cancelled, now).await
}

/// The meeting of the same week, or the first one after it, or the last of all.
fn successor(laid_out: &[(Date, Uuid)], on: Date) -> Option<Uuid> {
    let later = laid_out.iter().find(|(date, _)| *date >= on.monday());
    later.or(laid_out.last()).map(|(_, id)| *id)
}

/// The notes of both parties, and the drafts that came of it, go to another meeting; each party is told of its own.
async fn take_notes_along(tx: &Tx, from: &Meeting, to_id: Uuid, now: Timestamp) -> ApiResult<()> {
    // Of outcomes there are only those that one party alone sees.
    for (id, firm_id) in outcomes::take_along(tx, (from.id, to_id)).await? {
        let change = Change::of(None, Kind::MeetingOutcome, id, "updated", now)
            .within(from.partnership_id)
            .seen_by([firm_id]);
        changes::record(tx, change).await?;
    }
    for (firm_id, version) in notes::take_along(tx, (from.id, to_id), now).await? {
        let change = Change::of(None, Kind::MeetingNote, to_id, "updated", now)
            .version(version)
            .within(from.partnership_id)
            .seen_by([firm_id]);
        changes::record(tx, change).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_goes_to_the_meeting_of_its_week_or_the_next_or_the_last() {
        let date = |text: &str| -> Date { text.parse().unwrap() };
        let laid_out = [
            (date("2026-03-12"), Uuid::from_u128(1)),
            (date("2026-03-19"), Uuid::from_u128(2)),
        ];
        for (on, expected) in [
            ("2026-03-03", 1),
            ("2026-03-14", 1),
            ("2026-03-17", 2),
            ("2026-04-07", 2),
        ] {
            assert_eq!(
                successor(&laid_out, date(on)),
                Some(Uuid::from_u128(expected)),
                "{on}"
            );
        }
        assert_eq!(successor(&[], date("2026-03-03")), None);
    }
}
