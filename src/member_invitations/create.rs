//! Invites a member.

use actix_web::http::StatusCode;
use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::MemberInvitation;
use super::{mails, store};
use crate::changes::{self, Change, Kind};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Duty, Role, Rule};
use crate::platform::db::Tx;
use crate::platform::db::constraints::violates;
use crate::platform::digest::Token;
use crate::platform::error::{ApiResult, Error, Problem};
use crate::platform::http::{Action, Allowed, Answer, Json, NoPath};
use crate::platform::mail;
use crate::platform::values::{EmailAddress, Name};
use crate::{firms, members};

/// An invitation can be accepted for 14 days.
const GOOD_FOR: i64 = 14 * 24 * 3600;

pub(super) struct InviteMember;

impl Action for InviteMember {
    const RULE: Rule = Rule::people(Duty::Run);
    type Path = NoPath;
    type Subject = ();
}

/// Somebody who is to become a member.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "ben@redmesa.example", "role": "advisor", "name": "Ben Okafor"}))]
pub struct CreateMemberInvitation {
    /// An id of your own (UUIDv7), where you want to know it before the answer.
    pub id: Option<Uuid>,
    /// The address that the mail goes to, and that the member will sign in with.
    pub email: EmailAddress,
    /// What the member may do.
    pub role: Role,
    /// The member's name; who accepts may give another.
    pub name: Option<Name>,
}

/// Invite a member.
///
/// A mail goes to the address. Its token, good once and for 14 days, makes its reader a member of your
/// firm with `POST /v1/members`, while you are its admin. Whether the address has an account in another firm, in which case the
/// mail says so instead, you are not told. To send another mail, invite again: the older invitation is
/// revoked. Your firm can invite an address three times an hour.
#[utoipa::path(tag = "members", security(("person" = [])),
    responses((status = 201, description = "The invitation.", body = MemberInvitation)))]
#[post("/v1/member-invitations")]
pub(super) async fn create_member_invitation(
    firm: Allowed<InviteMember>,
    Json(body): Json<CreateMemberInvitation>,
    app: App,
) -> ApiResult<Answer<MemberInvitation>> {
    let attempt = async || {
        firm.once(StatusCode::CREATED, async |tx| {
            create(tx, &app, firm.caller(), &body).await
        })
        .await
    };
    match attempt().await {
        // Another invitation of the address committed between our look and our write: now it is there
        // to be replaced.
        Err(error) if violates(&error, store::OPEN_KEY) => attempt().await,
        done => done,
    }
}

/// The same statements whether or not the address has an account, so that the time tells nothing of it.
async fn create(
    tx: &Tx,
    app: &App,
    caller: &Caller,
    body: &CreateMemberInvitation,
) -> ApiResult<MemberInvitation> {
    let (now, firm_id) = (app.clock.now(), caller.firm_id);
    members::hold(tx, &[firm_id]).await?;
    firms::must_stay_open(tx, firm_id).await?;
    let account = members::find_account(tx, &body.email).await?;
    if account == Some(firm_id) {
        let detail = "This is a member of your firm, perhaps one who was deactivated.";
        return Err(Problem::invalid_field("/email", "own_firm", detail).into());
    }
    let since = now.plus_seconds(-mail::WHILE);
    if store::count_since(tx, firm_id, &body.email, since).await? >= mail::MOST {
        let detail = "Your firm has invited this address three times within an hour.";
        return Err(mail::too_many(detail));
    }
    if let Some((id, version)) = store::replace(tx, firm_id, &body.email, now).await? {
        let change = Change::by(caller, Kind::MemberInvitation, id, "revoke", now);
        changes::record(tx, change.version(version)).await?;
    }
    let token = Token::new();
    let new = store::NewMemberInvitation {
        id: body.id.unwrap_or_else(|| app.ids.id(now)),
        firm_id,
        email: &body.email,
        name: body.name.as_ref(),
        role: body.role,
        token_digest: &token.digest,
        invited_by: caller.actor_id(),
        now,
        expires_at: now.plus_seconds(GOOD_FOR),
    };
    store::insert(tx, &new).await?;
    let change = Change::by(caller, Kind::MemberInvitation, new.id, "created", now);
    changes::record(tx, change).await?;
    let made = store::find(tx, firm_id, new.id, now).await?;
    let made = made.ok_or_else(|| Error::broken("an invitation vanished"))?;
    let firm = firms::find(tx, firm_id).await?;
    let by = members::find(tx, firm_id, caller.actor_id()).await?;
    let from = firm.as_ref().zip(by.as_ref());
    let from = from.ok_or_else(|| Error::broken("an invitation by nobody"))?;
    let token = account.is_none().then_some(token.text.as_str());
    mails::invite(tx, app, &made, from, token).await?;
    Ok(made)
}
