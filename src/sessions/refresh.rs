//! Exchanges a refresh token for its successor.

use super::model::RefreshToken;
use super::{GRACE_SECONDS, Tokens, store, tokens_for};
use crate::platform::app::App;
use crate::platform::auth;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;

/// What an exchange comes to.
#[derive(Debug)]
pub enum Exchange {
    /// New tokens.
    Renewed(Tokens),
    /// The token is unknown, expired or its session has ended.
    Refused,
}

/// Where the token stands in its session.
enum Standing {
    Current(i32),
    Ended,
    Stolen,
}

/// Exchanges a refresh token. An old one used again after the grace ends the session.
pub async fn exchange(app: &App, text: &str) -> ApiResult<Exchange> {
    let Some(token) = RefreshToken::open(text, &app.refresh) else {
        return Ok(Exchange::Refused);
    };
    let now = app.clock.now();
    let found = app
        .db
        .write(async |tx| match standing(tx, app, token).await? {
            Standing::Current(generation) => {
                let caller = store::find_caller(tx, token.session_id, now).await?;
                Ok(caller.map(|caller| (caller, generation)))
            }
            Standing::Ended => Ok(None),
            Standing::Stolen => {
                tracing::warn!(session_id = %token.session_id, "a used refresh token came again; the session ends");
                store::end(tx, token.session_id, now).await?;
                auth::revoke(tx, token.session_id).await?;
                Ok(None)
            }
        })
        .await?;
    Ok(match found {
        Some((caller, generation)) => Exchange::Renewed(tokens_for(app, &caller, generation)?),
        None => {
            // Where the session has just ended, this replica need not wait to hear of it.
            app.remembered.revoke(token.session_id);
            Exchange::Refused
        }
    })
}

async fn standing(tx: &Tx, app: &App, token: RefreshToken) -> ApiResult<Standing> {
    let now = app.clock.now();
    if let Some(next) = store::advance(tx, token.session_id, token.generation, now).await? {
        return Ok(Standing::Current(next));
    }
    Ok(match store::generation(tx, token.session_id, now).await? {
        None => Standing::Ended,
        Some((current, since)) => {
            let is_last_but_one = token.generation.checked_add(1) == Some(current);
            if is_last_but_one && now < since.plus_seconds(GRACE_SECONDS) {
                Standing::Current(current)
            } else {
                Standing::Stolen
            }
        }
    })
}
