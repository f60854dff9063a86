//! Access tokens that are not ours, in every way that is known to have worked somewhere (RFC 8725).
//! Each is the genuine one with one thing changed, and the genuine one works.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use quid::platform::auth::Role;
use quid::platform::auth::key_ring::SigningKey;
use serde_json::{Value, json};

use crate::support::{self, Actor, Quid};

/// How long an access token is good.
const LIFETIME: i64 = 600;

fn encode(text: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// A genuine token, taken apart, and the key that signed it.
struct Genuine {
    quid: Quid,
    actor: Actor,
    header: Value,
    claims: Value,
    key: SigningKey,
}

impl Genuine {
    async fn new() -> Self {
        let quid = support::start().await;
        let actor = quid.firm("A").await.admin;
        Self::of(quid, actor).await
    }

    async fn of(quid: Quid, actor: Actor) -> Self {
        let token = actor.token.clone().unwrap();
        let parts: Vec<_> = token.split('.').collect();
        let app = quid.app().await;
        let key = app.keys.signer(app.clock.now()).unwrap();
        Self {
            header: decoded(parts[0]),
            claims: decoded(parts[1]),
            quid,
            actor,
            key,
        }
    }

    /// Signed with the service's own key, whatever it says.
    fn signed(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", encode(header), encode(claims));
        let signature = jsonwebtoken::crypto::sign(
            message.as_bytes(),
            &self.key.encoding,
            jsonwebtoken::Algorithm::EdDSA,
        );
        format!("{message}.{}", signature.unwrap())
    }

    fn with_header(&self, name: &str, value: Value) -> String {
        self.signed(
            &changed(&self.header, name, value),
            &self.claims.to_string(),
        )
    }

    fn with_claim(&self, name: &str, value: Value) -> String {
        self.signed(
            &self.header.to_string(),
            &changed(&self.claims, name, value),
        )
    }

    /// With a claim as it stands in the text, which JSON values can't say.
    fn with_text(&self, name: &str, text: &str) -> String {
        let mark = json!("(here)");
        let claims = changed(&self.claims, name, mark.clone());
        self.signed(
            &self.header.to_string(),
            &claims.replace(&mark.to_string(), text),
        )
    }

    async fn is_refused(&self, what: &str, token: &str) {
        let answer = self.actor.with_token(token).get("/v1/clients").await;
        assert_eq!(answer.status.as_u16(), 401, "{what}: {}", answer.text());
        assert_eq!(answer.problem(401), "unauthenticated", "{what}");
        assert!(
            answer.header("www-authenticate").starts_with("Bearer"),
            "{what}"
        );
    }

    async fn is_taken(&self, what: &str, token: &str) {
        let answer = self.actor.with_token(token).get("/v1/clients").await;
        assert_eq!(answer.status.as_u16(), 200, "{what}: {}", answer.text());
    }
}

/// An object with one field changed; `null` takes it out.
fn changed(object: &Value, name: &str, value: Value) -> String {
    let mut object = object.clone();
    let map = object.as_object_mut().unwrap();
    if value.is_null() {
        map.remove(name);
    } else {
        map.insert(name.to_owned(), value);
    }
    object.to_string()
}

#[tokio::test]
async fn the_genuine_one_works_made_by_the_service_or_by_this_test() {
    let genuine = Genuine::new().await;
    let own = genuine.actor.token.clone().unwrap();
    genuine.is_taken("as it was given", &own).await;
    let twin = genuine.signed(&genuine.header.to_string(), &genuine.claims.to_string());
    genuine.is_taken("signed here", &twin).await;
    let [header, claims, signature] = own.split('.').collect::<Vec<_>>()[..] else {
        panic!("a token of three parts")
    };
    let mut bits = URL_SAFE_NO_PAD.decode(signature).unwrap();
    bits[0] ^= 1;
    for (what, token) in [
        (
            "one bit of the signature",
            format!("{header}.{claims}.{}", encode(&bits)),
        ),
        ("without its signature", format!("{header}.{claims}.")),
        ("with two parts", format!("{header}.{claims}")),
        ("with four parts", format!("{own}.{signature}")),
        ("padded", format!("{own}==")),
        ("nothing", String::new()),
        (
            "another's claims",
            format!(
                "{header}.{}.{signature}",
                encode(changed(&genuine.claims, "sub", json!(uuid())))
            ),
        ),
    ] {
        genuine.is_refused(what, &token).await;
    }
}

fn uuid() -> &'static str {
    "0198b6d2-7c1e-7a40-9d53-0b8f4c2f1a11"
}

