//! From the `Authorization` header to the caller.

use std::sync::Arc;

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpMessage, HttpRequest};

use super::limits;
use crate::platform::app::App;
use crate::platform::auth::tokens::{self, Verdict, Verified};
use crate::platform::auth::{Caller, Rule};
use crate::platform::digest::sha256;
use crate::platform::error::{ApiResult, Error, Problem, UNAUTHENTICATED};

/// The rule by which a caller was let in.
#[derive(Clone, Copy)]
pub struct Admitted(pub Rule);

/// Looks again whether the one who was let in still may: its body may have been seconds in coming, and
/// its session, role or scope may be gone by now. Costs no look at the database unless something was
/// revoked meanwhile.
///
/// # Errors
/// 401 and 403 as at the door.
pub async fn admit_again(request: &HttpRequest, app: &App) -> ApiResult<()> {
    let Some(Admitted(rule)) = request.extensions().get::<Admitted>().copied() else {
        // Open to everyone.
        return Ok(());
    };
    let token = bearer(request)?;
    let (digest, now) = (sha256(token.as_bytes()), app.clock.now());
    if let Some(caller) = app.remembered.caller(&digest, now) {
        return Ok(rule.permits(&caller)?);
    }
    let Some(verified) = verify(token, app).await? else {
        return Err(refused("The access token has expired.").into());
    };
    let caller = look_up(app, digest, &verified).await?;
    Ok(rule.permits(&caller)?)
}

/// The caller of a request; a token seen a moment ago costs no look at the database.
pub async fn caller(request: &HttpRequest, app: &App) -> ApiResult<Arc<Caller>> {
    let token = match bearer(request) {
        Ok(token) => token,
        Err(refusal) => return Err(unknown(request, app, refusal)),
    };
    let digest = sha256(token.as_bytes());
    let now = app.clock.now();
    if let Some(caller) = app.remembered.caller(&digest, now) {
        limits::charge_principal(request, app, caller.actor_id())?;
        return Ok(caller);
    }
    let Some(verified) = verify(token, app).await? else {
        let refusal = refused("The access token is not valid or has expired.");
        return Err(unknown(request, app, refusal));
    };
    // The signature says who it is: from here on no one else can be made to pay.
    limits::charge_principal(request, app, verified.principal_id)?;
    look_up(app, digest, &verified).await
}

/// The caller whom a genuine token names, if session or API client still live.
async fn look_up(app: &App, digest: [u8; 32], verified: &Verified) -> ApiResult<Arc<Caller>> {
    let (mark, now) = (app.remembered.mark(), app.clock.now());
    let found = app
        .db
        .read(async |conn| app.credentials.caller(conn, verified.subject, now).await)
        .await?
        .filter(|caller| caller.actor_id() == verified.principal_id);
    let caller = Arc::new(found.ok_or_else(|| refused("The session or API client has ended."))?);
    app.remembered
        .remember(digest, Arc::clone(&caller), verified.expires_at, mark);
    Ok(caller)
}

/// The refusal of one who has no valid token, unless his address tries that too often.
fn unknown(request: &HttpRequest, app: &App, refusal: Problem) -> Error {
    limits::charge_address(request, app)
        .err()
        .unwrap_or_else(|| refusal.into())
}

async fn verify(token: &str, app: &App) -> ApiResult<Option<Verified>> {
    let (now, issuer) = (app.clock.now(), app.settings.public_url.as_str());
    let verdict = match tokens::verify(&app.keys, issuer, token, now) {
        // Another replica may have made a key a moment ago.
        Verdict::UnknownKey if app.keys.may_look(now) => {
            app.db
                .read(async |conn| app.keys.load(conn, &app.master, now).await)
                .await?;
            tokens::verify(&app.keys, issuer, token, now)
        }
        known => known,
    };
    Ok(match verdict {
        Verdict::Good(verified) => Some(verified),
        Verdict::Bad | Verdict::UnknownKey => None,
    })
}

fn bearer(request: &HttpRequest) -> Result<&str, Problem> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let only = headers.next().filter(|_| headers.next().is_none());
    only.and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or_else(|| refused("Send `Authorization: Bearer …`."))
}

fn refused(detail: &'static str) -> Problem {
    Problem::new(&UNAUTHENTICATED, detail)
}
