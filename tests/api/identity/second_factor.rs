//! The second factor: an authenticator app, and the codes that stand in for it.

use serde_json::{Value, json};
use totp_rs::Secret;

use super::{signed_in, subjects, token_in_mail, try_sign_in};
use crate::support::people::PASSWORD;
use crate::support::{self, Actor, Answer, Quid, code_at};

const FACTOR: &str = "/v1/me/second-factor";

/// What the app shows now.
fn code(quid: &Quid, secret: &str) -> String {
    code_at(secret, quid.now())
}

async fn verb(actor: &Actor, verb: &str, body: Value) -> Answer {
    actor.post(&format!("{FACTOR}/{verb}"), body).await
}

/// Enrols and confirms; the secret and the recovery codes. Half a minute later, so that another code
/// is shown.
async fn enrolled(quid: &Quid, actor: &Actor) -> (String, Vec<String>) {
    let made = actor
        .post(FACTOR, json!({"password": PASSWORD}))
        .await
        .expect(201);
    let secret = made["secret"].as_str().unwrap().to_owned();
    let body = json!({"code": code(quid, &secret)});
    let told = verb(actor, "confirm", body).await.expect(200);
    quid.hand.advance_seconds(30);
    (secret, recovery_codes(&told))
}

fn recovery_codes(told: &Value) -> Vec<String> {
    let codes = told["recovery_codes"].as_array().unwrap().iter();
    codes
        .map(|code| code.as_str().unwrap().to_owned())
        .collect()
}

async fn with_code(quid: &Quid, email: &str, code: &str) -> Answer {
    try_sign_in(quid, email, PASSWORD, json!({"code": code})).await
}

#[tokio::test]
async fn signing_in_asks_for_a_code_once_the_app_is_confirmed_and_not_before() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let state = async || firm.admin.get(FACTOR).await.expect(200)["state"].clone();
    assert_eq!(state().await, "none");
    let made = firm.admin.post(FACTOR, json!({"password": PASSWORD})).await;
    assert_eq!(made.header("cache-control"), "no-store");
    let made = made.expect(201);
    assert!(
        made["uri"]
            .as_str()
            .unwrap()
            .starts_with("otpauth://totp/Quid:")
    );
    assert_eq!(state().await, "pending");
    quid.sign_in(&firm.email).await;

    let secret = made["secret"].as_str().unwrap();
    let wrong = verb(&firm.admin, "confirm", json!({"code": "000000"})).await;
    assert_eq!(wrong.errors(), [("/code".to_owned(), "wrong".to_owned())]);
    let right = json!({"code": code(&quid, secret)});
    let told = verb(&firm.admin, "confirm", right).await.expect(200);
    assert_eq!(recovery_codes(&told).len(), 10);
    let kept = firm.admin.get(FACTOR).await.expect(200);
    assert_eq!(kept["state"], "confirmed");
    assert_eq!(kept["recovery_codes_left"], 10);

    quid.hand.advance_seconds(30);
    let asked = try_sign_in(&quid, &firm.email, PASSWORD, json!({})).await;
    assert_eq!(asked.problem(401), "second-factor-required");
    let wrong = with_code(&quid, &firm.email, "000000").await;
    assert_eq!(wrong.problem(401), "wrong-credentials");
    let now = code(&quid, secret);
    with_code(&quid, &firm.email, &now).await.expect(201);
    let heard = subjects(&quid, &firm.email).await;
    assert!(
        heard.contains(&"An authenticator app was added".to_owned()),
        "{heard:?}"
    );
}

#[tokio::test]
async fn who_does_not_know_the_password_is_not_told_that_there_is_a_second_factor() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let (secret, _) = enrolled(&quid, &firm.admin).await;
    for code in [json!({}), json!({"code": code(&quid, &secret)})] {
        let wrong = try_sign_in(&quid, &firm.email, "not the pass phrase at all", code).await;
        assert_eq!(wrong.problem(401), "wrong-credentials");
        assert!(wrong.text().contains("do not belong together"));
    }
}

#[tokio::test]
async fn a_code_is_taken_once_and_a_clock_may_be_one_step_off() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let (secret, _) = enrolled(&quid, &firm.admin).await;
    quid.hand.advance_seconds(90);
    let now = quid.now();
    let early = code_at(&secret, now.plus_seconds(-60));
    assert_eq!(
        with_code(&quid, &firm.email, &early).await.problem(401),
        "wrong-credentials"
    );
    // A clock that is slow, then one that is right, then one that is fast: each a later step.
    for seconds in [-30, 0, 30] {
        let code = code_at(&secret, now.plus_seconds(seconds));
        with_code(&quid, &firm.email, &code).await.expect(201);
        let again = with_code(&quid, &firm.email, &code).await;
        assert_eq!(again.problem(401), "wrong-credentials");
    }
    // Whatever lies before the last is spent as well.
    let before = code_at(&secret, now);
    assert_eq!(
        with_code(&quid, &firm.email, &before).await.problem(401),
        "wrong-credentials"
    );
}

