//! Invitations: how somebody without an account comes to a proposal.

use super::{model::Partnership, store};
use crate::changes::{self, Change, Kind};
use crate::members::Member;
use crate::platform::app::App;
use crate::platform::db::{Conn, Tx};
use crate::platform::digest::Token;
use crate::platform::error::ApiResult;
use crate::platform::mail::{self, Draft, Part};
use crate::platform::values::{EmailAddress, Timestamp};

/// An invitation can be used for 14 days.
const GOOD_FOR: i64 = 14 * 24 * 3600;

/// Sends an invitation to an address that has no account. To one whose account is of a member who left, a
/// token is of no use: an address has one account at most. That mail says so instead, with as much work.
pub(super) async fn invite(
    tx: &Tx,
    app: &App,
    partnership: &Partnership,
    email: &EmailAddress,
    has_left: bool,
) -> ApiResult<()> {
    let now = app.clock.now();
    let token = Token::new();
    let expires_at = now.plus_seconds(GOOD_FOR);
    let ids = (app.ids.id(now), partnership.id);
    store::insert_invitation(tx, ids, email, &token.digest, (now, expires_at)).await?;
    let mut parts = opening(partnership);
    if has_left {
        parts.push(Part::Paragraph(format!(
            "This address has an account with Quid at {url} that is not active any more. When the admin \
             of your firm lets you in again, you find the proposal there; if that can't be, let them \
             propose to another address of yours.",
            url = app.settings.public_url
        )));
        return write(tx, app, email, partnership, parts).await;
    }
    parts.push(Part::Paragraph(format!(
        "To see the proposal, sign your firm up with this token; it can be used once, until {}:",
        expires_at.whole_second()
    )));
    parts.push(Part::Code(token.text));
    parts.push(Part::Paragraph(format!(
        "Send it as `token` to {url}/v1/firms; {url}/docs/ shows how.",
        url = app.settings.public_url
    )));
    write(tx, app, email, partnership, parts).await
}

/// Tells a member that a proposal is there.
pub(super) async fn announce(
    tx: &Tx,
    app: &App,
    partnership: &Partnership,
    member: &Member,
) -> ApiResult<()> {
    let mut parts = opening(partnership);
    parts.push(Part::Paragraph(format!(
        "Sign in to Quid at {url} to accept or decline it.",
        url = app.settings.public_url
    )));
    write(tx, app, &member.email, partnership, parts).await
}

/// Who proposes, and what it says.
fn opening(partnership: &Partnership) -> Vec<Part> {
    let us = &partnership.us;
    let proposes = format!(
        "{} of {} proposes a professional partnership to you.",
        us.lead_name, us.firm_name
    );
    let message = partnership.message.clone().map(Part::Quotation);
    std::iter::once(Part::Paragraph(proposes))
        .chain(message)
        .collect()
}

async fn write(
    tx: &Tx,
    app: &App,
    recipient: &EmailAddress,
    partnership: &Partnership,
    parts: Vec<Part>,
) -> ApiResult<()> {
    let subject = format!("{} proposes a partnership", partnership.us.firm_name);
    let draft = Draft {
        recipient,
        subject,
        parts,
    };
    mail::write(tx, app, draft).await
}

/// The address that an invitation which can still be used was sent to.
pub async fn find_invited(
    conn: &Conn,
    token: &str,
    now: Timestamp,
) -> ApiResult<Option<EmailAddress>> {
    let digest = Token::digest_of(token);
    store::find_invited(conn, &digest, now).await
}

/// Uses an invitation up, and gives the address that it was sent to; `None` when it is unknown, used or
/// expired.
pub async fn use_invitation(
    tx: &Tx,
    token: &str,
    now: Timestamp,
) -> ApiResult<Option<EmailAddress>> {
    let digest = Token::digest_of(token);
    store::use_invitation(tx, &digest, now).await
}

/// Puts a new member, whose address a mail has proved, into every proposal that was made to it. What was
/// withdrawn meanwhile is not shown.
pub async fn find_proposals(tx: &Tx, member: &Member, now: Timestamp) -> ApiResult<()> {
    for (partnership_id, version) in store::join(tx, &member.email, member).await? {
        let change = Change {
            kind: Kind::Partnership,
            resource_id: partnership_id,
            action: "proposed",
            version,
            partnership_id: Some(partnership_id),
            firms: vec![member.firm_id],
            actor_id: Some(member.id),
            at: now,
        };
        changes::record(tx, change).await?;
    }
    Ok(())
}
