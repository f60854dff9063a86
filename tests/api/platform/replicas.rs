//! Several replicas on one database: what one revokes, all refuse.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{self, Actor, Quid};

/// The same caller at another replica.
fn at(quid: &Quid, actor: &Actor) -> Actor {
    quid.nobody().with_token(actor.token.as_deref().unwrap())
}

/// How long it takes until the token is refused; it must be within a second.
async fn refused_within_a_second(actor: &Actor) -> Duration {
    let begun = Instant::now();
    loop {
        let status = actor.get("/v1/me").await.status;
        if status == 401 {
            return begun.elapsed();
        }
        assert_eq!(status, 200);
        assert!(
            begun.elapsed() < Duration::from_secs(1),
            "it is still accepted"
        );
    }
}

#[tokio::test]
async fn a_token_revoked_on_one_replica_is_refused_by_the_other_within_a_second() {
    let db = Arc::new(support::database().await);
    let (one, other) = tokio::join!(
        support::start_on(Arc::clone(&db), &[]),
        support::start_on(Arc::clone(&db), &[])
    );
    let firm = one.firm("A").await;
    for cut in [false, true] {
        let here = one.sign_in(&firm.email).await;
        let there = at(&other, &here);
        // Both remember it now.
        for _ in 0..20 {
            there.get("/v1/me").await.expect(200);
        }
        here.delete("/v1/sessions/current").await.expect(204);
        if cut {
            cut_listeners(&db).await;
        }
        refused_within_a_second(&there).await;
        refused_within_a_second(&here).await;
    }
}

#[tokio::test]
async fn a_token_is_refused_also_when_the_listener_was_cut_just_before() {
    let db = Arc::new(support::database().await);
    let (one, other) = tokio::join!(
        support::start_on(Arc::clone(&db), &[]),
        support::start_on(Arc::clone(&db), &[])
    );
    let firm = one.firm("A").await;
    let there = at(&other, &firm.admin);
    for _ in 0..20 {
        there.get("/v1/me").await.expect(200);
    }
    cut_listeners(&db).await;
    firm.admin.delete("/v1/sessions/current").await.expect(204);
    refused_within_a_second(&there).await;
}

#[tokio::test]
async fn a_revoked_api_client_is_refused_by_the_other_replica() {
    let db = Arc::new(support::database().await);
    let (one, other) = tokio::join!(
        support::start_on(Arc::clone(&db), &[]),
        support::start_on(Arc::clone(&db), &[])
    );
    let firm = one.firm("A").await;
    let crm = at(&other, &one.api_client(&firm, &["firm:read"]).await);
    crm.get("/v1/me").await.expect(200);
    let clients = firm.admin.get("/v1/api-clients").await.expect(200);
    let id = clients["data"][0]["id"].as_str().unwrap().to_owned();
    firm.admin
        .delete(&format!("/v1/api-clients/{id}"))
        .await
        .expect(204);
    refused_within_a_second(&crm).await;
}

/// Ends the connections that listen, and no others.
async fn cut_listeners(db: &support::TestDatabase) {
    let client = db.connect().await;
    let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE datname = current_database() AND (query LIKE 'NOTIFY quid_beat%' OR query LIKE 'LISTEN%')";
    let count: i64 = client.query_one(cut, &[]).await.unwrap().get(0);
    assert!(count >= 2, "{count}");
}

