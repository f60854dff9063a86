//! HEAD: what can be read with GET can be asked for with HEAD, which is answered with the same headers
//! and without the content (RFC 9110, 9.3.2).
//!
//! No operation knows of it, and actix-web routes a HEAD to none of them. So the frame sends it the way
//! of the GET that it stands for, through permission, preconditions and encoding, and withholds the
//! content at the end. actix-web would leave the content out by itself, but goes by the request that it
//! has read last, which is another one when requests are sent without waiting for answers.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use bytes::Bytes;

/// Sends a HEAD the way of a GET; gives the method that was asked for.
pub(super) fn as_get(request: &mut ServiceRequest) -> Method {
    let asked = request.method().clone();
    if asked == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    asked
}

/// Takes the content out of the answer to a HEAD. Its length is told all the same.
pub(super) fn withhold(
    response: ServiceResponse<BoxBody>,
    asked: &Method,
) -> ServiceResponse<BoxBody> {
    if *asked == Method::HEAD {
        response.map_body(|_, body| BoxBody::new(Withheld(body.size())))
    } else {
        response
    }
}

/// Where there is GET there is HEAD.
pub(super) fn with_head(method: Method) -> impl Iterator<Item = Method> {
    let head = (method == Method::GET).then_some(Method::HEAD);
    std::iter::once(method).chain(head)
}

/// A body of this size that is not sent.
struct Withheld(BodySize);

impl MessageBody for Withheld {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        self.0
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        Poll::Ready(None)
    }
}
