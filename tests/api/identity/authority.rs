//! Whoever has lost the right to do something while its body was on the way, or while its password was
//! looked at, does not do it.

use quid::platform::auth::Role;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::try_sign_in;
use crate::support::people::PASSWORD;
use crate::support::{self, Quid};

/// A request whose body is held back but for the first byte.
struct Held {
    socket: TcpStream,
    rest: Vec<u8>,
}

impl Held {
    async fn post(quid: &Quid, token: &str, path: &str, body: &Value) -> Self {
        let body = body.to_string();
        let (first, rest) = body.as_bytes().split_at(1);
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: quid\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let address = quid.url.trim_start_matches("http://");
        let mut socket = TcpStream::connect(address).await.unwrap();
        let sent = [head.as_bytes(), first].concat();
        socket.write_all(&sent).await.unwrap();
        Self {
            socket,
            rest: rest.to_vec(),
        }
    }

    /// Sends the rest; gives the answer's first line.
    async fn go_on(mut self) -> String {
        self.socket.write_all(&self.rest).await.unwrap();
        let mut answer = tokio::io::BufReader::new(self.socket).lines();
        answer.next_line().await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn a_body_that_comes_after_the_session_has_ended_changes_nothing() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let admin = quid.sign_in(&firm.email).await;
    let client = json!({"name": "Mary Greene"});
    let token = admin.token.clone().unwrap();
    let in_time = Held::post(&quid, &token, "/v1/clients", &client).await;
    assert_eq!(in_time.go_on().await, "HTTP/1.1 201 Created");
    let late = Held::post(&quid, &token, "/v1/clients", &client).await;
    // Whether the head was looked at before or after this makes no difference to what must come of it.
    assert_eq!(admin.delete("/v1/sessions/current").await.status, 204);
    assert_eq!(late.go_on().await, "HTTP/1.1 401 Unauthorized");
    let clients = firm.admin.get("/v1/clients").await.expect(200);
    assert_eq!(clients["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_body_that_comes_after_the_role_has_changed_is_judged_by_the_new_one() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let other = quid.member(&firm, Role::Admin).await;
    let id = other.get("/v1/me").await.expect(200)["id"].clone();
    let path = format!("/v1/members/{}", id.as_str().unwrap());
    let body = json!({"name": "Sync", "scopes": ["clients:read"]});
    let token = other.token.clone().unwrap();
    let late = Held::post(&quid, &token, "/v1/api-clients", &body).await;
    let role = json!({"role": "advisor"});
    firm.admin.patch(&path, role).await.expect(200);
    assert_eq!(late.go_on().await, "HTTP/1.1 403 Forbidden");
}

#[tokio::test]
async fn nobody_signs_in_with_a_password_that_is_changed_while_it_is_looked_at() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let mut past_the_service = quid.db.connect().await;
    let watch = quid.db.connect().await;
    let change = past_the_service.transaction().await.unwrap();
    let set = "UPDATE members SET password_hash = 'another' WHERE email = $1";
    assert_eq!(change.execute(set, &[&firm.email]).await.unwrap(), 1);
    let (nobody, email) = (quid.nobody(), firm.email.clone());
    let signing_in = tokio::spawn(async move {
        let body = json!({"email": email, "password": PASSWORD});
        nobody.post("/v1/sessions", body).await
    });
    while quid.db.waiting(&watch).await < 1 {
        assert!(!signing_in.is_finished(), "it does not wait");
    }
    change.commit().await.unwrap();
    assert_eq!(signing_in.await.unwrap().problem(401), "wrong-credentials");
    let again = try_sign_in(&quid, &firm.email, PASSWORD, Value::Null).await;
    assert_eq!(again.problem(401), "wrong-credentials");
}

#[tokio::test]
async fn with_a_new_password_nobody_goes_on_to_enrol_what_was_begun_with_the_old_one() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let thief = quid.sign_in(&firm.email).await;
    let begun = thief.post("/v1/me/second-factor", json!({"password": PASSWORD}));
    let secret = begun.await.expect(201)["secret"].clone();
    let change = json!({"present_password": PASSWORD, "new_password": "tangerine orbit wallpaper"});
    let changed = firm.admin.post("/v1/me/password", change).await;
    assert_eq!(changed.status, 204, "{}", changed.text());
    let code = support::code_at(secret.as_str().unwrap(), quid.now());
    let confirmed = firm
        .admin
        .post("/v1/me/second-factor/confirm", json!({"code": code}));
    assert_eq!(confirmed.await.problem(409), "state-forbids");
}
