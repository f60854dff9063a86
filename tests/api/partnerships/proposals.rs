//! Proposing, and what each side sees of it.

use quid::platform::auth::Role;
use serde_json::{Value, json};

use crate::support::{self, Quid};

#[tokio::test]
async fn the_proposer_cannot_tell_whether_the_address_has_an_account() {
    let quid = support::start().await;
    let (a, b) = (quid.firm("A").await, quid.firm("B").await);
    let propose = |email: String| {
        let admin = a.admin.clone();
        async move {
            admin
                .post("/v1/partnerships", json!({"email": email}))
                .await
                .expect(201)
        }
    };
    let mut known = propose(b.email.clone()).await;
    let mut unknown = propose("new@elsewhere.example".to_owned()).await;
    for (proposal, email) in [
        (&mut known, b.email.as_str()),
        (&mut unknown, "new@elsewhere.example"),
    ] {
        assert_eq!(proposal["recipient_email"], email);
        proposal["recipient_email"].take();
        proposal["id"].take();
    }
    assert_eq!(known, unknown);
    assert_eq!(known["them"], Value::Null);
}

#[tokio::test]
async fn a_member_finds_the_proposal_and_a_stranger_does_not() {
    let quid = support::start().await;
    let (a, b, c) = (
        quid.firm("A").await,
        quid.firm("B").await,
        quid.firm("C").await,
    );
    let proposed = a
        .admin
        .post(
            "/v1/partnerships",
            json!({"email": b.email, "message": "Shall we?"}),
        )
        .await
        .expect(201);
    let path = format!("/v1/partnerships/{}", proposed["id"].as_str().unwrap());
    let seen = b.admin.get(&path).await.expect(200);
    assert_eq!(seen["side"], "recipient");
    assert_eq!(seen["them"]["firm_name"], "A");
    assert_eq!(seen["message"], "Shall we?");
    assert_eq!(seen["recipient_email"], Value::Null);
    assert_eq!(c.admin.get(&path).await.problem(404), "not-found");
    assert_eq!(
        c.admin.get("/v1/partnerships").await.expect(200)["data"],
        json!([])
    );
}

#[tokio::test]
async fn an_invitation_signs_a_firm_up_once_for_the_address_it_was_sent_to() {
    let quid = support::start().await;
    let a = quid.firm("A").await;
    let email = "dana@hartwell.example";
    let proposed = a
        .admin
        .post("/v1/partnerships", json!({"email": email}))
        .await
        .expect(201);
    let token = quid.token_in_mail(email).await;
    let body = Quid::sign_up_body("Hartwell", &token);
    // The address is not asked for: it is the one that the mail was sent to.
    let mut other = body.clone();
    other["admin"]["email"] = json!("mallory@elsewhere.example");
    let refused = quid.nobody().post("/v1/firms", other).await;
    let unknown = ("/admin/email".to_owned(), "unknown".to_owned());
    assert_eq!(refused.errors(), [unknown]);

    let made = quid.nobody().post("/v1/firms", body.clone()).await;
    assert_eq!(made.expect(201)["admin"]["email"], email);
    let dana = quid.sign_in(email).await;
    let path = format!("/v1/partnerships/{}", proposed["id"].as_str().unwrap());
    assert_eq!(dana.get(&path).await.expect(200)["state"], "proposed");
    // Nothing has changed for the proposer.
    assert_eq!(a.admin.get(&path).await.expect(200), proposed);

    dana.post(&format!("{path}/accept"), Value::Null)
        .await
        .expect(200);
    assert_eq!(
        a.admin.get(&path).await.expect(200)["them"]["firm_name"],
        "Hartwell"
    );

    let again = quid.nobody().post("/v1/firms", body).await;
    assert_eq!(again.problem(422), "invalid-fields");
    let unusable = ("/token".to_owned(), "unusable".to_owned());
    assert_eq!(again.errors(), [unusable]);
}

#[tokio::test]
async fn a_firm_does_not_flood_an_address_with_proposals_whether_it_has_an_account_or_not() {
    let quid = support::start().await;
    let (a, b, c) = tokio::join!(quid.firm("A"), quid.firm("B"), quid.firm("C"));
    for email in [b.email.as_str(), "dana@hartwell.example"] {
        for _ in 0..3 {
            let path = super::propose(&a.admin, email).await;
            super::carry_out(&a.admin, &path, "withdraw").await;
        }
        let body = json!({"email": email});
        let refused = a.admin.post("/v1/partnerships", body).await;
        assert_eq!(refused.header("retry-after"), "3600");
        assert_eq!(refused.problem(429), "too-many-requests");
        super::propose(&c.admin, email).await;
    }
    super::an_hour_older(&quid).await;
    super::propose(&a.admin, &b.email).await;
}

