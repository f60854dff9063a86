//! Logs and metrics.

use std::io::IsTerminal;

use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// These write what they carry, such as the parameters of statements, once they are asked to say more.
const QUIET: &[&str] = &[
    "tokio_postgres=info",
    "lettre=info",
    "h2=info",
    "hyper=info",
];

/// Starts the log on standard error: text on a terminal, one JSON object a line otherwise. What is
/// logged follows `QUID_LOG` (`info` unless told); libraries that would write names or tokens never say more
/// than that.
pub fn start_log() {
    let filter = EnvFilter::try_from_env("QUID_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let filter = QUIET.iter().fold(filter, |filter, directive| {
        directive.parse().map_or(EnvFilter::default(), |directive| {
            filter.add_directive(directive)
        })
    });
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A second start, as in tests, changes nothing.
    let _ = if std::io::stderr().is_terminal() {
        log.with_target(false).try_init()
    } else {
        log.json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .try_init()
    };
}

/// Starts the collection of metrics. Whoever does so has them put together again and again, since until
/// then every observation is kept ([`super::http::metrics::keep_up`]).
///
/// # Errors
/// When they are collected already.
pub fn start_metrics() -> Result<PrometheusHandle, BuildError> {
    PrometheusBuilder::new()
        .set_buckets(&[
            0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
        ])?
        .install_recorder()
}
