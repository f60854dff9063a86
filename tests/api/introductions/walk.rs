//! A random walk of both firms and a CRM, who act at the same moment: no stage is reached that the table
//! forbids, and a receiver never gets a byte of a name that is sealed from it.
//!
//! In each round A, B and A's CRM send one request each, all at once, often about the same introduction.
//! The versions in the answers tell in which order they were carried out.
//!
//! `QUID_WALK_STEPS` and `QUID_WALK_SEED` walk longer and elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join3;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{self, Actor, Answer, Dice, Pair};

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

const EVERY_VERB: [&str; 7] = [
    "offer", "withdraw", "accept", "decline", "stages", "correct", "outcome",
];

/// What a side mostly does at a stage; what ends the introduction comes first.
fn fitting(gives: bool, stage: &str) -> &'static [&'static str] {
    match (gives, stage) {
        (true, "draft") => &["withdraw", "offer"],
        (false, "offered") => &["decline", "accept"],
        (true, "accepted" | "introduced" | "meeting_set" | "met") => &["withdraw", "stages"],
        (false, "accepted") => &["decline", "stages"],
        (false, "introduced" | "meeting_set" | "met") => &["stages", "stages", "correct"],
        (false, "engaged" | "not_engaged") => &["correct", "outcome"],
        _ => &EVERY_VERB,
    }
}

const OPEN: [&str; 6] = [
    "accepted",
    "introduced",
    "meeting_set",
    "met",
    "engaged",
    "not_engaged",
];

struct Known {
    path: String,
    client: String,
    name: String,
    stage: String,
}

/// What one of the three does in a round.
enum Move {
    /// A new client's introduction, or one more of a client's.
    Draft { name: String, client: Option<usize> },
    /// The consent of the client of an introduction is recorded, or the one that stands is withdrawn.
    Consent { place: usize },
    /// A verb on an introduction.
    Verb {
        place: usize,
        verb: &'static str,
        body: Value,
    },
    /// One is read.
    Read { place: usize },
    /// A list is read.
    List { path: &'static str },
}

struct Walk<'a> {
    pair: &'a Pair,
    crm: Actor,
    dice: Dice,
    all: Vec<Known>,
    /// The consent that stands, by client.
    consents: BTreeMap<String, String>,
    taken: BTreeMap<&'static str, usize>,
    /// How often two requests of a round changed the same introduction.
    crossed: usize,
}