#[tokio::test]
async fn another_algorithm_than_ours_is_refused_whatever_key_it_uses() {
    let genuine = Genuine::new().await;
    let keys = genuine
        .quid
        .nobody()
        .get("/.well-known/jwks.json")
        .await
        .expect(200);
    let public = keys["keys"][0]["x"].as_str().unwrap().to_owned();
    let raw = URL_SAFE_NO_PAD.decode(&public).unwrap();
    let claims = genuine.claims.to_string();
    for algorithm in ["HS256", "HS384", "HS512"] {
        let header = changed(&genuine.header, "alg", json!(algorithm));
        let message = format!("{}.{}", encode(&header), encode(&claims));
        // The public key as the secret, raw, as text, and as the set that is published.
        for secret in [
            raw.clone(),
            public.clone().into_bytes(),
            keys.to_string().into_bytes(),
        ] {
            let key = jsonwebtoken::EncodingKey::from_secret(&secret);
            let algorithm: jsonwebtoken::Algorithm = algorithm.parse().unwrap();
            let signature =
                jsonwebtoken::crypto::sign(message.as_bytes(), &key, algorithm).unwrap();
            genuine
                .is_refused(&header, &format!("{message}.{signature}"))
                .await;
        }
    }
    for algorithm in [
        "none", "None", "NONE", "nOnE", "", "RS256", "ES256", "PS512", "eddsa",
    ] {
        let header = changed(&genuine.header, "alg", json!(algorithm));
        let unsigned = format!("{}.{}.", encode(&header), encode(&claims));
        genuine.is_refused(&header, &unsigned).await;
        genuine
            .is_refused(&header, &genuine.signed(&header, &claims))
            .await;
    }
    genuine
        .is_refused("no algorithm", &genuine.with_header("alg", Value::Null))
        .await;
}

#[tokio::test]
async fn a_header_that_names_a_key_of_its_own_is_refused_and_nobody_is_asked_for_it() {
    let genuine = Genuine::new().await;
    let bait = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    bait.set_nonblocking(true).unwrap();
    let url = format!("http://{}/keys.json", bait.local_addr().unwrap());
    let jwk =
        json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    for (name, value) in [
        ("jku", json!(url)),
        ("x5u", json!(url)),
        ("x5c", json!(["MIIB"])),
        ("jwk", jwk),
        ("crit", json!(["exp"])),
        ("crit", json!(["b64"])),
        ("kid", Value::Null),
        ("kid", json!("")),
        ("kid", json!("../../../dev/null")),
        ("kid", json!(url)),
        ("kid", json!("' UNION SELECT 1 --")),
        ("kid", json!(7)),
        ("typ", Value::Null),
        ("typ", json!("JWT")),
        ("typ", json!("id+jwt")),
        ("typ", json!("application/at+jwt; x")),
    ] {
        let token = genuine.with_header(name, value.clone());
        genuine
            .is_refused(&format!("{name}: {value}"), &token)
            .await;
    }
    // RFC 7515, 4.1.9: a type may be written without regard to case.
    genuine
        .is_taken("typ: AT+JWT", &genuine.with_header("typ", json!("AT+JWT")))
        .await;
    let twice = genuine
        .header
        .to_string()
        .replacen('{', "{\"alg\":\"none\",", 1);
    let token = genuine.signed(&twice, &genuine.claims.to_string());
    genuine.is_refused("two algorithms", &token).await;
    let nobody_came = bait.accept().unwrap_err();
    assert_eq!(nobody_came.kind(), std::io::ErrorKind::WouldBlock);
}

