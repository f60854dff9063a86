//! Every state and every verb, from both sides and for every role. Each cell is copied by hand from
//! "Action step" of the product's description and from its table "Who may do what".

use quid::platform::auth::Role;
use serde_json::{Value, json};

use super::post;
use crate::support::{self, Actor, Answer, Pair};

/// In the order of the cells.
const VERBS: [&str; 11] = [
    "accept",
    "decline",
    "begin",
    "complete",
    "reschedule",
    "skip",
    "cancel",
    "agree-cancellation",
    "reopen",
    "patch",
    "evidence",
];

/// Who is asked for what. B owns every step here; A is the other party.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Owner,
    Other,
}

/// What a verb leads to: a state, or a refusal.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cell {
    /// Done; it stands there afterwards.
    To(&'static str),
    /// 409: not from this state.
    No,
    /// 403: not for this side.
    Not,
}

use Cell::{No, Not, To};

const PROPOSED: Cell = To("proposed");
const DECLINED: Cell = To("declined");
const PLANNED: Cell = To("planned");
const BEGUN: Cell = To("in_progress");
const DONE: Cell = To("done");
const SKIPPED: Cell = To("skipped");
const CANCELLED: Cell = To("cancelled");

/// How a step came to be where it is.
struct Row {
    /// The steps that led there, by whom: `B begin` is B's beginning.
    way: &'static str,
    /// Where it stands then.
    state: &'static str,
    side: Side,
    cells: [Cell; 11],
    /// What a refusal says is allowed now.
    allowed: &'static [&'static str],
}

const fn row(
    way: &'static str,
    state: &'static str,
    side: Side,
    cells: [Cell; 11],
    allowed: &'static [&'static str],
) -> Row {
    Row {
        way,
        state,
        side,
        cells,
        allowed,
    }
}

use Side::{Other, Owner};

