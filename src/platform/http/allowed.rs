//! The permission that an operation needs is the argument that it takes.

use std::ops::Deref;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, HeaderValue, IF_MATCH};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::answer::{Answer, Shown, entity_tag};
use super::credential::Admitted;
use super::{ExternalIdPath, credential, gate, limits, once};
use crate::platform::app::{self, App};
use crate::platform::auth::{Caller, Rule, Verdict};
use crate::platform::db::{Tx, note_firm};
use crate::platform::error::{ApiResult, Error, PRECONDITION_REQUIRED, Problem, STALE};

/// Something that a caller may or may not do, to something that it may or may not see.
pub trait Action: Sized + 'static {
    /// Who may do it at all, by role or scope.
    const RULE: Rule;
    /// The scope that an API client needs, for the document.
    const SCOPE: &'static str = Self::RULE.scope();
    /// What the path names.
    type Path: DeserializeOwned + 'static;
    /// What it is done to, as the caller sees it.
    type Subject: FoundAt<Self::Path>;

    /// Finds what it is done to, where it is not found as for every other action on it.
    fn find(
        app: &App,
        caller: &Caller,
        path: Self::Path,
    ) -> impl Future<Output = ApiResult<Option<Self::Subject>>> {
        Self::Subject::find_at(app, caller, path)
    }

    /// Whether this caller may do it to this one: sides of a partnership, owners of a step.
    fn judge(_caller: &Caller, _subject: &Self::Subject) -> Verdict {
        Ok(())
    }
}

/// Found by what a path names.
pub trait FoundAt<Path>: Sized + 'static {
    /// Finds it through the caller's firm; `None` when it is not there or not visible to that firm,
    /// which is the same.
    fn find_at(
        app: &App,
        caller: &Caller,
        path: Path,
    ) -> impl Future<Output = ApiResult<Option<Self>>>;
}

/// A path that names one resource by its id.
pub trait IdPath {
    /// The id.
    fn id(&self) -> Uuid;
}

impl<Path: IdPath, T: Shown + 'static> FoundAt<Path> for T {
    async fn find_at(app: &App, caller: &Caller, path: Path) -> ApiResult<Option<Self>> {
        let now = app.clock.now();
        app.db
            .read(async |conn| T::find(conn, caller, path.id(), now).await)
            .await
    }
}

/// The path of an operation that names nothing.
#[derive(Debug, serde::Deserialize)]
pub struct NoPath {}

impl FoundAt<NoPath> for () {
    async fn find_at(_: &App, _: &Caller, _: NoPath) -> ApiResult<Option<()>> {
        Ok(Some(()))
    }
}

/// What may not be there yet: it is looked for once the body is known.
impl FoundAt<ExternalIdPath> for ExternalIdPath {
    async fn find_at(_: &App, _: &Caller, path: ExternalIdPath) -> ApiResult<Option<Self>> {
        Ok(Some(path))
    }
}

/// The proof that the caller is signed in, in scope, sees the subject and may do this to it. There
/// is no other way to make one than to ask.
pub struct Allowed<A: Action> {
    subject: A::Subject,
    caller: Arc<Caller>,
    request: HttpRequest,
    app: App,
}

impl<A: Action> Allowed<A> {
    /// Who asks.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Carries an effect out in one transaction, once for each idempotency key, and gives what it
    /// made or changed with the status. A request that was carried out before gets what it made as
    /// it is now, with the status of then.
    pub async fn once<T: Shown>(
        &self,
        status: StatusCode,
        effect: impl AsyncFn(&Tx) -> ApiResult<T>,
    ) -> ApiResult<Answer<T>> {
        once::run(&self.app, &self.caller, &self.request, status, effect).await
    }

    /// Asks that `If-Match` names the subject as the caller sees it now: 428 without, 412 when it
    /// is another.
    pub fn unchanged(&self) -> ApiResult<()>
    where
        A::Subject: Serialize,
    {
        if self.unchanged_if_asked()? {
            Ok(())
        } else {
            let detail = "Send `If-Match` with the entity tag.";
            Err(Problem::new(&PRECONDITION_REQUIRED, detail).into())
        }
    }

    /// Asks the same where the caller sent `If-Match`; tells whether it did.
    pub fn unchanged_if_asked(&self) -> ApiResult<bool>
    where
        A::Subject: Serialize,
    {
        let mut given = self.request.headers().get_all(IF_MATCH).peekable();
        if given.peek().is_none() {
            return Ok(false);
        }
        let tag = entity_tag(&self.subject)?;
        let matches = given
            .filter_map(|value| value.to_str().ok())
            .any(|value| matches(value, &tag));
        if matches {
            Ok(true)
        } else {
            Err(stale(&self.subject))
        }
    }
}

/// Whether a list of entity tags names this one; the suffix of an encoding does not count, and a
/// weak tag never matches (RFC 9110, 13.1.1).
fn matches(given: &str, tag: &str) -> bool {
    given
        .split(',')
        .map(str::trim)
        .any(|one| one == "*" || super::answer::without_encoding(one) == tag)
}

/// The 412, with the present entity tag.
pub fn stale<T: Serialize>(current: &T) -> Error {
    let problem = Problem::new(&STALE, "It was changed since you read it.");
    match entity_tag(current)
        .ok()
        .and_then(|tag| HeaderValue::from_str(&tag).ok())
    {
        Some(tag) => problem.with_header(ETAG, tag).into(),
        None => problem.into(),
    }
}

impl<A: Action> Deref for Allowed<A> {
    type Target = A::Subject;
    fn deref(&self) -> &A::Subject {
        &self.subject
    }
}

impl<A: Action> Allowed<A> {
    /// The subject itself.
    pub fn into_subject(self) -> A::Subject {
        self.subject
    }
}

impl<A: Action> FromRequest for Allowed<A> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let gate = gate::close(request);
        let request = request.clone();
        async move {
            let app = app::of(&request)?;
            let caller = credential::caller(&request, &app).await?;
            note_firm(caller.firm_id);
            A::RULE.permits(&caller)?;
            let path = web::Path::<A::Path>::extract(&request).await;
            let path = path.map_err(|_| Problem::not_found())?.into_inner();
            let found = A::find(&app, &caller, path).await?;
            let subject = found.ok_or_else(Problem::not_found)?;
            A::judge(&caller, &subject)?;
            check_query(&request, &app)?;
            request.extensions_mut().insert(Arc::clone(&caller));
            request.extensions_mut().insert(Admitted(A::RULE));
            gate.open();
            Ok(Self {
                subject,
                caller,
                request,
                app,
            })
        }
        .boxed_local()
    }
}

/// Says that an operation is open to everyone.
#[derive(Debug)]
pub struct Public(());

impl FromRequest for Public {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let gate = gate::close(request);
        let known = app::of(request).and_then(|app| {
            limits::charge_address(request, &app)?;
            check_query(request, &app)
        });
        if known.is_ok() {
            gate.open();
        }
        std::future::ready(known.map(|()| Self(())))
    }
}

fn check_query(request: &HttpRequest, app: &App) -> ApiResult<()> {
    match request.query_string() {
        "" => Ok(()),
        query => app.bodies.check_query(
            request.method(),
            &request.match_pattern().unwrap_or_default(),
            query,
        ),
    }
}