#[tokio::test]
async fn claims_that_are_not_ours_are_refused() {
    let genuine = Genuine::new().await;
    let now = genuine.claims["iat"].as_i64().unwrap();
    let issuer = genuine.claims["iss"].clone();
    let cases = [
        ("iss", json!("http://other.test")),
        ("iss", json!([issuer])),
        ("iss", json!(format!("{}/", issuer.as_str().unwrap()))),
        ("aud", json!("http://other.test")),
        ("aud", json!([issuer, "http://other.test"])),
        ("aud", json!([])),
        ("sub", json!(uuid())),
        ("sub", json!("admin")),
        ("sub", json!("")),
        ("sid", json!(uuid())),
        ("sid", json!("x")),
        ("client_id", json!("other")),
        ("jti", json!("x")),
        ("exp", json!(now)),
        ("exp", json!(now - 1)),
        ("exp", json!(0)),
        ("exp", json!(-1)),
        ("exp", json!((now + 60).to_string())),
        ("exp", json!(now + LIFETIME + 1)),
        ("exp", json!(now + 10 * 365 * 86_400)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(u64::MAX)),
        ("exp", json!(1e300)),
        ("exp", json!(true)),
        ("exp", json!({})),
        ("iat", json!(now + 60)),
        ("iat", json!(-1)),
        ("iat", json!(i64::MIN)),
        ("iat", json!(now - 1)),
        ("iat", json!(now.to_string())),
        ("nbf", json!(now + 60)),
        ("nbf", json!(i64::MAX)),
        ("nbf", json!("now")),
        ("scope", json!(7)),
    ];
    for (name, value) in cases {
        let token = genuine.with_claim(name, value.clone());
        genuine
            .is_refused(&format!("{name}: {value}"), &token)
            .await;
    }
    for name in ["iss", "aud", "sub", "client_id", "iat", "exp", "jti", "sid"] {
        let token = genuine.with_claim(name, Value::Null);
        genuine.is_refused(&format!("without {name}"), &token).await;
    }
    for (name, text) in [
        ("exp", "1e400"),
        ("exp", "-0"),
        ("exp", "9223372036854775808"),
        ("exp", "NaN"),
        ("exp", "null"),
        ("iat", "1e400"),
        ("sub", "null"),
    ] {
        let token = genuine.with_text(name, text);
        genuine.is_refused(&format!("{name}: {text}"), &token).await;
    }
    for (name, value) in [("nbf", json!(now)), ("nbf", json!(0)), ("azp", json!("x"))] {
        let token = genuine.with_claim(name, value.clone());
        genuine.is_taken(&format!("{name}: {value}"), &token).await;
    }
}

#[tokio::test]
async fn a_claim_that_stands_twice_is_refused_in_either_order() {
    let genuine = Genuine::new().await;
    let now = genuine.claims["iat"].as_i64().unwrap();
    let (header, claims) = (genuine.header.to_string(), genuine.claims.to_string());
    for (name, value) in [
        ("exp", json!(now + 60)),
        ("sub", json!(uuid())),
        ("sub", genuine.claims["sub"].clone()),
        ("aud", genuine.claims["aud"].clone()),
        ("iss", json!("http://other.test")),
        ("sid", json!(uuid())),
        ("scope", json!("clients:read")),
    ] {
        let one = format!("\"{name}\":{value}");
        let first = claims.replacen('{', &format!("{{{one},"), 1);
        let last = format!("{},{one}}}", claims.strip_suffix('}').unwrap());
        genuine
            .is_refused(&first, &genuine.signed(&header, &first))
            .await;
        genuine
            .is_refused(&last, &genuine.signed(&header, &last))
            .await;
    }
}

