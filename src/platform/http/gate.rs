//! Puts a handler's extractors in order.
//!
//! actix-web polls them side by side, so a stranger's bad body would be answered with 422 before
//! the permission said 404. The permission therefore leaves a gate in the request, which opens when
//! it was given; the body waits before it. When the permission is refused the handler ends with
//! that, and nobody waits any more.

use actix_web::{HttpMessage, HttpRequest};
use futures_util::future::{FutureExt, Shared};
use tokio::sync::oneshot;

use crate::platform::error::Error;

/// Opened when the caller may go on.
pub struct Gate(oneshot::Sender<()>);

#[derive(Clone)]
struct Wait(Shared<oneshot::Receiver<()>>);

/// Sets up a closed gate in the request.
pub fn close(request: &HttpRequest) -> Gate {
    let (opens, waits) = oneshot::channel();
    request.extensions_mut().insert(Wait(waits.shared()));
    Gate(opens)
}

impl Gate {
    /// Lets the body be read.
    pub fn open(self) {
        // Nobody waits where the operation takes no body.
        let _ = self.0.send(());
    }
}

/// Waits until the gate opens. A handler without a permission has none: that is a fault of ours.
pub async fn wait(request: &HttpRequest) -> Result<(), Error> {
    let wait = request.extensions().get::<Wait>().cloned();
    match wait {
        None => Err(Error::broken(
            "an operation reads a body without saying who may",
        )),
        Some(Wait(opens)) => match opens.await {
            Ok(()) => Ok(()),
            // The permission was refused and answers the request; this is never polled to its end.
            Err(_) => std::future::pending().await,
        },
    }
}
