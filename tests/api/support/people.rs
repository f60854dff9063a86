//! People and machines that use the service.

use quid::members::{self, NewMember};
use quid::platform::auth::Role;
use quid::platform::values::Timestamp;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

use super::service::Quid;

/// The password of everyone in the tests.
pub const PASSWORD: &str = "a pass phrase for tests";

static COUNT: AtomicU32 = AtomicU32::new(0);

/// What an authenticator app with this secret shows at an instant.
pub fn code_at(secret: &str, at: Timestamp) -> String {
    let app = totp_rs::Builder::new()
        .with_algorithm(totp_rs::Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_secret(totp_rs::Secret::try_from_base32(secret).unwrap())
        .build()
        .unwrap();
    app.generate(at.as_second().try_into().unwrap()).to_string()
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// A header's value, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The body, if the status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self.json()
    }

    /// The last part of the problem's `type`, if the status is this one.
    #[track_caller]
    pub fn problem(&self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        self.json()["type"]
            .as_str()
            .unwrap()
            .trim_start_matches("/problems/")
            .to_owned()
    }

    /// Where and what, of every bad field, sorted.
    pub fn errors(&self) -> Vec<(String, String)> {
        let errors = self.json()["errors"].clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let mut errors: Vec<_> = errors
            .as_array()
            .unwrap()
            .iter()
            .map(|error| (text(&error["pointer"]), text(&error["code"])))
            .collect();
        errors.sort();
        errors
    }
}

/// Somebody with a token, or without.
#[derive(Clone, Debug)]
pub struct Actor {
    http: reqwest::Client,
    url: String,
    pub token: Option<String>,
    pub refresh_token: Option<String>,
}

impl Actor {
    /// Sends a request.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            let given = headers
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
            request = if given {
                request
            } else {
                request.header("content-type", "application/json")
            }
            .body(body);
        }
        for (name, value) in headers {
            request = request.header(
                name.parse::<HeaderName>().unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Answer {
            status,
            headers,
            bytes: response.bytes().await.unwrap().to_vec(),
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(Method::GET, path, headers, None).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[], None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.post_with(path, &[], body).await
    }

    /// `Value::Null` sends no body.
    pub async fn post_with(&self, path: &str, headers: &[(&str, &str)], body: Value) -> Answer {
        let body = (!body.is_null()).then(|| body.to_string().into_bytes());
        self.send(Method::POST, path, headers, body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, &[], Some(body.to_string().into_bytes()))
            .await
    }

    /// A put over what was read a moment ago.
    pub async fn put_seen(&self, path: &str, body: Value) -> Answer {
        let tag = self.get(path).await.header("etag").to_owned();
        let body = Some(body.to_string().into_bytes());
        self.send(Method::PUT, path, &[("if-match", tag.as_str())], body)
            .await
    }

    /// A patch of what was read a moment ago.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        let tag = self.get(path).await.header("etag").to_owned();
        self.patch_with(path, &tag, body).await
    }

    pub async fn patch_with(&self, path: &str, tag: &str, body: Value) -> Answer {
        self.send(
            Method::PATCH,
            path,
            &[("if-match", tag)],
            Some(body.to_string().into_bytes()),
        )
        .await
    }

    /// The same one without a token.
    pub fn nobody(&self) -> Self {
        Self {
            token: None,
            ..self.clone()
        }
    }

    /// The same one with another token.
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }
}

/// A firm with its admin.
#[derive(Clone, Debug)]
pub struct Firm {
    pub id: String,
    pub email: String,
    pub admin: Actor,
}

/// Two firms with an active partnership.
pub struct Pair {
    pub a: Firm,
    pub b: Firm,
    pub partnership: String,
}

fn unique(word: &str) -> String {
    format!(
        "{word}{}@firm.example",
        COUNT.fetch_add(1, Ordering::Relaxed)
    )
}

impl Quid {
    /// Somebody without a token.
    pub fn nobody(&self) -> Actor {
        Actor {
            http: self.http.clone(),
            url: self.url.clone(),
            token: None,
            refresh_token: None,
        }
    }

    /// Signs in.
    pub async fn sign_in(&self, email: &str) -> Actor {
        let body = json!({"email": email, "password": PASSWORD});
        let tokens = self.nobody().post("/v1/sessions", body).await.expect(201);
        let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
        Actor {
            token: Some(text("access_token")),
            refresh_token: Some(text("refresh_token")),
            ..self.nobody()
        }
    }

