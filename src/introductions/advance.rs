//! Moves an introduction along an arrow of its states; what all such operations share.

use uuid::Uuid;

use super::model::{Introduction, ReasonCode, Stage, Verb};
use super::store::Viewer;
use super::{OFFER_SECONDS, events, fitting, locking, moves, policy, store};
use crate::platform::app::App;
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Error, Problem, STATE_FORBIDS};
use crate::platform::values::{Date, Money, TimeZone};
use crate::{changes, firms, parties, plan};

/// What is reported with a move.
#[derive(Debug, Default)]
pub(super) struct Report<'a> {
    pub occurred_on: Option<Date>,
    pub reason: Option<ReasonCode>,
    pub reason_note: Option<&'a str>,
    pub realised: Option<&'a Money>,
    pub core_story_id: Option<Uuid>,
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
    let zone = firms::zone(tx, caller.firm_id).await?;
    let today = now.date_in(&zone);
    not_in_the_future(report.occurred_on, today)?;
    let occurred_on = report.occurred_on.unwrap_or(today);
    if let Some(story_id) = report.core_story_id {
        was_agreed(tx, caller, before, story_id, (occurred_on, &zone)).await?;
    }
    let step = moves::Step {
        id: before.id,
        verb,
        occurred_on,
        reason: report.reason,
        reason_note: report.reason_note,
        realised: report.realised,
        core_story_id: report.core_story_id,
        expires_at: (verb == Verb::Offer).then(|| now.plus_seconds(OFFER_SECONDS)),
    };
    locking::hold(tx, caller.firm_id, before.id).await?;
    if verb == Verb::Offer {
        fitting::keep(tx, caller, before).await?;
    }
    match moves::advance(tx, Viewer::new(caller, now), &step).await? {
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

/// Asks that a core story was agreed when it was told.
pub(super) async fn was_agreed(
    tx: &Tx,
    caller: &Caller,
    introduction: &Introduction,
    story_id: Uuid,
    (told_on, zone): (Date, &TimeZone),
) -> ApiResult<()> {
    let place = (caller.firm_id, introduction.partnership_id);
    let agreed_at = plan::agreed_story(tx, place, story_id).await?;
    let detail = match agreed_at {
        Some(since) if since.date_in(zone) <= told_on => return Ok(()),
        Some(_) => "It was not agreed yet on that day.",
        None => "It is no core story that the two have agreed.",
    };
    Err(Problem::invalid_field("/core_story_id", "not_agreed", detail).into())
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
