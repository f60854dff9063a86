//! Partnerships: proposed, answered, begun, interrupted, ended; who leads them, what they are agreed to be;
//! and the invitation of who has no account.

mod closing;
mod crossing;
mod expiry;
mod leads;
mod leaving;
mod notes;
mod pauses;
mod proposals;
mod terms;
mod transitions;

use serde_json::{Value, json};

use crate::support::{Actor, Firm, Quid};

/// What a firm's feed has, in order: of what kind, what was done, to which version.
async fn feed(quid: &Quid, firm_id: &str) -> Vec<String> {
    let client = quid.db.connect().await;
    let query = "SELECT kind || ' ' || action || ' ' || version FROM changes
                  WHERE firm_id = $1::text::uuid ORDER BY xid8, seq";
    let rows = client.query(query, &[&firm_id]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// A proposal's address.
async fn propose(by: &Actor, email: &str) -> String {
    let body = json!({"email": email});
    let made = by.post("/v1/partnerships", body).await.expect(201);
    format!("/v1/partnerships/{}", made["id"].as_str().unwrap())
}

/// Lets all proposals be an hour older: an address gets three an hour.
async fn an_hour_older(quid: &Quid) {
    let client = quid.db.connect().await;
    let older = "UPDATE partnerships SET created_at = created_at - interval '1 hour'";
    client.execute(older, &[]).await.unwrap();
}

/// Carries a verb out, with the reason that some need.
async fn carry_out(by: &Actor, path: &str, verb: &str) -> Value {
    by.post(&format!("{path}/{verb}"), body_of(verb))
        .await
        .expect(200)
}

fn body_of(verb: &str) -> Value {
    match verb {
        "decline" | "pause" | "end" => json!({"reason": "So be it."}),
        _ => Value::Null,
    }
}

/// The partnerships that a firm has open, as it sees them.
async fn open(by: &Actor) -> Vec<Value> {
    let all = by.get("/v1/partnerships?limit=200").await.expect(200);
    let all = all["data"].as_array().unwrap().clone();
    let is_open = |one: &Value| {
        ["proposed", "exploring", "active", "paused"].contains(&one["state"].as_str().unwrap())
    };
    all.into_iter().filter(is_open).collect()
}

/// The member's id, of one who is signed in.
async fn own_id(actor: &Actor) -> String {
    let me = actor.get("/v1/me").await.expect(200);
    me["id"].as_str().unwrap().to_owned()
}

/// The same firm, signed in again: the clock was moved on, and access tokens are short.
async fn signed_in_again(quid: &Quid, firm: &Firm) -> Firm {
    Firm {
        admin: quid.sign_in(&firm.email).await,
        ..firm.clone()
    }
}
