//! Two partner firms, a stranger, and for each operation a request that succeeds when the right one
//! sends it.

use std::cell::Cell;
use std::collections::BTreeMap;

use quid::platform::auth::Role;
use reqwest::Method;
use serde_json::{Value, json};

use super::documented::{Documented, Operation};
use crate::support::{self, Actor, Answer, Firm, Pair, Quid};

/// A party of the partnership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The one that proposed, introduces its clients and lays steps on the other.
    A,
    /// The other: it was proposed to, receives and answers.
    B,
}

/// What is sent along.
#[derive(Clone, Debug)]
pub enum Body {
    None,
    /// None; what is asked stands behind the path.
    Query(String),
    Json(Value),
    Form(String),
}

/// A request of an operation.
#[derive(Clone, Debug)]
pub struct Request {
    pub operation: Operation,
    pub path: String,
    /// What the path names, in order.
    pub ids: Vec<String>,
    pub headers: Vec<(String, String)>,
    pub body: Body,
}

impl Request {
    /// Sends it.
    pub async fn send(&self, actor: &Actor) -> Answer {
        self.send_with(actor, &[]).await
    }

    /// Sends it with more headers.
    pub async fn send_with(&self, actor: &Actor, more: &[(&str, &str)]) -> Answer {
        let body = match &self.body {
            Body::None | Body::Query(_) => None,
            Body::Json(value) => Some(value.to_string().into_bytes()),
            Body::Form(form) => Some(form.clone().into_bytes()),
        };
        self.send_raw(actor, more, body).await
    }

    /// Sends it with these bytes for a body.
    pub async fn send_raw(
        &self,
        actor: &Actor,
        more: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Answer {
        let own = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let given = |name: &str| {
            more.iter()
                .any(|(other, _)| other.eq_ignore_ascii_case(name))
        };
        let headers: Vec<_> = own
            .filter(|(name, _)| !given(name))
            .chain(more.iter().copied())
            .collect();
        let method = Method::from_bytes(self.operation.method.as_bytes()).unwrap();
        actor.send(method, &self.path, &headers, body).await
    }

    /// Its JSON body.
    pub fn json(&self) -> &Value {
        match &self.body {
            Body::Json(value) => value,
            other => panic!("{}: {other:?}", self.operation.id),
        }
    }

    /// The same with a field set.
    pub fn with(&self, field: &str, value: Value) -> Self {
        let mut body = self.json().clone();
        body[field] = value;
        Self {
            body: Body::Json(body),
            ..self.clone()
        }
    }

    /// The same at an address with something added.
    pub fn at(&self, path: String) -> Self {
        Self {
            path,
            ..self.clone()
        }
    }
}

/// A service with firms that know one another, and one that knows nobody.
pub struct World {
    pub quid: Quid,
    pub pair: Pair,
    pub stranger: Firm,
    /// One that is there to be closed.
    pub leaving: Firm,
    /// Those whose admins have to do with a second factor: whoever has one signs in otherwise.
    careful: BTreeMap<&'static str, Firm>,
    pub documented: Documented,
    count: Cell<u32>,
}

/// The operations on a second factor that is there already, or begun.
pub const WITH_SECOND_FACTOR: &[&str] = &[
    "confirm_second_factor",
    "renew_recovery_codes",
    "remove_second_factor",
];

/// The parties that may send a request: which one, where not both may.
pub fn owner(operation: &str, case: &str) -> Side {
    match (operation, case) {
        ("accept_partnership" | "decline_partnership" | "agree_cancellation", _)
        | ("agree_plan_version", _)
        | ("accept_introduction" | "decline_introduction", _)
        | ("accept_action_step" | "decline_action_step", _)
        | ("record_outcome", _)
        | ("confirm_contribution" | "decline_contribution", _)
        | ("record_stage", "meeting_set")
        | ("create_introduction", "of the receiver's client") => Side::B,
        _ => Side::A,
    }
}

fn core_story(n: u32) -> Value {
    json!({"body": {"section": "core_story", "audience": "Owners", "script": format!("Story {n}.")}})
}

fn a_decision(n: u32) -> Value {
    json!({"decision": "proceed", "reason": format!("It suits us, {n}.")})
}

fn a_waiver(n: u32) -> Value {
    json!({"section": "core_story", "reason": format!("We know each other well, {n}.")})
}

fn careful_name(operation: &str) -> String {
    format!("Careful to {operation}")
}

fn id_of(made: &Value) -> String {
    made["id"]
        .as_str()
        .unwrap_or_else(|| panic!("no id in {made}"))
        .to_owned()
}

fn last(address: &str) -> String {
    address.rsplit('/').next().unwrap().to_owned()
}

impl World {
    /// Two partners and a stranger.
    pub async fn new() -> Self {
        let quid = support::start().await;
        let pair = quid.pair().await;
        let stranger = quid.firm("Far Away Trust").await;
        let leaving = quid.firm("Soon Gone").await;
        let mut careful = BTreeMap::new();
        for operation in WITH_SECOND_FACTOR {
            careful.insert(*operation, quid.firm(&careful_name(operation)).await);
        }
        Self {
            quid,
            pair,
            stranger,
            leaving,
            careful,
            documented: Documented::new(),
            count: Cell::new(0),
        }
    }

    /// The firm of a side.
    pub fn firm(&self, side: Side) -> &Firm {
        match side {
            Side::A => &self.pair.a,
            Side::B => &self.pair.b,
        }
    }

    /// A number that was not given before.
    pub fn number(&self) -> u32 {
        self.count.set(self.count.get() + 1);
        self.count.get()
    }

