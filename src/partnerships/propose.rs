//! Proposes a partnership.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Partnership, Verb};
use super::{addressee, events, invitations, policy, store};
use crate::changes;
use crate::members;
use crate::platform::app::App;
use crate::platform::auth::{Caller, Rule};
use crate::platform::db::constraints::violates;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{ApiResult, Error, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, NoPath, Shown};
use crate::platform::values::{EmailAddress, Timestamp};

pub(super) struct Propose;

impl Action for Propose {
    const RULE: Rule = policy::COMMIT;
    type Path = NoPath;
    type Subject = ();
}

/// A partnership that is proposed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "dana@hartwell-cpa.example", "message": "Shall we put our introductions on a footing?"}))]
pub struct ProposePartnership {
    /// An id of your own (UUIDv7), where you want to know it before the answer.
    pub id: Option<Uuid>,
    /// The address of the professional whom you want as a partner.
    pub email: EmailAddress,
    /// What you write to them.
    #[schema(min_length = 1, max_length = 2000)]
    pub message: Option<String>,
}

impl Shown for Partnership {
    const COLLECTION: &'static str = "/v1/partnerships/";

    fn id(&self) -> Uuid {
        self.id
    }

    async fn find(conn: &Conn, caller: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        store::find(conn, caller.firm_id, id).await
    }
}

/// Propose a partnership.
///
/// You become your party's lead member. If the address has an account, that firm finds the proposal;
/// if not, an invitation goes out by mail. The answer is the same. A proposal that is not answered
/// within 30 days expires. Your firm can propose to an address three times an hour.
///
/// Proposals that cross become one: where the lead whom you propose to has proposed to you, that
/// proposal is accepted, and the answer is that partnership, with its id and its message.
#[utoipa::path(tag = "partnerships", security(("person" = [])),
    responses((status = 201, description = "The proposal, or the one of the other's that it met.", body = Partnership)))]
#[post("/v1/partnerships")]
pub(super) async fn propose_partnership(
    firm: Allowed<Propose>,
    Json(body): Json<ProposePartnership>,
    app: App,
) -> ApiResult<Answer<Partnership>> {
    let attempt = async || {
        firm.once(StatusCode::CREATED, async |tx| {
            propose(tx, &app, firm.caller(), &body).await
        })
        .await
    };
    match attempt().await {
        // The other's proposal committed between our look and our write: now it is there to be met.
        Err(error) if violates(&error, store::LEADS_KEY) => attempt().await,
        done => done,
    }
}

/// Makes the proposal, and sends an invitation where the address has no account. Where the other has
/// proposed already, it accepts that instead.
pub async fn propose(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    body: &ProposePartnership,
) -> ApiResult<Partnership> {
    let now = app.clock.now();
    let lead_id = caller
        .member_id()
        .ok_or_else(|| Error::broken("a proposal without a person"))?;
    let (recipient, has_account) = addressee::find(tx, caller, &body.email).await?;
    must_lead(tx, caller.firm_id, lead_id).await?;
    if let Some(member) = &recipient
        && let Some(accepted) = meet(tx, caller, (lead_id, member.id), now).await?
    {
        return Ok(accepted);
    }
    addressee::spare(tx, caller.firm_id, &body.email, now).await?;
    let id = body.id.unwrap_or_else(|| app.ids.id(now));
    let message = body.message.as_deref();
    let proposal = store::Proposal {
        id,
        firm_id: caller.firm_id,
        lead_id,
        email: &body.email,
        recipient: recipient.as_ref(),
        message,
    };
    store::insert(tx, &proposal, now).await?;
    let made = store::find(tx, caller.firm_id, id)
        .await?
        .ok_or_else(|| Error::broken("a proposal vanished"))?;
    let recipient_firm_id = recipient.as_ref().map(|member| member.firm_id);
    changes::record(
        tx,
        events::done(caller, &made, recipient_firm_id, "proposed"),
    )
    .await?;
    match recipient {
        Some(member) => invitations::announce(tx, app, &made, &member).await?,
        None => invitations::invite(tx, app, &made, &body.email, has_account).await?,
    }
    Ok(made)
}

/// Refuses to make somebody a lead who left, or lost the role for it, since the request came in. The
/// firm is held.
pub(super) async fn must_lead(tx: &Tx, firm_id: Uuid, member_id: Uuid) -> ApiResult<()> {
    let lead = members::find_lead(tx, firm_id, member_id).await?;
    lead.map(|_| ()).ok_or_else(|| {
        Problem::forbidden("Your role, or your being a member, has just been taken away.").into()
    })
}

/// Accepts the open proposal that the other lead has made to this one. `None` when there is none, or when
/// it was taken back while we looked.
async fn meet(
    tx: &Tx,
    caller: &Caller,
    (lead_id, other_lead_id): (Uuid, Uuid),
    now: Timestamp,
) -> ApiResult<Option<Partnership>> {
    let firm_id = caller.firm_id;
    let Some(crossed) = store::find_crossed(tx, firm_id, lead_id, other_lead_id).await? else {
        return Ok(None);
    };
    let accepted = store::advance(tx, firm_id, crossed.id, Verb::Accept, None, now).await?;
    if let Some(accepted) = &accepted {
        let change = events::done(caller, accepted, Some(firm_id), Verb::Accept.word());
        changes::record(tx, change).await?;
    }
    Ok(accepted)
}

/// Moves a partnership along an arrow and tells both parties; 409 where the arrow does not lead.
pub(super) async fn advance(
    tx: &Tx,
    caller: &Caller,
    before: &Partnership,
    verb: Verb,
    reason: Option<&str>,
    now: Timestamp,
) -> ApiResult<Partnership> {
    let moved = go(tx, caller, before, verb, reason, now).await?;
    tell(tx, caller, &moved, verb.word()).await?;
    Ok(moved)
}

/// Moves a partnership along an arrow, for those who tell of it themselves.
pub(super) async fn go(
    tx: &Tx,
    caller: &Caller,
    before: &Partnership,
    verb: Verb,
    reason: Option<&str>,
    now: Timestamp,
) -> ApiResult<Partnership> {
    let moved = store::advance(tx, caller.firm_id, before.id, verb, reason, now).await?;
    if let Some(moved) = moved {
        return Ok(moved);
    }
    let current = store::find(tx, caller.firm_id, before.id)
        .await?
        .ok_or_else(Problem::not_found)?;
    Err(Problem::state_forbids(current.state.as_str(), &policy::allowed(&current)).into())
}

/// Tells both parties what was done.
pub(super) async fn tell(
    tx: &Tx,
    caller: &Caller,
    done: &Partnership,
    action: &'static str,
) -> ApiResult<()> {
    let recipient = store::recipient(tx, done.id).await?;
    changes::record(tx, events::done(caller, done, recipient, action)).await
}
