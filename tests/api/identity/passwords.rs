//! Which passwords are taken.

use serde_json::json;

use super::{is_signed_in, signed_in, subjects, try_sign_in};
use crate::support::people::PASSWORD;
use crate::support::{self, Quid};

#[tokio::test]
async fn nobody_signs_up_with_a_password_that_is_easily_guessed() {
    let quid = support::start().await;
    let token = quid.prove("ana@redmesa.example").await;
    let body = |password: &str| {
        let mut body = Quid::sign_up_body("Red Mesa Wealth", &token);
        body["admin"]["password"] = json!(password);
        body
    };
    for weak in [
        "passwordpassword",
        "123456789012345678",
        "redmesawealth2026",
        "ana@redmesa.example",
        "Red Mesa Wealth!",
    ] {
        let answer = quid.nobody().post("/v1/firms", body(weak)).await;
        assert_eq!(answer.problem(422), "invalid-fields");
        let expected = [("/admin/password".to_owned(), "guessable".to_owned())];
        assert_eq!(answer.errors(), expected, "{weak}");
        assert!(!answer.text().contains(weak), "{}", answer.text());
    }
    // Fifteen as they were sent, fourteen as they are read.
    let short = quid
        .nobody()
        .post("/v1/firms", body("orbit tangeri\u{308}n"))
        .await;
    let expected = [("/admin/password".to_owned(), "too_short".to_owned())];
    assert_eq!(short.errors(), expected);
    let good = body("tangerine orbit wallpaper");
    quid.nobody().post("/v1/firms", good).await.expect(201);
}

#[tokio::test]
async fn a_password_is_the_same_whichever_keyboard_made_its_letters() {
    let quid = support::start().await;
    let token = quid.prove("ana@redmesa.example").await;
    let mut body = Quid::sign_up_body("Red Mesa Wealth", &token);
    body["admin"]["password"] = json!("gr\u{fc}ne k\u{fc}rbisse im mond");
    quid.nobody().post("/v1/firms", body).await.expect(201);
    let other =
        json!({"email": "ana@redmesa.example", "password": "gru\u{308}ne ku\u{308}rbisse im mond"});
    quid.nobody().post("/v1/sessions", other).await.expect(201);
}

const OTHER: &str = "tangerine orbit wallpaper";

fn change(present: &str, new: &str) -> serde_json::Value {
    json!({"present_password": present, "new_password": new})
}

#[tokio::test]
async fn a_changed_password_ends_every_other_session_and_is_told_by_mail() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let (phone, told) = signed_in(&quid, &firm.email, json!({})).await;
    let body = change(PASSWORD, OTHER);
    firm.admin.post("/v1/me/password", body).await.expect(204);
    assert!(is_signed_in(&firm.admin).await);
    assert!(!is_signed_in(&phone).await);
    let old = try_sign_in(&quid, &firm.email, PASSWORD, json!({})).await;
    assert_eq!(old.problem(401), "wrong-credentials");
    let known = json!({"device_token": told["device_token"]});
    let new = try_sign_in(&quid, &firm.email, OTHER, known)
        .await
        .expect(201);
    assert_ne!(
        new["device_token"], told["device_token"],
        "it is a stranger again"
    );
    let heard = subjects(&quid, &firm.email).await;
    assert!(
        heard.contains(&"Your password was changed".to_owned()),
        "{heard:?}"
    );
    let log = firm
        .admin
        .get("/v1/audit-entries?limit=200")
        .await
        .expect(200);
    assert!(log.to_string().contains("password_changed"), "{log}");
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_it_alone_and_to_one_that_is_taken() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let post = async |body| firm.admin.post("/v1/me/password", body).await;
    let wrong = post(change("not the pass phrase at all", OTHER)).await;
    let expected = [("/present_password".to_owned(), "wrong".to_owned())];
    assert_eq!(wrong.errors(), expected);
    let weak = post(change(PASSWORD, "redmesawealth2026")).await;
    let expected = [("/new_password".to_owned(), "guessable".to_owned())];
    assert_eq!(weak.errors(), expected);
    let short = post(change(PASSWORD, "short")).await;
    let expected = [("/new_password".to_owned(), "minLength".to_owned())];
    assert_eq!(short.errors(), expected);
    assert!(subjects(&quid, &firm.email).await.is_empty());
    quid.sign_in(&firm.email).await;
}

#[tokio::test]
async fn a_stolen_session_can_not_guess_the_password_for_long_nor_keep_the_owner_from_changing_it()
{
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let thief = quid.sign_in(&firm.email).await;
    let guess = || change("not the pass phrase at all", OTHER);
    let mut refused = 0;
    for _ in 0..15 {
        let answer = thief.post("/v1/me/password", guess()).await;
        refused += usize::from(answer.status == 429);
    }
    assert!(refused >= 4, "{refused}");
    let body = change(PASSWORD, OTHER);
    firm.admin.post("/v1/me/password", body).await.expect(204);
}

#[tokio::test]
async fn of_two_changes_at_once_one_wins() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let third = "velvet compass thunder lake";
    let (a, b) = tokio::join!(
        firm.admin.post("/v1/me/password", change(PASSWORD, OTHER)),
        firm.admin.post("/v1/me/password", change(PASSWORD, third)),
    );
    let won = [&a, &b]
        .iter()
        .filter(|answer| answer.status == 204)
        .count();
    assert_eq!(won, 1, "{} and {}", a.text(), b.text());
}
