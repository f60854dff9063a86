//! Rows by the million.

use crate::demo::Size;
use crate::platform::app::App;
use crate::platform::error::ApiResult;

/// Writes what goes beyond the demo firms.
pub async fn fill(_: &App, _: Size) -> ApiResult<()> {
    Ok(())
}
