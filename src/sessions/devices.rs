//! Devices on which a member has signed in.

use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::store;
use crate::platform::app::App;
use crate::platform::db::{Conn, Tx};
use crate::platform::digest;
use crate::platform::error::ApiResult;

/// The device of this member's that shows this token. Asked of the database whether there is such a
/// member or not.
pub(super) async fn find(
    conn: &Conn,
    member_id: Option<Uuid>,
    token: Option<&SecretString>,
) -> ApiResult<Option<Uuid>> {
    match token {
        Some(token) => {
            let digest = digest::sha256(token.expose_secret().as_bytes());
            store::find_device(conn, member_id.unwrap_or_default(), &digest).await
        }
        None => Ok(None),
    }
}

/// Makes a device for a member; gives it with its token.
pub(super) async fn remember(tx: &Tx, app: &App, member_id: Uuid) -> ApiResult<(Uuid, String)> {
    let now = app.clock.now();
    let token: [u8; 32] = digest::random();
    let token = digest::base64url(&token);
    let id = app.ids.id(now);
    let digest = digest::sha256(token.as_bytes());
    store::insert_device(tx, (id, member_id), &digest, now).await?;
    Ok((id, token))
}

/// Forgets all devices of a member and makes one, whose token it gives.
pub async fn only_device(tx: &Tx, app: &App, member_id: Uuid) -> ApiResult<String> {
    store::forget_devices(tx, member_id, None).await?;
    let (_, token) = remember(tx, app, member_id).await?;
    Ok(token)
}
