//! Contacts: whom one may call in the other firm, and who answers for what today.

mod whom;
mod writing;

use serde_json::{Value, json};

use crate::support::{Actor, Pair, Quid};

/// A contact with reasons, and with more of its fields.
fn a_contact(name: &str, reasons: &[&str], more: Value) -> Value {
    let reasons: Vec<Value> = reasons
        .iter()
        .map(|reason| json!({"reason": reason, "detail": format!("{name} on {reason}")}))
        .collect();
    let mut body = json!({"name": name, "role": "Manager", "reasons": reasons});
    for (field, value) in more.as_object().into_iter().flatten() {
        body[field] = value.clone();
    }
    body
}

/// Makes a contact; its address.
async fn create(by: &Actor, pair: &Pair, body: Value) -> String {
    let made = by.post(&contacts(pair), body).await.expect(201);
    format!("/v1/contacts/{}", made["id"].as_str().unwrap())
}

fn contacts(pair: &Pair) -> String {
    format!("/v1/partnerships/{}/contacts", pair.partnership)
}

/// What a firm's feed has of contacts.
async fn feed(quid: &Quid, firm_id: &str) -> Vec<String> {
    let client = quid.db.connect().await;
    let query = "SELECT action || ' ' || version FROM changes
                  WHERE firm_id = $1::text::uuid AND kind = 'contact' ORDER BY xid8, seq";
    let rows = client.query(query, &[&firm_id]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}