#[tokio::test]
async fn a_persons_token_is_good_for_its_own_session_and_a_machines_for_its_own_client() {
    let quid = support::start().await;
    let firm = quid.firm("A").await;
    let other = quid.member(&firm, Role::Compliance).await;
    let machine = quid.api_client(&firm, &["clients:read"]).await;
    let claims = |actor: &Actor| {
        let token = actor.token.clone().unwrap();
        decoded(token.split('.').nth(1).unwrap())
    };
    let (others, machines) = (claims(&other), claims(&machine));
    let person = Genuine::of(quid, firm.admin.clone()).await;
    for (what, token) in [
        (
            "another's session",
            person.with_claim("sid", others["sid"].clone()),
        ),
        (
            "another member",
            person.with_claim("sub", others["sub"].clone()),
        ),
        (
            "a machine's id",
            person.with_claim("client_id", machines["client_id"].clone()),
        ),
        ("no session", person.with_claim("sid", Value::Null)),
    ] {
        person.is_refused(what, &token).await;
    }
    let machine = Genuine {
        claims: machines.clone(),
        ..person
    };
    let twin = machine.signed(&machine.header.to_string(), &machine.claims.to_string());
    machine.is_taken("the machine's own", &twin).await;
    for (what, token) in [
        (
            "a person's session",
            machine.with_claim("sid", others["sid"].clone()),
        ),
        ("a person", machine.with_claim("sub", others["sub"].clone())),
        (
            "an unknown scope",
            machine.with_claim("scope", json!("clients:read everything")),
        ),
        (
            "another client",
            machine.with_claim("client_id", json!(uuid())),
        ),
    ] {
        machine.is_refused(what, &token).await;
    }
    // A scope that was not granted opens nothing, though the token says it.
    let more = machine.with_claim("scope", json!("clients:read firm:read"));
    let answer = machine.actor.with_token(&more).get("/v1/firm").await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn a_token_as_long_as_a_book_and_a_key_that_is_retired_are_refused() {
    let genuine = Genuine::new().await;
    let long = genuine.with_claim("note", json!("x".repeat(6000)));
    genuine.is_refused("a long note", &long).await;
    let zeros = genuine.with_text("exp", &"0".repeat(5000));
    genuine.is_refused("many digits", &zeros).await;
    let deep = format!("{}{}", "[".repeat(2000), "]".repeat(2000));
    genuine
        .is_refused("deep", &genuine.with_text("note", &deep))
        .await;
    let own = genuine.signed(&genuine.header.to_string(), &genuine.claims.to_string());
    genuine.quid.hand.advance_seconds(LIFETIME - 1);
    genuine.is_taken("to its last second", &own).await;
    genuine.quid.hand.advance_seconds(1);
    genuine.is_refused("expired", &own).await;
}

#[tokio::test]
async fn two_authorizations_are_none() {
    let quid = support::start().await;
    let actor = quid.firm("A").await.admin;
    let other = quid.firm("B").await.admin;
    let bearer = |actor: &Actor| format!("Bearer {}", actor.token.clone().unwrap());
    let (own, others) = (bearer(&actor), bearer(&other));
    for headers in [
        vec![
            ("authorization", own.as_str()),
            ("authorization", own.as_str()),
        ],
        vec![
            ("authorization", own.as_str()),
            ("authorization", others.as_str()),
        ],
    ] {
        let mut request = quid.http.get(format!("{}/v1/clients", quid.url));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        assert_eq!(request.send().await.unwrap().status(), 401);
    }
    for value in [
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "bearer: x",
        &own.replace(' ', ""),
    ] {
        let answer = quid
            .nobody()
            .get_with("/v1/clients", &[("authorization", value)])
            .await;
        assert_eq!(answer.problem(401), "unauthenticated", "{value:?}");
    }
}
