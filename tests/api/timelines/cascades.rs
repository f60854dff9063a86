//! Cascades: steps that are moved together, and back.

use serde_json::{Value, json};

use super::{after, at, id};
use crate::support::{self, Dice, Pair, Quid};

struct Timeline {
    pair: Pair,
    letter: String,
    review: String,
    meeting: String,
}

/// A's letter, B's review that waits for it and that B has taken on, and A's meeting that waits for that.
async fn timeline(quid: &Quid) -> Timeline {
    let pair = quid.pair().await;
    let letter = id(after(&pair, &pair.a, json!({"due_on": "2026-03-04"}), &[]).await).await;
    let review = json!({"owner": "them", "due_on": "2026-03-06", "length_days": 2});
    let review = id(after(&pair, &pair.a, review, &[(&letter, 1)]).await).await;
    let accept = format!("{}/accept", at(&review));
    pair.b.admin.post(&accept, Value::Null).await.expect(200);
    let meeting = json!({"due_on": "2026-03-10"});
    let meeting = id(after(&pair, &pair.a, meeting, &[(&review, 1)]).await).await;
    Timeline {
        pair,
        letter,
        review,
        meeting,
    }
}

impl Timeline {
    /// The dates of the steps and what is proposed for them.
    async fn dates(&self) -> Vec<(Value, Value, Value)> {
        let mut dates = Vec::new();
        for step in [&self.letter, &self.review, &self.meeting] {
            let step = self.pair.a.admin.get(&at(step)).await.expect(200);
            dates.push((
                step["due_on"].clone(),
                step["proposed_due_on"].clone(),
                step["promised_on"].clone(),
            ));
        }
        dates
    }

    async fn cascade(&self, due_on: &str) -> Value {
        let body = json!({"due_on": due_on, "reason": "The client is abroad."});
        let path = format!("{}/cascade", at(&self.letter));
        self.pair.a.admin.post(&path, body).await.expect(201)
    }

    fn expected(&self) -> Value {
        let one = |step: &str, owner: &str, from: &str, to: &str, effect: &str| json!({"action_step_id": step, "owner": owner, "from_on": from, "to_on": to, "effect": effect});
        json!([
            one(&self.letter, "us", "2026-03-04", "2026-03-06", "moved"),
            one(&self.review, "them", "2026-03-06", "2026-03-10", "proposed"),
            one(&self.meeting, "us", "2026-03-10", "2026-03-11", "moved"),
        ])
    }
}

#[tokio::test]
async fn what_is_previewed_is_what_is_moved_and_the_others_get_a_proposal() {
    let quid = support::start().await;
    let timeline = timeline(&quid).await;
    let before = timeline.dates().await;
    let path = format!("{}/cascade-preview?due_on=2026-03-06", at(&timeline.letter));
    let preview = timeline.pair.a.admin.get(&path).await.expect(200);
    assert_eq!(preview["moves"], timeline.expected());
    assert_eq!(timeline.dates().await, before, "a preview writes nothing");
    let cascade = timeline.cascade("2026-03-06").await;
    assert_eq!(cascade["moves"], timeline.expected());
    let dated =
        |due: &str, proposed: Value, promised: &str| (json!(due), proposed, json!(promised));
    assert_eq!(
        timeline.dates().await,
        [
            dated("2026-03-06", Value::Null, "2026-03-04"),
            dated("2026-03-06", json!("2026-03-10"), "2026-03-06"),
            dated("2026-03-11", Value::Null, "2026-03-10"),
        ]
    );
    let moves = format!("{}/moves", at(&timeline.meeting));
    let moves = timeline.pair.b.admin.get(&moves).await.expect(200);
    assert_eq!(moves["data"][0]["reason"], "The client is abroad.");
    // The other party reads it as its own side sees it.
    let path = format!("/v1/cascades/{}", cascade["id"].as_str().unwrap());
    let seen = timeline.pair.b.admin.get(&path).await.expect(200);
    assert_eq!(
        (&seen["moved_by"], &seen["moves"][0]["owner"]),
        (&json!("them"), &json!("them"))
    );
}

