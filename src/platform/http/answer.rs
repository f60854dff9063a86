//! What goes out: one resource with its entity tag.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, ETAG, HeaderName, HeaderValue, IF_NONE_MATCH, LOCATION,
};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use uuid::Uuid;

use crate::platform::auth::Caller;
use crate::platform::db::Conn;
use crate::platform::digest;
use crate::platform::error::{ApiResult, Error};
use crate::platform::values::Timestamp;

/// Says that an answer was given before.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A resource as one caller sees it.
pub trait Shown: Serialize + Sized + 'static {
    /// The address under which one is found, ending in a slash.
    const COLLECTION: &'static str;

    /// Its id.
    fn id(&self) -> Uuid;

    /// Finds one as this caller sees it now.
    fn find(
        conn: &Conn,
        caller: &Caller,
        id: Uuid,
        now: Timestamp,
    ) -> impl Future<Output = ApiResult<Option<Self>>>;
}

/// What an upsert came to, as the `Quid-Upsert` header tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was not there.
    Created,
    /// It was there and was changed.
    Updated,
    /// It was there, just like this.
    Unchanged,
}

impl Outcome {
    const fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
        }
    }
}

/// Tells what an upsert came to.
pub const UPSERT: HeaderName = HeaderName::from_static("quid-upsert");

/// A resource, with the status that it is answered with.
#[derive(Debug)]
pub struct Answer<T> {
    /// The status.
    pub status: StatusCode,
    /// The resource.
    pub resource: T,
    /// Whether an earlier request did it.
    pub replayed: bool,
    /// What an upsert came to.
    pub outcome: Option<Outcome>,
}

impl<T> Answer<T> {
    /// A resource that was read or changed.
    pub fn ok(resource: T) -> Self {
        Self {
            status: StatusCode::OK,
            resource,
            replayed: false,
            outcome: None,
        }
    }

    /// A resource that this request, or an earlier one, made or changed.
    pub fn done(status: StatusCode, resource: T, replayed: bool) -> Self {
        Self {
            status,
            resource,
            replayed,
            outcome: None,
        }
    }

    /// A resource that was put.
    pub fn upserted(resource: T, outcome: Outcome) -> Self {
        let status = if outcome == Outcome::Created {
            StatusCode::CREATED
        } else {
            StatusCode::OK
        };
        Self {
            status,
            resource,
            replayed: false,
            outcome: Some(outcome),
        }
    }
}

/// The strong entity tag of a representation: its digest, so that it changes with whatever this
/// caller sees and with nothing else.
pub fn entity_tag<T: Serialize>(resource: &T) -> ApiResult<String> {
    Ok(tag_of(&serialize(resource)?))
}

fn serialize<T: Serialize>(resource: &T) -> ApiResult<Vec<u8>> {
    serde_json::to_vec(resource).map_err(|error| Error::broken(error.to_string()))
}

/// The entity tag of some bytes.
pub fn tag_of(body: &[u8]) -> String {
    let digest = digest::sha256(body);
    let half = digest.get(..16).unwrap_or_default();
    format!("\"{}\"", digest::base64url(half))
}

/// An entity tag without the suffix that tells its content encoding.
pub fn without_encoding(tag: &str) -> String {
    let open = tag.strip_suffix('"').unwrap_or(tag);
    let bare = ["-gzip", "-br", "-zstd"]
        .iter()
        .find_map(|suffix| open.strip_suffix(suffix));
    bare.map_or_else(|| tag.to_owned(), |bare| format!("{bare}\""))
}

/// The tag in `If-None-Match` that names this representation, as it was sent (weak comparison,
/// RFC 9110, 13.1.2).
fn known(request: &HttpRequest, tag: &str) -> Option<String> {
    request
        .headers()
        .get_all(IF_NONE_MATCH)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|one| one.trim().trim_start_matches("W/"))
        .find(|one| *one == "*" || without_encoding(one) == tag)
        .map(|one| if one == "*" { tag } else { one }.to_owned())
}

/// Makes the answer of a read: the body with its tag, or 304 with the tag by which it is known.
pub fn readable(request: &HttpRequest, body: Vec<u8>) -> HttpResponse<BoxBody> {
    let tag = tag_of(&body);
    let cache = (CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    let known = known(request, &tag).filter(|_| request.method() == actix_web::http::Method::GET);
    match known {
        Some(known) => HttpResponse::NotModified()
            .insert_header((ETAG, known))
            .insert_header(cache)
            .finish(),
        None => HttpResponse::Ok()
            .insert_header((ETAG, tag))
            .insert_header(cache)
            .content_type("application/json")
            .body(body),
    }
}

/// Makes the answer of a read that is nobody's secret and that may be kept for so many seconds.
pub fn public(request: &HttpRequest, body: Vec<u8>, max_age: u32) -> HttpResponse<BoxBody> {
    let mut response = readable(request, body);
    if let Ok(cache) = HeaderValue::from_str(&format!("public, max-age={max_age}")) {
        response.headers_mut().insert(CACHE_CONTROL, cache);
    }
    response
}

impl<T: Shown> Responder for Answer<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse<BoxBody> {
        let body = match serialize(&self.resource) {
            Ok(body) => body,
            Err(error) => return HttpResponse::from_error(error),
        };
        let mut response = readable(request, body);
        if response.status() == StatusCode::OK {
            *response.status_mut() = self.status;
        }
        let headers = response.headers_mut();
        if self.status == StatusCode::CREATED {
            let place = format!("{}{}", T::COLLECTION, self.resource.id());
            if let Ok(place) = HeaderValue::from_str(&place) {
                headers.insert(LOCATION, place);
            }
        }
        if let Some(outcome) = self.outcome {
            headers.insert(UPSERT, HeaderValue::from_static(outcome.word()));
        }
        if self.replayed {
            headers.insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}

/// What is worked out when it is read: no resource that anybody made, but with an entity tag like one.
#[derive(Debug)]
pub struct Report<T>(pub T);

impl<T: Serialize> Responder for Report<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse<BoxBody> {
        match serialize(&self.0) {
            Ok(body) => readable(request, body),
            Err(error) => HttpResponse::from_error(error),
        }
    }
}

/// The answer that has nothing to say.
pub fn no_content() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suffix_of_an_encoding_does_not_count() {
        assert_eq!(without_encoding("\"abc-gzip\""), "\"abc\"");
        assert_eq!(without_encoding("\"abc-zstd\""), "\"abc\"");
        assert_eq!(without_encoding("\"abc\""), "\"abc\"");
        assert_eq!(without_encoding("*"), "*");
    }
}
