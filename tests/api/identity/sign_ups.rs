//! Coming in with a firm: the address is proved first.

use serde_json::{Value, json};

use crate::support::{self, Answer, Quid};

const SIGN_UPS: &str = "/v1/sign-ups";

async fn ask(quid: &Quid, email: &str) -> Answer {
    let id = [("x-request-id", "the-same")];
    let body = json!({"email": email});
    quid.nobody().post_with(SIGN_UPS, &id, body).await
}

/// All of an answer, with the address in it made alike.
fn alike(answer: &Answer, email: &str) -> String {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "date");
    let mut lines: Vec<_> = headers
        .map(|(name, value)| match name.as_str() {
            "ratelimit" => "ratelimit: (what is left)".to_owned(),
            name => format!("{name}: {value:?}"),
        })
        .collect();
    lines.sort();
    let text = answer.text().replace(email, "(email)");
    format!("{} {}\n{text}", answer.status, lines.join("\n"))
}

#[tokio::test]
async fn whoever_asks_can_not_tell_a_taken_address_from_a_free_one() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    // As long as the other, since the length is told.
    let free = "x".repeat(firm.email.len() - "@new.example".len()) + "@new.example";
    let taken = ask(&quid, &firm.email).await;
    let new = ask(&quid, &free).await;
    assert_eq!(alike(&taken, &firm.email), alike(&new, &free));
    assert_eq!(new.expect(202), json!({"email": free}));

    // As much is written for the one as for the other.
    let db = quid.db.connect().await;
    let count = "SELECT (SELECT count(*) FROM mails WHERE recipient = $1 AND subject <> 'Sign your firm up')
                      + (SELECT count(*) FROM mails WHERE recipient = $2),
                        (SELECT count(*) FROM sign_ups WHERE email = $1 AND used_at IS NULL),
                        (SELECT count(*) FROM sign_ups WHERE email = $2)";
    let row = db.query_one(count, &[&firm.email, &free]).await.unwrap();
    let counts: [i64; 3] = [row.get(0), row.get(1), row.get(2)];
    assert_eq!(counts, [2, 1, 1]);
}

#[tokio::test]
async fn only_the_mail_says_whether_the_address_has_an_account() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    quid.hand.advance_seconds(1);
    ask(&quid, &firm.email).await.expect(202);
    let taken = quid.mails_to(&firm.email).await.remove(0);
    assert!(taken.contains("has an account already"), "{taken}");
    assert_eq!(Quid::token_in(&taken), None, "{taken}");
    assert!(taken.contains("POST /v1/password-resets"), "{taken}");
    ask(&quid, "ana@new.example").await.expect(202);
    let free = quid.mails_to("ana@new.example").await.remove(0);
    assert!(!free.contains("has an account"), "{free}");
    assert!(Quid::token_in(&free).is_some(), "{free}");
    // However it is written, it is one address; and one who has left has an account as well.
    let second = quid
        .member(&firm, quid::platform::auth::Role::Advisor)
        .await;
    let me = second.get("/v1/me").await.expect(200)["member"].clone();
    let leave = format!("/v1/members/{}/deactivate", me["id"].as_str().unwrap());
    firm.admin.post(&leave, Value::Null).await.expect(200);
    let email = me["email"].as_str().unwrap();
    ask(&quid, &email.to_uppercase()).await.expect(202);
    let gone = quid.mails_to(email).await.remove(0);
    assert_eq!(Quid::token_in(&gone), None, "{gone}");
}

#[tokio::test]
async fn a_token_signs_up_one_firm_for_the_address_that_it_was_sent_to() {
    let quid = support::start().await;
    let email = "ana@redmesa.example";
    let token = quid.prove(email).await;
    let body = Quid::sign_up_body("Red Mesa Wealth", &token);
    let made = quid.nobody().post("/v1/firms", body.clone()).await;
    assert_eq!(made.expect(201)["admin"]["email"], email);
    let me = quid.sign_in(email).await.get("/v1/me").await.expect(200);
    assert_eq!(me["role"], "admin");
    let again = quid.nobody().post("/v1/firms", body).await;
    let unusable = ("/token".to_owned(), "unusable".to_owned());
    assert_eq!(again.errors(), [unusable]);
    assert_eq!(again.problem(422), "invalid-fields");
}

#[tokio::test]
async fn of_two_who_send_a_token_at_once_one_signs_up() {
    let quid = support::start().await;
    for n in 0..5 {
        let token = quid.prove(&format!("ana{n}@redmesa.example")).await;
        let body = Quid::sign_up_body("Red Mesa Wealth", &token);
        let one = quid.nobody();
        let (a, b) = tokio::join!(
            one.post("/v1/firms", body.clone()),
            one.post("/v1/firms", body.clone())
        );
        let mut statuses = [a.status.as_u16(), b.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 422], "{} and {}", a.text(), b.text());
    }
}

