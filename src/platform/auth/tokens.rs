//! Access tokens: JWTs as RFC 9068 profiles them, checked as RFC 8725 advises.

use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::caller::Subject;
use super::key_ring::KeyRing;
use super::{Caller, Scopes, Who};
use crate::platform::error::{ApiResult, Error};
use crate::platform::values::Timestamp;

/// How long an access token is good.
pub const ACCESS_TOKEN_SECONDS: i64 = 600;
/// What `client_id` says in tokens of people.
pub const FIRST_PARTY: &str = "quid";
/// The longest token that is looked at; ours, with every scope there is, have half of it.
pub const LONGEST: usize = 4096;
/// By so much the clocks of two replicas may differ.
const SKEW_SECONDS: i64 = 5;
/// RFC 9068, 2.1.
const TYPE: &str = "at+jwt";

/// The claims of RFC 9068, 2.2, and the session of a person.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    client_id: String,
    iat: i64,
    exp: i64,
    jti: Uuid,
    /// Ours have none; whoever makes a token with our key for later gets what he asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<Uuid>,
    #[serde(default)]
    scope: String,
}

/// Signs a token for a caller. `id` becomes its `jti`.
pub fn sign(
    keys: &KeyRing,
    issuer: &str,
    caller: &Caller,
    id: Uuid,
    now: Timestamp,
) -> ApiResult<String> {
    let key = keys
        .signer(now)
        .ok_or_else(|| Error::broken("there is no signing key"))?;
    let (client_id, sid, scope) = match caller.who {
        Who::Member { .. } => (
            FIRST_PARTY.to_owned(),
            Some(caller.credential_id),
            String::new(),
        ),
        Who::ApiClient {
            api_client_id,
            scopes,
        } => (api_client_id.to_string(), None, scopes.to_string()),
    };
    let claims = Claims {
        iss: issuer.to_owned(),
        aud: issuer.to_owned(),
        sub: caller.actor_id(),
        client_id,
        iat: now.as_second(),
        exp: now.as_second() + ACCESS_TOKEN_SECONDS,
        jti: id,
        nbf: None,
        sid,
        scope,
    };
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(key.kid);
    jsonwebtoken::encode(&header, &claims, &key.encoding)
        .map_err(|_| Error::broken("an access token can't be signed"))
}

/// What a token proves.
#[derive(Debug)]
pub struct Verified {
    /// The member or API client.
    pub principal_id: Uuid,
    /// Through what it asks.
    pub subject: Subject,
    /// Until when.
    pub expires_at: Timestamp,
}

/// What a look at a token gives.
pub enum Verdict {
    /// It is one of ours and in time.
    Good(Verified),
    /// It is signed by a key that this process does not know (yet).
    UnknownKey,
    /// It is of no use.
    Bad,
}

/// Verifies a token against the known keys. Never fetches anything that the token names.
pub fn verify(keys: &KeyRing, issuer: &str, token: &str, now: Timestamp) -> Verdict {
    check(keys, issuer, token, now).unwrap_or(Verdict::Bad)
}

fn check(keys: &KeyRing, issuer: &str, token: &str, now: Timestamp) -> Option<Verdict> {
    if token.len() > LONGEST {
        return None;
    }
    let header = jsonwebtoken::decode_header(token).ok()?;
    let points_elsewhere = header.jku.is_some()
        || header.jwk.is_some()
        || header.x5u.is_some()
        || header.x5c.is_some()
        || header.crit.is_some();
    let is_access_token = header
        .typ
        .as_deref()
        .is_some_and(|typ| typ.eq_ignore_ascii_case(TYPE));
    if points_elsewhere || !is_access_token || header.alg != Algorithm::EdDSA {
        return None;
    }
    let Some(key) = keys.verifier(header.kid.as_deref()?, now) else {
        return Some(Verdict::UnknownKey);
    };
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_issuer(&[issuer]);
    rules.set_audience(&[issuer]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // The times are checked below, by the service's own clock.
    rules.validate_exp = false;
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &rules)
        .ok()?
        .claims;
    if !is_in_time(&claims, now.as_second()) {
        return None;
    }
    let subject = match claims.sid {
        Some(session_id) => {
            (claims.client_id == FIRST_PARTY).then_some(Subject::Session(session_id))?
        }
        None => (claims.client_id == claims.sub.to_string()).then_some(Subject::ApiClient(
            claims.sub,
            Scopes::parse(&claims.scope)?,
        ))?,
    };
    let expires_at = Timestamp::from_microsecond(claims.exp.saturating_mul(1_000_000));
    Some(Verdict::Good(Verified {
        principal_id: claims.sub,
        subject,
        expires_at,
    }))
}

/// Whether a token is good now. One that says it lives longer than ours do was not made by
/// [`sign`], whatever its signature says.
fn is_in_time(claims: &Claims, now: i64) -> bool {
    let lifetime = claims.exp.saturating_sub(claims.iat);
    let latest = now.saturating_add(SKEW_SECONDS);
    claims.exp > now
        && (0..=latest).contains(&claims.iat)
        && claims.nbf.is_none_or(|nbf| nbf <= latest)
        && (1..=ACCESS_TOKEN_SECONDS).contains(&lifetime)
}