    /// The admin who may send a request of this operation.
    pub fn admin_for(&self, operation: &str, case: &str) -> &Actor {
        match operation {
            "close_firm" => &self.leaving.admin,
            _ if WITH_SECOND_FACTOR.contains(&operation) => &self.careful[operation].admin,
            _ => &self.firm(owner(operation, case)).admin,
        }
    }

    /// A proposal of A's to a member of B's: each pair of leads has one at most.
    pub async fn proposal(&self) -> String {
        let member = self.quid.member(&self.pair.b, Role::Advisor).await;
        let email = member.get("/v1/me").await.expect(200)["member"]["email"].clone();
        id_of(
            &self
                .pair
                .a
                .admin
                .post("/v1/partnerships", json!({"email": email}))
                .await
                .expect(201),
        )
    }

    async fn exploring(&self) -> String {
        let id = self.proposal().await;
        self.pair
            .b
            .admin
            .post(&format!("/v1/partnerships/{id}/accept"), Value::Null)
            .await
            .expect(200);
        id
    }

    async fn active(&self) -> String {
        let id = self.exploring().await;
        support::lay_foundation(&self.pair.a.admin, &self.pair.b.admin, &id).await;
        let path = format!("/v1/partnerships/{id}/activate");
        self.pair.a.admin.post(&path, Value::Null).await.expect(200);
        id
    }

    async fn paused(&self) -> String {
        let id = self.active().await;
        let path = format!("/v1/partnerships/{id}/pause");
        let reason = json!({"reason": "Our season."});
        self.pair.a.admin.post(&path, reason).await.expect(200);
        id
    }

    async fn note(&self) -> String {
        let path = format!("/v1/partnerships/{}/notes", self.pair.partnership);
        let body = json!({"body": format!("Note {}", self.number())});
        id_of(&self.pair.a.admin.post(&path, body).await.expect(201))
    }

    /// A partnership that is at work, in which nothing is agreed on but to go without.
    async fn planned(&self) -> String {
        let id = self.exploring().await;
        support::lay_foundation(&self.pair.a.admin, &self.pair.b.admin, &id).await;
        id
    }

    /// A partnership in which the two have agreed on the ideal client.
    async fn with_ideal_client(&self) -> String {
        let partnership = self.exploring().await;
        self.agree_on_ideal_client(&partnership).await;
        partnership
    }

    /// A partnership whose parties call something success that is reported by hand.
    async fn with_custom_metric(&self) -> String {
        let partnership = self.exploring().await;
        self.agree_on_custom_metric(&partnership).await;
        partnership
    }

    /// Lets the two agree on a metric that is reported by hand.
    pub async fn agree_on_custom_metric(&self, partnership: &str) {
        let (a, b) = (&self.pair.a.admin, &self.pair.b.admin);
        let path = format!("/v1/partnerships/{partnership}/plan-versions");
        let metric = json!({"key": "articles", "name": "Articles", "kind": "custom", "party": null, "target": 12, "currency": null,
            "starts_on": "2026-01-01", "ends_on": "2026-12-31", "direction": "at_least", "ramp": []});
        let body = json!({"body": {"section": "success_definition", "expectations": "Not at once.", "metrics": [metric]}});
        let version = id_of(&a.post(&path, body).await.expect(201));
        let at = |verb: &str| format!("/v1/plan-versions/{version}/{verb}");
        a.post(&at("propose"), json!({})).await.expect(200);
        b.post(&at("agree"), Value::Null).await.expect(200);
    }

    /// Lets the two agree on the ideal client.
    pub async fn agree_on_ideal_client(&self, partnership: &str) {
        let (a, b) = (&self.pair.a.admin, &self.pair.b.admin);
        let path = format!("/v1/partnerships/{partnership}/plan-versions");
        let wanted = json!({"summary": null, "figures": [],
            "traits": [{"name": "business_owner", "wanted": true, "weight": 1, "required": false}]});
        let ideal = |us: &Value, them: &Value| json!({"body": {"section": "ideal_client", "us": us, "them": them, "combined": null}});
        let first = id_of(
            &a.post(&path, ideal(&wanted, &Value::Null))
                .await
                .expect(201),
        );
        let second = id_of(&b.post(&path, ideal(&wanted, &wanted)).await.expect(201));
        for (by, id, counters) in [(a, &first, None), (b, &second, Some(&first))] {
            let propose = format!("/v1/plan-versions/{id}/propose");
            let body = json!({"counters_id": counters});
            by.post(&propose, body).await.expect(200);
        }
        let agree = format!("/v1/plan-versions/{second}/agree");
        a.post(&agree, Value::Null).await.expect(200);
    }

    /// A draft of A's core story, in a partnership of its own: each has one open proposal of a section.
    async fn plan_draft(&self) -> String {
        let path = format!("/v1/partnerships/{}/plan-versions", self.exploring().await);
        let body = core_story(self.number());
        id_of(&self.pair.a.admin.post(&path, body).await.expect(201))
    }

    /// A proposal of a party's.
    async fn plan_proposal(&self, side: Side) -> String {
        let by = &self.firm(side).admin;
        let path = format!("/v1/partnerships/{}/plan-versions", self.exploring().await);
        let id = id_of(&by.post(&path, core_story(self.number())).await.expect(201));
        let propose = format!("/v1/plan-versions/{id}/propose");
        by.post(&propose, json!({})).await.expect(200);
        id
    }

    async fn plan_record(&self, what: &str, body: Value) -> String {
        let path = format!("/v1/partnerships/{}/{what}", self.exploring().await);
        id_of(&self.pair.a.admin.post(&path, body).await.expect(201))
    }

    /// A step of A's to which something was done.
    async fn step_after(&self, verb: &str, body: Value) -> String {
        let id = self.step(Side::A, "us").await;
        let path = format!("/v1/action-steps/{id}/{verb}");
        self.pair.a.admin.post(&path, body).await.expect(200);
        id
    }

