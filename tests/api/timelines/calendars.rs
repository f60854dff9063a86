//! The days on which a firm works.

use serde_json::{Value, json};

use super::{after, id};
use crate::support;

#[tokio::test]
async fn a_firm_works_from_monday_to_friday_until_it_says_otherwise() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let admin = &pair.a.admin;
    let unsaid = admin.get("/v1/firm/work-calendar").await.expect(200);
    assert_eq!(unsaid["weekend"], json!(["saturday", "sunday"]));
    assert_eq!(
        (&unsaid["holidays"], &unsaid["version"]),
        (&json!([]), &json!(0))
    );
    let said = json!({"weekend": ["sunday", "friday"], "holidays": [
        {"holiday_on": "2026-12-25", "name": "Christmas"}, {"holiday_on": "2026-05-25", "name": "Memorial Day"}]});
    let bare = admin.put("/v1/firm/work-calendar", said.clone()).await;
    assert_eq!(bare.problem(428), "precondition-required");
    let written = admin
        .put_seen("/v1/firm/work-calendar", said)
        .await
        .expect(200);
    assert_eq!(written["weekend"], json!(["friday", "sunday"]));
    assert_eq!(written["holidays"][0]["holiday_on"], "2026-05-25");
    assert_eq!(written["version"], 1);
    // The partner's is its own.
    let theirs = pair.b.admin.get("/v1/firm/work-calendar").await.expect(200);
    assert_eq!(theirs["version"], 0);
}

#[tokio::test]
async fn each_day_off_is_told_once_and_one_day_of_the_week_is_left() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let admin = &pair.a.admin;
    let day = json!({"holiday_on": "2026-05-25", "name": "Memorial Day"});
    let twice = json!({"weekend": ["sunday", "sunday"], "holidays": [day, day]});
    let refused = admin.put_seen("/v1/firm/work-calendar", twice).await;
    assert_eq!(refused.problem(422), "invalid-fields");
    let errors = refused.errors();
    let expected = [("/holidays/1", "twice"), ("/weekend/1", "twice")];
    assert_eq!(errors, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    let all = json!({"weekend": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], "holidays": []});
    let refused = admin.put_seen("/v1/firm/work-calendar", all).await;
    assert_eq!(refused.problem(422), "invalid-fields");
}

#[tokio::test]
async fn dates_go_by_the_days_on_which_the_owner_works() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let holiday = json!({"weekend": ["saturday", "sunday"], "holidays": [{"holiday_on": "2026-05-25", "name": "Memorial Day"}]});
    let set = pair
        .a
        .admin
        .put_seen("/v1/firm/work-calendar", holiday)
        .await;
    set.expect(200);
    let first = id(after(&pair, &pair.a, json!({"due_on": "2026-05-22"}), &[]).await).await;
    let due = |step: Value| step["due_on"].as_str().unwrap().to_owned();
    let ours = after(&pair, &pair.a, json!({}), &[(&first, 1)])
        .await
        .expect(201);
    let theirs = after(&pair, &pair.a, json!({"owner": "them"}), &[(&first, 1)]).await;
    assert_eq!(due(ours), "2026-05-26");
    assert_eq!(due(theirs.expect(201)), "2026-05-25");
}