#[tokio::test]
async fn a_new_signing_key_is_known_everywhere_and_old_tokens_go_on() {
    let db = Arc::new(support::database().await);
    let (one, other) = tokio::join!(
        support::start_on(Arc::clone(&db), &[]),
        support::start_on(Arc::clone(&db), &[])
    );
    let firm = one.firm("A").await;
    let kid = |token: &str| jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
    let old = kid(firm.admin.token.as_deref().unwrap());
    rotate(&one, false).await;
    // The new key is published before it signs.
    let published = async |quid: &Quid| {
        quid.nobody()
            .get("/.well-known/jwks.json")
            .await
            .expect(200)["keys"]
            .as_array()
            .unwrap()
            .len()
    };
    let begun = Instant::now();
    while published(&other).await < 2 {
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
    assert_eq!(
        kid(one.sign_in(&firm.email).await.token.as_deref().unwrap()),
        old
    );
    for quid in [&one, &other] {
        quid.hand.advance_seconds(301);
    }
    let fresh = one.sign_in(&firm.email).await;
    assert_ne!(kid(fresh.token.as_deref().unwrap()), old);
    at(&other, &fresh).get("/v1/me").await.expect(200);
    at(&other, &firm.admin).get("/v1/me").await.expect(200);
}

#[tokio::test]
async fn a_key_that_leaked_is_out_of_use_at_once_everywhere() {
    let db = Arc::new(support::database().await);
    let (one, other) = tokio::join!(
        support::start_on(Arc::clone(&db), &[]),
        support::start_on(Arc::clone(&db), &[])
    );
    let firm = one.firm("A").await;
    let there = at(&other, &firm.admin);
    for _ in 0..20 {
        there.get("/v1/me").await.expect(200);
    }
    rotate(&one, true).await;
    refused_within_a_second(&there).await;
    refused_within_a_second(&firm.admin).await;
    let begun = Instant::now();
    while one.sign_in(&firm.email).await.get("/v1/me").await.status != 200 {
        assert!(begun.elapsed() < Duration::from_secs(2));
    }
}

async fn rotate(quid: &Quid, at_once: bool) {
    let app = quid.app().await;
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            quid::platform::auth::key_ring::rotate(tx, &app.master, now, at_once).await?;
            quid::platform::auth::tell_new_keys(tx).await
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_stolen_refresh_token_ends_the_session_and_a_lost_answer_does_not() {
    let quid = support::start().await;
    let firm = quid.firm("A").await;
    let refresh = async |token: &str| {
        quid.token(&format!("grant_type=refresh_token&refresh_token={token}"))
            .await
    };
    let first = firm.admin.refresh_token.clone().unwrap();
    let renewed = refresh(&first).await.expect(200);
    // The answer was lost on the way: the same successor comes again.
    quid.hand.advance_seconds(9);
    let again = refresh(&first).await.expect(200);
    assert_eq!(again["refresh_token"], renewed["refresh_token"]);
    let second = renewed["refresh_token"].as_str().unwrap().to_owned();
    refresh(&second).await.expect(200);
    let session = firm
        .admin
        .with_token(renewed["access_token"].as_str().unwrap());
    session.get("/v1/me").await.expect(200);
    // After the grace somebody else has it: everything ends.
    quid.hand.advance_seconds(11);
    assert_eq!(refresh(&first).await.expect(400)["error"], "invalid_grant");
    assert_eq!(session.get("/v1/me").await.problem(401), "unauthenticated");
    assert_eq!(refresh(&second).await.expect(400)["error"], "invalid_grant");
}

#[tokio::test]
async fn an_api_client_gets_the_scopes_it_asks_for_and_no_others() {
    let quid = support::start().await;
    let firm = quid.firm("A").await;
    let made = firm
        .admin
        .post(
            "/v1/api-clients",
            json!({"name": "CRM", "scopes": ["clients:read", "firm:read"]}),
        )
        .await
        .expect(201);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (id, secret) = (text(&made["client_id"]), text(&made["client_secret"]));
    let form = |more: &str| {
        format!("grant_type=client_credentials&client_id={id}&client_secret={secret}{more}")
    };
    let narrow = quid.token(&form("&scope=firm%3Aread")).await.expect(200);
    assert_eq!(narrow["scope"], "firm:read");
    let narrow = firm
        .admin
        .with_token(narrow["access_token"].as_str().unwrap());
    narrow.get("/v1/firm").await.expect(200);
    assert_eq!(narrow.get("/v1/clients").await.problem(403), "forbidden");
    assert_eq!(
        quid.token(&form("&scope=audit%3Aread")).await.expect(400)["error"],
        "invalid_scope"
    );
    let wrong = quid
        .token(&format!(
            "grant_type=client_credentials&client_id={id}&client_secret=nonsense"
        ))
        .await;
    assert_eq!(wrong.header("www-authenticate"), "Basic realm=\"quid\"");
    assert_eq!(wrong.expect(401)["error"], "invalid_client");
    assert_eq!(
        quid.token("grant_type=password").await.expect(400)["error"],
        "unsupported_grant_type"
    );
}

#[tokio::test]
async fn tokens_that_are_not_ours_are_refused() {
    use base64::Engine;
    let quid = support::start().await;
    let firm = quid.firm("A").await;
    let token = firm.admin.token.clone().unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let b64 =
        |value: &Value| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string());
    let header = jsonwebtoken::decode_header(&token).unwrap();
    let head = |alg: &str, typ: &str, more: Value| {
        let mut all = json!({"alg": alg, "typ": typ, "kid": header.kid});
        all.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        b64(&all)
    };
    let forged = [
        format!("{}.{}.", head("none", "at+jwt", json!({})), parts[1]),
        format!(
            "{}.{}.{}",
            head("HS256", "at+jwt", json!({})),
            parts[1],
            parts[2]
        ),
        format!(
            "{}.{}.{}",
            head("EdDSA", "JWT", json!({})),
            parts[1],
            parts[2]
        ),
        format!(
            "{}.{}.{}",
            head("EdDSA", "at+jwt", json!({"jku": "http://127.0.0.1:1/keys"})),
            parts[1],
            parts[2]
        ),
        format!(
            "{}.{}.{}",
            head("EdDSA", "at+jwt", json!({"crit": ["exp"]})),
            parts[1],
            parts[2]
        ),
        format!(
            "{}.{}.{}",
            head("EdDSA", "at+jwt", json!({"kid": "another"})),
            parts[1],
            parts[2]
        ),
        format!("{}.{}.{}", parts[0], b64(&json!({"sub": "x"})), parts[2]),
        format!("{}.{}", parts[0], parts[1]),
        String::new(),
        "a".repeat(10_000),
    ];
    for token in forged {
        assert_eq!(
            firm.admin
                .with_token(&token)
                .get("/v1/me")
                .await
                .problem(401),
            "unauthenticated",
            "{token}"
        );
    }
    quid.hand.advance_seconds(600);
    assert_eq!(
        firm.admin.get("/v1/me").await.problem(401),
        "unauthenticated",
        "expired"
    );
}
