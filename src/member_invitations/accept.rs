//! Accepts an invitation: somebody becomes a member.

use actix_web::{HttpResponse, post};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, Invited};
use crate::changes::{self, Change, Kind};
use crate::members::{self, Member, NewMember};
use crate::platform::app::App;
use crate::platform::auth::passwords;
use crate::platform::db::Tx;
use crate::platform::digest::Token;
use crate::platform::error::{ApiResult, Error, Problem};
use crate::platform::http::{Json, Public};
use crate::platform::values::{EmailAddress, Name, Timestamp};
use crate::{firms, partnerships};

/// Somebody who becomes a member.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "token": "pZ0m1VnU3M9yY2cQmB6n5gpZ0m1VnU3M9yY2cQmB6n5",
    "name": "Ben Okafor", "password": "a long pass phrase of his",
}))]
pub struct AcceptMemberInvitation {
    /// The token that came by mail. The member signs in with the address that it was sent to.
    #[schema(min_length = 1, max_length = 200)]
    pub token: String,
    /// The member's name; the one in the invitation unless told.
    pub name: Option<Name>,
    /// The password: 15 characters or more, whatever they are.
    #[schema(value_type = String, format = Password, min_length = 15, max_length = 128)]
    pub password: SecretString,
}

/// Accept an invitation to a firm.
///
/// Makes a member of the firm that has sent it, with the role that it names. Then sign in with
/// `POST /v1/sessions`.
#[utoipa::path(tag = "members",
    responses((status = 201, description = "The member.", body = Member),
        (status = 409, description = "The address has had an account made for it since the mail was sent.", body = crate::platform::error::ProblemDocument, content_type = "application/problem+json")))]
#[post("/v1/members")]
pub(super) async fn accept_member_invitation(
    _open: Public,
    Json(body): Json<AcceptMemberInvitation>,
    app: App,
) -> ApiResult<HttpResponse> {
    let now = app.clock.now();
    let token_digest = Token::digest_of(&body.token);
    // Before the password is looked at, which costs more than whoever has no token should have done.
    let invited = app
        .db
        .read(async |conn| store::find_pending(conn, &token_digest, now).await)
        .await?
        .ok_or_else(unusable)?;
    let name = body.name.or(invited.name).ok_or_else(nameless)?;
    let context = [name.as_str(), invited.email.as_str()];
    passwords::check(&body.password, "/password", &context).await?;
    let password_hash = passwords::hash(body.password).await?;
    let accepting = Accepting {
        invited: (invited.firm_id, invited.email.clone()),
        token_digest,
        name,
        password_hash,
    };
    let member = app
        .db
        .write(async |tx| accept(tx, accepting, app.ids.id(now), now).await)
        .await?;
    Ok(HttpResponse::Created()
        .insert_header(("cache-control", "no-store"))
        .json(member))
}

struct Accepting {
    invited: (Uuid, EmailAddress),
    token_digest: [u8; 32],
    name: Name,
    password_hash: String,
}

async fn accept(tx: &Tx, by: Accepting, member_id: Uuid, now: Timestamp) -> ApiResult<Member> {
    // Whoever has sent the invitation stays an admin until the member is there.
    let (firm_id, email) = &by.invited;
    members::lock_address(tx, email).await?;
    members::hold(tx, &[*firm_id]).await?;
    let invited = store::accept(tx, &by.token_digest, member_id, now).await?;
    let invited = invited.ok_or_else(unusable)?;
    // A firm that closes meanwhile waits, and then finds the member among those who go.
    if !firms::hold_open(tx, invited.firm_id).await? {
        return Err(unusable());
    }
    let Invited {
        id,
        firm_id,
        email,
        role,
        version,
        ..
    } = invited;
    let member = NewMember {
        id: member_id,
        firm_id,
        name: by.name,
        email,
        password_hash: by.password_hash,
        role,
    };
    let member = members::create(tx, member, now).await?;
    let change = |kind, resource_id, action, version| Change {
        kind,
        resource_id,
        action,
        version,
        partnership_id: None,
        firms: vec![firm_id],
        actor_id: Some(member_id),
        at: now,
    };
    changes::record(tx, change(Kind::MemberInvitation, id, "accept", version)).await?;
    changes::record(tx, change(Kind::Member, member_id, "created", 1)).await?;
    partnerships::find_proposals(tx, &member, now).await?;
    Ok(member)
}

/// Which of them it is, is said to nobody.
fn unusable() -> Error {
    let detail = "The token is unknown, was used or revoked, has expired, or is of a firm that has closed or of somebody who is not its admin any more.";
    Problem::invalid_field("/token", "unusable", detail).into()
}

fn nameless() -> Error {
    let detail = "The invitation has no name: say yours.";
    Problem::invalid_field("/name", "nameless", detail).into()
}
