//! Who is made a lead at the very moment at which it leaves, or loses the role: never both.

use quid::platform::auth::Role;
use serde_json::{Value, json};

use super::{an_hour_older, carry_out, open, own_id, propose};
use crate::support::{self, Actor, Answer, Firm, Quid};

/// Rounds of what may meet at the same moment in one way or another.
const ROUNDS: usize = 15;

/// A member who comes and goes.
struct Wanderer {
    email: String,
    id: String,
    path: String,
}

impl Wanderer {
    async fn of(quid: &Quid, firm: &Firm) -> Self {
        let actor = quid.member(firm, Role::Advisor).await;
        let me = actor.get("/v1/me").await.expect(200)["member"].clone();
        let text = |name: &str| me[name].as_str().unwrap().to_owned();
        let id = text("id");
        Self {
            email: text("email"),
            path: format!("/v1/members/{id}"),
            id,
        }
    }

    /// What takes the lead away from it: it leaves, or becomes an assistant.
    async fn goes(&self, by: &Actor, leaves: bool, tag: &str) -> Answer {
        if leaves {
            by.post(&format!("{}/deactivate", self.path), Value::Null)
                .await
        } else {
            by.patch_with(&self.path, tag, json!({"role": "assistant"}))
                .await
        }
    }

    async fn tag(&self, by: &Actor) -> String {
        by.get(&self.path).await.header("etag").to_owned()
    }

    /// Brings all back to where it began, for the next round.
    async fn comes_back(&self, by: &Actor) {
        for one in open(by).await {
            let path = format!("/v1/partnerships/{}", one["id"].as_str().unwrap());
            let verb = match (
                one["state"].as_str().unwrap(),
                one["side"].as_str().unwrap(),
            ) {
                ("proposed", "proposer") => "withdraw",
                ("proposed", _) => "decline",
                _ => "end",
            };
            carry_out(by, &path, verb).await;
        }
        let is = by.get(&self.path).await.expect(200);
        if !is["deactivated_at"].is_null() {
            carry_out(by, &self.path, "reactivate").await;
        }
        by.patch(&self.path, json!({"role": "advisor"}))
            .await
            .expect(200);
    }
}

/// Every open party of a firm's has a lead who is there and may commit the firm; for one that was proposed
/// to it is enough that somebody accepts.
async fn all_are_led(firm: &Firm, about: &str) {
    let members = firm.admin.get("/v1/members?limit=200").await.expect(200);
    let members = members["data"].as_array().unwrap().clone();
    for one in open(&firm.admin).await {
        let lead = &one["us"]["lead_id"];
        let lead = members.iter().find(|member| member["id"] == *lead).unwrap();
        if one["state"] == "proposed" && one["side"] == "recipient" {
            continue;
        }
        assert_eq!(
            lead["deactivated_at"],
            Value::Null,
            "{about}: {one} is led by {lead}"
        );
        let may = lead["role"] == "admin" || lead["role"] == "advisor";
        assert!(may, "{about}: {one} is led by {lead}");
    }
}

/// That one of the two held, and which.
fn one_held(made: &Answer, gone: &Answer, about: &str) -> bool {
    let made_it = made.status.is_success();
    if made_it {
        assert_eq!(
            gone.problem(409),
            "state-forbids",
            "{about}: {}",
            made.text()
        );
        assert_eq!(gone.json()["missing"], "successor", "{about}");
    } else {
        let status = made.status.as_u16();
        assert!(
            [401, 403, 422].contains(&status),
            "{about}: {}",
            made.text()
        );
        assert_eq!(
            gone.status,
            200,
            "{about}: {} after {}",
            gone.text(),
            made.text()
        );
    }
    made_it
}

#[tokio::test]
async fn who_is_handed_the_lead_while_it_leaves_leads_or_is_gone() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let admin = &pair.a.admin;
    let (first, wanderer) = (own_id(admin).await, Wanderer::of(&quid, &pair.a).await);
    let lead = format!("/v1/partnerships/{}/lead", pair.partnership);
    let mut led = 0;
    for round in 0..2 * ROUNDS {
        let leaves = round % 2 == 0;
        let tag = wanderer.tag(admin).await;
        let (given, gone) = tokio::join!(
            admin.post(&lead, json!({"member_id": wanderer.id})),
            wanderer.goes(admin, leaves, &tag),
        );
        let about = format!("round {round}");
        led += usize::from(one_held(&given, &gone, &about));
        all_are_led(&pair.a, &about).await;
        admin
            .post(&lead, json!({"member_id": first}))
            .await
            .expect(200);
        if gone.status == 200 && leaves {
            carry_out(admin, &wanderer.path, "reactivate").await;
        }
        admin
            .patch(&wanderer.path, json!({"role": "advisor"}))
            .await
            .expect(200);
    }
    println!("in {led} of {} rounds it led", 2 * ROUNDS);
}