    /// The text of the mails to an address, newest first.
    pub async fn mails_to(&self, recipient: &str) -> Vec<String> {
        let client = self.db.connect().await;
        let query = "SELECT body FROM mails WHERE recipient = $1 ORDER BY created_at DESC, id DESC";
        let rows = client.query(query, &[&recipient]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// The token in a mail.
    pub fn token_in(mail: &str) -> Option<String> {
        mail.lines()
            .map(str::trim)
            .find(|line| line.len() == 43 && !line.contains(' '))
            .map(str::to_owned)
    }

    /// The token in the newest mail to an address.
    pub async fn token_in_mail(&self, recipient: &str) -> String {
        let mails = self.mails_to(recipient).await;
        let newest = mails
            .first()
            .unwrap_or_else(|| panic!("no mail to {recipient}"));
        Self::token_in(newest).unwrap_or_else(|| panic!("no token in {newest}"))
    }

    /// Asks to sign a firm up with an address; the token that came by mail.
    pub async fn prove(&self, email: &str) -> String {
        let body = json!({"email": email});
        self.nobody().post("/v1/sign-ups", body).await.expect(202);
        self.token_in_mail(email).await
    }

    /// What a firm signs up with.
    pub fn sign_up_body(name: &str, token: &str) -> Value {
        json!({
            "token": token,
            "firm": {"name": name, "time_zone": "America/Denver", "country": "US"},
            "admin": {"name": format!("Admin of {name}"), "password": PASSWORD},
        })
    }

    /// An admin's invitation of a member; its id and its token.
    pub async fn invite_member(&self, firm: &Firm, email: &str, role: &str) -> (String, String) {
        let body = json!({"email": email, "role": role, "name": format!("The {role}")});
        let made = firm
            .admin
            .post("/v1/member-invitations", body)
            .await
            .expect(201);
        let id = made["id"].as_str().unwrap().to_owned();
        (id, self.token_in_mail(email).await)
    }

    /// Signs a firm up and its admin in.
    pub async fn firm(&self, name: &str) -> Firm {
        let email = unique("admin");
        let token = self.prove(&email).await;
        let made = self
            .nobody()
            .post("/v1/firms", Self::sign_up_body(name, &token))
            .await
            .expect(201);
        let id = made["firm"]["id"].as_str().unwrap().to_owned();
        Firm {
            id,
            admin: self.sign_in(&email).await,
            email,
        }
    }

    /// A member of a firm, signed in.
    pub async fn member(&self, firm: &Firm, role: Role) -> Actor {
        let email = unique(role.as_str());
        let hash = self.password_hash(&firm.email).await;
        let app = quid::platform::db::Db::new(
            quid::platform::db::Db::pool(&self.db.target(), LIMITS).unwrap(),
            self.db.target(),
            LIMITS,
        );
        let member = NewMember {
            id: uuid::Uuid::from_u128(
                0x0190_0000_0000_7000_8000_0000_0000_0000
                    + u128::from(COUNT.fetch_add(1, Ordering::Relaxed)),
            ),
            firm_id: firm.id.parse().unwrap(),
            name: format!("The {role}").parse().unwrap(),
            email: email.parse().unwrap(),
            password_hash: hash,
            role,
        };
        app.write(async |tx| members::create(tx, member, Timestamp::from_microsecond(0)).await)
            .await
            .unwrap();
        self.sign_in(&email).await
    }

    /// Everyone has the same password, so one hash serves all.
    async fn password_hash(&self, email: &str) -> String {
        let client = self.db.connect().await;
        client
            .query_one(
                "SELECT password_hash FROM members WHERE email = $1",
                &[&email],
            )
            .await
            .unwrap()
            .get(0)
    }

    /// An API client of a firm, with a token.
    pub async fn api_client(&self, firm: &Firm, scopes: &[&str]) -> Actor {
        let body = json!({"name": "CRM", "scopes": scopes});
        let made = firm.admin.post("/v1/api-clients", body).await.expect(201);
        let form = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            made["client_id"].as_str().unwrap(),
            made["client_secret"].as_str().unwrap()
        );
        let answer = self.token(&form).await.expect(200);
        firm.admin
            .with_token(answer["access_token"].as_str().unwrap())
    }

    /// Asks the token endpoint.
    pub async fn token(&self, form: &str) -> Answer {
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        self.nobody()
            .send(
                Method::POST,
                "/oauth/token",
                &kind,
                Some(form.as_bytes().to_vec()),
            )
            .await
    }

    /// Two firms with an active partnership.
    pub async fn pair(&self) -> Pair {
        let (a, b) = tokio::join!(self.firm("Red Mesa Wealth"), self.firm("Hartwell CPAs"));
        let partnership = self.partner(&a, &b).await;
        Pair { a, b, partnership }
    }

    /// Makes two firms partners.
    pub async fn partner(&self, a: &Firm, b: &Firm) -> String {
        let proposed = a
            .admin
            .post("/v1/partnerships", json!({"email": b.email}))
            .await
            .expect(201);
        let id = proposed["id"].as_str().unwrap().to_owned();
        b.admin
            .post(&format!("/v1/partnerships/{id}/accept"), Value::Null)
            .await
            .expect(200);
        lay_foundation(&a.admin, &b.admin, &id).await;
        a.admin
            .post(&format!("/v1/partnerships/{id}/activate"), Value::Null)
            .await
            .expect(200);
        id
    }
}

/// Lays the foundation without which a partnership does not become active, the short way: both waive the
/// sections and decide to proceed.
pub async fn lay_foundation(a: &Actor, b: &Actor, partnership: &str) {
    lay_foundation_but(a, b, partnership, &[]).await;
}

/// The same without some of the sections.
pub async fn lay_foundation_but(a: &Actor, b: &Actor, partnership: &str, without: &[&str]) {
    let path = format!("/v1/partnerships/{partnership}");
    for actor in [a, b] {
        let sections = [
            "business_understanding",
            "ideal_client",
            "success_definition",
        ];
        for section in sections.iter().filter(|one| !without.contains(one)) {
            let body = json!({"section": section, "reason": "We know each other well."});
            let waived = actor.post(&format!("{path}/plan-waivers"), body).await;
            waived.expect(201);
        }
        let body = json!({"decision": "proceed", "reason": "It suits us."});
        let decided = actor.post(&format!("{path}/plan-decisions"), body).await;
        decided.expect(201);
    }
}

const LIMITS: quid::platform::db::Limits = quid::platform::db::Limits {
    pool: 1,
    readers: 1,
    patience: std::time::Duration::from_secs(10),
};

impl Pair {
    /// A client of A's, with a name of its own; its id.
    pub async fn client(&self, name: &str) -> String {
        let made = self
            .a
            .admin
            .post("/v1/clients", json!({"name": name}))
            .await
            .expect(201);
        made["id"].as_str().unwrap().to_owned()
    }