#[tokio::test]
async fn of_two_sign_ins_with_one_code_at_once_one_wins() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let (secret, codes) = enrolled(&quid, &firm.admin).await;
    for code in [code(&quid, &secret), codes[0].clone()] {
        let (a, b) = tokio::join!(
            with_code(&quid, &firm.email, &code),
            with_code(&quid, &firm.email, &code)
        );
        let won = [&a, &b]
            .iter()
            .filter(|answer| answer.status == 201)
            .count();
        assert_eq!(won, 1, "{} and {}", a.text(), b.text());
    }
}

#[tokio::test]
async fn wrong_codes_count_as_attempts_and_a_missing_one_does_not() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let (secret, _) = enrolled(&quid, &firm.admin).await;
    for _ in 0..20 {
        let asked = try_sign_in(&quid, &firm.email, PASSWORD, json!({})).await;
        assert_eq!(asked.problem(401), "second-factor-required");
    }
    for _ in 0..10 {
        let wrong = with_code(&quid, &firm.email, "000000").await;
        assert_eq!(wrong.problem(401), "wrong-credentials");
    }
    let right = with_code(&quid, &firm.email, &code(&quid, &secret)).await;
    assert_eq!(right.problem(429), "too-many-attempts");
}

#[tokio::test]
async fn a_recovery_code_stands_in_for_the_app_once_and_is_told_by_mail() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let (_, codes) = enrolled(&quid, &firm.admin).await;
    // As people write it.
    let written = codes[3].to_lowercase().replace('-', " ");
    with_code(&quid, &firm.email, &written).await.expect(201);
    let again = with_code(&quid, &firm.email, &codes[3]).await;
    assert_eq!(again.problem(401), "wrong-credentials");
    assert_eq!(
        firm.admin.get(FACTOR).await.expect(200)["recovery_codes_left"],
        9
    );
    let heard = subjects(&quid, &firm.email).await;
    assert!(
        heard.contains(&"A recovery code was used".to_owned()),
        "{heard:?}"
    );

    let body = json!({"password": PASSWORD});
    let renewed = verb(&firm.admin, "recovery-codes", body).await.expect(200);
    let old = with_code(&quid, &firm.email, &codes[4]).await;
    assert_eq!(old.problem(401), "wrong-credentials");
    let new = recovery_codes(&renewed);
    with_code(&quid, &firm.email, &new[0]).await.expect(201);
}

#[tokio::test]
async fn one_members_recovery_code_is_of_no_use_to_another() {
    let quid = support::start().await;
    let (one, other) = (
        quid.firm("Red Mesa Wealth").await,
        quid.firm("Hartwell CPAs").await,
    );
    let (_, codes) = enrolled(&quid, &one.admin).await;
    enrolled(&quid, &other.admin).await;
    let wrong = with_code(&quid, &other.email, &codes[0]).await;
    assert_eq!(wrong.problem(401), "wrong-credentials");
    with_code(&quid, &one.email, &codes[0]).await.expect(201);
}

#[tokio::test]
async fn the_app_is_removed_with_the_password_or_a_code_and_with_nothing_less() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let remove = async |body| verb(&firm.admin, "remove", body).await;
    for by_code in [false, true] {
        let (secret, _) = enrolled(&quid, &firm.admin).await;
        let nothing = remove(json!({})).await;
        assert_eq!(
            nothing.errors(),
            [("/password".to_owned(), "missing".to_owned())]
        );
        let wrong = remove(json!({"password": "not the pass phrase at all"})).await;
        assert_eq!(
            wrong.errors(),
            [("/password".to_owned(), "wrong".to_owned())]
        );
        let wrong = remove(json!({"code": "000000"})).await;
        assert_eq!(wrong.errors(), [("/code".to_owned(), "wrong".to_owned())]);
        let right = match by_code {
            true => json!({"code": code(&quid, &secret)}),
            false => json!({"password": PASSWORD}),
        };
        remove(right).await.expect(204);
        signed_in(&quid, &firm.email, json!({})).await;
        let heard = subjects(&quid, &firm.email).await;
        let removed = "The authenticator app was removed";
        assert!(heard.contains(&removed.to_owned()), "{heard:?}");
        let gone = remove(json!({"password": PASSWORD})).await;
        assert_eq!(gone.problem(409), "state-forbids");
    }
}

