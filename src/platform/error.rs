//! What can go wrong, in two types: a [`Problem`] is what the caller is told (RFC 9457), a
//! [`Failure`] is what the log is told. A failure has no way into a response body.

use std::borrow::Cow;
use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What an operation gives.
pub type ApiResult<T> = Result<T, Error>;

/// A kind of problem: its page under `/problems/`, its status and its title.
#[derive(Debug)]
pub struct ProblemType {
    /// The last part of the `type` address.
    pub slug: &'static str,
    /// The HTTP status.
    pub status: StatusCode,
    /// What it is, in a few words; the same for each occurrence.
    pub title: &'static str,
    /// What it means and what to do, for the page that `type` points to.
    pub meaning: &'static str,
}

macro_rules! problem_types {
    ($($(#[$meta:meta])* $NAME:ident = $status:ident, $slug:literal, $title:literal, $meaning:literal;)+) => {
        $($(#[$meta])* pub const $NAME: ProblemType = ProblemType {
            slug: $slug, status: StatusCode::$status, title: $title, meaning: $meaning,
        };)+
        /// Every kind of problem that the service can answer with.
        pub const PROBLEM_TYPES: &[&ProblemType] = &[$(&$NAME),+];
    };
}

problem_types! {
    /// 400
    MALFORMED = BAD_REQUEST, "malformed-request", "The request can't be read",
        "The body is not JSON, a key stands in it twice, or a query parameter or header is unknown or can't be read. `errors` names each place. Nothing was done; mend the request before sending it again.";
    /// 401
    UNAUTHENTICATED = UNAUTHORIZED, "unauthenticated", "Sign in first",
        "No valid access token came with the request. Send `Authorization: Bearer …` with a token from `POST /v1/sessions` or `POST /oauth/token`; when it has expired, refresh it.";
    /// 401 at sign-in
    WRONG_CREDENTIALS = UNAUTHORIZED, "wrong-credentials", "The credentials are not right",
        "The address and password, or the client id and secret, do not belong together. The answer is the same whether or not the account exists.";
    /// 401 at sign-in, when the password was right
    SECOND_FACTOR_REQUIRED = UNAUTHORIZED, "second-factor-required", "A code of the second factor is needed",
        "The password is right, and the account has an authenticator app as well. Send the same again with `code`: the six digits that the app shows now, or a recovery code. A code is taken once.";
    /// 403
    FORBIDDEN = FORBIDDEN, "forbidden", "You may not do this",
        "You are signed in and the thing may be visible to you, but your role, your API client's scopes or your side of the partnership do not allow this operation. `detail` says which.";
    /// 404
    NOT_FOUND = NOT_FOUND, "not-found", "There is no such thing",
        "There is nothing at this address that you may see. The answer is the same for what does not exist and for what belongs to others.";
    /// 405
    METHOD_NOT_ALLOWED = METHOD_NOT_ALLOWED, "method-not-allowed", "This address has no such method",
        "The address exists, but not with this method. The `Allow` header lists the methods that it has.";
    /// 408
    TOO_SLOW = REQUEST_TIMEOUT, "request-timeout", "The request came too slowly",
        "The body did not arrive within the time allowed. Send it again, faster.";
    /// 409 from the state
    STATE_FORBIDS = CONFLICT, "state-forbids", "The present state does not allow this",
        "The thing is in a state from which this step does not lead anywhere. `state` tells the state, `allowed` what is possible now.";
    /// 409 from what exists
    ALREADY_EXISTS = CONFLICT, "already-exists", "It exists already",
        "What you want to make exists already, or a rule allows only one of its kind. Where you may see the one that stands in the way, `existing_id` names it.";
    /// 409, bare
    ID_TAKEN = CONFLICT, "id-taken", "This id is taken",
        "The id that the request carried is in use. Make a new one. Nothing is said about what holds it.";
    /// 409 while the first runs
    STILL_RUNNING = CONFLICT, "idempotency-key-in-use", "The first request with this key is still running",
        "Another request with the same `Idempotency-Key` has not finished. Send this one again in a moment, with the same key.";
    /// 412
    STALE = PRECONDITION_FAILED, "precondition-failed", "It has changed since you read it",
        "`If-Match` names another version than the present one, whose entity tag is in the `ETag` header. Read it again, apply your change to what you find, and send it with the new tag.";
    /// 413
    TOO_LARGE = PAYLOAD_TOO_LARGE, "body-too-large", "The body is too large",
        "The body is larger than this operation takes. `detail` tells the limit.";
    /// 415
    UNSUPPORTED = UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "The body is of a kind that is not read here",
        "Send `Content-Type: application/json` (for a patch also `application/merge-patch+json`), not compressed.";
    /// 422
    INVALID = UNPROCESSABLE_ENTITY, "invalid-fields", "Some fields are wrong",
        "The request could be read, but fields have values that are not possible. `errors` names every one of them by JSON Pointer (RFC 6901), with a code and a sentence.";
    /// 422 of a key
    KEY_REUSED = UNPROCESSABLE_ENTITY, "idempotency-key-reused", "This key was used for another request",
        "The same `Idempotency-Key` came before with another body or another address. Use a new key for a new request.";
    /// 428
    PRECONDITION_REQUIRED = PRECONDITION_REQUIRED, "precondition-required", "Say which version you change",
        "This operation changes what two people can edit. Send `If-Match` with the entity tag that you read.";
    /// 429
    TOO_MANY = TOO_MANY_REQUESTS, "too-many-requests", "Too many requests",
        "You, your firm or your network address sent more requests than are taken in a while. Nothing was done. Wait for the seconds that `Retry-After` tells, then send the request again; `RateLimit` tells how many more are taken now, `RateLimit-Policy` how many there are in all.";
    /// 429 of who guesses
    TOO_MANY_ATTEMPTS = TOO_MANY_REQUESTS, "too-many-attempts", "Too many attempts with a password or a code",
        "Too many passwords or codes were tried for this account, or from your network address. Nothing was looked at. Wait for the seconds that `Retry-After` tells. A device that has signed in to the account before, and sends the `device_token` that it got then, is not kept out by what others try; resetting the password gives such a token too. The answer is the same whether or not the account exists.";
    /// 500
    INTERNAL = INTERNAL_SERVER_ERROR, "internal-error", "Something went wrong on our side",
        "The service has a fault. It was logged under the `request_id`; tell it to whoever runs the service. A request with an `Idempotency-Key` can be sent again safely.";
    /// 503
    UNAVAILABLE = SERVICE_UNAVAILABLE, "unavailable", "The service can't answer now",
        "The database is away or overloaded. Send the request again after `Retry-After` seconds; with an `Idempotency-Key`, a request that was carried out after all is not carried out twice.";
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// JSON Pointer (RFC 6901) into the body; for a query parameter or header its name.
    #[schema(example = "/client/email")]
    pub pointer: String,
    /// What is wrong, for a program.
    #[schema(example = "format")]
    pub code: Cow<'static, str>,
    /// What is wrong, for a person.
    pub detail: String,
}

impl FieldError {
    /// Something wrong at a place.
    pub fn new(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            code: Cow::Borrowed(code),
            detail: detail.into(),
        }
    }
}

/// What the caller is told: `application/problem+json`.
#[derive(Debug)]
pub struct Problem {
    kind: &'static ProblemType,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    members: Map<String, Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// A problem of a kind, with what this occurrence is about.
    pub fn new(kind: &'static ProblemType, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            errors: Vec::new(),
            members: Map::new(),
            headers: Vec::new(),
        }
    }

    /// The bare 404: not there, or not yours.
    pub fn not_found() -> Self {
        Self::new(&NOT_FOUND, "Nothing at this address is visible to you.")
    }

    /// The 403 of one who may see but not do.
    pub fn forbidden(why: impl Into<Cow<'static, str>>) -> Self {
        Self::new(&FORBIDDEN, why)
    }

    /// The 409 of a state, with what is allowed now.
    pub fn state_forbids(state: &str, allowed: &[&str]) -> Self {
        let now = if allowed.is_empty() {
            "nothing".to_owned()
        } else {
            allowed.join(", ")
        };
        Self::new(
            &STATE_FORBIDS,
            format!("It is {state}; allowed now: {now}."),
        )
        .with("state", state.into())
        .with(
            "allowed",
            allowed.iter().copied().map(Value::from).collect(),
        )
    }

    /// The 422 of fields.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self {
            errors,
            ..Self::new(&INVALID, "The fields listed in `errors` are not possible.")
        }
    }

    /// The 422 of one field.
    pub fn invalid_field(pointer: &str, code: &'static str, detail: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError::new(pointer, code, detail)])
    }

    /// The 400 of a request that can't be read, naming the place.
    pub fn malformed(pointer: &str, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            errors: vec![FieldError::new(pointer, code, detail)],
            ..Self::new(
                &MALFORMED,
                "The request can't be read; `errors` names the place.",
            )
        }
    }

    /// The 503 of a database that is away.
    pub fn unavailable() -> Self {
        Self::new(&UNAVAILABLE, "The database does not answer.").with_header(
            actix_web::http::header::RETRY_AFTER,
            HeaderValue::from_static("2"),
        )
    }

    /// The 429 of one who asks more often than is taken, with the seconds to wait.
    pub fn too_many(why: impl Into<Cow<'static, str>>, seconds: u64) -> Self {
        Self::wait(&TOO_MANY, why, seconds)
    }

    /// A problem that goes away by itself, with the seconds to wait.
    pub fn wait(
        kind: &'static ProblemType,
        why: impl Into<Cow<'static, str>>,
        seconds: u64,
    ) -> Self {
        Self::new(kind, why).with_header(
            actix_web::http::header::RETRY_AFTER,
            HeaderValue::from(seconds.max(1)),
        )
    }

    /// Adds a member of the problem's own (RFC 9457, 3.2).
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.to_owned(), value);
        self
    }

    /// Names a field that it is about.
    #[must_use]
    pub fn about(mut self, error: FieldError) -> Self {
        self.errors.push(error);
        self
    }

    /// The same of a body that stands in another, at this place.
    #[must_use]
    pub fn under(mut self, place: &str) -> Self {
        for error in &mut self.errors {
            error.pointer.insert_str(0, place);
        }
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The same once more, for the answer; an error keeps its own.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self {
            kind: self.kind,
            detail: self.detail.clone(),
            errors: self.errors.clone(),
            members: self.members.clone(),
            headers: self.headers.clone(),
        }
    }

    /// Where and what, for unit tests.
    #[cfg(test)]
    pub fn errors_for_tests(&self) -> Vec<(String, String)> {
        self.errors
            .iter()
            .map(|error| (error.pointer.clone(), error.code.clone().into_owned()))
            .collect()
    }

    /// What this occurrence is about.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// What is wrong, in a line for a terminal: of each field, or of the whole.
    pub fn explanation(&self) -> String {
        if self.errors.is_empty() {
            return self.detail.clone().into_owned();
        }
        let fields = self.errors.iter();
        let lines: Vec<_> = fields
            .map(|error| format!("{}: {}", error.pointer, error.detail))
            .collect();
        lines.join("; ")
    }

    /// What kind it is.
    pub fn kind(&self) -> &'static ProblemType {
        self.kind
    }

    /// The answer, for a request of this id at this path.
    pub fn answer(&self, instance: &str, request_id: &str, problems: &str) -> HttpResponse {
        let mut body = Map::new();
        body.insert(
            "type".to_owned(),
            format!("{problems}{}", self.kind.slug).into(),
        );
        body.insert("title".to_owned(), self.kind.title.into());
        body.insert("status".to_owned(), self.kind.status.as_u16().into());
        body.insert("detail".to_owned(), self.detail.as_ref().into());
        body.insert("instance".to_owned(), instance.into());
        body.insert("request_id".to_owned(), request_id.into());
        body.insert(
            "errors".to_owned(),
            serde_json::to_value(&self.errors).unwrap_or_default(),
        );
        body.extend(self.members.clone());
        let mut response = HttpResponse::build(self.kind.status);
        for (name, value) in &self.headers {
            response.insert_header((name.clone(), value.clone()));
        }
        if self.kind.status == StatusCode::UNAUTHORIZED {
            response.insert_header((
                actix_web::http::header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"quid\""),
            ));
        }
        response
            .content_type("application/problem+json")
            .body(Value::Object(body).to_string())
    }
}

