//! Lays out the series of every partnership that is at work.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde_json::Value;
use uuid::Uuid;

use super::supersede::supersede;
use super::{store, take_back};
use crate::changes;
use crate::meetings::{events, series};
use crate::parties::PartnershipState;
use crate::plan::{self, PlanSection, SectionBody};
use crate::platform::app::App;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Error};
use crate::platform::jobs::{Kind, Periodic};
use crate::platform::values::{TimeZone, Timestamp};

/// Every ten minutes; a partnership comes round once a day, or when something has changed.
pub const LAY_OUT: Periodic = Periodic {
    name: "lay_out_meetings",
    every: Duration::from_secs(600),
    run: lay_out,
};

/// That of one partnership, when its two have agreed on a protocol, or go on after a pause.
pub const LAY_OUT_AT_ONCE: Kind = Kind {
    name: plan::LAY_OUT_CONVERSATIONS,
    run: lay_out_at_once,
};

/// Eight weeks.
const DAYS_AHEAD: i64 = 56;
/// Partnerships that are looked up at once; each is laid out in a transaction of its own.
const BATCH: i64 = 200;

fn lay_out(app: &App) -> LocalBoxFuture<'_, ApiResult<()>> {
    async move {
        let now = app.clock.now();
        let until = now.date_in(&TimeZone::utc()).plus_days(DAYS_AHEAD);
        let mut after = Uuid::nil();
        loop {
            let due = app
                .db
                .read(async |conn| store::list_due(conn, until, after, BATCH).await)
                .await?;
            let Some((last, _)) = due.last() else {
                return Ok(());
            };
            after = *last;
            for of in due {
                lay_in_a_transaction(app, of, now).await?;
            }
        }
    }
    .boxed_local()
}

fn lay_out_at_once<'a>(app: &'a App, payload: &'a Value) -> LocalBoxFuture<'a, ApiResult<()>> {
    async move {
        let id = |name| {
            let id = payload.get(name).and_then(Value::as_str);
            let id = id.and_then(|id| id.parse().ok());
            id.ok_or_else(|| Error::broken(format!("conversations to be laid out without {name}")))
        };
        let of = (id("partnership_id")?, id("firm_id")?);
        lay_in_a_transaction(app, of, app.clock.now()).await
    }
    .boxed_local()
}

/// Where somebody writes at the same time on what is to go, nothing is done: it comes round again.
async fn lay_in_a_transaction(app: &App, of: (Uuid, Uuid), now: Timestamp) -> ApiResult<()> {
    let laid = app.db.write(async |tx| lay_one(tx, app, of, now).await);
    match laid.await {
        Err(Error::Problem(_)) => Ok(()),
        Err(error) if error.constraint().is_some() => {
            tracing::warn!(%error, partnership_id = %of.0, "conversations are laid out later");
            Ok(())
        }
        laid => laid,
    }
}

/// Lays one partnership's series out, or takes it back where the partnership is not at work.
async fn lay_one(
    tx: &Tx,
    app: &App,
    (partnership_id, firm_id): (Uuid, Uuid),
    now: Timestamp,
) -> ApiResult<()> {
    let state = store::hold(tx, partnership_id).await?;
    let is_at_work = matches!(
        state,
        Some(PartnershipState::Exploring | PartnershipState::Active)
    );
    if !is_at_work {
        return take_back::cancel(tx, (firm_id, None), partnership_id, now).await;
    }
    let section = PlanSection::CommunicationProtocol;
    let version = plan::find_in_force(tx, firm_id, partnership_id, section).await?;
    let Some((version_id, SectionBody::CommunicationProtocol(protocol))) =
        version.map(|version| (version.id, version.body))
    else {
        return Ok(());
    };
    let until = now.date_in(&TimeZone::utc()).plus_days(DAYS_AHEAD);
    let days = series::of(&protocol, now.date_in(&protocol.time_zone), until);
    let to_come: Vec<_> = days.into_iter().filter(|(_, at)| *at > now).collect();
    let of = store::Series {
        firm_id,
        partnership_id,
        version_id,
        protocol: &protocol,
    };
    let ids: Vec<Uuid> = to_come.iter().map(|_| app.ids.id(now)).collect();
    let adopted = store::adopt(tx, &of, &to_come, now).await?;
    let revived = store::revive(tx, &of, now).await?;
    let made = store::lay_out(tx, &of, &ids, &to_come, now).await?;
    for (meetings, action) in [
        (adopted, "updated"),
        (revived, "updated"),
        (made, "created"),
    ] {
        for meeting in meetings {
            changes::record(tx, events::done(&meeting, firm_id, None, action, now)).await?;
        }
    }
    supersede(tx, &of, now).await?;
    store::keep(tx, &of, until, now).await
}