    /// A draft of an introduction of such a client; its address.
    pub async fn draft(&self, name: &str) -> String {
        let client = self.client(name).await;
        let path = format!("/v1/partnerships/{}/introductions", self.partnership);
        let made = self
            .a
            .admin
            .post(&path, json!({"client_id": client}))
            .await
            .expect(201);
        format!("/v1/introductions/{}", made["id"].as_str().unwrap())
    }

    /// An offer likewise.
    pub async fn offer(&self, name: &str) -> String {
        let path = self.draft(name).await;
        self.a
            .admin
            .post(&format!("{path}/offer"), Value::Null)
            .await
            .expect(200);
        path
    }

    /// Records consent for the client of one of A's introductions; the consent's address.
    pub async fn consent(&self, introduction: &str) -> String {
        let client = self.a.admin.get(introduction).await.expect(200)["client"]["id"].clone();
        let body = json!({"partnership_id": self.partnership, "given_on": "2026-03-01", "method": "written"});
        let path = format!("/v1/clients/{}/consents", client.as_str().unwrap());
        let made = self.a.admin.post(&path, body).await.expect(201);
        format!("/v1/consents/{}", made["id"].as_str().unwrap())
    }

    /// A step; its address.
    pub async fn step(&self, by: &Firm, owner: &str, due_on: &str) -> String {
        let body = json!({"owner": owner, "kind": "internal", "title": "Send the letter", "due_on": due_on});
        let made = by
            .admin
            .post(
                &format!("/v1/partnerships/{}/action-steps", self.partnership),
                body,
            )
            .await
            .expect(201);
        format!("/v1/action-steps/{}", made["id"].as_str().unwrap())
    }
}
