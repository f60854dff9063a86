//! Coming in, signing in, tokens and their end; the firm and its people.

mod attempts;
mod authority;
mod devices;
mod firm;
mod invitations;
mod members;
mod passwords;
mod profile;
mod resets;
mod second_factor;
mod sessions;
mod sign_ups;

use serde_json::{Value, json};

use crate::support::people::PASSWORD;
use crate::support::{Actor, Answer, Quid};

/// Tries to sign in, with more fields than address and password.
async fn try_sign_in(quid: &Quid, email: &str, password: &str, more: Value) -> Answer {
    let mut body = json!({"email": email, "password": password});
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    quid.nobody().post("/v1/sessions", body).await
}

/// Signs in with more fields; gives the answer's.
async fn signed_in(quid: &Quid, email: &str, more: Value) -> (Actor, Value) {
    let told = try_sign_in(quid, email, PASSWORD, more).await.expect(201);
    let token = told["access_token"].as_str().unwrap();
    (quid.nobody().with_token(token), told)
}

/// Whether a token is still good.
async fn is_signed_in(actor: &Actor) -> bool {
    match actor.get("/v1/me").await.status.as_u16() {
        200 => true,
        401 => false,
        other => panic!("{other}"),
    }
}

/// The mails to an address, the oldest first: subject and text. The one by which it came in is left out.
async fn mails(quid: &Quid, email: &str) -> Vec<(String, String)> {
    let client = quid.db.connect().await;
    let query = "SELECT subject, body FROM mails
                  WHERE recipient = $1 AND subject <> 'Sign your firm up' ORDER BY created_at, id";
    let rows = client.query(query, &[&email]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Their subjects.
async fn subjects(quid: &Quid, email: &str) -> Vec<String> {
    let mails = mails(quid, email).await;
    mails.into_iter().map(|(subject, _)| subject).collect()
}

/// The token of the newest mail that has one: 43 signs of base64url.
async fn token_in_mail(quid: &Quid, email: &str) -> String {
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let is_token = |word: &&str| word.len() == 43 && word.bytes().all(is_sign);
    let mails = mails(quid, email).await;
    let mut tokens = mails
        .iter()
        .filter_map(|(_, text)| text.split_whitespace().find(is_token));
    tokens.next_back().expect("a mail with a token").to_owned()
}
