//! For whoever runs the service: is it alive, can it work, what does it do.

use actix_web::{HttpResponse, get, http::header};
use metrics_exporter_prometheus::PrometheusHandle;

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

/// Figures for Prometheus.
///
/// Requests by operation and status, and how long they took.
#[utoipa::path(tag = "operations", responses((status = 200, description = "Prometheus' text format.", body = String, content_type = "text/plain")))]
#[get("/metrics")]
pub async fn get_metrics(
    _open: Public,
    metrics: actix_web::web::Data<Option<PrometheusHandle>>,
) -> HttpResponse {
    let figures = metrics
        .as_ref()
        .as_ref()
        .map(PrometheusHandle::render)
        .unwrap_or_default();
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("text/plain; version=0.0.4")
        .body(figures)
}
