//! The figures for Prometheus are told at an address of their own, where somebody asked for it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use reqwest::Method;
use serde_json::Value;

use crate::support::{self, TestDatabase};

/// The service as it is run, with its addresses; it is ended when this is dropped.
struct Running {
    child: Child,
    service: String,
    figures: Option<String>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quid"));
    command
        .args([
            "serve",
            "--no-jobs",
            "--workers=1",
            "--public-url=http://quid.test",
        ])
        .args(flags)
        .env_clear()
        .env("QUID_LOG", "info")
        .env("QUID_MASTER_KEY", "07".repeat(32))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// Runs it and reads its log until it serves.
fn run(database: &TestDatabase, flags: &[&str]) -> Running {
    let mut child = command(flags)
        .env("DATABASE_URL", database.url())
        .spawn()
        .unwrap();
    let log = BufReader::new(child.stderr.take().unwrap());
    let (mut running, mut said) = (None, String::new());
    let mut figures = None;
    let mut lines = log.lines();
    while running.is_none() {
        let Some(line) = lines.next() else {
            let _ = child.kill();
            panic!("it ended before it served: {said}");
        };
        let line = line.unwrap();
        let told: Value = serde_json::from_str(&line).unwrap_or_default();
        let listens = told["listens"]
            .as_str()
            .map(|address| format!("http://{address}"));
        match told["message"].as_str() {
            Some("the figures are told") => figures = listens,
            Some("serving") => running = listens,
            _ => {}
        }
        said += &line;
    }
    // Nobody may wait for a pipe that is full.
    std::thread::spawn(move || lines.for_each(drop));
    Running {
        child,
        service: running.unwrap(),
        figures,
    }
}

async fn get(url: &str) -> (u16, String) {
    let answer = reqwest::get(url).await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_are_told_at_an_address_of_their_own_and_not_beside_the_api() {
    let database = Arc::new(support::database().await);
    let flags = ["--listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0"];
    let of_run = Arc::clone(&database);
    let running = tokio::task::spawn_blocking(move || run(&of_run, &flags))
        .await
        .unwrap();
    let (service, figures) = (&running.service, running.figures.as_ref().unwrap());
    assert_ne!(service, figures);
    assert_eq!(get(&format!("{service}/v1/me")).await.0, 401);
    let client = reqwest::Client::new();
    client
        .head(format!("{service}/readyz"))
        .send()
        .await
        .unwrap();
    let (status, told) = get(&format!("{figures}/metrics")).await;
    assert_eq!(status, 200);
    let counted = |labels: &[&str]| {
        told.lines().any(|line| {
            line.starts_with("quid_http_requests_total{")
                && labels.iter().all(|label| line.contains(label))
                && line.ends_with(" 1")
        })
    };
    assert!(
        counted(&["method=\"GET\"", "operation=\"/v1/me\"", "status=\"401\""]),
        "{told}"
    );
    assert!(
        counted(&["method=\"HEAD\"", "operation=\"/readyz\"", "status=\"200\""]),
        "{told}"
    );
    assert!(told.contains("quid_http_request_duration_seconds_bucket{operation=\"/v1/me\""));
    // Nothing else is there, and nothing of it elsewhere.
    let (status, text) = get(&format!("{service}/metrics")).await;
    assert_eq!(status, 404);
    assert!(!text.contains("quid_http"), "{text}");
    for path in ["/", "/v1/me", "/healthz", "/docs/"] {
        assert_eq!(get(&format!("{figures}{path}")).await.0, 404, "{path}");
    }
    let path = format!("{figures}/metrics");
    let head = client.head(&path).send().await.unwrap();
    assert_eq!(head.status(), 200);
    assert_eq!(head.headers()["cache-control"], "no-store");
    assert!(head.text().await.unwrap().is_empty());
    let written = client.request(Method::POST, &path).send().await.unwrap();
    assert_eq!(written.status(), 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_address_for_them_there_are_no_figures() {
    let database = Arc::new(support::database().await);
    let of_run = Arc::clone(&database);
    let running = tokio::task::spawn_blocking(move || run(&of_run, &["--listen=127.0.0.1:0"]));
    let running = running.await.unwrap();
    assert_eq!(running.figures, None);
    assert_eq!(get(&format!("{}/metrics", running.service)).await.0, 404);
}

#[test]
fn an_address_for_the_figures_that_can_not_be_ends_the_start_with_one_line() {
    let cases = [
        (
            vec![
                "--listen=127.0.0.1:4001".to_owned(),
                "--metrics-listen=127.0.0.1:4001".to_owned(),
            ],
            "quid: QUID_METRICS_LISTEN must be another address than QUID_LISTEN",
        ),
        (
            vec!["--metrics-listen=everywhere".to_owned()],
            "invalid value 'everywhere' for '--metrics-listen <METRICS_LISTEN>'",
        ),
    ];
    for (flags, sentence) in cases {
        let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
        let output = command(&flags).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(sentence), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_somebody_else_listens_at_ends_the_start_with_one_line() {
    let database = support::database().await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let flag = format!("--metrics-listen={address}");
    let mut command = command(&["--listen=127.0.0.1:0", &flag]);
    command.env("DATABASE_URL", database.url());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = output.await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains(&format!("quid: can't listen on {address}")),
        "{said}"
    );
}
