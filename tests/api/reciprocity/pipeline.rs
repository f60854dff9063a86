//! The pipeline: what is open, how old, and how fast it moves.

use serde_json::{Value, json};

use super::{Partners, money, verb};
use crate::support;

fn at<'a>(told: &'a Value, direction: &str, stage: &str) -> Option<&'a Value> {
    let open = told["open"].as_array().unwrap();
    open.iter()
        .find(|one| one["direction"] == direction && one["stage"] == stage)
}

#[tokio::test]
async fn what_is_open_stands_at_its_stage_with_its_age_and_closes_out_of_it() {
    let quid = support::start().await;
    let partners = Partners::new(&quid).await;
    let (a, b) = (&partners.a, &partners.b);
    partners.introduce(a, b, "draft", None).await;
    partners
        .introduce(a, b, "accepted", money(100, "USD"))
        .await;
    partners.introduce(a, b, "accepted", money(50, "USD")).await;
    partners.introduce(a, b, "engaged", money(7, "USD")).await;
    let path = partners.introduce(b, a, "offered", None).await;
    quid.hand.advance_seconds(3 * 24 * 3600);
    let (ours, theirs) = (quid.sign_in(&a.email).await, quid.sign_in(&b.email).await);
    let told = ours.get("/v1/pipeline").await.expect(200);
    let accepted = at(&told, "given", "accepted").unwrap();
    assert_eq!(accepted["count"], 2);
    assert_eq!(
        accepted["expected"],
        json!([{"currency": "USD", "amount_minor": 150, "introductions": 2}])
    );
    assert_eq!(
        (&accepted["median_age_days"], &accepted["oldest_age_days"]),
        (&json!(3), &json!(3))
    );
    assert_eq!(at(&told, "given", "draft").unwrap()["count"], 1);
    assert_eq!(at(&told, "received", "offered").unwrap()["count"], 1);
    assert!(at(&told, "given", "engaged").is_none());
    let partner = &told["partners"][0];
    assert_eq!(
        (&partner["partner_firm_id"], &partner["count"]),
        (&json!(b.id), &json!(4))
    );
    // The other sees its side of it, and no draft.
    let seen = theirs
        .get("/v1/pipeline?direction=received")
        .await
        .expect(200);
    assert_eq!(seen["open"].as_array().unwrap().len(), 1);
    assert_eq!(at(&seen, "received", "accepted").unwrap()["count"], 2);
    verb(&theirs, &path, "withdraw").await;
    let told = ours.get("/v1/pipeline").await.expect(200);
    assert!(at(&told, "received", "offered").is_none());
}

#[tokio::test]
async fn conversion_days_between_stages_and_first_answers_are_those_of_the_history() {
    let quid = support::start().await;
    let partners = Partners::new(&quid).await;
    let (a, b) = (&partners.a, &partners.b);
    let accepted = partners.introduce(a, b, "accepted", None).await;
    partners.introduce(a, b, "offered", None).await;
    let slow = partners.introduce(a, b, "offered", None).await;
    quid.hand.advance_seconds(300);
    verb(&b.admin, &slow, "decline").await;
    let stages = format!("{accepted}/stages");
    let introduced = json!({"stage": "introduced", "occurred_on": "2026-03-02"});
    b.admin.post(&stages, introduced).await.expect(200);
    quid.hand.advance_seconds(5 * 24 * 3600);
    let theirs = quid.sign_in(&b.email).await;
    // A report may skip a stage, of which no date is known then.
    theirs
        .post(
            &stages,
            json!({"stage": "met", "occurred_on": "2026-03-06"}),
        )
        .await
        .expect(200);
    let told = theirs
        .get("/v1/pipeline?direction=received")
        .await
        .expect(200);
    let steps = told["conversion"].as_array().unwrap();
    let row = |place: usize| {
        let step = &steps[place];
        ["reached", "converted", "share", "median_days", "timed"].map(|name| step[name].clone())
    };
    assert_eq!(
        row(0),
        [json!(3), json!(1), json!(1.0 / 3.0), json!(0), json!(1)]
    );
    assert_eq!(row(1), [json!(1), json!(1), json!(1.0), json!(0), json!(1)]);
    assert_eq!(
        row(2),
        [json!(1), json!(1), json!(1.0), Value::Null, json!(0)]
    );
    assert_eq!(
        row(3),
        [json!(1), json!(1), json!(1.0), Value::Null, json!(0)]
    );
    assert_eq!(
        row(4),
        [json!(1), json!(0), json!(0.0), Value::Null, json!(0)]
    );
    let answer = &told["first_answer"][0];
    assert_eq!(
        (&answer["offered"], &answer["answered"]),
        (&json!(3), &json!(2))
    );
    // Of two the lower: at once, and after five minutes.
    assert_eq!(answer["median_seconds"], 0);
}
