//! What is around every request: its id, its line in the log, its place in the metrics, and the
//! answer's form when something went wrong.

use std::sync::Arc;
use std::time::Instant;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ALLOW, CONTENT_ENCODING, ETAG, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use actix_web::http::{ConnectionType, Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use tracing::Instrument;

use super::connections::{Connection, Watched};
use super::{head, limits};
use crate::platform::app::{self, App};
use crate::platform::db::{constraints, with_firm};
use crate::platform::error::{
    Error, FORBIDDEN, INTERNAL, MALFORMED, METHOD_NOT_ALLOWED, NOT_FOUND, Problem, ProblemType,
    TOO_LARGE, UNAUTHENTICATED, UNSUPPORTED,
};

/// The request's id, in and out.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// W3C Trace Context.
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The request's id, for whoever needs to tell it.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The middleware.
pub async fn frame(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let begun = Instant::now();
    let asked = head::as_get(&mut request);
    let app = app::of(request.request())?;
    let connection = request.conn_data::<Arc<Connection>>().map(Arc::clone);
    if let Some(connection) = &connection {
        connection.works();
    }
    let id = given_id(request.headers()).unwrap_or_else(|| app.ids.id(app.clock.now()).to_string());
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!("request", request_id = %id, trace_id = tracing::field::Empty);
    if let Some(trace_id) = trace_id(request.headers()) {
        span.record("trace_id", trace_id);
    }
    // The request itself must not be held across the routing, which changes it.
    let uri = request.uri().clone();
    // In a task of its own, so that it runs to its end when the caller hangs up: a transaction that is
    // cut off costs a connection, and whoever does that on purpose would cost everybody's.
    let work = with_firm(next.call(request)).instrument(span.clone());
    let answered = actix_web::rt::spawn(work).await;
    let answered = answered.unwrap_or_else(|_| Err(Error::broken("a handler panicked").into()));
    let response = answered.map_err(|error| {
        let kind = kind_of(error.as_response_error().status_code());
        let answer = Problem::new(kind, kind.title).answer(uri.path(), &id, "/problems/");
        actix_web::error::InternalError::from_response(error, answer)
    })?;
    let response = finish(response.map_into_boxed_body(), &app, &id, &span);
    span.in_scope(|| record(&response, &asked, begun));
    let response = head::withhold(response, &asked);
    Ok(match connection {
        Some(connection) => watched(response, connection),
        None => response,
    })
}

/// An answer that the other side must take in time. A body that came too slowly is not waited for:
/// the connection ends with the answer.
fn watched(
    mut response: ServiceResponse<BoxBody>,
    connection: Arc<Connection>,
) -> ServiceResponse<BoxBody> {
    let closes = response.status() == StatusCode::REQUEST_TIMEOUT;
    if closes {
        let head = response.response_mut().head_mut();
        head.set_connection_type(ConnectionType::Close);
    }
    response.map_body(|_, body| BoxBody::new(Watched::new(body, connection, closes)))
}

fn finish(
    response: ServiceResponse<BoxBody>,
    app: &App,
    id: &str,
    span: &tracing::Span,
) -> ServiceResponse<BoxBody> {
    let (http, mut response) = response.into_parts();
    if let Some(problem) = span.in_scope(|| problem(&http, &response, app)) {
        let cors: Vec<_> = response
            .headers()
            .iter()
            .filter(|(name, _)| {
                name.as_str().starts_with("access-control-") || **name == "vary" || **name == ALLOW
            })
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        response = problem.answer(http.path(), id, "/problems/");
        cors.into_iter().for_each(|(name, value)| {
            response.headers_mut().append(name, value);
        });
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    limits::write_headers(&http, app, headers);
    suffix_entity_tag(headers);
    ServiceResponse::new(http, response)
}

/// What is wrong, if the answer is an error.
fn problem(http: &HttpRequest, response: &HttpResponse, app: &App) -> Option<Problem> {
    let status = response.status();
    let error = response.error();
    if let Some(error) = error.and_then(|error| error.as_error::<Error>()) {
        return Some(match error {
            Error::Problem(problem) => problem.copy(),
            Error::Database(cause) => match constraints::explain(cause, &app.constraints) {
                Ok(problem) => problem,
                Err(failure) => internal(&failure),
            },
            Error::Failure(failure) => internal(failure),
        });
    }
    let is_empty = matches!(response.body().size(), BodySize::None | BodySize::Sized(0));
    let is_bare = error.is_some() || (status == StatusCode::NOT_FOUND && is_empty);
    if !(status.is_client_error() || status.is_server_error()) || !is_bare {
        return None;
    }
    if status == StatusCode::NOT_FOUND {
        return Some(unmatched(http, app));
    }
    let kind = kind_of(status);
    Some(Problem::new(kind, kind.title))
}

/// The kind of problem that an error of the web framework's own is.
fn kind_of(status: StatusCode) -> &'static ProblemType {
    match status {
        StatusCode::NOT_FOUND => &NOT_FOUND,
        StatusCode::UNAUTHORIZED => &UNAUTHENTICATED,
        StatusCode::FORBIDDEN => &FORBIDDEN,
        StatusCode::PAYLOAD_TOO_LARGE => &TOO_LARGE,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => &UNSUPPORTED,
        status if status.is_client_error() => &MALFORMED,
        _ => &INTERNAL,
    }
}

fn internal(failure: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%failure, "internal error");
    Problem::new(&INTERNAL, "It was logged under the request id.")
}

