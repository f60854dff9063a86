//! What of a step the other party sees, and what it does not.

use serde_json::{Value, json};

use super::{at, post, write_down};
use crate::support;

/// What is told the other way round to the other party.
const TURNED: [&str; 3] = ["owner", "proposed_by", "partner_firm_id"];

#[tokio::test]
async fn an_internal_step_is_the_partnerships_both_parties_read_the_same_words() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let offer = pair.offer("Mary Greene").await;
    let whole = json!({"detail": "By post, before the season.", "section": "service_models",
                       "introduction_id": offer.rsplit('/').next().unwrap()});
    let made = write_down(&pair, &pair.a, whole).await.expect(201);
    let seen = pair.b.admin.get(&at(&made)).await.expect(200);
    let (ours, theirs) = (made.as_object().unwrap(), seen.as_object().unwrap());
    assert_eq!(
        ours.keys().collect::<Vec<_>>(),
        theirs.keys().collect::<Vec<_>>()
    );
    for (field, value) in ours {
        if TURNED.contains(&field.as_str()) {
            assert_ne!(value, &theirs[field], "{field}");
        } else {
            assert_eq!(value, &theirs[field], "{field}");
        }
    }
    assert_eq!(
        (&seen["owner"], &seen["proposed_by"]),
        (&json!("them"), &json!("them"))
    );
    assert_eq!(seen["owner_firm_id"], json!(pair.a.id));
    let far = quid.firm("Far Away Trust").await;
    assert_eq!(far.admin.get(&at(&made)).await.problem(404), "not-found");
    let list = far.admin.get("/v1/action-steps").await.expect(200);
    assert_eq!(list["data"], json!([]));
}

#[tokio::test]
async fn the_partner_learns_of_a_steps_introduction_when_it_is_offered_and_never_of_the_client() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let draft = pair.draft("Mary Greene").await;
    let id = draft.rsplit('/').next().unwrap();
    let own = json!({"kind": "client_conversation", "channel": "phone", "topic": "Leave to be introduced", "introduction_id": id});
    let step = at(&write_down(&pair, &pair.a, own).await.expect(201));
    let texts = async || {
        let path = format!("/v1/partnerships/{}/timeline", pair.partnership);
        let mut all = String::new();
        for path in [&step, &path, "/v1/action-steps", &format!("{step}/history")] {
            all += &pair.b.admin.get(path).await.text();
        }
        all
    };
    let before = texts().await;
    assert!(
        !before.contains(id) && !before.contains("Greene"),
        "{before}"
    );
    let tag = pair.b.admin.get(&step).await.header("etag").to_owned();
    pair.a
        .admin
        .post(&format!("{draft}/offer"), Value::Null)
        .await
        .expect(200);
    let seen = pair.b.admin.get(&step).await;
    assert_ne!(seen.header("etag"), tag);
    assert_eq!(seen.expect(200)["introduction_id"], id);
    assert!(!texts().await.contains("Greene"));
}

#[tokio::test]
async fn a_reason_is_asked_for_and_told_to_the_other_party() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let step = pair.step(&pair.a, "us", "2026-03-09").await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    for verb in ["decline", "skip", "cancel", "reopen", "reschedule"] {
        for (reason, code) in [
            (Value::Null, "type"),
            (json!(""), "minLength"),
            (json!(" \n"), "pattern"),
        ] {
            let mut body = json!({"reason": reason});
            if verb == "reschedule" {
                body["due_on"] = json!("2026-03-16");
            }
            let refused = a.post(&format!("{step}/{verb}"), body).await;
            assert_eq!(refused.problem(422), "invalid-fields", "{verb}");
            assert!(
                refused
                    .errors()
                    .contains(&("/reason".to_owned(), code.to_owned())),
                "{verb}: {}",
                refused.text()
            );
        }
    }
    let date = json!({"due_on": "2026-03-12", "reason": "She leaves on the 13th."});
    post(b, &step, "reschedule", date).await;
    let seen = a.get(&step).await.expect(200);
    assert_eq!(seen["proposed_due_reason"], "She leaves on the 13th.");
    // The one who proposed the date reads why it was not taken.
    post(
        a,
        &step,
        "decline",
        json!({"reason": "I am away until the 14th."}),
    )
    .await;
    let seen = b.get(&step).await.expect(200);
    assert_eq!(seen["reason"], "I am away until the 14th.");
    assert_eq!(
        (&seen["state"], &seen["due_on"]),
        (&json!("planned"), &json!("2026-03-09"))
    );
    assert_eq!(
        (&seen["proposed_due_on"], &seen["proposed_due_reason"]),
        (&Value::Null, &Value::Null)
    );
    // And it is no reason of what comes next.
    let begun = post(a, &step, "begin", Value::Null).await;
    assert_eq!(begun["reason"], Value::Null);
}

#[tokio::test]
async fn another_date_is_proposed_until_the_owner_accepts_it_moves_itself_or_is_done() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let to = |date: &str| json!({"due_on": date, "reason": "She is abroad."});
    let dates = |step: &Value| {
        [
            step["due_on"].clone(),
            step["proposed_due_on"].clone(),
            step["promised_on"].clone(),
        ]
    };
    let step = pair.step(&pair.a, "us", "2026-03-09").await;
    post(b, &step, "reschedule", to("2026-03-12")).await;
    // The second takes the place of the first.
    let proposed = post(b, &step, "reschedule", to("2026-03-13")).await;
    assert_eq!(
        dates(&proposed),
        [
            json!("2026-03-09"),
            json!("2026-03-13"),
            json!("2026-03-09")
        ]
    );
    let begun = post(a, &step, "begin", Value::Null).await;
    assert_eq!(begun["proposed_due_on"], "2026-03-13");
    let own = post(a, &step, "reschedule", to("2026-03-11")).await;
    assert_eq!(
        dates(&own),
        [json!("2026-03-11"), Value::Null, json!("2026-03-09")]
    );
    post(b, &step, "reschedule", to("2026-03-14")).await;
    let accepted = post(a, &step, "accept", Value::Null).await;
    assert_eq!(accepted["state"], "in_progress");
    assert_eq!(
        dates(&accepted),
        [json!("2026-03-14"), Value::Null, json!("2026-03-09")]
    );
    post(b, &step, "reschedule", to("2026-03-15")).await;
    let done = post(a, &step, "complete", json!({})).await;
    assert_eq!(
        dates(&done),
        [json!("2026-03-14"), Value::Null, json!("2026-03-09")]
    );
    // What was only proposed has left no move.
    let moves = a.get(&format!("{step}/moves")).await.expect(200);
    let to: Vec<_> = moves["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["to_on"].clone())
        .collect();
    assert_eq!(to, ["2026-03-14", "2026-03-11"]);
}