#[tokio::test]
async fn enrolling_needs_the_password_and_a_confirmed_app_is_not_replaced() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let wrong = json!({"password": "not the pass phrase at all"});
    let wrong = firm.admin.post(FACTOR, wrong).await;
    assert_eq!(
        wrong.errors(),
        [("/password".to_owned(), "wrong".to_owned())]
    );
    let nothing = verb(&firm.admin, "confirm", json!({"code": "123456"})).await;
    assert_eq!(nothing.problem(409), "state-forbids");
    let again = json!({"password": PASSWORD});
    let first = firm.admin.post(FACTOR, again.clone()).await.expect(201);
    let (secret, _) = enrolled(&quid, &firm.admin).await;
    assert_ne!(
        first["secret"],
        json!(secret),
        "until confirmed one may begin anew"
    );
    let refused = firm.admin.post(FACTOR, again).await;
    assert_eq!(refused.problem(409), "state-forbids");
    let now = json!({"code": code(&quid, &secret)});
    let refused = verb(&firm.admin, "confirm", now).await;
    assert_eq!(refused.problem(409), "state-forbids");
}

#[tokio::test]
async fn neither_the_secret_nor_a_recovery_code_stands_in_the_database() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let (secret, codes) = enrolled(&quid, &firm.admin).await;
    let client = quid.db.connect().await;
    let sealed: Vec<u8> = client
        .query_one("SELECT sealed_secret FROM second_factors", &[])
        .await
        .unwrap()
        .get(0);
    let plain = Secret::try_from_base32(&secret).unwrap();
    let plain: &[u8] = plain.as_ref();
    assert_eq!(
        sealed.len(),
        12 + 20 + 16,
        "nonce, secret and tag of AES-256-GCM"
    );
    assert!(!sealed.windows(20).any(|part| part == plain));
    let digests = client
        .query("SELECT code_digest FROM recovery_codes", &[])
        .await
        .unwrap();
    let kept: Vec<Vec<u8>> = digests.iter().map(|row| row.get(0)).collect();
    for code in codes {
        let bare = code.replace('-', "");
        let simple = quid::platform::digest::sha256(bare.as_bytes()).to_vec();
        assert!(!kept.contains(&bare.into_bytes()) && !kept.contains(&simple));
    }
}

#[tokio::test]
async fn a_secret_that_nobody_confirmed_is_purged_after_a_day() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    firm.admin
        .post(FACTOR, json!({"password": PASSWORD}))
        .await
        .expect(201);
    quid.hand.advance_seconds(86_401);
    quid.come_round("purge").await;
    let admin = quid.sign_in(&firm.email).await;
    assert_eq!(admin.get(FACTOR).await.expect(200)["state"], "none");
    let (secret, _) = enrolled(&quid, &admin).await;
    quid.hand.advance_seconds(86_401);
    quid.come_round("purge").await;
    let asked = try_sign_in(&quid, &firm.email, PASSWORD, json!({})).await;
    assert_eq!(asked.problem(401), "second-factor-required");
    with_code(&quid, &firm.email, &code(&quid, &secret))
        .await
        .expect(201);
}

#[tokio::test]
async fn resetting_the_password_asks_for_the_second_factor_too() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let (secret, codes) = enrolled(&quid, &firm.admin).await;
    let ask = json!({"email": firm.email});
    quid.nobody()
        .post("/v1/password-resets", ask)
        .await
        .expect(202);
    quid.do_jobs().await;
    let token = token_in_mail(&quid, &firm.email).await;
    let new = "tangerine orbit wallpaper";
    let reset = async |code: Option<&str>| {
        let mut body = json!({"token": token, "new_password": new});
        if let Some(code) = code {
            body["code"] = json!(code);
        }
        quid.nobody().post("/v1/password-resets/use", body).await
    };
    assert_eq!(reset(None).await.problem(401), "second-factor-required");
    assert_eq!(
        reset(Some("000000")).await.problem(401),
        "wrong-credentials"
    );
    assert_eq!(
        try_sign_in(&quid, &firm.email, new, json!({})).await.status,
        401
    );
    // The token is not lost on that.
    reset(Some(&code(&quid, &secret))).await.expect(200);
    let more = json!({"code": codes[0]});
    try_sign_in(&quid, &firm.email, new, more).await.expect(201);
}

#[tokio::test]
async fn what_was_never_confirmed_is_removed_without_a_word() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let proof = json!({"password": PASSWORD});
    firm.admin.post(FACTOR, proof.clone()).await.expect(201);
    let before = subjects(&quid, &firm.email).await;
    let removed = verb(&firm.admin, "remove", proof).await;
    removed.expect(204);
    assert_eq!(firm.admin.get(FACTOR).await.expect(200)["state"], "none");
    assert_eq!(subjects(&quid, &firm.email).await, before);
}

#[tokio::test]
async fn renewals_at_the_same_moment_leave_ten_codes() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    enrolled(&quid, &firm.admin).await;
    let renew = || verb(&firm.admin, "recovery-codes", json!({"password": PASSWORD}));
    let (one, other, third) = tokio::join!(renew(), renew(), renew());
    for renewed in [one, other, third] {
        renewed.expect(200);
    }
    let state = firm.admin.get(FACTOR).await.expect(200);
    assert_eq!(state["recovery_codes_left"], 10);
}
