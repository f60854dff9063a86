//! The query of a request, with unknown parameters refused.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;

use super::gate;
use crate::platform::error::{Error, Problem};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

/// A query that is what the document says; 400 otherwise, naming the parameter.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move {
            gate::wait(&request).await?;
            parse(request.query_string()).map(Self)
        }
        .boxed_local()
    }
}

/// Parses a query string.
pub fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Error> {
    if query.contains("%00") {
        return Err(
            Problem::malformed("query", "nul", "A parameter can't have a NUL character.").into(),
        );
    }
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let reader = serde_urlencoded::Deserializer::new(pairs);
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let place = match error.path().to_string().as_str() {
            "." | "?" => "query".to_owned(),
            path => path.to_owned(),
        };
        Problem::malformed(&place, "query", error.inner().to_string()).into()
    })
}
