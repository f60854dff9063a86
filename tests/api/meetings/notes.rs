//! What a party notes of a meeting for itself leaves no sign that the other could see.

use reqwest::Method;
use serde_json::{Value, json};

use super::{address, feed, partners};
use crate::support::{self, Actor, Answer, Firm, Pair, Quid};

async fn put(by: &Actor, path: &str, tag: &str, body: Value) -> Answer {
    let body = json!({"body": body}).to_string().into_bytes();
    let sent = [("if-match", tag)];
    by.send(Method::PUT, path, &sent, Some(body)).await
}

/// All that a firm can read around a meeting, with the tags; and its feed.
async fn seen(quid: &Quid, pair: &Pair, by: &Firm, meeting: &Value) -> Vec<String> {
    let own = address(meeting);
    let mut all = Vec::new();
    for path in [
        own.clone(),
        format!("{own}/note"),
        format!("{own}/agenda"),
        format!("{own}/outcomes"),
        pair.at("meetings"),
        pair.at("agenda-items"),
        pair.at("conversations"),
        pair.at("vitality"),
        "/v1/audit-entries".to_owned(),
    ] {
        let answer = by.admin.get(&path).await;
        all.push(format!(
            "{path} {} {}",
            answer.header("etag"),
            answer.text()
        ));
    }
    let query = "SELECT c::text FROM changes c WHERE firm_id = $1::text::uuid ORDER BY xid8, seq";
    let client = quid.db.connect().await;
    let rows = client.query(query, &[&by.id]).await.unwrap();
    all.extend(rows.iter().map(|row| row.get::<_, String>(0)));
    all
}

#[tokio::test]
async fn an_own_note_leaves_no_sign() {
    let quid = support::start().await;
    let pair = partners(&quid).await;
    let meeting = pair.planned().await.remove(0);
    let path = format!("{}/note", address(&meeting));
    let before = seen(&quid, &pair, &pair.b, &meeting).await;
    let tag = pair.a.admin.get(&path).await.header("etag").to_owned();
    let written = put(&pair.a.admin, &path, &tag, json!("She seems worried.")).await;
    let tag = written.header("etag").to_owned();
    let written = written.expect(200);
    assert_eq!(
        (&written["body"], &written["version"]),
        (&json!("She seems worried."), &json!(1))
    );
    assert_eq!(seen(&quid, &pair, &pair.b, &meeting).await, before);
    let cleared = put(&pair.a.admin, &path, &tag, Value::Null)
        .await
        .expect(200);
    assert_eq!(
        (&cleared["body"], &cleared["version"]),
        (&Value::Null, &json!(2))
    );
    assert_eq!(seen(&quid, &pair, &pair.b, &meeting).await, before);
    let told = feed(&quid, &pair.a, "meeting_note").await;
    let told: Vec<_> = told
        .iter()
        .map(|(action, version, _)| (action.as_str(), *version))
        .collect();
    assert_eq!(told, [("created", 1), ("updated", 2)]);
    // The other has one of its own.
    let tag = pair.b.admin.get(&path).await.header("etag").to_owned();
    put(&pair.b.admin, &path, &tag, json!("Ana was late."))
        .await
        .expect(200);
    assert_eq!(
        pair.a.admin.get(&path).await.expect(200)["body"],
        Value::Null
    );
}

#[tokio::test]
async fn two_people_of_a_firm_do_not_undo_each_others_note() {
    let quid = support::start().await;
    let pair = partners(&quid).await;
    let path = format!("{}/note", address(&pair.planned().await[0]));
    let tag = pair.a.admin.get(&path).await.header("etag").to_owned();
    let (one, other) = tokio::join!(
        put(&pair.a.admin, &path, &tag, json!("One.")),
        put(&pair.a.admin, &path, &tag, json!("Other."))
    );
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    let missing = pair.a.admin.put(&path, json!({"body": "No tag."})).await;
    assert_eq!(missing.status, 428);
}
