//! Calendar feeds: what a calendar program reads by a secret address.

use serde_json::{Value, json};

use crate::support::{self, Actor, Answer, Quid};

/// Makes a feed; its path.
async fn feed(by: &Actor) -> String {
    let made = by
        .post("/v1/me/calendar-feed", Value::Null)
        .await
        .expect(201);
    let url = made["url"].as_str().unwrap().to_owned();
    url[url.find("/v1/").unwrap()..].to_owned()
}

async fn read(quid: &Quid, path: &str) -> Answer {
    quid.nobody().get(path).await
}

/// The lines of an event, unfolded (RFC 5545, 3.1).
fn event(calendar: &str, uid: &str) -> Vec<String> {
    let text = calendar.replace("\r\n ", "");
    let events = text.split("BEGIN:VEVENT").skip(1);
    let found = events.map(str::to_owned).find(|event| event.contains(uid));
    let found = found.unwrap_or_else(|| panic!("no {uid} in {calendar}"));
    found.lines().map(str::trim).map(str::to_owned).collect()
}

fn has(event: &[String], line: &str) -> bool {
    event.iter().any(|one| one == line)
}

#[tokio::test]
async fn conversations_and_due_steps_are_read_by_the_secret_alone_and_name_no_client() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let offer = pair.offer("Mary Greene").await;
    let introduction = offer.rsplit('/').next().unwrap();
    let body = json!({"owner": "us", "kind": "client_conversation", "title": "Call Greene", "due_on": "2026-03-05", "channel": "phone",
        "topic": "Her practice", "introduction_id": introduction});
    let steps = format!("/v1/partnerships/{}/action-steps", pair.partnership);
    let step = pair.a.admin.post(&steps, body).await.expect(201);
    let meetings = format!("/v1/partnerships/{}/meetings", pair.partnership);
    let body = json!({"starts_at": "2026-03-20T15:00:00Z", "length_minutes": 45});
    let meeting = pair.a.admin.post(&meetings, body).await.expect(201);
    let path = feed(&pair.a.admin).await;
    let answer = read(&quid, &path).await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").starts_with("text/calendar"));
    let calendar = answer.text();
    assert!(!calendar.contains("Greene"), "{calendar}");
    let due = event(&calendar, &format!("step-{}", step["id"].as_str().unwrap()));
    assert!(
        has(&due, "DTSTART;VALUE=DATE:20260305") && has(&due, "SEQUENCE:1"),
        "{due:?}"
    );
    assert!(has(&due, "STATUS:CONFIRMED"), "{due:?}");
    let spoken = event(
        &calendar,
        &format!("meeting-{}", meeting["id"].as_str().unwrap()),
    );
    assert!(
        has(&spoken, "DTSTART:20260320T150000Z") && has(&spoken, "DTEND:20260320T154500Z"),
        "{spoken:?}"
    );
    // The partner has a feed of its own; what A owes is not in it.
    let theirs = read(&quid, &feed(&pair.b.admin).await).await.text();
    assert!(
        theirs.contains("meeting-") && !theirs.contains("step-"),
        "{theirs}"
    );
}

#[tokio::test]
async fn an_event_keeps_its_uid_and_says_when_it_was_moved_or_cancelled() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let a = &pair.a.admin;
    let step = pair.step(&pair.a, "us", "2026-03-05").await;
    let uid = format!("step-{}", step.rsplit('/').next().unwrap());
    let path = feed(a).await;
    let seen = read(&quid, &path).await;
    let tag = seen.header("etag").to_owned();
    let unchanged = quid
        .nobody()
        .get_with(&path, &[("if-none-match", tag.as_str())])
        .await;
    assert_eq!(unchanged.status, 304);
    let body = json!({"due_on": "2026-03-09", "reason": "We travel."});
    a.post(&format!("{step}/reschedule"), body)
        .await
        .expect(200);
    let moved = event(&read(&quid, &path).await.text(), &uid);
    assert!(
        has(&moved, "SEQUENCE:2") && has(&moved, "DTSTART;VALUE=DATE:20260309"),
        "{moved:?}"
    );
    a.post(&format!("{step}/skip"), json!({"reason": "Not needed."}))
        .await
        .expect(200);
    let gone = event(&read(&quid, &path).await.text(), &uid);
    assert!(
        has(&gone, "SEQUENCE:3") && has(&gone, "STATUS:CANCELLED"),
        "{gone:?}"
    );
}

#[tokio::test]
async fn an_address_is_good_until_another_is_made_or_it_is_revoked_or_its_member_leaves() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let a = &pair.a.admin;
    assert_eq!(
        a.get("/v1/me/calendar-feed").await.expect(200)["created_at"],
        Value::Null
    );
    let first = feed(a).await;
    let second = feed(a).await;
    assert_eq!(read(&quid, &first).await.problem(404), "not-found");
    assert_eq!(read(&quid, &second).await.status, 200);
    assert_ne!(
        a.get("/v1/me/calendar-feed").await.expect(200)["created_at"],
        Value::Null
    );
    assert_eq!(a.delete("/v1/me/calendar-feed").await.status, 204);
    assert_eq!(read(&quid, &second).await.problem(404), "not-found");
    assert_eq!(a.delete("/v1/me/calendar-feed").await.status, 204);
    let advisor = quid
        .member(&pair.a, quid::platform::auth::Role::Advisor)
        .await;
    let hers = feed(&advisor).await;
    assert_eq!(read(&quid, &hers).await.status, 200);
    // The secret itself is nowhere to be read.
    let client = quid.db.connect().await;
    let rows = client
        .query("SELECT f::text FROM calendar_feeds f", &[])
        .await
        .unwrap();
    let secret = hers.rsplit('/').next().unwrap().trim_end_matches(".ics");
    assert!(!rows.is_empty());
    assert!(
        rows.iter()
            .all(|row| !row.get::<_, String>(0).contains(secret))
    );
    let id = advisor.get("/v1/me").await.expect(200)["member"]["id"].clone();
    let leave = format!("/v1/members/{}/deactivate", id.as_str().unwrap());
    a.post(&leave, Value::Null).await.expect(200);
    assert_eq!(read(&quid, &hers).await.problem(404), "not-found");
    // It does not come back with her: she makes another.
    let back = format!("/v1/members/{}/reactivate", id.as_str().unwrap());
    a.post(&back, Value::Null).await.expect(200);
    assert_eq!(read(&quid, &hers).await.problem(404), "not-found");
}
