//! For whoever runs the service: is it alive, can it work. What it does stands in [`super::metrics`].

use actix_web::get;

use super::Public;
use crate::platform::app::App;
use crate::platform::db::Conn;
use crate::platform::error::ApiResult;

/// Is the process alive?
///
/// Answers without looking at the database.
#[utoipa::path(tag = "operations", responses((status = 200, description = "It is.", body = String, content_type = "text/plain")))]
#[get("/healthz")]
pub async fn get_health(_open: Public) -> &'static str {
    "ok\n"
}

/// Can it work?
///
/// Asks the database; 503 while it is away.
#[utoipa::path(tag = "operations", responses((status = 200, description = "It can.", body = String, content_type = "text/plain")))]
#[get("/readyz")]
pub async fn get_readiness(_open: Public, app: App) -> ApiResult<&'static str> {
    app.db
        .read(async |conn: &Conn| crate::platform::db::ping(conn).await)
        .await?;
    Ok("ready\n")
}
