//! Reads a body within a size and a time. actix-web has no deadline for bodies, and it would
//! decompress them before it counts.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_ENCODING;
use bytes::BytesMut;
use futures_util::StreamExt;

use crate::platform::error::{ApiResult, MALFORMED, Problem, TOO_LARGE, TOO_SLOW, UNSUPPORTED};

/// The whole of a body, of at most `limit` bytes, arriving within `deadline`.
pub async fn limited(
    request: &HttpRequest,
    payload: &mut Payload,
    limit: usize,
    deadline: Duration,
) -> ApiResult<Vec<u8>> {
    let encoded = request
        .headers()
        .get(CONTENT_ENCODING)
        .is_some_and(|value| value != "identity");
    if encoded {
        return Err(Problem::new(&UNSUPPORTED, "Send the body without `Content-Encoding`.").into());
    }
    let read = async {
        let mut body = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Problem::new(&MALFORMED, "The body broke off."))?;
            if body.len().saturating_add(chunk.len()) > limit {
                return Err(
                    Problem::new(&TOO_LARGE, format!("The limit is {limit} bytes.")).into(),
                );
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.to_vec())
    };
    match tokio::time::timeout(deadline, read).await {
        Ok(read) => read,
        Err(_) => Err(Problem::new(&TOO_SLOW, "The body did not arrive in time.").into()),
    }
}