#[tokio::test]
async fn an_undo_restores_every_date_and_what_was_proposed_before() {
    let quid = support::start().await;
    let timeline = timeline(&quid).await;
    // B asks for another date for the meeting, which the cascade overrides and the undo brings back.
    let asked = json!({"due_on": "2026-03-12", "reason": "We travel."});
    let path = format!("{}/reschedule", at(&timeline.meeting));
    timeline.pair.b.admin.post(&path, asked).await.expect(200);
    let before = timeline.dates().await;
    let cascade = timeline.cascade("2026-03-06").await;
    assert_ne!(timeline.dates().await, before);
    let undo = format!("/v1/cascades/{}/undo", cascade["id"].as_str().unwrap());
    assert_eq!(
        timeline
            .pair
            .b
            .admin
            .post(&undo, Value::Null)
            .await
            .problem(403),
        "forbidden"
    );
    let undone = timeline
        .pair
        .a
        .admin
        .post(&undo, Value::Null)
        .await
        .expect(200);
    assert_eq!(timeline.dates().await, before);
    assert_ne!(undone["undone_at"], Value::Null);
    let meeting = timeline
        .pair
        .a
        .admin
        .get(&at(&timeline.meeting))
        .await
        .expect(200);
    assert_eq!(meeting["proposed_due_reason"], "We travel.");
    let again = timeline.pair.a.admin.post(&undo, Value::Null).await;
    assert_eq!(again.problem(409), "state-forbids");
    assert_eq!(again.json()["state"], "undone");
}

/// Six steps of both, that wait for one another by chance; those of A's.
async fn by_chance(pair: &Pair, dice: &mut Dice) -> Vec<String> {
    let (mut all, mut ours): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for _ in 0..6 {
        let is_ours = dice.roll(2) == 0;
        let mut fields =
            json!({"owner": if is_ours { "us" } else { "them" }, "length_days": 1 + dice.roll(3)});
        let mut before: Vec<(&str, u32)> = Vec::new();
        for one in &all {
            if dice.roll(2) == 0 {
                before.push((one, u32::try_from(dice.roll(4)).unwrap()));
            }
        }
        if before.is_empty() {
            fields["due_on"] = json!(format!("2026-03-{:02}", 3 + dice.roll(10)));
        }
        let made = id(after(pair, &pair.a, fields, &before).await).await;
        // Of the partner's some are promised, and others not answered.
        if !is_ours && dice.roll(3) > 0 {
            let accept = format!("{}/accept", at(&made));
            pair.b.admin.post(&accept, Value::Null).await.expect(200);
        }
        if is_ours {
            ours.push(made.clone());
        }
        all.push(made);
    }
    ours
}

#[tokio::test]
async fn whatever_is_moved_stands_as_before_once_it_is_undone() {
    let quid = support::start().await;
    let mut moved = 0;
    for seed in 0..12 {
        let pair = quid.pair().await;
        let mut dice = Dice(seed);
        let ours = by_chance(&pair, &mut dice).await;
        let a = &pair.a.admin;
        let steps = format!("/v1/partnerships/{}/timeline", pair.partnership);
        let dates = async || {
            let timeline = a.get(&steps).await.expect(200);
            let steps = timeline["data"].as_array().unwrap().iter();
            let told = [
                "id",
                "state",
                "due_on",
                "promised_on",
                "proposed_due_on",
                "proposed_due_reason",
            ];
            let mut dates: Vec<String> = steps
                .map(|step| json!(told.map(|name| &step[name])).to_string())
                .collect();
            dates.sort();
            dates
        };
        // One after the other, each from where the one before has left them.
        let mut undo = Vec::new();
        for step in &ours {
            let body = json!({"due_on": format!("2026-03-{:02}", 3 + dice.roll(25)), "reason": "The client is abroad."});
            let before = dates().await;
            let made = a
                .post(&format!("{}/cascade", at(step)), body)
                .await
                .expect(201);
            moved += made["moves"].as_array().unwrap().len();
            undo.push((
                format!("/v1/cascades/{}/undo", made["id"].as_str().unwrap()),
                before,
            ));
        }
        for (path, before) in undo.into_iter().rev() {
            a.post(&path, Value::Null).await.expect(200);
            assert_eq!(dates().await, before, "seed {seed}");
        }
    }
    assert!(moved > 40, "only {moved} steps were moved");
}

