//! Plans: sections drafted, proposed, countered, agreed; what the foundation lacks and whose turn it is.

mod agreement;
mod comparison;
mod fit;
mod foundation;
mod sections;
mod walk;

use serde_json::{Value, json};

use crate::support::{Actor, Answer, Pair, Quid};

/// Two firms that explore a partnership.
async fn exploring(quid: &Quid) -> Pair {
    let (a, b) = tokio::join!(quid.firm("Red Mesa Wealth"), quid.firm("Hartwell CPAs"));
    let proposed = a
        .admin
        .post("/v1/partnerships", json!({"email": b.email}))
        .await
        .expect(201);
    let partnership = proposed["id"].as_str().unwrap().to_owned();
    let accept = format!("/v1/partnerships/{partnership}/accept");
    b.admin.post(&accept, Value::Null).await.expect(200);
    Pair { a, b, partnership }
}

impl Pair {
    fn plan(&self) -> String {
        format!("/v1/partnerships/{}/plan", self.partnership)
    }

    /// Drafts a version; its address.
    async fn plan_draft(&self, by: &Actor, body: Value) -> String {
        let path = format!("/v1/partnerships/{}/plan-versions", self.partnership);
        let made = by.post(&path, json!({"body": body})).await.expect(201);
        format!("/v1/plan-versions/{}", made["id"].as_str().unwrap())
    }

    /// Drafts and proposes a version, in the place of another's where one is named.
    async fn try_to_propose(&self, by: &Actor, body: Value, counters: Option<&str>) -> Answer {
        let draft = self.plan_draft(by, body).await;
        let counters = counters.map(|path| path.rsplit('/').next().unwrap());
        by.post(
            &format!("{draft}/propose"),
            json!({"counters_id": counters}),
        )
        .await
    }

    /// The same, which succeeds; the proposal's address.
    async fn propose(&self, by: &Actor, body: Value, counters: Option<&str>) -> String {
        let proposed = self.try_to_propose(by, body, counters).await.expect(200);
        format!("/v1/plan-versions/{}", proposed["id"].as_str().unwrap())
    }
}

async fn agree(by: &Actor, version: &str) -> Answer {
    by.post(&format!("{version}/agree"), Value::Null).await
}

fn story(script: &str) -> Value {
    json!({"section": "core_story", "audience": "Owners who will sell", "script": script})
}

fn business(what: &str, confirms: bool) -> Value {
    json!({"business": what, "value_proposition": "One plan.", "benefit_to_own_clients": "They sleep better.",
        "confirms_other": confirms})
}

fn understanding(us: Value, them: Value) -> Value {
    json!({"section": "business_understanding", "us": us, "them": them, "alignment": "What is left after tax is invested.",
        "conversation": {"held_on": "2026-02-20", "attendees": ["Ana Ruiz", "Dana Hartwell"]}})
}

fn profile(least: f64) -> Value {
    json!({"summary": null, "traits": [{"name": "business_owner", "wanted": true, "weight": 1, "required": false}],
        "figures": [{"attribute": "investable_assets", "min": least, "max": null, "unit": "USD", "weight": 3, "required": true}]})
}

fn ideal_client(us: Value, them: Value) -> Value {
    json!({"section": "ideal_client", "us": us, "them": them, "combined": null})
}

fn success(party: Value) -> Value {
    json!({"section": "success_definition", "expectations": "Slow at first.", "metrics": [
        {"key": "given", "name": "Introductions", "kind": "introductions_given", "party": party, "target": 12, "currency": null,
         "starts_on": "2026-01-01", "ends_on": "2026-12-31", "direction": "at_least", "ramp": [{"due_on": "2026-06-30", "target": 3}]}]})
}

fn models(stages: [&str; 2]) -> Value {
    let of = |name: &str| json!({"kind": "consultative", "stages": [{"name": name, "description": null}]});
    json!({"sales": of(stages[0]), "service": of(stages[1])})
}

fn role(party: &str) -> Value {
    json!({"party": party, "role": "Advisor"})
}

fn service_models(us: Value, them: Value, accountable: Value) -> Value {
    json!({"section": "service_models", "us": us, "them": them, "similarities": "Both plan.", "differences": "One invests.",
        "introduction_points": [{"introducer": "us", "from_stage": "Review", "to_stage": "First call", "note": null}],
        "responsibilities": [{"activity": "Calls the client", "responsible": [role("them")], "accountable": accountable,
            "consulted": [], "informed": [role("us")], "outcome": null}]})
}

fn protocol(us: Value, them: Value) -> Value {
    json!({"section": "communication_protocol", "weekday": "tuesday", "time": "09:30", "time_zone": "America/Denver", "minutes": 30,
        "members": {"us": us, "them": them}, "document_period": "P1M", "meal_cadence": "P3M", "imbalance_threshold": 0.4,
        "balance_measure": "accepted", "first_answer_target": "P2D"})
}
