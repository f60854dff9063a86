//! The figures for Prometheus. They tell what the firms do and how often, which is nobody's business but
//! that of whoever runs the service: so they are told at an address of their own, and nothing else is
//! there.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::{App, HttpResponse, HttpServer, web};
use metrics_exporter_prometheus::PrometheusHandle;

use super::connections;

/// The most connections: one scraper needs one.
const MOST: usize = 64;
/// How long what is under way may take when the service stops.
const SHUTDOWN_SECONDS: u64 = 1;
/// How often the figures are put together, in case nobody asks for them: until then each observation is
/// kept.
const UPKEEP: Duration = Duration::from_secs(5);

/// The server of the figures on a socket; it runs when it is awaited, until it is told to stop.
pub fn server(listener: TcpListener, figures: PrometheusHandle) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        let (got, asked) = (figures.clone(), figures.clone());
        App::new().service(
            web::resource("/metrics")
                .route(web::get().to(move || tell(got.clone())))
                .route(web::head().to(move || tell(asked.clone()))),
        )
    })
    .workers(1)
    // Whoever runs the service itself stops this one as well.
    .disable_signals()
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .client_request_timeout(connections::HEAD)
    .client_disconnect_timeout(connections::GOODBYE)
    .keep_alive(connections::KEEP_ALIVE)
    .max_connections(MOST)
    .listen(listener)?
    .run();
    Ok(server)
}

async fn tell(figures: PrometheusHandle) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .content_type("text/plain; version=0.0.4")
        .body(figures.render())
}

/// Puts the figures together again and again, for ever.
pub async fn keep_up(figures: PrometheusHandle) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        figures.run_upkeep();
    }
}