#[rustfmt::skip]
const TABLE: &[Row] = &[
    //   how it came there                 state                       accept    decline   begin    complete reschedule skip     cancel     agree      reopen patch    evidence
    // What A has laid on B, which B answers, and A may still change or take back.
    row("laid",                           "proposed",    Owner, [PLANNED,  DECLINED, No,      No,      No,        No,      No,        Not,       No,    PROPOSED, No],
        &["accept", "decline"]),
    row("laid",                           "proposed",    Other, [Not,      Not,      Not,     Not,     PROPOSED,  Not,     CANCELLED, No,        Not,   PROPOSED, Not],
        &["reschedule", "cancel"]),
    row("laid, B accept",                 "planned",     Owner, [No,       No,       BEGUN,   DONE,    PLANNED,   SKIPPED, CANCELLED, Not,       No,    PLANNED,  PLANNED],
        &["begin", "complete", "reschedule", "skip", "cancel"]),
    row("laid, B accept",                 "planned",     Other, [Not,      Not,      Not,     Not,     PLANNED,   Not,     No,        No,        Not,   Not,      Not],
        &["reschedule"]),
    row("laid, B accept, B begin",        "in_progress", Owner, [No,       No,       No,      DONE,    BEGUN,     SKIPPED, CANCELLED, Not,       No,    BEGUN,    BEGUN],
        &["complete", "reschedule", "skip", "cancel"]),
    row("laid, B accept, B begin",        "in_progress", Other, [Not,      Not,      Not,     Not,     BEGUN,     Not,     No,        No,        Not,   Not,      Not],
        &["reschedule"]),
    row("laid, B accept, B complete",     "done",        Owner, [No,       No,       No,      No,      No,        No,      No,        Not,       BEGUN, No,       DONE],
        &["reopen"]),
    row("laid, B accept, B complete",     "done",        Other, [Not,      Not,      Not,     Not,     No,        Not,     No,        No,        Not,   Not,      Not],
        &[]),
    row("laid, B decline",                "declined",    Owner, [No,       No,       No,      No,      No,        No,      No,        Not,       No,    No,       No],
        &[]),
    row("laid, B decline",                "declined",    Other, [Not,      Not,      Not,     Not,     No,        Not,     No,        No,        Not,   Not,      Not],
        &[]),
    row("laid, B accept, B skip",         "skipped",     Owner, [No,       No,       No,      No,      No,        No,      No,        Not,       No,    No,       No],
        &[]),
    row("laid, B accept, B skip",         "skipped",     Other, [Not,      Not,      Not,     Not,     No,        Not,     No,        No,        Not,   Not,      Not],
        &[]),
    // A promise that was given up waits for A to agree, once.
    row("laid, B accept, B cancel",       "cancelled",   Owner, [No,       No,       No,      No,      No,        No,      No,        Not,       No,    No,       No],
        &[]),
    row("laid, B accept, B cancel",       "cancelled",   Other, [Not,      Not,      Not,     Not,     No,        Not,     No,        CANCELLED, Not,   Not,      Not],
        &["agree-cancellation"]),
    row("laid, B accept, B cancel, A agree-cancellation", "cancelled", Owner, [No, No, No,    No,      No,        No,      No,        Not,       No,    No,       No],
        &[]),
    row("laid, B accept, B cancel, A agree-cancellation", "cancelled", Other, [Not, Not, Not, Not,     No,        Not,     No,        No,        Not,   Not,      Not],
        &[]),
    // What was taken back was never promised, so there is nothing to agree to.
    row("laid, A cancel",                 "cancelled",   Owner, [No,       No,       No,      No,      No,        No,      No,        Not,       No,    No,       No],
        &[]),
    row("laid, A cancel",                 "cancelled",   Other, [Not,      Not,      Not,     Not,     No,        Not,     No,        No,        Not,   Not,      Not],
        &[]),
    // Another date that A proposed, which B answers.
    row("laid, B accept, A reschedule",   "planned",     Owner, [PLANNED,  PLANNED,  BEGUN,   DONE,    PLANNED,   SKIPPED, CANCELLED, Not,       No,    PLANNED,  PLANNED],
        &["accept", "decline", "begin", "complete", "reschedule", "skip", "cancel"]),
    row("laid, B accept, A reschedule",   "planned",     Other, [Not,      Not,      Not,     Not,     PLANNED,   Not,     No,        No,        Not,   Not,      Not],
        &["reschedule"]),
    row("own, B begin, A reschedule",     "in_progress", Owner, [BEGUN,    BEGUN,    No,      DONE,    BEGUN,     SKIPPED, CANCELLED, Not,       No,    BEGUN,    BEGUN],
        &["accept", "decline", "complete", "reschedule", "skip", "cancel"]),
    row("own, B begin, A reschedule",     "in_progress", Other, [Not,      Not,      Not,     Not,     BEGUN,     Not,     Not,       No,        Not,   Not,      Not],
        &["reschedule"]),
    // Own steps: nobody proposed them, so A takes nothing back.
    row("own",                            "planned",     Owner, [No,       No,       BEGUN,   DONE,    PLANNED,   SKIPPED, CANCELLED, Not,       No,    PLANNED,  PLANNED],
        &["begin", "complete", "reschedule", "skip", "cancel"]),
    row("own",                            "planned",     Other, [Not,      Not,      Not,     Not,     PLANNED,   Not,     Not,       No,        Not,   Not,      Not],
        &["reschedule"]),
    row("own, B begin",                   "in_progress", Owner, [No,       No,       No,      DONE,    BEGUN,     SKIPPED, CANCELLED, Not,       No,    BEGUN,    BEGUN],
        &["complete", "reschedule", "skip", "cancel"]),
    row("own, B complete",                "done",        Owner, [No,       No,       No,      No,      No,        No,      No,        Not,       BEGUN, No,       DONE],
        &["reopen"]),
    row("own, B complete",                "done",        Other, [Not,      Not,      Not,     Not,     No,        Not,     Not,       No,        Not,   Not,      Not],
        &[]),
    row("own, B complete, B reopen",      "in_progress", Owner, [No,       No,       No,      DONE,    BEGUN,     SKIPPED, CANCELLED, Not,       No,    BEGUN,    BEGUN],
        &["complete", "reschedule", "skip", "cancel"]),
    row("own, B skip",                    "skipped",     Owner, [No,       No,       No,      No,      No,        No,      No,        Not,       No,    No,       No],
        &[]),
    row("own, B skip",                    "skipped",     Other, [Not,      Not,      Not,     Not,     No,        Not,     Not,       No,        Not,   Not,      Not],
        &[]),
    row("own, B cancel",                  "cancelled",   Owner, [No,       No,       No,      No,      No,        No,      No,        Not,       No,    No,       No],
        &[]),
    row("own, B cancel",                  "cancelled",   Other, [Not,      Not,      Not,     Not,     No,        Not,     Not,       CANCELLED, Not,   Not,      Not],
        &["agree-cancellation"]),
];