    async fn contribution(&self) -> String {
        let path = format!("/v1/partnerships/{}/contributions", self.pair.partnership);
        let body = a_contribution(self.number());
        id_of(&self.pair.a.admin.post(&path, body).await.expect(201))
    }

    async fn contact(&self) -> String {
        let path = format!("/v1/partnerships/{}/contacts", self.pair.partnership);
        let body = a_contact(self.number());
        id_of(&self.pair.a.admin.post(&path, body).await.expect(201))
    }

    async fn touchpoint(&self, visibility: &str) -> String {
        let path = format!("/v1/partnerships/{}/touchpoints", self.pair.partnership);
        let body = a_touchpoint(visibility, self.number());
        id_of(&self.pair.a.admin.post(&path, body).await.expect(201))
    }

    async fn evidence(&self) -> String {
        let step = self.step(Side::A, "us").await;
        let path = format!("/v1/action-steps/{step}/evidence");
        let body = json!({"kind": "note", "text": "She has read it."});
        id_of(&self.pair.a.admin.post(&path, body).await.expect(201))
    }

    /// A meeting besides the series, which is planned.
    pub async fn meeting(&self) -> String {
        let path = format!("/v1/partnerships/{}/meetings", self.pair.partnership);
        let body = a_meeting(self.number());
        id_of(&self.pair.a.admin.post(&path, body).await.expect(201))
    }

    async fn outcome(&self, body: Value) -> String {
        let path = format!("/v1/meetings/{}/outcomes", self.meeting().await);
        id_of(&self.pair.a.admin.post(&path, body).await.expect(201))
    }

    async fn agenda_item(&self) -> String {
        let path = format!("/v1/partnerships/{}/agenda-items", self.pair.partnership);
        let body = an_item(self.number());
        id_of(&self.pair.a.admin.post(&path, body).await.expect(201))
    }

    async fn client(&self, firm: &Firm) -> String {
        let name = format!("Client {}", self.number());
        id_of(
            &firm
                .admin
                .post("/v1/clients", json!({"name": name}))
                .await
                .expect(201),
        )
    }

    async fn draft(&self) -> String {
        last(&self.pair.draft(&format!("Client {}", self.number())).await)
    }

    async fn offer(&self) -> String {
        last(&self.pair.offer(&format!("Client {}", self.number())).await)
    }

    async fn accepted(&self) -> String {
        let id = self.offer().await;
        let path = format!("/v1/introductions/{id}");
        self.pair.consent(&path).await;
        self.pair
            .b
            .admin
            .post(&format!("{path}/accept"), Value::Null)
            .await
            .expect(200);
        id
    }

    async fn consent(&self) -> String {
        let draft = self.draft().await;
        last(
            &self
                .pair
                .consent(&format!("/v1/introductions/{draft}"))
                .await,
        )
    }

    async fn step(&self, side: Side, owner: &str) -> String {
        last(&self.pair.step(self.firm(side), owner, "2026-03-20").await)
    }

    /// A request of an operation that succeeds when the [`owner`]'s admin sends it: on things made for
    /// it, so that it can be sent once.
    pub async fn request(&self, operation: &str, case: &str) -> Request {
        let (ids, body) = self.content(operation, case).await;
        let operation = self.documented.operation(operation);
        let mut path = place(&operation.path, &ids);
        if let Body::Query(query) = &body {
            path = format!("{path}?{query}");
        }
        let mut request = Request {
            operation,
            path,
            ids,
            headers: Vec::new(),
            body,
        };
        if matches!(request.body, Body::Form(_)) {
            let kind = "application/x-www-form-urlencoded";
            request
                .headers
                .push(("content-type".to_owned(), kind.to_owned()));
        }
        if request.operation.is_guarded() {
            let read = self
                .admin_for(&request.operation.id, case)
                .get(&request.path)
                .await;
            request
                .headers
                .push(("if-match".to_owned(), read.header("etag").to_owned()));
        }
        request
    }