#[tokio::test]
async fn what_was_answered_since_is_not_undone_and_nothing_else_is_either() {
    let quid = support::start().await;
    let timeline = timeline(&quid).await;
    let cascade = timeline.cascade("2026-03-06").await;
    let accept = format!("{}/accept", at(&timeline.review));
    timeline
        .pair
        .b
        .admin
        .post(&accept, Value::Null)
        .await
        .expect(200);
    let before = timeline.dates().await;
    let undo = format!("/v1/cascades/{}/undo", cascade["id"].as_str().unwrap());
    let refused = timeline.pair.a.admin.post(&undo, Value::Null).await;
    assert_eq!(refused.problem(409), "state-forbids");
    assert_eq!(refused.json()["action_step_ids"], json!([timeline.review]));
    assert_eq!(timeline.dates().await, before);
    let read = format!("/v1/cascades/{}", cascade["id"].as_str().unwrap());
    let stands = timeline.pair.a.admin.get(&read).await.expect(200);
    assert_eq!(stands["undone_at"], Value::Null);
}

#[tokio::test]
async fn what_the_other_party_has_promised_since_is_not_moved_back() {
    let quid = support::start().await;
    let timeline = timeline(&quid).await;
    let (a, b) = (&timeline.pair.a.admin, &timeline.pair.b.admin);
    // A lays it on B, and moves it while B has not answered.
    let asked = json!({"owner": "them", "due_on": "2026-03-04"});
    let asked = id(after(&timeline.pair, &timeline.pair.a, asked, &[]).await).await;
    let body = json!({"due_on": "2026-03-10", "reason": "The client is abroad."});
    let path = format!("{}/cascade", at(&asked));
    let cascade = a.post(&path, body).await.expect(201);
    assert_eq!(cascade["moves"][0]["effect"], "moved");
    let accept = format!("{}/accept", at(&asked));
    let promised = b.post(&accept, Value::Null).await.expect(200);
    assert_eq!(promised["promised_on"], "2026-03-10");
    let undo = format!("/v1/cascades/{}/undo", cascade["id"].as_str().unwrap());
    let refused = a.post(&undo, Value::Null).await;
    assert_eq!(refused.problem(409), "state-forbids");
    assert_eq!(refused.json()["action_step_ids"], json!([asked]));
    let step = b.get(&at(&asked)).await.expect(200);
    assert_eq!(step["due_on"], "2026-03-10");
}

#[tokio::test]
async fn what_a_party_has_not_answered_yet_is_left_and_what_is_closed_does_not_move() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let letter = id(after(&pair, &pair.b, json!({"due_on": "2026-03-04"}), &[]).await).await;
    // A lays a step on B, which B has not answered when it moves what that waits for.
    let review = json!({"owner": "them"});
    let review = id(after(&pair, &pair.a, review, &[(&letter, 1)]).await).await;
    let path = format!("{}/cascade-preview?due_on=2026-03-20", at(&letter));
    let preview = pair.b.admin.get(&path).await.expect(200);
    assert_eq!(preview["moves"][1]["effect"], "left");
    let body = json!({"due_on": "2026-03-20", "reason": "We travel."});
    let moved = pair
        .b
        .admin
        .post(&format!("{}/cascade", at(&letter)), body.clone())
        .await;
    moved.expect(201);
    let waiting = pair.b.admin.get(&at(&review)).await.expect(200);
    assert_eq!(waiting["due_on"], "2026-03-05");
    let own = pair
        .b
        .admin
        .post(&format!("{}/cascade", at(&review)), body.clone())
        .await;
    assert_eq!(own.problem(409), "state-forbids");
    pair.b
        .admin
        .post(&format!("{}/complete", at(&letter)), json!({}))
        .await
        .expect(200);
    let closed = pair
        .b
        .admin
        .post(&format!("{}/cascade", at(&letter)), body)
        .await;
    assert_eq!(closed.problem(409), "state-forbids");
    let preview = pair.b.admin.get(&path).await.expect(200);
    assert_eq!(preview["moves"], json!([]));
}