/// Sends a verb's request to a step.
async fn ask(actor: &Actor, step: &str, verb: &str) -> Answer {
    let because = json!({"reason": "The client is abroad."});
    let body = match verb {
        "patch" => {
            return actor
                .patch(step, json!({"title": "Send both letters"}))
                .await;
        }
        "decline" | "skip" | "cancel" | "reopen" => because,
        "reschedule" => json!({"due_on": "2026-03-16", "reason": "The client is abroad."}),
        "complete" => json!({}),
        "evidence" => json!({"kind": "note", "text": "They have read it."}),
        _ => Value::Null,
    };
    actor.post(&format!("{step}/{verb}"), body).await
}

/// A step that was brought somewhere; its address.
async fn brought(pair: &Pair, way: &str) -> String {
    let mut words = way.split(", ");
    let step = match words.next() {
        Some("laid") => pair.step(&pair.a, "them", "2026-03-09").await,
        Some("own") => pair.step(&pair.b, "us", "2026-03-09").await,
        other => panic!("{other:?}"),
    };
    for word in words {
        let (by, verb) = word.split_once(' ').unwrap();
        let firm = if by == "A" { &pair.a } else { &pair.b };
        ask(&firm.admin, &step, verb).await.expect(200);
    }
    step
}

async fn seen(actor: &Actor, step: &str) -> Value {
    actor.get(step).await.expect(200)
}

