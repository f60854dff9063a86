//! What the invited one reads.

use super::model::MemberInvitation;
use crate::firms::Firm;
use crate::members::Member;
use crate::platform::app::App;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::mail::{self, Draft, Part};

/// Sends the token to whoever has no account yet; to whoever has one, that there is no way from here.
/// Both are as much work.
pub(super) async fn invite(
    tx: &Tx,
    app: &App,
    invitation: &MemberInvitation,
    (firm, by): (&Firm, &Member),
    token: Option<&str>,
) -> ApiResult<()> {
    let (firm, url) = (&firm.name, &app.settings.public_url);
    let mut parts = vec![Part::Paragraph(format!(
        "{admin} of {firm} invites you to Quid, as a member of that firm with the role {role}.",
        admin = by.name,
        role = invitation.role,
    ))];
    match token {
        Some(token) => parts.extend([
            Part::Paragraph(format!(
                "To accept, send this token as `token` to {url}/v1/members; it can be used once, until {}:",
                invitation.expires_at.whole_second()
            )),
            Part::Code(token.to_owned()),
            Part::Paragraph(format!("{url}/docs/ shows how.")),
        ]),
        None => parts.extend([
            Part::Paragraph(
                "This address has an account already, and an account belongs to one firm.".to_owned(),
            ),
            Part::Paragraph(format!(
                "To join {firm} as well, let it invite another address of yours; it was not told that \
                 you have an account."
            )),
        ]),
    }
    parts.push(Part::Paragraph(
        "If you do not know the firm, there is nothing to do.".to_owned(),
    ));
    let draft = Draft {
        recipient: &invitation.email,
        subject: format!("{firm} invites you"),
        parts,
    };
    mail::write(tx, app, draft).await
}
