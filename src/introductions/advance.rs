//! Moves an introduction along an arrow of its states; what all such operations share.

use super::model::{Introduction, ReasonCode, Stage, Verb};
use super::store::Viewer;
use super::{OFFER_SECONDS, events, fitting, locking, policy, store};
use crate::platform::app::App;
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Error, Problem, STATE_FORBIDS};
use crate::platform::values::{Date, Money};
use crate::{changes, firms, parties};

/// What is reported with a move.
#[derive(Debug, Default)]
pub(super) struct Report<'a> {
    pub occurred_on: Option<Date>,
    pub reason: Option<ReasonCode>,
    pub reason_note: Option<&'a str>,
    pub realised: Option<&'a Money>,
}

/// Moves it, writes the history and tells both parties; 409 with what is allowed now, or with what is
/// missing, where the arrow does not lead.
pub(super) async fn advance(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    before: &Introduction,
    verb: Verb,
    report: Report<'_>,
) -> ApiResult<Introduction> {
    let now = app.clock.now();
    let today = now.date_in(&firms::zone(tx, caller.firm_id).await?);
    not_in_the_future(report.occurred_on, today)?;
    let step = store::Step {
        id: before.id,
        verb,
        occurred_on: report.occurred_on.unwrap_or(today),
        reason: report.reason,
        reason_note: report.reason_note,
        realised: report.realised,
        expires_at: (verb == Verb::Offer).then(|| now.plus_seconds(OFFER_SECONDS)),
    };
    locking::hold(tx, caller.firm_id, before.id).await?;
    if verb == Verb::Offer {
        fitting::keep(tx, caller, before).await?;
    }
    match store::advance(tx, Viewer::new(caller, now), &step).await? {
        Some(moved) => {
            changes::record(tx, events::done(caller, &moved, verb.word())).await?;
            Ok(moved)
        }
        None => Err(refusal(tx, app, caller, before, verb).await?),
    }
}

/// Why the arrow does not lead.
async fn refusal(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    before: &Introduction,
    verb: Verb,
) -> ApiResult<Error> {
    let now = app.clock.now();
    let current = store::judge(tx, caller.firm_id, before.id, now).await?;
    let current = current.ok_or_else(Problem::not_found)?;
    let stage = current.stage.as_str();
    let has_run_out = current.expires_at.is_some_and(|until| until <= now);
    if current.stage == Stage::Offered && has_run_out && verb != Verb::Withdraw {
        // The job that closes it comes round within a minute.
        return Ok(Problem::state_forbids(Stage::Expired.as_str(), &[]).into());
    }
    if !verb.arrow().0.contains(&current.stage) {
        return Ok(Problem::state_forbids(stage, &policy::allowed(&current)).into());
    }
    if verb.needs_consent() && !current.has_consent {
        return Ok(consent_is_missing(stage).into());
    }
    let party = parties::find(tx, current.partnership_id, caller.firm_id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let detail = format!("The partnership is {}; it must be active.", party.state);
    let problem = Problem::new(&STATE_FORBIDS, detail).with("state", stage.into());
    Ok(problem.with("missing", "active_partnership".into()).into())
}

/// The 409 of a stage that needs the client's consent.
pub(super) fn consent_is_missing(stage: &str) -> Problem {
    let problem = Problem::new(
        &STATE_FORBIDS,
        "The client's consent is not recorded, or does not stand any more.",
    );
    problem
        .with("state", stage.into())
        .with("missing", "consent".into())
}

/// Asks that a date of something that happened is none of the future.
pub(super) fn not_in_the_future(occurred_on: Option<Date>, today: Date) -> ApiResult<()> {
    match occurred_on {
        Some(on) if on > today => Err(Problem::invalid_field(
            "/occurred_on",
            "future",
            "It can't have happened after today.",
        )
        .into()),
        _ => Ok(()),
    }
}

/// Offers a draft.
pub async fn offer(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    draft: &Introduction,
) -> ApiResult<Introduction> {
    advance(tx, app, caller, draft, Verb::Offer, Report::default()).await
}
