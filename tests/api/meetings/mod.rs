//! Meetings: laid out from the protocol, moved, skipped, held; what is on the agenda and what came of it.

mod agenda;
mod conversations;
mod items;
mod layout;
mod notes;
mod outcomes;
mod series;
mod verbs;

use serde_json::{Value, json};

use crate::support::{Actor, Firm, Pair, Quid};

const DAY: i64 = 24 * 3600;
const LAY_OUT: &str = "lay_out_meetings";

/// Lets time pass, after which everybody signs in again.
async fn pass(quid: &Quid, pair: &mut Pair, seconds: i64) {
    quid.hand.advance_seconds(seconds);
    for firm in [&mut pair.a, &mut pair.b] {
        firm.admin = quid.sign_in(&firm.email).await;
    }
}

async fn member_id(of: &Actor) -> Value {
    of.get("/v1/me").await.expect(200)["member"]["id"].clone()
}

/// Lets the two agree on a protocol: A proposes, B agrees.
async fn agree(pair: &Pair, weekday: &str, time: &str, zone: &str) {
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let body = json!({"section": "communication_protocol", "weekday": weekday, "time": time, "time_zone": zone, "minutes": 30,
        "members": {"us": [member_id(a).await], "them": [member_id(b).await]}, "document_period": "P1M", "meal_cadence": "P3M",
        "imbalance_threshold": 0.4, "balance_measure": "accepted", "first_answer_target": "P2D"});
    let path = format!("/v1/partnerships/{}/plan-versions", pair.partnership);
    let made = a.post(&path, json!({"body": body})).await.expect(201);
    let at = |verb: &str| format!("/v1/plan-versions/{}/{verb}", made["id"].as_str().unwrap());
    a.post(&at("propose"), json!({})).await.expect(200);
    b.post(&at("agree"), Value::Null).await.expect(200);
}

/// Two partners who speak on Tuesdays at half past nine in Denver, laid out.
async fn partners(quid: &Quid) -> Pair {
    let pair = quid.pair().await;
    agree(&pair, "tuesday", "09:30", "America/Denver").await;
    quid.come_round(LAY_OUT).await;
    pair
}

impl Pair {
    fn at(&self, what: &str) -> String {
        format!("/v1/partnerships/{}/{what}", self.partnership)
    }

    async fn meetings(&self, by: &Actor) -> Vec<Value> {
        let page = by.get(&self.at("meetings?limit=200")).await.expect(200);
        page["data"].as_array().unwrap().clone()
    }

    /// The planned ones; the earliest first.
    async fn planned(&self) -> Vec<Value> {
        let path = self.at("meetings?state=planned&limit=200");
        let page = self.a.admin.get(&path).await.expect(200);
        page["data"].as_array().unwrap().clone()
    }

    async fn item(&self, by: &Firm, body: Value) -> Value {
        by.admin
            .post(&self.at("agenda-items"), body)
            .await
            .expect(201)
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

/// The address of a meeting.
fn address(meeting: &Value) -> String {
    format!("/v1/meetings/{}", text(meeting, "id"))
}

fn held_now(quid: &Quid) -> Value {
    json!({"held_at": quid.now().to_string(), "attendance": {"us": [], "them": []}, "topics": []})
}

async fn hold(quid: &Quid, by: &Actor, meeting: &Value) -> Value {
    let path = format!("{}/hold", address(meeting));
    by.post(&path, held_now(quid)).await.expect(200)
}

/// What the feed of a firm says of a kind: action, version and id, in its order.
async fn feed(quid: &Quid, firm: &Firm, kind: &str) -> Vec<(String, i32, String)> {
    let query = "SELECT action, version, resource_id::text FROM changes
                  WHERE kind = $2 AND firm_id = $1::text::uuid ORDER BY xid8, seq";
    let client = quid.db.connect().await;
    let rows = client.query(query, &[&firm.id, &kind]).await.unwrap();
    rows.iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect()
}
