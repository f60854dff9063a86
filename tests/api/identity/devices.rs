//! Sessions by device: which there are, and ending those of others.

use serde_json::{Value, json};

use super::{is_signed_in, mails, signed_in, subjects};
use crate::support::{self, Actor};

async fn sessions(actor: &Actor) -> Vec<Value> {
    let page = actor.get("/v1/sessions").await.expect(200);
    page["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_member_sees_where_it_is_signed_in_and_nobody_elses_sessions() {
    let quid = support::start().await;
    let (firm, other) = (
        quid.firm("Red Mesa Wealth").await,
        quid.firm("Hartwell CPAs").await,
    );
    quid.hand.advance_seconds(60);
    let (phone, _) = signed_in(&quid, &firm.email, json!({"device": "Ana's phone"})).await;
    quid.hand.advance_seconds(1);
    let body = json!({"email": firm.email, "password": support::people::PASSWORD});
    let agent = [("user-agent", "Firefox on a laptop")];
    quid.nobody()
        .post_with("/v1/sessions", &agent, body)
        .await
        .expect(201);

    let listed = sessions(&phone).await;
    let told: Vec<_> = listed
        .iter()
        .map(|one| {
            (
                one["device"].clone(),
                one["user_agent"].clone(),
                one["is_current"].clone(),
            )
        })
        .collect();
    let expected = [
        (Value::Null, Value::Null, json!(false)),
        (json!("Ana's phone"), Value::Null, json!(true)),
        (Value::Null, json!("Firefox on a laptop"), json!(false)),
    ];
    assert_eq!(told, expected);
    assert_eq!(listed[0]["created_at"], "2026-03-02T09:30:00Z");
    assert_eq!(listed[1]["last_used_at"], "2026-03-02T09:31:00Z");
    assert_eq!(sessions(&other.admin).await.len(), 1);
}

#[tokio::test]
async fn using_a_session_shows_when() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    quid.hand.advance_seconds(480);
    let refresh = firm.admin.refresh_token.clone().unwrap();
    let form = format!("grant_type=refresh_token&refresh_token={refresh}");
    quid.token(&form).await.expect(200);
    let listed = sessions(&firm.admin).await;
    assert_eq!(listed[0]["last_used_at"], "2026-03-02T09:38:00Z");
    assert_eq!(listed[0]["created_at"], "2026-03-02T09:30:00Z");
}

#[tokio::test]
async fn a_session_is_ended_from_another_everywhere_and_its_device_is_a_stranger() {
    let one = support::start().await;
    let other = support::start_on(std::sync::Arc::clone(&one.db), &[]).await;
    let firm = one.firm("Red Mesa Wealth").await;
    let (phone, told) = signed_in(&one, &firm.email, json!({"device": "Phone"})).await;
    let phone_there = other.nobody().with_token(phone.token.as_deref().unwrap());
    assert!(is_signed_in(&phone_there).await);
    let listed = sessions(&firm.admin).await;
    let lost = listed.iter().find(|one| one["device"] == "Phone").unwrap();
    let path = format!("/v1/sessions/{}", lost["id"].as_str().unwrap());
    firm.admin.delete(&path).await.expect(204);
    assert!(!is_signed_in(&phone).await);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(1);
    while is_signed_in(&phone_there).await {
        assert!(std::time::Instant::now() < deadline, "a second has gone");
    }
    assert_eq!(firm.admin.delete(&path).await.problem(404), "not-found");
    assert!(is_signed_in(&firm.admin).await);
    let form = format!(
        "grant_type=refresh_token&refresh_token={}",
        told["refresh_token"].as_str().unwrap()
    );
    assert_eq!(one.token(&form).await.expect(400)["error"], "invalid_grant");

    let token = told["device_token"].clone();
    let (_, again) = signed_in(&one, &firm.email, json!({"device_token": token})).await;
    assert_ne!(again["device_token"], token);
}

#[tokio::test]
async fn nobody_ends_the_session_of_a_colleague() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let member = quid
        .member(&firm, quid::platform::auth::Role::Advisor)
        .await;
    let own = sessions(&member).await;
    let path = format!("/v1/sessions/{}", own[0]["id"].as_str().unwrap());
    assert_eq!(firm.admin.delete(&path).await.problem(404), "not-found");
    assert!(is_signed_in(&member).await);
}

#[tokio::test]
async fn one_call_ends_all_other_sessions() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let (phone, told) = signed_in(&quid, &firm.email, json!({})).await;
    let (laptop, _) = signed_in(&quid, &firm.email, json!({})).await;
    laptop
        .post("/v1/sessions/current/end-others", Value::Null)
        .await
        .expect(204);
    assert!(is_signed_in(&laptop).await);
    assert!(!is_signed_in(&phone).await);
    assert!(!is_signed_in(&firm.admin).await);
    let left = sessions(&laptop).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["is_current"], true);
    let token = told["device_token"].clone();
    let (_, again) = signed_in(&quid, &firm.email, json!({"device_token": token})).await;
    assert_ne!(again["device_token"], token);
}

#[tokio::test]
async fn a_member_hears_of_a_sign_in_from_a_new_device_and_not_of_one_from_a_known_one() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    assert!(
        subjects(&quid, &firm.email).await.is_empty(),
        "the first is no news"
    );
    let (_, told) = signed_in(&quid, &firm.email, json!({"device": "Ana's phone"})).await;
    let heard = mails(&quid, &firm.email).await;
    assert_eq!(heard.len(), 1);
    assert_eq!(heard[0].0, "A new device signed in to your account");
    assert!(heard[0].1.contains("Ana's phone"), "{}", heard[0].1);
    signed_in(
        &quid,
        &firm.email,
        json!({"device_token": told["device_token"]}),
    )
    .await;
    assert_eq!(mails(&quid, &firm.email).await.len(), 1);
}

#[tokio::test]
async fn a_device_that_was_not_used_for_half_a_year_is_forgotten() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let (_, told) = signed_in(&quid, &firm.email, json!({})).await;
    let known = json!({"device_token": told["device_token"]});
    quid.hand.advance_seconds(100 * 86_400);
    signed_in(&quid, &firm.email, known.clone()).await;
    quid.hand.advance_seconds(100 * 86_400);
    quid.come_round("purge").await;
    let (_, same) = signed_in(&quid, &firm.email, known.clone()).await;
    assert_eq!(same["device_token"], told["device_token"]);
    quid.hand.advance_seconds(183 * 86_400);
    quid.come_round("purge").await;
    let (_, other) = signed_in(&quid, &firm.email, known).await;
    assert_ne!(other["device_token"], told["device_token"]);
}