/// What went wrong (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem, example = json!({
    "type": "/problems/not-found", "title": "There is no such thing", "status": 404,
    "detail": "Nothing at this address is visible to you.", "instance": "/v1/clients/0198b6d2-7c1e-7a40-9d53-0b8f4c2f1a11",
    "request_id": "0198b6d2-7c1e-7a40-9d53-0b8f4c2f1a12", "errors": [],
}))]
pub struct ProblemDocument {
    /// A page that explains this kind of problem.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference")]
    pub kind: String,
    /// The kind, in a few words.
    pub title: String,
    /// The HTTP status again.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What this occurrence is about.
    pub detail: String,
    /// The path of the request.
    pub instance: String,
    /// The request's id, as in the `X-Request-Id` header and in the service's log.
    pub request_id: String,
    /// Every bad field at once; empty when it is not about fields.
    pub errors: Vec<FieldError>,
    /// With `state-forbids`: the state that the thing is in.
    #[schema(nullable = false)]
    pub state: Option<String>,
    /// With `state-forbids`: what is possible now.
    #[schema(nullable = false)]
    pub allowed: Option<Vec<String>>,
    /// With `state-forbids`: what is missing: `consent`, `active_partnership`, `foundation`, `content`, `successor` (another lead) or `admin` (another one).
    #[schema(nullable = false)]
    pub missing: Option<String>,
    /// With `missing` the `foundation`: each `part` that it lacks, and whose turn it is (`waits_for`).
    #[schema(nullable = false, value_type = Option<Vec<Object>>)]
    pub gaps: Option<Vec<Value>>,
    /// With `missing` the `content`: where in it something is missing (`pointer`), and what.
    #[schema(nullable = false, value_type = Option<Vec<Object>>)]
    pub lacks: Option<Vec<Value>>,
    /// With `state-forbids`: the states that the partnership must be in.
    #[schema(nullable = false)]
    pub needed_partnership_state: Option<Vec<String>>,
    /// With `already-exists`: the one that stands in the way, where you may see it.
    #[schema(nullable = false)]
    pub existing_id: Option<uuid::Uuid>,
}

