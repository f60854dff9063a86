//! Changes, recorded by the service's own statement.

#[path = "../../src/changes/store.rs"]
mod store;

pub use quid::changes::{Change, Kind};
use quid::platform::error::ApiResult;

use crate::bare::Tx;

/// Records a change in the transaction that makes it.
pub async fn record(tx: &Tx, change: Change) -> ApiResult<()> {
    store::insert(tx, &change).await
}
