//! From the `Authorization` header to the caller.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;

use crate::platform::app::App;
use crate::platform::auth::Caller;
use crate::platform::auth::tokens::{self, Verdict, Verified};
use crate::platform::digest::sha256;
use crate::platform::error::{ApiResult, Problem, UNAUTHENTICATED};

/// The caller of a request; a token seen a moment ago costs no look at the database.
pub async fn caller(request: &HttpRequest, app: &App) -> ApiResult<Arc<Caller>> {
    let token = bearer(request)?;
    let digest = sha256(token.as_bytes());
    let now = app.clock.now();
    if let Some(caller) = app.remembered.caller(&digest, now) {
        return Ok(caller);
    }
    let mark = app.remembered.mark();
    let Verified {
        subject,
        expires_at,
    } = verify(token, app).await?;
    let found = app
        .db
        .read(async |conn| app.credentials.caller(conn, subject, now).await)
        .await?;
    let caller = Arc::new(found.ok_or_else(|| refused("The session or API client has ended."))?);
    app.remembered
        .remember(digest, Arc::clone(&caller), expires_at, mark);
    Ok(caller)
}

async fn verify(token: &str, app: &App) -> ApiResult<Verified> {
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
    match verdict {
        Verdict::Good(verified) => Ok(verified),
        Verdict::Bad | Verdict::UnknownKey => {
            Err(refused("The access token is not valid or has expired.").into())
        }
    }
}

fn bearer(request: &HttpRequest) -> ApiResult<&str> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let only = headers.next().filter(|_| headers.next().is_none());
    only.and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or_else(|| refused("Send `Authorization: Bearer …`.").into())
}

fn refused(detail: &'static str) -> Problem {
    Problem::new(&UNAUTHENTICATED, detail)
}