#[tokio::test]
async fn a_token_that_is_unknown_or_too_old_is_refused_alike_before_anything_else_is_said() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let old = quid.prove("ana@new.example").await;
    let id = [("x-request-id", "the-same")];
    let sign_up = async |token: &str| {
        let body = Quid::sign_up_body("Canyon Law", token);
        quid.nobody().post_with("/v1/firms", &id, body).await
    };
    let unknown = sign_up("x").await;
    assert_eq!(unknown.problem(422), "invalid-fields");
    quid.hand.advance_seconds(24 * 3600 - 1);
    let fresh = quid.prove("ben@new.example").await;
    quid.hand.advance_seconds(1);
    assert_eq!(sign_up(&old).await.text(), unknown.text());
    sign_up(&fresh).await.expect(201);

    // A taken address has a token too, which nobody was told; whoever guessed the digest of it has none.
    ask(&quid, &firm.email).await.expect(202);
    let db = quid.db.connect().await;
    let query = "SELECT encode(token_digest, 'hex') FROM sign_ups WHERE email = $1 ORDER BY created_at DESC";
    let digest: String = db.query(query, &[&firm.email]).await.unwrap()[0].get(0);
    assert_eq!(sign_up(&digest).await.text(), unknown.text());
}

#[tokio::test]
async fn what_has_expired_is_forgotten() {
    let quid = support::start().await;
    quid.prove("ana@new.example").await;
    quid.hand.advance_seconds(12 * 3600);
    quid.prove("ben@new.example").await;
    quid.hand.advance_seconds(12 * 3600);
    quid.come_round("purge").await;
    let db = quid.db.connect().await;
    let rows = db.query("SELECT email FROM sign_ups", &[]).await.unwrap();
    let left: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(left, ["ben@new.example"]);
}

#[tokio::test]
async fn an_address_is_not_flooded_and_whoever_asks_is_not_told() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    quid.hand.advance_seconds(3600);
    for email in ["ana@new.example", &firm.email] {
        let before = quid.mails_to(email).await.len();
        let asked = futures_util::future::join_all((0..12).map(|_| ask(&quid, email))).await;
        for answer in asked {
            answer.expect(202);
        }
        for _ in 0..4 {
            ask(&quid, email).await.expect(202);
        }
        assert_eq!(quid.mails_to(email).await.len() - before, 3, "{email}");
    }
    // Another address has its own, and this one has others an hour later.
    quid.prove("ben@new.example").await;
    quid.hand.advance_seconds(3600);
    let before = quid.mails_to("ana@new.example").await.len();
    quid.prove("ana@new.example").await;
    assert_eq!(quid.mails_to("ana@new.example").await.len(), before + 1);
}

#[tokio::test]
async fn an_address_that_was_taken_since_the_mail_is_told_to_its_owner_alone() {
    let quid = support::start().await;
    let email = "ana@redmesa.example";
    let one = quid.prove(email).await;
    quid.hand.advance_seconds(1);
    let other = quid.prove(email).await;
    let body = Quid::sign_up_body("Red Mesa Wealth", &other);
    quid.nobody().post("/v1/firms", body).await.expect(201);
    let body = Quid::sign_up_body("Red Mesa Wealth", &one);
    let late = quid.nobody().post("/v1/firms", body).await;
    assert_eq!(late.problem(409), "already-exists");
}

#[tokio::test]
async fn whoever_signs_up_finds_the_proposals_to_the_address() {
    let quid = support::start().await;
    let a = quid.firm("A").await;
    let email = "dana@hartwell.example";
    let body = json!({"email": email});
    let proposed = a.admin.post("/v1/partnerships", body).await.expect(201);
    quid.hand.advance_seconds(1);
    let token = quid.prove(email).await;
    let body = Quid::sign_up_body("Hartwell", &token);
    quid.nobody().post("/v1/firms", body).await.expect(201);
    let dana = quid.sign_in(email).await;
    let found = dana.get("/v1/partnerships").await.expect(200);
    assert_eq!(found["data"][0]["id"], proposed["id"]);
}

#[tokio::test]
async fn where_firms_come_by_invitation_only_nobody_asks_and_no_mail_of_ours_signs_up() {
    let db = std::sync::Arc::new(support::database().await);
    let open = support::start_on(db.clone(), &[]).await;
    let a = open.firm("A").await;
    let token = open.prove("ana@new.example").await;
    let quid = support::start_on(db, &["--sign-up=invitation"]).await;
    let asked = ask(&quid, "ben@new.example").await;
    assert_eq!(asked.problem(403), "forbidden");
    assert_eq!(ask(&quid, &a.email).await.text(), asked.text());
    assert!(quid.mails_to("ben@new.example").await.is_empty());
    let body = Quid::sign_up_body("Canyon Law", &token);
    let refused = quid.nobody().post("/v1/firms", body).await;
    assert_eq!(refused.problem(422), "invalid-fields");

    let email = "dana@hartwell.example";
    let body = json!({"email": email});
    a.admin.post("/v1/partnerships", body).await.expect(201);
    let body = Quid::sign_up_body("Hartwell", &quid.token_in_mail(email).await);
    quid.nobody().post("/v1/firms", body).await.expect(201);
}

#[tokio::test]
async fn a_token_is_kept_as_its_digest_alone() {
    let quid = support::start().await;
    let token = quid.prove("ana@new.example").await;
    let db = quid.db.connect().await;
    let query = "SELECT token_digest FROM sign_ups";
    let digest: Vec<u8> = db.query_one(query, &[]).await.unwrap().get(0);
    assert_eq!(digest, quid::platform::digest::sha256(token.as_bytes()));
}