#[tokio::test]
async fn every_verb_leads_from_every_state_where_the_product_says_and_nowhere_else() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let mut found = Vec::new();
    for row in TABLE {
        let actor = match row.side {
            Owner => &pair.b.admin,
            Other => &pair.a.admin,
        };
        // Refusals change nothing, so one step bears them all.
        let bearer = brought(&pair, row.way).await;
        let before = seen(actor, &bearer).await;
        assert_eq!(before["state"], row.state, "{}", row.way);
        for (verb, cell) in VERBS.into_iter().zip(row.cells) {
            let what = format!("{} ({:?}): {verb}", row.way, row.side);
            let refused = matches!(cell, No | Not);
            let step = if refused {
                bearer.clone()
            } else {
                brought(&pair, row.way).await
            };
            let version = seen(actor, &step).await["version"].as_i64().unwrap();
            let answer = ask(actor, &step, verb).await;
            let after = seen(actor, &step).await;
            let (status, told) = (answer.status.as_u16(), answer.json());
            let as_expected = match cell {
                To(state) => {
                    // Evidence stands beside the step and changes nothing of it.
                    let (expected, more) = if verb == "evidence" {
                        (201, 0)
                    } else {
                        (200, 1)
                    };
                    status == expected
                        && after["state"] == state
                        && after["version"].as_i64() == Some(version + more)
                        && (verb == "evidence" || told == after)
                }
                No => {
                    status == 409
                        && told["type"] == "/problems/state-forbids"
                        && told["state"] == row.state
                        && told["allowed"] == json!(row.allowed)
                        && told["detail"].as_str().unwrap().contains(row.state)
                        && after == before
                }
                Not => status == 403 && told["type"] == "/problems/forbidden" && after == before,
            };
            if !as_expected {
                found.push(format!(
                    "{what}: expected {cell:?}, got {status} {told}; then {after}"
                ));
            }
        }
        let agreed = ["agree-cancellation", "A cancel"];
        if row.state == "cancelled" && !agreed.iter().any(|end| row.way.ends_with(end)) {
            assert_eq!(before["agreed_by_both"], false, "{}", row.way);
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[tokio::test]
async fn what_was_cancelled_is_agreed_by_both_only_once_the_other_party_agrees() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let step = brought(&pair, "laid, B accept, B cancel").await;
    for firm in [&pair.a, &pair.b] {
        assert_eq!(seen(&firm.admin, &step).await["agreed_by_both"], false);
    }
    post(&pair.a.admin, &step, "agree-cancellation", Value::Null).await;
    for firm in [&pair.a, &pair.b] {
        assert_eq!(seen(&firm.admin, &step).await["agreed_by_both"], true);
    }
    let taken_back = brought(&pair, "laid, A cancel").await;
    assert_eq!(
        seen(&pair.b.admin, &taken_back).await["agreed_by_both"],
        Value::Null
    );
    let skipped = brought(&pair, "own, B skip").await;
    assert_eq!(
        seen(&pair.a.admin, &skipped).await["agreed_by_both"],
        Value::Null
    );
}

/// A way on which the verb is possible, for its side.
#[rustfmt::skip]
const POSSIBLE: [(&str, &str, Side, [bool; 4]); 11] = [
    //                                                             advisor assistant compliance API client
    ("accept",             "laid",                       Owner, [true,   false,    false,     false]),
    ("decline",            "laid",                       Owner, [true,   false,    false,     false]),
    ("begin",              "own",                        Owner, [true,   true,     false,     true]),
    ("complete",           "own",                        Owner, [true,   true,     false,     true]),
    ("reschedule",         "own",                        Owner, [true,   true,     false,     true]),
    ("skip",               "own",                        Owner, [true,   true,     false,     true]),
    ("cancel",             "own",                        Owner, [true,   true,     false,     true]),
    ("agree-cancellation", "own, B cancel",              Other, [true,   false,    false,     false]),
    ("reopen",             "own, B complete",            Owner, [true,   true,     false,     true]),
    ("patch",              "own",                        Owner, [true,   true,     false,     true]),
    ("evidence",           "own",                        Owner, [true,   true,     false,     true]),
];

#[tokio::test]
async fn assistants_and_machines_move_their_own_steps_and_promise_nothing_and_compliance_reads() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let mut found = Vec::new();
    let scopes = ["action-steps:read", "action-steps:write"];
    let mut people = Vec::new();
    for firm in [&pair.b, &pair.a] {
        people.push([
            quid.member(firm, Role::Advisor).await,
            quid.member(firm, Role::Assistant).await,
            quid.member(firm, Role::Compliance).await,
            quid.api_client(firm, &scopes).await,
        ]);
    }
    for (verb, way, side, cells) in POSSIBLE {
        let of_side = if side == Owner {
            &people[0]
        } else {
            &people[1]
        };
        for (place, (actor, may)) in of_side.iter().zip(cells).enumerate() {
            let step = brought(&pair, way).await;
            let before = seen(actor, &step).await;
            let answer = ask(actor, &step, verb).await;
            let status = answer.status.as_u16();
            let expected = match (may, verb) {
                (false, _) => 403,
                (true, "evidence") => 201,
                (true, _) => 200,
            };
            if status != expected || (!may && seen(actor, &step).await != before) {
                found.push(format!(
                    "{verb} by person {place}: expected {expected}, got {status}"
                ));
            }
        }
    }
    // Another date that the other party proposes is a promise once it is accepted, so it is not for them.
    let step = brought(&pair, "own, A reschedule").await;
    for verb in ["accept", "decline"] {
        for actor in &people[0][1..] {
            assert_eq!(ask(actor, &step, verb).await.problem(403), "forbidden");
        }
    }
    assert_eq!(
        ask(&people[0][0], &step, "accept").await.expect(200)["due_on"],
        "2026-03-16"
    );
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[tokio::test]
async fn nothing_moves_once_the_partnership_has_ended_and_all_of_it_is_still_read() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let mut steps = Vec::new();
    for (verb, way, side, _) in POSSIBLE {
        let actor = if side == Owner {
            &pair.b.admin
        } else {
            &pair.a.admin
        };
        steps.push((verb, actor, brought(&pair, way).await, way));
    }
    let open = brought(&pair, "own, B begin").await;
    let path = format!("/v1/partnerships/{}", pair.partnership);
    let because = json!({"reason": "We part as friends."});
    pair.a
        .admin
        .post(&format!("{path}/end"), because)
        .await
        .expect(200);
    for (verb, actor, step, way) in steps {
        let before = seen(actor, &step).await;
        // What nobody had promised was cancelled with the partnership.
        let expected = if way == "laid" {
            "cancelled"
        } else {
            before["state"].as_str().unwrap()
        };
        assert_eq!(before["state"], expected, "{way}");
        let answer = ask(actor, &step, verb).await;
        assert_eq!(answer.problem(409), "state-forbids", "{verb}");
        assert_eq!(answer.json()["state"], "ended", "{verb}");
        assert_eq!(seen(actor, &step).await, before, "{verb}");
    }
    assert_eq!(seen(&pair.a.admin, &open).await["state"], "in_progress");
    let body =
        json!({"owner": "us", "kind": "internal", "title": "Another", "due_on": "2026-03-09"});
    let late = pair
        .a
        .admin
        .post(&format!("{path}/action-steps"), body)
        .await;
    assert_eq!(late.problem(409), "state-forbids");
}