    async fn content(&self, operation: &str, case: &str) -> (Vec<String>, Body) {
        let partnership = || vec![self.pair.partnership.clone()];
        let n = self.number();
        let reason = || Body::Json(json!({"reason": "We have agreed so."}));
        match (operation, case) {
            (
                "get_health"
                | "get_readiness"
                | "list_problems"
                | "get_jwks"
                | "get_authorization_server_metadata"
                | "get_firm"
                | "get_work_calendar"
                | "get_today"
                | "get_calendar_feed"
                | "create_calendar_feed"
                | "delete_calendar_feed"
                | "list_playbooks"
                | "get_me"
                | "list_members"
                | "list_api_clients"
                | "list_member_invitations"
                | "list_partnerships"
                | "list_clients"
                | "list_introductions"
                | "list_action_steps"
                | "list_audit_entries"
                | "list_disclosures"
                | "get_firm_reciprocity"
                | "list_reciprocity_entries"
                | "list_contributions"
                | "get_pipeline"
                | "get_gift_totals"
                | "list_sessions"
                | "end_other_sessions"
                | "get_second_factor"
                | "sign_out",
                "",
            ) => (vec![], Body::None),
            ("get_problem", "") => (vec!["not-found".to_owned()], Body::None),

            ("sign_up_firm", "") => {
                let token = self.quid.prove(&format!("new{n}@firm.example")).await;
                let body = Quid::sign_up_body("Canyon Law", &token);
                (vec![], Body::Json(body))
            }
            ("request_sign_up", "") => (
                vec![],
                Body::Json(json!({"email": format!("new{n}@firm.example")})),
            ),
            ("create_member_invitation", "") => {
                let email = format!("joiner{n}@firm.example");
                let body = json!({"email": email, "role": "advisor", "name": "The joiner"});
                (vec![], Body::Json(body))
            }
            ("get_member_invitation" | "revoke_member_invitation", "") => {
                (vec![self.invitation(n).await.0], Body::None)
            }
            ("accept_member_invitation", "") => {
                let (_, token) = self.invitation(n).await;
                let password = support::people::PASSWORD;
                let body = json!({"token": token, "name": "The joiner", "password": password});
                (vec![], Body::Json(body))
            }
            ("patch_me", "") => (vec![], Body::Json(json!({"name": format!("Admin {n}")}))),
            ("sign_in", "") => {
                let body =
                    json!({"email": self.pair.a.email, "password": support::people::PASSWORD});
                (vec![], Body::Json(body))
            }
            ("end_session", "") => {
                let session = self.quid.sign_in(&self.pair.a.email).await;
                let page = session.get("/v1/sessions?limit=200").await.expect(200);
                let mut sessions = page["data"].as_array().unwrap().iter();
                let own = sessions.find(|one| one["is_current"] == true).unwrap();
                (vec![id_of(own)], Body::None)
            }
            ("change_password", "") => {
                let body = json!({"present_password": support::people::PASSWORD, "new_password": support::people::PASSWORD});
                (vec![], Body::Json(body))
            }
            ("request_password_reset", "") => {
                (vec![], Body::Json(json!({"email": self.pair.a.email})))
            }
            ("use_password_reset", "") => {
                let body =
                    json!({"token": self.reset().await, "new_password": support::people::PASSWORD});
                (vec![], Body::Json(body))
            }
            ("enrol_second_factor", "") => (
                vec![],
                Body::Json(json!({"password": support::people::PASSWORD})),
            ),
            ("confirm_second_factor", "") => {
                let code = self.begin_second_factor(operation).await;
                (vec![], Body::Json(json!({"code": code})))
            }
            ("renew_recovery_codes" | "remove_second_factor", "") => {
                self.begin_second_factor(operation).await;
                self.spread_second_factor(&careful_name(operation), operation)
                    .await;
                (
                    vec![],
                    Body::Json(json!({"password": support::people::PASSWORD})),
                )
            }
            ("issue_token", "") => (vec![], Body::Form(self.credentials().await)),
            ("issue_token", "refresh") => {
                let session = self.quid.sign_in(&self.pair.a.email).await;
                let form = format!(
                    "grant_type=refresh_token&refresh_token={}",
                    session.refresh_token.unwrap()
                );
                (vec![], Body::Form(form))
            }

            ("create_api_client", "") => {
                let body = json!({"name": format!("CRM {n}"), "scopes": ["clients:read"]});
                (vec![], Body::Json(body))
            }
            ("revoke_api_client", "") => {
                let body = json!({"name": format!("CRM {n}"), "scopes": ["clients:read"]});
                let made = self
                    .pair
                    .a
                    .admin
                    .post("/v1/api-clients", body)
                    .await
                    .expect(201);
                (vec![id_of(&made["api_client"])], Body::None)
            }

            ("propose_partnership", "") => (
                vec![],
                Body::Json(
                    json!({"email": format!("someone{n}@elsewhere.example"), "message": "Shall we?"}),
                ),
            ),
            ("get_partnership", "") => (partnership(), Body::None),
            ("accept_partnership" | "withdraw_partnership", "") => {
                (vec![self.proposal().await], Body::None)
            }
            ("decline_partnership", "") => (vec![self.proposal().await], reason()),
            ("activate_partnership", "") => (vec![self.planned().await], Body::None),
            ("end_partnership", "") => (vec![self.exploring().await], reason()),
            ("pause_partnership", "") => (vec![self.active().await], reason()),
            ("resume_partnership", "") => (vec![self.paused().await], Body::None),
            ("get_member" | "deactivate_member", "") => (vec![self.member().await], Body::None),
            ("patch_member", "") => (
                vec![self.member().await],
                Body::Json(json!({"role": "assistant"})),
            ),
            ("reactivate_member", "") => {
                let id = self.member().await;
                let leave = format!("/v1/members/{id}/deactivate");
                self.pair.a.admin.post(&leave, json!({})).await;
                (vec![id], Body::None)
            }
            ("close_firm", "") => (vec![], reason()),
            ("patch_firm", "") => (
                vec![],
                Body::Json(json!({"retention_months": 12 + n % 1000})),
            ),
            ("change_lead", "") => {
                let member = self.quid.member(&self.pair.a, Role::Advisor).await;
                let me = member.get("/v1/me").await.expect(200);
                let body = json!({"member_id": me["member"]["id"]});
                (vec![self.exploring().await], Body::Json(body))
            }
            ("get_partnership_terms" | "list_partnership_terms" | "list_partnership_notes", "") => {
                (partnership(), Body::None)
            }
            ("patch_partnership_terms", "") => {
                let review = format!("2027-{:02}-{:02}", n / 28 % 12 + 1, n % 28 + 1);
                let body = json!({"exclusive": false, "review_on": review});
                (vec![self.exploring().await], Body::Json(body))
            }
            ("create_partnership_note", "") => (
                partnership(),
                Body::Json(json!({"body": format!("Note {n}")})),
            ),
            ("get_partnership_note" | "delete_partnership_note", "") => {
                (vec![self.note().await], Body::None)
            }
            ("patch_partnership_note", "") => (
                vec![self.note().await],
                Body::Json(json!({"body": format!("Another note {n}")})),
            ),

            (
                "get_plan" | "list_plan_versions" | "list_plan_decisions" | "list_plan_waivers",
                "",
            ) => (partnership(), Body::None),
            ("create_plan_version", "") => (partnership(), Body::Json(core_story(n))),
            ("get_plan_version" | "delete_plan_version", "of a draft")
            | ("delete_plan_version", "") => (vec![self.plan_draft().await], Body::None),
            ("get_plan_version" | "compare_plan_versions", "") => {
                (vec![self.plan_proposal(Side::A).await], Body::None)
            }
            ("patch_plan_version", "") => {
                (vec![self.plan_draft().await], Body::Json(core_story(n)))
            }
            ("propose_plan_version", "") => (
                vec![self.plan_draft().await],
                Body::Json(json!({"counters_id": null})),
            ),
            ("agree_plan_version", "") => (vec![self.plan_proposal(Side::A).await], Body::None),
            ("withdraw_plan_version", "") => (vec![self.plan_proposal(Side::A).await], reason()),
            ("decide_plan", "") => (partnership(), Body::Json(a_decision(n))),
            ("get_plan_decision", "") => (
                vec![self.plan_record("plan-decisions", a_decision(n)).await],
                Body::None,
            ),
            ("waive_plan_section", "") => (vec![self.exploring().await], Body::Json(a_waiver(n))),
            ("get_plan_waiver" | "withdraw_plan_waiver", "") => (
                vec![self.plan_record("plan-waivers", a_waiver(n)).await],
                Body::None,
            ),

            ("list_candidates", "") => (vec![self.with_ideal_client().await], Body::None),
            ("get_candidate", "") => {
                let client = self.client(&self.pair.a).await;
                (vec![self.with_ideal_client().await, client], Body::None)
            }

            ("get_reciprocity" | "get_results" | "get_vitality", "") => (partnership(), Body::None),
            ("create_metric_reading", "") => (
                vec![self.with_custom_metric().await],
                Body::Json(a_reading(n)),
            ),
            ("list_metric_readings", "") => (vec![self.with_custom_metric().await], Body::None),
            ("get_metric_reading", "") => {
                let partnership = self.with_custom_metric().await;
                let path = format!("/v1/partnerships/{partnership}/metric-readings");
                let made = self
                    .pair
                    .a
                    .admin
                    .post(&path, a_reading(n))
                    .await
                    .expect(201);
                (vec![id_of(&made)], Body::None)
            }
            ("create_contribution", "") => (partnership(), Body::Json(a_contribution(n))),
            ("get_contribution" | "confirm_contribution" | "withdraw_contribution", "") => {
                (vec![self.contribution().await], Body::None)
            }
            ("decline_contribution", "") => (vec![self.contribution().await], reason()),

            ("create_client", "") => (vec![], Body::Json(json!({"name": format!("Client {n}")}))),
            ("erase_client", "") => (vec![self.client(&self.pair.a).await], Body::None),
            ("hold_client", "") => (vec![self.client(&self.pair.a).await], reason()),
            ("release_client", "") => {
                let client = self.client(&self.pair.a).await;
                let hold = format!("/v1/clients/{client}/hold");
                let body = json!({"reason": "A case."});
                self.pair.a.admin.post(&hold, body).await.expect(200);
                (vec![client], Body::None)
            }
            ("get_client" | "list_consents", "") => {
                (vec![self.client(&self.pair.a).await], Body::None)
            }
            ("patch_client", "") => (
                vec![self.client(&self.pair.a).await],
                Body::Json(json!({"notes": format!("Note {n}")})),
            ),
            ("get_client_by_external_id", "") => {
                let ids = vec!["salesforce".to_owned(), format!("003-{n:05}")];
                let path = format!("/v1/clients/by-external-id/{}", ids.join("/"));
                self.pair
                    .a
                    .admin
                    .put(&path, json!({"name": format!("Client {n}")}))
                    .await
                    .expect(201);
                (ids, Body::None)
            }
            ("upsert_client", "") => {
                let ids = vec!["salesforce".to_owned(), format!("003-{n:05}")];
                (ids, Body::Json(json!({"name": format!("Client {n}")})))
            }
            ("record_consent", "") => {
                let body = json!({"partnership_id": self.pair.partnership, "given_on": "2026-03-01", "method": "written"});
                (vec![self.client(&self.pair.a).await], Body::Json(body))
            }
            ("get_consent" | "withdraw_consent", "") => (vec![self.consent().await], Body::None),

            ("create_introduction", "") => {
                let client = self.client(&self.pair.a).await;
                (
                    partnership(),
                    Body::Json(json!({"client_id": client, "summary": "They should meet."})),
                )
            }
            ("create_introduction", "of the receiver's client") => (
                partnership(),
                Body::Json(json!({"client_id": self.client(&self.pair.b).await})),
            ),
            ("upsert_introduction", "") => {
                let client = self.client(&self.pair.a).await;
                let body = json!({"partnership_id": self.pair.partnership, "client_id": client, "summary": "They should meet."});
                (
                    vec!["salesforce".to_owned(), format!("006-{n:05}")],
                    Body::Json(body),
                )
            }
            (
                "get_introduction" | "list_stages" | "offer_introduction" | "withdraw_introduction",
                "of a draft",
            )
            | ("offer_introduction", "") => (vec![self.draft().await], Body::None),
            ("offer_introduction", "of an offer")
            | (
                "get_introduction"
                | "get_introduction_fit"
                | "list_stages"
                | "accept_introduction"
                | "withdraw_introduction",
                "",
            ) => (vec![self.offer().await], Body::None),
            ("patch_introduction", "") => (
                vec![self.offer().await],
                Body::Json(json!({"summary": format!("Reason {n}")})),
            ),
            ("patch_introduction", "of a draft") => (
                vec![self.draft().await],
                Body::Json(json!({"summary": format!("Reason {n}")})),
            ),
            ("decline_introduction", "") => (
                vec![self.offer().await],
                Body::Json(json!({"reason": "no_capacity"})),
            ),
            ("record_stage", "introduced" | "") => (
                vec![self.accepted().await],
                Body::Json(json!({"stage": "introduced", "note": "At lunch."})),
            ),
            ("record_stage", "meeting_set") => (
                vec![self.accepted().await],
                Body::Json(json!({"stage": "meeting_set"})),
            ),

            ("correct_stage", "") => {
                let id = self.accepted().await;
                let stages = format!("/v1/introductions/{id}/stages");
                let body = json!({"stage": "introduced"});
                self.pair.a.admin.post(&stages, body).await.expect(200);
                let body =
                    json!({"stage": "accepted", "correction_reason": "It was another client."});
                (vec![id], Body::Json(body))
            }
            ("record_outcome", "") => {
                let id = self.accepted().await;
                let stages = format!("/v1/introductions/{id}/stages");
                let body = json!({"stage": "met"});
                self.pair.b.admin.post(&stages, body).await.expect(200);
                let body = json!({"words": "A plan for the sale.", "rating": 5});
                (vec![id], Body::Json(body))
            }
            ("get_introduction_by_external_id", "") => {
                let put = self.draft_by_external_id(n).await;
                (put, Body::None)
            }
            ("link_introduction", "") => (
                vec![self.offer().await],
                Body::Json(json!({"system": "hubspot", "external_id": format!("deal-{n}")})),
            ),
            ("unlink_introduction", "") => {
                let id = self.offer().await;
                let link = format!("/v1/introductions/{id}/link");
                let body = json!({"system": "hubspot", "external_id": format!("deal-{n}")});
                self.pair.a.admin.post(&link, body).await.expect(200);
                (vec![id], Body::Json(json!({"system": "hubspot"})))
            }

            ("create_action_step", "") => (partnership(), Body::Json(a_step("us", n))),
            ("create_action_step", "laid on the other") => {
                (partnership(), Body::Json(a_step("them", n)))
            }
            ("get_timeline", "") => (partnership(), Body::None),
            ("get_action_step" | "list_moves" | "list_step_states" | "list_evidence", "") => {
                (vec![self.step(Side::A, "us").await], Body::None)
            }
            ("get_evidence", "") => (vec![self.evidence().await], Body::None),
            ("add_evidence", "") => (
                vec![self.step(Side::A, "us").await],
                Body::Json(json!({"kind": "link", "url": format!("https://files.example/{n}")})),
            ),
            ("patch_action_step", "") => (
                vec![self.step(Side::A, "us").await],
                Body::Json(json!({"title": format!("Send both letters {n}")})),
            ),
            ("patch_action_step", "laid on the other") => (
                vec![self.step(Side::A, "them").await],
                Body::Json(json!({"title": format!("Send both letters {n}")})),
            ),
            ("begin_action_step", "") => (vec![self.step(Side::A, "us").await], Body::None),
            ("skip_action_step" | "cancel_action_step", "") => {
                (vec![self.step(Side::A, "us").await], reason())
            }
            ("cancel_action_step", "laid on the other") => {
                (vec![self.step(Side::A, "them").await], reason())
            }
            ("reopen_action_step", "") => {
                (vec![self.step_after("complete", json!({})).await], reason())
            }
            ("agree_cancellation", "") => {
                let reason = json!({"reason": "She has moved abroad."});
                (vec![self.step_after("cancel", reason).await], Body::None)
            }
            ("accept_action_step", "") => (vec![self.step(Side::A, "them").await], Body::None),
            ("decline_action_step", "") => (vec![self.step(Side::A, "them").await], reason()),
            ("complete_action_step", "") => (
                vec![self.step(Side::A, "us").await],
                Body::Json(json!({"done_on": "2026-03-02"})),
            ),
            ("reschedule_action_step", "") => {
                let body = json!({"due_on": "2026-04-01", "reason": "The client is abroad."});
                (vec![self.step(Side::A, "us").await], Body::Json(body))
            }
            ("put_work_calendar", "") => {
                let day = format!("2027-{:02}-{:02}", n / 28 % 12 + 1, n % 28 + 1);
                let body = json!({"weekend": ["sunday"], "holidays": [{"holiday_on": day, "name": "Founders' day"}]});
                (vec![], Body::Json(body))
            }
            ("read_calendar", "") => {
                let made = self
                    .pair
                    .a
                    .admin
                    .post("/v1/me/calendar-feed", Value::Null)
                    .await;
                let url = made.expect(201)["url"].as_str().unwrap().to_owned();
                (vec![last(&url)], Body::None)
            }
            ("get_predecessors", "") => (vec![self.step(Side::A, "us").await], Body::None),
            ("put_predecessors", "") => {
                let before = self.step(Side::A, "them").await;
                let lag = json!({"count": n % 100, "unit": "business_days"});
                let body = json!({"after": [{"action_step_id": before, "lag": lag}]});
                (vec![self.step(Side::A, "us").await], Body::Json(body))
            }
            (
                "get_forecast" | "get_promises" | "list_cascades" | "list_playbook_applications",
                "",
            ) => (partnership(), Body::None),
            ("preview_cascade", "") => (
                vec![self.step(Side::A, "us").await],
                Body::Query("due_on=2026-04-01".to_owned()),
            ),
            ("cascade_action_step", "") => {
                let body = json!({"due_on": "2026-04-01", "reason": format!("The client is abroad, {n}.")});
                (vec![self.step(Side::A, "us").await], Body::Json(body))
            }
            ("get_cascade" | "undo_cascade", "") => (vec![self.cascade().await], Body::None),
            ("create_playbook", "") => (vec![], Body::Json(a_playbook(n))),
            ("get_playbook" | "list_playbook_versions" | "archive_playbook", "") => {
                (vec![self.playbook().await], Body::None)
            }
            ("patch_playbook", "") => (
                vec![self.playbook().await],
                Body::Json(json!({"name": format!("Gold {n}, revised")})),
            ),
            ("preview_playbook", "") => {
                let query = format!("playbook_id={}&start_on=2026-03-06", self.playbook().await);
                (partnership(), Body::Query(query))
            }
            ("apply_playbook", "") => {
                let body = json!({"playbook_id": self.playbook().await, "start_on": "2026-03-06"});
                (partnership(), Body::Json(body))
            }
            ("get_playbook_application", "") => (vec![self.application().await], Body::None),
            ("create_contact", "") => (partnership(), Body::Json(a_contact(n))),
            ("list_contacts" | "get_whom_to_call" | "list_touchpoints", "") => {
                (partnership(), Body::None)
            }
            ("get_contact" | "delete_contact", "") => (vec![self.contact().await], Body::None),
            ("patch_contact", "") => (
                vec![self.contact().await],
                Body::Json(json!({"role": format!("Manager {n}")})),
            ),
            ("create_touchpoint", "") => (partnership(), Body::Json(a_touchpoint("shared", n))),
            ("get_touchpoint" | "delete_touchpoint", "") => {
                (vec![self.touchpoint("shared").await], Body::None)
            }
            ("get_touchpoint" | "delete_touchpoint", "that is private") => {
                (vec![self.touchpoint("private").await], Body::None)
            }
            ("patch_touchpoint", "") => (
                vec![self.touchpoint("shared").await],
                Body::Json(json!({"note": format!("Note {n}")})),
            ),
            ("patch_touchpoint", "that is private") => (
                vec![self.touchpoint("private").await],
                Body::Json(json!({"note": format!("Note {n}")})),
            ),

            ("list_meetings" | "get_conversations" | "list_agenda_items", "") => {
                (partnership(), Body::None)
            }
            ("create_meeting", "") => (partnership(), Body::Json(a_meeting(n))),
            ("get_meeting" | "get_agenda" | "get_meeting_note" | "list_meeting_outcomes", "") => {
                (vec![self.meeting().await], Body::None)
            }
            ("patch_meeting", "") => (
                vec![self.meeting().await],
                Body::Json(json!({"minutes_text": format!("Both spoke, {n}.")})),
            ),
            ("move_meeting", "") => {
                let body = json!({"starts_at": "2026-03-21T15:00:00Z", "reason": "A holiday."});
                (vec![self.meeting().await], Body::Json(body))
            }
            ("skip_meeting", "") => (vec![self.meeting().await], reason()),
            ("hold_meeting", "") => {
                let body = json!({"held_at": "2026-03-02T09:00:00Z", "attendance": {"us": [], "them": []},
                    "topics": ["introductions", "personal"]});
                (vec![self.meeting().await], Body::Json(body))
            }
            ("put_meeting_note", "") => (
                vec![self.meeting().await],
                Body::Json(json!({"body": format!("She seems tired, {n}.")})),
            ),
            ("create_meeting_outcome", "") => {
                (vec![self.meeting().await], Body::Json(an_outcome(n)))
            }
            ("get_meeting_outcome", "") => (vec![self.outcome(an_outcome(n)).await], Body::None),
            ("get_meeting_outcome", "of a draft") => {
                let client = self.client(&self.pair.a).await;
                let draft = json!({"outcome": {"kind": "introduction", "introduction": {"client_id": client}}});
                (vec![self.outcome(draft).await], Body::None)
            }
            ("create_agenda_item", "") => (partnership(), Body::Json(an_item(n))),
            ("get_agenda_item" | "delete_agenda_item", "") => {
                (vec![self.agenda_item().await], Body::None)
            }
            ("patch_agenda_item", "") => (
                vec![self.agenda_item().await],
                Body::Json(json!({"title": format!("Another thing {n}")})),
            ),
            ("resolve_agenda_item", "") => {
                // One of its own, so that no other request finds its meeting changed.
                let meeting = self.meeting().await;
                let body = json!({"resolution": "Dana does it.", "meeting_id": meeting});
                (vec![self.agenda_item().await], Body::Json(body))
            }
            _ => panic!(
                "no request is known for the operation {operation} {case:?}: write one here, in World::content, and a row in authorization.rs"
            ),
        }
    }

