//! Guessing at passwords: slowed down for strangers, and never in the way of the true user.

use serde_json::json;

use super::{signed_in, try_sign_in};
use crate::support::people::PASSWORD;
use crate::support::{self, Answer, Quid};

const WRONG: &str = "not the pass phrase at all";

/// Guesses until told to wait; how often, and the answer that told it.
async fn guess(quid: &Quid, email: &str) -> (usize, Answer) {
    for count in 0..100 {
        let answer = try_sign_in(quid, email, WRONG, json!({})).await;
        if answer.status != 401 {
            return (count, answer);
        }
        assert_eq!(answer.problem(401), "wrong-credentials");
    }
    panic!("a hundred guesses, and nobody minds");
}

fn wait(answer: &Answer) -> i64 {
    answer.header("retry-after").parse().unwrap()
}

#[tokio::test]
async fn whoever_guesses_is_told_to_wait_and_the_right_password_does_not_help_a_stranger() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let (count, refused) = guess(&quid, &firm.email).await;
    assert_eq!(count, 10);
    assert_eq!(refused.problem(429), "too-many-attempts");
    assert_eq!(wait(&refused), 900);
    let right = try_sign_in(&quid, &firm.email, PASSWORD, json!({})).await;
    assert_eq!(right.problem(429), "too-many-attempts");
    // Who waits as told is heard once more.
    quid.hand.advance_seconds(wait(&refused));
    let right = try_sign_in(&quid, &firm.email, PASSWORD, json!({})).await;
    right.expect(201);
}

#[tokio::test]
async fn an_address_without_an_account_is_answered_just_like_one_that_has_one() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let id = [("x-request-id", "the-same")];
    let mut told = Vec::new();
    for email in [firm.email.as_str(), "nobody@elsewhere.example"] {
        let mut answers = Vec::new();
        for _ in 0..13 {
            let body = json!({"email": email, "password": WRONG, "device_token": "none of theirs"});
            let answer = quid.nobody().post_with("/v1/sessions", &id, body).await;
            let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
            names.sort();
            let wait = answer.header("retry-after").to_owned();
            answers.push((answer.status, answer.text(), names, wait));
        }
        assert_eq!(answers[9].0, 401);
        assert_eq!(answers[10].0, 429);
        told.push(answers);
    }
    assert_eq!(told[0], told[1]);
}

#[tokio::test]
async fn a_known_device_signs_in_while_strangers_guess() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let (_, told) = signed_in(&quid, &firm.email, json!({})).await;
    let known = json!({"device_token": told["device_token"]});
    guess(&quid, &firm.email).await;
    for _ in 0..3 {
        let (_, again) = signed_in(&quid, &firm.email, known.clone()).await;
        assert_eq!(again["device_token"], told["device_token"]);
    }
    // What it gets wrong counts for itself alone.
    for _ in 0..10 {
        let wrong = try_sign_in(&quid, &firm.email, WRONG, known.clone()).await;
        assert_eq!(wrong.problem(401), "wrong-credentials");
    }
    let refused = try_sign_in(&quid, &firm.email, PASSWORD, known.clone()).await;
    assert_eq!(refused.problem(429), "too-many-attempts");
    quid.hand.advance_seconds(wait(&refused));
    signed_in(&quid, &firm.email, known).await;
}

#[tokio::test]
async fn a_device_is_known_to_its_own_account_alone() {
    let quid = support::start().await;
    let (one, other) = (
        quid.firm("Red Mesa Wealth").await,
        quid.firm("Hartwell CPAs").await,
    );
    let (_, told) = signed_in(&quid, &one.email, json!({})).await;
    guess(&quid, &other.email).await;
    let foreign = json!({"device_token": told["device_token"]});
    let refused = try_sign_in(&quid, &other.email, PASSWORD, foreign).await;
    assert_eq!(refused.problem(429), "too-many-attempts");
}

#[tokio::test]
async fn a_hundred_guesses_at_once_are_no_more_than_one_after_the_other() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let guesses = (0..40).map(|_| try_sign_in(&quid, &firm.email, WRONG, json!({})));
    let answers = futures_util::future::join_all(guesses).await;
    let looked_at = answers.iter().filter(|answer| answer.status == 401).count();
    assert_eq!(looked_at, 10);
    let refused = answers.iter().filter(|answer| answer.status == 429).count();
    assert_eq!(refused, 30);
}

#[tokio::test]
async fn whoever_signs_in_often_and_rightly_is_never_told_to_wait() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    for _ in 0..25 {
        signed_in(&quid, &firm.email, json!({})).await;
    }
}

#[tokio::test]
async fn one_network_that_guesses_at_many_accounts_is_told_to_wait_and_known_devices_there_are_not()
{
    let db = std::sync::Arc::new(support::database().await);
    let quid = support::start_on(db, &["--address-failures=20"]).await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let (_, told) = signed_in(&quid, &firm.email, json!({})).await;
    for count in 0..20 {
        let email = format!("somebody{count}@elsewhere.example");
        let wrong = try_sign_in(&quid, &email, WRONG, json!({})).await;
        assert_eq!(wrong.problem(401), "wrong-credentials");
    }
    let refused = try_sign_in(&quid, &firm.email, PASSWORD, json!({})).await;
    assert_eq!(refused.problem(429), "too-many-attempts");
    assert_eq!(wait(&refused), 180);
    let known = json!({"device_token": told["device_token"]});
    signed_in(&quid, &firm.email, known).await;
}

#[tokio::test]
async fn replicas_count_together() {
    let one = support::start().await;
    let other = support::start_on(std::sync::Arc::clone(&one.db), &[]).await;
    let firm = one.firm("Red Mesa Wealth").await;
    for count in 0..10 {
        let replica = if count % 2 == 0 { &one } else { &other };
        let wrong = try_sign_in(replica, &firm.email, WRONG, json!({})).await;
        assert_eq!(wrong.problem(401), "wrong-credentials");
    }
    for replica in [&one, &other] {
        let refused = try_sign_in(replica, &firm.email, PASSWORD, json!({})).await;
        assert_eq!(refused.problem(429), "too-many-attempts");
    }
}

#[tokio::test]
async fn what_has_leaked_out_is_purged_and_the_table_names_nobody() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    guess(&quid, &firm.email).await;
    let client = quid.db.connect().await;
    let count = async || {
        let row = client.query_one("SELECT count(*) FROM attempts", &[]).await;
        row.unwrap().get::<_, i64>(0)
    };
    let named =
        "SELECT count(*) FROM attempts WHERE position(convert_to($1, 'UTF8') IN subject) > 0";
    let named = client.query_one(named, &[&firm.email]).await.unwrap();
    assert_eq!(named.get::<_, i64>(0), 0, "no address is kept");
    quid.come_round("purge").await;
    assert!(count().await > 0, "what still counts stays");
    quid.hand.advance_seconds(10 * 900 + 1);
    quid.come_round("purge").await;
    assert_eq!(count().await, 0);
}