#[tokio::test]
async fn whoever_comes_back_finds_what_was_proposed_meanwhile_and_got_no_token_that_can_not_work() {
    let quid = support::start().await;
    let (a, b) = tokio::join!(quid.firm("A"), quid.firm("B"));
    let member = quid.member(&b, Role::Advisor).await;
    let me = member.get("/v1/me").await.expect(200)["member"].clone();
    let (email, id) = (me["email"].as_str().unwrap(), me["id"].as_str().unwrap());
    let path = format!("/v1/members/{id}");
    super::carry_out(&b.admin, &path, "deactivate").await;
    let proposed = super::propose(&a.admin, email).await;
    let mail = quid.mails_to(email).await.remove(0);
    assert_eq!(Quid::token_in(&mail), None, "{mail}");
    assert!(mail.contains("is not active any more"), "{mail}");
    assert_eq!(b.admin.get(&proposed).await.problem(404), "not-found");
    // One's own firm's is known there.
    let own = b
        .admin
        .post("/v1/partnerships", json!({"email": email}))
        .await;
    assert_eq!(own.errors(), [("/email".to_owned(), "own_firm".to_owned())]);

    super::carry_out(&b.admin, &path, "reactivate").await;
    let found = b.admin.get(&proposed).await.expect(200);
    assert_eq!(found["us"]["lead_id"], json!(id));
}

#[tokio::test]
async fn who_signs_up_at_the_moment_of_a_proposal_finds_it() {
    let quid = support::start().await;
    let a = quid.firm("A").await;
    for round in 0..6 {
        let email = format!("dana{round}@hartwell.example");
        let body = Quid::sign_up_body("Hartwell", &quid.prove(&email).await);
        let nobody = quid.nobody();
        let (path, made) = tokio::join!(
            super::propose(&a.admin, &email),
            nobody.post("/v1/firms", body)
        );
        made.expect(201);
        let dana = quid.sign_in(&email).await;
        assert_eq!(
            dana.get(&path).await.expect(200)["side"],
            "recipient",
            "round {round}"
        );
    }
}

#[tokio::test]
async fn an_invitation_expires() {
    let quid = support::start().await;
    let a = quid.firm("A").await;
    let email = "late@hartwell.example";
    a.admin
        .post("/v1/partnerships", json!({"email": email}))
        .await
        .expect(201);
    let token = quid.token_in_mail(email).await;
    let mail = quid.mails_to(email).await.remove(0);
    assert!(mail.contains("until 2026-03-16T09:30:00Z:"), "{mail}");
    quid.hand.advance_seconds(14 * 24 * 3600);
    let body = Quid::sign_up_body("Hartwell", &token);
    assert_eq!(
        quid.nobody().post("/v1/firms", body).await.problem(422),
        "invalid-fields"
    );
}

#[tokio::test]
async fn two_leads_have_one_live_partnership_whoever_proposes() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let again = pair
        .a
        .admin
        .post("/v1/partnerships", json!({"email": pair.b.email}))
        .await;
    assert_eq!(again.problem(409), "already-exists");
    let crossed = pair
        .b
        .admin
        .post("/v1/partnerships", json!({"email": pair.a.email}))
        .await;
    assert_eq!(crossed.problem(409), "already-exists");
    let own = pair
        .a
        .admin
        .post("/v1/partnerships", json!({"email": pair.a.email}))
        .await;
    assert_eq!(own.errors(), [("/email".to_owned(), "own_firm".to_owned())]);
}

#[tokio::test]
async fn whoever_signs_up_by_one_invitation_finds_every_proposal_to_the_address() {
    let quid = support::start().await;
    let (a, c) = (quid.firm("A").await, quid.firm("C").await);
    let email = "dana@hartwell.example";
    a.admin
        .post("/v1/partnerships", json!({"email": email}))
        .await
        .expect(201);
    let token = quid.token_in_mail(email).await;
    quid.hand.advance_seconds(1);
    c.admin
        .post("/v1/partnerships", json!({"email": email}))
        .await
        .expect(201);
    let body = Quid::sign_up_body("Hartwell", &token);
    quid.nobody().post("/v1/firms", body).await.expect(201);
    let dana = quid.sign_in(email).await;
    let found = dana.get("/v1/partnerships").await.expect(200);
    let firms: Vec<_> = found["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["them"]["firm_name"].clone())
        .collect();
    assert_eq!(firms, ["C", "A"]);
}
