//! What a party notes for itself leaves no sign that the other could see.

use reqwest::Method;
use serde_json::{Value, json};

use super::{carry_out, feed, propose};
use crate::support::{self, Actor, Firm, Pair, Quid, lay_foundation};

/// All that a firm can read of a partnership and around it, to the byte, with every header that does not
/// belong to the single request; and its feed.
async fn all_that_is_seen(quid: &Quid, firm: &Firm, partnership: &str) -> Vec<(String, String)> {
    let around = [
        String::new(),
        "/terms".to_owned(),
        "/terms/history".to_owned(),
        "/notes".to_owned(),
        "/timeline".to_owned(),
        "/reciprocity".to_owned(),
        "/results".to_owned(),
        "/vitality".to_owned(),
        "/forecast".to_owned(),
        "/promises".to_owned(),
        "/cascades".to_owned(),
        "/playbook-applications".to_owned(),
        "/contacts".to_owned(),
        "/whom-to-call".to_owned(),
        "/touchpoints".to_owned(),
        "/meetings".to_owned(),
        "/conversations".to_owned(),
        "/agenda-items".to_owned(),
    ];
    let mut paths = around.map(|end| format!("{partnership}{end}")).to_vec();
    let lists = [
        "/v1/partnerships",
        "/v1/partnerships?limit=1",
        "/v1/introductions",
        "/v1/action-steps",
        "/v1/clients",
        "/v1/audit-entries",
        "/v1/disclosures",
        "/v1/firm",
        "/v1/members",
        "/v1/api-clients",
        "/v1/reciprocity",
        "/v1/reciprocity/entries",
        "/v1/contributions",
        "/v1/pipeline",
        "/v1/gift-totals",
        "/v1/playbooks",
        "/v1/today",
    ];
    paths.extend(lists.map(str::to_owned));
    let mut seen = Vec::new();
    for path in paths {
        let answer = firm.admin.get(&path).await;
        let of_the_request = ["x-request-id", "date", "ratelimit", "traceparent"];
        let headers = answer
            .headers
            .iter()
            .filter(|(name, _)| !of_the_request.contains(&name.as_str()))
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
        let mut headers: Vec<String> = headers.collect();
        headers.sort();
        // What is not there yet is not there with a request's id.
        let body = match answer.status.is_success() {
            true => answer.text(),
            false => answer.problem(404),
        };
        seen.push((path, format!("{} {headers:?}\n{body}", answer.status)));
    }
    let client = quid.db.connect().await;
    let query = "SELECT c::text FROM changes c WHERE firm_id = $1::text::uuid ORDER BY xid8, seq";
    let rows = client.query(query, &[&firm.id]).await.unwrap();
    let told: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    seen.push(("the change feed".to_owned(), told.join("\n")));
    seen
}

fn same(before: &[(String, String)], after: &[(String, String)], what: &str) {
    for (was, is) in before.iter().zip(after) {
        assert_eq!(was, is, "{what} shows at {}", was.0);
    }
}

/// One firm writes, changes and removes notes, by a person and by a machine; the other sees no sign of
/// any of it. Gives what the one's feed was told.
async fn noting_shows_nothing(
    quid: &Quid,
    by: &Firm,
    other: &Firm,
    partnership: &str,
    state: &str,
) {
    let before = all_that_is_seen(quid, other, partnership).await;
    assert!(before[0].1.contains(state), "{}", before[0].1);
    let own = by.admin.get(partnership).await;
    let (own_tag, own_text) = (own.header("etag").to_owned(), own.text());
    let told = feed(quid, &by.id).await.len();
    let crm = quid
        .api_client(by, &["partnerships:read", "partnerships:write"])
        .await;
    let told_of_crm = feed(quid, &by.id).await.len() - told;

    let notes = format!("{partnership}/notes");
    for (who, writer) in [("a person's", &by.admin), ("a machine's", &crm)] {
        let body = json!({"body": "Prefers to be called after four."});
        let note = writer.post(&notes, body).await.expect(201);
        let path = format!("/v1/partnership-notes/{}", note["id"].as_str().unwrap());
        let now = || all_that_is_seen(quid, other, partnership);
        same(&before, &now().await, &format!("{who} new note ({state})"));
        is_not_there(&other.admin, &path).await;
        let changed = writer.patch(&path, json!({"body": "After five."})).await;
        assert_eq!(changed.expect(200)["version"], 2);
        same(
            &before,
            &now().await,
            &format!("{who} changed note ({state})"),
        );
        is_not_there(&other.admin, &path).await;
        assert_eq!(writer.get(&path).await.expect(200)["body"], "After five.");
        assert_eq!(writer.delete(&path).await.status, 204);
        same(
            &before,
            &now().await,
            &format!("{who} removed note ({state})"),
        );
        is_not_there(&other.admin, &path).await;
        is_not_there(writer, &path).await;
    }
    // The partnership is as it was for the firm itself, too; its feed alone is told.
    let after = by.admin.get(partnership).await;
    assert_eq!(
        (after.header("etag"), after.text()),
        (own_tag.as_str(), own_text)
    );
    let notes =
        ["created 1", "updated 2", "deleted 3"].map(|done| format!("partnership_note {done}"));
    let expected = [notes.as_slice(), notes.as_slice()].concat();
    assert_eq!(feed(quid, &by.id).await[told + told_of_crm..], expected);
}

