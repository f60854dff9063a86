//! Resetting a password that is forgotten.

use quid::platform::auth::Role;
use serde_json::{Value, json};

use super::{is_signed_in, mails, signed_in, subjects, token_in_mail, try_sign_in};
use crate::support::people::PASSWORD;
use crate::support::{self, Answer, Quid};

const NEW: &str = "tangerine orbit wallpaper";

async fn ask(quid: &Quid, email: &str) -> Answer {
    let id = [("x-request-id", "the-same")];
    let body = json!({"email": email});
    quid.nobody()
        .post_with("/v1/password-resets", &id, body)
        .await
}

/// Asks for a reset; the token that comes.
async fn token(quid: &Quid, email: &str) -> String {
    ask(quid, email).await.expect(202);
    quid.do_jobs().await;
    token_in_mail(quid, email).await
}

async fn reset(quid: &Quid, body: Value) -> Answer {
    quid.nobody().post("/v1/password-resets/use", body).await
}

fn unknown_token() -> [(String, String); 1] {
    [("/token".to_owned(), "unknown_token".to_owned())]
}

#[tokio::test]
async fn whoever_has_the_mail_sets_a_new_password_and_every_session_ends_everywhere() {
    let one = support::start().await;
    let other = support::start_on(std::sync::Arc::clone(&one.db), &[]).await;
    let firm = one.firm("Red Mesa Wealth").await;
    let (phone, _) = signed_in(&one, &firm.email, json!({})).await;
    let phone_there = other.nobody().with_token(phone.token.as_deref().unwrap());
    assert!(is_signed_in(&phone_there).await);
    let token = token(&one, &firm.email).await;
    reset(&one, json!({"token": token, "new_password": NEW}))
        .await
        .expect(200);
    assert!(!is_signed_in(&firm.admin).await);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(1);
    while is_signed_in(&phone_there).await {
        assert!(std::time::Instant::now() < deadline, "a second has gone");
    }
    let old = try_sign_in(&one, &firm.email, PASSWORD, json!({})).await;
    assert_eq!(old.problem(401), "wrong-credentials");
    try_sign_in(&one, &firm.email, NEW, json!({}))
        .await
        .expect(201);
    let heard = subjects(&one, &firm.email).await;
    assert!(
        heard.contains(&"Your password was reset".to_owned()),
        "{heard:?}"
    );
    // It is good once.
    let again = reset(&one, json!({"token": token, "new_password": PASSWORD})).await;
    assert_eq!(again.errors(), unknown_token());
}

#[tokio::test]
async fn nobody_learns_which_addresses_are_known() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let gone = quid.member(&firm, Role::Advisor).await;
    let me = gone.get("/v1/me").await.expect(200)["member"].clone();
    let path = format!("/v1/members/{}/deactivate", me["id"].as_str().unwrap());
    firm.admin.post(&path, Value::Null).await.expect(200);
    let closed = quid.firm("Soon Gone").await;
    let reason = json!({"reason": "We retire."});
    closed
        .admin
        .post("/v1/firm/close", reason)
        .await
        .expect(204);

    let gone = me["email"].as_str().unwrap();
    let unknown = "nobody@elsewhere.example";
    let mut told = Vec::new();
    for email in [firm.email.as_str(), gone, &closed.email, unknown] {
        let answer = ask(&quid, email).await;
        let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        told.push((answer.status, answer.text(), names));
    }
    quid.do_jobs().await;
    assert!(
        told.iter().all(|one| *one == told[0] && one.0 == 202),
        "{told:?}"
    );
    assert_eq!(subjects(&quid, &firm.email).await, ["Reset your password"]);
    for email in [gone, &closed.email, unknown] {
        assert!(subjects(&quid, email).await.is_empty(), "{email}");
    }
}