/// No operation matches: either the address is unknown, or only the method is.
fn unmatched(http: &HttpRequest, app: &App) -> Problem {
    let methods = app.bodies.methods_at(http.path());
    if methods.is_empty() {
        return Problem::new(&NOT_FOUND, "Nothing at this address is visible to you.");
    }
    let allow = methods
        .iter()
        .map(Method::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    let problem = Problem::new(&METHOD_NOT_ALLOWED, format!("It has {allow}."));
    match HeaderValue::from_str(&allow) {
        Ok(allow) => problem.with_header(ALLOW, allow),
        Err(_) => problem,
    }
}

/// One entity tag names one sequence of bytes; a compressed answer is another.
fn suffix_entity_tag(headers: &mut HeaderMap) {
    let Some(encoding) = headers
        .get(CONTENT_ENCODING)
        .and_then(|value| value.to_str().ok())
    else {
        return;
    };
    let suffixed = headers
        .get(ETAG)
        .and_then(|tag| tag.to_str().ok())
        .and_then(|tag| tag.strip_suffix('"'))
        .and_then(|open| HeaderValue::from_str(&format!("{open}-{encoding}\"")).ok());
    if let Some(tag) = suffixed {
        headers.insert(ETAG, tag);
    }
}

/// An id that the caller gave, if it is one that can stand in a log.
fn given_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(&REQUEST_ID)?.to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    ((1..=64).contains(&id.len()) && id.bytes().all(plain)).then(|| id.to_owned())
}

/// The trace id of a `traceparent` header.
fn trace_id(headers: &HeaderMap) -> Option<&str> {
    let parent = headers.get(&TRACEPARENT)?.to_str().ok()?;
    let id = parent.split('-').nth(1)?;
    (id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(id)
}

/// One line in the log and one observation, named by the operation's pattern: an address may hold
/// what is nobody's business.
fn record(response: &ServiceResponse<BoxBody>, asked: &Method, begun: Instant) {
    let request = response.request();
    let operation = request
        .match_pattern()
        .unwrap_or_else(|| "unmatched".to_owned());
    let status = response.status().as_u16();
    let took = begun.elapsed();
    let method = method_name(asked);
    let labels = [
        ("method", metrics::SharedString::const_str(method)),
        ("operation", operation.clone().into()),
        ("status", status.to_string().into()),
    ];
    metrics::counter!("quid_http_requests_total", &labels).increment(1);
    metrics::histogram!("quid_http_request_duration_seconds", "operation" => operation.clone())
        .record(took);
    if operation != "/healthz" && operation != "/readyz" {
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        tracing::info!(method, operation, status, took_us, "answered");
    }
}

/// The method, or one word for all that nobody has heard of: a label must not grow without end.
fn method_name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
