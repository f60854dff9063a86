//! To whom a proposal goes.

use uuid::Uuid;

use super::store;
use crate::members::{self, Member};
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::mail;
use crate::platform::values::{EmailAddress, Timestamp};

/// The active member with an address, and whether the address has any account. Holds the address and both
/// firms: whoever is named as a lead is still there when the proposal commits; and who signs up with the
/// address, or comes back, while we look waits for us, and then finds the proposal.
pub(super) async fn find(
    tx: &Tx,
    caller: &Caller,
    email: &EmailAddress,
) -> ApiResult<(Option<Member>, bool)> {
    members::hold_address(tx, email).await?;
    let account = members::find_account(tx, email).await?;
    let firms: Vec<Uuid> = std::iter::once(caller.firm_id).chain(account).collect();
    members::hold(tx, &firms).await?;
    if account == Some(caller.firm_id) {
        let detail = "This is a member of your own firm, perhaps one who was deactivated.";
        return Err(Problem::invalid_field("/email", "own_firm", detail).into());
    }
    Ok((members::find_by_email(tx, email).await?, account.is_some()))
}

/// Refuses to send an address more mail than is good.
pub(super) async fn spare(
    tx: &Tx,
    firm_id: Uuid,
    email: &EmailAddress,
    now: Timestamp,
) -> ApiResult<()> {
    let since = now.plus_seconds(-mail::WHILE);
    if store::count_since(tx, firm_id, email, since).await? >= mail::MOST {
        let detail = "Your firm has proposed to this address three times within an hour.";
        return Err(mail::too_many(detail));
    }
    Ok(())
}
