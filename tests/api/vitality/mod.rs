//! Vitality: each part says what it is made of, lapse goes by the partnership's own past, and a turn is told once.

use serde_json::{Value, json};

use crate::support::{self, Actor, Pair, Quid};

const DAY: i64 = 24 * 3600;

async fn vitality(by: &Actor, pair: &Pair) -> Value {
    let path = format!("/v1/partnerships/{}/vitality", pair.partnership);
    by.get(&path).await.expect(200)
}

fn part<'a>(told: &'a Value, name: &str) -> &'a Value {
    let all = told["parts"].as_array().unwrap();
    all.iter().find(|one| one["part"] == name).unwrap()
}

/// What the feed of a firm says of the vitality: action and version.
async fn turns(quid: &Quid, firm: &str) -> Vec<(String, i32)> {
    let query = "SELECT action, version FROM changes WHERE kind = 'vitality' AND firm_id = $1::text::uuid ORDER BY xid8, seq";
    let rows = quid
        .db
        .connect()
        .await
        .query(query, &[&firm])
        .await
        .unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Lets time pass, after which everybody signs in again.
async fn pass(quid: &Quid, pair: &mut Pair, seconds: i64) {
    quid.hand.advance_seconds(seconds);
    for firm in [&mut pair.a, &mut pair.b] {
        firm.admin = quid.sign_in(&firm.email).await;
    }
}

/// A offers a client every week, for so many weeks.
async fn weekly(quid: &Quid, pair: &mut Pair, weeks: usize) {
    for week in 0..weeks {
        pair.offer(&format!("Client {week}")).await;
        pass(quid, pair, 7 * DAY).await;
    }
}

#[tokio::test]
async fn a_partnership_lapses_by_its_own_pace_and_both_are_told_once_when_it_turns() {
    let quid = support::start().await;
    let mut pair = quid.pair().await;
    weekly(&quid, &mut pair, 10).await;
    quid.come_round("judge_vitality").await;
    let told = vitality(&pair.a.admin, &pair).await;
    let rhythm = &told["rhythm"];
    assert_eq!(
        (
            &rhythm["usual_gap_days"],
            &rhythm["silent_days"],
            &rhythm["allowance_days"]
        ),
        (&json!(7), &json!(7), &json!(21))
    );
    assert!(
        told["turned_at"].is_string() && told["has_lapsed"] == false,
        "{told}"
    );
    let before = told["level"].clone();
    let firms = [&pair.a, &pair.b].map(|firm| firm.id.clone());
    assert_eq!(turns(&quid, &firms[0]).await, [("created".to_owned(), 1)]);

    // 21 days of silence are no lapse yet, 22 are.
    pass(&quid, &mut pair, 14 * DAY).await;
    quid.come_round("judge_vitality").await;
    assert_eq!(vitality(&pair.a.admin, &pair).await["has_lapsed"], false);
    pass(&quid, &mut pair, DAY + 1).await;
    let told = vitality(&pair.b.admin, &pair).await;
    assert_eq!(
        (&told["level"], &told["turned_at"]),
        (&json!("lapsed"), &Value::Null)
    );
    assert_eq!(part(&told, "pace")["score"], 0.0);
    for _ in 0..2 {
        quid.come_round("judge_vitality").await;
    }
    let told = vitality(&pair.b.admin, &pair).await;
    assert!(told["turned_at"].is_string(), "{told}");
    let turned = turns(&quid, &firms[1]).await;
    assert_eq!(
        turned.last(),
        Some(&("updated".to_owned(), i32::try_from(turned.len()).unwrap()))
    );
    assert_eq!(turns(&quid, &firms[0]).await, turned);

    // It comes back to life with what either does, not with the passing of time.
    pair.offer("Client back").await;
    let told = vitality(&pair.a.admin, &pair).await;
    assert_eq!(
        (&told["has_lapsed"], &told["level"]),
        (&json!(false), &before)
    );
    pass(&quid, &mut pair, DAY + 1).await;
    quid.come_round("judge_vitality").await;
    assert_eq!(turns(&quid, &firms[0]).await.len(), turned.len() + 1);
}

#[tokio::test]
async fn both_read_the_same_gauge_and_a_draft_is_no_sign_of_life() {
    let quid = support::start().await;
    let mut pair = quid.pair().await;
    weekly(&quid, &mut pair, 3).await;
    let (ours, theirs) = (
        vitality(&pair.a.admin, &pair).await,
        vitality(&pair.b.admin, &pair).await,
    );
    for name in ["level", "gauge", "has_lapsed"] {
        assert_eq!(ours[name], theirs[name], "{name}");
    }
    assert_eq!(
        ours["rhythm"]["last_active_of_us_on"],
        theirs["rhythm"]["last_active_of_them_on"]
    );
    let before = theirs["rhythm"]["last_active_on"].clone();
    pass(&quid, &mut pair, 3 * DAY).await;
    pair.draft("Bo Hill").await;
    let versions = format!("/v1/partnerships/{}/plan-versions", pair.partnership);
    let draft = json!({"body": {"section": "core_story", "script": "Not said yet.", "audience": "Owners."}});
    pair.a.admin.post(&versions, draft).await.expect(201);
    for firm in [&pair.a, &pair.b] {
        let told = vitality(&firm.admin, &pair).await;
        assert_eq!(told["rhythm"]["last_active_on"], before);
    }
}

#[tokio::test]
async fn each_part_is_what_its_records_say() {
    let quid = support::start().await;
    let mut pair = quid.pair().await;
    let told = vitality(&pair.a.admin, &pair).await;
    // Three sections of six are waived by both, no number is told, and nothing else is known.
    assert_eq!(part(&told, "plan")["score"], 0.25);
    assert_eq!(part(&told, "numbers")["score"], 0.0);
    for name in ["pace", "promises", "balance", "conversations", "meals"] {
        assert_eq!(part(&told, name)["score"], Value::Null, "{name}");
    }
    assert_eq!(
        (&told["gauge"], &told["level"]),
        (&json!(0.1875), &json!("fading"))
    );
    for (due_on, done_on) in [
        ("2026-03-03", Some("2026-03-02")),
        ("2026-03-03", None),
        ("2026-03-04", Some("2026-03-02")),
    ] {
        let step = pair.step(&pair.a, "us", due_on).await;
        if let Some(done_on) = done_on {
            let complete = format!("{step}/complete");
            let body = json!({"done_on": done_on});
            pair.a.admin.post(&complete, body).await.expect(200);
        }
    }
    for name in ["Ann", "Bo", "Cy"] {
        pair.offer(name).await;
    }
    pass(&quid, &mut pair, 3 * DAY).await;
    let told = vitality(&pair.a.admin, &pair).await;
    let promises = part(&told, "promises");
    assert!(
        (promises["score"].as_f64().unwrap() - 2.0 / 3.0).abs() < 1e-9,
        "{promises}"
    );
    let records = promises["records"].as_str().unwrap();
    let steps = pair.a.admin.get(records).await.expect(200);
    assert_eq!(steps["data"].as_array().unwrap().len(), 3);
    // All three were given by one: as one-sided as can be.
    assert_eq!(part(&told, "balance")["score"], 0.0);
    for one in told["parts"].as_array().unwrap() {
        pair.a
            .admin
            .get(one["records"].as_str().unwrap())
            .await
            .expect(200);
    }
}
