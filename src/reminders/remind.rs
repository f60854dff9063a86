//! Reminds of what is due.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use uuid::Uuid;

use super::mails;
use super::store::{self, Due};
use crate::changes::{self, Change, Kind};
use crate::platform::app::App;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::jobs::Periodic;
use crate::platform::local::LocalTime;
use crate::platform::values::{Date, TimeZone, Timestamp};

/// Every quarter of an hour.
pub const REMIND: Periodic = Periodic {
    name: "remind",
    every: Duration::from_secs(900),
    run: remind,
};

/// Steps that are reminded of in one transaction.
const BATCH: i64 = 200;
/// Nobody is reminded before eight in the morning.
const FROM_HOUR: i8 = 8;

fn remind(app: &App) -> LocalBoxFuture<'_, ApiResult<()>> {
    async move {
        let now = app.clock.now();
        let zones = app.db.read(async |conn| store::zones(conn).await).await?;
        let open: Vec<(TimeZone, Date)> = zones
            .into_iter()
            .filter_map(|zone| morning(&zone, now).map(|today| (zone, today)))
            .collect();
        while app
            .db
            .write(async |tx| remind_some(tx, app, &open, now).await)
            .await?
            > 0
        {}
        Ok(())
    }
    .boxed_local()
}

/// The date in a zone, once it is eight there.
fn morning(zone: &TimeZone, now: Timestamp) -> Option<Date> {
    let today = now.date_in(zone);
    let eight = today.at(LocalTime::new(FROM_HOUR, 0)?, zone);
    (now >= eight).then_some(today)
}

/// Reminds of some; gives how many.
async fn remind_some(
    tx: &Tx,
    app: &App,
    open: &[(TimeZone, Date)],
    now: Timestamp,
) -> ApiResult<usize> {
    let due = store::claim(tx, open, BATCH, now).await?;
    let mut by_member: BTreeMap<Uuid, Vec<&Due>> = BTreeMap::new();
    for one in &due {
        by_member.entry(one.member_id).or_default().push(one);
        let change = Change::of(None, Kind::ActionStepReminder, one.step_id, "created", now)
            .version(one.version)
            .within(one.partnership_id)
            .seen_by([one.firm_id]);
        changes::record(tx, change).await?;
    }
    for steps in by_member.values() {
        mails::write(tx, app, steps).await?;
    }
    Ok(due.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_morning_begins_at_eight_in_its_zone() {
        let phoenix: TimeZone = "America/Phoenix".parse().unwrap();
        let midnight = Date::new(2026, 3, 2).unwrap().start_in(&TimeZone::utc());
        // Phoenix is seven hours behind UTC all year.
        let eight = midnight.plus_seconds(15 * 3600);
        assert_eq!(morning(&phoenix, eight.plus_seconds(-1)), None);
        assert_eq!(morning(&phoenix, eight), Date::new(2026, 3, 2));
        // On the days on which the clocks in New York go forward and back, too.
        let new_york: TimeZone = "America/New_York".parse().unwrap();
        for (month, day, hour) in [(3, 8, 12), (11, 1, 13)] {
            let on = Date::new(2026, month, day).unwrap();
            let eight = on.start_in(&TimeZone::utc()).plus_seconds(hour * 3600);
            assert_eq!(morning(&new_york, eight.plus_seconds(-1)), None, "{on}");
            assert_eq!(morning(&new_york, eight), Some(on));
        }
    }
}
