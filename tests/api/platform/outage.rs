//! A database that goes away, and comes back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support;

#[tokio::test]
async fn while_the_database_is_away_the_answer_is_503_and_after_that_all_is_well() {
    let db = Arc::new(support::database().await);
    let quid = support::start_on(Arc::clone(&db), &["--db-timeout-ms=500"]).await;
    let firm = quid.firm("A").await;
    db.close().await;
    let away = firm.admin.get("/v1/clients").await;
    assert_eq!(away.problem(503), "unavailable");
    assert_eq!(away.header("retry-after"), "2");
    assert_eq!(
        firm.admin
            .post("/v1/clients", json!({"name": "X"}))
            .await
            .problem(503),
        "unavailable"
    );
    assert_eq!(
        quid.nobody().get("/readyz").await.problem(503),
        "unavailable"
    );
    assert_eq!(quid.nobody().get("/healthz").await.status, 200);
    db.open().await;
    let begun = Instant::now();
    while quid.nobody().get("/readyz").await.status != 200 {
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
    firm.admin
        .post("/v1/clients", json!({"name": "X"}))
        .await
        .expect(201);
    // So does what goes on beside the requests.
    quid.do_jobs().await;
    quid.come_round("purge").await;
    assert_eq!(
        firm.admin.get("/v1/clients").await.expect(200)["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn connections_that_were_cut_are_replaced_unnoticed() {
    let quid = support::start().await;
    let firm = quid.firm("A").await;
    for _ in 0..3 {
        quid.db.cut().await;
        firm.admin.get("/v1/clients").await.expect(200);
        firm.admin
            .post("/v1/clients", json!({"name": "X"}))
            .await
            .expect(201);
    }
}
