//! How often one may ask, and what a firm's flood leaves to the others.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{self, Answer};

/// The policy, the quota and what is left, from the headers.
fn told(answer: &Answer) -> (String, u32, u32) {
    let parts = |text: &str| -> (String, u32) {
        let mut parts = text.split(';');
        let policy = parts.next().unwrap().trim_matches('"').to_owned();
        let number = parts.next().unwrap().split_once('=').unwrap().1;
        (policy, number.parse().unwrap())
    };
    let (policy, quota) = parts(answer.header("ratelimit-policy"));
    let (same, left) = parts(answer.header("ratelimit"));
    assert_eq!(policy, same);
    (policy, quota, left)
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back_and_nobody_else_is() {
    let db = Arc::new(support::database().await);
    let quid = support::start_on(db, &["--principal-requests=5"]).await;
    let (a, b) = (quid.firm("A").await, quid.firm("B").await);
    for left in (0..5).rev() {
        let answer = a.admin.get("/v1/clients").await;
        assert_eq!(answer.status, 200);
        assert_eq!(told(&answer), ("principal".to_owned(), 5, left));
    }
    let before = quid.db.connect().await;
    let refused = a.admin.post("/v1/clients", json!({"name": "X"})).await;
    assert_eq!(refused.problem(429), "too-many-requests");
    assert_eq!(refused.header("retry-after"), "12");
    assert_eq!(told(&refused), ("principal".to_owned(), 5, 0));
    let clients = before.query("SELECT 1 FROM clients", &[]).await.unwrap();
    assert!(clients.is_empty(), "nothing was done");
    b.admin.get("/v1/clients").await.expect(200);
    quid.hand.advance_seconds(12);
    a.admin.get("/v1/clients").await.expect(200);
    assert_eq!(a.admin.get("/v1/clients").await.status, 429);
}

#[tokio::test]
async fn whoever_has_no_valid_token_is_counted_by_address_and_takes_nothing_from_who_has_one() {
    let db = Arc::new(support::database().await);
    let quid = support::start_on(db, &["--address-requests=7"]).await;
    // Asking for a sign-up, signing up and signing in count, since anyone may: three of seven.
    let firm = quid.firm("A").await;
    let (nobody, forged) = (quid.nobody(), quid.nobody().with_token("not.a.token"));
    let answer = nobody.get("/v1/clients").await;
    assert_eq!(answer.status, 401);
    assert_eq!(told(&answer), ("address".to_owned(), 7, 3));
    assert_eq!(forged.get("/v1/clients").await.status, 401);
    assert_eq!(told(&nobody.get("/v1/nowhere").await).2, 1);
    assert_eq!(quid.token("grant_type=x").await.status, 400);
    assert_eq!(
        forged.get("/v1/clients").await.problem(429),
        "too-many-requests"
    );
    assert_eq!(
        nobody.post("/v1/sessions", json!({})).await.problem(429),
        "too-many-requests"
    );
    assert_eq!(firm.admin.get("/v1/clients").await.status, 200);
    // What an operator's tools ask for is not counted, and says nothing.
    let health = nobody.get("/healthz").await;
    assert_eq!(
        (health.status.as_u16(), health.header("ratelimit")),
        (200, "")
    );
}

#[tokio::test]
async fn a_forwarded_address_counts_only_from_a_proxy_that_is_trusted() {
    let db = Arc::new(support::database().await);
    let left = async |flags: &[&str], forwarded: &str| {
        let quid = support::start_on(Arc::clone(&db), flags).await;
        let header = [("x-forwarded-for", forwarded)];
        let nobody = quid.nobody();
        nobody.get_with("/v1/clients", &header).await;
        nobody.get_with("/v1/clients", &header).await;
        // Another client behind the same proxy.
        let other = [("x-forwarded-for", "198.51.100.9")];
        told(&nobody.get_with("/v1/clients", &other).await).2
    };
    let address = "--address-requests=10";
    assert_eq!(left(&[address], "198.51.100.7").await, 7);
    let proxy = "--trusted-proxies=127.0.0.0/8";
    assert_eq!(left(&[address, proxy], "198.51.100.7").await, 9);
    // What stands before the last address was written by the client itself.
    assert_eq!(
        left(&[address, proxy], "198.51.100.9, 198.51.100.7").await,
        9
    );
    assert_eq!(
        left(&[address, proxy], "198.51.100.7, 198.51.100.9").await,
        7
    );
    assert_eq!(left(&[address, proxy], "198.51.100.9, 127.0.0.9").await, 7);
    assert_eq!(left(&[address, proxy], "nonsense").await, 9);
}

#[tokio::test]
async fn without_limits_nothing_is_counted_and_nothing_said() {
    let db = Arc::new(support::database().await);
    let quid = support::start_on(db, &["--principal-requests=0", "--address-requests=0"]).await;
    let answer = quid.nobody().get("/v1/clients").await;
    assert_eq!(answer.header("ratelimit"), "");
    assert_eq!(answer.header("ratelimit-policy"), "");
}

#[tokio::test]
async fn a_firms_flood_of_writes_leaves_another_firm_its_part() {
    let quid = support::start().await;
    let (a, b) = (quid.firm("A").await, quid.firm("B").await);
    // Half of the connections for transactions stand still in the hands of the first firm.
    let blocker = quid.db.connect().await;
    blocker
        .batch_execute(&format!(
            "BEGIN; SELECT 1 FROM firms WHERE id = '{}' FOR UPDATE",
            a.id
        ))
        .await
        .unwrap();
    let flood: Vec<_> = (0..200)
        .map(|n| {
            let admin = a.admin.clone();
            tokio::spawn(async move {
                admin
                    .post("/v1/clients", json!({"name": format!("C{n}")}))
                    .await
                    .status
                    .as_u16()
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut worst = Duration::ZERO;
    for n in 0..20 {
        let begun = Instant::now();
        b.admin
            .post("/v1/clients", json!({"name": format!("D{n}")}))
            .await
            .expect(201);
        b.admin.get("/v1/clients").await.expect(200);
        worst = worst.max(begun.elapsed());
    }
    println!("the worst of 20 writes and reads during the flood: {worst:?}");
    assert!(worst < Duration::from_secs(1), "{worst:?}");
    blocker.batch_execute("ROLLBACK").await.unwrap();
    for one in flood {
        let status = one.await.unwrap();
        assert!([201, 429, 503].contains(&status), "{status}");
    }
}