/// Answers as for what nobody ever made.
async fn is_not_there(stranger: &Actor, path: &str) {
    let never = "/v1/partnership-notes/0198b6d2-7c1e-7a40-9d53-0b8f4c2f1a11";
    let body = || Some(json!({"body": "Mine now."}).to_string().into_bytes());
    let any = [("if-match", "*")];
    for (method, body) in [
        (Method::GET, None),
        (Method::PATCH, body()),
        (Method::DELETE, None),
    ] {
        let mut problems = Vec::new();
        for path in [path, never] {
            let answer = stranger
                .send(method.clone(), path, &any, body.clone())
                .await;
            assert_eq!(answer.problem(404), "not-found", "{method} {path}");
            let mut problem = answer.json();
            for own in ["instance", "request_id"] {
                problem[own].take();
            }
            problems.push(problem);
        }
        assert_eq!(problems[0], problems[1], "{method}");
    }
}

#[tokio::test]
async fn the_other_party_sees_no_sign_of_a_note_whatever_the_state() {
    let quid = support::start().await;
    let (a, b) = tokio::join!(quid.firm("Red Mesa Wealth"), quid.firm("Hartwell CPAs"));
    let path = propose(&a.admin, &b.email).await;
    noting_shows_nothing(&quid, &a, &b, &path, "proposed").await;
    // Nor can the proposer tell by a note that somebody has found the proposal.
    noting_shows_nothing(&quid, &b, &a, &path, "proposed").await;
    carry_out(&b.admin, &path, "accept").await;
    let id = path.rsplit('/').next().unwrap().to_owned();
    lay_foundation(&a.admin, &b.admin, &id).await;
    carry_out(&b.admin, &path, "activate").await;
    let pair = Pair {
        a,
        b,
        partnership: id,
    };
    pair.offer("Mary Greene").await;
    pair.step(&pair.a, "us", "2026-03-09").await;
    let terms = format!("{path}/terms");
    let exclusive = json!({"exclusive": true});
    pair.b.admin.patch(&terms, exclusive).await.expect(200);
    noting_shows_nothing(&quid, &pair.a, &pair.b, &path, "active").await;
    noting_shows_nothing(&quid, &pair.b, &pair.a, &path, "active").await;
    carry_out(&pair.a.admin, &path, "end").await;
    noting_shows_nothing(&quid, &pair.a, &pair.b, &path, "ended").await;
}

#[tokio::test]
async fn each_party_lists_its_own_notes_and_never_the_others() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let notes = format!("/v1/partnerships/{}/notes", pair.partnership);
    for (firm, words) in [
        (&pair.a, ["A's first", "A's second", "A's third"].as_slice()),
        (&pair.b, ["B's only"].as_slice()),
    ] {
        for body in words {
            let body = json!({"body": body});
            firm.admin.post(&notes, body).await.expect(201);
            quid.hand.advance_seconds(1);
        }
    }
    let bodies = async |firm: &Firm, path: &str| {
        let page = firm.admin.get(path).await.expect(200);
        let all = page["data"].as_array().unwrap().clone();
        let bodies: Vec<Value> = all.iter().map(|note| note["body"].clone()).collect();
        (bodies, page["next_cursor"].clone())
    };
    let (own, next) = bodies(&pair.a, &format!("{notes}?limit=2")).await;
    assert_eq!(own, ["A's third", "A's second"]);
    let next = format!("{notes}?limit=2&cursor={}", next.as_str().unwrap());
    assert_eq!(
        bodies(&pair.a, &next).await,
        (vec![json!("A's first")], Value::Null)
    );
    assert_eq!(
        bodies(&pair.b, &notes).await,
        (vec![json!("B's only")], Value::Null)
    );
    let stranger = quid.firm("Elsewhere").await;
    assert_eq!(stranger.admin.get(&notes).await.problem(404), "not-found");
    let body = json!({"body": "Mine."});
    let refused = stranger.admin.post(&notes, body).await;
    assert_eq!(refused.problem(404), "not-found");
}