    /// A step of A's that was moved together with what waits for it.
    async fn cascade(&self) -> String {
        let path = format!(
            "/v1/action-steps/{}/cascade",
            self.step(Side::A, "us").await
        );
        let body = json!({"due_on": "2026-04-01", "reason": "The client is abroad."});
        id_of(&self.pair.a.admin.post(&path, body).await.expect(201))
    }

    async fn playbook(&self) -> String {
        let body = a_playbook(self.number());
        id_of(
            &self
                .pair
                .a
                .admin
                .post("/v1/playbooks", body)
                .await
                .expect(201),
        )
    }

    /// A playbook of A's that was laid out.
    async fn application(&self) -> String {
        let path = format!(
            "/v1/partnerships/{}/playbook-applications",
            self.pair.partnership
        );
        let body = json!({"playbook_id": self.playbook().await, "start_on": "2026-03-06"});
        id_of(&self.pair.a.admin.post(&path, body).await.expect(201))
    }

    /// An invitation of A's; its id and its token.
    async fn invitation(&self, n: u32) -> (String, String) {
        let email = format!("joiner{n}@firm.example");
        self.quid
            .invite_member(&self.pair.a, &email, "advisor")
            .await
    }

    /// The token of a reset, for somebody new.
    async fn reset(&self) -> String {
        let forgetful = self.quid.firm("Forgetful Trust").await;
        let token = format!("token of the reset {}", self.number());
        let insert = "INSERT INTO password_resets (id, member_id, email, token_digest, created_at, expires_at)
                      SELECT gen_random_uuid(), id, email, sha256($2::text::bytea), created_at, created_at + interval '1 day'
                        FROM members WHERE email = $1";
        let client = self.quid.db.connect().await;
        let rows = client.execute(insert, &[&forgetful.email, &token]).await;
        assert_eq!(rows.unwrap(), 1);
        token
    }

