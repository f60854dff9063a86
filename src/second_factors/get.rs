//! Reads whether the caller has a second factor.

use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{SecondFactorState, store};
use crate::members::OwnAccount;
use crate::platform::app::App;
use crate::platform::auth::Caller;
use crate::platform::db::Conn;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Allowed, Answer, Shown};
use crate::platform::values::Timestamp;

/// The second factor of a member.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactor {
    /// Whose it is.
    pub member_id: Uuid,
    /// How far it is.
    pub state: SecondFactorState,
    /// When it was confirmed; `null` while it is not asked for.
    pub confirmed_at: Option<Timestamp>,
    /// How many recovery codes are left.
    pub recovery_codes_left: i64,
}

impl Shown for SecondFactor {
    const COLLECTION: &'static str = "/v1/me/second-factor/";

    fn id(&self) -> Uuid {
        self.member_id
    }

    async fn find(conn: &Conn, _: &Caller, id: Uuid, _: Timestamp) -> ApiResult<Option<Self>> {
        let kept = store::find(conn, id).await?;
        let confirmed_at = kept.as_ref().and_then(|kept| kept.confirmed_at);
        let state = match (&kept, confirmed_at) {
            (None, _) => SecondFactorState::None,
            (Some(_), None) => SecondFactorState::Pending,
            (Some(_), Some(_)) => SecondFactorState::Confirmed,
        };
        Ok(Some(Self {
            member_id: id,
            state,
            confirmed_at,
            recovery_codes_left: store::count_recovery_codes(conn, id).await?,
        }))
    }
}

/// Read your second factor.
///
/// Whether signing in asks you for a code. The secret and the recovery codes can't be read again.
#[utoipa::path(tag = "second factor", security(("person" = [])),
    responses((status = 200, description = "The second factor.", body = SecondFactor)))]
#[get("/v1/me/second-factor")]
pub(super) async fn get_second_factor(
    account: Allowed<OwnAccount>,
    app: App,
) -> ApiResult<Answer<SecondFactor>> {
    let (caller, now) = (account.caller(), app.clock.now());
    let found = app
        .db
        .read(async |conn| SecondFactor::find(conn, caller, account.member_id, now).await)
        .await?;
    Ok(Answer::ok(found.ok_or_else(Problem::not_found)?))
}
