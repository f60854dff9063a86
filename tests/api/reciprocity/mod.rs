//! Reciprocity and pipeline: what the two parties read of the same history, and that every figure is what
//! its records add up to.

mod contributions;
mod diagnosis;
mod histories;
mod ledger;
mod pipeline;
mod plans;
mod records;

use serde_json::{Value, json};

use crate::support::{Actor, Firm, Quid};

/// What an introduction keeps of how far it came is what its history says, by another way of asking: the
/// furthest of the stages that nobody corrected, and the date of each.
pub async fn keeps_what_the_history_says(quid: &Quid) {
    let client = quid.db.connect().await;
    let query = "
        WITH said AS (
          SELECT s.introduction_id AS id, s.stage, s.occurred_on,
                 row_number() OVER (PARTITION BY s.introduction_id, s.stage ORDER BY s.version DESC) AS place
            FROM introduction_stages s
           WHERE NOT EXISTS (SELECT FROM introduction_stages c WHERE c.introduction_id = s.introduction_id AND c.corrects = s.version))
        SELECT i.id::text, i.reached, i.accepted_on::text, i.introduced_on::text, i.meeting_set_on::text, i.met_on::text, i.engaged_on::text,
               s.stages, s.accepted, s.introduced, s.meeting_set, s.met, s.engaged
          FROM introductions i
         CROSS JOIN LATERAL (
           SELECT array_agg(stage) AS stages,
                  max(occurred_on::text) FILTER (WHERE stage = 'accepted') AS accepted,
                  max(occurred_on::text) FILTER (WHERE stage = 'introduced') AS introduced,
                  max(occurred_on::text) FILTER (WHERE stage = 'meeting_set') AS meeting_set,
                  max(occurred_on::text) FILTER (WHERE stage = 'met') AS met,
                  max(occurred_on::text) FILTER (WHERE stage = 'engaged') AS engaged
             FROM said WHERE said.id = i.id AND said.place = 1) s";
    let order = [
        "offered",
        "accepted",
        "introduced",
        "meeting_set",
        "met",
        "engaged",
    ];
    let mut seen: std::collections::BTreeSet<&str> = std::collections::BTreeSet::new();
    for row in client.query(query, &[]).await.unwrap() {
        let id: String = row.get(0);
        let text = |place: usize| row.get::<_, Option<String>>(place);
        let stages: Vec<String> = row.get(7);
        let furthest = order
            .iter()
            .rev()
            .find(|stage| stages.iter().any(|one| one == *stage));
        assert_eq!(text(1).as_deref(), furthest.copied(), "{id} {stages:?}");
        for place in 0..5 {
            assert_eq!(
                text(2 + place),
                text(8 + place),
                "{id} {}",
                order[place + 1]
            );
        }
        seen.extend(furthest);
    }
    assert!(seen.len() > 3, "the history says too little: {seen:?}");
}

/// A pair of firms that can introduce clients to one another, both ways.
struct Partners {
    a: Firm,
    b: Firm,
    partnership: String,
}

impl Partners {
    async fn new(quid: &Quid) -> Self {
        let pair = quid.pair().await;
        Self {
            a: pair.a,
            b: pair.b,
            partnership: pair.partnership,
        }
    }

    fn report(&self) -> String {
        format!("/v1/partnerships/{}/reciprocity", self.partnership)
    }

    /// An introduction from one to the other that has come to a stage; its address.
    async fn introduce(&self, by: &Firm, to: &Firm, upto: &str, worth: Option<Value>) -> String {
        introduce((by, to), &self.partnership, upto, worth).await
    }
}

async fn introduce(
    (by, to): (&Firm, &Firm),
    partnership: &str,
    upto: &str,
    worth: Option<Value>,
) -> String {
    let client = json!({"name": "Mary Greene", "distinct_person": true});
    let client = by.admin.post("/v1/clients", client).await.expect(201)["id"].clone();
    let drafts = format!("/v1/partnerships/{partnership}/introductions");
    let body = json!({"client_id": client, "expected_value": worth});
    let made = by.admin.post(&drafts, body).await.expect(201);
    let path = format!("/v1/introductions/{}", made["id"].as_str().unwrap());
    if upto == "draft" {
        return path;
    }
    let consent =
        json!({"partnership_id": partnership, "given_on": "2026-03-01", "method": "written"});
    let consents = format!("/v1/clients/{}/consents", client.as_str().unwrap());
    by.admin.post(&consents, consent).await.expect(201);
    verb(&by.admin, &path, "offer").await;
    if upto == "offered" {
        return path;
    }
    verb(&to.admin, &path, "accept").await;
    if upto != "accepted" {
        let report = json!({"stage": upto});
        let stages = format!("{path}/stages");
        to.admin.post(&stages, report).await.expect(200);
    }
    path
}

async fn verb(by: &Actor, path: &str, verb: &str) -> Value {
    let body = match verb {
        "decline" => json!({"reason": "not_a_fit"}),
        _ => Value::Null,
    };
    by.post(&format!("{path}/{verb}"), body).await.expect(200)
}

fn money(amount_minor: i64, currency: &str) -> Option<Value> {
    Some(json!({"amount_minor": amount_minor, "currency": currency}))
}

/// Every item of a list, by its pages.
async fn all(by: &Actor, address: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let next = cursor.map(|cursor| format!("&cursor={cursor}"));
        let page = format!("{address}&limit=3{}", next.unwrap_or_default());
        let page = by.get(&page).await.expect(200);
        found.extend(page["data"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return found,
        }
    }
}