    /// Lets the admin who is there for an operation enrol anew; what the app shows.
    async fn begin_second_factor(&self, operation: &str) -> String {
        let firm = &self.careful[operation];
        let client = self.quid.db.connect().await;
        let gone = "DELETE FROM second_factors s USING members m WHERE m.id = s.member_id AND m.email = $1";
        client.execute(gone, &[&firm.email]).await.unwrap();
        let body = json!({"password": support::people::PASSWORD});
        let made = firm.admin.post("/v1/me/second-factor", body).await;
        support::code_at(
            made.expect(201)["secret"].as_str().unwrap(),
            self.quid.now(),
        )
    }

    /// Gives the secret of the admin who is there for an operation to everybody of the firms with a
    /// name, confirmed where the operation needs that.
    pub async fn spread_second_factor(&self, firm: &str, operation: &str) {
        let client = self.quid.db.connect().await;
        let spread = "INSERT INTO second_factors (member_id, sealed_secret, confirmed_at, created_at)
                      SELECT m.id, p.sealed_secret, CASE WHEN $3 THEN p.created_at END, p.created_at
                        FROM members m JOIN firms f ON f.id = m.firm_id,
                             second_factors p JOIN members o ON o.id = p.member_id
                       WHERE f.name = $1 AND o.email = $2
                      ON CONFLICT (member_id) DO UPDATE SET confirmed_at = excluded.confirmed_at, sealed_secret = excluded.sealed_secret";
        let from = &self.careful[operation].email;
        let is_there = operation != "confirm_second_factor";
        client
            .execute(spread, &[&firm, from, &is_there])
            .await
            .unwrap();
    }