impl Walk<'_> {
    fn place(&mut self) -> usize {
        let recent = self.all.len().saturating_sub(8);
        recent + self.dice.roll(self.all.len() - recent)
    }

    fn draft(&mut self, n: u64) -> Move {
        let another = self.all.is_empty() || self.dice.roll(4) > 0;
        let client = (!another).then(|| self.dice.roll(self.all.len()));
        let name = format!("Canary{n:05} Walker");
        Move::Draft { name, client }
    }

    fn verb(&mut self, place: usize, gives: bool) -> Move {
        let fitting = fitting(gives, &self.all[place].stage);
        // What closes an introduction is rare, or none would come far.
        let verb = match self.dice.roll(36) {
            0 => EVERY_VERB[self.dice.roll(EVERY_VERB.len())],
            1 => fitting[0],
            _ => fitting[1 + self.dice.roll(fitting.len() - 1)],
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
        Move::Verb { place, verb, body }
    }

    fn moves_of_a(&mut self, place: usize) -> Move {
        // What stands is seldom withdrawn.
        let stands = self.consents.contains_key(&self.all[place].client);
        if self.dice.roll(if stands { 12 } else { 3 }) == 0 {
            return Move::Consent { place };
        }
        self.verb(place, true)
    }

    fn moves_of_b(&mut self, place: usize) -> Move {
        let lists = [
            "/v1/introductions?limit=20",
            "/v1/clients",
            "/v1/action-steps",
            "/v1/disclosures",
            "/v1/audit-entries",
        ];
        match self.dice.roll(12) {
            0 => Move::List {
                path: lists[self.dice.roll(lists.len())],
            },
            1..=3 => Move::Read { place },
            _ => self.verb(place, false),
        }
    }

    fn moves_of_the_crm(&mut self, n: u64, place: usize) -> Move {
        match self.dice.roll(8) {
            0 => self.draft(n),
            _ => self.verb(place, true),
        }
    }

    async fn send(&self, actor: &Actor, one: &Move) -> Answer {
        match one {
            Move::Draft { name, client } => {
                let client_id = match client {
                    Some(place) => self.all[*place].client.clone(),
                    None => {
                        let made = actor.post("/v1/clients", json!({"name": name})).await;
                        made.expect(201)["id"].as_str().unwrap().to_owned()
                    }
                };
                let drafts = format!("/v1/partnerships/{}/introductions", self.pair.partnership);
                actor.post(&drafts, json!({"client_id": client_id})).await
            }
            Move::Consent { place } => {
                let client = &self.all[*place].client;
                if let Some(standing) = self.consents.get(client) {
                    let path = format!("/v1/consents/{standing}/withdraw");
                    return actor.post(&path, Value::Null).await;
                }
                let body = json!({"partnership_id": self.pair.partnership, "given_on": "2026-03-01", "method": "written"});
                let path = format!("/v1/clients/{client}/consents");
                actor.post(&path, body).await
            }
            Move::Verb { place, verb, body } => {
                let path = format!("{}/{verb}", self.all[*place].path);
                actor.post(&path, body.clone()).await
            }
            Move::Read { place } => actor.get(&self.all[*place].path).await,
            Move::List { path } => actor.send(Method::GET, path, &[], None).await,
        }
    }

    /// The names that B may know at some instant of a round: some consent and some open stage were there,
    /// before it, after it, or in an answer.
    fn open_names(
        &self,
        stages: &BTreeMap<usize, Vec<(i64, String)>>,
        before: &BTreeSet<String>,
    ) -> BTreeSet<&str> {
        let open = |place: usize, one: &Known| {
            let seen = stages
                .get(&place)
                .into_iter()
                .flatten()
                .map(|(_, stage)| stage);
            OPEN.contains(&one.stage.as_str())
                || seen.into_iter().any(|stage| OPEN.contains(&stage.as_str()))
        };
        self.all
            .iter()
            .enumerate()
            .filter(|(_, one)| {
                before.contains(&one.client) || self.consents.contains_key(&one.client)
            })
            .filter(|(place, one)| open(*place, one))
            .map(|(_, one)| one.name.as_str())
            .collect()
    }

    /// One request of each of the three, all at once.
    async fn round(&mut self, n: u64) {
        if self.all.is_empty() {
            let first = self.draft(n);
            let answer = self.send(&self.crm, &first).await;
            self.drafted(&first, &answer);
            return;
        }
        let place = self.place();
        // They mostly meet at the same introduction.
        let meet = self.dice.roll(3) > 0;
        let others = [0, 1].map(|_| if meet { place } else { self.place() });
        let moves = [
            self.moves_of_a(place),
            self.moves_of_b(others[0]),
            self.moves_of_the_crm(n, others[1]),
        ];
        let consents: BTreeSet<String> = self.consents.keys().cloned().collect();
        let (a, b) = (&self.pair.a.admin, &self.pair.b.admin);
        let answers: [Answer; 3] = join3(
            self.send(a, &moves[0]),
            self.send(b, &moves[1]),
            self.send(&self.crm, &moves[2]),
        )
        .await
        .into();
        let mut stages: BTreeMap<usize, Vec<(i64, String)>> = BTreeMap::new();
        let mut steps: BTreeMap<usize, Vec<(i64, &'static str, String)>> = BTreeMap::new();
        for (one, answer) in moves.iter().zip(&answers) {
            let status = answer.status.as_u16();
            match one {
                Move::Draft { .. } => self.drafted(one, answer),
                Move::Consent { place } => self.consented(*place, answer),
                Move::Verb { place, verb, .. } => {
                    let told = [200, 403, 404, 409, 422].contains(&status);
                    assert!(told, "{verb}: {status} {}", answer.text());
                    if status == 200 {
                        let shown = answer.json();
                        let stage = shown["stage"].as_str().unwrap().to_owned();
                        let version = shown["version"].as_i64().unwrap();
                        stages
                            .entry(*place)
                            .or_default()
                            .push((version, stage.clone()));
                        steps
                            .entry(*place)
                            .or_default()
                            .push((version, verb, stage));
                    }
                }
                Move::Read { place } if status == 200 => {
                    let shown = answer.json();
                    let stage = shown["stage"].as_str().unwrap().to_owned();
                    stages.entry(*place).or_default().push((0, stage));
                }
                Move::Read { .. } => assert_eq!(status, 404),
                Move::List { .. } => assert_eq!(status, 200),
            }
        }
        let before: BTreeMap<usize, String> = steps
            .keys()
            .map(|place| (*place, self.all[*place].stage.clone()))
            .collect();
        for (place, mut done) in steps {
            done.sort_by_key(|(version, ..)| *version);
            self.crossed += usize::from(done.len() > 1);
            for (_, verb, to) in done {
                *self.taken.entry(verb).or_default() += 1;
                let from = std::mem::replace(&mut self.all[place].stage, to.clone());
                let right = match verb {
                    "outcome" => from == to,
                    _ => follows(&from, &to, verb == "correct"),
                };
                assert!(right, "{from} to {to} by {verb}");
            }
        }
        for (place, stage) in before {
            stages.entry(place).or_default().push((0, stage));
        }
        let text = format!("{:?}{}", answers[1].headers, answers[1].text());
        let open = self.open_names(&stages, &consents);
        for one in &self.all {
            let leaked = text.contains(&one.name) && !open.contains(one.name.as_str());
            assert!(!leaked, "round {n} told B of {} at {}", one.name, one.stage);
        }
        if n.is_multiple_of(4) {
            self.read(place).await;
        }
    }

    fn drafted(&mut self, one: &Move, answer: &Answer) {
        let Move::Draft { name, client } = one else {
            return;
        };
        if answer.status != 201 {
            assert_eq!(answer.problem(409), "already-exists");
            return;
        }
        let made = answer.json();
        let name = match client {
            Some(place) => self.all[*place].name.clone(),
            None => name.clone(),
        };
        self.all.push(Known {
            path: format!("/v1/introductions/{}", made["id"].as_str().unwrap()),
            client: made["client"]["id"].as_str().unwrap().to_owned(),
            name,
            stage: "draft".to_owned(),
        });
    }

    fn consented(&mut self, place: usize, answer: &Answer) {
        let client = self.all[place].client.clone();
        if self.consents.remove(&client).is_some() {
            assert_eq!(answer.status, 200, "{}", answer.text());
        } else {
            assert_eq!(answer.status, 201, "{}", answer.text());
            let id = answer.json()["id"].as_str().unwrap().to_owned();
            self.consents.insert(client, id);
        }
    }

    /// Between rounds B sees of an introduction exactly what it may.
    async fn read(&mut self, place: usize) {
        let one = &self.all[place];
        let answer = self.pair.b.admin.get(&one.path).await;
        if answer.status == 404 {
            let was_offered = !["draft", "withdrawn"].contains(&one.stage.as_str());
            assert!(!was_offered, "{} is hidden at {}", one.path, one.stage);
            return;
        }
        let seen = answer.expect(200);
        let may_know =
            self.consents.contains_key(&one.client) && OPEN.contains(&one.stage.as_str());
        assert_eq!(seen["stage"], one.stage);
        assert_eq!(seen["client"]["sealed"], !may_know);
        assert_eq!(seen["client"]["name"].is_string(), may_know);
    }
}

#[tokio::test]
async fn no_walk_reaches_a_forbidden_stage_or_tells_a_sealed_name() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let scopes = [
        "clients:read",
        "clients:write",
        "introductions:read",
        "introductions:write",
    ];
    let crm = quid.api_client(&pair.a, &scopes).await;
    let (steps, seed) = (number("QUID_WALK_STEPS", 2000), number("QUID_WALK_SEED", 2));
    let mut walk = Walk {
        pair: &pair,
        crm,
        dice: Dice(seed),
        all: Vec::new(),
        consents: BTreeMap::new(),
        taken: BTreeMap::new(),
        crossed: 0,
    };
    for n in 0..steps.div_ceil(3) {
        walk.round(n).await;
    }
    crate::reciprocity::keeps_what_the_history_says(&quid).await;
    // A walk that goes nowhere shows nothing.
    for verb in EVERY_VERB {
        let taken = walk.taken.contains_key(verb);
        assert!(taken, "{verb} was never carried out: {:?}", walk.taken);
    }
    // How often two meet is chance; in a long walk some do.
    assert!(
        steps < 10_000 || walk.crossed > 0,
        "no two requests changed the same introduction at once"
    );
    println!(
        "{steps} steps from seed {seed}: {} introductions, {:?}, {} crossed",
        walk.all.len(),
        walk.taken,
        walk.crossed,
    );
}
