//! What an owner shows for a step.

use serde_json::json;

use super::{at, post, write_down, wrong};
use crate::support;

#[tokio::test]
async fn a_note_has_a_text_and_a_link_an_address_or_they_are_refused_by_field() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let step = pair.step(&pair.a, "us", "2026-03-09").await;
    let path = format!("{step}/evidence");
    let url = "https://files.redmesa.example/17";
    for good in [
        json!({"kind": "note", "text": "They have read it."}),
        json!({"kind": "link", "url": url}),
        json!({"kind": "link", "url": url, "text": "The signed letter."}),
    ] {
        let made = pair.a.admin.post(&path, good.clone()).await;
        let place = made.header("location").to_owned();
        let made = made.expect(201);
        for field in ["kind", "text", "url"] {
            assert_eq!(made[field], good.get(field).cloned().unwrap_or_default());
        }
        assert_eq!(at(&json!({"id": made["action_step_id"]})), step);
        // Both parties read it, at its own address too.
        for firm in [&pair.a, &pair.b] {
            assert_eq!(firm.admin.get(&place).await.expect(200), made);
        }
    }
    let bad = [
        (json!({"kind": "note"}), ("/text", "needed")),
        (json!({"kind": "note", "text": " "}), ("/text", "pattern")),
        (json!({"kind": "link"}), ("/url", "needed")),
        (
            json!({"kind": "link", "text": "See there."}),
            ("/url", "needed"),
        ),
        (
            json!({"kind": "note", "text": "See", "url": url}),
            ("/url", "not_of_kind"),
        ),
        (
            json!({"kind": "link", "url": "http://files.redmesa.example/17"}),
            ("/url", "pattern"),
        ),
        (
            json!({"kind": "link", "url": "https://two words.example"}),
            ("/url", "pattern"),
        ),
        (
            json!({"kind": "link", "url": "javascript:alert(1)"}),
            ("/url", "pattern"),
        ),
        (
            json!({"kind": "photograph", "text": "See"}),
            ("/kind", "enum"),
        ),
        (json!({"text": "See"}), ("/kind", "required")),
    ];
    for (body, error) in bad {
        let refused = pair.a.admin.post(&path, body.clone()).await;
        assert_eq!(refused.problem(422), "invalid-fields", "{body}");
        assert_eq!(refused.errors(), wrong(&[error]), "{body}");
    }
    let list = pair.b.admin.get(&path).await.expect(200);
    assert_eq!(list["data"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn evidence_is_listed_oldest_first_in_pages_and_kept_when_a_step_is_reopened_or_given_up() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let step = pair.step(&pair.a, "us", "2026-03-09").await;
    let path = format!("{step}/evidence");
    for number in 0..3 {
        let note = json!({"kind": "note", "text": format!("Note {number}")});
        pair.a.admin.post(&path, note).await.expect(201);
        quid.hand.advance_seconds(1);
    }
    // What is shown at one time stands in the order in which it was shown.
    let shown: Vec<_> = (3..9)
        .map(|number| json!({"kind": "note", "text": format!("Note {number}")}))
        .collect();
    post(&pair.a.admin, &step, "complete", json!({"evidence": shown})).await;
    let because = json!({"reason": "It came back unsigned."});
    post(&pair.a.admin, &step, "reopen", because.clone()).await;
    post(&pair.a.admin, &step, "cancel", because).await;
    let late = json!({"kind": "note", "text": "Too late"});
    let late = pair.a.admin.post(&path, late).await;
    assert_eq!(late.problem(409), "state-forbids");
    let (mut page, mut texts) = (format!("{path}?limit=2"), Vec::new());
    loop {
        let read = pair.b.admin.get(&page).await.expect(200);
        let data = read["data"].as_array().unwrap();
        assert!(data.len() <= 2);
        texts.extend(data.iter().map(|one| one["text"].clone()));
        match read["next_cursor"].as_str() {
            Some(cursor) => page = format!("{path}?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    let expected: Vec<_> = (0..9)
        .map(|number| json!(format!("Note {number}")))
        .collect();
    assert_eq!(texts, expected);
}

#[tokio::test]
async fn a_completion_with_evidence_that_can_not_be_is_no_completion() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let step = pair.step(&pair.a, "us", "2026-03-09").await;
    let before = pair.a.admin.get(&step).await.expect(200);
    let note = json!({"kind": "note", "text": "They have read it."});
    let taken = pair
        .a
        .admin
        .post(&format!("{step}/evidence"), note.clone())
        .await
        .expect(201);
    let cases = [
        (
            json!([note, {"kind": "link"}]),
            vec![("/evidence/1/url", "needed")],
        ),
        (
            json!([{"kind": "note"}]),
            vec![("/evidence/0/text", "needed")],
        ),
        (
            json!(vec![note.clone(); 11]),
            vec![("/evidence", "maxItems")],
        ),
    ];
    for (evidence, errors) in cases {
        let body = json!({"evidence": evidence});
        let refused = pair.a.admin.post(&format!("{step}/complete"), body).await;
        assert_eq!(refused.problem(422), "invalid-fields");
        assert_eq!(refused.errors(), wrong(&errors));
    }
    let twice = json!({"evidence": [note, {"kind": "note", "text": "Again", "id": taken["id"]}]});
    let refused = pair.a.admin.post(&format!("{step}/complete"), twice).await;
    assert_eq!(refused.problem(409), "id-taken");
    let late = json!({"done_on": "2026-03-03", "evidence": [note]});
    let refused = pair.a.admin.post(&format!("{step}/complete"), late).await;
    assert_eq!(refused.errors(), wrong(&[("/done_on", "future")]));
    assert_eq!(pair.a.admin.get(&step).await.expect(200), before);
    let list = pair
        .a
        .admin
        .get(&format!("{step}/evidence"))
        .await
        .expect(200);
    assert_eq!(list["data"], json!([taken]));
}

#[tokio::test]
async fn nobody_but_the_two_parties_sees_evidence() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let far = quid.firm("Far Away Trust").await;
    let step = write_down(&pair, &pair.a, json!({})).await.expect(201);
    let path = format!("{}/evidence", at(&step));
    let note = json!({"kind": "note", "text": "They have read it."});
    let made = pair.a.admin.post(&path, note.clone()).await.expect(201);
    let place = format!("/v1/action-step-evidence/{}", made["id"].as_str().unwrap());
    for path in [&place, &path] {
        assert_eq!(far.admin.get(path).await.problem(404), "not-found");
        assert_eq!(
            quid.nobody().get(path).await.problem(401),
            "unauthenticated"
        );
    }
    assert_eq!(far.admin.post(&path, note).await.problem(404), "not-found");
}