    /// A new advisor of A's.
    async fn member(&self) -> String {
        let member = self.quid.member(&self.pair.a, Role::Advisor).await;
        id_of(&member.get("/v1/me").await.expect(200))
    }

    /// A draft of A's with an external id: system and id.
    async fn draft_by_external_id(&self, n: u32) -> Vec<String> {
        let ids = vec!["salesforce".to_owned(), format!("006-{n:05}")];
        let client = self.client(&self.pair.a).await;
        let body = json!({"partnership_id": self.pair.partnership, "client_id": client});
        let path = format!("/v1/introductions/by-external-id/{}", ids.join("/"));
        self.pair.a.admin.put(&path, body).await.expect(201);
        ids
    }

    /// A form that a new API client of A's gets a token with.
    async fn credentials(&self) -> String {
        let body = json!({"name": "CRM", "scopes": ["clients:read"]});
        let made = self
            .pair
            .a
            .admin
            .post("/v1/api-clients", body)
            .await
            .expect(201);
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            text("client_id"),
            text("client_secret")
        )
    }
}

fn a_playbook(n: u32) -> Value {
    let after =
        |key: Value, count: u32| json!([{"key": key, "lag": {"count": count, "unit": "days"}}]);
    let step = |key: &str, owner: &str, after: Value| {
        json!({"key": key, "title": format!("Gold {n}: {key}"), "detail": null, "owner": owner, "kind": "internal", "channel": null,
            "topic": null, "after": after, "length_days": 1})
    };
    json!({"name": format!("Gold {n}"), "applies_to": "partnership", "steps": [
        step("call", "us", after(Value::Null, 1)), step("packet", "partner", after(json!("call"), 7))]})
}

