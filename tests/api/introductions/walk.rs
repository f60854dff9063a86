//! A random walk of both firms and a CRM: no stage is reached that the table forbids, and a receiver
//! never gets a byte of a name that is sealed from it.
//!
//! `QUID_WALK_STEPS` and `QUID_WALK_SEED` walk longer and elsewhere.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{self, Actor, Answer, Pair};

/// SplitMix64 (Steele, Lea and Flood 2014): the same seed walks the same way.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(sides).unwrap()).unwrap()
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

/// Where a stage may lead in one step, copied by hand from the product's description; a correction may
/// also lead back to a stage that was reached before.
fn follows(from: &str, to: &str, corrected: bool) -> bool {
    const REPORTED: [&str; 6] = [
        "accepted",
        "introduced",
        "meeting_set",
        "met",
        "engaged",
        "not_engaged",
    ];
    let place = |stage: &str| REPORTED.iter().position(|one| *one == stage);
    if corrected {
        return place(from).is_some_and(|at| at > 0) && place(to).is_some();
    }
    match (from, to) {
        ("draft", "offered" | "withdrawn") | ("offered", "accepted" | "declined" | "withdrawn") => {
            true
        }
        ("accepted", "declined") => true,
        ("accepted" | "introduced" | "meeting_set" | "met", "withdrawn") => true,
        ("accepted" | "introduced" | "meeting_set" | "met", _) => place(to) > place(from),
        _ => false,
    }
}

struct Known {
    path: String,
    client: String,
    name: String,
    stage: String,
}

struct Walk<'a> {
    pair: &'a Pair,
    crm: Actor,
    dice: Dice,
    all: Vec<Known>,
    /// The consent that stands, by client.
    consents: BTreeMap<String, String>,
    taken: BTreeMap<&'static str, usize>,
}

