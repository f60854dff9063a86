//! Closes the caller's firm.

use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::changes::{Change, Kind};
use crate::platform::app::App;
use crate::platform::auth::{self, Caller, Duty, Rule};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem};
use crate::platform::http::{Action, Allowed, Json, NoPath, no_content};
use crate::platform::values::Timestamp;
use crate::{api_clients, changes, firms, members, partnerships, sessions};

pub(super) struct LeaveForGood;

impl Action for LeaveForGood {
    const RULE: Rule = Rule::people(Duty::Run);
    type Path = NoPath;
    type Subject = ();
}

/// Why a firm closes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "We retire at the end of the year."}))]
pub struct CloseFirm {
    /// The reason; every partner reads it.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// Close your firm.
///
/// Its partnerships end, its proposals are taken back and those made to it declined. All its members and
/// API clients, you among them, are signed out within a second and can't sign in again. This can't be
/// undone.
#[utoipa::path(tag = "firms", security(("person" = [])),
    responses((status = 204, description = "The firm is closed.")))]
#[post("/v1/firm/close")]
pub(super) async fn close_firm(
    firm: Allowed<LeaveForGood>,
    Json(body): Json<CloseFirm>,
    app: App,
) -> ApiResult<HttpResponse> {
    let (caller, now) = (firm.caller(), app.clock.now());
    let revoked = app
        .db
        .write(async |tx| close(tx, caller, &body.reason, now).await)
        .await?;
    revoked.into_iter().for_each(|id| app.remembered.revoke(id));
    Ok(no_content())
}

/// Gives the credentials that are no good any more.
async fn close(tx: &Tx, caller: &Caller, reason: &str, now: Timestamp) -> ApiResult<Vec<Uuid>> {
    let firm_id = caller.firm_id;
    members::lock(tx, firm_id).await?;
    let Some(version) = firms::close(tx, firm_id, reason, now).await? else {
        return Err(Problem::state_forbids("closed", &[]).into());
    };
    partnerships::close_all(tx, caller, reason, now).await?;
    for (id, version) in members::deactivate_all(tx, firm_id, now).await? {
        let change = Change::by(caller, Kind::Member, id, "deactivate", now).version(version);
        changes::record(tx, change).await?;
    }
    let machines = api_clients::revoke_all(tx, firm_id, now).await?;
    for id in &machines {
        let change = Change::by(caller, Kind::ApiClient, *id, "revoke", now).version(2);
        changes::record(tx, change).await?;
    }
    let change = Change::by(caller, Kind::Firm, firm_id, "close", now).version(version);
    changes::record(tx, change).await?;
    let sessions = sessions::end_all(tx, firm_id, now).await?;
    let revoked = [sessions, machines].concat();
    for id in &revoked {
        auth::revoke(tx, *id).await?;
    }
    Ok(revoked)
}