/// What the log is told: an error of ours or of what we stand on, never shown to a caller.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Something that should have held did not.
    #[error("broken invariant: {0}")]
    Broken(Cow<'static, str>),
}

/// Why an operation gives no result.
#[derive(Debug)]
pub enum Error {
    /// The caller is told.
    Problem(Box<Problem>),
    /// The database refused; what that means is found by the constraint's name.
    Database(diesel::result::Error),
    /// The log is told, the caller gets a bare 500.
    Failure(Failure),
}

impl Error {
    /// A failure of ours.
    pub fn broken(what: impl Into<Cow<'static, str>>) -> Self {
        Self::Failure(Failure::Broken(what.into()))
    }

    /// The same of a body that stands in another, at this place.
    #[must_use]
    pub fn under(self, place: &str) -> Self {
        match self {
            Self::Problem(problem) => problem.under(place).into(),
            other => other,
        }
    }

    /// The name of the constraint that the database upheld, if that is what happened.
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Database(diesel::result::Error::DatabaseError(_, about)) => {
                about.constraint_name()
            }
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problem(problem) => write!(f, "{}: {}", problem.kind.slug, problem.detail),
            Self::Database(cause) => write!(f, "database: {cause}"),
            Self::Failure(cause) => cause.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<diesel::result::Error> for Error {
    fn from(cause: diesel::result::Error) -> Self {
        Self::Database(cause)
    }
}

/// Only a stand-in: the middleware in [`crate::platform::http::frame`] makes the real answer, since
/// it alone knows the request's id.
impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Problem(problem) => problem.kind.status,
            Self::Database(_) | Self::Failure(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}