impl Walk<'_> {
    fn may_know(&self, one: &Known) -> bool {
        let open = [
            "accepted",
            "introduced",
            "meeting_set",
            "met",
            "engaged",
            "not_engaged",
        ];
        self.consents.contains_key(&one.client) && open.contains(&one.stage.as_str())
    }

    /// Looks through every byte that B received.
    fn look_through(&self, answer: &Answer, what: &str) {
        let text = format!("{:?}{}", answer.headers, answer.text());
        for one in &self.all {
            // A client may be known through another introduction.
            let known = self
                .all
                .iter()
                .any(|other| other.client == one.client && self.may_know(other));
            let leaked = text.contains(&one.name) && !known;
            assert!(!leaked, "{what} told B of {} at {}", one.name, one.stage);
        }
    }

    async fn draft(&mut self, n: usize) {
        let name = format!("Canary{n:05} Walker");
        let client = if self.all.is_empty() || self.dice.roll(4) > 0 {
            let made = self
                .crm
                .post("/v1/clients", json!({"name": name}))
                .await
                .expect(201);
            (made["id"].as_str().unwrap().to_owned(), name)
        } else {
            let known = &self.all[self.dice.roll(self.all.len())];
            (known.client.clone(), known.name.clone())
        };
        let drafts = format!("/v1/partnerships/{}/introductions", self.pair.partnership);
        let answer = self.crm.post(&drafts, json!({"client_id": client.0})).await;
        if answer.status == 201 {
            let path = format!(
                "/v1/introductions/{}",
                answer.json()["id"].as_str().unwrap()
            );
            self.all.push(Known {
                path,
                client: client.0,
                name: client.1,
                stage: "draft".to_owned(),
            });
        } else {
            assert_eq!(answer.problem(409), "already-exists");
        }
    }

    async fn consent(&mut self, place: usize) {
        let client = self.all[place].client.clone();
        let admin = &self.pair.a.admin;
        if self.consents.contains_key(&client) && self.dice.roll(3) > 0 {
            return;
        }
        if let Some(standing) = self.consents.remove(&client) {
            let path = format!("/v1/consents/{standing}/withdraw");
            admin.post(&path, Value::Null).await.expect(200);
        } else {
            let body = json!({"partnership_id": self.pair.partnership, "given_on": "2026-03-01", "method": "written"});
            let path = format!("/v1/clients/{client}/consents");
            let made = admin.post(&path, body).await.expect(201);
            self.consents
                .insert(client, made["id"].as_str().unwrap().to_owned());
        }
    }

    async fn verb(&mut self, place: usize) {
        // What closes an introduction is rare, or none would come far.
        let verbs = [
            "offer", "offer", "accept", "accept", "accept", "stages", "stages", "stages", "stages",
            "stages", "correct", "correct", "correct", "outcome", "outcome", "end",
        ];
        let verb = match verbs[self.dice.roll(verbs.len())] {
            "end" => ["withdraw", "decline", "stages", "stages"][self.dice.roll(4)],
            verb => verb,
        };
        let stages = ["introduced", "meeting_set", "met", "engaged", "not_engaged"];
        let stage = stages[self.dice.roll(stages.len())];
        let reason = (stage == "not_engaged").then_some("no_response");
        let body = match verb {
            "decline" => json!({"reason": "no_capacity"}),
            "stages" => json!({"stage": stage, "reason": reason}),
            "correct" => json!({"stage": stage, "reason": reason, "correction_reason": "A slip."}),
            "outcome" => json!({"words": "Content.", "rating": 4}),
            _ => Value::Null,
        };
        let actors = [&self.pair.a.admin, &self.pair.b.admin, &self.crm];
        let who = self.dice.roll(3);
        let path = format!("{}/{verb}", self.all[place].path);
        let answer = actors[who].post(&path, body).await;
        let status = answer.status.as_u16();
        assert!(
            [200, 403, 404, 409, 422].contains(&status),
            "{path}: {}",
            answer.text()
        );
        if status == 200 {
            *self.taken.entry(verb).or_default() += 1;
            let to = answer.json()["stage"].as_str().unwrap().to_owned();
            let from = std::mem::replace(&mut self.all[place].stage, to.clone());
            let moves = !matches!(verb, "outcome");
            assert!(
                !moves || follows(&from, &to, verb == "correct"),
                "{from} to {to} by {verb}"
            );
            assert!(moves || from == to, "{from} to {to} by {verb}");
        }
        if who == 1 {
            self.look_through(&answer, &path);
        }
    }

    /// B reads one, and sees exactly what it may.
    async fn read(&mut self, place: usize) {
        let one = &self.all[place];
        let answer = self.pair.b.admin.get(&one.path).await;
        self.look_through(&answer, &one.path);
        if answer.status == 404 {
            let was_offered = !["draft", "withdrawn"].contains(&one.stage.as_str());
            assert!(!was_offered, "{} is hidden at {}", one.path, one.stage);
            return;
        }
        let seen = answer.expect(200);
        assert_eq!(seen["stage"], one.stage);
        assert_eq!(seen["client"]["sealed"], !self.may_know(one));
        assert_eq!(seen["client"]["name"].is_string(), self.may_know(one));
    }

    async fn list(&mut self) {
        let lists = [
            "/v1/introductions?limit=20",
            "/v1/clients",
            "/v1/action-steps",
            "/v1/disclosures",
            "/v1/audit-entries",
        ];
        let path = lists[self.dice.roll(lists.len())];
        let answer = self.pair.b.admin.send(Method::GET, path, &[], None).await;
        assert_eq!(answer.status, 200);
        self.look_through(&answer, path);
    }
}

#[tokio::test]
async fn no_walk_reaches_a_forbidden_stage_or_tells_a_sealed_name() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let crm = quid
        .api_client(
            &pair.a,
            &[
                "clients:read",
                "clients:write",
                "introductions:read",
                "introductions:write",
            ],
        )
        .await;
    let (steps, seed) = (number("QUID_WALK_STEPS", 2000), number("QUID_WALK_SEED", 2));
    let mut walk = Walk {
        pair: &pair,
        crm,
        dice: Dice(seed),
        all: Vec::new(),
        consents: BTreeMap::new(),
        taken: BTreeMap::new(),
    };
    for step in 0..usize::try_from(steps).unwrap() {
        let recent = walk.all.len().saturating_sub(12);
        let place = recent + walk.dice.roll((walk.all.len() - recent).max(1));
        match walk.dice.roll(20) {
            _ if walk.all.is_empty() => walk.draft(step).await,
            0 => walk.draft(step).await,
            1 | 2 => walk.consent(place).await,
            3..=6 => walk.read(place).await,
            7 => walk.list().await,
            _ => walk.verb(place).await,
        }
    }
    // A walk that goes nowhere shows nothing.
    for verb in [
        "offer", "withdraw", "accept", "decline", "stages", "correct", "outcome",
    ] {
        assert!(
            walk.taken.contains_key(verb),
            "{verb} was never carried out: {:?}",
            walk.taken
        );
    }
    println!(
        "{steps} steps from seed {seed}: {} introductions, {:?}",
        walk.all.len(),
        walk.taken
    );
}