#[tokio::test]
async fn who_proposes_while_it_leaves_leads_or_is_gone() {
    let quid = support::start().await;
    let a = quid.firm("Red Mesa Wealth").await;
    let wanderer = Wanderer::of(&quid, &a).await;
    let mut led = 0;
    for round in 0..2 * ROUNDS {
        let member = quid.sign_in(&wanderer.email).await;
        let tag = wanderer.tag(&a.admin).await;
        let body = json!({"email": format!("nobody{round}@elsewhere.example")});
        let (made, gone) = tokio::join!(
            member.post("/v1/partnerships", body),
            wanderer.goes(&a.admin, round % 2 == 0, &tag),
        );
        let about = format!("round {round}");
        led += usize::from(one_held(&made, &gone, &about));
        all_are_led(&a, &about).await;
        wanderer.comes_back(&a.admin).await;
    }
    println!("in {led} of {} rounds it led", 2 * ROUNDS);
}

#[tokio::test]
async fn who_is_proposed_to_while_it_leaves_can_leave_and_leads_nothing() {
    let quid = support::start().await;
    let (a, c) = tokio::join!(quid.firm("Red Mesa Wealth"), quid.firm("Hartwell CPAs"));
    let wanderer = Wanderer::of(&quid, &a).await;
    let mut met = 0;
    for round in 0..2 * ROUNDS {
        an_hour_older(&quid).await;
        let tag = wanderer.tag(&a.admin).await;
        let leaves = round % 2 == 0;
        let (made, gone) = tokio::join!(
            c.admin
                .post("/v1/partnerships", json!({"email": wanderer.email})),
            wanderer.goes(&a.admin, leaves, &tag),
        );
        let about = format!("round {round}");
        let made = made.expect(201);
        gone.expect(200);
        all_are_led(&a, &about).await;
        let found = open(&a.admin).await;
        assert!(found.len() <= 1, "{about}: {found:?}");
        met += found.len();
        wanderer.comes_back(&a.admin).await;
        let path = format!("/v1/partnerships/{}", made["id"].as_str().unwrap());
        if c.admin.get(&path).await.expect(200)["state"] == "proposed" {
            carry_out(&c.admin, &path, "withdraw").await;
        }
    }
    println!("in {met} of {} rounds it was met", 2 * ROUNDS);
}

#[tokio::test]
async fn who_comes_to_lead_by_accepting_while_it_leaves_leads_or_is_gone() {
    let quid = support::start().await;
    let (a, c) = tokio::join!(quid.firm("Red Mesa Wealth"), quid.firm("Hartwell CPAs"));
    let wanderer = Wanderer::of(&quid, &a).await;
    let assistant = quid.member(&a, Role::Assistant).await;
    let assistant = assistant.get("/v1/me").await.expect(200)["member"]["email"].clone();
    let mut led = 0;
    for round in 0..2 * ROUNDS {
        let member = quid.sign_in(&wanderer.email).await;
        let tag = wanderer.tag(&a.admin).await;
        an_hour_older(&quid).await;
        let path = propose(&c.admin, assistant.as_str().unwrap()).await;
        let accept = format!("{path}/accept");
        let (accepted, gone) = tokio::join!(
            member.post(&accept, Value::Null),
            wanderer.goes(&a.admin, round % 2 == 0, &tag),
        );
        let about = format!("round {round}");
        led += usize::from(one_held(&accepted, &gone, &about));
        all_are_led(&a, &about).await;
        wanderer.comes_back(&a.admin).await;
    }
    println!("in {led} of {} rounds it led", 2 * ROUNDS);
}

/// The same without chance: the hand-over is held up after it has looked at the successor and before it
/// has written anything.
#[tokio::test]
async fn nobody_leaves_between_being_looked_at_and_being_made_the_lead() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let wanderer = Wanderer::of(&quid, &pair.a).await;
    let mut past_the_service = quid.db.connect().await;
    let watch = quid.db.connect().await;
    let held = past_the_service.transaction().await.unwrap();
    let hold = "SELECT FROM partnerships WHERE id = $1::text::uuid FOR UPDATE";
    held.execute(hold, &[&pair.partnership]).await.unwrap();

    let admin = pair.a.admin.clone();
    let lead = format!("/v1/partnerships/{}/lead", pair.partnership);
    let body = json!({"member_id": wanderer.id});
    let handing = tokio::spawn(async move { admin.post(&lead, body).await });
    while quid.db.waiting(&watch).await < 1 {
        assert!(!handing.is_finished());
    }
    let admin = pair.a.admin.clone();
    let leave = format!("{}/deactivate", wanderer.path);
    let leaving = tokio::spawn(async move { admin.post(&leave, Value::Null).await });
    while quid.db.waiting(&watch).await < 2 && !leaving.is_finished() {
        assert!(!handing.is_finished());
    }
    held.rollback().await.unwrap();
    let (given, gone) = (handing.await.unwrap(), leaving.await.unwrap());
    assert!(one_held(&given, &gone, "held up"));
    all_are_led(&pair.a, "held up").await;
}
