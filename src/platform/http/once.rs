//! Carries a request out once, however often it is sent.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpMessage, HttpRequest};

use super::answer::{Answer, Shown};
use super::json::Received;
use crate::platform::app::App;
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::db::constraints::violates;
use crate::platform::db::idempotency::{self, Answered, KEY_CONSTRAINT, Known, Request};
use crate::platform::digest::sha256;
use crate::platform::error::{ApiResult, Error, ID_TAKEN, KEY_REUSED, Problem, STILL_RUNNING};

/// The header of `draft-ietf-httpapi-idempotency-key-header`.
pub const HEADER: &str = "Idempotency-Key";
/// How long a request waits for the first one with its key.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it looks; it holds no connection in between.
const LOOK: Duration = Duration::from_millis(25);

enum Step<T> {
    Did(T),
    Before(Answered),
    Wait,
}

/// See [`super::Allowed::once`].
pub async fn run<T: Shown>(
    app: &App,
    caller: &Caller,
    http: &HttpRequest,
    status: StatusCode,
    effect: impl AsyncFn(&Tx) -> ApiResult<T>,
) -> ApiResult<Answer<T>> {
    let Some(request) = request(caller, http)? else {
        let resource = app.db.write(effect).await?;
        return Ok(Answer::done(status, resource, false));
    };
    let begun = tokio::time::Instant::now();
    loop {
        match attempt(app, &request, status, &effect).await {
            Ok(Step::Did(resource)) => return Ok(Answer::done(status, resource, false)),
            Ok(Step::Before(answered)) => return replay(app, caller, &request, answered).await,
            Ok(Step::Wait) => {}
            // The first one committed between our look and our write: look again.
            Err(error) if violates(&error, KEY_CONSTRAINT) => {}
            Err(error) => return Err(error),
        }
        if begun.elapsed() >= PATIENCE {
            return Err(Problem::new(
                &STILL_RUNNING,
                "Send it again in a moment, with the same key.",
            )
            .into());
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn attempt<T: Shown>(
    app: &App,
    request: &Request,
    status: StatusCode,
    effect: &impl AsyncFn(&Tx) -> ApiResult<T>,
) -> ApiResult<Step<T>> {
    app.db
        .write(async |tx| match idempotency::look_up(tx, request).await? {
            Known::Running => Ok(Step::Wait),
            Known::Done(answered) => Ok(Step::Before(answered)),
            Known::New => {
                let made = effect(tx).await?;
                idempotency::keep(tx, request, status.as_u16(), made.id(), app.clock.now()).await?;
                Ok(Step::Did(made))
            }
        })
        .await
}

async fn replay<T: Shown>(
    app: &App,
    caller: &Caller,
    request: &Request,
    answered: Answered,
) -> ApiResult<Answer<T>> {
    if answered.digest != request.digest {
        return Err(if answered.key.starts_with(ID_PREFIX) {
            Problem::new(&ID_TAKEN, "Make another id.").into()
        } else {
            Problem::new(
                &KEY_REUSED,
                "The key belongs to a request with another body or address.",
            )
            .into()
        });
    }
    let id = answered.resource_id;
    let now = app.clock.now();
    let found = app
        .db
        .read(async |conn| T::find(conn, caller, id, now).await)
        .await?;
    let status = u16::try_from(answered.status)
        .ok()
        .and_then(|code| StatusCode::from_u16(code).ok());
    Ok(Answer::done(
        status.unwrap_or(StatusCode::OK),
        found.ok_or_else(Problem::not_found)?,
        true,
    ))
}

const KEY_PREFIX: &str = "key:";
const ID_PREFIX: &str = "id:";

/// What makes the request the same as another: the header's key and, for a create, the id that the
/// client made. `None` when it has neither.
fn request(caller: &Caller, http: &HttpRequest) -> ApiResult<Option<Request>> {
    let received = http
        .extensions()
        .get::<Received>()
        .cloned()
        .unwrap_or_default();
    let header = header(http)?.map(|key| format!("{KEY_PREFIX}{key}"));
    let made = received.id.map(|id| format!("{ID_PREFIX}{id}"));
    let keys: Vec<_> = header.into_iter().chain(made).collect();
    if keys.is_empty() {
        return Ok(None);
    }
    let operation = format!(
        "{} {}",
        http.method(),
        http.match_pattern().unwrap_or_default()
    );
    let whole = [http.path().as_bytes(), b"\n", received.body.as_slice()].concat();
    Ok(Some(Request {
        principal_id: caller.actor_id(),
        operation,
        keys,
        digest: sha256(&whole),
    }))
}

fn header(http: &HttpRequest) -> Result<Option<&str>, Error> {
    let mut values = http.headers().get_all(HEADER);
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let readable = value
        .to_str()
        .ok()
        .map(str::trim)
        .filter(|_| values.next().is_none());
    match readable {
        Some(key)
            if !key.is_empty() && key.len() <= 255 && key.bytes().all(|b| b.is_ascii_graphic()) =>
        {
            Ok(Some(key))
        }
        _ => Err(Problem::malformed(
            HEADER,
            "format",
            "Send one key of 1 to 255 visible ASCII characters.",
        )
        .into()),
    }
}
