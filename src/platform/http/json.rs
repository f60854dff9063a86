//! JSON that comes in: read once, checked against the published schema, then parsed into its type.

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{body, credential, gate};
use crate::platform::app;
use crate::platform::error::{ApiResult, Error, FieldError, Problem, UNSUPPORTED};

/// The largest JSON body.
pub const LIMIT: usize = 64 * 1024;
/// How long a body may take: with what the head may take, less than 15 seconds.
pub const DEADLINE: Duration = Duration::from_secs(8);

/// A body that is what the document says. Every bad field is named at once.
#[derive(Debug)]
pub struct Json<T>(pub T);

/// What was received, for the idempotency of the request.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// The body as it came.
    pub body: Arc<Vec<u8>>,
    /// The id that the client made for what it creates.
    pub id: Option<Uuid>,
}

impl<T: DeserializeOwned + ToSchema + 'static> FromRequest for Json<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        async move {
            gate::wait(&request).await?;
            is_json(&request)?;
            let body = body::limited(&request, &mut payload, LIMIT, DEADLINE).await?;
            let app = app::of(&request)?;
            credential::admit_again(&request, &app).await?;
            let value = app.bodies.read(&T::name(), &body)?;
            let id = value
                .get("id")
                .and_then(|id| id.as_str())
                .and_then(|id| id.parse().ok());
            // Ids are the order of lists; another version could stand at either end of them.
            if id.is_some_and(|id: Uuid| id.get_version_num() != 7) {
                return Err(
                    Problem::invalid_field("/id", "version", "Make a UUID of version 7.").into(),
                );
            }
            let parsed = serde_path_to_error::deserialize(value).map_err(|error| {
                let pointer = pointer(error.path());
                Problem::invalid(vec![FieldError::new(
                    pointer,
                    "invalid",
                    error.inner().to_string(),
                )])
            })?;
            request.extensions_mut().insert(Received {
                body: Arc::new(body),
                id,
            });
            Ok(Self(parsed))
        }
        .boxed_local()
    }
}

/// `application/json` or anything `+json`, in UTF-8.
fn is_json(request: &HttpRequest) -> ApiResult<()> {
    let given = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = given
        .and_then(|value| value.split(';').next())
        .map(|kind| kind.trim().to_ascii_lowercase());
    match essence.as_deref() {
        Some("application/json" | "application/merge-patch+json") => Ok(()),
        _ => Err(Problem::new(&UNSUPPORTED, "Send `Content-Type: application/json`.").into()),
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{key}")),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

/// For a merge patch (RFC 7396): tells a field that is absent (`None`) from one that is `null`
/// (`Some(None)`). Goes with `#[serde(default, deserialize_with = "present")]`.
pub fn present<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}