fn a_contribution(n: u32) -> Value {
    json!({"kind": "advice", "words": format!("How trusts are taxed, part {n}."), "happened_on": "2026-03-02"})
}

fn a_contact(n: u32) -> Value {
    json!({"name": format!("Nora {n}"), "role": "Tax manager", "reasons": [{"reason": "new_introduction", "detail": null}]})
}

fn a_touchpoint(visibility: &str, n: u32) -> Value {
    json!({"kind": "meal", "happened_on": "2026-03-02", "place": format!("Table {n}"), "visibility": visibility,
        "guests": [{"side": "them", "name": "Pia Otero"}]})
}

fn a_reading(n: u32) -> Value {
    json!({"key": "articles", "measured_on": "2026-03-02", "figure": n})
}

fn a_meeting(n: u32) -> Value {
    json!({"starts_at": "2026-03-20T15:00:00Z", "length_minutes": 10 + n % 1000})
}

/// An action step that came of a meeting.
pub fn an_outcome(n: u32) -> Value {
    json!({"outcome": {"kind": "action_step", "action_step": a_step("us", n)}})
}

fn an_item(n: u32) -> Value {
    json!({"title": format!("Who speaks first at seminar {n}?"), "topic": "service_models"})
}

fn a_step(owner: &str, n: u32) -> Value {
    json!({"owner": owner, "kind": "internal", "title": format!("Send letter {n}"), "due_on": "2026-03-20"})
}

/// A path with its parameters put in, in order.
pub fn place(path: &str, ids: &[String]) -> String {
    let mut ids = ids.iter();
    let parts = path.split('/').map(|part| match part.starts_with('{') {
        true => ids
            .next()
            .unwrap_or_else(|| panic!("{path} needs more ids"))
            .as_str(),
        false => part,
    });
    parts.collect::<Vec<_>>().join("/")
}
