//! Begins a session, once address and password are known to belong together.

use secrecy::ExposeSecret;
use uuid::Uuid;

use super::sign_in::{SignIn, wrong};
use super::store::NewSession;
use super::{devices, store};
use crate::members::{Account, Notice};
use crate::platform::app::App;
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::values::Name;
use crate::second_factors;

/// A sign-in whose password is right.
pub(super) struct Begun<'a> {
    pub account: &'a Account,
    /// The known device that shows its token.
    pub device_id: Option<Uuid>,
    pub body: &'a SignIn,
    pub user_agent: Option<String>,
}

/// Begins a session, with the token of its device.
pub(super) async fn begin(tx: &Tx, app: &App, begun: &Begun<'_>) -> ApiResult<(Caller, String)> {
    let Begun { account, body, .. } = begun;
    let (member_id, now) = (account.member_id, app.clock.now());
    account.hold(tx).await?;
    second_factors::prove(tx, app, account, body.code.as_deref()).await?;
    let (device_id, device_token) = device(tx, app, begun).await?;
    let session = NewSession {
        id: app.ids.id(now),
        member_id,
        device_id,
        device_name: body.device.as_ref(),
        user_agent: begun.user_agent.as_deref(),
    };
    store::insert(tx, &session, now).await?;
    let caller = store::find_caller(tx, session.id, now).await?;
    Ok((caller.ok_or_else(wrong)?, device_token))
}

/// The device that shows its token, or a new one, of which the member hears unless it is the first.
async fn device(tx: &Tx, app: &App, begun: &Begun<'_>) -> ApiResult<(Uuid, String)> {
    let Begun { account, body, .. } = begun;
    let now = app.clock.now();
    if let (Some(id), Some(token)) = (begun.device_id, &body.device_token)
        && store::use_device(tx, id, now).await?
    {
        return Ok((id, token.expose_secret().to_owned()));
    }
    if store::has_device(tx, account.member_id).await? {
        let name = body.device.as_ref().map(Name::as_str);
        let name = name.or(begun.user_agent.as_deref());
        let what = match name {
            Some(name) => format!(
                "A device signed in to your account that has not done so before. It says that it is “{name}”."
            ),
            None => "A device signed in to your account that has not done so before.".to_owned(),
        };
        let notice = Notice::new("A new device signed in to your account", what);
        account.tell(tx, app, notice).await?;
    }
    devices::remember(tx, app, account.member_id).await
}