#[tokio::test]
async fn a_token_is_good_for_an_hour_and_purged_afterwards() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let token = token(&quid, &firm.email).await;
    let client = quid.db.connect().await;
    let kept = async || {
        let count = "SELECT count(*) FROM password_resets";
        client.query_one(count, &[]).await.unwrap().get::<_, i64>(0)
    };
    let digest =
        "SELECT count(*) FROM password_resets WHERE token_digest = sha256(convert_to($1, 'UTF8'))";
    let digest: i64 = client.query_one(digest, &[&token]).await.unwrap().get(0);
    assert_eq!((kept().await, digest), (1, 1), "its digest alone is kept");
    quid.come_round("purge").await;
    assert_eq!(kept().await, 1);
    quid.hand.advance_seconds(3600);
    let late = reset(&quid, json!({"token": token, "new_password": NEW})).await;
    assert_eq!(late.errors(), unknown_token());
    quid.hand.advance_seconds(1);
    quid.come_round("purge").await;
    assert_eq!(kept().await, 0);
}

#[tokio::test]
async fn few_mails_an_hour_go_to_one_address_and_nobody_is_told() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    for _ in 0..8 {
        ask(&quid, &firm.email).await.expect(202);
    }
    quid.do_jobs().await;
    assert_eq!(mails(&quid, &firm.email).await.len(), 3);
    quid.hand.advance_seconds(1200);
    ask(&quid, &firm.email).await.expect(202);
    quid.do_jobs().await;
    assert_eq!(mails(&quid, &firm.email).await.len(), 4);
}

#[tokio::test]
async fn of_two_uses_at_once_one_wins_and_all_other_tokens_are_void() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let first = token(&quid, &firm.email).await;
    quid.hand.advance_seconds(1);
    let second = token(&quid, &firm.email).await;
    assert_ne!(first, second);
    let third = "velvet compass thunder lake";
    let (a, b, c) = tokio::join!(
        reset(&quid, json!({"token": first, "new_password": NEW})),
        reset(&quid, json!({"token": first, "new_password": third})),
        reset(&quid, json!({"token": second, "new_password": third})),
    );
    let won = [&a, &b, &c]
        .iter()
        .filter(|answer| answer.status == 200)
        .count();
    assert_eq!(won, 1, "{} {} {}", a.text(), b.text(), c.text());
    for lost in [a, b, c].iter().filter(|answer| answer.status != 200) {
        assert_eq!(lost.errors(), unknown_token());
    }
}

#[tokio::test]
async fn a_token_is_not_lost_on_a_password_that_is_not_taken() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let token = token(&quid, &firm.email).await;
    let weak = reset(
        &quid,
        json!({"token": token, "new_password": "redmesawealth2026"}),
    )
    .await;
    let expected = [("/new_password".to_owned(), "guessable".to_owned())];
    assert_eq!(weak.errors(), expected);
    let none = reset(&quid, json!({"token": "none at all", "new_password": NEW})).await;
    assert_eq!(none.errors(), unknown_token());
    reset(&quid, json!({"token": token, "new_password": NEW}))
        .await
        .expect(200);
}

#[tokio::test]
async fn a_token_that_went_to_an_earlier_address_or_to_who_has_left_is_good_no_more() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let token = token(&quid, &firm.email).await;
    let client = quid.db.connect().await;
    let set = "UPDATE members SET email = $2 WHERE email = $1";
    let moved = "elsewhere@firm.example";
    client.execute(set, &[&firm.email, &moved]).await.unwrap();
    let refused = reset(&quid, json!({"token": token, "new_password": NEW})).await;
    assert_eq!(refused.errors(), unknown_token());
    client.execute(set, &[&moved, &firm.email]).await.unwrap();
    let reason = json!({"reason": "We retire."});
    firm.admin.post("/v1/firm/close", reason).await.expect(204);
    let refused = reset(&quid, json!({"token": token, "new_password": NEW})).await;
    assert_eq!(refused.errors(), unknown_token());
}

#[tokio::test]
async fn a_reset_lets_the_owner_in_while_strangers_guess() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    for _ in 0..11 {
        let wrong = "not the pass phrase at all";
        try_sign_in(&quid, &firm.email, wrong, json!({})).await;
    }
    let locked = try_sign_in(&quid, &firm.email, PASSWORD, json!({})).await;
    assert_eq!(locked.problem(429), "too-many-attempts");
    let token = token(&quid, &firm.email).await;
    let done = reset(&quid, json!({"token": token, "new_password": NEW}))
        .await
        .expect(200);
    let known = json!({"device_token": done["device_token"]});
    try_sign_in(&quid, &firm.email, NEW, known)
        .await
        .expect(201);
}
